"""A database as it is at one moment, copied into one file of its own by SQLite's online backup; and what a file holds.

The copy reads in one read transaction, so in WAL mode nobody who writes waits for it, and what they write never makes
it begin anew, as it would between steps without one. A copy keeps no log beside it: it is in rollback mode, until a bot
opens it.
"""

import asyncio
import errno
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.database import BUSY_MS
from store.migrations import MIGRATIONS

PAGES = 256  # copied between two looks at whether it is given up: a megabyte
PRIVATE = 0o600
LOGS = ("-wal", "-journal", "-shm")  # what SQLite keeps beside a database that is open, or was when its process ended
TABLES = frozenset({"guilds", "transcripts", "cues"})  # that every Verbatim has made

Progress = Callable[[int, int], None]  # how many bytes are copied, of how many

_ERRNO = {
    errno.ENOSPC: "its disk is full: free some space",
    errno.EDQUOT: "its disk is full for this user: free some space",
    errno.EROFS: "it is read-only: choose another one",
    errno.EACCES: "this user may not write there: change that, or choose another one",
    errno.EPERM: "this user may not write there: change that, or choose another one",
    errno.ENOENT: "it isn't there: make it, or choose another one",
    errno.ENOTDIR: "it is no folder: choose another one",
}


class BackupError(Exception):
    """A backup can't be made or restored: one sentence for the operator, in English; what was there before stays."""


@dataclass(frozen=True, slots=True)
class Holds:
    """What a database holds: how much of what, when the last was ingested, in which schema, in how many bytes."""

    transcripts: int
    servers: int
    newest: datetime | None
    schema: int
    size: int

    @property
    def is_current(self) -> bool:
        """Whether its schema is this program's."""
        return self.schema == len(MIGRATIONS)


def held(connection: sqlite3.Connection) -> Holds | None:
    """Return what the database of a connection holds; None where it is no Verbatim's.

    Raises:
        sqlite3.Error: it can't be read.
    """
    names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    ((schema,),) = connection.execute("PRAGMA user_version").fetchall()
    if not names >= TABLES or schema < 1:
        return None
    ((count, guilds, newest),) = connection.execute(
        "SELECT count(*), count(DISTINCT guild_id), max(ingested_at) FROM transcripts"
    ).fetchall()
    ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
    ((page,),) = connection.execute("PRAGMA page_size").fetchall()
    return Holds(count, guilds, datetime.fromisoformat(newest) if newest else None, schema, pages * page)


def living(path: Path) -> sqlite3.Connection:
    """Connect to a database that others may be writing, only to read it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA query_only=ON")
    return connection


def still(path: Path) -> sqlite3.Connection:
    """Connect to a file that is to stay as it is, also where it can't be written; with its log, where it has one."""
    alone = not Path(f"{path}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return connection


async def copy(
    connect: Callable[[], sqlite3.Connection], target: Path, *, progress: Progress | None = None
) -> Holds | None:
    """Copy what a connection sees into a new file, beside the event loop; return what it holds, None if no Verbatim's.

    Of what is no Verbatim's nothing is copied. Whoever is cancelled leaves nothing at work.

    Raises:
        sqlite3.Error: the one can't be read, or the other not written.
        OSError: the file can't be made, or has no room.
    """
    stopped = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(_copy, connect, target, stopped, progress))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        stopped.set()
        with suppress(Exception):
            await work
        raise


class _GivenUpError(Exception):
    """Whoever wanted the copy is gone."""


def _copy(
    connect: Callable[[], sqlite3.Connection], target: Path, stopped: threading.Event, progress: Progress | None
) -> Holds | None:
    with closing(connect()) as source:
        source.execute("BEGIN")
        if (found := held(source)) is None:
            return None
        _make_room(target.parent, found.size)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
        page = found.size // max(1, source.execute("PRAGMA page_count").fetchone()[0])

        def went(_: int, left: int, total: int) -> None:
            if stopped.is_set():
                raise _GivenUpError
            if progress is not None:
                progress((total - left) * page, total * page)

        with closing(sqlite3.connect(target, isolation_level=None)) as copied:
            copied.execute("PRAGMA journal_mode=OFF")  # a half copy is thrown away,
            copied.execute("PRAGMA synchronous=OFF")  # and a whole one is synced at the end
            source.backup(copied, pages=PAGES, progress=went)
            ((mode,),) = copied.execute("PRAGMA journal_mode=DELETE").fetchall()
            assert mode == "delete"
        synced(target)
        return found


def _make_room(folder: Path, size: int) -> None:
    """Refuse what surely has no room, before hours are spent on it."""
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def synced(path: Path) -> None:
    """Let a file, or the names in a folder, survive a power loss."""
    if sys.platform == "win32" and path.is_dir():
        return  # which can't open one
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cleared(path: Path) -> None:
    """Delete a file of ours with what SQLite may keep beside it, where they are there."""
    for suffix in ("", *LOGS):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def errors_told(source: Path, folder: Path, after: str) -> Iterator[None]:
    """Turn what goes wrong with a database and the folder of its copy into a sentence, and say what that left.

    Raises:
        BackupError: something went wrong; a bug in a statement stays a bug.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        why = {
            sqlite3.SQLITE_FULL: f"The disk of {folder} is full: free some space, and try again",
            sqlite3.SQLITE_IOERR: f"{source} can't be read, or {folder} not written: check their disks, and try again",
            sqlite3.SQLITE_BUSY: f"{source} is busy with another process: try again in a moment",
            sqlite3.SQLITE_READONLY: f"{folder} can't be written: change that, or choose another one",
            sqlite3.SQLITE_CANTOPEN: f"{source} can't be opened: check who may read it",
            sqlite3.SQLITE_PERM: f"{source} can't be opened: check who may read it",
            sqlite3.SQLITE_NOTADB: f"{source} is no database: choose another file",
            sqlite3.SQLITE_CORRUPT: f"{source} is damaged ({error}): restore the newest backup that is well",
        }.get(code)
        if why is None:
            raise
        raise BackupError(f"{why}. {after}") from error
    except OSError as error:
        why = _ERRNO.get(error.errno or 0, f"{error.strerror}: check it")
        named = folder if folder.name else folder.absolute()  # rather than "."
        raise BackupError(f"{named} can't be written: {why}, and try again. {after}") from error
