"""Makes again what is derived: a guild's index from its transcripts. What was said is never deleted.

A guild's index goes in one transaction and comes back a transcript at a time, so a running bot can write meanwhile, and
after a crash in the middle the next opening does the rest. Until it is done, answers come from what is indexed already.
"""

from collections.abc import Iterable

import aiosqlite

from store import transcripts
from store.database import Database
from store.index import indexing, reindexing, vectors
from store.index.merging import settle
from store.models import Problem
from store.text import analysis
from store.upkeep.checking import Progress, orphans


async def extent(database: Database, problems: Iterable[Problem]) -> dict[int, int]:
    """Return how many transcripts are to be indexed anew, by guild, to repair what is repairable."""
    guilds = {
        problem.guild_id
        for problem in problems
        if problem.repairable and problem.guild_id is not None and problem.vectors_of is None
    }
    async with database.snapshot() as connection:
        rows = await connection.execute_fetchall("SELECT guild_id, count(*) FROM transcripts GROUP BY guild_id")
    counts = {int(guild_id): int(count) for guild_id, count in rows}
    return {guild_id: counts.get(guild_id, 0) for guild_id in sorted(guilds)}


async def repair(database: Database, problems: Iterable[Problem], *, progress: Progress | None = None) -> None:
    """Repair what is repairable of the problems that a check found; `progress` hears of each transcript.

    Raises:
        DatabaseError: the database can't be read or written; what was done is kept.
    """
    problems = [problem for problem in problems if problem.repairable]
    if not problems:
        return
    async with database.transaction() as connection:
        await _reconcile(connection)
        damaged = [problem.vectors_of for problem in problems if problem.vectors_of is not None]
        await vectors.remove(connection, damaged)  # the bot makes them anew
    guilds = await extent(database, problems)
    done, total = 0, sum(guilds.values())

    def indexed(_: int) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, max(done, total))

    for guild_id in guilds:
        async with database.transaction() as connection:
            await indexing.forget(connection, guild_id)
        await reindexing.complete(database, guild_id, progress=indexed)
        await settle(database, guild_id)
    await reindexing.complete(database, progress=indexed)  # transcripts of other guilds that stood in their segments


async def _reconcile(connection: aiosqlite.Connection) -> None:
    """Let every transcript have its guild's row, and delete needless rows without a parent."""
    await connection.execute(
        """
        INSERT OR IGNORE INTO guilds (guild_id, version, layout, analysis)
        SELECT DISTINCT guild_id, ?1, ?1, ?2 FROM transcripts
        """,
        (transcripts.first_version(), analysis.VERSION),
    )
    for one in await orphans(connection):
        if one.needless:
            await connection.execute(f"DELETE FROM {one.table} WHERE {one.column} = ?", (one.id,))
