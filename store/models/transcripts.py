"""What a transcript is: as a file gives it, as the library lists it, and by what it is chosen."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Cue(NamedTuple):
    """One caption line: its start in milliseconds and its text, verbatim."""

    start_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a file says about its video; None or empty where it says nothing."""

    title: str
    video_id: str | None = None
    url: str | None = None
    speaker: str | None = None
    channel: str | None = None
    published: date | None = None
    duration_ms: int | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as read from a file: at least one cue, in the file's order."""

    details: Details
    cues: tuple[Cue, ...]

    @property
    def duration_ms(self) -> int:
        """The stated duration, or the latest cue's start where none is stated or it is too short."""
        return max(self.details.duration_ms or 0, *(cue.start_ms for cue in self.cues))


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in a file that was read around: the line it first occurs on (from 1) and a sentence."""

    line: int | None
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line is not None else self.text


@dataclass(frozen=True, slots=True)
class Reading:
    """A file understood: its transcript and what was odd about it."""

    transcript: Transcript
    oddities: tuple[Oddity, ...] = ()


class SpokenBy(enum.StrEnum):
    """Who says which language a transcript is in; its text does where nobody else does."""

    MODERATOR = "moderator"
    FILE = "file"
    TEXT = "text"


class Spoken(NamedTuple):
    """A language's code, or "" where it isn't known, and who says so."""

    code: str
    by: SpokenBy


UNKNOWN = Spoken("", SpokenBy.TEXT)


@dataclass(frozen=True, slots=True)
class Entry:
    """A transcript as the library lists it, with its sizes but without its cues.

    `content` is the beginning of a digest of its details and cues: another one means that it was replaced. `spoken` is
    the language by which its words are treated.
    """

    id: int
    details: Details
    duration_ms: int
    cues: int
    words: int
    passages: int
    ingested_at: datetime
    content: str = ""
    spoken: Spoken = UNKNOWN


class Outcome(enum.Enum):
    """What an ingest did to the library."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Ingested:
    """The result of one ingest; `owed` counts the deliveries that were written with it."""

    outcome: Outcome
    entry: Entry
    oddities: tuple[Oddity, ...] = ()
    changes: tuple[str, ...] = ()
    owed: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer may be taken from: one transcript (by id, with its title), a speaker, a tag, days included."""

    transcript: int | None = None
    title: str | None = None
    speaker: str | None = None
    tag: str | None = None
    after: date | None = None
    before: date | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """Each filter in words."""
        words = {
            "in": f"“{self.title}”" if self.title else None,
            "by": self.speaker,
            "tagged": self.tag,
            "from": self.after,
            "until": self.before,
        }
        return tuple(f"{word} {value}" for word, value in words.items() if value)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A choice while someone types: what is shown, and what is sent."""

    shown: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a library's transcripts, newest first; how many there are in all, and how many can't be asked yet."""

    entries: tuple[Entry, ...]
    total: int
    offset: int = 0
    unindexed: int = 0
