"""Text → terms: what two spellings must share to be the same word.

Words are NFKC-normalised, casefolded, and freed of apostrophes and of what their script writes in several ways. Which
of them are stop words, and whose stems (Snowball's) they have, depends on their transcript's language. Runs of scripts
that put no spaces between words (Chinese, Japanese, Korean, here called CJK; and Thai, Lao, Khmer and Burmese) become
single characters, each with its marks, and pairs of neighbours; on Japanese questions that found more than two
morphological analysers did, and it needs no dictionary.
"""

import enum
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

import regex

from store.text import scripts
from store.text.cutting import (
    APOSTROPHES,
    CAPITALS,
    GRAPHEME,
    PLAIN_CJK,
    REMEMBERED,
    calm,
    characters,
    parts,
    plain_words,
)
from store.text.cutting import folded as folded_word
from store.text.cutting import found as found_in
from store.text.languages import LANGUAGES, variety
from store.text.latin_stopwords import ELIDED, LATIN
from store.text.stopwords import STOPWORDS

# How many words one CJK character counts for in lengths: in the time of one English word about three characters of
# Japanese are spoken, and passages should last as long (measured against 1 / 2: R@1 and R@3 rise by 0.5 and 0.8).
CJK_WORDS = 1 / 3
VERSION = 4  # of what words are: with another one, everything is indexed anew

_HIRAGANA = regex.compile(r"\p{Hiragana}+")


class Kind(enum.Enum):
    """What a term was made from; a run of one CJK character is a word."""

    WORD = enum.auto()
    CHARACTER = enum.auto()
    PAIR = enum.auto()
    KANA_PAIR = enum.auto()  # two hiragana: more often grammar than a subject


@dataclass(frozen=True, slots=True)
class Token:
    """A term and the span of the text it was made from; `word` is how it was said there, folded."""

    term: str
    start: int
    end: int
    kind: Kind = Kind.WORD
    word: str = ""

    def is_within(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Say whether it stands in one of some spans of the text."""
        return any(start <= self.start and self.end <= end for start, end in spans)


@dataclass(frozen=True, slots=True)
class Unit:
    """A word as it was said, stop words included, or one CJK character; `folded` is how it is compared."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of some texts, one after another, stop words included; CJK by characters.

    `characters` [words] says what each is: 0 a word, 1 a CJK character, 2 one that goes on where the one before ended.
    `counts` [texts] are the words of each text, `lengths` [texts] what each counts in words.
    """

    words: list[str]
    characters: bytearray
    counts: list[int]
    lengths: list[float]


def spoken(texts: Sequence[str]) -> Spoken:
    """Return the words of all of a transcript's texts; those of the ones in ASCII from one look at them."""
    texts = calm(texts)
    lines = plain_words([text if text.isascii() else "" for text in texts])
    plain = lines is not None
    lines = lines or [[] for _ in texts]
    lengths = list(map(float, map(len, lines)))
    others: dict[int, bytearray] = {}
    for at, text in enumerate(texts):
        if not (plain and text.isascii()):
            lines[at], others[at], lengths[at] = _parted(text)
    counts = list(map(len, lines))
    starts = list(accumulate(counts, initial=0))
    characters = bytearray(starts[-1])
    for at, said in others.items():
        characters[starts[at] : starts[at + 1]] = said
    return Spoken(list(chain.from_iterable(lines)), characters, counts, lengths)


def _parted(text: str) -> tuple[list[str], bytearray, float]:
    """Return the words of a text of any kind, what each is, and what they count."""
    found: list[str] = []
    characters = bytearray()
    size = 0.0
    for run, word in parts(text):
        if run:
            said = _characters_of(run)
            found += said
            characters += b"\1" + b"\2" * (len(said) - 1) if said else b""
            size += len(said) * CJK_WORDS
        else:
            size += 1
            if folded := folded_word(word):
                found.append(folded)
                characters.append(0)
    return found, characters, size


def units(text: str) -> Iterator[Unit]:
    """Yield the text's words and CJK characters with their spans, in order: what an exact phrase is made of."""
    for match in found_in(text):
        if match.lastgroup == "cjk":
            yield from (Unit(*character) for character in _graphemes(match[0], match.start()))
        elif folded := folded_word(match[0]):
            yield Unit(folded, match.start(), match.end())


def spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of the text's words and CJK characters, in order."""
    if text.isascii():
        return [match.span() for match in found_in(text)]
    return [(unit.start, unit.end) for unit in units(text)]


def tokens(text: str, among: Collection[str] | None = None, *, language: str = "") -> Iterator[Token]:
    """Yield the terms of a text in a language with their spans, in order, or those `among` some; of stop words none."""
    for match in found_in(text):
        if match.lastgroup == "cjk":
            yield from _characters(match[0], match.start(), among)
        else:
            word = folded_word(match[0])
            if (term := term_of(word, language)) and (among is None or term in among):
                yield Token(term, match.start(), match.end(), word=word)


def terms(text: str, *, language: str = "") -> tuple[str, ...]:
    """Return the terms of a text in a language alone, in order."""
    return measured(text, language=language)[0]


def measured(text: str, cjk: float = CJK_WORDS, *, language: str = "") -> tuple[tuple[str, ...], float]:
    """Return the terms of a text in a language and its length, from one look at it."""
    if (plain := _plain_words(text)) is not None:
        return tuple(term for word in plain if (term := term_of(word, language))), float(len(plain))
    found: list[str] = []
    total = 0.0
    for run, word in parts(text):
        if run:
            said = _characters_of(run)
            found += _interleaved(said)
            total += len(said) * cjk
        else:
            total += 1
            if term := term_of(folded_word(word), language):
                found.append(term)
    return tuple(found), total


def words(text: str) -> tuple[str, ...]:
    """Return the folded words and CJK characters alone, in order, stop words included."""
    if (plain := _plain_words(text)) is not None:
        return tuple(plain)
    found: list[str] = []
    for run, word in parts(text):
        if run:
            found += _characters_of(run)
        elif folded := folded_word(word):
            found.append(folded)
    return tuple(found)


def folded(text: str) -> str:
    """Return the text's words, stop words included, as two spellings of the same words share them.

    That is NFKC, casefolded, without apostrophes, with one space for whatever else stands between words; not stemmed.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = (match[0].translate(APOSTROPHES) for match in found_in(text))
    return " ".join(filter(None, words))


def length(text: str, cjk: float = CJK_WORDS) -> float:
    """Count the text's words: stop words included, a CJK character as a third of a word or as `cjk` of one."""
    if (plain := _plain_words(text)) is not None:
        return float(len(plain))
    total = 0.0
    for run, _ in parts(text):
        total += len(_characters_of(run)) * cjk if run else 1
    return total


@lru_cache(maxsize=REMEMBERED)
def stem(folded: str, language: str = "") -> str:
    """Return the term of a folded word in a transcript of a language, or of a stop word the word itself."""
    script = scripts.script(folded)
    own = variety(script, language)
    if is_stop(folded, own) or folded in CAPITALS:
        return folded
    for prefix in ELIDED.get(own, ()) if "'" in folded else ():
        if folded.startswith(prefix):
            folded = folded[len(prefix) :]
            break
    stemmer = LANGUAGES[own].stemmer if own else scripts.OWN[script]
    return scripts.stem(folded.replace("'", ""), stemmer)


@lru_cache(maxsize=REMEMBERED)
def term_of(folded: str, language: str = "") -> str | None:
    """Return the term of a folded word in a transcript of a language; None of a stop word."""
    if not folded or is_stop(folded, variety_of(folded, language)):
        return None
    return stem(folded, language)


def variety_of(folded: str, language: str) -> str:
    """Return the language by which a folded word of a transcript is treated; "" for its script's own."""
    return variety(scripts.script(folded), language) if language else ""


def is_stop(folded: str, own: str) -> bool:
    """Say whether a folded word is a stop word of a language, or of those that scripts have of their own."""
    return folded in (LATIN.get(own, ()) if own else STOPWORDS)


def _plain_words(text: str) -> list[str] | None:
    lines = plain_words((text,))
    return lines[0] if lines else None


def _characters_of(run: str) -> Sequence[str]:
    return run if PLAIN_CJK.fullmatch(run) else [character for character, _, _ in _graphemes(run, 0)]


def _interleaved(characters: Iterable[str]) -> Iterator[str]:
    """Yield characters, each followed by its pair with the next."""
    before = ""
    for character in characters:
        if before:
            yield before + character
        yield character
        before = character


def _graphemes(run: str, offset: int) -> list[tuple[str, int, int]]:
    """Return a run's characters with their spans; half-width kana with their voice marks are one character."""
    if PLAIN_CJK.fullmatch(run):
        return [(character, at, at + 1) for at, character in enumerate(run, start=offset)]
    found: list[tuple[str, int, int]] = []
    for match in GRAPHEME.finditer(run):
        start, end = offset + match.start(), offset + match.end()
        found += [(c, start, end) for c in characters(unicodedata.normalize("NFKC", match[0]).casefold())]
    return found


def _characters(run: str, offset: int, among: Collection[str] | None) -> Iterator[Token]:
    """Yield a run's characters and pairs, or those `among` some."""
    found = _graphemes(run, offset)
    for i, (character, start, end) in enumerate(found):
        if among is None or character in among:
            yield Token(character, start, end, Kind.CHARACTER if len(found) > 1 else Kind.WORD)
        if i + 1 < len(found):
            pair = character + found[i + 1][0]
            if among is None or pair in among:
                yield Token(pair, start, found[i + 1][2], Kind.KANA_PAIR if _HIRAGANA.fullmatch(pair) else Kind.PAIR)
