"""A quote's words: verbatim, marked, by whom, and with … for whatever is left out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.rendering.quotes import brief, told
from store.models import Details, Part, Quote
from tests.cogs.rendering.made import ADDRESSES, MANY, quotes
from tests.cogs.rendering.test_words import freed, unescaped

QUOTE = Quote(1, Details("t"), "the yeast eats the sugar", 0, 1000, 1.0, highlights=((4, 9),))
TALK = "so it rises it rises it rises and why because of the gas"
PARTS = (
    Part(0, 11, 0, "Ada Vale"),
    Part(12, 20, 1000, "Ada Vale", echo=True),
    Part(21, 29, 2000, "Ada Vale", echo=True),
    Part(30, 37, 3000, "Bo"),
    Part(38, 56, 4000, "Ada Vale"),
)
MORE = settings(MANY, max_examples=200)
TURNS = replace(QUOTE, text=TALK, highlights=((53, 56),), parts=PARTS, short=(3, 5))


@given(quotes(ADDRESSES))
@MORE
def test_the_words_shown_are_pieces_of_the_quote_and_an_ellipsis_stands_where_it_was_cut(quote: Quote) -> None:
    quote = replace(quote, parts=())  # who speaks stands between the words: see below
    words = unescaped(told(quote, 1000, whole=True))
    whole = {words, words.removeprefix("… ")}  # either may be the quote's own
    whole |= {text.removesuffix(" …") for text in whole}
    pieces = {piece for text in whole for piece in freed(text) if piece and piece in quote.text}
    assert pieces
    assert quote.text in pieces or "…" in words


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (False, False, "the **yeast** eats the sugar"),
        (True, False, "… the **yeast** eats the sugar"),
        (False, True, "the **yeast** eats the sugar …"),
        (True, True, "… the **yeast** eats the sugar …"),
    ],
)
def test_a_quote_that_was_cut_says_where(before: bool, after: bool, shown: str) -> None:
    assert told(replace(QUOTE, cut_before=before, cut_after=after), 100, whole=True) == shown


def test_a_quote_too_long_for_the_message_is_cut_around_its_first_match() -> None:
    filler = " ".join(f"word{number}" for number in range(2000))
    quote = replace(QUOTE, text=f"{filler} yeast {filler}", highlights=((len(filler) + 1, len(filler) + 6),))
    shown = told(quote, 3500, whole=True)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert " **yeast** " in shown
    assert 2000 < len(shown) <= 3500


def test_who_speaks_is_named_where_that_changes_and_what_is_said_again_stands_once() -> None:
    assert told(TURNS, 1000, whole=True) == (
        "*Ada Vale:* so it rises\n> *Bo:* and why\n> *Ada Vale:* because of the **gas**"
    )


def test_the_short_form_is_of_the_cues_that_match() -> None:
    assert told(TURNS, 1000, whole=False) == "… *Bo:* and why\n> *Ada Vale:* because of the **gas**"


def test_an_echo_within_what_one_says_is_an_ellipsis() -> None:
    parts = tuple(part._replace(speaker=None) for part in PARTS)
    assert told(replace(TURNS, parts=parts), 1000, whole=True) == "so it rises … and why because of the **gas**"


def test_a_name_can_neither_format_nor_be_endless() -> None:
    parts = (Part(0, 24, 0, "*_" * 60),)
    assert told(replace(QUOTE, parts=parts), 1000, whole=True).startswith("*\\*\\_")
    assert len(told(replace(QUOTE, parts=parts), 1000, whole=True)) < 90


def test_a_quote_in_brief_is_whole_where_it_fits_and_else_short_and_else_fewer_cues_around_the_first_match() -> None:
    whole = told(TURNS, 1000, whole=True)
    assert told(brief(TURNS, len(whole)), 1000, whole=False) == whole
    short = told(TURNS, 1000, whole=False)
    assert told(brief(TURNS, len(whole) - 1), 1000, whole=False) == short
    assert told(brief(TURNS, len(short) - 1), 1000, whole=False) == "… *Ada Vale:* because of the **gas**"


@given(quotes(ADDRESSES), st.integers(1, 500))
@MORE
def test_a_quote_in_brief_takes_no_more_room_unless_it_is_one_cue(quote: Quote, room: int) -> None:
    short = brief(quote, room)
    first, end = short.short
    assert len(told(short, 10**6, whole=False)) <= room or end - first <= 1
    assert not short.parts or short.shown_ms[0] in {quote.start_ms, short.parts[first].start_ms}
