"""What a library answers: quotes, the words around them, and mentions."""

from dataclasses import dataclass
from typing import NamedTuple

from store.models.transcripts import Details, Entry, Filters
from store.sentences import Sentence


class Part(NamedTuple):
    """A cue in a quote: from `start` to `end` of its text, said from `start_ms` on by `speaker`, if that is known.

    An `echo` says what the cue before it said.
    """

    start: int
    end: int
    start_ms: int
    speaker: str | None = None
    echo: bool = False


class Correct(NamedTuple):
    """What a text says from `start` to `end`, and the `text` that was really said there, as a moderator approved it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of cues that answers: `text` is a substring of its transcript's cues joined by one space.

    `score` is rank-bm25's of the passage it was taken from, or of a later one that the first mention stands in for;
    `end_ms` is where the next cue begins (or the video ends); `highlights` are (start, end) spans of `text` that
    match the question; `cut_before` and `cut_after` say that a single long cue was shortened there. It stands in the
    cues at positions `first` ≤ position < `end` of the transcript as it was at `content`; `also_in` counts the other
    transcripts that were found to say the same. `parts` are its cues; those from `short[0]` to `short[1]` are shown in
    an answer: they say in about half as many words what matches, and are nearly all of the best quote. It is `similar`
    where it was found by its meaning alone, and says no word of the question. `correct` is what should be said
    otherwise in `text`, which never is.
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
    parts: tuple[Part, ...] = ()
    short: tuple[int, int] = (0, 0)
    similar: bool = False
    correct: tuple[Correct, ...] = ()

    @property
    def shown_ms(self) -> tuple[int, int]:
        """When the words that an answer shows of it are said."""
        first, end = self.short
        if first >= end or not self.parts:
            return self.start_ms, self.end_ms
        after = self.parts[end].start_ms if end < len(self.parts) else self.end_ms
        start = self.parts[first].start_ms
        return start, max(start, after)

    @property
    def moment(self) -> "Moment":
        """Where it stands."""
        return Moment(self.transcript_id, self.first, self.end, self.start_ms, self.end_ms, self.content)


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

    `within` is the title of the transcript that alone was asked, by that one filter. `unindexed` transcripts of the
    library can't be asked yet. The quotes are those of one `page`, counted from 0; `more` says whether another follows.
    `by_words` says that what is alike in meaning could not be looked for, although it should have been. Answers to the
    same question, however it is worded, share its `gist`.
    """

    question: str
    quotes: tuple[Quote, ...] = ()
    passages: int = 0
    not_found: tuple[str, ...] = ()
    library_size: int = 0
    filters: tuple[Sentence, ...] = ()
    within: str | None = None
    page: int = 0
    more: bool = False
    approximations: tuple[Approximation, ...] = ()
    unsaid: tuple[str, ...] = ()
    unindexed: int = 0
    by_words: bool = False
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What one transcript says of words that somebody waits for: quotes, best first; none where it doesn't match.

    Then `missing` are the words and phrases, as typed, that it doesn't say, and `excluded` what it says although it was
    left out. Where it matches, `heard` are the words that it says only in another form, in the quotes.
    """

    quotes: tuple[Quote, ...] = ()
    missing: tuple[str, ...] = ()
    excluded: str | None = None
    heard: tuple[Approximation, ...] = ()


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
    the transcript is left out. `shown` is where all of it stands; `correct` are words of it and what was really said.
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
    shown: "Moment | None" = None
    correct: tuple[tuple[str, str], ...] = ()


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
    `said` begins; `form` is the `said` of the form it is counted in. `correct` are the words that were found, where
    they stand in a correction of `said`; else it is empty.
    """

    transcript: int
    start_ms: int
    before: str
    said: str
    after: str
    form: str
    correct: str = ""


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
    filters: tuple[Sentence, ...] = ()
    library_size: int = 0
    unindexed: int = 0


@dataclass(frozen=True, slots=True)
class MentionsPage:
    """Some of the mentions of words in one transcript, in order; `count` is how many there are in all."""

    words: str
    entry: Entry
    count: int
    mentions: tuple[Mention, ...]
    page: int = 0
    more: bool = False
