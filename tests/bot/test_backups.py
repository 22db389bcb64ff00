"""The running bot backs up by itself: when one is due, whatever failed before, and never twice for a restart."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import backups
from bot.backups import regularly
from bot.config import Config
from store.background import beside
from store.library import Library
from store.upkeep import apart, backup
from store.upkeep.backup import Backup, dated, listed
from store.upkeep.copying import BackupError
from tests.store.builders import GUILD, video_file
from tests.store.upkeep import damage

HOUR = 3600.0


@pytest.fixture
async def config(path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A bot's that is to back a small library up every day, and looks every few milliseconds whether it is time."""
    async with Library.opened(path) as library:
        await library.ingest(GUILD, video_file("bread", "the baker counted loaves"), "a.md")
    monkeypatch.setattr(backups, "LOOK_SECONDS", 0.002)
    return Config(database=path, backup_every=24 * HOUR, backup_keep=2)


class Made:
    """Counts what is made, by the way that a test gives; by default an empty file of the right name."""

    def __init__(self) -> None:
        self.count = 0
        self.looks = 0
        self.how: Callable[[Path, Path], Awaitable[Backup]] = self.here

    async def __call__(self, database: Path, target: Path, encoder: object) -> Backup:
        del encoder
        self.count += 1
        return await self.how(database, target)

    async def here(self, database: Path, target: Path) -> Backup:
        return await backup.make(database, target)

    async def failing(self, *_: Path) -> Backup:
        raise BackupError("The disk of backups is full: free some space, and try again.")

    async def stumbling(self, *_: Path) -> Backup:
        raise RuntimeError("a bug")

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.001)

    async def several_looks(self) -> None:
        """Let the loop come round a few times."""
        now = self.looks
        await self.until(lambda: self.looks > now + 3)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    found, due = Made(), backups.is_due

    def looked(config: Config) -> bool:
        found.looks += 1
        return due(config)

    monkeypatch.setattr(apart, "make", found)
    monkeypatch.setattr(backups, "is_due", looked)
    return found


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[None]:
    async with beside(regularly(config)):
        yield


def put(config: Config, *ages: float) -> None:
    """Put backups of so many seconds ago into the folder."""
    config.backups.mkdir(exist_ok=True)
    for age in ages:
        dated(config.backups, config.database, datetime.now(UTC) - timedelta(seconds=age)).write_bytes(b"older")


async def test_the_first_is_made_at_once_verified_and_in_a_process_of_its_own(config: Config) -> None:
    async with running(config):
        async with asyncio.timeout(60):
            while not listed(config.backups, config.database):
                await asyncio.sleep(0.01)
    (found,) = listed(config.backups, config.database)
    assert await damage.checked(found.path) == []
    assert found.path.stat().st_mode & 0o777 == 0o600


async def test_a_restart_makes_no_other_one(config: Config, made: Made) -> None:
    for _ in range(3):
        async with running(config):
            await made.until(lambda: bool(listed(config.backups, config.database)))
            await made.several_looks()
    assert made.count == 1


async def test_a_restart_does_not_put_the_next_one_off(config: Config, made: Made) -> None:
    put(config, 25 * HOUR)
    async with running(config):
        await made.until(lambda: len(listed(config.backups, config.database)) == 2)
    assert made.count == 1


async def test_one_that_an_operator_made_counts_and_one_of_the_future_does_not(config: Config, made: Made) -> None:
    put(config, 23 * HOUR)
    async with running(config):
        await made.several_looks()
        assert made.count == 0
        for found in listed(config.backups, config.database):
            found.path.unlink()
        put(config, -48 * HOUR)
        await made.until(lambda: made.count == 1)


async def test_only_as_many_are_kept_as_are_wanted(config: Config, made: Made) -> None:
    put(config, 72 * HOUR, 48 * HOUR, 25 * HOUR)
    async with running(config):
        await made.until(lambda: made.count == 1 and len(listed(config.backups, config.database)) == 2)
    contents = [found.path.read_bytes() for found in listed(config.backups, config.database)]
    assert contents[0] == b"older"
    assert contents[1].startswith(b"SQLite format 3\0")


@pytest.mark.parametrize("how", ["failing", "stumbling"])
async def test_what_fails_is_a_warning_and_tried_again_later_and_the_older_ones_stay(
    config: Config, made: Made, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    put(config, 72 * HOUR, 48 * HOUR, 25 * HOUR)
    made.how = getattr(made, how)
    with caplog.at_level(logging.INFO):
        async with running(config):
            await made.several_looks()
            assert made.count == 1, "it is tried again at once"
            (record,) = [found for found in caplog.records if found.name == "bot.backups"]
            assert record.levelno == logging.WARNING
            assert record.getMessage().startswith("The database could not be backed up")
            assert "The disk of backups is full" in record.getMessage() or record.exc_info is not None
            assert len(listed(config.backups, config.database)) == 3
            made.how = made.here
            monkeypatch.setattr(backups, "RETRY_SECONDS", 0.0)
            await made.until(lambda: made.count == 2 and len(listed(config.backups, config.database)) == 2)


async def test_a_folder_that_cannot_be_read_is_a_warning_and_no_end(
    config: Config, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    config.backups.write_bytes(b"a file in its place")
    async with running(config):
        await made.until(lambda: "could not be backed up" in caplog.text)
        assert made.count == 0
        config.backups.unlink()
    async with running(config):
        await made.until(lambda: bool(listed(config.backups, config.database)))


async def test_where_it_is_off_nothing_is_made(config: Config, made: Made) -> None:
    await regularly(Config(database=config.database))
    assert made.count == 0
    assert not config.backups.exists()


async def test_a_bot_that_stops_meanwhile_leaves_no_half_backup(config: Config, made: Made) -> None:
    begun = asyncio.Event()

    async def slow(database: Path, target: Path) -> Backup:
        def checked(*_: int) -> None:
            begun.set()

        found = await backup.make(database, target, checked=checked)
        await asyncio.Event().wait()
        return found

    made.how = slow
    async with running(config):
        await begun.wait()
    assert [found.name for found in config.backups.glob("*.part")] == []
