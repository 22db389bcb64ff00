"""What moderators learn of what is asked: the questions of a month, without who asked."""

from dataclasses import dataclass

from store.models.answers import Approximation
from store.models.servers import Spelling
from store.models.transcripts import Entry


@dataclass(frozen=True, slots=True)
class Noted:
    """A question as it is recorded: `token` names its answer, `gist` are its words in a form that equal ones share.

    `missing` are its words that nobody said, `quoted` the ids of the transcripts that answered; none where nothing was
    found. Among those that failed it counts as its `topic`: what nobody said, or else its gist. It is `narrowed` where
    only a part of the library was asked.
    """

    guild_id: int
    token: str
    question: str
    gist: str
    topic: str
    missing: tuple[str, ...] = ()
    quoted: tuple[int, ...] = ()
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """The same question, however it was worded, or all questions with the same words that nobody said.

    `question` is how it was asked last, on `day` (days since the epoch). It was asked so many `times`; `nothing` was
    found so often, and something of it wasn't said `partly` so often, of which `missing` are the last ones. `notes` are
    the newest ones of those who voted it `down`. It is `narrowed` where only a part of the library was ever asked.
    """

    question: str
    key: str
    times: int
    day: int
    nothing: int = 0
    partly: int = 0
    up: int = 0
    down: int = 0
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A transcript that answers, and how many answers of the month quoted it."""

    entry: Entry
    times: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions a month had, what became of them, and how members voted on the answers.

    `quoted` of the library's `transcripts` were quoted.
    """

    questions: int = 0
    nothing: int = 0
    partly: int = 0
    up: int = 0
    down: int = 0
    quoted: int = 0
    transcripts: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """How a question that failed would be answered now.

    `missing` are its words that nobody has said yet; it is `found` where there is none and something answers. `heard`
    are its words that were taken for others, `perhaps` what its words may also have been, by the right spelling.
    """

    found: bool
    missing: tuple[str, ...] = ()
    heard: tuple[Approximation, ...] = ()
    perhaps: tuple[Spelling, ...] = ()
