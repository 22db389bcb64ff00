"""Questions as they are asked, members' votes on the answers, and what a month's come to.

A question is written after its answer was sent; those that come while one is written are written together, so that
many at once wait for the disk once. Nothing says who asked, nor at which time of the day.
"""

import asyncio
import time
from collections.abc import Sequence

from store import transcripts
from store.database import Database, Reader
from store.errors import NotFoundError, StoreError
from store.insights import rows
from store.insights.looking import Ask, Looking, Nearby, Suggest
from store.insights.rows import DAY_SECONDS, KEPT_DAYS
from store.models import Answer, Look, Noted, Quoted, Tally, Topic
from store.text.analysis import folded, stem

LONGEST_NOTE = 300  # characters


class Insights:
    """What is asked in each guild and how its answers are liked, while its moderators want that recorded."""

    def __init__(self, database: Database, ask: Ask, nearby: Nearby, suggest: Suggest) -> None:
        self.enabled = True  # for every guild: the operator's to say
        self._database = database
        self._looking = Looking(ask, nearby, suggest)
        self._unrecorded: set[int] | None = None
        self._waiting: list[Noted] = []
        self._turn = asyncio.Lock()
        self._choices = 0

    async def records(self, guild_id: int) -> bool:
        """Return whether the guild's questions are recorded; from memory, but for the first time."""
        if (unrecorded := self._unrecorded) is None:
            choices = self._choices
            unrecorded = await self._database.computed(rows.unrecorded)
            if choices == self._choices:  # or a choice came after what was read
                self._unrecorded = unrecorded
        return self.enabled and guild_id not in unrecorded

    async def record(self, guild_id: int, *, wanted: bool) -> None:
        """Record the guild's questions from now on; or don't, and forget those that were."""
        async with self._database.transaction() as connection:
            await rows.record(connection, guild_id, wanted=wanted)
        self.forget_choices()

    def forget_choices(self) -> None:
        """Drop from memory which servers are recorded: one was chosen, or may have been by another process."""
        self._choices += 1
        self._unrecorded = None

    async def note(self, guild_id: int, token: str, answer: Answer) -> None:
        """Record a question by its answer, whose buttons have a token; of a library that is empty nothing is learnt.

        Raises:
            DatabaseError: it can't be written; neither are those that waited to be written with it.
        """
        if not answer.library_size:
            return
        one = noted(guild_id, token, answer)
        self._waiting.append(one)
        async with self._turn:
            if all(other is not one for other in self._waiting):
                return  # it was written with another one
            every, self._waiting = self._waiting, []
            async with self._database.transaction() as connection:
                await rows.add(connection, every, day=_today())

    async def vote(self, guild_id: int, token: str, member: int, *, up: bool) -> bool | None:
        """Vote on the answer with a token, or take back the same vote; return how the member votes on it now.

        Raises:
            StoreError: nothing is recorded here.
            NotFoundError: its question is no longer kept.
        """
        await self._allow(guild_id)
        async with self._database.transaction() as connection:
            question = await _question(connection, guild_id, token)
            if await rows.voted(connection, question, member) is up:
                await rows.take_back(connection, question, member)
                return None
            await rows.vote(connection, question, member, up=up)
            return up

    async def explain(self, guild_id: int, token: str, member: int, note: str) -> None:
        """Vote an answer down, with what was wrong or missing.

        Raises:
            StoreError: nothing is recorded here.
            NotFoundError: its question is no longer kept.
        """
        kept = " ".join(note.split())[:LONGEST_NOTE] or None
        await self._allow(guild_id)
        async with self._database.transaction() as connection:
            question = await _question(connection, guild_id, token)
            await rows.vote(connection, question, member, up=False, note=kept)

    async def tidy(self) -> None:
        """Forget what was kept for 30 days, as is done when a question is recorded; all of it where that is off."""
        async with self._database.transaction() as connection:
            if self.enabled:
                await rows.forget(connection, day=_today())
            else:
                await rows.forget_all(connection)

    async def tally(self, guild_id: int) -> Tally:
        """Return what the guild's questions of the last 30 days come to."""
        return await self._database.computed(lambda reader: rows.tally(reader, guild_id, since=_since()))

    async def missed(self, guild_id: int, *, offset: int = 0, limit: int = -1) -> tuple[tuple[Topic, ...], int]:
        """Return some of what was asked in vain or voted down, what failed most often first; and how much there is."""
        return await self._database.computed(
            lambda reader: rows.missed(reader, guild_id, since=_since(), offset=offset, limit=limit)
        )

    async def asked(self, guild_id: int, *, offset: int = 0, limit: int = -1) -> tuple[tuple[Topic, ...], int]:
        """Return some of what was asked, the most often asked first; and how much there is in all."""
        return await self._database.computed(
            lambda reader: rows.asked(reader, guild_id, since=_since(), offset=offset, limit=limit)
        )

    async def quoted(self, guild_id: int, *, offset: int = 0, limit: int = -1) -> tuple[tuple[Quoted, ...], int]:
        """Return some of the transcripts that were quoted, the most often quoted first; and how many there are."""

        async def found(reader: Reader) -> tuple[tuple[Quoted, ...], int]:
            counts, total = await rows.quoted(reader, guild_id, since=_since(), offset=offset, limit=limit)
            entries = await transcripts.entries(reader, [id_ for id_, _ in counts])
            return tuple(Quoted(entries[id_], times) for id_, times in counts), total

        return await self._database.computed(found)

    async def look(self, guild_id: int, topics: Sequence[Topic]) -> tuple[Look, ...]:
        """Return how each of some questions that failed would be answered now, and what their words may have been."""
        return tuple([await self._looking.again(guild_id, topic) for topic in topics])

    async def _allow(self, guild_id: int) -> None:
        if not await self.records(guild_id):
            raise StoreError("Votes are off in this server.")


async def _question(connection: Reader, guild_id: int, token: str) -> int:
    question = await rows.find(connection, guild_id, token, day=_today())
    if question is None:
        raise NotFoundError("That answer is no longer kept, so it can't be voted on; ask again with `/ask`.")
    return question


def noted(guild_id: int, token: str, answer: Answer) -> Noted:
    """Return what is recorded of a question that was answered."""
    missing = {folded(word): word for word in (*answer.not_found, *answer.unsaid)}
    return Noted(
        guild_id,
        token,
        " ".join(answer.question.split()),
        answer.gist,
        topic=" ".join(sorted({stem(word) for word in missing})) or answer.gist,
        missing=tuple(missing.values()),
        quoted=tuple(dict.fromkeys(quote.transcript_id for quote in answer.quotes)),
        narrowed=bool(answer.filters),
    )


def _today() -> int:
    return int(time.time() // DAY_SECONDS)


def _since() -> int:
    return _today() - KEPT_DAYS
