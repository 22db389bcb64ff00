"""Rows that tests of the database write and read."""

from store.database import Database
from tests.store.builders import GUILD


async def subscribe(database: Database, channel: int) -> None:
    """Write the row of a channel's subscription."""
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO subscriptions (guild_id, name, channel_id, created_at) VALUES (?, ?, ?, '')",
            (GUILD, str(channel), channel),
        )


async def subscribed(database: Database) -> list[int]:
    """The channels that have a row."""
    async with database.snapshot() as connection:
        return [int(row[0]) for row in await connection.execute_fetchall("SELECT channel_id FROM subscriptions")]
