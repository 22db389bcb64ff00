"""A real file of 84 minutes of automatic captions: questions whose answers were found by listening."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from store.library import Library
from store.links import moment
from tests.store.builders import GUILD, SHARED
from tests.store.search.golden import GOLDEN, UNANSWERABLE
from tests.store.search.golden_japanese import JAPANESE
from tests.store.search.moments import hits, seconds

REAL = SHARED / "transcripts" / "7EH0VjM3dTk.md"

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the sample file is not beside the repository")


@pytest.fixture
async def real(library: Library) -> Library:
    await library.ingest(GUILD, REAL.read_bytes(), REAL.name)
    return library


@pytest.mark.parametrize(
    ("question", "earliest", "latest", "words"),
    [
        # The link opens within 15 seconds before the passage that answers, or inside it. The first passage begins
        # with the factory "located next to like a giant power plant" and goes on to the gas plant at 31:08.
        ("how does xAI get power for its Memphis data center", "30:14", "31:45", "power plant"),
        ("what is the 7% rule for data centers in Malaysia", "5:39", "6:04", "only have 7% of your data center"),
        ("what is overhyped in AI", "79:50", "80:20", "overhyped rag"),
    ],
)
async def test_the_first_quote_opens_where_the_answer_is(
    real: Library, question: str, earliest: str, latest: str, words: str
) -> None:
    first = (await real.ask(GUILD, question)).quotes[0]
    assert seconds(earliest) <= first.start_ms / 1000 <= seconds(latest)
    assert words in first.text
    assert first.details.url is not None
    assert moment(first.details.url, first.start_ms) == (
        f"https://www.youtube.com/watch?v=7EH0VjM3dTk&t={first.start_ms // 1000}s"
    )


# How many of each kind have their answer among the first three quotes: a change may raise these, never lower them.
FOUND = {"misheard": 23, "plain": 22, "paraphrased": 7, "phrase": 7}
FOUND_IN_JAPANESE = {"names": 9, "numbers": 6, "words": 13, "paraphrased": 0}


@pytest.mark.parametrize(("questions", "least"), [(GOLDEN, FOUND), (JAPANESE, FOUND_IN_JAPANESE)])
async def test_the_golden_questions_find_their_moments_as_often_as_before(
    real: Library, questions: Sequence[tuple[str, str, Sequence[tuple[str, str]]]], least: Mapping[str, int]
) -> None:
    found: Counter[str] = Counter()
    for kind, question, ranges in questions:
        quotes = (await real.ask(GUILD, question)).quotes[:3]
        found[kind] += any(hits(quote, earliest, latest) for quote in quotes for earliest, latest in ranges)
    assert {kind: found[kind] for kind, count in least.items() if found[kind] < count} == {}


@pytest.mark.parametrize("question", UNANSWERABLE)
async def test_of_what_nobody_spoke_of_it_is_said_which_words_are_missing(real: Library, question: str) -> None:
    answer = await real.ask(GUILD, question)
    assert answer.not_found


async def test_a_misheard_name_is_found_and_shown_as_it_was_heard(real: Library) -> None:
    (name,) = (await real.ask(GUILD, "how much is CoreWeave worth")).approximations
    assert name.typed == "CoreWeave"
    assert "cor weave" in name.said


async def test_names_that_were_misheard_are_suggested_for_the_glossary(real: Library) -> None:
    (name,) = await real.suggest_spellings(GUILD, term="Trainium")
    assert set(name.heard_as) == {"tranium", "trainum"}


async def test_a_word_that_was_never_said_is_named(real: Library) -> None:
    answer = await real.ask(GUILD, "how do I cool a zucchini with the power of a data center in Malaysia")
    assert answer.not_found == ("zucchini",)
    assert answer.quotes
