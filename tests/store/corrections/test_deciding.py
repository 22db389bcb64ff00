"""What is proposed is kept once and within limits; what is decided is decided once."""

import asyncio

import pytest

from store.corrections import proposing
from store.errors import CorrectionError, DecidedError, NotFoundError
from store.library import Library
from store.models import Entry, Listed, Verdict
from tests.clock import Clock
from tests.store.builders import GUILD, OTHER_GUILD, video_file
from tests.store.corrections.made import MEMBER, MODERATOR, correctable, corrected, moment, proposed

TALK = ("today we talk about the cor weave deal", "that was signed last year", "and that is all")
DEAL = "today we talk about the CoreWeave deal"


@pytest.fixture
async def entry(library: Library) -> Entry:
    return (await library.ingest(GUILD, video_file("deals", *TALK), "deals.md")).entry


async def test_what_may_be_corrected_is_what_is_said_at_a_moment(library: Library, entry: Entry) -> None:
    found = await library.corrections.correctable(GUILD, moment(entry, 0, 2), by=MEMBER)
    assert found.read == TALK[:2]
    assert [at for at, _ in found.cues] == [0, 1]
    await corrected(library, entry, {0: DEAL})
    assert (await correctable(library, entry)).read == (DEAL, *TALK[1:])


async def test_a_correction_is_of_the_captions_that_differ_alone(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL, 1: f" {TALK[1]}  "})
    assert [(one.position, one.start_ms, one.was, one.now) for one in done.captions] == [(0, 0, TALK[0], DEAL)]
    assert (done.state, done.proposed_by, done.decided_by, done.title) == (Verdict.WAITING, MEMBER, None, "deals")
    assert (await library.corrections.counted(GUILD)) == {Verdict.WAITING: 1}
    assert (await library.corrections.counted(GUILD, entry.id + 1)) == {}


async def test_nothing_is_searched_or_shown_before_a_moderator_says_yes(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL})
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 0
    assert (await library.ask(GUILD, "deal")).quotes[0].correct == ()
    await library.corrections.reject(GUILD, done.id, by=MODERATOR)
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 0


async def test_the_same_proposal_is_kept_once_whoever_makes_it(library: Library, entry: Entry) -> None:
    one = await proposed(library, entry, {0: DEAL}, by=1)
    found = await correctable(library, entry, by=2)
    other, new = await library.corrections.propose(GUILD, found, (DEAL, *TALK[1:]), by=2)
    assert (other.id, other.proposed_by, new) == (one.id, 1, False)
    assert (await library.corrections.page(GUILD, Listed.WAITING)).total == 1


async def test_what_was_rejected_is_proposed_again_after_30_days(library: Library, entry: Entry, clock: Clock) -> None:
    done = await proposed(library, entry, {0: DEAL})
    await library.corrections.reject(GUILD, done.id, by=MODERATOR)
    with pytest.raises(CorrectionError, match="has looked at that correction already"):
        await proposed(library, entry, {0: DEAL}, by=2)
    await proposed(library, entry, {0: "today we talk about the Core Weave deal"}, by=2)
    clock.forward(proposing.REJECTED_SECONDS + 1)
    assert (await proposed(library, entry, {0: DEAL}, by=2)).id > done.id


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({}, "Nothing was changed; write what was really said in place of what is wrong."),
        ({0: f"  {TALK[0]} "}, "Nothing was changed; write what was really said in place of what is wrong."),
        ({1: TALK[1] + " x" * 101}, "A caption may become 200 characters longer"),
    ],
)
async def test_what_cannot_be_kept_is_said_in_a_sentence(
    library: Library, entry: Entry, texts: dict[int, str], sentence: str
) -> None:
    with pytest.raises(CorrectionError, match=sentence):
        await proposed(library, entry, texts)
    assert await library.corrections.counted(GUILD) == {}


async def test_a_correction_changes_ten_captions_at_most(library: Library) -> None:
    texts = [f"line {at}" for at in range(11)]
    entry = (await library.ingest(GUILD, video_file("long", *texts), "long.md")).entry
    with pytest.raises(CorrectionError, match="may change 10 captions, and this one changes 11"):
        await proposed(library, entry, {at: f"row {at}" for at in range(11)})
    assert len((await proposed(library, entry, {at: f"row {at}" for at in range(10)})).captions) == 10


async def test_what_the_file_says_is_no_correction_of_a_correction(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {0: DEAL})
    with pytest.raises(CorrectionError, match="That is what the file says"):
        await proposed(library, entry, {0: TALK[0]})


async def test_a_member_who_is_too_quick_waits_and_others_dont(library: Library, entry: Entry, clock: Clock) -> None:
    for at in range(proposing.RECENT):
        await proposed(library, entry, {0: f"version {at}"})
    with pytest.raises(CorrectionError, match="wait ten minutes"):
        await correctable(library, entry)  # the form doesn't open, so nothing is typed in vain
    await proposed(library, entry, {0: DEAL}, by=2)
    clock.forward(proposing.RECENT_SECONDS + 1)
    await proposed(library, entry, {0: "version 9"})


async def test_a_members_corrections_that_wait_are_limited(library: Library, entry: Entry, clock: Clock) -> None:
    every = []
    for at in range(proposing.WAITING_OF_MEMBER):
        every.append(await proposed(library, entry, {0: f"version {at}"}))
        clock.forward(proposing.RECENT_SECONDS)
    with pytest.raises(CorrectionError, match="10 corrections of yours wait for a moderator"):
        await correctable(library, entry)
    await library.corrections.reject(GUILD, every[0].id, by=MODERATOR)
    await correctable(library, entry)


async def test_a_servers_corrections_that_wait_are_limited(
    library: Library, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "WAITING_OF_GUILD", 2)
    for by in (1, 2):
        await proposed(library, entry, {0: f"version {by}"}, by=by)
    with pytest.raises(CorrectionError, match="Too many corrections wait for this server's moderators"):
        await correctable(library, entry, by=3)
    there = (await library.ingest(OTHER_GUILD, video_file("deals", *TALK), "deals.md")).entry
    await correctable(library, there, by=3, guild=OTHER_GUILD)


async def test_of_two_moderators_at_once_the_first_decides(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL})
    both = await asyncio.gather(
        library.corrections.approve(GUILD, done.id, by=1),
        library.corrections.reject(GUILD, done.id, by=2),
        return_exceptions=True,
    )
    assert [isinstance(one, DecidedError) for one in both].count(True) == 1
    kept = await library.corrections.get(GUILD, done.id)
    assert (kept.state, kept.decided_by) in ((Verdict.APPROVED, 1), (Verdict.REJECTED, 2))


async def test_a_decision_says_who_made_it_and_when(library: Library, entry: Entry, clock: Clock) -> None:
    done = await corrected(library, entry, {0: DEAL})
    assert (done.state, done.decided_by) == (Verdict.APPROVED, MODERATOR)
    clock.forward(60)
    gone = await library.corrections.remove(GUILD, done.id, by=2)
    assert (gone.state, gone.decided_by, gone.removed_by) == (Verdict.REMOVED, MODERATOR, 2)
    assert gone.removed_at is not None
    assert gone.decided_at is not None
    assert (gone.removed_at - gone.decided_at).total_seconds() == pytest.approx(60)
    for late in (library.corrections.remove, library.corrections.approve, library.corrections.reject):
        with pytest.raises(DecidedError, match="was approved, and taken back again"):
            await late(GUILD, done.id, by=3)


async def test_what_waits_cannot_be_taken_back(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL})
    with pytest.raises(DecidedError, match="waits to be decided"):
        await library.corrections.remove(GUILD, done.id, by=MODERATOR)


async def test_what_was_rejected_may_be_approved_after_all(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL})
    with pytest.raises(DecidedError, match="waits to be decided"):
        await library.corrections.approve(GUILD, done.id, of=Verdict.REJECTED, by=MODERATOR)
    await library.corrections.reject(GUILD, done.id, by=1)
    with pytest.raises(DecidedError, match="was rejected already"):
        await library.corrections.approve(GUILD, done.id, by=2)
    kept = await library.corrections.approve(GUILD, done.id, of=Verdict.REJECTED, by=2)
    assert (kept.state, kept.decided_by) == (Verdict.APPROVED, 2)
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 1


async def test_a_moderator_may_approve_other_words(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: "today we talk about the Coreweave deal", 1: "that was sighed last year"})
    kept = await library.corrections.approve(GUILD, done.id, (DEAL, TALK[1]), by=MODERATOR)
    assert [(one.now, one.stands) for one in kept.captions] == [(DEAL, True), (TALK[1], False)]
    (quote,) = (await library.ask(GUILD, "CoreWeave")).quotes
    assert [one.text for one in quote.correct] == ["CoreWeave"]


async def test_other_words_that_cannot_be_kept_leave_it_waiting(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL})
    for text, sentence in ((TALK[0], "reject the correction instead"), ("x" * 400, "200 characters longer")):
        with pytest.raises(CorrectionError, match=sentence):
            await library.corrections.approve(GUILD, done.id, (text,), by=MODERATOR)
    assert (await library.corrections.get(GUILD, done.id)).state is Verdict.WAITING


async def test_a_later_correction_of_a_cue_takes_the_place_of_the_earlier(library: Library, entry: Entry) -> None:
    first = await corrected(library, entry, {0: "today we talk about the Corby deal"})
    second = await corrected(library, entry, {0: DEAL})
    assert (await library.mentions(GUILD, '"Corby"')).count == 0
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 1
    await library.corrections.remove(GUILD, first.id, by=MODERATOR)
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 1
    await library.corrections.remove(GUILD, second.id, by=MODERATOR)
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 0


async def test_another_server_neither_sees_nor_decides_them(library: Library, entry: Entry) -> None:
    done = await proposed(library, entry, {0: DEAL})
    await library.ingest(OTHER_GUILD, video_file("tides", "the moon pulls the sea"), "tides.md")
    for act in (library.corrections.approve, library.corrections.reject, library.corrections.remove):
        with pytest.raises(NotFoundError, match="no longer kept"):
            await act(OTHER_GUILD, done.id, by=MODERATOR)
    with pytest.raises(NotFoundError):
        await library.corrections.correctable(OTHER_GUILD, moment(entry), by=MEMBER)
    assert (await library.corrections.page(OTHER_GUILD, Listed.WAITING)).total == 0


async def test_they_are_listed_page_by_page_what_waits_longest_first(library: Library, entry: Entry) -> None:
    ids = [(await proposed(library, entry, {0: f"version {at}"}, by=at)).id for at in range(1, 8)]
    page = await library.corrections.page(GUILD, Listed.WAITING, offset=5)
    assert ([one.id for one in page.found], page.total) == (ids[5:], 7)
    beyond = await library.corrections.page(GUILD, Listed.WAITING, offset=50)
    assert ([one.id for one in beyond.found], beyond.offset) == (ids[5:], 5)
    for id_ in ids[:2]:
        await library.corrections.reject(GUILD, id_, by=MODERATOR)
    rejected = await library.corrections.page(GUILD, Listed.REJECTED)
    assert [one.id for one in rejected.found] == ids[1::-1]
