"""Subscriptions and alerts: who hears of what, by which name, paused, changed, removed and brought back."""

from dataclasses import replace

import pytest

from store.errors import NotFoundError, StoreError
from store.library import Library
from store.models import Digest, Limits, State, Wanted
from store.outbox.subscriptions import named
from store.sentences import sentence
from tests.store.builders import GUILD, OTHER_GUILD, claim, deliver, owed, subscribe, titles, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS, ADA = 11, 12, 7
DAY = 24 * 3600


async def ingest(library: Library, name: str, *texts: str, guild: int = GUILD, **fields: str) -> int:
    return (await library.ingest(guild, video_file(name, *(texts or ("one",)), **fields), "a.md")).entry.id


async def test_a_subscription_is_listed_with_who_made_it(library: Library) -> None:
    await library.notifications.subscribe(GUILD, NEWS, created_by=ADA)
    await library.notifications.subscribe(GUILD, TALKS)
    listed = await library.notifications.listed(GUILD)
    assert [(one.guild_id, one.channel_id, one.created_by, one.owed, one.last_error) for one in listed] == [
        (GUILD, NEWS, ADA, 0, None),
        (GUILD, TALKS, None, 0, None),
    ]
    assert await library.notifications.listed(OTHER_GUILD) == ()


async def test_all_that_is_wanted_is_kept(library: Library) -> None:
    wanted = Wanted("Ada", "mills", "The river", "de", '"water tax" -beer', 5, Digest.WEEKLY, publish=True)
    made, new = await library.notifications.subscribe(GUILD, NEWS, wanted, name="Mill talk")
    assert (new, made.wanted, made.name) == (True, wanted, "mill-talk")
    assert await library.notifications.get(GUILD, made.id) == made


async def test_a_channel_subscribes_once_to_the_same_and_again_to_something_else(library: Library) -> None:
    first, new = await library.notifications.subscribe(GUILD, NEWS)
    again, more = await library.notifications.subscribe(GUILD, NEWS)
    assert (new, more, again.id) == (True, False, first.id)
    _, new = await library.notifications.subscribe(GUILD, NEWS, Wanted(tag="mills"))
    assert new
    await ingest(library, "mill")
    assert await owed(library) == [(NEWS, "mill")]


async def test_names_are_short_and_each_is_free(library: Library) -> None:
    async def name(channel: int, wanted: Wanted | None = None, name: str = "") -> str:
        return (await library.notifications.subscribe(GUILD, channel, wanted, name=name))[0].name

    assert [await name(1), await name(2), await name(3)] == ["news", "news-2", "news-3"]
    assert await name(4, Wanted(matching='"Water Tax" -beer')) == "water-tax-beer"
    assert await name(5, Wanted(speaker="Ada", tag="mills")) == "by-ada-tagged-mills"
    long = [await name(channel, name="w" * 80) for channel in range(6, 18)]
    assert len(set(long)) == 12
    assert {len(one) for one in long[1:]} <= {30, 31}


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ("  Talks of the day!", "talks-of-the-day"),
        ("!!!", "news"),
        ("", "news"),
        ("東京 の会", "東京-の会"),
    ],
)
def test_a_name_is_words_with_hyphens(typed: str, short: str) -> None:
    assert named(typed) == short


async def test_a_guild_may_have_so_many_subscriptions_and_no_more(library: Library) -> None:
    library.notifications._limits = Limits(subscriptions=2)
    for channel in (1, 2):
        await subscribe(library, channel)
    with pytest.raises(StoreError, match="already has 2 subscriptions"):
        await subscribe(library, 3)
    assert not (await library.notifications.subscribe(GUILD, 2))[1]
    await subscribe(library, 3, OTHER_GUILD)
    await library.notifications.alert(GUILD, ADA, "mill")  # members' alerts are counted by themselves
    (first, _) = await library.notifications.listed(GUILD)
    await library.notifications.remove(GUILD, first.id)
    await subscribe(library, 3)


async def test_a_member_has_ten_alerts_at_most_which_only_they_list(library: Library) -> None:
    for number in range(10):
        alert, new = await library.notifications.alert(GUILD, ADA, f"word{number}")
        assert (new, alert.target, alert.member_id, alert.channel_id) == (True, ADA, ADA, None)
    with pytest.raises(StoreError, match="You have 10 alerts"):
        await library.notifications.alert(GUILD, ADA, "another")
    assert not (await library.notifications.alert(GUILD, ADA, "word3"))[1]
    await library.notifications.alert(GUILD, ADA + 1, "word3")
    assert len(await library.notifications.listed(GUILD, member_id=ADA)) == 10
    assert await library.notifications.listed(GUILD) == ()


async def test_another_guild_neither_sees_nor_ends_nor_brings_back_a_subscription(library: Library) -> None:
    id_ = await subscribe(library, NEWS)
    for try_it in (library.notifications.get, library.notifications.remove):
        with pytest.raises(StoreError, match="no longer there"):
            await try_it(OTHER_GUILD, id_)
    with pytest.raises(StoreError):
        await library.notifications.pause(OTHER_GUILD, id_, paused=True)
    await library.notifications.remove(GUILD, id_)
    with pytest.raises(NotFoundError):
        await library.notifications.bring_back(OTHER_GUILD, id_)


async def test_a_member_brings_back_their_own_alerts_alone_and_a_moderator_none(library: Library) -> None:
    alert, _ = await library.notifications.alert(GUILD, ADA, "mill")
    subscription = await subscribe(library, NEWS)
    for id_ in (alert.id, subscription):
        await library.notifications.remove(GUILD, id_)
    for id_, member in ((alert.id, None), (alert.id, ADA + 1), (subscription, ADA)):
        with pytest.raises(NotFoundError):
            await library.notifications.bring_back(GUILD, id_, member_id=member)
    assert (await library.notifications.bring_back(GUILD, alert.id, member_id=ADA)).name == "mill"


async def test_a_removed_subscription_is_owed_nothing_and_comes_back_with_what_it_was_owed(
    library: Library, clock: Clock
) -> None:
    id_ = await subscribe(library, NEWS)
    await subscribe(library, TALKS)
    await ingest(library, "mill")
    await library.notifications.remove(GUILD, id_)
    await ingest(library, "river")
    assert await deliver(library) == [(TALKS, ("mill",)), (TALKS, ("river",))]
    clock.passes(DAY - 1)
    assert (await library.notifications.bring_back(GUILD, id_)).owed == 1
    assert await deliver(library) == [(NEWS, ("mill",))]
    with pytest.raises(NotFoundError, match="undone already"):
        await library.notifications.bring_back(GUILD, id_)


async def test_a_removed_subscription_goes_for_good_after_a_day(library: Library, clock: Clock) -> None:
    gone, silent = await subscribe(library, NEWS), await subscribe(library, TALKS)
    await library.notifications.pause(GUILD, silent, paused=True)
    await ingest(library, "mill")
    assert len(await deliver(library)) == 1
    await library.notifications.remove(GUILD, gone)
    await library.notifications.remove(GUILD, silent)
    clock.passes(DAY + 1)
    for id_ in (gone, silent):
        with pytest.raises(NotFoundError, match="24 hours"):
            await library.notifications.bring_back(GUILD, id_)
    await library.forget()
    async with library._database.snapshot() as connection:
        for table in ("subscriptions", "deliveries", "posts"):
            rows = await connection.execute_fetchall(f"SELECT count(*) FROM {table}")
            assert [row[0] for row in rows] == [1]  # of the one that left a message, which is kept true


async def test_what_was_skipped_long_ago_is_forgotten(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS, wanted=Wanted(speaker="Grace"))
    await ingest(library, "mill")
    clock.passes(89 * DAY)
    await library.forget()
    assert len(await library.notifications.deliveries(GUILD)) == 1
    clock.passes(2 * DAY)
    await library.forget()
    assert await library.notifications.deliveries(GUILD) == ()


async def test_one_that_comes_back_finds_another_name_where_its_own_is_taken(library: Library) -> None:
    first = await subscribe(library, NEWS)
    await library.notifications.remove(GUILD, first)
    await subscribe(library, TALKS)
    assert (await library.notifications.bring_back(GUILD, first)).name == "news-2"


async def test_a_paused_subscription_rests_and_goes_on_with_what_came_meanwhile(library: Library) -> None:
    id_ = await subscribe(library, NEWS)
    assert (await library.notifications.pause(GUILD, id_, paused=True)).paused
    for name in ("mill", "river"):
        await ingest(library, name)
    assert (await deliver(library), await library.notifications.next_at()) == ([], None)
    assert not (await library.notifications.pause(GUILD, id_, paused=False)).paused
    assert await deliver(library) == [(NEWS, ("mill",)), (NEWS, ("river",))]


async def test_what_came_in_a_pause_is_told_in_one_post_from_four_on(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await library.notifications.pause(GUILD, made.id, paused=True)
    names = [f"talk{number}" for number in range(4)]
    for name in names:
        await ingest(library, name)
    await library.notifications.pause(GUILD, made.id, paused=False)
    await ingest(library, "after")
    assert await deliver(library) == [(NEWS, tuple(names)), (NEWS, ("after",))]


async def test_in_a_forum_each_that_came_in_a_pause_has_its_post(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await library.notifications.pause(GUILD, made.id, paused=True)
    for number in range(4):
        await ingest(library, f"talk{number}")
    await library.notifications.pause(GUILD, made.id, paused=False)
    (due,) = await library.notifications.due()
    post = await library.notifications.claim(due, forum=True)
    assert post is not None
    assert titles(post) == ["talk0"]


async def test_a_pause_does_not_change_since_when_it_fails(library: Library, clock: Clock) -> None:
    id_ = await subscribe(library, NEWS)
    await ingest(library, "mill")
    post = await claim(library)
    assert post is not None
    await library.notifications.refused(post, sentence("No permission."))
    began = clock.now
    clock.passes(3600)
    await library.notifications.pause(GUILD, id_, paused=True)
    assert (await library.notifications.pause(GUILD, id_, paused=False)).failing_since == began


async def test_one_that_waits_to_try_again_is_tried_at_once_where_somebody_asks(library: Library) -> None:
    id_ = await subscribe(library, NEWS)
    await ingest(library, "mill")
    post = await claim(library)
    assert post is not None
    await library.notifications.refused(post, sentence("No permission."))
    assert await deliver(library) == []
    assert (await library.notifications.try_now(GUILD, id_)).next_at == 0
    assert await deliver(library) == [(NEWS, ("mill",))]
    with pytest.raises(StoreError, match="no longer there"):
        await library.notifications.try_now(OTHER_GUILD, id_)


async def test_what_is_not_known_to_hold_what_is_watched_is_not_counted_as_owed(watching: Library) -> None:
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="the mill"))
    for name in ("mill", "river"):
        await ingest(watching, name, f"about the {name}")
    assert (await watching.notifications.get(GUILD, made.id)).owed == 0
    (due,) = await watching.notifications.due()
    await watching.notifications.judge(due)
    assert (await watching.notifications.get(GUILD, made.id)).owed == 1
    assert await claim(watching) is not None
    assert (await watching.notifications.get(GUILD, made.id)).owed == 1


async def test_a_paused_subscription_does_not_count_as_told(library: Library) -> None:
    await library.notifications.pause(GUILD, await subscribe(library, NEWS), paused=True)
    await subscribe(library, TALKS)
    assert (await library.ingest(GUILD, video_file("mill", "one"), "a.md")).owed == 1


async def test_what_is_paused_or_removed_between_being_due_and_its_claim_is_not_sent(library: Library) -> None:
    paused, removed = await subscribe(library, NEWS), await subscribe(library, TALKS)
    await ingest(library, "mill")
    due = await library.notifications.due()
    assert len(due) == 2
    await library.notifications.pause(GUILD, paused, paused=True)
    await library.notifications.remove(GUILD, removed)
    assert [await library.notifications.claim(one) for one in due] == [None, None]


async def test_a_change_applies_to_what_waits(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "mill", speaker="Ada")
    await ingest(library, "river", speaker="Bo")
    changed = await library.notifications.change(made, Wanted(speaker="ada"), name="By Ada", channel_id=TALKS)
    assert (changed.name, changed.channel_id, changed.owed) == ("by-ada", TALKS, 1)
    assert await deliver(library) == [(TALKS, ("mill",))]
    (skipped,) = await library.notifications.deliveries(GUILD, states=[State.SKIPPED])
    assert (skipped.title, str(skipped.reason)) == ("river", "ada doesn't speak in it")


async def test_a_change_of_filters_applies_to_what_fails_as_well(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "mill", speaker="Bo")
    post = await claim(library)
    assert post is not None
    await library.notifications.rejected(post, sentence("Too long."))
    assert (await library.notifications.change(made, Wanted(speaker="Ada"))).owed == 0


async def test_two_subscriptions_cannot_have_one_name(library: Library) -> None:
    await subscribe(library, NEWS)
    made, _ = await library.notifications.subscribe(GUILD, TALKS)
    with pytest.raises(StoreError, match="Another subscription is called “news”"):
        await library.notifications.change(made, Wanted(), name="News")
    assert (await library.notifications.change(made, Wanted(), name="news-2")).name == "news-2"


async def test_a_change_to_a_digest_collects_what_waits_and_back_tells_of_it_at_once(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "mill")
    await library.notifications.change(made, Wanted(digest=Digest.DAILY))
    assert await deliver(library) == []
    await library.notifications.change(made, Wanted())
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_another_channel_starts_well(library: Library) -> None:
    made, _ = await library.notifications.subscribe(GUILD, NEWS)
    await ingest(library, "mill")
    post = await claim(library)
    assert post is not None
    await library.notifications.refused(post, sentence("No permission."))
    changed = await library.notifications.change(made, Wanted(), channel_id=TALKS)
    assert (changed.failures, changed.failing_since, changed.last_error) == (0, None, None)
    assert await library.notifications.untold() == []
    assert await deliver(library) == [(TALKS, ("mill",))]


async def test_recent_transcripts_come_with_a_new_subscription_oldest_first(library: Library) -> None:
    for name in ("one", "two", "three"):
        await ingest(library, name, speaker="Ada" if name != "two" else "Bo")
    await library.notifications.subscribe(GUILD, NEWS, include_recent=2)
    await library.notifications.subscribe(GUILD, TALKS, Wanted(speaker="Ada"), include_recent=10)
    await library.notifications.subscribe(GUILD, NEWS, include_recent=10)  # had it already
    assert sorted(await deliver(library)) == [
        (NEWS, ("three",)),
        (NEWS, ("two",)),
        (TALKS, ("one",)),
        (TALKS, ("three",)),
    ]


async def test_many_recent_ones_are_told_in_one_post(library: Library) -> None:
    names = [f"talk{number}" for number in range(5)]
    for name in names:
        await ingest(library, name)
    await library.notifications.subscribe(GUILD, NEWS, include_recent=5)
    assert await deliver(library) == [(NEWS, tuple(names))]


async def test_what_is_watched_decides_which_recent_ones_come(watching: Library) -> None:
    for name in ("mill", "river", "bridge"):
        await ingest(watching, name, f"about the {name}")
    wanted = Wanted(matching="the mill")
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, wanted, include_recent=1)
    assert await deliver(watching) == [(NEWS, ("mill",))]
    assert [told.title for told in await watching.notifications.recent(made, 5)] == ["mill"]


async def test_subscribing_again_ends_the_wait(library: Library) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "mill")
    post = await claim(library)
    assert post is not None
    await library.notifications.refused(post, sentence("No permission."))
    assert await deliver(library) == []
    assert not (await library.notifications.subscribe(GUILD, NEWS))[1]
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_reporting_on_a_post_of_a_subscription_that_is_gone_is_harmless(library: Library, clock: Clock) -> None:
    first, second = await subscribe(library, NEWS), await subscribe(library, TALKS)
    await ingest(library, "mill")
    post = await claim(library, NEWS)
    assert post is not None
    await library.notifications.remove(GUILD, first)
    clock.passes(DAY + 1)
    await library.notifications.remove(GUILD, second)
    notifications = library.notifications
    await notifications.sent(post, place_id=NEWS, message_id=1)
    await notifications.refused(post, sentence("No."))
    await notifications.unknown(post, sentence("No."))
    await notifications.rejected(post, sentence("No."))
    await notifications.missing(post)
    assert await notifications.listed(GUILD) == ()
    assert await notifications.next_at() is None


async def test_the_members_of_a_server_may_have_so_many_alerts_together(library: Library) -> None:
    library.notifications._limits = replace(library.limits, alerts=2)
    for member in (1, 2):
        await library.notifications.alert(GUILD, member, "water")
    with pytest.raises(StoreError, match="have 2 alerts, the most there may be"):
        await library.notifications.alert(GUILD, 3, "water")
    await library.notifications.alert(OTHER_GUILD, 3, "water")
