"""How much there is of each guild, counted in one look."""

import sqlite3
from contextlib import closing
from pathlib import Path

from store.library import Library
from store.models import Sizes
from store.upkeep.sizes import together
from tests.store.builders import GUILD, OTHER_GUILD, deliver, subscribe, video_file


async def test_an_empty_library_has_no_sizes(library: Library) -> None:
    assert await library.sizes() == ()
    assert await library.sizes(GUILD) == ()


async def test_each_guild_is_counted_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    async with Library.opened(path) as library:
        await library.ingest(GUILD, video_file("a", "the mill stood", "by the river"), "a.md")
        await subscribe(library, 1)
        await subscribe(library, 2)
        await library.ingest(GUILD, video_file("b", "the baker counted loaves"), "b.md")
        assert await deliver(library, most=1) == [(1, ("b",))]
        await library.add_spellings(GUILD, "Minot", ["minnow", "mint knot"])
        await library.ingest(OTHER_GUILD, video_file("a", "the mill"), "a.md")
        here, there = await library.sizes()
        assert await library.sizes(OTHER_GUILD) == (there,)
        with closing(sqlite3.connect(path)) as connection:
            terms = dict(connection.execute("SELECT guild_id, count(*) FROM terms GROUP BY 1").fetchall())
            ((bytes_),) = connection.execute(
                "SELECT (SELECT sum(length(blob)) FROM segment_blobs) + (SELECT sum(length(blob)) FROM segment_blocks)"
            ).fetchall()
    assert here == Sizes(
        GUILD,
        transcripts=2,
        duration_ms=5000,
        cues=3,
        words=10,
        passages=2,
        terms=terms[GUILD],
        segments=2,
        index_bytes=here.index_bytes,
        stream_bytes=3 * 10 + 4 * 3,  # a word takes 3 bytes, a cue 4
        subscriptions=2,
        owed=1,
        glossary=1,
    )
    assert (there.guild_id, there.transcripts, there.words, there.subscriptions) == (OTHER_GUILD, 1, 2, 0)
    sums = together([here, there])
    assert (sums.guild_id, sums.transcripts, sums.words, sums.index_bytes) == (None, 3, 12, bytes_[0])


async def test_a_guild_without_transcripts_is_counted_by_what_it_has(library: Library) -> None:
    await subscribe(library, 1)
    await library.add_spellings(OTHER_GUILD, "Minot", ["minnow"])
    assert await library.sizes() == (Sizes(GUILD, subscriptions=1), Sizes(OTHER_GUILD, glossary=1))
