"""The likenesses of the guilds that were asked last, in memory under the budget of the indexes."""

import threading
from collections import OrderedDict

from store.database import Reader
from store.index.directory import GuildIndex
from store.index.indexes import Indexes
from store.meaning.encoder import Meaning
from store.meaning.likeness import Likeness, refresh


class Likenesses:
    """One likeness a guild, each as some question saw it; questions in several threads share them."""

    def __init__(self, budget: int, indexes: Indexes) -> None:
        """Keep likenesses of up to `budget` bytes together with the indexes, and at least the one asked last."""
        self._budget = budget
        self._indexes = indexes
        self._held: OrderedDict[int, Likeness] = OrderedDict()
        self._holding = threading.RLock()
        self._loading: dict[int, threading.Lock] = {}

    async def get(self, connection: Reader, guild_id: int, index: GuildIndex, meaning: Meaning) -> Likeness:
        """Return the guild's likeness by a question's model, as `connection` sees its library and `index` is.

        Raises:
            VectorsError: some vectors are damaged.
            DatabaseError: the database can't be read.
        """
        with self._loading.setdefault(guild_id, threading.Lock()):  # what one question loads, the others find
            held = self._held.get(guild_id, Likeness())
            found = await refresh(connection, guild_id, meaning, index, held)
            with self._holding:
                if (found.layout, found.newest) >= (held.layout, held.newest):  # as in `Indexes`
                    self._held[guild_id] = found
                    self._held.move_to_end(guild_id)
                while len(self._held) > 1 and self.nbytes + self._indexes.nbytes > self._budget:
                    self._held.popitem(last=False)
        return found

    @property
    def nbytes(self) -> int:
        """The memory of all likenesses in bytes."""
        with self._holding:
            return sum(held.nbytes for held in self._held.values())
