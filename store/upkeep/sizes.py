"""How much there is of each guild: counts and bytes, one grouped statement a table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields

from store.database import Reader
from store.index import vectors
from store.index.stream import PLACE
from store.models import Sizes
from store.transcripts import UNINDEXED

_STATEMENTS = {
    ("transcripts", "duration_ms", "cues", "words", "passages"): """
        SELECT guild_id, count(*), sum(duration_ms), sum(cues), sum(words), sum(passages)
        FROM transcripts WHERE ?1 IS NULL OR guild_id = ?1 GROUP BY guild_id
    """,
    ("unindexed",): f"""
        SELECT guild_id, count(*) FROM transcripts WHERE (?1 IS NULL OR guild_id = ?1) AND {UNINDEXED} GROUP BY guild_id
    """,
    ("terms",): "SELECT guild_id, count(*) FROM terms WHERE ?1 IS NULL OR guild_id = ?1 GROUP BY guild_id",
    ("segments", "index_bytes"): """
        SELECT guild_id, count(*), sum(
            coalesce((SELECT length(blob) FROM segment_blobs WHERE segment_id = segments.id), 0)
            + (SELECT coalesce(sum(length(blob)), 0) FROM segment_blocks WHERE segment_id = segments.id)
        )
        FROM segments WHERE ?1 IS NULL OR guild_id = ?1 GROUP BY guild_id
    """,
    ("stream_bytes",): f"""
        SELECT guild_id, sum(length(b.low) + length(b.high) + length(b.cues))
        FROM stream_blocks AS b JOIN transcripts ON transcripts.id = b.id >> {PLACE}
        WHERE ?1 IS NULL OR guild_id = ?1 GROUP BY guild_id
    """,
    ("subscriptions", "owed"): """
        SELECT guild_id, count(*), sum(
            (
                SELECT count(*) FROM deliveries
                WHERE subscription_id = subscriptions.id AND state IN ('waiting', 'sending', 'failing')
            )
        )
        FROM subscriptions WHERE removed_at IS NULL AND (?1 IS NULL OR guild_id = ?1) GROUP BY guild_id
    """,
    ("glossary",): """
        SELECT guild_id, count(DISTINCT term_key) FROM glossary WHERE ?1 IS NULL OR guild_id = ?1 GROUP BY guild_id
    """,
}


async def by_guild(connection: Reader, guild_id: int | None = None, *, model: str | None = None) -> tuple[Sizes, ...]:
    """Return the sizes of each guild of which there is anything, or of the one that is named, by its id.

    Where a `model` makes sentence vectors, those are counted, too.
    """
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for names, statement in _STATEMENTS.items():
        for guild, *counts in await connection.execute_fetchall(statement, (guild_id,)):
            found[guild] |= dict(zip(names, counts, strict=True))
    if model is not None:
        made = await vectors.counted(connection, model, guild_id)
        for guild in found:
            found[guild]["vectors"] = made.get(guild, 0)
    return tuple(Sizes(guild, **counts) for guild, counts in sorted(found.items()))


def together(guilds: Iterable[Sizes]) -> Sizes:
    """Return the sums."""
    guilds = tuple(guilds)
    names = [field.name for field in fields(Sizes) if field.name != "guild_id"]
    summed = {name: sum(getattr(guild, name) or 0 for guild in guilds) for name in names}
    if all(guild.vectors is None for guild in guilds):
        del summed["vectors"]
    return Sizes(None, **summed)
