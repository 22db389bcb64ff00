"""A database from before the outbox: what was owed is owed, what was sent is known by its message."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from store import links
from store.batches import FORSAKEN_SECONDS
from store.library import Library
from store.migrations.first import FIRST
from store.models import State, Step
from store.sentences import sentence
from tests.store.builders import GUILD, OTHER_GUILD, begun, claim, deliver, owed, titles, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS, ELSEWHERE = 11, 12, 21
OLD = len(FIRST)


async def filled(path: Path) -> list[int]:
    """Make a library with transcripts in both guilds; return their ids."""
    async with Library.opened(path) as library:
        ids = [
            (await library.ingest(guild, video_file(name, f"about {name}"), "a.md")).entry.id
            for guild, name in ((GUILD, "one"), (GUILD, "two"), (GUILD, "three"), (OTHER_GUILD, "four"))
        ]
        gone = (await library.ingest(GUILD, video_file("gone", "about what is gone"), "a.md")).entry.id
        await library.remove(GUILD, gone)
        return [*ids, gone]


def aged(path: Path) -> sqlite3.Connection:
    """Give the database its tables of before the outbox, without rows, and return a connection."""
    with closing(sqlite3.connect(":memory:")) as old:
        old.create_function("source_of", 2, links.source, deterministic=True)
        for statements in FIRST:
            for statement in statements:
                old.execute(statement)
        wanted = old.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('subscriptions', 'deliveries') AND sql IS NOT NULL"
        ).fetchall()
    connection = sqlite3.connect(path)
    for table in (
        "deliveries",
        "posts",
        "subscriptions",
        "notices",
        "vector_blobs",
        "vectors",
        "joined",
        "votes",
        "questions",
        "unrecorded",
        "corrected_cues",
        "corrections",
    ):
        connection.execute(f"DROP TABLE {table}")
    for (sql,) in wanted:
        connection.execute(sql)
    connection.execute("DELETE FROM sqlite_sequence WHERE name IN ('deliveries', 'posts', 'subscriptions')")
    connection.execute(f"PRAGMA user_version = {OLD}")
    return connection


async def test_what_was_owed_is_owed_and_what_was_sent_is_known_by_its_message(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "verbatim.db"
    one, two, three, four, gone = await filled(path)
    with closing(aged(path)) as old:
        old.executemany(
            """
            INSERT INTO subscriptions (id, guild_id, channel_id, created_by, created_at, failures, retry_at, last_error)
            VALUES (?, ?, ?, ?, '2025-01-01T00:00:00+00:00', ?, ?, ?)
            """,
            [
                (3, GUILD, NEWS, 7, 0, 0.0, None),
                (5, OTHER_GUILD, ELSEWHERE, None, 0, 0.0, None),
                (8, GUILD, TALKS, None, 2, clock.now + 100, "No permission."),
            ],
        )
        old.executemany(
            "INSERT INTO batches (id, guild_id, names, closed, touched) VALUES (?, ?, '[\"a.md\"]', ?, ?)",
            [(1, GUILD, 1, clock.now), (2, OTHER_GUILD, 0, clock.now)],
        )
        old.executemany(
            "INSERT INTO deliveries (subscription_id, transcript_id, message_id, batch) VALUES (?, ?, ?, ?)",
            [
                (3, one, 501, 1),  # two in one message
                (3, two, 501, 1),
                (3, three, None, 1),
                (5, four, None, 2),  # its batch goes on
                (8, one, 601, None),
                (8, two, None, None),
                (8, three, None, None),
            ],
        )
        ((row,),) = old.execute("SELECT row FROM bygones WHERE transcript_id = ?", (gone,)).fetchall()
        columns, left = json.loads(row)
        row = json.dumps([columns, left | {"owed": [8, 99]}])
        old.execute("UPDATE bygones SET row = ?, at = ? WHERE transcript_id = ?", (row, clock.now, gone))
        old.execute(
            """
            INSERT INTO bygones (guild_id, transcript_id, kind, title, at, after, data, row)
            SELECT guild_id, ?, 'edited', title, at, after, data, '[{}, {"owed": [3]}]' FROM bygones
            """,
            (one,),
        )
        old.commit()
    async with Library.opened(path) as library:
        listed = await library.notifications.listed(GUILD)
        assert [(s.id, s.name, s.channel_id, s.created_by, s.failures, s.last_error, s.owed) for s in listed] == [
            (3, "news", NEWS, 7, 0, None, 1),
            (8, "news-2", TALKS, None, 2, sentence("No permission."), 2),
        ]
        assert [(s.id, s.name, s.owed) for s in await library.notifications.listed(OTHER_GUILD)] == [(5, "news", 1)]
        assert await owed(library) == [(NEWS, "three"), (ELSEWHERE, "four"), (TALKS, "two"), (TALKS, "three")]
        found = await library.notifications.deliveries(None)
        assert {(d.subscription_id, d.transcript_id, d.state, d.message_id, d.place_id, d.sent_at) for d in found} == {
            (3, one, State.SENT, 501, NEWS, None),
            (3, two, State.SENT, 501, NEWS, None),
            (3, three, State.WAITING, None, None, None),
            (5, four, State.WAITING, None, None, None),
            (8, one, State.SENT, 601, TALKS, None),
            (8, two, State.WAITING, None, None, None),
            (8, three, State.WAITING, None, None, None),
            (8, gone, State.SKIPPED, None, None, None),
        }
        assert await library.notifications.recover() == 0
        assert [due.subscription_id for due in await library.notifications.due()] == [3]
        post = await begun(library)
        assert (titles(post), post.id > 7) == (["three"], True)  # the ids of deliveries were nonces
        await library.notifications.sent(post, place_id=NEWS, message_id=1)
        assert await claim(library) is None
        clock.passes(100)
        assert await deliver(library) == [(TALKS, ("two",)), (TALKS, ("three",))]
        clock.passes(FORSAKEN_SECONDS)
        assert await deliver(library) == [(ELSEWHERE, ("four",))]
        assert await library.notifications.next_at() is None
        (undo,) = [bygone.id for bygone in await library.bygones(GUILD) if bygone.transcript == gone]
        await library.restore(GUILD, undo)
        assert await deliver(library) == [(TALKS, ("gone",))]
        await library.edit(GUILD, two, {"title": "The two"})
        edits = [await begun(library), await begun(library)]
        assert [(post.step, post.message_id) for post in edits] == [(Step.EDIT, 501), (Step.EDIT, edits[1].message_id)]
        assert titles(edits[0]) == ["one", "The two"]


async def test_the_schema_is_whole_after_it(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    await filled(path)
    with closing(sqlite3.connect(path)) as new:
        expected = set(new.execute("SELECT name, sql FROM sqlite_master").fetchall())
    with closing(aged(path)) as old:
        old.commit()
    async with Library.opened(path) as library:
        assert await library.notifications.listed(GUILD) == ()
        assert await library.notifications.next_at() is None
        await library.notifications.subscribe(GUILD, NEWS)
        await library.ingest(GUILD, video_file("new", "words"), "a.md")
        assert await deliver(library) == [(NEWS, ("new",))]
    with closing(sqlite3.connect(path)) as migrated:
        assert set(migrated.execute("SELECT name, sql FROM sqlite_master").fetchall()) == expected
        assert migrated.execute("PRAGMA foreign_key_check").fetchall() == []
        assert migrated.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        references = {
            row[2] for table in ("posts", "deliveries") for row in migrated.execute(f"PRAGMA foreign_key_list({table})")
        }
    assert references == {"subscriptions", "posts", "batches"}
