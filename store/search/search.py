"""From a question to an answer: understand, look up, rank, read the cues, quote.

A whole question is answered in one read transaction, so the index and the texts are of the same moment even while
the transcript is being replaced; and in one thread, beside the event loop.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from store import glossary, transcripts
from store.database import Database, Reader
from store.errors import FilterError
from store.index.directory import GuildIndex
from store.index.indexes import Indexes
from store.models import Answer, Filters, Limits, Spelling
from store.search import expansion
from store.search.choosing import Choice
from store.search.lookup import Lookup
from store.search.query import Query, compiled
from store.search.question import Question, understand
from store.search.ranking import Mask, rank
from store.search.subjects import Subjects
from store.text import analysis

MAX_PAGES = 10  # of an answer: what comes later shares too little with the question
MAX_ROUNDS = 12  # of ranking: where hundreds of transcripts say the same, the first of them are enough
BATCH = 4  # passages ranked per quote wanted: overlapping ones fall together
LIKELY = 0.75  # how alike a name and what it may have been heard as are at least, to be suggested


class Search:
    """Answers questions."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._indexes = Indexes(limits.index_bytes)

    async def ask(self, guild_id: int, text: str, *, limit: int, filters: Filters, page: int = 0) -> Answer:
        """Return a page of up to `limit` quotes from what `filters` leave of the guild's library, best first.

        Raises:
            QuestionError: the question is too long or has no word to search for.
            FilterError: no transcript passes the filters.
            DatabaseError: the database can't be read.
        """
        question = understand(text, max_characters=self._limits.question_characters)
        return await self._database.computed(
            lambda connection: self._asked(connection, guild_id, question, limit=limit, filters=filters, page=page)
        )

    async def candidates(self, guild_id: int, names: Sequence[str]) -> tuple[Spelling, ...]:
        """Return what names may have been heard as in the guild's library, as it was said there, the likeliest first.

        What the glossary says already is left out.

        Raises:
            DatabaseError: the database can't be read.
        """
        return await self._database.computed(lambda connection: self._candidates(connection, guild_id, names))

    async def _asked(
        self, connection: Reader, guild_id: int, question: Question, *, limit: int, filters: Filters, page: int
    ) -> Answer:
        index = await self._indexes.get(connection, guild_id)
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
            matched = rank(index, query.clauses, 1, excluded=query.excluded).matched
            return replace(answer, passages=matched, more=matched > 0)
        return await self._answer(connection, index, query, answer, limit=limit, page=page - unanswerable)

    async def _candidates(self, connection: Reader, guild_id: int, names: Sequence[str]) -> tuple[Spelling, ...]:
        lookup = Lookup(connection, guild_id, await self._indexes.get(connection, guild_id))
        known = {
            (analysis.folded(entry.term), analysis.folded(spelling))
            for entry in await glossary.listed(connection, guild_id)
            for spelling in entry.heard_as
        }
        found: dict[str, dict[str, str]] = {}
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
        connection: Reader,
        index: GuildIndex,
        query: Query,
        answer: Answer,
        *,
        limit: int,
        page: int,
    ) -> Answer:
        """Return the answer with a page of quotes, counted from 0."""
        excluded = query.excluded
        ranking = first = rank(index, query.clauses, limit * BATCH, excluded=excluded)
        choice = Choice(query, Subjects.of(index, query.clauses), query.wanted(first.weights), limit)
        for _ in range(MAX_ROUNDS):
            if not ranking.hits:
                break
            await choice.add(connection, ranking.hits, page=page)
            if not (missing := choice.missing(page)):
                break
            excluded[[hit.number for hit in ranking.hits]] = True
            for passages in index.spans(choice.full(page)):
                excluded[passages] = True
            ranking = rank(index, query.clauses, missing * BATCH, excluded=excluded)
        chosen, left = choice.page(page)
        entries = await transcripts.entries(connection, {found.span.transcript for found in chosen})
        quotes = choice.quotes(chosen, entries)
        return replace(
            answer,
            quotes=quotes,
            passages=first.matched,
            more=bool(chosen) and page + 1 < MAX_PAGES and (left or bool(ranking.hits)),
            approximations=query.approximations([quote.text for quote in quotes]),
        )

    async def _excluded(self, connection: Reader, guild_id: int, index: GuildIndex, filters: Filters) -> Mask:
        if filters == Filters():
            return np.zeros(index.size, dtype=bool)
        left = await transcripts.matching(connection, guild_id, filters)
        if not left:
            raise FilterError(f"No transcript here passes these filters ({'; '.join(filters.said)}); leave one out.")
        return ~index.of(left)
