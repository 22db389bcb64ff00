"""Announcements that Discord refuses: they stay owed, wait longer each time, and hold nobody else up."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord

from bot.config import Config
from store.errors import DatabaseError
from store.library import Library
from store.models import Post, State
from store.outbox.notifying import Notifications
from store.outbox.scheduling import Due
from store.outbox.times import DAY
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Stage, staged, transcript

BOTH = ["How bread rises", "Why there are tides"]


@pytest.fixture
async def stage(path: Path) -> AsyncIterator[Stage]:
    """A stage on which hours pass quickly: it isn't looked each second whether another process wrote something."""
    async with staged(path, config=Config(pause_seconds=0, check_seconds=60)) as started:
        yield started


def refuse(stage: Stage, channel: simcord.ChannelHandle, status: int, code: int = 0) -> None:
    """Let Discord refuse every message to a channel, until `accept`."""
    stage.env.inject_error("POST", f"/channels/{channel.id}/messages", status=status, code=code, times=None)


def accept(stage: Stage) -> None:
    stage.env.backend.faults.clear()


async def two_channels(stage: Stage) -> simcord.ChannelHandle:
    """Subscribe the server's channel and a second one, which is returned."""
    other = stage.here.guild.create_text_channel("announcements")
    for channel in (stage.here.channel, other):
        await stage.library.notifications.subscribe(stage.here.guild.id, channel.id)
    return other


async def ingest(stage: Stage, data: bytes) -> int:
    return (await stage.library.ingest(stage.here.guild.id, data, "talk.md")).entry.id


async def states(stage: Stage, channel: simcord.ChannelHandle) -> list[State]:
    """Return the states of what a channel is owed, oldest first."""
    every = await stage.library.notifications.deliveries(stage.here.guild.id)
    return [one.state for one in reversed(every) if one.channel_id == channel.id]


async def reason(stage: Stage, channel: simcord.ChannelHandle) -> str | None:
    """Return why a channel fails."""
    every = await stage.library.notifications.listed(stage.here.guild.id)
    found = next(one.last_error for one in every if one.channel_id == channel.id)
    return str(found) if found is not None else None


async def later(stage: Stage, clock: Clock, seconds: float) -> None:
    clock.forward(seconds)
    await stage.turn()


REFUSALS = [
    pytest.param(403, 50013, "I may not post there", DAY, State.FAILING, id="forbidden"),
    pytest.param(403, 50001, "I may not post there", DAY, State.FAILING, id="not seen"),
    pytest.param(404, 10003, "The channel is gone", DAY, State.FAILING, id="gone"),
    pytest.param(400, 160005, "The thread is locked", DAY, State.FAILING, id="locked"),
    pytest.param(400, 50035, "Discord refuses the message", 60, State.FAILING, id="refused"),
    pytest.param(500, 0, "Discord could not be reached", 10, State.SENDING, id="Discord failing"),
    pytest.param(503, 0, "Discord could not be reached", 10, State.SENDING, id="Discord overloaded"),
]


@pytest.mark.parametrize(("status", "code", "said", "wait", "state"), REFUSALS)
async def test_a_refused_announcement_stays_owed_and_says_why_while_others_get_theirs(  # noqa: PLR0917
    stage: Stage, clock: Clock, status: int, code: int, said: str, wait: float, state: State
) -> None:
    other = await two_channels(stage)
    refuse(stage, stage.here.channel, status, code)
    await ingest(stage, BREAD)
    await stage.turn()
    assert stage.announced(stage.here.channel) == []
    assert stage.announced(other) == BOTH[:1]
    assert await states(stage, stage.here.channel) == [state]
    assert said in (await reason(stage, stage.here.channel) or "")

    accept(stage)
    await later(stage, clock, 1.3 * wait)
    assert stage.announced(stage.here.channel) == BOTH[:1]
    assert stage.announced(other) == BOTH[:1]
    assert await states(stage, stage.here.channel) == [State.SENT]
    assert await reason(stage, stage.here.channel) is None


async def test_what_a_channel_lacks_is_named(stage: Stage) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    refuse(stage, stage.here.channel, 403, 50013)
    await ingest(stage, BREAD)
    await stage.turn()
    assert "give me View Channel and Send Messages" in (await reason(stage, stage.here.channel) or "")


async def test_a_channel_that_refuses_is_tried_daily_and_given_up_after_14_days(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await ingest(stage, BREAD)
    await stage.turn()
    for day in range(1, 16):
        assert await states(stage, stage.here.channel) == [State.FAILING]
        await later(stage, clock, DAY - 60)
        assert len(stage.sent(stage.here.channel)) == day
        if day == 15:
            break
        await later(stage, clock, 61)
        assert len(stage.sent(stage.here.channel)) == day + 1
        if day == 14:
            assert await states(stage, stage.here.channel) == [State.ABANDONED]
            break
    accept(stage)
    await later(stage, clock, 10 * DAY)
    assert stage.announced(stage.here.channel) == []  # it was given up, and says so
    (subscription, _) = await stage.library.notifications.listed(stage.here.guild.id)
    assert subscription.abandoned == 1
    await ingest(stage, TIDES)
    await later(stage, clock, DAY)
    assert stage.announced(stage.here.channel) == BOTH[1:]  # its subscription was never ended


async def test_what_came_late_in_a_failing_channel_is_given_up_14_days_after_it_came(
    stage: Stage, clock: Clock
) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 404, 10003)
    await ingest(stage, BREAD)
    await stage.turn()
    await later(stage, clock, 10 * DAY)
    await ingest(stage, TIDES)
    await later(stage, clock, 5 * DAY)
    assert await states(stage, stage.here.channel) == [State.ABANDONED, State.WAITING]
    await later(stage, clock, 10 * DAY)
    assert await states(stage, stage.here.channel) == [State.ABANDONED, State.ABANDONED]


async def test_waits_grow_from_seconds_to_a_day_and_differ(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    refuse(stage, stage.here.channel, 500)
    await ingest(stage, BREAD)
    waits: list[int] = []
    for _ in range(18):
        await stage.turn()
        waits = [int(found) for found in re.findall(r"waits for (\d+) s", caplog.text)]
        clock.forward(DAY * 1.3)
    expected = [min(DAY, 5 * 2**number) for number in range(len(waits))]
    assert len(waits) >= 17
    assert all(
        0.79 * should <= wait + 1 and wait <= 1.21 * should for wait, should in zip(waits, expected, strict=True)
    )
    assert len({round(wait / should, 2) for wait, should in zip(waits, expected, strict=True)}) > 3


async def test_after_a_success_the_wait_begins_small_again(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    for data in (BREAD, TIDES):
        refuse(stage, stage.here.channel, 500)
        await ingest(stage, data)
        await stage.turn()
        accept(stage)
        await later(stage, clock, 10)
    assert [int(wait) <= 6 for wait in re.findall(r"waits for (\d+) s", caplog.text)] == [True, True]
    assert stage.announced(stage.here.channel) == BOTH


async def test_what_was_refused_is_sent_later_in_order_and_each_once(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await ingest(stage, BREAD)
    await stage.turn()
    await ingest(stage, TIDES)
    await stage.turn()
    accept(stage)
    await later(stage, clock, DAY + 1)
    await stage.turn()
    assert stage.announced(stage.here.channel) == BOTH


async def test_a_message_that_is_refused_lets_others_pass(stage: Stage, clock: Clock) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=400, code=50035)
    await ingest(stage, BREAD)
    await ingest(stage, TIDES)
    await stage.turn()
    assert stage.announced(stage.here.channel) == BOTH[1:]
    await later(stage, clock, 120)
    assert stage.announced(stage.here.channel) == BOTH[::-1]


async def test_a_refused_announcement_survives_a_restart(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await ingest(stage, BREAD)
    await stage.turn()
    accept(stage)
    clock.forward(DAY + 1)
    await stage.restart()
    assert stage.announced(stage.here.channel) == BOTH[:1]


async def test_subscribing_again_tries_at_once(stage: Stage) -> None:
    other = await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await ingest(stage, BREAD)
    await stage.turn()
    accept(stage)
    await stage.here.moderator.slash(other, "subscribe", channel=stage.here.channel)
    assert stage.announced(stage.here.channel) == BOTH[:1]


async def test_another_server_does_not_wait_for_one_that_fails(stage: Stage) -> None:
    for server in (stage.here, stage.there):
        await stage.library.notifications.subscribe(server.guild.id, server.channel.id)
    refuse(stage, stage.here.channel, 500)
    await ingest(stage, BREAD)
    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    await stage.turn()
    assert stage.announced(stage.there.channel) == BOTH[1:]


async def test_a_transcript_removed_before_it_was_announced_is_not_announced(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    id_ = await ingest(stage, BREAD)
    await stage.turn()
    await stage.library.remove(stage.here.guild.id, id_)
    accept(stage)
    await later(stage, clock, DAY + 1)
    assert stage.announced(stage.here.channel) == []
    assert await states(stage, stage.here.channel) == [State.SKIPPED]


async def test_what_nobody_knows_of_is_not_sent_once_its_transcript_is_gone(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 500)
    id_ = await ingest(stage, BREAD)
    await stage.turn()
    await stage.library.remove(stage.here.guild.id, id_)
    accept(stage)
    await later(stage, clock, 10)
    await stage.turn()
    assert stage.announced(stage.here.channel) == []
    assert await states(stage, stage.here.channel) == [State.SKIPPED]


async def test_when_discord_fails_everywhere_all_sending_slows_down(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    channels = [stage.here.guild.create_text_channel(f"news-{number}") for number in range(12)]
    for channel in channels:
        await stage.library.notifications.subscribe(stage.here.guild.id, channel.id)
    stage.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
    await ingest(stage, BREAD)
    await stage.turn()
    assert "all deliveries slow down" in caplog.text
    tried = sum(bool(stage.sent(channel)) for channel in channels)
    accept(stage)
    for _ in range(6):
        clock.forward(320)
        await stage.turn()
    assert [stage.announced(channel) for channel in channels] == [BOTH[:1]] * 12
    assert tried <= 12


async def test_a_channel_that_fails_alone_slows_no_other_down(stage: Stage, clock: Clock) -> None:
    other = await two_channels(stage)
    refuse(stage, stage.here.channel, 503)
    await ingest(stage, BREAD)
    for _ in range(6):
        await later(stage, clock, 400)
    await ingest(stage, TIDES)
    await stage.turn()
    assert stage.announced(other) == BOTH
    assert len(stage.sent(stage.here.channel)) > 3


class FullDisk(Notifications):
    """An outbox that can't mark the first post it is told of."""

    full = True

    async def sent(self, post: Post, *, place_id: int, message_id: int, publish: bool = False) -> None:
        if self.full:
            self.full = False
            raise DatabaseError("The disk is full.")
        await super().sent(post, place_id=place_id, message_id=message_id, publish=publish)


class WithFullDisk(Library):
    """A library with such an outbox."""

    outbox = FullDisk


async def test_an_announcement_that_could_not_be_marked_is_marked_later_and_not_sent_twice(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.restart(kind=WithFullDisk)
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    await ingest(stage, BREAD)
    await stage.turn()
    assert "The disk is full" in caplog.text
    await stage.turn()
    assert await states(stage, stage.here.channel) == [State.SENT]
    assert len(stage.sent(stage.here.channel)) == 1


class Stumbling(Notifications):
    """An outbox with a bug that shows once in a claim."""

    stumbles = 1

    async def claim(self, due: Due, *, forum: bool = False) -> Post | None:
        if self.stumbles:
            self.stumbles -= 1
            raise RuntimeError("a bug in a claim")
        return await super().claim(due, forum=forum)


class WithStumble(Library):
    """A library with such an outbox."""

    outbox = Stumbling


async def test_a_channel_rests_after_a_bug_and_is_served_after_that(stage: Stage, clock: Clock) -> None:
    await stage.restart(kind=WithStumble)
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    await ingest(stage, BREAD)
    await stage.turn()
    for _ in range(3):
        await later(stage, clock, 9)
        assert stage.announced(stage.here.channel) == []
    await later(stage, clock, 9)
    assert stage.announced(stage.here.channel) == BOTH[:1]


async def test_as_many_as_an_hour_allows_come_one_by_one_and_the_rest_in_one(stage: Stage, clock: Clock) -> None:
    most = stage.library.limits.posts_per_hour
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    refuse(stage, stage.here.channel, 403, 50013)
    for number in range(30):
        await ingest(stage, transcript("[0:01] words", title=f"Talk {number}", url=None))
    await stage.turn()
    accept(stage)
    await later(stage, clock, DAY + 1)
    said = stage.announced(stage.here.channel)
    assert said[: most - 1] == [f"Talk {number}" for number in range(most - 1)]
    assert len(said) == most
    assert await states(stage, stage.here.channel) == [State.SENT] * 30
    await ingest(stage, TIDES)
    await later(stage, clock, 60)
    assert len(stage.announced(stage.here.channel)) == most
    await later(stage, clock, 3600)
    assert stage.announced(stage.here.channel)[most:] == BOTH[1:]
