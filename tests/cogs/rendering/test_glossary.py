"""The glossary as messages, whatever its terms are made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.rendering import glossary
from store.glossary import MAX_CHARACTERS, MAX_SPELLINGS
from store.models import Spelling
from tests.cogs.rendering.made import MANY, assert_within_limits, texts, values

ENTRIES = st.builds(
    Spelling,
    term=values(MAX_CHARACTERS),
    heard_as=st.lists(values(MAX_CHARACTERS), min_size=1, max_size=MAX_SPELLINGS).map(tuple),
)
WORST = Spelling("*" * MAX_CHARACTERS, ("|" * MAX_CHARACTERS,) * MAX_SPELLINGS)


@given(st.lists(ENTRIES, max_size=30).map(tuple))
@MANY
def test_every_glossary_is_listed_within_discords_limits_or_goes_on_in_a_file(found: tuple[Spelling, ...]) -> None:
    view, files = glossary.listing(found)
    assert_within_limits(view)
    assert len(files) == ("in the file" in texts(view)[-1])


@given(ENTRIES, st.integers(0, MAX_SPELLINGS))
@MANY
def test_every_change_is_within_discords_limits(entry: Spelling, new: int) -> None:
    assert_within_limits(glossary.added(entry, entry.heard_as[:new]))
    assert_within_limits(glossary.removed(entry))


@pytest.mark.parametrize("count", [1, 2, 25])
def test_the_longest_entries_are_listed_whole_or_not_at_all(count: int) -> None:
    view, files = glossary.listing((WORST,) * count)
    assert_within_limits(view)
    assert texts(view)[1].count(r"\|" * MAX_CHARACTERS) == MAX_SPELLINGS
    assert len(files) == (count > 1)
    for shown in (glossary.added(WORST, WORST.heard_as[:7]), glossary.removed(WORST)):
        assert_within_limits(shown)
        assert not texts(shown)[0].endswith("…")


def test_the_file_has_every_term_with_its_spellings() -> None:
    found = tuple(Spelling(f"Term {number}", ("精製AI", "x" * 70)) for number in range(100))
    _, (file,) = glossary.listing(found)
    assert file.filename == "glossary.txt"
    lines = file.fp.read().decode().splitlines()
    assert lines == [f"Term {number}: 精製AI, {'x' * 70}" for number in range(100)]


def test_a_term_and_a_spelling_cannot_format_link_or_ping() -> None:
    entry = Spelling("*a* <@1>", ("[b](https://evil.example)", "`c`"))
    written = r"\*a\* \<\@1\>", r"“\[b\](https\://evil.example)”, “\`c\`”"
    assert texts(glossary.listing((entry,))[0])[1] == f"- **{written[0]}**: {written[1]}"
    assert texts(glossary.added(entry, ()))[0].startswith(f"**{written[0]}** is also heard as {written[1]}.\n")


@given(ENTRIES)
@MANY
def test_the_command_that_brings_spellings_back_has_them_as_they_are(entry: Spelling) -> None:
    command = texts(glossary.removed(entry))[0].split("\n", 1)[1]
    code = re.fullmatch(r"(`+)(?!`)(.*[^`])\1", command)
    assert code, command
    assert code[2].strip(" ") == f"/glossary add term: {entry.term} heard_as: {', '.join(entry.heard_as)}".strip(" ")
    assert code[1] not in code[2]
