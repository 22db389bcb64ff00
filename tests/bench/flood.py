"""One member who asks as much and as heavily as they are let, and how long another one's questions take meanwhile.

What is heavy is the longest question, of words that were all said; the mentions of words that are said everywhere; and
suggestions while someone types. What is measured is the library's part, without Discord's.
"""

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from cogs.pace import Pace
from store.catalogue import Kind
from store.errors import StoreError
from store.library import Library
from store.models import Limits
from tests.bench.cuts import sizes
from tests.bench.texts import Texts

APART = 0.05  # seconds between another member's questions
AT_ONCE = 50  # of the one who floods
EVERYWHERE = ("the", "and", "of")
HEAVY = 80  # words of a long question
FLOODER = 7

Work = Callable[[], Coroutine[None, None, object]]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What another member's questions took, in milliseconds, and how much of the first one's was answered."""

    name: str
    times: tuple[float, ...]
    flooded: int = 0

    def __str__(self) -> str:
        ordered = sorted(self.times)
        return (
            f"{self.name}: {self.flooded} of theirs; {len(ordered)} of another's, p50 {statistics.median(ordered):.1f} "
            f"ms, p95 {ordered[int(0.95 * len(ordered))]:.1f} ms, most {ordered[-1]:.1f} ms"
        )


class Flood:
    """One member's requests, as many at once as they can make, let through as a bot lets them."""

    def __init__(self, work: Work, *, limited: bool, in_turn: bool) -> None:
        self._work = work
        self._pace = Pace(Limits())
        self._limited = limited
        self._in_turn = in_turn
        self.answered = 0

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._again())

    async def _again(self) -> None:
        while True:
            try:
                if self._limited:
                    self._pace.ask(FLOODER)
            except StoreError:
                await asyncio.sleep(APART)
                continue
            lock: AbstractAsyncContextManager[None] = (
                self._pace.turn("search", FLOODER) if self._in_turn else nullcontext()
            )
            async with lock:
                await self._work()
            self.answered += 1


async def measure(passages: int, seconds: float, *, keep: Path | None = None) -> list[Meanwhile]:
    """Fill a library, and ask in it in quiet and beside one member who floods it in several ways."""
    texts = Texts()
    with tempfile.TemporaryDirectory(prefix="verbatim-flood-") as temporary:
        path = await _filled(texts, passages, keep or Path(temporary))
        async with Library.opened(path) as library:
            questions = texts.questions(400, len(sizes(passages)))
            await library.ask(0, questions[0])
            found = [await _meanwhile("in quiet", library, questions, seconds)]
            for name, work in _works(library, questions).items():
                for how, limited, in_turn in (
                    ("as many as they like", False, False),
                    ("5 in 10 s", True, False),
                    ("5 in 10 s, one at a time", True, True),
                    ("as many as they like, one at a time", False, True),
                ):
                    flood = Flood(work, limited=limited, in_turn=in_turn)
                    found.append(await _meanwhile(f"{name}, {how}", library, questions, seconds, flood))
    return found


def _works(library: Library, questions: list[str]) -> dict[str, Work]:
    chance = random.Random(1)
    words = [word for question in questions for word in question.split()]

    async def ask() -> None:
        await library.ask(0, " ".join(chance.sample(words, HEAVY))[: library.limits.question_characters])

    async def count() -> None:
        await library.mentions(0, chance.choice(EVERYWHERE))

    async def suggest() -> None:
        (await library.catalogue(0)).suggest(Kind.VIDEO, "a")

    return {"long questions": ask, "mentions": count, "suggestions": suggest}


async def _meanwhile(
    name: str, library: Library, questions: list[str], seconds: float, flood: Flood | None = None
) -> Meanwhile:
    task = asyncio.create_task(flood.run()) if flood else None
    times = []
    until = time.perf_counter() + seconds
    for question in itertools.cycle(questions):
        if (began := time.perf_counter()) >= until:
            break
        await library.ask(0, question)
        times.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(APART)
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return Meanwhile(name, tuple(times), flood.answered if flood else 0)


async def _filled(texts: Texts, passages: int, folder: Path) -> Path:
    """Return a database with so many passages, built where it isn't kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"flood-{passages}.db"
    if not path.exists():
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        async with Library.opened(half) as library:
            for number, size in enumerate(sizes(passages)):
                await library.ingest(0, texts.transcript(number, size), f"{number}.md", announce=False)
        half.rename(path)
    return path
