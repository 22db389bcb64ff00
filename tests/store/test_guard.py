"""A database whose file is deleted, moved, replaced or locked while it is open: refused with a sentence, never lost."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store import guard
from store.database import Alone, Database
from store.errors import DatabaseError, GoneError, ReplacedError
from store.library import Library
from store.upkeep import checking
from tests.store.builders import GUILD, video_file
from tests.store.rows import subscribe, subscribed

BAKER, MILLER = video_file("baker", "the baker slept"), video_file("miller", "the miller woke")


def log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def whole(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}*"))


async def say_no(library: Library, error: type[DatabaseError]) -> None:
    """Check that everything that reads or writes refuses."""
    with pytest.raises(error):
        await library.ingest(GUILD, MILLER, "miller.md")
    with pytest.raises(error):
        await library.ask(GUILD, "baker")
    with pytest.raises(error):
        await library.page(GUILD)
    with pytest.raises(error):
        await library.notifications.subscribe(GUILD, 1)
    with pytest.raises(error):
        await library.notifications.version()


async def goes_on(library: Library) -> None:
    """Check that everything works again, and nothing of what was refused was kept."""
    assert (await library.page(GUILD)).total == 1
    assert (await library.ingest(GUILD, MILLER, "miller.md")).outcome.value == "new"
    assert len((await library.ask(GUILD, "miller")).quotes) == 1


async def test_a_file_that_was_moved_away_is_missed_and_all_goes_on_when_it_is_back(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, BAKER, "baker.md")
        away = path.rename(path.with_name("away.db"))
        await say_no(library, GoneError)
        assert not path.exists()  # nothing is made in its place
        away.rename(path)
        await goes_on(library)


async def test_a_folder_that_was_unmounted_is_missed_and_all_goes_on_when_it_is_back(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    async with Library.opened(disk / "verbatim.db") as library:
        await library.ingest(GUILD, BAKER, "baker.md")
        away = disk.rename(tmp_path / "away")
        await say_no(library, GoneError)
        disk.mkdir()  # the mount point, empty
        await say_no(library, GoneError)
        disk.rmdir()
        away.rename(disk)
        await goes_on(library)


async def test_what_is_written_while_the_file_is_deleted_is_not_confirmed(path: Path) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)

        async def write() -> None:
            async with database.transaction() as connection:
                await connection.execute("DELETE FROM subscriptions")
                path.unlink()

        with pytest.raises(GoneError, match="nothing was changed"):
            await write()


async def test_a_log_that_was_deleted_is_missed_and_nothing_of_it_is_lost(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, BAKER, "baker.md")
        log(path).unlink()
        await say_no(library, ReplacedError)
    assert whole(path) == [path]
    async with Library.opened(path) as library:
        await goes_on(library)


async def test_a_file_that_was_replaced_is_never_written_by_the_connections_of_the_old_one(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, BAKER, "baker.md")
    backup = shutil.copy(path, path.with_name("backup.db"))
    async with Library.opened(path) as library:
        await library.ingest(GUILD, MILLER, "miller.md")
        path.unlink()
        Path(backup).rename(path)
        with pytest.raises(ReplacedError, match="Another file has taken the database's place: nothing was changed"):
            await library.remove(GUILD, "1")
    assert log(path).stat().st_size == 0  # or SQLite would take it for the other one's
    async with Library.opened(path) as library:
        await goes_on(library)


async def test_a_reader_in_a_process_of_its_own_misses_the_file_too_and_makes_none(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, BAKER, "baker.md")
        alone = Alone(path)

        async def work(connection: object) -> int:
            del connection
            return 1

        assert await alone.computed(work) == 1
        away = path.rename(path.with_name("away.db"))
        with pytest.raises(GoneError):
            await alone.computed(work)
        with pytest.raises(DatabaseError):
            Alone(path)
        assert not path.exists()
        away.rename(path)
        assert await alone.computed(work) == 1


@pytest.fixture
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(guard, "SETTLED_SECONDS", 0.05)


def deleted(path: Path) -> None:
    for part in whole(path):
        part.unlink()


def damaged(path: Path) -> None:
    deleted(path)
    path.write_bytes(b"- [0:01] the baker slept\n" * 1000)


def empty(path: Path) -> None:
    deleted(path)
    path.touch()


def newer(path: Path) -> None:
    copied = shutil.copy(path, path.with_name("copied.db"))
    with closing(sqlite3.connect(copied)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    deleted(path)
    Path(copied).rename(path)


@pytest.mark.usefixtures("prompt")
@pytest.mark.parametrize("unusable", [deleted, damaged, empty, newer])
async def test_another_database_is_waited_for_until_it_can_be_opened(
    path: Path, unusable: Callable[[Path], None]
) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, BAKER, "baker.md")
    backup = path.with_name("backup.db")
    shutil.copy(path, backup)
    async with Library.opened(path) as library:
        waiting = asyncio.create_task(library.replaced())
        unusable(path)
        await asyncio.sleep(0.3)
        assert not waiting.done()
        backup.rename(path)
        await asyncio.wait_for(waiting, 20)
    async with Library.opened(path) as library:
        await goes_on(library)
        assert await checking.check(library._database) == []


@pytest.mark.usefixtures("prompt")
async def test_the_database_itself_is_not_another_one_wherever_it_was_meanwhile(path: Path) -> None:
    async with Library.opened(path) as library:
        waiting = asyncio.create_task(library.replaced())
        away = path.rename(path.with_name("away.db"))
        await asyncio.sleep(0.1)
        away.rename(path)
        await asyncio.sleep(0.2)
        assert not waiting.done()
        waiting.cancel()


async def test_a_file_that_is_gone_is_not_written_anew(path: Path) -> None:
    async with Database.opened(path) as database:
        path.rename(path.with_name("away.db"))
        with pytest.raises(DatabaseError, match="not where it was"):
            await database.vacuum()
        path.with_name("away.db").rename(path)


async def test_after_one_write_has_waited_in_vain_those_behind_it_soon_say_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BUSY_SECONDS", 1.0)
    monkeypatch.setattr(guard, "IMPATIENT_SECONDS", 0.01)
    loop = asyncio.get_running_loop()
    async with Database.opened(path) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = loop.time()
            said = await asyncio.gather(*(subscribe(database, at) for at in range(20)), return_exceptions=True)
            assert {str(error) for error in said} == {
                "The database is busy with another process; try again in a moment."
            }
            assert loop.time() - began < 1 + 20 * 0.25 + 5
            assert database._guard._patience == 0.01
            other.execute("ROLLBACK")
        await subscribe(database, 1)
        assert database._guard._patience == 1.0
        assert await subscribed(database) == [1]


@pytest.mark.parametrize("anew", [False, True], ids=["as it was opened", "after it was written anew"])
async def test_closing_waits_for_no_other_process(path: Path, *, anew: bool) -> None:
    loop = asyncio.get_running_loop()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        async with Database.opened(path) as database:
            if anew:
                await database.vacuum()
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(subscribe(database, 1))
            await asyncio.sleep(0.05)
            began = loop.time()
        assert loop.time() - began < guard.BUSY_SECONDS / 2
        await asyncio.gather(waiting, return_exceptions=True)
