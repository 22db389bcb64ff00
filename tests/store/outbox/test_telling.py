"""What is told of deliveries, to those who ask why one was sent or wasn't."""

from store.library import Library
from store.models import State, Wanted
from store.sentences import sentence
from tests.store.builders import GUILD, OTHER_GUILD, begun, deliver, subscribe, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS, ADA = 11, 12, 7
DAY = 24 * 3600


async def ingest(library: Library, name: str, guild: int = GUILD) -> int:
    return (await library.ingest(guild, video_file(name, name), "a.md")).entry.id


async def test_deliveries_are_told_newest_first_by_transcript_subscription_state_and_guild(library: Library) -> None:
    news = await subscribe(library, NEWS)
    await subscribe(library, TALKS, wanted=Wanted(tag="x"))
    await subscribe(library, NEWS, OTHER_GUILD)
    one = await ingest(library, "one")
    await deliver(library)
    two = await ingest(library, "two")
    await ingest(library, "three", OTHER_GUILD)
    find = library.notifications.deliveries
    assert [(each.title, each.subscription) for each in await find(GUILD)] == [
        ("two", "tagged-x"),
        ("two", "news"),
        ("one", "tagged-x"),
        ("one", "news"),
    ]
    assert [each.state for each in await find(GUILD, transcript_id=one)] == [State.SKIPPED, State.SENT]
    assert [each.transcript_id for each in await find(GUILD, subscription_id=news)] == [two, one]
    assert [each.title for each in await find(GUILD, states=[State.SENT, State.WAITING])] == ["two", "one"]
    assert [each.title for each in await find(OTHER_GUILD)] == ["three"]
    assert await find(OTHER_GUILD, transcript_id=one) == ()
    assert [each.title for each in await find(None, limit=2)] == ["three", "two"]


async def test_when_a_delivery_is_due_is_told_while_it_waits(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "one")
    (waiting,) = await library.notifications.deliveries(GUILD)
    assert (waiting.state, waiting.due_at, waiting.channel_id) == (State.WAITING, clock.now, NEWS)
    post = await begun(library)
    (sending,) = await library.notifications.deliveries(GUILD)
    assert sending.state == State.SENDING
    await library.notifications.refused(post, sentence("No permission."))
    (failing,) = await library.notifications.deliveries(GUILD)
    assert (failing.state, failing.due_at) == (State.FAILING, clock.now + DAY)
    assert failing.reason == sentence("No permission.")
    clock.passes(DAY)
    await deliver(library)
    (sent,) = await library.notifications.deliveries(GUILD)
    assert (sent.state, sent.reason, sent.due_at, sent.sent_at) == (State.SENT, None, None, clock.now)


async def test_an_alert_s_delivery_names_its_member(watching: Library) -> None:
    await watching.notifications.alert(GUILD, ADA, "mill")
    await ingest(watching, "mill")
    assert await deliver(watching) == [(ADA, ("mill",))]
    (delivery,) = await watching.notifications.deliveries(GUILD)
    assert (delivery.member_id, delivery.channel_id, delivery.subscription) == (ADA, None, "mill")


async def test_what_is_removed_is_told_by_the_title_that_it_had(library: Library) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "one")
    await deliver(library)
    await library.edit(GUILD, id_, {"title": "The one"})
    removed = await library.remove(GUILD, id_)
    assert [each.title for each in await library.notifications.deliveries(GUILD)] == ["The one"]
    assert await library.notifications.removed_titles(GUILD, "the") == [(id_, "The one")]
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    await library.edit(GUILD, id_, {"title": "One"})
    assert [each.title for each in await library.notifications.deliveries(GUILD)] == ["One"]
    assert await library.notifications.removed_titles(GUILD, "") == []


async def test_a_removed_subscription_is_told_no_more(library: Library) -> None:
    id_ = await subscribe(library, NEWS)
    await ingest(library, "one")
    await library.notifications.remove(GUILD, id_)
    assert await library.notifications.deliveries(None) == ()
    assert await library.notifications.retry() == 0


async def test_why_a_transcript_would_not_be_told_of(watching: Library) -> None:
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, Wanted(speaker="Ada", matching="flood"))
    file = video_file("mill", "the water", speaker="Bo")
    entry = (await watching.ingest(GUILD, file, "a.md")).entry
    why_not = watching.notifications.why_not
    assert str(await why_not(made, entry)) == "Ada doesn't speak in it"
    made = await watching.notifications.change(made, Wanted(matching="flood"))
    assert str(await why_not(made, entry)) == "“flood” isn't said in it"
    made = await watching.notifications.change(made, Wanted(matching="water"))
    assert await why_not(made, entry) is None


async def test_a_retry_lets_what_fails_be_tried_at_once(library: Library) -> None:
    await subscribe(library, NEWS)
    await subscribe(library, TALKS)
    await ingest(library, "one")
    await library.notifications.refused(await begun(library, NEWS), sentence("No permission."))
    await library.notifications.rejected(await begun(library, TALKS), sentence("Too long."))
    assert await deliver(library) == []
    assert await library.notifications.retry(OTHER_GUILD) == 0
    assert await library.notifications.retry(GUILD) == 2
    assert sorted(await deliver(library)) == [(NEWS, ("one",)), (TALKS, ("one",))]
    assert await library.notifications.retry() == 0
