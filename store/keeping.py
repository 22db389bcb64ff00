"""What goes into the guilds' libraries and what is listed of them: each change one transaction."""

import asyncio
import logging
import time
import zlib
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from store import batches, bygones, records, transcripts
from store.catalogue import Catalogue
from store.corrections import rows as corrections
from store.database import Database, Writer, aside
from store.errors import StoreError
from store.formats import archive, writing
from store.formats.archive import Packed
from store.index import indexing, postings, vectors
from store.index.merging import Merging
from store.models import (
    Batch,
    Change,
    Details,
    Entry,
    Filters,
    Ingested,
    Kept,
    Known,
    Limits,
    Order,
    Outcome,
    Page,
    SpokenBy,
    Transcript,
    Verdict,
)
from store.outbox import owing
from store.questions import Questions
from store.text import languages
from store.understanding import File, Readers, Understood, understand
from store.versions import version

CATALOGUES = 64  # guilds whose names are kept in memory
OPENING = 5  # cues that are shown of a transcript
AHEAD = 3  # files that are read while others are written

_log = logging.getLogger(__name__)


class Keeping:
    """The transcripts of all guilds in one database."""

    def __init__(self, database: Database, limits: Limits, merging: Merging, model: str | None = None) -> None:
        """Keep transcripts; `model` makes sentence vectors of them, if any does."""
        self.limits = limits
        self._model = model
        self._database = database
        self._merging = merging
        self._catalogues: OrderedDict[int, Catalogue] = OrderedDict()
        self._questions = Questions()

    async def filters(self, guild_id: int, narrowed: Mapping[str, str | None]) -> Filters:
        """Return the filters for what was typed, by their names as `Catalogue.filters` takes them.

        Raises:
            FilterError: what was typed isn't in this library, or can't be.
        """
        if not any(narrowed.values()):
            return Filters()
        if "://" in (link := narrowed.get("video") or ""):
            async with self._database.snapshot() as connection:
                found = await transcripts.named(connection, guild_id, link)
            narrowed = {**narrowed, "video": str(found.id)}
        return (await self.catalogue(guild_id)).filters(**narrowed)

    async def catalogue(self, guild_id: int) -> Catalogue:
        """Return the names by which the guild's library can be narrowed; from memory while nothing has changed."""
        async with self._database.snapshot() as connection:
            version = await postings.version(connection, guild_id)
            known = self._catalogues.get(guild_id)
            if known is None or known.version != version:
                rows = await transcripts.names(connection, guild_id)
                known = await asyncio.to_thread(Catalogue, version, rows)
        self._catalogues[guild_id] = known
        self._catalogues.move_to_end(guild_id)
        if len(self._catalogues) > CATALOGUES:
            self._catalogues.popitem(last=False)
        return known

    async def unpacked(self, files: Mapping[str, bytes]) -> list[Packed]:
        """Return the files to ingest of those that were given: archives unpacked, descriptions with their captions.

        Last come what is refused, and what is passed over.
        """
        most, most_bytes = self.limits.archive_files, self.limits.archive_bytes
        return await asyncio.to_thread(archive.unpacked, list(files.items()), max_files=most, max_bytes=most_bytes)

    async def ingest(
        self,
        guild_id: int,
        data: bytes,
        name: str,
        *,
        companion: bytes | None = None,
        given: Mapping[str, str] | None = None,
        by: int | None = None,
        sure: bool = True,
        announce: bool = True,
        batch: int | None = None,
        own: frozenset[int] | None = None,
    ) -> Ingested:
        """Read a file and keep its transcript; a transcript of the same video is replaced under its id.

        `companion` is the description beside the file, `given` are details that win over both, `by` is the member who
        ingests it, `batch` is one that was begun. What another member ingested isn't replaced unless that is `sure`;
        nothing but its `own` is, where these are given. A new transcript is owed to each of the guild's subscriptions,
        unless `announce` is false; a replaced one was announced when it was new.

        Raises:
            FormatError: the file isn't a transcript; what was there before stays.
            LanguageError: the language that is given is none.
        """
        _checked(given)
        file = File(data, name, companion, given, await self._spoken_here(guild_id))
        found = await asyncio.to_thread(understand, file, self.limits)
        return await self._keep(guild_id, found, given, by=by, sure=sure, announce=announce, batch=batch, own=own)

    async def ingest_all(
        self,
        guild_id: int,
        files: AsyncIterator[Packed | StoreError],
        *,
        count: int,
        given: Mapping[str, str] | None = None,
        by: int | None = None,
        sure: bool = True,
        announce: bool = True,
        batch: int | None = None,
    ) -> AsyncGenerator[tuple[Packed | StoreError, Ingested | StoreError], None]:
        """Ingest about `count` files as `ingest` does, in order; yield each with what became of it.

        The next ones are read while one is written. What can't be read at all may be an error among them.

        Raises:
            LanguageError: the language that is given is none.
        """
        _checked(given)
        expected = await self._spoken_here(guild_id)
        ahead: deque[tuple[Packed | StoreError, asyncio.Task[Understood] | None]] = deque()
        async with Readers.running(self.limits, count) as readers:
            try:
                more = True
                while more or ahead:
                    while more and len(ahead) < AHEAD:
                        file = await anext(files, None)
                        more = file is not None
                        if isinstance(file, Packed):
                            read = readers.understand(File(file.data, file.name, file.companion, given, expected))
                            ahead.append((file, asyncio.create_task(read)))
                        elif file is not None:
                            ahead.append((file, None))
                    if not ahead:
                        break
                    file, task = ahead.popleft()
                    if isinstance(file, StoreError) or task is None:
                        assert isinstance(file, StoreError)
                        yield file, file
                        continue
                    try:
                        found = await task
                        await self._questions.wait()
                        done = await self._keep(
                            guild_id, found, given, by=by, sure=sure, announce=announce, batch=batch
                        )
                    except StoreError as error:
                        yield file, error
                    except Exception:  # noqa: BLE001 - the others are no worse for it
                        _log.exception("A file of many could not be ingested: %s", file.name)
                        yield file, StoreError("Something went wrong with this file; the operator finds it in the log.")
                    else:
                        yield file, done
            finally:
                tasks = [task for _, task in ahead if task is not None]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(
        self,
        guild_id: int,
        found: Understood,
        given: Mapping[str, str] | None,
        *,
        by: int | None,
        sure: bool,
        announce: bool,
        batch: int | None,
        own: frozenset[int] | None = None,
    ) -> Ingested:
        """Keep what was understood of a file."""
        reading, analysed, columns = found.reading, found.analysed, {**found.columns, "ingested_by": by}
        spoken_in = languages.chosen(given["language"]) if given and given.get("language") else None
        if spoken_in is not None:
            columns |= {"spoken": spoken_in, "spoken_by": SpokenBy.MODERATOR}
        transcript = reading.transcript
        done = Ingested(Outcome.NEW, _NOTHING, reading.oddities, format=reading.format, encoding=reading.encoding)

        async def written(connection: Writer) -> Ingested:
            nonlocal columns, transcript
            if batch is not None:
                await batches.touch(connection, batch, now=time.time())
            known = await version(connection, guild_id, transcript, columns)
            before, columns["source"] = known.before, known.source
            columns["ingested_at"] = datetime.now(UTC).isoformat()  # files are read at once, and kept one by one
            if before is not None:
                transcript, more = _completed(transcript, before.details, reading.lacking)
                columns |= more
            if before is None:
                id_ = await transcripts.insert(connection, guild_id, transcript, columns)
                kept = replace(done, beside=known.beside)
            elif known.content == columns["content"] and spoken_in in {None, before.spoken.code}:
                return replace(done, outcome=Outcome.UNCHANGED, entry=before)
            elif (own is not None and before.id not in own) or (
                not sure and by is not None and before.ingested_by not in {None, by}
            ):
                changes = await transcripts.differences(connection, before, transcript, str(columns["spoken"]))
                return replace(done, outcome=Outcome.ASKING, entry=before, changes=changes)
            else:
                id_ = before.id
                if before.spoken.by is SpokenBy.MODERATOR and spoken_in is None:
                    columns |= {"spoken": before.spoken.code, "spoken_by": SpokenBy.MODERATOR}
                changes = await transcripts.differences(connection, before, transcript, str(columns["spoken"]))
                undo = await self._kept(connection, guild_id, before, Change.REPLACED, columns, by=by)
                await indexing.remove(connection, guild_id, id_)
                await transcripts.replace(connection, id_, transcript, columns)
                kept = replace(done, outcome=Outcome.REPLACED, changes=changes, undo=undo)
            await indexing.write(connection, guild_id, id_, analysed, str(columns["spoken"]))
            entry = await transcripts.get(connection, guild_id, id_)
            assert entry is not None
            owed = 0
            if before is not None:
                await owing.changed(connection, guild_id, entry, now=time.time())
            elif announce:
                owed = await owing.owe(connection, guild_id, entry, batch=batch, now=time.time())
            return replace(kept, entry=entry, owed=owed)

        result = await self._database.written(written)
        if result.outcome in {Outcome.NEW, Outcome.REPLACED}:
            self._merging.wake(guild_id)
        return result

    async def begin(self, guild_id: int, names: Sequence[str], *, by: int | None = None) -> int:
        """Begin a batch of files, announced together if they are more than three, and return its id."""
        async with self._database.transaction() as connection:
            return await batches.begin(connection, guild_id, names, by=by, now=time.time())

    async def hold(self, guild_id: int, transcript: int, *, by: int | None = None) -> int:
        """Let what is owed of a transcript wait until it is edited, or the batch that is returned is closed.

        It waits for ten minutes at most.
        """
        async with self._database.transaction() as connection:
            batch = await batches.begin(connection, guild_id, [], by=by, now=time.time())
            await owing.hold(connection, transcript, batch)
        return batch

    async def told_in(self, batch: int, channel_id: int, message_id: int) -> None:
        """Keep in which message the progress of a batch is told."""
        async with self._database.transaction() as connection:
            await batches.told_in(connection, batch, channel_id, message_id)

    async def went(self, batch: int, kept: Kept) -> None:
        """Note what became of a batch's next file."""
        async with self._database.transaction() as connection:
            await batches.went(connection, batch, kept, now=time.time())

    async def close(self, batch: int) -> None:
        """Close a batch: what it owes is sent from now on."""
        async with self._database.transaction() as connection:
            await batches.close(connection, batch, now=time.time())
            await owing.let_go(connection, batch, now=time.time())

    async def unfinished(self) -> tuple[Batch, ...]:
        """Return the batches that were told of and never closed."""
        async with self._database.snapshot() as connection:
            return await batches.unfinished(connection)

    async def _spoken_here(self, guild_id: int) -> tuple[str, ...]:
        found = await self._database.computed(lambda connection: transcripts.languages(connection, guild_id))
        return tuple(filter(None, found))

    async def _kept(
        self,
        connection: Writer,
        guild_id: int,
        entry: Entry,
        change: Change,
        columns: Mapping[str, object],
        *,
        by: int | None,
    ) -> int:
        """Keep a transcript as it is before a change to `columns`, and return under which id."""
        transcript = Transcript(entry.details, tuple(await transcripts.whole(connection, entry.id)))
        after = columns.get("content", b"")
        return await bygones.keep(
            connection,
            guild_id,
            entry.id,
            change,
            title=entry.details.title,
            data=await aside(_packed, transcript),
            row=await transcripts.beside(connection, entry.id),
            left={"spoken": columns.get("spoken", entry.spoken.code)},
            by=by,
            after=after.hex()[:8] if isinstance(after, bytes) else "",
            now=time.time(),
        )

    async def page(
        self,
        guild_id: int,
        *,
        offset: int = 0,
        limit: int = 10,
        filters: Filters | None = None,
        search: str = "",
        order: Order = Order.INGESTED,
    ) -> Page:
        """Return some of the guild's transcripts, a `limit` of -1 means all: those that pass the filters.

        Their title, link or speaker holds what is searched; the last ingested come first, if no other order is asked.
        """
        narrowed = filters or Filters()
        async with self._database.snapshot() as connection:
            passing = await transcripts.matching(connection, guild_id, narrowed) if narrowed != Filters() else None
            entries, total = await transcripts.page(
                connection, guild_id, offset=offset, limit=limit, among=passing, search=search, order=order
            )
            unindexed = len(await transcripts.unindexed(connection, guild_id))
            every = await transcripts.count(connection, guild_id)
            made = await vectors.made(connection, guild_id, self._model) if self._model is not None else None
        return Page(entries, total, offset, unindexed, every, made)

    async def known(self, guild_id: int, transcript: str | int) -> Known:
        """Return what is known of a transcript, named by its id, its video's id or its link.

        Raises:
            NotFoundError: the guild has no such transcript.
        """
        async with self._database.snapshot() as connection:
            entry = await transcripts.named(connection, guild_id, transcript)
            cues = (await transcripts.cues(connection, [(entry.id, 0, OPENING)])).get(entry.id, {})
            spoken = await transcripts.spoken_cues(connection, entry.id)
            undo = await bygones.listed(connection, guild_id, now=time.time())
            counts = await corrections.counted(connection, guild_id, entry.id)
        kept = tuple(one for one in undo if one.transcript == entry.id)
        waiting, approved = (counts.get(verdict, 0) for verdict in (Verdict.WAITING, Verdict.APPROVED))
        return Known(entry, tuple(cues[at] for at in sorted(cues)), spoken, kept, waiting, approved)


def _packed(transcript: Transcript) -> bytes:
    ((_, data),) = writing.written(transcript, writing.Form.JSON).items()
    return zlib.compress(data)


def _completed(transcript: Transcript, old: Details, lacking: Collection[str]) -> tuple[Transcript, dict[str, object]]:
    """Return a newer version of a transcript with what it lacks of the details, and the columns that change with it."""
    new = replace(transcript.details, **{name: getattr(old, name) for name in lacking})
    if new == transcript.details:
        return transcript, {}
    transcript = replace(transcript, details=new)
    return transcript, records.described(transcript)


def _checked(given: Mapping[str, str] | None) -> None:
    """Refuse a language that is none, before a file is read."""
    if given and given.get("language"):
        languages.chosen(given["language"])


_NOTHING = Entry(0, records.NO_DETAILS, 0, 0, 0, 0, datetime.fromtimestamp(0, UTC))  # until a transcript is kept
