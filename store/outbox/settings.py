"""The SQL of when a guild's digests are sent, where its moderators are told of what fails, and in which language."""

from store.database import Reader, Writer
from store.models import Settings


async def get(connection: Reader, guild_id: int) -> Settings:
    """Return a guild's settings, those it hasn't set as they are by default."""
    rows = await connection.execute_fetchall(
        "SELECT hour, day, zone, problems_channel_id, language FROM notices WHERE guild_id = ?", (guild_id,)
    )
    return next((Settings(*row) for row in rows), Settings())


async def keep(connection: Writer, guild_id: int, settings: Settings) -> None:
    """Keep a guild's settings."""
    await connection.execute(
        """
        INSERT OR REPLACE INTO notices (guild_id, hour, day, zone, problems_channel_id, language)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (guild_id, settings.hour, settings.day, settings.zone, settings.problems_channel_id, settings.language),
    )
