"""An answer as a message: verbatim, and within Discord's limits whatever was said."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from cogs import reading
from cogs.rendering import answers
from store.models import Answer, Details, Quote
from tests.cogs.rendering.made import ANSWERS, MANY, assert_within_limits, raw, texts
from tests.cogs.rendering.test_words import unescaped

YEAST = Quote(
    transcript_id=1,
    details=Details(
        title="How bread rises",
        url="https://youtu.be/bread-rises",
        speaker="Ada Miller",
        published=date(2025, 3, 1),
    ),
    text="the yeast eats the sugar",
    start_ms=67_500,
    end_ms=71_000,
    score=3.5,
    highlights=((4, 9),),
    content="0123abcd",
)
FOUND = Answer("what eats sugar?", (YEAST,), passages=1234, library_size=7)


@given(ANSWERS)
@MANY
def test_every_answer_is_within_discords_limits(found: Answer) -> None:
    assert_within_limits(answers.answer(found))


@given(ANSWERS)
@MANY
def test_every_answer_with_all_its_buttons_is_within_discords_limits(found: Answer) -> None:
    rows = reading.rows(found, "x" * 12, private=True)
    assert_within_limits(answers.answer(found, rows, asked_by=2**63 - 1))


def shown_words(found: Answer) -> list[str]:
    """Return what is shown of each quote, freed of marks and escapes, still with its ellipses."""
    said = [text.removeprefix("> ").rsplit("\n-# ", 1)[0] for text in texts(answers.answer(found)) if text[:2] == "> "]
    return [unescaped(words) for words in said]


@given(ANSWERS.filter(lambda found: bool(found.quotes and found.library_size)))
@MANY
def test_the_words_shown_are_a_piece_of_the_quote_and_an_ellipsis_stands_where_it_was_cut(found: Answer) -> None:
    shown = shown_words(found)
    assert len(shown) == len(found.quotes)
    for quote, words in zip(found.quotes, shown, strict=True):
        bare = words
        cut_before = words.startswith("… ") and not (quote.text.startswith("… ") and not quote.cut_before)
        if cut_before:
            bare = bare.removeprefix("… ")
        if bare.endswith(" …") and bare not in quote.text:
            bare = bare.removesuffix(" …")
        assert bare
        assert bare in quote.text
        if bare != quote.text:
            assert "…" in words


def test_words_are_shown_with_marks_link_and_origin() -> None:
    heading, quote, footer = texts(answers.answer(FOUND))
    assert heading == "### what eats sugar?"
    assert quote == "> the **yeast** eats the sugar\n-# How bread rises · Ada Miller · 2025-03-01"
    assert footer == "-# 1 of 1,234 matching passages, from one transcript"
    (button,) = [component for component in raw(answers.answer(FOUND)) if component["type"] == 2]
    assert (button["label"], button["url"]) == ("▶ 1:07", "https://www.youtube.com/watch?v=bread-rises&t=67s")


def test_an_address_that_its_second_would_make_too_long_is_linked_without_it() -> None:
    url = f"https://media.example.org/{'a' * 482}.mp4"
    assert len(url) == 512
    quote = replace(YEAST, details=replace(YEAST.details, url=url))
    view = answers.answer(replace(FOUND, quotes=(quote,)))
    assert_within_limits(view)
    assert [component["url"] for component in raw(view) if component["type"] == 2] == [url]
    assert "-# **1:07** · How bread rises" in texts(view)[1]


def test_a_later_page_is_numbered_and_an_asker_named() -> None:
    footer = texts(answers.answer(replace(FOUND, page=1), asked_by=7))[-1]
    assert footer == "-# page 2 · 1 of 1,234 matching passages, from one transcript\n-# asked by <@7>"


def test_a_page_after_the_last_says_so() -> None:
    assert texts(answers.answer(replace(FOUND, quotes=(), page=3))) == ["Nothing more was found."]


def test_an_answer_without_quotes_keeps_its_buttons() -> None:
    found = replace(FOUND, quotes=(), more=True)
    view = answers.answer(found, reading.rows(found, "token"))
    assert [component["label"] for component in raw(view) if component["type"] == 2] == ["More ▶"]


def test_quotes_from_several_transcripts_are_counted() -> None:
    other = replace(YEAST, transcript_id=2)
    footer = texts(answers.answer(replace(FOUND, quotes=(YEAST, other, YEAST))))[-1]
    assert footer == "-# 3 of 1,234 matching passages, from 2 transcripts"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (False, False, "> the **yeast** eats the sugar\n"),
        (True, False, "> … the **yeast** eats the sugar\n"),
        (False, True, "> the **yeast** eats the sugar …\n"),
        (True, True, "> … the **yeast** eats the sugar …\n"),
    ],
)
def test_a_quote_that_was_cut_says_where(before: bool, after: bool, shown: str) -> None:
    quote = replace(YEAST, cut_before=before, cut_after=after)
    assert texts(answers.answer(replace(FOUND, quotes=(quote,))))[1].startswith(shown)


def test_a_quote_too_long_for_the_message_is_cut_around_its_first_match() -> None:
    filler = " ".join(f"word{number}" for number in range(2000))
    text = f"{filler} yeast {filler}"
    quote = replace(YEAST, text=text, highlights=((len(filler) + 1, len(filler) + 6),))
    (shown,) = shown_words(replace(FOUND, quotes=(quote,)))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert " yeast " in shown
    assert len(shown) > 2000


def test_of_five_long_quotes_each_gets_its_share() -> None:
    quote = replace(YEAST, text="yeast " * 1000, highlights=())
    sizes = [len(words) for words in shown_words(replace(FOUND, quotes=(quote,) * 5))]
    assert min(sizes) > 500


def test_the_longest_details_leave_room_for_the_words() -> None:
    details = replace(YEAST.details, title="*" * 300, speaker="_" * 300, channel="|" * 300, url=None)
    quote = replace(YEAST, details=details, text="yeast " * 1000, highlights=())
    found = replace(FOUND, question="*" * 400, quotes=(quote,) * 5, not_found=("*" * 400,) * 40)
    assert_within_limits(answers.answer(found))
    assert min(len(words) for words in shown_words(found)) > 50


def test_many_words_found_nowhere_are_counted() -> None:
    found = replace(FOUND, quotes=(), not_found=tuple(f"word{number}" for number in range(12)))
    (said,) = texts(answers.answer(found))
    assert "“word0”, “word1”" in said
    assert "“word9” or 2 more" in said
    assert "word10" not in said


def test_nothing_found_without_a_missing_word_still_makes_a_sentence() -> None:
    (said,) = texts(answers.answer(replace(FOUND, quotes=())))
    assert said.startswith("No transcript here contains these words.")


def test_an_empty_library_is_told_apart_from_nothing_found() -> None:
    assert texts(answers.answer(Answer("why?"))) == [answers.EMPTY]
