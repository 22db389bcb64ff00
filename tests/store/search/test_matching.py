"""Words that somebody waits for: a transcript matches where it says all of them, and shows where."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import NotFoundError, QuestionError, UnindexedError
from store.index import indexing
from store.library import Library
from store.models import Approximation, Match
from store.search.matching import checked
from store.text.analysis import length, stem, terms, units
from tests.store.builders import ENGLISH, GUILD, OTHER_GUILD, native, video_file
from tests.store.questions import TALKS, TEXTS, asking, folded_words, marked, says

TOPICS = st.sampled_from([word for word in ENGLISH if terms(word)])
PHRASES = st.lists(st.sampled_from(ENGLISH), min_size=2, max_size=3).map(" ".join)
FILLER = [f"farmers argued about water taxes and winter floods again {at}" for at in range(30)]
TALK = (
    *FILLER,
    "The first light-house stood on Minot's Ledge,",
    "and its keepers were bakers at night.",
    *FILLER,
    "Later the bakers bought a mill",
    "and a steam engine for it.",
    *FILLER,
)


async def told(library: Library, *texts: str, guild: int = GUILD, name: str = "talk") -> int:
    return (await library.ingest(guild, video_file(name, *texts), f"{name}.md")).entry.id


async def matched(library: Library, words: str, transcript: int = 1) -> Match:
    return await library.matched(GUILD, words, transcript)


@settings(max_examples=30, deadline=None)
@given(TALKS, st.lists(TOPICS, min_size=1, max_size=3), st.lists(PHRASES, max_size=1), st.lists(TOPICS, max_size=1))
def test_a_transcript_matches_where_it_says_every_word_and_phrase_and_nothing_left_out(
    talks: list[list[str]], loose: list[str], phrases: list[str], without: list[str]
) -> None:
    words = " ".join([*loose, *(f'"{phrase}"' for phrase in phrases), *(f"-{one}" for one in without)])

    async def scenario(library: Library) -> None:
        for number, texts in enumerate(talks, start=1):
            text = " ".join(texts)
            stems = set(map(stem, folded_words(text)))
            found = await matched(library, words, number)
            assert found == await matched(library, words, number)
            heard = {one for one in loose if stem(one) not in stems} - set(found.missing)
            assert not heard - {word for word in loose if len(word) > 2}  # as another word, alike
            assert [one for one in found.missing if one in phrases] == [one for one in phrases if not says(text, one)]
            assert all(stem(one) not in stems for one in found.missing if one not in phrases)
            assert found.excluded == next((one for one in without if stem(one) in stems), None)
            assert bool(found.quotes) == (not found.missing and found.excluded is None)
            for quote in found.quotes:
                assert quote.text in text
                assert quote.transcript_id == number
                assert quote.start_ms % 5000 == 0
                assert quote.cut_before or quote.cut_after or quote.text.startswith(texts[quote.first])
                assert quote.highlights or heard

    asking(talks, scenario)


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_what_may_be_waited_for_is_matched_without_an_error(text: str) -> None:
    try:
        words = checked(text, max_characters=400)
    except QuestionError:
        return

    async def scenario(library: Library) -> None:
        for transcript in (1, 2):
            found = await matched(library, words, transcript)
            assert bool(found.quotes) == (not found.missing and found.excluded is None)
            assert all(one in words for one in found.missing)

    asking([("the baker counted loaves", "水車小屋の話をしました"), ("the mill by the river", "データ")], scenario)


async def test_quotes_are_of_moments_where_most_of_the_words_stand_together(library: Library) -> None:
    await told(library, *TALK, "the lighthouse keepers")
    found = await matched(library, "bakers engine")
    assert [set(map(str.lower, marked(quote))) for quote in found.quotes] == [{"bakers", "engine"}, {"bakers"}]
    assert all(length(quote.text) <= 45 for quote in found.quotes)
    assert found.quotes[1].text == "and its keepers were bakers at night."
    assert found.quotes[0].start_ms > found.quotes[1].start_ms
    assert len((await library.matched(GUILD, "water", 1, limit=5)).quotes) == 5


async def test_words_that_stand_far_apart_are_each_quoted_once(library: Library) -> None:
    await told(library, "the baker slept", *["and the miller slept"] * 3, *FILLER, "an engine", *FILLER, "the baker")
    found = await library.matched(GUILD, "miller baker engine", 1, limit=2)
    assert [set(marked(quote)) for quote in found.quotes] == [{"baker", "miller"}, {"engine"}]


async def test_what_is_missing_and_what_is_left_out_are_named_as_typed(library: Library) -> None:
    await told(library, *TALK)
    found = await matched(library, 'Bakers Zeppelins “mill on a hill” -Steam -"winter floods"')
    assert found == Match((), ("Zeppelins", "mill on a hill"), "Steam")
    assert (await matched(library, 'bakers -"Winter floods"')).excluded == "Winter floods"
    assert (await matched(library, 'bakers -"floods winter"')).excluded is None


async def test_a_word_with_hyphens_is_one_word_however_it_was_said(library: Library) -> None:
    await told(library, *TALK, "a steam ship")
    assert (await matched(library, "light-house")).quotes
    assert (await matched(library, "lighthouse")).quotes
    assert (await matched(library, "house-light")).missing == ("house-light",)
    assert (await matched(library, "bakers/mill,ledge")).quotes


async def test_a_stretch_of_japanese_is_found_in_one_piece_and_across_cues(library: Library) -> None:
    await told(library, "東京の研究会では", "音声認", "識の精度を比べました")
    assert marked((await matched(library, "音声認識")).quotes[0]) == ["音声認 識"]
    assert (await matched(library, "東京 精度")).quotes
    assert (await matched(library, "京東")).missing == ("京東",)
    assert (await matched(library, "東京精度")).missing == ("東京精度",)
    assert (await matched(library, "東京 -認識")).excluded == "認識"


async def test_a_stretch_of_thai_is_found_in_one_piece(library: Library) -> None:
    await told(library, "ผมอยากพูดถึงขนมปัง", "ที่คุณยายทำทุกเช้า")
    assert marked((await matched(library, "ขนมปัง")).quotes[0]) == ["ขนมปัง"]
    assert (await matched(library, "ปังขนม")).missing == ("ปังขนม",)


async def test_misheard_names_match(library: Library) -> None:
    await told(library, "CoreWeave bought the power", name="one")
    await told(library, *FILLER, "and cor weave sold it", name="two")
    assert [marked(quote) for quote in (await matched(library, "CoreWeave", 2)).quotes] == [["cor weave"]]
    assert [marked(quote) for quote in (await matched(library, "core-weave power")).quotes] == [["CoreWeave", "power"]]
    assert (await matched(library, "CoreWeave", 2)).heard == (Approximation("CoreWeave", ("cor weave",)),)
    assert not (await matched(library, "core-weave power")).heard
    assert (await matched(library, '"CoreWeave"', 2)).missing == ("CoreWeave",)


@pytest.mark.parametrize(
    ("waited", "said"),
    [
        ("steel", "the lamp was still lit"),
        ("power", "a poor and lonely man"),
        ("tour", "they built a tower"),
        ("Clyde", "the nights were cold"),
        ("python", "putting one on the table"),
        ("Shark", "a sharp corner"),
        ("bakery", "she was a baker"),
        ("corpse", "the corps of keepers"),
    ],
)
async def test_another_word_that_only_sounds_alike_is_not_said(library: Library, waited: str, said: str) -> None:
    await told(library, *FILLER, said)
    assert await matched(library, waited) == Match((), (waited,))


@pytest.mark.parametrize(
    ("waited", "heard"),
    [("Trainium", "tranium"), ("hegemony", "hemony"), ("ByteDance", "bite dance"), ("Grainger", "granger")],
)
async def test_a_name_that_was_clearly_misheard_is_perhaps_said(library: Library, waited: str, heard: str) -> None:
    await told(library, *FILLER, f"it was {heard} again")
    assert (await matched(library, waited)).heard == (Approximation(waited, (heard,)),)


async def test_what_was_heard_is_told_of_the_words_that_were_said_in_no_other_form(library: Library) -> None:
    await told(library, "the tranium of the river", *FILLER, "and trainum later")
    found = await matched(library, "Trainium river")
    assert found.heard == (Approximation("Trainium", ("tranium", "trainum")),)
    assert [marked(quote) for quote in found.quotes] == [["tranium", "river"], ["trainum"]]
    await told(library, *FILLER, "its competition", "and coopertition", name="three")
    assert (await matched(library, "coopetition", 2)).heard == (Approximation("coopetition", ("coopertition",)),)
    await told(library, "the Trainium and the tranium", name="two")
    assert not (await matched(library, "Trainium", 3)).heard


async def test_what_is_only_joined_or_written_otherwise_is_said_as_it_is(library: Library) -> None:
    await told(library, "DeepMind gave seven percent", "to a café", name="one")
    for words in ("deep mind", "Deep-Mind", "deepmind", "cafe", "DeepMind cafe"):
        found = await matched(library, words)
        assert (bool(found.quotes), found.heard) == (True, ())


async def test_what_the_glossary_says_matches_also_for_terms_of_several_words(library: Library) -> None:
    await told(library, *FILLER, "the minnow ledge fell")
    assert (await matched(library, "Minot's Ledge fell")).missing == ("Minot's",)
    await library.add_spellings(GUILD, "Minot's Ledge", ["minnow ledge"])
    found = await matched(library, "Minot's Ledge fell")
    (quote,) = found.quotes
    assert quote.text.endswith("the minnow ledge fell")
    assert found.heard == (Approximation("Minot's", ("minnow ledge",)),)


async def test_a_compound_is_another_word(library: Library) -> None:
    texts = ["Die Krankenversicherung zahlt das nicht", "und wir haben das auch nicht gewusst"]
    await library.ingest(GUILD, native([f"- [0:{at:02}] {text}" for at, text in enumerate(texts)], language="de"), "a")
    assert (await matched(library, "Versicherung")).missing == ("Versicherung",)
    assert (await matched(library, "Krankenversicherungen")).quotes


async def test_phrases_of_stop_words_are_found_in_a_row(library: Library) -> None:
    await told(library, "who is the one", "to be or not", "to be")
    assert (await matched(library, '"to be or not to be"')).quotes
    assert (await matched(library, '"the who"')).missing == ("the who",)


async def test_each_guild_has_only_its_own_transcripts(library: Library) -> None:
    mine = await told(library, *TALK)
    other = await told(library, *TALK, guild=OTHER_GUILD)
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await matched(library, "bakers", other)
    await library.remove(GUILD, mine)
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await matched(library, "bakers", mine)


async def test_a_damaged_stream_is_made_again(library: Library) -> None:
    await told(library, *TALK)
    before = await matched(library, "bakers engine")
    async with library._database.transaction() as connection:
        await connection.execute("DELETE FROM stream_blocks")
    assert await matched(library, "bakers engine") == before


async def test_a_transcript_that_is_not_indexed_is_no_transcript_without_the_words(library: Library) -> None:
    await told(library, *TALK)
    async with library._database.transaction() as connection:
        await indexing.forget(connection, GUILD)
    with pytest.raises(UnindexedError, match="indexed anew"):
        await matched(library, "bakers")


async def test_a_transcript_of_one_long_cue_is_quoted_in_part(library: Library) -> None:
    rng = random.Random(1)
    await told(library, " ".join([*rng.choices(ENGLISH, k=3000), "zeppelin", *rng.choices(ENGLISH, k=3000)]))
    (quote,) = (await matched(library, "zeppelin")).quotes
    assert quote.cut_before
    assert quote.cut_after
    assert marked(quote) == ["zeppelin"]
    assert sum(1 for _ in units(quote.text)) < 100


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "There is no word in that"),
        (" ?! ", "There is no word in that"),
        ("-mamba", "That only says what to leave out"),
        ('-"state space" the', "That only says what to leave out"),
        ("the who", "“the who” is said in nearly every transcript"),
        ("x" * 401, "That has 401 characters; please name at most 400."),
    ],
)
def test_what_can_not_be_waited_for_is_refused_with_a_sentence(words: str, sentence: str) -> None:
    with pytest.raises(QuestionError, match=sentence[:30]):
        checked(words, max_characters=400)


async def test_what_can_be_waited_for_is_kept_with_single_spaces(library: Library) -> None:
    assert library.checked_words("  state  space -“flash\nattention” ") == "state space -“flash attention”"
    assert library.checked_words('"the who"') == '"the who"'
