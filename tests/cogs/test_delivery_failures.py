"""Announcements that Discord refuses: they stay owed, wait longer each time, and hold nobody else up."""

import re
from types import SimpleNamespace

import pytest
import simcord

from store.errors import DatabaseError
from store.library import Library
from store.models import Delivery
from tests.cogs.stage import BREAD, TIDES, Stage, shown, text, title_of


class Clock:
    """The time of day as the store sees it."""

    now = 1_800_000_000.0

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    shown_clock = Clock()
    monkeypatch.setattr("store.library.time", SimpleNamespace(time=lambda: shown_clock.now))
    return shown_clock


def refuse(stage: Stage, channel: simcord.ChannelHandle, status: int, code: int = 0) -> None:
    """Let Discord refuse every message to a channel, until `accept`."""
    stage.env.inject_error("POST", f"/channels/{channel.id}/messages", status=status, code=code, times=None)


def accept(stage: Stage) -> None:
    stage.env.backend.faults.clear()


def announced(channel: simcord.ChannelHandle) -> list[str]:
    texts = [text(message) for message in channel.history()]
    return [title_of(said) for said in texts if said.startswith("### New transcript")]


async def two_channels(stage: Stage) -> simcord.ChannelHandle:
    """Subscribe the server's channel and a second one, which is returned."""
    other = stage.here.guild.create_text_channel("announcements")
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await stage.here.moderator.slash(stage.here.channel, "subscribe", channel=other)
    return other


async def owed(stage: Stage) -> dict[int, int]:
    return {found.channel_id: found.owed for found in await stage.library.subscriptions(stage.here.guild.id)}


REFUSALS = [
    pytest.param(403, 50013, "I may not post there; let me view the channel and send messages", id="forbidden"),
    pytest.param(403, 50001, "I may not post there; let me view the channel and send messages", id="not seen"),
    pytest.param(500, 0, "Discord could not be reached or refused the message", id="Discord failing"),
    pytest.param(503, 0, "Discord could not be reached or refused the message", id="Discord overloaded"),
    pytest.param(400, 50035, "Discord could not be reached or refused the message", id="refused"),
    pytest.param(404, 0, "404 Not Found", id="not found for another reason"),
]


@pytest.mark.parametrize(("status", "code", "reason"), REFUSALS)
async def test_a_refused_announcement_stays_owed_and_says_why_while_others_get_theirs(
    stage: Stage, clock: Clock, status: int, code: int, reason: str
) -> None:
    other = await two_channels(stage)
    refuse(stage, stage.here.channel, status, code)
    await stage.here.moderator.slash(other, "ingest", file=("bread.md", BREAD))
    assert announced(stage.here.channel) == []
    assert announced(other) == ["How bread rises"]
    assert await owed(stage) == {stage.here.channel.id: 1, other.id: 0}
    listed = shown(await stage.here.moderator.slash(other, "subscriptions"))
    assert f"- <#{stage.here.channel.id}> · 1 still to be sent\n  -# last try: {reason}" in listed

    accept(stage)
    clock.forward(31)
    await stage.turn()
    assert announced(stage.here.channel) == ["How bread rises"]
    assert announced(other) == ["How bread rises"]
    assert "last try" not in shown(await stage.here.moderator.slash(other, "subscriptions"))


async def test_a_refused_announcement_is_not_tried_again_before_its_time(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    clock.forward(29)
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 1
    clock.forward(2)
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 2


async def test_the_wait_doubles_with_each_failure_up_to_six_hours(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 500)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    for _ in range(13):
        await stage.turn()
        clock.forward(6 * 3600 + 1)
    waits = [int(found) for found in re.findall(r"waits for (\d+) s", caplog.text)]
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600, 21600]


async def test_a_channel_that_has_failed_for_years_still_waits_six_hours(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await two_channels(stage)
    async with stage.library._database.transaction() as connection:
        await connection.execute("UPDATE subscriptions SET failures = 1000000")
    refuse(stage, stage.here.channel, 403, 50013)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    assert "waits for 21600 s" in caplog.text
    assert not stage.env.errors


async def test_after_a_success_the_wait_begins_small_again(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await two_channels(stage)
    for data in (BREAD, TIDES):
        refuse(stage, stage.here.channel, 500)
        await stage.library.ingest(stage.here.guild.id, data, "talk.md")
        await stage.turn()
        accept(stage)
        clock.forward(31)
        await stage.turn()
    assert re.findall(r"waits for (\d+) s", caplog.text) == ["30", "30"]
    assert announced(stage.here.channel) == ["How bread rises", "Why there are tides"]


async def test_what_was_refused_is_sent_later_in_order_and_each_once(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    await stage.turn()
    accept(stage)
    clock.forward(31)
    await stage.turn()
    await stage.turn()
    assert announced(stage.here.channel) == ["How bread rises", "Why there are tides"]


async def test_a_refused_announcement_survives_a_restart(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    accept(stage)
    clock.forward(31)
    await stage.restart()
    assert announced(stage.here.channel) == ["How bread rises"]


async def test_subscribing_again_tries_at_once(stage: Stage, clock: Clock) -> None:
    other = await two_channels(stage)
    refuse(stage, stage.here.channel, 403, 50013)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    accept(stage)
    clock.forward(1)
    await stage.here.moderator.slash(other, "subscribe", channel=stage.here.channel)
    assert announced(stage.here.channel) == ["How bread rises"]


async def test_a_channel_that_is_gone_ends_its_subscription_and_no_other(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    other = await two_channels(stage)
    refuse(stage, stage.here.channel, 404, 10003)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    await stage.turn()
    assert await owed(stage) == {other.id: 0}
    assert announced(other) == ["How bread rises", "Why there are tides"]
    assert f"Channel {stage.here.channel.id} is gone" in caplog.text


async def test_another_server_does_not_wait_for_one_that_fails(stage: Stage) -> None:
    for server in (stage.here, stage.there):
        await server.moderator.slash(server.channel, "subscribe")
    refuse(stage, stage.here.channel, 500)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    await stage.turn()
    assert announced(stage.there.channel) == ["Why there are tides"]
    said = shown(await stage.there.moderator.slash(stage.there.channel, "subscriptions"))
    assert "last try" not in said


async def test_a_transcript_removed_before_it_was_announced_is_not_announced(stage: Stage, clock: Clock) -> None:
    await two_channels(stage)
    refuse(stage, stage.here.channel, 500)
    done = await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()
    await stage.library.remove(stage.here.guild.id, str(done.entry.id))
    accept(stage)
    clock.forward(31)
    await stage.turn()
    assert announced(stage.here.channel) == []
    assert await owed(stage) == dict.fromkeys(await owed(stage), 0)


class FullDisk(Library):
    """A library that can't mark the first delivery it is told of."""

    full = True

    async def delivered(self, delivery: Delivery, message_id: int) -> None:
        if self.full:
            self.full = False
            raise DatabaseError("The disk is full.")
        await super().delivered(delivery, message_id)


async def test_an_announcement_that_could_not_be_marked_is_marked_later_and_not_sent_twice(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.restart(kind=FullDisk)
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await stage.here.moderator.slash(stage.here.channel, "ingest", file=("bread.md", BREAD))
    assert await owed(stage) == {stage.here.channel.id: 1}
    assert "Deliveries wait for the next turn" in caplog.text
    await stage.turn()
    assert await owed(stage) == {stage.here.channel.id: 0}
    assert len(stage.sent(stage.here.channel)) == 1
