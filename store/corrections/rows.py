"""The SQL of corrections and their captions."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from store import transcripts
from store.database import Reader, Writer
from store.models import Caption, Correction, Entry, Listed, Verdict

KEPT_SECONDS = 90 * 24 * 3600.0  # of what was rejected or removed

_COLUMNS = """
    c.id, c.transcript_id, c.title, c.state, c.proposed_by, c.proposed_at, c.decided_by, c.decided_at, c.removed_by,
    c.removed_at
"""
_ATTACHED = "EXISTS (SELECT 1 FROM corrected_cues k WHERE k.correction_id = c.id AND k.position IS NOT NULL)"
_WHICH = {
    Listed.WAITING: "c.state = 'waiting'",
    Listed.APPROVED: f"c.state = 'approved' AND {_ATTACHED}",
    Listed.DETACHED: f"c.state = 'approved' AND NOT {_ATTACHED}",
    Listed.REJECTED: "c.state = 'rejected'",
    Listed.REMOVED: "c.state = 'removed'",
}


async def get(connection: Reader, guild_id: int, id_: int) -> Correction | None:
    """Return a correction of the guild."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM corrections c WHERE c.guild_id = ? AND c.id = ?", (guild_id, id_)
    )
    return next(iter(await _corrections(connection, list(rows))), None)


async def page(
    connection: Reader, guild_id: int, which: Listed, *, offset: int, limit: int
) -> tuple[tuple[Correction, ...], int]:
    """Return some of the guild's corrections, and how many there are: what waits the oldest first, else the newest."""
    where = f"c.guild_id = ? AND {_WHICH[which]}"
    order = "c.id" if which is Listed.WAITING else "coalesce(c.removed_at, c.decided_at) DESC, c.id DESC"
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM corrections c WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
        (guild_id, limit, offset),
    )
    found = await _corrections(connection, list(rows))
    ((total,),) = await connection.execute_fetchall(f"SELECT count(*) FROM corrections c WHERE {where}", (guild_id,))
    return found, int(total)


async def counted(connection: Reader, guild_id: int, transcript_id: int | None) -> dict[Verdict, int]:
    """Count the guild's corrections, or those of one transcript, by what became of them."""
    rows = await connection.execute_fetchall(
        """
        SELECT state, count(*) FROM corrections
        WHERE guild_id = :guild AND (:transcript IS NULL OR transcript_id = :transcript) GROUP BY state
        """,
        {"guild": guild_id, "transcript": transcript_id},
    )
    return {Verdict(state): int(count) for state, count in rows}


async def of_member(connection: Reader, guild_id: int, member_id: int, *, since: float) -> tuple[int, int]:
    """Count what a member has proposed in a guild that waits, and what they have proposed since a time."""
    rows = await connection.execute_fetchall(
        """
        SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE proposed_at > ?) FROM corrections
        WHERE guild_id = ? AND proposed_by = ?
        """,
        (since, guild_id, member_id),
    )
    ((waiting, recent),) = rows
    return int(waiting), int(recent)


async def alike(
    connection: Reader, guild_id: int, transcript_id: int, captions: Sequence[Caption], *, since: float
) -> Correction | None:
    """Return the last correction that says the same and waits, or was rejected since a time."""
    rows = await connection.execute_fetchall(
        f"""
        SELECT {_COLUMNS} FROM corrections c
        WHERE c.guild_id = ? AND c.transcript_id = ?
            AND (c.state = 'waiting' OR (c.state = 'rejected' AND c.decided_at > ?))
        ORDER BY c.id DESC
        """,
        (guild_id, transcript_id, since),
    )
    wanted = {(one.position, one.was, one.now) for one in captions}
    every = await _corrections(connection, list(rows))
    return next((one for one in every if {(c.position, c.was, c.now) for c in one.captions} == wanted), None)


async def insert(
    connection: Writer,
    guild_id: int,
    transcript_id: int,
    captions: Sequence[Caption],
    *,
    title: str,
    by: int | None,
    now: float,
) -> int:
    """Keep a correction that waits, and return its id."""
    cursor = await connection.execute(
        """
        INSERT INTO corrections (guild_id, transcript_id, title, state, proposed_by, proposed_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (guild_id, transcript_id, title, Verdict.WAITING, by, now),
    )
    assert cursor.lastrowid is not None
    await connection.executemany(
        """
        INSERT INTO corrected_cues (correction_id, transcript_id, position, start_ms, was, now)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [(cursor.lastrowid, transcript_id, one.position, one.start_ms, one.was, one.now) for one in captions],
    )
    return cursor.lastrowid


async def edit(connection: Writer, id_: int, captions: Sequence[Caption]) -> None:
    """Set what the captions of a correction should be, by what they are."""
    await connection.executemany(
        "UPDATE corrected_cues SET now = ? WHERE correction_id = ? AND position IS ? AND start_ms = ? AND was = ?",
        [(one.now, id_, one.position, one.start_ms, one.was) for one in captions],
    )


async def decide(connection: Writer, id_: int, verdict: Verdict, *, by: int, now: float) -> None:
    """Set what becomes of a correction that waits."""
    await connection.execute(
        "UPDATE corrections SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?", (verdict, by, now, id_)
    )


async def stand(connection: Writer, id_: int) -> None:
    """Let the captions of a correction stand, in place of what stood for the same cues."""
    await connection.execute(
        """
        UPDATE corrected_cues SET stands = 0
        WHERE stands = 1 AND (transcript_id, position) IN (
            SELECT transcript_id, position FROM corrected_cues WHERE correction_id = ? AND position IS NOT NULL
        )
        """,
        (id_,),
    )
    await connection.execute("UPDATE corrected_cues SET stands = 1 WHERE correction_id = ? AND was <> now", (id_,))


async def remove(connection: Writer, id_: int, *, by: int, now: float) -> None:
    """Take back a correction that was approved."""
    await connection.execute("UPDATE corrected_cues SET stands = 0 WHERE correction_id = ?", (id_,))
    await connection.execute(
        "UPDATE corrections SET state = ?, removed_by = ?, removed_at = ? WHERE id = ?",
        (Verdict.REMOVED, by, now, id_),
    )


async def forget(connection: Writer, *, now: float) -> None:
    """Delete what was decided against long ago, and what is of a transcript that is gone for good."""
    await connection.execute(
        "DELETE FROM corrections WHERE state IN ('rejected', 'removed') AND coalesce(removed_at, decided_at) < ?",
        (now - KEPT_SECONDS,),
    )
    await connection.execute(
        """
        DELETE FROM corrections
        WHERE transcript_id NOT IN (SELECT id FROM transcripts)
            AND transcript_id NOT IN (SELECT transcript_id FROM bygones)
        """
    )


async def _corrections(connection: Reader, rows: Sequence[Any]) -> tuple[Correction, ...]:
    """Return corrections by their rows, with their captions and transcripts."""
    if not rows:
        return ()
    captions: defaultdict[int, list[Caption]] = defaultdict(list)
    for id_, position, start_ms, was, now, stands in await connection.execute_fetchall(
        """
        SELECT correction_id, position, start_ms, was, now, stands FROM corrected_cues
        WHERE correction_id IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
        (json.dumps([row[0] for row in rows]),),
    ):
        captions[id_].append(Caption(position, start_ms, was, now, bool(stands)))
    entries = await transcripts.entries(connection, {row[1] for row in rows})
    return tuple(_correction(row, captions, entries) for row in rows)


def _correction(row: Any, captions: Mapping[int, list[Caption]], entries: Mapping[int, Entry]) -> Correction:
    id_, transcript, title, state, proposed_by, proposed_at, decided_by, decided_at, removed_by, removed_at = row
    return Correction(
        id_,
        transcript,
        title,
        entries.get(transcript),
        Verdict(state),
        tuple(captions[id_]),
        proposed_by,
        datetime.fromtimestamp(proposed_at, UTC),
        decided_by,
        _at(decided_at),
        removed_by,
        _at(removed_at),
    )


def _at(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
