"""What the doctor finds out on this machine: token, database, disk, clock."""

import shutil
import sqlite3
import time
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.doctor import machine
from bot.doctor.finding import Finding, Level, ok, warning, worst, wrong
from store.database import bot_lock
from store.library import Library
from store.migrations import MIGRATIONS
from store.upkeep.backup import STAMP
from tests.bot.doctor.rest import APPLICATION, TOKEN
from tests.store.builders import GUILD, OTHER_GUILD, video_file

NOW = 1_790_000_000.0
Usage = namedtuple("Usage", "total used free")


def test_the_worst_of_all_is_how_it_is() -> None:
    assert worst([]) is Level.OK
    assert worst([ok("a", ""), warning("b", "")]) is Level.WARNING
    assert worst([wrong("a", ""), ok("b", ""), warning("c", "")]) is Level.WRONG


def test_a_token_is_told_by_its_application_and_never_shown() -> None:
    (found,) = machine.token(Config(token=TOKEN))
    assert found == ok("token", f"DISCORD_TOKEN holds one, of the application {APPLICATION}.")
    assert TOKEN.rpartition(".")[2] not in repr(found)


@pytest.mark.parametrize(
    "given",
    ["abc", f"Bot {TOKEN}", f'"{TOKEN}"', "abcdefghijklmnopqrstuvwxyzABCDEF", TOKEN.rpartition(".")[0], f"x{TOKEN}"],
)
def test_what_cannot_be_a_token_is_a_warning_and_never_shown(given: str) -> None:
    (found,) = machine.token(Config(token=given))
    assert found.level is Level.WARNING
    assert given not in repr(found)
    assert "Reset Token" in found.todo


def test_no_token_is_wrong() -> None:
    (found,) = machine.token(Config())
    assert (found.level, found.said[:25]) == (Level.WRONG, "There is no bot token: se")


@pytest.mark.parametrize(("mode", "levels"), [(0o600, [Level.OK]), (0o644, [Level.OK, Level.WARNING])])
def test_a_token_file_that_others_may_open_is_a_warning(tmp_path: Path, mode: int, levels: list[Level]) -> None:
    file = tmp_path / "token.txt"
    file.write_text(TOKEN, encoding="utf-8")
    file.chmod(mode)
    found = list(machine.token(Config(token_file=file)))
    assert [one.level for one in found] == levels
    assert len(levels) == 1 or found[-1].todo == f"Run `chmod 600 {file}`."


def test_of_two_tokens_the_one_that_is_not_used_is_named(tmp_path: Path) -> None:
    (found,) = machine.token(Config(token=TOKEN, token_file=tmp_path / "nowhere"))
    assert found.said.endswith(" The token_file isn't used.")


async def test_a_database_that_is_well_says_what_it_holds_while_a_bot_runs_with_it(path: Path) -> None:
    with bot_lock(path):
        async with Library.opened(path) as library:
            await library.ingest(GUILD, video_file("a", "the mill"), "a.md")
            await library.ingest(GUILD, video_file("b", "the mill"), "b.md")
            await library.ingest(OTHER_GUILD, video_file("a", "the mill"), "a.md")
            before = await library.notifications.version()  # which is another one once anything was written
            found, examined = machine.database(path)
            assert await library.notifications.version() == before
    assert [one.level for one in found] == [Level.OK, Level.OK]
    assert found[0].said == "A bot runs with the database."
    assert found[1].said.endswith(
        f"its schema is {len(MIGRATIONS)}, as this version's. It holds 3 transcripts of 2 servers."
    )
    assert examined is not None
    assert examined.transcripts == {GUILD: 2, OTHER_GUILD: 1}
    found, _ = machine.database(path)
    assert found[0].said == "No bot runs with the database now."


async def test_a_database_without_a_lock_gets_none_by_being_looked_at(path: Path) -> None:
    async with Library.opened(path):
        pass
    machine.database(path)
    assert not path.with_name(f"{path.name}.lock").exists()


def test_a_database_that_is_not_there_is_a_warning_and_is_not_made(path: Path) -> None:
    (found,), examined = machine.database(path)
    assert (found.level, found.said, examined) == (Level.WARNING, f"There is no {path} yet.", None)
    assert not path.exists()


def test_a_database_whose_folder_is_not_there_is_wrong(tmp_path: Path) -> None:
    (found,), _ = machine.database(tmp_path / "gone" / "verbatim.db")
    assert (found.level, found.said) == (Level.WRONG, f"Its folder isn't there: {tmp_path / 'gone'}.")


def test_a_file_that_is_no_database_is_wrong(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    found, _ = machine.database(path)
    assert found[-1] == wrong("database", f"{path}: The database file isn't a Verbatim database; choose another file.")


async def test_a_damaged_database_is_wrong(path: Path) -> None:
    async with Library.opened(path) as library:
        for number in range(30):
            await library.ingest(
                GUILD, video_file(f"v{number}", *[f"the mill {number} {n}" for n in range(50)]), "a.md"
            )
    data = bytearray(path.read_bytes())
    for page in range(20, len(data) // 4096, 3):
        data[page * 4096 : page * 4096 + 2048] = b"\xff" * 2048
    path.write_bytes(bytes(data))
    found, examined = machine.database(path)
    assert found[-1].level is Level.WRONG
    assert "damaged" in found[-1].said
    assert examined is None or not examined.postings


@pytest.mark.parametrize(
    ("off", "level", "todo"),
    [
        (1, Level.WRONG, "Update Verbatim."),
        (-1, Level.WARNING, "The next start brings it up to date; back it up before."),
    ],
)
async def test_a_database_of_another_version_is_said_and_left_as_it_is(
    path: Path, off: int, level: Level, todo: str
) -> None:
    async with Library.opened(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + off}")
    found, examined = machine.database(path)
    assert (found[-1].level, found[-1].todo) == (level, todo)
    assert examined is not None
    assert examined.schema == len(MIGRATIONS) + off
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + off,)


async def test_a_database_that_this_user_may_not_write_is_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Library.opened(path):
        pass
    monkeypatch.setattr("os.access", lambda *_: False)
    found, _ = machine.database(path)
    assert found[-1].level is Level.WRONG
    assert found[-1].said == f"This user may not write {path} and its folder."


@pytest.mark.parametrize(("free", "level"), [(10**12, Level.OK), (150 * 2**20, Level.WARNING), (2**20, Level.WRONG)])
def test_a_disk_is_compared_with_what_the_database_takes(
    path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free))
    found = machine.disk(path)
    assert found is not None
    assert found.level is level
    assert "the database takes 209.7 MB." in found.said


def test_a_disk_whose_folder_is_gone_has_no_line(tmp_path: Path) -> None:
    assert machine.disk(tmp_path / "gone" / "verbatim.db") is None


@pytest.mark.parametrize(("now", "level"), [(0.0, Level.WRONG), (1_800_000_000.0, Level.OK)])
def test_a_clock_that_does_not_go_is_wrong(monkeypatch: pytest.MonkeyPatch, now: float, level: Level) -> None:
    monkeypatch.setattr(time, "time", lambda: now)
    found: Finding = machine.clock()
    assert found.level is level


def backed_up(folder: Path, *days: int) -> None:
    """Keep backups that were made so many days before `NOW`."""
    folder.mkdir()
    for one in days:
        (folder / f"verbatim-{datetime.fromtimestamp(NOW, UTC) - timedelta(days=one):{STAMP}}.db").touch()


@pytest.mark.parametrize(
    ("days", "every", "said"),
    [
        ((), 86_400, (Level.WARNING, "backups yet.")),
        ((), 0, (Level.WARNING, "backups.")),
        ((1, 7), 86_400, (Level.OK, "made 24.0 hours ago.")),
        ((7,), 86_400, (Level.WARNING, "made 7 days ago. That is late.")),
        ((7,), 0, (Level.OK, "made 7 days ago.")),
    ],
)
def test_the_last_backup_is_named_and_one_that_is_late_is_a_warning(
    path: Path, monkeypatch: pytest.MonkeyPatch, days: tuple[int, ...], every: float, said: tuple[Level, str]
) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW)
    config = Config(database=path, backup_every=every)
    backed_up(config.backups, *days)
    found = machine.backups(config)
    assert found.level is said[0]
    assert found.said.endswith(said[1])


def test_backups_in_a_folder_that_cannot_be_read_are_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("store.upkeep.backup.listed", fail)
    found = machine.backups(Config(database=path))
    assert (found.level, found.said) == (
        Level.WRONG,
        f"The folder {path.parent / 'backups'} can't be read: Permission denied.",
    )
