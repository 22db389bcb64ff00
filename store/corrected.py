"""What stands corrected in transcripts: an approved text for a cue, and to which cue it belongs after they changed.

A cue is the same as before where its text is, letter for letter, at the same position or else near the same time.
"""

import json
from collections import defaultdict
from collections.abc import Sequence

from store.database import Reader, Writer
from store.models import Cue

NEAR_MS = 30_000
_MAY_STAND = "c.state <> 'removed'"  # what was rejected may be approved after all


async def standing(connection: Reader, transcript_id: int) -> dict[int, str]:
    """Return what the cues of a transcript should be, by position, of those that are corrected."""
    rows = await connection.execute_fetchall(
        "SELECT position, now FROM corrected_cues WHERE transcript_id = ? AND stands = 1 AND position IS NOT NULL",
        (transcript_id,),
    )
    return {int(position): str(now) for position, now in rows}


async def within(connection: Reader, spans: Sequence[tuple[int, int, int]]) -> dict[int, dict[int, str]]:
    """Return what the cues in spans (transcript, first, end) should be, by transcript and position."""
    if not spans:
        return {}
    rows = await connection.execute_fetchall(
        """
        SELECT c.transcript_id, c.position, c.now
        FROM json_each(?) AS wanted
        CROSS JOIN corrected_cues AS c ON c.stands = 1 AND c.transcript_id = wanted.value ->> 0
            AND c.position >= wanted.value ->> 1 AND c.position < wanted.value ->> 2
        """,
        (json.dumps(list(spans)),),
    )
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for transcript, position, now in rows:
        found[transcript][position] = now
    return found


async def are_there(connection: Reader, transcript_id: int) -> bool:
    """Whether anything was corrected of a transcript, or may be."""
    rows = await connection.execute_fetchall(
        f"SELECT 1 FROM corrections c WHERE c.transcript_id = ? AND {_MAY_STAND} LIMIT 1", (transcript_id,)
    )
    return any(rows)


async def of_guild(connection: Reader, guild_id: int) -> dict[tuple[int, int], tuple[str, str]]:
    """Return what cues of a guild say and should, by transcript and position, of those that are corrected."""
    rows = await connection.execute_fetchall(
        """
        SELECT k.transcript_id, k.position, k.was, k.now
        FROM corrections AS c JOIN corrected_cues AS k ON k.correction_id = c.id
        WHERE c.guild_id = ? AND c.state = 'approved' AND k.stands = 1 AND k.position IS NOT NULL
        """,
        (guild_id,),
    )
    return {(transcript, position): (was, now) for transcript, position, was, now in rows}


async def attach(connection: Writer, transcript_id: int, cues: Sequence[Cue]) -> None:
    """Let what was corrected of a transcript, or may be, belong to the cues that it has now.

    What belongs to none is kept without a position.
    """
    rows = await connection.execute_fetchall(
        f"""
        SELECT k.id, k.position, k.start_ms, k.was, k.stands
        FROM corrections AS c JOIN corrected_cues AS k ON k.correction_id = c.id
        WHERE c.transcript_id = ? AND {_MAY_STAND} ORDER BY k.id DESC
        """,
        (transcript_id,),
    )
    if not rows:
        return
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, cue in enumerate(cues):
        places[cue.text].append(position)
    ids = json.dumps([row[0] for row in rows])
    await connection.execute(
        "UPDATE corrected_cues SET position = NULL WHERE id IN (SELECT value FROM json_each(?))", (ids,)
    )
    taken: set[int] = set()
    for id_, position, start_ms, was, stands in rows:
        found = _same(cues, [at for at in places[was] if not stands or at not in taken], position, start_ms)
        if found is not None:
            taken |= {found} if stands else set()
            await connection.execute(
                "UPDATE corrected_cues SET position = ?, start_ms = ? WHERE id = ?",
                (found, cues[found].start_ms, id_),
            )


def _same(cues: Sequence[Cue], among: Sequence[int], position: int | None, start_ms: int) -> int | None:
    """Return which of the cues with the same text is the one that was at a position and a time; None if none is."""
    if position in among:
        return position
    near = min(among, key=lambda at: abs(cues[at].start_ms - start_ms), default=None)
    return near if near is not None and abs(cues[near].start_ms - start_ms) <= NEAR_MS else None
