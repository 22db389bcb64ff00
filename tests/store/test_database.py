"""One file, one writer: what is refused, what is rolled back, and what stays after the disk is full."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from store.database import Database, bot_lock, known_errors
from store.errors import AlreadyRunningError, DatabaseError
from store.library import Library
from store.migrations import MIGRATIONS
from tests.store.builders import ENGLISH, GUILD, owed, video_file
from tests.store.rows import subscribe, subscribed

REPOSITORY = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from store.database import bot_lock
with bot_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


async def test_a_new_file_gets_the_newest_schema(path: Path) -> None:
    async with Database.opened(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    async with Database.opened(path) as database:
        assert await subscribed(database) == []


async def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseError, match=r"newer Verbatim \(schema 99"):
        async with Database.opened(path):
            pass
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


async def test_a_schema_that_fails_half_way_leaves_the_version_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)
    broken = (*MIGRATIONS, ("CREATE TABLE more (a)", "DROP TABLE subscriptions", "CREATE TABLE more (b)"))
    monkeypatch.setattr("store.database.MIGRATIONS", broken)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        async with Database.opened(path):
            pass
    monkeypatch.undo()
    async with Database.opened(path) as database:
        assert await subscribed(database) == [1]
        async with database.snapshot() as connection:
            names = await connection.execute_fetchall("SELECT name FROM sqlite_master WHERE name = 'more'")
        assert list(names) == []


async def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"- [0:01] the baker slept\n" * 100)
    with pytest.raises(DatabaseError, match="isn't a Verbatim database"):
        async with Database.opened(path):
            pass
    assert path.read_bytes().startswith(b"- [0:01]")


async def test_a_folder_that_is_missing_or_a_file_is_a_sentence(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"")
    for wrong in (tmp_path / "missing" / "verbatim.db", path / "verbatim.db", tmp_path):
        with pytest.raises(DatabaseError, match="can't be opened"):
            async with Database.opened(wrong):
                pass


def test_a_start_that_failed_leaves_nothing_that_fails_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail() -> None:
        with pytest.raises(DatabaseError):
            await Database.opened(tmp_path / "missing" / "verbatim.db").__aenter__()

    late: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", late.append)
    for _ in range(50):
        asyncio.run(fail())
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        if "worker" in thread.name:
            thread.join(5)
    assert late == []


async def test_opening_a_new_file_many_times_at_once_makes_one_schema(path: Path) -> None:
    async def opened(channel: int) -> int:
        async with Database.opened(path) as database:
            await subscribe(database, channel)
        return channel

    results = await asyncio.gather(*(opened(channel) for channel in range(6)), return_exceptions=True)
    assert all(isinstance(result, int) or "busy with another process" in str(result) for result in results)
    async with Database.opened(path) as database:
        assert sorted(await subscribed(database)) == [result for result in results if isinstance(result, int)]


async def test_the_writer_is_durable_and_readers_only_read(path: Path) -> None:
    async with Database.opened(path) as database:
        async with database.transaction() as writer:
            for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("query_only", 0)):
                rows = await writer.execute_fetchall(f"PRAGMA {pragma}")
                assert [row[0] for row in rows] == [value], pragma
        assert len(database._readers) > 1
        for reader in database._readers:
            assert [row[0] for row in await reader.execute_fetchall("PRAGMA query_only")] == [1]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await reader.execute("DELETE FROM guilds")


async def test_a_transaction_keeps_all_or_nothing(path: Path) -> None:
    async def fail(database: Database) -> None:
        async with database.transaction() as connection:
            await connection.execute("DELETE FROM subscriptions")
            raise ZeroDivisionError

    async with Database.opened(path) as database:
        await subscribe(database, 1)
        with pytest.raises(ZeroDivisionError):
            await fail(database)
        assert await subscribed(database) == [1]
        await subscribe(database, 2)
        assert await subscribed(database) == [1, 2]


async def test_a_cancelled_transaction_is_undone(path: Path) -> None:
    async with Database.opened(path) as database:
        started = asyncio.Event()

        async def write() -> None:
            async with database.transaction() as connection:
                await connection.execute("INSERT INTO guilds (guild_id) VALUES (1)")
                started.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(write())
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await subscribe(database, 1)
        async with database.snapshot() as connection:
            assert list(await connection.execute_fetchall("SELECT * FROM guilds")) == []


async def test_a_write_cancelled_while_it_waits_for_another_process_does_not_end_all_writing(path: Path) -> None:
    async with Database.opened(path) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            task = asyncio.create_task(subscribe(database, 1))
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.sleep(0.1)
            other.execute("ROLLBACK")
        await asyncio.gather(task, return_exceptions=True)
        await subscribe(database, 2)
        assert await subscribed(database) == [2]


async def test_cancelled_reads_do_not_end_all_reading(path: Path) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)
        for turns in range(30):
            task = asyncio.create_task(subscribed(database))
            for _ in range(turns % 10):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        results = await asyncio.gather(*(subscribed(database) for _ in range(20)))
        assert results == [[1]] * 20


async def test_a_snapshot_sees_one_moment(path: Path) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)
        async with database.snapshot() as connection:
            before = list(await connection.execute_fetchall("SELECT channel_id FROM subscriptions"))
            await subscribe(database, 2)
            assert list(await connection.execute_fetchall("SELECT channel_id FROM subscriptions")) == before
        assert await subscribed(database) == [1, 2]


async def test_more_readers_than_connections_wait_their_turn(path: Path) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)
        assert await asyncio.gather(*(subscribed(database) for _ in range(50))) == [[1]] * 50


async def test_a_busy_database_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.guard.BUSY_SECONDS", 0.01)
    async with Database.opened(path) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseError, match="busy with another process"):
                await subscribe(database, 1)
            other.execute("ROLLBACK")
        await subscribe(database, 1)
        assert await subscribed(database) == [1]


async def test_a_database_that_may_not_be_written_is_a_sentence(path: Path) -> None:
    async with Database.opened(path) as database:
        await database._writer.execute("PRAGMA query_only = ON")
        with pytest.raises(DatabaseError, match="can't be written"):
            await subscribe(database, 1)
        await database._writer.execute("PRAGMA query_only = OFF")
        await subscribe(database, 1)


def test_a_mistake_in_a_statement_stays_a_bug() -> None:
    with (
        pytest.raises(sqlite3.OperationalError, match="syntax"),
        known_errors(),
        closing(sqlite3.connect(":memory:")) as db,
    ):
        db.execute("SELEKT")


async def test_a_full_disk_is_a_sentence_and_nothing_is_lost(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")
        await library.notifications.subscribe(GUILD, 1)
        before = await library.ask(GUILD, "baker")
        writer = library._database._writer
        (pages,) = [row[0] for row in await writer.execute_fetchall("PRAGMA page_count")]
        await writer.execute(f"PRAGMA max_page_count = {pages + 3}")
        big = video_file("big", *[" ".join(ENGLISH) + f" baker{number}" for number in range(2000)])
        for _ in range(2):
            with pytest.raises(DatabaseError, match="disk is full: nothing was changed"):
                await library.ingest(GUILD, big, "b.md")
        with pytest.raises(DatabaseError, match="disk is full"):
            await library.ingest(GUILD, big.replace(b"/big.mp4", b"/mill.mp4"), "a.md")  # would replace
        assert await library.ask(GUILD, "baker") == before
        assert (await library.page(GUILD)).total == 1
        assert await owed(library) == []
        await writer.execute("PRAGMA max_page_count = 1000000")
        assert (await library.ingest(GUILD, big, "b.md")).owed == 1
        assert len((await library.ask(GUILD, "baker7")).quotes) == 1
        rows = await writer.execute_fetchall("PRAGMA integrity_check")
        assert [row[0] for row in rows] == ["ok"]


def test_two_bots_cannot_run_with_one_database(path: Path, tmp_path: Path) -> None:
    with bot_lock(path):
        with pytest.raises(AlreadyRunningError, match="Another bot already runs"), bot_lock(path):
            pass
        with bot_lock(tmp_path / "other.db"):
            pass
    with bot_lock(path):
        pass


def test_a_lock_is_held_across_processes_and_freed_by_a_kill(path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError), bot_lock(path):
            pass
        process.kill()
        process.wait()
    with bot_lock(path):
        pass


def test_a_lock_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DatabaseError, match="isn't there"), bot_lock(tmp_path / "file" / "verbatim.db"):
        pass


async def test_a_checkpoint_moves_what_was_written_and_leaves_open_reads_alone(path: Path) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)
        assert path.with_name(f"{path.name}-wal").stat().st_size > 0
        async with database.snapshot() as connection:
            await connection.execute_fetchall("SELECT 1 FROM subscriptions")
            await subscribe(database, 2)
            await database.checkpoint()
            assert len(list(await connection.execute_fetchall("SELECT 1 FROM subscriptions"))) == 1
        await database.checkpoint()
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as alone:  # without the log
            assert alone.execute("SELECT count(*) FROM subscriptions").fetchone() == (2,)
        assert await subscribed(database) == [1, 2]


async def test_a_file_that_is_written_anew_holds_nothing_that_was_deleted_and_its_log_is_empty(path: Path) -> None:
    async with Library.opened(path) as library:
        for number in range(9):
            kept = await library.ingest(GUILD, video_file(f"talk{number}", *["the zebrafish swims"] * 99), "a.md")
        async with library._database.transaction() as connection:
            await connection.execute("DELETE FROM transcripts WHERE id != ?", (kept.entry.id,))
            await connection.execute("DELETE FROM bygones")
        before = path.stat().st_size
        await library._database.vacuum()
        assert path.stat().st_size < before
        database, log, index = await library._database.files()
        assert (database.name, log.name, index.name) == ("verbatim.db", "verbatim.db-wal", "verbatim.db-shm")
        assert log.stat().st_size == 0
        assert database.read_bytes().count(b"the zebrafish swims") == 99
