"""Texts with times: what is a mark, what is words, who speaks; told by the file as a whole."""

import pytest

from store.formats import read
from store.models import Cue

Cues = list[tuple[int, str | None, str]]


def cues(text: str, name: str = "talk.txt") -> Cues:
    """What is read of a text with times: the start, who speaks and the words of each cue."""
    transcript = read(text.encode(), name).transcript
    assert transcript.details.timed
    return [(cue.start_ms, cue.speaker, cue.text) for cue in transcript.cues]


@pytest.mark.parametrize(
    "text",
    [
        "We begin the meeting at 10:30\nPlease bring cups.\nLunch is at 12:45\nThen we go home.\n",
        "John 3:16\nFor God so loved the world\nRomans 8:28\nAnd we know that all is well\n",
        "Doors open at 18:30\nTalk starts 19:00\nBring your friends.\n",
        "9:00 Opening\n9:30 Talk\n10:30 Coffee\n12:00 Lunch\n",
        "Start: 10:30\nEnd: 12:45\nWe met and talked.\n",
        "Breakfast 8:30\nEggs.\n\nLunch 12:45\nSoup.\n",
        "0:00 Intro\n1:00 Kiln\n\nThe kiln is old.\nIt stands on stone.\nThe monks built it.\n",
        "10:00\nWe dug the clay and carried it home in sacks and baskets.\n10:15\nThe others came.\n",
        "1:10 And God called the dry land Earth\n1:11 And God said let the earth bring forth grass\n1:12 And so\n",
        "John 3:16\nFor God so loved the world\n\nJohn 11:35\nJesus wept.\n\nJohn 14:27\nPeace I leave with you\n",
        "6:05 Central Station\n6:19 Old Mill\n6:33 City Park\n6:47 Central Station\n7:05 Old Mill\n",
        "# Monday\n- Buy milk\n- Call Amy\n- [10:00] Meeting\n",
        "Nov 3 10:30\nWe dug clay.\n\nNov 4 11:45\nWe fired it.\n",
        "Doors open at 18:30\n\nTalk starts 19:00\n\nBring your friends.\n",
        "One (3:15) two\nthree\nfour (3:10) five\n(9:00) six\n(2:00) seven\n",
    ],
)
def test_times_in_prose_are_words(text: str) -> None:
    transcript = read(text.encode(), "notes.txt").transcript
    assert not transcript.details.timed
    assert " ".join(cue.text for cue in transcript.cues) == " ".join(text.removeprefix("# Monday\n").split())
    assert {cue.speaker for cue in transcript.cues} == {None}


@pytest.mark.parametrize(
    "words",
    [
        "See you at 10:30",
        "So the time is 10:30",
        "He went there (00:12) and came back.",
        "the train leaves at (11:15) sharp",
        "Read Genesis (3:15) please.",
        "Lunch: 12:45",
        "It ended (00:12).",
    ],
)
@pytest.mark.parametrize("form", ["{}  {}\n", "{} ({}):\n", "{} {}\n", "**{}** [{}]\n", "{}: 00:0{}\n", "# {} ({})\n"])
def test_a_time_in_a_turn_is_one_of_its_words(words: str, form: str) -> None:
    said = [("Amy Roe", "0:03", words), ("Bo Lind", "0:09", f"Yes.\n{words}"), ("Amy Roe", "0:15", words)]
    text = "\n".join(form.format(name, time) + spoken + "\n" for name, time, spoken in said)
    assert cues(text, "talk.md") == [
        (3000, "Amy Roe", words),
        (9000, "Bo Lind", "Yes."),
        (9000, "Bo Lind", words),
        (15000, "Amy Roe", words),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0:00 hello there\n0:05 so it goes\n0:10 bye\n", [(0, "hello there"), (5000, "so it goes"), (10000, "bye")]),
        ("0:00 - hello there\n0:05 - bye\n", [(0, "hello there"), (5000, "bye")]),
        ("0:00\nhello\n0:05\nand it's 10:30\n0:09\nbye\n", [(0, "hello"), (5000, "and it's 10:30"), (9000, "bye")]),
        ("[0.00s -> 3.48s] Hello\n[3.48s -> 5.00s]  World\n", [(0, "Hello"), (3480, "World")]),
        ("00:00:01:12 - 00:00:04:00\nHello.\n\n00:00:04:00 - 00:00:06:00\nHi.\n", [(1000, "Hello."), (4000, "Hi.")]),
    ],
)  # fmt: skip
def test_lines_with_bare_times_are_cues_without_a_speaker(text: str, wanted: list[tuple[int, str]]) -> None:
    assert cues(text) == [(start, None, said) for start, said in wanted]


@pytest.mark.parametrize(
    "text",
    [
        "00:00:05 Amy Roe: Hello\n00:00:09 Bo Lind: Hi\n00:00:12 Amy Roe: Well\n",
        "Amy Roe: 00:00:05 Hello\nBo Lind: 00:00:09 Hi\nAmy Roe: 00:00:12 Well\n",
        "- **Amy Roe** (0:05): Hello\n- **Bo Lind** (0:09): Hi\n- **Amy Roe** (0:12): Well\n",
        "[00:00:05.000] - Amy Roe\nHello\n\n[00:00:09.000] - Bo Lind\nHi\n\n[00:00:12.000] - Amy Roe\nWell\n",
        "[00:00:05] Amy Roe\nHello\n\n[00:00:09] Bo Lind\nHi\n\n[00:00:12] Amy Roe\nWell\n",
        "Amy Roe\n(00:00:05) Hello\n\nBo Lind\n(00:00:09) Hi\n\nAmy Roe\n(00:00:12) Well\n",
        "Amy Roe\n0:05\nHello\n\nBo Lind\n0:09\nHi\n\nAmy Roe\n0:12\nWell\n",
        "0:05 Amy Roe\nHello\n\n0:09 Bo Lind\nHi\n\n0:12 Amy Roe\nWell\n",
        "Amy Roe\t0:05\nHello\n\nBo Lind\t0:09\nHi\n\nAmy Roe\t0:12\nWell\n",
        "Amy Roe | 0:05\nHello\n\nBo Lind | 0:09\nHi\n\nAmy Roe | 0:12\nWell\n",
        "[Amy Roe] 00:00:05\nHello\n\n[Bo Lind] 00:00:09\nHi\n\n[Amy Roe] 00:00:12\nWell\n",
        "## Amy Roe (0:05)\nHello\n\n## Bo Lind (0:09)\nHi\n\n## Amy Roe (0:12)\nWell\n",
        "Amy Roe: Hello\n0:09\nBo Lind: Hi\n0:12\nAmy Roe: Well\n".replace("Amy", "0:05\nAmy", 1),
        "Amy Roe\n0:05\nHello\nBo Lind\n0:09\nHi\nAmy Roe\n0:12\nWell\n",
        "Amy Roe\n\n0:05\n\nHello\n\nBo Lind\n\n0:09\n\nHi\n\nAmy Roe\n\n0:12\n\nWell\n",
        "Amy Roe\t0:05\tHello\nBo Lind\t0:09\tHi\nAmy Roe\t0:12\tWell\n",
        "0:05\tAmy Roe\tHello\n0:09\tBo Lind\tHi\n0:12\tAmy Roe\tWell\n",
        "[0:05] **Amy Roe:** Hello\n\n[0:09] **Bo Lind:** Hi\n\n[0:12] **Amy Roe:** Well\n",
        "**Amy Roe:** \\[0:05\\] Hello\n\n**Bo Lind:** \\[0:09\\] Hi\n\n**Amy Roe:** \\[0:12\\] Well\n",
        (
            "**Amy Roe** [(0:05)](https://a.b/c)\nHello\n\n**Bo Lind** [(0:09)](https://a.b/c)\nHi\n\n"
            "**Amy Roe** [(0:12)](https://a.b/c)\nWell\n"
        ),
        (
            "[0:05](https://a.b/c?t=5) Amy Roe: Hello\n[0:09](https://a.b/c?t=9) Bo Lind: Hi\n"
            "[0:12](https://a.b/c?t=12) Amy Roe: Well\n"
        ),
    ],
)
def test_who_speaks_is_read_wherever_it_stands(text: str) -> None:
    assert cues(text) == [(5000, "Amy Roe", "Hello"), (9000, "Bo Lind", "Hi"), (12000, "Amy Roe", "Well")]


@pytest.mark.parametrize("name", ["+49 170 1234567", "3rd Floor Room", "[Guest] Cy", "cy_42"])
@pytest.mark.parametrize("form", ["{}  {}\n{}\n", "{} ({}):\n{}\n", "{} | {}\n{}\n"])
def test_a_caller_a_room_or_a_guest_is_a_speaker(name: str, form: str) -> None:
    said = [(name, "0:02", "Hi"), ("Amy Roe", "0:05", "Well"), (name, "0:09", "So"), ("Amy Roe", "0:12", "Yes")]
    wanted = [(int(time[2:]) * 1000, who, words) for who, time, words in said]
    assert cues("\n".join(form.format(*turn) for turn in said)) == wanted


@pytest.mark.parametrize("form", ["{}: {}\n{}\n", "{}: [{}] {}\n", "{} ({})\n{}\n", "{} {}\n{}\n"])
def test_who_speaks_once_is_a_speaker(form: str) -> None:
    names = ["Amy Roe", "Bo Lind", "Amy Roe", "Cy Hill", "Bo Lind", "Amy Roe"]
    said = [(name, f"0{at}:16", "we dug the clay") for at, name in enumerate(names)]
    read = cues("".join(form.format(*turn) for turn in said))
    assert [(speaker, words) for _, speaker, words in read] == [(name, "we dug the clay") for name in names]


@pytest.mark.parametrize("bold", ["", "**"])
def test_a_turn_without_a_time_is_its_speakers_at_the_last_time(bold: str) -> None:
    turns = [
        "Bo Lind: So we begin.",
        "Amy Roe: [00:00:05] Hello.",
        "Bo Lind: I never said that.",
        "Amy Roe: [00:01:00] Oh.",
    ]
    text = "\n\n".join(bold + turn.replace(":", f":{bold}", 1) for turn in turns)
    assert cues(text) == [
        (0, "Bo Lind", "So we begin."),
        (5000, "Amy Roe", "Hello."),
        (5000, "Bo Lind", "I never said that."),
        (60000, "Amy Roe", "Oh."),
    ]
    assert cues("[0:01] Amy: Hi\nBo: never\n[0:05] Bo: so\n[0:09] Amy: well\n")[1] == (1000, "Bo", "never")


@pytest.mark.parametrize("lines", ["Amy Roe (0:05):\nx\n\nBo Lind (0:09):\ny\n", "[0:05] x\n[0:09] y\n"])
def test_sentences_before_the_first_time_are_kept_at_the_start(lines: str) -> None:
    reading = read(f"The kiln\n\nWelcome to the show.\n\n{lines}".encode(), "talk.txt")
    assert reading.transcript.cues[0] == Cue(0, "Welcome to the show.")
    assert [(one.line, "kept" in str(one.text)) for one in reading.oddities] == [(1, False), (3, True)]


def test_words_keep_the_signs_that_mark_bold_letters_elsewhere() -> None:
    text = "Amy (0:05): call __init__ and 2 ** 3 now\nBo (0:07): yes\nAmy (0:09): so\n"
    assert cues(text)[0] == (5000, "Amy", "call __init__ and 2 ** 3 now")


@pytest.mark.parametrize(
    "text",
    [
        "[Amy Roe] 10:01:20\nHello\n\n[Bo Lind] 10:01:25\nHi\n",
        "10:01:20 From Amy Roe to Everyone : Hello\n10:01:25\t From Bo Lind to Everyone:\n\tHi\n",
    ],
)
def test_times_of_the_day_are_counted_from_the_first(text: str) -> None:
    reading = read(text.encode(), "talk.txt")
    assert [tuple(cue) for cue in reading.transcript.cues] == [
        (0, "Hello", None, "Amy Roe"),
        (5000, "Hi", None, "Bo Lind"),
    ]
    assert "times are those of the day" in str(reading.oddities[0])


@pytest.mark.parametrize("form", ["## {1} ({0})", "## {1} [0:{0}]", "### {0} {1}", "## [{0}] {1}"])
def test_a_heading_with_a_time_is_a_chapter_and_no_speaker(form: str) -> None:
    headings = [form.format("00:00", "Introduction"), form.format("05:00", "The Kiln")]
    transcript = read(f"{headings[0]}\nHello.\n\n{headings[1]}\nIt is hot.\n".encode(), "a.md").transcript
    assert transcript.cues == (Cue(0, "Hello."), Cue(300_000, "It is hot."))
    assert [tuple(one) for one in transcript.details.chapters] == [(0, "Introduction"), (300_000, "The Kiln")]


def test_a_time_that_goes_back_between_names_that_recur_is_kept_and_said() -> None:
    turns = [(name, at) for at, name in enumerate(["Amy Roe", "Bo Lind"] * 3, start=1)]
    turns[3] = ("Bo Lind", 0)
    reading = read("\n".join(f"{name} (0:0{at}):\nwords\n" for name, at in turns).encode(), "talk.txt")
    assert [cue.start_ms for cue in reading.transcript.cues] == [1000, 2000, 3000, 0, 5000, 6000]
    assert "earlier than the cue before" in str(reading.oddities[0])


def test_a_line_of_the_native_form_among_turns_is_one_of_their_paragraphs() -> None:
    text = "**Amy** [00:00:05]\nHello there.\n\n[00:00:30] more of it\n\n**Bob** [00:01:00]\nHi.\n"
    assert cues(text, "talk.md") == [(5000, "Amy", "Hello there."), (30000, "Amy", "more of it"), (60000, "Bob", "Hi.")]


@pytest.mark.parametrize("text", ["[Music] hello\n[0:05] x\n", "Welcome all\n\nAmy (0:05):\nx\n\nBo (0:09):\ny\n"])
def test_text_before_the_first_time_is_said_to_be_left_out(text: str) -> None:
    reading = read(text.encode(), "talk.txt")
    assert [str(one) for one in reading.oddities] == ["line 1: text before the first time has none; it was left out."]


@pytest.mark.parametrize("text", ["{laughs} Hello\nyou all\n", "<laughs> Hello\nyou all\n"])
def test_a_sound_at_the_start_is_no_broken_file(text: str) -> None:
    assert [cue.text for cue in read(text.encode(), "talk.txt").transcript.cues] == text.splitlines()


def test_a_comment_at_the_start_is_none_of_the_words() -> None:
    assert cues("<!-- exported -->\n- [0:01] one\n", "talk.md") == [(1000, None, "one")]
    reading = read(b"<!-- exported -->\nlow water\n", "talk.md")
    assert [cue.text for cue in reading.transcript.cues] == ["low water"]


def test_names_in_small_letters_are_names_where_they_stand_apart() -> None:
    text = "amy roe  0:03\nhi\n\nbo  0:09\nhello\n\namy roe  0:11\nso\n"
    assert cues(text) == [(3000, "amy roe", "hi"), (9000, "bo", "hello"), (11000, "amy roe", "so")]


def test_names_in_lines_of_their_own_say_who_speaks_in_a_text_without_times() -> None:
    transcript = read(
        b"AMY:\nHello there.\n\nBO:\nHi. How are you?\nWell?\n\nAMY:\nFine.\n\nThey left.\n", "a.txt"
    ).transcript
    assert [(cue.speaker, cue.text) for cue in transcript.cues] == [
        ("AMY", "Hello there."),
        ("BO", "Hi. How are you?"),
        ("BO", "Well?"),
        ("AMY", "Fine."),
        (None, "They left."),
    ]
    minutes = read(b"Discussion:\nThe kiln.\n\nAction:\nDig.\n\nDiscussion:\nClay.\n", "a.txt").transcript
    assert [cue.text for cue in minutes.cues][:2] == ["Discussion:", "The kiln."]


def test_what_otter_puts_below_is_none_of_the_words() -> None:
    reading = read(b"Amy Roe  0:03\nHi.\n\nBo  0:05\nSo.\n\nTranscribed by https://otter.ai\n", "talk.txt")
    assert [cue.text for cue in reading.transcript.cues] == ["Hi.", "So."]
    assert [one.line for one in reading.oddities] == [7]


def test_names_stand_alone_and_in_front_in_one_text() -> None:
    text = "Amy: Welcome.\nBo:\nI build kilns.\nAmy: Wow.\nBo:\nYes.\nAmy: Really?\nBo:\nReally.\nAmy: Bye.\n"
    said = [(cue.speaker, cue.text) for cue in read(text.encode(), "a.txt").transcript.cues]
    assert said == [
        ("Amy", "Welcome."),
        ("Bo", "I build kilns."),
        ("Amy", "Wow."),
        ("Bo", "Yes."),
        ("Amy", "Really?"),
        ("Bo", "Really."),
        ("Amy", "Bye."),
    ]


def test_who_speaks_once_in_front_is_a_speaker_among_names_that_stand_alone() -> None:
    text = "AMY:\nWhy?\n\nBO:\nSo.\n\nAMY:\nOh.\n\nHOST: Time is up.\n\nBO:\nBye.\n"
    said = [(cue.speaker, cue.text) for cue in read(text.encode(), "a.txt").transcript.cues]
    assert said[3:] == [("HOST", "Time is up."), ("BO", "Bye.")]


@pytest.mark.parametrize("heading", ["**Clays:**", "Clays:"])
def test_headings_of_lists_are_no_speakers(heading: str) -> None:
    text = f"One\n\n{heading}\n- red\n- white\n\nTwo\n\n{heading}\n- blue\n\nThree\n\n{heading}\n1. grey\n"
    assert {cue.speaker for cue in read(text.encode(), "a.txt").transcript.cues} == {None}


def test_excerpts_of_one_speaker_keep_their_times_however_far_apart() -> None:
    said = "we carried the clay down from the hill and washed it in the river"
    text = "\n".join(f"Dr. Roe ({at}:03):\n{said}\n" for at in (12, 14, 17, 20))
    assert cues(text)[1] == (843_000, "Dr. Roe", said)


@pytest.mark.parametrize(
    "text",
    [
        "0:01\tTopic\tWe begin\n0:30\tBudget\tThere is none\n1:05\tPlan\tWe make one\n",
        "0:01\nyeah\nwe go there\n0:05\nyeah\nwe go home\n0:09\nno\nnot yet\n",
        "0:01\n[Music]\nwe go there\n0:05\n[Music]\nwe go home\n0:09\n[Music]\nbye\n",
        "0:01\ncome back\nwe go there\n0:05\ncome back\nwe go home\n0:09\ncome back\nbye\n",
    ],
)
def test_what_comes_first_in_a_line_or_below_a_time_is_no_name_by_that(text: str) -> None:
    assert {speaker for _, speaker, _ in cues(text)} == {None}


def test_a_turn_above_a_time_is_none_of_its_names() -> None:
    blocks = [
        ("0:00:00", "Amy Roe: So.\nBo Lind: Okay"),
        ("0:05:00", "Amy Roe: Late.\nBo Lind: Okay"),
        ("0:10:00", "Amy Roe: Bye."),
    ]
    text = "Transcript\n\n" + "\n\n".join(f"{time}\n\n{said}" for time, said in blocks) + "\n"
    assert [(speaker, words) for _, speaker, words in cues(text)] == [
        ("Amy Roe", "So."),
        ("Bo Lind", "Okay"),
        ("Amy Roe", "Late."),
        ("Bo Lind", "Okay"),
        ("Amy Roe", "Bye."),
    ]


@pytest.mark.parametrize("words", ["質問：なぜ眠いのか。", "Rule 1: sleep."])
def test_what_is_said_twice_before_a_colon_is_no_speaker_of_turns(words: str) -> None:
    text = (
        f"Amy Roe (0:00):\nSo.\n{words}\n\nBo Lind (0:30):\nYes.\n\nAmy Roe (0:50):\n{words}\n\nBo Lind (1:10):\nOh.\n"
    )
    assert {speaker for _, speaker, _ in cues(text)} == {"Amy Roe", "Bo Lind"}
    assert words in [said for _, _, said in cues(text)]


def test_numbers_of_a_list_are_none_of_its_names() -> None:
    text = "1. Amy (0:03): Hello\n2. Bo (0:09): Hi\n3. Amy (0:13): Bye\n"
    assert [speaker for _, speaker, _ in cues(text)] == ["Amy", "Bo", "Amy"]


def test_what_begins_lines_of_turns_alike_is_no_speaker() -> None:
    text = (
        "Amy Roe  0:03\nHello.\nKey Point: we go.\nand then we rest\n\nBo Lee  0:20\nI see.\nKey Point: we stay.\n"
        "so be it\n\nAmy Roe  0:40\nYes.\n\nBo Lee  0:50\nSo.\n\nAmy Roe  0:55\nBye.\n"
    )
    assert {speaker for _, speaker, _ in cues(text)} == {"Amy Roe", "Bo Lee"}


def test_an_end_before_a_time_inside_a_turn_is_none() -> None:
    transcript = read(b"Amy\t0:01\t0:04\tHi there. [0:05] more.\nAmy\t0:09\t0:11\tBye.\n", "a.txt").transcript
    assert [(cue.start_ms, cue.end_ms) for cue in transcript.cues] == [(1000, 4000), (5000, None), (9000, 11000)]
