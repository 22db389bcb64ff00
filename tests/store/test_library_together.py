"""Questions, ingests and processes side by side on one database; the index after any history of ingests."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.correcting import Changed
from store.database import Database
from store.errors import NotFoundError
from store.formats import read
from store.index.passages import windows
from store.library import Library
from store.search.lookup import Lookup
from store.search.ranking import Clause, Variant, rank
from store.text.analysis import length, terms
from tests.store.builders import ENGLISH, GUILD, JAPANESE, OTHER_GUILD, cue_lines, native, video_file
from tests.store.corpora import Place, Plain
from tests.store.search.plain_windows import heard

WORDS = st.sampled_from([*ENGLISH[:12], *JAPANESE[:3]])
CUE = st.lists(WORDS, max_size=12).map(" ".join)
FILES = st.lists(CUE, min_size=1, max_size=30)
STEPS = st.lists(
    st.tuples(st.just("put"), st.integers(0, 5), FILES)
    | st.tuples(st.just("put"), st.integers(0, 5), FILES)
    | st.tuples(st.sampled_from(["remove", "ask", "other"]), st.integers(0, 5), FILES),
    min_size=1,
    max_size=12,
)


@settings(max_examples=20, deadline=None)
@given(STEPS, st.lists(WORDS, min_size=1, max_size=4))
@example([("put", 0, ["river boats carried grain"] * 3)], ["river"])  # of which only the first is searched
def test_scores_stay_rank_bm25s_after_any_history_of_ingests(
    steps: list[tuple[str, int, list[str]]], question: list[str]
) -> None:
    asked = list(dict.fromkeys(terms(" ".join(question))))
    kept: dict[int, list[str]] = {}

    async def agree(database: Database, library: Library) -> None:
        passages: dict[Place, list[str]] = {
            (id_, window.first, window.end): [term for cue in cues[window.first : window.end] for term in terms(cue)]
            for id_, cues in kept.items()
            for window in windows([length(cue) for cue in cues])
        }
        plain = Plain.of(passages, asked)
        async with database.snapshot() as connection:
            index = await library._search._indexes.get(connection, GUILD)
            postings = await Lookup(connection, GUILD, index).postings(asked)
            ranking = rank(index, [Clause((Variant(*found),)) for found in postings.items()], 10)
        assert index.size == len(passages)
        assert [hit.score for hit in ranking.hits] == pytest.approx(plain.best(10), abs=1e-9, rel=1e-9)
        for hit in ranking.hits:
            assert hit.score == pytest.approx(plain.scores[hit.transcript, hit.first, hit.end], abs=1e-9, rel=1e-9)

    async def scenario(path: Path) -> None:
        async with Library.opened(path) as library, Database.opened(path) as database:
            ids: dict[int, int] = {}
            for step, name, cues in steps:
                data = video_file(f"talk{name}", *cues)
                if step == "put":
                    ids[name] = (await library.ingest(GUILD, data, "a.md")).entry.id
                    kept[ids[name]] = [cue.text for cue in heard(read(data, "a.md").transcript.cues)]
                elif step == "other":
                    await library.ingest(OTHER_GUILD, data, "a.md")
                elif step == "ask":
                    await agree(database, library)
                elif name in ids:
                    await library.remove(GUILD, str(ids[name]))
                    del kept[ids.pop(name)]
            await agree(database, library)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(scenario(Path(folder) / "verbatim.db"))


async def test_an_answer_given_during_ingests_is_of_one_moment(library: Library) -> None:
    def version(number: int) -> bytes:
        return video_file("mill", *[f"baker version{number} said line{line}" for line in range(60)])

    async def writes() -> None:
        for number in range(1, 13):
            await library.ingest(GUILD, version(number), "a.md")
            await library.ingest(GUILD, video_file(f"other{number}", "the river rose"), "b.md")

    async def asks() -> int:
        seen = 0
        for _ in range(15):
            answer = await library.ask(GUILD, "baker")
            texts = [quote.text for quote in answer.quotes if quote.details.title == "mill"]
            versions = {word for text in texts for word in text.split() if word.startswith("version")}
            assert len(versions) == 1
            seen += bool(answer.quotes)
        return seen

    await library.ingest(GUILD, version(0), "a.md")
    results = await asyncio.gather(writes(), *(asks() for _ in range(6)))
    assert results[1:] == [15] * 6
    assert (await library.page(GUILD)).total == 13


async def test_ingests_at_once_are_all_kept(library: Library) -> None:
    files = [video_file(f"talk{number}", f"baker number{number}") for number in range(20)]
    await asyncio.gather(*(library.ingest(GUILD, data, "a.md") for data in files))
    assert (await library.page(GUILD)).total == 20
    for number in range(20):
        assert [q.text for q in (await library.ask(GUILD, f"number{number}")).quotes] == [f"baker number{number}"]


async def test_the_same_video_sent_twice_at_once_is_one_transcript(library: Library) -> None:
    files = [video_file("mill", f"baker number{number}") for number in range(8)]
    done = await asyncio.gather(*(library.ingest(GUILD, data, "a.md") for data in files))
    assert len({ingested.entry.id for ingested in done}) == 1
    (quote,) = (await library.ask(GUILD, "baker")).quotes
    assert quote.text in {f"baker number{number}" for number in range(8)}


async def test_a_removal_during_questions_leaves_whole_answers(library: Library) -> None:
    async def ask() -> None:
        for _ in range(20):
            for quote in (await library.ask(GUILD, "baker")).quotes:
                assert "baker" in quote.text

    for number in range(10):
        await library.ingest(GUILD, video_file(f"talk{number}", "the baker slept"), "a.md")
    ids = [entry.id for entry in (await library.page(GUILD)).entries]
    await asyncio.gather(ask(), ask(), *(library.remove(GUILD, str(id_)) for id_ in ids))
    assert (await library.ask(GUILD, "baker")).library_size == 0


async def test_two_removals_at_once_remove_once(library: Library) -> None:
    entry = (await library.ingest(GUILD, video_file("mill", "one"), "a.md")).entry
    done = await asyncio.gather(*(library.remove(GUILD, str(entry.id)) for _ in range(4)), return_exceptions=True)
    assert [result.before for result in done if isinstance(result, Changed)] == [entry]
    assert sum(isinstance(result, NotFoundError) for result in done) == 3


async def test_a_second_process_sees_what_the_first_ingested_replaced_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    async with Library.opened(path) as bot, Library.opened(path) as command_line:
        assert (await bot.ask(GUILD, "baker")).library_size == 0
        entry = (await command_line.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")).entry
        assert [q.text for q in (await bot.ask(GUILD, "baker")).quotes] == ["the baker slept"]
        await command_line.ingest(GUILD, video_file("mill", "pretzels and a baker"), "a.md")
        assert [q.text for q in (await bot.ask(GUILD, "baker")).quotes] == ["pretzels and a baker"]
        await bot.ingest(GUILD, video_file("other", "the baker sang"), "a.md")
        assert {q.text for q in (await command_line.ask(GUILD, "baker")).quotes} == {
            "pretzels and a baker",
            "the baker sang",
        }
        await command_line.remove(GUILD, str(entry.id))
        assert [q.text for q in (await bot.ask(GUILD, "baker")).quotes] == ["the baker sang"]


async def test_what_was_ingested_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    async with Library.opened(path) as library:
        done = await library.ingest(GUILD, native(cue_lines(["the baker slept"]), title="Mill"), "a.md")
        before = await library.ask(GUILD, "baker")
    async with Library.opened(path) as library:
        assert (await library.page(GUILD)).entries == (done.entry,)
        assert await library.ask(GUILD, "baker") == before
