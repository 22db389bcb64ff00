"""Whatever is damaged in a database is named; what is derived is made again, and what was said is never deleted."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.database import Database
from store.index import indexing, merging
from store.library import Library
from store.models import Answer
from store.upkeep import checking, repairing
from tests.store.builders import GUILD, OTHER_GUILD, video_file
from tests.store.upkeep.damage import LASTING, REPAIRABLE, TALKS, Damage, answers, change, checked, make, repaired


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is as it should be."""
    path = tmp_path_factory.mktemp("whole") / "whole.db"
    asyncio.run(make(path))
    return path


@pytest.fixture(scope="module")
def expected(whole: Path) -> list[Answer]:
    """What it answers."""
    return asyncio.run(answers(whole))


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copy(whole, tmp_path / "verbatim.db"))


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        return connection.execute(f"SELECT * FROM {table}").fetchall()


async def test_a_whole_database_has_no_problem_and_is_not_changed_by_a_check_or_a_repair(path: Path) -> None:
    before = path.read_bytes()
    assert await checked(path) == []
    assert await repaired(path) == ([], [])
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", REPAIRABLE.values(), ids=REPAIRABLE)
async def test_damage_of_what_is_derived_is_named_and_repaired(
    path: Path, expected: list[Answer], damage: Damage
) -> None:
    said = rows(path, "cues")
    change(path, damage.change)
    found, left = await repaired(path)
    assert any(damage.said in str(problem) for problem in found), found
    assert {problem.guild_id for problem in found} == damage.guilds
    assert all(problem.repairable for problem in found)
    assert left == []
    assert await answers(path) == expected
    assert rows(path, "cues") == said


@pytest.mark.parametrize("damage", LASTING.values(), ids=LASTING)
async def test_damage_of_what_was_said_is_named_and_stays(path: Path, damage: Damage) -> None:
    change(path, damage.change)
    kept = rows(path, "cues")
    found, left = await repaired(path)
    assert any(damage.said in str(problem) and not problem.repairable for problem in found), found
    assert {problem.guild_id for problem in found} == damage.guilds
    assert left
    assert not any(problem.repairable for problem in left)
    assert rows(path, "cues") == kept
    async with Library.opened(path) as library:
        assert (await library.ask(GUILD, "word17")).quotes


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_byte_of_the_index_that_matters_is_noticed(
    whole: Path, tmp_path: Path, expected: list[Answer], data: st.DataObject
) -> None:
    path = Path(shutil.copy(whole, tmp_path / "flipped.db"))
    table = data.draw(st.sampled_from(["segment_blobs", "segment_blocks"]))

    def flip(connection: sqlite3.Connection) -> None:
        stored = connection.execute(f"SELECT rowid, blob FROM {table} ORDER BY rowid").fetchall()
        rowid, blob = data.draw(st.sampled_from(stored), label="row")
        changed = bytearray(blob)
        changed[data.draw(st.integers(0, len(blob) - 1), label="byte")] ^= data.draw(st.integers(1, 255), label="bits")
        connection.execute(f"UPDATE {table} SET blob = ? WHERE rowid = ?", (bytes(changed), rowid))

    change(path, flip)
    assert asyncio.run(repaired(path))[1] == []
    assert asyncio.run(answers(path)) == expected


async def test_several_problems_of_several_servers_are_repaired_at_once(path: Path, expected: list[Answer]) -> None:
    for name in ("a block missing", "a sound dropped", "a delivery of no subscription", "a term's number"):
        change(path, REPAIRABLE[name].change)
    found = await checked(path)
    assert [problem.guild_id for problem in found] == sorted(
        (problem.guild_id for problem in found), key=lambda guild: guild or 0
    )
    assert {problem.guild_id for problem in found} == {None, GUILD, OTHER_GUILD}
    async with Database.opened(path) as database:
        assert await repairing.extent(database, found) == {GUILD: TALKS, OTHER_GUILD: 2}
    assert (await repaired(path))[1] == []
    assert await answers(path) == expected


async def test_a_server_without_a_problem_keeps_its_segments(path: Path) -> None:
    change(path, REPAIRABLE["a block missing"].change)
    before = [row for row in rows(path, "segments") if row[1] == OTHER_GUILD]
    assert (await repaired(path))[1] == []
    assert [row for row in rows(path, "segments") if row[1] == OTHER_GUILD] == before


async def test_a_repaired_index_is_merged_again(path: Path) -> None:
    change(path, REPAIRABLE["a block missing"].change)
    await repaired(path)
    assert len([row for row in rows(path, "segments") if row[1] == GUILD]) == 1 + TALKS % merging.FANOUT


async def test_progress_is_told_by_transcripts(path: Path) -> None:
    change(path, REPAIRABLE["a block missing"].change)
    told: list[tuple[int, int]] = []
    async with Database.opened(path) as database:
        found = await checking.check(database, progress=lambda *step: told.append(step))
        assert told[-1] == (TALKS + 2, TALKS + 2)
        told.clear()
        await repairing.repair(database, found, progress=lambda *step: told.append(step))
    assert told == [(done, TALKS) for done in range(1, TALKS + 1)]


async def test_a_repair_that_was_broken_off_loses_nothing(
    path: Path, expected: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    class CrashError(Exception):
        pass

    write, written = indexing.write, []

    async def failing(*arguments: object) -> None:
        written.append(arguments)
        if len(written) > 3:
            raise CrashError
        await write(*arguments)  # type: ignore[arg-type]

    change(path, REPAIRABLE["a block missing"].change)
    monkeypatch.setattr(indexing, "write", failing)
    with pytest.raises(CrashError):
        await repaired(path)
    monkeypatch.undo()
    (problem,) = await checked(path)
    assert "No segment holds transcripts 1, 2, 3, 4, 5 and 2 more." in str(problem)
    assert await answers(path) == expected  # the opening did the rest
    assert await checked(path) == []


async def test_a_running_bot_notices_a_repair(path: Path, expected: list[Answer]) -> None:
    async with Library.opened(path) as library:
        before = await library.ask(GUILD, "word17 word500", limit=20)
        change(path, REPAIRABLE["two terms' numbers"].change)
        assert await library.ask(GUILD, "word17 word500", limit=20) != before
        assert (await repaired(path))[1] == []
        assert await library.ask(GUILD, "word17 word500", limit=20) == before
        await library.ingest(GUILD, video_file("talk3", "word17 and nothing else"), "a.md")
    assert await checked(path) == []
    assert before == expected[0]


async def test_a_bot_whose_server_lost_its_row_notices_that_it_is_back(path: Path) -> None:
    async with Library.opened(path) as library:
        before = await library.ask(GUILD, "word17")
        change(path, REPAIRABLE["a server's row dropped"].change)
        await library.ask(GUILD, "word17")
        assert (await repaired(path))[1] == []
        assert await library.ask(GUILD, "word17") == before


async def test_a_servers_row_comes_back_with_a_greater_version_than_any_bot_has_seen(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD + 7, video_file("talk", "of a server that is new"), "a.md")
    (before,) = (row for row in rows(path, "guilds") if row[0] == GUILD + 7)
    change(path, f"DELETE FROM guilds WHERE guild_id = {GUILD + 7}")
    assert (await repaired(path))[1] == []
    (after,) = (row for row in rows(path, "guilds") if row[0] == GUILD + 7)
    assert int(str(after[1])) > int(str(before[1]))


async def test_nothing_is_wrong_while_transcripts_are_ingested_removed_and_merged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "FANOUT", 2)
    enough = asyncio.Event()

    async def busy() -> int:
        async with Library.opened(path) as library:
            for number in count():
                name = f"talk{number % 12}"
                await library.ingest(GUILD, video_file(name, f"word17 again{number}", "the mill"), "a.md")
                if number % 5 == 0:
                    await library.remove(GUILD, f"https://media.example.org/{name}.mp4")
                if enough.is_set():
                    return number
        raise AssertionError

    working = asyncio.create_task(busy())
    for _ in range(8):
        assert await checked(path) == []
        assert not working.done()
    enough.set()
    assert await working > 0
    assert await checked(path) == []


@pytest.mark.parametrize("table", ["cues", "segment_blocks"])
async def test_a_damaged_file_is_said_and_left_alone(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchall()
        ((size,),) = connection.execute("PRAGMA page_size").fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x05" * 40 + bytes(size - 40))
    before = path.read_bytes()
    found, left = await repaired(path)
    assert found == left != []
    assert all(str(problem).startswith("The database file is damaged: ") for problem in found)
    assert not any(problem.repairable for problem in found)
    assert path.read_bytes() == before
