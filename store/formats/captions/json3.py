"""YouTube's json3: events with a start and a duration in milliseconds, and segments of text in each."""

from store.formats import markup, times
from store.formats.parsed import File, Parsed
from store.formats.times import Times
from store.models import Cue


def recognised(file: File) -> bool:
    """Whether a file holds events with segments."""
    events = file.document.get("events") if isinstance(file.document, dict) else None
    return isinstance(events, list) and any(isinstance(event, dict) and "segs" in event for event in events)


def read(file: File) -> Parsed:
    """Read a file of json3; events that only break a line or open a window say nothing.

    A line is still shown when the next one begins, so that two lines roll: it ends there.
    """
    assert isinstance(file.document, dict)
    seen = Times(file.oddities)
    cues: list[Cue] = []
    for event in file.document["events"]:
        segments = event.get("segs") if isinstance(event, dict) else None
        start = times.milliseconds(event.get("tStartMs", 0)) if isinstance(segments, list) else None
        if not isinstance(segments, list) or start is None:
            continue
        parts = [segment.get("utf8") for segment in segments if isinstance(segment, dict)]
        text = markup.joined("".join(part for part in parts if isinstance(part, str)).split("\n"))
        if text:
            start, _ = seen.of(start, None)
            length = times.milliseconds(event.get("dDurationMs")) or 0
            cues.append(Cue(start, text, start + length if length > 0 else None))
    return Parsed(until_the_next(cues))


def until_the_next(cues: list[Cue]) -> list[Cue]:
    """Return cues that end where the next one starts, if they would end later."""
    return [
        cue._replace(end_ms=after.start_ms) if cue.end_ms and cue.start_ms < after.start_ms < cue.end_ms else cue
        for cue, after in zip(cues, [*cues[1:], *cues[-1:]], strict=True)
    ]
