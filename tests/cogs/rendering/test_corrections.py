"""What was really said, as it is shown: marked, within Discord's limits, and never in the quote itself."""

from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest

from cogs.locales import speaking
from cogs.rendering import answers, corrections, quotes
from cogs.rendering.words import MAX_TEXT
from store.models import (
    Answer,
    Caption,
    Correct,
    Correctable,
    Correction,
    CorrectionsPage,
    Cue,
    Details,
    Entry,
    Listed,
    Quote,
    Verdict,
)

AT = datetime(2026, 1, 2, tzinfo=UTC)
DETAILS = Details("Deals", None, "https://www.youtube.com/watch?v=deals-2025x", None, None, None, None, ())
ENTRY = Entry(1, DETAILS, 60_000, 3, 20, 1, AT)
SAID = "today we talk about the cor weave deal"
QUOTE = Quote(1, DETAILS, SAID, 5000, 10_000, 1.0, correct=(Correct(24, 33, "CoreWeave"),))


def texts(view: discord.ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def correction(*captions: Caption, state: Verdict = Verdict.WAITING, entry: Entry | None = ENTRY) -> Correction:
    return Correction(1, 1, "Deals", entry, state, captions, 7, AT, decided_by=9, decided_at=AT)


def caption(was: str, now: str) -> str:
    """How moderators see a caption."""
    return texts(corrections.review(correction(Caption(0, 5000, was, now)))).splitlines()[3].partition(") ")[2]


def test_a_quote_stays_as_it_is_and_what_was_really_said_stands_below() -> None:
    assert quotes.told(QUOTE, 500, whole=True).splitlines() == [SAID, "> -# ✎ corrected: “cor weave” → **CoreWeave**"]
    with speaking("ja"):
        assert quotes.told(QUOTE, 500, whole=True).splitlines()[1] == "> -# ✎ 訂正：「cor weave」 → **CoreWeave**"


def test_of_the_part_of_a_quote_that_is_shown_alone() -> None:
    assert corrections.note(QUOTE, 0, 20) == ""
    assert corrections.note(QUOTE, 20, 38) != ""
    assert corrections.note(replace(QUOTE, correct=()), 0, 38) == ""


@pytest.mark.parametrize("room", [60, 100, 300])
def test_words_and_correction_fit_together(room: int) -> None:
    long = replace(QUOTE, text=SAID + " and so on" * 80, highlights=((24, 33),))
    assert len(quotes.told(long, room, whole=True)) <= max(room, 60)


def test_many_corrections_of_a_quote_are_counted() -> None:
    said = [("um", ""), ("", "hello"), ("one", "two"), ("three", "four"), ("five", "six")]
    assert corrections.really(said) == ("✎ corrected: “um” → …, … → **hello**, “one” → **two**, 2 more")
    assert corrections.really([]) == ""


def test_corrected_words_can_neither_format_nor_ping() -> None:
    line = corrections.really([("@everyone", "**bold** <@1> [x](https://evil.example)")])
    assert r"“\@everyone” → **\*\*bold\*\* \<\@1\> \[x\](https\://evil.example)**" in line
    assert len(corrections.really([("a" * 500, "b" * 500)])) < 200


def test_an_answer_with_corrections_fits_into_a_message() -> None:
    long = replace(
        QUOTE, text="word " * 200, correct=tuple(Correct(at * 5, at * 5 + 4, "*" * 60) for at in range(9)), short=(0, 0)
    )
    found = Answer("what?", (long,) * 5, passages=5, library_size=1)
    assert len(texts(answers.answer(found))) <= MAX_TEXT


def test_moderators_see_what_goes_and_what_comes_in_one_line() -> None:
    assert caption(SAID, SAID.replace("cor weave", "CoreWeave")) == (
        "today we talk about the ~~cor weave~~ **CoreWeave** deal"
    )
    assert caption("um we found it", "we found it") == "~~um we~~ **we** found it"
    assert caption("hello", "") == "~~hello~~"
    assert caption("", "hello") == "**hello**"
    assert caption("a " * 200 + "cor weave" + " b" * 200, "a " * 200 + "CoreWeave" + " b" * 200).startswith("…a ")


def test_the_longest_correction_fits_into_a_message() -> None:
    captions = [Caption(at, at * 1000, "*x* " * 500, "_y_ " * 550) for at in range(10)]
    for state in Verdict:
        assert len(texts(corrections.review(correction(*captions, state=state)))) <= MAX_TEXT
    page = CorrectionsPage(Listed.WAITING, (correction(*captions),) * 5, 5)
    buttons = [discord.ui.Button[discord.ui.LayoutView](label="Look") for _ in range(5)]
    assert len(texts(corrections.listing(page, buttons, None))) <= MAX_TEXT


def test_what_a_correction_lacks_is_said() -> None:
    gone = Caption(None, 5000, "one", "two")
    assert "The transcript no longer says that." in texts(corrections.review(correction(gone)))
    assert "The transcript is gone." in texts(corrections.review(correction(gone, entry=None)))


def test_a_form_holds_a_line_a_caption_as_many_as_fit() -> None:
    cues = tuple((at, Cue(at * 1000, "one\u2028two  three" if not at else "x" * 1990)) for at in range(4))
    found, lines = corrections.prefilled(Correctable(ENTRY, cues, tuple(cue.text for _, cue in cues)))
    assert lines.splitlines()[0] == "one two three"
    assert len(found.cues) == len(found.read) == len(lines.splitlines()) == 3
    assert len(lines) <= 4000


@pytest.mark.parametrize(
    ("was", "now", "name"),
    [
        (SAID, SAID.replace("cor weave", "CoreWeave"), ("CoreWeave", "cor weave")),
        ("the cor weave.", "the CoreWeave.", ("CoreWeave", "cor weave")),
        ("小泡織の話", "コアウィーブの話", ("コアウィーブ", "小泡織")),
        ("it was signed", "it was sighed", None),
        ("um we", "we", None),
        ("x", "A whole sentence that was said in its place, and that is no name at all", None),
    ],
)
def test_a_name_is_told_from_other_words(was: str, now: str, name: tuple[str, str] | None) -> None:
    found = correction(Caption(0, 0, was, now, stands=True), state=Verdict.APPROVED)
    assert corrections.spelling(found) == name
    assert corrections.spelling(replace(found, captions=(Caption(0, 0, was, now),))) is None
