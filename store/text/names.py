"""Names with signs or digits in them, and acronyms: the ways in which each is written, and said by who reads it aloud.

C++ is “C plus plus”, GPT-4o “GPT 4 o”, .NET “dot net”, AT&T “AT and T”, US “the United States”.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from num2words import num2words

from store.text.analysis import Unit, is_stop, words

Words = tuple[str, ...]

# What acronyms stand for, where captions in small letters would take them for small words, or say them in full.
EXPANSIONS = {
    "US": ("united states",),
    "usa": ("united states", "united states of america"),
    "uk": ("united kingdom",),
    "EU": ("european union",),
    "UN": ("united nations",),
    "ai": ("artificial intelligence",),
    "IT": ("information technology",),
    "WHO": ("world health organization",),
}
MOST_LETTERS = 12  # of a name that may be cut where letters and digits meet
MOST_PIECES = 4
_SIGNS = {"++": "plus plus", "#": "sharp"}
_SIGNED = re.compile(r"([a-z]{1,12})(\+\+|#)")
_SITE = re.compile(r"([a-z][a-z0-9]*)?\.([a-z]{2,4})")
_TWO = re.compile(r"([a-z]{1,4})&([a-z]{1,4})")
_TWO_SAID = re.compile(r"\b([A-Z]{1,3}) and ([A-Z]{1,2})\b")
_PIECES = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*")
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[0-9])[a-z0-9.]+")
_PLAIN = re.compile(r"[a-z0-9.]+")
_EXPANDED: dict[Words, list[Words]] = {}
for _acronym, _every in EXPANSIONS.items():
    for _said in _every:
        _EXPANDED.setdefault(tuple(_said.split()), []).append((_acronym,))


def names(text: str, said: Sequence[Unit]) -> Iterator[tuple[int, int, list[Words]]]:
    """Yield which words of a text (from one, to before another) are such a name, with the ways it may be written."""
    folded = [unit.folded for unit in said]
    for at, word in enumerate(folded):
        if every := [*_signed(word), *_expanded(word)]:
            yield at, at + 1, every
    yield from _read_aloud(text, said, folded)
    yield from _of_pieces(text, said, folded)


def _signed(word: str) -> Iterator[Words]:
    """Yield the ways of a word with signs."""
    if match := _SIGNED.fullmatch(word):
        name, sign = match.groups()
        yield (name, *_SIGNS[sign].split())
        yield (f"{name}{'pp' if sign == '++' else 'sharp'}",)
    elif match := _SITE.fullmatch(word):
        first, last = match[1] or "", match[2]
        yield tuple(filter(None, (first, "dot", last)))
        yield (f"{first or 'dot'}{last}",)
        if first:
            yield first, last
    elif match := _TWO.fullmatch(word):
        one, other = match.groups()
        yield one, "and", other
        yield one, other
        yield (f"{one}{other}",)


def _expanded(word: str) -> Iterator[Words]:
    for said in EXPANSIONS.get(word, ()):
        yield tuple(said.split())
    if word in EXPANSIONS:
        yield tuple(word.lower())  # spelled out


def _read_aloud(text: str, said: Sequence[Unit], folded: Sequence[str]) -> Iterator[tuple[int, int, list[Words]]]:
    """Yield names as they are said: “c plus plus”, “dot net”, “AT and T”, “united states”."""
    for at, word in enumerate(folded):
        rest = tuple(folded[at + 1 : at + 3])
        if rest == ("plus", "plus"):
            yield at, at + 3, [(f"{word}++",), (f"{word}pp",)]
        elif rest[:1] == ("sharp",) and len(word) == 1:
            yield at, at + 2, [(f"{word}#",), (f"{word}sharp",)]
        elif word in {"cpp", "csharp", "dotnet"}:
            way = {"cpp": "c++", "csharp": "c#", "dotnet": ".net"}[word]
            yield at, at + 1, [(way,), *_signed(way)]
        elif len(word) > 2 and word.endswith("js"):
            yield at, at + 1, [(f"{word[:-2]}.js",), (word[:-2], "js"), (word[:-2], "dot", "js")]
        elif word == "dot" and rest[:1] == ("net",):
            yield at, at + 2, [(".net",), ("dotnet",)]
        elif rest[:1] == ("js",):
            yield at, at + 2, [(f"{word}.js",), (f"{word}js",), (word, "dot", "js")]
        elif rest == ("dot", "js"):
            yield at, at + 3, [(f"{word}.js",), (f"{word}js",), (word, "js")]
        for size in (4, 3, 2):
            if at + size <= len(folded) and (acronyms := _EXPANDED.get(tuple(folded[at : at + size]))):
                yield at, at + size, acronyms
    starts = {unit.start: at for at, unit in enumerate(said)}
    for match in _TWO_SAID.finditer(text):
        if (first := starts.get(match.start())) is not None:
            one, other = match[1].lower(), match[2].lower()
            yield first, first + 3, [(f"{one}&{other}",), (f"{one}{other}",)]


def _of_pieces(text: str, said: Sequence[Unit], folded: Sequence[str]) -> Iterator[tuple[int, int, list[Words]]]:
    """Yield names of letters and digits, in one word or in up to three that stand close together."""
    for at in range(len(folded)):
        for end in range(at + 1, min(len(folded), at + 3) + 1):
            if not _PLAIN.fullmatch(folded[end - 1]) or (end - at > 1 and not _goes_on(text, said[at:end])):
                break
            name = tuple(folded[at:end])
            joined = "".join(name)
            is_mixed = _MIXED.fullmatch(joined) and len(joined) <= MOST_LETTERS
            if every := [way for way in _cuts(joined) if way != name] if is_mixed else []:
                yield at, end, every


def _goes_on(text: str, said: Sequence[Unit]) -> bool:
    """Say whether the last of some words may belong to a name with those before: they stand close together.

    A name neither begins with a stop word nor goes on with one, but a single letter may be of it.
    """
    first, before, last = said[0], said[-2], said[-1]
    near = text[before.end : last.start] in {"-", " ", "‑", "–", ""}
    return near and not is_stop(first.folded, "") and (len(last.folded) == 1 or not is_stop(last.folded, ""))


def _cuts(name: str) -> Iterator[Words]:
    """Yield a name of letters and digits cut in every way between them, and with its numbers in words."""
    pieces = _PIECES.findall(name)
    if not 1 < len(pieces) <= MOST_PIECES:
        return
    for cuts in product((False, True), repeat=len(pieces) - 1):
        parts = [pieces[0]]
        for cut, piece in zip(cuts, pieces[1:], strict=True):
            parts = [*parts, piece] if cut else [*parts[:-1], parts[-1] + piece]
        yield tuple(parts)
    if pieces[-1].isdigit():
        yield (*pieces[:-1], f"{pieces[-1]}s")
    spelled = [(piece,) if piece[0].isalpha() else _in_words(piece) for piece in pieces]
    yield tuple(word for part in spelled for word in part)


def _in_words(number: str) -> Words:
    return words(num2words(float(number) if "." in number else int(number))) if number.count(".") < 2 else (number,)
