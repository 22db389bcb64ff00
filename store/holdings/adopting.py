"""Transcripts of an export → transcripts of a server: as they were, and nobody is told of them.

What is another version of one that is there replaces it, as an ingest does, and can be undone for a day. The export's
own are never taken for versions of each other, however alike they are.
"""

import asyncio
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from store import formats, records, transcripts, versions
from store.database import Database, Reader, Writer
from store.errors import ArchiveError, FormatError
from store.holdings.rows import is_free
from store.holdings.unpacking import Listed
from store.index import indexing
from store.index.analysed import Analysed, analyse
from store.models import Change, Entry, Outcome, Spoken, SpokenBy, Transcript
from store.outbox import owing

_TEXTS = ("source", "file", "ingested_at", "spoken", "spoken_by")


class Keep(Protocol):
    """Keeps a transcript as it is before a change to columns, for a day."""

    def __call__(
        self,
        connection: Writer,
        guild_id: int,
        entry: Entry,
        change: Change,
        columns: Mapping[str, object],
        *,
        by: None,
    ) -> Awaitable[int]:
        """Return under which id it is kept."""


@dataclass(frozen=True, slots=True)
class Read:
    """A transcript that was read of an export: what there is to index of it, and what is kept beside its cues."""

    listed: Listed
    transcript: Transcript
    analysed: Analysed
    columns: dict[str, object]


def read(listed: Listed, data: bytes) -> Read:
    """Read a transcript of an export.

    Raises:
        ArchiveError: it is none.
    """
    try:
        transcript = formats.read(data, "a.json", max_bytes=len(data), max_cues=len(data)).transcript
        beside = dict(listed.beside)
        if not all(isinstance(beside[name], str) for name in _TEXTS):
            raise TypeError
        datetime.fromisoformat(str(beside["ingested_at"]))
        spoken = Spoken(str(beside["spoken"]), SpokenBy(str(beside["spoken_by"])))
        by = beside.get("ingested_by")
        if by is not None and type(by) is not int:
            raise TypeError
    except (FormatError, KeyError, TypeError, ValueError) as error:
        raise ArchiveError("The export's “{name}” is no transcript of one.", name=listed.name[:80]) from error
    analysed = analyse(transcript.cues)
    words, passages = analysed.words, len(analysed.passages)
    columns = records.columns_of(transcript, "", spoken, words=words, passages=passages)
    said = {name: beside[name] for name in _TEXTS}
    return Read(listed, transcript, analysed, {**columns, **said, "ingested_by": by})


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a transcript, and which number it has here."""

    outcome: Outcome
    id: int


class Adopting:
    """Puts transcripts of an export into a server's library."""

    def __init__(self, database: Database, guild_id: int, keep: Keep, *, own: bool) -> None:
        """Put them into the library of a guild, its `own` or another's."""
        self._database = database
        self._guild_id = guild_id
        self._keep = keep
        self._own = own
        self._same: dict[int, int] = {}  # the number here of those that are there unchanged, by that of the export
        self._taken: set[int] = set()

    async def recognise(self, listed: tuple[Listed, ...]) -> None:
        """Find which transcripts of an export are there unchanged, so that no other one is taken for these."""
        there = await self._database.computed(self._there)
        for one in listed:
            found = there.get(str(one.beside.get("source")))
            if found is not None and found[1] == one.content:
                self._same[one.id] = found[0]
        self._taken = set(self._same.values())

    async def unchanged(self, listed: Listed) -> Adopted | None:
        """Return a transcript that needn't be read, for it is there, in the same language."""
        if (id_ := self._same.get(listed.id)) is None:
            return None
        async with self._database.snapshot() as connection:
            entry = await transcripts.get(connection, self._guild_id, id_)
        if entry is None or not listed.content.startswith(entry.content):
            return None  # meanwhile
        return Adopted(Outcome.UNCHANGED, id_) if entry.spoken.code == listed.beside.get("spoken") else None

    async def adopt(self, listed: Listed, data: bytes) -> Adopted:
        """Put a transcript into the library.

        Raises:
            ArchiveError: it is none.
            DatabaseError: the database can't be written.
        """
        found = await asyncio.to_thread(read, listed, data)
        columns = found.columns if self._own else {**found.columns, "ingested_by": None}
        done = await self._database.written(
            lambda connection: self._written(connection, replace(found, columns=columns))
        )
        self._taken.add(done.id)
        return done

    async def _there(self, connection: Reader) -> dict[str, tuple[int, str]]:
        rows = await connection.execute_fetchall(
            "SELECT source, id, lower(hex(content)) FROM transcripts WHERE guild_id = ?", (self._guild_id,)
        )
        return {str(source): (int(id_), str(content)) for source, id_, content in rows}

    async def _written(self, connection: Writer, found: Read) -> Adopted:
        columns, guild_id = dict(found.columns), self._guild_id
        before = await self._before(connection, found, columns)
        if before is None:
            if self._own and await is_free(connection, guild_id, found.listed.id):
                columns["id"] = found.listed.id
            id_ = await transcripts.insert(connection, guild_id, found.transcript, columns)
            outcome = Outcome.NEW
        else:
            id_ = before.id
            await self._keep(connection, guild_id, before, Change.REPLACED, columns, by=None)
            await indexing.remove(connection, guild_id, id_)
            await transcripts.replace(connection, id_, found.transcript, columns)
            outcome = Outcome.REPLACED
        await indexing.write(connection, guild_id, id_, found.analysed, str(columns["spoken"]))
        entry = await transcripts.get(connection, guild_id, id_)
        assert entry is not None
        await owing.changed(connection, guild_id, entry, anew=False, now=time.time())
        return Adopted(outcome, id_)

    async def _before(self, connection: Writer, found: Read, columns: dict[str, object]) -> Entry | None:
        """Return what a transcript replaces, and let its columns say what it is known by then."""
        if (id_ := self._same.get(found.listed.id)) is not None:
            return await transcripts.get(connection, self._guild_id, id_)
        known = await versions.version(connection, self._guild_id, found.transcript, columns, others=self._taken)
        columns["source"] = known.source
        return known.before
