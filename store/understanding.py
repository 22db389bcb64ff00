"""A file understood: its transcript, what there is to index of it, and what is kept beside its cues.

It is pure, so many files are understood in a process of its own while this one writes those before and answers.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass

from store import formats, records
from store.index.analysed import Analysed, analyse
from store.models import Limits, Reading, Spoken, Transcript
from store.process import serve
from store.text import telling

FEWEST = 8  # files that are worth a process of their own, which takes a second to start

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """A file to understand: its bytes, its name, the description beside it, and details that win over both.

    `expected` are the languages that it may be in.
    """

    data: bytes
    name: str
    companion: bytes | None = None
    given: Mapping[str, str] | None = None
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a file."""

    reading: Reading
    analysed: Analysed
    columns: dict[str, object]


def understand(file: File, limits: Limits) -> Understood:
    """Read a file, tell its language and its words.

    Raises:
        FormatError: it isn't a transcript.
    """
    reading = formats.read(
        file.data,
        file.name,
        max_bytes=limits.file_bytes,
        max_cues=limits.cues,
        companion=file.companion,
        given=file.given,
        expected=file.expected,
    )
    reading, spoken = telling.heard(reading, file.name, given=bool(file.given and file.given.get("language")))
    return Understood(reading, *prepared(reading.transcript, file.name, spoken))


def prepared(transcript: Transcript, name: str, spoken: Spoken) -> tuple[Analysed, dict[str, object]]:
    """Return what there is to index of a transcript, and what is kept beside its cues."""
    analysed = analyse(transcript.cues)
    words, passages = analysed.words, len(analysed.passages)
    return analysed, records.columns_of(transcript, name, spoken, words=words, passages=passages)


class Readers:
    """Understands files: in a process of its own where there are many, else in a thread."""

    def __init__(self, limits: Limits, pool: ProcessPoolExecutor | None) -> None:
        self._limits = limits
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def running(cls, limits: Limits, files: int) -> AsyncIterator["Readers"]:
        """Start a process where there are so many files that it is worth it; end it at the end."""
        context = multiprocessing.get_context("spawn")  # a fork would hold this process's connections and locks
        pool = ProcessPoolExecutor(1, context, serve) if files >= FEWEST else None
        try:
            yield cls(limits, pool)
        finally:
            if pool is not None:
                await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    async def understand(self, file: File) -> Understood:
        """Understand a file; where the process has ended, in this one.

        Raises:
            FormatError: it isn't a transcript.
        """
        if self._pool is not None:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._pool, understand, file, self._limits)
            except BrokenProcessPool:
                _log.warning("The process that reads files has ended; they are read in this one.")
                self._pool = None
        return await asyncio.to_thread(understand, file, self._limits)
