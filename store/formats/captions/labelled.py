"""Captions with names in front of their lines: who speaks in a cue, and where several do, who says which line."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from store.formats import markup, names
from store.models import Cue

_AS_TYPED = re.compile(r"\s*([^:：]{1,60}?)\s?[:：](?=\s|[^\x00-\x7f]|$)(.*)", re.DOTALL)
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
    below = Counter(front[0] for cue, lines in found for line in lines[1:] if (front := names.in_front(line)))
    known |= {name for name, count in below.items() if name.isupper() and count >= names.LEAST}
    return [part for (cue, lines), one in zip(found, whole, strict=True) for part in _parts(cue, one, lines, known)]


def _parts(cue: Cue, whole: Cue, lines: _Lines, known: Set[str]) -> Iterator[Cue]:
    """Yield a cue parted where one of the known names begins a line; any other as the whole that it is."""
    said = [line for line in lines if line.strip()]
    fronts = [_front(line, known | {whole.speaker or ""}) for line in said]
    if cue.speaker is not None or not any(front and front[0] in known for front in fronts[1:]):
        yield whole
        return
    starts = sorted({0, *(at for at, front in enumerate(fronts) if front)})
    for start, after in zip(starts, [*starts[1:], len(said)], strict=True):
        speaker, first = fronts[start] or (None, said[start])
        yield cue._replace(text=markup.joined([first, *said[start + 1 : after]]), speaker=speaker)


def _front(line: str, known: Set[str]) -> tuple[str, str] | None:
    """Return the known name that a line begins with, in whatever form, and the words."""
    front = names.in_front(line)
    if front is None and (match := _AS_TYPED.fullmatch(line)):
        front = match[1], match[2]
    return front if front and front[0] in known else None
