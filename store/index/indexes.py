"""The indexes of the guilds that were asked last, in memory under one budget."""

import threading
from collections import OrderedDict

from store.database import Reader
from store.index import postings
from store.index.directory import GuildIndex


class Indexes:
    """One index a guild, each as some question saw it; questions in several threads share them."""

    def __init__(self, budget: int) -> None:
        """Keep indexes of up to `budget` bytes together, and at least the one that was asked last."""
        self._budget = budget
        self._held: OrderedDict[int, GuildIndex] = OrderedDict()
        self._holding = threading.RLock()
        self._loading: dict[int, threading.Lock] = {}

    async def get(self, connection: Reader, guild_id: int) -> GuildIndex:
        """Return the guild's index as `connection` sees its library; the least recently asked ones make room for it.

        Raises:
            DatabaseError: the stored index is damaged, or the database can't be read.
        """
        with self._loading.setdefault(guild_id, threading.Lock()):  # what one question loads, the others find
            held = self._held.get(guild_id, GuildIndex())
            index = await postings.refresh(connection, guild_id, held)
            with self._holding:
                if index.layout >= held.layout:  # an older question's is of no use to the next
                    self._held[guild_id] = index
                    self._held.move_to_end(guild_id)
                while len(self._held) > 1 and self.nbytes > self._budget:
                    self._held.popitem(last=False)
        return index

    @property
    def nbytes(self) -> int:
        """The memory of all indexes in bytes."""
        with self._holding:
            return sum(index.nbytes for index in self._held.values())
