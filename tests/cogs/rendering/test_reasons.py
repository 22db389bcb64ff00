"""Why something wasn't sent, in the reader's language, as it comes out of the database."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking, translated
from cogs.posting import OF_THE_CHANNEL
from cogs.rendering import reasons
from cogs.rendering.reasons import because, is_lacking, lacking
from store.models import Details, Entry, Match, Wanted
from store.outbox.owing import REMOVED
from store.outbox.passing import refusal
from store.outbox.sending import why_not
from store.sentences import Sentence, recalled, sentence
from tests.cogs.rendering import made

ENTRY = Entry(1, Details("How bread rises"), 1000, 1, 1, 1, datetime(2026, 1, 1, tzinfo=UTC))


def given_up(error: Sentence) -> Sentence:
    return sentence("given up after 14 days: {error}", error=error)


def refused(**wanted: str) -> Sentence:
    found = refusal(replace(Wanted(), **wanted), ENTRY)  # type: ignore[arg-type]
    assert found is not None
    return found


def unsaid(*missing: str, excluded: str | None = None) -> Sentence:
    found = why_not(Match((), missing=missing, excluded=excluded))
    assert found is not None
    return found


JAPANESE = [
    (
        lacking([reasons.VIEW_CHANNEL, reasons.SEND_MESSAGES]),
        "**チャンネルを見る**、**メッセージを送信**の権限がありません",
    ),
    (
        given_up(lacking([reasons.CREATE_POSTS])),
        "14日たっても送れず、送信を取りやめました（**投稿を作成**の権限がありません）",
    ),
    (
        given_up(reasons.GONE),
        "14日たっても送れず、送信を取りやめました（チャンネルがなくなりました。別のチャンネルを選んでください）",
    ),
    (
        sentence(reasons.REFUSED, error="Invalid Form Body"),
        "Discordがメッセージを受け付けません（Invalid Form Body）",
    ),
    (refused(speaker="Ada *Miller*"), "話者がAda \\*Miller\\*ではありません"),
    (refused(tag="physics"), "タグ「physics」が付いていません"),
    (refused(from_channel="Talks"), "配信元がTalksではありません"),
    (refused(language="de"), "言語がドイツ語ではありません"),
    (unsaid(excluded="cake"), "除く言葉「cake」が出てきます"),
    (unsaid("a"), "「a」が出てきません"),
    (unsaid("a", "b c"), "「a」も「b c」も出てきません"),
    (unsaid("a", "b", "c"), "「a」、「b」、「c」のどれも出てきません"),
    (unsaid(*"abcdefghijklmno"), "「a」、「b」、「c」のほか12個も含めて、どれも出てきません"),
    (unsaid(), "指定の言葉が出てきません"),
    (REMOVED, "送る前に文字起こしが削除されました"),
]
OF_DISCORD = [
    *OF_THE_CHANNEL.values(),
    *(reasons.GONE, reasons.LEFT, reasons.REFUSES_DMS, reasons.UNREACHABLE, reasons.DELETED, reasons.NO_NEWS),
    reasons.BUG,
]


@pytest.mark.parametrize(("reason", "said"), JAPANESE, ids=str)
def test_a_reason_that_was_kept_is_said_in_japanese_with_its_fields(reason: Sentence, said: str) -> None:
    with speaking("ja"):
        assert because(recalled(reason.kept()), 200) == said


@pytest.mark.parametrize("reason", OF_DISCORD, ids=str)
def test_every_reason_of_discords_is_said_in_japanese(reason: Sentence) -> None:
    with speaking("ja"):
        assert not re.search(r"[a-z]+ [a-z]+", because(recalled(reason.kept()), 200))


def test_nobody_knows_a_reason_that_was_not_kept() -> None:
    assert because(None, 200) == "nobody knows why"
    with speaking("ja"):
        assert because(None, 200) == "理由は不明です"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("I may not post there; give me View Channel", "I may not post there; give me View Channel"),
        ("given up after 14 days: The *channel* is gone", "given up after 14 days\\: The \\*channel\\* is gone"),
        ("it isn't tagged {physics}", "it isn't tagged {physics}"),
        ("No *reason* that is known.", "no \\*reason\\* that is known"),
    ],
)
def test_a_text_that_an_earlier_version_kept_is_shown_as_it_is(language: str, kept: str, said: str) -> None:
    with speaking(language):
        assert because(recalled(kept), 200) == said


def test_a_text_of_an_earlier_version_that_is_still_a_sentence_is_said_in_japanese() -> None:
    with speaking("ja"):
        assert because(recalled("The thread is locked"), 200) == "スレッドがロックされています"


@given(made.values(300))
def test_whatever_discord_answers_stands_in_its_sentence_as_it_is(text: str) -> None:
    kept = given_up(sentence(reasons.REFUSED, error=text)).kept()
    assert translated(recalled(kept)) == f"given up after 14 days: Discord refuses the message: {text}"
    assert not is_lacking(recalled(kept))
    with speaking("ja"):
        assert translated(recalled(kept)) == (
            f"14日たっても送れず、送信を取りやめました（Discordがメッセージを受け付けません（{text}））"
        )


@given(st.lists(st.sampled_from([reasons.VIEW_CHANNEL, reasons.CREATE_POSTS]), min_size=1, max_size=2, unique=True))
def test_what_is_missing_is_in_english_as_it_was_before_it_was_a_sentence(permissions: list[Sentence]) -> None:
    names = " and ".join(map(str, permissions))
    assert str(lacking(permissions)) == f"I may not post there; give me {names}"
    for reason in (lacking(permissions), given_up(lacking(permissions))):
        assert is_lacking(recalled(reason.kept()))
    bold = " and ".join(f"**{one}**" for one in permissions)
    assert because(recalled(lacking(permissions).kept()), 200) == f"I need {bold} there"


def test_what_is_missing_is_said_without_bold_where_there_is_no_room() -> None:
    reason = lacking([reasons.VIEW_CHANNEL, reasons.SEND_MESSAGES])
    assert because(reason, 50) == "I may not post there; give me View Channel and Se…"
    with speaking("ja"):
        assert "**" not in because(reason, 50)


def test_a_reason_that_is_too_long_is_cut_in_its_language() -> None:
    with speaking("ja"):
        cut = because(refused(tag="x" * 300), 60)
    assert cut.startswith("タグ「xxx")
    assert len(cut) == 60
