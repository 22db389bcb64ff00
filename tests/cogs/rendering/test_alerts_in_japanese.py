"""A member's alerts, and what a test of a subscription says, in Japanese: what stands there, and that it fits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.rendering import alerts, rehearsals
from cogs.rendering.reasons import GONE, REFUSES_DMS
from store.models import Digest, Subscription, Wanted
from store.outbox.passing import TAG
from store.sentences import sentence
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import MANY, assert_within_limits, texts
from tests.cogs.rendering.test_announcements import BREAD
from tests.cogs.rendering.test_notifications import ALERTS
from tests.cogs.rendering.test_subscriptions import standing

YEAST = Subscription(1, 1, "yeast", None, 2, 2, "", Wanted(matching="yeast"))
REFUSED = replace(
    YEAST,
    failing_since=1e9,
    next_at=2e9,
    owed=2,
    last_error=REFUSES_DMS,
)


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with speaking("ja"):
        yield


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("yeast", "`yeast`が出てくる"),
        ("yeast sugar -cake", "`yeast sugar -cake`の両方が出てくる"),
        ("yeast sugar flour", "`yeast sugar flour`のすべてが出てくる"),
    ],
)
def test_a_member_is_told_what_they_will_be_told_of(words: str, said: str) -> None:
    one = replace(YEAST, wanted=Wanted(matching=words))
    assert texts(alerts.added(one, new=True, first=True)) == [
        (
            f"このサーバーの新しい文字起こしに{said}場合、ダイレクトメッセージでお知らせします。\n"
            "-# 受け取るには、サーバー名 → *プライバシー設定* → *ダイレクトメッセージ* で、このサーバーのメンバーから"
            "のダイレクトメッセージを許可してください。あなたのアラートは `/アラート 一覧` で見られます。"
        )
    ]
    assert texts(alerts.added(one, new=False))[0].splitlines()[0] == (
        f"このサーバーの新しい文字起こしに{said}場合にダイレクトメッセージでお知らせする設定は、すでにあります。"
    )
    assert texts(alerts.removed(one, [])) == [
        f"今後は、新しい文字起こしに{said}場合でもお知らせしません。\n-# 24時間以内なら元に戻せます。"
    ]
    assert texts(alerts.brought_back(one)) == [f"これからは、新しい文字起こしに{said}場合、再びお知らせします。"]


def test_the_list_says_how_each_goes_and_what_to_allow() -> None:
    told = replace(YEAST, last_sent_at=1e9, abandoned=1)
    assert texts(alerts.listed([told, REFUSED], most=10)) == [
        "### このサーバーでのあなたのアラート",
        (
            "- `yeast` · 最後のお知らせ：<t:1000000000:R> · 取りやめ1件\n- `yeast` · ⚠️ <t:1000000000:R>からお届けでき"
            "ていません（再試行は<t:2000000000:R>） · まだお知らせなし · 未送信2件"
        ),
        (
            "⚠️ このサーバーのメンバーからのダイレクトメッセージが許可されていないため、お知らせを送れません。サーバ"
            "ー名 → *プライバシー設定* → *ダイレクトメッセージ* で許可してください。\n-# アラート2件（最大10件） · `/"
            "アラート 削除` で終了できます"
        ),
    ]
    other = replace(REFUSED, last_error=GONE)
    assert (
        "からお届けできていません：チャンネルがなくなりました。別のチャンネルを選んでください（再試行は"
        in texts(alerts.listed([other], most=10))[1]
    )


def test_who_cannot_be_told_is_told_why_and_what_to_do() -> None:
    assert texts(alerts.failing([REFUSED])) == [
        (
            "⚠️ `yeast`のアラートを<t:1000000000:R>からお届けできていません：このサーバーのメンバーからのダイレクトメ"
            "ッセージを許可していません。\nサーバー名 → *プライバシー設定* → *ダイレクトメッセージ* で許可してくださ"
            "い。アラートは残してあり、毎日再試行します。状況は `/アラート 一覧` で見られます。"
        )
    ]


def test_a_test_says_what_would_have_been_sent_or_why_nothing() -> None:
    here, daily = standing(), standing(digest=Digest.DAILY)
    post = rehearsals.as_post("Bread", ["Baking", "ada"])
    assert post == "投稿名「Bread」、タグ`Baking`、`ada`"
    assert rehearsals.as_post("Bread", []) == "投稿名「Bread」、タグなし"
    said = [
        rehearsals.rehearsal(here, BREAD, None, other=True),
        rehearsals.rehearsal(here, BREAD, None, other=True, forum=post),
        rehearsals.rehearsal(daily, BREAD, None, other=True),
        rehearsals.rehearsal(here, BREAD, sentence(TAG, tag="rye"), other=True),
        rehearsals.rehearsal(here, BREAD, sentence(TAG, tag="rye"), other=False),
    ]
    assert ["\n".join(texts(view)) for view in said] == [
        "最新の文字起こし**How bread rises**なら、<#5>に次のお知らせを送ります：",
        (
            "最新の文字起こし**How bread rises**なら、<#5>に次のお知らせを送ります（投稿名「Bread」、タグ`Baking`、`a"
            "da`）："
        ),
        "<#5>では、最新の文字起こし**How bread rises**を、ほかの文字起こしと一緒に毎日のまとめでお知らせします。例：",
        (
            "最新の文字起こし**How bread rises**は、お知らせの対象外です：タグ「rye」が付いていません。\n対象になる最"
            "新の文字起こしなら、<#5>に次のお知らせを送ります："
        ),
        (
            "最新の文字起こし**How bread rises**は、お知らせの対象外です：タグ「rye」が付いていません。それより前の文"
            "字起こしも、確認した範囲ではすべて対象外です。"
        ),
    ]


@settings(MANY, max_examples=30)
@given(found=st.lists(ALERTS, min_size=1, max_size=10))
def test_every_screen_is_within_discords_limits(found: list[Subscription]) -> None:
    with speaking("ja"):
        assert_within_limits(alerts.listed(found, most=10))
        assert_within_limits(alerts.failing(found))
        for one in found:
            assert_within_limits(alerts.added(one, new=True, first=True))
            assert_within_limits(alerts.removed(one, []))


def test_nothing_is_left_in_english() -> None:
    weekly, known = standing(digest=Digest.WEEKLY), ["How bread rises"]
    views = [
        alerts.listed([], most=10),
        alerts.listed([YEAST, REFUSED], most=10),
        rehearsals.rehearsal(weekly, BREAD, None, other=True),
        rehearsals.rehearsal(weekly, BREAD, sentence(TAG, tag="rye"), other=True),
    ]
    assert english("\n".join("\n".join(texts(view)) for view in views), known) == []
