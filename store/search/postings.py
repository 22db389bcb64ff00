"""The index in the database: a guild's segments, written in the transaction of what they index."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiosqlite

from store.models import Transcript
from store.search import analysis, segments, vocabulary
from store.search.index import GuildIndex
from store.search.passages import Passage, windows


@dataclass(frozen=True, slots=True)
class Analysed:
    """A transcript's terms per cue, its passages and its length in words."""

    terms: tuple[tuple[str, ...], ...]
    passages: tuple[Passage, ...]
    words: int


def analyse(transcript: Transcript) -> Analysed:
    """Do the part of indexing that needs no database; meant for a worker thread."""
    lengths = [analysis.length(cue.text) for cue in transcript.cues]
    return Analysed(
        tuple(analysis.terms(cue.text) for cue in transcript.cues),
        tuple(windows(lengths)),
        round(sum(lengths)),
    )


async def write(connection: aiosqlite.Connection, guild_id: int, transcript_id: int, analysed: Analysed) -> None:
    """Write a transcript's segment, and the terms that are new to the guild; bump the guild's version."""
    known = await vocabulary.add(connection, guild_id, {term for cue in analysed.terms for term in cue})
    segment = await asyncio.to_thread(
        segments.build,
        transcript_id,
        [[known[term] for term in cue] for cue in analysed.terms],
        analysed.passages,
    )
    await _insert(connection, guild_id, segment)
    await _bump(connection, guild_id)


async def remove(connection: aiosqlite.Connection, guild_id: int, transcript_id: int) -> None:
    """Take a transcript out of the segment that holds it, before its rows go; bump the guild's version."""
    rows = await connection.execute_fetchall(
        """
        SELECT segment_id, blob,
            (SELECT count(*) FROM segment_transcripts AS shared WHERE shared.segment_id = held.segment_id) > 1
        FROM segment_transcripts AS held JOIN segment_blobs USING (segment_id) WHERE transcript_id = ?
        """,
        (transcript_id,),
    )
    for segment_id, blob, shared in rows:
        # A segment of its own goes unread, so that a damaged one can be replaced.
        left = await asyncio.to_thread(_unpacked_without, bytes(blob), transcript_id) if shared else None
        await connection.execute("DELETE FROM segments WHERE id = ?", (segment_id,))
        if left is not None:
            await _insert(connection, guild_id, left)
    await _bump(connection, guild_id)


async def version(connection: aiosqlite.Connection, guild_id: int) -> int:
    """Return the version of the guild's library; 0 where nothing was ever ingested."""
    rows = await connection.execute_fetchall("SELECT version FROM guilds WHERE guild_id = ?", (guild_id,))
    return next((int(row[0]) for row in rows), 0)


async def refresh(connection: aiosqlite.Connection, guild_id: int, index: GuildIndex) -> GuildIndex:
    """Bring an index to the version that `connection` sees, reading only the segments it doesn't hold."""
    now = await version(connection, guild_id)
    if now == index.version:
        return index
    rows = await connection.execute_fetchall("SELECT id FROM segments WHERE guild_id = ?", (guild_id,))
    stored = {int(row[0]) for row in rows}
    blobs = await connection.execute_fetchall(
        "SELECT segment_id, blob FROM segment_blobs WHERE segment_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(stored - index.stored)),),
    )
    return await asyncio.to_thread(
        index.refreshed, now, gone=index.stored - stored, new={int(id_): bytes(blob) for id_, blob in blobs}
    )


async def _insert(connection: aiosqlite.Connection, guild_id: int, segment: segments.Segment) -> None:
    cursor = await connection.execute(
        "INSERT INTO segments (guild_id, passages) VALUES (?, ?)", (guild_id, segment.size)
    )
    segment_id = cursor.lastrowid
    await connection.execute(
        "INSERT INTO segment_blobs (segment_id, blob) VALUES (?, ?)",
        (segment_id, await asyncio.to_thread(segment.pack)),
    )
    owners: Sequence[int] = segment.transcripts.tolist()
    await connection.executemany(
        "INSERT INTO segment_transcripts (transcript_id, segment_id) VALUES (?, ?)",
        [(transcript, segment_id) for transcript in owners],
    )


def _unpacked_without(blob: bytes, transcript_id: int) -> segments.Segment | None:
    return segments.without(segments.Segment.unpack(blob), transcript_id)


async def _bump(connection: aiosqlite.Connection, guild_id: int) -> None:
    await connection.execute("UPDATE guilds SET version = version + 1 WHERE guild_id = ?", (guild_id,))
