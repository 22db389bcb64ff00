"""The native format's body: cues, times, titles and what is read around."""

import pytest

from store.errors import FormatError
from store.formats import SUFFIXES, read
from store.models import Cue, Reading
from tests.store.builders import SHARED, native


def parsed(*lines: str, name: str = "talk.md", **fields: str) -> Reading:
    return read(native(lines, **fields), name)


def cues(*lines: str) -> list[tuple[int, str]]:
    return [(cue.start_ms, cue.text) for cue in parsed(*lines).transcript.cues]


def test_a_cue_is_a_line_with_a_time_and_words() -> None:
    assert cues("- [00:00] good evening", "- [00:07] and welcome") == [(0, "good evening"), (7000, "and welcome")]


@pytest.mark.parametrize(
    ("time", "ms"),
    [
        ("0:07", 7_000),
        ("00:07", 7_000),
        ("59:59", 3_599_000),
        ("84:37", 5_077_000),
        ("123:05", 7_385_000),
        ("1234:00", 74_040_000),
        ("1:24:37", 5_077_000),
        ("01:24:37", 5_077_000),
        ("0:00:00", 0),
        ("00:07.250", 7_250),
        ("00:07,5", 7_500),
        ("1:00:07.05", 3_607_050),
    ],
)
def test_every_way_to_write_a_time_is_read(time: str, ms: int) -> None:
    assert cues(f"- [{time}] a word") == [(ms, "a word")]


@pytest.mark.parametrize("line", ["[0:07] word", "* [0:07] word", "• [0:07] word", "  - [0:07]word", "-[0:07]  word "])
def test_bullets_and_spaces_around_a_time_do_not_matter(line: str) -> None:
    assert cues(line) == [(7000, "word")]


def test_text_goes_on_in_the_lines_after_a_cue() -> None:
    assert cues("- [0:01] the boats", "carried grain", "   past the mill  ", "", "at dawn", "- [0:09] next") == [
        (1000, "the boats carried grain past the mill at dawn"),
        (9000, "next"),
    ]


def test_a_cue_may_begin_empty_and_go_on_below() -> None:
    assert cues("- [0:01]", "the boats") == [(1000, "the boats")]


def test_empty_cues_and_sounds_are_kept_as_they_are() -> None:
    assert cues("- [0:01]", "- [0:02] [Music]", "- [0:03] >> so tell me", "- [0:04]   ") == [
        (1000, ""),
        (2000, "[Music]"),
        (3000, ">> so tell me"),
        (4000, ""),
    ]


def test_a_time_inside_a_text_starts_no_cue() -> None:
    assert cues("- [0:01] we meet at [12:30] sharp", "or at [13:00]") == [
        (1000, "we meet at [12:30] sharp or at [13:00]")
    ]


def test_runs_of_spaces_inside_a_text_are_kept() -> None:
    assert cues("- [0:01] a  b\tc") == [(1000, "a  b\tc")]


def test_a_line_separator_inside_a_caption_does_not_split_it() -> None:
    for odd in "\u2028\u2029\x0b\x0c\x1c\x85":
        assert cues(f"- [0:01] one{odd}- [0:02] two") == [(1000, f"one{odd}- [0:02] two")]


@pytest.mark.parametrize("time", ["1:60", "00:99", "1:60:00", "1:00:60"])
def test_an_impossible_time_is_kept_as_text_and_reported_with_its_line(time: str) -> None:
    reading = parsed("- [0:01] one", f"- [{time}] two", "- [0:03] three")
    assert [cue.text for cue in reading.transcript.cues] == [f"one - [{time}] two", "three"]
    assert [oddity.line for oddity in reading.oddities] == [2]
    assert "impossible" in str(reading.oddities[0])


def test_a_line_with_a_time_that_is_none_keeps_its_words() -> None:
    reading = parsed("- [0:75] early", "- [0:01] one", "## Part two", "- [0:75] late", "- [1:20] next")
    assert [(cue.start_ms, cue.text) for cue in reading.transcript.cues] == [
        (0, "early"),
        (1000, "one - [0:75] late"),
        (80_000, "next"),
    ]
    assert [oddity.line for oddity in reading.oddities] == [1, 3, 4]


def test_a_time_that_runs_backwards_keeps_the_files_order_and_is_reported_once() -> None:
    reading = parsed("- [0:10] ten", "- [0:05] five", "- [0:20] twenty", "- [0:01] one")
    assert [cue.start_ms for cue in reading.transcript.cues] == [10_000, 5_000, 20_000, 1_000]
    assert [(oddity.line, "(and 1 more)" in str(oddity.text)) for oddity in reading.oddities] == [(2, True)]
    assert reading.transcript.duration_ms == 20_000


def test_headings_among_the_cues_are_reported_and_what_stands_below_is_kept() -> None:
    reading = parsed("- [0:01] one", "## Part two", "no cue", "- [0:02] two", "more of two")
    assert [cue.text for cue in reading.transcript.cues] == ["one no cue", "two more of two"]
    assert [oddity.line for oddity in reading.oddities] == [2]


def test_what_stands_before_the_first_cue_is_no_cue() -> None:
    reading = parsed("# Transcript: mill", "", "- Retrieved at: 2025-01-01", "", "## Text", "- [0:01] one")
    assert reading.transcript.cues == (Cue(1000, "one"),)
    assert reading.oddities == ()


def test_the_line_of_an_oddity_counts_the_front_matter() -> None:
    reading = parsed("- [0:10] ten", "- [0:05] five", title="A talk")  # 3 lines of front matter
    assert [oddity.line for oddity in reading.oddities] == [5]
    assert str(reading.oddities[0]).startswith("line 5: ")


def test_the_title_comes_from_the_front_matter() -> None:
    assert parsed("# A heading", "- [0:01] one", title="The mill").transcript.details.title == "The mill"


@pytest.mark.parametrize("title", ["", "Unknown", "  ", "n/a"])
def test_without_a_title_the_heading_is_the_title(title: str) -> None:
    assert parsed("# Transcript: The mill", "- [0:01] one", title=title).transcript.details.title == "The mill"
    assert parsed("# The mill at dawn", "- [0:01] one").transcript.details.title == "The mill at dawn"


@pytest.mark.parametrize(
    ("name", "title"),
    [("old mill.md", "old mill"), ("folder/mill.v2.txt", "mill.v2"), ("", "Untitled"), ("unknown.md", "Untitled")],
)
def test_without_a_heading_the_file_name_is_the_title(name: str, title: str) -> None:
    assert parsed("- [0:01] one", name=name).transcript.details.title == title


def test_a_heading_below_the_first_cue_is_not_the_title() -> None:
    assert parsed("- [0:01] one", "# Late", name="mill.md").transcript.details.title == "mill"


def test_the_url_line_of_the_body_is_used_where_the_front_matter_has_none() -> None:
    lines = ("# Transcript: mill", "", "- URL: https://media.example.org/mill.mp4", "- [0:01] one")
    assert parsed(*lines).transcript.details.url == "https://media.example.org/mill.mp4"
    stated = parsed(*lines, video_url="https://media.example.org/other.mp4").transcript.details.url
    assert stated == "https://media.example.org/other.mp4"


def test_an_address_that_is_no_web_link_is_left_out_and_reported() -> None:
    reading = parsed("- [0:01] one", video_url="file:///home/mill.mp4")
    assert reading.transcript.details.url is None
    assert ["web link" in str(oddity) for oddity in reading.oddities] == [True]


def test_a_long_link_is_kept_whole_or_not_at_all() -> None:
    for length in (280, 301, 400, 512, 513, 2000):
        url = "https://media.example.org/" + "a" * (length - 30) + ".mp4"
        assert parsed("- [0:01] one", video_url=url).transcript.details.url in {url, None}, length


def test_two_long_links_are_two_videos() -> None:
    start = "https://media.example.org/" + "a" * 300
    one, two = (parsed("- [0:01] one", video_url=f"{start}/{n}.mp4").transcript.details.url for n in (1, 2))
    assert one != two


def test_the_duration_is_the_stated_one_unless_a_cue_begins_later() -> None:
    assert parsed("- [0:10] ten", duration="00:04:32").transcript.duration_ms == 272_000
    assert parsed("- [9:10] ten", duration="00:04:32").transcript.duration_ms == 550_000
    assert parsed("- [9:10] ten", duration="").transcript.duration_ms == 550_000


@pytest.mark.parametrize("text", ["", "---\ntitle: 'x'\n---\n", "# Only a title", "[0:1]", "1 2 3", "---"])
def test_a_file_without_a_cue_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FormatError, match=r"cue was found|empty"):
        read(text.encode(), "talk.md")


@pytest.mark.parametrize("data", [b"", b"1", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "caf\xe9".encode()[:-1], b"x" * 2000])
def test_every_refusal_is_a_sentence(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read(data, "talk.md", max_bytes=1000)
    sentence = str(caught.value)
    assert sentence[0].isupper() or sentence.startswith("talk.md is ")
    assert sentence.endswith(".")


def test_a_file_over_the_limit_is_refused_by_its_size_alone() -> None:
    data = native(["- [0:01] one"])
    assert read(data, "talk.md", max_bytes=len(data)).transcript.cues == (Cue(1000, "one"),)
    with pytest.raises(FormatError, match="larger than 25 MB"):
        read(bytes(25 * 2**20 + 1), "talk.md")
    with pytest.raises(FormatError, match="larger than"):
        read(data, "talk.md", max_bytes=len(data) - 1)


def test_the_suffixes_that_are_offered_are_lower_case_and_dotted() -> None:
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)


@pytest.mark.skipif(not SHARED.exists(), reason="the sample file is not beside the repository")
def test_the_sample_file_is_read_whole_and_without_an_oddity() -> None:
    for path in sorted((SHARED / "transcripts").glob("*.md")):
        reading = read(path.read_bytes(), path.name)
        assert reading.oddities == ()
        assert reading.transcript.details.url is not None
        stamped = [line for line in path.read_text("utf-8").split("\n") if line.startswith("- [")]
        assert len(reading.transcript.cues) == len(stamped)


def test_characters_that_a_terminal_would_obey_are_left_out() -> None:
    (cue,) = read(b"- [0:01] one \x1b[2J\x07 two\n", "a.md").transcript.cues
    assert cue.text == "one  [2J  two"


def test_what_a_file_holds_goes_before_its_name() -> None:
    reading = read(b"1\n00:00:01,000 --> 00:00:02,000\nhello\n", "a.md")
    assert reading.transcript.cues == (Cue(1000, "hello", 2000),)
    assert str(reading.format) == "SubRip"


def test_a_list_of_things_has_no_speakers() -> None:
    things = ["Flour: two cups", "Sugar: one cup", "Salt: a pinch", "Water: a little", "Yeast: fresh", "Time: an hour"]
    cues = read("\n".join(things).encode(), "list.txt").transcript.cues
    assert [cue.text for cue in cues] == things
    assert {cue.speaker for cue in cues} == {None}


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep = "<div>" * 3000 + "<p begin='1s'>one</p>" + "</div>" * 3000
    data = f"<tt xmlns='http://www.w3.org/ns/ttml'><body>{deep}</body></tt>".encode()
    with pytest.raises(FormatError, match="nested too deeply"):
        read(data, "a.ttml")


def test_what_is_cut_is_said_with_the_limit() -> None:
    tags = "[" + ", ".join(f"t{at}" for at in range(40)) + "]"
    reading = parsed("- [0:01] one", title="x" * 301, speaker="y" * 400)
    assert ["more than 300 characters" in str(one) for one in reading.oddities] == [True, True]
    front = "\n".join(["---", f"tags: {tags}", "---", "- [0:01] one"])
    reading = read(front.encode(), "talk.md")
    assert len(reading.transcript.details.tags) == 25
    assert ["more than 25 tags" in str(one) for one in reading.oddities] == [True]
