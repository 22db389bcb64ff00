"""A guild's vocabulary in the database: each term's number, and the sounds it is found by when it was misheard."""

import asyncio
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import aiosqlite

from store.database import Database, Reader
from store.text.sounds import sounds

_LAST = "\U0010ffff"  # no letter, so every term comes before it
# A row a sound, not one a term: handing them over takes longer than finding them.
_SOUNDING = """
    SELECT {}, code, json_group_array(term) FROM sounds
    WHERE guild_id = ? AND code IN (SELECT value FROM json_each(?)) AND term >= ? AND term < ?
        AND length(term) BETWEEN ? AND ?
    GROUP BY code
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms as they are looked for: one of their sounds, what they begin with, how many characters they have."""

    codes: frozenset[str]
    initial: str
    shortest: int
    longest: int


async def numbers(connection: Reader, guild_id: int, terms: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those terms that are in the guild's vocabulary."""
    rows = await connection.execute_fetchall(
        """
        SELECT terms.term, terms.number
        FROM json_each(?) AS wanted CROSS JOIN terms ON terms.guild_id = ? AND terms.term = wanted.value
        """,
        (json.dumps(sorted(set(terms))), guild_id),
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


async def sounding(connection: Reader, guild_id: int, sought: Sequence[Sought]) -> list[dict[str, list[str]]]:
    """Return, for each of what is sought, the guild's terms that are it, by those of its sounds that they have."""
    found: list[dict[str, list[str]]] = [{} for _ in sought]
    if not sought:
        return found
    wanted = [
        (guild_id, json.dumps(sorted(one.codes)), one.initial, f"{one.initial}{_LAST}", one.shortest, one.longest)
        for one in sought
    ]
    rows = await connection.execute_fetchall(
        " UNION ALL ".join(_SOUNDING.format(at) for at in range(len(sought))),
        [value for values in wanted for value in values],
    )
    terms: list[list[str]] = json.loads(f"[{','.join(row[2] for row in rows)}]")
    for (at, code, _), having in zip(rows, terms, strict=True):
        found[at][str(code)] = having
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
