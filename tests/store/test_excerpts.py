"""The words around a quote: verbatim, by seconds, as many as there is room, and found again in a new version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from store import excerpts
from store.errors import NotFoundError
from store.library import Library
from store.models import Cue, Details, Entry, Excerpt, Moment, Quote
from tests.store.builders import GUILD, OTHER_GUILD, native, rendered

GONE = "That transcript is no longer in this library."
SPOKEN = [f"cue{number} said" for number in range(60)]


def ten_seconds_apart(texts: Sequence[str], *, title: str = "talk") -> bytes:
    cues = [Cue(at * 10_000, text) for at, text in enumerate(texts)]
    return rendered(Details(title, url="https://youtu.be/bread-rises", duration_ms=len(texts) * 10_000), cues)


async def moment_of(library: Library, question: str) -> Moment:
    """Ingest the sixty cues and return the moment of the only quote, narrowed to the cue that was asked for."""
    done = await library.ingest(GUILD, ten_seconds_apart(SPOKEN), "talk.md")
    (quote,) = (await library.ask(GUILD, question, limit=1)).quotes
    at = int(question.removeprefix("cue"))
    assert question in quote.text
    return Moment(done.entry.id, at, at + 1, at * 10_000, at * 10_000 + 10_000, quote.content)


async def test_thirty_seconds_before_and_after_are_shown_in_whole_cues(library: Library) -> None:
    found = await library.around(GUILD, await moment_of(library, "cue30"))
    assert found.before == "cue27 said cue28 said cue29 said"
    assert found.quote == "cue30 said"
    assert found.after == "cue31 said cue32 said cue33 said"
    assert (found.start_ms, found.quote_ms, found.end_ms) == (270_000, 300_000, 340_000)
    assert (found.wider, found.whole, found.changed) == (60, False, False)
    assert found.entry.details.title == "talk"


async def test_a_quotes_own_moment_opens_it(library: Library) -> None:
    await library.ingest(GUILD, ten_seconds_apart(SPOKEN), "talk.md")
    (quote,) = (await library.ask(GUILD, "cue30", limit=1)).quotes
    found = await library.around(GUILD, quote.moment)
    assert found.quote == quote.text
    assert found.quote_ms == quote.start_ms
    assert not found.changed


async def test_the_first_and_the_last_cue_have_nothing_on_one_side(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    first = await library.around(GUILD, replace(moment, first=0, end=1))
    assert (first.before, first.after) == ("", "cue1 said cue2 said cue3 said")
    last = await library.around(GUILD, replace(moment, first=59, end=60))
    assert (last.before, last.after) == ("cue56 said cue57 said cue58 said", "")
    assert last.end_ms == 600_000


async def test_an_excerpt_that_shows_everything_is_whole_and_has_no_wider_one(library: Library) -> None:
    found = await library.around(GUILD, await moment_of(library, "cue30"), seconds=480)
    assert (found.whole, found.wider) == (True, None)
    assert joined(found) == " ".join(SPOKEN)


async def test_an_excerpt_is_as_long_as_there_is_room_on_both_sides(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    found = await library.around(GUILD, moment, seconds=480, room=60)
    assert (found.before, found.after) == ("cue28 said cue29 said", "cue31 said cue32 said")
    assert (found.whole, found.wider) == (False, None)
    written = await library.around(GUILD, moment, seconds=480, room=60, size=lambda text: 2 * len(text))
    assert (written.before, written.after) == ("cue29 said", "")


async def test_where_nobody_speaks_for_long_the_wider_excerpt_reaches_the_next_words(library: Library) -> None:
    lines = ["[0:00] hello", "[1:00] the yeast eats", "[1:05] and rests", "[9:00] until the dough has risen"]
    done = await library.ingest(GUILD, native(lines, title="bread"), "bread.md")
    moment = Moment(done.entry.id, 1, 2, 60_000, 65_000, done.entry.content)
    found = await library.around(GUILD, moment)
    assert (found.before, found.after) == ("hello", "and rests")
    assert found.wider == 480
    assert (await library.around(GUILD, moment, seconds=480)).whole


async def test_times_that_leap_end_an_excerpt(library: Library) -> None:
    lines = ["[50:00] a talk", "[50:05] before this one", "[0:00] hello", "[0:05] yeast", "[40:00] cut", "[0:09] end"]
    done = await library.ingest(GUILD, native(lines, title="bread"), "bread.md")
    moment = Moment(done.entry.id, 3, 4, 5_000, 2_400_000, done.entry.content)
    found = await library.around(GUILD, moment)
    assert (found.before, found.quote, found.after) == ("before this one hello", "yeast", "cut")
    assert found.wider == 3840


async def test_a_replaced_transcript_shows_what_stands_at_the_same_seconds_now(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    lines = [
        "[0:00] so",
        "[4:51] new words before",
        "[5:02] new words here",
        "[5:08] and more",
        "[5:10] bye",
    ]
    await library.ingest(GUILD, native(lines, title="talk", video_url="https://youtu.be/bread-rises"), "talk.md")
    found = await library.around(GUILD, moment)
    assert found.changed
    assert found.quote == "new words before new words here and more"
    assert found.quote_ms == 291_000
    assert found.after == "bye"


async def test_a_new_version_with_the_same_cues_there_keeps_the_quote(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    await library.ingest(GUILD, ten_seconds_apart([*SPOKEN[:59], "goodbye"], title="A better title"), "talk.md")
    found = await library.around(GUILD, moment)
    assert found.changed
    assert found.quote == "cue30 said"
    assert found.entry.details.title == "A better title"


async def test_a_new_version_that_says_much_more_there_is_cut_at_a_cue(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    cues = [Cue(0, "so"), *(Cue(300_000, f"word{number}") for number in range(100)), Cue(400_000, "end")]
    details = Details("talk", url="https://youtu.be/bread-rises")
    await library.ingest(GUILD, rendered(details, cues), "talk.md")
    found = await library.around(GUILD, moment, room=20)
    assert found.quote == "word0 word1 word2"
    assert (found.before, found.after, found.wider) == ("", "", None)


async def test_a_new_version_that_ends_before_the_moment_is_said_in_a_sentence(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    await library.ingest(GUILD, ten_seconds_apart(SPOKEN[:20]), "talk.md")
    with pytest.raises(NotFoundError, match=r"^That transcript was replaced since, .* ends before 5:00\.$"):
        await library.around(GUILD, moment)


async def test_removed_foreign_and_impossible_moments_are_told_the_same(library: Library) -> None:
    moment = await moment_of(library, "cue30")
    for guild, asked in (
        (OTHER_GUILD, moment),
        (GUILD, replace(moment, transcript=99)),
        (GUILD, replace(moment, first=31)),
        (GUILD, replace(moment, end=10**9)),
        (GUILD, replace(moment, first=10**9, end=10**9 + 1)),
    ):
        with pytest.raises(NotFoundError) as raised:
            await library.around(guild, asked)
        assert str(raised.value) == GONE
    await library.remove(GUILD, str(moment.transcript))
    with pytest.raises(NotFoundError) as raised:
        await library.around(GUILD, moment)
    assert str(raised.value) == GONE


CUES = st.lists(
    st.builds(Cue, st.integers(0, 200).map(lambda s: s * 1000), st.text("ab *", max_size=12)), min_size=1, max_size=40
)


@st.composite
def quoted(draw: st.DrawFn) -> tuple[list[Cue], Quote]:
    """Make cues, in order of time or not, and a quote of some of them."""
    cues = draw(CUES)
    if draw(st.booleans()):
        cues.sort(key=lambda cue: cue.start_ms)
    first = draw(st.integers(0, len(cues) - 1))
    end = draw(st.integers(first + 1, len(cues)))
    text = " ".join(cue.text for cue in cues[first:end])
    return cues, Quote(1, Details("talk"), text, cues[first].start_ms, 0, 1.0, first=first, end=end)


def excerpt(cues: Sequence[Cue], quote: Quote, *, seconds: int, room: int) -> Excerpt:
    duration = max(cue.start_ms for cue in cues)
    entry = Entry(1, quote.details, duration, len(cues), 1, 1, datetime(2026, 1, 1, tzinfo=UTC))
    span = range(quote.first, quote.end)
    every = dict(enumerate(cues))
    return excerpts.excerpt(entry, every, span, seconds=seconds, room=room, size=len)


def joined(found: Excerpt) -> str:
    return " ".join(part for part in (found.before, found.quote, found.after) if part)


@given(quoted(), st.integers(1, 400))
def test_an_excerpt_is_a_piece_of_its_transcript_with_the_quote_in_it(
    made: tuple[list[Cue], Quote], seconds: int
) -> None:
    cues, quote = made
    assume(quote.text)  # nothing is quoted that says nothing
    found = excerpt(cues, quote, seconds=seconds, room=2000)
    assert found.quote == quote.text
    assert joined(found) in " ".join(cue.text for cue in cues)
    assert found.quote_ms == quote.start_ms


@given(quoted(), st.integers(1, 400))
def test_an_excerpt_takes_no_more_than_its_room_unless_one_cue_does(made: tuple[list[Cue], Quote], room: int) -> None:
    cues, quote = made
    found = excerpt(cues, quote, seconds=60, room=room)
    assert len(joined(found)) <= room or found.quote == cues[quote.first].text
    assert quote.text.startswith(found.quote)


@given(quoted(), st.integers(1, 300))
def test_widening_only_grows_and_ends_when_nothing_more_can_be_shown(made: tuple[list[Cue], Quote], room: int) -> None:
    cues, quote = made
    found = excerpt(cues, quote, seconds=30, room=room)
    while found.wider is not None:
        wider = excerpt(cues, quote, seconds=found.wider, room=room)
        assert wider.quote == found.quote
        assert wider.before.endswith(found.before)
        assert wider.after.startswith(found.after)
        assert wider.wider is None or wider.wider > found.wider
        found = wider
    assert excerpt(cues, quote, seconds=10**6, room=room) == found
