"""What a database that is restored has to know of the one whose place it takes: which numbers are used, what was told.

Discord remembers what a backup doesn't. A number that stood for a transcript, or was a message's nonce, must never
stand for another one: a button of an old message would open the wrong talk, and a new message be dropped as a repeat.
What was announced since must not be announced again, as far as the present database is there to say so.
"""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from store.migrations import MIGRATIONS

# Added to the last number that is known where it isn't known which ones were used since: more than there can have been.
LEAP = 1_000_000

_NUMBERED = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
# Whether the present database is what became of the one that was backed up: it has used as many numbers, and what both
# have is the same. So a new one that a bot has made meanwhile, or another server's, is none.
_DESCENDS = """
    SELECT NOT EXISTS (
        SELECT 1 FROM main.sqlite_sequence AS old LEFT JOIN present.sqlite_sequence AS new USING (name)
        WHERE old.seq > coalesce(new.seq, 0)
    ) AND NOT EXISTS (
        SELECT 1 FROM main.subscriptions AS old JOIN present.subscriptions AS new USING (id)
        WHERE old.guild_id <> new.guild_id OR old.created_at <> new.created_at
    ) AND NOT EXISTS (
        SELECT 1 FROM main.transcripts AS old JOIN present.transcripts AS new USING (id)
        WHERE old.guild_id <> new.guild_id OR (
            old.source <> new.source AND old.title <> new.title AND old.ingested_at <> new.ingested_at
        )
    ) AND NOT EXISTS (
        SELECT 1 FROM main.deliveries AS old JOIN present.deliveries AS new USING (id)
        WHERE old.subscription_id <> new.subscription_id OR old.transcript_id <> new.transcript_id
            OR old.created_at <> new.created_at
    )
"""
# The messages that tell of what was told since, and those on their way, which are looked for.
_POSTS = """
    INSERT OR REPLACE INTO main.posts SELECT * FROM present.posts AS new
    WHERE subscription_id IN (SELECT id FROM main.subscriptions)
        AND NOT EXISTS (SELECT 1 FROM main.posts AS old WHERE old.id = new.id AND old.message_id IS NOT NULL)
"""
_TOLD = """
    UPDATE main.deliveries SET state = new.state, cause = NULL, reason = new.reason, judged = new.judged,
        tries = new.tries, due_at = new.due_at, batch = NULL, post = new.post
    FROM present.deliveries AS new
    WHERE new.id = deliveries.id AND deliveries.state <> 'sent' AND (new.state = 'sent' OR new.post IS NOT NULL)
"""
# Of a transcript that came since, and so is gone: its messages are struck through, as of one that was removed.
_GONE = """
    INSERT OR IGNORE INTO main.deliveries (
        id, subscription_id, transcript_id, title, state, reason, judged, tries, created_at, due_at, post
    )
    SELECT new.id, new.subscription_id, new.transcript_id,
        CASE WHEN old.id IS NULL THEN coalesce(new.title, gone.title, '') END,
        new.state, new.reason, new.judged, new.tries, new.created_at, new.due_at, new.post
    FROM present.deliveries AS new
        LEFT JOIN main.transcripts AS old ON old.id = new.transcript_id
        LEFT JOIN present.transcripts AS gone ON gone.id = new.transcript_id
    WHERE new.post IN (SELECT id FROM main.posts)
        AND NOT EXISTS (SELECT 1 FROM main.deliveries AS known WHERE known.id = new.id)
"""
# Tries at the time of the backup, of which nothing came, or another message.
_IDLE = """
    DELETE FROM main.posts
    WHERE message_id IS NULL AND NOT EXISTS (SELECT 1 FROM main.deliveries WHERE post = posts.id)
"""
# Messages that show another version of a transcript than the one that is restored, or one that is gone.
_STALE = """
    UPDATE main.posts SET stale = stale + 1, due_at = :now
    WHERE message_id IS NOT NULL AND place_id IS NOT NULL AND id IN (
        SELECT post FROM main.deliveries AS told
            LEFT JOIN main.transcripts AS old ON old.id = told.transcript_id
            LEFT JOIN present.transcripts AS new ON new.id = told.transcript_id
        WHERE told.post IS NOT NULL AND old.content IS NOT new.content
    )
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was taken over: whether the present database `descends` from the backup, and how many messages that are."""

    descends: bool
    messages: int = 0


def carry(restored: Path, present: Path | None) -> Carried:
    """Let a database that will take the place of the `present` one use no number twice, and know what was told since.

    Raises:
        sqlite3.Error: one of them can't be read, or the first not written.
    """
    connection = sqlite3.connect(restored.absolute().as_uri(), uri=True, isolation_level=None)
    try:
        descends = is_current = False
        if present is not None:
            connection.execute("ATTACH ? AS present", (f"{present.absolute().as_uri()}?mode=ro",))
            is_current = connection.execute("PRAGMA present.user_version").fetchone() == (len(MIGRATIONS),)
        connection.execute("BEGIN IMMEDIATE")
        messages = 0
        if is_current:
            descends = bool(connection.execute(_DESCENDS).fetchone()[0])
        if descends:
            messages = connection.execute(_POSTS).rowcount
            connection.execute(_TOLD)
            connection.execute(_GONE)
            connection.execute(_IDLE)
            connection.execute(_STALE, {"now": time.time()})
        for (name,) in connection.execute(_NUMBERED).fetchall():
            _number(connection, name, descends=descends)
        connection.execute("COMMIT")
        if present is not None:
            connection.execute("DETACH present")
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    finally:
        connection.close()
    return Carried(descends, messages)


def _number(connection: sqlite3.Connection, table: str, *, descends: bool) -> None:
    """Let the next row of a table have a number that none has had."""
    if descends:
        sql = "SELECT seq FROM present.sqlite_sequence WHERE name = ?"
    else:
        sql = f"SELECT {LEAP} + coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = ?), 0)"
    for (last,) in connection.execute(sql, (table,)).fetchall():
        changed = connection.execute("UPDATE main.sqlite_sequence SET seq = ? WHERE name = ?", (last, table))
        if not changed.rowcount:
            connection.execute("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
