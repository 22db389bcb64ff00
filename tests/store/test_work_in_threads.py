"""Work that is done whole in a connection's thread: what it sees, what is kept of it, and what it can't await."""

import asyncio
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from store.database import READERS, Database, Reader, Writer, aside
from store.errors import DatabaseError
from tests.store.rows import subscribe, subscribed


class Never:
    """What is never done."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def test_work_in_a_readers_thread_sees_one_moment(path: Path) -> None:
    async with Database.opened(path) as database:
        await subscribe(database, 1)
        started, written = threading.Event(), threading.Event()

        async def counted(connection: Reader) -> list[int]:
            counts = []
            for _ in range(2):
                counts.append(len(list(await connection.execute_fetchall("SELECT 1 FROM subscriptions"))))
                started.set()
                assert written.wait(10)
            return counts

        work = asyncio.create_task(database.computed(counted))
        await asyncio.to_thread(started.wait, 10)
        await subscribe(database, 2)
        written.set()
        assert await work == [1, 1]
        assert await database.computed(counted) == [2, 2]


async def test_work_that_was_cancelled_leaves_its_reader_to_the_next(path: Path) -> None:
    async with Database.opened(path) as database:
        go = threading.Event()

        async def waiting(connection: Reader) -> int:
            assert go.wait(10)
            return len(list(await connection.execute_fetchall("SELECT 1 FROM subscriptions")))

        tasks = [asyncio.create_task(database.computed(waiting)) for _ in range(READERS)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        later = [asyncio.create_task(database.computed(waiting)) for _ in range(READERS)]
        go.set()
        assert await asyncio.gather(*later) == [0] * READERS
        assert await subscribed(database) == []


async def test_an_error_in_a_readers_thread_is_the_askers(path: Path) -> None:
    async with Database.opened(path) as database:

        async def broken(connection: Reader) -> None:
            await connection.execute_fetchall("SELECT 1 FROM subscriptions WHERE channel_id = :id", {"id": 1})
            raise KeyError("baker")

        async def writing(connection: Reader) -> None:
            await connection.execute_fetchall("DELETE FROM subscriptions")

        async def waiting(_: Reader) -> None:
            await asyncio.sleep(1)

        async def never(_: Reader) -> None:
            await Never()

        with pytest.raises(KeyError, match="baker"):
            await database.computed(broken)
        with pytest.raises(DatabaseError, match="can't be written"):
            await database.computed(writing)
        with pytest.raises(RuntimeError):
            await database.computed(waiting)
        with pytest.raises(RuntimeError, match="nothing but its statements"):
            await database.computed(never)
        assert await subscribed(database) == []


async def test_work_in_the_writers_thread_is_kept_whole_or_not_at_all(path: Path) -> None:
    async def added(connection: Writer) -> int:
        done = await connection.execute("INSERT INTO guilds (guild_id) VALUES (1)")
        await connection.executemany("INSERT INTO guilds (guild_id) VALUES (?)", [(2,), (3,)])
        return done.rowcount

    async def broken(connection: Writer) -> None:
        await connection.execute("DELETE FROM guilds")
        await Never()

    async with Database.opened(path) as database:
        with pytest.raises(RuntimeError, match="nothing but its statements"):
            await database.written(broken)
        assert await database.written(added) == 1
        with pytest.raises(RuntimeError, match="nothing but its statements"):
            await database.written(broken)
        await subscribe(database, 1)
        async with database.snapshot() as connection:
            assert len(list(await connection.execute_fetchall("SELECT 1 FROM guilds"))) == 3


async def test_work_in_the_writers_thread_goes_on_where_nobody_waits_for_it(path: Path) -> None:
    async with Database.opened(path) as database:
        started, go = threading.Event(), threading.Event()

        async def added(connection: Writer) -> None:
            await connection.execute("INSERT INTO guilds (guild_id) VALUES (1)")
            started.set()
            assert go.wait(10)

        task = asyncio.create_task(database.written(added))
        await asyncio.to_thread(started.wait, 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        next_one = asyncio.create_task(subscribe(database, 1))
        go.set()
        await next_one
        async with database.snapshot() as connection:
            assert len(list(await connection.execute_fetchall("SELECT 1 FROM guilds"))) == 1


async def test_what_computes_in_a_connections_thread_stays_there(path: Path) -> None:
    async def threads(_: Writer) -> list[int]:
        return [threading.get_ident(), await aside(threading.get_ident)]

    async with Database.opened(path) as database:
        here, there = await database.written(threads)
        assert here == there != threading.get_ident()
    assert await aside(threading.get_ident) != threading.get_ident()
