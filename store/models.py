"""The words of the house as values that don't change: what crosses the border of the store.

Times inside are whole milliseconds from the start of the video; dates are the day of publication.
"""

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


@dataclass(frozen=True, slots=True)
class Entry:
    """A transcript as the library lists it, with its sizes but without its cues.

    `content` is the beginning of a digest of its details and cues: another one means that it was replaced.
    """

    id: int
    details: Details
    duration_ms: int
    cues: int
    words: int
    passages: int
    ingested_at: datetime
    content: str = ""


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
class Quote:
    """A span of cues that answers: `text` is a substring of its transcript's cues joined by one space.

    `score` is rank-bm25's of the passage it was taken from, or of a later one that the first mention stands in for;
    `end_ms` is where the next cue begins (or the video ends); `highlights` are (start, end) spans of `text` that
    match the question; `cut_before` and `cut_after` say that a single long cue was shortened there. It stands in the
    cues at positions `first` ≤ position < `end` of the transcript as it was at `content`; `also_in` counts the other
    transcripts that were found to say the same.
    """

    transcript_id: int
    details: Details
    text: str
    start_ms: int
    end_ms: int
    score: float
    highlights: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False
    first: int = 0
    end: int = 0
    content: str = ""
    also_in: int = 0

    @property
    def moment(self) -> "Moment":
        """Where it stands."""
        return Moment(self.transcript_id, self.first, self.end, self.start_ms, self.end_ms, self.content)


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
class Approximation:
    """A word of the question as it was typed, and what it was heard as in the quotes, as it was said."""

    typed: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, best first; how many passages matched; the question's words that occur nowhere; its filters in words.

    `approximations` are words that the captions spell otherwise; `unsaid` are phrases in quotation marks that nobody
    said in these words, so that their words were searched for one by one.

    The quotes are those of one `page`, counted from 0; `more` says whether another follows.
    """

    question: str
    quotes: tuple[Quote, ...] = ()
    passages: int = 0
    not_found: tuple[str, ...] = ()
    library_size: int = 0
    filters: tuple[str, ...] = ()
    page: int = 0
    more: bool = False
    approximations: tuple[Approximation, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked, remembered for the buttons under its answer; `asked_by` is a member's id."""

    question: str
    filters: Filters
    asked_by: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a quote stands: the cues at positions `first` ≤ position < `end` of a transcript as it was at `content`."""

    transcript: int
    first: int
    end: int
    start_ms: int
    end_ms: int
    content: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote and the words around it: `before`, `quote` and `after`, joined by one space, are said in one piece.

    `start_ms` is where it begins, `quote_ms` where the quote does. `changed` says that the transcript was replaced
    since it was quoted; `wider` how many seconds around would show more, None if none would; `whole` that nothing of
    the transcript is left out.
    """

    entry: Entry
    before: str
    quote: str
    after: str
    start_ms: int
    quote_ms: int
    end_ms: int
    changed: bool = False
    wider: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which words were said: as they were asked for, or else as they were `heard`; and how often."""

    said: str
    count: int
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A transcript in which words were said, how often, and the start of the cue in which they first were."""

    entry: Entry
    count: int
    first_ms: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Words as they were said in a transcript: `before`, `said` and `after` in a row are a piece of its text, verbatim.

    Before and after stand about ten words, with the space or sign between; `start_ms` is the start of the cue in which
    `said` begins; `form` is the `said` of the form it is counted in.
    """

    transcript: int
    start_ms: int
    before: str
    said: str
    after: str
    form: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """How often words were said, in which transcripts (most mentions first, then the newest) and in which forms.

    `first` is the earliest transcript by its day, or else by its ingest, `last` the latest, with the start of its last
    mention; `times_ms` are the starts of all mentions where they are all in one transcript.
    """

    words: str
    count: int = 0
    transcripts: tuple[Mentioned, ...] = ()
    forms: tuple[Form, ...] = ()
    first: Mentioned | None = None
    last: Mentioned | None = None
    times_ms: tuple[int, ...] = ()
    filters: tuple[str, ...] = ()
    library_size: int = 0


@dataclass(frozen=True, slots=True)
class MentionsPage:
    """Some of the mentions of words in one transcript, in order; `count` is how many there are in all."""

    words: str
    entry: Entry
    count: int
    mentions: tuple[Mention, ...]
    page: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel that hears of every new transcript, and how its last delivery went."""

    id: int
    guild_id: int
    channel_id: int
    created_by: int | None
    owed: int = 0
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One transcript owed to one subscription; `failures` counts the subscription's tries since it last worked."""

    id: int
    subscription_id: int
    guild_id: int
    channel_id: int
    failures: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Spelling:
    """A term of a guild's glossary and what it is also heard as, all as they were typed."""

    term: str
    heard_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a library's transcripts, newest first, and how many there are in all."""

    entries: tuple[Entry, ...]
    total: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What the store accepts; sizes in bytes, characters and quotes."""

    file_bytes: int = 25 * 1024 * 1024
    question_characters: int = 400
    quotes: int = 5
    subscriptions: int = 25
    index_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a database, as a sentence: in a guild's library, or anywhere.

    `repairable` says that it can be made again from what is whole.
    """

    guild_id: int | None
    what: str
    repairable: bool

    def __str__(self) -> str:
        return self.what if self.guild_id is None else f"Server {self.guild_id}: {self.what}"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of a guild, or of all together (`guild_id` None); `owed` deliveries haven't been sent yet.

    `terms` are those of its vocabulary; `index_bytes` are its segments' directories and blocks, `stream_bytes` its
    transcripts' words in order; `glossary` counts the terms of its glossary.
    """

    guild_id: int | None
    transcripts: int = 0
    duration_ms: int = 0
    cues: int = 0
    words: int = 0
    passages: int = 0
    terms: int = 0
    segments: int = 0
    index_bytes: int = 0
    stream_bytes: int = 0
    subscriptions: int = 0
    owed: int = 0
    glossary: int = 0
