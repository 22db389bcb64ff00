"""How often something was said: as often as a plain count over the texts says, and where."""

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import FilterError, NotFoundError, QuestionError
from store.library import Library
from store.models import Cue, Filters, Form, Mentions
from store.text.phrases import Phrase
from tests.store.builders import ENGLISH, GUILD, JAPANESE, OTHER_GUILD, chatter, cue_lines, native, video_file
from tests.store.questions import asking
from tests.store.search.plain_windows import heard

PIECES = st.sampled_from([*ENGLISH, *JAPANESE, "mills", "the", ">>", "[Music]"])
TALKS = st.lists(st.lists(st.lists(PIECES, max_size=7).map(" ".join), min_size=1, max_size=150), min_size=1, max_size=3)


def plain(texts: Sequence[str], words: str) -> list[int]:
    """The cues in which words begin in a talk, by its texts."""
    exact = words.startswith('"')
    said = heard([Cue(5000 * at, text) for at, text in enumerate(texts)])
    return [begins for begins, _ in Phrase.of(words, exact=exact).places([cue.text for cue in said])]


@settings(max_examples=40, deadline=None)
@given(TALKS, st.data())
def test_mentions_are_as_many_as_the_texts_hold(talks: list[list[str]], data: st.DataObject) -> None:
    said = [word for texts in talks for text in texts for word in text.split()] or ["mill"]
    first = data.draw(st.integers(0, len(said) - 1))
    words = " ".join(said[first : first + data.draw(st.integers(1, 3))])
    if not Phrase.of(words).words:
        return
    wanted = data.draw(st.sampled_from([words, f'"{words}"']))

    async def scenario(library: Library) -> None:
        found = await library.mentions(GUILD, wanted)
        counted = [plain(texts, wanted) for texts in talks]
        assert found.forms[0].count == sum(map(len, counted))
        if len(found.forms) > 1:  # misheard, which the texts themselves can't tell
            return
        assert found.count == sum(map(len, counted))
        assert {one.entry.id: (one.count, one.first_ms) for one in found.transcripts} == {
            number: (len(places), 5000 * places[0]) for number, places in enumerate(counted, start=1) if places
        }
        every = await library.every_mention(GUILD, wanted)
        assert [(one.transcript, one.start_ms) for one in every] == [
            (number, 5000 * place) for number, places in enumerate(counted, start=1) for place in places
        ]
        for one in every:
            assert one.before + one.said + one.after in " ".join(talks[one.transcript - 1])

    asking(talks, scenario)


async def counted(library: Library, words: str, filters: Filters | None = None) -> Mentions:
    return await library.mentions(GUILD, words, filters=filters)


async def test_misheard_names_are_counted_apart(library: Library) -> None:
    texts = ["CoreWeave bought the power", "and cor weave sold it", "so CoreWeave grew"]
    await library.ingest(GUILD, video_file("talk", *texts, *chatter(random.Random(1), 40)), "a.md")
    found = await counted(library, "CoreWeave")
    assert (found.count, found.forms) == (3, (Form("CoreWeave", 2), Form("cor weave", 1, heard=True)))
    (one, other, third) = await library.every_mention(GUILD, "CoreWeave")
    assert [one.form, other.form, third.form] == ["CoreWeave", "cor weave", "CoreWeave"]
    assert (other.before, other.said) == ("CoreWeave bought the power and ", "cor weave")
    assert other.after.startswith(" sold it so CoreWeave grew")
    assert (await counted(library, '"CoreWeave"')).count == 2


async def test_what_the_glossary_says_is_counted_apart(library: Library) -> None:
    await library.ingest(GUILD, video_file("talk", "the minnow ledge fell", "Minot's Ledge fell"), "a.md")
    await library.add_spellings(GUILD, "Minot's", ["minnow"])
    found = await counted(library, "Minot's ledge")
    assert found.forms == (Form("Minot's ledge", 1), Form("minnow ledge", 1, heard=True))


async def test_first_and_last_are_by_the_day_and_within_it_by_the_time(library: Library) -> None:
    texts = {"2024-03-01": ["a quokka", "slept", "quokka"], "2023-01-01": ["then", "a quokka"], "2025-01-01": ["no"]}
    for day, said in texts.items():
        await library.ingest(GUILD, native(cue_lines(said), title=day, video_id=day, date=day), f"{day}.md")
    found = await counted(library, "quokka")
    assert found.first is not None
    assert found.last is not None
    assert (found.first.entry.details.published, found.first.first_ms) == (date(2023, 1, 1), 5000)
    assert (found.last.entry.details.published, found.last.first_ms) == (date(2024, 3, 1), 10_000)
    assert [one.count for one in found.transcripts] == [2, 1]
    assert (found.library_size, found.times_ms) == (3, ())
    alone = await counted(library, "quokka", Filters(transcript=1, title="x"))
    assert (alone.count, alone.times_ms, str(*alone.filters)) == (2, (0, 10_000), "in “x”")


async def test_pages_hold_every_mention_once(library: Library) -> None:
    await library.ingest(GUILD, video_file("talk", *[f"the quokka smiled {at}" for at in range(25)]), "a.md")
    pages = [await library.mentions_in(GUILD, "quokka", 1, page=page) for page in range(3)]
    assert [len(page.mentions) for page in pages] == [10, 10, 5]
    assert [page.more for page in pages] == [True, True, False]
    assert [one.start_ms for page in pages for one in page.mentions] == [5000 * at for at in range(25)]
    with pytest.raises(NotFoundError):
        await library.mentions_in(GUILD, "quokka", 2)


async def test_nothing_of_another_server_is_counted(library: Library) -> None:
    await library.ingest(OTHER_GUILD, video_file("theirs", "the quokka smiled"), "a.md")
    assert (await counted(library, "quokka")).count == 0
    await library.ingest(GUILD, video_file("ours", "the mill stood"), "a.md")
    found = await counted(library, "quokka")
    assert (found.count, found.transcripts, found.first, found.forms) == (0, (), None, (Form("quokka", 0),))
    with pytest.raises(NotFoundError):
        await library.mentions_in(GUILD, "quokka", 1)
    with pytest.raises(FilterError):
        await counted(library, "mill", Filters(speaker="nobody"))


async def test_a_word_said_a_hundred_thousand_times_is_counted(library: Library) -> None:
    await library.ingest(
        GUILD, native(cue_lines(["the the mill the the", "the the mill the the so"] * 12_500, step=1)), "a.md"
    )
    assert (await counted(library, "the")).count == 100_000
    assert (await counted(library, "mill")).count == 25_000
    assert (await counted(library, '"the the the"')).count == 12_500
    page = await library.mentions_in(GUILD, "the", 1, page=9_999)
    assert (len(page.mentions), page.more) == (10, False)


@pytest.mark.parametrize("words", ["", "?", "…", '""', "👍", " - "])
async def test_a_sign_alone_can_not_be_counted(library: Library, words: str) -> None:
    with pytest.raises(QuestionError, match="no word"):
        await counted(library, words)


async def test_words_may_be_as_many_as_those_of_a_question(library: Library) -> None:
    assert (await counted(library, "mill " * 80)).count == 0
    with pytest.raises(QuestionError, match="401 characters"):
        await counted(library, "m" * 401)
