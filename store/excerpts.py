"""A moment → the words around it: whole cues before and after a quote, nearest in time first, as many as there is room.

A moment knows the version of the transcript it was quoted from. In another version its cues are looked up by their
seconds, and the excerpt says that it changed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import aiosqlite

from store import corrected, transcripts
from store.errors import NotFoundError
from store.models import Cue, Entry, Excerpt, Moment
from store.sentences import sentence
from store.text.differing import runs
from store.text.wording import clock

GONE = sentence("That transcript is no longer in this library.")

Size = Callable[[str], int]


async def around(
    connection: aiosqlite.Connection, guild_id: int, moment: Moment, *, seconds: int, room: int, size: Size
) -> Excerpt:
    """Return the cues within `seconds` of a moment, of which `room` can be shown as `size` measures each text.

    Raises:
        NotFoundError: the guild has no such transcript, or a new version of it ends before the moment.
    """
    entry, first, end = await now(connection, guild_id, moment)
    changed = entry.content != moment.content
    reach = [(entry.id, max(0, first - room), min(entry.cues, end + room))]  # a cue takes a character at least
    cues = (await transcripts.cues(connection, reach)).get(entry.id, {})
    if not first < end or first not in cues or end - 1 not in cues:
        raise NotFoundError(GONE)
    found = excerpt(entry, cues, range(first, end), seconds=seconds, room=room, size=size, changed=changed)
    assert found.shown is not None
    standing = await corrected.within(connection, [(entry.id, found.shown.first, found.shown.end)])
    correct = [
        (cues[at].text[run.start : run.end], run.text)
        for at, text in sorted(standing.get(entry.id, {}).items())
        for run in runs(cues[at].text, text)
    ]
    return replace(found, correct=tuple(correct))


async def now(connection: aiosqlite.Connection, guild_id: int, moment: Moment) -> tuple[Entry, int, int]:
    """Return the transcript of a moment, and the cues `first` ≤ position < `end` that it has there now.

    Raises:
        NotFoundError: the guild has no such transcript, or a new version of it ends before the moment.
    """
    entry = await transcripts.get(connection, guild_id, moment.transcript)
    if entry is None:
        raise NotFoundError(GONE)
    if entry.content == moment.content:
        return entry, moment.first, moment.end
    return entry, *await _same_seconds(connection, entry, moment)


def excerpt(
    entry: Entry,
    cues: Mapping[int, Cue],
    quote: range,
    *,
    seconds: int,
    room: int,
    size: Size,
    changed: bool = False,
) -> Excerpt:
    """Return what is shown around the cues of a quote, of those that were read."""
    left = room - sum(size(cues[at].text) + 1 for at in quote)
    while left < 0 and len(quote) > 1:  # a new version may say much more in the same seconds
        left += size(cues[quote[-1]].text) + 1
        quote = quote[:-1]
    shown, wider = quote, None
    for at, distance_ms in _growth(entry, cues, quote, left, size):
        if distance_ms >= seconds * 1000:
            wider = _doubled(seconds, beyond_ms=distance_ms)
            break
        shown = range(min(at, shown.start), max(at + 1, shown.stop))
    return Excerpt(
        entry,
        before=_text(cues, range(shown.start, quote.start)),
        quote=_text(cues, quote),
        after=_text(cues, range(quote.stop, shown.stop)),
        start_ms=cues[shown.start].start_ms,
        quote_ms=cues[quote.start].start_ms,
        end_ms=_start(entry, cues, shown.stop),
        changed=changed,
        wider=wider,
        whole=shown == range(entry.cues),
        shown=Moment(
            entry.id,
            shown.start,
            shown.stop,
            cues[shown.start].start_ms,
            _start(entry, cues, shown.stop),
            entry.content,
        ),
    )


def _growth(entry: Entry, cues: Mapping[int, Cue], quote: range, room: int, size: Size) -> Iterator[tuple[int, int]]:
    """Yield the positions around a quote in the order in which they join it, with their distance in milliseconds.

    A cue before is as far as its end is, a cue after as its start; where times leap, backwards too, so does the
    distance. A side whose next cue has no room ends there, so more seconds never show less.
    """
    begins, ends = cues[quote.start].start_ms, _start(entry, cues, quote.stop)
    sides = {-1: quote.start - 1, 1: quote.stop}
    distances = {-1: 0, 1: 0}
    while True:
        for side, at in list(sides.items()):
            if at not in cues or size(cues[at].text) + 1 > room:
                del sides[side]
                continue
            away = abs(cues[at + 1].start_ms - begins) if side < 0 else abs(cues[at].start_ms - ends)
            distances[side] = max(distances[side], away)
        if not sides:
            return
        nearest = min(sides, key=lambda side: distances[side])
        at = sides[nearest]
        room -= size(cues[at].text) + 1
        sides[nearest] += nearest
        yield at, distances[nearest]


async def _same_seconds(connection: aiosqlite.Connection, entry: Entry, moment: Moment) -> tuple[int, int]:
    """Return the cues that a transcript's new version has at a moment: `first` ≤ position < `end`."""
    if moment.start_ms > entry.duration_ms:
        raise NotFoundError(
            "That transcript was replaced since, and its new version ends before {time}.", time=clock(moment.start_ms)
        )
    starts = await transcripts.starts(connection, entry.id)
    begins = [*starts, entry.duration_ms]
    if moment.first < moment.end <= entry.cues:
        now = begins[moment.first], max(begins[moment.first], begins[moment.end])
        if now == (moment.start_ms, moment.end_ms):  # only other words were changed, or the title
            return moment.first, moment.end
    begun = max((start for start in starts if start <= moment.start_ms), default=starts[0])
    first = end = starts.index(begun)
    while end < len(starts) and (end == first or begun <= starts[end] < moment.end_ms):
        end += 1
    return first, end


def _doubled(seconds: int, *, beyond_ms: int) -> int:
    """Double seconds until they are more than a distance, so that a wider excerpt never shows the same."""
    while seconds * 1000 <= beyond_ms:
        seconds = max(1, 2 * seconds)
    return seconds


def _start(entry: Entry, cues: Mapping[int, Cue], at: int) -> int:
    return cues[at].start_ms if at in cues else entry.duration_ms


def _text(cues: Mapping[int, Cue], span: range) -> str:
    return " ".join(cues[at].text for at in span)
