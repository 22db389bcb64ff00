"""The commands `backup` and `restore`."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.asking import agreed
from bot.config import Config
from bot.errors import ConfigError, RunError
from bot.progress import progress
from store.database import bot_lock
from store.errors import AlreadyRunningError
from store.models import Problem
from store.text.wording import many
from store.upkeep import backup as backing
from store.upkeep import restoring
from store.upkeep.backup import Backup
from store.upkeep.copying import BackupError, Holds
from store.upkeep.restoring import UNTOUCHED, Restored

MEGABYTE = 1_000_000
COPYING, CHECKING = "Copying", "Checking the copy"
YES = {"y", "yes"}


async def backup(options: argparse.Namespace, config: Config) -> int:
    """Back the database up; return the exit status."""
    with _operators():
        target = _target(options.file, config)
        if options.keep is not None and not backing.is_dated(target, config.database):
            raise ConfigError("--keep counts the dated backups of a folder: leave FILE out, or name a folder.")
        with progress(COPYING, "B") as copied, progress(CHECKING) as checked:
            made = await backing.make(config.database, target, config.encoder, copied=copied, checked=checked)
        print("\n".join(report(made, config.database)))
        if options.keep is not None:
            for path in backing.prune(made.path, config.database, options.keep):
                print(f"Deleted the older {path}.")
    return 0


async def restore(options: argparse.Namespace, config: Config) -> int:
    """Put a backup in the place of the database; return the exit status."""
    with _operators(), _alone(config.database):
        holds = restoring.looked_at(options.file, config.database)
        there = restoring.present(config.database)
        print("\n".join(compared(options.file, holds, config.database, there)))
        if not options.yes and not agreed(
            f"Put the backup in the place of {config.database}, which is kept aside? [y/N]",
            agreeing=YES,
            otherwise=f"There is no terminal to ask on: say --yes, if {config.database} is to be replaced. {UNTOUCHED}",
        ):
            print(f"Nothing was restored. {UNTOUCHED}")
            return 1
        with progress(COPYING, "B") as copied, progress(CHECKING) as checked:
            done = await restoring.restore(
                options.file, config.database, config.encoder, copied=copied, checked=checked
            )
        print("\n".join(outcome(done, config.database)))
    return 0


def report(made: Backup, database: Path) -> list[str]:
    """Return the lines about a backup that was made."""
    took = f"copied in {made.copying:.1f} s, checked in {made.checking:.1f} s"
    lines = [f"Backed up {database} to {made.path}: {_what(made.holds)}; {took}."]
    if not made.holds.is_current:
        lines.append(
            "An earlier version wrote it, so only its file was checked; this one migrates it when it opens it."
        )
    return lines + _repairable(made.problems, f"python -m bot --database {database} check --repair")


def compared(file: Path, holds: Holds, database: Path, there: Holds | None) -> list[str]:
    """Return the lines that say what a backup holds, and the database."""
    if there is not None:
        now = f"The database {database} holds {_what(there)}."
    elif database.exists():
        now = f"The database {database} is there, but can't be read."
    else:
        now = f"There is no database {database}."
    return [now, f"The backup {file} holds {_what(holds)}."]


def outcome(done: Restored, database: Path) -> list[str]:
    """Return the lines about a backup that was restored."""
    lines = [f"Restored {database}."]
    if done.kept is not None:
        lines.append(f"What was there is kept as {done.kept}; delete it once you don't need it.")
    if not done.carried.descends:
        lines.append(
            "What was announced since the backup isn't known: what was still owed then may be announced once more; "
            "`deliveries --state waiting` lists it."
        )
    elif done.carried.messages:
        told = f"{many(done.carried.messages, 'message')} sent since the backup"
        lines.append(f"{told} won't be sent again; what they tell of that is gone now is struck through.")
    return lines + _repairable(done.problems, "python -m bot check --repair")


def _repairable(problems: Sequence[Problem], command: str) -> list[str]:
    if not problems:
        return []
    return [f"{many(len(problems), 'problem')} of its index can be repaired by `{command}`; no transcript is damaged."]


def _what(holds: Holds) -> str:
    newest = f", the newest of {holds.newest.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if holds.newest else ""
    servers = f" of {many(holds.servers, 'server')}" if holds.transcripts else ""
    return f"{many(holds.transcripts, 'transcript')}{servers}{newest} ({holds.size / MEGABYTE:,.1f} MB)"


def _target(file: Path | None, config: Config) -> Path:
    """Return where a backup is to be kept.

    Raises:
        BackupError: the folder can't be made.
    """
    if file is not None and not file.is_dir():
        return file
    return backing.dated(file or backing.folder_made(config.backups, config.database), config.database, _now())


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _operators() -> Iterator[None]:
    try:
        yield
    except BackupError as error:
        raise RunError(str(error)) from error


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Keep bots from starting with the database.

    Raises:
        RunError: one runs.
    """
    try:
        with bot_lock(database):
            yield
    except AlreadyRunningError as error:
        raise RunError(f"A bot runs with the database {database}: stop it, restore, and start it again.") from error
