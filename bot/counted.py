"""A library of which it is counted what is asked and ingested, whoever does: a command, a form, a feed."""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Protocol

from store.errors import DatabaseError, StoreError
from store.formats.archive import Packed
from store.library import Library
from store.models import Answer, Filters, Ingested


class Counting(Protocol):
    """What counts."""

    def question(self, outcome: str, seconds: float) -> None:
        """Count a question."""

    def ingest(self, outcome: str) -> None:
        """Count a file."""


class Counted(Library):
    """A library that tells `counting` of each question and each file."""

    counting: Counting | None = None

    async def ask(
        self,
        guild_id: int,
        question: str,
        *,
        limit: int | None = None,
        filters: Filters | None = None,
        page: int = 0,
    ) -> Answer:
        """Answer a question, and count it; its further pages are no questions."""
        began, outcome = time.perf_counter(), "failed"
        try:
            answer = await super().ask(guild_id, question, limit=limit, filters=filters, page=page)
            outcome = "nothing" if not answer.quotes else "closest" if answer.not_found else "found"
        except StoreError as error:
            outcome = failed(error)
            raise
        finally:
            if self.counting is not None and not page:
                self.counting.question(outcome, time.perf_counter() - began)
        return answer

    async def ingest(self, guild_id: int, data: bytes, name: str, **options: Any) -> Ingested:
        """Ingest a file, and count it."""
        outcome = "failed"
        try:
            done = await super().ingest(guild_id, data, name, **options)
            outcome = done.outcome.value
        except StoreError as error:
            outcome = failed(error)
            raise
        finally:
            self._ingested(outcome)
        return done

    async def ingest_all(
        self, guild_id: int, files: AsyncIterator[Packed | StoreError], *, count: int, **options: Any
    ) -> AsyncGenerator[tuple[Packed | StoreError, Ingested | StoreError], None]:
        """Ingest files, and count each."""
        async for file, done in super().ingest_all(guild_id, files, count=count, **options):
            self._ingested(failed(done) if isinstance(done, StoreError) else done.outcome.value)
            yield file, done

    def _ingested(self, outcome: str) -> None:
        if self.counting is not None:
            self.counting.ingest(outcome)


def failed(error: StoreError) -> str:
    """Return what became of what ended in an error: it can't be done, or the database is in trouble."""
    return "trouble" if isinstance(error, DatabaseError) else "refused"
