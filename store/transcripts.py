"""The SQL of transcripts and their cues, and the making of `Entry` from a row."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import aiosqlite

from store import links
from store.catalogue import NameRow
from store.database import Reader
from store.errors import NotFoundError
from store.models import Cue, Details, Entry, Filters, Spoken, SpokenBy, Transcript
from store.text import analysis

_COLUMNS = """
    t.id, t.title, t.video_id, t.url, t.speaker, t.channel, t.published, t.stated_ms, t.tags, t.language,
    t.duration_ms, t.cues, t.words, t.passages, t.ingested_at, lower(substr(hex(t.content), 1, 8)), t.spoken,
    t.spoken_by
"""


UNINDEXED = "NOT EXISTS (SELECT 1 FROM segment_transcripts WHERE transcript_id = transcripts.id)"


def source(details: Details, name: str) -> str:
    """Return the key by which a second file of the same video is known: its link, its id, or its title.

    A title alone is shared by weekly calls, so the day, or else the file's name, belongs to it.
    """
    if details.url is not None:
        video = links.video(details.url)
        return links.identity(details.url) + (f"#{details.video_id}" if video is None and details.video_id else "")
    if details.video_id is not None:
        return f"id:{details.video_id}"
    when = details.published.isoformat() if details.published else name.casefold()
    key = f"title:{details.title.casefold()}|{when}"
    return key.encode("utf-8", "backslashreplace").decode()  # a file's name may hold bytes that are no text


def digest(transcript: Transcript) -> bytes:
    """Return a digest that is equal for equal details and cues."""
    content = repr((transcript.details, [(cue.start_ms, cue.text) for cue in transcript.cues]))
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def columns_of(
    transcript: Transcript, name: str, spoken: Spoken, *, words: int, passages: int, at: datetime
) -> dict[str, object]:
    """Return what is stored of a transcript beside its cues, by column; `name` is its file's."""
    said = transcript.details
    return {
        "source": source(said, name),
        "content": digest(transcript),
        "title": said.title,
        "video_id": said.video_id,
        "url": said.url,
        "speaker": said.speaker,
        "channel": said.channel,
        "published": said.published.isoformat() if said.published else None,
        "stated_ms": said.duration_ms,
        "duration_ms": transcript.duration_ms,
        "tags": json.dumps(said.tags, ensure_ascii=False),
        "language": said.language,
        "spoken": spoken.code,
        "spoken_by": spoken.by,
        "cues": len(transcript.cues),
        "words": words,
        "passages": passages,
        "ingested_at": at.isoformat(),
    }


async def find(
    connection: aiosqlite.Connection, guild_id: int, key: str, video_id: str | None
) -> tuple[Entry, bytes] | None:
    """Return the transcript of a source, and its digest; of two files one of which has no link, the id decides."""
    rows = await connection.execute_fetchall(
        f"""
        SELECT {_COLUMNS}, t.content FROM transcripts t
        WHERE guild_id = :guild AND (source = :key OR (video_id = :id AND 'id:' || :id IN (source, :key)))
        ORDER BY source = :key DESC
        """,
        {"guild": guild_id, "key": key, "id": video_id},
    )
    return next(((entry(row), bytes(row[-1])) for row in rows), None)


async def get(connection: Reader, guild_id: int, transcript_id: int) -> Entry | None:
    """Return a transcript of the guild."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM transcripts t WHERE guild_id = ? AND id = ?", (guild_id, transcript_id)
    )
    return next((entry(row) for row in rows), None)


async def named(connection: Reader, guild_id: int, name: str) -> Entry:
    """Return the guild's transcript with this id, video id, or link.

    Raises:
        NotFoundError: the guild has none, or several that share it.
    """
    name = name.strip()
    if re.fullmatch(r"[0-9]{1,18}", name) and (found := await get(connection, guild_id, int(name))):
        return found
    rows = await connection.execute_fetchall(
        f"""
        SELECT {_COLUMNS} FROM transcripts t
        WHERE guild_id = :guild AND (video_id = :name OR source IN (:video, :video || '#' || video_id)) LIMIT 2
        """,
        {"guild": guild_id, "name": name, "video": links.identity(url) if (url := links.checked(name)) else ""},
    )
    matching = [entry(row) for row in rows]
    if len(matching) != 1:
        raise NotFoundError(f"There is no transcript “{name[:80]}” in this library; `library` lists their ids.")
    return matching[0]


async def page(
    connection: aiosqlite.Connection, guild_id: int, *, offset: int, limit: int
) -> tuple[tuple[Entry, ...], int]:
    """Return some of the guild's transcripts, the last ingested first, and how many there are."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM transcripts t WHERE guild_id = ? ORDER BY ingested_at DESC, id DESC LIMIT ? OFFSET ?",
        (guild_id, limit, offset),
    )
    return tuple(entry(row) for row in rows), await count(connection, guild_id)


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


async def names(connection: aiosqlite.Connection, guild_id: int) -> list[NameRow]:
    """Return what the guild's transcripts can be chosen by, the last ingested first."""
    rows = await connection.execute_fetchall(
        """
        SELECT id, title, speaker, tags, published FROM transcripts
        WHERE guild_id = ? ORDER BY ingested_at DESC, id DESC
        """,
        (guild_id,),
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def matching(connection: Reader, guild_id: int, filters: Filters) -> list[int]:
    """Return the ids of the guild's transcripts that pass the filters; one without a date passes none of days."""
    rows = await connection.execute_fetchall(
        """
        SELECT id FROM transcripts
        WHERE guild_id = :guild
            AND (:transcript IS NULL OR id = :transcript)
            AND (:speaker IS NULL OR speaker = :speaker)
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


async def count(connection: Reader, guild_id: int) -> int:
    """Count the guild's transcripts."""
    rows = await connection.execute_fetchall("SELECT count(*) FROM transcripts WHERE guild_id = ?", (guild_id,))
    return int(next(iter(rows))[0])


async def entries(connection: Reader, ids: Iterable[int]) -> dict[int, Entry]:
    """Return transcripts by id."""
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM transcripts t WHERE t.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(ids))),),
    )
    return {found.id: found for found in map(entry, rows)}


async def cues(connection: Reader, spans: Sequence[tuple[int, int, int]]) -> dict[int, dict[int, Cue]]:
    """Return the cues at positions `first` ≤ position < `end` for each (transcript, first, end), by both."""
    spans = _merged(spans)
    rows = await connection.execute_fetchall(
        """
        SELECT c.transcript_id, c.position, c.start_ms, c.text
        FROM json_each(?) AS span
        CROSS JOIN cues AS c ON c.transcript_id = span.value ->> 0
            AND c.position >= span.value ->> 1 AND c.position < span.value ->> 2
        """,
        (json.dumps(spans),),
    )
    found: dict[int, dict[int, Cue]] = {}
    for transcript, position, start_ms, text in rows:
        found.setdefault(transcript, {})[position] = Cue(start_ms, text)
    return found


async def spoken(connection: Reader, transcript_id: int) -> tuple[Spoken, str | None]:
    """Return the language of a transcript, with who says so, and what its file states of it."""
    rows = await connection.execute_fetchall(
        "SELECT spoken, spoken_by, language FROM transcripts WHERE id = ?", (transcript_id,)
    )
    ((code, by, stated),) = rows
    return Spoken(str(code), SpokenBy(str(by))), _text(stated)


async def speak(connection: aiosqlite.Connection, transcript_id: int, spoken: Spoken) -> None:
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
            f"SELECT {_COLUMNS}, t.content FROM transcripts t WHERE guild_id = ? AND id = ?", (guild_id, transcript_id)
        )
        ((details, kept),) = [(entry(row).details, bytes(row[-1])) for row in rows]
    except (AssertionError, TypeError) as error:
        raise ValueError("not a transcript's row") from error
    return details, kept


async def whole(connection: Reader, transcript_id: int) -> list[Cue]:
    """Return the cues of a transcript by position; what in a damaged one is no text as U+FFFD, no time as 0."""
    rows = await connection.execute_fetchall(
        "SELECT start_ms, CAST(text AS BLOB) FROM cues WHERE transcript_id = ? ORDER BY position", (transcript_id,)
    )
    return [Cue(start if isinstance(start, int) else 0, text.decode(errors="replace")) for start, text in rows]


async def insert(
    connection: aiosqlite.Connection, guild_id: int, transcript: Transcript, columns: Mapping[str, object]
) -> int:
    """Insert a transcript with its cues and return its id."""
    await connection.execute(
        "INSERT OR IGNORE INTO guilds (guild_id, analysis) VALUES (?, ?)", (guild_id, analysis.VERSION)
    )
    cursor = await connection.execute(
        f"INSERT INTO transcripts (guild_id, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})",
        (guild_id, *columns.values()),
    )
    assert cursor.lastrowid is not None
    await _insert_cues(connection, cursor.lastrowid, transcript)
    return cursor.lastrowid


async def replace(
    connection: aiosqlite.Connection, old: Entry, transcript: Transcript, columns: Mapping[str, object]
) -> tuple[str, ...]:
    """Replace a transcript's details and cues, keeping its id, and say in sentences what changed."""
    rows = await connection.execute_fetchall("SELECT start_ms, text FROM cues WHERE transcript_id = ?", (old.id,))
    before = Counter((int(start), str(text)) for start, text in rows)
    after = Counter((cue.start_ms, cue.text) for cue in transcript.cues)
    await connection.execute(
        f"UPDATE transcripts SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?",
        (*columns.values(), old.id),
    )
    await connection.execute("DELETE FROM cues WHERE transcript_id = ?", (old.id,))
    await _insert_cues(connection, old.id, transcript)
    return changes(old.details, transcript.details, added=(after - before).total(), gone=(before - after).total())


async def delete(connection: aiosqlite.Connection, transcript_id: int) -> None:
    """Delete a transcript with its cues and deliveries."""
    await connection.execute("DELETE FROM transcripts WHERE id = ?", (transcript_id,))


def changes(old: Details, new: Details, *, added: int, gone: int) -> tuple[str, ...]:
    """Say what differs between two versions, one sentence each."""
    names = {"title": "title", "speaker": "speaker", "url": "link", "published": "date", "channel": "channel"}
    said = [
        f"{name}: {getattr(old, field) or 'none'} → {getattr(new, field) or 'none'}"
        for field, name in names.items()
        if getattr(old, field) != getattr(new, field)
    ]
    if added or gone:
        said.append(f"cues: {added:,} new or changed, {gone:,} gone or changed")
    return tuple(said) or ("only tags or other details",)


def entry(row: Iterable[object]) -> Entry:
    """Make an `Entry` of a row of `_COLUMNS`."""
    id_, title, video_id, url, speaker, channel, published, stated, tags, language, *sizes = tuple(row)[:18]
    duration, cue_count, words, passages, ingested_at, content, spoken, spoken_by = sizes
    return Entry(
        id=_int(id_),
        details=Details(
            title=str(title),
            video_id=_text(video_id),
            url=_text(url),
            speaker=_text(speaker),
            channel=_text(channel),
            published=date.fromisoformat(str(published)) if published is not None else None,
            duration_ms=_int(stated) if stated is not None else None,
            tags=tuple(json.loads(str(tags))),
            language=_text(language),
        ),
        duration_ms=_int(duration),
        cues=_int(cue_count),
        words=_int(words),
        passages=_int(passages),
        ingested_at=datetime.fromisoformat(str(ingested_at)),
        content=str(content),
        spoken=Spoken(str(spoken), SpokenBy(str(spoken_by))),
    )


async def _insert_cues(connection: aiosqlite.Connection, transcript_id: int, transcript: Transcript) -> None:
    await connection.executemany(
        "INSERT INTO cues (transcript_id, position, start_ms, text) VALUES (?, ?, ?, ?)",
        [(transcript_id, position, cue.start_ms, cue.text) for position, cue in enumerate(transcript.cues)],
    )


def _merged(spans: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join spans that overlap, so that no cue is read twice."""
    merged: list[tuple[int, int, int]] = []
    for transcript, first, end in sorted(spans):
        if merged and merged[-1][0] == transcript and first <= merged[-1][2]:
            merged[-1] = (transcript, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((transcript, first, end))
    return merged


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
