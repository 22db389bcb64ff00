"""How alike a question and passages are: as if nothing was stored, after whatever was done to the library."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from store.database import Reader
from store.errors import VectorsError
from store.index import vectors
from store.index.directory import GuildIndex
from store.index.indexes import Indexes
from store.index.vectors import Rows
from store.library import Library
from store.meaning import likeness as likenesses
from store.meaning.likeness import Likeness, refresh
from store.meaning.likenesses import Likenesses
from store.meaning.making import complete
from tests.store.builders import GUILD, OTHER_GUILD, chatter, video_file
from tests.store.meaning.encoders import Tiny, meant
from tests.store.meaning.plain import at_once, cosines, likeness

NEAR = 0.01  # what a byte a number may be off
QUESTION = meant("baker bread by the river")


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, atol=NEAR))


async def ingest(library: Library, name: str, *, seed: int = 0, cues: int = 40, guild: int = GUILD) -> int:
    done = await library.ingest(guild, video_file(name, *chatter(random.Random(seed), cues)), "a.md")
    return done.entry.id


async def test_it_is_the_cosine_of_the_vectors(library: Library) -> None:
    await ingest(library, "talk", seed=1)
    await complete(library._database, Tiny())
    found = await likeness(library, GUILD, QUESTION)
    expected = await cosines(library, GUILD, QUESTION)
    assert len(expected) > 3
    assert same(found.cosines(QUESTION), expected)
    some = np.array([2, 0], np.int64)
    assert same(found.cosines_of(QUESTION, some), expected[some])
    assert found.cosines_of(QUESTION, some[:0]).shape == (0,)


async def test_what_has_no_vector_yet_is_not_a_number(library: Library) -> None:
    old = await ingest(library, "old", seed=1)
    await complete(library._database, Tiny())
    await ingest(library, "new", seed=2)
    found = (await likeness(library, GUILD, QUESTION)).cosines(QUESTION)
    index = library._search._indexes._held[GUILD]
    assert (np.isfinite(found) == index.of([old])).all()
    assert 0 < np.isfinite(found).sum() < len(found)


async def test_an_empty_library_is_like_nothing(library: Library) -> None:
    assert (await likeness(library, GUILD, QUESTION)).cosines(QUESTION).shape == (0,)


@pytest.mark.parametrize("seed", range(4))
async def test_after_any_changes_it_is_as_if_it_were_read_anew(library: Library, seed: int) -> None:
    rng = random.Random(seed)
    held = Likeness()
    kept: list[int] = []
    for step in range(24):
        what = rng.random()
        if what < 0.15 and kept:
            await library.remove(GUILD, kept.pop(rng.randrange(len(kept))))
        elif what < 0.25 and kept:
            await library.speak(GUILD, rng.choice(kept), rng.choice(["de", "en", "fr"]))
        else:  # new, or in place of another
            id_ = await ingest(library, f"talk{rng.randrange(14)}", seed=100 * seed + step, cues=rng.randrange(1, 40))
            kept = sorted({*kept, id_})
        if rng.random() < 0.7:
            await complete(library._database, Tiny())
        if rng.random() < 0.5:
            await library._merging.settled()
        held, fresh, expected = await at_once(library, GUILD, QUESTION, held)
        assert np.array_equal(held.cosines(QUESTION), fresh, equal_nan=True)
        numbers = np.flatnonzero(np.isfinite(fresh))
        assert same(fresh[numbers], expected[numbers])
        assert held.bases[-1] <= 4 / 3 * sum(place.size for place in held.places.values())


async def test_only_new_vectors_are_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        await ingest(library, f"talk{number}", seed=number)
    await complete(library._database, Tiny())
    held = await likeness(library, GUILD, QUESTION)
    new = await ingest(library, "new", seed=9)
    await complete(library._database, Tiny())
    read, wanted = vectors.read, list[int]()

    async def seen(connection: Reader, ids: Sequence[int], size: int) -> dict[int, Rows]:
        wanted.extend(ids)
        return await read(connection, ids, size)

    monkeypatch.setattr(vectors, "read", seen)
    after = await likeness(library, GUILD, QUESTION, held)
    assert wanted == [after.places[new].id]
    assert await likeness(library, GUILD, QUESTION, after) is after


async def test_a_likeness_of_many_ingests_is_a_few_chunks(library: Library) -> None:
    held = Likeness()
    for number in range(20):
        await ingest(library, f"talk{number}", seed=number, cues=5)
        await complete(library._database, Tiny())
        held = await likeness(library, GUILD, QUESTION, held)
        assert len(held.chunks) <= 5


async def test_vectors_of_another_model_are_none(library: Library) -> None:
    await ingest(library, "talk", seed=1)
    await complete(library._database, Tiny())
    held = await likeness(library, GUILD, QUESTION)
    other = meant("baker", model="tiny 2")
    assert np.isnan((await likeness(library, GUILD, other, held)).cosines(other)).all()
    await complete(library._database, Tiny("tiny 2"))
    assert np.isfinite((await likeness(library, GUILD, other, held)).cosines(other)).all()


async def test_nothing_of_another_guild_is_in_it(library: Library) -> None:
    await ingest(library, "talk", seed=1)
    await ingest(library, "other", seed=2, guild=OTHER_GUILD)
    await complete(library._database, Tiny())
    for guild in (GUILD, OTHER_GUILD):
        found = await likeness(library, guild, QUESTION)
        assert same(found.cosines(QUESTION), await cosines(library, guild, QUESTION))
        assert len(found.places) == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE vector_blobs SET blob = zeroblob(length(blob)) WHERE vectors_id = 2",
        "UPDATE vector_blobs SET blob = substr(blob, 2) WHERE vectors_id = 2",
        "UPDATE vector_blobs SET blob = 'x' WHERE vectors_id = 2",
        "UPDATE vector_blobs SET vectors_id = 103 - vectors_id; UPDATE vector_blobs SET vectors_id = vectors_id - 100",
        "DELETE FROM vector_blobs WHERE vectors_id = 2",
        "UPDATE vectors SET passages = passages + 1 WHERE id = 2",
        "UPDATE vectors SET passages = 1000000000000 WHERE id = 2",
        "UPDATE vectors SET passages = 'x' WHERE id = 2",
    ],
    ids=["zeros", "cut short", "no blob", "swapped", "missing", "another count", "far too many", "no number"],
)
async def test_damaged_vectors_are_named(library: Library, path: Path, damage: str) -> None:
    ids = [await ingest(library, f"talk{number}", seed=number) for number in range(2)]
    await complete(library._database, Tiny())
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(damage)
    with pytest.raises(VectorsError) as raised:
        await likeness(library, GUILD, QUESTION)
    assert raised.value.transcripts <= set(ids)
    assert raised.value.transcripts


async def test_a_count_that_is_not_the_passages_is_no_vector(library: Library) -> None:
    await ingest(library, "talk", seed=1)
    await complete(library._database, Tiny())
    held = await likeness(library, GUILD, QUESTION)
    (id_, place), *_ = held.places.items()
    moved = Likeness(places={id_: place._replace(size=place.size - 1)})
    index = library._search._indexes._held[GUILD]
    assert set(likenesses._rows(index, moved.places).tolist()) == {-1}


async def test_the_likenesses_of_the_guilds_asked_last_stay_beside_the_indexes(library: Library) -> None:
    for guild in range(1, 5):
        await ingest(library, "talk", seed=guild, guild=guild)
    await complete(library._database, Tiny())
    indexes = Indexes(1 << 30)

    async def asked(*guilds: int) -> None:
        for guild in guilds:
            async with library._database.snapshot() as connection:
                await kept.get(connection, guild, await indexes.get(connection, guild), QUESTION)

    kept = Likenesses(1 << 30, indexes)
    await asked(1, 2, 3, 4)
    assert list(kept._held) == [1, 2, 3, 4]
    kept = Likenesses(indexes.nbytes + max(one.nbytes for one in kept._held.values()) * 2, indexes)
    await asked(1, 2, 1, 3, 4, 1)
    assert list(kept._held) == [4, 1]
    kept = Likenesses(0, indexes)
    await asked(1, 2)
    assert list(kept._held) == [2]


async def test_an_older_question_does_not_put_an_older_likeness_in_place_of_a_newer(library: Library) -> None:
    await ingest(library, "talk", seed=1)
    kept = Likenesses(1 << 30, library._search._indexes)
    async with library._database.snapshot() as old:
        before = await library._search._indexes.get(old, GUILD)
        await complete(library._database, Tiny())
        newer = await library._database.computed(lambda connection: kept.get(connection, GUILD, before, QUESTION))
        older = await kept.get(old, GUILD, before, QUESTION)
    assert np.isnan(older.cosines(QUESTION)).all()
    assert kept._held[GUILD] is newer


async def test_a_refresh_of_an_index_without_passages_has_no_row(library: Library) -> None:
    async def read(connection: Reader) -> Likeness:
        return await refresh(connection, GUILD, QUESTION, GuildIndex(), Likeness())

    assert (await library._database.computed(read)).nbytes == 0
