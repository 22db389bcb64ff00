"""A stored transcript, its stream and a stored segment, compared with what they must be; in one read transaction.

Analysis and merging are pure, so a segment must say exactly what its transcripts' segments, built anew and merged in
its order, say: postings, lengths, places and their order are one comparison.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence

import numpy as np

from store import corrected, records, transcripts
from store.database import Reader
from store.errors import DatabaseError, StreamError
from store.index import postings, segments, stream, vocabulary
from store.index.analysed import Analysed, analyse, built
from store.index.segments import Directory, Segment
from store.models import Cue, Problem, Transcript
from store.text.wording import many, numbered

_SAYS = {
    "transcripts": "whose passages it holds",
    "starts": "where its transcripts begin",
    "first": "the first cue of each passage",
    "end": "the last cue of each passage",
    "lengths": "the length of each passage",
    "terms": "which words occur",
    "offsets": "the number of passages with each word",
    "passages": "the passages with each word",
    "frequencies": "how often a word occurs in a passage",
}


class Comparison:
    """What is `found` to be wrong with segments and transcripts of a guild."""

    def __init__(self, connection: Reader, guild_id: int) -> None:
        self.found: list[Problem] = []
        self._connection = connection
        self._guild_id = guild_id

    async def segment(self, id_: int, passages: object, *, comparable: bool, seen: Callable[[int], None]) -> None:
        """Look at a segment, whose row says that it has so many passages, and at its transcripts.

        It is compared with them where it is `comparable`: not by a damaged vocabulary. `seen` hears of each.
        """
        rows = await self._connection.execute_fetchall(
            "SELECT transcript_id FROM segment_transcripts WHERE segment_id = ? ORDER BY transcript_id", (id_,)
        )
        held = [int(row[0]) for row in rows]
        name = f"Segment {id_} ({numbered(held, 'transcript')})" if held else f"Segment {id_}"
        if not held:
            self._wrong(f"{name} holds no transcript.")
        stored = await self._stored(id_, name)
        if stored is not None and stored.size != passages:
            self._wrong(f"{name} has {many(stored.size, 'passage')}, but is said to have {passages}.")
        if stored is not None and sorted(stored.transcripts.tolist()) != held:
            self._wrong(f"{name} holds the passages of {numbered(stored.transcripts.tolist(), 'transcript')} instead.")
            stored = None
        built: list[Segment] = []
        for transcript in held if stored is None else stored.transcripts.tolist():
            analysed = await self.transcript(transcript)
            seen(transcript)
            if analysed is None:
                self._wrong(f"{name} holds transcript {transcript}, which isn't one of this server's.")
            elif comparable and stored is not None and (part := await self._built(transcript, analysed)) is not None:
                built.append(part)
        if stored is not None and len(built) == len(stored.transcripts) > 0:
            wrong = await asyncio.to_thread(_differences, stored, built)
            if wrong:
                self._wrong(f"{name} is wrong about {', '.join(wrong)}.")

    async def transcript(self, id_: int) -> Analysed | None:
        """Look at a transcript, and return what there is to index of it; None where the guild has no such one."""
        rows = list(
            await self._connection.execute_fetchall(
                "SELECT cues, words, passages FROM transcripts WHERE guild_id = ? AND id = ?", (self._guild_id, id_)
            )
        )
        if not rows:
            return None
        damage = await self._damage(id_)
        if damage:
            self._wrong(f"Transcript {id_} itself is damaged: {', '.join(damage)}.", repairable=False)
        standing = await corrected.standing(self._connection, id_)
        analysed = await asyncio.to_thread(analyse, await transcripts.whole(self._connection, id_), standing)
        counts = {"cue": analysed.cues, "word": analysed.words, "passage": len(analysed.passages)}
        said = dict(zip(counts, rows[0], strict=True))
        if said != counts:
            has, counted = (", ".join(f"{n} {thing}s" for thing, n in each.items()) for each in (counts, said))
            self._wrong(f"Transcript {id_} has {has}; its row counts {counted}.")
        return analysed

    async def _damage(self, id_: int) -> list[str]:
        """Say what shows that a transcript isn't as it was ingested."""
        rows = list(
            await self._connection.execute_fetchall(
                "SELECT position, start_ms, CAST(text AS BLOB), end_ms, speaker FROM cues WHERE transcript_id = ? "
                "ORDER BY position",
                (id_,),
            )
        )
        found = []
        if [row[0] for row in rows] != list(range(len(rows))):
            found.append("cues are missing between others")
        if any(not isinstance(row[1], int) or row[1] < 0 for row in rows):
            found.append("the time of a cue is none")
        try:
            cues = tuple(Cue(start, text.decode(), *more) for _, start, text, *more in rows)
            details, digest = await transcripts.content(self._connection, self._guild_id, id_)
        except (UnicodeDecodeError, sqlite3.OperationalError) as error:
            if getattr(error, "sqlite_errorcode", None) is not None:
                raise  # of the disk or the file, and not of a text
            found.append("a text isn't UTF-8")
        except ValueError:
            found.append("its details can't be read")
        else:
            if not found and await asyncio.to_thread(records.digest, Transcript(details, cues)) != digest:
                found.append("its cues or details aren't those that were ingested")
        return found

    async def _stored(self, id_: int, name: str) -> Segment | None:
        directory, blocks = await postings.packed(self._connection, id_)
        try:
            unpacked = Directory.unpack(directory)
        except DatabaseError:
            self._wrong(f"{name} has no directory, or a damaged one.")
            return None
        try:
            return await asyncio.to_thread(Segment.joined, unpacked, blocks)
        except DatabaseError:
            self._wrong(f"{name} has a block that is damaged, one too few or one too many.")
            return None

    async def _built(self, id_: int, analysed: Analysed) -> Segment | None:
        (language, _), _ = await transcripts.spoken(self._connection, id_)
        words = analysed.distinct, analysed.pairs, language
        numbers = await vocabulary.numbered(self._connection, self._guild_id, *words)
        if numbers.missing:
            lost = many(numbers.missing, "word")
            self._wrong(f"{lost} of transcript {id_} can't be found: the vocabulary lacks them.")
            return None
        await self._stream(id_, analysed.spoken(numbers))
        return await asyncio.to_thread(built, id_, analysed, numbers)

    async def _stream(self, id_: int, words: stream.Words) -> None:
        """Look at the stream of a transcript's words."""
        try:
            stored = await stream.whole(self._connection, id_)
        except StreamError:
            self._wrong(f"The stream of words of transcript {id_} has a block that is damaged.")
            return
        if list(stored.values()) != await asyncio.to_thread(lambda: list(words.blocks())):
            self._wrong(f"The stream of words of transcript {id_} {'is wrong' if stored else 'is missing'}.")

    def _wrong(self, what: str, *, repairable: bool = True) -> None:
        self.found.append(Problem(self._guild_id, what, repairable))


def _differences(stored: Segment, built: Sequence[Segment]) -> list[str]:
    expected = segments.merge(built)
    return [what for name, what in _SAYS.items() if not np.array_equal(getattr(stored, name), getattr(expected, name))]
