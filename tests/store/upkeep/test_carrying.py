"""What a restored database takes over of the one that was there; cogs' test_delivery_restored shows it in Discord."""

import sqlite3
from contextlib import closing
from pathlib import Path

from store.library import Library
from store.migrations import MIGRATIONS
from store.sentences import sentence
from store.upkeep.backup import make
from store.upkeep.restoring import restore
from tests.clock import Clock
from tests.store.builders import GUILD, begun, claim, video_file
from tests.store.upkeep import damage


def posts(path: Path) -> list[tuple[int, int | None]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id, message_id FROM posts ORDER BY id").fetchall()


async def test_a_try_that_was_refused_since_and_sent_by_another_one_is_not_tried_once_more(
    path: Path, clock: Clock
) -> None:
    async with Library.opened(path) as library:
        await library.notifications.subscribe(GUILD, 7)
        await library.ingest(GUILD, video_file("one", "the baker counted"), "a.md")
        first = await begun(library)
        made = await make(path, path.with_name("copy.db"))
        await library.notifications.refused(first, sentence("No permission."))
        clock.forward(2 * 24 * 3600)
        second = await begun(library)
        await library.notifications.sent(second, place_id=7, message_id=70)
    assert second.id > first.id
    assert posts(made.path) == [(first.id, None)]
    done = await restore(made.path, path)
    assert done.carried.descends
    assert posts(path) == [(second.id, 70)]
    async with Library.opened(path) as library:
        await library.notifications.recover()
        clock.forward(2 * 24 * 3600)
        assert await claim(library) is None


async def test_of_a_database_of_another_schema_nothing_is_taken_over(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.notifications.subscribe(GUILD, 7)
    made = await make(path, path.with_name("copy.db"))
    damage.change(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")  # as after an update that is rolled back
    done = await restore(made.path, path)
    assert (done.carried.descends, done.carried.messages) == (False, 0)
