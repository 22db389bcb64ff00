"""Many guilds in one database at once: fifty people ask, in quiet and while transcripts are ingested in bulk.

Each guild has its own transcripts. Two of the guilds get one transcript after another for as long as the questions
last, first new ones, then new versions of these, so that the library doesn't grow without end. Whatever is raised, and
any quote of another guild's transcript, is an error. A question's time includes its wait for its turn.
"""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from store.library import Library
from tests.bench.cuts import sizes
from tests.bench.texts import SEED, Texts
from tests.bench.weigh import resident

ASKING = 50  # at once
INGESTING = 2  # guilds
FRESH = 20  # transcripts that are ingested into each of them, and then replaced
APART = 100_000  # numbers between the transcripts of two guilds
WEIGHED = (0, 0.1, 0.25, 0.5, 0.75, 1)  # parts of the questions after which the memory is looked at
WIDEST = 5  # quotes, as the bot shows


@dataclass(slots=True)
class Phase:
    """What was seen while the questions of one phase were asked."""

    name: str
    times: list[float] = field(default_factory=list)  # milliseconds
    errors: Counter[str] = field(default_factory=Counter)
    memory: dict[int, int] = field(default_factory=dict)  # bytes, by the number of questions answered
    ingested: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        p50, p99 = np.percentile(self.times, [50, 99]) if self.times else (np.nan, np.nan)
        weights = ", ".join(f"{count:,}: {size / 2**20:.0f}" for count, size in sorted(self.memory.items()))
        lines = [
            f"{self.name}: {len(self.times):,} questions in {self.seconds:.0f} s, {self.ingested} transcripts ingested",
            f"  errors    {self.errors.total()}",
            f"  question  {p50:.0f} ms p50, {p99:.0f} ms p99, {max(self.times, default=np.nan):.0f} ms at most",
            f"  memory    {weights} MB after so many questions",
        ]
        return "\n".join([*lines, *(f"  {count} times {error}" for error, count in self.errors.most_common(5))])


async def measure(guilds: int, passages: int, questions: int, *, keep: Path | None = None) -> list[Phase]:
    """Fill the guilds, ask in quiet, and ask again while two of them grow."""
    texts = Texts()
    with tempfile.TemporaryDirectory(prefix="verbatim-together-") as temporary:
        path = Path(temporary) / "together.db"
        shutil.copy(await _filled(texts, guilds, passages, keep or Path(temporary)), path)
        phases = []
        async with Library.opened(path) as library:
            together = Together(library, texts, guilds, len(sizes(passages)))
            for name, ingesting in (("in quiet", 0), ("with two bulk ingests", min(INGESTING, guilds))):
                phases.append(await together.phase(name, questions, ingesting))
    return phases


async def _filled(texts: Texts, guilds: int, passages: int, folder: Path) -> Path:
    """Return a database with so many passages in each guild, built where it isn't kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{SEED}-guilds-{guilds}-passages-{passages}.db"
    if not path.exists():
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        async with Library.opened(half) as library:
            wanted = [(guild, number, size) for guild in range(guilds) for number, size in enumerate(sizes(passages))]
            for guild, number, size in tqdm(wanted, desc="ingest", leave=False):
                data = texts.transcript(guild * APART + number, size)
                await library.ingest(guild, data, f"{number}.md", announce=False)
        half.rename(path)
    return path


class Together:
    """Guilds, numbered from 0, with so many transcripts each."""

    def __init__(self, library: Library, texts: Texts, guilds: int, transcripts: int) -> None:
        self._library = library
        self._texts = texts
        self._guilds = guilds
        self._transcripts = transcripts
        self._asked = 0
        self._versions = Counter[int]()

    async def phase(self, name: str, questions: int, ingesting: int) -> Phase:
        """Ask so many new questions, fifty at a time, while some guilds ingest."""
        phase = Phase(name)
        left = iter(tqdm(self._questions(questions), total=questions, desc=name, leave=False))
        marks = {round(part * questions) for part in WEIGHED}
        phase.memory[0] = resident()
        start = time.perf_counter()
        ingests = [asyncio.create_task(self._ingest(phase, guild)) for guild in range(ingesting)]
        await asyncio.gather(*(self._ask(phase, left, marks) for _ in range(ASKING)))
        phase.seconds = time.perf_counter() - start
        for task in ingests:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return phase

    def _questions(self, count: int) -> Iterator[tuple[int, str]]:
        """Yield questions with their guilds, one guild after another."""
        for number in range(self._asked, self._asked + count):
            guild = number % self._guilds
            (text,) = self._texts.questions(1, self._transcripts, begin=guild * APART, first=number)
            yield guild, text
        self._asked += count

    async def _ask(self, phase: Phase, left: Iterator[tuple[int, str]], marks: set[int]) -> None:
        for guild, text in left:
            start = time.perf_counter()
            try:
                answer = await self._library.ask(guild, text, limit=WIDEST)
            except Exception as error:  # noqa: BLE001 - counted, whatever it is
                phase.errors[repr(error)] += 1
            else:
                own = all(int((q.details.video_id or "-1").split("-")[1]) // APART == guild for q in answer.quotes)
                if not own:
                    phase.errors["a quote of another guild"] += 1
            phase.times.append(1000 * (time.perf_counter() - start))
            if len(phase.times) in marks:
                phase.memory[len(phase.times)] = resident()

    async def _ingest(self, phase: Phase, guild: int) -> None:
        """Ingest transcripts into a guild until it is cancelled."""
        while True:
            self._versions[guild] += 1
            version, place = divmod(self._versions[guild], FRESH)
            number = guild * APART + self._transcripts + place
            data = await asyncio.to_thread(self._texts.transcript, number, version=version)
            try:
                await self._library.ingest(guild, data, f"{number}.md", announce=False)
                phase.ingested += 1
            except Exception as error:  # noqa: BLE001 - counted, whatever it is
                phase.errors[repr(error)] += 1
