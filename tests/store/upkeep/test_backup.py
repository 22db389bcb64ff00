"""A backup is made beside whoever writes, verified before it has its name, and leaves nothing behind where it fails."""

import asyncio
import multiprocessing
import os
import shutil
import sqlite3
import stat
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.database import Database
from store.library import Library
from store.migrations import MIGRATIONS
from store.upkeep import apart, backup, checking, copying
from store.upkeep.backup import UNTOUCHED, Backup, dated, listed, make, newest, prune
from store.upkeep.copying import BackupError
from tests.store.builders import GUILD, video_file
from tests.store.upkeep import damage

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
OLDER = b"SQLite format 3\0 of yesterday"


@pytest.fixture
async def filled(path: Path) -> Path:
    await damage.make(path)
    return path


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A backup of yesterday, which must stay."""
    found = dated(tmp_path, tmp_path / "verbatim.db", NOON - timedelta(days=1))
    found.write_bytes(OLDER)
    return found


def sums(path: Path) -> list[tuple[int, int, str]]:
    """What is in a database: each transcript with its cues and their words."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT transcript_id, count(*), group_concat(text) FROM cues GROUP BY transcript_id ORDER BY 1"
        ).fetchall()


async def refused(database: Path, target: Path) -> str:
    """Make a backup that can't be made, and return the sentence."""
    before = set(target.parent.iterdir()) if target.parent.is_dir() else set()
    with pytest.raises(BackupError) as caught:
        await make(database, target)
    assert (set(target.parent.iterdir()) if target.parent.is_dir() else set()) == before
    return str(caught.value)


async def test_a_backup_is_one_private_file_that_holds_everything_and_is_well(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    async with Library.opened(filled) as library:
        await library.ingest(GUILD, video_file("new", "the baker counted"), "a.md")  # which stands in the log
        made = await make(filled, target)
        assert filled.with_name("verbatim.db-wal").stat().st_size > 0
    assert (made.path, made.problems) == (target, ())
    assert (made.holds.transcripts, made.holds.servers, made.holds.size) == (13, 2, target.stat().st_size)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes()[18:20] == b"\1\1"  # not in WAL mode (file format, 1.3)
    assert {path.name for path in tmp_path.iterdir()} == {"verbatim.db", "copy.db"}
    assert sums(target) == sums(filled)
    assert await damage.checked(target) == []


async def test_while_it_copies_others_write_and_it_shows_the_moment_at_which_it_began(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES", 1)
    before = sums(filled)
    heard: list[int] = []

    def write(done: int, total: int) -> None:
        heard.append(total - done)
        with closing(sqlite3.connect(filled, timeout=0)) as connection, connection:
            connection.execute("UPDATE cues SET text = 'written meanwhile' WHERE position = 0")

    made = await make(filled, tmp_path / "copy.db", copied=write)
    assert sums(made.path) == before
    assert sums(filled) != before
    assert heard == sorted(heard, reverse=True), "it began anew"
    assert len(heard) > 100


async def test_it_is_verified_before_it_has_its_name(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    heard: list[tuple[int, int]] = []

    def checked(done: int, total: int) -> None:
        assert not target.exists()
        heard.append((done, total))

    await make(filled, target, checked=checked)
    assert heard[-1] == (12, 12)
    assert target.exists()


async def test_a_transcript_that_is_damaged_is_named_and_the_older_backups_stay(
    filled: Path, tmp_path: Path, older: Path
) -> None:
    damage.change(filled, "UPDATE cues SET text = 'never said' WHERE transcript_id = 3 AND position = 4")
    said = await refused(filled, dated(tmp_path, filled, NOON))
    assert "damaged in what can't be repaired (Server 100: Transcript 3 itself is damaged: its cues or details" in said
    assert said.endswith(f"restore a backup, or remove a damaged transcript and ingest its file again. {UNTOUCHED}")
    assert older.read_bytes() == OLDER


async def test_a_damaged_file_is_named_and_the_older_backups_stay(filled: Path, tmp_path: Path, older: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cues'").fetchall()
    with filled.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    said = await refused(filled, dated(tmp_path, filled, NOON))
    assert "damaged" in said
    assert said.endswith(UNTOUCHED)
    assert older.read_bytes() == OLDER


async def test_an_index_that_is_damaged_is_backed_up_and_said(filled: Path, tmp_path: Path) -> None:
    damage.change(filled, "UPDATE segment_blocks SET blob = x'00'")
    made = await make(filled, tmp_path / "copy.db")
    assert made.problems
    assert all(problem.repairable for problem in made.problems)
    assert sums(made.path) == sums(filled)


async def test_an_earlier_versions_database_is_backed_up_as_it_is(filled: Path, tmp_path: Path) -> None:
    damage.change(filled, f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    made = await make(filled, tmp_path / "copy.db")
    assert (made.holds.schema, made.holds.is_current) == (len(MIGRATIONS) - 1, False)
    for path in (filled, made.path):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) - 1,)
    damage.change(filled, "PRAGMA foreign_keys = OFF; DELETE FROM transcripts WHERE id = 2")
    said = await refused(filled, tmp_path / "another.db")
    assert "A row of cues belongs to one of transcripts that is gone" in said


async def test_a_disk_without_room_is_said_before_anything_is_written(
    filled: Path, tmp_path: Path, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))
    said = await refused(filled, dated(tmp_path, filled, NOON))
    full = f"{tmp_path} can't be written: its disk is full: free some space, and try again. {UNTOUCHED}"
    assert said == full
    assert older.read_bytes() == OLDER
    monkeypatch.chdir(tmp_path)
    assert await refused(filled, Path("copy.db")) == full


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_FULL, "The disk of {folder} is full: free some space, and try again."),
        (sqlite3.SQLITE_IOERR_WRITE, "{source} can't be read, or {folder} not written: check their disks, and try"),
    ],
)
async def test_a_disk_that_fails_on_the_way_leaves_no_half_file(
    filled: Path, tmp_path: Path, older: Path, code: int, sentence: str
) -> None:
    def fail(done: int, total: int) -> None:
        if done > total // 2:
            error = sqlite3.OperationalError("as SQLite says it")
            error.sqlite_errorcode = code
            raise error

    before = set(tmp_path.iterdir())
    with pytest.raises(BackupError) as caught:
        await make(filled, dated(tmp_path, filled, NOON), copied=fail)
    assert str(caught.value).startswith(sentence.format(folder=tmp_path, source=filled))
    assert set(tmp_path.iterdir()) == before
    assert older.read_bytes() == OLDER


async def test_a_bug_stays_a_bug(filled: Path, tmp_path: Path) -> None:
    def fail(*_: int) -> None:
        raise sqlite3.OperationalError("no such column: cue")

    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        await make(filled, tmp_path / "copy.db", copied=fail)
    assert {path.name for path in tmp_path.iterdir()} == {"verbatim.db"}


async def test_where_it_may_not_or_cannot_be_it_is_said_what_to_do(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("kept")
    assert await refused(filled, tmp_path / "missing" / "copy.db") == (
        f"There is no folder {tmp_path / 'missing'}: make it, or choose another one. {UNTOUCHED}"
    )
    said = await refused(filled, tmp_path / "notes.txt")
    assert said == f"{tmp_path / 'notes.txt'} is there already, and is no backup: choose another name. {UNTOUCHED}"
    assert (tmp_path / "notes.txt").read_text() == "kept"
    assert "is the database itself" in await refused(filled, filled)
    assert await refused(tmp_path / "no.db", tmp_path / "copy.db") == (
        f"There is no database {tmp_path / 'no.db'} to back up."
    )
    damage.change(tmp_path / "other.db", "CREATE TABLE bread (yeast)")
    assert "other.db is no Verbatim database" in await refused(tmp_path / "other.db", tmp_path / "copy.db")
    assert "notes.txt is no database" in await refused(tmp_path / "notes.txt", tmp_path / "copy.db")


async def test_an_older_backup_of_the_same_name_is_replaced(filled: Path, tmp_path: Path) -> None:
    first = await make(filled, tmp_path / "copy.db")
    async with Library.opened(filled) as library:
        await library.ingest(GUILD, video_file("new", "the baker counted"), "a.md")
    second = await make(filled, tmp_path / "copy.db")
    assert second.holds.transcripts == first.holds.transcripts + 1
    assert len(sums(tmp_path / "copy.db")) == second.holds.transcripts


@pytest.mark.parametrize("when", ["copied", "checked"])
async def test_one_that_is_cancelled_leaves_nothing(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(copying, "PAGES", 1)
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    def begin(*_: int) -> None:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.001)

    copied, checked = (begin, None) if when == "copied" else (None, begin)
    task = asyncio.create_task(make(filled, tmp_path / "copy.db", copied=copied, checked=checked))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert {path.name for path in tmp_path.iterdir()} == {"verbatim.db"}


async def test_what_a_killed_process_has_left_is_swept_away_once_it_is_surely_nobodys(
    filled: Path, tmp_path: Path
) -> None:
    old, young = (backup.half_of(dated(tmp_path, filled, NOON + timedelta(hours=hours))) for hours in (0, 1))
    foreign = tmp_path / "other-2026-11-27T120000Z.db.part"
    for path in (old, young, foreign):
        path.write_bytes(b"half")
    for path in (old, foreign):
        os.utime(path, (time.time() - 90_000,) * 2)
    await make(filled, dated(tmp_path, filled, NOON))
    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)


def test_names_sort_by_time_and_nothing_else_is_a_backup(tmp_path: Path) -> None:
    database = tmp_path / "verbatim.db"
    paths = [dated(tmp_path, database, NOON + timedelta(hours=hours)) for hours in (30, 0, 5)]
    assert paths[1].name == "verbatim-2026-11-27T120000Z.db"
    foreign = ["verbatim.db", "verbatim-2026-11-27T120000Z.db.part", "verbatim-2026-02-31T120000Z.db", "copy.db"]
    foreign += ["other-2026-11-27T120000Z.db", "verbatim-before-restore-2026-11-27T120000Z.db"]
    for name in (*foreign, *(path.name for path in paths)):
        (tmp_path / name).write_bytes(b"")
    found = listed(tmp_path, database)
    assert [one.path for one in found] == sorted(paths)
    assert [one.at for one in found] == [NOON, NOON + timedelta(hours=5), NOON + timedelta(hours=30)]
    assert listed(tmp_path / "missing", database) == []


def test_the_newest_is_the_last_that_is_not_of_the_future(tmp_path: Path) -> None:
    database = tmp_path / "verbatim.db"
    assert newest(tmp_path, database) is None
    for hours in (-30, -2, 48):
        dated(tmp_path, database, NOON + timedelta(hours=hours)).write_bytes(b"")
    found = newest(tmp_path, database, now=NOON)
    assert found is not None
    assert found.at == NOON - timedelta(hours=2)


def test_the_oldest_are_deleted_but_never_the_new_one_nor_anything_else(tmp_path: Path) -> None:
    database, foreign = tmp_path / "verbatim.db", tmp_path / "verbatim-old.db"
    foreign.write_bytes(b"")
    paths = [dated(tmp_path, database, NOON + timedelta(days=days)) for days in range(5)]
    for path in paths:
        path.write_bytes(b"")
    assert prune(paths[4], database, 3) == paths[:2]
    assert prune(paths[4], database, 3) == []
    assert prune(paths[2], database, 1) == [paths[3], paths[4]]  # the clock was put back: what was made now stays
    assert {path.name for path in tmp_path.iterdir()} == {foreign.name, paths[2].name}


def test_an_older_one_that_cannot_be_deleted_is_said(tmp_path: Path) -> None:
    database = tmp_path / "verbatim.db"
    stuck, made = (dated(tmp_path, database, NOON + timedelta(days=days)) for days in (0, 1))
    stuck.mkdir()
    made.write_bytes(b"")
    with pytest.raises(BackupError, match=rf"The older backup {stuck} can't be deleted: .* {made.name}, is well\."):
        prune(made, database, 1)


async def test_one_is_made_in_a_process_of_its_own_as_in_this_one(filled: Path, tmp_path: Path) -> None:
    made = await apart.make(filled, tmp_path / "copy.db")
    assert isinstance(made, Backup)
    assert made.holds.transcripts == 12
    assert sums(tmp_path / "copy.db") == sums(filled)
    with pytest.raises(BackupError, match="There is no folder"):
        await apart.make(filled, tmp_path / "missing" / "copy.db")


async def test_a_process_that_ends_too_early_is_a_sentence_and_leaves_nothing(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_made", os._exit)  # which can't exit with what it is given
    with pytest.raises(BackupError, match="has ended too early, perhaps for want of memory"):
        await apart.make(filled, tmp_path / "copy.db")
    assert {path.name for path in tmp_path.iterdir()} == {"verbatim.db"}


async def test_a_backup_apart_that_is_cancelled_leaves_no_process_and_no_file(filled: Path, tmp_path: Path) -> None:
    task = asyncio.create_task(apart.make(filled, tmp_path / "copy.db"))
    half = backup.half_of(tmp_path / "copy.db")
    while not half.exists() and not task.done():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert multiprocessing.active_children() == []
    assert list(tmp_path.glob("copy*")) == []


async def test_a_backup_can_be_checked_where_nothing_may_be_written(filled: Path, tmp_path: Path) -> None:
    made = await make(filled, tmp_path / "copy.db")
    before = made.path.read_bytes()
    async with Database.still(made.path) as database:
        assert await checking.check(database) == []
        with pytest.raises(Exception, match="can't be written"):
            async with database.transaction() as connection:
                await connection.execute("DELETE FROM cues")
    assert made.path.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"verbatim.db", "copy.db"}
