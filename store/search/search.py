"""From a question to an answer: understand, look up, rank, read the cues, quote.

One read transaction serves the whole question, so the index and the texts are of the same moment even while the
transcript is being replaced. Numpy and text work runs in a worker thread.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import aiosqlite
import numpy as np
import numpy.typing as npt

from store import glossary, transcripts
from store.database import Database
from store.errors import FilterError
from store.models import Answer, Filters, Limits, Spelling
from store.search import analysis, expansion, postings
from store.search.choosing import Choice
from store.search.index import GuildIndex
from store.search.lookup import Lookup
from store.search.query import Query, compiled
from store.search.question import understand
from store.search.ranking import rank

MAX_PAGES = 10  # of an answer: what comes later shares too little with the question
MAX_ROUNDS = 12  # of ranking: where hundreds of transcripts say the same, the first of them are enough
BATCH = 4  # passages ranked per quote wanted: overlapping ones fall together
LIKELY = 0.75  # how alike a name and what it may have been heard as are at least, to be suggested
MEMORY = 256 * 2**20  # bytes of indexes kept, the least recently asked guild's dropped first


class Search:
    """Answers questions, holding the indexes of the guilds that were asked last."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._indexes: OrderedDict[int, GuildIndex] = OrderedDict()
        self._loading: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, guild_id: int, text: str, *, limit: int, filters: Filters, page: int = 0) -> Answer:
        """Return a page of up to `limit` quotes from what `filters` leave of the guild's library, best first.

        Raises:
            QuestionError: the question is too long or has no word to search for.
            FilterError: no transcript passes the filters.
            DatabaseError: the database can't be read.
        """
        question = understand(text, max_characters=self._limits.question_characters)
        async with self._database.snapshot() as connection:
            index = await self._index(connection, guild_id)
            left = await self._excluded(connection, guild_id, index, filters)
            spellings = await glossary.listed(connection, guild_id)
            query = await compiled(question, Lookup(connection, guild_id, index), left, glossary=spellings)
            unanswerable = query.unanswerable
            answer = Answer(
                question.text,
                not_found=question.missing(query.found),
                library_size=index.transcripts,
                filters=filters.said,
                page=page,
                unsaid=query.unsaid,
                closest=unanswerable and page > 0,
            )
            if unanswerable and not page:
                matched = (await asyncio.to_thread(rank, index, query.clauses, 1, excluded=query.excluded)).matched
                return replace(answer, passages=matched, more=matched > 0)
            return await self._answer(connection, index, query, answer, limit=limit, page=page - unanswerable)

    async def candidates(self, guild_id: int, names: Sequence[str]) -> tuple[Spelling, ...]:
        """Return what names may have been heard as in the guild's library, as it was said there, the likeliest first.

        What the glossary says already is left out.

        Raises:
            DatabaseError: the database can't be read.
        """
        found: dict[str, dict[str, str]] = {}
        async with self._database.snapshot() as connection:
            lookup = Lookup(connection, guild_id, await self._index(connection, guild_id))
            known = {
                (analysis.folded(entry.term), analysis.folded(spelling))
                for entry in await glossary.listed(connection, guild_id)
                for spelling in entry.heard_as
            }
            for name in names:
                if not analysis.terms(name):
                    continue
                question = understand(name, max_characters=len(name))
                heard = await expansion.heard(question, lookup, (), every=True)
                for one in sorted(heard, key=lambda one: -one.alike):
                    if one.alike >= LIKELY and (said := await lookup.said(one.phrase, heard[one].postings[0][0])):
                        pair = analysis.folded(one.typed), analysis.folded(said)
                        if pair not in known and pair[0] != pair[1]:
                            found.setdefault(one.typed, {}).setdefault(pair[1], said)
        return tuple(Spelling(typed, tuple(said.values())) for typed, said in found.items())

    async def _answer(
        self,
        connection: aiosqlite.Connection,
        index: GuildIndex,
        query: Query,
        answer: Answer,
        *,
        limit: int,
        page: int,
    ) -> Answer:
        """Return the answer with a page of quotes, counted from 0."""
        choice = Choice(query, limit)
        excluded = query.excluded
        ranking = first = await asyncio.to_thread(rank, index, query.clauses, limit * BATCH, excluded=excluded)
        wanted = query.wanted(first.weights)
        for _ in range(MAX_ROUNDS):
            if not ranking.hits:
                break
            await choice.read(connection, ranking.hits)
            await asyncio.to_thread(choice.add, index, ranking.hits, wanted)
            if choice.complete(page):
                break
            excluded[[hit.number for hit in ranking.hits]] = True
            excluded |= index.of(choice.full(page))
            ranking = await asyncio.to_thread(rank, index, query.clauses, limit * BATCH, excluded=excluded)
        chosen, left = choice.page(page)
        entries = await transcripts.entries(connection, {found.span.transcript for found in chosen})
        quotes = await asyncio.to_thread(choice.quotes, chosen, entries, wanted)
        return replace(
            answer,
            quotes=quotes,
            passages=first.matched,
            more=bool(chosen) and page + 1 < MAX_PAGES and (left or bool(ranking.hits)),
            approximations=query.approximations([quote.text for quote in quotes]),
        )

    async def _excluded(
        self, connection: aiosqlite.Connection, guild_id: int, index: GuildIndex, filters: Filters
    ) -> npt.NDArray[np.bool_]:
        if filters == Filters():
            return np.zeros(index.size, dtype=bool)
        left = await transcripts.matching(connection, guild_id, filters)
        if not left:
            raise FilterError(f"No transcript here passes these filters ({'; '.join(filters.said)}); leave one out.")
        return ~index.of(left)

    async def _index(self, connection: aiosqlite.Connection, guild_id: int) -> GuildIndex:
        async with self._loading[guild_id]:
            index = await postings.refresh(connection, guild_id, self._indexes.get(guild_id, GuildIndex()))
            self._indexes[guild_id] = index
            self._indexes.move_to_end(guild_id)
        while len(self._indexes) > 1 and sum(kept.nbytes for kept in self._indexes.values()) > MEMORY:
            self._indexes.popitem(last=False)
        return index
