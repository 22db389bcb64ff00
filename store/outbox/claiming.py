"""The SQL of posts: what is to be done with one next, and which deliveries go into a new one.

A post is written before its message is sent, with all that it tells of; a try that may have gone through is repeated
with the same, so that its nonce stands for one message. Until somebody says what became of a try, it may have gone
through; once its nonce is no longer remembered, its message is looked for.
"""

import json
from dataclasses import dataclass, replace

from store.database import Reader, Writer
from store.models import Limits, Step, Subscription
from store.outbox import settings, subscriptions
from store.outbox.scheduling import is_due, schedule

ALONE = 3  # transcripts of a batch that are announced one by one
LEASE_SECONDS = 600.0  # after which a post whose sender never said what became of it is due again
# Discord drops a repeated nonce within "the past few minutes" (developer documentation, Create Message).
NONCE_SECONDS = 60.0
HOUR = 3600.0
MOST = 500  # transcripts in a post


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is to be done now: a step with a post, the transcripts that it tells of, in order, and the guild's language.

    That is read with it, so that a post needs no other look into the database.
    """

    post: int
    subscription: Subscription
    step: Step
    transcripts: tuple[int, ...]
    first_at: float
    tries: int
    uncertain: bool
    stale: int = 0
    place_id: int | None = None
    message_id: int | None = None
    language: str | None = None


async def claim(
    connection: Writer, guild_id: int, subscription_id: int, limits: Limits, *, forum: bool, now: float
) -> Claimed | None:
    """Return what is to be done next for a subscription, noted as begun; None where there is nothing now."""
    if not await is_due(connection, subscription_id, now=now):
        return None  # it waits to retry
    subscription = await subscriptions.get(connection, guild_id, subscription_id, ended=True)
    rests = await _rests(connection, subscription_id)
    claimed = await _begun(connection, subscription, forum=forum, rests=rests, now=now)
    if claimed is None and not rests:
        claimed = await _new(connection, subscription, limits, forum=forum, now=now)
    if claimed is None:
        return None
    return replace(claimed, language=(await settings.get(connection, guild_id)).language)


async def _rests(connection: Reader, subscription_id: int) -> bool:
    """Whether nothing is sent to a subscription now, for it is paused or has ended; its messages are kept true."""
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM subscriptions WHERE id = ? AND (paused OR removed_at IS NOT NULL)", (subscription_id,)
    )
    return any(rows)


async def _begun(
    connection: Writer, subscription: Subscription, *, forum: bool, rests: bool, now: float
) -> Claimed | None:
    """Go on with a post that waits: for what became of it, to be edited, or to be published.

    One that may stand where its subscription was told before is looked for there.
    """
    rows = await connection.execute_fetchall(
        """
        SELECT id, target, first_at, tries, uncertain, stale, place_id, message_id FROM posts
        WHERE subscription_id = ? AND due_at <= ? AND (message_id IS NOT NULL OR NOT ?) ORDER BY id LIMIT 1
        """,
        (subscription.id, now, rests),
    )
    for id_, target, first_at, tries, uncertain, stale, place_id, message_id in rows:
        told = await _told(connection, id_)
        is_fresh = not forum and 0 <= now - first_at < NONCE_SECONDS  # so its nonce is remembered
        if message_id is not None:
            step = Step.EDIT if stale else Step.PUBLISH
        elif uncertain and target != subscription.target:
            step, subscription = Step.LOOK, replace(subscription, channel_id=target)
        elif uncertain and not (is_fresh and await _is_any_left(connection, told)):
            step = Step.LOOK
        else:
            step = Step.SEND
        await connection.execute(
            """
            UPDATE posts SET due_at = ?, tries = tries + 1, uncertain = message_id IS NULL,
                stale = CASE WHEN message_id IS NULL AND NOT uncertain THEN 0 ELSE stale END, target = ?
            WHERE id = ?
            """,
            (now + LEASE_SECONDS, subscription.target if message_id is None else target, id_),
        )
        await schedule(connection, [subscription.id])
        return Claimed(id_, subscription, step, told, first_at, tries, bool(uncertain), stale, place_id, message_id)
    return None


async def _new(
    connection: Writer, subscription: Subscription, limits: Limits, *, forum: bool, now: float
) -> Claimed | None:
    """Put what is due into a new post: one transcript, or all where they are collected or too many for an hour."""
    rows = list(
        await connection.execute_fetchall(
            """
            SELECT id, transcript_id, batch, tries FROM deliveries
            WHERE subscription_id = ? AND state IN ('waiting', 'failing') AND due_at <= ? AND post IS NULL
                AND (judged OR ?)
            ORDER BY id LIMIT ?
            """,
            (subscription.id, now, subscription.wanted.matching is None, MOST),
        )
    )
    if not rows:
        await schedule(connection, [subscription.id])
        return None
    times = await _recent(connection, subscription.target, now)
    if len(times) >= limits.posts_per_hour:
        await connection.execute(
            """
            UPDATE deliveries SET due_at = ?
            WHERE subscription_id = ? AND state IN ('waiting', 'failing') AND due_at <= ? AND post IS NULL
            """,
            (times[len(times) - limits.posts_per_hour] + HOUR, subscription.id, now),
        )
        await schedule(connection, [subscription.id])
        return None
    together = rows[:1]
    if not rows[0][3]:  # what was refused for a reason of its own goes alone
        well = [row for row in rows if not row[3]]
        of_batch = [row for row in well if row[2] is not None and row[2] == rows[0][2]]
        last = len(times) == limits.posts_per_hour - 1
        if subscription.wanted.digest is not None or last:
            together = well
        elif len(of_batch) > ALONE and not forum:
            together = of_batch
    cursor = await connection.execute(
        "INSERT INTO posts (subscription_id, target, first_at, due_at, tries, uncertain) VALUES (?, ?, ?, ?, 1, 1)",
        (subscription.id, subscription.target, now, now + LEASE_SECONDS),
    )
    assert cursor.lastrowid is not None
    await connection.execute(
        "UPDATE deliveries SET post = ?, state = 'sending' WHERE id IN (SELECT value FROM json_each(?))",
        (cursor.lastrowid, json.dumps([row[0] for row in together])),
    )
    await schedule(connection, [subscription.id])
    transcripts = tuple(int(row[1]) for row in together)
    return Claimed(cursor.lastrowid, subscription, Step.SEND, transcripts, now, 0, uncertain=False)


async def _recent(connection: Reader, target: int, now: float) -> list[float]:
    """Return when a channel was posted in during the last hour, in order."""
    rows = await connection.execute_fetchall(
        "SELECT first_at FROM posts WHERE target = ? AND first_at > ? ORDER BY first_at", (target, now - HOUR)
    )
    return [float(row[0]) for row in rows]


async def _told(connection: Reader, post: int) -> tuple[int, ...]:
    rows = await connection.execute_fetchall("SELECT transcript_id FROM deliveries WHERE post = ? ORDER BY id", (post,))
    return tuple(int(row[0]) for row in rows)


async def _is_any_left(connection: Reader, transcript_ids: tuple[int, ...]) -> bool:
    """Whether any of some transcripts wasn't removed."""
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM transcripts WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1", (json.dumps(transcript_ids),)
    )
    return any(rows)
