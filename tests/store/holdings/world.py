"""A server of which there is a row in every table, and what a database holds."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np

from store.feeds import rows as feeds
from store.feeds.knowing import KEPT, KnownEpisode
from store.index import vectors
from store.library import Library
from store.models import Asked, Digest, Filters, Moment, Settings, Wanted
from tests.store.builders import deliver, video_file

MODERATOR, MEMBER = 71, 72
MODEL = "made up"


def talk(words: Sequence[str], *, begin: int, count: int = 30) -> list[str]:
    """Lines in which some words are said now and then."""
    return [
        f"well {words[(begin + at) % len(words)]} was said and {words[(begin + 3 * at) % len(words)]}"
        for at in range(count)
    ]


async def fill(library: Library, guild: int, words: Sequence[str], *, token: str) -> list[int]:
    """Write something of a guild into every table; return the ids of its transcripts: the first was removed."""
    notifications = library.notifications
    ids = []
    for at, name in enumerate(("gone", "one", "two")):
        file = video_file(f"{name}-{words[0]}", *talk(words, begin=at), speaker=f"Dr {words[1]}", tags="news")
        ids.append((await library.ingest(guild, file, f"{name}.md", by=MODERATOR)).entry.id)
        if name == "gone":
            await notifications.subscribe(guild, guild + 1, Wanted(), name="all", created_by=MODERATOR)
            await notifications.subscribe(
                guild, guild + 2, Wanted(digest=Digest.WEEKLY, tag="news"), created_by=MODERATOR
            )
            await notifications.alert(guild, MEMBER, words[2])
    await deliver(library)
    await library.remove(guild, ids[0], by=MODERATOR)
    await library.edit(guild, ids[1], {"title": f"Edited {words[3]}", "language": "German"}, by=MODERATOR)
    await library.add_spellings(guild, words[4], [f"{words[5]} misheard"], created_by=MODERATOR)
    told = Settings(hour=7, day=3, zone="Asia/Tokyo", problems_channel_id=guild + 3, language="ja")
    await notifications.set(guild, told)
    await library.remember(guild, token, Asked(words[6], Filters(transcript=ids[2], after=date(2024, 1, 1)), MEMBER))
    await library.insights.note(guild, f"vote-{token}", await library.ask(guild, f"{words[6]} in a zeppelin"))
    await library.insights.explain(guild, f"vote-{token}", MEMBER, f"it is not about {words[1]}")
    async with library._database.transaction() as connection:
        await connection.execute("INSERT OR IGNORE INTO unrecorded (guild_id) VALUES (?)", (guild,))
    await correct(library, guild, ids[2], words)
    await library.watch(guild, {f"/talks/{words[7]}.vtt": bytes(range(16))})
    await library.begin(guild, ["a.md"], by=MODERATOR)
    await library.holdings.seen(5, [guild, *await joined(library)])
    await library.commands_synced(5, guild, "digest")
    entry = (await library.known(guild, ids[2])).entry
    async with library._database.transaction() as connection:
        rows = vectors.packed(np.ones((entry.passages, 8), np.float32))
        await vectors.insert(connection, guild, entry.id, MODEL, rows)
        url = f"https://pod.example.org/{words[8]}.xml"
        feed = await feeds.add(
            connection, guild, url, title=words[8], channel_id=guild + 1, by=MODERATOR, include_recent=1,
            next_at=time.time() + 60, most=9,
        )  # fmt: skip
        for guid, id_, when in (
            ("a", ids[2], entry.ingested_at.isoformat()),
            ("b", ids[0], "2024-01-01T00:00:00+00:00"),
        ):
            known = KnownEpisode(
                guid, KEPT, f"https://pod.example.org/{guid}.vtt", ("https://pod.example.org/a",), digest=b"\1\2",
                transcript_id=id_, ingested_at=when, details={"title": words[8]},
            )  # fmt: skip
            await feeds.note(connection, feed, known)
    return ids


async def correct(library: Library, guild: int, transcript: int, words: Sequence[str]) -> None:
    """Correct two lines of a transcript, of which one waits for a moderator."""
    entry = (await library.known(guild, transcript)).entry
    for at in (4, 5):
        moment = Moment(entry.id, at, at + 1, 0, entry.duration_ms, entry.content)
        found = await library.corrections.correctable(guild, moment, by=MEMBER)
        texts = [f"really {words[0]}{words[at]} was said"]
        done, _ = await library.corrections.propose(guild, found, texts, by=MEMBER)
    await library.corrections.approve(guild, done.id, by=MODERATOR)


async def joined(library: Library) -> list[int]:
    """The servers in which a bot was seen."""
    async with library._database.snapshot() as connection:
        return [int(row[0]) for row in await connection.execute_fetchall("SELECT guild_id FROM joined")]


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables of a database."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
