"""The indexes of the guilds that were asked last, in memory under one budget."""

from store.database import Reader
from store.index import postings
from store.index.directory import GuildIndex
from store.index.held import Held


class Indexes(Held[GuildIndex]):
    """One index a guild."""

    def __init__(self, budget: int) -> None:
        """Keep indexes of up to `budget` bytes together, and at least the one that was asked last."""
        super().__init__(GuildIndex, budget)

    async def get(self, connection: Reader, guild_id: int) -> GuildIndex:
        """Return the guild's index as `connection` sees its library; the least recently asked ones make room for it.

        Raises:
            DatabaseError: the stored index is damaged, or the database can't be read.
        """
        return await self.refreshed(guild_id, lambda held: postings.refresh(connection, guild_id, held))
