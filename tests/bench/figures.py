"""The figures of the main job: how long an ingest and a question take, and what the bot weighs at rest.

A question is timed from the interaction's text to the reply's payload: search, quotes and rendering, without
Discord's own way. Each question is new. Memory is of a process that has done what `run` does before it connects:
the library open, every cog loaded, one question answered.
"""

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cogs.insights import page
from cogs.rendering import answers
from cogs.rendering.insights import Show
from store.formats import read
from store.library import Library
from store.text.analysis import terms

GUILD = 1
WEIGH = """
import asyncio, sys
from pathlib import Path
from bot.client import Verbatim
from bot.config import Config
from cogs.rendering import answers
from store.library import Library

async def main() -> None:
    async with Library.opened(Path(sys.argv[1])) as library, Verbatim(library, Config()) as bot:
        await bot.load_cogs()
        answers.answer(await library.ask(1, sys.argv[2])).to_components()
        status = Path("/proc/self/status").read_text()
        print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))

asyncio.run(main())
"""


async def measure(folder: Path, *, questions: int) -> None:
    """Ingest the folder into a temporary database, ask, weigh, and print a line for each figure."""
    files = sorted(folder.rglob("*.md"))
    asked = made(files, questions)
    with tempfile.TemporaryDirectory(prefix="verbatim-figures-") as temporary:
        database = Path(temporary) / "figures.db"
        async with Library.opened(database) as library:
            ingests = []
            for file in files:
                start = time.perf_counter()
                await library.ingest(GUILD, file.read_bytes(), file.name)
                ingests.append(time.perf_counter() - start)
            times, recorded = [], []
            for number, question in enumerate(asked):
                start = time.perf_counter()
                answer = await library.ask(GUILD, question)
                answers.answer(answer).to_components()
                times.append((time.perf_counter() - start) * 1000)
                start = time.perf_counter()
                await library.insights.note(GUILD, str(number), answer)
                recorded.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            await page(library, GUILD, Show.MISSED, 0)
            shown = (time.perf_counter() - start) * 1000
        weight = await asyncio.to_thread(_weigh, database, asked[0])
    cuts = statistics.quantiles(times, n=100)
    print(f"transcripts      {len(files)}")
    print(f"ingest           {statistics.median(ingests) * 1000:.0f} ms median, {max(ingests) * 1000:.0f} ms at most")
    print(f"question         {statistics.median(times):.1f} ms median, {cuts[98]:.1f} ms p99, {len(times)} questions")
    print(f"recorded         {statistics.median(recorded):.1f} ms median after it, {max(recorded):.0f} ms at most")
    print(f"/insights        {shown:.0f} ms for its first page")
    print(f"memory at rest   {weight:.0f} MB")


def made(files: list[Path], count: int) -> list[str]:
    """Make questions of three to eight words that were said near each other, the same at each run."""
    chance = random.Random(20)
    cues = [cue.text for file in files for cue in read(file.read_bytes(), file.name).transcript.cues]
    made = []
    for _ in range(count):
        at = chance.randrange(max(1, len(cues) - 6))
        words = [word for word in " ".join(cues[at : at + 6]).split() if terms(word)] or ["nothing"]
        made.append("what about " + " ".join(chance.sample(words, min(len(words), chance.randint(3, 8)))))
    return made


def _weigh(database: Path, question: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", WEIGH, str(database), question], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1024
