"""Servers that the bot is in, and since when it is no longer in others: the SQL of what is to be erased.

A server counts as left only by the bot that was seen in it: another one of the same database, or the command line's
servers in which no bot ever was, say nothing.
"""

import json
from collections.abc import Collection

from store.database import Reader, Writer


async def seen(connection: Writer, application_id: int, guild_ids: Collection[int], *, now: float) -> None:
    """Note which servers a bot is in now; of those it was in and isn't any more, since when."""
    values = {"application": application_id, "guilds": json.dumps(list(guild_ids)), "now": now}
    await connection.execute(
        """
        UPDATE joined SET left_at = :now
        WHERE application_id = :application AND left_at IS NULL
            AND guild_id NOT IN (SELECT value FROM json_each(:guilds))
        """,
        values,
    )
    await connection.execute(
        """
        INSERT INTO joined (application_id, guild_id) SELECT :application, value FROM json_each(:guilds) WHERE TRUE
        ON CONFLICT DO UPDATE SET left_at = NULL WHERE left_at IS NOT NULL
        """,
        values,
    )


async def due(connection: Reader, *, before: float) -> tuple[int, ...]:
    """Return the servers that every bot that was in them left before a time."""
    rows = await connection.execute_fetchall(
        "SELECT guild_id FROM joined GROUP BY guild_id HAVING max(coalesce(left_at, 1e300)) <= ? ORDER BY guild_id",
        (before,),
    )
    return tuple(int(row[0]) for row in rows)


async def forget(connection: Writer, guild_id: int) -> None:
    """Forget that any bot was in a server."""
    await connection.execute("DELETE FROM joined WHERE guild_id = ?", (guild_id,))
