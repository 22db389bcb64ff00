"""How a process ends that is told to: in order, within seconds; told a second time, at once.

What a transaction holds is kept whole or not at all however the process ends, so what takes longer than that may be
left undone: a thread that reads a large file, Discord that doesn't answer.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

LONGEST = 4.0  # seconds until the process ends, whatever it is doing
PATIENCE = 2.0  # seconds of those for what members wait for; what is on its way to channels has as many
# What discord.py calls the tasks in which commands, buttons, menus and forms are answered.
ANSWERING = ("CommandTree-invoker", "discord-ui-dynamic-item", "discord-ui-view-dispatch", "discord-ui-modal-dispatch")
SIGNALS = (signal.SIGINT, signal.SIGTERM)

_LOG = logging.getLogger(__name__)


class Ending:
    """Whether and by which signal a process was told to end; `hard` lets it end whatever it is doing."""

    def __init__(self, *, hard: bool = False) -> None:
        self._hard = hard
        self.told: int | None = None

    @property
    def status(self) -> int:
        """The exit status of a process that has ended in order: Ctrl-C's is its own, by custom."""
        return 128 + signal.SIGINT if self.told == signal.SIGINT else 0

    @contextmanager
    def listening(self, end: Callable[[], object]) -> Iterator[None]:
        """Call `end` in the event loop at the first signal that ends the process."""
        loop = asyncio.get_running_loop()

        def hear(number: int, _: FrameType | None) -> None:
            if self.told is not None:
                if self._hard:
                    _end(number)
                return
            self.told = number
            if self._hard:
                late = threading.Timer(LONGEST, _end_late, [number])
                late.daemon = True
                late.start()
            loop.call_soon_threadsafe(end)

        before = {number: signal.signal(number, hear) for number in SIGNALS}
        try:
            yield
        finally:
            if self.told is None or not self._hard:  # else a second signal must still be heard
                for number, handler in before.items():
                    signal.signal(number, handler)


async def answered() -> None:
    """Wait for the answers that members wait for now; give up those that take too long."""
    own = asyncio.current_task()
    tasks = {task for task in asyncio.all_tasks() if task is not own and task.get_name().startswith(ANSWERING)}
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=PATIENCE)
        for task in late:
            task.cancel()


def _end_late(number: int) -> None:
    _LOG.warning("Ending without waiting any longer; what isn't done is as if it had never begun")
    _end(number)


def _end(number: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(128 + number)
