"""The vectors of passages, made in the background: of the newest transcript first, each in a transaction of its own.

So what is made is kept, also after a kill, and others may write meanwhile. Whether there is something to make is asked
whenever anything was committed, by this process or another one.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import numpy as np

from store import transcripts
from store.background import Complaint, beside
from store.database import Database, Reader, Writer
from store.errors import DatabaseError
from store.index import vectors
from store.index.analysed import analyse
from store.index.vectors import Rows
from store.meaning.encoder import Encoder, embedded
from store.models import Cue

LOOK = 1.0  # seconds between two looks at whether anything was committed
ROUND = 5.0  # seconds after which what was ingested meanwhile comes first
RETRY = 60.0  # seconds after which what failed is tried again
PATIENCE = 3  # transcripts in a row that fail, until all of them wait
TOGETHER = 8  # passages that are embedded at once where no question waits: 5 ms each, instead of 7

_log = logging.getLogger(__name__)


async def complete(
    database: Database,
    encoder: Encoder,
    guild_id: int | None = None,
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Make the vectors that are missing, of a guild's transcripts or of all, and return of how many transcripts.

    `progress` hears of the guild of each.

    Raises:
        DatabaseError: the database can't be written; what was made is kept.
        EncoderError: the encoder gives what is no vector.
    """
    made = 0
    missing = await database.computed(lambda connection: vectors.lacking(connection, encoder.name, guild_id))
    for owner, transcript_id in missing:
        made += await make(database, encoder, owner, transcript_id)
        if progress is not None:
            progress(owner)
    return made


async def make(
    database: Database,
    encoder: Encoder,
    guild_id: int,
    transcript_id: int,
    give_way: Callable[[], Awaitable[None]] | None = None,
) -> bool:
    """Make the vectors of a transcript's passages; False where it is gone or another one by now, or has them.

    Whatever `give_way` waits for goes first, between any two passages.

    Raises:
        DatabaseError: the database can't be read or written.
        EncoderError: the encoder gives what is no vector.
    """

    async def read(connection: Reader) -> tuple[tuple[bytes, int], list[Cue]] | None:
        kept = await vectors.lacks(connection, guild_id, transcript_id, encoder.name)
        return None if kept is None else (kept, await transcripts.whole(connection, transcript_id))

    if (found := await database.computed(read)) is None:
        return False
    kept, cues = found
    texts = await asyncio.to_thread(_texts, cues)
    rows: list[Rows] = []
    together = TOGETHER if give_way is None else 1
    for at in range(0, len(texts), together):
        if give_way is not None:
            await give_way()
        rows.append(await asyncio.to_thread(_rows, encoder, texts[at : at + together]))

    async def write(connection: Writer) -> bool:
        if await vectors.lacks(connection, guild_id, transcript_id, encoder.name) != kept:
            return False  # it was replaced meanwhile, or another process was faster
        await vectors.insert(connection, guild_id, transcript_id, encoder.name, np.concatenate(rows))
        return True

    return await database.written(write)


class Making:
    """Makes what is missing, for as long as it runs."""

    def __init__(self, database: Database, encoder: Encoder, give_way: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._encoder = encoder
        self._give_way = give_way
        self._seen: int | None = None
        self._aside: dict[int, float] = {}  # transcripts that failed, and when they are tried again
        self._told: set[str] = set()
        self._waiting = Complaint(_log, f"Sentence vectors can't be looked for, which is tried every {RETRY:.0f} s")

    @classmethod
    @asynccontextmanager
    async def running(
        cls, database: Database, encoder: Encoder, give_way: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[None]:
        """Make vectors until the end; what is left then is for the next time."""
        making = cls(database, encoder, give_way)
        async with beside(making._run()):
            yield

    async def _run(self) -> None:
        try:  # before the first question, which would wait for it
            await asyncio.to_thread(embedded, self._encoder, [""])
        except Exception as error:  # noqa: BLE001 - whatever a model raises; questions are answered without it
            self._tell(error, "The encoder of sentences can't be loaded")
        while True:
            try:
                more = await self._look()
            except DatabaseError as error:
                self._waiting.failed(error)
                await asyncio.sleep(RETRY)
            else:
                self._waiting.well()
                await asyncio.sleep(0 if more else LOOK)

    async def _look(self) -> bool:
        """Make what is missing for a while, if anything was committed or is due again; say whether more is left.

        Raises:
            DatabaseError: what is missing can't be read.
        """
        now = time.monotonic()
        version = await self._database.data_version()
        if version == self._seen and not any(again <= now for again in self._aside.values()):
            return False
        missing = await self._database.computed(lambda connection: vectors.lacking(connection, self._encoder.name))
        self._seen = version
        self._aside = {id_: self._aside[id_] for _, id_ in missing if id_ in self._aside}
        waiting = [(guild_id, id_) for guild_id, id_ in missing if self._aside.get(id_, now) <= now]
        failed = 0
        for guild_id, id_ in waiting:
            try:
                await make(self._database, self._encoder, guild_id, id_, self._give_way)
            except Exception as error:  # noqa: BLE001 - whatever a model raises; the next transcript may be well
                self._tell(error, f"The sentence vectors of transcript {id_} can't be made; trying again later")
                failed += 1
                put_aside = [id_] if failed < PATIENCE else [other for _, other in waiting]
                self._aside |= dict.fromkeys(put_aside, time.monotonic() + RETRY)
                if failed == PATIENCE:
                    break
            else:
                failed = 0
                self._aside.pop(id_, None)
                if not self._aside:
                    self._told.clear()
            if time.monotonic() > now + ROUND:
                self._seen = None
                return True
        return False

    def _tell(self, error: Exception, what: str) -> None:
        """Log a failure once, until all is well again."""
        if (said := repr(error)) not in self._told:
            self._told.add(said)
            _log.warning("%s: %s", what, said)


def _texts(cues: Sequence[Cue]) -> list[str]:
    """Return the text of each passage of a transcript: its cues', joined by a space."""
    return [" ".join(cue.text for cue in cues[one.first : one.end]) for one in analyse(cues).passages]


def _rows(encoder: Encoder, texts: Sequence[str]) -> Rows:
    return vectors.packed(embedded(encoder, texts))
