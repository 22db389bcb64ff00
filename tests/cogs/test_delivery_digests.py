"""What is collected and told together: digests at an hour of the server's zone, batches, and what came in a pause."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from store.models import Digest, Settings, State, Wanted
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Server, Stage, text, transcript

VIENNA = ZoneInfo("Europe/Vienna")
HOUR = 3600.0


def at(clock: Clock, local: str, zone: ZoneInfo = VIENNA) -> None:
    """Set the clock to a local time."""
    clock.now = datetime.fromisoformat(local).replace(tzinfo=zone).timestamp()


async def collect(stage: Stage, server: Server, digest: Digest, zone: str = "Europe/Vienna") -> None:
    notifications = stage.library.notifications
    await notifications.set(server.guild.id, Settings(hour=9, day=4, zone=zone))
    await notifications.subscribe(server.guild.id, server.channel.id, Wanted(digest=digest))


async def ingest(stage: Stage, server: Server, data: bytes) -> None:
    await stage.library.ingest(server.guild.id, data, "talk.md")
    await stage.turn()


def said(stage: Stage, server: Server) -> list[str]:
    return [text(message) for message in server.channel.history() if message.author == stage.bot.user]


async def test_a_daily_digest_comes_at_its_hour_with_all_that_came_since(stage: Stage, clock: Clock) -> None:
    at(clock, "2027-01-13 10:00")
    await collect(stage, stage.here, Digest.DAILY)
    await ingest(stage, stage.here, BREAD)
    at(clock, "2027-01-13 23:00")
    await ingest(stage, stage.here, TIDES)
    at(clock, "2027-01-14 08:59")
    await stage.turn()
    assert said(stage, stage.here) == []
    at(clock, "2027-01-14 09:00")
    await stage.turn()
    (digest,) = said(stage, stage.here)
    assert "### 2 new transcripts of the last day" in digest
    assert "How bread rises" in digest
    assert "Why there are tides" in digest
    at(clock, "2027-01-15 09:00")
    await stage.turn()
    assert len(said(stage, stage.here)) == 1  # nothing came: nothing is said


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31", "2027-01-05"], ids=["spring", "autumn", "winter"])
async def test_a_digest_comes_at_nine_on_days_on_which_clocks_change_too(stage: Stage, clock: Clock, day: str) -> None:
    at(clock, f"{day} 00:30")
    await collect(stage, stage.here, Digest.DAILY)
    await ingest(stage, stage.here, BREAD)
    at(clock, f"{day} 08:59")
    await stage.turn()
    assert said(stage, stage.here) == []
    at(clock, f"{day} 09:00")
    await stage.turn()
    assert len(said(stage, stage.here)) == 1


async def test_a_weekly_digest_comes_on_its_day(stage: Stage, clock: Clock) -> None:
    at(clock, "2027-01-15 09:30")  # a Friday, half an hour too late
    await collect(stage, stage.here, Digest.WEEKLY)
    await ingest(stage, stage.here, BREAD)
    for day in range(16, 22):
        at(clock, f"2027-01-{day} 09:01")
        await stage.turn()
        assert said(stage, stage.here) == []
    at(clock, "2027-01-22 09:01")
    await stage.turn()
    assert len(said(stage, stage.here)) == 1


async def test_two_servers_have_digests_of_their_own_hours_and_transcripts(stage: Stage, clock: Clock) -> None:
    at(clock, "2027-01-13 10:00")
    await collect(stage, stage.here, Digest.DAILY)
    await collect(stage, stage.there, Digest.DAILY, zone="Asia/Tokyo")
    await ingest(stage, stage.here, BREAD)
    await ingest(stage, stage.there, TIDES)
    at(clock, "2027-01-14 09:00", zone=ZoneInfo("Asia/Tokyo"))
    await stage.turn()
    assert said(stage, stage.here) == []
    (there,) = said(stage, stage.there)
    assert "Why there are tides" in there
    at(clock, "2027-01-14 09:00")
    await stage.turn()
    (here,) = said(stage, stage.here)
    assert "How bread rises" in here
    assert "tides" not in here


async def test_another_hour_counts_for_what_waits_already(stage: Stage, clock: Clock) -> None:
    at(clock, "2027-01-13 10:00")
    await collect(stage, stage.here, Digest.DAILY)
    await ingest(stage, stage.here, BREAD)
    await stage.library.notifications.set(stage.here.guild.id, Settings(hour=18, zone="Europe/Vienna"))
    at(clock, "2027-01-13 18:00")
    await stage.turn()
    assert len(said(stage, stage.here)) == 1


async def test_what_came_in_a_pause_is_told_after_it(stage: Stage) -> None:
    notifications = stage.library.notifications
    subscription, _ = await notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    await notifications.pause(stage.here.guild.id, subscription.id, paused=True)
    await ingest(stage, stage.here, BREAD)
    assert said(stage, stage.here) == []
    await notifications.pause(stage.here.guild.id, subscription.id, paused=False)
    await stage.turn()
    assert stage.announced(stage.here.channel) == ["How bread rises"]


async def test_a_new_subscription_hears_of_as_many_of_the_newest_as_it_asks_for(stage: Stage) -> None:
    for number in range(4):
        await ingest(stage, stage.here, transcript("[0:01] words", title=f"Talk {number}", url=None))
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id, include_recent=2)
    await stage.turn()
    assert stage.announced(stage.here.channel) == ["Talk 2", "Talk 3"]


async def test_a_removed_subscription_is_told_nothing_and_all_of_it_once_it_is_brought_back(stage: Stage) -> None:
    notifications = stage.library.notifications
    subscription, _ = await notifications.subscribe(stage.here.guild.id, stage.here.channel.id, Wanted())
    await notifications.pause(stage.here.guild.id, subscription.id, paused=True)
    await ingest(stage, stage.here, BREAD)
    await notifications.pause(stage.here.guild.id, subscription.id, paused=False)
    await notifications.remove(stage.here.guild.id, subscription.id)
    await ingest(stage, stage.here, TIDES)
    assert said(stage, stage.here) == []
    await notifications.bring_back(stage.here.guild.id, subscription.id)
    await stage.turn()
    assert stage.announced(stage.here.channel) == ["How bread rises"]
    (delivery,) = await notifications.deliveries(stage.here.guild.id)
    assert delivery.state is State.SENT
