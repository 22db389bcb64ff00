"""What moderators do to transcripts that are there: edit, move, remove, bring back, take along."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from store import bygones, formats, links, records, transcripts, versions
from store.corrections import rows as corrections
from store.database import Writer
from store.errors import FormatError, NotFoundError
from store.formats import writing
from store.formats.details import checked
from store.formats.writing import Form
from store.index import indexing, postings
from store.keeping import Keeping
from store.models import Bygone, Change, Chapter, Cue, Details, Entry, Spoken, SpokenBy, Transcript
from store.outbox import owing, subscriptions
from store.sentences import Sentence, counted
from store.text import languages
from store.text.wording import clock
from store.understanding import prepared

AUTO = "auto"  # in place of a language: as the file says, or as the words tell
EDITABLE = ("title", "video_url", "speaker", "channel", "date", "tags", "language")


@dataclass(frozen=True, slots=True)
class Changed:
    """A transcript before and after a change, what differs, and under which id it can be undone."""

    before: Entry
    after: Entry
    changes: tuple[Sentence, ...] = ()
    undo: int | None = None


class Correcting(Keeping):
    """The transcripts of all guilds, to be corrected."""

    async def edit(
        self, guild_id: int, transcript: str | int, given: Mapping[str, str], *, by: int | None = None
    ) -> Changed:
        """Set details of a transcript: those of `EDITABLE` that are given, an empty one for nothing.

        Raises:
            NotFoundError: the guild has no such transcript.
            FormatError: a value can't be kept, or another transcript is of this video.
            LanguageError: there is no such language.
        """
        language = languages.chosen(given["language"]) if given.get("language") else None
        async with self._database.transaction() as connection:
            entry = await transcripts.named(connection, guild_id, transcript)
            new = _edited(entry.details, given)
            cues = tuple(await transcripts.whole(connection, entry.id))
            columns = await asyncio.to_thread(_columns, entry, Transcript(new, cues))
            if entry.details.url != new.url:
                sought = {**columns, "source": records.source(new, str(entry.id)), "said": None}
                same = await versions.version(connection, guild_id, Transcript(new, cues), sought, but=entry.id)
                if same.before is not None:
                    raise FormatError(
                        "“{title}” is of that video already; remove it first.", title=same.before.details.title[:100]
                    )
                columns["source"] = same.source
            if new == entry.details and language is None:
                await owing.release(connection, entry.id, now=time.time())
                return Changed(entry, entry)
            spoken = language or entry.spoken.code
            undo = await self._kept(connection, guild_id, entry, Change.EDITED, {**columns, "spoken": spoken}, by=by)
            await transcripts.update(connection, entry.id, columns)
            if language is not None:
                await indexing.speak(connection, guild_id, entry, Spoken(language, SpokenBy.MODERATOR))
            await postings.changed(connection, guild_id)
            after = await self._told(connection, guild_id, entry.id)
        self._merging.wake(guild_id)
        return Changed(entry, after, records.changes(entry.details, new, spoken=(entry.spoken.code, spoken)), undo)

    async def speak(
        self, guild_id: int, transcript: str | int, language: str | None = None, *, by: int | None = None
    ) -> Changed:
        """Treat a transcript as one in a language, by its code or English name, or `AUTO`: as its file or words say.

        Without a language nothing is changed.

        Raises:
            NotFoundError: the guild has no such transcript.
            LanguageError: there is no such language.
        """
        code = None if language is None or language.strip().casefold() == AUTO else languages.chosen(language)
        async with self._database.transaction() as connection:
            entry = await transcripts.named(connection, guild_id, transcript)
            if language is None:
                return Changed(entry, entry)
            spoken = await indexing.spoken(connection, entry, code)
            if spoken == entry.spoken:
                return Changed(entry, entry)
            after = {"spoken": spoken.code, "content": bytes.fromhex(entry.content)}
            undo = await self._kept(connection, guild_id, entry, Change.SPOKEN, after, by=by)
            await indexing.speak(connection, guild_id, entry, spoken)
            await self._told(connection, guild_id, entry.id)
        self._merging.wake(guild_id)
        said = records.changes(entry.details, entry.details, spoken=(entry.spoken.code, spoken.code))
        return Changed(entry, replace(entry, spoken=spoken), said, undo)

    async def move_times(
        self, guild_id: int, transcript: str | int, seconds: float, *, by: int | None = None
    ) -> Changed:
        """Move all cues and chapters of a transcript by seconds; what would begin before the video begins with it.

        Raises:
            NotFoundError: the guild has no such transcript.
            FormatError: it has no times, or they would be too late.
        """
        if not math.isfinite(seconds):
            raise FormatError("That is no number of seconds; give one such as -30.")
        shift = round(seconds * 1000)
        async with self._database.transaction() as connection:
            entry = await transcripts.named(connection, guild_id, transcript)
            if not entry.details.timed:
                raise FormatError("This transcript has no times that could be moved.")
            if not shift:
                return Changed(entry, entry)
            if entry.duration_ms + shift > formats.times.MOST:
                raise FormatError("That is later than any video; give the seconds by which it was trimmed.")
            old = await transcripts.whole(connection, entry.id)
            last = max(cue.start_ms for cue in old)
            if last + shift < 0:
                raise FormatError("All would be before the video's start: the last cue is at {time}.", time=clock(last))
            cues = tuple(_moved(cue, shift) for cue in old)
            before_start = sum(cue.start_ms + shift < 0 for cue in old)
            chapters = tuple(Chapter(max(0, start + shift), title) for start, title in entry.details.chapters)
            moved = Transcript(replace(entry.details, chapters=chapters), cues)
            columns = await asyncio.to_thread(_columns, entry, moved)
            undo = await self._kept(connection, guild_id, entry, Change.MOVED, columns, by=by)
            await self._rewrite(connection, guild_id, entry, moved, columns)
            after = await self._told(connection, guild_id, entry.id)
        self._merging.wake(guild_id)
        by_how_many = f"{seconds:+g}"
        said = [
            counted("{n} cue moved by {seconds} s", "{n} cues moved by {seconds} s", len(cues), seconds=by_how_many)
        ]
        if before_start:
            said.append(
                counted(
                    "put at 0:00: {n} cue that would begin before the video does",
                    "put at 0:00: {n} cues that would begin before the video does",
                    before_start,
                )
            )
        return Changed(entry, after, tuple(said), undo)

    async def remove(self, guild_id: int, transcript: str | int, *, by: int | None = None) -> Changed:
        """Remove a transcript, named by its id, its video's id or its link; for a day it can be brought back.

        Raises:
            NotFoundError: the guild has no such transcript.
        """
        async with self._database.transaction() as connection:
            entry = await transcripts.named(connection, guild_id, transcript)
            undo = await self._kept(connection, guild_id, entry, Change.REMOVED, {}, by=by)
            await indexing.remove(connection, guild_id, entry.id)
            await transcripts.delete(connection, entry.id)
            await owing.removed(connection, entry, now=time.time())
        self._merging.wake(guild_id)
        return Changed(entry, entry, undo=undo)

    async def bygones(self, guild_id: int) -> tuple[Bygone, ...]:
        """Return what can be brought back, the last change first."""
        async with self._database.snapshot() as connection:
            return await bygones.listed(connection, guild_id, now=time.time())

    async def forget(self) -> None:
        """Delete for good what was kept for a day, and what nobody was told of long ago."""
        async with self._database.transaction() as connection:
            await bygones.forget(connection, now=time.time())
            await corrections.forget(connection, now=time.time())
            await owing.forget(connection, now=time.time())
            await subscriptions.forget(connection, now=time.time())

    async def restore(self, guild_id: int, bygone_id: int) -> tuple[Bygone, Entry]:
        """Undo a change: bring back a transcript as it was, under its id; it isn't announced again.

        Raises:
            NotFoundError: it is no longer kept, or another change came after it.
            FormatError: another transcript is of this video by now.
        """
        async with self._database.transaction() as connection:
            bygone, data, row, left = await bygones.take(connection, guild_id, bygone_id, now=time.time())
            reading = await asyncio.to_thread(formats.read, data, "a.json", max_bytes=1 << 40, max_cues=1 << 40)
            transcript = reading.transcript
            spoken = Spoken(str(row["spoken"]), SpokenBy(str(row["spoken_by"])))
            analysed, columns = await asyncio.to_thread(prepared, transcript, "", spoken)
            columns |= row
            now = await transcripts.get(connection, guild_id, bygone.transcript)
            if now is not None and now.spoken.code != left["spoken"]:  # its language was set since, and stays
                columns |= {"spoken": now.spoken.code, "spoken_by": now.spoken.by}
            same = await versions.version(connection, guild_id, transcript, columns, but=bygone.transcript)
            if same.before is not None and same.before.ingested_at > bygone.at:
                raise FormatError(
                    "“{title}” was ingested of the same video since; remove it first, then undo.",
                    title=same.before.details.title[:100],
                )
            own = str(row["source"])
            columns["source"] = await versions.free(connection, guild_id, own, transcript, but=bygone.transcript)
            if now is None:
                if bygone.change is not Change.REMOVED:
                    raise NotFoundError("The transcript was removed since; bring it back first.")
                await transcripts.insert(connection, guild_id, transcript, columns | {"id": bygone.transcript})
            elif bygone.change is Change.REMOVED or now.content != bygone.after:
                raise NotFoundError("The transcript was changed again since; undo the later change first.")
            else:
                await indexing.remove(connection, guild_id, now.id)
                await transcripts.replace(connection, now.id, transcript, columns)
            await indexing.write(connection, guild_id, bygone.transcript, analysed, str(columns["spoken"]))
            entry = await self._told(connection, guild_id, bygone.transcript, again=now is None)
        self._merging.wake(guild_id)
        return bygone, entry

    async def export(self, guild_id: int, transcript: str | int, form: Form) -> dict[str, bytes]:
        """Return a transcript as files, by name: what comes out is the same when it is ingested again.

        Raises:
            NotFoundError: the guild has no such transcript.
            FormatError: it has no times, and the form needs them.
        """
        async with self._database.snapshot() as connection:
            entry = await transcripts.named(connection, guild_id, transcript)
            cues = tuple(await transcripts.whole(connection, entry.id))
        return await asyncio.to_thread(writing.written, Transcript(entry.details, cues), form)

    async def export_all(self, guild_id: int, form: Form) -> AsyncIterator[tuple[str, bytes]]:
        """Yield all of the guild's transcripts as files, each name once; those without times as Markdown."""
        page = await self.page(guild_id, limit=-1)
        used: set[str] = set()
        for entry in reversed(page.entries):
            chosen = form if entry.details.timed or form is Form.JSON else Form.NATIVE
            try:
                files = await self.export(guild_id, str(entry.id), chosen)
            except NotFoundError:
                continue  # removed meanwhile
            taken = any(name.casefold() in used for name in files)
            for name, data in files.items():
                unique = f"{entry.id} {name}" if taken else name
                used.add(unique.casefold())
                yield unique, data

    async def _told(self, connection: Writer, guild_id: int, transcript: int, *, again: bool = False) -> Entry:
        """Let those who were told of a transcript, or are owed it, be told what it is now; `again` if it was gone."""
        entry = await transcripts.get(connection, guild_id, transcript)
        assert entry is not None
        if again:
            await owing.restored(connection, guild_id, entry, now=time.time())
        else:
            await owing.changed(connection, guild_id, entry, now=time.time())
        return entry

    async def _rewrite(
        self,
        connection: Writer,
        guild_id: int,
        entry: Entry,
        transcript: Transcript,
        columns: Mapping[str, object],
    ) -> None:
        """Put other cues in a transcript's place, and index them."""
        analysed, _ = await asyncio.to_thread(prepared, transcript, "", entry.spoken)
        await indexing.remove(connection, guild_id, entry.id)
        counts = {"words": analysed.words, "passages": len(analysed.passages)}
        await transcripts.replace(connection, entry.id, transcript, {**columns, **counts})
        await indexing.write(connection, guild_id, entry.id, analysed, entry.spoken.code)


def _columns(entry: Entry, transcript: Transcript) -> dict[str, object]:
    """Return the columns of a transcript that was changed, but for what it is known by and by whom."""
    columns = records.columns_of(transcript, "", entry.spoken, words=entry.words, passages=entry.passages)
    return {key: value for key, value in columns.items() if key not in {"source", "file"}}


def _moved(cue: Cue, shift: int) -> Cue:
    start = max(0, cue.start_ms + shift)
    end = cue.end_ms + shift if cue.end_ms is not None else None
    return cue._replace(start_ms=start, end_ms=end if end is not None and end > start else None)


def _edited(old: Details, given: Mapping[str, str]) -> Details:
    """Return details with those that are given, read as a file's are.

    Raises:
        FormatError: one can't be read.
    """
    fields = {key: value for key, value in given.items() if key in EDITABLE and key != "language"}
    read = checked(fields)
    names = {"video_url": "url", "date": "published"}
    new = {names.get(key, key): getattr(read, names.get(key, key)) for key in fields}
    if read.url and old.url and links.identity(read.url) != links.identity(old.url):
        new["video_id"] = None  # it was the other video's
    if not given.get("title", "x").strip():
        raise FormatError("A transcript needs a title.")
    return replace(old, **new)
