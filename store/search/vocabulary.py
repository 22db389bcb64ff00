"""A guild's vocabulary in the database: each term's number, and the sounds it is found by when it was misheard."""

import asyncio
import json
from collections.abc import Collection, Iterable

import aiosqlite

from store.database import Database, Reader
from store.search.sounds import sounds


async def numbers(connection: Reader, guild_id: int, terms: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those terms that are in the guild's vocabulary."""
    rows = await connection.execute_fetchall(
        "SELECT term, number FROM terms WHERE guild_id = ? AND term IN (SELECT value FROM json_each(?))",
        (guild_id, json.dumps(list(terms))),
    )
    return {str(term): int(number) for term, number in rows}


async def add(connection: aiosqlite.Connection, guild_id: int, terms: Collection[str]) -> dict[str, int]:
    """Give numbers and sounds to those terms that are new to the guild, and return the numbers of all."""
    known = await numbers(connection, guild_id, terms)
    rows = await connection.execute_fetchall(
        "SELECT coalesce(max(number) + 1, 0) FROM terms WHERE guild_id = ?", (guild_id,)
    )
    new = {term: number for number, term in enumerate(sorted(set(terms) - known.keys()), start=next(iter(rows))[0])}
    await connection.executemany(
        "INSERT INTO terms (guild_id, term, number) VALUES (?, ?, ?)",
        [(guild_id, *item) for item in new.items()],
    )
    await _add_sounds(connection, guild_id, new)
    return known | new


async def sounding(
    connection: Reader,
    guild_id: int,
    codes: Iterable[str],
    *,
    shortest: int,
    longest: int,
    initials: str = "",
) -> dict[str, list[str]]:
    """Return the guild's terms of `shortest` to `longest` characters by those of the given sounds that they have.

    `initials` are the letters that they may begin with, where that matters.
    """
    rows = await connection.execute_fetchall(
        """
        SELECT code, term FROM sounds
        WHERE guild_id = ?1 AND code IN (SELECT value FROM json_each(?2)) AND length(term) BETWEEN ?3 AND ?4
            AND (?5 = '' OR instr(?5, substr(term, 1, 1)))
        """,
        (guild_id, json.dumps(list(codes)), shortest, longest, initials),
    )
    found: dict[str, list[str]] = {}
    for code, term in rows:
        found.setdefault(str(code), []).append(str(term))
    return found


async def complete(database: Database) -> None:
    """Give their sounds to the terms of guilds that were indexed before sounds were kept."""
    async with database.snapshot() as connection:
        rows = await connection.execute_fetchall("SELECT guild_id FROM guilds WHERE NOT sounded")
    for (guild_id,) in rows:
        async with database.transaction() as connection:
            terms = await connection.execute_fetchall("SELECT term FROM terms WHERE guild_id = ?", (guild_id,))
            await _add_sounds(connection, guild_id, [str(row[0]) for row in terms])
            await connection.execute("UPDATE guilds SET sounded = 1 WHERE guild_id = ?", (guild_id,))


async def _add_sounds(connection: aiosqlite.Connection, guild_id: int, terms: Iterable[str]) -> None:
    rows = await asyncio.to_thread(codes, terms)
    await connection.executemany(
        "INSERT OR IGNORE INTO sounds (guild_id, code, term) VALUES (?, ?, ?)", [(guild_id, *row) for row in rows]
    )


def codes(terms: Iterable[str]) -> list[tuple[str, str]]:
    """Return each sound of each term, with the term; a number is no word, and no misheard one either."""
    return [(code, term) for term in terms if not _has_digit(term) for code in sounds(term)]


def _has_digit(term: str) -> bool:
    return any(character.isdigit() for character in term)
