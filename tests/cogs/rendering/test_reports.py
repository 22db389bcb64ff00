"""What an ingest did, as messages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.rendering import reports
from cogs.rendering.transcripts import known
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
    oddities=st.lists(st.builds(Oddity, st.none() | st.integers(1, 10**6), values(200)), max_size=20).map(tuple),
    changes=st.lists(values(620), max_size=6).map(tuple),
    owed=st.integers(0, 500),
)


@given(INGESTED)
@MANY
def test_every_report_is_within_discords_limits(done: Ingested) -> None:
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


@pytest.mark.parametrize("stopped", ["", reports.BY_RESTART])
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


@pytest.mark.parametrize("stopped", ["", reports.BY_RESTART])
def test_a_batch_of_long_names_is_within_discords_limits(stopped: str) -> None:
    names = ["*" * 230 + f"{at}.srt" for at in range(60)]
    became = (reports.FAILED, "new", "replaced", "asking")
    done = [Kept(name, became[at % 4], "_" * 300, "*" * 300) for at, name in enumerate(names[:40])]
    assert_within_limits(reports.batch(names, done, stopped=stopped))
    assert_within_limits(reports.batch(names[:40], done, over=["*" * 90 + f"{at}.pdf" for at in range(20)]))
    assert "/transcript restore" in "\n".join(texts(reports.batch(names[:40], done)))


def test_of_a_batch_that_a_restart_stopped_what_needed_a_yes_is_to_be_sent_again() -> None:
    done = [Kept("a.srt", "new", ""), Kept("b.srt", "asking", "", "Bees")]
    (said,) = texts(reports.batch(["a.srt", "b.srt", "c.srt"], done, stopped=reports.BY_RESTART))
    assert said == (
        "### Stopped by a restart · 2 of 3 files\n1 new, 1 needs your yes\nKept:\n- a.srt\n"
        "Not ingested; send them again:\n- b.srt\n- c.srt"
    )


def test_all_that_is_known_of_a_transcript_is_within_discords_limits() -> None:
    chapters = tuple(Chapter(at * 1000, "*" * 300) for at in range(40))
    details = replace(BREAD.details, title="_" * 300, tags=("*" * 300,) * 25, chapters=chapters, speaker="|" * 300)
    details = replace(details, url=f"https://talks.example.org/{'a' * 124}")
    entry = replace(BREAD, details=details, speakers=("~" * 80,) * 40, ingested_by=10**18)
    opening = tuple(Cue(at * 1000, "*" * 400, None, "~" * 80) for at in range(5))
    undo = tuple(Bygone(at, 1, Change.EDITED, "a", BREAD.ingested_at, None, "") for at in range(9))
    view = known(Known(entry, opening, 5, undo))
    assert_within_limits(view)
    assert "restore" in "\n".join(texts(view))  # the longest texts are cut, the short ones stay
