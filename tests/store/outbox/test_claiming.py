"""What is to be done next: in order, together where that is better to read, and no more than so many in an hour."""

import pytest

from store.library import Library
from store.models import Digest, Limits, Settings, Step, Wanted
from store.outbox.claiming import LEASE_SECONDS, NONCE_SECONDS
from store.sentences import sentence
from tests.store.builders import GUILD, begun, claim, deliver, owed, subscribe, titles, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS = 11, 12
HOUR = 3600


async def ingest(library: Library, *names: str, batch: int | None = None) -> list[int]:
    done = [await library.ingest(GUILD, video_file(name, name), "a.md", batch=batch) for name in names]
    return [one.entry.id for one in done]


async def batch_of(library: Library, *names: str) -> list[int]:
    batch = await library.begin(GUILD, list(names))
    ids = await ingest(library, *names, batch=batch)
    await library.close(batch)
    return ids


async def test_a_subscription_is_sent_one_at_a_time_oldest_first(library: Library) -> None:
    await subscribe(library, NEWS)
    await subscribe(library, TALKS)
    await ingest(library, "one", "two", "three")
    for channel in (NEWS, TALKS):
        for name in ("one", "two", "three"):
            post = await begun(library, channel)
            assert (post.step, titles(post), post.tries, post.uncertain) == (Step.SEND, [name], 0, False)
            await library.notifications.sent(post, place_id=channel, message_id=1)
    assert await claim(library) is None


async def test_who_waits_the_longest_is_due_first(library: Library, clock: Clock) -> None:
    first, second = await subscribe(library, NEWS), await subscribe(library, TALKS)
    await library.notifications.pause(GUILD, first, paused=True)
    await ingest(library, "one")
    await library.notifications.pause(GUILD, first, paused=False)
    await library.notifications.refused(await begun(library, NEWS), sentence("No permission."))
    assert [due.subscription_id for due in await library.notifications.due()] == [second]
    clock.passes(2 * 24 * HOUR)
    assert [(due.subscription_id, due.guild_id, due.target) for due in await library.notifications.due()] == [
        (second, GUILD, TALKS),
        (first, GUILD, NEWS),
    ]


async def test_what_is_begun_is_not_begun_twice_until_it_is_clear_that_its_sender_is_gone(
    library: Library, clock: Clock
) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    post = await begun(library)
    clock.passes(LEASE_SECONDS - 1)
    assert await claim(library) is None
    clock.passes(1)
    again = await begun(library)
    assert (again.id, again.step, again.uncertain, again.tries) == (post.id, Step.LOOK, True, 1)


async def test_a_try_that_may_have_gone_through_is_repeated_while_its_nonce_is_remembered_and_then_looked_for(
    library: Library, clock: Clock
) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    post = await begun(library)
    await library.notifications.unknown(post, sentence("Discord could not be reached."))
    clock.passes(NONCE_SECONDS - 1)
    again = await begun(library)
    assert (again.id, again.step, titles(again), again.first_at) == (post.id, Step.SEND, ["one"], post.first_at)
    await library.notifications.unknown(again, sentence("Discord could not be reached."))
    clock.passes(20)
    sought = await begun(library)
    assert (sought.id, sought.step) == (post.id, Step.LOOK)
    await library.notifications.missing(sought)
    anew = await begun(library)
    assert (anew.id, anew.step, anew.uncertain, anew.first_at) == (post.id, Step.SEND, False, clock.now)


async def test_a_forum_knows_no_nonce_so_its_post_is_always_looked_for(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    (due,) = await library.notifications.due()
    post = await library.notifications.claim(due, forum=True)
    assert post is not None
    await library.notifications.unknown(post, sentence("Discord could not be reached."))
    clock.passes(10)
    (due,) = await library.notifications.due()
    again = await library.notifications.claim(due, forum=True)
    assert again is not None
    assert (again.id, again.step) == (post.id, Step.LOOK)


async def test_up_to_three_of_a_batch_are_told_one_by_one_and_more_together(library: Library) -> None:
    await subscribe(library, NEWS)
    await batch_of(library, "one", "two", "three")
    assert await deliver(library) == [(NEWS, ("one",)), (NEWS, ("two",)), (NEWS, ("three",))]
    names = ("four", "five", "six", "seven")
    await ingest(library, "before")
    await batch_of(library, *names)
    await ingest(library, "after")
    assert await deliver(library) == [(NEWS, ("before",)), (NEWS, names), (NEWS, ("after",))]


async def test_a_forum_gets_a_post_for_each_of_a_batch(library: Library) -> None:
    await subscribe(library, NEWS)
    await batch_of(library, "one", "two", "three", "four")
    for name in ("one", "two", "three", "four"):
        (due,) = await library.notifications.due()
        post = await library.notifications.claim(due, forum=True)
        assert post is not None
        assert titles(post) == [name]
        await library.notifications.sent(post, place_id=NEWS, message_id=1)


async def test_too_many_for_an_hour_are_joined_in_its_last_post(library: Library, clock: Clock) -> None:
    library.notifications._limits = Limits(posts_per_hour=3)
    await subscribe(library, NEWS)
    await ingest(library, "one")
    assert await deliver(library) == [(NEWS, ("one",))]
    clock.passes(100)
    await ingest(library, *"abcdef")
    assert await deliver(library) == [(NEWS, ("a",)), (NEWS, tuple("bcdef"))]
    await ingest(library, "late", "later")
    assert await deliver(library) == []
    assert await library.notifications.next_at() == clock.now + HOUR - 100
    clock.passes(HOUR - 100)
    assert await deliver(library) == [(NEWS, ("late", "later"))]
    await ingest(library, "last")
    clock.passes(100)
    assert await deliver(library) == [(NEWS, ("last",))]
    assert await library.notifications.next_at() is None


async def test_two_subscriptions_of_a_channel_share_its_hour(library: Library) -> None:
    library.notifications._limits = Limits(posts_per_hour=2)
    await subscribe(library, NEWS)
    await subscribe(library, NEWS, wanted=Wanted(language="en"))
    await subscribe(library, TALKS)
    for name in ("one", "two"):
        await library.ingest(GUILD, video_file(name, name, language="en"), "a.md")
    sent = await deliver(library)
    assert [titles for channel, titles in sent if channel == TALKS] == [("one",), ("two",)]
    assert len([titles for channel, titles in sent if channel == NEWS]) == 2


async def test_a_full_hour_keeps_no_edit_back(library: Library) -> None:
    library.notifications._limits = Limits(posts_per_hour=1)
    await subscribe(library, NEWS)
    (id_,) = await ingest(library, "one")
    await deliver(library)
    await ingest(library, "two")
    assert await claim(library) is None
    await library.edit(GUILD, id_, {"title": "The one"})
    post = await begun(library)
    assert post.step is Step.EDIT
    await library.notifications.postponed(post, sentence("Discord is in trouble."))
    assert await claim(library) is None
    at = await library.notifications.next_at()
    assert at is not None
    (subscription,) = await library.notifications.listed(GUILD)
    assert at - post.first_at < HOUR / 2
    assert (subscription.owed, subscription.next_at) == (1, at)


async def test_what_was_rejected_goes_alone_in_a_full_hour_too(library: Library, clock: Clock) -> None:
    library.notifications._limits = Limits(posts_per_hour=1)
    await subscribe(library, NEWS)
    await ingest(library, "one", "two")
    post = await begun(library)
    assert titles(post) == ["one", "two"]
    await library.notifications.rejected(post, sentence("Too long."))
    clock.passes(HOUR)
    assert await deliver(library) == [(NEWS, ("one",))]
    await ingest(library, "three")
    clock.passes(HOUR)
    assert await deliver(library) == [(NEWS, ("two",))]
    clock.passes(HOUR)
    assert await deliver(library) == [(NEWS, ("three",))]


async def test_a_digest_collects_until_its_hour(library: Library, clock: Clock) -> None:
    await library.notifications.set(GUILD, Settings(hour=9))
    await subscribe(library, NEWS, wanted=Wanted(digest=Digest.DAILY))
    await ingest(library, "one", "two")
    await batch_of(library, "three")
    at = await library.notifications.next_at()
    assert at is not None
    clock.now = at - 1
    assert await deliver(library) == []
    clock.now = at
    assert await deliver(library) == [(NEWS, ("one", "two", "three"))]
    await ingest(library, "four")
    assert await library.notifications.next_at() == at + 24 * HOUR


async def test_a_post_says_what_it_tells_of_in_order(library: Library) -> None:
    await subscribe(library, NEWS)
    ids = await batch_of(library, "one", "two", "three", "four", "five")
    await library.remove(GUILD, ids[1])
    post = await begun(library)
    assert titles(post) == ["one", "three", "four", "five"]
    assert [told.entry.id for told in post.told if told.entry] == [ids[0], *ids[2:]]
    await library.notifications.sent(post, place_id=NEWS, message_id=1)
    await library.remove(GUILD, ids[2])
    assert [(told.title, told.entry is None) for told in (await begun(library)).told] == [
        ("one", False),
        ("three", True),
        ("four", False),
        ("five", False),
    ]


async def test_a_post_of_an_announcement_channel_is_published_after_it_was_sent_and_edited(library: Library) -> None:
    await subscribe(library, NEWS, wanted=Wanted(publish=True))
    (id_,) = await ingest(library, "one")
    post = await begun(library)
    await library.edit(GUILD, id_, {"title": "The one"})
    await library.notifications.sent(post, place_id=NEWS, message_id=1, publish=True)
    post = await begun(library)
    assert post.step is Step.EDIT
    await library.notifications.edited(post)
    post = await begun(library)
    assert (post.step, post.told, post.message_id) == (Step.PUBLISH, (), 1)
    await library.notifications.published(post)
    assert (await claim(library), await library.notifications.next_at()) == (None, None)


async def test_what_was_begun_before_another_channel_was_chosen_is_looked_for_where_it_was(
    library: Library, clock: Clock
) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "one", "two")
    post = await begun(library)
    await library.notifications.unknown(post, sentence("Discord could not be reached."))
    await library.notifications.change(made, Wanted(), channel_id=TALKS)
    clock.passes(NONCE_SECONDS)
    sought = await begun(library)
    assert (sought.id, sought.step, sought.subscription.target) == (post.id, Step.LOOK, NEWS)
    await library.notifications.missing(sought)
    assert await deliver(library) == [(TALKS, ("one",)), (TALKS, ("two",))]


async def test_the_old_channel_s_refusal_is_not_the_new_one_s(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "one")
    post = await begun(library)
    await library.notifications.change(made, Wanted(), channel_id=TALKS)
    await library.notifications.refused(post, sentence("The channel is gone."))
    (subscription,) = await library.notifications.listed(GUILD)
    assert (subscription.failures, await library.notifications.untold()) == (0, [])
    assert await deliver(library) == [(TALKS, ("one",))]


@pytest.mark.parametrize("step", ["sent", "unknown"])
async def test_a_restart_looks_after_what_was_being_sent(library: Library, clock: Clock, step: str) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one", "two")
    post = await begun(library)
    if step == "unknown":
        await library.notifications.unknown(post, sentence("Discord could not be reached."))
    assert await library.notifications.recover() == 1
    clock.passes(10)
    again = await begun(library)
    assert (again.id, again.step) == (post.id, Step.SEND)
    await library.notifications.sent(again, place_id=NEWS, message_id=1)
    assert await owed(library) == [(NEWS, "two")]
    assert await library.notifications.recover() == 0


async def test_a_repeated_try_that_the_old_channel_refuses_is_looked_for_there(library: Library, clock: Clock) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "one")
    await library.notifications.unknown(await begun(library), sentence("Discord could not be reached."))
    clock.passes(10)
    post = await begun(library)
    assert post.step is Step.SEND
    await library.notifications.change(made, Wanted(), channel_id=TALKS)
    await library.notifications.refused(post, sentence("No permission any more."))
    sought = await begun(library)
    assert (sought.id, sought.step, sought.subscription.target) == (post.id, Step.LOOK, NEWS)
