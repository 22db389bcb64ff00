"""The metadata block: four shapes, broken YAML, and values that say nothing."""

from datetime import date

import pytest

from store.formats import read
from store.models import Details, Reading

BLOCK = """\
title: "YouTube Video: q1w2e3r4t5y"
video_id: "q1w2e3r4t5y"
video_url: "https://www.youtube.com/watch?v=q1w2e3r4t5y"
speaker: "Unknown"
channel: "Unknown"
date: ""
duration: ""
tags:
  - "YouTube"
  - "Mills"
summary: |
  a line of words: with a colon...
  and - [00:01] a line that looks like a cue
language: "en"
"""
INLINE = """\
title: 'The old mill'
video_id: q1w2e3r4t5y
video_url: https://www.youtube.com/watch?v=q1w2e3r4t5y
speaker: Ada Miller
channel: River Talks
date: 2024-03-01
duration: '00:04:32'
tags: [YouTube, "Mills"]
language: en
"""
SPARSE = "title: The old mill\n"
EXTRA = INLINE + "mood: calm\nnested:\n  deep:\n    - 1\nscores: {a: 1}\n"


def parsed(block: str) -> Reading:
    return read(f"---\n{block}---\n\n- [00:01] one\n".encode(), "file.md")


def details(block: str) -> Details:
    return parsed(block).transcript.details


def test_block_lists_and_unknown_values_are_read() -> None:
    assert parsed(BLOCK).oddities == ()
    assert details(BLOCK) == Details(
        title="YouTube Video: q1w2e3r4t5y",
        video_id="q1w2e3r4t5y",
        url="https://www.youtube.com/watch?v=q1w2e3r4t5y",
        tags=("YouTube", "Mills"),
        language="en",
    )


def test_inline_lists_and_stated_values_are_read() -> None:
    assert parsed(INLINE).oddities == ()
    assert details(INLINE) == Details(
        title="The old mill",
        video_id="q1w2e3r4t5y",
        url="https://www.youtube.com/watch?v=q1w2e3r4t5y",
        speaker="Ada Miller",
        channel="River Talks",
        published=date(2024, 3, 1),
        duration_ms=272_000,
        tags=("YouTube", "Mills"),
        language="en",
    )


def test_missing_keys_are_simply_not_known() -> None:
    assert details(SPARSE) == Details(title="The old mill")


def test_extra_keys_of_any_shape_are_ignored() -> None:
    assert parsed(EXTRA).oddities == ()
    assert details(EXTRA) == details(INLINE)


def test_values_stay_the_words_that_were_written() -> None:
    assert details("title: 1984\nspeaker: no\nchannel: 0x10\nvideo_id: 007\n") == Details(
        title="1984", speaker="no", channel="0x10", video_id="007"
    )


def test_quotes_inside_quotes_are_read_line_by_line_and_reported_with_their_line() -> None:
    reading = parsed(
        'video_id: "abc"\n'
        'title: "He said "turn the wheel" twice"\n'
        "speaker: 'Ada'\n"
        'tags:\n  - "YouTube"\n  - "the "old" mill"\n'
        "summary: |\n  some words\n  more words\n"
        "date: '2024-03-01'\n"
    )
    said = reading.transcript.details
    assert said == Details(
        title='He said "turn the wheel" twice',
        video_id="abc",
        speaker="Ada",
        tags=("YouTube", 'the "old" mill'),
        published=date(2024, 3, 1),
    )
    assert [oddity.line for oddity in reading.oddities] == [3]
    assert "quote" in str(reading.oddities[0])


def test_both_ways_of_reading_agree_on_a_block_that_is_valid_but_for_one_line() -> None:
    broken = 'category: "a "b" c"\n'
    for block in (BLOCK, INLINE, SPARSE):
        assert details(block + broken) == details(block)


@pytest.mark.parametrize("value", ["'It''s the mill'", '"It\'s the mill"', "It's the mill"])
def test_an_apostrophe_is_read_alike_in_valid_and_in_broken_yaml(value: str) -> None:
    assert details(f"title: {value}\n").title == "It's the mill"
    assert details(f'title: {value}\ncategory: "a "b" c"\n').title == "It's the mill"


def test_a_line_that_cannot_be_read_at_all_is_named() -> None:
    reading = parsed('title: "a "b" c"\n%%%\nspeaker: Ada\n')
    assert reading.transcript.details.speaker == "Ada"
    assert [(oddity.line, "could not be read" in str(oddity.text)) for oddity in reading.oddities][-1] == (3, True)


def test_an_escape_that_is_no_character_is_only_an_oddity() -> None:
    for escape in ("\\ud800", "\\U00110000", "\\UFFFFFFFF", "\\x", "\\q"):
        reading = parsed(f'title: "{escape}"\nspeaker: Ada\n')
        assert reading.transcript.details.speaker == "Ada", escape


def test_a_value_cut_out_of_a_pair_of_surrogates_can_still_be_written() -> None:
    said = details('title: "the \\ud83d mill"\nspeaker: "\\ud800"\ntags: ["\\udfff"]\n')
    assert said == Details(title="the mill")


@pytest.mark.parametrize(
    "block",
    [
        "just words\n",
        "We went to the river.\nRemember: bring water.\nIt was late.\n",
        "- one: clay\n- two: fire\n",
        "# The kiln\nIt is old.\n\nIt stands on stone.\n",
        "Amy: Shall we?\nBob: We shall.\nAmy: Good.\n",
        "Intro: this is what we say.\n\nIt goes on here.\n\nAnd on.\n",
        "10:30: we met\n11:30: we left\n",
    ],
)
def test_words_between_two_rules_are_words(block: str) -> None:
    reading = read(f"---\n{block}---\nAnd so on.\n".encode(), "talk.md")
    found = "\n".join(f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text for cue in reading.transcript.cues)
    assert found.replace("---\n", "").split("\n") == [*filter(None, block.split("\n")), "And so on."]


@pytest.mark.parametrize(
    "block", ["'title': \"The mill\"\n", "título: el molino\ntitle: The mill\n", "title : The mill\n"]
)
def test_keys_may_be_quoted_and_in_any_script(block: str) -> None:
    assert parsed(block) == parsed("title: The mill\n")


@pytest.mark.parametrize(
    "block",
    [
        "# Feel free to add content.\n# See the docs.\n\nlayout: home\n",
        "# only a comment\n# or two\n",
        "og:title: X\nog:image: y\ntwitter:card: z\n",
        "{layout: post, mood: calm}\n",
        '{\n  "layout": "post",\n  "mood": "calm"\n}\n',
    ],
)
def test_a_block_without_keys_of_ours_may_have_comments_and_any_form_of_yaml(block: str) -> None:
    assert parsed(block).oddities == ()
    assert [cue.text for cue in parsed(block).transcript.cues] == ["one"]


@pytest.mark.parametrize(
    "block",
    [
        "{title: The mill, tags: [a, b]}\n",
        '{\n  "title": "The mill",\n  "tags": ["a", "b"]\n}\n',
        "# first\n# second\n# third\ntitle: The mill\ntags: [a, b]\n",
        "title: The mill\nAuthor: Amy\nAuthor: Bob\ntags: [a, b]\n",
    ],
)
def test_a_title_and_tags_are_read_in_any_form_of_yaml(block: str) -> None:
    assert details(block) == Details(title="The mill", tags=("a", "b"))


def test_words_between_two_rules_above_times_are_said_to_be_left_out() -> None:
    assert ["line 2: text before the first time" in str(one) for one in parsed("just words\n").oddities] == [True]


@pytest.mark.parametrize("block", ["", "\n", "title:\n", "title:\n# only a comment\n"])
def test_an_empty_block_says_nothing_and_is_nothing_odd(block: str) -> None:
    assert parsed(block).oddities == ()
    assert details(block) == Details(title="file")


def test_a_block_may_follow_empty_lines_and_end_with_dots() -> None:
    reading = read(b"\n\n---\ntitle: The mill\n...\n- [0:01] one\n", "file.md")
    assert reading.transcript.details.title == "The mill"


def test_dashes_that_never_close_are_no_front_matter() -> None:
    reading = read(b"---\n- [0:01] one\n- [0:02] two\n", "file.md")
    assert [cue.text for cue in reading.transcript.cues] == ["one", "two"]


def test_dashes_below_other_text_are_no_front_matter() -> None:
    assert read(b"# Mill\n---\ntitle: Other\n---\n- [0:01] one\n", "file.md").transcript.details.title == "Mill"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-01", date(2024, 3, 1)),
        ("2024/3/1", date(2024, 3, 1)),
        ("20240301", date(2024, 3, 1)),
        ("2024年3月1日", date(2024, 3, 1)),
        ("2024-03-01T10:20:30+09:00", date(2024, 3, 1)),
        ("", None),
        ("Unknown", None),
        ("null", None),
    ],
)
def test_dates_people_write_are_read(text: str, day: date | None) -> None:
    assert parsed(f"date: '{text}'\n").oddities == ()
    assert details(f"date: '{text}'\n").published == day


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-02-30", "2024", "2024-13-01", "03/01/2024", "2024-00-10", "2024-11", "202411"]
)
def test_a_date_that_is_no_day_is_left_out_and_reported(text: str) -> None:
    reading = parsed(f"date: '{text}'\n")
    assert reading.transcript.details.published is None
    assert [text in str(oddity) for oddity in reading.oddities] == [True]


@pytest.mark.parametrize(
    ("text", "ms"),
    [("00:04:32", 272_000), ("4:32", 272_000), ("84:37", 5_077_000), ("272", 272_000), ("272.5", 272_500), ("", None)],
)
def test_durations_people_write_are_read(text: str, ms: int | None) -> None:
    assert parsed(f"duration: '{text}'\n").oddities == ()
    assert details(f"duration: '{text}'\n").duration_ms == ms


@pytest.mark.parametrize("text", ["PT4M32S", "four minutes", "1:2:3:4", "-5"])
def test_a_duration_that_is_no_time_is_left_out_and_reported(text: str) -> None:
    reading = parsed(f"duration: '{text}'\n")
    assert reading.transcript.details.duration_ms is None
    assert len(reading.oddities) == 1


def test_several_speakers_are_named_together() -> None:
    assert details("speakers: [Ada, Grace]\n").speaker == "Ada, Grace"


def test_tags_may_be_a_line_with_commas_and_are_kept_once() -> None:
    assert details("tags: 'mill, river, mill,, Unknown'\n").tags == ("mill", "river")


def test_values_are_one_line_of_bounded_length() -> None:
    said = details(f"title: |\n  two\n  lines\nspeaker: {'a' * 5000}\ntags: [{','.join(f't{n}' for n in range(99))}]\n")
    assert said.title == "two lines"
    assert said.speaker is not None
    assert len(said.speaker) == 300
    assert len(said.tags) == 25


def test_a_very_long_block_is_read_line_by_line() -> None:
    reading = parsed("title: The mill\nsummary: |\n" + "  words and words\n" * 5000)
    assert reading.transcript.details.title == "The mill"
    assert [oddity.line for oddity in reading.oddities] == [2]


@pytest.mark.parametrize("deep", ["[" * 5000, "{a: " * 3000, "- " * 5000, "&a [*a]", "&a {b: *a}", "? [a]\n: b"])
def test_yaml_made_to_hurt_is_read_around(deep: str) -> None:
    assert parsed(f"tags: {deep}\n").transcript.cues[0].text == "one"
    assert parsed(f"{deep}\n").transcript.cues[-1].text.endswith("one")
