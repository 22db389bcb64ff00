"""SubRip and WebVTT as people's programs write them: who speaks, what is a time, what is markup."""

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
