"""What each table keeps of a server and of a member, and what becomes of it when that is moved or erased.

A table that is missing here, or a column with a member's id, fails `tests/store/holdings/test_tables.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_TRANSCRIPTS = "SELECT id FROM transcripts WHERE guild_id = :guild"
_SUBSCRIPTIONS = "SELECT id FROM subscriptions WHERE guild_id = :guild"
_SEGMENTS = "SELECT id FROM segments WHERE guild_id = :guild"


@dataclass(frozen=True, slots=True)
class Member:
    """A value of a row that is a member's id: an SQL expression, and by which name `/privacy` tells of it.

    When the member is forgotten, the row `goes`; or else the id does, as `without` sets it.
    """

    value: str
    told_as: str
    goes: bool = False
    without: str = ""

    @property
    def setting(self) -> str:
        """What of the row is set so that the id is gone, in SQL."""
        return self.without or f"{self.value} = NULL"


@dataclass(frozen=True, slots=True)
class Carried:
    """How the rows of a table go into another database.

    `refers` says of columns which table's numbers they hold; a row that is there already is known by what is the `same`
    in both. `here_only` is what another server has no use for, as its channels, messages and members aren't there, and
    `elsewhere` which columns are empty there for the same reason. `json` are columns that must be that.
    """

    same: tuple[str, ...]
    refers: Mapping[str, str] = field(default_factory=dict)
    here_only: bool = False
    elsewhere: tuple[str, ...] = ()
    json: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: which of its rows are a server's (an SQL condition with `:guild`), and what becomes of them.

    Its rows may go `with_transcripts`, by the schema. How they are `carried` is None of what is made again from others,
    or is kept for a day or so. `counted` is what they are called where it is shown what is there, and `only` which of
    them are exported, in SQL.
    """

    name: str
    of_guild: str = "guild_id = :guild"
    counted: str = ""
    members: tuple[Member, ...] = ()
    carried: Carried | None = None
    only: str = "TRUE"
    with_transcripts: bool = False


# In the order in which they are filled; they are emptied the other way round. Transcripts with their cues are written
# as files and have a way of their own into another database.
TABLES = (
    Table("guilds"),
    Table("transcripts", counted="transcripts", members=(Member("ingested_by", "transcripts"),)),
    Table("cues", f"transcript_id IN ({_TRANSCRIPTS})", counted="lines of them", with_transcripts=True),
    # What is derived from them.
    Table("terms"),
    Table("words"),
    Table("sounds"),
    Table("segments"),
    Table("segment_blobs", f"segment_id IN ({_SEGMENTS})", with_transcripts=True),
    Table("segment_blocks", f"segment_id IN ({_SEGMENTS})", with_transcripts=True),
    Table("segment_transcripts", f"transcript_id IN ({_TRANSCRIPTS})", with_transcripts=True),
    Table("stream_blocks", f"id >> 20 IN ({_TRANSCRIPTS})", with_transcripts=True),
    Table("vectors"),
    Table("vector_blobs", "vectors_id IN (SELECT id FROM vectors WHERE guild_id = :guild)", with_transcripts=True),
    # What people gave.
    Table(
        "glossary",
        counted="spellings of the glossary",
        members=(Member("created_by", "glossary"),),
        carried=Carried(("guild_id", "term_key", "heard_key")),
    ),
    Table(
        "corrections",
        counted="corrections",
        members=tuple(Member(name, "corrections") for name in ("proposed_by", "decided_by", "removed_by")),
        carried=Carried(("guild_id", "transcript_id", "proposed_at"), refers={"transcript_id": "transcripts"}),
    ),
    Table(
        "corrected_cues",
        "correction_id IN (SELECT id FROM corrections WHERE guild_id = :guild)",
        counted="lines of them",
        carried=Carried(
            ("correction_id", "start_ms", "was"),
            refers={"correction_id": "corrections", "transcript_id": "transcripts"},
        ),
    ),
    Table("notices", counted="settings", carried=Carried(("guild_id",), elsewhere=("problems_channel_id",))),
    Table(
        "subscriptions",
        counted="subscriptions and alerts",
        members=(Member("member_id", "alerts", goes=True), Member("created_by", "subscriptions")),
        carried=Carried(("guild_id", "channel_id", "member_id", "created_at"), here_only=True),
    ),
    Table(
        "posts",
        f"subscription_id IN ({_SUBSCRIPTIONS})",
        counted="announcements",
        carried=Carried(("subscription_id", "message_id"), refers={"subscription_id": "subscriptions"}, here_only=True),
        only="message_id IS NOT NULL",
    ),
    Table(
        "deliveries",
        f"subscription_id IN ({_SUBSCRIPTIONS})",
        counted="deliveries",
        carried=Carried(
            ("transcript_id", "subscription_id"),
            refers={"transcript_id": "transcripts", "subscription_id": "subscriptions", "post": "posts"},
            here_only=True,
        ),
    ),
    Table(
        "feeds",
        counted="podcasts that are followed",
        members=(Member("followed_by", "feeds"),),
        carried=Carried(("guild_id", "url"), elsewhere=("channel_id",)),
    ),
    Table(
        "episodes",
        "feed_id IN (SELECT id FROM feeds WHERE guild_id = :guild)",
        counted="episodes of them",
        carried=Carried(
            ("feed_id", "guid"),
            refers={"feed_id": "feeds"},
            json=("links", "details"),
        ),
    ),
    Table("watched", counted="files of watched folders", carried=Carried(("guild_id", "path"))),
    Table(
        "asked",
        counted="remembered questions",
        members=(Member("asked_by", "questions", goes=True),),
        carried=Carried(("token",), here_only=True, json=("filters",)),
    ),
    Table(
        "questions",
        counted="recorded questions",
        carried=Carried(("token",), here_only=True, json=("missing", "quoted")),
    ),
    Table(
        "votes",
        "question_id IN (SELECT id FROM questions WHERE guild_id = :guild)",
        counted="votes on answers",
        members=(Member("member_id", "votes", goes=True),),
        carried=Carried(("question_id", "member_id"), refers={"question_id": "questions"}, here_only=True),
    ),
    Table("unrecorded", counted="choices to record no questions", carried=Carried(("guild_id",))),
    # What is kept for a short time.
    Table(
        "bygones",
        counted="changes that can be undone",
        members=(
            Member("changed_by", "changes"),
            Member(
                "row ->> '$[0].ingested_by'", "changes", without="row = json_set(row, '$[0].ingested_by', json('null'))"
            ),
        ),
    ),
    Table("batches", counted="batches of files", members=(Member("started_by", "batches"),)),
    # What the bot knows of the server itself.
    Table("joined"),
    Table("synced_commands", "scope = :guild"),
)
