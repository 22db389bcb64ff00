"""What a word's script says of it: how two spellings of it are one, and whose stemmer finds its stem.

A script is told by a word's first letter of any. Latin words are stemmed as English; in each other script as its most
spoken language that Snowball has a stemmer for, which does little to the words of its neighbours.
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
    ("russian", (0x0400, 0x052F)),
    ("armenian", (0x0530, 0x058F)),
    ("arabic", (0x0600, 0x06FF), (0x0750, 0x077F)),
    ("hindi", (0x0900, 0x097F)),
    ("tamil", (0x0B80, 0x0BFF)),
)


def _marks(*ranges: tuple[int, int]) -> Iterator[int]:
    return chain.from_iterable(range(first, last + 1) for first, last in ranges)


# Vowel signs and tatweel are left out of most writing; the forms of alef, and teh marbuta and alef maksura at a word's
# end, are written one for another (as in Apache Lucene's ArabicNormalizer). So are ё and е in Russian; Hebrew leaves
# out its points.
_ONE = {
    **dict.fromkeys(_marks((0x064B, 0x065F), (0x0670, 0x0670), (0x0640, 0x0640)), None),
    **dict.fromkeys(_marks((0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5)), None),
    **dict.fromkeys(map(ord, "آأإٱ"), "ا"),
    ord("ة"): "ه",
    ord("ى"): "ي",
    ord("ё"): "е",
    ord("ς"): "σ",
}
_ACCENTS = dict.fromkeys(_marks((0x0300, 0x0345)), None)  # of Greek

_PLAIN = {
    ord(one): other
    for one, other in zip("øłđħŧıðæœþ", ("o", "l", "d", "h", "t", "i", "d", "ae", "oe", "th"), strict=True)
}
_DIGRAPHS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ø"): "oe", ord("å"): "aa"}

_ACRONYMS = re.compile(
    r"[b-df-hj-np-tv-xz]{2}us|[b-df-hj-np-tv-xz]{3,}(?<!s)s"
)  # GPUs, LLMs: the stemmer keeps their s

_STEMMERS = {name: snowballstemmer.stemmer(name) for name, *_ in (("english",), *_BLOCKS)}  # in C, by PyStemmer
for _stemmer in _STEMMERS.values():
    _stemmer.maxCacheSize = 0  # what it remembers costs more than the stemming, and `analysis.stem` remembers
_STEMMING = threading.Lock()  # a stemmer keeps the word it works on in itself, and questions run in threads


def folded(word: str) -> str:
    """Return a casefolded word as its other spellings in its script share it."""
    if word.isascii():
        return word
    if language(word) == "greek":
        word = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_ACCENTS))
    return word.translate(_ONE)


def unaccented(word: str) -> list[str]:
    """Return how a folded word in Latin letters is typed without its accents, where it has any: as ue for ü too."""
    if word.isascii() or language(word) != "english":
        return []
    spellings = []
    for table in (_PLAIN, _PLAIN | _DIGRAPHS):
        apart = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).translate(table))
        spelled = "".join(character for character in apart if not unicodedata.combining(character))
        if spelled.isascii() and spelled not in spellings:
            spellings.append(spelled)
    return spellings


def stem(word: str) -> str:
    """Return the stem of a folded word."""
    name = language(word)
    if name == "english" and _ACRONYMS.fullmatch(word):
        word = word[:-1]
    if name == "arabic" and word.endswith("ه"):  # teh marbuta, or a pronoun: of either the stemmer leaves as much
        word = f"{word[:-1]}ة"
    with _STEMMING:
        return str(_STEMMERS[name].stemWord(word)).replace("ة", "ه")


def language(word: str) -> str:
    """Return the language whose stemmer is a word's."""
    if word.isascii():
        return "english"
    code = next((ord(character) for character in word if character.isalpha()), 0)
    for name, *blocks in _BLOCKS:
        if any(first <= code <= last for first, last in blocks):
            return name
    return "english"
