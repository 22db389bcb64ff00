"""Remembered questions: kept for a month, as they were asked, and for their own server alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import asked
from store.errors import NotFoundError
from store.library import Library
from store.models import Asked, Filters
from tests.store.builders import GUILD, OTHER_GUILD

TEXT = st.none() | st.text(max_size=50)
DAYS = st.none() | st.dates()
FILTERS = st.builds(
    Filters,
    transcript=st.none() | st.integers(1, 2**63 - 1),
    title=TEXT,
    speaker=TEXT,
    tag=TEXT,
    after=DAYS,
    before=DAYS,
)
NARROWED = Filters(transcript=3, title="“Bread”", tag="パン", after=date(2025, 1, 1), before=date(2025, 1, 31))
FORGOTTEN = "That question is no longer kept; ask it again with `/ask`."


@given(FILTERS)
def test_filters_are_read_as_they_were_written(filters: Filters) -> None:
    assert asked.read(asked.written(filters)) == filters


@pytest.mark.parametrize("filters", [Filters(), NARROWED])
async def test_a_question_is_recalled_as_it_was_asked(library: Library, filters: Filters) -> None:
    question = Asked("what *eats* sugar? 砂糖", filters, 2**63 - 1)
    await library.remember(GUILD, "token", question)
    assert await library.recall(GUILD, "token") == question


async def test_a_question_that_was_never_remembered_is_said_to_be_no_longer_kept(library: Library) -> None:
    with pytest.raises(NotFoundError) as raised:
        await library.recall(GUILD, "token")
    assert str(raised.value) == FORGOTTEN


async def test_another_servers_question_is_as_unknown_as_one_that_never_was(library: Library) -> None:
    await library.remember(OTHER_GUILD, "token", Asked("what?", Filters(), 1))
    with pytest.raises(NotFoundError) as raised:
        await library.recall(GUILD, "token")
    assert str(raised.value) == FORGOTTEN


async def test_a_question_is_forgotten_after_30_days_when_another_is_remembered(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = 24 * 3600.0
    for token, at in (("old", 0.0), ("younger", day), ("new", 30.5 * day)):
        monkeypatch.setattr("time.time", lambda at=at: at)
        await library.remember(GUILD, token, Asked(token, Filters(), 1))
    assert (await library.recall(GUILD, "younger")).question == "younger"
    with pytest.raises(NotFoundError, match="no longer kept"):
        await library.recall(GUILD, "old")
