"""Recorded questions and votes: a month's, without who asked, as long as a server's moderators want them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.database import Reader, Writer
from store.errors import DatabaseError, NotFoundError, StoreError
from store.insights import rows
from store.insights.recording import LONGEST_NOTE
from store.library import Library
from store.models import Answer, Noted, Spelling, Tally
from tests.clock import Clock
from tests.store.builders import GUILD, OTHER_GUILD, video_file

DAY = 24 * 3600.0
ANN, BO = 7, 8
Work = Callable[[Reader], Coroutine[Any, Any, set[int]]]
FULL = "The disk is full: nothing was changed; free some space and try again."


@pytest.fixture
async def library(path: Path) -> AsyncIterator[Library]:
    async with Library.opened(path) as opened:
        await opened.ingest(GUILD, video_file("bread", "the yeast eats the sugar", "so the dough doubles"), "a.md")
        await opened.ingest(GUILD, video_file("tides", "the moon pulls the sea", "twice a day"), "b.md")
        yield opened


async def asked(library: Library, question: str, token: str = "", *, guild: int = GUILD) -> Answer:
    """Ask a question and record it, as /ask does."""
    answer = await library.ask(guild, question)
    await library.insights.note(guild, token or question, answer)
    return answer


async def missed(library: Library) -> dict[str, int]:
    """Return what failed, by the words that nobody said or the question, and how often it was asked."""
    topics, total = await library.insights.missed(GUILD)
    assert len(topics) == total
    return {" ".join(topic.missing) or topic.question: topic.times for topic in topics}


async def test_a_question_is_kept_with_what_became_of_it_and_without_who_asked(path: Path, library: Library) -> None:
    await asked(library, "  does the *yeast*  eat a zeppelin? ", "secret")
    with closing(sqlite3.connect(path)) as kept:
        kept.row_factory = sqlite3.Row
        (row,) = map(dict, kept.execute("SELECT * FROM questions"))
    day = row.pop("day")
    assert row == {
        "id": 1,
        "guild_id": GUILD,
        "token": "secret",
        "question": "does the *yeast* eat a zeppelin?",
        "gist": "eat yeast zeppelin",
        "topic": "zeppelin",
        "narrowed": 0,
        "missing": '["zeppelin"]',
        "quoted": "[1]",
    }
    assert isinstance(day, int)


async def test_the_same_question_in_another_order_or_inflection_is_one(library: Library) -> None:
    for question in ("what does yeast eat?", "Eating yeast", "is there anything on the yeasts that eat?", "the moon"):
        await asked(library, question)
    topics, total = await library.insights.asked(GUILD)
    assert [(topic.question, topic.times) for topic in topics] == [
        ("is there anything on the yeasts that eat?", 3),
        ("the moon", 1),
    ]
    assert total == 2


async def test_questions_with_the_same_words_that_nobody_said_fail_as_one(library: Library) -> None:
    for question in ("zeppelins", "yeast in a zeppelin", "the zeppelin and the moon", "Xanadu", "why the sea?"):
        await asked(library, question)
    assert await missed(library) == {"zeppelin": 3, "Xanadu": 1}
    ((most, _), _) = await library.insights.missed(GUILD)
    assert (most.nothing, most.partly, most.question) == (1, 2, "the zeppelin and the moon")
    assert await library.insights.tally(GUILD) == Tally(5, nothing=2, partly=2, quoted=2, transcripts=2)


async def test_what_fails_most_comes_first_and_pages_hold_all_of_it(library: Library) -> None:
    for number in range(7):
        for _ in range(number + 1):
            await library.insights.note(GUILD, f"{number}{_}", Answer(f"q{number}", gist=f"q{number}", library_size=1))
    pages = [await library.insights.missed(GUILD, offset=at, limit=3) for at in (0, 3, 6, 9)]
    assert [[topic.times for topic in topics] for topics, _ in pages] == [[7, 6, 5], [4, 3, 2], [1], []]
    assert [total for _, total in pages] == [7, 7, 7, 0]


async def test_transcripts_are_counted_by_the_answers_that_quote_them(library: Library) -> None:
    for question in ("yeast", "sugar", "moon", "yeast and the moon"):
        await asked(library, question)
    found, total = await library.insights.quoted(GUILD)
    assert [(one.entry.details.title, one.times) for one in found] == [("bread", 3), ("tides", 2)]
    assert total == 2
    await library.remove(GUILD, "1")
    assert [one.entry.details.title for one in (await library.insights.quoted(GUILD))[0]] == ["tides"]


async def test_a_question_of_an_empty_library_is_not_recorded(library: Library) -> None:
    await asked(library, "yeast", guild=OTHER_GUILD)
    assert await library.insights.tally(OTHER_GUILD) == Tally()


async def test_a_server_knows_nothing_of_anothers_questions(library: Library) -> None:
    await library.ingest(OTHER_GUILD, video_file("mill", "the old mill"), "c.md")
    await asked(library, "a zeppelin", "ours")
    await library.insights.vote(GUILD, "ours", ANN, up=True)
    assert await library.insights.tally(OTHER_GUILD) == Tally(transcripts=1)
    assert await library.insights.missed(OTHER_GUILD) == await library.insights.asked(OTHER_GUILD) == ((), 0)
    assert await library.insights.quoted(OTHER_GUILD) == ((), 0)
    with pytest.raises(NotFoundError):
        await library.insights.vote(OTHER_GUILD, "ours", BO, up=True)


async def test_a_servers_votes_are_counted_without_reading_those_of_all_others(library: Library) -> None:
    async with library._database.snapshot() as connection:
        plan = await connection.execute_fetchall(
            f"EXPLAIN QUERY PLAN {rows._WENT} SELECT sum(up) FROM went", {"guild": GUILD, "since": 0}
        )
    steps = [str(row[3]) for row in plan]
    assert any(step.startswith("SEARCH votes") for step in steps)
    assert not [step for step in steps if step.startswith("SCAN votes")]


async def test_a_choice_that_is_made_while_another_is_read_is_not_forgotten(library: Library) -> None:
    await library.insights.record(GUILD, wanted=False)
    computed = library._database.computed
    read, choose = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> set[int]:
        found = await computed(work)
        read.set()
        await choose.wait()
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(library._database, "computed", slowly)
        before = asyncio.create_task(library.insights.records(GUILD))
        await read.wait()
        await library.insights.record(GUILD, wanted=True)
        choose.set()
        assert not await before
    assert await library.insights.records(GUILD)


async def test_a_choice_that_came_with_an_import_is_noticed_by_a_running_bot(
    path: Path, library: Library, tmp_path: Path
) -> None:
    async with Library.opened(tmp_path / "other.db") as other:
        await other.insights.record(GUILD, wanted=False)
        await other.holdings.export(GUILD, tmp_path / "a.zip")
    assert await library.insights.records(GUILD)
    async with Library.opened(path) as beside:
        await beside.holdings.move(tmp_path / "a.zip")
    await library.holdings.notice()
    assert not await library.insights.records(GUILD)


async def test_a_question_and_its_votes_are_forgotten_after_30_days(path: Path, library: Library, clock: Clock) -> None:
    await asked(library, "a zeppelin", "old")
    await library.insights.vote(GUILD, "old", ANN, up=False)
    clock.forward(30 * DAY)
    assert await library.insights.vote(GUILD, "old", BO, up=False) is False
    clock.forward(DAY)
    assert await library.insights.tally(GUILD) == Tally(transcripts=2)  # also before anything is asked
    with pytest.raises(NotFoundError, match="no longer kept"):
        await library.insights.vote(GUILD, "old", ANN, up=True)
    await asked(library, "yeast")
    with closing(sqlite3.connect(path)) as kept:
        assert kept.execute("SELECT question FROM questions").fetchall() == [("yeast",)]
        assert kept.execute("SELECT * FROM votes").fetchall() == []


async def test_what_is_too_old_is_forgotten_where_nobody_asks(path: Path, library: Library, clock: Clock) -> None:
    await asked(library, "yeast")
    clock.forward(31 * DAY)
    await library.insights.tidy()
    with closing(sqlite3.connect(path)) as kept:
        assert kept.execute("SELECT count(*) FROM questions").fetchone() == (0,)


async def test_each_member_has_one_vote_that_is_changed_or_taken_back(library: Library) -> None:
    await asked(library, "yeast", "answer")
    votes = library.insights
    assert await votes.vote(GUILD, "answer", ANN, up=True) is True
    assert await votes.vote(GUILD, "answer", BO, up=True) is True
    assert (await votes.tally(GUILD)).up == 2
    assert await votes.vote(GUILD, "answer", ANN, up=False) is False
    assert [(one.up, one.down) for one in (await votes.missed(GUILD))[0]] == [(1, 1)]
    assert await votes.vote(GUILD, "answer", ANN, up=False) is None
    tally = await votes.tally(GUILD)
    assert (tally.up, tally.down) == (1, 0)
    assert await votes.missed(GUILD) == ((), 0)


async def test_a_note_belongs_to_its_vote_and_goes_with_it(library: Library) -> None:
    await asked(library, "yeast", "answer")
    await library.insights.vote(GUILD, "answer", ANN, up=False)
    await library.insights.explain(GUILD, "answer", ANN, f"  the\n*wrong* bread {'!' * 400}")
    note = f"the *wrong* bread {'!' * 400}"[:LONGEST_NOTE]
    assert [topic.notes for topic in (await library.insights.missed(GUILD))[0]] == [(note,)]
    await library.insights.vote(GUILD, "answer", ANN, up=True)
    ((one,), _) = await library.insights.asked(GUILD)
    assert (one.notes, one.up, one.down) == ((), 1, 0)


async def test_a_note_that_comes_after_its_vote_was_taken_back_votes_again(library: Library) -> None:
    await asked(library, "yeast", "answer")
    await library.insights.vote(GUILD, "answer", ANN, up=False)
    await library.insights.vote(GUILD, "answer", ANN, up=False)
    await library.insights.explain(GUILD, "answer", ANN, "it is wrong")
    assert (await library.insights.tally(GUILD)).down == 1


async def test_the_newest_notes_are_shown_and_each_but_once(library: Library) -> None:
    for number, note in enumerate(["first", "second", "third", "third", "fourth"]):
        await asked(library, "yeast", str(number))
        await library.insights.explain(GUILD, str(number), ANN, note)
    assert [topic.notes for topic in (await library.insights.missed(GUILD))[0]] == [("fourth", "third", "second")]


async def test_a_members_votes_are_told_and_forgotten_with_all_that_is_kept_about_them(library: Library) -> None:
    for token in ("one", "two"):
        await asked(library, f"yeast {token}", token)
        await library.insights.explain(GUILD, token, ANN, "wrong")
        await library.insights.vote(GUILD, token, BO, up=True)
    assert await library.holdings.about(GUILD, ANN) == {"votes": 2}
    assert await library.holdings.forget_member(GUILD, ANN) == {"votes": 2}
    assert await library.holdings.about(GUILD, ANN) == {}
    tally = await library.insights.tally(GUILD)
    assert (tally.questions, tally.up, tally.down) == (2, 2, 0)


async def test_a_server_that_wants_no_record_has_none_also_after_a_restart(path: Path, library: Library) -> None:
    await asked(library, "yeast", "answer")
    await library.insights.vote(GUILD, "answer", ANN, up=True)
    await library.insights.record(GUILD, wanted=False)
    assert not await library.insights.records(GUILD)
    assert await library.insights.tally(GUILD) == Tally(transcripts=2)
    await asked(library, "sugar")
    assert await library.insights.tally(GUILD) == Tally(transcripts=2)
    with pytest.raises(StoreError, match="Votes are off in this server"):
        await library.insights.vote(GUILD, "answer", ANN, up=True)
    async with Library.opened(path) as again:
        assert not await again.insights.records(GUILD)
        assert await again.insights.records(OTHER_GUILD)
        await again.insights.record(GUILD, wanted=True)
        assert await again.insights.records(GUILD)


async def test_where_the_operator_wants_no_record_nothing_is_left(library: Library) -> None:
    await asked(library, "yeast", "answer")
    library.insights.enabled = False
    assert not await library.insights.records(GUILD)
    await library.insights.tidy()
    assert await library.insights.tally(GUILD) == Tally(transcripts=2)


async def test_many_questions_at_once_wait_for_the_disk_together(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await library.ask(GUILD, "yeast")
    together = []
    add = rows.add

    async def counting(connection: Writer, noted: list[Noted], *, day: int) -> None:
        together.append(len(noted))
        await add(connection, noted, day=day)

    monkeypatch.setattr("store.insights.rows.add", counting)
    await asyncio.gather(*(library.insights.note(GUILD, f"{number}", answer) for number in range(50)))
    assert together == [1, 49]  # the first, and all that came while it was written
    assert (await library.insights.tally(GUILD)).questions == 50


async def test_a_full_disk_loses_what_was_to_be_written_and_nothing_after_it(library: Library) -> None:
    answer = await library.ask(GUILD, "yeast")
    writer = library._database._writer
    await writer.execute("PRAGMA max_page_count=1")  # SQLite takes as few as there are
    with pytest.raises(DatabaseError) as raised:
        await asyncio.gather(*(library.insights.note(GUILD, f"{at}-{'x' * 500}", answer) for at in range(5000)))
    assert str(raised.value) == FULL
    before = (await library.insights.tally(GUILD)).questions
    await writer.execute("PRAGMA max_page_count=1000000")
    await library.insights.note(GUILD, "after", answer)
    assert (await library.insights.tally(GUILD)).questions == before + 1


async def test_what_was_missing_is_found_once_a_transcript_says_it(library: Library) -> None:
    await asked(library, "a zeppelin")
    topics, _ = await library.insights.missed(GUILD)
    (before,) = await library.insights.look(GUILD, topics)
    assert (before.found, before.missing) == (False, ("zeppelin",))
    await library.ingest(GUILD, video_file("air", "the zeppelin flew over the sea"), "c.md")
    (after,) = await library.insights.look(GUILD, topics)
    assert (after.found, after.missing, after.perhaps) == (True, (), ())


async def test_a_word_that_nobody_said_is_looked_for_among_those_that_were(library: Library) -> None:
    await library.ingest(GUILD, video_file("light", "then Winstanley built the tower"), "c.md")
    await asked(library, "what about Windstanly")
    topics, _ = await library.insights.missed(GUILD)
    (look,) = await library.insights.look(GUILD, topics)
    assert look.perhaps == (Spelling("Windstanly", ("Winstanley",)),)


async def test_a_name_in_an_answer_that_was_voted_down_is_looked_for_as_it_may_be_misheard(library: Library) -> None:
    said = ["CoreWeave grows", "and cor weave sells", "as corweave does"]
    await library.ingest(GUILD, video_file("chips", *said), "c.md")
    await asked(library, "what does CoreWeave sell?", "answer")
    await library.insights.vote(GUILD, "answer", ANN, up=False)
    topics, _ = await library.insights.missed(GUILD)
    (look,) = await library.insights.look(GUILD, topics)
    assert [(one.term, set(one.heard_as)) for one in look.perhaps] == [("CoreWeave", {"cor weave", "corweave"})]


async def test_a_question_of_which_nothing_is_left_to_ask_is_told_as_it_was(library: Library) -> None:
    await asked(library, "a zeppelin")
    topics, _ = await library.insights.missed(GUILD)
    for id_ in ("1", "2"):
        await library.remove(GUILD, id_)
    (look,) = await library.insights.look(GUILD, topics)
    assert (look.found, look.missing, look.perhaps) == (False, ("zeppelin",), ())
