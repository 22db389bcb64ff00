"""Sentence vectors in the database: one blob a transcript, a row of int8 a passage, in the order of its passages.

A vector is stored as its direction alone: scaled so that its largest number is 127, which uses all of a byte; what is
made of it divides by its length. A vector of nothing but zeros has no direction, and is like nothing.
"""

import json
import zlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from store.database import Reader, Writer
from store.errors import VectorsError
from store.transcripts import UNINDEXED

Vectors = npt.NDArray[np.float32]  # [n, d]
Rows = npt.NDArray[np.int8]  # [n, d]

TOP = 127


def packed(vectors: Vectors) -> Rows:
    """Return vectors as they are stored [n, d]; they must be finite."""
    top = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    top[top == 0] = 1
    rows: Rows = np.rint(vectors / top * TOP).astype(np.int8)
    return rows


async def insert(connection: Writer, guild_id: int, transcript_id: int, model: str, rows: Rows) -> None:
    """Store the vectors of a transcript's passages in place of those that it has."""
    await remove(connection, [transcript_id])
    cursor = await connection.execute(
        "INSERT INTO vectors (guild_id, transcript_id, model, passages) VALUES (?, ?, ?, ?)",
        (guild_id, transcript_id, model, len(rows)),
    )
    blob = rows.tobytes()
    await connection.execute(
        "INSERT INTO vector_blobs (vectors_id, blob, crc) VALUES (?, ?, ?)",
        (cursor.lastrowid, blob, _crc(transcript_id, model, blob)),
    )


async def remove(connection: Writer, transcripts: Iterable[int]) -> None:
    """Delete the vectors of some transcripts' passages, which are made anew where these stay."""
    await connection.executemany("DELETE FROM vectors WHERE transcript_id = ?", [(id_,) for id_ in transcripts])


async def forget(connection: Writer, guild_id: int) -> None:
    """Delete all vectors of a guild."""
    await connection.execute("DELETE FROM vectors WHERE guild_id = ?", (guild_id,))


async def lacking(connection: Reader, model: str, guild_id: int | None = None) -> list[tuple[int, int]]:
    """Return the guilds and ids of indexed transcripts without vectors of a model, of a guild or of all, newest first.

    One without passages lacks none.
    """
    rows = await connection.execute_fetchall(
        f"""
        SELECT guild_id, id FROM transcripts
        WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE transcript_id = transcripts.id AND model = ?1)
            AND passages > 0 AND NOT {UNINDEXED} AND ?2 IN (guild_id, -1)
        ORDER BY id DESC
        """,
        (model, -1 if guild_id is None else guild_id),
    )
    return [(int(guild), int(id_)) for guild, id_ in rows]


async def lacks(connection: Reader, guild_id: int, transcript_id: int, model: str) -> tuple[bytes, int] | None:
    """Return the digest and the number of passages of an indexed transcript without vectors of a model.

    None where it is gone, isn't indexed, or has them.
    """
    rows = await connection.execute_fetchall(
        f"""
        SELECT content, passages FROM transcripts
        WHERE id = ? AND guild_id = ? AND NOT {UNINDEXED}
            AND NOT EXISTS (SELECT 1 FROM vectors WHERE transcript_id = transcripts.id AND model = ?)
        """,
        (transcript_id, guild_id, model),
    )
    return next(((bytes(content), int(passages)) for content, passages in rows), None)


async def newest(connection: Reader, guild_id: int, model: str) -> int:
    """Return the id of a guild's newest vectors of a model; 0 where there are none."""
    rows = await connection.execute_fetchall(
        "SELECT max(id) FROM vectors WHERE guild_id = ? AND model = ?", (guild_id, model)
    )
    return next(int(row[0] or 0) for row in rows)


async def listed(connection: Reader, guild_id: int, model: str) -> dict[int, tuple[int, object]]:
    """Return the ids of a guild's vectors of a model, and how many are said to be under each, by transcript."""
    rows = await connection.execute_fetchall(
        "SELECT transcript_id, id, passages FROM vectors WHERE guild_id = ? AND model = ?", (guild_id, model)
    )
    return {int(transcript): (int(id_), passages) for transcript, id_, passages in rows}


async def counted(connection: Reader, model: str, guild_id: int | None = None) -> dict[int, int]:
    """Count the passages with a vector of a model, of each guild that has any, or of one."""
    rows = await connection.execute_fetchall(
        "SELECT guild_id, sum(passages) FROM vectors WHERE model = ?1 AND ?2 IN (guild_id, -1) GROUP BY guild_id",
        (model, -1 if guild_id is None else guild_id),
    )
    return {int(guild): int(count) for guild, count in rows}


async def made(connection: Reader, guild_id: int, model: str) -> tuple[int, int]:
    """Return how many of a guild's passages have a vector of a model, and how many there are."""
    rows = await connection.execute_fetchall(
        "SELECT coalesce(sum(passages), 0) FROM transcripts WHERE guild_id = ?", (guild_id,)
    )
    return (await counted(connection, model, guild_id)).get(guild_id, 0), next(int(row[0]) for row in rows)


async def read(connection: Reader, ids: Sequence[int], size: int) -> dict[int, Rows]:
    """Return vectors of `size` numbers by their ids.

    Raises:
        VectorsError: some are missing or damaged.
    """
    rows = await connection.execute_fetchall(
        """
        SELECT v.id, v.transcript_id, v.passages, v.model, b.blob, b.crc
        FROM json_each(?) AS wanted
        CROSS JOIN vectors AS v ON v.id = wanted.value LEFT JOIN vector_blobs AS b ON b.vectors_id = v.id
        """,
        (json.dumps(list(ids)),),
    )
    found: dict[int, Rows] = {}
    wrong: set[int] = set()
    for id_, transcript, passages, model, blob, crc in rows:
        if is_whole(transcript, model, blob, crc) and len(blob) == passages * size:
            found[int(id_)] = np.frombuffer(blob, np.int8).reshape(passages, size)
        else:
            wrong.add(int(transcript))
    if wrong:
        raise VectorsError(frozenset(wrong))
    return found


def is_whole(transcript_id: int, model: str, blob: object, crc: object) -> bool:
    """Say whether a stored blob is the one that was written for this transcript by this model."""
    return type(blob) is bytes and _crc(transcript_id, model, blob) == crc


def _crc(transcript_id: int, model: str, blob: bytes) -> int:
    return zlib.crc32(blob, zlib.crc32(f"{transcript_id} {model}".encode()))
