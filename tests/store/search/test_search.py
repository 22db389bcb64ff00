"""From a question to an answer: every quote was said, at its second, in this guild."""

import asyncio
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import QuestionError
from store.library import Library
from store.models import Answer, Limits, Quote
from tests.store.builders import ENGLISH, GUILD, JAPANESE, OTHER_GUILD, SHARED, cue_lines, native, video_file

STEP = 5  # seconds between cues
WORDS = st.sampled_from(
    [*ENGLISH, *JAPANESE, "[Music]", ">>", "1,000", "miller’s", "ＭＩＬＬ", "—", "👍🏽", "a\u2028b"]
)
CUE = st.lists(WORDS, max_size=10).map(" ".join) | st.sampled_from(["", "[Music]"])
HUGE = st.lists(WORDS, min_size=100, max_size=250).map(" ".join) | st.lists(
    st.sampled_from(JAPANESE), min_size=40, max_size=60
).map("".join)
TALKS = st.lists(st.lists(CUE | CUE | CUE | HUGE, min_size=1, max_size=60), min_size=1, max_size=6)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


def was_said(quote: Quote, texts: Sequence[str]) -> None:
    """The quote is a substring of its cues, and begins in the cue at its second."""
    assert quote.text
    whole = " ".join(texts)
    assert quote.text in whole
    at = quote.start_ms // 1000 // STEP
    assert quote.start_ms == at * STEP * 1000
    assert quote.start_ms <= quote.end_ms <= len(texts) * STEP * 1000
    begins = sum(len(text) + 1 for text in texts[:at])
    found = whole.find(quote.text, begins)
    assert found == begins or (quote.cut_before and begins < found < begins + len(texts[at]))
    assert whole[: begins + len(quote.text)].endswith(quote.text) or quote.cut_before
    assert all(0 <= start < end <= len(quote.text) for start, end in quote.highlights)


def apart(quotes: Sequence[Quote]) -> None:
    """No two quotes of a transcript share a cue."""
    for transcript in {quote.transcript_id for quote in quotes}:
        spans = sorted((q.start_ms, q.end_ms) for q in quotes if q.transcript_id == transcript)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert len({start for start, _ in spans}) == len(spans)


async def filled(library: Library, talks: Sequence[Sequence[str]]) -> dict[int, list[str]]:
    ids = {}
    for number, texts in enumerate(talks):
        lines = cue_lines((text.replace("\n", " ") for text in texts), step=STEP)
        data = native(lines, video_id=f"talk-{number}")  # those that say the same are two
        ids[(await library.ingest(GUILD, data, f"talk {number}.md")).entry.id] = [text.strip() for text in texts]
    return ids


@settings(max_examples=25, deadline=None)
@given(TALKS, st.lists(QUESTIONS, min_size=1, max_size=6))
def test_every_quote_was_said_at_its_second_and_none_overlap(talks: list[list[str]], questions: list[str]) -> None:
    async def scenario(path: Path) -> None:
        async with Library.opened(path) as library:
            said = await filled(library, talks)
            for question in questions:
                try:
                    answer = await library.ask(GUILD, question)
                except QuestionError:
                    continue
                for quote in answer.quotes:
                    was_said(quote, said[quote.transcript_id])
                apart(answer.quotes)
                assert len(answer.quotes) <= library.limits.quotes
                assert bool(answer.quotes or answer.more) == bool(answer.passages)
                assert all(quote.score > 0 for quote in answer.quotes)
                assert answer.library_size == len(talks)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(scenario(Path(folder) / "verbatim.db"))


async def test_an_answer_names_its_question_its_transcript_and_what_matched(library: Library) -> None:
    data = video_file(
        "mill", "the river rose", "the baker counted loaves", "and slept", speaker="Ada", date="2024-03-01"
    )
    entry = (await library.ingest(GUILD, data, "mill.md")).entry
    answer = await library.ask(GUILD, "  Who counted LOAVES? ")
    assert answer.question == "Who counted LOAVES?"
    assert (answer.library_size, answer.passages, answer.not_found) == (1, 1, ())
    (quote,) = answer.quotes
    assert (quote.transcript_id, quote.details) == (entry.id, entry.details)
    assert {quote.text[start:end] for start, end in quote.highlights} == {"counted", "loaves"}
    assert not quote.cut_before
    assert not quote.cut_after


async def test_quotes_stand_best_first(library: Library) -> None:
    await library.ingest(
        GUILD, video_file("one", "the baker slept while the loaves and the river rose in march"), "one.md"
    )
    await library.ingest(GUILD, video_file("two", "the baker counted loaves"), "two.md")
    await library.ingest(GUILD, video_file("three", "farmers argued about water"), "three.md")
    answer = await library.ask(GUILD, "baker loaves")
    assert [quote.details.title for quote in answer.quotes] == ["two", "one"]
    assert [quote.score for quote in answer.quotes] == sorted((q.score for q in answer.quotes), reverse=True)


async def test_a_quote_far_weaker_than_the_best_comes_after_it(library: Library) -> None:
    for name in ("two", "three", "four"):
        await library.ingest(GUILD, video_file(name, "the baker slept while the river rose"), "a.md")
    await library.ingest(GUILD, video_file("one", "the baker counted loaves"), "a.md")
    answer = await library.ask(GUILD, "baker loaves")
    assert [(quote.details.title, quote.also_in) for quote in answer.quotes] == [("one", 0), ("two", 2)]
    assert answer.passages == 4


async def test_of_two_places_with_the_same_words_the_first_mention_leads(library: Library) -> None:
    between = [f"farmers argued about water taxes again {at}" for at in range(40)]
    first, later = "the baker counted loaves by candle light", "by candle light baker counted loaves loaves"
    await library.ingest(GUILD, video_file("talk", first, *between, later, *between), "a.md")
    quotes = (await library.ask(GUILD, "baker counted loaves by candle light")).quotes
    assert [first in quotes[0].text, later in quotes[1].text] == [True, True]
    assert quotes[0].score == quotes[1].score


@pytest.mark.parametrize("limit", [1, 2, 5, 10])
async def test_an_answer_has_at_most_as_many_quotes_as_were_wanted(library: Library, limit: int) -> None:
    for number in range(12):
        await library.ingest(
            GUILD, video_file(f"talk{number}", f"the baker counted {number} loaves on day {number + 100}"), "a.md"
        )
    assert len((await library.ask(GUILD, "baker", limit=limit)).quotes) == limit


def places(number: int, *, spread: int = 30) -> list[str]:
    """A talk that names the baker `number` times, with enough between for quotes of their own."""
    talk: list[str] = []
    for _ in range(number):
        talk += [
            "the baker counted loaves and the baker slept",
            *(f"farmers argued about water taxes again {at}" for at in range(spread)),
        ]
    return talk


async def test_the_best_quotes_are_shown_whichever_transcripts_they_are_from(library: Library) -> None:
    much = (await library.ingest(GUILD, video_file("much", *places(12)), "a.md")).entry.id
    for name, filler in (("one", "some other words were said here"), ("two", "nothing like it came up that day")):
        await library.ingest(
            GUILD, video_file(name, *(f"{filler} {at}" for at in range(40)), f"loaves are counted by {name}"), "a.md"
        )
    first = await library.ask(GUILD, "baker counted loaves")
    assert {quote.transcript_id for quote in first.quotes} == {much}
    pages = [await library.ask(GUILD, "baker counted loaves", page=page) for page in range(1, 3)]
    assert len({quote.transcript_id for answer in pages for quote in answer.quotes}) == 3


async def test_one_transcript_fills_the_answer_where_no_other_matches(library: Library) -> None:
    await library.ingest(GUILD, video_file("much", *places(12)), "a.md")
    await library.ingest(GUILD, video_file("other", *(f"farmers argued about water {at}" for at in range(40))), "a.md")
    answer = await library.ask(GUILD, "baker counted loaves")
    assert len(answer.quotes) == 5
    assert {quote.details.title for quote in answer.quotes} == {"much"}
    apart(answer.quotes)


async def test_words_that_occur_nowhere_are_named_as_they_were_typed(library: Library) -> None:
    await library.ingest(GUILD, video_file("mill", "the baker counted loaves", "水車小屋の話"), "a.md")
    answer = await library.ask(GUILD, "did the Baker sell Pretzels or pretzels in 1871?")
    assert answer.not_found == ("sell", "Pretzels", "1871")
    assert (await library.ask(GUILD, "水車の歴史")).not_found == ("歴史",)


async def test_a_question_without_a_match_has_no_quotes(library: Library) -> None:
    await library.ingest(GUILD, video_file("mill", "the baker counted loaves"), "a.md")
    assert await library.ask(GUILD, "pretzels") == Answer("pretzels", (), 0, ("pretzels",), 1, gist="pretzel")


async def test_where_most_of_the_question_is_nowhere_the_closest_is_shown(library: Library) -> None:
    await library.ingest(GUILD, video_file("mill", *places(3)), "a.md")
    answer = await library.ask(GUILD, "did the baker knead pretzels and bagels?")
    assert answer.not_found == ("knead", "pretzels", "bagels")
    assert "baker" in answer.quotes[0].text


async def test_an_empty_library_has_an_empty_answer(library: Library) -> None:
    assert await library.ask(GUILD, "baker") == Answer("baker", (), 0, ("baker",), 0, gist="baker")


@pytest.mark.parametrize("question", ["", "   ", "?!", "👍🏽", "-the"])
async def test_a_question_without_a_word_to_search_for_is_refused(library: Library, question: str) -> None:
    with pytest.raises(QuestionError, match=r"no word to search for|what to leave out"):
        await library.ask(GUILD, question)


async def test_a_question_that_is_too_long_is_refused(tmp_path: Path) -> None:
    async with Library.opened(tmp_path / "small.db", Limits(question_characters=12)) as library:
        with pytest.raises(QuestionError, match=r"13 characters.* at most 12"):
            await library.ask(GUILD, "a" * 13)
        assert (await library.ask(GUILD, f"  {'a' * 12}  ")).library_size == 0


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("水車小屋", "昨日は水車小屋で話をしました"),
        ("ガイド", "ｶﾞｲﾄﾞの人が来た"),
        ("issue化", "それをissue化しておきます"),
        ("방앗간", "오래된 방앗간 이야기"),
        ("miller's", "the millers slept"),
        ("1000", "about 1,000 loaves"),
        ("CAFÉ", "the cafe\u0301 by the river"),
    ],
)
async def test_other_spellings_and_scripts_are_found_and_quoted_as_written(
    library: Library, question: str, said: str
) -> None:
    await library.ingest(GUILD, video_file("other", "nothing of the kind", "その他"), "b.md")
    await library.ingest(GUILD, video_file("talk", said), "a.md")
    assert (await library.ask(GUILD, question)).quotes[0].text == said


@pytest.mark.parametrize(
    ("question", "said", "marked"),
    [
        ("о каких книгах он говорил?", "вчера он читал старую книгу у реки", ["книгу"]),
        ("ماذا قال عن المَدرسة", "ذهب الولد في مدرسه جديدة", ["مدرسه"]),
        ("गाँव के लड़कों ने क्या देखा", "उस लड़के ने नदी देखी", ["लड़के", "देखी"]),
        ("น้ำตกอยู่ที่ไหน", "เราเดินไปที่น้ำตกใหญ่", ["น้ำตก"]),
        ("ποιος είδε τους ανθρώπους", "ένας άνθρωπος περπατά", ["άνθρωπος"]),
    ],
)
async def test_in_every_script_whole_words_are_found_and_marked(
    library: Library, question: str, said: str, marked: list[str]
) -> None:
    await library.ingest(GUILD, video_file("other", "nothing of the kind", "その他"), "b.md")
    await library.ingest(GUILD, video_file("talk", said), "a.md")
    (quote, *_) = (await library.ask(GUILD, question)).quotes
    assert quote.text == said
    assert [said[start:end] for start, end in quote.highlights] == marked


async def test_a_huge_cue_is_shortened_around_its_match_and_says_so(library: Library) -> None:
    text = " ".join(["water"] * 500 + ["the baker counted loaves"] + ["taxes"] * 500)
    await library.ingest(GUILD, video_file("talk", "before", text, "after"), "a.md")
    (quote,) = (await library.ask(GUILD, "baker loaves")).quotes
    assert "baker counted loaves" in quote.text
    assert quote.text in text
    assert (quote.cut_before, quote.cut_after) == (True, True)
    assert quote.start_ms == STEP * 1000


async def test_questions_of_one_guild_never_see_another_guild(library: Library) -> None:
    await library.ingest(GUILD, video_file("mill", "the baker counted loaves"), "a.md")
    alone = await library.ask(GUILD, "baker loaves")
    for number in range(20):
        data = video_file(f"other{number}", "the baker counted loaves and pretzels")
        await library.ingest(OTHER_GUILD, data, "a.md")
    assert await library.ask(GUILD, "baker loaves") == alone
    assert (await library.ask(GUILD, "pretzels")).not_found == ("pretzels",)
    assert {q.details.title for q in (await library.ask(OTHER_GUILD, "baker")).quotes}.isdisjoint({"mill"})


async def test_indexes_that_were_dropped_for_memory_are_read_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for guild in range(1, 6):
        await library.ingest(guild, video_file(f"talk{guild}", "the baker counted loaves"), "a.md")
    before = [await library.ask(guild, "baker") for guild in range(1, 6)]
    monkeypatch.setattr(library._search._indexes, "_budget", 1)
    assert [await library.ask(guild, "baker") for guild in range(1, 6)] == before
    assert len(library._search._indexes._held) == 1
    together = await asyncio.gather(*(library.ask(guild, "baker") for guild in range(1, 6) for _ in range(4)))
    assert together[::4] == before


@pytest.mark.skipif(not SHARED.exists(), reason="the sample file is not beside the repository")
async def test_the_sample_transcript_answers_with_its_own_words(library: Library) -> None:
    for path in sorted((SHARED / "transcripts").glob("*.md")):
        await library.ingest(GUILD, path.read_bytes(), path.name)
        lines = (line.partition("] ")[2] for line in path.read_text("utf-8").split("\n") if line.startswith("- ["))
        whole = " ".join(lines)
        answer = await library.ask(GUILD, "what happens with open source models?")
        assert answer.quotes
        assert all(quote.text in whole for quote in answer.quotes)
