"""Subscriptions and the deliveries owed to them: each matching transcript, once, in order."""

import time

import pytest

from store.errors import FormatError, StoreError
from store.library import Library
from store.models import Delivery, Limits
from tests.store.builders import GUILD, OTHER_GUILD, video_file

NEWS, TALKS, ELSEWHERE = 11, 12, 21


async def ingest(library: Library, name: str, *texts: str, guild: int = GUILD, announce: bool = True) -> int:
    return (await library.ingest(guild, video_file(name, *(texts or ("one",))), "a.md", announce=announce)).owed


async def due(library: Library) -> list[tuple[int, str]]:
    return [(delivery.channel_id, delivery.entry.details.title) for delivery in await library.due()]


async def first(library: Library) -> Delivery:
    return (await library.due())[0]


async def test_a_subscription_is_listed_with_who_made_it(library: Library) -> None:
    assert await library.subscribe(GUILD, NEWS, created_by=7)
    assert await library.subscribe(GUILD, TALKS)
    listed = await library.subscriptions(GUILD)
    assert [(s.guild_id, s.channel_id, s.created_by, s.owed, s.last_error) for s in listed] == [
        (GUILD, NEWS, 7, 0, None),
        (GUILD, TALKS, None, 0, None),
    ]
    assert await library.subscriptions(OTHER_GUILD) == ()


async def test_a_channel_is_subscribed_once(library: Library) -> None:
    assert await library.subscribe(GUILD, NEWS)
    assert not await library.subscribe(GUILD, NEWS)
    assert await ingest(library, "mill") == 1
    assert await due(library) == [(NEWS, "mill")]


async def test_every_subscription_of_the_guild_is_owed_a_new_transcript(library: Library) -> None:
    for guild, channel in ((GUILD, NEWS), (GUILD, TALKS), (OTHER_GUILD, ELSEWHERE)):
        await library.subscribe(guild, channel)
    assert await ingest(library, "mill") == 2
    assert await due(library) == [(NEWS, "mill"), (TALKS, "mill")]
    assert [s.owed for s in await library.subscriptions(GUILD)] == [1, 1]
    assert [s.owed for s in await library.subscriptions(OTHER_GUILD)] == [0]


async def test_a_subscription_is_not_owed_what_was_there_before_it(library: Library) -> None:
    await ingest(library, "mill")
    await library.subscribe(GUILD, NEWS)
    assert await due(library) == []


async def test_a_replaced_or_unchanged_transcript_is_not_owed_again(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    assert await ingest(library, "mill", "one") == 1
    await library.delivered(await first(library), 1)
    assert await ingest(library, "mill", "two") == 0
    assert await ingest(library, "mill", "two") == 0
    assert await due(library) == []


async def test_a_transcript_replaced_before_it_was_sent_is_sent_once_as_it_is_now(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await ingest(library, "mill", "one")
    await ingest(library, "mill", "two", "three")
    (delivery,) = await library.due()
    assert delivery.entry.cues == 2


async def test_an_ingest_without_announcement_owes_nothing(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    assert await ingest(library, "mill", announce=False) == 0
    assert await due(library) == []


async def test_a_failed_ingest_owes_nothing(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    with pytest.raises(FormatError):
        await library.ingest(GUILD, b"1 2 3", "a.md")
    assert await due(library) == []


async def test_a_subscription_is_sent_one_at_a_time_oldest_first(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    for name in ("one", "two", "three"):
        await ingest(library, name)
    for number, name in enumerate(("one", "two", "three")):
        assert await due(library) == [(NEWS, name)]
        await library.delivered(await first(library), number)
    assert await due(library) == []


async def test_what_was_delivered_is_never_due_again(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await library.subscribe(GUILD, TALKS)
    await ingest(library, "mill")
    await library.delivered(await first(library), 1)
    assert await due(library) == [(TALKS, "mill")]
    assert not await library.subscribe(GUILD, NEWS)
    assert await due(library) == [(TALKS, "mill")]


async def test_a_failed_delivery_waits_and_keeps_its_order(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    await library.subscribe(GUILD, NEWS)
    await library.subscribe(GUILD, TALKS)
    await ingest(library, "one")
    await ingest(library, "two")
    await library.failed(await first(library), error="The channel is locked.", retry_in=60)
    assert await due(library) == [(TALKS, "one")]  # the other subscription doesn't wait for it
    subscription = (await library.subscriptions(GUILD))[0]
    assert (subscription.last_error, subscription.owed) == ("The channel is locked.", 2)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert await due(library) == [(NEWS, "one"), (TALKS, "one")]


async def test_failures_are_counted_until_a_delivery_works(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await ingest(library, "one")
    await ingest(library, "two")
    for failures in range(3):
        delivery = await first(library)
        assert delivery.failures == failures
        await library.failed(delivery, error="No permission.", retry_in=-1)
    await library.delivered(await first(library), 1)
    assert (await first(library)).failures == 0
    assert (await library.subscriptions(GUILD))[0].last_error is None


async def test_subscribing_again_ends_the_wait(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await ingest(library, "mill")
    await library.failed(await first(library), error="No permission.", retry_in=3600)
    assert await due(library) == []
    assert not await library.subscribe(GUILD, NEWS)
    assert await due(library) == [(NEWS, "mill")]


async def test_unsubscribing_drops_what_is_owed(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await library.subscribe(GUILD, TALKS)
    await ingest(library, "mill")
    assert await library.unsubscribe(GUILD, NEWS)
    assert await due(library) == [(TALKS, "mill")]
    assert not await library.unsubscribe(GUILD, NEWS)
    assert await library.subscribe(GUILD, NEWS)
    assert await due(library) == [(TALKS, "mill")]


async def test_a_guild_cannot_end_the_subscription_of_another(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    assert not await library.unsubscribe(OTHER_GUILD, NEWS)
    assert len(await library.subscriptions(GUILD)) == 1


async def test_removing_a_transcript_drops_what_is_owed_of_it(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await ingest(library, "one")
    await ingest(library, "two")
    await library.remove(GUILD, "https://media.example.org/one.mp4")
    assert await due(library) == [(NEWS, "two")]


async def test_a_removed_transcript_that_comes_back_is_new(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await ingest(library, "mill")
    await library.delivered(await first(library), 1)
    await library.remove(GUILD, "https://media.example.org/mill.mp4")
    assert await ingest(library, "mill") == 1


async def test_reporting_on_a_delivery_that_is_gone_is_harmless(library: Library) -> None:
    await library.subscribe(GUILD, NEWS)
    await ingest(library, "mill")
    delivery = await first(library)
    await library.unsubscribe(GUILD, NEWS)
    await library.delivered(delivery, 1)
    await library.failed(delivery, error="Gone.", retry_in=1)
    assert await library.subscriptions(GUILD) == ()


async def test_a_guild_may_have_so_many_subscriptions_and_no_more(library: Library) -> None:
    library.limits = Limits(subscriptions=2)
    assert await library.subscribe(GUILD, 1)
    assert await library.subscribe(GUILD, 2)
    with pytest.raises(StoreError, match="already has 2 subscribed channels"):
        await library.subscribe(GUILD, 3)
    assert not await library.subscribe(GUILD, 2)
    assert await library.subscribe(OTHER_GUILD, 3)
    await library.unsubscribe(GUILD, 1)
    assert await library.subscribe(GUILD, 3)


async def test_so_many_deliveries_are_due_as_were_wanted(library: Library) -> None:
    for channel in range(5):
        await library.subscribe(GUILD, channel)
    await ingest(library, "mill")
    assert [delivery.channel_id for delivery in await library.due(limit=3)] == [0, 1, 2]
