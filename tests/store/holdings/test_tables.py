"""No table is forgotten: of each is said whose its rows are, which members they name, and what becomes of them."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.holdings import moving
from store.holdings.tables import TABLES
from store.library import Library
from tests.store.builders import GUILD, OTHER_GUILD
from tests.store.holdings.world import fill

WORDS = [f"zebrafish{letter}" for letter in "abcdefghi"]
OTHER_WORDS = [f"armadillo{letter}" for letter in "abcdefghi"]
# Whose values look like a member's id by their name.
OF_A_MEMBER = re.compile(r"(^|_)(by|member|member_id|user|user_id|author|author_id|voter|voter_id)$")
# Which bot, or who says which language a transcript is in.
OF_NOBODY = {("joined", "application_id"), ("transcripts", "spoken_by")}


def schema(path: Path) -> dict[str, list[str]]:
    """The columns of each table of a new database."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sqlite_sequence'")
        return {
            name: [column[1] for column in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in found.fetchall()
        }


@pytest.mark.usefixtures("library")
async def test_every_table_of_the_schema_is_in_the_map(path: Path) -> None:
    assert sorted(schema(path)) == sorted(table.name for table in TABLES)


@pytest.mark.usefixtures("library")
async def test_every_column_with_a_members_id_is_in_the_map(path: Path) -> None:
    named = {(table.name, member.value) for table in TABLES for member in table.members}
    there = {(name, column) for name, columns in schema(path).items() for column in columns}
    looks_so = {(name, column) for name, column in there if OF_A_MEMBER.search(column)} - OF_NOBODY
    assert looks_so <= named
    assert {one for one in named if "->>" not in one[1]} <= there


@pytest.mark.usefixtures("library")
async def test_what_is_said_of_how_rows_are_carried_fits_the_columns(path: Path) -> None:
    columns = schema(path)
    carried = {table.name for table in TABLES if table.carried is not None}
    assert moving._PREPARED.keys() <= carried
    for table in TABLES:
        if (how := table.carried) is not None:
            assert {*how.same, *how.refers, *how.elsewhere, *how.json} <= set(columns[table.name])
            assert set(how.refers.values()) <= carried | {"transcripts"}
            # What a member, a channel or a message is, another server doesn't have.
            foreign = {name for name in columns[table.name] if re.search(r"(channel|message|place)_id$", name)}
            assert how.here_only or foreign <= set(how.elsewhere)


async def test_the_rows_of_each_server_are_found_by_the_map_and_together_are_all(library: Library, path: Path) -> None:
    await fill(library, GUILD, WORDS, token="t1")
    await fill(library, OTHER_GUILD, OTHER_WORDS, token="t2")
    with closing(sqlite3.connect(path)) as connection:
        for table in TABLES:
            count = f"SELECT count(*) FROM {table.name}"
            own, other = (
                connection.execute(f"{count} WHERE {table.of_guild}", {"guild": guild}).fetchone()[0]
                for guild in (GUILD, OTHER_GUILD)
            )
            assert own > 0 < other, f"tests/store/holdings/world.py writes nothing into {table.name}"
            assert connection.execute(count).fetchone()[0] == own + other, table.name
