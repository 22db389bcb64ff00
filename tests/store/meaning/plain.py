"""Cosines in the plain way: each passage's text embedded, nothing stored."""

import numpy as np

from store import transcripts
from store.database import Reader
from store.index.directory import GuildIndex
from store.library import Library
from store.meaning.encoder import Meaning
from store.meaning.likeness import Cosines, Likeness, refresh
from tests.store.meaning.encoders import Tiny


async def likeness(library: Library, guild: int, meaning: Meaning, held: Likeness | None = None) -> Likeness:
    """A guild's likeness, brought up to date from an older one."""

    async def read(connection: Reader) -> Likeness:
        index = await library._search._indexes.get(connection, guild)
        return await refresh(connection, guild, meaning, index, held or Likeness())

    return await library._database.computed(read)


async def cosines(library: Library, guild: int, meaning: Meaning) -> Cosines:
    """How alike a question and each passage of a guild are."""

    async def read(connection: Reader) -> Cosines:
        return await of(connection, await library._search._indexes.get(connection, guild), meaning)

    return await library._database.computed(read)


async def at_once(library: Library, guild: int, meaning: Meaning, held: Likeness) -> tuple[Likeness, Cosines, Cosines]:
    """A guild's likeness brought up to date, and the cosines of one read anew and of `cosines`, at the same moment.

    Between two looks the segments may be merged, and the passages have other numbers.
    """

    async def read(connection: Reader) -> tuple[Likeness, Cosines, Cosines]:
        index = await library._search._indexes.get(connection, guild)
        brought = await refresh(connection, guild, meaning, index, held)
        anew = await refresh(connection, guild, meaning, index, Likeness())
        return brought, anew.cosines(meaning), await of(connection, index, meaning)

    return await library._database.computed(read)


async def of(connection: Reader, index: GuildIndex, meaning: Meaning) -> Cosines:
    """How alike a question and each passage of an index are, as a connection sees its texts."""
    texts = []
    for owner, first, end, _ in zip(*index.places(np.arange(index.size)), strict=True):
        cues = await transcripts.whole(connection, int(owner))
        texts.append(" ".join(cue.text for cue in cues[first:end]))
    vectors = Tiny().embed(texts) if texts else np.empty((0, Tiny.size))
    found: Cosines = (vectors @ meaning.vector / np.linalg.norm(vectors, axis=1)).astype(np.float32)
    return found
