"""A backup takes the database's place whole or not at all, whatever runs, fails or is killed; the other one is kept."""

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.database import Database
from store.library import Library
from store.links import source
from store.migrations import MIGRATIONS
from store.upkeep import restoring
from store.upkeep.backup import make
from store.upkeep.carrying import LEAP
from store.upkeep.copying import BackupError
from store.upkeep.restoring import UNTOUCHED, looked_at, present, restore
from tests.store.builders import GUILD, video_file
from tests.store.upkeep import damage

REPOSITORY = Path(__file__).parents[3]


async def ingest(path: Path, *names: str) -> None:
    async with Library.opened(path) as library:
        for name in names:
            await library.ingest(GUILD, video_file(name, f"all about {name}"), "a.md")


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT title FROM transcripts ORDER BY id")]


@pytest.fixture
async def file(path: Path, tmp_path: Path) -> Path:
    """A backup with `one`; the database has `two` since."""
    await ingest(path, "one")
    made = await make(path, tmp_path / "copy.db")
    await ingest(path, "two")
    return made.path


async def refused(file: Path, path: Path) -> str:
    """Restore what can't be restored, and return the sentence; nothing is changed."""
    before = titles(path)
    files = {found.name for found in path.parent.iterdir()} | {f"{path.name}-wal", f"{path.name}-shm"}
    with pytest.raises(BackupError) as caught:
        await restore(file, path)
    assert titles(path) == before
    assert {found.name for found in path.parent.iterdir()} <= files
    return str(caught.value)


async def test_a_restored_database_is_the_backup_and_the_other_one_is_kept_whole(path: Path, file: Path) -> None:
    before = file.read_bytes()
    done = await restore(file, path)
    assert done.kept is not None
    assert done.kept.name.startswith("verbatim-before-restore-20")
    assert (titles(path), titles(done.kept)) == (["one"], ["one", "two"])
    assert await damage.checked(path) == await damage.checked(done.kept) == []
    assert file.read_bytes() == before
    async with Library.opened(path) as library:
        assert (await library.ask(GUILD, "one")).quotes
        assert not (await library.ask(GUILD, "two")).quotes
    await restore(done.kept, path)
    assert titles(path) == ["one", "two"]


async def test_what_stands_in_the_log_is_kept_and_never_read_with_the_other_database(path: Path, file: Path) -> None:
    unclosed(path)
    assert Path(f"{path}-wal").stat().st_size > 0
    done = await restore(file, path)
    assert done.kept is not None
    assert titles(done.kept) == ["in the log", "two"]
    assert titles(path) == ["one"]
    assert list(path.parent.glob("*-wal")) == []


IN_THE_LOG = "UPDATE transcripts SET title = 'in the log' WHERE id = 1"


def unclosed(path: Path, statement: str = IN_THE_LOG) -> None:
    """Change a database as a process does that is killed: it stands in the log alone."""
    other = path.with_name("other.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        with connection:
            connection.execute(statement)
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{other}{suffix}")
    for suffix in ("", "-wal"):
        Path(f"{other}{suffix}").replace(f"{path}{suffix}")


async def test_a_log_whose_database_is_gone_is_moved_aside(path: Path, file: Path) -> None:
    unclosed(path)
    path.unlink()
    done = await restore(file, path)
    assert done.kept is None
    assert titles(path) == ["one"]
    assert [found.name.endswith(".db-wal") for found in path.parent.glob("verbatim-before-restore-*")] == [True]


async def test_a_damaged_database_is_replaced_and_kept_with_its_log(path: Path, file: Path) -> None:
    unclosed(path)
    path.write_bytes(b"nothing that SQLite knows" * 1000)
    done = await restore(file, path)
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"nothing that")
    assert Path(f"{done.kept}-wal").stat().st_size > 0
    assert titles(path) == ["one"]


@pytest.mark.parametrize("there", [b"", None])
async def test_where_there_is_nothing_there_is_nothing_to_keep(tmp_path: Path, file: Path, there: bytes | None) -> None:
    new = tmp_path / "new.db"
    if there is not None:
        new.write_bytes(there)
    done = await restore(file, new)
    assert titles(new) == ["one"]
    assert (done.kept is None) == (there is None)
    assert not done.carried.descends


async def test_a_database_that_another_process_has_open_is_left_alone(path: Path, file: Path) -> None:
    async with Database.opened(path) as database:
        said = await refused(file, path)
        assert said.startswith(f"Another process uses the database {path}, such as `ingest --watch`: end it, and ")
        async with database.transaction() as connection:
            await connection.execute("UPDATE transcripts SET title = 'goes on' WHERE id = 1")
    assert titles(path) == ["goes on", "two"]
    await restore(file, path)
    assert titles(path) == ["one"]


async def test_a_process_that_opens_it_at_the_last_moment_is_seen(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owned = restoring._owned
    with closing(sqlite3.connect(path, isolation_level=None)) as late:

        def meanwhile(new: Path, path: Path) -> None:
            late.execute("PRAGMA journal_mode=WAL").fetchall()
            owned(new, path)

        monkeypatch.setattr(restoring, "_owned", meanwhile)
        assert "Another process uses the database" in await refused(file, path)


async def test_a_process_that_opened_it_before_can_write_neither_of_them(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = restoring._aside
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as late:

        def meanwhile(path: Path) -> Path | None:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                late.execute("SELECT count(*) FROM transcripts").fetchall()
            return aside(path)

        monkeypatch.setattr(restoring, "_aside", meanwhile)
        done = await restore(file, path)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            late.execute("PRAGMA journal_mode=WAL").fetchall()
    assert done.kept is not None
    assert (titles(path), titles(done.kept)) == (["one"], ["one", "two"])


async def test_what_cannot_be_restored_is_said_and_nothing_is_changed(path: Path, file: Path, tmp_path: Path) -> None:
    assert await refused(tmp_path / "no.db", path) == f"There is no file {tmp_path / 'no.db'} to restore. {UNTOUCHED}"
    assert "There is no file" in await refused(tmp_path, path)
    (tmp_path / "notes.txt").write_text("- [0:01] the baker slept\n" * 100)
    assert "notes.txt can't be read as a database (file is not a database)" in await refused(
        tmp_path / "notes.txt", path
    )
    damage.change(tmp_path / "other.db", "CREATE TABLE bread (yeast); PRAGMA user_version = 3")
    assert "other.db is no Verbatim database" in await refused(tmp_path / "other.db", path)
    assert "is the database itself" in await refused(path, path)
    newer = Path(shutil.copy(file, tmp_path / "newer.db"))
    damage.change(newer, "PRAGMA user_version = 999")
    assert "was written by a newer Verbatim (schema 999, this one knows" in await refused(newer, path)


async def test_a_damaged_backup_is_refused_with_what_is_wrong(path: Path, file: Path, tmp_path: Path) -> None:
    wrong = Path(shutil.copy(file, tmp_path / "wrong.db"))
    damage.change(wrong, "UPDATE cues SET text = 'never said'")
    said = await refused(wrong, path)
    assert said.startswith(
        f"{wrong} is damaged in what can't be repaired: choose another one. {UNTOUCHED} Server 100: "
    )
    assert "its cues or details aren't those that were ingested" in said
    torn = tmp_path / "torn.db"
    torn.write_bytes(file.read_bytes()[:20_000])
    assert "torn.db" in await refused(torn, path)


async def test_a_backup_whose_index_is_damaged_is_restored_and_that_is_said(path: Path, file: Path) -> None:
    damage.change(file, "DELETE FROM segment_transcripts")
    done = await restore(file, path)
    assert any("No segment holds transcript 1." in str(problem) for problem in done.problems)
    assert all(problem.repairable for problem in done.problems)
    found, left = await damage.repaired(path)
    assert (found, left) == (list(done.problems), [])
    assert titles(path) == ["one"]


async def test_an_earlier_versions_backup_is_migrated(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.create_function("source_of", 2, source, deterministic=True)
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    before = old.read_bytes()
    await ingest(path, "one")
    assert looked_at(old, path).schema == 1
    await restore(old, path)
    assert titles(path) == []
    await ingest(path, "two")
    assert titles(path) == ["two"]
    assert old.read_bytes() == before


async def test_a_copy_with_its_log_beside_it_is_restored_with_that(path: Path, file: Path) -> None:
    unclosed(file, "UPDATE transcripts SET ingested_at = '2020-01-01T00:00:00+00:00'")
    await restore(file, path)
    holds = present(path)
    assert holds is not None
    assert holds.newest == datetime(2020, 1, 1, tzinfo=UTC)


async def test_it_is_read_by_whom_the_other_one_was(path: Path, file: Path) -> None:
    path.chmod(0o640)
    await restore(file, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.unlink()
    await restore(file, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs the superuser")
async def test_it_belongs_to_whom_the_other_one_did_also_where_the_superuser_restores(path: Path, file: Path) -> None:
    os.chown(path, 1234, 2345)
    await restore(file, path)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)
    path.unlink()
    os.chown(path.parent, 1235, 2346)
    await restore(file, path)
    assert (path.stat().st_uid, path.stat().st_gid) == (1235, 2346)


async def test_a_file_system_without_links_keeps_a_copy(
    path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    done = await restore(file, path)
    assert done.kept is not None
    assert (titles(path), titles(done.kept)) == (["one"], ["one", "two"])


async def test_two_restores_in_one_second_keep_both(path: Path, file: Path) -> None:
    for _ in range(3):
        await restore(file, path)
    assert len(list(path.parent.glob("verbatim-before-restore-*.db"))) == 3


async def test_numbers_go_on_after_those_that_may_have_been_used_since(path: Path, file: Path) -> None:
    await restore(file, path)
    await ingest(path, "three")
    assert ids(path) == [1, 3]  # 2 was `two`, of which old messages may tell
    path.unlink()
    await restore(file, path)
    await ingest(path, "three")
    assert ids(path) == [1, LEAP + 2]


def ids(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM transcripts ORDER BY id")]


@pytest.mark.parametrize("name", ["another one", None])
async def test_a_new_database_that_was_made_meanwhile_is_not_taken_for_what_became_of_the_old_one(
    path: Path, file: Path, name: str | None
) -> None:
    path.unlink()
    await ingest(path, *([name] if name else []))
    done = await restore(file, path)
    assert not done.carried.descends
    await ingest(path, "three")
    assert ids(path) == [1, LEAP + 2]


KILLED = '''
import asyncio, os, shutil, signal, sqlite3, sys, threading
from contextlib import closing
from pathlib import Path

from store.upkeep import carrying, copying, restoring

origin, work = Path(sys.argv[1]), Path(sys.argv[2])
FILES = {module.__file__ for module in (restoring, carrying, copying)}
PATH = work / "verbatim.db"


def titles(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return tuple(row[0] for row in connection.execute("SELECT title FROM transcripts ORDER BY id"))


def killed_at(step):
    """Restore in a process that is killed before the step-th new line of what restores; whether it was."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(origin, work)
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    reached = set()

    def line(frame, event, _):
        if event == "line":
            reached.add((frame.f_code.co_filename, frame.f_lineno))
            if len(reached) == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    sys.settrace(lambda frame, *_: line if frame.f_code.co_filename in FILES else None)
    restoring.replaced(work / "new.db", PATH)
    os._exit(0)


old, new = ("in the log", "two"), ("one",)
seen, step = [], 1
while killed_at(step):
    found = titles(PATH)
    assert found in (old, new), (step, found)
    seen.append(found == new)
    for kept in work.glob("verbatim-before-restore-*.db"):
        if not kept.samefile(PATH):
            assert titles(kept) == old, step
    if seen[-1]:
        assert list(work.glob("verbatim-before-restore-*.db")), step
    elif step % 20 == 0:
        asyncio.run(restoring.restore(work / "copy.db", PATH))
        assert titles(PATH) == new, step
        (kept,) = work.glob("verbatim-before-restore-*.db")
        assert titles(kept) == old, step
    step += 1
assert titles(PATH) == new
assert seen == sorted(seen), seen
print(len(seen), sum(seen))
'''


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
async def test_killed_at_any_step_it_leaves_the_old_or_the_new_one_whole(
    path: Path, file: Path, tmp_path: Path
) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    async with Database.opened(Path(shutil.copy(file, origin / "new.db"))):
        pass
    shutil.copy(file, origin / "copy.db")
    unclosed(path)
    for suffix in ("", "-wal"):
        Path(f"{path}{suffix}").rename(origin / f"verbatim.db{suffix}")
    command = [sys.executable, "-c", KILLED, str(origin), str(tmp_path / "work")]
    done = await asyncio.to_thread(subprocess.run, command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    steps, after = map(int, done.stdout.split())
    assert steps > 50
    assert 0 < after < 20
