"""Which transcript a file is another version of: that of the same video, in the same language.

A video is known by its link or its id. A file without one is known by its title with a day or with its own name, also
where its transcript was given a link since; it is a version of another only if it isn't about something else
altogether, for each recording of a meeting may be called `audio`. The same words at the same times are the same
transcript under any name, unless they are of two videos.

Captions of one video in two languages are two transcripts, so neither is lost. Which language that is, their words
tell: each sixth of the 440 transcripts of the sets of questions tells the same one as the other five. Where they don't,
as between Danish and Norwegian, it counts what the files or a moderator said of both.
"""

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice

from store import links
from store.database import Reader, aside
from store.models import Cue, Entry, SpokenBy, Transcript
from store.records import COLUMNS, entry
from store.text import analysis, telling
from store.transcripts import whole

RUN = 5  # words that follow each other
CHARACTERS = 8  # that do where no spaces stand between words
FEWEST = 50  # runs that tell anything
SOME = 8  # words that two files don't share with their times by chance
# Measured on the sets of questions: of 9,832 pairs of different transcripts none shares 3 % of the smaller one's runs
# but one of Thai with 3.0 %. Heard anew with every third word wrong, or 15 % of the characters, 9 % or more stay.
ANOTHER = 0.05
SAME = 0.5  # share of the larger one's runs from which on the title or the file's name alone is enough
MOST = 5  # transcripts that are compared word by word
TOGETHER = 10_000  # runs that are collected in one go, in which nothing else of this process can work

_IN = "\n"  # between what a video is known by and what tells a transcript from the first of it: a language, a number


@dataclass(frozen=True, slots=True)
class Version:
    """What a transcript is stored as, and what is there of it: an older version with its digest, other languages."""

    source: str
    before: Entry | None = None
    content: bytes = b""
    beside: tuple[Entry, ...] = ()


class _Kind(enum.Enum):
    VERSION = enum.auto()
    LANGUAGE = enum.auto()
    ANOTHER = enum.auto()


@dataclass(frozen=True, slots=True)
class _Known:
    entry: Entry
    content: bytes
    source: str


class _Words:
    """The words of a transcript, for what they are compared by: that is found once, and only where it is needed."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._texts = _texts(cues)

    @cached_property
    def language(self) -> str:
        """The language that they clearly tell, by its code."""
        return telling.told(self._texts, least=telling.CLEAR)

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        """The words that follow each other in it."""
        found = analysis.spoken(self._texts)
        size = CHARACTERS if sum(map(bool, found.characters)) > len(found.words) / 2 else RUN
        runs: set[tuple[str, ...]] = set()
        every = zip(*(found.words[at:] for at in range(size)), strict=False)
        while some := set(islice(every, TOGETHER)):
            runs |= some
        return runs


async def version(
    connection: Reader,
    guild_id: int,
    transcript: Transcript,
    columns: Mapping[str, object],
    *,
    but: int | None = None,
    others: Collection[int] = (),
) -> Version:
    """Return what a transcript is a version of, in a guild's library.

    `columns` are those it would be stored with; where `said` is None its words don't matter. The transcript `but` isn't
    looked at, and it is none of the `others`.
    """
    source, spoken = str(columns["source"]), _stated(str(columns["spoken"]), columns["spoken_by"])
    video, titled = source.partition(_IN)[0], _is_title(source)
    out = {but, *others}
    known = [one for one in await _known(connection, guild_id, video, transcript, columns) if one.entry.id not in out]
    same = await _said(connection, guild_id, columns["said"])
    same = [one for one in same if one.entry.id not in out and _may_be(one, transcript)]
    before = next((one for one in same if titled or one in known), None)
    beside: list[Entry] = []
    new = _Words(transcript.cues)
    for one in known if before is None else ():
        sure = not titled or one.source.partition(_IN)[0] == video
        old = _Words(await whole(connection, one.entry.id))
        stated = spoken, _stated(*one.entry.spoken)
        kind = await aside(_compared, new, old, sure=sure, linked=not titled, stated=stated)
        if kind is _Kind.VERSION:
            before = one
            break
        if kind is _Kind.LANGUAGE and sure:
            beside.append(one.entry)
    before = before or next(iter(same), None)
    if before is not None and transcript.details.url is None:
        return Version(before.source, before.entry, before.content)
    if before is None:
        return Version(await free(connection, guild_id, source, transcript, but=but), beside=tuple(beside))
    kept = source if _is_title(before.source) else "".join((video, *before.source.partition(_IN)[1:]))
    kept = await free(connection, guild_id, kept, transcript, but=before.entry.id)
    return Version(kept, before.entry, before.content)


async def free(
    connection: Reader, guild_id: int, source: str, transcript: Transcript, *, but: int | None = None
) -> str:
    """Return what a transcript can be stored as: its source, or where another than `but` has that, one beside it."""
    video = source.partition(_IN)[0]
    taken = await _taken(connection, guild_id, video, but)
    return next(name for name in _names(source, video, transcript) if name not in taken)


def _stated(code: str, by: object) -> str:
    """Return a language that somebody has said, and not only the words."""
    return "" if by == SpokenBy.TEXT else code


def _names(source: str, video: str, transcript: Transcript) -> Iterator[str]:
    """Yield what a transcript may be stored as: the first that is free is taken."""
    yield source
    if code := telling.told(_texts(transcript.cues)):
        yield f"{video}{_IN}{code}"
    yield from (f"{video}{_IN}{number}" for number in count(2))


def _is_title(source: str) -> bool:
    return source.startswith("title:")


def _may_be(known: _Known, transcript: Transcript) -> bool:
    """Say whether a transcript of the same words may be the same: of two videos it isn't, nor of a few words alone."""
    old, new = known.entry.details, transcript.details
    if old.url and new.url and links.identity(old.url) != links.identity(new.url):
        return False
    if old.video_id and new.video_id and old.video_id != new.video_id:
        return False
    return known.entry.words >= SOME or old.title == new.title


def _compared(new: _Words, old: _Words, *, sure: bool, linked: bool, stated: tuple[str, str]) -> _Kind:
    """Compare a file with what may be an older version of it; that is `sure` unless its words say otherwise.

    The languages that are `stated` of both count where the words don't clearly tell one.
    """
    code, other = (new.language, old.language) if new.language and old.language else stated
    if code and other and code != other:
        return _Kind.LANGUAGE
    if linked:
        return _Kind.VERSION
    few, many = sorted((len(new.runs), len(old.runs)))
    shared = len(new.runs & old.runs)
    alike = shared >= ANOTHER * few if sure else shared >= SAME * many
    return _Kind.VERSION if (alike and few >= FEWEST) or (sure and few < FEWEST) else _Kind.ANOTHER


def _texts(cues: Sequence[Cue]) -> list[str]:
    return [cue.text for cue in cues]


async def _known(
    connection: Reader, guild_id: int, video: str, transcript: Transcript, columns: Mapping[str, object]
) -> list[_Known]:
    """Return the transcripts that a file may be a version of: of the same video, or of the same name or title.

    Of two files one of which has no link, the id decides. Of many of a name those come first that are as long.
    """
    return await _select(
        connection,
        """
        (
            source = :video OR (source > :video || char(10) AND source < :video || char(11))
            OR (video_id = :id AND 'id:' || :id IN (source, :video))
            OR (:tail != '' AND (title = :title OR (:file != '' AND file = :file)
                OR (source > 'title:' AND source < 'title;' AND instr(source || char(10), :tail || char(10)))))
        )
        ORDER BY source = :video DESC, substr(source, 1, length(:video) + 1) = :video || char(10) DESC,
            abs(words - :words), id DESC
        LIMIT :most
        """,
        {
            "guild": guild_id,
            "video": video,
            "id": transcript.details.video_id,
            "title": transcript.details.title,
            "tail": "|" + video.rpartition("|")[2] if _is_title(video) else "",
            "file": columns.get("file", ""),
            "words": columns["words"],
            "most": MOST if _is_title(video) else -1,
        },
    )


async def _said(connection: Reader, guild_id: int, said: object) -> list[_Known]:
    """Return the transcripts whose words and times are the same."""
    values = {"guild": guild_id, "said": said, "most": MOST}
    return await _select(connection, "said = :said ORDER BY id LIMIT :most", values)


async def _select(connection: Reader, which: str, values: Mapping[str, object]) -> list[_Known]:
    rows = await connection.execute_fetchall(
        f"SELECT {COLUMNS}, t.content, t.source FROM transcripts t WHERE guild_id = :guild AND {which}", dict(values)
    )
    return [_Known(entry(row), bytes(row[-2]), str(row[-1])) for row in rows]


async def _taken(connection: Reader, guild_id: int, video: str, but: int | None) -> set[str]:
    """Return what transcripts of a video are stored as."""
    rows = await connection.execute_fetchall(
        """
        SELECT source FROM transcripts
        WHERE guild_id = :guild AND id IS NOT :but
            AND (source = :video OR (source > :video || char(10) AND source < :video || char(11)))
        """,
        {"guild": guild_id, "video": video, "but": but},
    )
    return {str(row[0]) for row in rows}
