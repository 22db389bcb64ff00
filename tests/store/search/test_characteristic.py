"""The moments that tell a transcript from the others: verbatim, apart from each other, of what it alone speaks of."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import NotFoundError, UnindexedError
from store.index import indexing
from store.library import Library
from store.models import Quote
from store.text.analysis import length
from tests.store.builders import ENGLISH, GUILD, JAPANESE, OTHER_GUILD, chatter, video_file
from tests.store.questions import MIXED, asking
from tests.store.talks import SAID

PIECES = st.sampled_from([*ENGLISH, *JAPANESE, ">>", "[Music]", "the", "เครื่องจักร", "Done."])
CUES = st.lists(PIECES, max_size=9).map(" ".join)
LONG = st.lists(PIECES, min_size=30, max_size=150).map(" ".join)
TALKS = st.lists(st.lists(CUES | CUES | CUES | LONG, min_size=1, max_size=60), min_size=1, max_size=3)
SUBJECTS = {
    20: ("a zeppelin needs helium and a hangar", "the zeppelin lost helium over the hangar"),
    60: ("our quokka eats leaves on its island", "each quokka of the island hides its leaves"),
    100: ("that telescope has a mirror of beryllium", "beryllium keeps the telescope mirror in shape"),
}


async def told(library: Library, *texts: str, guild: int = GUILD, name: str = "talk") -> int:
    return (await library.ingest(guild, video_file(name, *texts), f"{name}.md")).entry.id


def talk(seed: int = 1, cues: int = 140) -> list[str]:
    """Chatter in which three subjects come up, each for two cues."""
    texts = chatter(random.Random(seed), cues)
    for at, said in SUBJECTS.items():
        texts[at : at + 2] = said
    return texts


def texts_of(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.text for quote in quotes]


@settings(max_examples=30, deadline=None)
@given(TALKS, st.integers(1, 5))
def test_moments_are_verbatim_in_order_and_apart(talks: list[list[str]], count: int) -> None:
    async def scenario(library: Library) -> None:
        for number, texts in enumerate(talks, start=1):
            found = await library.characteristic(GUILD, number, count=count)
            assert found == await library.characteristic(GUILD, number, count=count)
            assert len(found) <= count
            for quote in found:
                assert quote.transcript_id == number
                assert quote.text in " ".join(texts)
                assert quote.start_ms == 5000 * quote.first
                assert quote.cut_before or quote.cut_after or quote.text == " ".join(texts[quote.first : quote.end])
            assert all(one.end <= other.first for one, other in pairwise(found))

    asking(talks, scenario)


async def test_they_are_of_what_the_transcript_speaks_of_and_others_do_not(library: Library) -> None:
    for number in range(4):
        await told(library, *chatter(random.Random(number), 140), name=f"other {number}")
    id_ = await told(library, *talk(9))
    found = await library.characteristic(GUILD, id_)
    assert [next(word for word in ("helium", "quokka", "beryllium") if word in quote.text) for quote in found] == [
        "helium",
        "quokka",
        "beryllium",
    ]
    assert all(18 <= length(quote.text) <= 40 for quote in found)
    assert [quote.start_ms for quote in found] == sorted(quote.start_ms for quote in found)


async def test_a_library_of_one_transcript_is_enough(library: Library) -> None:
    found = await library.characteristic(GUILD, await told(library, *talk()))
    assert sum(any(word in quote.text for word in ("helium", "quokka", "beryllium")) for quote in found) == 3


async def test_what_every_transcript_says_is_not_what_tells_it_from_others(library: Library) -> None:
    sponsor = ["this talk is brought to you by sprocket pillows", "sprocket pillows are the softest pillows there are"]
    ids = []
    for number, (at, subject) in enumerate(SUBJECTS.items()):
        texts = chatter(random.Random(number), 140)
        texts[70:72] = sponsor
        texts[at : at + 2] = subject
        ids.append(await told(library, *texts, name=f"talk {number}"))
    for id_, (_, subject) in zip(ids, SUBJECTS.items(), strict=True):
        (found,) = await library.characteristic(GUILD, id_, count=1)
        assert any(said in found.text for said in subject)
        assert "pillows" not in found.text


async def test_sounds_and_echoes_are_not_shown(library: Library) -> None:
    texts = talk()
    texts[20:20] = ["[Music]", "the zeppelin helium hangar", *["the zeppelin helium hangar"] * 3, "[Applause]"]
    found = await library.characteristic(GUILD, await told(library, *texts))
    assert all("[" not in text for text in texts_of(found))
    assert all(text.count("the zeppelin helium hangar") <= 1 for text in texts_of(found))


async def test_lines_that_roll_over_several_captions_are_not_shown_twice(library: Library) -> None:
    texts = talk()
    rolling = ["the airship flies with helium", "the airship flies with helium above the hangar doors"]
    texts[40:40] = [*rolling, "above the hangar doors and lands by night"]
    found = await library.characteristic(GUILD, await told(library, *texts))
    assert all(text.count("airship flies with helium") <= 1 for text in texts_of(found))


async def test_whole_sentences_are_preferred(library: Library) -> None:
    texts = chatter(random.Random(4), 200)
    texts[20], texts[40], texts[60], texts[80] = "zeppelin", "helium", "a hangar", "steel"
    texts[100:104] = ["and so it went.", "The zeppelin was filled with helium in", "a hangar of steel and", "glass."]
    (found,) = await library.characteristic(GUILD, await told(library, *texts), count=1)
    assert found.text.startswith("The zeppelin was filled with helium") or found.text.endswith("glass.")


@pytest.mark.parametrize("cues", [1, 5])
async def test_a_short_transcript_has_one_moment(library: Library, cues: int) -> None:
    texts = ["The mill by the river", "burnt down in winter", "and nobody", "rebuilt it", "before march."][:cues]
    assert texts_of(await library.characteristic(GUILD, await told(library, *texts))) == [" ".join(texts)]


async def test_of_a_transcript_without_a_word_nothing_is_shown(library: Library) -> None:
    assert await library.characteristic(GUILD, await told(library, "[Music]", "...", "♪ ♪")) == ()
    assert texts_of(await library.characteristic(GUILD, await told(library, "to be or not to be", name="b"))) == [
        "to be or not to be"
    ]


async def test_of_a_long_cue_the_part_with_the_heaviest_words_is_shown(library: Library) -> None:
    rng = random.Random(2)
    words = rng.choices(ENGLISH, k=150_000)
    words[70_000:70_000] = ("a zeppelin needs helium and a hangar " * 2).split()
    id_ = await told(library, " ".join(words), "and that is it")
    assert len(" ".join(words)) > 800_000
    (found,) = await library.characteristic(GUILD, id_, count=1)
    assert "zeppelin needs helium" in found.text
    assert length(found.text) <= 60


@pytest.mark.parametrize("code", ["ja", "th", "zh", "ko", "de", "ar"])
async def test_transcripts_of_all_scripts_have_moments(library: Library, code: str) -> None:
    cues = [SAID[code][at : at + 20] for at in range(0, len(SAID[code]), 20)]
    found = await library.characteristic(GUILD, await told(library, *cues, *reversed(cues)))
    assert found
    assert all(len(quote.text) <= 260 for quote in found)


async def test_a_transcript_without_times_has_moments(library: Library) -> None:
    id_ = (await library.ingest(GUILD, "\n".join(talk()).encode(), "talk.txt")).entry.id
    found = await library.characteristic(GUILD, id_)
    assert len(found) == 3
    assert not found[0].details.timed


async def test_nothing_of_other_guilds_counts(library: Library) -> None:
    id_ = await told(library, *talk())
    before = await library.characteristic(GUILD, id_)
    for number in range(3):
        other = await told(library, *talk(), *SUBJECTS[20], *SUBJECTS[60], guild=OTHER_GUILD, name=f"{number}")
    assert await library.characteristic(GUILD, id_) == before
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await library.characteristic(GUILD, other)


async def test_a_removed_transcript_has_none(library: Library) -> None:
    id_ = await told(library, *talk())
    await library.remove(GUILD, id_)
    with pytest.raises(NotFoundError, match="no longer in this library"):
        await library.characteristic(GUILD, id_)


async def test_a_transcript_that_is_not_indexed_has_them_later(library: Library) -> None:
    id_ = await told(library, *talk())
    async with library._database.transaction() as connection:
        await indexing.forget(connection, GUILD)
    with pytest.raises(UnindexedError, match="indexed anew"):
        await library.characteristic(GUILD, id_)


async def test_mixed_scripts_have_moments(library: Library) -> None:
    for number, texts in enumerate(MIXED):
        assert await library.characteristic(GUILD, await told(library, *texts, name=f"{number}"))
