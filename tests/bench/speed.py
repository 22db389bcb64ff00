"""How fast Verbatim answers beside other engines, in libraries of several sizes made of the same passages.

All engines are built first; then each new question goes to each in turn, another one first each time. Ours is timed
whole, from the question's text to the quotes with their texts; the others give numbers of passages. An engine that has
used up its seconds is asked no more, so slow ones answer fewer questions. Files are in the system's cache.
"""

import asyncio
import gc
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from tests.bench import lag
from tests.bench.cuts import Cuts, Talk, sizes
from tests.bench.engines import Engine, Question, RankBM25
from tests.bench.ours import KINDS, Verbatim, passage
from tests.bench.report import Row
from tests.bench.texts import SEED, Texts
from tests.bench.weigh import weighed

BEST = 10  # passages asked for
SECONDS, LEAST = 30.0, 20  # an engine answers for so long, but so many questions at least
OPENED = 3  # times an engine is opened
ADDED, REPLACED = 30, 10  # transcripts
CHECKED = 50  # questions whose best are compared, as far as rank-bm25 answers them in its time
LAGGING = 200, 10  # questions and added transcripts during which the event loop is watched

T = TypeVar("T")


async def measure(passages: Sequence[int], names: Sequence[str], questions: int, *, keep: Path | None) -> list[Row]:
    """Measure each engine at each size; `keep` is a folder in which built indexes stay for the next run."""
    texts = Texts()
    rows = []
    for size in passages:
        with tempfile.TemporaryDirectory(prefix="verbatim-speed-") as temporary:
            kept = keep / f"seed-{SEED}-passages-{size}" if keep else Path(temporary) / "kept"
            rows += await Size(texts, size, kept, Path(temporary)).measure(names, questions)
    return rows


class Size:
    """One size of library: its passages, the folder with its built indexes, and one with copies to be written to."""

    def __init__(self, texts: Texts, passages: int, kept: Path, work: Path) -> None:
        self._texts = texts
        self._passages = passages
        self._transcripts = len(sizes(passages))
        self._kept = kept
        self._work = work
        self._asked = 0
        kept.mkdir(parents=True, exist_ok=True)
        if not (kept / "cuts.npz").exists():
            Cuts.made(texts, passages).save(kept / "cuts.part")
            (kept / "cuts.part").rename(kept / "cuts.npz")

    async def measure(self, names: Sequence[str], questions: int) -> list[Row]:
        """Build, ask, and change."""
        rows = {name: Row(name, self._passages) for name in names}
        engines = {name: await self._prepared(rows[name]) for name in names}
        await self._answers(rows, engines, self._questions(questions))
        for name, engine in engines.items():
            if isinstance(engine, Verbatim):
                await self._insides(rows[name], engine)
        if isinstance(truth := engines.get(RankBM25.name), RankBM25):
            await self._same(rows, engines, truth, rows[truth.name].questions)
        for name, engine in engines.items():
            if engine.lasts:
                await self._opening(rows[name], engine)
            if engine.grows:
                await self._changes(rows[name], engine)
            if isinstance(engine, Verbatim):
                await self._lag(rows[name], engine)
            await engine.close()
        return list(rows.values())

    def _questions(self, count: int) -> list[Question]:
        """Return questions that nobody was asked before."""
        self._asked += count
        texts = self._texts.questions(count, self._transcripts, first=self._asked - count)
        return [Question.of(text) for text in texts]

    def _talk(self, number: int, *, version: int = 0) -> Talk:
        number += self._transcripts
        return Talk.of(number, self._texts.transcript(number, version=version))

    async def _prepared(self, row: Row) -> Engine:
        """Build an engine, unless it is kept, weigh it, and open a copy of it."""
        kept, work = self._kept / row.engine, self._work / row.engine
        cuts = self._kept / "cuts.npz"
        kind = KINDS[row.engine]
        built = kept.with_suffix(".json")
        if not kind.lasts or not built.exists():
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir()
            engine = kind(kept)
            packed = Cuts.load(cuts)
            took, _ = await timed(engine.build(self._texts.transcript, packed))
            row.build_s = took / 1000
            if kind.lasts:
                built.write_text(json.dumps({"build_s": row.build_s}))
        else:
            row.build_s = json.loads(built.read_text())["build_s"]
        weight = await asyncio.to_thread(weighed, row.engine, kept, cuts, self._questions(LEAST))
        row.memory_mb, row.index_memory_mb = _mb(weight["memory"]), _mb(weight["index"])
        if kind.lasts:
            row.disk_mb = _mb(sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()))
            shutil.copytree(kept, work)
            engine = kind(work)
        await engine.open()
        return engine

    async def _answers(self, rows: dict[str, Row], engines: dict[str, Engine], questions: list[Question]) -> None:
        """Ask every engine every question, as far as its seconds go."""
        times: dict[str, list[float]] = {name: [] for name in engines}
        working: dict[str, list[float]] = {name: [] for name in engines}
        for engine in engines.values():  # the first one pays for what is loaded once
            await engine.ask(self._questions(1)[0], BEST)
        names = list(engines)
        gc.collect()
        gc.disable()
        try:
            for number, question in enumerate(tqdm(questions, desc="questions", leave=False)):
                first = number % len(names)
                for name in names[first:] + names[:first]:
                    if len(times[name]) < LEAST or sum(times[name]) < 1000 * SECONDS:
                        start = time.process_time()
                        took, _ = await timed(engines[name].ask(question, BEST))
                        working[name].append(1000 * (time.process_time() - start))
                        times[name].append(took)
        finally:
            gc.enable()
        for name, row in rows.items():
            row.questions = len(times[name])
            row.p50_ms, row.p99_ms = _percentile(times[name], 50), _percentile(times[name], 99)
            row.cpu_p50_ms = _percentile(working[name], 50)

    async def _same(self, rows: dict[str, Row], engines: dict[str, Engine], truth: RankBM25, most: int) -> None:
        """Count how many of the best ten are as good as rank-bm25's: of equal scores any one counts."""
        same: dict[str, list[int]] = {name: [] for name in engines}
        for question in tqdm(self._questions(min(CHECKED, most)), desc="compared", leave=False):
            scores = truth.scores(question)
            least = np.partition(scores, max(len(scores) - BEST, 0))[max(len(scores) - BEST, 0)] - 1e-9
            for name, engine in engines.items():
                if isinstance(engine, Verbatim):
                    numbers = await engine.numbers()
                    found = [passage(numbers[id_], cue) for id_, cue in await engine.ranked(question, BEST)]
                else:
                    found = await engine.ask(question, BEST)
                same[name].append(sum(bool(scores[at] >= least) for at in set(found)))
        for name, row in rows.items():
            row.same_top10 = float(np.mean(same[name]))

    async def _insides(self, row: Row, engine: Verbatim) -> None:
        """Time the ranking alone, and weigh the index on disk."""
        times = [(await timed(engine.ranked(question, BEST)))[0] for question in self._questions(row.questions)]
        row.ranking_p50_ms, row.ranking_p99_ms = _percentile(times, 50), _percentile(times, 99)
        row.index_disk_mb = _mb(await asyncio.to_thread(engine.index_disk))

    async def _opening(self, row: Row, engine: Engine) -> None:
        """Time from nothing to the first answer, without what an answer takes."""
        times = []
        for question in self._questions(OPENED):
            await engine.close()
            opening, _ = await timed(engine.open())
            answering, _ = await timed(engine.ask(question, BEST))
            times.append(opening + max(0.0, answering - (row.p50_ms or 0.0)))
        row.open_ms = _percentile(times, 50)

    async def _changes(self, row: Row, engine: Engine) -> None:
        """Add, replace and remove transcripts.

        One is searchable when it is added and the first question has been answered, without what the same question
        takes the second time.
        """
        added, searchable, replaced = [], [], []
        talks = [self._talk(number) for number in range(ADDED + 1)]
        for talk in tqdm(talks, desc=f"{row.engine}: added", leave=False):
            adding, _ = await timed(engine.add(talk))
            question = Question.of("what about the " + " and the ".join(self._texts.topics(talk.number)[:5]))
            first, found = await timed(engine.ask(question, BEST))
            again, _ = await timed(engine.ask(question, BEST))
            if not any(passage(talk.number, 0) <= number < passage(talk.number + 1, 0) for number in found):
                print(f"{row.engine} doesn't find what was just added.", file=sys.stderr)
            added.append(adding)
            searchable.append(adding + max(0.0, first - again))
        for number in range(REPLACED):
            new = self._talk(number, version=1)
            replaced.append((await timed(engine.replace(talks[number], new)))[0])
            talks[number] = new
        removed = [(await timed(engine.remove(talk)))[0] for talk in talks]
        row.add_p50_ms, row.add_p99_ms = _percentile(added[1:], 50), _percentile(added[1:], 99)  # without the first
        row.searchable_p50_ms, row.searchable_p99_ms = _percentile(searchable[1:], 50), _percentile(searchable[1:], 99)
        row.replace_p50_ms, row.remove_p50_ms = _percentile(replaced, 50), _percentile(removed, 50)

    async def _lag(self, row: Row, engine: Verbatim) -> None:
        """Watch the event loop at rest, while questions are answered, and while transcripts are added."""
        questions, talks = LAGGING
        async with lag.sampled() as late:
            await asyncio.sleep(1)
        row.lag_idle_ms = _spread(late)
        asked = self._questions(questions)
        async with lag.sampled() as late:
            for question in asked:
                await engine.ask(question, BEST)
        row.lag_asking_ms = _spread(late)
        more = [self._talk(number) for number in range(talks)]
        async with lag.sampled() as late:
            for talk in more:
                await engine.add(talk)
        row.lag_adding_ms = _spread(late)


async def timed(work: Awaitable[T]) -> tuple[float, T]:
    """Return the milliseconds that something took, and its result."""
    start = time.perf_counter()
    result = await work
    return 1000 * (time.perf_counter() - start), result


def _percentile(times: Sequence[float], percent: float) -> float:
    return float(np.percentile(times, percent))


def _spread(times: Sequence[float]) -> tuple[float, float, float]:
    return _percentile(times, 50), _percentile(times, 99), max(times)


def _mb(size: int | None) -> float | None:
    return None if size is None else size / 2**20
