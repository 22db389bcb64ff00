"""What is wrong with a guild's vocabulary: the numbers of its terms and words, the terms of its words, their sounds."""

import asyncio
import json

from store.database import Reader
from store.index import vocabulary
from store.models import Problem
from store.text.analysis import stem
from store.text.languages import COMPOUNDING

BATCH = 5000  # terms or words that are looked at at once

_UNNUMBERED = "{} of the vocabulary share a number, or have none."


async def check(connection: Reader, guild_id: int) -> tuple[list[Problem], bool]:
    """Say what is wrong with a guild's vocabulary, and whether nothing can be compared by it."""
    if wrong := await _terms(connection, guild_id) or await _words(connection, guild_id):
        return [Problem(guild_id, wrong, True)], True
    missing = expected = 0
    last = -1
    while batch := await _batch(connection, guild_id, last):
        last = batch[-1][0]
        try:
            terms = [term.decode() for _, term, _ in batch]
            compounds = [term.decode() for _, term, compound in batch if compound]
        except UnicodeDecodeError:
            return [Problem(guild_id, "A term of the vocabulary isn't text.", True)], True
        codes = await asyncio.to_thread(_codes, terms, compounds)
        expected += len(set(codes))
        rows = await connection.execute_fetchall(
            """
            SELECT count(*) FROM (SELECT DISTINCT value ->> 0 AS code, value ->> 1 AS term FROM json_each(?)) AS wanted
            WHERE NOT EXISTS (
                SELECT 1 FROM sounds WHERE guild_id = ? AND sounds.code = wanted.code AND sounds.term = wanted.term
            )
            """,
            (json.dumps(codes), guild_id),
        )
        missing += next(iter(rows))[0]
    rows = await connection.execute_fetchall("SELECT count(*) FROM sounds WHERE guild_id = ?", (guild_id,))
    needless = next(iter(rows))[0] - (expected - missing)
    if not (missing or needless):
        return [], False
    what = f"Of the sounds of its terms {missing:,} are missing and {needless:,} are of no term."
    return [Problem(guild_id, what, True)], False


async def _terms(connection: Reader, guild_id: int) -> str | None:
    rows = await connection.execute_fetchall(
        """
        SELECT count(*) - count(DISTINCT number), total(typeof(number) <> 'integer' OR number < 0)
        FROM terms WHERE guild_id = ?
        """,
        (guild_id,),
    )
    ((shared, numberless),) = rows
    return _UNNUMBERED.format("Terms") if shared or numberless else None


async def _words(connection: Reader, guild_id: int) -> str | None:
    rows = await connection.execute_fetchall(
        """
        SELECT count(*) - count(DISTINCT number), total(
            typeof(number) <> 'integer' OR number < ?2
            OR number >= ?2 + (SELECT words FROM guilds WHERE guild_id = ?1)
        )
        FROM words WHERE guild_id = ?1
        """,
        (guild_id, len(vocabulary.STOP)),
    )
    ((shared, numberless),) = rows
    if shared or numberless:
        return _UNNUMBERED.format("Words")
    wrong = 0
    last = b"", ""
    while True:
        rows = await connection.execute_fetchall(
            """
            SELECT CAST(words.word AS BLOB), words.language, CAST(terms.term AS BLOB)
            FROM words LEFT JOIN terms ON terms.guild_id = words.guild_id AND terms.number = words.term
            WHERE words.guild_id = ? AND (words.word, words.language) > (CAST(? AS TEXT), ?)
            ORDER BY words.word, words.language LIMIT ?
            """,
            (guild_id, *last, BATCH),
        )
        batch = [(row[0], row[1], row[2]) for row in rows]
        if not batch:
            break
        last = batch[-1][:2]
        wrong += await asyncio.to_thread(_misplaced, batch)
    return f"Of the words of its vocabulary {wrong:,} are of another term than they should be." if wrong else None


def _misplaced(batch: list[tuple[bytes, str, bytes | None]]) -> int:
    """Count the words that don't have the term which they should have."""
    return sum(
        term is None or stem(word.decode(errors="replace"), language).encode() != term for word, language, term in batch
    )


def _codes(terms: list[str], compounds: list[str]) -> list[tuple[str, str]]:
    return [*vocabulary.codes(terms), *vocabulary.edges(compounds)]


async def _batch(connection: Reader, guild_id: int, last: int) -> list[tuple[int, bytes, bool]]:
    """Return terms by number, and whether each is of a language with compounds."""
    rows = await connection.execute_fetchall(
        """
        SELECT number, CAST(term AS BLOB), EXISTS (
            SELECT 1 FROM words
            WHERE words.guild_id = terms.guild_id AND words.term = terms.number
                AND words.language IN (SELECT value FROM json_each(?))
        )
        FROM terms WHERE guild_id = ? AND number > ? ORDER BY number LIMIT ?
        """,
        (json.dumps(sorted(COMPOUNDING)), guild_id, last, BATCH),
    )
    return [(row[0], row[1], bool(row[2])) for row in rows]
