"""What became of a post: sent, refused, rejected, nobody knows; how long it waits, and who is to be told."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.library import Library
from store.models import State, Step
from store.outbox.claiming import LEASE_SECONDS
from store.outbox.marking import ABANDONED_SECONDS
from store.outbox.times import DAY, FIRST_RETRY, JITTER, wait
from store.sentences import sentence
from tests.store.builders import GUILD, begun, claim, deliver, owed, subscribe, titles, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS = 11, 12
REFUSED, UNREACHED = sentence("I may not post there."), sentence("Discord could not be reached.")


async def ingest(library: Library, *names: str) -> list[int]:
    return [(await library.ingest(GUILD, video_file(name, name), "a.md")).entry.id for name in names]


async def states(library: Library) -> list[tuple[str, State, str | None]]:
    found = await library.notifications.deliveries(GUILD)
    return [(one.title, one.state, str(one.reason) if one.reason is not None else None) for one in reversed(found)]


async def test_what_is_sent_is_known_by_its_message_and_never_due_again(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    post = await begun(library)
    await library.notifications.sent(post, place_id=98, message_id=99)
    (delivery,) = await library.notifications.deliveries(GUILD)
    assert (delivery.state, delivery.place_id, delivery.message_id, delivery.sent_at, delivery.due_at) == (
        State.SENT,
        98,
        99,
        clock.now,
        None,
    )
    (subscription,) = await library.notifications.listed(GUILD)
    assert (subscription.last_sent_at, subscription.owed) == (clock.now, 0)
    clock.passes(30 * DAY)
    assert await claim(library) is None


@pytest.mark.parametrize("became", ["refused", "unknown"])
async def test_what_waits_to_retry_is_not_claimed_before_though_it_is_asked_for(library: Library, became: str) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one", "two")
    (due,) = await library.notifications.due()
    post = await library.notifications.claim(due)
    assert post is not None
    await getattr(library.notifications, became)(post, REFUSED)
    assert await library.notifications.claim(due) is None  # as a loop does that goes on with a channel
    assert await library.notifications.due() == []


async def test_a_channel_that_refuses_is_tried_daily_and_keeps_its_order(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await subscribe(library, TALKS)
    await ingest(library, "one", "two")
    for failures in range(1, 4):
        post = await begun(library, NEWS)
        assert titles(post) == ["one"]
        await library.notifications.refused(post, REFUSED)
        (subscription, _) = await library.notifications.listed(GUILD)
        assert (subscription.failures, subscription.last_error, subscription.owed) == (failures, REFUSED, 2)
        assert (subscription.failing_since, subscription.next_at) == (
            clock.now - (failures - 1) * DAY,
            clock.now + DAY,
        )
        assert await claim(library, NEWS) is None
        clock.passes(DAY)
    assert [titles for channel, titles in await deliver(library) if channel == NEWS] == [("one",), ("two",)]
    (subscription, _) = await library.notifications.listed(GUILD)
    assert (subscription.failures, subscription.failing_since, subscription.last_error) == (0, None, None)


async def test_a_moderator_is_told_once_until_it_works_again(library: Library, clock: Clock) -> None:
    id_ = await subscribe(library, NEWS)
    await ingest(library, "one")
    for turn in range(2):
        await library.notifications.refused(await begun(library), REFUSED)
        (subscription,) = await library.notifications.untold()
        assert (subscription.id, subscription.last_error) == (id_, REFUSED)
        assert await library.notifications.untold(GUILD + 1) == []
        await library.notifications.note_told(subscription)
        assert await library.notifications.untold(GUILD) == []
        clock.passes(DAY)
        await library.notifications.refused(await begun(library), REFUSED)
        assert await library.notifications.untold() == []
        clock.passes(DAY)
        assert await deliver(library)
        await ingest(library, f"another {turn}")


async def test_what_a_channel_refuses_for_14_days_is_abandoned_with_the_reason(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    for day in range(14):
        if day == 7:
            await ingest(library, "two")
        await library.notifications.refused(await begun(library), REFUSED)
        clock.passes(DAY)
    await library.notifications.refused(await begun(library), REFUSED)
    (one, two) = await states(library)
    assert one == ("one", State.ABANDONED, f"given up after 14 days: {REFUSED}")
    assert two[1] in {State.WAITING, State.FAILING}
    (subscription,) = await library.notifications.listed(GUILD)
    assert (subscription.owed, subscription.abandoned) == (1, 1)
    clock.passes(7 * DAY)
    await library.notifications.refused(await begun(library), REFUSED)
    assert [state for _, state, _ in await states(library)] == [State.ABANDONED, State.ABANDONED]
    assert await library.notifications.next_at() is None
    await ingest(library, "three")  # the subscription stays
    clock.passes(DAY)
    assert await deliver(library) == [(NEWS, ("three",))]


async def test_what_waited_longer_for_another_reason_is_not_abandoned_at_its_first_refusal(
    library: Library, clock: Clock
) -> None:
    id_ = await subscribe(library, NEWS)
    await library.notifications.pause(GUILD, id_, paused=True)
    await ingest(library, "one")
    clock.passes(ABANDONED_SECONDS + DAY)
    await library.notifications.pause(GUILD, id_, paused=False)
    await library.notifications.refused(await begun(library), REFUSED)
    assert [state for _, state, _ in await states(library)] == [State.FAILING]


async def test_time_in_which_a_failing_subscription_was_paused_does_not_count(library: Library, clock: Clock) -> None:
    id_ = await subscribe(library, NEWS)
    await ingest(library, "one")
    await library.notifications.refused(await begun(library), REFUSED)
    await library.notifications.pause(GUILD, id_, paused=True)
    clock.passes(ABANDONED_SECONDS + DAY)
    await library.notifications.pause(GUILD, id_, paused=False)
    await library.notifications.refused(await begun(library), REFUSED)
    assert [state for _, state, _ in await states(library)] == [State.FAILING]


async def test_what_was_abandoned_is_tried_again_where_somebody_asks_for_it(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    (first, _) = await ingest(library, "one", "two")
    await library.notifications.refused(await begun(library), REFUSED)
    clock.passes(ABANDONED_SECONDS)
    await library.notifications.refused(await begun(library), REFUSED)
    assert await owed(library) == []
    assert await library.notifications.retry(GUILD + 1) == 0
    assert await library.notifications.retry(GUILD, transcript_id=first) == 1
    assert await deliver(library) == [(NEWS, ("one",))]
    assert await library.notifications.retry() == 1
    await library.notifications.refused(await begun(library), REFUSED)  # its 14 days begin anew
    assert [state for _, state, _ in await states(library)] == [State.SENT, State.FAILING]


async def test_a_try_that_may_have_gone_through_stays_whole_when_its_channel_refuses_later(
    library: Library, clock: Clock
) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one", "two")
    post = await begun(library)
    await library.notifications.unknown(post, UNREACHED)
    clock.passes(10)
    await library.notifications.refused(await begun(library), REFUSED)
    clock.passes(DAY)
    sought = await begun(library)
    assert (sought.id, sought.step, titles(sought)) == (post.id, Step.LOOK, ["one"])


async def test_nobody_knows_waits_longer_each_time_and_is_told_after_an_hour(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    waits = []
    for _ in range(12):
        waits.append(await library.notifications.unknown(await begun(library), UNREACHED))
        assert await library.notifications.next_at() == pytest.approx(clock.now + waits[-1])
        assert bool(await library.notifications.untold()) == (sum(waits[:-1]) > 3600)
        clock.passes(waits[-1])
    for number, seconds in enumerate(waits):
        expected = min(DAY, FIRST_RETRY * 2**number)
        assert (1 - JITTER) * expected <= seconds <= (1 + JITTER) * expected
    assert await states(library) == [("one", State.SENDING, str(UNREACHED))]


@pytest.mark.parametrize("failures", [0, 5, 14, 15, 100, 10**6])
def test_a_wait_is_of_seconds_to_a_day_and_jittered(failures: int) -> None:
    waits = {wait(failures) for _ in range(50)}
    assert len(waits) > 1
    expected = min(DAY, FIRST_RETRY * 2 ** min(failures, 30))
    assert (1 - JITTER) * expected <= min(waits) <= max(waits) <= (1 + JITTER) * expected


async def test_a_message_that_is_rejected_waits_while_others_go_on(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one", "two")
    seconds = await library.notifications.rejected(await begun(library), sentence("Too long."))
    assert await states(library) == [("one", State.FAILING, "Too long."), ("two", State.WAITING, None)]
    assert await deliver(library) == [(NEWS, ("two",))]
    assert await library.notifications.next_at() == pytest.approx(clock.now + seconds)
    clock.passes(seconds)
    longer = await library.notifications.rejected(await begun(library), sentence("Too long."))
    assert longer > seconds
    clock.passes(longer)
    assert await deliver(library) == [(NEWS, ("one",))]


async def test_why_something_fails_comes_out_of_the_database_with_its_fields(path: Path, clock: Clock) -> None:
    refused = sentence(
        "Discord refuses {what}.", what=sentence("{post}: {text}", post="this", text='{"too": "long"} 長')
    )
    async with Library.opened(path) as library:
        await subscribe(library, NEWS)
        await ingest(library, "one")
        while (post := await claim(library)) is not None:
            clock.passes(await library.notifications.rejected(post, refused))
    async with Library.opened(path) as library:
        (subscription,) = await library.notifications.listed(GUILD)
        (delivery,) = await library.notifications.deliveries(GUILD)
        assert subscription.last_error == refused
        assert delivery.reason == sentence("given up after 14 days: {error}", error=refused)
        assert str(delivery.reason) == 'given up after 14 days: Discord refuses this: {"too": "long"} 長.'


async def test_why_a_message_cannot_be_changed_comes_out_of_the_database_with_its_fields(library: Library) -> None:
    await subscribe(library, NEWS)
    (id_,) = await ingest(library, "one")
    await library.notifications.sent(await begun(library), place_id=NEWS, message_id=99)
    await library.edit(GUILD, id_, {"title": "two"})
    refused = sentence("Discord refuses {what}.", what="{this}")
    await library.notifications.postponed(await begun(library), refused)
    (delivery,) = await library.notifications.deliveries(GUILD)
    assert (delivery.state, delivery.reason) == (State.SENT, refused)


async def test_a_text_that_an_earlier_version_kept_is_a_sentence_as_it_is(path: Path) -> None:
    async with Library.opened(path) as library:
        await subscribe(library, NEWS)
        await ingest(library, "one")
        await library.notifications.refused(await begun(library), REFUSED)
    old = "given up after 14 days: I may not post there; give me {Send Messages}"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE deliveries SET reason = ?", (old,))
        connection.execute("UPDATE subscriptions SET last_error = ?", (old,))
        connection.commit()
    async with Library.opened(path) as library:
        (subscription,) = await library.notifications.listed(GUILD)
        (delivery,) = await library.notifications.deliveries(GUILD)
        assert str(subscription.last_error) == str(delivery.reason) == old


async def test_a_message_that_is_rejected_again_and_again_is_abandoned_in_the_end(
    library: Library, clock: Clock
) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    began, tries = clock.now, 0
    while (post := await claim(library)) is not None:
        clock.passes(await library.notifications.rejected(post, sentence("Too long.")))
        tries += 1
    assert 20 < tries < 40
    assert clock.now - began > ABANDONED_SECONDS
    assert await states(library) == [("one", State.ABANDONED, "given up after 14 days: Too long.")]
    assert await library.notifications.next_at() is None
    assert await library.notifications.retry() == 1
    assert await deliver(library) == [(NEWS, ("one",))]


async def test_what_discord_wants_later_waits_and_what_comes_after_it_too(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one", "two")
    post = await begun(library)
    await library.notifications.put_off(post, 600)
    assert await claim(library) is None
    assert await library.notifications.next_at() == clock.now + 600
    (subscription,) = await library.notifications.listed(GUILD)
    assert (subscription.failures, subscription.last_error) == (0, None)
    clock.passes(600)
    again = await begun(library)
    assert (again.id, again.step, again.tries, again.uncertain) == (post.id, Step.SEND, 0, False)
    await library.notifications.sent(again, place_id=NEWS, message_id=1)
    assert await deliver(library) == [(NEWS, ("two",))]


async def test_a_change_that_discord_wants_later_keeps_nothing_else_back(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    (id_,) = await ingest(library, "one")
    await deliver(library)
    await library.edit(GUILD, id_, {"title": "The one"})
    await ingest(library, "two")
    post = await begun(library)
    assert post.step is Step.EDIT
    await library.notifications.put_off(post, 600)
    assert await deliver(library) == [(NEWS, ("two",))]
    clock.passes(600)
    assert (await begun(library)).id == post.id


async def test_an_edit_that_fails_is_tried_again_for_two_weeks_and_then_left(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    (id_,) = await ingest(library, "one")
    await deliver(library)
    await library.edit(GUILD, id_, {"title": "The one"})
    began = clock.now
    while (post := await claim(library)) is not None:
        assert post.step is Step.EDIT
        clock.passes(await library.notifications.postponed(post, REFUSED))
    assert 14 * DAY < clock.now - began < 21 * DAY
    assert await library.notifications.next_at() is None
    (delivery,) = await library.notifications.deliveries(GUILD)
    assert (delivery.state, delivery.reason) == (State.SENT, REFUSED)
    await library.edit(GUILD, id_, {"title": "The one again"})  # another change is another chance
    post = await begun(library)
    assert (post.step, post.tries) == (Step.EDIT, 0)
    await library.notifications.edited(post)
    assert (await library.notifications.deliveries(GUILD))[0].reason is None


async def test_a_message_that_somebody_deleted_stays_deleted(library: Library) -> None:
    await subscribe(library, NEWS)
    (id_,) = await ingest(library, "one")
    await deliver(library)
    await library.edit(GUILD, id_, {"title": "The one"})
    await library.notifications.lost(await begun(library), sentence("Its message was deleted"))
    await library.edit(GUILD, id_, {"title": "Another"})
    await library.remove(GUILD, id_)
    assert (await claim(library), await library.notifications.next_at()) == (None, None)
    (delivery,) = await library.notifications.deliveries(GUILD)
    assert (delivery.state, delivery.reason) == (State.SENT, sentence("Its message was deleted"))


async def test_what_cannot_be_published_is_not_tried_for_ever(library: Library) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    await library.notifications.sent(await begun(library), place_id=NEWS, message_id=1, publish=True)
    await library.notifications.published(await begun(library), error=sentence("It can't be."))
    assert (await claim(library), await library.notifications.next_at()) == (None, None)
    assert (await library.notifications.deliveries(GUILD))[0].reason == sentence("It can't be.")


@pytest.mark.parametrize("became", ["refused", "unknown", "rejected", "missing", "put_off"])
async def test_what_a_slow_try_tells_of_a_post_that_stands_by_then_changes_nothing(
    library: Library, clock: Clock, became: str
) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    slow = await begun(library)
    clock.passes(LEASE_SECONDS)
    await library.notifications.sent(await begun(library), place_id=NEWS, message_id=5)
    report = getattr(library.notifications, became)
    await (report(slow) if became == "missing" else report(slow, 60 if became == "put_off" else "No."))
    assert (await states(library), await library.notifications.next_at()) == ([("one", State.SENT, None)], None)
