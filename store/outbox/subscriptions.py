"""The SQL of subscriptions: who hears of which transcripts, how, and how it goes."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from store.database import Reader, Writer
from store.errors import NotFoundError, StoreError
from store.models import Digest, Subscription, Wanted
from store.outbox.scheduling import schedule
from store.sentences import counted, recalled
from store.text import awaited
from store.text.analysis import folded

KEPT_SECONDS = 24 * 3600.0  # in which a removed one can be brought back
MOST_ALERTS = 10  # of a member in a guild
NAME = 32  # characters

_WANTED = "s.speaker, s.tag, s.from_channel, s.language, s.matching, s.mention, s.digest, s.publish"
_COLUMNS = f"""
    s.id, s.guild_id, s.name, s.channel_id, s.member_id, s.created_by, s.created_at, s.paused, s.failures,
    s.failing_since, s.last_error, s.last_sent_at, s.next_at,
    (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state IN ('waiting', 'sending', 'failing')
        AND (s.matching IS NULL OR d.judged OR d.post IS NOT NULL)),
    (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'abandoned'),
    {_WANTED}
"""


async def add(
    connection: Writer,
    guild_id: int,
    wanted: Wanted,
    *,
    name: str,
    at: str,
    channel_id: int | None = None,
    member_id: int | None = None,
    created_by: int | None = None,
    most: int,
) -> tuple[Subscription, bool]:
    """Subscribe a channel or a member; return the subscription, and False if there was such a one already.

    That one's wait to retry is over. A name that is taken gets a number.

    Raises:
        StoreError: the guild has as many subscriptions as the `most` it may have, or the member as many alerts.
    """
    existing = await listed(connection, guild_id, member_id=member_id)
    for one in existing:
        if one.channel_id == channel_id and same(one.wanted, wanted):
            await forgive(connection, one.id)
            return one, False
    _check_room(existing, member_id=member_id, most=most)
    cursor = await connection.execute(
        """
        INSERT INTO subscriptions (guild_id, name, channel_id, member_id, created_by, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (guild_id, free(name, {one.name for one in existing}), channel_id, member_id, created_by, at),
    )
    assert cursor.lastrowid is not None
    await _want(connection, cursor.lastrowid, wanted)
    return await get(connection, guild_id, cursor.lastrowid), True


async def change(
    connection: Writer, subscription: Subscription, wanted: Wanted, *, name: str, channel_id: int | None
) -> Subscription:
    """Let a subscription ask for something else, or in another channel or by another name, from now on.

    Raises:
        StoreError: another one has the name, or hears of the same in the same channel.
    """
    every = await listed(connection, subscription.guild_id, member_id=subscription.member_id)
    others = [one for one in every if one.id != subscription.id]
    if any(one.name == name for one in others):
        raise StoreError("Another subscription is called “{name}”; choose another name.", name=name)
    _check_other(others, channel_id, wanted)
    await connection.execute(
        "UPDATE subscriptions SET name = ?, channel_id = ? WHERE id = ?", (name, channel_id, subscription.id)
    )
    await _want(connection, subscription.id, wanted)
    if channel_id != subscription.channel_id:
        await connection.execute(
            """
            UPDATE subscriptions SET failures = 0, failing_since = NULL, last_error = NULL, untold = 0 WHERE id = ?
            """,
            (subscription.id,),
        )
        await forgive(connection, subscription.id)
    return await get(connection, subscription.guild_id, subscription.id)


async def _want(connection: Writer, subscription_id: int, wanted: Wanted) -> None:
    await connection.execute(
        """
        UPDATE subscriptions SET speaker = ?, tag = ?, from_channel = ?, language = ?, matching = ?, mention = ?,
            digest = ?, publish = ?
        WHERE id = ?
        """,
        (
            wanted.speaker,
            wanted.tag,
            wanted.from_channel,
            wanted.language,
            wanted.matching,
            wanted.mention,
            wanted.digest,
            wanted.publish,
            subscription_id,
        ),
    )


async def remove(connection: Writer, subscription: Subscription, *, now: float) -> None:
    """End a subscription; for a day it can be brought back with what it is owed."""
    await connection.execute("UPDATE subscriptions SET removed_at = ? WHERE id = ?", (now, subscription.id))
    await schedule(connection, [subscription.id])


async def forget(connection: Writer, *, now: float) -> None:
    """Delete what was owed to subscriptions that ended more than a day ago, and those that left no message behind.

    The others' messages are still struck through when a transcript is removed.
    """
    ended = "SELECT id FROM subscriptions WHERE removed_at < ?"
    await connection.execute(
        f"DELETE FROM deliveries WHERE state != 'sent' AND subscription_id IN ({ended})", (now - KEPT_SECONDS,)
    )
    await connection.execute(
        """
        DELETE FROM subscriptions WHERE removed_at < ?
            AND NOT EXISTS (SELECT 1 FROM posts WHERE subscription_id = subscriptions.id AND place_id IS NOT NULL)
        """,
        (now - KEPT_SECONDS,),
    )


async def bring_back(
    connection: Writer, guild_id: int, subscription_id: int, *, member_id: int | None, most: int, now: float
) -> Subscription | None:
    """Bring back a subscription that was removed, or a member's own alert, with what it was owed.

    None if it can't be, or isn't removed.

    Raises:
        StoreError: such a one has been made meanwhile, or as many as there may be.
    """
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM subscriptions s WHERE id = ? AND guild_id = ? AND member_id IS ? AND removed_at >= ?",
        (subscription_id, guild_id, member_id, now - KEPT_SECONDS),
    )
    for gone in map(_subscription, rows):
        there = await listed(connection, guild_id, member_id=gone.member_id)
        _check_other(there, gone.channel_id, gone.wanted)
        _check_room(there, member_id=gone.member_id, most=most)
        await connection.execute(
            "UPDATE subscriptions SET removed_at = NULL, name = ? WHERE id = ?",
            (free(gone.name, {one.name for one in there}), subscription_id),
        )
        await schedule(connection, [subscription_id])
        return await get(connection, guild_id, subscription_id)
    return None


async def pause(connection: Writer, subscription: Subscription, *, paused: bool) -> None:
    """Let a subscription rest, or go on."""
    await connection.execute("UPDATE subscriptions SET paused = ? WHERE id = ?", (paused, subscription.id))
    await forgive(connection, subscription.id)


async def forgive(connection: Writer, subscription_id: int) -> None:
    """Let a subscription that waits to retry be tried at once."""
    await connection.execute("UPDATE subscriptions SET retry_at = 0 WHERE id = ?", (subscription_id,))
    await connection.execute(
        "UPDATE deliveries SET due_at = 0 WHERE subscription_id = ? AND state = 'failing'", (subscription_id,)
    )
    await schedule(connection, [subscription_id])


async def listed(connection: Reader, guild_id: int, *, member_id: int | None = None) -> tuple[Subscription, ...]:
    """Return the guild's subscriptions, or a member's alerts in it, oldest first."""
    rows = await connection.execute_fetchall(
        f"""
        SELECT {_COLUMNS} FROM subscriptions s
        WHERE guild_id = ? AND member_id IS ? AND removed_at IS NULL ORDER BY id
        """,
        (guild_id, member_id),
    )
    return tuple(map(_subscription, rows))


async def alerts(connection: Reader, guild_id: int) -> int:
    """Return how many alerts the guild's members have together."""
    rows = await connection.execute_fetchall(
        """
        SELECT count(*) FROM subscriptions WHERE guild_id = ? AND coalesce(member_id, 0) > 0 AND removed_at IS NULL
        """,
        (guild_id,),
    )
    ((count,),) = rows
    return int(count)


async def every(connection: Reader, guild_id: int) -> tuple[Subscription, ...]:
    """Return all that may be owed a transcript: the guild's subscriptions and its members' alerts."""
    rows = await connection.execute_fetchall(
        f"SELECT {_WANTED}, s.id, s.paused FROM subscriptions s WHERE guild_id = ? AND removed_at IS NULL ORDER BY id",
        (guild_id,),
    )
    return tuple(
        Subscription(row[8], guild_id, "", None, None, None, "", _wanted(row[:8]), paused=bool(row[9])) for row in rows
    )


async def get(connection: Reader, guild_id: int, subscription_id: int, *, ended: bool = False) -> Subscription:
    """Return a subscription, or an alert; also one that has ended, if that is asked for.

    Raises:
        NotFoundError: the guild has none of this id, or no longer.
    """
    rows = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM subscriptions s WHERE id = ? AND guild_id = ? AND (removed_at IS NULL OR ?)",
        (subscription_id, guild_id, ended),
    )
    for row in rows:
        return _subscription(row)
    raise NotFoundError("That subscription is no longer there; `/subscriptions` lists those that are.")


def _check_room(there: Sequence[Subscription], *, member_id: int | None, most: int) -> None:
    """See that a guild may have one subscription more, or a member one alert."""
    if member_id is not None and len(there) >= MOST_ALERTS:
        raise StoreError(
            counted(
                "You have {n} alert here, the most you may have; `/alert remove` ends one.",
                "You have {n} alerts here, the most you may have; `/alert remove` ends one.",
                len(there),
            )
        )
    if member_id is None and len(there) >= most:
        raise StoreError(
            counted(
                "This server already has {n} subscription, the most it may have; `/unsubscribe` ends one.",
                "This server already has {n} subscriptions, the most it may have; `/unsubscribe` ends one.",
                len(there),
            )
        )


def _check_other(others: Sequence[Subscription], channel_id: int | None, wanted: Wanted) -> None:
    """See that none of the others hears of the same in the same place, which would then be told twice."""
    for one in others:
        if one.channel_id == channel_id and same(one.wanted, wanted):
            raise StoreError("That is what “{name}” does already, and there can't be two of it.", name=one.name)


def free(name: str, taken: set[str]) -> str:
    """Return a name, with a number where it is taken."""
    free, number = name, 2
    while free in taken:
        free = f"{name[: NAME - 4]}-{number}"
        number += 1
    return free


def named(*texts: str | None) -> str:
    """Return the first text that has letters as a subscription's short name: its words with hyphens between.

    Where none has, it is "news". Marks that a word ends with stay with their letters (`folded` composes them).
    """
    return next(filter(None, map(_short, filter(None, texts))), "news")


def _short(text: str) -> str:
    kept = "".join(letter if letter.isalnum() or not letter.isascii() else " " for letter in folded(text))
    return "-".join(kept.split())[:NAME].strip("-")


def same(one: Wanted, other: Wanted) -> bool:
    """Whether two ask for the same, however that was typed."""
    return _normal(one) == _normal(other)


def twice(one: Subscription, others: Sequence[Subscription]) -> list[Subscription]:
    """Return the others by which the same place hears of all that one tells of, or of which one tells it of all."""
    return [
        other
        for other in others
        if other.id != one.id
        and other.target == one.target
        and (_covers(one.wanted, other.wanted) or _covers(other.wanted, one.wanted))
    ]


def _covers(one: Wanted, other: Wanted) -> bool:
    """Whether whoever is told of what one asks for is told of all that the other asks for."""
    first, second = _normal(one), _normal(other)
    narrowed = (
        (first.speaker, second.speaker),
        (first.tag, second.tag),
        (first.from_channel, second.from_channel),
        (first.language, second.language),
        (first.matching, second.matching),
    )
    return all(mine in {None, theirs} for mine, theirs in narrowed)


def _normal(wanted: Wanted) -> Wanted:
    speaker, tag, from_channel = (
        folded(name) if name else None for name in (wanted.speaker, wanted.tag, wanted.from_channel)
    )
    matching = awaited.normal(wanted.matching) if wanted.matching else None
    return replace(wanted, speaker=speaker, tag=tag, from_channel=from_channel, matching=matching)


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(
        id=row[0],
        guild_id=row[1],
        name=row[2],
        channel_id=row[3],
        member_id=row[4],
        created_by=row[5],
        created_at=row[6],
        wanted=_wanted(row[15:]),
        paused=bool(row[7]),
        failures=row[8],
        failing_since=row[9],
        last_error=recalled(row[10]) if row[10] else None,
        last_sent_at=row[11],
        next_at=row[12],
        owed=row[13],
        abandoned=row[14],
    )


def _wanted(values: Sequence[Any]) -> Wanted:
    speaker, tag, from_channel, language, matching, mention, digest, publish = values
    collected = Digest(digest) if digest else None
    return Wanted(speaker, tag, from_channel, language, matching, mention, collected, bool(publish))
