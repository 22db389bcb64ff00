"""The SQL of remembered questions: what the buttons under an answer ask again, by a token that can't be guessed.

They are forgotten after 30 days, when something new is remembered, so the table stays as long as a month's questions.
"""

import json
from dataclasses import asdict
from datetime import date

import aiosqlite

from store.models import Asked, Filters

KEPT_SECONDS = 30 * 24 * 3600.0
_DAYS = ("after", "before")


async def remember(connection: aiosqlite.Connection, guild_id: int, token: str, asked: Asked, *, at: float) -> None:
    """Keep a question asked at `at` (seconds since the epoch), and forget those that were kept long enough."""
    await connection.execute("DELETE FROM asked WHERE asked_at < ?", (at - KEPT_SECONDS,))
    await connection.execute(
        "INSERT INTO asked (token, guild_id, question, filters, asked_by, asked_at) VALUES (?, ?, ?, ?, ?, ?)",
        (token, guild_id, asked.question, written(asked.filters), asked.asked_by, at),
    )


async def recall(connection: aiosqlite.Connection, guild_id: int, token: str) -> Asked | None:
    """Return the guild's question with this token."""
    rows = await connection.execute_fetchall(
        "SELECT question, filters, asked_by FROM asked WHERE guild_id = ? AND token = ?", (guild_id, token)
    )
    return next((Asked(str(row[0]), read(str(row[1])), int(row[2])) for row in rows), None)


def written(filters: Filters) -> str:
    """Write filters as JSON, those alone that narrow."""
    return json.dumps({name: value for name, value in asdict(filters).items() if value is not None}, default=str)


def read(text: str) -> Filters:
    """Return the filters that were written."""
    values = json.loads(text)
    return Filters(**values | {name: date.fromisoformat(values[name]) for name in _DAYS if name in values})
