"""Work that is done at once in a connection's thread, and what it sees of the connection.

It is written with `await`, so the same SQL serves the event loop; but it changes threads once, not at each statement.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Reader(Protocol):
    """A connection as whatever only reads sees it."""

    async def execute_fetchall(self, sql: str, parameters: Iterable[Any] | None = None) -> Iterable[sqlite3.Row]:
        """Run a statement and return all of its rows."""


class Done(Protocol):
    """What a statement did."""

    @property
    def lastrowid(self) -> int | None:
        """The id of the row that it inserted last."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""


class Writer(Reader, Protocol):
    """A connection as whatever writes sees it."""

    def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Awaitable[Done]:
        """Run a statement."""

    def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Awaitable[Done]:
        """Run a statement once for each of some rows of parameters."""


class Computing(Protocol):
    """What does work that reads."""

    async def computed(self, work: Callable[[Reader], Coroutine[Any, Any, T]]) -> T:
        """Do work that reads and computes, in one read transaction."""


class AtOnce:
    """A connection whose statements are done when they are awaited."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def execute_fetchall(self, sql: str, parameters: Iterable[Any] | None = None) -> Iterable[sqlite3.Row]:
        """Run a statement and return all of its rows."""
        given: Any = () if parameters is None else parameters
        return self._connection.execute(sql, given).fetchall()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> sqlite3.Cursor:
        """Run a statement."""
        given: Any = () if parameters is None else parameters
        return self._connection.execute(sql, given)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> sqlite3.Cursor:
        """Run a statement once for each of some rows of parameters."""
        given: Any = parameters
        return self._connection.executemany(sql, given)


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Do work that awaits nothing but what is done at once, without an event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        work.close()
    raise RuntimeError("work in a connection's thread can await nothing but its statements")


async def aside(compute: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Compute beside the event loop: in another thread, or here where a connection's thread does the work at once."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return compute(*args, **kwargs)
    return await asyncio.to_thread(compute, *args, **kwargs)
