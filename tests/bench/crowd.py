"""A transcript that a thousand channels hear of: how soon it is queued, and how long questions take meanwhile."""

import asyncio
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config
from cogs.delivery import Deliveries
from store.models import Limits
from tests.cogs.stage import Stage, staged, transcript

QUESTIONS_APART = 0.02  # seconds
WORDS = "the yeast eats the sugar and breathes out gas so the dough doubles in an hour near the oven".split()


@dataclass(frozen=True, slots=True)
class Crowd:
    """Seconds: until all was queued, until all was sent, and each question's meanwhile."""

    channels: int
    queued: float
    sent: float
    questions: tuple[float, ...]

    def __str__(self) -> str:
        ms = sorted(1000 * seconds for seconds in self.questions)
        return (
            f"{self.channels} channels: queued in {self.queued:.3f} s, sent in {self.sent:.1f} s; {len(ms)} questions "
            f"meanwhile, p50 {statistics.median(ms):.1f} ms, p95 {ms[int(0.95 * len(ms))]:.1f} ms, most {ms[-1]:.1f} ms"
        )


async def measured(path: Path, *, channels: int, talks: int = 40) -> Crowd:
    """Let so many channels of a server subscribe, ingest a transcript, and ask questions while it is sent."""
    config = Config(pause_seconds=0, limits=Limits(subscriptions=channels))
    async with staged(path, config=config) as stage:
        guild = stage.here.guild
        for number in range(talks):
            await stage.library.ingest(guild.id, _talk(number), f"{number}.md", announce=False)
        for number in range(channels):
            channel = guild.create_text_channel(f"news-{number}")
            await stage.library.notifications.subscribe(guild.id, channel.id)
        await stage.library.ask(guild.id, "sugar")
        began = time.perf_counter()
        await stage.library.ingest(guild.id, _talk(talks), "new.md")
        queued = time.perf_counter() - began
        cog = stage.bot.get_cog("Deliveries")
        assert isinstance(cog, Deliveries)
        cog.wake()
        took = []
        while (await stage.library.sizes(guild.id))[0].owed:
            took.append(await _asked(stage))
            await asyncio.sleep(QUESTIONS_APART)
        sent = time.perf_counter() - began
        while cog._serving:
            await asyncio.sleep(QUESTIONS_APART)
    return Crowd(channels, queued, sent, tuple(took))


async def _asked(stage: Stage) -> float:
    began = time.perf_counter()
    await stage.library.ask(stage.here.guild.id, "why does the dough double near the oven")
    return time.perf_counter() - began


def _talk(number: int) -> bytes:
    chance = random.Random(number)
    lines = [
        f"[{minute}:{10 * part:02}] {' '.join(chance.choices(WORDS, k=12))}"
        for minute in range(60)
        for part in range(6)
    ]
    return transcript(*lines, title=f"Talk {number}", url=None)
