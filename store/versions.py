"""Which transcript a file is another version of: that of the same video, in the same language.

Captions of one video in two languages are two transcripts, so neither is lost. Which language that is, their words
tell: each sixth of the 440 transcripts of the sets of questions tells the same one as the other five.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import aiosqlite

from store import links, transcripts
from store.models import Cue, Details, Entry, Transcript
from store.records import COLUMNS, entry
from store.text import telling

_IN = "\n"  # between what a video is known by and the language of a transcript that isn't its first one


@dataclass(frozen=True, slots=True)
class Version:
    """What a transcript is stored as, and what is there of it: an older version with its digest, other languages."""

    source: str
    before: Entry | None = None
    content: bytes = b""
    beside: tuple[Entry, ...] = ()


async def version(
    connection: aiosqlite.Connection,
    guild_id: int,
    source: str,
    transcript: Transcript,
    *,
    content: object = None,
    but: int | None = None,
) -> Version:
    """Return what a transcript of a source is a version of, in a guild's library.

    One whose digest is its `content` is in its language; the transcript `but` isn't looked at.
    """
    video, _, _ = source.partition(_IN)
    found = [one for one in await _of_video(connection, guild_id, video, transcript.details) if one[0].id != but]
    code = _told(transcript.cues) if found else ""
    for before, digest, stored in found:
        other = code if digest == content else _told(await transcripts.whole(connection, before.id))
        if code == other or not code or not other:
            return Version(stored if _IN in stored else video, before, digest)
    if not found:
        return Version(source)
    return Version(f"{video}{_IN}{code}", beside=tuple(before for before, _, _ in found))


def _told(cues: Sequence[Cue]) -> str:
    return telling.told([cue.text for cue in cues], least=telling.CLEAR)


async def _of_video(
    connection: aiosqlite.Connection, guild_id: int, video: str, details: Details
) -> list[tuple[Entry, bytes, str]]:
    """Return the transcripts of what is known so, with their digests and sources, the first one first.

    Of two files one of which has no link, the id decides.
    """
    former = links.identities(details.url)[-1] if details.url is not None else video
    rows = await connection.execute_fetchall(
        f"""
        SELECT {COLUMNS}, t.content, t.source FROM transcripts t
        WHERE guild_id = :guild AND (
            source IN (:video, :former) OR (source > :video || char(10) AND source < :video || char(11))
            OR (video_id = :id AND 'id:' || :id IN (source, :video))
        )
        ORDER BY source = :video DESC, id
        """,
        {"guild": guild_id, "video": video, "former": former, "id": details.video_id},
    )
    return [(entry(row), bytes(row[-2]), str(row[-1])) for row in rows]
