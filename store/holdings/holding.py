"""The face of what is kept of servers and members: move it, erase it, show it."""

import time
from collections.abc import Callable, Collection
from pathlib import Path

from store.database import Database
from store.holdings import departures, erasing, members, moving, packing
from store.holdings.adopting import Keep
from store.holdings.erasing import Erased
from store.holdings.moving import Moved
from store.holdings.packing import Packed, Progress
from store.index.merging import Merging

DAY = 24 * 3600.0

Forget = Callable[[Collection[int]], None]


class Holdings:
    """What is kept of all servers and their members in one database."""

    def __init__(self, database: Database, merging: Merging, keep: Keep, forget: Forget) -> None:
        """Keep what an import replaces by `keep`; `forget` drops from memory what isn't of the servers it is given."""
        self._database = database
        self._merging = merging
        self._keep = keep
        self._forget = forget
        self._version = -1

    async def export(self, guild_id: int, path: Path, *, progress: Progress = lambda _done, _all: None) -> Packed:
        """Write all that is kept of a server into a ZIP, as it is at one moment.

        Raises:
            NotFoundError: nothing is kept of this server.
            ArchiveError: the file can't be written.
        """
        return await packing.pack(self._database, guild_id, path, progress=progress)

    async def move(
        self, path: Path, guild_id: int | None = None, *, progress: Progress = lambda _done, _all: None
    ) -> Moved:
        """Put an export into this database, as its own server's or as another's; nobody is told of it.

        Raises:
            ArchiveError: it can't be read, or isn't one.
            DatabaseError: the database can't be written; the same again goes on where this ended.
        """
        return await moving.move(self._database, self._merging, self._keep, path, guild_id, progress=progress)

    async def extent(self, guild_id: int) -> dict[str, int]:
        """Return how much is kept of a server, by the names of tables that people know of."""
        return await erasing.extent(self._database, guild_id)

    async def erase(self, guild_id: int, *, progress: Progress = lambda _done, _all: None) -> Erased:
        """Delete all that is kept of a server, until no file of the database holds it, and look whether that is so.

        Raises:
            DatabaseError: the database can't be written, or not anew; the same again goes on where this ended.
        """
        done = await erasing.erase(self._database, guild_id, progress=progress)
        await self.notice()
        return done

    async def notice(self) -> None:
        """Drop from memory what is held of servers that were erased, by this process or by others."""
        if (version := await self._database.data_version()) == self._version:
            return
        async with self._database.snapshot() as connection:
            rows = await connection.execute_fetchall("SELECT guild_id FROM guilds")
        self._forget({int(row[0]) for row in rows})
        self._version = version

    async def seen(self, application_id: int, guild_ids: Collection[int]) -> None:
        """Note which servers a bot is in now, and so from which it was removed."""
        async with self._database.transaction() as connection:
            await departures.seen(connection, application_id, guild_ids, now=time.time())

    async def deserted(self, *, days: float) -> tuple[int, ...]:
        """Return the servers from which the bot was removed so many days ago."""
        async with self._database.snapshot() as connection:
            return await departures.due(connection, before=time.time() - days * DAY)

    async def about(self, guild_id: int, member_id: int) -> dict[str, int]:
        """Return how much of a server's is kept with a member's id, by what it is told as."""
        async with self._database.snapshot() as connection:
            return await members.kept(connection, guild_id, member_id)

    async def forget_member(self, guild_id: int, member_id: int) -> dict[str, int]:
        """Delete a member's own rows of a server, and the member's id in all others; return how much that was."""
        async with self._database.transaction() as connection:
            found = await members.kept(connection, guild_id, member_id)
            await members.forget(connection, guild_id, member_id)
        return found
