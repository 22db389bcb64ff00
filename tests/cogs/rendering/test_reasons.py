"""Why something wasn't sent, in the reader's language, though it is kept in English."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from cogs.locales import speaking
from cogs.posting import OF_THE_CHANNEL
from cogs.rendering import reasons
from cogs.rendering.reasons import because, said
from store.models import Details, Entry, Match, Wanted
from store.outbox.owing import REMOVED
from store.outbox.passing import refusal
from store.outbox.sending import why_not
from store.sentences import Sentence, sentence
from tests.cogs.rendering.made import values

ENTRY = Entry(1, Details("How bread rises"), 1000, 1, 1, 1, datetime(2026, 1, 1, tzinfo=UTC))
JAPANESE = {
    "I may not post there; give me View Channel and Send Messages": (
        "**チャンネルを見る**、**メッセージを送信**の権限がありません"
    ),
    "given up after 14 days: I may not post there; give me Create Posts": (
        "14日たっても送れず、送信を取りやめました（**投稿を作成**の権限がありません）"
    ),
    "given up after 14 days: The channel is gone; choose another one": (
        "14日たっても送れず、送信を取りやめました（チャンネルがなくなりました。別のチャンネルを選んでください）"
    ),
    "Discord refuses the message: Invalid Form Body": "Discordがメッセージを受け付けません（Invalid Form Body）",
    "Ada *Miller* doesn't speak in it": "話者がAda \\*Miller\\*ではありません",
    "it isn't tagged physics": "タグ「physics」が付いていません",
    "it isn't from Talks": "配信元がTalksではありません",
    "it isn't in German": "言語がドイツ語ではありません",
    "“cake” is said in it, which is left out": "除く言葉「cake」が出てきます",
    "“a” isn't said in it": "「a」が出てきません",
    "“a” and “b c” aren't said in it": "「a」も「b c」も出てきません",
    "none of “a”, “b”, “c” is said in it": "「a」、「b」、「c」のどれも出てきません",
    "none of “a”, “b” and 12 more is said in it": "「a」、「b」のほか12個も含めて、どれも出てきません",
    "what is watched isn't said in it": "指定の言葉が出てきません",
    REMOVED: "送る前に文字起こしが削除されました",
    None: "理由は不明です",
    "No *reason* that is known.": "no \\*reason\\* that is known",
}


@pytest.mark.parametrize("reason", JAPANESE)
def test_a_reason_that_is_kept_in_english_is_said_in_japanese(reason: str | None) -> None:
    with speaking("ja"):
        assert because(reason, 200) == JAPANESE[reason]


def test_every_reason_of_the_store_is_known() -> None:
    wanted = Wanted("Ada", "physics", "Talks", "de")
    refused = [
        refusal(replace(Wanted(), **{name: getattr(wanted, name)}), ENTRY)
        for name in ("speaker", "tag", "from_channel", "language")
    ]
    words = [("a",), ("a", "b"), ("a", "b", "c"), tuple("abcdefghijklm")]
    unsaid = [why_not(Match((), missing=missing)) for missing in words]
    for reason in [*refused, *unsaid, why_not(Match(())), why_not(Match((), excluded="cake")), REMOVED]:
        assert reason is not None
        with speaking("ja"):
            assert said(reason) != reason
            assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", said(reason)), reason


@pytest.mark.parametrize(
    "reason",
    [
        *OF_THE_CHANNEL.values(),
        *(reasons.GONE, reasons.LEFT, reasons.REFUSES_DMS, reasons.UNREACHABLE, reasons.DELETED, reasons.NO_NEWS),
        reasons.BUG,
    ],
    ids=str,
)
def test_every_reason_of_discords_is_known(reason: Sentence) -> None:
    with speaking("ja"):
        assert said(str(reason)) == said(reason) != str(reason)


@given(values(300))
def test_in_english_a_reason_is_said_as_it_is_kept(text: str) -> None:
    kept = [
        text,
        f"{text} doesn't speak in it",
        f"it isn't tagged {text}",
        f"“{text}” isn't said in it",
        f"“{text}” and “{text}” aren't said in it",
        f"given up after 14 days: Discord refuses the message: {text}",
        f"none of “{text}”, “{text}” and 1,234 more is said in it",
    ]
    assert [said(reason) for reason in kept] == kept


def test_a_sentence_of_the_stores_is_a_reason_like_its_text() -> None:
    with speaking("ja"):
        assert because(sentence("it isn't tagged {tag}", tag="物理"), 200) == "タグ「物理」が付いていません"


def test_a_reason_that_is_too_long_is_cut_in_its_language() -> None:
    with speaking("ja"):
        cut = because(f"it isn't tagged {'x' * 300}", 60)
    assert cut.startswith("タグ「xxx")
    assert len(cut) == 60
