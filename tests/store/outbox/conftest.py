"""What the outbox's tests share: a clock that they set, and a search for what is watched that is simple."""

import time

import pytest

from store import transcripts
from store.errors import NotFoundError
from store.library import Library
from store.models import Match, Quote
from store.records import NO_DETAILS


class Clock:
    """The time of day, which passes as a test says."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still unless a test lets time pass."""
    made = Clock()
    monkeypatch.setattr(time, "time", lambda: made.now)
    return made


@pytest.fixture
def watching(library: Library) -> Library:
    """The library, in which what is watched is said where a cue holds it."""

    async def matched(guild_id: int, words: str, transcript: int) -> Match:
        async with library._database.snapshot() as connection:
            if await transcripts.get(connection, guild_id, transcript) is None:
                raise NotFoundError("gone")
            texts = [cue.text for cue in await transcripts.whole(connection, transcript)]
        quotes = [Quote(transcript, NO_DETAILS, text, 0, 1000, 1.0) for text in texts if words in text]
        return Match(tuple(quotes)) if quotes else Match(missing=(words,))

    library.notifications._matched = matched
    return library
