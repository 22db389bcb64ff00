"""The library's pages as messages."""

from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.locales.catalogues import LANGUAGES
from cogs.rendering import listings
from store.models import Details, Entry, Order, Page, Spoken, SpokenBy
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import ENTRIES, MANY, assert_within_limits, texts

BREAD = Entry(
    id=1,
    details=Details(title="How bread rises", url="https://talks.example.org/(bread)"),
    duration_ms=84 * 60_000,
    cues=3,
    words=22,
    passages=1,
    ingested_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(entries=st.lists(ENTRIES, min_size=1, max_size=listings.PAGE_SIZE).map(tuple))
@MANY
def test_every_page_of_the_library_is_within_discords_limits(language: str, entries: tuple[Entry, ...]) -> None:
    buttons = discord.ui.ActionRow[discord.ui.LayoutView]()
    buttons.add_item(discord.ui.Button(label="Older ▶", custom_id="library:older:999999999"))
    buttons.add_item(discord.ui.Button(label="◀ Newer", custom_id="library:newer:999999999"))
    with speaking(language):
        assert_within_limits(listings.library(Page(entries, 10**6, 999_992, unindexed=9), buttons, search="*" * 100))


def test_a_page_of_the_longest_details_is_within_discords_limits() -> None:
    url = f"https://talks.example.org/{'(' * 486}"
    details = Details(title="*" * 300, speaker="_" * 300, channel="|" * 300, url=url)
    assert_within_limits(listings.library(Page((replace(BREAD, details=details),) * 8, 9), None))


def test_what_is_not_in_the_library_is_said_as_it_was_asked_for() -> None:
    nothing = Page((), 0, 0, 0, 7)
    assert texts(listings.library(nothing, None, search="zz*z")) == [
        "No transcript's title, speaker, channel, tag or link says “zz\\*z”."
    ]
    assert texts(listings.library(nothing, None, narrowed=["by Ada", "tagged mill"])) == [
        "None of the 7 transcripts here is by Ada; tagged mill; leave something out."
    ]
    assert texts(listings.library(nothing, None, search="zzz", narrowed=["by Ada"])) == [
        "Of the transcripts here (by Ada) no title, speaker, channel, tag or link says “zzz”; leave something out."
    ]


def test_a_line_of_the_library_counts_through_the_pages() -> None:
    shown = texts(listings.library(Page((BREAD, BREAD), 1234, 8), None))
    assert shown[1].startswith("9. **[How bread rises]")
    assert "\n10. **[How bread rises]" in shown[1]
    assert shown[2] == "-# 1,234 transcripts, the newest first · page 2 of 155"


def test_it_says_how_many_passages_have_a_sentence_vector_where_these_are_on() -> None:
    shown = texts(listings.library(Page((BREAD,), 1, vectors=(1204, 5678)), None))
    assert shown[2].splitlines()[1] == "-# Similar in meaning: 1,204 of 5,678 passages"


def test_brackets_in_an_address_do_not_end_its_link() -> None:
    shown = texts(listings.library(Page((BREAD,), 1), None))
    assert shown[1] == "1. **[How bread rises](https://talks.example.org/%28bread%29)**\n-# 1 h 24 min"


def test_a_title_cannot_break_out_of_its_link() -> None:
    details = Details(title="a](https://evil.example) <@1>", url="https://talks.example.org/bread")
    entry = Entry(1, details, 1000, 1, 1, 1, BREAD.ingested_at)
    shown = texts(listings.library(Page((entry,), 1), None))
    assert r"[a\](https\://evil.example) \<\@1\>](https://talks.example.org/bread)" in shown[1]


def test_a_transcript_without_a_link_is_listed_by_its_title() -> None:
    entry = Entry(1, Details(title="How bread rises"), 1000, 1, 1, 1, BREAD.ingested_at)
    assert texts(listings.library(Page((entry,), 1), None))[1] == "1. **How bread rises**\n-# 1 s"


def test_a_page_of_the_library_is_told_of_in_japanese() -> None:
    entry = replace(BREAD, spoken=Spoken("de", SpokenBy.FILE))
    page = Page((entry,), 1234, 8, 40, 1234, vectors=(1204, 5678))
    with speaking("ja"):
        shown = texts(listings.library(page, None, search="パン", order=Order.TITLE, narrowed=["2025"]))
        words = replace(BREAD, details=Details("潮", timed=False))
        assert texts(listings.library(Page((words,), 1), None))[1] == "1. **潮**\n-# 22語"
    assert shown[:2] == [
        "### ライブラリ",
        "9. **[How bread rises](https://talks.example.org/%28bread%29)**\n-# 1時間24分 · ドイツ語",
    ]
    assert shown[2].splitlines() == [
        "-# 1,234件（「パン」、2025）、タイトル順 · 2/155ページ",
        "-# 更新後の索引を作り直しています。現在は1,234件中1,194件に質問できます",
        "-# 意味の近い箇所の検索：5,678か所中1,204か所が準備済み",
    ]


@pytest.mark.parametrize("search", ["", "潮"])
@pytest.mark.parametrize("narrowed", [[], ["2025"]])
@pytest.mark.parametrize("order", Order)
def test_no_page_in_japanese_has_a_sentence_left_in_english(search: str, narrowed: list[str], order: Order) -> None:
    with speaking("ja"):
        for page in (Page((), 0, 0, 0, 7), Page((), 0), Page((BREAD,), 9, 0, 1, 9, vectors=(1, 2))):
            said = texts(listings.library(page, None, search=search, narrowed=narrowed, order=order))
            assert english("\n".join(said), ["How bread rises"]) == []
