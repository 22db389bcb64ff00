"""How transactions begin and end: only in the files that were opened, and without waiting for a lock for ever.

SQLite goes on writing into a file that was deleted, moved away or replaced, and says that all is well; what is written
is gone with the process (https://sqlite.org/howtocorrupt.html). So before it begins and before it commits, each
transaction looks whether the files at the path are still those that were opened.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from store.errors import GoneError, ReplacedError
from store.migrations import MIGRATIONS

BUSY_SECONDS = 10.0  # for which a write waits for another process, and
IMPATIENT_SECONDS = 1.0  # where the one before has waited in vain: all writes stand in one queue
STEP_MS = 100  # of that waiting, after which it is asked whether the database is being closed
LOOK_SECONDS = 1.0  # between two looks at whether another database has come
SETTLED_SECONDS = 5.0  # for which a file must not have changed before it is opened: it may be copied just now

Identity = tuple[int, int]


class Guard:
    """Watches over the files of an open database; its methods that take a connection are called in its thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[Path, Identity] = {}
        self._patience = BUSY_SECONDS
        self._closing = False

    def hold(self) -> None:
        """Take the files that are there for those that are open; the log and its index come with the first read.

        Raises:
            GoneError: they aren't there.
        """
        self._files = {path: _identity(path) for path in _files(self._path)}

    def look(self) -> None:
        """Look whether the files are where they were.

        Raises:
            GoneError: they aren't there; where they come back, all goes on.
            ReplacedError: another file is in their place, or the log alone is gone: the database must be opened anew.
        """
        for path, identity in self._files.items():
            try:
                found = _identity(path)
            except GoneError:
                if path == self._path:
                    raise
                raise ReplacedError(
                    "A file that belongs to the database was deleted: nothing was changed; the database is opened anew "
                    "in a moment."
                ) from None
            if found != identity:
                raise ReplacedError(
                    "Another file has taken the database's place: nothing was changed; it is opened in a moment."
                )

    def read(self, connection: sqlite3.Connection) -> None:
        """Begin to read.

        Raises:
            DatabaseError: the files aren't where they were.
        """
        self.look()
        connection.execute("BEGIN")

    def write(self, connection: sqlite3.Connection) -> None:
        """Begin to write, once no other process does.

        Raises:
            DatabaseError: the files aren't where they were.
            sqlite3.OperationalError: another process writes and writes, or the database is being closed.
        """
        until = time.monotonic() + self._patience
        while True:
            self.look()
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if self._closing or time.monotonic() >= until:
                    self._patience = IMPATIENT_SECONDS
                    raise
            else:
                self._patience = BUSY_SECONDS
                return

    def commit(self, connection: sqlite3.Connection) -> None:
        """Commit what was written.

        Raises:
            DatabaseError: the files aren't where they were; nothing is committed.
        """
        self.look()
        connection.execute("COMMIT")

    def alone(self, connection: sqlite3.Connection, statement: str, busy_ms: int) -> list[sqlite3.Row]:
        """Run a statement that stands in no transaction, and wait so long for other processes; return its rows.

        Raises:
            DatabaseError: the files aren't where they were.
        """
        self.look()
        connection.execute(f"PRAGMA busy_timeout={busy_ms}")
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.execute(f"PRAGMA busy_timeout={STEP_MS}")  # or a write would wait for all of it, deaf to a close

    def version(self, connection: sqlite3.Connection) -> int:
        """Return what PRAGMA data_version says.

        Raises:
            DatabaseError: the files aren't where they were.
        """
        self.look()
        ((version,),) = connection.execute("PRAGMA data_version").fetchall()
        return int(version)

    def close(self) -> None:
        """Wait for no other process any more."""
        self._closing = True

    async def replaced(self, save: Callable[[], Awaitable[None]]) -> None:
        """Return once another database is in the place of the one that is open, whole, and can be opened.

        Whenever the files are no longer where they were, `save` is called.
        """
        before: tuple[object, ...] | None = None
        since, lost = time.monotonic(), False
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            is_lost, state = await asyncio.to_thread(self._successor)
            if is_lost and not lost:
                await save()
            lost = is_lost
            if state != before:
                before, since = state, time.monotonic()
            elif state is not None and time.monotonic() - since >= SETTLED_SECONDS:
                if await asyncio.to_thread(self._is_usable):
                    return
                since = time.monotonic()

    def _successor(self) -> tuple[bool, tuple[object, ...] | None]:
        """Say whether the files are no longer where they were, and what changes while a file that came does."""
        try:
            self.look()
        except GoneError:
            return True, None
        except ReplacedError:
            with contextlib.suppress(OSError):
                found = self._path.stat()
                return True, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
            return True, None
        return False, None

    def _is_usable(self) -> bool:
        """Whether the database that has come is whole, and one that this program knows."""
        log = _files(self._path)[1]
        try:
            if _identity(self._path) == self._files[self._path]:
                return True  # its log alone is gone, and what stood in it is saved
            if log.exists() and _identity(log) != self._files[log]:
                return True  # with a log of its own, without which it can't be judged
            address = f"{self._path.absolute().as_uri()}?immutable=1"  # not with our own log, if that is still there
            with contextlib.closing(sqlite3.connect(address, uri=True)) as new:
                ((version,),) = new.execute("PRAGMA user_version").fetchall()
                ((sound,),) = new.execute("PRAGMA quick_check(1)").fetchall()
        except (sqlite3.Error, GoneError):
            return False
        return 0 < int(version) <= len(MIGRATIONS) and sound == "ok"


def _files(path: Path) -> tuple[Path, ...]:
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _identity(path: Path) -> Identity:
    try:
        found = path.stat()
    except OSError as error:  # deleted, its folder moved, its disk unmounted or broken
        raise GoneError(
            "The database is not where it was: nothing was changed; once its file or disk is back, all goes on."
        ) from error
    return found.st_dev, found.st_ino
