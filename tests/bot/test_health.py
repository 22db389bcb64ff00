"""Whether a running bot is well: found when somebody asks, never twice at once, and nobody waits for it for long."""

import asyncio
import math
import shutil
import time
from collections import namedtuple
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from bot import health
from bot.config import Config
from bot.health import Fresh, Gateway, Health, measured
from store.errors import DatabaseError
from store.library import Library

FULL = "The disk is full: nothing was changed; free some space and try again."
Usage = namedtuple("Usage", "total used free")


class Time:
    """What `time.perf_counter` returns in a test, for what isn't old before the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.perf_counter()
        monkeypatch.setattr(time, "perf_counter", lambda: self.now)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


class Bot(commands.Bot):
    """A bot that is connected as a test says."""

    def __init__(self) -> None:
        super().__init__("!", intents=discord.Intents.none())
        self.ready = False
        self.heartbeat = math.nan

    def is_ready(self) -> bool:
        return self.ready

    @property
    def latency(self) -> float:
        return self.heartbeat

    async def happens(self, event: str) -> None:
        for listener in self.extra_events[f"on_{event}"]:
            await listener()


class Found:
    """What is found in a test, and how often it was looked for."""

    def __init__(self) -> None:
        self.looks = 0
        self.error: Exception | None = None
        self.held = asyncio.Event()
        self.held.set()

    async def __call__(self) -> int:
        self.looks += 1
        await self.held.wait()
        if self.error is not None:
            raise self.error
        return self.looks


async def test_a_value_is_found_anew_only_when_it_is_old(passing: Time) -> None:
    found = Found()
    fresh = Fresh(found, good=60)
    assert [await fresh.get() for _ in range(3)] == [1, 1, 1]
    passing.now += 59
    assert await fresh.get() == 1
    passing.now += 2
    assert await fresh.get() == 2
    assert found.looks == 2


async def test_what_hangs_is_begun_once_and_told_after_a_while(passing: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    found = Found()
    fresh = Fresh(found, good=60)
    assert await fresh.get() == 1
    passing.now += 61
    found.held.clear()
    assert [await fresh.get() for _ in range(5)] == [1] * 5
    assert found.looks == 2
    assert fresh.error is None
    passing.now += 15
    assert str(fresh.error) == "The disk has not answered for 15 s."
    found.held.set()
    assert await fresh.get() == 2
    assert fresh.error is None


async def test_what_fails_is_a_sentence_and_tried_again_sooner(passing: Time) -> None:
    found = Found()
    fresh = Fresh(found, good=60)
    found.error = DatabaseError(FULL)
    assert await fresh.get() is None
    assert fresh.error == FULL
    passing.now += 9
    await fresh.get()
    assert found.looks == 1
    found.error = None
    passing.now += 2
    assert await fresh.get() == 2
    assert fresh.error is None


async def test_what_hangs_is_given_up_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    found = Found()
    found.held.clear()
    fresh = Fresh(found, good=60)
    await fresh.get()
    await fresh.end()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_gateway_is_connected_between_its_events_once_the_servers_are_known() -> None:
    bot, heard = Bot(), list[str]()
    gateway = Gateway(bot, heard.append)
    seen = [(gateway.connected, gateway.latency)]
    await bot.happens("connect")
    seen.append((gateway.connected, gateway.latency))
    bot.ready = True
    seen.append((gateway.connected, gateway.latency))
    bot.heartbeat = 0.08
    seen.append((gateway.connected, gateway.latency))
    for _ in range(3):
        await bot.happens("disconnect")
    seen.append((gateway.connected, gateway.latency))
    await bot.happens("resumed")
    seen.append((gateway.connected, gateway.latency))
    assert seen == [(False, None), (False, None), (True, None), (True, 0.08), (False, None), (True, 0.08)]
    assert heard == ["connected", "disconnected", "resumed"]


def connected() -> Gateway:
    bot = Bot()
    bot.ready = True
    return Gateway(bot, lambda _: None)


async def test_a_bot_is_well_with_a_gateway_a_database_and_room_on_its_disk(library: Library, path: Path) -> None:
    found = Health(connected(), library.pulse, Config(database=path))
    await found.look()
    assert found.well
    report = found.report()
    assert report["status"] == "ok"
    now = measured(path)
    assert report["database"] == {
        "writable": True,
        "error": None,
        "bytes": now.database,
        "log_bytes": pytest.approx(now.log, abs=2 * 4120),  # it grows by a page as it is tried
        "disk_free_bytes": pytest.approx(now.free, rel=0.1),
    }
    assert report["deliveries"] == {"oldest_undelivered_seconds": 0.0}


async def test_a_bot_without_its_gateway_is_not_well(library: Library, path: Path) -> None:
    found = Health(Gateway(Bot(), lambda _: None), library.pulse, Config(database=path))
    await found.look()
    assert not found.well
    assert found.unwritable is None


async def test_a_database_that_cannot_be_written_is_not_well_and_says_why(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch, passing: Time
) -> None:
    async def fail() -> None:
        raise DatabaseError(FULL)

    found = Health(connected(), library.pulse, Config(database=path))
    await found.look()
    with monkeypatch.context() as patched:
        patched.setattr(found._beat, "_find", fail)
        passing.now += 61
        await found.look()
        assert found.report()["database"] == {**found.report()["database"], "writable": False, "error": FULL}
        assert found.report()["status"] == "failing"
    passing.now += 11
    await found.look()
    assert found.well


async def test_a_disk_with_nothing_left_is_full_though_the_log_has_room(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**30, 2**30, 0))
    found = Health(connected(), library.pulse, Config(database=path))
    await found.look()
    assert (found.well, found.unwritable) == (False, "The disk is full.")


async def test_a_database_that_is_gone_is_not_well(library: Library, path: Path, tmp_path: Path) -> None:
    found = Health(connected(), library.pulse, Config(database=tmp_path / "gone" / path.name))
    await found.look()
    assert found.unwritable == "Its folder can't be read: No such file or directory."


async def test_the_last_backup_is_told_and_a_folder_that_fails_is_no_failing_bot(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch, passing: Time
) -> None:
    config = Config(database=path, backup_every=86_400)
    found = Health(connected(), library.pulse, config)
    await found.look()
    assert found.report()["backup"] == {"every_seconds": 86_400, "last_at": None, "error": None}
    config.backups.mkdir()
    (config.backups / f"{path.stem}-2026-01-02T030405Z.db").touch()
    passing.now += 6
    await found.look()
    assert found.report()["backup"]["last_at"] == "2026-01-02T03:04:05+00:00"

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("store.upkeep.backup.listed", fail)
    passing.now += 6
    await found.look()
    assert found.report()["backup"]["error"] == "Its folder can't be read: Permission denied."
    assert found.well


def test_a_database_without_a_log_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    path.write_bytes(b"12345")
    assert (measured(path).database, measured(path).log) == (5, 0)
