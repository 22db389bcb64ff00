"""The SQL of files in folders that are watched: of each a digest of what was ingested last."""

from collections.abc import Mapping

from store.database import Reader, Writer


async def known(connection: Reader, guild_id: int) -> dict[str, bytes]:
    """Return the digests of what was ingested for a guild, by the files' paths."""
    rows = await connection.execute_fetchall("SELECT path, digest FROM watched WHERE guild_id = ?", (guild_id,))
    return {str(path): bytes(digest) for path, digest in rows}


async def keep(connection: Writer, guild_id: int, digests: Mapping[str, bytes]) -> None:
    """Keep the digests of what was ingested for a guild, by the files' paths."""
    await connection.executemany(
        "INSERT OR REPLACE INTO watched (guild_id, path, digest) VALUES (?, ?, ?)",
        [(guild_id, path, digest) for path, digest in digests.items()],
    )
