"""/ask narrowed down: options with suggestions from the server's own library."""

import pytest

from tests.cogs.stage import BREAD, TIDES, Stage, shown, text


@pytest.fixture
async def shelf(stage: Stage) -> Stage:
    for server in (stage.here, stage.there):
        await stage.library.ingest(server.guild.id, TIDES, "tides.md")
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    return stage


async def suggested(stage: Stage, option: str, typed: str, *, here: bool = True) -> list[str]:
    server = stage.here if here else stage.there
    choices = await server.member.autocomplete(server.channel, "ask", option, typed)
    return [choice["name"] for choice in choices]


@pytest.mark.parametrize(
    ("option", "typed", "names"),
    [
        ("video", "", ["How bread rises", "Why there are tides"]),
        ("video", "TID", ["Why there are tides"]),
        ("speaker", "ada", ["Ada Miller"]),
        ("tag", "ye", ["yeast"]),
        ("after", "2025", ["2025-03-01"]),
        ("before", "", ["2025-03-01"]),
    ],
)
async def test_each_option_suggests_from_the_library(shelf: Stage, option: str, typed: str, names: list[str]) -> None:
    assert await suggested(shelf, option, typed) == names


async def test_suggestions_do_not_cross_servers(shelf: Stage) -> None:
    assert await suggested(shelf, "video", "", here=False) == ["Why there are tides"]
    assert await suggested(shelf, "speaker", "", here=False) == []


async def test_an_answer_says_what_it_was_narrowed_to(shelf: Stage) -> None:
    result = await shelf.here.member.slash(shelf.here.channel, "ask", question="moon or yeast", speaker="Ada Miller")
    said = text(result.response)
    assert "**yeast**" in said
    assert "moon pulls" not in said
    assert "(by Ada Miller)" in said


async def test_nothing_found_says_what_it_was_narrowed_to(shelf: Stage) -> None:
    result = await shelf.here.member.slash(shelf.here.channel, "ask", question="moon", tag="yeast")
    assert "No transcript here (tagged yeast) contains" in shown(result)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"video": "12345"}, "This library has no transcript “12345”; it has “"),
        ({"after": "tomorrow"}, "“tomorrow” isn't a day; write it like 2025-01-31."),
        ({"after": "2026", "before": "2025"}, "Nothing can be after 2026-01-01 and before 2025-12-31"),
        ({"after": "2026"}, "No transcript here passes these filters (from 2026-01-01); leave one out."),
    ],
)
async def test_a_filter_that_fits_nothing_is_a_sentence_for_the_asker_alone(
    shelf: Stage, options: dict[str, str], sentence: str
) -> None:
    result = await shelf.here.member.slash(shelf.here.channel, "ask", question="moon", **options)
    assert sentence in shown(result)
    assert result.ephemeral
