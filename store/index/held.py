"""What is in memory of the guilds that were asked last, under a budget: the least recently asked make room."""

import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What takes memory, and of which there are newer and older ones."""

    @property
    def nbytes(self) -> int:
        """Its memory in bytes."""

    @property
    def age(self) -> tuple[int, ...]:
        """What is greater the newer the library is that it was read from."""


T = TypeVar("T", bound=Sized)


class Held(Generic[T]):
    """One value a guild, each as some question saw it; questions in several threads share them."""

    def __init__(self, empty: Callable[[], T], budget: int, *, beside: Callable[[], int] = lambda: 0) -> None:
        """Keep values of up to `budget` bytes together with what is `beside` them, and at least the one asked last.

        A guild's first one is made of an `empty` one.
        """
        self._empty = empty
        self._budget = budget
        self._beside = beside
        self._held: OrderedDict[int, T] = OrderedDict()
        self._holding = threading.RLock()
        self._loading: dict[int, threading.Lock] = {}

    async def refreshed(self, guild_id: int, refresh: Callable[[T], Awaitable[T]]) -> T:
        """Return a guild's value, brought up to date by `refresh`, which is handed the one that is held."""
        with self._loading.setdefault(guild_id, threading.Lock()):  # what one question loads, the others find
            held = self._held.get(guild_id, self._empty())
            found = await refresh(held)
            with self._holding:
                if not any(found.age):  # the guild was erased, or nothing was ever ingested
                    self._held.pop(guild_id, None)
                elif found.age >= held.age:  # an older question's is of no use to the next
                    self._held[guild_id] = found
                    self._held.move_to_end(guild_id)
                while len(self._held) > 1 and self.nbytes + self._beside() > self._budget:
                    self._held.popitem(last=False)
        return found

    def keep(self, guild_ids: Collection[int]) -> None:
        """Drop what is held of all guilds but these."""
        with self._holding:
            for guild_id in self._held.keys() - set(guild_ids):
                del self._held[guild_id]

    @property
    def nbytes(self) -> int:
        """The memory of all values in bytes."""
        with self._holding:
            return sum(held.nbytes for held in self._held.values())
