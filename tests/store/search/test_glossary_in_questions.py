"""A question also finds what the guild's glossary says its terms are heard as; and what may belong there is found."""

import random

import pytest

from store.errors import GlossaryError
from store.library import Library
from store.models import Approximation, Spelling
from tests.store.builders import GUILD, OTHER_GUILD, chatter, video_file

TALK = ("the stand with Corby on it was crowded", "then Sam strength raised the money", "and 性生エーアイ was shown")


@pytest.fixture
async def told(library: Library) -> Library:
    await library.ingest(GUILD, video_file("talk", *chatter(random.Random(1), 30), *TALK), "talk.md")
    return library


async def test_what_a_term_is_heard_as_is_quoted_and_said(told: Library) -> None:
    assert not (await told.ask(GUILD, "who rents from CoreWeave?")).quotes
    await told.add_spellings(GUILD, "CoreWeave", ["Corby"])
    answer = await told.ask(GUILD, "who rents from CoreWeave?")
    assert TALK[0] in answer.quotes[0].text
    assert answer.approximations == (Approximation("CoreWeave", ("Corby",)),)
    assert "CoreWeave" not in answer.not_found


async def test_a_term_of_two_words_is_heard_as_two_others_in_a_row(told: Library) -> None:
    await told.add_spellings(GUILD, "Sam Altman", ["Sam strength"])
    answer = await told.ask(GUILD, "did sam altman raise money?")
    quote = answer.quotes[0]
    assert "Sam strength" in [quote.text[start:end] for start, end in quote.highlights]
    assert answer.approximations == (Approximation("sam altman", ("Sam strength",)),)


async def test_japanese_spellings_are_found_character_by_character(told: Library) -> None:
    await told.add_spellings(GUILD, "生成AI", ["性生エーアイ"])
    answer = await told.ask(GUILD, "生成AIは？")
    assert "性生エーアイ" in answer.quotes[0].text


async def test_the_transcript_stays_as_it_is_and_a_removed_spelling_is_no_longer_found(told: Library) -> None:
    await told.add_spellings(GUILD, "CoreWeave", ["Corby"])
    assert "CoreWeave" not in (await told.ask(GUILD, "CoreWeave")).quotes[0].text
    await told.remove_spellings(GUILD, "CoreWeave")
    assert not (await told.ask(GUILD, "CoreWeave")).quotes


async def test_an_exact_word_is_not_expanded_unless_nobody_says_it(told: Library) -> None:
    await told.add_spellings(GUILD, "baker", ["Corby"])
    await told.add_spellings(GUILD, "CoreWeave", ["Corby"])
    assert not (await told.ask(GUILD, '"baker"')).approximations
    answer = await told.ask(GUILD, '"CoreWeave"')
    assert answer.approximations == (Approximation("CoreWeave", ("Corby",)),)
    assert answer.unsaid == ("CoreWeave",)


async def test_another_guilds_glossary_expands_nothing_here(told: Library) -> None:
    await told.add_spellings(OTHER_GUILD, "CoreWeave", ["Corby"])
    assert not (await told.ask(GUILD, "CoreWeave")).quotes


async def test_names_of_titles_and_speakers_are_looked_for_in_what_was_said(library: Library) -> None:
    heard = ["the cor weave stand was crowded", "nobody knew tranium"]
    talk = video_file("A visit to CoreWeave", *chatter(random.Random(2), 30), *heard, speaker="Ada Trainium")
    await library.ingest(GUILD, talk, "talk.md")
    found = {entry.term: entry.heard_as for entry in await library.suggest_spellings(GUILD)}
    assert found == {"CoreWeave": ("cor weave",), "Trainium": ("tranium",)}
    await library.add_spellings(GUILD, "CoreWeave", ["Cor Weave"])
    assert [entry.term for entry in await library.suggest_spellings(GUILD)] == ["Trainium"]
    assert await library.suggest_spellings(GUILD, term="quokka") == ()
    assert await library.suggest_spellings(OTHER_GUILD) == ()


async def test_words_that_are_said_in_small_letters_come_after_names_and_a_name_is_offered_once(
    library: Library,
) -> None:
    said = ["our community will commit to it", "in a second I send it", "nobody knew tranium", "tell tranium again"]
    for number, title in enumerate(["Community and Trainium", "The Second TRAINIUM talk"]):
        talk = video_file(title, *chatter(random.Random(number), 30), *said, tags="trainium")
        await library.ingest(GUILD, talk, f"{number}.md")
    name, *others = await library.suggest_spellings(GUILD)
    assert name == Spelling("Trainium", ("tranium",))
    assert {one.term for one in others} == {"Community", "Second"}
    await library.add_spellings(GUILD, "Second", ["sekond"])
    assert [one.term for one in await library.suggest_spellings(GUILD)][:2] == ["Second", "Trainium"]


async def test_a_name_is_looked_for_also_where_it_is_sometimes_spelled_rightly(library: Library) -> None:
    talk = video_file("talk", *chatter(random.Random(3), 20), "we asked CoreWeave", "and cor weave said no")
    await library.ingest(GUILD, talk, "talk.md")
    assert await library.suggest_spellings(GUILD, term="CoreWeave") == (Spelling("CoreWeave", ("cor weave",)),)


async def test_a_name_without_a_searchable_word_is_refused(library: Library) -> None:
    with pytest.raises(GlossaryError):
        await library.suggest_spellings(GUILD, term="the")
