"""What this machine tells of an installation, without Discord; where nothing is configured, of the defaults."""

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.application import application_id
from bot.config import DEFAULT_PATH, Config
from bot.doctor.finding import Finding, ok, warning, wrong
from bot.errors import ConfigError
from store.database import is_running
from store.errors import DatabaseError
from store.text.wording import many
from store.upkeep import backup
from store.upkeep.examining import Examined, examine

LEAST_FREE = 64 * 2**20  # bytes, with fewer of which an ingest may fail
FIRST_YEAR = 2026  # no clock that goes shows an earlier one
LATE = 2  # times as old as a backup may become
MEGABYTE = 1_000_000


def configuration(path: Path | None, config: Config) -> Finding:
    """Say which configuration holds."""
    given = path or (DEFAULT_PATH if DEFAULT_PATH.exists() else None)
    where = f"{given} is read" if given else f"There is no {DEFAULT_PATH}, so the defaults hold"
    return ok("configuration", f"{where}; the database is {config.database}.")


def token(config: Config) -> Iterator[Finding]:
    """Say whether there is a token that may be one, never which."""
    try:
        found = config.required_token()
    except ConfigError as error:
        yield wrong("token", str(error))
        return
    where = "DISCORD_TOKEN" if config.token else str(config.token_file)
    if (application := application_id(found)) is None:
        yield warning(
            "token",
            f"What {where} holds doesn't look like a bot's token: three parts with points between.",
            "In the developer portal choose Bot, then Reset Token, and copy that alone, without quotes.",
        )
    else:
        both = " The token_file isn't used." if config.token and config.token_file else ""
        yield ok("token", f"{where} holds one, of the application {application}.{both}")
    if not config.token and config.token_file and os.name != "nt":
        mode = stat.S_IMODE(config.token_file.stat().st_mode)
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            said = f"Others on this machine may open {config.token_file} (mode {mode:03o})."
            yield warning("token", said, f"Run `chmod 600 {config.token_file}`.")


def database(path: Path) -> tuple[list[Finding], Examined | None]:
    """Say how the database is, and whether a bot runs with it; return what it holds, too, where it can be read."""
    if not path.absolute().parent.is_dir():
        todo = "Make that folder, or set `database` to a file elsewhere."
        return [wrong("database", f"Its folder isn't there: {path.parent}.", todo)], None
    if not path.exists():
        said = f"There is no {path} yet."
        if not os.access(path.absolute().parent, os.W_OK):
            return [wrong("database", said, f"Let this user write the folder {path.parent}.")], None
        return [warning("database", said, "The first start of the bot makes it; is the name right?")], None
    found = [_process(path)]
    try:
        examined = examine(path)
    except DatabaseError as error:
        return [*found, wrong("database", f"{path}: {error}")], None
    found.append(_database(path, examined))
    if not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)):
        said = f"This user may not write {path} and its folder."
        found.append(wrong("database", said, "Run this as the user that the bot runs as, or give them to that user."))
    return found, examined


def disk(path: Path) -> Finding | None:
    """Say how much room there is where the database is."""
    folder = path.absolute().parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None  # the database's line says so
    files = (path, path.with_name(f"{path.name}-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    said = f"{free / MEGABYTE:,.0f} MB are free in {folder}; the database takes {size / MEGABYTE:,.1f} MB."
    if free < LEAST_FREE:
        return wrong("disk", said, "Free some space: without it nothing can be ingested.")
    if free < size:
        return warning("disk", said, "A copy of it, such as a backup, doesn't fit there.")
    return ok("disk", said)


def backups(config: Config) -> Finding:
    """Say when the last backup was made."""
    try:
        last = backup.newest(config.backups, config.database)
    except OSError as error:
        return wrong("backup", f"The folder {config.backups} can't be read: {error.strerror}.")
    every = timedelta(seconds=config.backup_every)
    if last is None:
        if every:
            said = f"None is in {config.backups} yet."
            return warning("backup", said, "A running bot makes one within a minute, or its log says why it can't.")
        todo = "Set `every` in [backup], or run `python -m bot backup` now and then."
        return warning("backup", f"None is in {config.backups}.", todo)
    age = datetime.fromtimestamp(time.time(), UTC) - last.at
    said = f"The last one is {last.path}, made {_long(age)} ago."
    if every and age > LATE * every:
        return warning("backup", f"{said} That is late.", "Is the bot running? Its log says what failed.")
    return ok("backup", said)


def clock() -> Finding:
    """Say what time it is here."""
    now = datetime.fromtimestamp(time.time(), UTC)
    said = f"It is {now:%Y-%m-%d %H:%M} UTC on this machine."
    if now.year < FIRST_YEAR:
        return wrong("clock", said, "Set the clock: `timedatectl set-ntp true` lets it be set by the network.")
    return ok("clock", said)


def _long(time_: timedelta) -> str:
    hours = time_.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.1f} hours"


def _process(path: Path) -> Finding:
    try:
        runs = is_running(path)
    except DatabaseError as error:
        return warning("process", f"Whether a bot runs with the database can't be told: {error}")
    return ok("process", "A bot runs with the database." if runs else "No bot runs with the database now.")


def _database(path: Path, found: Examined) -> Finding:
    if found.faults:
        said = f"{path} is damaged: {'; '.join(found.faults)}."
        return wrong("database", said, "Restore a backup; `check` says what else is wrong.")
    said = f"{path} opens, SQLite {sqlite3.sqlite_version} finds no damage; its schema is {found.schema}"
    if found.schema > found.known:
        return wrong("database", f"{said}, this version knows {found.known}.", "Update Verbatim.")
    if found.schema < found.known:
        todo = "The next start brings it up to date; back it up before."
        return warning("database", f"{said}, this version's {found.known}.", todo)
    held = f"{many(sum(found.transcripts.values()), 'transcript')} of {many(len(found.transcripts), 'server')}"
    return ok("database", f"{said}, as this version's. It holds {held}.")
