"""Words that somebody waits for, as they were typed: what must be said, and what must not."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

from store.text.analysis import folded, term_of

_QUOTATION = str.maketrans(dict.fromkeys("“”„‟＂«»", '"'))
_PART = regex.compile(r'(?P<minus>(?<!\S)[-－−])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_OR = frozenset({"or", "oder"})


class Part(NamedTuple):
    """A word or a “phrase”, as typed."""

    text: str
    phrase: bool
    left_out: bool


def parts(words: str) -> tuple[Part, ...]:
    """Return the words and phrases that somebody waits for or leaves out, as typed; signs alone are none."""
    return tuple(_parts(words))


def said(words: str) -> tuple[str, ...]:
    """Return what must be said; words that nearly every text says are not waited for."""
    found = [part for part in parts(words) if not part.left_out]
    weighty = [part for part in found if part.phrase or term_of(folded(part.text)) is not None]
    return tuple(dict.fromkeys(part.text for part in weighty or found))


def left_out(words: str) -> tuple[str, ...]:
    """Return what must not be said."""
    return tuple(dict.fromkeys(part.text for part in parts(words) if part.left_out))


def normal(words: str) -> str:
    """Return words in the form in which equal ones are equal, whatever their capitals, order and quotation marks.

    Signs stay, but for those that end a word: C++ isn't C.
    """
    marks = {(False, False): "{}", (False, True): '"{}"', (True, False): "-{}", (True, True): '-"{}"'}
    every = {marks[part.left_out, part.phrase].format(_bare(part.text)) for part in parts(words)}
    return " ".join(sorted(every)) or words


def alternative(words: str) -> str | None:
    """Return the first word that stands for *or* between others, which nobody can wait for."""
    return next(
        (part.text for part in parts(words) if part.text.casefold() in _OR and not (part.phrase or part.left_out)), None
    )


def _parts(words: str) -> Iterator[Part]:
    for match in _PART.finditer(words.translate(_QUOTATION)):
        phrase = match["phrase"] is not None
        start, end = match.span("phrase" if phrase else "word")
        text = " ".join(words[start:end].split())
        text = text if phrase else text.rstrip(",;:")
        if folded(text):
            yield Part(text, phrase, match["minus"] is not None)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).rstrip(",.;:!?")
