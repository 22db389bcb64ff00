"""A backup: a copy of the database beside a running bot, verified, and then given its name; the newest, the oldest.

A backup in a folder is called by its database and the moment that it shows, in UTC, so that names sort by time. When
the last good one was made is read from these names (`newest`): what has such a name was verified, whoever made it.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.database import Database
from store.errors import StoreError
from store.meaning.encoder import Encoder
from store.models import Problem
from store.upkeep import checking
from store.upkeep.copying import PRIVATE, BackupError, Holds, Progress, cleared, copy, errors_told, living, synced

STAMP = "%Y-%m-%dT%H%M%SZ"
HALF = ".part"  # of a copy that isn't verified yet
HALF_SECONDS = 24 * 3600.0  # after which a half copy is surely nobody's: its process was killed
MAGIC = b"SQLite format 3\0"  # https://sqlite.org/fileformat.html
UNTOUCHED = "No backup was made; those that are there, and the database, are as they were."


@dataclass(frozen=True, slots=True)
class Named:
    """A backup in a folder, and the moment that it shows."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made; times in seconds.

    `problems` can be repaired, and nothing is lost by them. Of an earlier version's database only the file was checked.
    """

    path: Path
    holds: Holds
    copying: float
    checking: float
    problems: tuple[Problem, ...] = ()


def dated(folder: Path, database: Path, at: datetime) -> Path:
    """Return where a backup of this moment is kept."""
    return folder / f"{database.stem}-{at.astimezone(UTC):{STAMP}}.db"


def is_dated(path: Path, database: Path) -> bool:
    """Whether a file is called as the dated backups of a database are."""
    return _moment(path, database) is not None


def folder_made(folder: Path, database: Path) -> Path:
    """Make the folder of the backups where it is beside its database, for this user alone; return it.

    Another one has to be there: what isn't may be a disk that isn't mounted, and would be made in its place.

    Raises:
        BackupError: it can't be made.
    """
    if folder.parent == database.parent and not folder.is_dir() and database.parent.is_dir():
        with errors_told(database, folder, UNTOUCHED):
            folder.mkdir(PRIVATE | 0o100)
    return folder


def listed(folder: Path, database: Path) -> list[Named]:
    """Return the backups of a database in a folder, the oldest first; nothing else that is there is one."""
    if not folder.is_dir():
        return []
    found = [Named(path, at) for path in folder.iterdir() if (at := _moment(path, database)) is not None]
    return sorted(found, key=lambda one: one.at)


def _moment(path: Path, database: Path) -> datetime | None:
    """Return the moment in a backup's name; None of what isn't called so."""
    match = re.fullmatch(rf"{re.escape(database.stem)}-(\d{{4}}-\d\d-\d\dT\d{{6}}Z)\.db", path.name)
    try:
        return datetime.strptime(match[1], STAMP).replace(tzinfo=UTC) if match else None
    except ValueError:  # such as a 31st of February
        return None


def newest(folder: Path, database: Path, *, now: datetime | None = None) -> Named | None:
    """Return the last good backup of a database in a folder; None where there is none.

    What is dated later than now was made by a clock that was wrong, and doesn't count.

    Raises:
        OSError: the folder can't be read.
    """
    now = now or datetime.now(UTC)
    return max((one for one in listed(folder, database) if one.at <= now), key=lambda one: one.at, default=None)


def prune(made: Path, database: Path, keep: int) -> list[Path]:
    """Delete the oldest backups in the folder of one that was just made, so that `keep` are left with it.

    Raises:
        BackupError: one can't be deleted.
    """
    others = [one.path for one in listed(made.parent, database) if one.path.name != made.name]
    gone = others[: max(0, len(others) - (keep - 1))]
    for path in gone:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise BackupError(
                f"The older backup {path} can't be deleted: {error.strerror}. The new one, {made.name}, is well."
            ) from error
    return gone


async def make(
    database: Path,
    target: Path,
    encoder: Encoder | None = None,
    *,
    copied: Progress | None = None,
    checked: checking.Progress | None = None,
) -> Backup:
    """Copy a database, beside whoever writes it, verify the copy by `check`, and only then give it its name.

    What has that name already is replaced, if it is a database. `encoder` is the one that makes sentence vectors.

    Raises:
        BackupError: there is no database, or it is damaged, or the folder can't be written; nothing is left behind.
    """
    half = half_of(target)
    with errors_told(database, target.parent, UNTOUCHED):
        _allowed(database, target)
        _sweep(target.parent, database)
        try:
            start = time.monotonic()
            cleared(half)
            holds = await copy(lambda: living(database), half, progress=copied)
            if holds is None:
                raise BackupError(f"{database} is no Verbatim database; there is nothing to back up.")
            between = time.monotonic()
            problems = await _verified(database, half, holds, encoder, checked)
            half.replace(target)
            synced(target.parent)
            return Backup(target, holds, between - start, time.monotonic() - between, tuple(problems))
        finally:
            cleared(half)


def half_of(target: Path) -> Path:
    """Return where a backup is until it is verified."""
    return target.with_name(f"{target.name}{HALF}")


def _allowed(database: Path, target: Path) -> None:
    if not database.is_file():
        raise BackupError(f"There is no database {database} to back up.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}: make it, or choose another one. {UNTOUCHED}")
    if not target.exists():
        return
    if target.samefile(database):
        raise BackupError(f"{target} is the database itself: choose another file for its backup.")
    with target.open("rb") as file:
        begins = file.read(len(MAGIC))
    if begins not in {b"", MAGIC}:
        raise BackupError(f"{target} is there already, and is no backup: choose another name. {UNTOUCHED}")


def _sweep(folder: Path, database: Path) -> None:
    """Delete what processes have left that were killed on the way to a backup."""
    for path in folder.glob(f"*{HALF}"):
        is_ours = path.name.startswith(f"{database.stem}-") and path.name.endswith(f"Z.db{HALF}")
        if is_ours and path.stat().st_mtime < time.time() - HALF_SECONDS:
            cleared(path)


async def _verified(
    database: Path, copied: Path, holds: Holds, encoder: Encoder | None, progress: checking.Progress | None
) -> Sequence[Problem]:
    """Return what can be repaired of a copy.

    Raises:
        BackupError: something can't be.
    """
    if holds.is_current:
        try:
            async with Database.still(copied) as opened:
                found = await checking.check(opened, encoder, progress=progress)
        except StoreError as error:
            raise BackupError(f"The copy can't be verified: {error} {UNTOUCHED}") from error
    else:
        found = [Problem(None, f"{fault}.", False) for fault in await asyncio.to_thread(_faults, copied)]
    if lost := [problem for problem in found if not problem.repairable]:
        more = f", and {len(lost) - 1:,} more that `python -m bot check` names" if len(lost) > 1 else ""
        raise BackupError(
            f"The database {database} is damaged in what can't be repaired ({str(lost[0]).rstrip('.')}{more}): restore "
            f"a backup, or remove a damaged transcript and ingest its file again. {UNTOUCHED}"
        )
    return found


def _faults(path: Path) -> list[str]:
    """Say what is wrong with a file of another schema."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        rows = connection.execute("PRAGMA integrity_check(10)").fetchall()
        faults = [" ".join(str(row[0]).split()) for row in rows if row[0] != "ok"]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    return faults + [f"A row of {row[0]} belongs to one of {row[2]} that is gone" for row in orphans]
