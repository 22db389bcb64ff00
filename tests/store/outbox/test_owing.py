"""What subscriptions are owed: written with its transcript, filtered with a reason, held, and changed with it."""

import time

import pytest

from store.batches import FORSAKEN_SECONDS, KEPT_SECONDS
from store.errors import FormatError, QuestionError, UnindexedError
from store.library import Library
from store.models import Digest, Match, State, Step, Wanted
from tests.store.builders import GUILD, OTHER_GUILD, begun, claim, deliver, owed, subscribe, titles, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS, ELSEWHERE = 11, 12, 21
DAY = 24 * 3600


async def ingest(library: Library, name: str, *texts: str, guild: int = GUILD, **fields: str) -> int:
    return (await library.ingest(guild, video_file(name, *(texts or ("one",)), **fields), "a.md")).entry.id


async def states(library: Library) -> list[tuple[str, State, str | None]]:
    found = await library.notifications.deliveries(GUILD)
    return [(one.title, one.state, one.reason) for one in reversed(found)]


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
    assert await library.notifications.why_not(subscription, done.entry) == reason


async def test_in_how_many_channels_it_is_told_at_once_leaves_out_digests_and_what_is_watched(library: Library) -> None:
    for channel, wanted in enumerate([Wanted(), Wanted(digest=Digest.DAILY), Wanted(matching="mill"), Wanted(tag="x")]):
        await subscribe(library, channel, wanted=wanted)
    assert (await library.ingest(GUILD, video_file("mill", "one"), "a.md")).owed == 1


async def test_what_is_skipped_for_its_details_is_owed_when_they_are_corrected(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS, wanted=Wanted(speaker="Ada"))
    id_ = await ingest(library, "mill", speaker="Aida")
    clock.passes(13 * DAY)
    await library.edit(GUILD, id_, {"speaker": "Ada"})
    assert await owed(library) == [(NEWS, "mill")]
    await library.edit(GUILD, id_, {"speaker": "Aida"})
    assert await states(library) == [("mill", State.SKIPPED, "Ada doesn't speak in it")]
    await library.edit(GUILD, id_, {"speaker": "Ada"})
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_a_correction_after_two_weeks_is_no_news(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS, wanted=Wanted(speaker="Ada"))
    id_ = await ingest(library, "mill", speaker="Aida")
    clock.passes(15 * DAY)
    await library.edit(GUILD, id_, {"speaker": "Ada"})
    assert await owed(library) == []


async def test_a_post_is_edited_when_its_transcript_changes(library: Library) -> None:
    await subscribe(library, NEWS)
    first, second = await ingest(library, "mill"), await ingest(library, "river")
    await deliver(library)
    assert await library.notifications.due() == []
    await library.edit(GUILD, first, {"title": "The mill"})
    post = await begun(library)
    assert (post.step, titles(post), post.message_id, post.place_id) == (Step.EDIT, ["The mill"], post.id + 1000, NEWS)
    await library.notifications.edited(post)
    assert await claim(library) is None
    await library.edit(GUILD, second, {"title": "river"})  # nothing is changed
    assert await claim(library) is None


async def test_what_changes_while_a_post_is_edited_is_shown_by_another_edit(library: Library) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    await deliver(library)
    await library.edit(GUILD, id_, {"title": "The mill"})
    post = await begun(library)
    await library.edit(GUILD, id_, {"title": "The old mill"})
    await library.notifications.edited(post)
    again = await begun(library)
    assert (again.step, titles(again)) == (Step.EDIT, ["The old mill"])
    await library.notifications.edited(again)
    assert await library.notifications.next_at() is None


async def test_what_changes_while_a_post_is_sent_is_shown_by_an_edit(library: Library) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    post = await begun(library)
    await library.edit(GUILD, id_, {"title": "The mill"})
    await library.notifications.sent(post, place_id=NEWS, message_id=1)
    again = await begun(library)
    assert (again.step, titles(again)) == (Step.EDIT, ["The mill"])


async def test_a_post_that_was_put_off_and_changed_meanwhile_needs_no_edit(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    await library.notifications.put_off(await begun(library), 60)
    await library.edit(GUILD, id_, {"title": "The mill"})
    clock.passes(61)
    assert await deliver(library) == [(NEWS, ("The mill",))]
    assert await library.notifications.next_at() is None


async def test_removing_a_transcript_skips_what_is_owed_of_it(library: Library) -> None:
    await subscribe(library, NEWS)
    first = await ingest(library, "one")
    await ingest(library, "two")
    await library.remove(GUILD, first)
    assert await states(library) == [
        ("one", State.SKIPPED, "it was removed before it was sent"),
        ("two", State.WAITING, None),
    ]
    assert await library.notifications.removed_titles(GUILD, "ON") == [(first, "one")]
    assert await library.notifications.removed_titles(OTHER_GUILD, "one") == []


async def test_a_removed_transcript_is_struck_through_and_restored_where_it_was_told(library: Library) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    await deliver(library)
    removed = await library.remove(GUILD, id_)
    post = await begun(library)
    (told,) = post.told
    assert (post.step, told.title, told.entry) == (Step.EDIT, "mill", None)
    await library.notifications.edited(post)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    post = await begun(library)
    assert (post.step, post.told[0].entry) == (Step.EDIT, (await library.known(GUILD, id_)).entry)
    await library.notifications.edited(post)
    assert await claim(library) is None


async def test_an_undone_removal_is_owed_to_those_who_had_not_heard_of_it(library: Library) -> None:
    await subscribe(library, NEWS)
    await subscribe(library, TALKS, wanted=Wanted(digest=Digest.DAILY))
    await subscribe(library, ELSEWHERE, wanted=Wanted(speaker="Ada"))
    removed = await library.remove(GUILD, await ingest(library, "mill"))
    assert await library.notifications.next_at() is None
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert await deliver(library) == [(NEWS, ("mill",))]
    assert await owed(library) == [(TALKS, "mill")]


async def test_a_removed_transcript_that_is_ingested_again_is_new(library: Library) -> None:
    await subscribe(library, NEWS)
    await library.remove(GUILD, await ingest(library, "mill"))
    await ingest(library, "mill")
    assert await deliver(library) == [(NEWS, ("mill",))]


@pytest.mark.parametrize("became", ["refused", "rejected", "put_off", "missing"])
async def test_what_is_removed_while_it_is_sent_in_vain_is_not_sent_later(
    library: Library, clock: Clock, became: str
) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    post = await begun(library)
    removed = await library.remove(GUILD, id_)
    match became:
        case "refused":
            await library.notifications.refused(post, "No permission.")
        case "rejected":
            await library.notifications.rejected(post, "Too long.")
        case "put_off":
            await library.notifications.put_off(post, 60)
        case "missing":
            await library.notifications.missing(post)
    clock.passes(2 * DAY)
    assert (await deliver(library), await library.notifications.next_at()) == ([], None)
    assert [state for _, state, _ in await states(library)] == [State.SKIPPED]
    assert await library.notifications.retry() == 0
    async with library._database.transaction() as connection:  # undone within a day, though the clock says two
        await connection.execute("UPDATE bygones SET at = ?", (time.time(),))
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_what_is_removed_while_a_post_is_put_off_is_taken_out_of_it(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    batch = await library.begin(GUILD, ["a.md"] * 4)
    ids = []
    for number in range(4):
        file = video_file(f"talk{number}", "one")
        ids.append((await library.ingest(GUILD, file, "a.md", batch=batch)).entry.id)
    await library.close(batch)
    await library.notifications.put_off(await begun(library), 60)
    await library.remove(GUILD, ids[1])
    clock.passes(61)
    assert await deliver(library) == [(NEWS, ("talk0", "talk2", "talk3"))]


async def test_a_post_that_may_stand_is_looked_for_when_all_of_it_was_removed(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    await library.notifications.unknown(await begun(library), "Discord could not be reached.")
    await library.remove(GUILD, id_)
    clock.passes(10)
    post = await begun(library)
    assert (post.step, titles(post)) == (Step.LOOK, ["mill"])
    await library.notifications.sent(post, place_id=NEWS, message_id=5)  # it was there
    post = await begun(library)
    assert (post.step, post.message_id, post.told[0].entry) == (Step.EDIT, 5, None)


async def test_what_comes_back_while_its_post_is_looked_for_is_not_lost(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    id_ = await ingest(library, "mill")
    await library.notifications.unknown(await begun(library), "Discord could not be reached.")
    removed = await library.remove(GUILD, id_)
    clock.passes(10)
    post = await begun(library)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    await library.notifications.missing(post)
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_what_is_watched_is_told_where_it_is_said(watching: Library) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water tax"))
    await ingest(watching, "mill", "about the water tax", "more water tax", "the water tax again", "water tax, finally")
    await ingest(watching, "river", "about the river")
    post = await begun(watching)
    assert [quote.text for quote in post.told[0].quotes] == [
        "about the water tax",
        "more water tax",
        "the water tax again",
    ]
    await watching.notifications.sent(post, place_id=NEWS, message_id=1)
    assert await claim(watching) is None
    assert await states(watching) == [
        ("mill", State.SENT, None),
        ("river", State.SKIPPED, "“water tax” isn't said in it"),
    ]


async def test_a_new_version_in_which_it_is_said_is_told_of(watching: Library) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    await ingest(watching, "mill", "nothing of it")
    assert await claim(watching) is None
    await ingest(watching, "mill", "the water rises")
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_other_words_are_looked_for_in_what_waits(watching: Library) -> None:
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="water"))
    await ingest(watching, "mill", "the water rises")
    await watching.notifications.rejected(await begun(watching), "Too long.")
    await watching.notifications.change(made, Wanted(matching="flood"))
    await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="flood"))  # ends the wait
    assert await claim(watching) is None
    assert await states(watching) == [("mill", State.SKIPPED, "“flood” isn't said in it")]
    assert await watching.notifications.next_at() is None


async def test_what_comes_after_the_words_were_looked_for_is_not_sent_unlooked_at(
    watching: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    await ingest(watching, "mill", "the water rises")
    judge = watching.notifications._judge

    async def slowly(*args: object) -> None:
        await judge(*args)  # type: ignore[arg-type]
        monkeypatch.undo()
        await ingest(watching, "river", "nothing of it")

    monkeypatch.setattr(watching.notifications, "_judge", slowly)
    assert await deliver(watching) == [(NEWS, ("mill",))]
    assert await watching.notifications.next_at() is None


async def test_a_transcript_replaced_while_the_words_are_looked_for_is_looked_at_anew(watching: Library) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    await ingest(watching, "mill", "nothing of it")
    matched = watching.notifications._matched

    async def slowly(guild_id: int, words: str, transcript: int) -> Match:
        found = await matched(guild_id, words, transcript)
        watching.notifications._matched = matched
        await ingest(watching, "mill", "the water rises")
        return found

    watching.notifications._matched = slowly
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_words_changed_while_they_are_looked_for_are_looked_for_anew(watching: Library) -> None:
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="water"))
    await ingest(watching, "mill", "the flood")
    matched = watching.notifications._matched

    async def slowly(guild_id: int, words: str, transcript: int) -> Match:
        watching.notifications._matched = matched
        await watching.notifications.change(made, Wanted(matching="flood"))
        return await matched(guild_id, words, transcript)

    watching.notifications._matched = slowly
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_what_cannot_be_searched_yet_waits_and_holds_nothing_up(watching: Library, clock: Clock) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    id_ = await ingest(watching, "mill", "water")
    await ingest(watching, "river", "water")
    matched = watching.notifications._matched
    errors = [UnindexedError(), RuntimeError("a bug")]

    async def failing(guild_id: int, words: str, transcript: int) -> Match:
        if transcript == id_ and errors:
            raise errors.pop(0)
        return await matched(guild_id, words, transcript)

    watching.notifications._matched = failing
    assert await deliver(watching) == [(NEWS, ("river",))]
    clock.passes(61)
    assert await deliver(watching) == []
    clock.passes(61)
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_words_that_cannot_be_searched_for_are_the_reason(library: Library) -> None:
    async def refused(_: int, words: str, __: int) -> Match:
        raise QuestionError(f"“{words}” has no word to search for.")

    library.notifications._matched = refused
    await subscribe(library, NEWS, wanted=Wanted(matching="…"))
    await ingest(library, "mill")
    assert await claim(library) is None
    assert await states(library) == [("mill", State.SKIPPED, "“…” has no word to search for.")]


async def test_a_post_is_told_without_quotes_rather_than_not_at_all(library: Library) -> None:
    async def broken(*_: int) -> tuple[()]:
        raise RuntimeError("a bug")

    library.notifications._characteristic = broken
    await subscribe(library, NEWS)
    await ingest(library, "mill")
    assert await deliver(library) == [(NEWS, ("mill",))]


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
