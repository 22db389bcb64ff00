"""Many subscriptions: a transcript is owed to all of them at once, and a batch isn't slower the longer it is."""

import time

from store.library import Library
from tests.store.builders import GUILD, video_file

MANY = 1000
SECONDS = 1.0  # it takes 0.02 to 0.05 on two cores


async def subscribe_many(library: Library) -> None:
    async with library._database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO subscriptions (guild_id, name, channel_id, created_at) VALUES (?, ?, ?, '')",
            [(GUILD, f"news-{number}", number) for number in range(1, MANY + 1)],
        )


async def test_a_transcript_is_owed_to_a_thousand_subscriptions_within_a_second(library: Library) -> None:
    await subscribe_many(library)
    began = time.perf_counter()
    done = await library.ingest(GUILD, video_file("mill", "one"), "a.md")
    seconds = time.perf_counter() - began
    assert done.owed == MANY
    assert len(await library.notifications.due()) == MANY
    assert seconds < SECONDS, f"{seconds:.3f} s"


async def test_when_something_is_due_is_known_at_once_however_much_is_held(library: Library) -> None:
    await subscribe_many(library)
    batch = await library.begin(GUILD, ["a.md"] * 30)
    for number in range(30):
        await library.ingest(GUILD, video_file(f"talk{number}", "one"), "a.md", batch=batch)
    async with library._database.snapshot() as connection:
        ((held,),) = await connection.execute_fetchall("SELECT count(*) FROM deliveries WHERE due_at IS NULL")
    assert held == 30 * MANY
    began = time.perf_counter()
    for _ in range(20):
        assert await library.notifications.due() == []
        assert await library.notifications.next_at() is not None
    assert (time.perf_counter() - began) / 20 < 0.1
