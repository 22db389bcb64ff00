"""The one face of the store: what cogs and the command line can do with the guilds' libraries.

Every change is one transaction: rows, index and deliveries are kept together or not at all.
"""

import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, TypeVar

from store import asked, excerpts, glossary, transcripts, watched
from store.catalogue import is_small
from store.correcting import Correcting
from store.corrections.reviewing import Corrections
from store.database import Database
from store.errors import NotFoundError, QuestionError, StoreError, StreamError
from store.feeds.following import Feeds
from store.holdings.holding import Holdings
from store.index import indexing, reindexing
from store.index.merging import Merging
from store.index.reindexing import Reindex
from store.insights.recording import Insights
from store.meaning.encoder import Encoder
from store.meaning.making import Making
from store.models import (
    Answer,
    Asked,
    Excerpt,
    Filters,
    Limits,
    Match,
    Mention,
    Mentions,
    MentionsPage,
    Moment,
    Quote,
    Sizes,
    Spelling,
    Traced,
)
from store.outbox.notifying import Notifications
from store.process import settle
from store.search import matching
from store.search.asking import Asking, Request
from store.search.meant import Meant
from store.search.search import Search
from store.search.workers import Workers
from store.text import awaited
from store.text.analysis import folded
from store.text.wording import numbered
from store.upkeep import sizes
from store.upkeep.pulse import Pulse

SUGGESTED_FROM = 100  # names that spellings are looked for, where none is given
LOOKED_AT = 50  # of the times that a word was said, to tell whether it is a name

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Library(Correcting):
    """The libraries, glossaries, subscriptions and deliveries of all guilds in one database."""

    outbox: ClassVar[type[Notifications]] = Notifications

    def __init__(
        self,
        database: Database,
        limits: Limits,
        merging: Merging,
        search: Search,
        asking: Asking,
        *,
        encoder: Encoder | None = None,
    ) -> None:
        super().__init__(database, limits, merging, encoder.name if encoder is not None else None)
        self.feeds = Feeds(database, self.ingest, limits)
        self.notifications = self.outbox(database, limits, self.matched, self.characteristic)
        self.pulse = Pulse(database, lambda: search.nbytes)
        self.holdings = Holdings(database, merging, self._kept, self._hold)
        self.insights = Insights(database, self.ask, search.nearby, self.suggest_spellings)
        self.corrections = Corrections(database, merging.wake)
        self._search = search
        self._asking = asking

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        path: Path,
        limits: Limits | None = None,
        *,
        workers: int = 0,
        reindex: Reindex = Reindex.FIRST,
        encoder: Encoder | None = None,
    ) -> AsyncIterator["Library"]:
        """Open the database at `path`, making it where it isn't there; `workers` are processes that answer questions.

        What an earlier version has indexed is indexed anew as `reindex` says; until then answers are incomplete, and
        say so. With an `encoder` what is alike in meaning is looked for, too; the vectors of what was said are made in
        the background where `reindex` says that there is one.

        Raises:
            DatabaseError: it can't be opened, isn't a database, or is newer than this program.
        """
        settle()
        limits = limits or Limits()
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(Database.opened(path))
            await reindexing.outdated(database)
            if reindex is Reindex.FIRST:
                await reindexing.complete(database)
            merging = await stack.enter_async_context(Merging.running(database))
            if reindex is Reindex.MEANWHILE:
                await stack.enter_async_context(reindexing.running(database, merging))
            share = replace(limits, index_bytes=limits.index_bytes // (workers + 1))  # each process has its own index
            search = Search(database, share)
            asking: Asking = (
                await stack.enter_async_context(Workers.running(search, path, share, workers)) if workers else search
            )
            if encoder is not None:
                asking = Meant(database, asking, encoder, longest=limits.question_characters)
            library = cls(database, limits, merging, search, asking, encoder=encoder)
            if encoder is not None and reindex is Reindex.MEANWHILE:
                give_way = library._questions.wait
                await stack.enter_async_context(Making.running(database, encoder, give_way))
            yield library

    async def ask(
        self,
        guild_id: int,
        question: str,
        *,
        limit: int | None = None,
        filters: Filters | None = None,
        page: int = 0,
    ) -> Answer:
        """Return the best quotes for a question from the transcripts that pass the filters: a page of `limit`.

        Where what says the same in other words should be looked for and can't, the answer says so.

        Raises:
            QuestionError: the question is too long or has no word to search for.
            FilterError: no transcript passes the filters.
        """
        request = Request(guild_id, question, limit or self.limits.quotes, filters or Filters(), page)
        return await self._mended(guild_id, lambda: self._asking.ask(request))

    async def mentions(self, guild_id: int, words: str, *, filters: Filters | None = None) -> Mentions:
        """Count how often words were said in the transcripts that pass the filters: a word, a name or a “phrase”.

        Raises:
            QuestionError: the words are too many, or there is none.
            FilterError: no transcript passes the filters.
        """
        narrowed = filters or Filters()
        return await self._mended(guild_id, lambda: self._search.mentions(guild_id, words, filters=narrowed))

    async def mentions_in(
        self, guild_id: int, words: str, transcript: int, *, page: int = 0, limit: int = 10
    ) -> MentionsPage:
        """Return a page of the mentions of words in one transcript, in order.

        Raises:
            QuestionError: the words are too many, or there is none.
            NotFoundError: the guild has no such transcript.
        """
        async with self._database.snapshot() as connection:
            entry = await transcripts.get(connection, guild_id, transcript)
        if entry is None:
            raise NotFoundError(excerpts.GONE)
        narrowed = Filters(transcript=transcript)
        found, count = await self._mended(
            guild_id,
            lambda: self._search.mentions_in(guild_id, words, filters=narrowed, first=page * limit, limit=limit),
        )
        return MentionsPage(words, entry, count, tuple(found), page, more=(page + 1) * limit < count)

    async def every_mention(self, guild_id: int, words: str, *, filters: Filters | None = None) -> tuple[Mention, ...]:
        """Return each mention of words in the transcripts that pass the filters, in order.

        Raises:
            QuestionError: the words are too many, or there is none.
            FilterError: no transcript passes the filters.
        """
        narrowed = filters or Filters()
        found, _ = await self._mended(guild_id, lambda: self._search.mentions_in(guild_id, words, filters=narrowed))
        return tuple(found)

    def checked_words(self, words: str) -> str:
        """Return words to wait for in new transcripts, as they are kept.

        Raises:
            QuestionError: they are too long, nothing is left of them that could be waited for, or *or* is between them.
        """
        kept = matching.checked(words, max_characters=self.limits.question_characters)
        if (either := awaited.alternative(kept)) is not None:
            raise QuestionError(
                "All the words must be said, so “{either}” can't stand between them: use another subscription, or "
                "another alert, for *or*; if it is said so, put it all in quotation marks.",
                either=either,
            )
        return kept

    async def matched(self, guild_id: int, words: str, transcript: int, *, limit: int = 3) -> Match:
        """Return whether a transcript says all words that somebody waits for, with at most `limit` quotes.

        Raises:
            QuestionError: the words are too many, or there is none.
            NotFoundError: the guild has no such transcript.
            UnindexedError: it can't be searched yet.
        """
        return await self._mended(guild_id, lambda: self._search.matched(guild_id, words, transcript, limit=limit))

    async def characteristic(self, guild_id: int, transcript: int, *, count: int = 3) -> tuple[Quote, ...]:
        """Return at most `count` moments that tell a transcript from the others of the guild, in order of time.

        Raises:
            NotFoundError: the guild has no such transcript.
            UnindexedError: it isn't indexed yet.
        """
        return await self._mended(guild_id, lambda: self._search.characteristic(guild_id, transcript, count=count))

    async def traced(self, guild_id: int, transcript: str) -> Traced:
        """Return a transcript with its deliveries, by its id, title or link; one that was removed, by its id or title.

        Raises:
            StoreError: nothing is known of such a transcript in this guild.
        """
        typed = transcript.strip()
        found = await self._traced(guild_id, int(typed)) if re.fullmatch(r"[0-9]{1,18}", typed) else None
        if found is None:
            try:
                id_ = (await self.filters(guild_id, {"video": typed or " "})).transcript
            except StoreError:
                gone = await self.notifications.removed_titles(guild_id, typed)
                id_ = next((id_ for id_, title in gone if folded(title) == folded(typed)), None)
                if id_ is None:
                    raise
            found = await self._traced(guild_id, id_) if id_ is not None else None
        if found is None:
            raise NotFoundError(excerpts.GONE)  # meanwhile
        return found

    async def _traced(self, guild_id: int, transcript: int) -> Traced | None:
        async with self._database.snapshot() as connection:
            entry = await transcripts.get(connection, guild_id, transcript)
        deliveries = await self.notifications.deliveries(guild_id, transcript_id=transcript)
        if entry is None and not deliveries:
            return None
        return Traced(transcript, entry.details.title if entry else deliveries[0].title, entry, deliveries)

    async def remember(self, guild_id: int, token: str, question: Asked) -> None:
        """Keep a question for the buttons under its answer; those older than 30 days are forgotten."""
        async with self._database.transaction() as connection:
            await asked.remember(connection, guild_id, token, question, at=time.time())

    async def recall(self, guild_id: int, token: str) -> Asked:
        """Return a question that was remembered.

        Raises:
            NotFoundError: the guild has no question with this token, or no longer.
        """
        async with self._database.snapshot() as connection:
            found = await asked.recall(connection, guild_id, token)
        if found is None:
            raise NotFoundError("That question is no longer kept; ask it again with `/ask`.")
        return found

    async def around(
        self, guild_id: int, moment: Moment, *, seconds: int = 30, room: int = 3000, size: Callable[[str], int] = len
    ) -> Excerpt:
        """Return a quote with what was said up to `seconds` before and after it, as far as `room` goes.

        `size` measures what each cue's text takes of the room.

        Raises:
            NotFoundError: the transcript is gone, or its new version ends before the moment.
        """
        async with self._database.snapshot() as connection:
            return await excerpts.around(connection, guild_id, moment, seconds=seconds, room=room, size=size)

    async def sizes(self, guild_id: int | None = None) -> tuple[Sizes, ...]:
        """Return how much there is of each guild of which there is anything, or of the one that is named, by its id."""
        async with self._database.snapshot() as connection:
            return await sizes.by_guild(connection, guild_id, model=self._model)

    async def glossary(self, guild_id: int, *, term: str | None = None) -> tuple[Spelling, ...]:
        """Return the guild's terms with what they are also heard as, in order; of a named `term` alone."""
        async with self._database.snapshot() as connection:
            return await glossary.listed(connection, guild_id, term=term)

    async def suggest_spellings(self, guild_id: int, *, term: str | None = None) -> tuple[Spelling, ...]:
        """Return what a term may be heard as in this library; without one, the glossary's terms and the catalogue's.

        Words of the catalogue that transcripts write in small letters come last, for they may be no names.

        Raises:
            GlossaryError: the term is too long or has no searchable word.
        """
        if term is not None:
            return await self._search.candidates(guild_id, [glossary.named(term)])
        names = {folded(entry.term): entry.term for entry in await self.glossary(guild_id)}
        kept = set(names)
        for word in (await self.catalogue(guild_id)).words:
            names.setdefault(folded(word), word)
        found = await self._search.candidates(guild_id, list(names.values())[:SUGGESTED_FROM])
        small = [folded(one.term) not in kept and await self._is_small(guild_id, one.term) for one in found]
        return tuple(one for _, one in sorted(zip(small, found, strict=True), key=lambda pair: pair[0]))

    async def _is_small(self, guild_id: int, word: str) -> bool:
        """Whether some of the times that a word was said stand in small letters."""

        async def said() -> bool:
            found, _ = await self._search.mentions_in(guild_id, f'"{word}"', filters=Filters(), limit=LOOKED_AT)
            return any(is_small(one.said) for one in found)

        return await self._mended(guild_id, said)

    async def add_spellings(
        self, guild_id: int, term: str, heard_as: Sequence[str], *, created_by: int | None = None
    ) -> tuple[Spelling, tuple[str, ...]]:
        """Keep what a term is also heard as; return all of its spellings, and those that are new.

        Raises:
            GlossaryError: one can't be kept, or is one too many; then none is kept.
        """
        wanted = glossary.checked(term, heard_as)
        async with self._database.transaction() as connection:
            at = datetime.now(UTC).isoformat()
            return await glossary.add(connection, guild_id, wanted, created_by=created_by, at=at)

    async def remove_spellings(self, guild_id: int, term: str, heard_as: Sequence[str] | None = None) -> Spelling:
        """Forget spellings of a term, or the whole term where none is named; return what is gone.

        Raises:
            GlossaryError: `heard_as` names no spelling.
            NotFoundError: the guild has no such term, or the term no such spelling; then none is forgotten.
        """
        async with self._database.transaction() as connection:
            return await glossary.remove(connection, guild_id, term, heard_as)

    async def replaced(self) -> None:
        """Return once another database is in the place of this one, and can be opened."""
        await self._database.replaced()

    async def watched(self, guild_id: int) -> dict[str, bytes]:
        """Return digests of what was ingested from watched folders, by the files' paths."""
        async with self._database.snapshot() as connection:
            return await watched.known(connection, guild_id)

    async def watch(self, guild_id: int, digests: Mapping[str, bytes]) -> None:
        """Remember digests of what was ingested from a watched folder, by the files' paths."""
        async with self._database.transaction() as connection:
            await watched.keep(connection, guild_id, digests)

    async def synced_commands(self, application_id: int) -> dict[int, str]:
        """Return the digest of the commands last synced for an application, by scope (a guild, or 0 for all)."""
        async with self._database.snapshot() as connection:
            rows = await connection.execute_fetchall(
                "SELECT scope, digest FROM synced_commands WHERE application_id = ?", (application_id,)
            )
        return {int(scope): str(digest) for scope, digest in rows}

    async def commands_synced(self, application_id: int, scope: int, digest: str) -> None:
        """Remember which commands were synced."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT OR REPLACE INTO synced_commands (application_id, scope, digest) VALUES (?, ?, ?)",
                (application_id, scope, digest),
            )

    def _hold(self, guild_ids: Collection[int]) -> None:
        """Drop from memory what is held of all guilds but these."""
        self._search.keep(guild_ids)
        self.notifications.forget_moments()
        self.insights.forget_choices()
        for guild_id in self._catalogues.keys() - set(guild_ids):
            del self._catalogues[guild_id]

    async def _mended(self, guild_id: int, work: Callable[[], Awaitable[T]]) -> T:
        """Do work that reads streams of words; where some are damaged, make them again and repeat it."""
        with self._questions.asked():
            try:
                return await work()
            except StreamError as error:
                damaged = sorted(error.transcripts)
                _log.warning("Making the stream of %s again: damaged.", numbered(damaged, "transcript"))
                await indexing.remake_streams(self._database, guild_id, damaged)
                return await work()
