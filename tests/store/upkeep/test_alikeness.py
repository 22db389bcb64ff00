"""Sentence vectors that are damaged are named and dropped, so that they are made anew; nothing else is touched."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.database import Database
from store.library import Library
from store.meaning.making import complete
from store.models import Problem
from store.upkeep import alikeness, checking, repairing
from tests.store.builders import GUILD, OTHER_GUILD, video_file
from tests.store.meaning.encoders import Tiny

DAMAGE = {
    "UPDATE vector_blobs SET blob = zeroblob(length(blob)) WHERE vectors_id = 2": "2 are damaged, or missing",
    "UPDATE vector_blobs SET blob = substr(blob, 2) WHERE vectors_id = 2": "2 are damaged, or missing",
    "UPDATE vector_blobs SET crc = crc + 1 WHERE vectors_id = 2": "2 are damaged, or missing",
    "UPDATE vector_blobs SET blob = 7 WHERE vectors_id = 2": "2 are damaged, or missing",
    "DELETE FROM vector_blobs WHERE vectors_id = 2": "2 are damaged, or missing",
    "UPDATE vectors SET model = 'another' WHERE id = 2": "2 are damaged, or missing",
    "UPDATE vectors SET passages = 7 WHERE id = 2": "2 are 7, but it has 1 passage",
    "UPDATE vectors SET passages = 'x' WHERE id = 2": "2 are x, but it has 1 passage",
    f"UPDATE vectors SET guild_id = {OTHER_GUILD} WHERE id = 2": "2 are kept as another server's",
}


async def made(path: Path) -> None:
    async with Library.opened(path) as library:
        for number in range(3):
            await library.ingest(GUILD, video_file(f"talk{number}", "the baker counted loaves"), "a.md")
        await library.ingest(OTHER_GUILD, video_file("other", "the miller slept"), "a.md")
        for _ in range(1, 5):
            await complete(library._database, Tiny())
    with closing(sqlite3.connect(path)) as connection, connection:  # the ids as the transcripts'
        connection.execute("UPDATE vector_blobs SET vectors_id = 105 - vectors_id")
        connection.execute("UPDATE vectors SET id = 105 - id")
        connection.execute("UPDATE vector_blobs SET vectors_id = vectors_id - 100")
        connection.execute("UPDATE vectors SET id = id - 100")


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_named_and_only_those_are_dropped(
    path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alikeness, "BATCH", 2)
    await made(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    async with Database.opened(path) as database:
        found = await checking.check(database, Tiny())
        assert found == [Problem(GUILD, f"The sentence vectors of transcript {DAMAGE[damage]}.", True, 2)]
        assert await repairing.extent(database, found) == {}
        await repairing.repair(database, found)
        assert await checking.check(database, Tiny()) == []
        assert await complete(database, Tiny()) == 1


async def test_what_is_missing_or_of_another_model_is_no_problem(path: Path) -> None:
    await made(path)
    async with Library.opened(path) as library:
        await library.ingest(GUILD, video_file("new", "the baker counted loaves"), "a.md")
        assert await checking.check(library._database, Tiny("tiny 2")) == []
        assert await checking.check(library._database) == []


async def test_a_model_whose_vectors_are_of_another_size_is_a_problem(path: Path) -> None:
    class Wider(Tiny):
        size = 32

    await made(path)
    async with Database.opened(path) as database:
        found = await checking.check(database, Wider())
        assert len(found) == 4
        said = "The sentence vectors of transcript 4 don't have 32 numbers each."
        assert str(found[-1]) == f"Server {OTHER_GUILD}: {said}"


async def test_vectors_of_no_transcript_are_dropped(path: Path) -> None:
    await made(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE vectors SET transcript_id = 99 WHERE id = 2")
    async with Database.opened(path) as database:
        found = await checking.check(database)
        said = "The row of the transcript 99 is gone to which 1 row of vectors belong."
        assert [problem.what for problem in found] == [said]
        await repairing.repair(database, found)
        assert await checking.check(database) == []
        assert await complete(database, Tiny()) == 1
