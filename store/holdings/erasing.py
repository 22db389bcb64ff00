"""A server erased: every row that is its own, what SQLite left of them in the file, and the log.

Rows go in short transactions, so that others may write meanwhile, and SQLite overwrites what it deletes
(`secure_delete`). What it copied before inside a page stays: of 90 transcripts of 84 minutes, 3 of 250,000 words did.
So the file is written anew at the end, while readers go on, and then it is searched.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from store.database import Database, Writer
from store.holdings import departures, traces
from store.holdings.packing import Progress
from store.holdings.tables import TABLES, Table
from store.index import indexing

TOGETHER = 4  # transcripts that go in a transaction, which takes about 40 ms
_OWN = tuple(table for table in reversed(TABLES) if not table.with_transcripts)
_LATER = {"transcripts", "guilds", "joined"}


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasing did: how many rows went, for how many texts how many bytes were searched, and which are left."""

    rows: Mapping[str, int]
    searched: int
    bytes: int
    left: tuple[str, ...]


async def extent(database: Database, guild_id: int) -> dict[str, int]:
    """Return how much is kept of a guild, by the names of tables that people know of; nothing where nothing is."""
    async with database.snapshot() as connection:
        found: dict[str, int] = {}
        for table in TABLES:
            if table.counted:
                rows = await connection.execute_fetchall(
                    f"SELECT count(*) FROM {table.name} WHERE {table.of_guild}", {"guild": guild_id}
                )
                ((count,),) = rows
                if count:
                    found[table.name] = int(count)
    return found


async def erase(database: Database, guild_id: int, *, progress: Progress = lambda _done, _all: None) -> Erased:
    """Delete all that is kept of a guild, until no file of the database holds it, and look whether that is so.

    Raises:
        DatabaseError: the database can't be written, or not anew; the same again goes on where this ended.
    """
    rows = await extent(database, guild_id)
    texts = await database.computed(lambda connection: traces.of(connection, guild_id))
    await database.written(lambda connection: _begin(connection, guild_id))
    total = done = rows.get("transcripts", 0)
    while gone := await database.written(lambda connection: _some(connection, guild_id)):
        done = max(0, done - gone)
        progress(total - done, total)
    await database.written(lambda connection: _rest(connection, guild_id))
    await database.vacuum()
    async with database.transaction() as connection:  # only now: a bot that is stopped before goes on after its start
        await departures.forget(connection, guild_id)
    looked = traces.Traces(texts)
    found, size = await asyncio.to_thread(looked.within, await database.files())
    held = {texts[at] for at in found}
    if held:
        held -= await database.computed(lambda connection: traces.others(connection, held))
    left = tuple(sorted(text.decode(errors="replace") for text in held))
    return Erased(rows, len(texts), size, left)


async def _begin(connection: Writer, guild_id: int) -> None:
    """Delete all but transcripts, so that nothing is told, brought or found any more."""
    for table in _OWN:
        if table.name not in _LATER:
            await _empty(connection, table, guild_id)
    await indexing.forget(connection, guild_id)


async def _some(connection: Writer, guild_id: int) -> int:
    """Delete some transcripts with their lines; return how many."""
    rows = await connection.execute_fetchall(
        "SELECT id FROM transcripts WHERE guild_id = ? LIMIT ?", (guild_id, TOGETHER)
    )
    ids = [(id_,) for (id_,) in rows]
    await connection.executemany("DELETE FROM transcripts WHERE id = ?", ids)
    return len(ids)


async def _rest(connection: Writer, guild_id: int) -> None:
    """Delete what is left, and what came meanwhile."""
    for table in _OWN:
        if table.name != "joined":
            await _empty(connection, table, guild_id)


async def _empty(connection: Writer, table: Table, guild_id: int) -> None:
    await connection.execute(f"DELETE FROM {table.name} WHERE {table.of_guild}", {"guild": guild_id})
