"""How long a backup takes, and for how long it keeps a question or an ingest waiting that comes meanwhile.

A backup is made as the running bot makes it, in a process of its own, or in the bot's own for comparison. Questions and
ingests take turns with and without one at work, so that what else goes on on the machine meets both alike.
"""

import asyncio
import itertools
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from store.library import Library
from store.upkeep import apart, backup
from store.upkeep.backup import Backup
from tests.bench.cuts import sizes
from tests.bench.texts import SEED, Texts

GUILD = 1
FRESH = 20  # transcripts that are ingested, and then replaced
QUIET = 20.0  # seconds of a round without a backup
PAUSE = 0.1  # seconds between two questions: what one waits is told apart from what it makes others wait


@dataclass(slots=True)
class Phase:
    """What was seen while no backup was made, or while one was."""

    name: str
    questions: list[float] = field(default_factory=list)  # milliseconds
    ingests: list[float] = field(default_factory=list)
    backups: list[Backup] = field(default_factory=list)
    log_bytes: int = 0  # of the write-ahead log, at most

    def __str__(self) -> str:
        lines = [f"{self.name}:", f"  question  {_spread(self.questions)}", f"  ingest    {_spread(self.ingests)}"]
        lines.append(f"  log       {self.log_bytes / 1e6:.0f} MB at most")
        if self.backups:
            copying, checking = (_median([getattr(b, key) for b in self.backups]) for key in ("copying", "checking"))
            size = self.backups[-1].holds.size / 1e6
            lines.append(f"  backup    {copying:.2f} s copied, {checking:.1f} s checked, {size:.0f} MB (median)")
        return "\n".join(lines)


async def measure(passages: int, rounds: int, *, keep: Path | None = None) -> list[Phase]:
    """Fill a library, and ask and ingest in rounds: in quiet, beside a backup apart, and beside one in this process."""
    texts = Texts()
    quiet, beside, inside = Phase("in quiet"), Phase("beside a backup apart"), Phase("beside a backup in this process")
    with tempfile.TemporaryDirectory(prefix="verbatim-backups-") as temporary:
        folder = Path(temporary)
        path = folder / "verbatim.db"
        shutil.copy(await _filled(texts, passages, keep or folder), path)
        count = itertools.count()
        async with Library.opened(path) as library:
            asked = _Asked(library, texts, len(sizes(passages)), path, count)
            await asked.once(Phase("warm"))
            for number in range(rounds):
                for phase, make in ((quiet, None), (beside, apart.make), (inside, backup.make)):
                    target = folder / f"{number}.db"
                    working = asyncio.create_task(make(path, target) if make else asyncio.sleep(QUIET))
                    while not working.done():
                        await asked.once(phase)
                    made = await working
                    if isinstance(made, Backup):
                        phase.backups.append(made)
                    target.unlink(missing_ok=True)
    return [quiet, beside, inside]


class _Asked:
    """A library that is asked, and into which transcripts are ingested."""

    def __init__(
        self, library: Library, texts: Texts, transcripts: int, path: Path, count: "itertools.count[int]"
    ) -> None:
        self._library = library
        self._texts = texts
        self._transcripts = transcripts
        self._log = path.with_name(f"{path.name}-wal")
        self._count = count

    async def once(self, phase: Phase) -> None:
        """Ask a few questions and ingest a transcript, and note what each took."""
        number = next(self._count)
        for text in self._texts.questions(5, self._transcripts, first=5 * number):
            start = time.perf_counter()
            await self._library.ask(GUILD, text)
            phase.questions.append(1000 * (time.perf_counter() - start))
            await asyncio.sleep(PAUSE)
        version, place = divmod(number, FRESH)
        data = await asyncio.to_thread(self._texts.transcript, self._transcripts + place, version=version)
        start = time.perf_counter()
        await self._library.ingest(GUILD, data, "a.md", announce=False)
        phase.ingests.append(1000 * (time.perf_counter() - start))
        with suppress(FileNotFoundError):
            phase.log_bytes = max(phase.log_bytes, self._log.stat().st_size)


async def _filled(texts: Texts, passages: int, folder: Path) -> Path:
    """Return a database with so many passages, built where it isn't kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{SEED}-backups-{passages}.db"
    if not path.exists():
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        async with Library.opened(half) as library:
            for number, size in enumerate(sizes(passages)):
                await library.ingest(GUILD, texts.transcript(number, size), "a.md", announce=False)
        half.rename(path)
    return path


def _spread(times: list[float]) -> str:
    if not times:
        return "none"
    p50, p99 = np.percentile(times, [50, 99])
    return f"{p50:.1f} ms p50, {p99:.1f} ms p99, {max(times):.1f} ms at most ({len(times)})"


def _median(times: list[float]) -> float:
    return float(np.median(times))
