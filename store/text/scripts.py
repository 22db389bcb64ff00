"""What a word's script says of it: how two spellings of it are one, and whose stemmer finds its stem.

A script is told by a word's first letter of any. Each has a language of its own, by which its words are stemmed unless
their transcript's language is written in it too: of the Latin script it is English, of others the most spoken language
that Snowball has a stemmer for, which does little to the words of its neighbours.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from itertools import chain

import snowballstemmer

# https://www.unicode.org/Public/UNIDATA/Blocks.txt
_BLOCKS = (
    ("greek", (0x0370, 0x03FF), (0x1F00, 0x1FFF)),
    ("cyrillic", (0x0400, 0x052F)),
    ("armenian", (0x0530, 0x058F)),
    ("hebrew", (0x0590, 0x05FF)),
    ("arabic", (0x0600, 0x06FF), (0x0750, 0x077F)),
    ("devanagari", (0x0900, 0x097F)),
    ("tamil", (0x0B80, 0x0BFF)),
)

# The stemmers of the scripts' own languages.
OWN: dict[str, str | None] = {
    "latin": "english",
    "greek": "greek",
    "cyrillic": "russian",
    "armenian": "armenian",
    "hebrew": None,
    "arabic": "arabic",
    "devanagari": "hindi",
    "tamil": "tamil",
    "cjk": None,
}


def _marks(*ranges: tuple[int, int]) -> Iterator[int]:
    return chain.from_iterable(range(first, last + 1) for first, last in ranges)


# Vowel signs and tatweel are left out of most writing; the forms of alef, and teh marbuta and alef maksura at a word's
# end, are written one for another (as in Apache Lucene's ArabicNormalizer). So are ё and е in Russian; Hebrew leaves
# out its points, and Hindi its nukta; its chandrabindu is mostly written as anusvara. The dotless ı of Turkish, and the
# dot that its İ keeps when casefolded, are lost where it is typed or captioned in capitals by a program that doesn't
# know the language.
_ONE = {
    **dict.fromkeys(_marks((0x064B, 0x065F), (0x0670, 0x0670), (0x0640, 0x0640)), None),
    **dict.fromkeys(_marks((0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5)), None),
    **dict.fromkeys(map(ord, "آأإٱ"), "ا"),
    ord("ة"): "ه",
    ord("ى"): "ي",
    ord("ё"): "е",
    ord("ς"): "σ",
    ord("ँ"): "ं",
    ord("़"): None,
    ord("ı"): "i",
    0x0307: None,
}
_ACCENTS = dict.fromkeys(_marks((0x0300, 0x0345)), None)  # of Greek

_PLAIN = {
    ord(one): other for one, other in zip("øłđħŧðæœþ", ("o", "l", "d", "h", "t", "d", "ae", "oe", "th"), strict=True)
}
_DIGRAPHS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ø"): "oe", ord("å"): "aa"}

_ACRONYMS = re.compile(
    r"[b-df-hj-np-tv-xz]{2}us|[b-df-hj-np-tv-xz]{3,}(?<!s)s|[a-z]+[0-9]+s"
)  # GPUs, LLMs, H100s: the stemmer keeps their s
# Of a folded Turkish word, an i beside a vowel of the other harmony: it was an ı.
_BEFORE, _AFTER = re.compile(r"i(?=[^aeiouöü]+[aou])"), re.compile(r"(?<=[aouı])([^aeiouıöü]+)i")

_STEMMERS = {name: snowballstemmer.stemmer(name) for name in snowballstemmer.algorithms()}  # in C, by PyStemmer
for _stemmer in _STEMMERS.values():
    _stemmer.maxCacheSize = 0  # what it remembers costs more than the stemming, and `analysis.stem` remembers
_STEMMING = threading.Lock()  # a stemmer keeps the word it works on in itself, and questions run in threads


def folded(word: str) -> str:
    """Return a casefolded word as its other spellings in its script share it."""
    if word.isascii():
        return word
    if script(word) == "greek":
        word = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_ACCENTS))
    return word.translate(_ONE)


def unaccented(word: str) -> list[str]:
    """Return how a folded word in Latin letters is typed without its accents, where it has any: as ue for ü too."""
    if word.isascii() or script(word) != "latin":
        return []
    spellings = []
    for table in (_PLAIN, _PLAIN | _DIGRAPHS):
        apart = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).translate(table))
        spelled = "".join(character for character in apart if not unicodedata.combining(character))
        if spelled.isascii() and spelled not in spellings:
            spellings.append(spelled)
    return spellings


def stem(word: str, stemmer: str | None) -> str:
    """Return the stem of a folded word by one of Snowball's stemmers; by none the word itself."""
    if stemmer is None:
        return word
    if stemmer == "english" and _ACRONYMS.fullmatch(word):
        word = word[:-1]
    if stemmer == "arabic" and word.endswith("ه"):  # teh marbuta, or a pronoun: of either the stemmer leaves as much
        word = f"{word[:-1]}ة"
    if stemmer == "portuguese":
        word = _singular(word)
    if stemmer == "turkish":
        word = _BEFORE.sub("ı", word)
        while (restored := _AFTER.sub(r"\1ı", word)) != word:
            word = restored
    with _STEMMING:
        stemmed = str(_STEMMERS[stemmer].stemWord(word))
    return folded(stemmed)


# Portuguese plurals that the stemmer leaves apart from their singulars: ações, alemães, animais, papéis, possíveis.
_PLURALS = (("ões", "ão"), ("ães", "ão"), ("ais", "al"), ("éis", "el"), ("veis", "vel"), ("óis", "ol"))


def _singular(word: str) -> str:
    """Return a Portuguese plural's singular, as V. Orengo and C. Huyck's stemmer makes it in its first step (2001)."""
    for plural, singular in _PLURALS:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word.removesuffix(plural) + singular
    return word


def script(word: str) -> str:
    """Return the script of a word: of one whose script has no treatment of its own "latin"."""
    if word.isascii():
        return "latin"
    code = next((ord(character) for character in word if character.isalpha()), 0)
    for name, *blocks in _BLOCKS:
        if any(first <= code <= last for first, last in blocks):
            return name
    return "latin"
