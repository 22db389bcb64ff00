"""A small library on disk, and ways in which its database can be damaged."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from store.database import Database
from store.library import Library
from store.models import Answer, Problem
from store.upkeep import checking, repairing
from tests.store.builders import GUILD, OTHER_GUILD, subscribe, video_file

TALKS = 10  # of which 8 are merged
QUESTIONS = ("word17 word500", "word3 word4 word5", "word999", '"word1 word2"')

Change = Callable[[sqlite3.Connection], None]


async def make(path: Path) -> None:
    """Make the library: a server's with several segments, one of them with several blocks, and another server's."""
    rng = random.Random(5)
    async with Library.opened(path) as library:
        await subscribe(library, 7)
        for number in range(TALKS):
            texts = [" ".join(f"word{rng.randrange(1000)}" for _ in range(15)) for _ in range(30)]
            await library.ingest(GUILD, video_file(f"talk{number}", *texts), "a.md")
            await library._merging.settled()
        for number in range(2):
            texts = [" ".join(rng.choices(("mill", "river", "baker", "word17"), k=8)) for _ in range(20)]
            await library.ingest(OTHER_GUILD, video_file(f"talk{number}", *texts), "a.md")


async def answers(path: Path) -> list[Answer]:
    """What the library answers."""
    async with Library.opened(path) as library:
        return [await library.ask(guild, q, limit=20) for guild in (GUILD, OTHER_GUILD) for q in QUESTIONS]


async def checked(path: Path) -> list[Problem]:
    """What a check finds."""
    async with Database.opened(path) as database:
        return await checking.check(database)


async def repaired(path: Path) -> tuple[list[Problem], list[Problem]]:
    """What a check finds, and what another finds after a repair of that."""
    async with Database.opened(path) as database:
        found = await checking.check(database)
        await repairing.repair(database, found)
        return found, await checking.check(database)


def change(path: Path, what: str | Change) -> None:
    """Change a database behind its back: by statements, or by a function of a connection."""
    with closing(sqlite3.connect(path)) as connection, connection:
        if isinstance(what, str):
            connection.executescript(what)
        else:
            what(connection)


def _swap(table: str, key: str, column: str, one: str, other: str) -> str:
    return f"""
        CREATE TEMP TABLE kept AS SELECT {column} AS one FROM {table} WHERE {key} = {one};
        UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {key} = {other}) WHERE {key} = {one};
        UPDATE {table} SET {column} = (SELECT one FROM kept) WHERE {key} = {other};
    """


def _flip(connection: sqlite3.Connection) -> None:
    """Set a bit in the first of the lengths."""
    ((id_, blob),) = connection.execute("SELECT segment_id, blob FROM segment_blobs WHERE segment_id = 9").fetchall()
    blob = bytearray(blob)
    blob[len(blob) // 2] ^= 1
    connection.execute("UPDATE segment_blobs SET blob = ? WHERE segment_id = ?", (bytes(blob), id_))


@dataclass(frozen=True)
class Damage:
    """A way to damage a database, a part of what is said of it, and the servers of which it is said."""

    change: str | Change
    said: str
    guilds: frozenset[int | None] = frozenset({GUILD})


_BLOCK = "WHERE segment_id = 9 AND block = 1"
HERE_AND_ANYWHERE = frozenset({GUILD, None})

REPAIRABLE = {
    "a block of zeros": Damage(
        f"UPDATE segment_blocks SET blob = zeroblob(length(blob)) {_BLOCK}", "Segment 9 (transcripts 1, 2, 3, 4, 5 and"
    ),
    "a block cut short": Damage(f"UPDATE segment_blocks SET blob = substr(blob, 2) {_BLOCK}", "has a block that is"),
    "a block missing": Damage(f"DELETE FROM segment_blocks {_BLOCK}", "has a block that is"),
    "a block left over": Damage("INSERT INTO segment_blocks VALUES (9, 77, x'00')", "has a block that is"),
    "two blocks swapped": Damage(_swap("segment_blocks", "segment_id = 9 AND block", "blob", "0", "1"), "Segment 9 "),
    "blocks of two segments swapped": Damage(
        _swap("segment_blocks", "block = 0 AND segment_id", "blob", "10", "11"), "Segment 1"
    ),
    "a directory cut short": Damage(
        "UPDATE segment_blobs SET blob = substr(blob, 1, 100) WHERE segment_id = 9", "damaged"
    ),
    "a directory missing": Damage("DELETE FROM segment_blobs WHERE segment_id = 10", "has no directory"),
    "a directory of another kind": Damage("UPDATE segment_blobs SET blob = x'1234' WHERE segment_id = 9", "directory"),
    "a bit of a directory": Damage(_flip, "Segment 9 "),
    "two directories swapped": Damage(_swap("segment_blobs", "segment_id", "blob", "10", "11"), "Segment 10 "),
    "two transcripts' places swapped": Damage(
        _swap("segment_transcripts", "transcript_id", "segment_id", "9", "10"),
        "Segment 10 (transcript 10) holds the passages of transcript 9 instead.",
    ),
    "a segment's count": Damage(
        "UPDATE segments SET passages = 99 WHERE id = 10", "passages, but is said to have 99"
    ),
    "a segment dropped": Damage("PRAGMA foreign_keys=ON; DELETE FROM segments WHERE id = 10", "holds transcript 9."),
    "a segment's row dropped": Damage(
        "DELETE FROM segments WHERE id = 9", "The row of the segment 9 is gone to which", HERE_AND_ANYWHERE
    ),
    "a segment of nothing": Damage(
        f"INSERT INTO segments (guild_id, passages) VALUES ({GUILD}, 0)", "Segment 14 holds no transcript."
    ),
    "a transcript's place dropped": Damage(
        "DELETE FROM segment_transcripts WHERE transcript_id = 3", "No segment holds transcript 3."
    ),
    "a transcript misplaced": Damage(
        "UPDATE segment_transcripts SET segment_id = 11 WHERE transcript_id = 3", "Segment 11 (transcripts 3, 10)"
    ),
    "a transcript in another server's segment": Damage(
        "UPDATE segment_transcripts SET segment_id = 12 WHERE transcript_id = 9",
        "Segment 12 (transcripts 9, 11)",
        frozenset({GUILD, OTHER_GUILD}),
    ),
    "a segment of another server": Damage(
        f"UPDATE segments SET guild_id = {OTHER_GUILD} WHERE id = 10",
        "holds transcript 9, which isn't one of this server's",
        frozenset({OTHER_GUILD}),
    ),
    "a transcript's counts": Damage(
        "UPDATE transcripts SET words = words + 1, cues = 2 WHERE id = 4", "Transcript 4 has 30 cues, 450 words"
    ),
    "a term's number": Damage(
        f"UPDATE terms SET number = 99999 WHERE guild_id = {GUILD} AND term = 'word17'", "are of another term than"
    ),
    "two terms' numbers": Damage(
        f"""
        CREATE TEMP TABLE n AS SELECT term, number FROM terms
            WHERE guild_id = {GUILD} AND term IN ('word17', 'word3');
        DELETE FROM terms WHERE guild_id = {GUILD} AND term IN ('word17', 'word3');
        INSERT INTO terms SELECT {GUILD}, term, (SELECT number FROM n AS o WHERE o.term <> n.term) FROM n
        """,
        "Of the words of its vocabulary 2 are of another term than they should be.",
    ),
    "a term dropped": Damage(
        f"DELETE FROM terms WHERE guild_id = {GUILD} AND term = 'word17'",
        "Of the words of its vocabulary 1 are of another term than they should be.",
    ),
    "a term without a number": Damage(
        f"UPDATE terms SET number = 'x' WHERE guild_id = {GUILD} AND term = 'word17'", "share a number, or have none"
    ),
    "a term that is no text": Damage(
        f"UPDATE terms SET term = CAST(x'ff' AS TEXT) WHERE guild_id = {GUILD} AND term = 'word17'",
        "are of another term",
    ),
    "all terms dropped": Damage(f"DELETE FROM terms WHERE guild_id = {GUILD}", "are of another term"),
    "a word dropped": Damage(
        f"DELETE FROM words WHERE guild_id = {GUILD} AND word = 'word17'", "1 word of transcript"
    ),
    "two words' numbers swapped": Damage(
        f"""
        CREATE TEMP TABLE n AS SELECT word, number FROM words
            WHERE guild_id = {GUILD} AND word IN ('word17', 'word3');
        UPDATE words SET number = (SELECT number FROM n WHERE n.word <> words.word)
            WHERE guild_id = {GUILD} AND word IN ('word17', 'word3');
        """,
        "is wrong",
    ),
    "a word of another term": Damage(
        f"""
        UPDATE words SET term = (SELECT number FROM terms WHERE guild_id = {GUILD} AND term = 'word3')
            WHERE guild_id = {GUILD} AND word = 'word17'
        """,
        "Of the words of its vocabulary 1 are of another term than they should be.",
    ),
    "a word's number beyond the others": Damage(
        f"UPDATE words SET number = 99999 WHERE guild_id = {GUILD} AND word = 'word17'", "share a number, or have none"
    ),
    "a block of a stream missing": Damage(
        f"DELETE FROM stream_blocks WHERE id = {2 << 20}", "The stream of words of transcript 2 is missing."
    ),
    "a bit of a stream": Damage(
        f"UPDATE stream_blocks SET high = x'3f' || substr(high, 2) WHERE id = {2 << 20}",
        "The stream of words of transcript 2 has a block that is damaged.",
    ),
    "two streams swapped": Damage(
        _swap("stream_blocks", "id", "low", f"{2 << 20}", f"{3 << 20}"), "The stream of words of transcript"
    ),
    "a stream of no transcript": Damage(
        f"INSERT INTO stream_blocks SELECT {99 << 20}, low, high, cues, crc FROM stream_blocks LIMIT 1",
        "The row of the transcript 99 is gone to which 1 row of stream_blocks belong.",
        frozenset({None}),
    ),
    "a sound dropped": Damage(
        f"DELETE FROM sounds WHERE guild_id = {OTHER_GUILD} AND term = 'mill'",
        "Of the sounds of its terms 1 are missing and 0 are of no term.",
        frozenset({OTHER_GUILD}),
    ),
    "a sound too many": Damage(
        f"INSERT INTO sounds VALUES ({OTHER_GUILD}, 'XX', 'xx')",
        "0 are missing and 1 are of no term.",
        frozenset({OTHER_GUILD}),
    ),
    "a server's row dropped": Damage(
        f"DELETE FROM guilds WHERE guild_id = {GUILD}", "The row of the server is gone to which"
    ),
    "terms of no server": Damage(
        "INSERT INTO terms VALUES (5, 'a', 0)", "The row of the server is gone to which 1 row of terms",
        frozenset({5}),
    ),
    "a block of no segment": Damage(
        "INSERT INTO segment_blocks VALUES (99, 0, x'00')",
        "The row of the segment 99 is gone to which 1 row of segment_blocks belong.",
        frozenset({None}),
    ),
    "a delivery of no subscription": Damage(
        "UPDATE deliveries SET subscription_id = 9 WHERE transcript_id = 1", "the subscription 9", frozenset({None})
    ),
}  # fmt: skip

LASTING = {
    "a cue said otherwise": Damage(
        "UPDATE cues SET text = text || ' not' WHERE transcript_id = 2 AND position = 5",
        "Transcript 2 itself is damaged: its cues or details aren't those that were ingested.",
    ),
    "a cue dropped": Damage("DELETE FROM cues WHERE transcript_id = 2 AND position = 5", "missing between others"),
    "the last cues dropped": Damage("DELETE FROM cues WHERE transcript_id = 2 AND position > 5", "aren't those that"),
    "every cue dropped": Damage("DELETE FROM cues WHERE transcript_id = 2", "aren't those that were ingested"),
    "a cue before the beginning": Damage(
        "UPDATE cues SET start_ms = -5 WHERE transcript_id = 2 AND position = 5", "the time of a cue is none"
    ),
    "a cue that is no text": Damage(
        "UPDATE cues SET text = CAST(x'ff41' AS TEXT) WHERE transcript_id = 2 AND position = 5", "a text isn't UTF-8"
    ),
    "another title": Damage("UPDATE transcripts SET title = 'x' WHERE id = 2", "aren't those that were ingested"),
    "a title that is no text": Damage(
        "UPDATE transcripts SET title = CAST(x'ff41' AS TEXT) WHERE id = 2", "a text isn't UTF-8"
    ),
    "tags that are no list": Damage("UPDATE transcripts SET tags = '[' WHERE id = 2", "its details can't be read"),
    "a day that is none": Damage("UPDATE transcripts SET published = 'x' WHERE id = 2", "its details can't be read"),
    "a duration that is none": Damage("UPDATE transcripts SET stated_ms = 'x' WHERE id = 2", "its details can't be"),
    "cues of no transcript": Damage(
        "UPDATE cues SET transcript_id = 99 WHERE transcript_id = 2",
        "The row of the transcript 99 is gone to which 30 rows of cues belong.",
        HERE_AND_ANYWHERE,
    ),
    "a transcript's row dropped": Damage(
        "DELETE FROM transcripts WHERE id = 2",
        "The row of the transcript 2 is gone to which 30 rows of cues belong.",
        HERE_AND_ANYWHERE,
    ),
}
