"""What is wrong with a database: its file, its rows, and its index against the transcripts that it is derived from.

Whatever is compared with each other is read in one transaction, a segment at a time, so what a bot writes meanwhile is
no false alarm. A merged segment has a greater id, so going through them by their ids misses none, and comes to an end
where those that are newer than the check hold nothing but transcripts that were looked at.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from store.database import Database, Reader
from store.index.stream import PLACE
from store.meaning.encoder import Encoder
from store.models import Problem
from store.text.wording import many, numbered
from store.upkeep import alikeness, vocabularies
from store.upkeep.comparing import Comparison

Progress = Callable[[int, int], None]  # how many transcripts are done, of how many

FAULTS = 10  # of the file, that SQLite lists
STREAM_OF = f"stream_blocks.id >> {PLACE}"  # the transcript of a block


@dataclass(frozen=True, slots=True)
class Orphans:
    """The rows of a table whose `column` names a row of another, the parent, that is gone."""

    table: str
    column: str
    parent: str
    id: int
    rows: int

    @property
    def needless(self) -> bool:
        """Whether nothing is lost with them: what was said isn't derived from anything."""
        return self.table not in {"transcripts", "cues"}


async def check(
    database: Database, encoder: Encoder | None = None, *, progress: Progress | None = None
) -> list[Problem]:
    """Return what is wrong, server by server; nothing is changed.

    `encoder` makes the sentence vectors, where these are on. `progress` hears of each transcript. Where the file itself
    is damaged, nothing else is looked at.

    Raises:
        DatabaseError: the database can't be read.
    """
    async with database.snapshot() as connection:
        if found := await _file(connection):
            return found
        found += [_orphaned(one) for one in await orphans(connection)]
        found += await _unindexed(connection)
        guilds = [row[0] for row in await connection.execute_fetchall("SELECT guild_id FROM guilds")]
        rows = await connection.execute_fetchall("SELECT id, guild_id FROM transcripts ORDER BY id")
        ((newest,),) = await connection.execute_fetchall("SELECT coalesce(max(id), 0) FROM segments")
    left = {int(id_): int(guild_id) for id_, guild_id in rows}
    damaged: set[int] = set()
    for guild_id in guilds:
        async with database.snapshot() as connection:
            wrong, unusable = await vocabularies.check(connection, guild_id)
        found += wrong
        damaged |= {guild_id} if unusable else set()
    total = len(left)

    def seen(transcript: int) -> None:
        left.pop(transcript, None)
        if progress is not None:
            progress(total - len(left), total)

    last = 0
    while segment := await _segment(database, last, newest=newest, left=left, damaged=damaged, seen=seen):
        last, wrong = segment
        found += wrong
    for transcript, guild_id in list(left.items()):  # those in no segment
        async with database.snapshot() as connection:
            comparison = Comparison(connection, guild_id)
            await comparison.transcript(transcript)
        found += comparison.found
        seen(transcript)
    found += await alikeness.check(database, encoder)
    return sorted(found, key=lambda problem: problem.guild_id or 0)


async def orphans(connection: Reader) -> list[Orphans]:
    """Return the rows whose parents are gone, as the schema names their parents."""
    rows = await connection.execute_fetchall("PRAGMA foreign_key_check")
    found = []
    for table, parent, key in sorted({(str(row[0]), str(row[2]), int(row[3])) for row in rows}):
        keys = await connection.execute_fetchall(f"PRAGMA foreign_key_list({table})")
        column, referred = next((str(row[3]), str(row[4])) for row in keys if row[0] == key)
        counted = await connection.execute_fetchall(
            f"""
            SELECT {column}, count(*) FROM {table}
            WHERE NOT EXISTS (SELECT 1 FROM {parent} WHERE {parent}.{referred} = {table}.{column}) GROUP BY 1
            """
        )
        found += [Orphans(table, column, parent, int(id_), int(count)) for id_, count in counted]
    counted = await connection.execute_fetchall(
        f"""
        SELECT {STREAM_OF}, count(*) FROM stream_blocks
        WHERE NOT EXISTS (SELECT 1 FROM transcripts WHERE transcripts.id = {STREAM_OF}) GROUP BY 1
        """
    )
    return found + [Orphans("stream_blocks", STREAM_OF, "transcripts", int(id_), int(count)) for id_, count in counted]


async def _segment(
    database: Database,
    last: int,
    *,
    newest: int,
    left: Iterable[int],
    damaged: Collection[int],
    seen: Callable[[int], None],
) -> tuple[int, list[Problem]] | None:
    """Look at the first segment after `last` and its transcripts; return its id, and what is wrong.

    Those after the `newest` matter only where they hold a transcript that is `left`.
    """
    async with database.snapshot() as connection:
        rows = await connection.execute_fetchall(
            """
            SELECT id, guild_id, passages FROM segments
            WHERE id > ? AND (id <= ? OR EXISTS (
                SELECT 1 FROM segment_transcripts
                WHERE segment_id = segments.id AND transcript_id IN (SELECT value FROM json_each(?))
            ))
            ORDER BY id LIMIT 1
            """,
            (last, newest, json.dumps(list(left))),
        )
        for id_, guild_id, passages in rows:
            comparison = Comparison(connection, guild_id)
            await comparison.segment(id_, passages, comparable=guild_id not in damaged, seen=seen)
            return id_, comparison.found
    return None


async def _file(connection: Reader) -> list[Problem]:
    try:
        rows = await connection.execute_fetchall(f"PRAGMA integrity_check({FAULTS})")
        faults = [" ".join(str(row[0]).split()) for row in rows]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        faults = [str(error)]
    return [Problem(None, f"The database file is damaged: {fault}.", False) for fault in faults if fault != "ok"]


def _orphaned(one: Orphans) -> Problem:
    guild_id = one.id if one.parent == "guilds" else None
    parent = "the server" if guild_id else f"the {one.parent.removesuffix('s')} {one.id}"
    what = f"The row of {parent} is gone to which {many(one.rows, 'row')} of {one.table} belong."
    return Problem(guild_id, what, one.table != "cues")


async def _unindexed(connection: Reader) -> list[Problem]:
    rows = await connection.execute_fetchall(
        """
        SELECT guild_id, json_group_array(id) FROM transcripts
        WHERE NOT EXISTS (
            SELECT 1 FROM segment_transcripts AS held JOIN segments AS s ON s.id = held.segment_id
            WHERE held.transcript_id = transcripts.id
        )
        GROUP BY guild_id
        """
    )
    return [
        Problem(int(guild_id), f"No segment holds {numbered(sorted(json.loads(ids)), 'transcript')}.", True)
        for guild_id, ids in rows
    ]
