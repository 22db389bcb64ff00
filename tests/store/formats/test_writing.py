"""What is written of a transcript is the same when it is read again, in every form."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import FormatError
from store.formats import info, read
from store.formats.writing import Form, filename, written
from store.models import Chapter, Cue, Details, Reading, Transcript
from tests.store.formats.test_formats_properties import DETAILS, TEXTS, VALUES

TIMES = st.integers(0, 35_999_000)
TRICKY = st.sampled_from(
    [
        "Ada: and then", "[Ada]: so", "**Ada:** so", "a < b > c & d &amp; e", "<i>no</i> <v Ada>", "{\\an8}x", "-->",
        "1", "NOTE this", "00:01 --> 00:02 x", "- [0:01] x", "no no no", "[Music]", "C:\\new", "WEBVTT", "---", "",
    ]
)  # fmt: skip
SPEAKERS = st.none() | st.sampled_from(
    ["Ada Vale", "SPEAKER_00", "Dr. O’Neil (host)", "水野", "A & B", "x", "[B]", "[x] y", "]:z"]
)


@st.composite
def cues(draw: st.DrawFn) -> tuple[Cue, ...]:
    """Cues that a file may have: all of them with ends, or none."""
    ended = draw(st.booleans())
    found = []
    for _ in range(draw(st.integers(1, 12))):
        start = draw(TIMES)
        end = start + draw(st.integers(1, 9000)) if ended else None
        found.append(Cue(start, draw(TEXTS | TRICKY), end, draw(SPEAKERS)))
    return tuple(found)


TITLES = VALUES | st.sampled_from(["- the mill", "– the mill", ": so", "[0:01] x"])
CHAPTERS = st.lists(st.builds(Chapter, TIMES, TITLES), max_size=3).map(tuple)


def read_again(transcript: Transcript, form: Form) -> Reading:
    """Write a transcript and read what was written."""
    files = written(transcript, form)
    companion = next((data for name, data in files.items() if name.endswith(info.SUFFIX)), None)
    name, data = next((name, data) for name, data in files.items() if not name.endswith(info.SUFFIX))
    return read(data, name, companion=companion)


@settings(max_examples=300, deadline=None)
@given(DETAILS, cues(), CHAPTERS, st.sampled_from(list(Form)))
def test_what_was_exported_is_the_same_when_it_is_ingested(
    details: Details, said: tuple[Cue, ...], chapters: tuple[Chapter, ...], form: Form
) -> None:
    transcript = Transcript(
        Details(**{name: getattr(details, name) for name in Details.__slots__} | {"chapters": chapters}), said
    )
    assert read_again(transcript, form).transcript == transcript


@settings(max_examples=200, deadline=None)
@given(DETAILS, cues(), st.sampled_from([Form.NATIVE, Form.JSON]))
def test_words_without_times_are_the_same_too(details: Details, said: tuple[Cue, ...], form: Form) -> None:
    kept = {name: getattr(details, name) for name in Details.__slots__} | {"timed": False}
    transcript = Transcript(Details(**kept), tuple(Cue(0, cue.text, None, cue.speaker) for cue in said))
    assert read_again(transcript, form).transcript == transcript


@pytest.mark.parametrize("form", list(Form))
def test_words_without_times_stay_without(form: Form) -> None:
    transcript = Transcript(Details("A text", timed=False), (Cue(0, "one line"), Cue(0, "another, longer line")))
    if form in {Form.NATIVE, Form.JSON}:
        assert read_again(transcript, form).transcript == transcript
    else:
        with pytest.raises(FormatError, match="has no times"):
            written(transcript, form)


@pytest.mark.parametrize("form", list(Form))
def test_a_name_that_is_cut_at_a_space_stays_the_same(form: Form) -> None:
    said = read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {'a' * 79} Vale>hello\n".encode(), "a.vtt").transcript
    assert said.cues == (Cue(1000, "hello", 2000, "a" * 79),)
    assert read_again(said, form).transcript == said


def test_a_cue_without_an_end_is_shown_until_the_next_one_in_players() -> None:
    transcript = Transcript(Details("A talk"), (Cue(1000, "one"), Cue(4000, "two")))
    text = written(transcript, Form.SRT)["A talk.srt"].decode()
    assert text == "1\n00:00:01,000 --> 00:00:04,000\none\n\n2\n00:00:04,000 --> 00:00:07,000\ntwo\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [("A: talk / of two?", "A talk of two"), ("...", "transcript"), ("水車小屋", "水車小屋"), ("x" * 300, "x" * 120)],
)
def test_a_title_becomes_a_name_for_any_system(title: str, name: str) -> None:
    assert filename(title) == name
    assert Path(filename(title)).name == filename(title)
