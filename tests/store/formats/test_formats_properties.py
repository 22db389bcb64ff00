"""Laws of the formats: nothing but FormatError is raised, and what is written is what is read."""

import string
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import FormatError
from store.formats import read
from store.models import Cue, Details, Reading, Transcript
from tests.store.builders import rendered

FRAGMENTS = [
    "---", "...", "- [", "[", "]", "- [00:01] word", "- [0:61] ", "[1:02:03.5]", "[9999:59]", "title: ",
    "date: ", "tags:", "tags: [", "video_url: ", "duration: ", "https://youtu.be/", "http://[", "http://a.b:c/",
    "- URL: ", "# Transcript: ", "## Text", "\n", "\n", "\n", "\n  ", "\r\n", "\r", " ", "\t", "'", '"',
    '"\\ud800"', '"\\UFFFFFFFF"', '"\\x0"', "\\", ":", ": ", ", ", "|", ">", "&a ", "*a",
    "!!python/name:os.system ", "!x ", "? ", "{", "}", "- ", "%YAML 9.9", "#", "<<: ", "\0", "\ufeff", "\u2028",
    "\x85", "\x1b", "\ufffe", "😀", "٣", "日本", "１２", "²", "2025-02-30", "00:04:32", "Unknown",
]  # fmt: skip
PLAIN = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\ufeff"), min_size=1, max_size=12)
VALUES = (
    st.lists(PLAIN, min_size=1, max_size=5)
    .map(" ".join)
    .filter(lambda value: value.casefold() not in {"unknown", "n/a", "none", "null", "-"})
)
IDS = st.text(string.ascii_letters + string.digits + "_-", min_size=2, max_size=11).filter(
    lambda value: value.casefold() not in {"none", "null", "unknown"}
)
URLS = st.one_of(
    st.none(),
    IDS.map(lambda name: f"https://media.example.org/{name}.mp4?b=2&a=1"),
    st.text(string.ascii_letters + string.digits, min_size=11, max_size=11).map(lambda id_: f"https://youtu.be/{id_}"),
)
DETAILS = st.builds(
    Details,
    title=VALUES,
    video_id=st.none() | IDS,
    url=URLS,
    speaker=st.none() | VALUES,
    channel=st.none() | VALUES,
    published=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    duration_ms=st.none() | st.integers(0, 360_000).map(lambda seconds: seconds * 1000),
    tags=st.lists(VALUES, max_size=5, unique=True).map(tuple),
    language=st.none() | IDS,
)
INSIDE = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t")
TEXTS = st.text(INSIDE, max_size=60).map(str.strip)
CUES = st.lists(st.tuples(st.integers(0, 35_999_000), TEXTS).map(lambda cue: Cue(*cue)), min_size=1, max_size=20).map(
    tuple
)


def read_or_refuse(data: bytes, name: str = "file.md") -> Reading | None:
    try:
        reading = read(data, name)
    except FormatError:
        return None
    transcript = reading.transcript
    assert transcript.cues
    assert 0 < len(transcript.details.title) <= 300
    assert all(0 <= cue.start_ms <= transcript.duration_ms for cue in transcript.cues)
    repr(reading).encode()  # nothing in it that can't be stored or sent
    return reading


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_format_error(data: bytes) -> None:
    read_or_refuse(data)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_no_text_made_of_the_formats_own_pieces_raises_anything_but_a_format_error(text: str) -> None:
    read_or_refuse(text.encode())


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_no_front_matter_keeps_a_cue_from_being_read(block: str) -> None:
    read_or_refuse(f"---\n{block}\n---\n- [00:01] word\n".encode())
    if "\0" not in block:
        assert read(f"---\ntitle: {block}\n---\n- [00:01] word\n".encode(), "f.md").transcript.cues[-1].text == "word"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_no_file_name_raises(name: str) -> None:
    read_or_refuse(b"- [00:01] word\n", name)


@settings(max_examples=400, deadline=None)
@given(DETAILS, CUES, st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_written_is_what_is_read(details: Details, cues: tuple[Cue, ...], wrap: bool, newline: str) -> None:
    reading = read(rendered(details, cues, wrap=wrap, newline=newline), "file.md")
    assert reading.transcript == Transcript(details, cues)
    backwards = any(later.start_ms < cue.start_ms for cue, later in pairwise(cues))
    assert bool(reading.oddities) == backwards


CUE_LINES = [
    *["- [{}] word"] * 20, "- [1:{}] word", "- [1:{}] word",
    "- [{}]", "- [{}]  word\t", "- [{}]word [0:01]", "- [{}] \u2028word", "",
]  # fmt: skip
ODD_LINES = [
    "* [{}] word", "[{}] word", "- [{} → 9:59] word", "- [{}](https://a.b/c) word", "- [0:99] word", "- [1:02:03] word",
    "- [٠:٠٥] word", "- [٠:{}] word", "words", "Amy: words.", "# Heading", " ", "- URL: https://a.b/c",
]  # fmt: skip
TIMES = st.lists(st.integers(0, 200), min_size=8, max_size=8)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(["# Title", "- URL: https://a.b/c", "", "words"]), max_size=2),
    st.lists(st.sampled_from(CUE_LINES), min_size=1, max_size=7),
    st.lists(st.sampled_from(ODD_LINES), max_size=1),
    st.one_of(TIMES.map(sorted), TIMES),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
def test_lines_are_read_at_once_as_they_are_one_by_one(
    head: list[str], lines: list[str], odd: list[str], times: list[int], end: str
) -> None:
    place = times[0] % len(lines)
    clocks = [f"{time // 60:02}:{time % 60:02}" for time in times]
    every = [line.format(clock) for line, clock in zip([*lines[:place], *odd, *lines[place:]], clocks, strict=False)]
    data = end.join(head + every).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.formats.texts.native._plain", lambda *_: None)
        one_by_one = read_or_refuse(data)
    assert read_or_refuse(data) == one_by_one
