"""The post of a new transcript in Japanese: what stands in it, and that it fits; what was said stays as it was said."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.rendering.announcements import (
    forum_tags,
    heading_of_digest,
    heading_of_many,
    one,
    post_title,
    post_title_together,
    together,
)
from store.models import Approximation, Details, Digest, Told
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import MANY, assert_within_limits, texts, values
from tests.cogs.rendering.test_announcements import BREAD, DETAILS, GONE, LONG, TOLD, TOLDS, URL, WORST, of_type
from tests.cogs.rendering.test_forum_posts import tag

KNOWN = ["How bread rises", "How \\*bread\\* rises", "Ada Miller", "The Bakery", "the yeast eats the sugar"]


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with speaking("ja"):
        yield


def test_a_new_transcript_is_told() -> None:
    view, known = one(TOLD, post=3), "2分 · Ada Miller · The Bakery · 2025-03-01\n`baking` `a tick`"
    assert texts(view) == [
        f"### 新しい文字起こし\n**[How bread rises]({URL}&t=0s)**\n{known}",
        f"**場面**\n> [▶ 0:07]({URL}&t=7s) the yeast eats the sugar",
        f"**チャプター**\n[0:00]({URL}&t=0s) Flour\n[1:05]({URL}&t=65s) Water",
    ]
    assert [button["label"] for button in of_type(view, 2)] == ["これについて質問", "▶ 動画を見る"]


def test_what_is_watched_for_is_named() -> None:
    words = "one two three four five six seven"
    assert texts(one(TOLD, post=3, matching=words))[0].splitlines()[0] == (
        "### 新しい文字起こしに出てきた言葉：「two」、「three」、「four」、「five」、「six」、ほか1件"
    )
    heard = replace(TOLD, heard=(Approximation("yeast", ("east", "yes")),))
    assert texts(one(heard, post=3, matching="yeast"))[0].splitlines()[:2] == [
        "### 新しい文字起こしに出てきたと思われる言葉：「yeast」",
        "-# *yeast ≈ 「east」、「yes」*",
    ]
    corrected = replace(TOLD, quotes=(), moments=(), unsaid=True)
    said = texts(one(corrected, post=3, matching="yeast"))[0].splitlines()
    assert said[0] == "### 文字起こしに出てきた言葉：「yeast」"
    assert said[-1] == "その後訂正され、この言葉は出てこなくなりました。"


def test_many_are_told_by_their_number_and_what_is_left_is_counted() -> None:
    assert [heading_of_many(12, digest) for digest in (None, *Digest)] == [
        "新しい文字起こし12件",
        "直近1日の新しい文字起こし12件",
        "直近1週間の新しい文字起こし12件",
    ]
    assert [heading_of_digest(digest) for digest in Digest] == [
        "直近1日の新しい文字起こし",
        "直近1週間の新しい文字起こし",
    ]
    every = [Told(f"Talk {at}", replace(BREAD, id=at)) for at in range(1, 41)]
    said = "\n".join(texts(together(every, post=3, heading="40件", matching="yeast")))
    assert said.startswith("### 40件\n-# 話に出てくる言葉：「yeast」\n")
    assert said.endswith("\n-# ほか32件：`/ライブラリ` で見られます")


def test_of_what_is_removed_or_hardly_known_that_is_said() -> None:
    assert texts(one(GONE, post=3)) == ["### 削除された文字起こし\n~~How \\*bread\\* rises~~"]
    bare = Told("talk", replace(BREAD, details=Details("talk", timed=False)))
    assert texts(one(bare, post=3)) == ["### 新しい文字起こし\n**talk**\n1,234語"]
    several = Told("talk", replace(BREAD, details=Details("talk"), speakers=("Ada", "Bo", "Cy", "Di")))
    assert texts(one(several, post=3))[0].splitlines()[2] == "2分 · Ada、Bo、Cy、ほか1件"


def test_a_direct_message_says_whose_alert_it_is() -> None:
    for words, line in (
        (
            "yeast",
            "-# サーバー**Room**の`yeast`のアラートです。",
        ),
        (None, "-# サーバー**Room**のアラートです。"),
    ):
        ends = "終了するには、そのサーバーで `/アラート 削除` を使ってください"
        said = texts(one(TOLD, post=3, matching=words, guild=9, server="Room"))[0].splitlines()
        assert said[1] == f"{line}{ends}"


def test_a_forums_post_is_titled_in_japanese_and_tagged_with_its_language_in_either() -> None:
    assert post_title(GONE) == "［削除済み］How *bread* rises"
    assert post_title(Told("", replace(BREAD, details=Details("")))) == "新しい文字起こし"
    assert post_title_together([TOLD, TOLD], heading="2件") == "2件：How bread rises、How bread rises"
    for available in ("ドイツ語", "German"):
        assert [found.name for found in forum_tags(TOLD, [tag(available)])] == [available]


def test_nothing_but_what_was_said_is_in_english() -> None:
    heard = replace(TOLD, heard=(Approximation("yeast", ("east",)),))
    unsaid = replace(TOLD, quotes=(), unsaid=True, entry=replace(BREAD, details=replace(DETAILS, speaker=None)))
    for told in (TOLD, GONE, heard, unsaid):
        for matching in (None, "yeast"):
            views = [
                one(told, post=3, matching=matching, guild=9, server="R"),
                together([told] * 30, post=3, heading=heading_of_many(30, None), matching=matching),
            ]
            for view in views:
                assert english("\n".join(texts(view)).replace("**yeast**", "yeast"), KNOWN) == []


@settings(MANY, max_examples=30)
@given(told=TOLDS, matching=st.none() | values(400), id_=st.none() | st.integers(0, 2**64 - 1))
def test_every_post_is_within_discords_limits(told: Told, matching: str | None, id_: int | None) -> None:
    with speaking("ja"):
        server = told.title if id_ else None
        assert_within_limits(one(told, post=10**18 - 1, matching=matching, role=id_, guild=id_, server=server))
        heading = heading_of_many(30, Digest.WEEKLY)
        assert_within_limits(together([told] * 30, post=10**18 - 1, heading=heading, matching=matching, role=id_))
        assert 1 <= len(post_title_together([told] * 30, heading=heading)) <= 100


def test_the_longest_post_keeps_its_quotes_and_its_buttons() -> None:
    heard = (Approximation("|" * 500, ("[" * 500,) * 9),) * 9
    told = Told("*" * 5000, WORST, quotes=(LONG,) * 9, moments=(LONG,) * 9, heard=heard)
    for matching in (None, "<@1>" * 200):
        view = one(told, post=10**18 - 1, matching=matching, role=2**63, guild=2**63, server="*" * 100)
        assert_within_limits(view)
        assert len(texts(view)) == 6
        assert len(of_type(view, 2)) == 2
