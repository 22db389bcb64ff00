"""How much later than it should a task wakes up while others run: what the rest of the bot waits for."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PAUSE = 0.001  # seconds


@asynccontextmanager
async def sampled() -> AsyncIterator[list[float]]:
    """Sleep a millisecond again and again, and note in milliseconds how much later it woke."""
    late: list[float] = []

    async def sleep() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(PAUSE)
            late.append(1000 * (time.perf_counter() - start - PAUSE))

    task = asyncio.create_task(sleep())
    try:
        yield late
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
