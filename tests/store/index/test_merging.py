"""Small segments become larger ones: which and when, without a change of any answer."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.database import Database
from store.errors import DatabaseError
from store.index import merging, postings, reindexing
from store.index.merging import FANOUT, MOST, merge_next, mergeable
from store.library import Library
from tests.store.builders import GUILD, OTHER_GUILD, video_file

SIZES = st.dictionaries(st.integers(1, 10_000), st.integers(0, 2 * MOST), max_size=60)
QUESTIONS = ("baker", "loaves candle", "flour7", "mill river")


async def fill(library: Library, count: int, guild: int = GUILD) -> None:
    for number in range(count):
        texts = (f"the baker counted loaves by candle light flour{number}", f"the mill stood by the river {number}")
        await library.ingest(guild, video_file(f"talk{number}", *texts), "a.md")
    await library._merging.settled()


async def stored(library: Library, guild: int = GUILD) -> dict[int, int]:
    """A guild's segments: the passages of each by its id."""
    async with library._database.snapshot() as connection:
        rows = await connection.execute_fetchall("SELECT id, passages FROM segments WHERE guild_id = ?", (guild,))
    return {int(row[0]): int(row[1]) for row in rows}


@given(SIZES)
def test_merging_ends_with_few_segments_of_a_size(sizes: dict[int, int]) -> None:
    before, rewritten = sum(sizes.values()), 0
    fresh = max(sizes, default=0) + 1
    while chosen := mergeable(sizes):
        assert 2 <= len(chosen) <= FANOUT
        total = sum(sizes.pop(id_) for id_ in chosen)
        assert total <= MOST
        rewritten += total
        sizes[fresh] = total
        fresh += 1
    assert sum(sizes.values()) == before
    assert rewritten <= 6 * before  # each passage once a tier
    full = [size for size in sizes.values() if size > MOST // FANOUT]
    assert len(sizes) - len(full) <= 6 * FANOUT


def test_segments_are_merged_by_their_age_and_small_ones_first() -> None:
    small, large = dict.fromkeys(range(101, 110), 1), dict.fromkeys(range(1, 9), 3000)
    assert mergeable(small | large) == list(range(101, 109))
    assert mergeable(large) == list(range(1, 9))
    assert mergeable(dict.fromkeys(range(1, 8), 3000)) == []
    assert mergeable({}) == []


def test_full_segments_stay_as_they_are() -> None:
    assert mergeable(dict.fromkeys(range(1, 20), MOST)) == []
    assert mergeable(dict.fromkeys(range(1, 9), 40_000)) == []
    assert mergeable(dict.fromkeys(range(1, 9), 30_000)) == [1, 2]


async def test_a_guild_has_few_segments_and_answers_as_before(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 10_000)
    await fill(library, 30)
    assert len(await stored(library)) == 30
    before = [await library.ask(GUILD, question, limit=20) for question in QUESTIONS]
    monkeypatch.setattr(merging, "FANOUT", 3)
    library._merging.wake(GUILD)
    await library._merging.settled()
    assert len(await stored(library)) < 8
    assert sum((await stored(library)).values()) == 30
    assert [await library.ask(GUILD, question, limit=20) for question in QUESTIONS] == before


async def test_an_ingest_starts_the_merging_of_its_guild_alone(library: Library) -> None:
    await fill(library, FANOUT - 1, OTHER_GUILD)
    await fill(library, FANOUT)
    assert list((await stored(library)).values()) == [FANOUT]
    assert len(await stored(library, OTHER_GUILD)) == FANOUT - 1


async def test_a_transcript_of_a_merged_segment_is_replaced_and_removed(library: Library) -> None:
    await fill(library, FANOUT)
    await library.ingest(GUILD, video_file("talk3", "pretzels were sold at noon"), "a.md")
    assert (await library.ask(GUILD, "flour3")).not_found == ("flour3",)
    assert len((await library.ask(GUILD, "pretzels")).quotes) == 1
    await library.remove(GUILD, "https://media.example.org/talk4.mp4")
    assert (await library.ask(GUILD, "flour4")).not_found == ("flour4",)
    assert len((await library.ask(GUILD, "flour5")).quotes) == 1
    assert (await library.ask(GUILD, "baker")).library_size == FANOUT - 1


async def test_what_was_replaced_during_a_merge_is_not_brought_back(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 10_000)
    await fill(library, 4)
    monkeypatch.setattr(merging, "FANOUT", 2)
    database = library._database
    transaction = database.transaction

    @asynccontextmanager
    async def late() -> AsyncIterator[aiosqlite.Connection]:
        monkeypatch.setattr(database, "transaction", transaction)
        await library.ingest(GUILD, video_file("talk0", "pretzels were sold at noon"), "a.md")
        async with transaction() as connection:
            yield connection

    monkeypatch.setattr(database, "transaction", late)
    assert await merge_next(database, GUILD)
    assert (await library.ask(GUILD, "flour0")).not_found == ("flour0",)
    assert len((await library.ask(GUILD, "pretzels")).quotes) == 1
    while await merge_next(database, GUILD):
        pass
    assert len((await library.ask(GUILD, "pretzels")).quotes) == 1
    assert (await library.ask(GUILD, "baker")).library_size == 4


async def test_a_damaged_segment_stays_and_is_said_in_the_log(
    library: Library, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 10_000)
    await fill(library, 3)
    async with library._database.transaction() as connection:
        await connection.execute("UPDATE segment_blocks SET blob = x'00' WHERE segment_id = 1")
    monkeypatch.setattr(merging, "FANOUT", 2)
    library._merging.wake(GUILD)
    await library._merging.settled()
    assert len(await stored(library)) == 3
    assert "stay as they are" in caplog.text
    with pytest.raises(DatabaseError, match="damaged"):
        await merge_next(library._database, GUILD)


async def test_a_full_disk_leaves_the_segments_as_they_are(
    library: Library, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    await fill(library, FANOUT - 1)
    before = await stored(library)
    monkeypatch.setattr(merging, "FANOUT", 2)
    monkeypatch.setattr(postings, "insert", full)
    library._merging.wake(GUILD)
    await library._merging.settled()
    assert "disk is full" in caplog.text
    assert await stored(library) == before
    monkeypatch.undo()
    assert len((await library.ask(GUILD, "flour2")).quotes) == 1


async def test_merging_under_way_is_given_up_at_the_end(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "FANOUT", 10_000)
    await fill(library, 6)
    monkeypatch.setattr(merging, "FANOUT", 2)
    async with merging.Merging.running(library._database) as running:
        running.wake(GUILD)
        running.wake(GUILD)
        await asyncio.sleep(0)
    assert sum((await stored(library)).values()) == 6
    assert len((await library.ask(GUILD, "flour2")).quotes) == 1


async def test_transcripts_without_a_segment_are_indexed_when_the_library_is_opened(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(library, 5)
    before = await library.ask(GUILD, "flour2 river")
    async with library._database.transaction() as connection:
        await connection.execute("DELETE FROM segments WHERE id > 2")  # as in a database of the format before
    assert await reindexing.complete(library._database) == 3
    assert await reindexing.complete(library._database) == 0
    assert "Indexing 3 transcripts anew" in caplog.text
    assert isinstance(library._database, Database)
    assert before.quotes


async def test_what_another_process_indexes_or_removes_meanwhile_is_left_to_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(library, 4)
    database = library._database
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM segments")
    transaction = database.transaction

    @asynccontextmanager
    async def late() -> AsyncIterator[aiosqlite.Connection]:
        monkeypatch.setattr(database, "transaction", transaction)
        await library.ingest(GUILD, video_file("talk0", "pretzels were sold at noon"), "a.md")
        await library.remove(GUILD, "2")
        async with transaction() as connection:
            yield connection

    monkeypatch.setattr(database, "transaction", late)
    assert await reindexing.complete(database) == 2
    assert (await library.ask(GUILD, "pretzels baker")).library_size == 3


async def test_a_transcript_that_is_indexed_anew_gets_its_counts(library: Library) -> None:
    await fill(library, 2)
    async with library._database.transaction() as connection:
        await connection.execute("DELETE FROM segments")
        await connection.execute("UPDATE transcripts SET cues = 9, words = 9, passages = 9")
    heard: list[None] = []
    assert await reindexing.complete(library._database, OTHER_GUILD) == 0
    assert await reindexing.complete(library._database, GUILD, progress=lambda _: heard.append(None)) == 2
    assert len(heard) == 2
    entries = (await library.page(GUILD)).entries
    assert {(entry.cues, entry.words, entry.passages) for entry in entries} == {(2, 15, 1)}


async def test_what_was_left_unmerged_is_merged_when_the_library_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 10_000)
    async with Library.opened(tmp_path / "verbatim.db") as library:
        await fill(library, FANOUT + 1)
    monkeypatch.undo()
    async with Library.opened(tmp_path / "verbatim.db") as library:
        await library._merging.settled()
        assert sorted((await stored(library)).values()) == [1, FANOUT]
