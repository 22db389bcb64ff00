"""Who hears of new transcripts, what each is owed, and the messages in which it was told."""

import enum
from dataclasses import dataclass, field

from store.models.answers import Approximation, Quote
from store.models.transcripts import Entry
from store.sentences import Sentence, sentence


class Digest(enum.StrEnum):
    """How often a subscription that collects is told of what came."""

    DAILY = "daily"
    WEEKLY = "weekly"


class State(enum.StrEnum):
    """What became of a delivery; docs/notifications.md draws how one becomes another."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILING = "failing"
    ABANDONED = "abandoned"


class Cause(enum.StrEnum):
    """Why a delivery was skipped."""

    FILTER = "filter"
    WORDS = "words"
    REMOVED = "removed"


class Hold(enum.StrEnum):
    """What a delivery waits for before it is sent, or sent again."""

    FILES = "files"  # that came with it, or a form of its details
    PAUSE = "pause"
    RETRY = "retry"
    DISCORD = "discord"  # which asks to wait
    DIGEST = "digest"
    INDEX = "index"  # in which what is watched could not be looked for yet
    LIMIT = "limit"  # of the posts of an hour
    TURN = "turn"  # of those before it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription asks for: which transcripts, words said in them (`matching`), and how it is told.

    `language` is a code; `mention` a role's id. An empty one asks for everything, at once.
    """

    speaker: str | None = None
    tag: str | None = None
    from_channel: str | None = None
    language: str | None = None
    matching: str | None = None
    mention: int | None = None
    digest: Digest | None = None
    publish: bool = False

    @property
    def said(self) -> tuple[Sentence, ...]:
        """Each filter in words."""
        words = (
            (self.speaker, sentence("by {speaker}", speaker=self.speaker)),
            (self.tag, sentence("tagged {tag}", tag=self.tag)),
            (self.from_channel, sentence("from {channel}", channel=self.from_channel)),
            (self.language, sentence("in {language}", language=self.language)),
        )
        return tuple(said for value, said in words if value)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel, or a member by direct message, that hears of new transcripts, and how its last delivery went.

    Times are seconds since the epoch; `failures` counts tries since it last worked, `owed` what isn't sent yet, though
    of one that watches for words only that in which they were found.
    """

    id: int
    guild_id: int
    name: str
    channel_id: int | None
    member_id: int | None
    created_by: int | None
    created_at: str
    wanted: Wanted = field(default_factory=Wanted)
    paused: bool = False
    failures: int = 0
    failing_since: float | None = None
    last_error: Sentence | None = None
    last_sent_at: float | None = None
    next_at: float | None = None
    owed: int = 0
    abandoned: int = 0

    @property
    def target(self) -> int:
        """Where it is told: the channel's id, or the member's."""
        target = self.channel_id if self.channel_id is not None else self.member_id
        assert target is not None
        return target


@dataclass(frozen=True, slots=True)
class Told:
    """A transcript that a post tells of; of one that was removed since, the title alone (`entry` None).

    `quotes` are where what a subscription watches is said, and `heard` which of its words only in another form;
    `unsaid` says that what is watched isn't said in it any more. `moments` are those that characterise it.
    """

    title: str
    entry: Entry | None
    quotes: tuple[Quote, ...] = ()
    moments: tuple[Quote, ...] = ()
    heard: tuple[Approximation, ...] = ()
    unsaid: bool = False


class Step(enum.Enum):
    """What is to be done with a post next."""

    SEND = enum.auto()
    LOOK = enum.auto()  # whether it was sent already, and send it if it wasn't
    EDIT = enum.auto()
    PUBLISH = enum.auto()


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a subscription, about one transcript or more; its `id` is its nonce and is never used twice.

    `first_at` is when it was first tried, in seconds since the epoch; `place_id` the channel or thread that it stands
    in and `message_id` its message, once it was sent. An `uncertain` one may have been sent though nobody knows;
    `stale` counts the changes of its transcripts that an edit shows. `language` is the one that its guild chose.
    """

    id: int
    subscription: Subscription
    step: Step
    told: tuple[Told, ...]
    first_at: float
    tries: int = 0
    uncertain: bool = False
    stale: int = 0
    place_id: int | None = None
    message_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A transcript owed to a subscription, and what became of that, with why; times in seconds since the epoch.

    `due_at` is when there is something to do next, and `hold` what it waits for until then. `together` counts the
    transcripts in its message, which was deleted where it has a `message_id` but stands in no place, and is
    `unpublished` where it is still to be published, or can't be.
    """

    id: int
    guild_id: int
    subscription: str
    subscription_id: int
    transcript_id: int
    title: str
    state: State
    reason: Sentence | None
    created_at: float
    due_at: float | None
    sent_at: float | None
    channel_id: int | None
    member_id: int | None
    place_id: int | None
    message_id: int | None
    tries: int = 0
    cause: Cause | None = None
    hold: Hold | None = None
    together: int = 0
    failing_since: float | None = None
    unpublished: bool = False

    @property
    def deleted(self) -> bool:
        """Whether somebody deleted its message."""
        return self.message_id is not None and self.place_id is None

    @property
    def link(self) -> str | None:
        """The address of its message; in a direct message a member's own."""
        where = self.guild_id if self.member_id is None else "@me"
        if self.message_id is None or self.place_id is None:
            return None
        return f"https://discord.com/channels/{where}/{self.place_id}/{self.message_id}"


@dataclass(frozen=True, slots=True)
class Traced:
    """A transcript that somebody asks after, and its deliveries, the newest first; removed where there is no entry."""

    id: int
    title: str
    entry: Entry | None
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """When a guild's digests are sent, where its moderators are told of what fails, and in which language all that is.

    The hour is one of the day in a zone, the day one of the week from 0, which is Monday. Without a language it is that
    which the guild has in Discord.
    """

    hour: int = 9
    day: int = 0
    zone: str = "UTC"
    problems_channel_id: int | None = None
    language: str | None = None
