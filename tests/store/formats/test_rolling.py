"""Captions that show words more than once: each spoken word once, and what was said twice twice."""

import pytest

from store.formats import read

Shown = tuple[int, int, str]  # from, until, what


def srt(*shown: Shown) -> str:
    return "\n".join(f"{at}\n{_time(a)} --> {_time(b)}\n{text}\n" for at, (a, b, text) in enumerate(shown, start=1))


def vtt(*shown: Shown) -> str:
    return "WEBVTT\n\n" + "\n".join(f"{_time(a, '.')} --> {_time(b, '.')}\n{text}\n" for a, b, text in shown)


def _time(ms: int, point: str = ",") -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{point}{ms % 1000:03}"


def cues(text: str, name: str = "a.srt") -> list[tuple[int, int | None, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in read(text.encode(), name).transcript.cues]


def said(text: str, name: str = "a.srt") -> list[str]:
    return [text for _, _, text in cues(text, name)]


def lit(sentence: str, start: int = 0, *, mark: str = "u", each: int = 400) -> list[Shown]:
    """Return a sentence once for each of its words, each lit in turn."""
    words = sentence.split()
    end = mark.partition(" ")[0]
    return [
        (start + at * each, start + (at + 1) * each,
         " ".join([*words[:at], f"<{mark}>{word}</{end}>", *words[at + 1 :]]))
        for at, word in enumerate(words)
    ]  # fmt: skip


def every(*texts: str, each: int = 2000) -> list[Shown]:
    """Return captions of the same length that touch."""
    return [(at * each, (at + 1) * each, text) for at, text in enumerate(texts)]


@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize("write", [srt, vtt])
def test_a_sentence_whose_words_are_lit_is_one_cue_also_at_the_files_end(write: object, ending: str) -> None:
    assert callable(write)
    text = write(*lit("the clay is wet"), *lit("How are you", 1600)).rstrip("\n") + ending
    assert cues(text, "a.vtt") == [(0, 1600, "the clay is wet"), (1600, 2800, "How are you")]


@pytest.mark.parametrize("mark", ["u", "b", "i", 'font color="#00ff00"', "c.yellow"])
def test_words_may_be_lit_by_any_tag(mark: str) -> None:
    shown = lit("Hello my dear friend", mark=mark)
    assert cues(vtt(*shown), "a.vtt") == cues(srt(*shown)) == [(0, 1600, "Hello my dear friend")]


def test_a_sentence_stands_without_a_mark_between_two_words_and_before_the_first() -> None:
    one, two = lit("oh no", 1000)
    text = srt((800, 1000, "oh no"), one, (1400, 1500, "oh no"), (1500, 1900, two[2]), (1900, 2300, "<u>wait</u>"))
    assert cues(text) == [(800, 1900, "oh no"), (1900, 2300, "wait")]


def test_a_sentence_that_is_lit_twice_was_said_twice() -> None:
    shown = [*lit("the clay is wet"), *lit("the clay is wet", 1600), *lit("wait", 3200), *lit("wait", 3600)]
    assert said(srt(*shown)) == ["the clay is wet", "the clay is wet", "wait", "wait"]


@pytest.mark.parametrize(
    "shown",
    [
        every("<u>Title</u>", "Title", "and words"),
        every("<i>Where are you?</i>", "<i>Where are you?</i>", "Here."),
        every("Where <i>are</i> you?", "Where are you?", "Here I am.", "So there you are."),
        [(0, 900, "<b>No</b>"), (5000, 5900, "No"), (9000, 9900, "I said no.")],
    ],
)
def test_a_mark_that_does_not_move_on_lights_no_words(shown: list[Shown]) -> None:
    assert len(said(srt(*shown))) == len(shown)


def youtube(*lines: str, tagged: bool = True, each: int = 2000) -> list[Shown]:
    """Return lines as YouTube rolls them: each new one below the one before, which was held for 10 ms alone."""
    shown = []
    before = " "
    for at, line in enumerate(lines):
        start = at * each
        words = line.split()
        times = [f"<{_time(start + 100 * place, '.')}><c> {word}</c>" for place, word in enumerate(words) if place]
        new = words[0] + "".join(times) if tagged else line
        shown += [(start, start + each - 10, f"{before}\n{new}"), (start + each - 10, start + each, f"{line}\n ")]
        before = line
    return shown


@pytest.mark.parametrize("length", [1, 2, 3, 4, 9])
def test_automatic_captions_of_any_length_say_each_line_once(length: int) -> None:
    lines = [
        f"the kiln is {number}" for number in ("one", "two", "three", "four", "five", "six", "seven", "eight", "x")
    ]
    assert said(vtt(*youtube(*lines[:length])), "a.vtt") == lines[:length]


def test_words_that_were_said_twice_in_automatic_captions_stay() -> None:
    lines = ["no no no", "no no no", "yeah", "yeah", "so it was"]
    for tagged in (True, False):
        assert said(vtt(*youtube(*lines, tagged=tagged)), "a.vtt") == lines


def test_a_line_that_comes_again_after_a_pause_is_no_hold() -> None:
    shown = [*youtube("the kiln was cold", "yeah"), (9000, 10_000, " \nyeah"), (10_000, 10_010, "yeah\n ")]
    assert cues(vtt(*shown), "a.vtt")[1:] == [(2000, 4000, "yeah"), (9000, 10_010, "yeah")]


NEWS = ["GOOD EVENING.", "TONIGHT WE BEGIN", "WITH THE WEATHER", "IN THE NORTH.", "IT SNOWED.", "THEN IT RAINED."]


def rolled(lines: list[str], *, by: int, from_one: bool = True) -> list[str]:
    """Return what television shows of lines that roll, a few at a time."""
    first = 1 if from_one else by
    return ["\n".join(lines[max(0, at - by) : at]) for at in range(first, len(lines) + 1)]


@pytest.mark.parametrize("by", [2, 3])
@pytest.mark.parametrize("write", [srt, vtt])
def test_lines_that_roll_without_holds_are_said_once(by: int, write: object) -> None:
    assert callable(write)
    for lines in (NEWS, [*NEWS, "YES.", "YES.", "YES. IT DID.", "NO."]):
        assert said(write(*every(*rolled(lines, by=by))), "a.vtt") == lines


def test_lines_roll_again_after_a_break_and_stay_where_they_were_shown_once_more() -> None:
    first, second = every(*rolled(NEWS, by=2)), every(*rolled(["NOW SPORTS.", "THEY LOST.", "AGAIN."], by=2))
    again = [(60_000 + start, 60_000 + end, text) for start, end, text in second]
    again.append((again[-1][1], again[-1][1] + 2000, again[-1][2]))  # the same two lines
    assert cues(srt(*first, *again))[-3:] == [
        (60_000, 62_000, "NOW SPORTS."), (62_000, 64_000, "THEY LOST."), (64_000, 68_000, "AGAIN."),
    ]  # fmt: skip


def test_lines_that_grow_are_said_once() -> None:
    assert cues(srt(*every("hello", "hello my", "hello my friend"))) == [(0, 6000, "hello my friend")]
    assert said(srt(*every("hello", "hello my", "hello my friend", "how", "how are", "how are you"))) == [
        "hello my friend", "how are you",
    ]  # fmt: skip
    assert said(srt(*every("GO", "GOOD", "GOOD EV", "GOOD EVENING", "GOOD EVENING\nTO", "GOOD EVENING\nTONIGHT",
                           "TONIGHT\nWE", "TONIGHT\nWE BEGIN"))) == ["GOOD EVENING", "TONIGHT", "WE BEGIN"]  # fmt: skip


@pytest.mark.parametrize(
    "shown",
    [
        every("let it be", "let it be\nlet it be", "let it be", "let it be\nlet it be", "let it be\nlet it be"),
        every(*["let it be", "let it be\nlet it be"] * 3, each=900),
        every("let it be", "let it be\nlet it be", "let it be", "let it be\nwhisper words", "whisper words\nof wisdom",
              "let it be", "let it be\nlet it be", "let it be"),
        every("no", "no no", "no no no", "no no no no"),
        every("row row\nrow your boat", "gently down\nthe stream", "row row\nrow your boat", "merrily\nmerrily",
              "merrily\nlife is but a dream", "row row\nrow your boat"),
        every("We met him\nat the mill,", "at the mill,\nyes.", "And then?", "He left\nby boat.", "Alone?", "Alone."),
        every("No", "No, I said", "so we went", "and then", "and then we came", "back home", "at night"),
        [(at * 5000, at * 5000 + 900, text) for at, text in enumerate(rolled(NEWS, by=2))],  # far apart
        every("yeah", "yeah", "yeah yeah", "oh yeah", "yeah"),
        every("So I", "went to sea", "went to sea\nagain", "and it was", "cold"),
    ],
)  # fmt: skip
def test_songs_and_captions_of_two_lines_that_do_not_roll_stay(shown: list[Shown]) -> None:
    wanted = [" ".join(text.split("\n")) for _, _, text in shown]
    assert said(srt(*shown)) == said(vtt(*shown), "a.vtt") == wanted


def test_a_song_with_times_of_words_keeps_its_refrain() -> None:
    line = "<00:00:{:02}.000>low <00:00:{:02}.500>water"
    shown = every(*(line.format(at, at) for at in range(0, 8, 2)), "low water\nand <00:00:08.500>high")
    assert said(vtt(*shown), "a.vtt") == ["low water"] * 4 + ["and high"]
