"""Indexing transcripts anew that have no segment: of an earlier version's database, and after a repair.

Each is indexed in a transaction of its own, so that others may write meanwhile and what is done is kept, also after a
kill; the newest come first.
"""

import asyncio
import enum
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from store import records, transcripts
from store.background import Complaint, beside
from store.database import Database, Writer
from store.errors import DatabaseError
from store.index import indexing, stream
from store.index.analysed import analyse
from store.index.merging import Merging
from store.models import SpokenBy
from store.text import analysis, telling
from store.text.wording import many

EVERY = 100  # transcripts between two lines of the log
RETRY = 60.0  # seconds after which what could not be written is tried again


class Reindex(enum.Enum):
    """When a library that an earlier version has indexed is indexed anew, once it is opened."""

    FIRST = enum.auto()  # before anything else
    MEANWHILE = enum.auto()  # in the background
    LATER = enum.auto()  # by who opens it next


_log = logging.getLogger(__name__)


async def outdated(database: Database) -> None:
    """Forget what was derived by another version of the analysis; `complete` makes it anew."""
    async with database.snapshot() as connection:
        rows = await connection.execute_fetchall("SELECT guild_id FROM guilds WHERE analysis <> ?", (analysis.VERSION,))
    for (guild_id,) in rows:
        async with database.transaction() as connection:
            await indexing.forget(connection, guild_id)


@asynccontextmanager
async def running(database: Database, merging: Merging) -> AsyncIterator[None]:
    """Index what has no segment in the background, until the end; what is left then is for the next time."""
    async with beside(_patiently(database, merging)):
        yield


async def complete(
    database: Database, guild_id: int | None = None, *, progress: Callable[[int], None] | None = None
) -> int:
    """Index the transcripts that have no segment, of a guild or of all, and return how many were indexed.

    `progress` hears of the guild of each that is done, instead of the log.

    Raises:
        DatabaseError: the database can't be written; what was done is kept.
    """
    async with database.snapshot() as connection:
        missing = await transcripts.unindexed(connection, guild_id)
    indexed = 0
    for done, (owner, transcript_id) in enumerate(missing):
        if progress is None and done % EVERY == 0:
            _log.warning("Indexing %s anew: %d done.", many(len(missing), "transcript"), done)
        async with database.transaction() as connection:
            indexed += await _index(connection, owner, transcript_id)
        if progress is not None:
            progress(owner)
    return indexed


async def _patiently(database: Database, merging: Merging) -> None:
    """Index what has no segment; where the disk is full or the database busy, try again later."""
    waiting = Complaint(_log, f"Transcripts can't be indexed anew, which is tried every {RETRY:.0f} s")
    while True:
        try:
            if indexed := await complete(database, progress=merging.wake):
                _log.warning("Indexed %s anew.", many(indexed, "transcript"))
        except DatabaseError as error:
            waiting.failed(error)
            await asyncio.sleep(RETRY)
        else:
            return


async def _index(connection: Writer, guild_id: int, transcript_id: int) -> bool:
    """Index a transcript by its cues; False where it is gone, or another process was faster."""
    if not await transcripts.is_unindexed(connection, guild_id, transcript_id):
        return False
    cues = await transcripts.whole(connection, transcript_id)
    analysed = await asyncio.to_thread(analyse, cues)
    said = await asyncio.to_thread(records.said, cues)  # of an earlier version's transcripts it isn't there yet
    await connection.execute(
        "UPDATE transcripts SET cues = ?, words = ?, passages = ?, said = ? WHERE id = ?",
        (analysed.cues, analysed.words, len(analysed.passages), said, transcript_id),
    )
    spoken, stated = await transcripts.spoken(connection, transcript_id)
    if spoken.by is SpokenBy.TEXT:  # which may have been told by another version, or not at all
        spoken = await asyncio.to_thread(telling.spoken, stated, "", [cue.text for cue in cues])
        await transcripts.speak(connection, transcript_id, spoken)
    await stream.remove(connection, transcript_id)
    await indexing.write(connection, guild_id, transcript_id, analysed, spoken.code)
    return True
