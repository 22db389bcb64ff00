"""SubRip and WebVTT as people's programs write them: who speaks, what is a time, what is markup."""

import time

import pytest

from store.formats import read
from store.models import Cue


def cues(text: str, name: str = "a.srt") -> list[Cue]:
    return list(read(text.encode(), name).transcript.cues)


def said(text: str, name: str = "a.srt") -> list[tuple[str | None, str]]:
    """Who said what."""
    return [(cue.speaker, cue.text) for cue in cues(text, name)]


def dotted(*texts: str, numbers: bool = False) -> str:
    """Write cues with dots in their times, a second each."""
    return "".join(
        f"{f'{at}{chr(10)}' if numbers else ''}00:00:{at:02}.000 --> 00:00:{at + 1:02}.000\n{text}\n\n"
        for at, text in enumerate(texts)
    )


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize(
    "texts",
    [
        ["Hello there"],
        ["Yes.", "Yes.", "No."],
        ["Thank you", "Thank you", "Thank you", "Thank you"],
        ["We went down\nto the river", "We went down\nto the river", "We went down\nto the sea"],
        ["Row\nrow your boat", "Row\nrow your boat", "Row\nrow your boat"],  # a loop
        ["Oh, no!\nnot that", "Oh, no!\nor this", "Oh, no!\nnor the rest"],
        ["Ines Marlow\nShall we start?"],
        ["Ines Marlow", "Ines Marlow\nShall we?", "Ines Marlow\nWe shall."],
    ],
)
def test_the_first_line_of_a_cue_is_said_unless_the_file_shows_that_it_is_a_name(
    texts: list[str], numbers: bool
) -> None:
    assert said(dotted(*texts, numbers=numbers)) == [(None, text.replace("\n", " ")) for text in texts]


@pytest.mark.parametrize("names", [["Ines Marlow", "Tomas Reek"], ["Marlow, Ines (IT)", "Ana de la Cruz"], ["水野 葵"]])
def test_names_above_the_words_are_speakers_where_they_come_again(names: list[str]) -> None:
    texts = [(names[at % len(names)], f"this is line {at}") for at in range(5)]
    assert said(dotted(*map("\n".join, texts))) == texts


TWO = "\n2\n00:00:05,000 --> 00:00:06,000\nlast words\n"


@pytest.mark.parametrize(
    ("first", "start"),
    [
        ("00:75:01,000 --> 00:75:02,000", 0),
        ("00:00:0x,000 --> 00:00:02,000", 0),
        ("00:00:01,0-00 --> 00:00:02", 0),
        ("00: 00: 01, 000 --> 00: 00: 02, 000", 1000),
        ("00: 00: 01,000 -> 00: 00: 02,000", 1000),
        ("00:00:01,000 –> 00:00:02,000", 1000),
        ("00 : 00 : 01 . 000 -- > 00 : 00 : 02 . 000", 1000),
    ],
)
def test_the_words_of_a_first_cue_are_kept_whatever_its_times(first: str, start: int) -> None:
    reading = read(f"1\n{first}\nfirst words\n{TWO}".encode(), "a.srt")
    found = [(cue.start_ms, cue.text) for cue in reading.transcript.cues]
    assert found == [(start, "first words"), (5000, "last words")]
    assert any("0:00" in str(one) for one in reading.oddities) == (start == 0)


LABELLED = ["AMY: Shall we?", "BOB: We shall.", "AMY: Good.", "BOB: So."]


@pytest.mark.parametrize(
    ("cue", "wanted"),
    [
        ("AMY: Hello?\nBOB: Who's there?", [("AMY", "Hello?"), ("BOB", "Who's there?")]),
        ("Who is there?\nBOB: Me.\nYes, me.", [(None, "Who is there?"), ("BOB", "Me. Yes, me.")]),
        ("- AMY: Hello?\n- Yes?\n- BOB: Hi.", [("AMY", "Hello? - Yes?"), ("BOB", "Hi.")]),
        ("<i>AMY: Hello?</i>\n<i>BOB: Hi.</i>", [("AMY", "Hello?"), ("BOB", "Hi.")]),
        ("CARL: Hello?\nBOB: Hi.", [("CARL", "Hello?"), ("BOB", "Hi.")]),
        ("AMY: Hello?\nRemember: the key.", [("AMY", "Hello? Remember: the key.")]),
        ("MARY\nANN: Hello?\nBOB: Hi.", [("MARY ANN", "Hello?"), ("BOB", "Hi.")]),
        ("AMY: Hello?\nBOB:\nHi.", [("AMY", "Hello?"), ("BOB", "Hi.")]),
        ("AMY: Hello?\nBOB:", [("AMY", "Hello?"), (None, "BOB:")]),
        ("AMY: I saw\nBOB there: he slept", [("AMY", "I saw BOB there: he slept")]),
    ],
)
def test_each_line_with_a_name_that_others_have_is_its_own_cue(cue: str, wanted: list[tuple[str, str]]) -> None:
    said_before = [tuple(text.split(": ", 1)) for text in LABELLED]
    text = dotted(*LABELLED, cue)
    sbv = text.replace(" --> ", ",")
    found = [said(text), said(f"WEBVTT\n\n{text}", "a.vtt"), *([said(sbv, "a.sbv")] if "<" not in cue else [])]
    assert found == [[*said_before, *wanted]] * len(found)
    assert {one[::2] for one in cues(text)[len(LABELLED) :]} == {(4000, 5000)}


def test_one_who_always_speaks_second_is_named_too_if_in_capitals() -> None:
    texts = [f"AMY: line {at}\n{name}: so" for at, name in enumerate(["BOB", "BOB", "Aside"])]
    last = ("AMY", "line 2 Aside: so")
    assert said(dotted(*texts)) == [("AMY", "line 0"), ("BOB", "so"), ("AMY", "line 1"), ("BOB", "so"), last]


def test_names_in_any_form_part_a_cue_where_nearly_all_cues_have_one() -> None:
    said_before = [(f"{name} (he/him)", f"line {at}") for at, name in enumerate(["amy", "bob"] * 6)]
    text = dotted(
        *map(": ".join, said_before), "amy (he/him): hello\nbob (he/him): hi", "who's that?\nbob (he/him): me"
    )
    wanted = [("amy (he/him)", "hello"), ("bob (he/him)", "hi"), (None, "who's that?"), ("bob (he/him)", "me")]
    assert said(text) == [*said_before, *wanted]


@pytest.mark.parametrize("line", [" " * 1_000_000, "AMY: x\nBOB: y\n" * 40_000, "  : " * 200_000])
def test_a_cue_that_is_very_long_is_parted_in_time(line: str) -> None:
    began = time.perf_counter()
    assert len(said(dotted(*LABELLED, f"AMY: Hello\n{line}x\nBOB: Hi"))) > len(LABELLED)
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("cue", ["AMY: Hello?\nBOB: Who's there?", "Remember: this\nRemember: that"])
def test_where_nobody_is_named_no_cue_is_parted(cue: str) -> None:
    texts = [*(f"line {at}" for at in range(30)), cue]
    assert said(dotted(*texts)) == [(None, text.replace("\n", " ")) for text in texts]


EXAMPLE = "```srt\n1\n00:00:01,000 --> 00:00:03,000\nHello\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        f"# Captions\n\nA file of them has cues.\n\n{EXAMPLE}\nEach begins with its number.\nThen come its times.\n",
        f"A cue looks so:\n\n{EXAMPLE}\nOne line is enough.\n\nTwo are the most.\n\nPlayers show them.\n",
        f"One, and then two more.\nThey are short.\nSo are their words.\n{EXAMPLE}",
    ],
)
def test_an_example_in_a_text_is_one_of_its_words(text: str) -> None:
    transcript = read(text.encode(), "article.md").transcript
    assert not transcript.details.timed
    title = transcript.details.title
    assert " ".join([f"# {title}"] * ("#" in text) + [cue.text for cue in transcript.cues]) == " ".join(text.split())


THREE = dotted("Hello there.", "How are you?", "Fine.", numbers=True)
FEW = [(None, "Hello there."), (None, "How are you?"), (None, "Fine.")]


@pytest.mark.parametrize("name", ["a.srt", "a.txt", "a.md", "a.sub"])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"Title: My talk\nSpeaker: Amy\nDate: 2024-01-01\nLanguage: English\n\n{THREE}", FEW),
        (f"Subtitles by Amy\nwww.example.org\n\n{THREE}", FEW),
        (f"by us\n\n{THREE}Translated by Amy.\n\nThanks.", [*FEW[:2], (None, "Fine. Translated by Amy. Thanks.")]),
        (f"by us\n\n{dotted('♪♪', '♪♪', numbers=True)}", [(None, "♪♪"), (None, "♪♪")]),
        (f"My show\npart 2\n\n{dotted(*(['Again', 'you'] * 2))}", [(None, "Again"), (None, "you")] * 2),
        (f"by us\n\n{THREE}".replace("\nHow", "\n\nHow").replace("\nFine", "\n\nFine"), FEW),
        (f"Here it is:\n\n```srt\n{THREE}```\n\nAnything else?", [*FEW[:2], (None, "Fine. ``` Anything else?")]),
    ],
)
def test_a_few_lines_around_captions_make_no_text_of_them(
    text: str, wanted: list[tuple[str | None, str]], name: str
) -> None:
    assert said(text, name) == wanted


def test_captions_with_more_words_around_them_than_in_them_are_captions_by_their_name() -> None:
    text = f"Sure! Here it is:\n{EXAMPLE}\nLet me know!\n\nThere is more."
    assert said(text) == [(None, "Hello ``` Let me know! There is more.")]
    assert not read(text.encode(), "answer.md").transcript.details.timed


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("", []),
        ("1\n", []),
        ("Our captions\n\n1\n", [1]),
        ("\nOur captions\nof the mill\n", [2]),
        ("NOTE by us\nand them\n\n", []),
        ("WEBVTT\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nintro\n", []),
        ("WEBVTT\n\nOur captions\n\nintro\n", [3]),
    ],
)
def test_words_above_the_first_time_are_said_to_be_left_out(head: str, lines: list[int]) -> None:
    cue = "00:00:01,000 --> 00:00:02,000\none\ntwo\nthree\n"
    reading = read(f"{head}{cue}".encode(), "a.srt")
    assert [cue.text for cue in reading.transcript.cues] == ["one two three"]
    assert [one.line for one in reading.oddities] == lines


def test_a_line_of_words_with_an_arrow_is_no_time() -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\nfrom\n1:20 -> 2:30\nor 1:20\n3:20->4:10\n{TWO}"
    wanted = [(None, "from 1:20 -> 2:30 or 1:20 3:20->4:10"), (None, "last words")]
    assert said(text) == said(f"WEBVTT\n\n{text}", "a.vtt") == wanted


def test_a_time_at_the_end_of_the_words_is_no_unfinished_download() -> None:
    assert said(f"1\n00:00:01,000 --> 00:00:02,000\none\n{TWO}\n10:30") == [(None, "one"), (None, "last words 10:30")]


def test_frames_of_a_rate_that_is_not_known_are_left_out_of_a_time() -> None:
    text = "1\n00:00:01:12 --> 00:00:02:29\none\n\n2\n00:00:03:120 --> 00:00:04:240\ntwo\n"
    assert cues(text) == [Cue(1000, "one", 2000), Cue(3120, "two", 4240)]


SEGMENT = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n"


@pytest.mark.parametrize("between", ["\n\n", "\n", "\n\n\ufeff"])
def test_segments_in_one_file_leave_neither_their_headers_nor_a_cue_twice(between: str) -> None:
    one, two, three = (f"00:0{at}.000 --> 00:0{at + 1}.000\nnumber {at}" for at in (1, 2, 3))
    text = f"{SEGMENT}{one}\n\n{two}{between}{SEGMENT}{two}\n\n{three}\n\nWEBVTT\n\n{three}\n"
    assert said(text, "a.vtt") == [(None, "number 1"), (None, "number 2"), (None, "number 3")]


def lrc(*lines: str) -> list[tuple[int, str]]:
    return [(cue.start_ms, cue.text) for cue in cues("\n".join(["[ti:The Tide]", *lines, ""]), "a.lrc")]


def test_hundredths_in_lrc_may_stand_behind_a_colon_and_hours_in_front() -> None:
    assert lrc("[00:12:50]low", "[00:17:75]water", "[00:18,20]and", "[01:02:03.50]high") == [
        (12_500, "low"), (17_750, "water"), (18_200, "and"), (3_723_500, "high"),
    ]  # fmt: skip


def test_many_times_in_lrc_whose_third_part_is_never_over_59_are_clocks() -> None:
    lines = [f"[01:{at:02}:{(7 * at) % 60:02}]line {at}" for at in range(30)]
    assert lrc(*lines)[1] == (3_667_000, "line 1")
    assert lrc(*lines, "[02:00:60]more")[1] == (61_070, "line 1")


def test_words_in_lrc_with_an_impossible_time_are_kept() -> None:
    assert lrc("[00:75.00]low", "[00:17.75]water", "[00:99.00]rises") == [(0, "low"), (17_750, "water rises")]


def test_words_in_sbv_with_an_impossible_time_are_kept() -> None:
    text = "0:99:01.000,0:99:04.000\nlow\n\n0:00:05.000,0:00:06.000\nwater\n\n0:99:01.000,0:99:04.000\nrises\n"
    assert [(cue.start_ms, cue.text) for cue in cues(text, "a.sbv")] == [(0, "low"), (5000, "water rises")]


def events(*events: str) -> list[Cue]:
    """Return what is read of events: all of each but what they are."""
    fields = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    head = ["[Script Info]", "ScriptType: v4.00+", "", "[V4+ Styles]", "", "[Events]", fields]
    return cues("\n".join([*head, *(f"Dialogue: {event}" for event in events), ""]), "a.ass")


def ass(*texts: str) -> list[str]:
    lines = (f"0,0:00:0{at}.00,0:00:0{at + 1}.00,Default,,0,0,0,,{text}" for at, text in enumerate(texts))
    return [cue.text for cue in events(*lines)]


EVENTS = "[Events]\nFormat: Layer, Start, End, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,low water\n"


@pytest.mark.parametrize("head", ["", "[V4+ Styles]\n\n", "; by us\n\n", "\n[script info]\n\n", "junk\n"])
def test_events_are_read_whatever_sections_stand_before_them(head: str) -> None:
    assert [cue.text for cue in cues(f"{head}{EVENTS}", "a.txt")] == ["low water"]


@pytest.mark.parametrize(
    "text",
    [
        "Our calendar\n\n[Events]\nThe fair is in May.\nFormat: bring cups.\n",
        f"A file of captions has sections.\nThis is one.\nIt looks so:\n{EVENTS}That is all.\n",
    ],
)
def test_a_text_that_speaks_of_events_is_a_text(text: str) -> None:
    transcript = read(text.encode(), "a.txt").transcript
    assert " ".join(cue.text for cue in transcript.cues) == " ".join(text.split())


def test_what_lies_on_several_layers_is_said_once() -> None:
    assert events(
        r"0,0:00:01.00,0:00:02.00,Shadow,,0,0,0,,{\blur3}low\Nwater",
        "0,0:00:03.00,0:00:04.00,Default,Amy,0,0,0,,yes",
        "0,0:00:03.00,0:00:04.00,Default,Bo,0,0,0,,yes",
        "1,0:00:01.00,0:00:02.00,Default,Ines,0,0,0,,low water",
        "1,0:00:03.00,0:00:04.00,Default,Bo,0,0,0,,yes",
        "1,0:00:04.00,0:00:05.00,Default,Bo,0,0,0,,yes",
    ) == [
        Cue(1000, "low water", 2000, "Ines"),
        Cue(3000, "yes", 4000, "Amy"),
        Cue(3000, "yes", 4000, "Bo"),
        Cue(4000, "yes", 5000, "Bo"),
    ]


def test_words_behind_a_drawing_are_said_and_events_without_words_are_none() -> None:
    assert ass(
        r"{\p1}m 0 0 l 9 0 9 9{\p0}Hello words", r"{\an8\p2\bord0}m 0 0{\r\p0} and {\i1}more", "", r"{\fad(9,9)}",
        r"{\p1}m 0 0 l 9 0", r"{\pos(10,20)}placed", r"before {\p1}m 0 0{\p0}after {\p4}m 1 1",
    ) == ["Hello words", "and more", "placed", "before after"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<v>Hello</v>", "Hello"),
        ("use the <s> tag and <c> and <u>", "use the <s> tag and <c> and <u>"),
        ("if a <b then c> d", "if a <b then c> d"),
        ("say <v Name", "say <v Name"),
        ("say <rt> before <u", "say <rt> before <u"),
        ("never </b> alone", "never </b> alone"),
        ("<i>all of it</i>", "all of it"),
        ("<i>begun here", "begun here"),
        ("he said <i>no", "he said no"),
        ("and ended here</i>", "and ended here"),
        ("and ended here </i>", "and ended here"),
        ("<b><i>crossed</b></i>", "crossed"),
        ('<font color="#fff" size=3>x</font> <FONT FACE=Arial>y</FONT>', "x y"),
        ("<c.yellow.bg_blue>x</c> <lang en-GB>y</lang>", "x y"),
        ("<ruby>漢<rt>かん</rt></ruby>字", "漢字"),
        ("one<br>two<br/>three", "one two three"),
        ("a<00:00:01.200>b", "ab"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_what_marks_words_is_taken_away_and_what_they_speak_of_stays(text: str, wanted: str) -> None:
    assert said(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n") == [(None, wanted)]
    assert said(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n", "a.vtt") == [(None, wanted)]


def test_voices_are_read_where_the_header_is_missing() -> None:
    text = "00:01.000 --> 00:02.000\n<v Ines Marlow>The roof </v> <v Tomas Reek>leaks</v>\n"
    assert said(text) == said(f"WEBVTT\n\n{text}", "a.vtt") == [("Ines Marlow", "The roof"), ("Tomas Reek", "leaks")]


def test_the_name_of_a_voice_may_have_spaces_around_it() -> None:
    reading = read(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v \t Ada   Vale >hello</v>\n", "a.vtt")
    assert [(cue.speaker, cue.text) for cue in reading.transcript.cues] == [("Ada Vale", "hello")]
