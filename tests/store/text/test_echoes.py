"""Lines that are said again right away, and thanks that a recogniser heard in silence."""

import pytest

from store.formats import read
from store.index.analysed import analyse
from store.library import Library
from store.models import Cue, Filters
from store.text.echoes import loops, unheard
from tests.store.builders import GUILD


def srt(*lines: tuple[int, int, str]) -> bytes:
    """A file of SubRip with cues from one second to another."""
    return "\n".join(
        f"{at}\n00:{start // 60:02}:{start % 60:02},000 --> 00:{end // 60:02}:{end % 60:02},000\n{text}\n"
        for at, (start, end, text) in enumerate(lines, start=1)
    ).encode()


def test_a_run_of_equal_cues_is_heard_once() -> None:
    cues = [Cue(at * 1000, text) for at, text in enumerate(["the mill", "the mill", "the mill", "stops", "the mill"])]
    assert unheard(cues) == [1, 2]
    assert analyse(cues).words == 5
    assert unheard([Cue(0, "yes we do"), Cue(1000, "yes we do"), Cue(2000, "so")]) == []
    assert unheard([Cue(at * 1000, "no") for at in range(5)]) == []
    assert unheard([Cue(at * 1000, "水車は回っている") for at in range(3)]) == [1, 2]


def test_two_who_say_the_same_are_two() -> None:
    assert unheard([Cue(0, "yes", None, "Ada"), Cue(1000, "yes", None, "Bo")]) == []


@pytest.mark.parametrize(
    "text", ["Thank you for watching!", "Thanks for watching.", "ご視聴ありがとうございました", "谢谢观看"]
)
def test_thanks_into_silence_at_the_end_were_invented(text: str) -> None:
    assert unheard([Cue(0, "the mill stops", 2000), Cue(9000, text, 11_000)]) == [1]
    assert unheard([Cue(0, "the mill stops", 2000), Cue(2000, text, 29_000)]) == [1]
    assert unheard([Cue(0, "the mill stops"), Cue(9000, text)]) == [1]


def test_thanks_that_belong_to_the_talk_are_words_like_any() -> None:
    thanks = "Thank you for watching"
    assert unheard([Cue(0, "the mill stops", 2000), Cue(2100, thanks, 4000)]) == []
    assert unheard([Cue(0, "the mill stops", 2000), Cue(9000, thanks, 11_000), Cue(11_000, "and now", 12_000)]) == []
    assert unheard([Cue(0, "so", 2000), Cue(9000, "Thank you for watching the mill", 11_000)]) == []
    assert unheard([Cue(0, thanks, 30_000)]) == []


def test_a_moderator_hears_from_when_on_a_file_loops() -> None:
    cues = [(at, at + 1, "so the mill stops" if at > 2 else f"line {at}") for at in range(12)]
    reading = read(srt(*cues), "a.srt")
    assert loops(reading.transcript.cues) == [(3000, 9)]
    assert "from 0:03 on the same words stand 9 times in a row" in str(reading.oddities[0])


async def test_a_loop_is_quoted_once_and_stays_in_the_text(library: Library) -> None:
    lines = [(at, at + 1, "the mill stops here") for at in range(1, 8)]
    done = await library.ingest(GUILD, srt((0, 1, "before that"), *lines, (8, 9, "and the quokka leaves")), "a.srt")
    assert done.entry.cues == 9
    answer = await library.ask(GUILD, "mill stops")
    quote = answer.quotes[0]
    shown = [quote.text[part.start : part.end] for part in quote.parts if not part.echo]
    assert shown.count("the mill stops here") == 1
    assert [part.echo for part in quote.parts].count(True) in {0, 6}
    counted = await library.mentions(GUILD, "mill")
    assert counted.count == 1
    (mention,) = await library.every_mention(GUILD, "quokka", filters=Filters())
    assert (mention.said, mention.after) == ("quokka", " leaves")
    assert mention.before.endswith("the mill stops here and the ")
