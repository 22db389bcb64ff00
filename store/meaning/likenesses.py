"""The likenesses of the guilds that were asked last, in memory under the budget of the indexes."""

from store.database import Reader
from store.index.directory import GuildIndex
from store.index.held import Held
from store.index.indexes import Indexes
from store.meaning.encoder import Meaning
from store.meaning.likeness import Likeness, refresh


class Likenesses(Held[Likeness]):
    """One likeness a guild."""

    def __init__(self, budget: int, indexes: Indexes) -> None:
        """Keep likenesses of up to `budget` bytes together with the indexes, and at least the one asked last."""
        super().__init__(Likeness, budget, beside=lambda: indexes.nbytes)

    async def get(self, connection: Reader, guild_id: int, index: GuildIndex, meaning: Meaning) -> Likeness:
        """Return the guild's likeness by a question's model, as `connection` sees its library and `index` is.

        Raises:
            VectorsError: some vectors are damaged.
            DatabaseError: the database can't be read.
        """
        return await self.refreshed(guild_id, lambda held: refresh(connection, guild_id, meaning, index, held))
