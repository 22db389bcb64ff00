"""What an ingest did, as messages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking, translated
from cogs.locales.catalogues import LANGUAGES
from cogs.rendering import reports
from cogs.rendering.transcripts import bygone, known, removed, removing
from store.correcting import Changed
from store.errors import FormatError
from store.models import (
    UNKNOWN,
    Bygone,
    Change,
    Chapter,
    Cue,
    Details,
    Entry,
    Ingested,
    Kept,
    Known,
    Oddity,
    Outcome,
    Spoken,
    SpokenBy,
)
from store.sentences import sentence
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import ENTRIES, MANY, assert_within_limits, texts, values

BREAD = Entry(
    id=1,
    details=Details(title="How bread rises", url="https://talks.example.org/bread", tags=("baking", "a `tick`")),
    duration_ms=42_000,
    cues=1234,
    words=56_789,
    passages=1,
    ingested_at=datetime(2026, 1, 1, tzinfo=UTC),
    spoken=Spoken("de", SpokenBy.TEXT),
)
INGESTED = st.builds(
    Ingested,
    outcome=st.sampled_from(Outcome),
    entry=ENTRIES,
    oddities=st.lists(st.builds(Oddity, st.none() | st.integers(1, 10**6), values(200).map(sentence)), max_size=20).map(
        tuple
    ),
    changes=st.lists(values(620).map(sentence), max_size=6).map(tuple),
    owed=st.integers(0, 500),
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(done=INGESTED)
@MANY
def test_every_report_is_within_discords_limits(language: str, done: Ingested) -> None:
    with speaking(language):
        assert_within_limits(reports.ingested(done))


def test_the_longest_report_is_within_discords_limits() -> None:
    details = Details(
        title="*" * 300, speaker="_" * 300, channel="|" * 300, url=f"https://talks.example.org/{'a' * 486}"
    )
    odd = tuple(Oddity(10**6, sentence("the time is impossible: " + "[:]" * 60)) for _ in range(20))
    done = Ingested(Outcome.REPLACED, replace(BREAD, details=details), odd, (sentence("*" * 620),) * 6, owed=500)
    assert_within_limits(reports.ingested(done))


@pytest.mark.parametrize(
    ("outcome", "heading"),
    [
        (Outcome.NEW, "### New transcript"),
        (Outcome.REPLACED, "### Transcript replaced"),
        (Outcome.UNCHANGED, "### Unchanged"),
    ],
)
def test_a_report_begins_with_what_was_done(outcome: Outcome, heading: str) -> None:
    shown = texts(reports.ingested(Ingested(outcome, BREAD)))
    assert shown[0] == heading
    assert shown[1] == (
        "**How bread rises**\n42 s · 1,234 cues · 56,789 words\nLink: <https://talks.example.org/bread>\n"
        "Language: German, as its words tell; if it is another, `/transcript language` sets it."
    )


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        (UNKNOWN, "not known, for its words are too few to tell; `/transcript language` sets it."),
        (Spoken("xx", SpokenBy.FILE), "xx, as its file says; if it is another, `/transcript language` sets it."),
        (Spoken("pt", SpokenBy.MODERATOR), "Portuguese, as a moderator says."),
    ],
)
def test_a_report_says_the_language_and_who_says_so(spoken: Spoken, said: str) -> None:
    shown = texts(reports.ingested(Ingested(Outcome.NEW, replace(BREAD, spoken=spoken))))
    assert shown[1].splitlines()[-1] == f"Language: {said}"


def test_many_oddities_are_counted() -> None:
    odd = tuple(Oddity(line, sentence(f"oddity {line}.")) for line in range(1, 11))
    said = texts(reports.ingested(Ingested(Outcome.NEW, BREAD, odd)))[2].splitlines()
    assert said[0] == "Odd in the file:"
    assert said[1] == "- line 1\\: oddity 1."
    assert said[-1] == "- and 2 more"


def test_an_oddity_cannot_ping() -> None:
    said = texts(reports.ingested(Ingested(Outcome.NEW, BREAD, (Oddity(None, sentence("the date “<@1>” is odd")),))))
    assert said[2] == "Odd in the file:\n- the date “\\<\\@1\\>” is odd"


def test_a_report_says_how_many_channels_will_hear_of_it() -> None:
    assert texts(reports.ingested(Ingested(Outcome.NEW, BREAD, owed=1)))[-1] == "-# Being announced in 1 channel."
    assert texts(reports.ingested(Ingested(Outcome.NEW, BREAD, owed=3)))[-1] == "-# Being announced in 3 channels."
    assert "announced" not in texts(reports.ingested(Ingested(Outcome.NEW, BREAD)))[-1]


@pytest.mark.parametrize("stopped", ["", str(reports.BY_RESTART)])
def test_what_a_batch_replaced_is_told_at_its_end_and_bounded(stopped: str) -> None:
    names = [f"talk{at}.srt" for at in range(11)]
    done = [Kept(name, "replaced", "", f"Talk *{at}*") for at, name in enumerate(names[:10])]
    if not stopped:
        assert "Replaced" not in "\n".join(texts(reports.batch(names, done)))
        names.pop()
    (said,) = texts(reports.batch(names, done, stopped=stopped))
    lines = said.splitlines()
    assert lines[2:4] == ["Replaced:", "- talk0.srt → **Talk \\*0\\***"]
    assert lines[11:13] == ["- and 2 more", "`/transcript restore` brings any of them back for 24 hours."]


@pytest.mark.parametrize("stopped", ["", str(reports.BY_RESTART)])
def test_a_batch_of_long_names_is_within_discords_limits(stopped: str) -> None:
    names = ["*" * 230 + f"{at}.srt" for at in range(60)]
    became = (reports.FAILED, "new", "replaced", "asking")
    done = [Kept(name, became[at % 4], "_" * 300, "*" * 300) for at, name in enumerate(names[:40])]
    assert_within_limits(reports.batch(names, done, stopped=stopped))
    assert_within_limits(reports.batch(names[:40], done, over=["*" * 90 + f"{at}.pdf" for at in range(20)]))
    assert "/transcript restore" in "\n".join(texts(reports.batch(names[:40], done)))


def test_of_a_batch_that_a_restart_stopped_what_needed_a_yes_is_to_be_sent_again() -> None:
    done = [Kept("a.srt", "new", ""), Kept("b.srt", "asking", "", "Bees")]
    (said,) = texts(reports.batch(["a.srt", "b.srt", "c.srt"], done, stopped=str(reports.BY_RESTART)))
    assert said == (
        "### Stopped by a restart · 2 of 3 files\n1 new, 1 needs your yes\nKept:\n- a.srt\n"
        "Not ingested; send them again:\n- b.srt\n- c.srt"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_known_of_a_transcript_is_within_discords_limits(language: str) -> None:
    chapters = tuple(Chapter(at * 1000, "*" * 300) for at in range(40))
    details = replace(BREAD.details, title="_" * 300, tags=("*" * 300,) * 25, chapters=chapters, speaker="|" * 300)
    details = replace(details, url=f"https://talks.example.org/{'a' * 124}")
    entry = replace(BREAD, details=details, speakers=("~" * 80,) * 40, ingested_by=10**18)
    opening = tuple(Cue(at * 1000, "*" * 400, None, "~" * 80) for at in range(5))
    undo = tuple(Bygone(at, 1, Change.EDITED, "a", BREAD.ingested_at, None, "") for at in range(9))
    with speaking(language):
        view = known(Known(entry, opening, 5, undo))
    assert_within_limits(view)
    assert {"en": "restore", "ja": "復元"}[language] in "\n".join(
        texts(view)
    )  # the longest texts are cut, the short ones stay


def test_a_report_is_told_of_in_japanese() -> None:
    entry = replace(BREAD, speakers=tuple(f"話者{at}" for at in range(10)), ingested_by=7)
    done = Ingested(Outcome.ASKING, entry, owed=2, encoding="Shift_JIS", beside=(entry,))
    with speaking("ja"):
        shown = texts(reports.ingested(done, over=[]))
    heading, about, *rest = shown
    assert heading == "### この文字起こしを置き換えますか？"
    assert about == (
        "**How bread rises**\n42秒 · 字幕1,234件 · 56,789語\nリンク：<https://talks.example.org/bread>\n"
        "言語：ドイツ語（言葉からの判定）。違う場合は `/文字起こし 言語` で設定できます。\n"
        "話者：話者0、話者1、話者2、話者3、話者4、話者5、話者6、話者7、ほか2人\n"
        "ファイルがUTF-8ではないため、Shift_JISとして読み取りました。"
        "文字化けしている場合は、UTF-8で保存し直してください。"
    )
    assert rest == [
        "<@7>が取り込んだものです。まだ何も変更していません。",
        "-# 同じ動画のドイツ語版とは別に保存しました。2個のチャンネルにお知らせしています。",
    ]


def test_a_batch_is_told_of_in_japanese() -> None:
    became = [("a.srt", "new"), ("b.srt", "asking"), ("c.srt", "replaced"), ("d.srt", "unchanged")]
    done = [Kept(name, outcome, "", "Bees") for name, outcome in became]
    with speaking("ja"):
        done.append(reports.noted("e.srt", FormatError("There is no {what}.", what="tide")))
        (said,) = texts(
            reports.batch([*(one.name for one in done), "f.srt"], done, stopped=translated(reports.BY_RESTART))
        )
        (going,) = texts(reports.batch(["a.srt", "b.srt"], done[:1]))
        (ended,) = texts(reports.batch(["a.srt"], done[:1]))
    assert said.splitlines() == [
        "### 再起動により中断しました · 6件中5件",
        "新規1件、要確認1件、置き換え1件、変更なし1件、失敗1件",
        "保存できなかったもの：",
        "- e.srt\\: There is no tide.",
        "置き換えたもの：",
        "- c.srt → **Bees**",
        "24時間以内なら `/文字起こし 復元` で元に戻せます。",
        "保存したもの：",
        "- a.srt",
        "- c.srt",
        "- d.srt",
        "まだ取り込んでいないもの（もう一度送ってください）：",
        "- b.srt",
        "- f.srt",
    ]
    assert going.startswith("### 取り込み中 · 2件中1件\n新規1件\n")
    assert ended == "### 取り込み完了 · 1件中1件\n新規1件"


@pytest.mark.parametrize("change", Change)
def test_every_change_is_named_in_japanese_in_a_list_and_when_it_is_undone(change: Change) -> None:
    gone = Bygone(1, 1, change, "潮", BREAD.ingested_at, None, "")
    with speaking("ja"):
        said = [bygone(gone), *texts(reports.undone(gone, BREAD)), *texts(known(Known(BREAD, (), 0, (gone,))))]
    assert english("\n".join(said), ["How bread rises"]) == []
    assert said[0].endswith(" 00:00 UTC · 潮")
    assert said[1].startswith("**How bread rises**を")
    assert said[1].endswith("前の状態に戻しました。")


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("url", [None, "https://talks.example.org/bread"])
@pytest.mark.parametrize("by", [None, 7])
@pytest.mark.parametrize("spoken", [UNKNOWN, *(Spoken("pt", by) for by in SpokenBy)])
def test_no_report_in_japanese_has_a_sentence_left_in_english(
    outcome: Outcome, timed: bool, url: str | None, by: int | None, spoken: Spoken
) -> None:
    details = Details("潮", url=url, timed=timed, chapters=(Chapter(0, "序"),), tags=("海",))
    entry = replace(BREAD, details=details, ingested_by=by, spoken=spoken, speakers=("李",))
    done = Ingested(outcome, entry, owed=1)
    changed = Changed(replace(entry, spoken=UNKNOWN), entry, (), 1)
    with speaking("ja"):
        views = [
            reports.ingested(done),
            reports.ingested(done, held=True),
            reports.language(changed),
            reports.language(replace(changed, undo=None)),
            reports.language(replace(changed, before=entry)),
            reports.changed(changed),
            reports.changed(replace(changed, changes=(sentence("題"),))),
            known(Known(entry, (), 1, ())),
            removing(entry, []),
            removed(changed, []),
        ]
        said = "\n".join(text for view in views for text in texts(view))
    assert english(said) == []
