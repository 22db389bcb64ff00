"""The SQL of deliveries: written in the transaction of the transcript they announce, and changed with it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from store import batches, bulk, transcripts
from store.batches import FORSAKEN_SECONDS
from store.database import Reader, Writer
from store.models import Cause, Digest, Entry, State, Subscription
from store.outbox import settings, subscriptions
from store.outbox.passing import refusal
from store.outbox.scheduling import HELD, schedule, schedule_for
from store.outbox.times import digest_at
from store.sentences import Sentence, sentence

REMOVED = sentence("it was removed before it was sent")
SKIPPED_SECONDS = 90 * 24 * 3600.0  # for which is kept why something was skipped
AGAIN_SECONDS = 14 * 24 * 3600.0  # for which a corrected transcript is looked at anew by those that skipped it
_FORSAKEN = f"{HELD} SELECT id FROM held JOIN batches ON batches.id = held.batch WHERE touched < ?"
_UNSENT = "post IS NULL AND state IN ('waiting', 'failing')"
_INTO = "INSERT INTO deliveries (subscription_id, transcript_id, batch, state, cause, reason, created_at, due_at)"


async def owe(connection: Writer, guild_id: int, entry: Entry, *, batch: int | None, now: float) -> int:
    """Write what each of the guild's subscriptions is owed of a transcript; return how many channels are told at once.

    What doesn't pass a subscription's filters is skipped, with the reason. A batch's waits until it is closed. In how
    many it is told of what they watch nobody knows yet, so they aren't counted.
    """
    every = await subscriptions.every(connection, guild_id)
    if not every:
        return 0
    times = await _times(connection, guild_id, _digests(every), now)
    rows: list[tuple[object, ...]] = []
    owed = 0
    for one in every:
        reason = refusal(one.wanted, entry)
        state, cause = (State.WAITING, None) if reason is None else (State.SKIPPED, Cause.FILTER)
        due_at = times.get(one.wanted.digest, None if batch is not None else now)
        rows.append((one.id, entry.id, batch, state, cause, reason.kept() if reason else None, now, due_at))
        at_once = one.wanted.digest is None and one.wanted.matching is None and not one.paused
        owed += reason is None and at_once
    await bulk.insert(connection, _INTO, rows)
    await schedule_for(connection, "transcript_id = ? AND state = 'waiting'", (entry.id,))
    return owed


async def owe_recent(
    connection: Writer, subscription: Subscription, transcript_ids: Sequence[int], *, now: float
) -> None:
    """Owe a new subscription transcripts that were there before it, in this order.

    They are told in one post if they are more than a batch's that are told one by one.
    """
    batch = await batches.begin_closed(connection, subscription.guild_id, by=subscription.created_by, now=now)
    rows = [(subscription.id, id_, batch, State.WAITING, None, None, now, now) for id_ in transcript_ids]
    await bulk.insert(connection, _INTO.replace("INSERT", "INSERT OR IGNORE"), rows)
    await schedule(connection, [subscription.id])


async def changed(connection: Writer, guild_id: int, entry: Entry, *, anew: bool = True, now: float) -> None:
    """Let posts that tell of a transcript be edited, for it was changed; who skipped it may be owed it `anew`.

    What is owed of it is let go, if it waits for a form.
    """
    await release(connection, entry.id, now=now)
    await _stale(connection, entry.id, now=now)
    rows = await connection.execute_fetchall(
        """
        SELECT id, subscription_id, state FROM deliveries
        WHERE transcript_id = ? AND post IS NULL
            AND (state IN ('waiting', 'failing') OR (? AND state = 'skipped' AND cause != 'removed' AND created_at > ?))
        """,
        (entry.id, anew, now - AGAIN_SECONDS),
    )
    every = {one.id: one for one in await subscriptions.every(connection, guild_id)}
    times = await _times(connection, guild_id, _digests(every.values()), now)
    refused: defaultdict[Sentence, list[int]] = defaultdict(list)
    again: defaultdict[float, list[int]] = defaultdict(list)
    for id_, subscription_id, state in rows:
        if (one := every.get(subscription_id)) is None:
            continue
        if (reason := refusal(one.wanted, entry)) is not None:
            refused[reason].append(id_)
        elif state == State.SKIPPED:
            again[times.get(one.wanted.digest, now)].append(id_)
    await connection.execute(f"UPDATE deliveries SET judged = 0 WHERE transcript_id = ? AND {_UNSENT}", (entry.id,))
    for why, ids in refused.items():
        await _skip(connection, ids, Cause.FILTER, why)
    for due_at, ids in again.items():
        await connection.execute(
            """
            UPDATE deliveries SET state = 'waiting', cause = NULL, reason = NULL, judged = 0, due_at = ?
            WHERE id IN (SELECT value FROM json_each(?))
            """,
            (due_at, json.dumps(ids)),
        )
    await schedule_for(connection, "transcript_id = ?", (entry.id,))


async def removed(connection: Writer, entry: Entry, *, now: float) -> None:
    """Skip what is owed of a transcript that goes, and let the posts that tell of it be edited."""
    await connection.execute("UPDATE deliveries SET title = ? WHERE transcript_id = ?", (entry.details.title, entry.id))
    await connection.execute(
        """
        UPDATE deliveries SET state = 'skipped', cause = 'removed', reason = ?, post = NULL
        WHERE transcript_id = ? AND (
            (post IS NULL AND state IN ('waiting', 'failing'))
            OR post IN (SELECT id FROM posts WHERE message_id IS NULL AND NOT uncertain)
        )
        """,
        (REMOVED.kept(), entry.id),
    )
    await connection.execute(
        """
        DELETE FROM posts WHERE message_id IS NULL AND NOT uncertain
            AND NOT EXISTS (SELECT 1 FROM deliveries WHERE post = posts.id)
        """
    )
    await _stale(connection, entry.id, now=now)
    await schedule_for(connection, "transcript_id = ?", (entry.id,))


async def restored(connection: Writer, guild_id: int, entry: Entry, *, now: float) -> None:
    """Owe a transcript that has come back to those that hadn't heard of it, and let the others' posts be edited."""
    rows = await connection.execute_fetchall(
        """
        SELECT DISTINCT digest FROM subscriptions
        WHERE id IN (SELECT subscription_id FROM deliveries WHERE transcript_id = ? AND cause = 'removed')
        """,
        (entry.id,),
    )
    found = [Digest(digest) if digest else None for (digest,) in rows]  # also of removed ones, which may come back
    times = await _times(connection, guild_id, found, now)
    for digest in found:
        await connection.execute(
            """
            UPDATE deliveries SET state = 'waiting', cause = NULL, reason = NULL, judged = 0, due_at = ?
            WHERE transcript_id = ? AND cause = 'removed'
                AND subscription_id IN (SELECT id FROM subscriptions WHERE digest IS ?)
            """,
            (times.get(digest, now), entry.id, digest),
        )
    await changed(connection, guild_id, entry, now=now)


async def hold(connection: Writer, transcript_id: int, batch: int) -> None:
    """Let what is owed of a transcript wait for a batch without files."""
    await connection.execute(
        """
        UPDATE deliveries SET batch = ?, due_at = NULL
        WHERE transcript_id = ? AND state = 'waiting' AND post IS NULL
            AND subscription_id IN (SELECT id FROM subscriptions WHERE digest IS NULL)
        """,
        (batch, transcript_id),
    )
    await schedule_for(connection, "transcript_id = ?", (transcript_id,))


async def release(connection: Writer, transcript_id: int, *, now: float) -> None:
    """Let what is owed of a transcript be sent, if it was held."""
    rows = await connection.execute_fetchall(
        """
        SELECT DISTINCT batch FROM deliveries JOIN batches ON batches.id = batch
        WHERE transcript_id = ? AND due_at IS NULL AND names = '[]'
        """,
        (transcript_id,),
    )
    for (batch,) in list(rows):
        await connection.execute("UPDATE batches SET closed = 1 WHERE id = ?", (batch,))
        await let_go(connection, batch, now=now)


async def let_go(connection: Writer, batch: int, *, now: float) -> None:
    """Let what a batch owes be sent from now on."""
    await connection.execute("UPDATE deliveries SET due_at = ? WHERE batch = ? AND due_at IS NULL", (now, batch))
    await schedule_for(connection, "batch = ?", (batch,))


async def is_any_forsaken(connection: Reader, *, now: float) -> bool:
    """Whether something is held by a batch that was never closed, ten minutes after its last file."""
    return any(await connection.execute_fetchall(f"{_FORSAKEN} LIMIT 1", (now - FORSAKEN_SECONDS,)))


async def let_forsaken_go(connection: Writer, *, now: float) -> None:
    """Let what is owed by batches that were never closed be sent, after ten minutes without a file."""
    rows = await connection.execute_fetchall(_FORSAKEN, (now - FORSAKEN_SECONDS,))
    for (batch,) in list(rows):
        await let_go(connection, batch, now=now)


async def forget(connection: Writer, *, now: float) -> None:
    """Delete what was skipped long ago: nothing comes of it any more."""
    await connection.execute(
        """
        DELETE FROM deliveries WHERE state = 'skipped' AND created_at < CASE
            WHEN subscription_id IN (SELECT id FROM subscriptions WHERE member_id IS NOT NULL) THEN :alert ELSE :now END
        """,
        {"now": now - SKIPPED_SECONDS, "alert": now - AGAIN_SECONDS},
    )


async def put_off(connection: Writer, guild_id: int, *, now: float) -> None:
    """Let what waits for a guild's digests be sent at the hour that it has set now."""
    every = await subscriptions.every(connection, guild_id)
    for digest, at in (await _times(connection, guild_id, _digests(every), now)).items():
        await connection.execute(
            """
            UPDATE deliveries SET due_at = ? WHERE state = 'waiting' AND due_at > ?
                AND subscription_id IN (SELECT id FROM subscriptions WHERE guild_id = ? AND digest = ?)
            """,
            (at, now, guild_id, digest),
        )
    await schedule(connection, [one.id for one in every])


async def retime(connection: Writer, subscription: Subscription, *, now: float) -> None:
    """Let what waits for a subscription be sent when it now wants it, and be looked at for what it now watches."""
    digest = subscription.wanted.digest
    times = await _times(connection, subscription.guild_id, [digest], now)
    await connection.execute(
        f"""
        UPDATE deliveries SET judged = 0, due_at = CASE WHEN state = 'waiting' AND due_at > 0 THEN ? ELSE due_at END
        WHERE subscription_id = ? AND {_UNSENT}
        """,
        (times.get(digest, now), subscription.id),
    )
    rows = await connection.execute_fetchall(
        f"SELECT transcript_id FROM deliveries WHERE subscription_id = ? AND {_UNSENT}", (subscription.id,)
    )
    for id_, entry in (await transcripts.entries(connection, [int(row[0]) for row in rows])).items():
        if (reason := refusal(subscription.wanted, entry)) is not None:
            await connection.execute(
                f"""
                UPDATE deliveries SET state = 'skipped', cause = 'filter', reason = ?
                WHERE subscription_id = ? AND transcript_id = ? AND {_UNSENT}
                """,
                (reason.kept(), subscription.id, id_),
            )
    await schedule(connection, [subscription.id])


class Unjudged(NamedTuple):
    """What is due to a subscription whose words weren't looked for in it: with its transcript as it is now."""

    id: int
    transcript: int
    content: bytes | None


async def unjudged(connection: Reader, subscription_id: int, *, now: float, limit: int) -> list[Unjudged]:
    """Return what is due to a subscription in which the words that it watches weren't looked for."""
    rows = await connection.execute_fetchall(
        f"""
        SELECT d.id, d.transcript_id, t.content FROM deliveries d LEFT JOIN transcripts t ON t.id = d.transcript_id
        WHERE d.subscription_id = ? AND d.due_at <= ? AND NOT d.judged AND {_UNSENT}
        ORDER BY d.id LIMIT ?
        """,
        (subscription_id, now, limit),
    )
    return [Unjudged(*row) for row in rows]


async def judged(
    connection: Writer, subscription: Subscription, found: Iterable[tuple[Unjudged, Sentence | None]]
) -> None:
    """Note in which of what is due the words are said, and skip those in which they aren't, with why.

    What was changed since, transcript or words, is to be looked at anew.
    """
    for one, why in found:
        reason = why.kept() if why is not None else None
        await connection.execute(
            f"""
            UPDATE deliveries SET judged = 1, state = CASE WHEN :reason IS NULL THEN state ELSE 'skipped' END,
                cause = CASE WHEN :reason IS NULL THEN cause ELSE 'words' END, reason = coalesce(:reason, reason)
            WHERE id = :id AND {_UNSENT}
                AND EXISTS (SELECT 1 FROM transcripts WHERE id = transcript_id AND content = :content)
                AND EXISTS (SELECT 1 FROM subscriptions WHERE id = subscription_id AND matching = :words)
            """,
            {"id": one.id, "content": one.content, "reason": reason, "words": subscription.wanted.matching},
        )
    await schedule(connection, [subscription.id])


async def wait(connection: Writer, subscription_id: int, ids: Sequence[int], *, until: float) -> None:
    """Let some of what is due to a subscription wait until a time."""
    if ids:
        await connection.execute(
            "UPDATE deliveries SET due_at = ? WHERE id IN (SELECT value FROM json_each(?))", (until, json.dumps(ids))
        )
        await schedule(connection, [subscription_id])


async def titles(connection: Reader, transcript_ids: Sequence[int]) -> dict[int, str]:
    """Return the titles of transcripts that were removed, as they were."""
    rows = await connection.execute_fetchall(
        """
        SELECT DISTINCT transcript_id, title FROM deliveries
        WHERE transcript_id IN (SELECT value FROM json_each(?)) AND title IS NOT NULL
        """,
        (json.dumps(list(transcript_ids)),),
    )
    return {int(id_): str(title) for id_, title in rows}


async def _skip(connection: Writer, ids: Sequence[int], cause: Cause, reason: Sentence) -> None:
    await connection.execute(
        """
        UPDATE deliveries SET state = 'skipped', cause = ?, reason = ?
        WHERE id IN (SELECT value FROM json_each(?)) AND post IS NULL
        """,
        (cause, reason.kept(), json.dumps(list(ids))),
    )


async def _stale(connection: Writer, transcript_id: int, *, now: float) -> None:
    """Let the posts that tell of a transcript be edited; one that is being sent, after that."""
    await connection.execute(
        """
        UPDATE posts SET stale = stale + 1, tries = 0, error = NULL,
            due_at = CASE WHEN message_id IS NULL THEN due_at ELSE min(coalesce(due_at, :now), :now) END
        WHERE id IN (SELECT post FROM deliveries WHERE transcript_id = :id AND post IS NOT NULL)
            AND (message_id IS NULL OR place_id IS NOT NULL)
        """,
        {"now": now, "id": transcript_id},
    )


def _digests(every: Iterable[Subscription]) -> set[Digest | None]:
    return {one.wanted.digest for one in every}


async def _times(
    connection: Reader, guild_id: int, digests: Iterable[Digest | None], now: float
) -> dict[Digest | None, float]:
    """Return when each kind of digest is sent next."""
    wanted = [digest for digest in digests if digest is not None]
    if not wanted:
        return {}
    found = await settings.get(connection, guild_id)
    return {digest: digest_at(digest, found, after=now) for digest in wanted}
