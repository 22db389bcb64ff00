"""What a transcript is: as a file gives it, as the library lists it, and by what it is chosen."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from store.sentences import Sentence, sentence


class Cue(NamedTuple):
    """One caption line: its start in milliseconds and its text, verbatim; its end and its speaker, if its file says."""

    start_ms: int
    text: str
    end_ms: int | None = None
    speaker: str | None = None


class Chapter(NamedTuple):
    """A part of a video: where it starts, in milliseconds, and what it is called."""

    start_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a file says about its video; None or empty where it says nothing.

    A text without times isn't `timed`: the starts of its cues are 0 and mean nothing.
    """

    title: str
    video_id: str | None = None
    url: str | None = None
    speaker: str | None = None
    channel: str | None = None
    published: date | None = None
    duration_ms: int | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    chapters: tuple[Chapter, ...] = ()
    timed: bool = True

    def chapter(self, start_ms: int) -> str | None:
        """Return the title of the chapter in which a moment is."""
        before = [chapter for chapter in self.chapters if chapter.start_ms <= start_ms] if self.timed else []
        return max(before, key=lambda chapter: chapter.start_ms).title if before else None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript as read from a file: at least one cue, in the file's order."""

    details: Details
    cues: tuple[Cue, ...]

    @property
    def duration_ms(self) -> int:
        """The stated duration, or where the latest cue starts or ends where none is stated or it is too short."""
        return max(self.details.duration_ms or 0, *(max(cue.start_ms, cue.end_ms or 0) for cue in self.cues))

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks in its cues, in order of their first one."""
        return tuple(dict.fromkeys(cue.speaker for cue in self.cues if cue.speaker))


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in a file that was read around: the line it first occurs on (from 1) and a sentence."""

    line: int | None
    text: Sentence

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> Sentence:
        """The sentence with its line."""
        return self.text if self.line is None else sentence("line {line}: {odd}", line=self.line, odd=self.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file understood: its transcript, what was odd about it, its format, and an encoding that had to be guessed.

    `lacking` are the details that it doesn't state; of a file that Verbatim wrote none, for it states all there are.
    """

    transcript: Transcript
    oddities: tuple[Oddity, ...] = ()
    format: Sentence | None = None
    encoding: str | None = None
    lacking: frozenset[str] = frozenset()


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
    the language by which its words are treated; `speakers` are those of its cues.
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
    speakers: tuple[str, ...] = ()
    ingested_by: int | None = None


class Outcome(enum.Enum):
    """What an ingest did to the library; where it would replace what is someone else's, nothing before they agree."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    ASKING = "asking"


@dataclass(frozen=True, slots=True)
class Ingested:
    """The result of one ingest; `owed` counts the deliveries that were written with it.

    `undo` is under which id what was there before is kept; `format` what the file was read as, `encoding` the one that
    had to be guessed; `beside` are the transcripts of the same video in other languages.
    """

    outcome: Outcome
    entry: Entry
    oddities: tuple[Oddity, ...] = ()
    changes: tuple[Sentence, ...] = ()
    owed: int = 0
    undo: int | None = None
    format: Sentence | None = None
    encoding: str | None = None
    beside: tuple[Entry, ...] = ()


class Kept(NamedTuple):
    """What became of a file of a batch: its name, what its ingest did ("failed" if nothing), and a sentence of it.

    Of one that replaced a transcript its `title` is kept too.
    """

    name: str
    outcome: str
    said: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that are ingested as one, and what became of those that are `done`; the message in which that is told."""

    id: int
    guild_id: int
    by: int | None
    channel_id: int
    message_id: int
    names: tuple[str, ...]
    done: tuple[Kept, ...]


class Change(enum.StrEnum):
    """What changed a transcript in a way that can be undone."""

    REPLACED = "replaced"
    REMOVED = "removed"
    EDITED = "edited"
    MOVED = "moved"
    SPOKEN = "set to another language"


@dataclass(frozen=True, slots=True)
class Bygone:
    """A transcript as it was before a change at a time, which can be undone for a day.

    `after` is its `Entry.content` after the change: where it is another now, something changed it again.
    """

    id: int
    transcript: int
    change: Change
    title: str
    at: datetime
    by: int | None
    after: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a transcript: its entry, its first cues, how many of them have speakers, what can be undone.

    Of its corrections so many are `waiting` for a moderator, and `corrected` are approved.
    """

    entry: Entry
    opening: tuple[Cue, ...]
    spoken_cues: int
    undo: tuple[Bygone, ...] = ()
    waiting: int = 0
    corrected: int = 0


class Order(enum.StrEnum):
    """By what a library is listed."""

    INGESTED = "ingested"
    PUBLISHED = "published"
    TITLE = "title"
    LENGTH = "length"


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
    def said(self) -> tuple[Sentence, ...]:
        """Each filter in words."""
        words = (
            (self.title, sentence("in “{title}”", title=self.title)),
            (self.speaker, sentence("by {speaker}", speaker=self.speaker)),
            (self.tag, sentence("tagged {tag}", tag=self.tag)),
            (self.after, sentence("from {day}", day=self.after)),
            (self.before, sentence("until {day}", day=self.before)),
        )
        return tuple(said for value, said in words if value)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A choice while someone types: what is shown, and what is sent."""

    shown: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a library's transcripts; how many of them pass its filters, can't be asked yet, and are there in all.

    `vectors` are how many passages have a sentence vector, of how many; None where these are off.
    """

    entries: tuple[Entry, ...]
    total: int
    offset: int = 0
    unindexed: int = 0
    every: int = 0
    vectors: tuple[int, int] | None = None
