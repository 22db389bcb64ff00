"""Many rows at once: as they would be one by one, however many they are."""

import aiosqlite
import pytest

from store import bulk


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 499, 500, 573, 1250])
async def test_every_row_arrives_once_and_in_its_columns(count: int) -> None:
    async with aiosqlite.connect(":memory:") as connection:
        await connection.execute("CREATE TABLE words (word TEXT, number INTEGER, language TEXT)")
        rows = [(f"word {at}", at, None) for at in range(count)]
        await bulk.insert(connection, "INSERT INTO words (word, number, language)", rows)
        assert list(await connection.execute_fetchall("SELECT * FROM words ORDER BY number")) == rows


async def test_what_is_there_already_can_be_passed_over() -> None:
    async with aiosqlite.connect(":memory:") as connection:
        await connection.execute("CREATE TABLE words (word TEXT PRIMARY KEY)")
        rows = [(f"{at % 300}",) for at in range(900)]
        await bulk.insert(connection, "INSERT OR IGNORE INTO words (word)", rows)
        ((count,),) = await connection.execute_fetchall("SELECT count(*) FROM words")
        assert count == 300
