"""The SQL of what became of a post: sent, refused, or nobody knows."""

from store.database import Writer
from store.models import Post, Step
from store.outbox.owing import REMOVED
from store.outbox.scheduling import schedule
from store.outbox.times import DAY, JITTER, wait
from store.sentences import Sentence, sentence

ABANDONED_SECONDS = 14 * DAY
LAST_TRY = 14 + 14  # of an edit or a message: 14 waits until they are a day long, and 14 days
REJECTED = 3  # tries for which the first wait of a message counts that was refused for a reason of its own
UNWELL_SECONDS = 3600.0  # for which what isn't anybody's fault may fail before a moderator is told


async def sent(connection: Writer, post: Post, *, place_id: int, message_id: int, publish: bool, now: float) -> None:
    """Note that a post stands in its channel; its subscription works."""
    await connection.execute(
        """
        UPDATE posts SET sent_at = :now, place_id = :place, message_id = :message, uncertain = 0, publish = :publish,
            tries = 0, error = NULL, due_at = CASE WHEN stale OR :publish THEN :now END
        WHERE id = :id
        """,
        {"now": now, "place": place_id, "message": message_id, "publish": publish, "id": post.id},
    )
    await connection.execute(
        "UPDATE deliveries SET state = 'sent', cause = NULL, reason = NULL WHERE post = ?", (post.id,)
    )
    await connection.execute(
        """
        UPDATE subscriptions SET failures = 0, retry_at = 0, failing_since = NULL, last_error = NULL, untold = 0,
            last_sent_at = ?
        WHERE id = ?
        """,
        (now, post.subscription.id),
    )
    await schedule(connection, [post.subscription.id])


async def refused(connection: Writer, post: Post, *, error: Sentence, now: float) -> None:
    """Note that a channel can't be posted in: it is tried daily, and what waits for 14 days is abandoned.

    A moderator is to be told. What a try may have sent before stays as it is, to be looked for. Where another channel
    was chosen meanwhile, it is sent there.
    """
    if await _stands(connection, post):
        return
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM subscriptions WHERE id = ? AND coalesce(channel_id, member_id) = ?",
        (post.subscription.id, post.subscription.target),
    )
    if not any(rows):
        if post.uncertain and post.step is not Step.LOOK:  # it is looked for there
            await connection.execute("UPDATE posts SET due_at = ? WHERE id = ?", (now, post.id))
            await schedule(connection, [post.subscription.id])
        else:
            await missing(connection, post, now=now)
        return
    await _unwell(connection, post, error=error, retry_at=now + DAY, tell=True, now=now)
    await _let_loose(connection, post, error=error, due_at=now)
    await connection.execute(
        """
        UPDATE deliveries SET state = 'abandoned', reason = ?
        WHERE subscription_id = ? AND state IN ('waiting', 'failing') AND due_at IS NOT NULL
            AND max(created_at, (SELECT failing_since FROM subscriptions WHERE id = subscription_id)) <= ?
        """,
        (_given_up(error), post.subscription.id, now - ABANDONED_SECONDS),
    )
    await connection.execute(
        """
        DELETE FROM posts WHERE subscription_id = ? AND message_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM deliveries WHERE post = posts.id AND state != 'abandoned')
        """,
        (post.subscription.id,),
    )
    await schedule(connection, [post.subscription.id])


async def unknown(connection: Writer, post: Post, *, error: Sentence, now: float) -> float:
    """Note that nobody knows what became of a try: it is repeated after a wait, which is returned in seconds."""
    seconds = wait(post.subscription.failures)
    if await _stands(connection, post):
        return seconds
    await connection.execute(
        "UPDATE posts SET uncertain = 1, error = ?, due_at = ? WHERE id = ?", (error.kept(), now, post.id)
    )
    await connection.execute("UPDATE deliveries SET reason = ? WHERE post = ?", (error.kept(), post.id))
    await _unwell(connection, post, error=error, retry_at=now + seconds, tell=False, now=now)
    await schedule(connection, [post.subscription.id])
    return seconds


async def put_off(connection: Writer, post: Post, *, seconds: float, now: float) -> None:
    """Note that Discord wants a post later: it didn't take it now, which is no failure.

    What would be sent after it waits for it, so that the order stays.
    """
    if await _stands(connection, post):
        return
    await connection.execute(
        "UPDATE posts SET due_at = ?, uncertain = ?, tries = ? WHERE id = ?",
        (now + seconds, post.uncertain, post.tries, post.id),
    )
    if post.message_id is None:
        await connection.execute(
            "UPDATE subscriptions SET retry_at = max(retry_at, ?) WHERE id = ?", (now + seconds, post.subscription.id)
        )
        if not post.uncertain:
            await _skip_removed(connection, post)
    await schedule(connection, [post.subscription.id])


async def rejected(connection: Writer, post: Post, *, error: Sentence, now: float) -> float:
    """Note that Discord refuses the message itself: it waits longer each time, while others go on; return how long.

    After about 14 days of that it is abandoned.
    """
    rows = list(await connection.execute_fetchall("SELECT max(tries) FROM deliveries WHERE post = ?", (post.id,)))
    tries = int(rows[0][0] or 0)
    seconds = wait(REJECTED + tries)
    if await _stands(connection, post):
        return seconds
    await connection.execute(
        "UPDATE deliveries SET tries = tries + 1, due_at = ? WHERE post = ?", (now + seconds, post.id)
    )
    await connection.execute(
        "UPDATE subscriptions SET last_error = ?, failing_since = coalesce(failing_since, ?) WHERE id = ?",
        (error.kept(), now, post.subscription.id),
    )
    if REJECTED + tries > LAST_TRY and not post.uncertain:
        await connection.execute(
            "UPDATE deliveries SET state = 'abandoned', reason = ? WHERE post = ?", (_given_up(error), post.id)
        )
        await connection.execute("DELETE FROM posts WHERE id = ?", (post.id,))
    else:
        await _let_loose(connection, post, error=error, due_at=now + seconds)
    await schedule(connection, [post.subscription.id])
    return seconds


async def missing(connection: Writer, post: Post, *, now: float) -> None:
    """Note that an uncertain post was looked for and isn't there: it is sent anew, but for what was removed."""
    if await _stands(connection, post):
        return
    await connection.execute(
        "UPDATE posts SET uncertain = 0, stale = 0, first_at = ?, due_at = ? WHERE id = ?", (now, now, post.id)
    )
    await connection.execute("UPDATE deliveries SET state = 'sending' WHERE post = ?", (post.id,))
    await _skip_removed(connection, post)
    await schedule(connection, [post.subscription.id])


async def edited(connection: Writer, post: Post, *, now: float) -> None:
    """Note that a post shows what its transcripts are now, unless one was changed meanwhile."""
    await connection.execute(
        """
        UPDATE posts SET tries = 0, error = NULL, stale = CASE WHEN stale = :stale THEN 0 ELSE stale END,
            due_at = CASE WHEN publish OR stale != :stale THEN :now END
        WHERE id = :id
        """,
        {"now": now, "stale": post.stale, "id": post.id},
    )
    await schedule(connection, [post.subscription.id])


async def published(connection: Writer, post: Post, *, error: Sentence | None = None, now: float) -> None:
    """Note that a post was published, or that it can't be."""
    await connection.execute(
        "UPDATE posts SET publish = 0, tries = 0, error = ?, due_at = CASE WHEN stale THEN ? END WHERE id = ?",
        (error.kept() if error is not None else None, now, post.id),
    )
    await schedule(connection, [post.subscription.id])


async def postponed(connection: Writer, post: Post, *, error: Sentence, now: float) -> float:
    """Note that a post could not be edited or published: it is tried again after a wait, which is returned.

    After about 14 days of that it is left as it is.
    """
    seconds = wait(post.tries)
    due_at = now + seconds if post.tries <= LAST_TRY else None
    await connection.execute("UPDATE posts SET error = ?, due_at = ? WHERE id = ?", (error.kept(), due_at, post.id))
    await schedule(connection, [post.subscription.id])
    return seconds


async def lost(connection: Writer, post: Post, *, error: Sentence) -> None:
    """Note that a post's message is no longer there: somebody deleted it, and that is how it stays."""
    await connection.execute(
        "UPDATE posts SET place_id = NULL, stale = 0, publish = 0, error = ?, due_at = NULL WHERE id = ?",
        (error.kept(), post.id),
    )
    await schedule(connection, [post.subscription.id])


async def recover(connection: Writer, *, now: float) -> int:
    """Let what was being sent when the last process ended be looked after at once; return how many posts that are."""
    rows = list(
        await connection.execute_fetchall("SELECT subscription_id, message_id FROM posts WHERE due_at IS NOT NULL")
    )
    await connection.execute("UPDATE posts SET due_at = min(due_at, ?) WHERE due_at IS NOT NULL", (now,))
    # Where the clock was put back, nothing waits longer than it may.
    await connection.execute("UPDATE subscriptions SET retry_at = ?1 WHERE retry_at > ?1", (now + DAY * (1 + JITTER),))
    await schedule(connection, {int(row[0]) for row in rows})
    return sum(row[1] is None for row in rows)


async def _stands(connection: Writer, post: Post) -> bool:
    """Whether a post that was begun to be sent was found, or sent by another try, since."""
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM posts WHERE id = ? AND message_id IS NOT NULL AND ? IS NULL", (post.id, post.message_id)
    )
    return any(rows)


def _given_up(error: Sentence) -> str:
    return sentence("given up after 14 days: {error}", error=error).kept()


async def _let_loose(connection: Writer, post: Post, *, error: Sentence, due_at: float) -> None:
    """Take a post apart that surely wasn't sent: its deliveries fail, and go into another one later.

    One that may have been sent by an earlier try stays whole, and is looked for when it is due.
    """
    if not post.uncertain:
        await _skip_removed(connection, post)
    await connection.execute(
        "UPDATE deliveries SET state = 'failing', reason = ? WHERE post = ?", (error.kept(), post.id)
    )
    if post.uncertain:
        await connection.execute("UPDATE posts SET error = ?, due_at = ? WHERE id = ?", (error.kept(), due_at, post.id))
    else:
        await connection.execute("DELETE FROM posts WHERE id = ?", (post.id,))


async def _skip_removed(connection: Writer, post: Post) -> None:
    """Take what was removed meanwhile out of a post that surely wasn't sent; one of nothing else goes."""
    await connection.execute(
        """
        UPDATE deliveries SET state = 'skipped', cause = 'removed', reason = ?, post = NULL
        WHERE post = ? AND NOT EXISTS (SELECT 1 FROM transcripts WHERE id = transcript_id)
        """,
        (REMOVED.kept(), post.id),
    )
    await connection.execute(
        "DELETE FROM posts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE post = ?1)", (post.id,)
    )


async def _unwell(connection: Writer, post: Post, *, error: Sentence, retry_at: float, tell: bool, now: float) -> None:
    """Note that a subscription fails; who is to be told of it is told once, until it works again."""
    await connection.execute(
        """
        UPDATE subscriptions SET failures = failures + 1, retry_at = :retry_at, last_error = :error,
            untold = CASE
                WHEN untold = 0 AND (:tell OR failing_since < :long_ago) THEN 1 ELSE untold
            END,
            failing_since = coalesce(failing_since, :now)
        WHERE id = :id
        """,
        {
            "retry_at": retry_at,
            "error": error.kept(),
            "tell": tell,
            "long_ago": now - UNWELL_SECONDS,
            "now": now,
            "id": post.subscription.id,
        },
    )
