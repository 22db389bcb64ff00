"""Small segments become larger ones, in the background, so that a question meets few of them.

A transcript's segment is written alone, with its ingest. When a guild has `FANOUT` segments of about one size they are
merged into one of the next (tiered merging, as in Lucene), up to `MOST` passages, where a passage's number still takes
two bytes. So a passage is rewritten a few times in its life, and a merge writes a few megabytes, in a transaction of
its own that an ingest waits for no longer than for another ingest's.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from store.database import Database, Reader
from store.errors import DatabaseError
from store.index import postings
from store.index.segments import Segment, merge

FANOUT = 8
MOST = 65_536  # passages

_log = logging.getLogger(__name__)


def mergeable(sizes: Mapping[int, int]) -> list[int]:
    """Return which of a guild's segments to merge next, of their sizes in passages by id; none where all is well.

    Of the smallest size of which there are enough, the oldest.
    """
    tiers: dict[int, list[int]] = {}
    for id_ in sorted(sizes):
        tiers.setdefault(_tier(sizes[id_]), []).append(id_)
    for _, ids in sorted(tiers.items()):
        if len(ids) >= FANOUT:
            chosen: list[int] = []
            room = MOST
            for id_ in ids[:FANOUT]:
                if sizes[id_] <= room:
                    chosen.append(id_)
                    room -= sizes[id_]
            if len(chosen) > 1:
                return chosen
    return []


async def merge_next(database: Database, guild_id: int) -> bool:
    """Merge some of a guild's segments into one, if any should be; say whether there may be more to do.

    What is read before and written after is compared by the segments' ids, which stand for one content: where one was
    replaced meanwhile, nothing is written.

    Raises:
        DatabaseError: a segment is damaged, or the database can't be written.
    """
    read = await database.computed(lambda connection: _merged(connection, guild_id))
    if read is None:
        return False
    ids, merged = read
    async with database.transaction() as connection:
        if ids <= (await _sizes(connection, guild_id)).keys():
            await postings.delete(connection, sorted(ids))
            await postings.insert(connection, guild_id, merged)
            await postings.laid_out(connection, guild_id)
    return True


async def settle(database: Database, guild_id: int) -> None:
    """Merge a guild's segments until none should be merged any more.

    Raises:
        DatabaseError: a segment is damaged, or the database can't be written.
    """
    while await merge_next(database, guild_id):
        pass


class Merging:
    """Merges segments of guilds whose libraries have changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._again: defaultdict[int, bool] = defaultdict(bool)

    @classmethod
    @asynccontextmanager
    async def running(cls, database: Database) -> AsyncIterator["Merging"]:
        """Merge until the end, where a merge that is under way is given up; begin with what was left undone."""
        merging = cls(database)
        async with database.snapshot() as connection:
            rows = await connection.execute_fetchall(
                "SELECT guild_id FROM segments GROUP BY guild_id HAVING count(*) >= ?", (FANOUT,)
            )
        for (guild_id,) in rows:
            merging.wake(int(guild_id))
        try:
            yield merging
        finally:
            for task in (tasks := list(merging._tasks.values())):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self, guild_id: int) -> None:
        """Look through a guild's segments soon."""
        self._again[guild_id] = True
        if guild_id not in self._tasks:
            self._tasks[guild_id] = asyncio.create_task(self._merge(guild_id))

    async def settled(self) -> None:
        """Wait until nothing is left to merge."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _merge(self, guild_id: int) -> None:
        try:
            while self._again.pop(guild_id, False):
                await settle(self._database, guild_id)
                await self._database.checkpoint()
        except DatabaseError as error:  # what is stored is as it was; the next change of the guild tries again
            _log.warning("The segments of server %s stay as they are for now: %s", guild_id, error)
        finally:
            del self._tasks[guild_id]


async def _merged(connection: Reader, guild_id: int) -> tuple[set[int], Segment] | None:
    ids = mergeable(await _sizes(connection, guild_id))
    if not ids:
        return None
    return set(ids), merge([await postings.whole(connection, id_) for id_ in ids])


async def _sizes(connection: Reader, guild_id: int) -> dict[int, int]:
    rows = await connection.execute_fetchall("SELECT id, passages FROM segments WHERE guild_id = ?", (guild_id,))
    return {int(id_): int(passages) for id_, passages in rows}


def _tier(size: int) -> int:
    """Return a size's tier: each holds sizes up to `FANOUT` times as large as the one before."""
    tier = 0
    while size >= FANOUT:
        size //= FANOUT
        tier += 1
    return tier
