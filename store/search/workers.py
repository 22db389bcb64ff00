"""Questions answered in processes of their own: Python computes in one thread at a time, so threads share one core.

A process opens the database by itself, and sees what this one has written. Whatever ends a process, a question is
answered: in this one, where it has to be.
"""

import asyncio
import logging
import multiprocessing
import os
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from pathlib import Path

from store.database import Alone, at_once
from store.models import Answer, Limits
from store.process import serve
from store.search.asking import Request
from store.search.search import Search

APART = 60.0  # seconds between two starts of processes: what ends them at once would end them at each question

_log = logging.getLogger(__name__)


class Workers:
    """Processes that answer questions; made by `running`."""

    def __init__(self, here: Search, path: Path, limits: Limits, count: int) -> None:
        self._here = here
        self._path = path
        self._limits = limits
        self._count = count
        self._started = -APART
        self.pool = self._new()

    @classmethod
    @asynccontextmanager
    async def running(cls, here: Search, path: Path, limits: Limits, count: int) -> AsyncIterator["Workers"]:
        """Start `count` processes, each with the `limits`; end them at the end.

        Where they can't, `here` answers.
        """
        workers = cls(here, path, limits, count)
        try:
            yield workers
        finally:
            await asyncio.to_thread(workers.pool.shutdown, cancel_futures=True)

    async def ask(self, request: Request) -> Answer:
        """Return the page of quotes that is asked for, as `Search.ask` does."""
        pool = self.pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _ask, request)
        except BrokenProcessPool:
            if pool is self.pool and time.monotonic() >= self._started + APART:
                _log.warning("The processes that answer questions have ended; starting new ones.")
                self.pool = self._new()
        return await self._here.ask(request)

    def _new(self) -> ProcessPoolExecutor:
        self._started = time.monotonic()
        context = multiprocessing.get_context("spawn")  # a fork would hold this process's connections and locks
        pool = ProcessPoolExecutor(self._count, context, _open, (self._path, self._limits))
        for _ in range(self._count):  # so that no question waits for their start
            pool.submit(os.getpid)
        return pool


_search: list[Search] = []  # of a process that answers


def _open(path: Path, limits: Limits) -> None:
    serve()
    _search.append(Search(Alone(path), limits))


def _ask(request: Request) -> Answer:
    return at_once(_search[0].ask(request))
