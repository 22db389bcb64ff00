"""A library of an earlier version is indexed anew while it is asked, and after a kill goes on where it was."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiosqlite
import pytest

from cogs.rendering import answers, listings, mentions
from store.database import Database
from store.errors import DatabaseError
from store.index import reindexing
from store.index.reindexing import Reindex
from store.library import Library
from store.models import Outcome
from store.upkeep import checking
from tests.cogs.rendering.made import texts
from tests.store.builders import GUILD, OTHER_GUILD, cue_lines, native, video_file

REPOSITORY = Path(__file__).parents[3]
COUNT = 12
KILLED = """
import asyncio, os, sys
from pathlib import Path
from store.index import reindexing
from store.library import Library

index, left = reindexing._index, int(sys.argv[2])

async def counted(*arguments):
    global left
    if not left:
        os._exit(9)
    left -= 1
    return await index(*arguments)

reindexing._index = counted

async def main():
    async with Library.opened(Path(sys.argv[1])):
        pass

asyncio.run(main())
"""


@pytest.fixture
async def old(tmp_path: Path) -> Path:
    """A database that an earlier version has indexed, of two guilds."""
    path = tmp_path / "old.db"
    async with Library.opened(path) as library:
        for at in range(COUNT):
            await library.ingest(GUILD, video_file(f"talk{at}", f"the baker sold pretzel{at} at noon"), "a.md")
        await library.ingest(OTHER_GUILD, video_file("other", "the miller slept"), "a.md")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE guilds SET analysis = 1")
        connection.execute("UPDATE transcripts SET spoken = '', spoken_by = 'text', said = NULL")
        connection.commit()
    return path


async def until_done(library: Library) -> None:
    async with asyncio.timeout(30):
        while (await library.page(GUILD)).unindexed or (await library.page(OTHER_GUILD)).unindexed:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def held(monkeypatch: pytest.MonkeyPatch, path: Path, done: int) -> AsyncIterator[tuple[Library, asyncio.Event]]:
    """Open a library that stops after some transcripts until an event is set."""
    index, go = reindexing._index, asyncio.Event()
    left = done

    async def slowly(connection: aiosqlite.Connection, guild_id: int, transcript_id: int) -> bool:
        nonlocal left
        left -= 1
        return await index(connection, guild_id, transcript_id)

    complete = reindexing.complete

    @asynccontextmanager
    async def waiting(database: Database) -> AsyncIterator[aiosqlite.Connection]:
        if left <= 0:
            await go.wait()
        async with Database.transaction(database) as connection:
            yield connection

    class Slow:
        def __init__(self, database: Database) -> None:
            self.snapshot = database.snapshot
            self.transaction = lambda: waiting(database)

    async def slow(database: Database, *arguments: int, **options: object) -> int:
        return await complete(Slow(database), *arguments, **options)  # type: ignore[arg-type]  # all it asks of it

    monkeypatch.setattr(reindexing, "_index", slowly)
    monkeypatch.setattr(reindexing, "complete", slow)
    async with Library.opened(path, reindex=Reindex.MEANWHILE) as library:
        yield library, go


async def test_it_answers_with_what_is_indexed_and_says_what_is_not(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with held(monkeypatch, old, done=4) as (library, go):
        async with asyncio.timeout(30):
            while (await library.page(GUILD)).unindexed > COUNT - 3:
                await asyncio.sleep(0.01)
        answer = await library.ask(GUILD, "pretzel11 baker")  # of the newest, which comes first
        assert answer.quotes[0].text == "the baker sold pretzel11 at noon"
        assert (answer.library_size, answer.unindexed) == (3, COUNT - 3)
        said = "9 of 12 transcripts are still being indexed anew; ask again later for all of them."
        assert said in "\n".join(texts(answers.answer(answer)))
        assert said in "\n".join(texts(answers.answer(await library.ask(GUILD, "pretzel2"))))
        assert said in "\n".join(texts(mentions.mentions(await library.mentions(GUILD, "pretzel2"))))
        listed = "\n".join(texts(listings.library(await library.page(GUILD), None)))
        assert "Being indexed anew after an update: 3 of 12 can be asked so far" in listed
        assert (await library.sizes(GUILD))[0].unindexed == COUNT - 3
        await library.ingest(GUILD, video_file("new", "pumpernickel was sold out"), "b.md")
        assert (await library.ask(GUILD, "pumpernickel")).quotes
        go.set()
        await until_done(library)
        assert (await library.ask(GUILD, "pretzel2")).quotes[0].text == "the baker sold pretzel2 at noon"
        assert (await library.ask(GUILD, "pretzel2")).unindexed == 0
        assert {entry.spoken.code for entry in (await library.page(GUILD)).entries} == {""}
        assert await checking.check(library._database) == []


async def test_a_file_that_an_earlier_version_ingested_is_known_by_its_words(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    words = native(cue_lines(["the baker sold pretzels at noon", "and the miller slept"]))
    async with Library.opened(path) as library:
        await library.ingest(GUILD, words, "talk.md")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE guilds SET analysis = 1")
        connection.execute("UPDATE transcripts SET said = NULL")
        connection.commit()
    async with Library.opened(path) as library:
        assert (await library.ingest(GUILD, words, "renamed.md")).outcome is Outcome.UNCHANGED


async def test_an_empty_index_says_so_and_not_that_the_library_is_empty(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with held(monkeypatch, old, done=0) as (library, _):
        answer = await library.ask(GUILD, "baker")
        assert (answer.quotes, answer.library_size, answer.unindexed) == ((), 0, COUNT)
        shown = "\n".join(texts(answers.answer(answer)))
        assert "12 of 12 transcripts are still being indexed anew" in shown
        assert "empty" not in shown


async def test_what_only_looks_leaves_it_to_the_next(old: Path) -> None:
    async with Library.opened(old, reindex=Reindex.LATER) as library:
        await asyncio.sleep(0.05)
        assert (await library.page(GUILD)).unindexed == COUNT
    async with Library.opened(old) as library:
        assert (await library.page(GUILD)).unindexed == 0


@pytest.mark.parametrize("killed", [0, 1, 7])
async def test_after_a_kill_it_goes_on_where_it_was(old: Path, killed: int) -> None:
    command = [sys.executable, "-c", KILLED, str(old), str(killed)]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=REPOSITORY, check=False, capture_output=True)
    assert ended.returncode == 9
    async with Library.opened(old, reindex=Reindex.LATER) as library:
        left = sum([(await library.page(guild)).unindexed for guild in (GUILD, OTHER_GUILD)])
        assert left == COUNT + 1 - killed
    async with Library.opened(old, reindex=Reindex.MEANWHILE) as library:
        await until_done(library)
        assert (await library.ask(GUILD, "pretzel0")).quotes
        assert await checking.check(library._database) == []


async def test_a_full_disk_is_waited_for(
    old: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index, failures = reindexing._index, [DatabaseError("The disk is full.")] * 2
    monkeypatch.setattr(reindexing, "RETRY", 0.01)

    async def failing(connection: aiosqlite.Connection, guild_id: int, transcript_id: int) -> bool:
        if failures:
            raise failures.pop()
        return await index(connection, guild_id, transcript_id)

    monkeypatch.setattr(reindexing, "_index", failing)
    async with Library.opened(old, reindex=Reindex.MEANWHILE) as library:
        await until_done(library)
        assert (await library.ask(GUILD, "pretzel0")).quotes
    assert caplog.text.count("can't be indexed anew, which is tried every 0 s: The disk is full.") == 1
