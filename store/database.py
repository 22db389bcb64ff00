"""Connections to the SQLite file: a writer in `transaction()` and `written()`, readers in `snapshot()`, `computed()`.

Nobody else says BEGIN or COMMIT: on a shared connection another coroutine's commit would keep a failed write.
`synchronous=FULL` makes a commit durable against power loss, and WAL lets readers go on while it is written.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from filelock import FileLock, Timeout

from store import links
from store.at_once import AtOnce, Computing, Done, Reader, Writer, aside, at_once
from store.errors import AlreadyRunningError, DatabaseError
from store.guard import BUSY_SECONDS, STEP_MS, Guard
from store.migrations import MIGRATIONS
from store.sentences import sentence

READERS = 2  # threads: of fifty questions at once, four take half as long again, and one waits for an ingest
BUSY_MS = int(BUSY_SECONDS * 1000)
TRUNCATING = 20  # tries to empty the log, which wait for readers as long as for a lock together
MOST_PAGES = 16_384  # in the write-ahead log, when whoever writes moves them, because nobody did it in between

_SENTENCES = {
    sqlite3.SQLITE_FULL: sentence("The disk is full: nothing was changed; free some space and try again."),
    sqlite3.SQLITE_IOERR: sentence(
        "The disk could not be read or written: nothing was changed; check it and try again."
    ),
    sqlite3.SQLITE_READONLY: sentence("The database can't be written: check the permissions of its file and folder."),
    sqlite3.SQLITE_CANTOPEN: sentence("The database can't be opened: check that its folder exists and may be written."),
    sqlite3.SQLITE_BUSY: sentence("The database is busy with another process; try again in a moment."),
    sqlite3.SQLITE_NOTADB: sentence("The database file isn't a Verbatim database; choose another file."),
    sqlite3.SQLITE_CORRUPT: sentence("The database file is damaged; restore it from a backup."),
}

T = TypeVar("T")

__all__ = ["Alone", "Computing", "Database", "Done", "Reader", "Writer", "aside", "at_once", "bot_lock", "known_errors"]


class Database:
    """An open database; made by `opened`."""

    def __init__(
        self, writer: "_Thread", readers: list["_Thread"], watcher: "_Thread", guard: Guard | None = None
    ) -> None:
        self._guard = guard or Guard(Path())
        self._writer = writer
        self._watcher = watcher
        self._writing = asyncio.Lock()
        self._readers = readers
        self._reading = asyncio.Semaphore(len(readers))

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path) -> AsyncIterator["Database"]:
        """Open the file, bring its schema up to date, and close every connection at the end.

        Raises:
            DatabaseError: it can't be opened, isn't a database, or is newer than this program.
        """
        async with AsyncExitStack() as stack:
            with known_errors():
                # A connection that aiosqlite can't open leaves a thread behind that fails after the loop has ended.
                await asyncio.to_thread(lambda: sqlite3.connect(path).close())
                guard = Guard(path)
                writer = _Thread.of(path, guard)
                await stack.enter_async_context(writer)
                for pragma in (
                    "journal_mode=WAL",
                    "synchronous=FULL",
                    "foreign_keys=ON",
                    "secure_delete=ON",  # in an ingest too it takes no time that could be measured
                    f"wal_autocheckpoint={MOST_PAGES}",
                    f"busy_timeout={BUSY_MS}",
                ):
                    await writer.execute(f"PRAGMA {pragma}")
                await _migrate(writer)
                readers = []
                for _ in range(READERS + 1):
                    reader = _Thread.of(path, guard)
                    await stack.enter_async_context(reader)
                    await reader.execute(f"PRAGMA busy_timeout={BUSY_MS}")
                    await reader.execute("PRAGMA query_only=ON")
                    await reader.execute_fetchall("PRAGMA data_version")  # opens the log
                    readers.append(reader)
                watcher = readers.pop()
                guard.hold()
                await writer.execute_fetchall(f"PRAGMA busy_timeout={STEP_MS}")
                database = cls(writer, readers, watcher, guard)
            stack.push_async_callback(database.save)
            stack.callback(guard.close)
            yield database

    @classmethod
    @asynccontextmanager
    async def still(cls, path: Path) -> AsyncIterator["Database"]:
        """Open a file that nobody writes, a backup, as it is: nothing is written to it, or made beside it.

        Raises:
            DatabaseError: it can't be opened.
        """
        async with AsyncExitStack() as stack:
            with known_errors():
                connections = [_Thread.unwritten(path) for _ in range(3)]
                for connection in connections:
                    await stack.enter_async_context(connection)
            writer, reader, watcher = connections
            yield cls(writer, [reader], watcher)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Hold the only writer; everything written inside is kept whole, or not at all if anything is raised.

        Raises:
            DatabaseError: the database is full, busy or can't be written.
        """
        async with self._writing:
            with known_errors():
                try:
                    await self._writer.begin()
                    yield self._writer
                    await self._writer.commit()
                except BaseException:
                    # Queued behind a BEGIN that was cancelled while it waited; without a transaction it does nothing.
                    await asyncio.shield(self._writer.rollback())
                    raise

    async def written(self, work: Callable[[Writer], Coroutine[Any, Any, T]]) -> T:
        """Do work that writes in the writer's thread, as `computed` does what reads; keep it whole, or not at all.

        It goes on where whoever waits for it is cancelled.

        Raises:
            DatabaseError: the database is full, busy or can't be written.
        """
        async with self._writing:
            with known_errors():
                return await self._writer.written(work)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """Hold a reader that sees the database as it is at its first SELECT, whatever is written meanwhile."""
        async with self._reader() as reader:
            try:
                await reader.snapshot()
                yield reader
            finally:
                await asyncio.shield(reader.rollback())

    async def computed(self, work: Callable[[Reader], Coroutine[Any, Any, T]]) -> T:
        """Do work that reads and computes, in a reader's thread and one read transaction.

        What the work awaits is done at once, so a question changes threads once and not at each of its statements;
        it can't await anything but its statements.
        """
        async with self._reader() as reader:
            return await reader.computed(work)

    async def data_version(self) -> int:
        """Return a number that is another one once anything was committed, by this process or by others.

        SQLite keeps it in the shared memory of the log, so no table is read (its documentation, PRAGMA data_version).
        """
        with known_errors():
            return await self._watcher.data_version()

    async def checkpoint(self) -> None:
        """Move what was written from the log to its place, beside readers and the writer, so that neither has to.

        Raises:
            DatabaseError: the database can't be written.
        """
        async with self._reader() as reader:
            await reader.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")

    async def vacuum(self) -> None:
        """Write the file anew without what was deleted, and empty the log, so that neither holds any of it.

        Writers wait meanwhile, readers don't.

        Raises:
            DatabaseError: there is no room for a second copy, or somebody reads or writes for long.
        """
        async with self._writing:
            with known_errors():
                await self._writer.alone("VACUUM", BUSY_MS)
        for _ in range(TRUNCATING):
            async with self._writing:
                with known_errors():
                    statement = "PRAGMA wal_checkpoint(TRUNCATE)"
                    ((busy, *_),) = await self._writer.alone(statement, BUSY_MS // TRUNCATING)
            if not busy:
                return
            await asyncio.sleep(0.2)  # writers go on; another checkpoint isn't waited for
        raise DatabaseError(_SENTENCES[sqlite3.SQLITE_BUSY])

    async def files(self) -> list[Path]:
        """Return the database's files that are there: itself, its log, and the log's index."""
        async with self._reader() as reader:
            ((_, _, name),) = await reader.execute_fetchall("PRAGMA database_list")
        return [path for suffix in ("", "-wal", "-shm") if (path := Path(f"{name}{suffix}")).exists()]

    async def save(self) -> None:
        """Move what is in the log to its place, where the files are no longer at theirs: nobody else would.

        A log that is left there is taken by SQLite for the log of the next database at the path, which it damages.
        """
        try:
            self._guard.look()
        except DatabaseError:
            with contextlib.suppress(sqlite3.Error):  # of a disk that is gone too
                await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def replaced(self) -> None:
        """Return once another database is in the place of this one, and can be opened."""
        await self._guard.replaced(self.save)

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator["_Thread"]:
        """Hold a reader; where its work was cancelled, what the next holder does waits for its thread."""
        async with self._reading:
            reader = self._readers.pop()
            try:
                with known_errors():
                    yield reader
            finally:
                self._readers.append(reader)


class _Thread(aiosqlite.Connection):
    """A connection in whose own thread whole work can be done."""

    _guard = Guard(Path())  # which watches over nothing

    @classmethod
    def of(cls, path: Path, guard: Guard) -> "_Thread":
        thread = cls(lambda: sqlite3.connect(path, isolation_level=None), iter_chunk_size=64)
        thread._guard = guard
        return thread

    async def begin(self) -> None:
        await self._execute(lambda: self._guard.write(self._conn))  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        await self._execute(lambda: self._guard.commit(self._conn))  # type: ignore[no-untyped-call]

    async def snapshot(self) -> None:
        await self._execute(lambda: self._guard.read(self._conn))  # type: ignore[no-untyped-call]

    async def data_version(self) -> int:
        version: int = await self._execute(lambda: self._guard.version(self._conn))  # type: ignore[no-untyped-call]
        return version

    async def alone(self, statement: str, busy_ms: int) -> list[sqlite3.Row]:
        rows: list[sqlite3.Row]
        rows = await self._execute(lambda: self._guard.alone(self._conn, statement, busy_ms))  # type: ignore[no-untyped-call]
        return rows

    @classmethod
    def unwritten(cls, path: Path) -> "_Thread":
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return cls(lambda: sqlite3.connect(address, uri=True, isolation_level=None), iter_chunk_size=64)

    async def computed(self, work: Callable[[Reader], Coroutine[Any, Any, T]]) -> T:
        result: T = await self._execute(self._compute, work)  # type: ignore[no-untyped-call]
        return result

    async def written(self, work: Callable[[Writer], Coroutine[Any, Any, T]]) -> T:
        result: T = await self._execute(self._write, work)  # type: ignore[no-untyped-call]
        return result

    def _compute(self, work: Callable[[Reader], Coroutine[Any, Any, T]]) -> T:
        return _computed(self._conn, work, self._guard)

    def _write(self, work: Callable[[Writer], Coroutine[Any, Any, T]]) -> T:
        self._guard.write(self._conn)
        try:
            result = at_once(work(AtOnce(self._conn)))
            self._guard.commit(self._conn)
        except BaseException:
            self._conn.rollback()
            raise
        return result


class Alone:
    """A reader of a process that does one thing at a time: what it computes is done at once."""

    def __init__(self, path: Path) -> None:
        """Open a database that another process keeps up to date.

        Raises:
            DatabaseError: it can't be opened.
        """
        self._guard = Guard(path)
        with known_errors():
            existing = f"{path.absolute().as_uri()}?mode=rw"  # one that is gone isn't made anew
            self._connection = sqlite3.connect(existing, isolation_level=None, uri=True)
            self._connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            self._connection.execute("PRAGMA query_only=ON")
            self._guard.hold()

    async def computed(self, work: Callable[[Reader], Coroutine[Any, Any, T]]) -> T:
        """Do work that reads and computes, in one read transaction, without awaiting anything."""
        with known_errors():
            return _computed(self._connection, work, self._guard)


def _computed(connection: sqlite3.Connection, work: Callable[[Reader], Coroutine[Any, Any, T]], guard: Guard) -> T:
    guard.read(connection)
    try:
        return at_once(work(AtOnce(connection)))
    finally:
        connection.rollback()


@contextmanager
def bot_lock(path: Path) -> Iterator[None]:
    """Keep a second process from running as the bot with the same database: both would answer.

    Raises:
        AlreadyRunningError: another process holds the lock.
        DatabaseError: the lock file can't be made.
    """
    if not path.parent.is_dir():  # the lock would make it, and of a mistyped path a new database
        raise DatabaseError("The database's folder isn't there: {folder}.", folder=path.parent)
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyRunningError(
            "Another bot already runs with the database {path}; stop it first, or give this one its own database.",
            path=path,
        ) from error
    except OSError as error:
        raise DatabaseError(
            "The database's folder can't be written: {why}: {folder}.", why=error.strerror, folder=path.parent
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_running(path: Path) -> bool:
    """Whether a bot runs with a database; asking takes the lock for an instant, and makes none where there is none."""
    file = path.with_name(f"{path.name}.lock")
    if not file.exists():
        return False
    try:
        with bot_lock(path):
            return False
    except AlreadyRunningError:
        return True


@contextmanager
def known_errors() -> Iterator[None]:
    """Turn what SQLite reports about disk, file and locks into a sentence; a bug in a statement stays a bug."""
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if (said := _SENTENCES.get(primary)) is None:
            raise
        raise DatabaseError(said) from error


async def _migrate(writer: aiosqlite.Connection) -> None:
    version = await _version(writer)
    if version > len(MIGRATIONS):
        raise DatabaseError(
            "The database was written by a newer Verbatim (schema {version}, this one knows {known}); update the "
            "program.",
            version=version,
            known=len(MIGRATIONS),
        )
    await writer.create_function("source_of", 2, links.source, deterministic=True)
    while version < len(MIGRATIONS):
        await writer.execute("BEGIN IMMEDIATE")
        version = await _version(writer)  # another process may have been faster
        for statement in MIGRATIONS[version] if version < len(MIGRATIONS) else ():
            await writer.execute(statement)
        version = min(version + 1, len(MIGRATIONS))
        await writer.execute(f"PRAGMA user_version={version}")
        await writer.execute("COMMIT")


async def _version(connection: aiosqlite.Connection) -> int:
    async with connection.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])
