"""What a server has beside its transcripts, how much there is of it, and what may be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.models.outbox import State
from store.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Followed:
    """A podcast's feed that a guild follows, how it is, and how many of its episodes were ingested, or removed since.

    Times are seconds since the epoch; `told` says that a moderator knows of its failing. Of those episodes that are
    `unread`, because their transcript can't be had, `error` is why.
    """

    id: int
    guild_id: int
    url: str
    title: str
    channel_id: int | None
    by: int | None
    include_recent: int
    checked_at: float | None
    next_at: float
    failures: int
    last_error: Sentence | None
    told: bool
    episodes: int
    removed: int
    unread: int
    error: Sentence | None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A term of a guild's glossary and what it is also heard as, all as they were typed."""

    term: str
    heard_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the store accepts, how much a channel is told, and how much a member may ask in so many seconds.

    Sizes are in bytes, characters and quotes.
    """

    file_bytes: int = 25 * 1024 * 1024
    cues: int = 100_000
    archive_bytes: int = 200 * 1024 * 1024
    archive_files: int = 2000
    question_characters: int = 400
    quotes: int = 5
    questions: int = 5
    question_seconds: float = 10.0
    subscriptions: int = 25
    alerts: int = 1000
    posts_per_hour: int = 10
    feeds: int = 25
    feed_bytes: int = 20 * 1024 * 1024
    index_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a database, as a sentence: in a guild's library, or anywhere.

    `repairable` says that it can be made again from what is whole; `vectors_of` is the transcript whose sentence
    vectors alone have to be, if it is no more than that.
    """

    guild_id: int | None
    what: str
    repairable: bool
    vectors_of: int | None = None

    def __str__(self) -> str:
        return self.what if self.guild_id is None else f"Server {self.guild_id}: {self.what}"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of a guild, or of all together (`guild_id` None); `owed` deliveries haven't been sent yet.

    `unindexed` transcripts are still to be indexed anew. `terms` are those of its vocabulary; `index_bytes` are its
    segments' directories and blocks, `stream_bytes` its transcripts' words in order; `glossary` counts the terms of its
    glossary; `vectors` the passages with a sentence vector, None where these are off.
    """

    guild_id: int | None
    transcripts: int = 0
    duration_ms: int = 0
    cues: int = 0
    words: int = 0
    passages: int = 0
    unindexed: int = 0
    terms: int = 0
    segments: int = 0
    index_bytes: int = 0
    stream_bytes: int = 0
    subscriptions: int = 0
    owed: int = 0
    glossary: int = 0
    vectors: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is of all guilds together; `index_bytes` are the memory of the indexes that are held.

    `deliveries` are counted by their state, but for those that were sent or skipped; of the others the one that should
    have been sent first is `late_seconds` late.
    """

    transcripts: int
    passages: int
    index_bytes: int
    deliveries: Mapping[State, int]
    late_seconds: float
