"""What became of a transcript's deliveries, in Japanese: each state and what it waits for, counted and together."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.rendering import deliveries
from cogs.rendering.reasons import CREATE_POSTS, LOCKED, lacking
from store.models import Delivery, Digest, Entry, Hold, Match, State, Subscription, Traced, Wanted
from store.outbox.passing import LANGUAGE, TAG
from store.outbox.sending import why_not
from store.sentences import sentence
from store.text.languages import said as named
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import ENTRIES, MANY, assert_within_limits, texts, values
from tests.cogs.rendering.test_announcements import BREAD
from tests.cogs.rendering.test_deliveries_fit import OWED, SUBSCRIPTIONS

NEWS = Subscription(1, 1, "news", 5, None, 7, "2025-01-01T00:00:00+00:00")
LINK = "https://discord.com/channels/1/5/9"
UNTIL, AGAIN = "<t:2000000000:f>", "<t:2000000000:R>"


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    with speaking("ja"):
        yield


def owed(state: State, hold: Hold | None = None, **given: Any) -> Delivery:
    one = Delivery(1, 1, "news", 1, 7, "Bread", state, None, 1e9, 2e9, None, 5, None, None, None, hold=hold)
    return replace(one, **given)


def sent(**given: Any) -> Delivery:
    return owed(State.SENT, **{"due_at": None, "sent_at": 1e9, "place_id": 5, "message_id": 9, **given})


def became(delivery: Delivery | None, wanted: Wanted | None = None) -> str:
    """Return what is said of a delivery behind its subscription's name and place."""
    traced = Traced(7, "Bread", BREAD, (delivery,) if delivery else ())
    subscription = replace(NEWS, wanted=wanted or Wanted())
    said = texts(deliveries.one(traced, subscription, delivery, place="<#5>", refused=None))[1].splitlines()[0]
    assert said.startswith("**news**（<#5>）：")
    return said.removeprefix("**news**（<#5>）：")


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        (sent(), f"<t:1000000000:f>に[送信]({LINK})しました。"),
        (sent(sent_at=None), f"[送信]({LINK})しました（時刻の記録なし）。"),
        (sent(together=3), f"<t:1000000000:f>に[送信]({LINK})しました（ほか2件と1つの投稿で）。"),
        (sent(place_id=None), "<t:1000000000:f>に送信しました。そのメッセージは後で削除され、再投稿はしません。"),
        (
            sent(reason=LOCKED, unpublished=True, due_at=2e9),
            (
                f"<t:1000000000:f>に[送信]({LINK})しましたが、まだ公開できていません：スレッドがロックされています。"
                f"再試行は{AGAIN}です。"
            ),
        ),
        (
            sent(reason=LOCKED, unpublished=True),
            f"<t:1000000000:f>に[送信]({LINK})しましたが、公開できませんでした：スレッドがロックされています。",
        ),
        (
            sent(reason=LOCKED, due_at=2e9),
            (
                f"<t:1000000000:f>に[送信]({LINK})しました。メッセージを編集できません：スレッドがロックされています"
                f"。再試行は{AGAIN}です。"
            ),
        ),
        (sent(due_at=2e9), f"<t:1000000000:f>に[送信]({LINK})しました。まもなくメッセージを編集します。"),
        (
            sent(due_at=2e9, unpublished=True),
            f"<t:1000000000:f>に[送信]({LINK})しました。まもなくメッセージを公開します。",
        ),
        (owed(State.WAITING), "まもなく送信します。"),
        (owed(State.WAITING, Hold.PAUSE), "購読が一時停止中のため待っています。"),
        (
            owed(State.WAITING, Hold.RETRY, reason=LOCKED),
            f"前回送れなかったため、{UNTIL}まで待っています：スレッドがロックされています。",
        ),
        (owed(State.WAITING, Hold.LIMIT), f"チャンネルへの投稿が1時間の上限に達したため、{UNTIL}まで待っています。"),
        (owed(State.SENDING), "送信中です。"),
        (
            owed(State.SENDING, Hold.RETRY, reason=LOCKED, tries=3),
            f"送信されたかどうか不明です：スレッドがロックされています。3回試し、{AGAIN}に確認します。",
        ),
        (
            owed(State.FAILING, Hold.RETRY, reason=lacking([CREATE_POSTS]), tries=2),
            (
                "<t:1000000000:f>から送信できていません：**投稿を作成**の権限がありません。2回試しました。次の再試行"
                f"は{AGAIN}です。"
            ),
        ),
        (
            owed(State.SKIPPED, reason=why_not(Match((), missing=("yeast",)))),
            "見送りました。理由：「yeast」が出てきません。",
        ),
        (
            owed(State.ABANDONED, reason=sentence("given up after 14 days: {error}", error=LOCKED)),
            "14日たっても送れず、送信を取りやめました（スレッドがロックされています）。",
        ),
        (owed(State.ABANDONED), "理由の記録がありません。"),
        (
            None,
            (
                "対象ではありませんでした（お知らせなしで取り込まれたか、購読より古いものを置き換えたか、購読が削除さ"
                "れている間に届いたため）。"
            ),
        ),
    ],
    ids=repr,
)
def test_each_state_says_why_and_until_when(delivery: Delivery | None, said: str) -> None:
    assert became(delivery) == said


def test_a_digest_is_named() -> None:
    for digest, name in ((Digest.DAILY, "毎日"), (Digest.WEEKLY, "毎週")):
        wanted = Wanted(digest=digest)
        assert became(owed(State.WAITING, Hold.DIGEST), wanted) == f"{name}のまとめを待っています（{UNTIL}）。"
        assert f"（ほか2件と{name}のまとめで）" in became(sent(together=3), wanted)


def test_of_one_it_is_said_what_it_asks_for() -> None:
    wanted = Wanted("Ada", "rye", "Talks", "de", "yeast", 3, Digest.WEEKLY, publish=True)
    untagged, elsewhere = sentence(TAG, tag="rye"), sentence(LANGUAGE, language=named("de"))
    subscription, skipped = replace(NEWS, wanted=wanted, paused=True), owed(State.SKIPPED, reason=untagged)
    traced = Traced(7, "Bread", BREAD, (skipped,))
    view = deliveries.one(traced, subscription, skipped, place="<#5>", refused=untagged)
    heading, said, foot = texts(view)
    assert heading == "### 「Bread」のお知らせ状況\n-# <t:1767225600:f>に取り込み · ID 7"
    assert said.splitlines()[1:] == [
        "今の設定でも、同じ理由で見送られます。",
        (
            "対象：話者がAda、タグがrye、配信元がTalks、言語がドイツ語の文字起こし。届け方：毎週のまとめで、<@&3>にメ"
            "ンション、公開あり。"
        ),
        "含む言葉：`yeast`。",
        "一時停止中です。",
    ]
    assert foot == "-# <t:1735689600:f>に<@7>が購読 · <t:1000000000:f>に送信対象に追加"
    other = texts(deliveries.one(traced, NEWS, skipped, place="<#5>", refused=elsewhere))[1]
    assert "今の設定では、お知らせの対象になりません：言語がドイツ語ではありません。" in other


def test_those_of_which_the_same_is_said_stand_together_and_the_rest_is_counted() -> None:
    every = [replace(NEWS, id=at, name=f"s{at}") for at in range(1, 41)]
    told = [
        *(owed(State.SKIPPED, subscription_id=at, reason=sentence(TAG, tag=f"t{at}")) for at in range(1, 13)),
        *(owed(State.FAILING, subscription_id=at, reason=LOCKED) for at in range(13, 41)),
    ]
    private = [owed(State.SENT, subscription_id=99, member_id=3), owed(State.WAITING, subscription_id=98, member_id=4)]
    traced = Traced(7, "Bread", None, (*told, *private))
    _, lines, below = texts(deliveries.every(traced, every, dict.fromkeys(range(1, 41), "<#5>")))
    names = "、".join(f"**s{at}**" for at in range(1, 11))
    assert lines.splitlines()[-2:] == [
        f"- 12件（{names}、ほか2件）：見送りました。理由：指定のタグが付いていません。",
        "- ほか16件：失敗中16件",
    ]
    assert below.splitlines() == [
        "メンバーの個人アラート：お知らせ済み1件、待機中1件。",
        "-# `購読:` を指定すると、その購読を詳しく表示します。",
    ]


def test_nothing_is_left_in_english() -> None:
    said: list[str] = []
    for state in State:
        for hold in (None, *Hold):
            for digest in (None, *Digest):
                one = owed(state, hold, reason=LOCKED, tries=2, together=2, sent_at=1e9)
                said.append(became(one, Wanted(digest=digest)))
    said += texts(deliveries.every(Traced(7, "Bread", BREAD), [], {}))
    assert english("\n".join(said)) == []


@settings(MANY, max_examples=30)
@given(
    title=values(),
    entry=st.none() | ENTRIES,
    told=OWED,
    every=st.lists(SUBSCRIPTIONS, max_size=60, unique_by=lambda one: one.id),
)
def test_whatever_became_of_them_fits_into_a_message(
    title: str, entry: Entry | None, told: tuple[Delivery, ...], every: list[Subscription]
) -> None:
    with speaking("ja"):
        traced = Traced(1, title, entry, told)
        assert_within_limits(deliveries.every(traced, every, {one.id: f"<#{one.channel_id}>" for one in every}))
        for one in every[:3]:
            assert_within_limits(deliveries.one(traced, one, told[0], place="<#500>", refused=None))
