"""The glossary as messages, whatever its terms are made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.locales.catalogues import LANGUAGES
from cogs.rendering import glossary
from store.glossary import MAX_CHARACTERS, MAX_SPELLINGS
from store.models import Spelling
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import MANY, assert_within_limits, texts, values

ENTRIES = st.builds(
    Spelling,
    term=values(MAX_CHARACTERS),
    heard_as=st.lists(values(MAX_CHARACTERS), min_size=1, max_size=MAX_SPELLINGS).map(tuple),
)
WORST = Spelling("*" * MAX_CHARACTERS, ("|" * MAX_CHARACTERS,) * MAX_SPELLINGS)


@pytest.mark.parametrize(("language", "told"), [("en", "in the file"), ("ja", "ファイルに")])
@given(found=st.lists(ENTRIES, max_size=30).map(tuple))
@MANY
def test_every_glossary_is_listed_within_discords_limits_or_goes_on_in_a_file(
    language: str, told: str, found: tuple[Spelling, ...]
) -> None:
    with speaking(language):
        view, files = glossary.listing(found)
    assert_within_limits(view)
    assert len(files) == (told in texts(view)[-1])


@pytest.mark.parametrize("language", LANGUAGES)
@given(entry=ENTRIES, new=st.integers(0, MAX_SPELLINGS))
@MANY
def test_every_change_is_within_discords_limits(language: str, entry: Spelling, new: int) -> None:
    with speaking(language):
        assert_within_limits(glossary.added(entry, entry.heard_as[:new]))
        assert_within_limits(glossary.removed(entry))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2, 25])
def test_the_longest_entries_are_listed_whole_or_not_at_all(count: int, language: str) -> None:
    with speaking(language):
        view, files = glossary.listing((WORST,) * count)
        changes = (glossary.added(WORST, WORST.heard_as[:7]), glossary.removed(WORST))
    assert_within_limits(view)
    assert texts(view)[1].count(r"\|" * MAX_CHARACTERS) == MAX_SPELLINGS
    assert len(files) == (count > 1)
    for shown in changes:
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


def test_the_glossary_is_told_of_in_japanese_with_commands_as_japanese_calls_them() -> None:
    entry = Spelling("CoreWeave", ("cor weave", "Corby"))
    with speaking("ja"):
        assert texts(glossary.listing((entry,))[0]) == [
            "### 用語集",
            "- **CoreWeave**：「cor weave」、「Corby」",
            "-# 用語1件、表記2件 · 用語を含む質問で、その表記も見つかります",
        ]
        assert texts(glossary.added(entry, ("Corby",)))[0].splitlines()[-1] == "-# 新規1件、登録済み1件"
        assert texts(glossary.removed(entry))[0].splitlines() == [
            "**CoreWeave**の聞こえ方から下の2件を外しました。元に戻すには：",
            "`/用語集 追加 用語: CoreWeave 聞こえ方: cor weave, Corby`",
        ]
        views = [
            glossary.listing(())[0],
            glossary.listing((WORST,) * 9)[0],
            glossary.suggestions((), None),
            glossary.suggestions((), "潮"),
            glossary.suggestions((entry,), None),
            glossary.suggestions((WORST,) * 9, None),
            glossary.added(entry, ()),
            glossary.added(entry, entry.heard_as),
            glossary.removed(Spelling("潮", ("塩",))),
        ]
    assert [found for view in views for found in english("\n".join(texts(view)))] == []
