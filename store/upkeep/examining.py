"""A look at a database from beside: opened to be read alone, so that a bot may run with it, and nothing is migrated."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from store.database import BUSY_MS, known_errors
from store.migrations import MIGRATIONS

FAULTS = 3  # that SQLite lists


@dataclass(frozen=True, slots=True)
class Posting:
    """A subscription of a channel, as far as Discord is concerned."""

    guild_id: int
    name: str
    channel_id: int
    mention: int | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database holds: its `schema` is one of an earlier version where it is less than `known`.

    `faults` are SQLite's own words for what is wrong with its file; of a file with faults, or of another version's
    schema, nothing else is looked at. `transcripts` are counted by guild; `registered` are the scopes, guilds or 0 for
    everywhere, in which commands were registered, by the application.
    """

    schema: int
    known: int
    faults: tuple[str, ...]
    transcripts: Mapping[int, int]
    postings: tuple[Posting, ...]
    registered: Mapping[int, frozenset[int]]


def examine(path: Path) -> Examined:
    """Look at a database.

    Raises:
        DatabaseError: it can't be opened or read, or is none.
    """
    known = len(MIGRATIONS)
    address = f"{path.absolute().as_uri()}?mode=ro"
    with known_errors(), closing(sqlite3.connect(address, uri=True, timeout=BUSY_MS / 1000)) as connection:
        connection.execute("BEGIN")
        ((schema,),) = connection.execute("PRAGMA user_version")
        faults = tuple(" ".join(str(row[0]).split()) for row in connection.execute(f"PRAGMA quick_check({FAULTS})"))
        if faults != ("ok",) or schema != known:
            return Examined(int(schema), known, () if faults == ("ok",) else faults, {}, (), {})
        transcripts = connection.execute("SELECT guild_id, count(*) FROM transcripts GROUP BY guild_id").fetchall()
        postings = connection.execute(
            """
            SELECT guild_id, name, channel_id, mention, paused FROM subscriptions
            WHERE removed_at IS NULL AND channel_id IS NOT NULL ORDER BY guild_id, name
            """
        ).fetchall()
        registered: dict[int, set[int]] = {}
        for application, scope in connection.execute("SELECT application_id, scope FROM synced_commands"):
            registered.setdefault(int(application), set()).add(int(scope))
    return Examined(
        int(schema),
        known,
        (),
        {int(guild): int(count) for guild, count in transcripts},
        tuple(
            Posting(guild, name, channel, mention, bool(paused)) for guild, name, channel, mention, paused in postings
        ),
        {application: frozenset(scopes) for application, scopes in registered.items()},
    )
