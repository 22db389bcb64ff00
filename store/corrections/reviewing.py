"""The face of corrections: what may be corrected of a quote, what members propose, what moderators make of it.

Approving and removing index the transcript anew in the same transaction, so that what is searched is what stands.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from store import corrected, excerpts, transcripts
from store.corrections import proposing, rows
from store.database import Database, Reader
from store.errors import CorrectionError, DecidedError, NotFoundError
from store.index import indexing
from store.models import Caption, Correctable, Correction, CorrectionsPage, Listed, Moment, Verdict
from store.sentences import sentence

DECIDED = {
    Verdict.WAITING: sentence("That correction waits to be decided."),
    Verdict.APPROVED: sentence("That correction was approved already."),
    Verdict.REJECTED: sentence("That correction was rejected already."),
    Verdict.REMOVED: sentence("That correction was approved, and taken back again."),
}


class Corrections:
    """The corrections of all guilds."""

    def __init__(self, database: Database, reindexed: Callable[[int], None]) -> None:
        """`reindexed` hears of a guild in which a transcript was indexed anew."""
        self._database = database
        self._reindexed = reindexed

    async def correctable(self, guild_id: int, moment: Moment, *, by: int) -> Correctable:
        """Return the cues of a moment, for a member to correct.

        Raises:
            NotFoundError: the transcript is gone, or its new version ends before the moment.
            CorrectionError: the member may propose nothing now.
        """
        async with self._database.snapshot() as connection:
            await proposing.allow(connection, guild_id, by, now=time.time())
            entry, first, end = await excerpts.now(connection, guild_id, moment)
            cues = (await transcripts.cues(connection, [(entry.id, first, end)])).get(entry.id, {})
            standing = (await corrected.within(connection, [(entry.id, first, end)])).get(entry.id, {})
        if not cues:
            raise NotFoundError(excerpts.GONE)
        found = tuple(sorted(cues.items()))
        return Correctable(entry, found, tuple(standing.get(at, cue.text) for at, cue in found))

    async def propose(
        self, guild_id: int, found: Correctable, texts: Sequence[str], *, by: int
    ) -> tuple[Correction, bool]:
        """Keep what each of some cues should be, where it differs, and return it, and whether it is new.

        Raises:
            CorrectionError: it can't be kept.
            NotFoundError: the transcript is gone, or no longer says that.
        """
        captions = proposing.differing(found, texts)
        async with self._database.transaction() as connection:
            entry = await transcripts.named(connection, guild_id, found.entry.id)
            await _locate(connection, entry.id, captions)
            id_, new = await proposing.keep(connection, guild_id, entry, captions, by=by, now=time.time())
            return await _got(connection, guild_id, id_), new

    async def approve(
        self,
        guild_id: int,
        id_: int,
        texts: Sequence[str] | None = None,
        *,
        of: Verdict = Verdict.WAITING,
        by: int,
    ) -> Correction:
        """Let a correction stand, or what its captions should be by a moderator's own `texts`.

        It is one `of` those that wait, or of those that were rejected.

        Raises:
            DecidedError: it was decided otherwise already.
            CorrectionError: the texts can't be kept.
            NotFoundError: it isn't kept, or its transcript no longer says that.
        """
        async with self._database.transaction() as connection:
            found = await _decidable(connection, guild_id, id_, of)
            if found.entry is None:
                raise NotFoundError(excerpts.GONE)
            if found.detached:
                raise _replaced()
            if texts is not None:
                captions = [replace(one, now=text) for one, text in zip(found.captions, texts, strict=True)]
                if all(proposing.is_same(one.was, one.now) for one in captions):
                    raise CorrectionError("That is what the file says; reject the correction instead.")
                proposing.check(captions)
                await rows.edit(connection, id_, captions)
            await rows.decide(connection, id_, Verdict.APPROVED, by=by, now=time.time())
            await rows.stand(connection, id_)
            await indexing.again(connection, guild_id, found.entry)
            done = await _got(connection, guild_id, id_)
        self._reindexed(guild_id)
        return done

    async def reject(self, guild_id: int, id_: int, *, by: int) -> Correction:
        """Leave the words as they are.

        Raises:
            DecidedError: it was decided already.
            NotFoundError: it isn't kept.
        """
        async with self._database.transaction() as connection:
            await _decidable(connection, guild_id, id_, Verdict.WAITING)
            await rows.decide(connection, id_, Verdict.REJECTED, by=by, now=time.time())
            return await _got(connection, guild_id, id_)

    async def remove(self, guild_id: int, id_: int, *, by: int) -> Correction:
        """Take back a correction that was approved.

        Raises:
            DecidedError: it isn't approved, or no longer.
            NotFoundError: it isn't kept.
        """
        async with self._database.transaction() as connection:
            found = await _got(connection, guild_id, id_)
            if found.state is not Verdict.APPROVED:
                raise DecidedError(DECIDED[found.state])
            await rows.remove(connection, id_, by=by, now=time.time())
            if found.entry is not None and any(one.stands for one in found.captions):
                await indexing.again(connection, guild_id, found.entry)
            done = await _got(connection, guild_id, id_)
        self._reindexed(guild_id)
        return done

    async def get(self, guild_id: int, id_: int) -> Correction:
        """Return a correction.

        Raises:
            NotFoundError: it isn't kept.
        """
        async with self._database.snapshot() as connection:
            return await _got(connection, guild_id, id_)

    async def page(self, guild_id: int, which: Listed, *, offset: int = 0, limit: int = 5) -> CorrectionsPage:
        """Return some of a guild's corrections, or the last ones where there are fewer than the offset."""
        async with self._database.snapshot() as connection:
            found, total = await rows.page(connection, guild_id, which, offset=offset, limit=limit)
            if total and not found:
                offset = (total - 1) // limit * limit
                found, total = await rows.page(connection, guild_id, which, offset=offset, limit=limit)
        return CorrectionsPage(which, found, total, offset)

    async def counted(self, guild_id: int, transcript: int | None = None) -> dict[Verdict, int]:
        """Count a guild's corrections, or those of one transcript, by what became of them."""
        async with self._database.snapshot() as connection:
            return await rows.counted(connection, guild_id, transcript)


async def _got(connection: Reader, guild_id: int, id_: int) -> Correction:
    if (found := await rows.get(connection, guild_id, id_)) is None:
        raise NotFoundError("That correction is no longer kept; `/corrections` lists those that are.")
    return found


async def _decidable(connection: Reader, guild_id: int, id_: int, state: Verdict) -> Correction:
    """Return a correction of which nothing else has become."""
    found = await _got(connection, guild_id, id_)
    if found.state is not state:
        raise DecidedError(DECIDED[found.state])
    return found


def _replaced() -> NotFoundError:
    return NotFoundError("That transcript was replaced meanwhile and no longer says that; look at what it says now.")


async def _locate(connection: Reader, transcript_id: int, captions: Sequence[Caption]) -> None:
    """Make sure that a transcript says what is to be corrected, where it was.

    Raises:
        NotFoundError: it doesn't.
    """
    spans = [(transcript_id, one.position, one.position + 1) for one in captions if one.position is not None]
    cues = (await transcripts.cues(connection, spans)).get(transcript_id, {})
    if any(one.position not in cues or cues[one.position].text != one.was for one in captions):
        raise _replaced()
