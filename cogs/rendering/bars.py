"""Mentions over the length of a talk or over the days of publication, as bars: what they count, and as characters.

Where that says nothing (a mention or two, one day) there are none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cogs.locales import gettext
from store.models import Mentions
from store.text.wording import clock

MOST = 24  # bars
FEWEST = 3  # mentions in one talk that are worth a picture
_HEIGHTS = "▂▃▅▇"
_STEPS_MS = tuple(minutes * 60_000 for minutes in (1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440))
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 6000)


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts from left to right; `ticks` are places on the axis, in bars from its left end, with what stands there."""

    counts: tuple[int, ...]
    ticks: tuple[tuple[float, str], ...]
    ends: tuple[str, str]
    said: str  # what they show, for who can't see it


def bars(found: Mentions) -> Bars | None:
    """Return the mentions in a talk over its length, those in several over their days, or None where that is idle."""
    if len(found.transcripts) == 1:
        return _talk(found) if len(found.times_ms) >= FEWEST else None
    dated = Counter[date]()
    for one in found.transcripts:
        if one.entry.details.published is not None:
            dated[one.entry.details.published] += one.count
    days = [one.entry.details.published for one in found.transcripts if one.entry.details.published is not None]
    return _published(dated) if len(days) >= 2 and len(dated) >= 2 else None


def blocks(found: Bars) -> str:
    """Draw bars as a line of characters between the ends of their axis."""
    most = max(found.counts)
    line = "".join(_HEIGHTS[(count * len(_HEIGHTS) - 1) // most] if count else "▁" for count in found.counts)
    return f"{found.ends[0]} {line} {found.ends[1]}"


def _talk(found: Mentions) -> Bars | None:
    length = max(found.transcripts[0].entry.duration_ms, *found.times_ms) + 1
    if length < MOST * 1000:
        return None
    counts = [0] * MOST
    for time in found.times_ms:
        counts[time * MOST // length] += 1
    step = next((step for step in _STEPS_MS if length // step <= 8), _STEPS_MS[-1])
    hours = length >= 3_600_000
    ticks = [(at * MOST / length, _time(at, hours=hours)) for at in range(0, length, step)]
    said = gettext(
        "Mentions over the {length} of the talk, {bars} bars: {counts}",
        length=clock(length),
        bars=MOST,
        counts=_listed(counts),
    )
    return Bars(tuple(counts), tuple(ticks), (clock(0), clock(length)), said)


def _time(ms: int, *, hours: bool) -> str:
    minutes = ms // 60_000
    # The unit's symbol in every language: matplotlib's own font has no other letters than Latin, Greek and Cyrillic.
    return f"{minutes // 60}:{minutes % 60:02}" if hours else f"{minutes} min"


def _published(dated: Counter[date]) -> Bars:
    first, last = min(dated), max(dated)
    days = (last - first).days + 1
    if days <= MOST:
        step = 0
        places = {day: (day - first).days for day in dated}
        labels = [date.fromordinal(first.toordinal() + at).isoformat() for at in range(days)]
    else:
        step = next((step for step in _MONTHS if _month(last) // step - _month(first) // step < MOST), _MONTHS[-1])
        begin = _month(first) // step
        places = {day: _month(day) // step - begin for day in dated}
        labels = [_named((begin + at) * step, step) for at in range(places[last] + 1)]
    counts = [0] * len(labels)
    for day, count in dated.items():
        counts[places[day]] += count
    every = -(-len(labels) // 6)
    ticks = [(at + 0.5, labels[at]) for at in range(0, len(labels), every)]
    said = _said(step, first=labels[0], last=labels[-1], counts=_listed(counts))
    return Bars(tuple(counts), tuple(ticks), (labels[0], labels[-1]), said)


def _said(step: int, **said: str) -> str:
    """Say what bars of so many months show, or of a day each where the step is 0."""
    match step:
        case 0:
            return gettext("Mentions by day of publication, {first} to {last}: {counts}", **said)
        case 1:
            return gettext("Mentions by month of publication, {first} to {last}: {counts}", **said)
        case 12:
            return gettext("Mentions by year of publication, {first} to {last}: {counts}", **said)
    if step < 12:
        return gettext("Mentions by {step} months of publication, {first} to {last}: {counts}", step=step, **said)
    years = step // 12
    return gettext("Mentions by {years} years of publication, {first} to {last}: {counts}", years=years, **said)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _named(month: int, step: int) -> str:
    return f"{month // 12:04}" if step >= 12 else f"{month // 12:04}-{month % 12 + 1:02}"


def _listed(counts: Sequence[int]) -> str:
    return ", ".join(map(str, counts))
