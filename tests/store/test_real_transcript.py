"""A real file of 84 minutes of automatic captions: questions whose answers were found by listening."""

import pytest

from store.library import Library
from store.links import moment
from tests.store.builders import GUILD, SHARED

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


async def test_a_word_that_was_never_said_is_named(real: Library) -> None:
    answer = await real.ask(GUILD, "how do I cool a zucchini with the power of a data center in Malaysia")
    assert answer.not_found == ("zucchini",)
    assert answer.quotes


def seconds(clock: str) -> int:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + int(rest)
