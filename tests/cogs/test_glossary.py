"""/glossary: what a server's names are also heard as, kept by its moderators."""

from pathlib import Path
from typing import Any

import pytest
import simcord

from store.errors import DatabaseError
from store.library import Library
from store.models import Spelling
from tests.cogs.stage import Server, Stage, shown, staged, transcript

CLOUD = {"term": "CoreWeave", "heard_as": "cor weave, core weave, Corby"}


class Broken(Library):
    """A library whose database can't be read."""

    async def glossary(self, *_: object, **__: object) -> tuple[Spelling, ...]:
        raise DatabaseError("The disk could not be read.")

    async def suggest_spellings(self, *_: object, **__: object) -> tuple[Spelling, ...]:
        raise DatabaseError("The disk could not be read.")


async def glossary(server: Server, command: str, **options: Any) -> str:
    """Run one of the group's commands as a moderator, and return the answer."""
    return shown(await server.moderator.slash(server.channel, f"glossary {command}", **options))


async def kept(stage: Stage, server: Server) -> dict[str, tuple[str, ...]]:
    return {entry.term: entry.heard_as for entry in await stage.library.glossary(server.guild.id)}


async def suggested(server: Server, command: str, option: str, typed: str, **filled: str) -> list[str]:
    choices = await server.moderator.autocomplete(server.channel, f"glossary {command}", option, typed, **filled)
    return [choice["value"] for choice in choices]


async def test_adding_shows_the_whole_entry_and_what_it_means(stage: Stage) -> None:
    assert (await glossary(stage.here, "add", **CLOUD)).splitlines() == [
        "**CoreWeave** is also heard as “cor weave”, “core weave”, “Corby”.",
        "A question with **CoreWeave** finds these spellings too; the transcripts themselves stay as they are.",
    ]
    assert await kept(stage, stage.here) == {"CoreWeave": ("cor weave", "core weave", "Corby")}
    assert not stage.env.errors


async def test_one_spelling_more_is_shown_with_those_from_before(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    assert (await glossary(stage.here, "add", term="coreweave", heard_as="corby, Cole Weave")).splitlines() == [
        "**CoreWeave** is also heard as “cor weave”, “core weave”, “Corby”, “Cole Weave”.",
        "A question with **CoreWeave** finds these spellings too; the transcripts themselves stay as they are.",
        "-# 1 new, 3 from before.",
    ]


async def test_adding_what_is_there_says_so(stage: Stage) -> None:
    await glossary(stage.here, "add", term="Gemini", heard_as="hemony")
    assert (await glossary(stage.here, "add", term="Gemini", heard_as="Hemony")).splitlines()[1:] == [
        "A question with **Gemini** finds this spelling too; the transcripts themselves stay as they are.",
        "-# Nothing is new: the glossary said so already.",
    ]


async def test_spellings_stand_between_commas_of_any_keyboard(stage: Stage) -> None:
    await glossary(stage.here, "add", term="生成AI", heard_as="精製AI、成生AI，性生AI､ ,正誠AI, ,")
    assert await kept(stage, stage.here) == {"生成AI": ("精製AI", "成生AI", "性生AI", "正誠AI")}


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("add", {"term": "CoreWeave", "heard_as": "coreweave"}, "are the same words to the search already"),
        ("add", {"term": "CoreWeave", "heard_as": "the"}, "“the” has no word that is searched for"),
        ("add", {"term": "x" * 81, "heard_as": "Corby"}, "at most 80 characters"),
        ("add", {"term": "CoreWeave", "heard_as": ",、"}, "Name at least one spelling that the term is heard as."),
        ("remove", {"term": "Gemini"}, "There is no “Gemini” in this server's glossary; choose a term from the list."),
        ("remove", {"term": "Arxiv", "heard_as": "Corby"}, "“Arxiv” isn't heard as “Corby”"),
        ("remove", {"term": "Arxiv", "heard_as": ","}, "Name the spelling to remove, or leave it out"),
    ],
)
async def test_what_cannot_be_kept_or_removed_is_a_sentence_and_changes_nothing(
    stage: Stage, command: str, options: dict[str, str], sentence: str
) -> None:
    await glossary(stage.here, "add", term="Arxiv", heard_as="archive")
    assert sentence in await glossary(stage.here, command, **options)
    assert await kept(stage, stage.here) == {"Arxiv": ("archive",)}


async def test_suggestions_come_with_the_command_that_keeps_them(stage: Stage) -> None:
    talk = transcript("[0:00] the cor weave stand was crowded", "[0:09] and the yeast eats sugar")
    await stage.library.ingest(stage.here.guild.id, talk, "talk.md")
    answer = await glossary(stage.here, "suggest", term="CoreWeave")
    assert "- **CoreWeave** may be heard as “cor weave”" in answer
    assert "`/glossary add term: CoreWeave heard_as: cor weave`" in answer
    assert not stage.env.errors


async def test_where_nothing_is_suggested_the_answer_says_what_to_do(stage: Stage) -> None:
    assert (await glossary(stage.here, "suggest", term="Quokka")).startswith(
        "I found nothing in this library that sounds like “Quokka” and isn't spelled so."
    )
    assert (await glossary(stage.here, "suggest")).startswith("I found no name that seems misheard.")
    assert "too long" in await glossary(stage.here, "suggest", term="x" * 90)


async def test_an_empty_glossary_says_how_to_fill_it(stage: Stage) -> None:
    said = await glossary(stage.here, "list")
    assert said.startswith("The glossary is still empty.")
    assert "`/glossary add term: CoreWeave heard_as: cor weave, Corby`" in said


async def test_the_list_shows_every_term_with_its_spellings(stage: Stage) -> None:
    await glossary(stage.here, "add", term="Gemini", heard_as="hemony")
    await glossary(stage.here, "add", **CLOUD)
    assert (await glossary(stage.here, "list")).splitlines() == [
        "### Glossary",
        "- **CoreWeave**: “cor weave”, “core weave”, “Corby”",
        "- **Gemini**: “hemony”",
        "-# 2 terms, 4 spellings · a question with a term finds its spellings too",
    ]


async def test_a_list_that_is_too_long_for_a_message_comes_with_a_file_of_all(stage: Stage) -> None:
    for number in range(100, 125):
        heard_as = [f"spelling {number} {n} {'x' * 30}" for n in range(10)]
        await stage.library.add_spellings(stage.here.guild.id, f"Term {number}", heard_as)
    result = await stage.here.moderator.slash(stage.here.channel, "glossary list")
    said = shown(result)
    assert "**Term 106**" in said
    assert "**Term 124**" not in said
    assert said.endswith("-# 25 terms, 250 spellings · the first 7 above, all in the file")
    assert result.response is not None
    (attached,) = result.response.attachments
    assert attached.filename == "glossary.txt"
    assert not stage.env.errors


async def test_removing_a_spelling_says_how_to_bring_it_back(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    assert (await glossary(stage.here, "remove", term="coreweave", heard_as="corby")).splitlines() == [
        "**CoreWeave** is no longer heard as “Corby”. This brings it back:",
        "`/glossary add term: CoreWeave heard_as: Corby`",
    ]
    assert await kept(stage, stage.here) == {"CoreWeave": ("cor weave", "core weave")}


async def test_several_spellings_are_removed_at_once(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    await glossary(stage.here, "remove", term="CoreWeave", heard_as="Corby、core weave")
    assert await kept(stage, stage.here) == {"CoreWeave": ("cor weave",)}


async def test_removing_a_term_says_how_to_bring_all_of_it_back(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    before = await kept(stage, stage.here)
    said = await glossary(stage.here, "remove", term="CoreWeave")
    assert said.splitlines() == [
        "**CoreWeave** is no longer heard as the 3 spellings below. This brings them back:",
        "`/glossary add term: CoreWeave heard_as: cor weave, core weave, Corby`",
    ]
    assert await kept(stage, stage.here) == {}
    await glossary(stage.here, "add", **CLOUD)
    assert await kept(stage, stage.here) == before


async def test_every_answer_is_shown_to_the_moderator_alone(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    await glossary(stage.here, "list")
    await glossary(stage.here, "remove", term="CoreWeave")
    await glossary(stage.here, "remove", term="CoreWeave")
    assert stage.here.channel.history(viewer=stage.here.member) == []


@pytest.mark.parametrize("command", ["add", "remove"])
async def test_terms_are_suggested_from_the_glossary(stage: Stage, command: str) -> None:
    for term in ("Gemini", "Google Gemini", "CoreWeave"):
        await glossary(stage.here, "add", term=term, heard_as="hemony")
    other = {"heard_as": "hemony"}
    assert await suggested(stage.here, command, "term", "", **other) == ["CoreWeave", "Gemini", "Google Gemini"]
    assert await suggested(stage.here, command, "term", "GEM", **other) == ["Gemini", "Google Gemini"]
    assert await suggested(stage.here, command, "term", "mini", **other) == []


async def test_the_spellings_of_the_term_that_was_named_are_suggested(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    await glossary(stage.here, "add", term="Gemini", heard_as="hemony")
    assert await suggested(stage.here, "remove", "heard_as", "", term="coreweave") == [
        "cor weave",
        "core weave",
        "Corby",
    ]
    assert await suggested(stage.here, "remove", "heard_as", "weave", term="CoreWeave") == ["cor weave", "core weave"]
    assert await suggested(stage.here, "remove", "heard_as", "", term="Nothing") == []


async def test_at_most_25_names_are_suggested(stage: Stage) -> None:
    for number in range(30):
        await stage.library.add_spellings(stage.here.guild.id, f"Term {number}", ["turn"])
    assert len(await suggested(stage.here, "remove", "term", "term")) == 25


async def test_nothing_of_a_glossary_crosses_servers(stage: Stage) -> None:
    await glossary(stage.here, "add", **CLOUD)
    assert await suggested(stage.there, "remove", "term", "") == []
    assert await suggested(stage.there, "remove", "heard_as", "", term="CoreWeave") == []
    assert (await glossary(stage.there, "list")).startswith("The glossary is still empty.")
    assert "There is no “CoreWeave”" in await glossary(stage.there, "remove", term="CoreWeave")
    assert "from before" not in await glossary(stage.there, "add", term="CoreWeave", heard_as="Corby, Kobe")
    assert await kept(stage, stage.here) == {"CoreWeave": ("cor weave", "core weave", "Corby")}


@pytest.mark.parametrize(
    ("command", "options"),
    [("add", CLOUD), ("list", {}), ("suggest", {}), ("remove", {"term": "CoreWeave"})],
    ids=str,
)
async def test_a_member_may_not_see_or_change_the_glossary(stage: Stage, command: str, options: dict[str, str]) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, f"glossary {command}", **options)


async def test_a_database_that_fails_is_said_in_a_sentence_and_suggests_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Broken) as stage:
        assert await glossary(stage.here, "list") == "The disk could not be read."
        assert await glossary(stage.here, "suggest") == "The disk could not be read."
        assert await suggested(stage.here, "remove", "term", "") == []


async def test_a_full_disk_is_said_and_nothing_is_kept(stage: Stage) -> None:
    writer = stage.library._database._writer
    async with writer.execute("PRAGMA page_count") as cursor:
        row = await cursor.fetchone()
    assert row is not None
    await writer.execute(f"PRAGMA max_page_count={row[0]}")
    long = ", ".join(f"{number} {'x' * 70}" for number in range(20))
    refused = await glossary(stage.here, "add", term="y" * 80, heard_as=long)
    assert refused == "The disk is full: nothing was changed; free some space and try again."
    assert await kept(stage, stage.here) == {}
