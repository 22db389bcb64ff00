"""The SQL of transcripts and their cues."""

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from store import bulk, corrected, links
from store.catalogue import NameRow
from store.database import Reader, Writer, aside
from store.errors import NotFoundError
from store.models import Cue, Details, Entry, Filters, Order, Spoken, SpokenBy, Transcript
from store.records import COLUMNS, changes, entry
from store.sentences import Sentence, sentence, series
from store.text import analysis
from store.text.languages import said as language_said

_BESIDE = ("source", "file", "ingested_at", "ingested_by", "spoken", "spoken_by")
_ORDERS = {
    Order.INGESTED: "ingested_at DESC, id DESC",
    Order.PUBLISHED: "published IS NULL, published DESC, id DESC",
    Order.TITLE: "title COLLATE NOCASE, id",
    Order.LENGTH: "duration_ms DESC, id DESC",
}
UNINDEXED = "NOT EXISTS (SELECT 1 FROM segment_transcripts WHERE transcript_id = transcripts.id)"


async def get(connection: Reader, guild_id: int, transcript_id: int) -> Entry | None:
    """Return a transcript of the guild."""
    rows = await connection.execute_fetchall(
        f"SELECT {COLUMNS} FROM transcripts t WHERE guild_id = ? AND id = ?", (guild_id, transcript_id)
    )
    return next((entry(row) for row in rows), None)


async def named(connection: Reader, guild_id: int, name: str | int) -> Entry:
    """Return the guild's transcript with this id; or where it was typed, with this id, video id, or link.

    Raises:
        NotFoundError: the guild has none, or several that share it.
    """
    if isinstance(name, int):
        if (found := await get(connection, guild_id, name)) is None:
            raise NotFoundError("That transcript is no longer in this library.")
        return found
    name = name.strip()
    if re.fullmatch(r"[0-9]{1,18}", name) and (found := await get(connection, guild_id, int(name))):
        return found
    rows = await connection.execute_fetchall(
        f"""
        SELECT {COLUMNS} FROM transcripts t
        WHERE guild_id = :guild AND (
            video_id = :name OR source IN (:video, :video || '#' || video_id)
            OR (source > :video || char(10) AND source < :video || char(11))
            OR (source NOT LIKE 'title:%' AND substr(source, instr(source, ':') + 1) = :name)
        )
        ORDER BY id LIMIT 9
        """,
        {"guild": guild_id, "name": name, "video": links.identity(url) if (url := links.checked(name)) else ""},
    )
    matching = [entry(row) for row in rows]
    if len(matching) > 1:
        ids = [sentence("{id} ({language})", id=one.id, language=language_said(one.spoken.code)) for one in matching]
        raise NotFoundError(
            "Several transcripts are of “{name}”; choose one by its id: {ids}.", name=name[:80], ids=series(ids)
        )
    if not matching:
        if "://" in name:
            unknown = sentence("There is no transcript “{name}” in this library; `library` lists those it has.")
        else:
            unknown = sentence("There is no transcript “{name}” in this library; `library` lists their ids.")
        raise NotFoundError(unknown, name=name[:80])
    return matching[0]


async def page(
    connection: Reader,
    guild_id: int,
    *,
    offset: int,
    limit: int,
    among: Sequence[int] | None = None,
    search: str = "",
    order: Order = Order.INGESTED,
) -> tuple[tuple[Entry, ...], int]:
    """Return some of the guild's transcripts, and how many there are: those `among` which and that hold a text."""
    where = """
        guild_id = :guild AND (:among IS NULL OR id IN (SELECT value FROM json_each(:among)))
        AND (:text = '' OR instr(lower(title), :text) OR instr(lower(ifnull(speaker, '')), :text)
            OR instr(lower(speakers), :text) OR instr(lower(ifnull(channel, '')), :text)
            OR instr(lower(ifnull(url, '')), :text) OR instr(lower(tags), :text))
    """
    values = {
        "guild": guild_id,
        "among": None if among is None else json.dumps(list(among)),
        "text": search.strip().lower(),
        "limit": limit,
        "offset": offset,
    }
    rows = await connection.execute_fetchall(
        f"SELECT {COLUMNS} FROM transcripts t WHERE {where} ORDER BY {_ORDERS[order]} LIMIT :limit OFFSET :offset",
        values,
    )
    counted = await connection.execute_fetchall(f"SELECT count(*) FROM transcripts WHERE {where}", values)
    return tuple(entry(row) for row in rows), int(next(iter(counted))[0])


async def unindexed(connection: Reader, guild_id: int | None = None) -> list[tuple[int, int]]:
    """Return the guilds and ids of transcripts that no segment holds, of a guild or of all, the newest first."""
    rows = await connection.execute_fetchall(
        f"SELECT guild_id, id FROM transcripts WHERE {UNINDEXED} AND ?1 IN (guild_id, -1) ORDER BY id DESC",
        (-1 if guild_id is None else guild_id,),
    )
    return [(int(row[0]), int(row[1])) for row in rows]


async def is_unindexed(connection: Reader, guild_id: int, transcript_id: int) -> bool:
    """Say whether a guild's transcript is there, but held by no segment."""
    rows = await connection.execute_fetchall(
        f"SELECT 1 FROM transcripts WHERE id = ? AND guild_id = ? AND {UNINDEXED}", (transcript_id, guild_id)
    )
    return bool(list(rows))


async def names(connection: Reader, guild_id: int) -> list[NameRow]:
    """Return what the guild's transcripts can be chosen by, the last ingested first."""
    rows = await connection.execute_fetchall(
        """
        SELECT id, title, speaker, speakers, tags, published, spoken, channel FROM transcripts
        WHERE guild_id = ? ORDER BY ingested_at DESC, id DESC
        """,
        (guild_id,),
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]) for row in rows]


async def matching(connection: Reader, guild_id: int, filters: Filters) -> list[int]:
    """Return the ids of the guild's transcripts that pass the filters; one without a date passes none of days."""
    rows = await connection.execute_fetchall(
        """
        SELECT id FROM transcripts
        WHERE guild_id = :guild
            AND (:transcript IS NULL OR id = :transcript)
            AND (:speaker IS NULL OR speaker = :speaker
                OR EXISTS (SELECT 1 FROM json_each(speakers) WHERE value = :speaker))
            AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
            AND (:after IS NULL OR published >= :after)
            AND (:before IS NULL OR published <= :before)
        """,
        {
            "guild": guild_id,
            "transcript": filters.transcript,
            "speaker": filters.speaker,
            "tag": filters.tag,
            "after": filters.after.isoformat() if filters.after else None,
            "before": filters.before.isoformat() if filters.before else None,
        },
    )
    return [int(row[0]) for row in rows]


async def said_by(connection: Reader, guild_id: int, speaker: str) -> dict[int, list[int]]:
    """Return the positions of a speaker's cues in each of the guild's transcripts whose cues name them, in order."""
    rows = await connection.execute_fetchall(
        """
        SELECT c.transcript_id, c.position FROM transcripts AS t
        CROSS JOIN cues AS c ON c.transcript_id = t.id AND c.speaker = :speaker
        WHERE t.guild_id = :guild AND EXISTS (SELECT 1 FROM json_each(t.speakers) WHERE value = :speaker)
        ORDER BY c.transcript_id, c.position
        """,
        {"guild": guild_id, "speaker": speaker},
    )
    found: dict[int, list[int]] = {}
    for transcript, position in rows:
        found.setdefault(int(transcript), []).append(int(position))
    return found


async def count(connection: Reader, guild_id: int) -> int:
    """Count the guild's transcripts."""
    rows = await connection.execute_fetchall("SELECT count(*) FROM transcripts WHERE guild_id = ?", (guild_id,))
    return int(next(iter(rows))[0])


async def entries(connection: Reader, ids: Iterable[int]) -> dict[int, Entry]:
    """Return transcripts by id."""
    rows = await connection.execute_fetchall(
        f"SELECT {COLUMNS} FROM transcripts t WHERE t.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(ids))),),
    )
    return {found.id: found for found in map(entry, rows)}


async def cues(connection: Reader, spans: Sequence[tuple[int, int, int]]) -> dict[int, dict[int, Cue]]:
    """Return the cues at positions `first` ≤ position < `end` for each (transcript, first, end), by both."""
    spans = _merged(spans)
    rows = await connection.execute_fetchall(
        """
        SELECT c.transcript_id, c.position, c.start_ms, c.text, c.end_ms, c.speaker
        FROM json_each(?) AS span
        CROSS JOIN cues AS c ON c.transcript_id = span.value ->> 0
            AND c.position >= span.value ->> 1 AND c.position < span.value ->> 2
        """,
        (json.dumps(spans),),
    )
    found: dict[int, dict[int, Cue]] = {}
    for transcript, position, *cue in rows:
        found.setdefault(transcript, {})[position] = Cue(*cue)
    return found


async def spoken(connection: Reader, transcript_id: int) -> tuple[Spoken, str | None]:
    """Return the language of a transcript, with who says so, and what its file states of it."""
    rows = await connection.execute_fetchall(
        "SELECT spoken, spoken_by, language FROM transcripts WHERE id = ?", (transcript_id,)
    )
    ((code, by, stated),) = rows
    return Spoken(str(code), SpokenBy(str(by))), str(stated) if stated is not None else None


async def speak(connection: Writer, transcript_id: int, spoken: Spoken) -> None:
    """Keep the language of a transcript."""
    await connection.execute("UPDATE transcripts SET spoken = ?, spoken_by = ? WHERE id = ?", (*spoken, transcript_id))


async def languages(connection: Reader, guild_id: int) -> tuple[str, ...]:
    """Return the languages of the guild's transcripts, by one look into an index a language."""
    rows = await connection.execute_fetchall(
        """
        WITH RECURSIVE every (code) AS (
            SELECT min(spoken) FROM transcripts WHERE guild_id = ?1
            UNION ALL
            SELECT (SELECT min(spoken) FROM transcripts WHERE guild_id = ?1 AND spoken > code)
            FROM every WHERE code IS NOT NULL
        )
        SELECT code FROM every WHERE code IS NOT NULL
        """,
        (guild_id,),
    )
    return tuple(str(row[0]) for row in rows)


async def starts(connection: Reader, transcript_id: int) -> list[int]:
    """Return the start of each cue of a transcript, in milliseconds, by position."""
    rows = await connection.execute_fetchall(
        "SELECT start_ms FROM cues WHERE transcript_id = ? ORDER BY position", (transcript_id,)
    )
    return [int(row[0]) for row in rows]


async def starts_of(connection: Reader, cues: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the starts of cues, given as (transcript, position), in milliseconds."""
    rows = await connection.execute_fetchall(
        """
        SELECT c.transcript_id, c.position, c.start_ms
        FROM json_each(?) AS wanted
        CROSS JOIN cues AS c ON c.transcript_id = wanted.value ->> 0 AND c.position = wanted.value ->> 1
        """,
        (json.dumps(sorted(set(cues))),),
    )
    return {(transcript, position): start_ms for transcript, position, start_ms in rows}


async def content(connection: Reader, guild_id: int, transcript_id: int) -> tuple[Details, bytes]:
    """Return a transcript's details and the digest with which it was kept.

    Raises:
        ValueError: they hold what nothing keeps, so the rows are damaged.
    """
    try:
        rows = await connection.execute_fetchall(
            f"SELECT {COLUMNS}, t.content FROM transcripts t WHERE guild_id = ? AND id = ?", (guild_id, transcript_id)
        )
        ((details, kept),) = [(entry(row).details, bytes(row[-1])) for row in rows]
    except (AssertionError, TypeError) as error:
        raise ValueError("not a transcript's row") from error
    return details, kept


async def whole(connection: Reader, transcript_id: int) -> list[Cue]:
    """Return the cues of a transcript by position; what in a damaged one is no text as U+FFFD, no time as 0."""
    rows = await connection.execute_fetchall(
        "SELECT start_ms, CAST(text AS BLOB), end_ms, speaker FROM cues WHERE transcript_id = ? ORDER BY position",
        (transcript_id,),
    )
    return [
        Cue(start if isinstance(start, int) else 0, text.decode(errors="replace"), end, speaker)
        for start, text, end, speaker in rows
    ]


def first_version() -> int:
    """Return the version of a library that is new, greater than any of one that is gone: no memory of that may fit."""
    return int(time.time() * 1000)


async def found_library(connection: Writer, guild_id: int) -> None:
    """Let a guild have a library, if it has none."""
    first = first_version()
    await connection.execute(
        "INSERT OR IGNORE INTO guilds (guild_id, analysis, version, layout) VALUES (?, ?, ?, ?)",
        (guild_id, analysis.VERSION, first, first),
    )


async def insert(connection: Writer, guild_id: int, transcript: Transcript, columns: Mapping[str, object]) -> int:
    """Insert a transcript with its cues and return its id."""
    await found_library(connection, guild_id)
    cursor = await connection.execute(
        f"INSERT INTO transcripts (guild_id, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})",
        (guild_id, *columns.values()),
    )
    assert cursor.lastrowid is not None
    await _insert_cues(connection, cursor.lastrowid, transcript)
    return cursor.lastrowid


async def replace(
    connection: Writer, transcript_id: int, transcript: Transcript, columns: Mapping[str, object]
) -> None:
    """Replace a transcript's details and cues, keeping its id."""
    await update(connection, transcript_id, columns)
    await connection.execute("DELETE FROM cues WHERE transcript_id = ?", (transcript_id,))
    await _insert_cues(connection, transcript_id, transcript)


async def update(connection: Writer, transcript_id: int, columns: Mapping[str, object]) -> None:
    """Set columns of a transcript."""
    await connection.execute(
        f"UPDATE transcripts SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?",
        (*columns.values(), transcript_id),
    )


async def differences(connection: Reader, old: Entry, transcript: Transcript, spoken: str) -> tuple[Sentence, ...]:
    """Say in sentences what a transcript in a language has that an older version hasn't, and the other way round."""
    cues = await whole(connection, old.id)
    languages_of_both = (old.spoken.code, spoken)
    return await aside(changes, old.details, transcript.details, cues, transcript.cues, spoken=languages_of_both)


async def beside(connection: Reader, transcript_id: int) -> dict[str, object]:
    """Return what is stored of a transcript that no file says: where it is from, who ingested it when, its language."""
    rows = await connection.execute_fetchall(
        f"SELECT {', '.join(_BESIDE)} FROM transcripts WHERE id = ?", (transcript_id,)
    )
    (row,) = rows
    return dict(zip(_BESIDE, row, strict=True))


async def spoken_cues(connection: Reader, transcript_id: int) -> int:
    """Count the cues of a transcript whose speaker is known."""
    rows = await connection.execute_fetchall(
        "SELECT count(speaker) FROM cues WHERE transcript_id = ?", (transcript_id,)
    )
    return int(next(iter(rows))[0])


async def delete(connection: Writer, transcript_id: int) -> None:
    """Delete a transcript with its cues; what was owed of it stays known."""
    await connection.execute("DELETE FROM transcripts WHERE id = ?", (transcript_id,))


async def _insert_cues(connection: Writer, transcript_id: int, transcript: Transcript) -> None:
    columns = dict(zip(Cue._fields, zip(*transcript.cues, strict=True), strict=True))
    said = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    into = f"INSERT INTO cues (transcript_id, position, {', '.join(said)})"  # a NULL takes longer than a value
    await bulk.insert(connection, into, list(zip(repeat(transcript_id), range(len(transcript.cues)), *said.values())))
    await corrected.attach(connection, transcript_id, transcript.cues)


def _merged(spans: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join spans that overlap, so that no cue is read twice."""
    merged: list[tuple[int, int, int]] = []
    for transcript, first, end in sorted(spans):
        if merged and merged[-1][0] == transcript and first <= merged[-1][2]:
            merged[-1] = (transcript, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((transcript, first, end))
    return merged
