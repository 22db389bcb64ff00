"""A correction stays with its cue, whatever becomes of its transcript."""

from pathlib import Path

import pytest

from store.corrections.rows import KEPT_SECONDS
from store.database import Database
from store.errors import DatabaseError, NotFoundError
from store.formats.writing import Form
from store.library import Library
from store.models import Entry, Listed, Match, Verdict
from store.upkeep.checking import check
from store.upkeep.repairing import repair
from tests.clock import Clock
from tests.store.builders import GUILD, deliver, owed, subscribe, video_file
from tests.store.corrections.made import MEMBER, MODERATOR, correctable, corrected, proposed

TALK = ("good morning everybody", "today we talk about the cor weave deal", "that was signed last year")
DEAL = "today we talk about the CoreWeave deal"


@pytest.fixture
async def entry(library: Library) -> Entry:
    return (await library.ingest(GUILD, video_file("deals", *TALK), "deals.md")).entry


async def again(library: Library, *texts: str, **fields: str) -> None:
    await library.ingest(GUILD, video_file("deals", *texts, **fields), "deals.md")


async def counted(library: Library) -> int:
    return (await library.mentions(GUILD, '"CoreWeave"')).count


async def listed(library: Library) -> dict[Listed, int]:
    pages = {which: (await library.corrections.page(GUILD, which)).total for which in Listed}
    return {which: total for which, total in pages.items() if total}


@pytest.mark.parametrize(
    "texts",
    [
        (*TALK[:2], "that was signed this year"),
        ("one line more", *TALK),
        TALK[1:],
        (*TALK, *TALK),
    ],
    ids=["other words elsewhere", "a line before", "a line less", "the same twice"],
)
async def test_it_stays_in_a_new_version_where_the_cue_is_the_same(
    library: Library, entry: Entry, path: Path, texts: tuple[str, ...]
) -> None:
    await corrected(library, entry, {1: DEAL})
    await again(library, *texts)
    assert await counted(library) == 1
    (quote,) = (await library.ask(GUILD, '"CoreWeave deal"')).quotes
    assert [quote.text[one.start : one.end] for one in quote.correct] == ["cor weave"]
    async with Database.opened(path) as database:
        assert await check(database) == []


async def test_where_the_cue_is_another_it_is_kept_apart_and_comes_back_with_it(
    library: Library, entry: Entry, path: Path
) -> None:
    done = await corrected(library, entry, {1: DEAL})
    await again(library, TALK[0], "today we talk about the core wave deal", TALK[2])
    assert await counted(library) == 0
    assert await listed(library) == {Listed.DETACHED: 1}
    assert (await library.corrections.get(GUILD, done.id)).detached
    async with Database.opened(path) as database:
        assert await check(database) == []
    await again(library, *TALK, "and a last line")
    assert await counted(library) == 1
    assert await listed(library) == {Listed.APPROVED: 1}


async def test_the_same_words_at_quite_another_time_are_another_cue(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    await again(library, *[f"line {at}" for at in range(20)], *TALK)
    assert await counted(library) == 0


async def test_it_moves_with_the_times_and_an_undo_brings_it_back(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    moved = await library.move_times(GUILD, entry.id, 300)
    assert await counted(library) == 1
    (done,) = (await library.corrections.page(GUILD, Listed.APPROVED)).found
    assert done.captions[0].start_ms == 305_000
    assert moved.undo is not None
    await library.restore(GUILD, moved.undo)
    assert await counted(library) == 1


async def test_another_language_and_other_details_leave_it(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    await library.speak(GUILD, entry.id, "German")
    await library.edit(GUILD, entry.id, {"title": "Deals of the year"})
    assert await counted(library) == 1


async def test_it_goes_and_comes_back_with_its_transcript(library: Library, entry: Entry) -> None:
    done = await corrected(library, entry, {1: DEAL})
    waiting = await proposed(library, entry, {2: "that was sighed last year"})
    removed = await library.remove(GUILD, entry.id)
    assert (await library.corrections.get(GUILD, done.id)).entry is None
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await library.corrections.approve(GUILD, waiting.id, by=MODERATOR)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert await counted(library) == 1
    await library.corrections.approve(GUILD, waiting.id, by=MODERATOR)


async def test_of_a_transcript_that_is_gone_it_can_still_be_taken_back(library: Library, entry: Entry) -> None:
    done = await corrected(library, entry, {1: DEAL})
    removed = await library.remove(GUILD, entry.id)
    await library.corrections.remove(GUILD, done.id, by=MODERATOR)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert await counted(library) == 0


async def test_it_is_forgotten_when_its_transcript_cannot_come_back(
    library: Library, entry: Entry, clock: Clock
) -> None:
    done = await corrected(library, entry, {1: DEAL})
    await library.remove(GUILD, entry.id)
    await library.forget()
    await library.corrections.get(GUILD, done.id)
    clock.forward(24 * 3600 + 60)
    await library.forget()
    with pytest.raises(NotFoundError):
        await library.corrections.get(GUILD, done.id)


async def test_what_was_decided_against_is_forgotten_after_90_days_and_what_stands_never(
    library: Library, entry: Entry, clock: Clock
) -> None:
    await corrected(library, entry, {1: DEAL})
    rejected = await proposed(library, entry, {0: "good evening everybody"})
    await library.corrections.reject(GUILD, rejected.id, by=MODERATOR)
    clock.forward(KEPT_SECONDS - 60)
    await library.forget()
    assert await listed(library) == {Listed.APPROVED: 1, Listed.REJECTED: 1}
    clock.forward(120)
    await library.forget()
    assert await listed(library) == {Listed.APPROVED: 1}
    assert await counted(library) == 1


async def test_what_waits_for_a_cue_that_is_gone_cannot_be_approved(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {1: DEAL})
    await again(library, TALK[0], "today we talk about something else", TALK[2])
    with pytest.raises(NotFoundError, match="was replaced meanwhile and no longer says that"):
        await library.corrections.approve(GUILD, done.id, by=MODERATOR)
    await library.corrections.reject(GUILD, done.id, by=MODERATOR)


async def test_what_was_rejected_is_approved_after_all_where_its_cue_is_now_or_not_at_all(
    library: Library, entry: Entry, path: Path
) -> None:
    done = await proposed(library, entry, {1: DEAL})
    await library.corrections.reject(GUILD, done.id, by=MODERATOR)
    await again(library, "good evening everybody", "the tide was out", "that was signed last year")
    with pytest.raises(NotFoundError, match="replaced meanwhile"):
        await library.corrections.approve(GUILD, done.id, of=Verdict.REJECTED, by=MODERATOR)
    await again(library, "one line more", *TALK)
    approved = await library.corrections.approve(GUILD, done.id, of=Verdict.REJECTED, by=MODERATOR)
    assert [one.position for one in approved.captions] == [2]
    assert await counted(library) == 1
    async with Database.opened(path) as database:
        assert await check(database) == []


async def test_what_is_proposed_while_the_transcript_is_replaced_is_refused(library: Library, entry: Entry) -> None:
    found = await correctable(library, entry)
    await again(library, TALK[0], "today we talk about something else", TALK[2])
    with pytest.raises(NotFoundError, match="was replaced meanwhile and no longer says that"):
        await library.corrections.propose(GUILD, found, (TALK[0], DEAL, TALK[2]), by=MEMBER)
    await library.remove(GUILD, entry.id)
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await library.corrections.propose(GUILD, found, (TALK[0], DEAL, TALK[2]), by=MEMBER)


async def test_an_approval_announces_nothing_and_a_new_version_is_matched_with_it(
    library: Library, entry: Entry
) -> None:
    await subscribe(library, 1)
    await corrected(library, entry, {1: DEAL})
    assert await owed(library) == []
    assert await deliver(library) == []
    found: Match = await library.matched(GUILD, '"CoreWeave deal"', entry.id)
    assert [quote.correct[0].text for quote in found.quotes] == ["CoreWeave"]


async def test_an_export_is_what_the_file_said(library: Library, entry: Entry) -> None:
    before = await library.export(GUILD, entry.id, Form.JSON)
    await corrected(library, entry, {1: DEAL})
    assert await library.export(GUILD, entry.id, Form.JSON) == before


async def test_a_repair_keeps_it(library: Library, entry: Entry, path: Path) -> None:
    await corrected(library, entry, {1: DEAL})
    async with Database.opened(path) as database:
        async with database.transaction() as connection:
            await connection.execute("UPDATE segment_blobs SET blob = x'00'")
        problems = await check(database)
        assert problems
        await repair(database, problems)
        assert await check(database) == []
    assert await counted(library) == 1


async def test_an_approval_is_kept_whole_or_not_at_all(
    library: Library, entry: Entry, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await proposed(library, entry, {1: DEAL})

    async def full(*_: object) -> None:
        raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    with monkeypatch.context() as patched:
        patched.setattr("store.index.stream.write", full)
        with pytest.raises(DatabaseError):
            await library.corrections.approve(GUILD, done.id, by=MODERATOR)
    assert (await library.corrections.get(GUILD, done.id)).state is Verdict.WAITING
    assert await counted(library) == 0
    async with Database.opened(path) as database:
        assert await check(database) == []
    await library.corrections.approve(GUILD, done.id, by=MODERATOR)
    assert await counted(library) == 1
