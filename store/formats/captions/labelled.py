"""Captions with names in front of their lines: who speaks in a cue, and where several do, who says which line."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import pairwise

from store.formats import names
from store.models import Cue

_HEAD = re.compile(rf"([^:：]{{1,{names.REACH}}})[:：](?=\s|[^\x00-\x7f]|$)")
MOST_HEADS = 1000  # of a file, that may be names
_Lines = Sequence[str]


def named(found: Sequence[tuple[Cue, _Lines]]) -> list[Cue]:
    """Return cues, each given with its lines, with the names that stand in front as speakers.

    A line that begins with a name that several cues have in front is a cue of its own, with the same times; so are
    lines with a name in capitals that comes again, where others speak.
    """
    cues = [cue for cue, _ in found]
    whole = names.named(cues)
    counts = Counter(one.speaker for cue, one in zip(cues, whole, strict=True) if cue.speaker is None)
    known = {name for name, count in counts.items() if name and count >= names.LEAST}
    if not known:
        return whole
    known |= _capitals(line for _, lines in found for line in lines[1:])
    return [part for (cue, lines), one in zip(found, whole, strict=True) for part in _parts(cue, one, lines, known)]


def _parts(cue: Cue, whole: Cue, lines: _Lines, known: Set[str]) -> Iterator[Cue]:
    """Yield a cue parted where one of the known names begins a line; any other as the whole that it is."""
    said = [line.strip() for line in lines if line.strip()]
    named = known | {whole.speaker} if whole.speaker else known
    fronts = [_front(line, named) for line in said]
    if cue.speaker is not None or not any(front and front[0] in known for front in fronts[1:]):
        yield whole
        return
    starts = sorted({0, *(at for at, front in enumerate(fronts) if front)})
    for start, after in pairwise([*starts, len(said)]):
        text = " ".join(said[start:after])
        front = _front(text, named) if after > start + 1 else fronts[start]  # a name may go on in the second line
        speaker, words = front if front and front[1] else (None, text)
        yield cue._replace(text=words, speaker=speaker)


def _capitals(lines: Iterable[str]) -> set[str]:
    """Return the names in capitals that begin several of the lines."""
    heads = Counter(match[1] for line in lines if (match := _HEAD.match(line.strip())) and match[1].isupper())
    below = Counter[str]()
    for head, count in heads.most_common(MOST_HEADS):
        if name := _named(head):
            below[name] += count
    return {name for name, count in below.items() if count >= names.LEAST}


def _front(text: str, known: Set[str]) -> tuple[str, str] | None:
    """Return the known name that a text begins with, in whatever form, and the words."""
    if text.startswith(("**", "__")):  # the colon may stand inside
        front = names.in_front(text)
    elif (match := _HEAD.match(text)) and any(name in match[1] for name in known):
        front = _named(match[1]) or match[1].rstrip(), text[match.end() :].strip()
    else:
        return None
    return front if front and front[0] in known else None


@lru_cache(maxsize=MOST_HEADS)
def _named(head: str) -> str | None:
    """Return the name in what stands before a colon: most lines begin with one of few."""
    front = names.in_front(f"{head.lstrip('*_')}: .")
    return front[0] if front else None
