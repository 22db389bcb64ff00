"""What changes of a transcript that is owed or was told of: corrected, replaced, removed and brought back."""

import time

import pytest

from store.library import Library
from store.models import Digest, State, Step, Wanted
from store.sentences import sentence
from tests.store.builders import GUILD, OTHER_GUILD, begun, claim, deliver, owed, subscribe, titles, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS, ELSEWHERE = 11, 12, 21
DAY = 24 * 3600


async def ingest(library: Library, name: str, *texts: str, **fields: str) -> int:
    return (await library.ingest(GUILD, video_file(name, *(texts or ("one",)), **fields), "a.md")).entry.id


async def states(library: Library) -> list[tuple[str, State, str | None]]:
    found = await library.notifications.deliveries(GUILD)
    return [(one.title, one.state, str(one.reason) if one.reason is not None else None) for one in reversed(found)]


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
            await library.notifications.refused(post, sentence("No permission."))
        case "rejected":
            await library.notifications.rejected(post, sentence("Too long."))
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
    await library.notifications.unknown(await begun(library), sentence("Discord could not be reached."))
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
    await library.notifications.unknown(await begun(library), sentence("Discord could not be reached."))
    removed = await library.remove(GUILD, id_)
    clock.passes(10)
    post = await begun(library)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    await library.notifications.missing(post)
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_an_undone_removal_is_owed_to_a_digest_that_was_removed_and_comes_back_later(
    library: Library, clock: Clock
) -> None:
    id_ = await subscribe(library, NEWS, wanted=Wanted(digest=Digest.DAILY))
    removed = await library.remove(GUILD, await ingest(library, "mill"))
    await library.notifications.remove(GUILD, id_)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    await library.notifications.bring_back(GUILD, id_)
    clock.passes(DAY)
    assert await deliver(library) == [(NEWS, ("mill",))]
