"""What subscriptions are owed: written with its transcript, filtered with a reason, and held with its batch."""

import pytest

from store.batches import FORSAKEN_SECONDS, KEPT_SECONDS
from store.errors import FormatError
from store.library import Library
from store.models import Digest, State, Wanted
from tests.store.builders import GUILD, OTHER_GUILD, begun, deliver, owed, subscribe, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS, ELSEWHERE = 11, 12, 21


async def ingest(library: Library, name: str, *texts: str, guild: int = GUILD, **fields: str) -> int:
    return (await library.ingest(guild, video_file(name, *(texts or ("one",)), **fields), "a.md")).entry.id


async def states(library: Library) -> list[tuple[str, State, str | None]]:
    found = await library.notifications.deliveries(GUILD)
    return [(one.title, one.state, str(one.reason) if one.reason is not None else None) for one in reversed(found)]


async def test_every_subscription_of_the_guild_is_owed_a_new_transcript(library: Library) -> None:
    for guild, channel in ((GUILD, NEWS), (GUILD, TALKS), (OTHER_GUILD, ELSEWHERE)):
        await subscribe(library, channel, guild)
    assert (await library.ingest(GUILD, video_file("mill", "one"), "a.md")).owed == 2
    assert await owed(library) == [(NEWS, "mill"), (TALKS, "mill")]
    assert [one.owed for one in await library.notifications.listed(GUILD)] == [1, 1]
    assert [one.owed for one in await library.notifications.listed(OTHER_GUILD)] == [0]


async def test_a_subscription_is_not_owed_what_was_there_before_it(library: Library) -> None:
    await ingest(library, "mill")
    await subscribe(library, NEWS)
    assert await owed(library) == []


async def test_a_replaced_or_unchanged_transcript_is_not_owed_again(library: Library) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "mill", "one")
    assert await deliver(library) == [(NEWS, ("mill",))]
    for _ in range(2):
        assert (await library.ingest(GUILD, video_file("mill", "two"), "a.md")).owed == 0
    assert await deliver(library) == []


async def test_a_transcript_replaced_before_it_was_sent_is_sent_once_as_it_is_now(library: Library) -> None:
    await subscribe(library, NEWS)
    await ingest(library, "mill", "one")
    await ingest(library, "mill", "two", "three")
    (told,) = (await begun(library)).told
    assert told.entry is not None
    assert told.entry.cues == 2


async def test_an_ingest_that_fails_or_is_not_announced_owes_nothing(library: Library) -> None:
    await subscribe(library, NEWS)
    assert (await library.ingest(GUILD, video_file("mill", "one"), "a.md", announce=False)).owed == 0
    with pytest.raises(FormatError):
        await library.ingest(GUILD, b"1 2 3", "a.md")
    assert await states(library) == []


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Wanted(speaker="ADA VALE"), None),
        (Wanted(speaker="Bo"), "Bo doesn't speak in it"),
        (Wanted(tag="mills"), None),
        (Wanted(tag="boats"), "it isn't tagged boats"),
        (Wanted(from_channel="the river"), None),
        (Wanted(from_channel="Brook"), "it isn't from Brook"),
        (Wanted(language="en"), None),
        (Wanted(language="de"), "it isn't in German"),
        (Wanted(speaker="Ada Vale", tag="boats", language="de"), "it isn't tagged boats"),
        (Wanted(speaker="B" * 80), f"{'B' * 59}… doesn't speak in it"),
    ],
)
async def test_what_does_not_pass_a_filter_is_skipped_with_the_reason(
    library: Library, wanted: Wanted, reason: str | None
) -> None:
    await subscribe(library, NEWS, wanted=wanted)
    data = video_file("mill", "the miller talks of water", speaker="Ada Vale", channel="The River", language="en")
    data = data.replace(b"---\n- [", b"tags: [Mills, 'water tax']\n---\n- [")
    done = await library.ingest(GUILD, data, "a.md")
    assert done.owed == (reason is None)
    state = State.WAITING if reason is None else State.SKIPPED
    assert await states(library) == [("mill", state, reason)]
    (subscription,) = await library.notifications.listed(GUILD)
    why = await library.notifications.why_not(subscription, done.entry)
    assert (str(why) if why else None) == reason


async def test_in_how_many_channels_it_is_told_at_once_leaves_out_digests_and_what_is_watched(library: Library) -> None:
    for channel, wanted in enumerate([Wanted(), Wanted(digest=Digest.DAILY), Wanted(matching="mill"), Wanted(tag="x")]):
        await subscribe(library, channel, wanted=wanted)
    assert (await library.ingest(GUILD, video_file("mill", "one"), "a.md")).owed == 1


async def test_a_batch_is_held_until_it_is_closed(library: Library) -> None:
    await subscribe(library, NEWS)
    batch = await library.begin(GUILD, ["a.md", "b.md"])
    for name in ("one", "two"):
        await library.ingest(GUILD, video_file(name, "words"), "a.md", batch=batch)
    assert await deliver(library) == []
    await library.close(batch)
    assert await deliver(library) == [(NEWS, ("one",)), (NEWS, ("two",))]


async def test_a_batch_that_was_never_closed_is_sent_after_ten_minutes(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    batch = await library.begin(GUILD, ["a.md", "b.md"])
    await library.ingest(GUILD, video_file("one", "words"), "a.md", batch=batch)
    assert await library.notifications.next_at() == clock.now + FORSAKEN_SECONDS
    clock.passes(FORSAKEN_SECONDS + 1)
    assert await deliver(library) == [(NEWS, ("one",))]
    assert await library.notifications.next_at() is None


async def test_what_a_forgotten_batch_holds_is_not_forgotten(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    batch = await library.begin(GUILD, ["a.md", "b.md"])
    await library.ingest(GUILD, video_file("one", "words"), "a.md", batch=batch)
    clock.passes(KEPT_SECONDS + 1)  # the bot didn't run meanwhile
    await library.begin(GUILD, ["c.md"])
    assert await deliver(library) == [(NEWS, ("one",))]


async def test_what_is_held_for_a_form_is_sent_when_that_is_filled_in(library: Library) -> None:
    await subscribe(library, NEWS)
    await subscribe(library, TALKS, wanted=Wanted(digest=Digest.DAILY))
    id_ = await ingest(library, "mill")
    await library.hold(GUILD, id_)
    assert await deliver(library) == []
    await library.edit(GUILD, id_, {"title": "The mill"})
    assert await deliver(library) == [(NEWS, ("The mill",))]


async def test_what_is_held_for_a_form_is_sent_after_ten_minutes_or_with_the_form_s_end(
    library: Library, clock: Clock
) -> None:
    await subscribe(library, NEWS)
    await library.hold(GUILD, await ingest(library, "mill"))
    clock.passes(FORSAKEN_SECONDS + 1)
    assert await deliver(library) == [(NEWS, ("mill",))]
    batch = await library.hold(GUILD, await ingest(library, "river"))
    await library.close(batch)
    assert await deliver(library) == [(NEWS, ("river",))]
