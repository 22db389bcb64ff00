"""What is corrected is found by both readings, quoted as the file says it, and indexed exactly."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import transcripts
from store.database import Database
from store.index.passages import windows
from store.library import Library
from store.models import Entry, Quote
from store.search.lookup import Lookup
from store.search.ranking import Clause, Variant, rank
from store.text.analysis import length, terms, units
from store.text.differing import belongings
from store.upkeep.checking import check
from tests.store.builders import ENGLISH, GUILD, JAPANESE, OTHER_GUILD, video_file
from tests.store.corpora import Place, Plain
from tests.store.corrections.made import MODERATOR, corrected
from tests.store.search.plain_windows import heard

TALK = (
    "good morning everybody and welcome",
    "today we talk about the cor weave deal",
    "that was signed last year in the data",
    "center of the company",
)
DEAL = "today we talk about the CoreWeave deal"


@pytest.fixture
async def entry(library: Library) -> Entry:
    done = await library.ingest(GUILD, video_file("deals", *TALK), "deals.md")
    await library.ingest(GUILD, video_file("bread", "the yeast eats the sugar"), "bread.md")
    return done.entry


async def asked(library: Library, question: str) -> Quote:
    found = await library.ask(GUILD, question)
    assert len(found.quotes) == 1, found
    return found.quotes[0]


def bold(quote: Quote) -> list[str]:
    return [quote.text[start:end] for start, end in quote.highlights]


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("CoreWeave", "cor weave"),
        ("cor weave", "cor weave"),
        ('"CoreWeave deal"', "cor weave deal"),
        ('"the CoreWeave deal that was signed"', "the cor weave deal that was signed"),
        ('"cor weave deal"', "cor weave deal"),
        ('"welcome today we talk"', "welcome today we talk"),
        ('"data center"', "data center"),
    ],
)
async def test_a_passage_is_found_by_either_reading_and_marked_where_the_file_says_it(
    library: Library, entry: Entry, question: str, marked: str
) -> None:
    await corrected(library, entry, {1: DEAL})
    quote = await asked(library, question)
    assert " ".join(bold(quote)) == marked
    assert quote.text in " ".join(TALK)
    assert not (await library.ask(GUILD, question)).unsaid


async def test_a_quote_says_what_was_really_said_beside_what_the_file_says(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    for question in ("CoreWeave", "everybody"):
        quote = await asked(library, question)
        assert [(quote.text[one.start : one.end], one.text) for one in quote.correct] == [("cor weave", "CoreWeave")]
    assert (await asked(library, "yeast")).correct == ()


async def test_the_wrong_words_before_a_name_are_no_phrase_with_the_right_ones(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    assert (await library.ask(GUILD, '"deal today"')).unsaid == ("deal today",)
    assert (await library.ask(GUILD, '"weave CoreWeave"')).unsaid == ("weave CoreWeave",)


async def test_what_is_excluded_is_so_by_either_reading(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    assert not (await library.ask(GUILD, 'company -"CoreWeave deal"')).quotes
    assert not (await library.ask(GUILD, "company -CoreWeave")).quotes


async def test_words_left_out_added_and_written_otherwise_are_corrections_too(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {0: "Good morning and welcome, Ada", 3: ""})
    assert bold(await asked(library, "Ada")) == ["welcome"]
    assert bold(await asked(library, '"morning and welcome"')) == ["morning everybody and welcome"]
    quote = await asked(library, "company")
    assert [(quote.text[one.start : one.end], one.text) for one in quote.correct][-1] == (TALK[3], "")


async def test_japanese_is_found_in_its_corrected_words(library: Library) -> None:
    texts = ("本日は東京の小泡 織の話", "電力について")
    entry = (await library.ingest(GUILD, video_file("ja", *texts), "ja.md")).entry
    assert (await library.ask(GUILD, '"コアウィーブの話"')).unsaid
    await corrected(library, entry, {0: "本日は東京のコアウィーブの話"})
    quote = await asked(library, '"コアウィーブの話"')
    assert bold(quote) == ["小泡 織の話"]
    assert quote.text in " ".join(texts)


async def test_of_a_speaker_alone_what_they_really_said_is_found(library: Library) -> None:
    said = [("Ada", "the cor weave deal"), ("Bob", "the yeast eats the sugar"), ("Ada", "and that was that")]
    lines = [f"00:0{at}.000 --> 00:0{at + 1}.000\n<v {name}>{text}</v>\n" for at, (name, text) in enumerate(said)]
    entry = (await library.ingest(GUILD, "\n".join(["WEBVTT\n", *lines]).encode(), "two.vtt")).entry
    await corrected(library, entry, {0: "the CoreWeave deal"})
    ada, bob = [await library.filters(GUILD, {"speaker": name}) for name in ("Ada", "Bob")]
    (quote,) = (await library.ask(GUILD, "CoreWeave", filters=ada)).quotes
    assert bold(quote) == ["cor weave"]
    assert quote.correct
    assert not (await library.ask(GUILD, '"CoreWeave"', filters=bob)).quotes


async def test_mentions_count_each_place_once(library: Library, entry: Entry) -> None:
    before = {words: (await library.mentions(GUILD, words)).count for words in ("deal", "the", '"deal that"')}
    await corrected(library, entry, {1: DEAL})
    assert {words: (await library.mentions(GUILD, words)).count for words in before} == before
    found = await library.mentions(GUILD, "CoreWeave")
    assert [(form.said, form.count) for form in found.forms] == [("CoreWeave", 1)]
    assert (await library.mentions(GUILD, "cor weave")).count == 1
    assert (await library.mentions(GUILD, '"CoreWeave deal that"')).count == 1


async def test_a_mention_is_shown_as_the_file_says_it_with_what_was_really_said(library: Library, entry: Entry) -> None:
    await corrected(library, entry, {1: DEAL})
    (one,) = (await library.mentions_in(GUILD, "CoreWeave", entry.id)).mentions
    assert (one.before, one.said, one.after) == (
        "good morning everybody and welcome today we talk about the ",
        "cor weave",
        " deal that was signed last year in the data center",
    )
    assert one.correct == "CoreWeave"
    (one,) = (await library.mentions_in(GUILD, "signed", entry.id)).mentions
    assert (one.said, one.correct) == ("signed", "")
    (one,) = (await library.mentions_in(GUILD, '"CoreWeave deal that was"', entry.id)).mentions
    assert (one.said, one.after) == ("cor weave deal that was", " signed last year in the data center of the company")


async def test_another_server_finds_nothing_of_it(library: Library, entry: Entry) -> None:
    await library.ingest(OTHER_GUILD, video_file("deals", *TALK), "deals.md")
    await corrected(library, entry, {1: DEAL})
    for quote in (await library.ask(OTHER_GUILD, "CoreWeave deal")).quotes:
        assert quote.correct == ()
    assert (await library.mentions(OTHER_GUILD, '"CoreWeave"')).count == 0


async def derived(path: Path) -> list[tuple[object, ...]]:
    """What is stored of the index, but for the numbers of segments."""
    async with Database.opened(path) as database, database.snapshot() as connection:
        blobs = await connection.execute_fetchall("SELECT blob FROM segment_blobs ORDER BY segment_id")
        blocks = await connection.execute_fetchall("SELECT block, blob FROM segment_blocks ORDER BY segment_id, block")
        stream = await connection.execute_fetchall("SELECT * FROM stream_blocks ORDER BY id")
        return [tuple(row) for row in (*blobs, *blocks, *stream)]


async def test_a_correction_that_is_taken_back_leaves_the_index_as_it_was(
    library: Library, entry: Entry, path: Path
) -> None:
    before = sorted(map(repr, await derived(path)))
    done = await corrected(library, entry, {1: DEAL})
    assert sorted(map(repr, await derived(path))) != before
    await library.corrections.remove(GUILD, done.id, by=MODERATOR)
    assert sorted(map(repr, await derived(path))) == before
    assert (await library.mentions(GUILD, '"CoreWeave"')).count == 0


async def test_a_check_compares_the_index_with_what_stands(library: Library, entry: Entry, path: Path) -> None:
    await corrected(library, entry, {1: DEAL})
    async with Database.opened(path) as database:
        assert await check(database) == []
        async with database.transaction() as connection:
            await connection.execute("UPDATE corrected_cues SET now = 'something else'")
        found = " ".join(problem.what for problem in await check(database))
        assert f"The stream of words of transcript {entry.id}" in found or "can't be found" in found


async def test_a_stream_that_is_lost_is_made_again_with_what_stands(library: Library, entry: Entry, path: Path) -> None:
    await corrected(library, entry, {1: DEAL})
    before = await derived(path)
    async with Database.opened(path) as database, database.transaction() as connection:
        await connection.execute("DELETE FROM stream_blocks")
    assert bold(await asked(library, '"CoreWeave deal"')) == ["cor weave deal"]
    assert [row for row in await derived(path) if len(row) > 2][:1] == [row for row in before if len(row) > 2][:1]


WORDS = st.sampled_from([*ENGLISH[:12], *JAPANESE[:3]])
CUE = st.lists(WORDS, max_size=12).map(" ".join)
TALKS = st.lists(st.lists(CUE, min_size=1, max_size=30), min_size=1, max_size=3)
CHANGES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 29), CUE), max_size=6)


def second(was: str, now: str) -> list[str]:
    """The terms of a second reading that the first hasn't, found another way: by its words and pairs, one by one."""
    own = list(units(was))
    should = list(zip(units(now), belongings(was, now), strict=True))
    found = [term for unit, one in should if one.same is None for term in terms(unit.folded)]
    every = Counter(terms(now))
    single = Counter(term for unit, _ in should for term in terms(unit.folded))
    pairs = every - single  # of characters, which stand in no unit
    shared = Counter[str]()
    for (left, one), (right, other) in pairwise(should):
        pair = left.folded + right.folded
        if pair not in pairs or left.end != right.start or one.same is None or other.same != one.same + 1:
            continue
        shared[pair] += own[one.same].end == own[other.same].start
    return [*found, *(pairs - shared).elements()]


def indexed(
    texts: Mapping[int, Sequence[str]], searched: Mapping[int, Sequence[str]], now: Mapping[int, Mapping[int, str]]
) -> dict[Place, list[str]]:
    """Every passage with its terms: of cues that are searched, and of what should be said in their place."""
    passages: dict[Place, list[str]] = {}
    for id_, cues in searched.items():
        said = [
            [*terms(cue), *(second(cue, now[id_][at]) if at in now[id_] and cue == texts[id_][at] else [])]
            for at, cue in enumerate(cues)
        ]
        for window in windows([length(cue) for cue in cues]):
            terms_of = [term for cue in said[window.first : window.end] for term in cue]
            passages[id_, window.first, window.end] = terms_of
    return passages


@settings(max_examples=15, deadline=None)
@given(TALKS, CHANGES, st.lists(WORDS, min_size=1, max_size=4))
def test_whatever_is_corrected_scores_are_rank_bm25s_and_quotes_are_what_the_file_says(
    talks: Sequence[Sequence[str]], changes: Sequence[tuple[int, int, str]], question: Sequence[str]
) -> None:
    asked = list(dict.fromkeys(terms(" ".join(question))))

    async def scenario(path: Path) -> None:
        members = count(1)
        async with Library.opened(path) as library, Database.opened(path) as database:
            entries = [
                (await library.ingest(GUILD, video_file(f"talk{n}", *texts), "a.md")).entry
                for n, texts in enumerate(talks)
            ]
            now: dict[int, dict[int, str]] = {entry.id: {} for entry in entries}
            texts: dict[int, list[str]] = {}
            searched: dict[int, list[str]] = {}
            async with database.snapshot() as connection:
                for entry in entries:
                    cues = await transcripts.whole(connection, entry.id)
                    texts[entry.id] = [cue.text for cue in cues]
                    searched[entry.id] = [cue.text for cue in heard(cues)]
            for talk, at, text in changes:
                entry = entries[talk % len(entries)]
                place = at % entry.cues
                read = now[entry.id].get(place, texts[entry.id][place])
                if text.split() in (read.split(), texts[entry.id][place].split()):
                    continue
                await corrected(library, entry, {place: text}, by=next(members))
                now[entry.id][place] = text
            assert await check(database) == []
            passages = indexed(texts, searched, now)
            plain = Plain.of(passages, asked)
            async with database.snapshot() as connection:
                index = await library._search._indexes.get(connection, GUILD)
                postings = await Lookup(connection, GUILD, index).postings(asked)
                ranking = rank(index, [Clause((Variant(*found),)) for found in postings.items()], 10)
            assert [hit.score for hit in ranking.hits] == pytest.approx(plain.best(10), abs=1e-9, rel=1e-9)
            answer = await library.ask(GUILD, " ".join(question))
            for quote in answer.quotes:
                assert quote.text in " ".join(texts[quote.transcript_id])
                assert all(0 <= start < end <= len(quote.text) for start, end in quote.highlights)
                assert all(0 <= one.start <= one.end <= len(quote.text) for one in quote.correct)
            for word in question:
                counted = await library.mentions(GUILD, f'"{word}"')
                for one in counted.transcripts:
                    page = await library.mentions_in(GUILD, f'"{word}"', one.entry.id, limit=1000)
                    for mention in page.mentions:
                        whole = " ".join(texts[one.entry.id])
                        assert f"{mention.before}{mention.said}{mention.after}" in whole

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(scenario(Path(folder) / "verbatim.db"))
