"""What a word that nobody said may have been: few, and right."""

import random

import pytest

from store.library import Library
from store.models import Spelling
from tests.store.builders import GUILD, OTHER_GUILD, chatter, video_file

SAID = (
    "then Winstanley built the tower of Eddystone",
    "Rosalind Tarrant came from Massachusetts",
    "the block of ice and the races of ships",
    "Ghent and Brügge and 2682 lamps",
)


@pytest.fixture
async def filled(library: Library) -> Library:
    await library.ingest(GUILD, video_file("light", *SAID, *chatter(random.Random(1), 50)), "a.md")
    return library


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Windstanly", ("Winstanley",)),
        ("MASACHUSETS", ("Massachusetts",)),
        ("Edystown", ("Eddystone",)),
        ("Gosalind", ("Rosalind",)),
    ],
)
async def test_a_word_that_is_spelled_or_sounds_alike_is_named_as_it_was_said(
    filled: Library, word: str, said: tuple[str, ...]
) -> None:
    assert await filled._search.nearby(GUILD, [word]) == (Spelling(word, said),)


@pytest.mark.parametrize(
    "word", ["Bellrock", "Grace", "kubernetes", "gluten", "Zurich", "autolyse", "2683", "Winstanley", "ah", "灯台", "?"]
)
async def test_what_only_shares_letters_with_a_word_is_not_taken_for_it(filled: Library, word: str) -> None:
    assert await filled._search.nearby(GUILD, [word]) == ()


async def test_several_words_are_looked_for_at_once_and_those_without_are_left_out(filled: Library) -> None:
    found = await filled._search.nearby(GUILD, ["kubernetes", "Windstanly", "gluten", "Tarant"])
    assert [one.term for one in found] == ["Windstanly", "Tarant"]
    assert await filled._search.nearby(GUILD, []) == ()


async def test_another_servers_words_are_never_named(filled: Library) -> None:
    await filled.ingest(OTHER_GUILD, video_file("mill", "the old mill"), "b.md")
    assert await filled._search.nearby(OTHER_GUILD, ["Windstanly"]) == ()
