"""Whatever members, Discord and the clock do: nothing is lost, nothing is told twice, nothing is due for ever."""

import random

import pytest

from store.library import Library
from tests.store.outbox.conftest import Clock
from tests.store.outbox.world import World

STEPS = 150


@pytest.mark.parametrize("seed", range(6))
async def test_each_transcript_is_told_once_or_there_is_a_reason(watching: Library, clock: Clock, seed: int) -> None:
    world = World(watching, clock, random.Random(seed))
    for _ in range(3):
        await world.subscribe()
    for _ in range(STEPS):
        await world.step()
        await world.check()
    await world.drain()
    await world.check()
    await world.check_end()
    assert await watching.notifications.next_at() is None
