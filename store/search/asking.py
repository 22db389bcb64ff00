"""What is asked of a guild's library, as one value on its way through whatever answers it."""

from dataclasses import dataclass
from typing import Protocol

from store.meaning.encoder import Meaning
from store.models import Answer, Filters


@dataclass(frozen=True, slots=True)
class Request:
    """A question of a guild: the `page`, counted from 0, of up to `limit` quotes from what `filters` leave is wanted.

    With what the question means, what is alike in `meaning` is looked for, too.
    """

    guild_id: int
    text: str
    limit: int
    filters: Filters
    page: int = 0
    meaning: Meaning | None = None


class Asking(Protocol):
    """What answers questions."""

    async def ask(self, request: Request) -> Answer:
        """Return the page of quotes that is asked for, as `Search.ask` does."""
