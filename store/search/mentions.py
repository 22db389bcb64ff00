"""How often words were said, and where: counted in the stream of words, in every passage that may hold them.

Only what is shown is read as text. Blocks are read some at a time, so a word that is said everywhere takes no more
memory than a rare one.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from store import corrected, transcripts
from store.database import Reader
from store.index import stream
from store.index.directory import GuildIndex, Passages
from store.index.stream import CUES, PLACE, Stream
from store.models import Cue, Entry, Form, Mention, Mentioned, Mentions
from store.search import readings
from store.search.forms import Sought
from store.search.lookup import Lookup
from store.search.occurrences import Places, Sign, occurrences
from store.search.quoting import REACH
from store.search.ranking import Mask
from store.text.analysis import length, spans
from store.text.echoes import echoes

TOGETHER = 1024  # blocks that are read together, if a transcript doesn't have more
WORDS_AROUND = 10  # that are shown before and after a mention; a CJK character counts as a third of one
CUES_AROUND = 30  # that are read for them


@dataclass(frozen=True, slots=True)
class Said:
    """Mentions [N] in order of their transcripts and their places in them.

    `cues` are the positions of the cues in which they begin; `words` [N, 2] where they begin and end among the words
    of these cues and those after; `forms` which form each is in.
    """

    transcripts: Passages
    cues: Passages
    words: npt.NDArray[np.int64]
    forms: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.transcripts)

    def of(self, chosen: slice | npt.NDArray[np.bool_]) -> "Said":
        """Return some of them."""
        return Said(self.transcripts[chosen], self.cues[chosen], self.words[chosen], self.forms[chosen])


async def said(lookup: Lookup, sought: Sequence[Sought], excluded: Mask) -> Said:
    """Return where the forms of words were said in the passages that are not excluded, none over another.

    Raises:
        StreamError: a block of the stream is missing or damaged.
    """
    signs = list((await lookup.signs([one.phrase for one in sought])).values())
    passages = await _passages(lookup, sought, excluded)
    parts = [_found(stream, signs) async for stream in _streams(lookup, passages)]
    if not parts:
        none = np.empty(0, np.int64)
        return Said(none, none, none.reshape(0, 2), none)
    every = Said(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    if not (cues := await corrected.of_guild(lookup.connection, lookup.guild_id)):
        return every
    return every.of(readings.once(every.transcripts, every.cues, every.words, cues))


async def _passages(lookup: Lookup, sought: Sequence[Sought], excluded: Mask) -> Passages:
    """Return the passages in which a form may begin."""
    every = np.zeros(lookup.index.size, dtype=bool)
    for passages in (await lookup.holding([one.phrase for one in sought])).values():
        every[slice(None) if passages is None else passages] = True  # stop words alone may be anywhere
    return np.flatnonzero(every & ~excluded)


async def _streams(lookup: Lookup, passages: Passages) -> AsyncIterator[Stream]:
    """Yield the stream of words in and after passages, transcript by transcript, some of them at a time."""
    at = lookup.index.places(passages)
    begin = (at.transcripts << PLACE) + at.firsts // CUES
    last = (at.transcripts << PLACE) + (np.minimum(at.ends + REACH, at.cues) - 1) // CUES
    most = int((last - begin).max(initial=-1))
    ids = np.unique(np.concatenate([np.minimum(begin + step, last) for step in range(most + 1)] or [begin]))
    borders = np.flatnonzero(np.diff(ids >> PLACE)) + 1
    first = 0
    while first < len(ids):
        after = borders[borders.searchsorted(first + TOGETHER) :]
        end = int(after[0]) if len(after) else len(ids)
        yield Stream.of(await stream.read(lookup.connection, ids[first:end].tolist())).only(lookup.only)
        first = end


def _found(said: Stream, signs: Sequence[Sign]) -> tuple[npt.NDArray[np.int64], ...]:
    """Return the mentions in a stream as the columns of `Said`."""
    found = [occurrences(said, sign) for sign in signs]
    places = np.concatenate(found)
    forms = np.repeat(np.arange(len(signs)), list(map(len, found)))
    sizes = np.array([len(sign) for sign in signs], np.int64)[forms]
    kept = _apart(places, sizes, forms) if len(signs) > 1 else slice(None)
    places, forms, sizes = places[kept], forms[kept], sizes[kept]
    rows = said.starts.searchsorted(places, side="right") - 1
    blocks = said.bases.searchsorted(rows, side="right") - 1
    ids = said.ids[blocks]
    begins = places - said.starts[rows]
    cues = (ids & ((1 << PLACE) - 1)) * CUES + rows - said.bases[blocks]
    return ids >> PLACE, cues, np.stack((begins, begins + sizes), axis=1), forms


def _apart(places: Places, sizes: Places, forms: Places) -> Places:
    """Return which of the mentions count, in order: of two that overlap the first, and of equally early the longest."""
    order = np.lexsort((forms, -sizes, places))
    kept = []
    end = -1
    for at, place, size in zip(order.tolist(), places[order].tolist(), sizes[order].tolist(), strict=True):
        if place >= end:
            kept.append(at)
            end = place + size
    return np.array(kept, np.int64)


async def summed(connection: Reader, index: GuildIndex, sought: Sequence[Sought], said: Said) -> Mentions:
    """Return what mentions come to: how many, in which transcripts and forms, when first and last."""
    counted = dict.fromkeys(((one.shown, one.heard) for one in sought), 0)
    for at, count in Counter(said.forms.tolist()).items():
        counted[sought[at].shown, sought[at].heard] += count
    forms = [Form(shown, count, heard) for at, ((shown, heard), count) in enumerate(counted.items()) if count or not at]
    forms[1:] = sorted(forms[1:], key=lambda form: -form.count)
    ids, begins, counts = np.unique(said.transcripts, return_index=True, return_counts=True)
    starts = await _starts(connection, said, begins)
    entries = await transcripts.entries(connection, ids.tolist())
    found = [
        Mentioned(entries[id_], count, start)
        for id_, count, start in zip(ids.tolist(), counts.tolist(), starts, strict=True)
    ]
    in_time = sorted(found, key=lambda one: (_day(one.entry), one.entry.id))
    last = None
    if in_time:
        at = int(np.flatnonzero(said.transcripts == in_time[-1].entry.id)[-1])
        last = Mentioned(in_time[-1].entry, in_time[-1].count, (await _starts(connection, said, np.array([at])))[0])
    return Mentions(
        words=sought[0].shown,
        count=len(said),
        transcripts=tuple(sorted(in_time, key=lambda one: (one.count, _day(one.entry), one.entry.id), reverse=True)),
        forms=tuple(forms),
        first=in_time[0] if in_time else None,
        last=last,
        times_ms=tuple(await _starts(connection, said, np.arange(len(said)))) if len(found) == 1 else (),
        library_size=index.transcripts,
        unindexed=index.unindexed,
    )


async def quoted(connection: Reader, sought: Sequence[Sought], said: Said) -> list[Mention]:
    """Return mentions as they were said, with what was said around them."""
    found = []
    for id_ in dict.fromkeys(said.transcripts.tolist()):
        here = said.of(said.transcripts == id_)
        firsts = np.maximum(here.cues - CUES_AROUND, 0).tolist()
        ends = (here.cues + CUES_AROUND + int(here.words[:, 1].max())).tolist()
        cues = (await transcripts.cues(connection, [(id_, *span) for span in zip(firsts, ends, strict=True)]))[id_]
        positions = sorted(cues)
        left = {positions[at] for at in echoes([cues[position] for position in positions])}
        words = {position: [] if position in left else spans(cue.text) for position, cue in cues.items()}
        now = (await corrected.within(connection, [(id_, positions[0], positions[-1] + 1)])).get(id_, {})
        twice = {at: (cues[at].text, text) for at, text in now.items() if at in cues and at not in left}
        shown = words | {at: words[at] or [(0, len(was))] for at, (was, _) in twice.items()}
        for cue, (begin, end), form in zip(here.cues.tolist(), here.words.tolist(), here.forms.tolist(), strict=True):
            correct = readings.correct(twice[cue], begin, end) if cue in twice else ""
            if twice:
                begin, end = readings.as_it_stands(words, twice, cue, begin, end)  # noqa: PLW2901 - the same words
            parts = _cut(cues, shown, cue, begin, end)
            found.append(Mention(id_, cues[cue].start_ms, *parts, sought[form].shown, correct))
    return found


def _cut(
    cues: Mapping[int, Cue], words: Mapping[int, Sequence[tuple[int, int]]], cue: int, begin: int, end: int
) -> tuple[str, str, str]:
    """Return what was said before a mention, itself, and after it, to be joined; words are counted from its cue on."""
    first, before = cue, begin
    while before < 3 * WORDS_AROUND and first - 1 in cues:
        first -= 1
        before += len(words[first])
    last, after = cue, len(words[cue])
    while after < end + 3 * WORDS_AROUND and last + 1 in cues:
        last += 1
        after += len(words[last])
    text, units = "", list[tuple[int, int]]()
    for at in range(first, last + 1):
        text += " " * (at > first)
        units += [(len(text) + start, len(text) + stop) for start, stop in words[at]]
        text += cues[at].text
    start, stop = units[before][0], units[before + end - begin - 1][1]

    def reached(places: Iterable[int]) -> int | None:
        total, reach = 0.0, None
        for at in places:
            reach = at
            total += length(text[slice(*units[at])])
            if total >= WORDS_AROUND - 0.5:
                break
        return reach

    left, right = reached(range(before - 1, -1, -1)), reached(range(before + end - begin, len(units)))
    return (
        text[0 if left is None else units[left][0] : start].lstrip(),
        text[start:stop],
        text[stop : None if right is None else units[right][1]].rstrip(),
    )


async def _starts(connection: Reader, said: Said, chosen: Passages) -> list[int]:
    """Return the starts of the cues in which some of the mentions begin, in milliseconds."""
    pairs = list(zip(said.transcripts[chosen].tolist(), said.cues[chosen].tolist(), strict=True))
    starts = await transcripts.starts_of(connection, pairs)
    return [starts[pair] for pair in pairs]


def _day(entry: Entry) -> date:
    return entry.details.published or entry.ingested_at.date()
