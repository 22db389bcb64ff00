"""What a library can be narrowed by: suggestions while someone types, and filters that mean what was chosen."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.catalogue import MAX_NAME, MAX_SUGGESTIONS, Catalogue, Kind
from store.errors import FilterError
from store.library import Library
from tests.store.builders import GUILD, OTHER_GUILD

MILL = b"""---
title: The mill by the river
speaker: Ada Miller
date: 2024-03-05
tags: [water, bread]
---
- [00:01] the baker counted loaves
"""
SEA = """---
title: 海と潮の話
speaker: 北村 澄江
date: 2025-06-30
tags: [water]
---
- [00:01] the baker went to the sea
""".encode()


@pytest.fixture
async def shelf(library: Library) -> Library:
    await library.ingest(GUILD, MILL, "mill.md")
    await library.ingest(GUILD, SEA, "sea.md")
    return library


async def titles(library: Library, **narrowed: str) -> list[str]:
    filters = (await library.catalogue(GUILD)).filters(**narrowed)
    return sorted(q.details.title for q in (await library.ask(GUILD, "baker", filters=filters)).quotes)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"video": "The mill by the river"}, ["The mill by the river"]),
        ({"video": "the mill"}, ["The mill by the river"]),
        ({"video": "海と潮"}, ["海と潮の話"]),
        ({"speaker": "ada miller"}, ["The mill by the river"]),
        ({"tag": "bread"}, ["The mill by the river"]),
        ({"tag": "WATER"}, ["The mill by the river", "海と潮の話"]),
        ({"after": "2024-03-05"}, ["The mill by the river", "海と潮の話"]),
        ({"after": "2024-03-06"}, ["海と潮の話"]),
        ({"before": "2025-06"}, ["The mill by the river", "海と潮の話"]),
        ({"before": "2024"}, ["The mill by the river"]),
        ({"after": "2024年3月", "before": "2024/3/5"}, ["The mill by the river"]),
        ({"tag": "water", "speaker": "北村 澄江"}, ["海と潮の話"]),
    ],
)
async def test_an_answer_is_taken_from_what_the_filters_leave(
    shelf: Library, narrowed: dict[str, str], found: list[str]
) -> None:
    assert await titles(shelf, **narrowed) == found


@pytest.mark.parametrize(
    ("narrowed", "sentence"),
    [
        ({"video": "Nothing like it"}, "This library has no transcript “Nothing like it”; it has “"),
        ({"speaker": "Ada Milner"}, "no speaker “Ada Milner”; it has “Ada Miller”, "),
        ({"speaker": ""}, None),
        ({"speaker": "Nobody"}, "no speaker “Nobody”"),
        ({"tag": "x" * 300}, "no tag “xxx"),
        ({"after": "soon"}, "“soon” isn't a day; write it like 2025-01-31."),
        ({"before": "2025-02-30"}, "“2025-02-30” isn't a day"),
        ({"after": "2025", "before": "2024"}, "Nothing can be after 2025-01-01 and before 2024-12-31"),
    ],
)
async def test_a_filter_that_cannot_be_is_refused_in_a_sentence(
    shelf: Library, narrowed: dict[str, str], sentence: str | None
) -> None:
    catalogue = await shelf.catalogue(GUILD)
    if sentence is None:
        assert catalogue.filters(**narrowed) == catalogue.filters()
        return
    with pytest.raises(FilterError, match=sentence):
        catalogue.filters(**narrowed)


def test_names_are_words_that_no_title_has_in_small_letters_each_once() -> None:
    rows = [
        (1, "Bread and Trainium", "Ada Miller", "[]", '["bread", "kubernetes", "trainium"]', None, "en", None),
        (2, "How bread rises", None, "[]", "[]", None, "en", None),
        (3, "TRAINIUM 生成される土と瓦", None, "[]", "[]", None, "ja", None),
        (4, "notes on miller", None, "[]", "[]", None, "en", None),
    ]
    assert set(Catalogue(1, rows).words) - {"notes"} == {"Miller", "kubernetes", "Trainium", "生成される土と瓦"}


def test_what_is_unknown_is_answered_with_the_nearest_names_and_how_many_more_there_are() -> None:
    rows = [(at, f"Talk {at}", None, "[]", "[]", None, "en", None) for at in range(40)]
    catalogue = Catalogue(1, [*rows, (99, "The mill by the river", None, "[]", "[]", None, "en", None)])
    with pytest.raises(FilterError) as caught:
        catalogue.filters(video="the mil by river")
    assert str(caught.value) == (
        "This library has no transcript “the mil by river”; it has “The mill by the river”, “Talk 0”, “Talk 1”, "
        "“Talk 2”, “Talk 3” and 36 more."
    )
    with pytest.raises(FilterError, match="no transcript “Talk”; it has “Talk 0”, “Talk 1”, "):
        catalogue.filters(video="Talk")  # of which there are many
    with pytest.raises(FilterError, match=r"This library has no speaker “Ada”; it has none\.$"):
        catalogue.filters(speaker="Ada")


async def test_filters_that_leave_nothing_are_said(shelf: Library) -> None:
    filters = (await shelf.catalogue(GUILD)).filters(tag="bread", after="2025")
    with pytest.raises(FilterError, match="passes these filters"):
        await shelf.ask(GUILD, "baker", filters=filters)


async def test_a_name_is_there_however_it_is_spelled_and_in_its_own_guild_alone(shelf: Library) -> None:
    here, there = await shelf.catalogue(GUILD), await shelf.catalogue(OTHER_GUILD)
    assert here.has(Kind.SPEAKER, "ADA  MILLER")
    assert not here.has(Kind.TAG, "Ada Miller")
    assert not there.has(Kind.SPEAKER, "Ada Miller")


async def test_names_of_another_guild_are_unknown(shelf: Library) -> None:
    other = await shelf.catalogue(OTHER_GUILD)
    assert other.suggest(Kind.VIDEO, "") == ()
    with pytest.raises(FilterError, match="no transcript"):
        other.filters(video="The mill by the river")
    chosen = (await shelf.catalogue(GUILD)).suggest(Kind.VIDEO, "mill")[0].value
    with pytest.raises(FilterError, match="no transcript"):
        other.filters(video=chosen)


async def test_a_new_transcript_is_suggested_at_once_and_a_removed_one_no_more(shelf: Library) -> None:
    assert [found.shown for found in (await shelf.catalogue(GUILD)).suggest(Kind.SPEAKER, "a")] == ["Ada Miller"]
    await shelf.remove(GUILD, "1")
    assert (await shelf.catalogue(GUILD)).suggest(Kind.SPEAKER, "a") == ()


async def test_passages_are_counted_after_the_filters(shelf: Library) -> None:
    filters = (await shelf.catalogue(GUILD)).filters(video="the mill")
    answer = await shelf.ask(GUILD, "baker sea", filters=filters)
    assert (answer.passages, answer.not_found) == (1, ())
    assert [*map(str, answer.filters)] == ["in “The mill by the river”"]


def named(*titles: str) -> Catalogue:
    return Catalogue(1, [(at, title, None, "[]", "[]", None, "", None) for at, title in enumerate(titles)])


def test_beginnings_stand_before_words_inside() -> None:
    catalogue = named("Of bread and water", "Bread", "Shortbread", "All about bread")
    assert [found.shown for found in catalogue.suggest(Kind.VIDEO, "bre")] == [
        "Bread",
        "Of bread and water",
        "All about bread",
    ]


def test_days_are_filtered_whole() -> None:
    filters = named().filters(after="2024-02", before="2024-02")
    assert (filters.after, filters.before) == (date(2024, 2, 1), date(2024, 2, 29))


def test_a_name_longer_than_a_choice_is_found_by_what_is_sent() -> None:
    catalogue = Catalogue(1, [(1, "t", "speaker " * 30, "[]", "[]", None, "", None)])
    sent = catalogue.suggest(Kind.SPEAKER, "speaker")[0].value
    assert len(sent) <= MAX_NAME
    assert catalogue.filters(speaker=sent).speaker == "speaker " * 30


def test_a_name_is_spelled_as_the_library_does_and_one_that_it_has_not_as_typed() -> None:
    long = "The bread show " * 10
    rows = [(1, "t", "Ada Miller", "[]", '["Yeast"]', None, "", long), (2, "u", None, "[]", "[]", None, "", "Sea")]
    catalogue = Catalogue(1, rows)
    assert [found.shown for found in catalogue.suggest(Kind.CHANNEL, "s")] == ["Sea", f"{long[:99]}…"]
    assert catalogue.spelled(Kind.CHANNEL, catalogue.suggest(Kind.CHANNEL, "the")[0].value) == long
    assert catalogue.spelled(Kind.SPEAKER, " ada  miller") == "Ada Miller"
    assert catalogue.spelled(Kind.TAG, "yeast") == "Yeast"
    assert catalogue.spelled(Kind.TAG, "New  tag") == "New tag"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=150), max_size=40), st.text(max_size=20))
def test_suggestions_are_within_discords_limits_whatever_is_typed(titles: list[str], typed: str) -> None:
    found = named(*titles).suggest(Kind.VIDEO, typed)
    assert len(found) <= MAX_SUGGESTIONS
    assert all(1 <= len(choice.shown) <= MAX_NAME and 1 <= len(choice.value) <= MAX_NAME for choice in found)


def test_titles_that_several_have_are_told_apart() -> None:
    long = "weekly call " * 8
    rows = [
        (1, "The mill", None, "[]", "[]", "2025-01-07", "en", None),
        (2, "The mill", None, "[]", "[]", None, "ja", None),
        (3, "The sea", None, "[]", "[]", "2025-01-07", "en", None),
        (4, long, None, "[]", "[]", "2025-01-07", "en", None),
        (5, long, None, "[]", "[]", "2025-01-14", "en", None),
        (6, "audio", None, "[]", "[]", None, "en", None),
        (7, "audio", None, "[]", "[]", None, "en", None),
    ]
    catalogue = Catalogue(1, rows)
    shown = [suggestion.shown for suggestion in catalogue.suggest(Kind.VIDEO, "")]
    assert shown[:3] == ["The mill · 2025-01-07 · English", "The mill · Japanese", "The sea"]
    assert [name[-24:] for name in shown[3:5]] == ["… · 2025-01-07 · English", "… · 2025-01-14 · English"]
    assert shown[5:] == ["audio · English · #6", "audio · English · #7"]
    assert [suggestion.value for suggestion in catalogue.suggest(Kind.VIDEO, "#7")] == ["7"]
    assert catalogue.filters(video="#7").transcript == 7
    assert max(map(len, shown)) <= MAX_NAME
    assert catalogue.filters(video="2").transcript == 2
    assert "English" not in catalogue.words
