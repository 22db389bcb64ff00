"""The vectors of passages are made in the background, also after a kill, and never of what was replaced meanwhile."""

import asyncio
import logging
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from store.database import Writer
from store.errors import DatabaseError, EncoderError
from store.index import vectors
from store.index.reindexing import Reindex
from store.index.vectors import Rows, Vectors
from store.library import Library
from store.meaning import making
from store.meaning.encoder import Encoder, embedded
from store.meaning.likeness import Likeness
from store.meaning.making import complete
from store.models import Change
from tests.store.builders import GUILD, OTHER_GUILD, video_file
from tests.store.meaning.encoders import Failing, Tiny, Wrong, direction, meant
from tests.store.meaning.plain import at_once

REPOSITORY = Path(__file__).parents[3]
COUNT = 9
KILLED = """
import asyncio, os, sys
from pathlib import Path
from store.index import vectors
from store.index.reindexing import Reindex
from store.library import Library
from tests.store.meaning.encoders import Tiny

insert, left = vectors.insert, int(sys.argv[2])

async def counted(*arguments):
    global left
    await insert(*arguments)
    if not left:
        os._exit(9)
    left -= 1

vectors.insert = counted

async def main():
    async with Library.opened(Path(sys.argv[1]), reindex=Reindex.MEANWHILE, encoder=Tiny()):
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "LOOK", 0.01)
    monkeypatch.setattr(making, "RETRY", 0.05)


@asynccontextmanager
async def running(path: Path, encoder: Encoder) -> AsyncIterator[Library]:
    async with Library.opened(path, reindex=Reindex.MEANWHILE, encoder=encoder) as library:
        yield library


async def filled(path: Path, count: int = COUNT) -> None:
    async with Library.opened(path) as library:
        for at in range(count):
            await library.ingest(GUILD, video_file(f"talk{at}", f"the baker sold pretzel{at} at noon"), "a.md")
        await library.ingest(OTHER_GUILD, video_file("other", "the miller slept"), "a.md")


async def lacking(library: Library, model: str = "tiny 1") -> list[int]:
    missing = await library._database.computed(lambda connection: vectors.lacking(connection, model))
    return [id_ for _, id_ in missing]


async def until_made(library: Library, model: str = "tiny 1") -> None:
    async with asyncio.timeout(30):
        while await lacking(library, model):
            await asyncio.sleep(0.01)


async def is_right(library: Library, guild: int = GUILD, model: str = "tiny 1") -> bool:
    """Whether the cosines are as if nothing was stored."""
    question = meant("who sold pretzel3", model)
    _, found, expected = await at_once(library, guild, question, Likeness())
    return bool(np.allclose(found, expected, atol=0.01))


async def test_all_that_is_missing_is_made_the_newest_first(path: Path) -> None:
    await filled(path)
    encoder = Tiny()
    async with running(path, encoder) as library:
        await until_made(library)
        assert encoder.seen[1:4] == [  # the first warms it up
            "the miller slept",
            "the baker sold pretzel8 at noon",
            "the baker sold pretzel7 at noon",
        ]
        assert await is_right(library)
        assert await is_right(library, OTHER_GUILD)
        assert (await library.page(GUILD)).vectors == (COUNT, COUNT)
        assert (await library.page(OTHER_GUILD)).vectors == (1, 1)
        assert [one.vectors for one in await library.sizes()] == [COUNT, 1]


async def test_what_is_ingested_later_is_made_soon(path: Path) -> None:
    async with running(path, Tiny()) as library:
        await library.ingest(GUILD, video_file("talk", "the baker sold pretzels"), "a.md")
        await until_made(library)
        assert await is_right(library)


async def test_what_another_process_ingests_is_made_too(path: Path) -> None:
    async with running(path, Tiny()) as library:
        await asyncio.sleep(0.05)
        async with Library.opened(path) as elsewhere:
            await elsewhere.ingest(GUILD, video_file("talk", "the baker sold pretzels"), "a.md")
        await until_made(library)
        assert await is_right(library)


async def test_what_is_made_is_not_made_again(path: Path) -> None:
    await filled(path)
    async with running(path, Tiny()) as library:
        await until_made(library)
    again = Tiny()
    async with running(path, again) as library:
        await asyncio.sleep(0.1)
        await library.ingest(GUILD, video_file("new", "pumpernickel"), "a.md")
        await until_made(library)
    assert again.seen == ["", "pumpernickel"]


async def test_without_an_encoder_or_a_background_none_is_made(path: Path) -> None:
    await filled(path, 1)
    async with Library.opened(path, reindex=Reindex.MEANWHILE) as library:
        await asyncio.sleep(0.05)
        assert len(await lacking(library)) == 2
        assert (await library.page(GUILD)).vectors is None
        assert [one.vectors for one in await library.sizes()] == [None, None]
    encoder = Tiny()
    async with Library.opened(path, encoder=encoder) as library:
        await asyncio.sleep(0.05)
        assert len(await lacking(library)) == 2
        assert (await library.page(GUILD)).vectors == (0, 1)
    assert encoder.seen == []


@pytest.mark.parametrize("killed", [0, 1, 6])
async def test_after_a_kill_it_goes_on_where_it_was(path: Path, killed: int) -> None:
    await filled(path)
    command = [sys.executable, "-c", KILLED, str(path), str(killed)]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=REPOSITORY, check=False, capture_output=True)
    assert ended.returncode == 9, ended.stderr
    async with Library.opened(path) as library:
        assert len(await lacking(library)) == COUNT + 1 - killed
    async with running(path, Tiny()) as library:
        await until_made(library)
        assert await is_right(library)


class Slow(Tiny, ABC):
    """Lets the library change while it embeds for the first time."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.library = library
        self.change = True

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.change:
            self.change = False
            asyncio.run_coroutine_threadsafe(self.changed(), self.loop).result()
        return super().embed(texts)

    @abstractmethod
    async def changed(self) -> None:
        """Change the library."""


async def test_what_is_replaced_while_it_is_embedded_is_made_of_the_new_words(library: Library) -> None:
    class Replacing(Slow):
        async def changed(self) -> None:
            await self.library.ingest(GUILD, video_file("talk", "the miller slept"), "a.md")

    await library.ingest(GUILD, video_file("talk", "the baker sold pretzels"), "a.md")
    encoder = Replacing(library)
    assert await complete(library._database, encoder) == 0
    assert await complete(library._database, encoder) == 1
    assert await is_right(library)


async def test_what_is_removed_while_it_is_embedded_has_no_vectors(library: Library) -> None:
    class Removing(Slow):
        async def changed(self) -> None:
            await self.library.remove(GUILD, "1")

    await library.ingest(GUILD, video_file("talk", "the baker sold pretzels"), "a.md")
    assert await complete(library._database, Removing(library)) == 0
    assert await stored(library) == []


async def stored(library: Library) -> list[tuple[object, ...]]:
    async with library._database.snapshot() as connection:
        rows = await connection.execute_fetchall(
            "SELECT transcript_id, length(blob) FROM vectors LEFT JOIN vector_blobs ON vectors_id = id ORDER BY 1"
        )
        ((blobs,),) = await connection.execute_fetchall("SELECT count(*) FROM vector_blobs")
    assert blobs == len(list(rows))
    return [tuple(row) for row in rows]


async def test_vectors_go_with_the_words_that_they_are_of(library: Library) -> None:
    await library.ingest(GUILD, video_file("talk", "the baker sold pretzels"), "a.md")
    await library.ingest(GUILD, video_file("other", "the miller slept"), "a.md")

    async def remade() -> None:
        assert await stored(library) == [(2, Tiny.size)]
        await complete(library._database, Tiny())
        assert await stored(library) == [(1, Tiny.size), (2, Tiny.size)]
        assert await is_right(library)

    await complete(library._database, Tiny())
    await library.ingest(GUILD, video_file("talk", "the baker sold out"), "a.md")
    await remade()
    await library.move_times(GUILD, 1, 5)
    await remade()
    await library.speak(GUILD, 1, "German")
    await remade()
    undo = (await library.remove(GUILD, 1)).undo
    assert await stored(library) == [(2, Tiny.size)]
    assert undo is not None
    assert (await library.restore(GUILD, undo))[0].change is Change.REMOVED
    await remade()
    await library.edit(GUILD, 1, {"title": "Bread"})  # its words are the same
    assert await stored(library) == [(1, Tiny.size), (2, Tiny.size)]
    assert await is_right(library)


async def test_a_changed_model_makes_them_anew(path: Path) -> None:
    await filled(path)
    async with running(path, Tiny()) as library:
        await until_made(library)
    async with running(path, Tiny("tiny 2")) as library:
        await until_made(library, "tiny 2")
        assert await is_right(library, model="tiny 2")
        assert len(await stored(library)) == COUNT + 1
        assert len(await lacking(library, "tiny 1")) == COUNT + 1


async def test_a_full_disk_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(path)
    insert, failures = vectors.insert, [DatabaseError("The disk is full.")] * 5

    async def full(connection: Writer, guild_id: int, transcript_id: int, model: str, rows: Rows) -> None:
        await insert(connection, guild_id, transcript_id, model, rows)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(vectors, "insert", full)
    async with running(path, Tiny()) as library:
        await until_made(library)
        assert await is_right(library)
    assert failures == []
    assert caplog.text.count("The disk is full.") == 1


async def test_an_encoder_that_fails_is_told_once_and_asked_again_later(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(path)
    encoder = Failing(lambda _: True)
    async with running(path, encoder) as library:
        async with asyncio.timeout(30):
            while len(encoder.seen) < 3 * making.PATIENCE + 1:
                await asyncio.sleep(0.01)
        assert len(set(encoder.seen)) == making.PATIENCE + 1  # the others wait, too
        encoder.fails = lambda _: False
        await until_made(library)
        assert await is_right(library)
    assert caplog.text.count("the model broke") == 1


async def test_one_transcript_that_no_model_bears_keeps_no_other_out(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(path)
    encoder = Failing(lambda text: "pretzel4" in text)
    async with running(path, encoder) as library:
        async with asyncio.timeout(30):
            while encoder.seen.count("the baker sold pretzel4 at noon") < 3:
                await asyncio.sleep(0.01)
        assert await lacking(library) == [5]
        await library.ingest(GUILD, video_file("new", "pumpernickel"), "a.md")
        async with asyncio.timeout(30):
            while await lacking(library) != [5]:
                await asyncio.sleep(0.01)
    assert caplog.text.count("of transcript 5 can't be made; trying again later: RuntimeError('the model broke')") == 1


async def test_a_database_that_cannot_be_read_ends_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await filled(path)
    found, failures = vectors.lacking, [DatabaseError("The disk could not be read.")] * 3

    async def failing(*arguments: object) -> list[tuple[int, int]]:
        if failures:
            raise failures.pop()
        return await found(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(vectors, "lacking", failing)
    async with running(path, Tiny()) as library:
        async with asyncio.timeout(30):
            while failures or await lacking(library):
                await asyncio.sleep(0.01)
    assert caplog.text.count("can't be looked for, which is tried every") == 2  # and that it works
    assert "no longer: all works again" in caplog.text


async def test_what_is_ingested_while_a_long_list_is_made_comes_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(path)
    monkeypatch.setattr(making, "ROUND", 0.0)

    class Ingesting(Slow):
        async def changed(self) -> None:
            await self.library.ingest(GUILD, video_file("new", "pumpernickel"), "a.md")

    async with Library.opened(path) as elsewhere:
        encoder = Ingesting(elsewhere)
        async with running(path, encoder) as library:
            await until_made(library)
    assert encoder.seen.index("pumpernickel") < 3


async def test_questions_go_first(library: Library) -> None:
    await library.ingest(GUILD, video_file("talk", *[f"the baker sold pretzel{at} " * 20 for at in range(40)]), "a.md")
    waited = 0

    async def give_way() -> None:
        nonlocal waited
        waited += 1

    encoder = Tiny()
    assert await making.make(library._database, encoder, GUILD, 1, give_way)
    assert waited == len(encoder.seen) > 5


async def test_it_ends_at_once_also_while_it_works(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await filled(path)
    with caplog.at_level(logging.WARNING):
        async with running(path, Tiny()):
            await asyncio.sleep(0.02)
    assert caplog.text == ""
    async with Library.opened(path) as library:
        await complete(library._database, Tiny())
        assert await is_right(library)


async def test_what_is_no_vector_is_refused() -> None:
    said = r"The encoder gives (numbers of shape .* for 1 texts|what is no number)"
    for given in (np.zeros((1, 3)), np.zeros(Tiny.size), np.full((1, Tiny.size), np.nan), np.zeros((2, Tiny.size))):
        with pytest.raises(EncoderError, match=said):
            embedded(Wrong(given), ["a"])
    assert embedded(Wrong([direction("a")]), ["a"]).dtype == np.float32
