"""Where a quote begins and ends: at a turn, after a sentence or a pause, if one is near; and no match is lost."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.library import Library
from store.models import Cue, Quote
from store.search import borders
from store.search.borders import LEAD, NEAR, Windows
from store.search.quoting import LONGEST, QUOTE_WORDS, Wanted
from tests.store.builders import ENGLISH, GUILD, cue_lines, native
from tests.store.search.plain_windows import heard, sizes
from tests.store.search.spoken import best_window, streamed

NOISE = ["[Music]", "", "♪ (laughs) ♪", ">>", "[Applause] [Music]"]
SAID = st.lists(st.sampled_from([*ENGLISH, "mill.", ">>", "quokka", "水車。"]), min_size=1, max_size=9).map(" ".join)
TALKS = st.lists(st.tuples(SAID | st.sampled_from(NOISE), st.sampled_from([1000, 2000, 9000])), min_size=1, max_size=40)


def is_noise(text: str) -> bool:
    """Whether a cue says no word: also where it is made of turns alone."""
    return text in NOISE or not set(text) - set("> ")


def cued(talk: Sequence[tuple[str, int]]) -> list[Cue]:
    """Cues with the time that each takes."""
    starts = [0, *accumulate(ms for _, ms in talk)]
    return [Cue(start, text) for start, (text, _) in zip(starts, talk, strict=False)]


def all_borders(cues: Sequence[Cue]) -> list[int]:
    """The positions of cues that begin something, and the end."""
    stream, _ = streamed(cues)
    return [*borders.borders(stream, np.zeros(1, np.int64)).tolist(), len(cues)]


def two(before: str, here: str, *, ms: int = 1000) -> bool:
    return 1 in all_borders([Cue(0, before), Cue(ms, here)])


def settled(cues: Sequence[Cue], window: range, matches: Sequence[int]) -> range:
    """A window of a talk with its ends moved."""
    stream, _ = streamed(cues)
    first, last = (matches[0], matches[-1]) if matches else (window[0], window[-1])
    windows = Windows(*(np.array([row]) for row in (window.start, window.stop, first, last)))
    where = borders.borders(stream, np.zeros(1, np.int64))
    starts, stops = borders.settled(stream, windows, where, np.array([0]), np.array([len(cues)]))
    return range(int(starts[0]), int(stops[0]))


@pytest.mark.parametrize(
    "here", [">> so the mill", " >>> so", "- so the mill", "— so", "ADA: the mill", "[Ada L.]: so"]
)
def test_a_speakers_turn_is_a_border(here: str) -> None:
    assert two("and then the river", here)


@pytest.mark.parametrize(
    "before", ["the mill.", "the mill? ", "the mill!", "the mill…", "“the mill.”", "水車。", "(the mill.)"]
)
def test_the_end_of_a_sentence_is_a_border(before: str) -> None:
    assert two(before, "and then")


@pytest.mark.parametrize(("before", "here"), [("the mill,", "and then"), ("the 1.5", "mills"), ("well-", "known: it")])
def test_the_middle_of_a_sentence_is_not(before: str, here: str) -> None:
    assert not two(before, here)


def test_a_pause_longer_than_the_words_take_is_a_border() -> None:
    assert two("the mill", "and then", ms=2500)
    assert not two("the mill by the river", "and then", ms=2500)


def test_the_ends_of_a_talk_are_borders() -> None:
    assert all_borders([Cue(0, "and"), Cue(100, "then")]) == [0, 2]


@settings(max_examples=200, deadline=None)
@given(TALKS, st.data())
def test_a_window_moves_to_borders_near_by_and_loses_no_match(talk: list[tuple[str, int]], data: st.DataObject) -> None:
    cues = cued(talk)
    before = sizes(cues)
    first = data.draw(st.integers(0, len(cues) - 1))
    window = range(first, data.draw(st.integers(first + 1, len(cues))))
    matches = sorted(data.draw(st.sets(st.sampled_from(window))))
    found = settled(cues, window, matches)
    ends = all_borders(cues)
    assert 0 <= found.start < found.stop <= len(cues)
    assert set(matches) <= set(found)
    leads = window.start == min(matches, default=window.start)  # a match alone at its beginning has some words before
    assert found.start == window.start or found.start in ends or leads
    assert found.stop == window.stop or found.stop in ends
    assert found.start >= window.start - NEAR
    assert found.stop <= window.stop + NEAR
    assert before[window.start] - before[min(found.start, window.start)] <= LEAD + 1e-6
    assert before[max(found.stop, window.stop)] - before[window.stop] <= LEAD + 1e-6


@settings(max_examples=100, deadline=None)
@given(TALKS)
def test_a_window_at_borders_stays_where_it_is(talk: list[tuple[str, int]]) -> None:
    cues = cued(talk)
    ends = all_borders(cues)
    window = range(ends[0], ends[1])
    assert settled(cues, window, list(window)) == window


@settings(max_examples=150, deadline=None)
@given(TALKS, st.data())
def test_a_quote_is_never_too_long_and_has_no_noise_at_its_ends(
    talk: list[tuple[str, int]], data: st.DataObject
) -> None:
    cues = cued(talk)
    window = best_window(cues, range(data.draw(st.integers(0, len(cues) - 1)), len(cues)), Wanted({"quokka": 3.0}))
    before = sizes(cues)
    assert len(window) == 1 or before[window.stop] - before[window.start] <= LONGEST * QUOTE_WORDS + 1e-6
    said = heard(cues)
    noise = [is_noise(said[at].text) for at in window]
    assert all(noise) or not (noise[0] or noise[-1])


async def asked(library: Library, *texts: str, step: int = 1) -> Quote:
    await library.ingest(GUILD, native(cue_lines(texts, step=step)), "talk.md")
    return (await library.ask(GUILD, "quokka")).quotes[0]


AROUND = [f"so the farmers argued about water taxes and bridges again{at}" for at in range(9)]
HERE = ["by the river where", "one quokka smiled at", "the old miller"]


async def test_a_quote_begins_at_a_turn(library: Library) -> None:
    quote = await asked(library, *AROUND, "of the mill", ">> and I saw", *HERE, *AROUND)
    assert quote.text.startswith(">> and I saw by the river")


async def test_a_quote_begins_after_a_sentence_and_ends_with_one(library: Library) -> None:
    quote = await asked(library, *AROUND[:6], "about the mill.", *HERE, *AROUND[:3], "who slept.", *AROUND)
    assert quote.text.startswith("by the river where one quokka")
    assert quote.text.endswith("who slept.")


async def test_a_quote_never_begins_or_ends_with_music(library: Library) -> None:
    quote = await asked(library, "[Music]", "", *HERE, "[Applause]", "[Music]")
    assert quote.text == " ".join(HERE)
    assert quote.start_ms == 2000
