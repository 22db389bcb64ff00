"""Exact phrases and exclusions, asked of real libraries: what was said in these words, and never what wasn't wanted."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import QuestionError
from store.library import Library
from store.models import Answer
from store.text.analysis import stem, terms
from tests.store.builders import ENGLISH, GUILD, video_file
from tests.store.questions import MIXED, TALKS, TEXTS, asking, folded_words, marked, says

FILLER = [f"farmers argued about water taxes and winter floods again {at}" for at in range(12)]
LONGER = st.lists(st.sampled_from(ENGLISH), min_size=2, max_size=3).map(" ".join)
TOPICS = st.sampled_from([word for word in ENGLISH if terms(word)])


async def told(library: Library, *talks: Sequence[str]) -> None:
    for number, texts in enumerate(talks):
        await library.ingest(GUILD, video_file(f"talk {number}", *texts), f"{number}.md")


def titles(answer: Answer) -> list[str]:
    return sorted(quote.details.title for quote in answer.quotes)


async def test_a_phrase_is_quoted_where_it_was_said_and_nowhere_else(library: Library) -> None:
    await told(
        library, ["the baker counted loaves"], ["loaves were counted by the baker"], ["The baker, counted: twice"]
    )
    answer = await library.ask(GUILD, '"the baker counted"')
    assert titles(answer) == ["talk 0", "talk 2"]
    assert sorted(word for quote in answer.quotes for word in marked(quote)) == [
        "The baker, counted",
        "the baker counted",
    ]
    assert (answer.unsaid, answer.not_found) == ((), ())


async def test_a_phrase_across_a_cue_border_is_marked_as_one(library: Library) -> None:
    await told(library, [*FILLER, "at dawn the baker", "counted loaves again", *FILLER], ["a baker who slept counted"])
    (quote,) = (await library.ask(GUILD, '"baker counted loaves"')).quotes
    assert marked(quote) == ["baker counted loaves"]


@pytest.mark.parametrize("before", range(5, 20))
async def test_a_phrase_across_a_passage_border_is_found_and_marked_as_one(library: Library, before: int) -> None:
    filler = ["farmers argued about water again"] * before
    await told(library, [*filler, "at dawn the baker", "[…]", "counted loaves", *FILLER], ["counted the baker"])
    (quote,) = (await library.ask(GUILD, '"the baker counted"')).quotes
    assert len(marked(quote)) == 1
    assert marked(quote)[0].startswith("the baker")


async def test_a_japanese_phrase_across_cues_is_found(library: Library) -> None:
    await told(library, ["昨日は水車", "小屋で話をしました"], ["小屋の水車の話"])
    (quote,) = (await library.ask(GUILD, "「話」 “水車小屋”")).quotes
    assert "水車 小屋" in marked(quote)


async def test_a_phrase_that_nobody_said_is_named_and_its_words_are_searched_one_by_one(library: Library) -> None:
    await told(library, ["loaves that the baker counted"], ["farmers argued about water"])
    answer = await library.ask(GUILD, "who said “Counted Loaves”?")
    assert answer.unsaid == ("Counted Loaves",)
    assert titles(answer) == ["talk 0"]
    assert marked(answer.quotes[0]) == ["loaves", "counted"]


async def test_of_two_phrases_the_one_that_was_said_still_decides(library: Library) -> None:
    await told(library, ["the baker counted loaves"], ["loaves counted by the old mill"], ["candle loaves light"])
    answer = await library.ask(GUILD, '"baker counted" "candle light"')
    assert (titles(answer), answer.unsaid) == (["talk 0"], ("candle light",))


async def test_a_phrase_of_common_words_is_looked_for_beside_the_other_words(library: Library) -> None:
    await told(library, ["the loaves are not for us"], ["for us there are loaves"], ["we are not for us either"])
    answer = await library.ask(GUILD, '"are not for us" loaves')
    assert titles(answer) == ["talk 0"]
    assert marked(answer.quotes[0]) == ["loaves", "are not for us"]
    assert (await library.ask(GUILD, '"for us they are" loaves')).unsaid == ("for us they are",)


async def test_a_phrase_keeps_the_letters_of_its_words(library: Library) -> None:
    await told(library, ["a candle lights the mill"], ["by candle light"])
    assert titles(await library.ask(GUILD, '"candle light"')) == ["talk 1"]


@pytest.mark.parametrize(
    "said", ["½ cup", "１,０００ loaves", "miller’s café", "ﷺ mill", "a²b mill", "ﬁne mill", "ŉ mill"]
)
async def test_signs_that_are_written_in_other_letters_stand_in_a_phrase(library: Library, said: str) -> None:
    await told(library, [f"some of the {said} was there"], ["a mill and a cup and loaves and a café"])
    answer = await library.ask(GUILD, f'"{said}"')
    assert (titles(answer), answer.unsaid) == (["talk 0"], ())


async def test_a_word_is_left_out_with_all_its_forms(library: Library) -> None:
    await told(
        library, ["the baker counted loaves"], ["the baker slept"], ["Loaf’s Loaves for a baker"], ["水車とbaker"]
    )
    assert titles(await library.ask(GUILD, "baker -loaves")) == ["talk 1", "talk 3"]
    assert titles(await library.ask(GUILD, "baker −水車 －slept")) == ["talk 0", "talk 2"]


async def test_words_in_a_row_are_left_out_and_the_same_words_apart_are_not(library: Library) -> None:
    await told(library, ["the baker counted loaves"], ["the baker slept and counted"], ["the baker", "counted again"])
    assert titles(await library.ask(GUILD, 'baker -"baker counted"')) == ["talk 1"]


async def test_an_excluded_word_in_the_next_cue_is_not_quoted_along(library: Library) -> None:
    await told(library, ["the baker slept at noon", *FILLER, "and the quokka woke"])
    for question in ("baker -quokka", 'farmers -"the quokka"'):
        answer = await library.ask(GUILD, question)
        assert answer.quotes
        assert not any("quokka" in quote.text for quote in answer.quotes)


async def test_a_phrase_in_the_middle_of_a_very_long_cue_is_shown_whole(library: Library) -> None:
    await told(library, [" ".join([*["water"] * 200, "by candle light", *["taxes"] * 200])])
    (quote,) = (await library.ask(GUILD, '"candle light"')).quotes
    assert marked(quote) == ["candle light"]


@pytest.mark.parametrize("words", [45, 200])
@pytest.mark.parametrize(("question", "mark"), [('"core weave"', "core weave"), ("CoreWeave", "core weave")])
async def test_words_in_a_row_from_one_long_cue_to_the_next_are_shown_whole(
    library: Library, words: int, question: str, mark: str
) -> None:
    water, taxes = " ".join(["water"] * words), " ".join(["taxes"] * words)
    await told(library, [water, f"{water} core", f"weave {taxes}", taxes])
    (quote,) = (await library.ask(GUILD, question)).quotes
    assert marked(quote) == [mark]
    assert quote.start_ms == 5000


async def test_a_phrase_that_goes_on_into_what_is_left_out_is_not_quoted_by_half(library: Library) -> None:
    for before in range(5, 25):
        filler = ["farmers argued about water again"] * before
        await told(library, [*filler, "at dawn the old baker", "counted quokkas", *FILLER])
        answer = await library.ask(GUILD, '"old baker counted" -quokka')
        assert all(says(quote.text, "old baker counted") for quote in answer.quotes)


async def test_a_mixed_question_asks_for_all_of_it(library: Library) -> None:
    said = "by candle light the baker counted loaves"
    await told(
        library, [said], [said + " and slept"], ["the baker counted loaves by the candle"], ["light candle mill"]
    )
    answer = await library.ask(GUILD, "who counted “candle light” baker −slept")
    assert titles(answer) == ["talk 0"]
    assert set(marked(answer.quotes[0])) == {"candle light", "baker", "counted"}
    assert answer.unsaid == ()


@settings(max_examples=20, deadline=None)
@given(TALKS, st.lists(st.tuples(TOPICS, TOPICS, LONGER, st.booleans()), min_size=1, max_size=4))
def test_no_quote_says_what_was_left_out(talks: list[list[str]], wanted: list[tuple[str, str, str, bool]]) -> None:
    async def scenario(library: Library) -> None:
        for word, without, phrase, both in wanted:
            quotes = (await library.ask(GUILD, f"{word} -{without}" + f' -"{phrase}"' * both, limit=9)).quotes
            for quote in quotes:
                assert stem(without) not in map(stem, folded_words(quote.text))
                assert not (both and says(quote.text, phrase))

    asking(talks, scenario)


@settings(max_examples=25, deadline=None)
@given(TALKS, st.lists(st.tuples(LONGER, st.none() | TOPICS), min_size=1, max_size=3), st.data())
def test_every_quote_says_the_phrase_unless_it_is_named_as_unsaid(
    talks: list[list[str]], wanted: list[tuple[str, str | None]], data: st.DataObject
) -> None:
    whole = [" ".join(texts) for texts in talks]
    words = folded_words(" ".join(whole))
    if len(words) > 3:
        at = data.draw(st.integers(0, len(words) - 3))
        wanted = [*wanted, (" ".join(words[at : at + 3]), None)]

    async def scenario(library: Library) -> None:
        for phrase, word in wanted:
            try:
                answer = await library.ask(GUILD, f'"{phrase}" {word or ""}')
            except QuestionError:
                assert not terms(f"{phrase} {word or ''}")
                continue
            if answer.unsaid:
                assert answer.unsaid == (phrase,)
                if terms(phrase):
                    assert not any(says(text, phrase) for text in whole)
            else:
                assert answer.quotes
                assert all(says(quote.text, phrase) for quote in answer.quotes)

    asking(talks, scenario)


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=4, max_size=8))
def test_no_text_breaks_the_search_or_is_answered_with_nothing_at_all(questions: list[str]) -> None:
    async def scenario(library: Library) -> None:
        for question in questions:
            try:
                answer = await library.ask(GUILD, question)
            except QuestionError:
                continue
            assert answer.library_size == len(MIXED)
            assert answer.quotes or answer.not_found or answer.unsaid or answer.more or not answer.passages

    asking(MIXED, scenario)


async def test_a_phrase_that_was_said_answers_whatever_else_was_not(library: Library) -> None:
    await library.ingest(GUILD, video_file("one", "river"), "a.md")
    await library.ingest(GUILD, video_file("two", "river river"), "b.md")
    answer = await library.ask(GUILD, '"river river" boats')
    assert [quote.text for quote in answer.quotes] == ["river river"]
    assert answer.not_found == ("boats",)
