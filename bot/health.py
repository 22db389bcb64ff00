"""Whether a running bot is well: its gateway, its database and its disk, what is owed, its last backup.

What may hang where a disk does is done beside the event loop, never twice at once, and nobody waits for it for long.
"""

import asyncio
import math
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from discord.ext import commands

from bot.config import Config
from store.errors import StoreError
from store.models import Figures, State
from store.upkeep import backup
from store.upkeep.backup import Named
from store.upkeep.pulse import Pulse

PATIENCE = 2.0  # seconds that whoever asks waits for what is being found
GIVING_UP = 0.5  # the same, of who ends
STUCK = 15.0  # seconds after which what is still being found counts as failed
WRITTEN = 60.0  # seconds for which a database that could be written isn't written again
AGAIN = 10.0  # the same, of one that couldn't be
COUNTED = 5.0  # seconds for which what is counted isn't counted again
CLOSED = 600.0  # the same, of what takes longer to count the longer the bot runs
LEAST_FREE = 2**20  # bytes, with fewer of which a disk is full: the log may find room where nothing else does

T = TypeVar("T")


class Fresh(Generic[T]):
    """A value that is found anew where it is asked for and old; never twice at once, however long that takes."""

    def __init__(self, find: Callable[[], Awaitable[T]], *, good: float) -> None:
        """Find values by `find`; each is `good` for some seconds, and one that could not be found is for `AGAIN`."""
        self._find = find
        self._good = good
        self._finding: asyncio.Task[None] | None = None
        self._began = 0.0
        self._next = -math.inf
        self.value: T | None = None
        self._error: str | None = None

    @property
    def error(self) -> str | None:
        """Why there is no value, as a sentence; None where there is one, or it isn't known yet."""
        if self._finding is not None and (seconds := time.perf_counter() - self._began) >= STUCK:
            return f"The disk has not answered for {seconds:.0f} s."
        return self._error

    async def get(self) -> T | None:
        """Return the value; the last one, where finding it takes longer than `PATIENCE`."""
        if self._finding is None and time.perf_counter() >= self._next:
            self._began = time.perf_counter()
            self._finding = asyncio.create_task(self._look())
        if self._finding is not None:
            await asyncio.wait({self._finding}, timeout=PATIENCE)
        return self.value

    async def end(self) -> None:
        """Give up what is being found."""
        if self._finding is not None:
            self._finding.cancel()
            await asyncio.wait({self._finding}, timeout=GIVING_UP)

    async def _look(self) -> None:
        self._next = math.inf
        try:
            self.value, self._error = await self._find(), None
        except StoreError as error:
            self.value, self._error = None, str(error)
        except OSError as error:
            self.value, self._error = None, f"Its folder can't be read: {error.strerror}."
        finally:
            self._finding = None
            self._next = time.perf_counter() + (AGAIN if self._error else self._good)


@dataclass(frozen=True, slots=True)
class Disk:
    """How many bytes the database takes, and its log, and how many are free where it is."""

    database: int
    log: int
    free: int


class Gateway:
    """Whether Discord's gateway is connected; `heard` is told of each change."""

    def __init__(self, bot: commands.Bot, heard: Callable[[str], None]) -> None:
        self._bot = bot
        self._heard = heard
        self._connected = bot.is_ready()
        bot.add_listener(self._connects, "on_connect")
        bot.add_listener(self._resumes, "on_resumed")
        bot.add_listener(self._disconnects, "on_disconnect")

    @property
    def connected(self) -> bool:
        """Whether events come in, and the bot knows its servers."""
        return self._connected and self._bot.is_ready()

    @property
    def latency(self) -> float | None:
        """The seconds that the last heartbeat took; None where there was none."""
        return self._bot.latency if self.connected and math.isfinite(self._bot.latency) else None

    async def _connects(self) -> None:
        self._note("connected", connected=True)

    async def _resumes(self) -> None:
        self._note("resumed", connected=True)

    async def _disconnects(self) -> None:
        if self._connected:  # discord.py says it of each attempt
            self._note("disconnected", connected=False)

    def _note(self, event: str, *, connected: bool) -> None:
        self._connected = connected
        self._heard(event)


class Health:
    """What is known of a running bot's health."""

    def __init__(self, gateway: Gateway, pulse: Pulse, config: Config) -> None:
        self.gateway = gateway
        self._config = config
        self._beat = Fresh(pulse.beat, good=WRITTEN)
        self._figures = Fresh(pulse.figures, good=COUNTED)
        self._closed = Fresh(pulse.closed, good=CLOSED)
        self._disk = Fresh(self._measured, good=COUNTED)
        self._backup = Fresh(self._newest, good=COUNTED)
        self._every: tuple[Fresh[Any], ...] = (self._beat, self._figures, self._closed, self._disk, self._backup)

    async def look(self) -> None:
        """Find anew what is old."""
        await asyncio.gather(*(one.get() for one in self._every))

    async def end(self) -> None:
        """Give up what is being found."""
        await asyncio.gather(*(one.end() for one in self._every))

    @property
    def figures(self) -> Figures | None:
        """What was counted last."""
        return self._figures.value

    @property
    def closed(self) -> Mapping[State, int]:
        """How many deliveries were sent and skipped, as it was counted last."""
        return self._closed.value or {}

    @property
    def disk(self) -> Disk | None:
        """What was measured last."""
        return self._disk.value

    @property
    def backed_up(self) -> datetime | None:
        """When the last good backup was made that is there; None where there is none, or none is known."""
        return None if self._backup.value is None else self._backup.value.at

    @property
    def unwritable(self) -> str | None:
        """Why the database can't be written, as a sentence; None where it can."""
        if error := self._beat.error or self._disk.error:
            return error
        if self.disk is not None and self.disk.free < LEAST_FREE:
            return "The disk is full."
        return None

    @property
    def well(self) -> bool:
        """Whether the bot does its work."""
        return self.gateway.connected and self.unwritable is None

    def report(self) -> dict[str, Any]:
        """Return all of it as JSON takes it."""
        disk, figures = self.disk, self.figures
        return {
            "status": "ok" if self.well else "failing",
            "gateway": {"connected": self.gateway.connected, "latency_seconds": self.gateway.latency},
            "database": {
                "writable": self.unwritable is None,
                "error": self.unwritable,
                "bytes": disk and disk.database,
                "log_bytes": disk and disk.log,
                "disk_free_bytes": disk and disk.free,
            },
            "deliveries": {"oldest_undelivered_seconds": figures and round(figures.late_seconds, 1)},
            "backup": {
                "every_seconds": self._config.backup_every or None,
                "last_at": self.backed_up and self.backed_up.isoformat(),
                "error": self._backup.error,
            },
        }

    async def _measured(self) -> Disk:
        return await asyncio.to_thread(measured, self._config.database)

    async def _newest(self) -> Named | None:
        return await asyncio.to_thread(backup.newest, self._config.backups, self._config.database)


def measured(path: Path) -> Disk:
    """Measure a database and its disk.

    Raises:
        OSError: the database's folder can't be read, or it isn't there.
    """
    log = path.with_name(f"{path.name}-wal")
    free = shutil.disk_usage(path.absolute().parent).free
    return Disk(path.stat().st_size, log.stat().st_size if log.exists() else 0, free)
