"""A quote among the words around it as a message: verbatim, the quote marked, within Discord's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime

import discord
import pytest
from hypothesis import given

from cogs.locales import speaking
from cogs.locales.catalogues import LANGUAGES
from cogs.rendering import excerpts
from store.models import Details, Entry, Excerpt
from tests.cogs.rendering import made
from tests.cogs.rendering.made import MANY, assert_within_limits, raw, texts
from tests.cogs.rendering.test_words import freed, unescaped

BREAD = Details("How bread rises", url="https://youtu.be/bread-rises", speaker="Ada Miller", published=date(2025, 3, 1))
FOUND = Excerpt(
    Entry(1, BREAD, 120_000, 9, 40, 1, datetime(2026, 1, 1, tzinfo=UTC)),
    before="welcome back to the bakery",
    quote="the *yeast* eats the sugar",
    after="so the dough doubles",
    start_ms=37_500,
    quote_ms=67_500,
    end_ms=101_000,
    wider=60,
)


def wider() -> discord.ui.Button[discord.ui.LayoutView]:
    return discord.ui.Button(label="Wider", custom_id="w" * 100)


def labelled(found: Excerpt) -> dict[str, str]:
    """Return the addresses of the buttons of an excerpt by their labels."""
    view = excerpts.excerpt(found, wider())
    return {button["label"]: button.get("url", "") for button in raw(view) if button["type"] == 2}


@pytest.mark.parametrize("language", LANGUAGES)
@given(found=made.excerpts())
@MANY
def test_every_excerpt_is_within_discords_limits(language: str, found: Excerpt) -> None:
    with speaking(language):
        assert_within_limits(excerpts.excerpt(found, wider()))


@given(made.excerpts())
@MANY
def test_every_word_of_an_excerpt_is_shown_as_it_was_said(found: Excerpt) -> None:
    shown = [unescaped(text) for text in texts(excerpts.excerpt(found, None))]
    for said in filter(None, (found.before.strip(), found.after.strip())):
        assert any(said in freed(text) for text in shown)
    quote = found.quote.strip()
    assert not quote or any(quote in freed(text.removeprefix("> ")) for text in shown if text.startswith("> "))


def test_the_quote_stands_in_bold_between_what_was_said_before_and_after() -> None:
    assert texts(excerpts.excerpt(FOUND, wider())) == [
        "### How bread rises\n-# 0:37 – 1:41 · Ada Miller · 2025-03-01",
        "welcome back to the bakery",
        r"> **the \*yeast\* eats the sugar**",
        "so the dough doubles",
    ]


def test_the_video_opens_at_the_quote_and_where_the_excerpt_begins() -> None:
    address = "https://www.youtube.com/watch?v=bread-rises&t="
    assert labelled(FOUND) == {"▶ 1:07": f"{address}67s", "▶ From 0:37": f"{address}37s", "Wider": ""}
    assert labelled(replace(FOUND, before="", start_ms=67_500)) == {"▶ 1:07": f"{address}67s", "Wider": ""}


def test_a_host_that_opens_at_no_second_is_linked_once_and_the_time_is_written() -> None:
    entry = replace(FOUND.entry, details=replace(BREAD, url="https://talks.example.org/bread"))
    found = replace(FOUND, entry=entry)
    assert labelled(found) == {"Open video": "https://talks.example.org/bread", "Wider": ""}
    assert "-# 0:37 – 1:41, the quote at 1:07 · Ada Miller" in texts(excerpts.excerpt(found, None))[0]


def test_without_a_link_and_a_wider_excerpt_there_is_no_button() -> None:
    found = replace(FOUND, entry=replace(FOUND.entry, details=replace(BREAD, url=None)))
    assert [found for found in raw(excerpts.excerpt(found, None)) if found["type"] in {1, 2}] == []


def test_a_transcript_that_was_replaced_a_full_message_and_a_whole_transcript_are_said() -> None:
    assert texts(excerpts.excerpt(replace(FOUND, changed=True), None))[1] == str(excerpts.CHANGED)
    assert texts(excerpts.excerpt(replace(FOUND, wider=None), None))[-1] == str(excerpts.FULL)
    assert texts(excerpts.excerpt(replace(FOUND, wider=None, whole=True), None))[-1] == str(excerpts.WHOLE)


def test_times_that_go_backwards_make_no_range_that_does() -> None:
    assert "-# 0:37 – 0:37 · " in texts(excerpts.excerpt(replace(FOUND, end_ms=5_000), None))[0]


def test_a_single_cue_longer_than_a_message_is_cut_and_says_so() -> None:
    found = replace(FOUND, before="", quote="*yeast* " * 2000, after="", wider=None)
    view = excerpts.excerpt(found, None)
    assert_within_limits(view)
    assert texts(view)[1].endswith("…**")


def test_a_moment_at_which_a_new_version_says_nothing_is_not_left_empty() -> None:
    assert texts(excerpts.excerpt(replace(FOUND, quote=" ", changed=True), None))[3] == "-# Nothing was said here."


def test_words_that_run_right_to_left_reorder_nothing_around_them() -> None:
    details = replace(BREAD, title="שלום (2)", speaker="a\u202eb")
    found = replace(FOUND, entry=replace(FOUND.entry, details=details), before="מים", quote="לחם 5", after="c\u202ed")
    assert texts(excerpts.excerpt(found, None))[:4] == [
        "### \u2068שלום (2)\u2069\n-# 0:37 – 1:41 · \u2068a\u202eb\u2069 · 2025-03-01",
        "\u2068מים\u2069",
        "> **\u2068לחם 5\u2069**",
        "\u2068c\u202ed\u2069",
    ]


def test_an_excerpt_is_told_of_in_japanese_and_quoted_as_it_was_said() -> None:
    entry = replace(FOUND.entry, details=replace(BREAD, url="https://talks.example.org/bread"))
    found = replace(FOUND, entry=entry, changed=True, wider=None)
    with speaking("ja"):
        assert texts(excerpts.excerpt(found, None)) == [
            "### How bread rises\n-# 0:37 – 1:41（引用は1:07） · Ada Miller · 2025-03-01",
            "この文字起こしは引用された後に置き換えられました。以下は現在の内容です。",
            "welcome back to the bakery",
            r"> **the \*yeast\* eats the sugar**",
            "so the dough doubles",
            "-# 1つのメッセージにはこれ以上表示できません。続きは動画でご覧ください。",
        ]
        assert texts(excerpts.excerpt(replace(FOUND, whole=True), None))[-1] == "-# これが文字起こしの全体です。"
        assert texts(excerpts.excerpt(replace(FOUND, quote=""), None))[2] == "-# ここでは何も話されていません。"
        assert list(labelled(found)) == ["動画を開く", "Wider"]
        assert list(labelled(FOUND)) == ["▶ 1:07", "▶ 0:37から", "Wider"]
