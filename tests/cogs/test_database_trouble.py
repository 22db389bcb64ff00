"""A bot whose database is gone, full, read-only or locked: a sentence for whoever asks, and all goes on afterwards."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from simcord.results import ResponseMessage

from store import guard
from store.library import Library
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Stage, text, transcript

SALT = transcript("[0:00] salt keeps the dough from rising too fast", title="Salt", url="https://youtu.be/salt")
Trouble = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def gone(path: Path) -> Iterator[None]:
    away = path.rename(path.with_name("away.db"))
    yield
    away.rename(path)


@contextmanager
def unmounted(path: Path) -> Iterator[None]:
    away = path.parent.rename(path.parent.with_name("away"))
    yield
    away.rename(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def pragma(library: Library, on: str, off: str) -> AsyncIterator[None]:
    writer = library._database._writer
    await writer.execute(f"PRAGMA {on}")
    yield
    await writer.execute(f"PRAGMA {off}")


async def ingest(stage: Stage, name: str, data: bytes) -> str:
    result = await stage.here.moderator.slash(stage.here.channel, "ingest", file=(name, data))
    return text(result.response)


async def asked(stage: Stage) -> ResponseMessage | None:
    result = await stage.here.member.slash(stage.here.channel, "ask", question="yeast", private=True)
    return result.response


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines of the log that an operator sees."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def later(stage: Stage, clock: Clock) -> None:
    """Let the loop come round when what rests is due."""
    clock.forward(31)
    await stage.turn()


@pytest.mark.parametrize("trouble", [gone, unmounted])
async def test_a_database_that_is_gone_is_told_of_and_all_goes_on_when_it_is_back(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture, trouble: Trouble
) -> None:
    here, sentence = stage.here, "The database is not where it was: nothing was changed"
    await here.moderator.slash(here.channel, "subscribe")
    await ingest(stage, "bread.md", BREAD)
    caplog.clear()
    with trouble(stage.path):
        assert sentence in text(await asked(stage))
        assert sentence in await ingest(stage, "tides.md", TIDES)
        assert sentence in text((await here.member.slash(here.channel, "library")).response)
        assert await here.member.autocomplete(here.channel, "ask", "video", "bread") == []
        assert not any(record.exc_info for record in caplog.records)
        before = len(lines(caplog))
        for _ in range(10):
            await later(stage, clock)
        assert sum("Deliveries wait" in line for line in lines(caplog)) == 1
        assert len(lines(caplog)) <= before + 3  # of feeds and servers that were left, too
    await later(stage, clock)
    assert "Deliveries wait no longer: all works again" in lines(caplog)
    await ingest(stage, "salt.md", SALT)
    await later(stage, clock)
    assert stage.announced(here.channel) == ["How bread rises", "Salt"]
    assert (await stage.library.page(here.guild.id)).total == 2


@pytest.mark.parametrize(
    ("pragmas", "sentence"),
    [
        (("max_page_count = 1", "max_page_count = 1000000"), "The disk is full: nothing was changed"),
        (("query_only = ON", "query_only = OFF"), "The database can't be written"),
    ],
    ids=["full", "read-only"],
)
async def test_a_database_that_cannot_be_written_is_told_of_and_what_is_owed_is_sent_once_it_can(
    stage: Stage, clock: Clock, caplog: pytest.LogCaptureFixture, pragmas: tuple[str, str], sentence: str
) -> None:
    here = stage.here
    await ingest(stage, "bread.md", BREAD)
    await here.moderator.slash(here.channel, "subscribe")
    stage.env.inject_error("POST", f"/channels/{here.channel.id}/messages", status=503)
    await ingest(stage, "tides.md", TIDES)
    assert stage.announced(here.channel) == []
    caplog.clear()
    async with pragma(stage.library, *pragmas):
        assert "yeast" in text(await asked(stage))
        assert sentence in await ingest(stage, "salt.md", transcript(*[f"[0:0{n}] salt {n}" * 99 for n in range(9)]))
        clock.forward(24 * 3600)
        before = len(lines(caplog))
        for _ in range(10):
            await later(stage, clock)
        assert len(lines(caplog)) <= before + 3
    clock.forward(24 * 3600)
    await later(stage, clock)
    await ingest(stage, "salt.md", SALT)
    await later(stage, clock)
    assert stage.announced(here.channel) == ["Why there are tides", "Salt"]


async def test_a_database_that_another_process_has_locked_is_told_of(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(guard, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(guard, "IMPATIENT_SECONDS", 0.1)
    await ingest(stage, "bread.md", BREAD)
    stage.library._database._guard._patience = 0.1
    with locked(stage.path):
        assert "The database is busy with another process" in await ingest(stage, "tides.md", TIDES)
        assert "yeast" in text(await asked(stage))
        await later(stage, clock)
    assert "Why there are tides" in await ingest(stage, "tides.md", TIDES)
