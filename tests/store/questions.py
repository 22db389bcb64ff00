"""Questions of every kind, talks to ask them of, and a library to do it in."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from hypothesis import strategies as st

from store.library import Library
from store.models import Answer, Quote
from store.text.analysis import units
from tests.store.builders import ENGLISH, GUILD, cue_lines, native

MOST = 400  # characters of a question

PIECES = st.sampled_from(
    [
        *(
            '"',
            "“",
            "”",
            "„",
            "«",
            "»",
            "＂",
            "-",
            "－",
            "−",
            '-"',
            "—",
            "’",
            "'",
            "...",
            "?",
            " ",
            "\n",
            "\u3000",
            "\u200f",
        ),
        *("水", "水車", "データ", "センター", "ｶﾞ", "ー", "々", "の", "방앗간", "ﷺ", "שלום", "مرحبا", "½", "²", "１２"),
        *(
            "👍🏽",
            "👩‍👩‍👧",
            "e\u0301",
            "ＭＩＬＬ",
            "ﬁ",
            "ß",
            "-5",
            "1,000",
            "the",
            "tell",
            "mill",
            "-river",
            "bakers",
            " -",
        ),
    ]
)
TEXTS = (
    st.lists(st.text(max_size=8) | PIECES | PIECES, max_size=60).map("".join).map(lambda text: text[:MOST])
    | st.text(max_size=MOST)
    | st.text("abeiknorst", min_size=150, max_size=MOST)
)

WORDS = st.sampled_from(ENGLISH)
CUES = st.lists(WORDS, max_size=9).map(" ".join)
LONG = st.lists(WORDS, min_size=30, max_size=120).map(" ".join)
TALKS = st.lists(st.lists(CUES | CUES | CUES | LONG, min_size=1, max_size=40), min_size=1, max_size=4)
MIXED = (
    ("the baker counted loaves by candle light", "水車小屋の話をしました", ">> and the bakers slept", "[Music]"),
    ("データセンターの電力", "the mill by the river", "issue化しておきます", "", "cor weave bought the power"),
)


def asking(talks: Iterable[Sequence[str]], scenario: Callable[[Library], Awaitable[None]]) -> None:
    """Run a scenario with a library of these talks, in a folder of its own."""

    async def run(path: Path) -> None:
        async with Library.opened(path) as library:
            for number, texts in enumerate(talks):
                data = native(cue_lines(texts), video_id=f"talk-{number}")  # those that say the same are two
                await library.ingest(GUILD, data, f"talk {number}.md")
            await scenario(library)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "verbatim.db"))


def folded_words(text: str) -> list[str]:
    """The words of a text as they are compared, stop words included."""
    return [unit.folded for unit in units(text)]


def says(text: str, words: str) -> bool:
    """Whether a text has these words in a row."""
    return f" {' '.join(folded_words(words))} " in f" {' '.join(folded_words(text))} "


def marked(quote: Quote) -> list[str]:
    """What is marked in a quote."""
    return [quote.text[start:end] for start, end in quote.highlights]


def heard_as(answer: Answer) -> dict[str, tuple[str, ...]]:
    """What the question's words were heard as, by what was typed."""
    return {one.typed: one.said for one in answer.approximations}
