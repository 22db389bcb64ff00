"""A backup put in the place of the database, whole or not at all, and the one that was there kept aside.

The backup is copied beside the database, migrated, verified, and renamed over it. The present one is first made one
file without a log, which SQLite only does where nobody else has it open, and held until the other stands in its place:
what is opened after that is the new one, and what was opened before can't write (SQLITE_READONLY_DBMOVED). So no log of
the old one is ever read with the new one, whenever the process is killed.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.database import Database
from store.errors import StoreError
from store.meaning.encoder import Encoder
from store.migrations import MIGRATIONS
from store.models import Problem
from store.upkeep import checking
from store.upkeep.backup import STAMP
from store.upkeep.carrying import Carried, carry
from store.upkeep.copying import (
    LOGS,
    PRIVATE,
    BackupError,
    Holds,
    Progress,
    cleared,
    copy,
    errors_told,
    held,
    living,
    still,
    synced,
)

UNTOUCHED = "The database is as it was."
PATIENCE_MS = 3000  # for a process that is just closing the database
NAMED = 3  # problems in a sentence
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: where the database is `kept` that was there, what was carried over, and what can be repaired."""

    kept: Path | None
    carried: Carried
    problems: tuple[Problem, ...]


def looked_at(file: Path, path: Path) -> Holds:
    """Return what a backup holds that is to be put in the place of the database at `path`.

    Raises:
        BackupError: it isn't there, is no Verbatim database or that very one, or is newer than this program.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file} to restore. {UNTOUCHED}")
    if path.exists() and file.samefile(path):
        raise BackupError(f"{file} is the database itself: choose one of its backups.")
    try:
        with closing(still(file)) as connection:
            holds = held(connection)
    except sqlite3.Error as error:
        raise BackupError(f"{file} can't be read as a database ({error}): choose another one. {UNTOUCHED}") from error
    if holds is None:
        raise BackupError(f"{file} is no Verbatim database: choose another one. {UNTOUCHED}")
    if holds.schema > len(MIGRATIONS):
        raise BackupError(
            f"{file} was written by a newer Verbatim (schema {holds.schema}, this one knows {len(MIGRATIONS)}): update "
            f"the program first. {UNTOUCHED}"
        )
    return holds


def present(path: Path) -> Holds | None:
    """Return what the database holds that is there; None where there is none, or none that can be read."""
    if not path.is_file():
        return None
    try:
        with closing(living(path)) as connection:
            return held(connection)
    except sqlite3.Error:
        return None


async def restore(
    file: Path,
    path: Path,
    encoder: Encoder | None = None,
    *,
    copied: Progress | None = None,
    checked: checking.Progress | None = None,
) -> Restored:
    """Put a backup in the place of the database at `path`, for which the caller holds the bot's lock.

    Raises:
        BackupError: the backup can't be used, or the database not replaced, which then is as it was.
    """
    looked_at(file, path)
    new = path.with_name(f"{path.name}.restoring")
    with errors_told(file, path.parent, UNTOUCHED):
        _sweep(path)
        try:
            cleared(new)
            await copy(lambda: still(file), new, progress=copied)
            problems = await _verified(file, new, encoder, checked)
            with errors_told(path, path.parent, UNTOUCHED):
                kept, carried = replaced(new, path)
        finally:
            cleared(new)
    return Restored(kept, carried, tuple(problems))


async def _verified(
    file: Path, new: Path, encoder: Encoder | None, progress: checking.Progress | None
) -> list[Problem]:
    try:
        async with Database.opened(new) as database:  # which migrates it
            found = await checking.check(database, encoder, progress=progress)
    except StoreError as error:
        raise BackupError(f"{file} can't be used: {error} {UNTOUCHED}") from error
    if lost := [problem for problem in found if not problem.repairable]:
        named = " ".join(map(str, lost[:NAMED]))
        more = f" And {len(lost) - NAMED:,} more." if len(lost) > NAMED else ""
        raise BackupError(f"{file} is damaged in what can't be repaired: choose another one. {UNTOUCHED} {named}{more}")
    return found


def replaced(new: Path, path: Path) -> tuple[Path | None, Carried]:
    """Put a verified file in the place of the database at `path`; return where that is kept, and what was carried over.

    Killed at any moment, `path` is the one or the other, whole. Of a database that is damaged itself the log is moved
    aside with it, a moment before.

    Raises:
        BackupError: another process has the database open.
        sqlite3.Error, OSError: a file can't be read or written.
    """
    with _settled(path) as alone:
        carried = carry(new, path if alone is not None else None)
        _owned(new, path)
        synced(new)
        if alone is not None:
            _hold(alone, path)
        kept = _aside(path)
        new.replace(path)
        synced(path.parent)
    return kept, carried


@contextmanager
def _settled(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Make the present database one file without a log, and hold its connection; None where it is gone or damaged.

    Raises:
        BackupError: another process has it open.
    """
    if not path.exists():
        yield None
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        try:
            connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
            connection.execute("SELECT count(*) FROM sqlite_sequence").fetchall()
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_BUSY:
                raise _in_use(path) from error
            if code not in _DAMAGED | {sqlite3.SQLITE_ERROR}:  # the last: it has no such table, for it is no Verbatim's
                raise
            connection.close()
            yield None
            return
        yield connection


def _hold(connection: sqlite3.Connection, path: Path) -> None:
    """Let nobody open the present database any more.

    Raises:
        BackupError: somebody has, since it was settled.
    """
    try:
        ((before,),) = connection.execute("PRAGMA data_version").fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        ((mode,),) = connection.execute("PRAGMA journal_mode").fetchall()
        ((after,),) = connection.execute("PRAGMA data_version").fetchall()
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _in_use(path) from error
        raise
    if (mode, after) != ("delete", before):
        raise _in_use(path)


def _in_use(path: Path) -> BackupError:
    return BackupError(
        f"Another process uses the database {path}, such as `ingest --watch`: end it, and restore again. {UNTOUCHED}"
    )


def _aside(path: Path) -> Path | None:
    """Let the present database, and what is left of a damaged one's log, have a dated name too; return it.

    What is only left of a log goes from beside `path`, or SQLite would read it with the other database.
    """
    left = [suffix for suffix in ("", *LOGS) if Path(f"{path}{suffix}").exists()]
    if not left:
        return None
    kept = _free(path)
    for suffix in left:
        _link(Path(f"{path}{suffix}"), Path(f"{kept}{suffix}"))
    synced(path.parent)
    for suffix in left:
        if suffix:
            Path(f"{path}{suffix}").unlink()
    synced(path.parent)
    return kept if "" in left else None


def _free(path: Path) -> Path:
    stamp = f"{datetime.now(UTC):{STAMP}}"
    number = 1
    while True:
        again = f"-{number}" if number > 1 else ""
        found = path.with_name(f"{path.stem}-before-restore-{stamp}{again}{path.suffix}")
        if not any(Path(f"{found}{suffix}").exists() for suffix in ("", *LOGS)):
            return found
        number += 1


def _link(path: Path, name: Path) -> None:
    """Give a file another name; where the file system knows no links, copy it."""
    try:
        name.hardlink_to(path)
    except OSError:
        shutil.copy2(path, name)
        synced(name)


def _sweep(path: Path) -> None:
    """Take back the name that a restore gave the present database which was killed before it was replaced.

    A database with two names would have two logs.
    """
    if not path.exists() or path.stat().st_nlink < 2:
        return
    for other in path.parent.glob(f"{path.stem}-before-restore-*{path.suffix}"):
        if other.samefile(path):
            other.unlink()


def _owned(new: Path, path: Path) -> None:
    """Let the restored file be read and written by whom the present one is, and belong to them.

    Where there is none, it is for its owner alone; what the superuser makes belongs to whom the folder does.
    """
    is_there = path.exists()
    like = (path if is_there else path.parent).stat()
    new.chmod(like.st_mode & 0o777 if is_there else PRIVATE)
    if sys.platform != "win32" and os.geteuid() == 0:
        os.chown(new, like.st_uid, like.st_gid)
