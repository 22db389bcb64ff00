"""Names the captions misheard, cut in two or ran together: found by their sound, shown as they were said."""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import QuestionError
from store.library import Library
from store.models import Answer
from store.text.analysis import VERSION
from tests.store.builders import ENGLISH, GUILD, OTHER_GUILD, chatter, video_file
from tests.store.questions import asking, heard_as, marked

NAMES = [
    "CoreWeave",
    "core weave",
    "cor weave",
    "corewave",
    "Databricks",
    "data bricks",
    "Trainium",
    "tranium",
    "bite dance",
]
SAID = st.lists(st.sampled_from([*ENGLISH, *NAMES]), max_size=9).map(" ".join)
ASKED = st.lists(
    st.sampled_from([*ENGLISH, *NAMES, "ByteDance", "miler", "brigde", "candlelight"]), min_size=1, max_size=4
)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Zurich", "Zürich"),
        ("zuerich", "Zürich"),
        ("cancion", "canción"),
        ("Zürich", "Zurich"),
        ("smorrebrod", "smørrebrød"),
    ],
)
async def test_a_word_typed_without_its_accents_is_found_and_marked_but_comes_after_one_that_is_as_typed(
    library: Library, typed: str, said: str
) -> None:
    around = chatter(random.Random(1), 30)
    await library.ingest(GUILD, video_file("with", *around, f"we met in {said} again"), "a.md")
    (quote,) = (await library.ask(GUILD, f"who was in {typed}")).quotes
    assert said in [quote.text[start:end] for start, end in quote.highlights]
    await library.ingest(GUILD, video_file("as typed", *around, f"we were in {typed} last"), "b.md")
    answer = await library.ask(GUILD, f"who was in {typed}")
    assert answer.quotes[0].details.title == "as typed"
    assert answer.not_found == ()


async def test_a_word_typed_with_accents_isnt_another_with_others(library: Library) -> None:
    await library.ingest(GUILD, video_file("three", "ông ba đi chợ"), "a.md")
    await library.ingest(GUILD, video_file("she", "tôi gặp bà hôm qua"), "b.md")
    assert [quote.details.title for quote in (await library.ask(GUILD, "bà")).quotes] == ["she"]
    assert {quote.details.title for quote in (await library.ask(GUILD, "ba")).quotes} == {"three", "she"}


async def told(library: Library, *talks: Sequence[str], guild: int = GUILD) -> None:
    for number, texts in enumerate(talks):
        await library.ingest(guild, video_file(f"talk {number}", *texts), f"{number}.md")


def titles(answer: Answer) -> list[str]:
    return [quote.details.title for quote in answer.quotes]


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        ("the mill of CoreWeave?", "CoreWeave", "cor weave"),
        ("the mill of CoreWeave?", "CoreWeave", "core-weave"),
        ("the mill of CoreWeave?", "CoreWeave", "Corewave"),
        ("the mill of CoreWeave?", "CoreWeave", "Corweave"),
        ("the mill and core weave?", "core weave", "Coreweave"),
        ("the mill and core-weave?", "core-weave", "coreweave"),
        ("the mill and Core–Weave?", "Core–Weave", "COREWEAVE"),
        ("Databricks, the mill", "Databricks", "data bricks"),
        ("Databricks, the mill", "Databricks", "Data, bricks"),
        ("the mill at ByteDance", "ByteDance", "bite dance"),
        ("the mill at ByteDance", "ByteDance", "byte dance"),
        ("the Trainium mill", "Trainium", "tranium"),
        ("what mill is Gemini?", "Gemini", "Jemini"),
        ("does OpenAI have a mill?", "OpenAI", "open AI"),
    ],
)
async def test_a_name_is_found_as_the_captions_heard_it(library: Library, question: str, typed: str, said: str) -> None:
    await told(
        library, ["the baker counted loaves"], ["then there was", f"{said} at the mill"], ["a river by the mill"]
    )
    answer = await library.ask(GUILD, question)
    assert titles(answer)[0] == "talk 1"
    assert said in marked(answer.quotes[0])
    assert heard_as(answer) == {typed: (said,)}
    assert typed not in answer.not_found


async def test_a_name_that_nobody_says_outweighs_plain_words_that_many_say(library: Library) -> None:
    plain = [["how much is a loaf worth"]] * 12
    await told(library, ["now cor weave sold the mill"], *plain, *[["river boats carried grain"]] * 35)
    assert titles(await library.ask(GUILD, "how much is CoreWeave worth"))[0] == "talk 0"
    assert titles(await library.ask(GUILD, "how much is coreweave worth"))[0] != "talk 0"  # it may be any word


async def test_a_noun_of_a_german_question_is_no_name_for_its_capital(library: Library) -> None:
    plain = [["how much is a loaf worth"]] * 12
    await told(library, ["now cor weave sold the mill"], *plain, *[["river boats carried grain"]] * 35)
    answer = await library.ask(GUILD, "was ist der CoreWeave worth mit loaf")
    assert titles(answer)[0] != "talk 0"


@pytest.mark.parametrize("typed", ["CoreWeave", "the CoreWeave", "CoreWeave loaves"])
async def test_a_phrase_that_nobody_said_is_also_looked_for_as_it_may_have_been_heard(
    library: Library, typed: str
) -> None:
    await told(library, ["then the cor weave by the mill"], ["a baker slept"])
    answer = await library.ask(GUILD, f'"{typed}"')
    assert (titles(answer), heard_as(answer)) == (["talk 0"], {"CoreWeave": ("cor weave",)})
    assert answer.unsaid == (typed,)
    assert marked(answer.quotes[0]) == ["cor weave"]


async def test_two_words_are_found_across_a_cue_border(library: Library) -> None:
    await told(library, ["the mill was sold to cor", "weave by the river"])
    answer = await library.ask(GUILD, "CoreWeave")
    assert heard_as(answer) == {"CoreWeave": ("cor weave",)}
    assert marked(answer.quotes[0]) == ["cor weave"]


async def test_only_what_stands_in_the_quotes_is_shown(library: Library) -> None:
    await told(library, ["Corewave counted loaves", "and corewave slept"], ["the mill of cor weave"], ["the old mill"])
    answer = await library.ask(GUILD, "CoreWeave", limit=9)
    assert {said.casefold() for said in heard_as(answer)["CoreWeave"]} == {"corewave", "cor weave"}
    alone = await library.ask(GUILD, "CoreWeave -mill")
    assert heard_as(alone) == {"CoreWeave": ("Corewave",)}


async def test_a_word_that_was_said_is_not_taken_for_another(library: Library) -> None:
    await told(library, ["CoreWeave counted loaves"], ["cor weave"], ["corewave by the mill"])
    answer = await library.ask(GUILD, "CoreWeave")
    assert (titles(answer), heard_as(answer)) == (["talk 0"], {})


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("1871", "1872 loaves"),
        ("model h100", "model h200 h101"),
        ("AI", "AJ and aye"),
        ("ox", "the axe and oxe"),
        ("river -CoreWeave", "corewave and cor weave"),
        ('"CoreWeave" zucchini', "CoreWeave, the cor weave"),
    ],
)
async def test_numbers_short_words_phrases_that_were_said_and_exclusions_are_never_taken_for_others(
    library: Library, question: str, said: str
) -> None:
    await told(library, [f"then {said} by the mill"], ["the baker counted loaves"])
    assert heard_as(await library.ask(GUILD, question, page=0)) == {}
    assert heard_as(await library.ask(GUILD, question, page=1)) == {}


async def test_a_word_that_is_said_often_is_not_what_a_rare_one_was_heard_as(library: Library) -> None:
    for number in range(21):
        await library.ingest(GUILD, video_file(f"a {number}", f"the corewave of day {number}"), "a.md")
    answer = await library.ask(GUILD, "CoreWeave")
    assert (answer.quotes, answer.not_found, answer.approximations) == ((), ("CoreWeave",), ())


async def test_a_very_long_word_is_not_cut_up(library: Library) -> None:
    await told(library, ["the baker counted loaves"])
    word = "abcdefghijklmnopqrst" * 20
    assert (await library.ask(GUILD, word)).not_found == (word,)


async def test_words_of_another_guild_are_never_used(library: Library) -> None:
    await told(library, ["the baker counted loaves"])
    before = await library.ask(GUILD, "CoreWeave loaves")
    await told(library, ["cor weave"], ["corewave", "coreweave"], ["core", "weave"], guild=OTHER_GUILD)
    assert await library.ask(GUILD, "CoreWeave loaves") == before
    assert before.not_found == ("CoreWeave",)
    assert (await library.ask(OTHER_GUILD, "Corweave")).quotes


async def test_words_that_came_and_went_with_a_transcript_are_followed(library: Library) -> None:
    await told(library, ["the baker counted loaves"], ["the corewave of the mill"])
    assert heard_as(await library.ask(GUILD, "CoreWeave")) == {"CoreWeave": ("corewave",)}
    await library.ingest(GUILD, video_file("talk 1", "the cor weave of the mill"), "1.md")
    assert heard_as(await library.ask(GUILD, "CoreWeave")) == {"CoreWeave": ("cor weave",)}
    (newest,) = (await library.page(GUILD, limit=1)).entries
    await library.remove(GUILD, str(newest.id))
    assert (await library.ask(GUILD, "CoreWeave")).quotes == ()


async def test_a_database_of_another_analysis_is_indexed_anew_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    async with Library.opened(path) as library:
        await told(library, ["the corewave of the mill"])
        await told(library, ["the tranium of the river"], guild=OTHER_GUILD)
    connection = sqlite3.connect(path)
    with connection:
        kept = connection.execute("SELECT * FROM sounds ORDER BY guild_id, code, term").fetchall()
        connection.execute("DELETE FROM sounds")
        connection.execute("UPDATE guilds SET analysis = 0")
    async with Library.opened(path) as library:
        assert heard_as(await library.ask(GUILD, "CoreWeave")) == {"CoreWeave": ("corewave",)}
        assert heard_as(await library.ask(OTHER_GUILD, "Trainium")) == {"Trainium": ("tranium",)}
    assert connection.execute("SELECT * FROM sounds ORDER BY guild_id, code, term").fetchall() == kept
    assert connection.execute("SELECT DISTINCT analysis FROM guilds").fetchall() == [(VERSION,)]
    connection.close()


async def test_a_word_is_heard_as_the_same_beside_a_rare_one_with_another_first_letter(library: Library) -> None:
    await told(library, ["the alter by the mill"], ["the volter of the mill"])
    alone = heard_as(await library.ask(GUILD, "mill valter", limit=9))
    assert alone == {"valter": ("volter",)}
    assert heard_as(await library.ask(GUILD, "mill valter arsonist", limit=9)) == alone


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(SAID, min_size=1, max_size=30), min_size=1, max_size=4),
    st.lists(ASKED.map(" ".join), min_size=1, max_size=4),
)
def test_every_quote_says_a_word_of_the_question_or_what_it_was_heard_as(
    talks: list[list[str]], questions: list[str]
) -> None:
    async def scenario(library: Library) -> None:
        for question in questions:
            try:
                answer = await library.ask(GUILD, question)
            except QuestionError:
                continue
            assert all(quote.highlights for quote in answer.quotes)
            for one in answer.approximations:
                assert one.typed in question
                assert one.said
                assert all(any(said in quote.text for quote in answer.quotes) for said in one.said)

    asking(talks, scenario)
