"""A server's subscriptions, and what is told of them, in Japanese: what stands there, and that it fits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.locales.servers import ServerLanguage, Source
from cogs.rendering import hearing, notifications, subscriptions
from cogs.rendering.reasons import LOCKED, SEND_MESSAGES, lacking
from cogs.rendering.subscriptions import PAGE_SIZE, Standing
from store.models import Digest, Settings, Subscription, Wanted
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import MANY, assert_within_limits, texts
from tests.cogs.rendering.test_subscriptions import NEWS, NOW, STANDINGS, VIENNA, standing

TOKYO = Settings(hour=9, zone="Asia/Tokyo")


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with speaking("ja"):
        yield


def test_a_page_says_where_what_and_how() -> None:
    wanted = Wanted(speaker="Ada *Miller*", language="de", matching='"sour dough" -cake', mention=3, publish=True)
    one = Standing(
        replace(NEWS, wanted=replace(wanted, digest=Digest.WEEKLY), owed=2, next_at=NOW + 60, last_sent_at=NOW - 60),
        "<#5>",
        "#talks",
        "<@&3>",
    )
    assert texts(subscriptions.page(one, VIENNA, [], now=NOW))[0].splitlines() == [
        "### news",
        "**場所：** <#5>（<@&3>にメンション）",
        '**内容：** 話者がAda \\*Miller\\*、言語がドイツ語で、`"sour dough" -cake`が出てくる新しい文字起こし',
        "**届け方：** 毎週金曜日18:00（Europe/Vienna）にまとめて、フォローしているサーバーにも公開",
        "**状態：** 正常 · 未送信2件 · 次回：<t:1800000060:R> · 最終送信：<t:1799999940:R>",
        "-# <t:1767225600:D>に<@7>が購読",
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(), "すべての新しい文字起こし"),
        (Wanted(tag="rye", from_channel="Talks"), "タグがrye、配信元がTalksの新しい文字起こし"),
        (Wanted(matching="酵母"), "`酵母`が出てくる新しい文字起こし"),
        (Wanted(matching="yeast sugar"), "「yeast」と「sugar」の両方が出てくる新しい文字起こし"),
        (
            Wanted(matching="yeast sugar flour -cake -rye"),
            "「yeast」、「sugar」、「flour」のすべてが出てきて、「cake」または「rye」は出てこない新しい文字起こし",
        ),
        (
            Wanted(matching="aa bb cc dd ee ff gg hh"),
            "「aa」、「bb」、「cc」、「dd」、「ee」、「ff」、ほか2件のすべてが出てくる新しい文字起こし",
        ),
    ],
)
def test_what_a_subscription_hears_of_is_one_phrase(wanted: Wanted, said: str) -> None:
    assert hearing.hears(wanted) == said


def test_who_subscribes_is_told_what_comes_when_and_what_is_wrong() -> None:
    daily = standing(mention=3, digest=Digest.DAILY)
    lacking = replace(daily, role="<@&3>", missing=("チャンネルを見る", "メッセージを送信"))
    view = subscriptions.subscribed(
        lacking, TOKYO, [], new=True, recent=3, taken=True, twice=[NEWS], unknown=Wanted("Ada", "rye", "Talks")
    )
    assert texts(view)[0].splitlines() == [
        (
            "<#5>に、すべての新しい文字起こしのお知らせを送ります。届け方：毎日09:00（Asia/Tokyo）にまとめて、<@&3>に"
            "メンション。指定の名前は使われているため、**news**という名前にしました。"
        ),
        "すでにある文字起こしのうち、最新の3件を今からお知らせします。",
        "-# 話者が「Ada」の文字起こしは、まだありません。",
        "-# タグ「rye」が付いた文字起こしは、まだありません。",
        "-# 配信元が「Talks」の文字起こしは、まだありません。",
        (
            "⚠️ このチャンネルには、すでに**news**がすべての新しい文字起こしのお知らせを送っているため、それらは二重に届"
            "きます。"
        ),
        (
            "⚠️ まだそこに投稿できません。そのチャンネルで、ボットに**チャンネルを見る**、**メッセージを送信**の権限"
            "を与えてください。それまでお知らせは保留し、再試行します。"
        ),
    ]
    paused = standing(replace(NEWS, paused=True), tag="rye")
    assert texts(subscriptions.subscribed(paused, TOKYO, [], new=False))[0].splitlines() == [
        "<#5>には、すでにタグがryeの新しい文字起こしのお知らせを送っています。届け方：すぐに。名前は**news**です。",
        "一時停止中です。**再開** を押すと続けます。",
    ]


def test_the_list_counts_and_says_how_each_is() -> None:
    failing = replace(NEWS, failing_since=NOW - 60, last_error=LOCKED, owed=1, next_at=0.0, abandoned=3)
    view = subscriptions.listed([standing(failing, tag="rye")], TOKYO, [], offset=8, total=12, failing=1, now=NOW)
    assert texts(view) == [
        "### 購読12件（うち1件は送信できていません）",
        (
            "**news** · <#5> · タグがryeの新しい文字起こし\n-# ⚠️ <t:1799999940:R>から送信できていません：スレッドが"
            "ロックされています · 未送信1件 · まもなく送信 · 取りやめ3件 · まだ送信なし · すぐに · 作成：<@7>"
        ),
        "-# 2/2ページ",
    ]


def test_going_on_and_the_end_say_what_becomes_of_what_waits() -> None:
    daily = replace(NEWS, wanted=Wanted(digest=Digest.DAILY), owed=3)
    assert [subscriptions.resumed(one, TOKYO) for one in (NEWS, replace(NEWS, owed=1), daily)] == [
        "再開しました。停止中に届いた文字起こしはありません。",
        "再開しました。停止中に届いた1件を今からお知らせします。",
        "再開しました。停止中に届いた3件を毎日09:00（Asia/Tokyo）にまとめてお知らせします。",
    ]
    assert texts(subscriptions.removed(standing(replace(NEWS, owed=3), tag="rye"), []))[0].splitlines() == [
        "<#5>への、タグがryeの新しい文字起こしのお知らせを終了しました（**news**）。",
        "-# 24時間以内なら、未送信の3件とともに元に戻せます。",
    ]


def test_what_fails_says_which_why_what_waits_and_what_to_do() -> None:
    one = replace(NEWS, failing_since=1e9, last_error=lacking([SEND_MESSAGES]), owed=2)
    (text,) = texts(notifications.failing([Standing(replace(one, next_at=2e9), "<#5>", "#talks")] * 12, []))
    assert text.splitlines()[0] == (
        "⚠️ **news**は<#5>に投稿できません：**メッセージを送信**の権限がありません。<t:1000000000:R>から2件が待ってい"
        "ます。次の再試行は<t:2000000000:R>です。"
    )
    assert text.splitlines()[10:] == [
        "ほか2件：`/購読一覧` で見られます。",
        (
            "原因を取り除いてから**今すぐ再試行** を押すか、別のチャンネルを選んでください。すべての購読は `/購読一覧`"
            " で見られます。14日以内に送れなかったものは、送信を取りやめます。"
        ),
    ]


def test_the_settings_say_when_digests_come_and_where_problems_are_told() -> None:
    found = Settings(hour=7, day=6, zone="Asia/Tokyo", problems_channel_id=5)
    lead = notifications.changed(Settings(), found, ServerLanguage())
    assert lead == (
        "変更しました：まとめは07:00（Asia/Tokyo）に届きます。毎週のまとめは日曜日に届きます。問題は<#5>で知らせます。"
    )
    (text,) = texts(
        notifications.settings(found, [], language=ServerLanguage(), daily_at=1e9, weekly_at=2e9, lead=lead)
    )
    assert text.splitlines()[1:] == [
        "### 通知の設定",
        (
            "**まとめ：** 07:00（Asia/Tokyo）に届きます。次回は、毎日のまとめが<t:1000000000:f>、毎週のまとめ（日曜日"
            "）が<t:2000000000:f>です。"
        ),
        "**問題：** 購読のお知らせを送れないときは、<#5>でモデレーターに一度だけ知らせます。",
        (
            "**言語：** お知らせ、アラート、問題の通知は英語で送ります。"
            "Discordで主要言語を設定できるのは、コミュニティサーバーだけです。"
        ),
        ("-# このサーバーのお知らせは英語です。`/通知 言語:日本語` を使うと、日本語になります。"),
        (
            "-# 変更するには `/通知 時: 曜日: タイムゾーン: 問題通知先: 言語:`、まとめて受け取るには `/購読 まとめ:` を"
            "使います。"
        ),
    ]


def test_the_settings_say_in_which_language_a_server_is_told_and_what_says_so() -> None:
    def line(language: ServerLanguage) -> str:
        (text,) = texts(notifications.settings(Settings(), [], language=language, daily_at=1e9, weekly_at=2e9))
        assert len(text.splitlines()) == 5
        return text.splitlines()[3]

    lead = "**言語：** お知らせ、アラート、問題の通知は"
    assert line(ServerLanguage("ja", Source.CHOSEN)) == f"{lead}日本語で送ります。"
    assert (
        line(ServerLanguage("ja", Source.PRIMARY))
        == f"{lead}、このサーバーのDiscordでの主要言語である日本語で送ります。"
    )
    assert line(ServerLanguage("en", Source.UNSPOKEN)) == (
        f"{lead}英語で送ります。このサーバーのDiscordでの主要言語には、まだ対応していません。"
    )
    chosen, default = Settings(language="ja"), Settings()
    assert notifications.changed(default, chosen, ServerLanguage("ja", Source.CHOSEN)) == (
        "変更しました：お知らせの言語は日本語です。"
    )
    assert notifications.changed(chosen, default, ServerLanguage()) == (
        "変更しました：お知らせの言語はDiscordのサーバー設定に従い、英語です。"
    )


@settings(MANY, max_examples=30)
@given(shown=st.lists(STANDINGS, min_size=1, max_size=PAGE_SIZE), new=st.booleans())
def test_every_screen_is_within_discords_limits(shown: list[Standing], new: bool) -> None:
    with speaking("ja"):
        view = subscriptions.listed(shown, VIENNA, [], offset=0, total=500, failing=3, now=NOW)
        assert_within_limits(view)
        assert len(texts(view)) == len(shown) + 2
        assert_within_limits(notifications.failing(shown * 3, []))
        for one in shown:
            assert_within_limits(subscriptions.page(one, VIENNA, [], now=NOW))
            assert_within_limits(subscriptions.subscribed(one, VIENNA, [], new=new, recent=10))
            assert_within_limits(subscriptions.removed(one, []))
            assert len(subscriptions.choice(one)) <= 100


def test_nothing_is_left_in_english() -> None:
    every = [NEWS, replace(NEWS, paused=True), replace(NEWS, failing_since=NOW, last_error=LOCKED)]
    wants = [Wanted(), Wanted("A", "b", "C", "de", "aa bb", 3, Digest.WEEKLY, publish=True), Wanted(matching="a b -c")]
    said: list[str] = []
    for one, wanted in ((one, wanted) for one in every for wanted in wants):
        subscription: Subscription = replace(one, wanted=wanted, owed=2, abandoned=1, next_at=NOW + 9)
        for silent in (False, True):
            stands = Standing(subscription, "<#5>", "#talks", "<@&3>", () if silent else ("チャンネルを見る",), silent)
            said += texts(subscriptions.page(stands, VIENNA, [], now=NOW))
            said += texts(subscriptions.subscribed(stands, VIENNA, [], new=True, recent=0))
            said += texts(subscriptions.subscribed(stands, VIENNA, [], new=False))
            said += texts(subscriptions.listed([stands], VIENNA, [], offset=0, total=9, failing=1, now=NOW))
            said += texts(notifications.failing([stands], []))
            said += [subscriptions.choice(stands), subscriptions.resumed(subscription, VIENNA)]
    said += texts(subscriptions.listed([], VIENNA, [], offset=0, total=0, failing=0, now=NOW))
    assert english("\n".join(said)) == []
