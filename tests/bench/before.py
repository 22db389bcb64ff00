"""This build and another revision's in turn, on the same questions: ratios, for a machine that is noisy.

Each build is a process (`build`) with its own database, made by itself from the same files. One line of work goes to
one build and then to the other; chance says which of them is first, for the second one is faster. The other revision
gives only `store/`; everything beside it, the installed packages too, is this one's.
"""

import asyncio
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm
from wordfreq import get_frequency_dict

from tests.bench.cuts import sizes
from tests.bench.texts import SEED, Texts

REPOSITORY = Path(__file__).parents[2]
HEADING = f"{'milliseconds':44} p50     this    other  ratio   p99     this    other  ratio"
QUOTES = 10
ADDED = 30  # transcripts
SMALL = 500  # passages of a library in each language
LANGUAGES = {"en": "English", "el": "Greek", "ru": "Russian", "hi": "Hindi"}
SAID, UNSAID = 5, 1  # words of such a question: from the library, and any of the language
GUILDS, EACH = 10, 1000  # servers that are asked at once, and their passages
ASKING = 50  # at once
ROUNDS = 3  # in which they are asked
INGESTED = 10  # transcripts that two servers ingest over and over


@dataclass(slots=True)
class Times:
    """What one part took in each build, in milliseconds."""

    what: str
    this: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        cells = []
        for q in (50, 99):
            this, other = np.percentile(self.this, q), np.percentile(self.other, q)
            cells.append(f"p{q} {this:8.1f} {other:8.1f}  1/{other / this:<5.2f}")
        return f"{self.what:44} {'   '.join(cells)}"


class Builds:
    """Both builds' processes."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self._chance = np.random.default_rng(SEED)

    @classmethod
    async def started(
        cls, stack: AsyncExitStack, folder: Path, stores: Sequence[Path], name: str, *, workers: int = 0
    ) -> "Builds":
        """Start a process for each build with an empty database, to end with the stack.

        This build answers in so many `workers`.
        """
        processes = []
        for number, store in enumerate(stores):
            script, database = Path(__file__).with_name("build.py"), folder / f"{name}{number}.db"
            command = (sys.executable, "-P", str(script), str(database), str(0 if number else workers))
            environment = {**os.environ, "PYTHONPATH": str(store)}
            process = await asyncio.create_subprocess_exec(
                *command, env=environment, stdin=PIPE, stdout=PIPE, limit=2**24
            )
            stack.push_async_callback(_ended, process)
            if (found := await _told(process, do="where")) != str(store):
                raise RuntimeError(f"A build of {store} was asked for, but {found} answers.")
            processes.append(process)
        return cls(processes)

    async def told(self, **what: Any) -> tuple[Any, Any]:
        """Let both do the same, one after the other; return this build's reply and the other's."""
        order = self._chance.permutation(2).tolist()
        replies = {number: await _told(self._processes[number], **what) for number in order}
        return replies[0], replies[1]

    async def timed(self, times: Times, **what: Any) -> None:
        """Let both do the same, and note how long it took them."""
        this, other = await self.told(**what)
        times.this += this if isinstance(this, list) else [this]
        times.other += other if isinstance(other, list) else [other]


async def measure(
    revision: str, parts: Sequence[str], passages: Sequence[int], questions: int, *, workers: int = 0
) -> list[Times]:
    """Measure the parts in this build and in a revision's; many at once also in so many of this build's `workers`.

    Raises:
        ValueError: there is no such revision, or it has no store.
    """
    texts = Texts()
    rows: list[Times] = []
    with tempfile.TemporaryDirectory(prefix="verbatim-before-") as temporary:
        folder = Path(temporary).resolve()
        stores = (REPOSITORY, unpacked(revision, folder / "other"))
        for size in passages:
            if {"question", "add"} & set(parts):
                async with AsyncExitStack() as stack:
                    builds = await Builds.started(stack, folder, stores, f"library-{size}-")
                    rows += await _questions(builds, texts, folder, size, questions, adding="add" in parts)
        if "small" in parts:
            async with AsyncExitStack() as stack:
                rows += await _small(await Builds.started(stack, folder, stores, "small"), folder, questions)
        for count in [0, *([workers] if workers else [])] if "together" in parts else []:
            async with AsyncExitStack() as stack:
                builds = await Builds.started(stack, folder, stores, f"many-{count}-", workers=count)
                rows += await _together(builds, texts, folder / f"files-{count}", questions, count)
    return rows


def unpacked(revision: str, folder: Path) -> Path:
    """Put a revision's store into a folder, and return that.

    Raises:
        ValueError: there is no such revision, or it has no store.
    """
    command = ("git", "archive", "--format=tar", revision, "store")
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"{revision} has no store here: {done.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


async def _questions(
    builds: Builds, texts: Texts, folder: Path, size: int, questions: int, *, adding: bool
) -> list[Times]:
    """Fill one guild, ask it questions, and add transcripts."""
    await _filled(builds, texts, folder / f"files-{size}", {1: (0, sizes(size))})
    asked = texts.questions(questions + ADDED + 1, len(sizes(size)))
    await builds.told(do="ask", guild=1, question=asked.pop(), limit=QUOTES)
    rows = [Times(f"question, ten quotes, {size:,} passages")]
    for question in tqdm(asked[:questions], desc="questions", leave=False):
        await builds.timed(rows[0], do="ask", guild=1, question=question, limit=QUOTES)
    if adding:
        rows.append(Times(f"add until searchable, {size:,} passages"))
        for number in tqdm(range(ADDED), desc="added", leave=False):
            path = folder / f"added-{number}.md"
            path.write_bytes(texts.transcript(len(sizes(size)) + number))
            question = f"{texts.topics(len(sizes(size)) + number)[0]} talk"
            await builds.timed(rows[1], do="add", guild=1, file=str(path), question=question)
    return rows


async def _small(builds: Builds, folder: Path, questions: int) -> list[Times]:
    """Ask small libraries of several languages in turn: most words of a question were said, a few nowhere."""
    rows = [Times(f"{name} question and library, {SMALL} passages") for name in LANGUAGES.values()]
    chance = np.random.default_rng(SEED)
    known, said = [], []
    for guild, language in enumerate(LANGUAGES):
        frequencies = get_frequency_dict(language)
        words = np.array(list(frequencies), dtype=object)
        weights = np.array(list(frequencies.values()))
        talk = chance.choice(words, 40 * (SMALL + 1), p=weights / weights.sum())
        cues = [" ".join(talk[first : first + 8]) for first in range(0, len(talk), 8)]
        lines = [f"- [{at // 20}:{at % 20 * 3:02}] {cue}" for at, cue in enumerate(cues)]
        path = folder / "files-small" / str(guild) / "talk.md"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(["---", "title: Talk", "---", "", *lines]), "utf-8")
        known.append(words)
        said.append(np.unique(talk.astype(str)))
    await builds.told(do="fill", folder=str(folder / "files-small"))
    for _ in tqdm(range(questions + 1), desc="languages", leave=False):
        for guild, row in enumerate(rows):
            question = " ".join([*chance.choice(said[guild], SAID), *chance.choice(known[guild], UNSAID)])
            await builds.timed(row, do="ask", guild=guild, question=question, limit=QUOTES)
    for row in rows:  # the first pays for what is loaded once
        del row.this[0], row.other[0]
    return rows


async def _together(builds: Builds, texts: Texts, folder: Path, questions: int, workers: int) -> list[Times]:
    """Ask several guilds many questions at once, in quiet and while two of them ingest."""
    apart = 100_000
    await _filled(builds, texts, folder / "filled", {guild: (guild * apart, sizes(EACH)) for guild in range(GUILDS)})
    ingesting = {}
    for guild in range(2):
        new = folder / f"new-{guild}"
        new.mkdir()
        for number in range(INGESTED):
            data = texts.transcript((guild + GUILDS) * apart + number)
            (new / f"{number}.md").write_bytes(data)
            later = texts.transcript((guild + GUILDS) * apart + number, version=1)
            (new / f"{number}-later.md").write_bytes(later)
        ingesting[str(guild)] = str(new)
    how = f", {workers} workers" if workers else ""
    rows = [Times(f"{ASKING} at once{how}, in quiet"), Times(f"{ASKING} at once{how}, two servers ingesting")]
    first = 0
    for _ in range(ROUNDS):
        for row, told in zip(rows, ({}, ingesting), strict=True):
            asked = []
            for number in range(first, first + max(ASKING, questions)):
                guild = number % GUILDS
                (text,) = texts.questions(1, len(sizes(EACH)), begin=guild * apart, first=number)
                asked.append((guild, text))
            first += len(asked)
            await builds.timed(row, do="together", questions=asked, asking=ASKING, ingesting=told)
    return rows


async def _filled(builds: Builds, texts: Texts, folder: Path, guilds: dict[int, tuple[int, list[int]]]) -> None:
    """Write transcripts for guilds, from the number on that is given for each, and let both builds ingest them."""
    for guild, (first, passages) in guilds.items():
        (folder / str(guild)).mkdir(parents=True)
        for number, size in enumerate(passages):
            (folder / str(guild) / f"{number:05}.md").write_bytes(texts.transcript(first + number, size))
    await builds.told(do="fill", folder=str(folder))


async def _told(process: Process, **what: Any) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps(what)}\n".encode())
    await process.stdin.drain()
    if not (line := await process.stdout.readline()):
        raise RuntimeError(f"A build ended while it was told to {what['do']}.")
    return json.loads(line)


async def _ended(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()
