"""Writing what is derived from transcripts, in the transaction of what it is derived from."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from store import corrected, transcripts
from store.database import Database, Reader, Writer, aside
from store.index import segments, stream, vectors, vocabulary
from store.index.analysed import Analysed, analyse, built
from store.index.postings import changed, delete, insert, whole
from store.models import Entry, Spoken, SpokenBy
from store.text import analysis, telling


async def write(connection: Writer, guild_id: int, transcript_id: int, analysed: Analysed, language: str) -> None:
    """Write a transcript's segment and stream, and the words that are new to the guild; bump the guild's version.

    `analysed` are its cues as they are; what stands corrected of them is written beside. `language` is the code of the
    language it is in, "" where that isn't known.
    """
    if standing := await corrected.standing(connection, transcript_id):
        analysed = await _analysed(connection, transcript_id, standing)
    await _write(connection, guild_id, transcript_id, analysed, language)


async def _analysed(connection: Reader, transcript_id: int, standing: Mapping[int, str]) -> Analysed:
    return await aside(analyse, await transcripts.whole(connection, transcript_id), standing)


async def _write(connection: Writer, guild_id: int, transcript_id: int, analysed: Analysed, language: str) -> None:
    numbers = await vocabulary.add(connection, guild_id, analysed.distinct, analysed.pairs, language)
    await insert(connection, guild_id, await aside(built, transcript_id, analysed, numbers))
    await stream.write(connection, transcript_id, analysed.spoken(numbers))
    await changed(connection, guild_id)


async def remove(connection: Writer, guild_id: int, transcript_id: int) -> None:
    """Take a transcript out of its segment, and delete its stream and its vectors, before its rows go.

    Bump the guild's version.
    """
    rows = await connection.execute_fetchall(
        """
        SELECT segment_id,
            (SELECT count(*) FROM segment_transcripts AS shared WHERE shared.segment_id = held.segment_id) > 1
        FROM segment_transcripts AS held WHERE transcript_id = ?
        """,
        (transcript_id,),
    )
    for segment_id, shared in rows:
        # A segment of its own goes unread, so that a damaged one can be replaced.
        if shared:
            held = await whole(connection, segment_id)
            left = await aside(segments.without, held, transcript_id)
        await delete(connection, [segment_id])
        if shared and left is not None:
            await insert(connection, guild_id, left)
    await stream.remove(connection, transcript_id)
    await vectors.remove(connection, [transcript_id])
    await changed(connection, guild_id)


async def spoken(connection: Reader, entry: Entry, language: str | None) -> Spoken:
    """Return the language of a transcript as a moderator says it, by its code; without one as its file or words do."""
    if language is not None:
        return Spoken(language, SpokenBy.MODERATOR)
    texts = [cue.text for cue in await transcripts.whole(connection, entry.id)]
    return await aside(telling.spoken, entry.details.language, "", texts)


async def speak(connection: Writer, guild_id: int, entry: Entry, spoken: Spoken) -> None:
    """Treat a transcript as one in a language."""
    await transcripts.speak(connection, entry.id, spoken)
    await again(connection, guild_id, replace(entry, spoken=spoken))


async def again(connection: Writer, guild_id: int, entry: Entry) -> None:
    """Index a transcript anew by its cues, and what stands corrected of them."""
    analysed = await _analysed(connection, entry.id, await corrected.standing(connection, entry.id))
    await remove(connection, guild_id, entry.id)
    await _write(connection, guild_id, entry.id, analysed, entry.spoken.code)


async def forget(connection: Writer, guild_id: int) -> None:
    """Delete all that is derived from a guild's transcripts; bump the guild's version."""
    for table in ("segments", "terms", "words", "sounds"):
        await connection.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))
    rows = await connection.execute_fetchall("SELECT id FROM transcripts WHERE guild_id = ?", (guild_id,))
    for (id_,) in rows:
        await stream.remove(connection, id_)
    await vectors.forget(connection, guild_id)
    await connection.execute(
        "UPDATE guilds SET words = 0, analysis = ? WHERE guild_id = ?", (analysis.VERSION, guild_id)
    )
    await changed(connection, guild_id)


async def remake_streams(database: Database, guild_id: int, transcript_ids: Iterable[int]) -> None:
    """Make the streams of some of a guild's transcripts again from their cues.

    Raises:
        DatabaseError: the database can't be written.
    """
    for id_ in transcript_ids:
        async with database.transaction() as connection:
            if (entry := await transcripts.get(connection, guild_id, id_)) is None:
                continue
            analysed = await _analysed(connection, id_, await corrected.standing(connection, id_))
            language = entry.spoken.code
            numbers = await vocabulary.add(connection, guild_id, analysed.distinct, analysed.pairs, language)
            await stream.remove(connection, id_)
            await stream.write(connection, id_, analysed.spoken(numbers))
