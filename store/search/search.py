"""From a question to an answer: understand, look up, rank, read the cues, quote.

A whole question is answered in one read transaction, so the index and the texts are of the same moment even while
the transcript is being replaced; and in one thread, beside the event loop.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from store import glossary, transcripts
from store.database import Computing, Reader
from store.errors import FilterError
from store.index.indexes import Indexes
from store.meaning.encoder import Meaning
from store.meaning.likeness import Similar
from store.meaning.likenesses import Likenesses
from store.models import Answer, Filters, Limits, Match, Mention, Mentions, Quote, Spelling
from store.search import characteristic, expansion, forms, matching, mentions
from store.search.asking import Request
from store.search.choosing import Candidate, Found, chosen
from store.search.counting import counted
from store.search.expansion import By
from store.search.forms import Sought
from store.search.looking import Looking
from store.search.lookup import Lookup
from store.search.mentions import Said
from store.search.nearby import nearby
from store.search.query import Query, compiled
from store.search.question import understand
from store.search.quotes import Marked, Quoting
from store.search.ranking import Best, Mask
from store.search.similar import POOL, Alike, least
from store.search.subjects import Subjects
from store.sentences import SEMICOLONS, series
from store.text import analysis

MAX_PAGES = 10  # of an answer: what comes later shares too little with the question
MAX_ROUNDS = 12  # of ranking: where hundreds of transcripts say the same, the first of them are enough
BATCH = 4  # passages per quote wanted, in each round: overlapping ones fall together
LIKELY = 0.75  # how alike a name and what it may have been heard as are at least, to be suggested


class Search:
    """Answers questions."""

    def __init__(self, database: Computing, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._indexes = Indexes(limits.index_bytes)
        self._likenesses = Likenesses(limits.index_bytes, self._indexes)

    @property
    def nbytes(self) -> int:
        """The memory of what is held of libraries in bytes."""
        return self._indexes.nbytes + self._likenesses.nbytes

    def keep(self, guild_ids: Collection[int]) -> None:
        """Drop from memory what is held of all guilds but these."""
        self._indexes.keep(guild_ids)
        self._likenesses.keep(guild_ids)

    async def ask(self, request: Request) -> Answer:
        """Return the page of quotes that is asked for, best first.

        Raises:
            QuestionError: the question is too long or has no word to search for.
            FilterError: no transcript passes the filters.
            VectorsError: some sentence vectors are damaged.
            DatabaseError: the database can't be read.
        """
        return await self._database.computed(lambda connection: self._asked(connection, request))

    async def mentions(self, guild_id: int, words: str, *, filters: Filters) -> Mentions:
        """Count how often words were said in what `filters` leave of the guild's library.

        Raises:
            QuestionError: the words are too many, or there is none.
            FilterError: no transcript passes the filters.
            DatabaseError: the database can't be read.
        """
        sought = forms.asked(words, max_characters=self._limits.question_characters)

        async def counted(connection: Reader) -> Mentions:
            lookup, every, said = await self._said(connection, guild_id, sought, filters)
            return replace(await mentions.summed(connection, lookup.index, every, said), filters=filters.said)

        return await self._database.computed(counted)

    async def mentions_in(
        self, guild_id: int, words: str, *, filters: Filters, first: int = 0, limit: int | None = None
    ) -> tuple[list[Mention], int]:
        """Return the mentions of words from the `first` on, at most `limit`, and how many there are.

        Raises:
            QuestionError: the words are too many, or there is none.
            FilterError: no transcript passes the filters.
            DatabaseError: the database can't be read.
        """
        sought = forms.asked(words, max_characters=self._limits.question_characters)

        async def quoted(connection: Reader) -> tuple[list[Mention], int]:
            _, every, said = await self._said(connection, guild_id, sought, filters)
            some = said.of(slice(first, None if limit is None else first + limit))
            return await mentions.quoted(connection, every, some), len(said)

        return await self._database.computed(quoted)

    async def matched(self, guild_id: int, words: str, transcript: int, *, limit: int = 3) -> Match:
        """Return whether a transcript says all words that somebody waits for, with at most `limit` quotes.

        Raises:
            QuestionError: the words are too many, or there is none.
            NotFoundError: the guild has no such transcript.
            UnindexedError: it can't be searched yet.
            DatabaseError: the database can't be read.
        """

        async def matched(connection: Reader) -> Match:
            entry = await transcripts.named(connection, guild_id, transcript)
            lookup = await self._lookup(connection, guild_id)
            most, languages = self._limits.question_characters, lookup.index.languages
            question = understand(words, max_characters=most, languages=languages)
            spellings = await glossary.listed(connection, guild_id)
            return await matching.matched(lookup, question, entry, spellings, limit=limit)

        return await self._database.computed(matched)

    async def characteristic(self, guild_id: int, transcript: int, *, count: int = 3) -> tuple[Quote, ...]:
        """Return at most `count` moments that tell a transcript from the others of the guild, in order of time.

        Raises:
            NotFoundError: the guild has no such transcript.
            UnindexedError: it isn't indexed yet.
            DatabaseError: the database can't be read.
        """

        async def chosen(connection: Reader) -> tuple[Quote, ...]:
            entry = await transcripts.named(connection, guild_id, transcript)
            lookup = await self._lookup(connection, guild_id)
            cues = await transcripts.whole(connection, transcript)
            return await characteristic.moments(lookup, entry, cues, count=count)

        return await self._database.computed(chosen)

    async def candidates(self, guild_id: int, names: Sequence[str]) -> tuple[Spelling, ...]:
        """Return what names may have been heard as in the guild's library, as it was said there, the likeliest first.

        What the glossary says already is left out.

        Raises:
            DatabaseError: the database can't be read.
        """
        return await self._database.computed(lambda connection: self._candidates(connection, guild_id, names))

    async def nearby(self, guild_id: int, words: Sequence[str]) -> tuple[Spelling, ...]:
        """Return what words that nobody said may have been in the guild's library; nothing of those without.

        Raises:
            DatabaseError: the database can't be read.
        """

        async def found(connection: Reader) -> tuple[Spelling, ...]:
            return await nearby(await self._lookup(connection, guild_id), words)

        return await self._database.computed(found)

    async def _said(
        self, connection: Reader, guild_id: int, sought: Sought, filters: Filters
    ) -> tuple[Lookup, list[Sought], Said]:
        """Return the forms of words, and where each was said."""
        lookup = await self._lookup(connection, guild_id)
        left = await self._narrowed(lookup, filters)
        every = await forms.forms(sought, lookup, await glossary.listed(connection, guild_id))
        return lookup, every, await mentions.said(lookup, every, left)

    async def _asked(self, connection: Reader, request: Request) -> Answer:
        guild_id, filters = request.guild_id, request.filters
        lookup = await self._lookup(connection, guild_id)
        index = lookup.index
        most = self._limits.question_characters
        question = understand(request.text, max_characters=most, languages=index.languages)
        left = await self._narrowed(lookup, filters)
        spellings = await glossary.listed(connection, guild_id)
        query = await compiled(question, lookup, left, glossary=spellings)
        missing = question.missing(query.found)
        if (words := counted(question.text)) is not None:  # nobody says “how often”, and it is no matter
            missing = tuple(word for word in missing if word in words)
        answer = Answer(
            question.text,
            not_found=missing,
            library_size=index.transcripts,
            unindexed=index.unindexed,
            filters=filters.said,
            within=filters.title if len(filters.said) == 1 else None,
            page=request.page,
            unsaid=query.unsaid,
            gist=question.gist,
        )
        similar = await self._similar(lookup, request.meaning) if request.meaning is not None else None
        return await self._answer(lookup, query, answer, limit=request.limit, similar=similar)

    async def _similar(self, lookup: Lookup, meaning: Meaning) -> Similar:
        likeness = await self._likenesses.get(lookup.connection, lookup.guild_id, lookup.index, meaning)
        return Similar(likeness, meaning)

    async def _candidates(self, connection: Reader, guild_id: int, names: Sequence[str]) -> tuple[Spelling, ...]:
        lookup = await self._lookup(connection, guild_id)
        known = {
            (analysis.folded(entry.term), analysis.folded(spelling))
            for entry in await glossary.listed(connection, guild_id)
            for spelling in entry.heard_as
        }
        found: dict[str, dict[str, str]] = {}
        for name in names:
            if not analysis.terms(name):
                continue
            question = understand(name, max_characters=len(name), languages=lookup.index.languages)
            heard = await expansion.heard(question, lookup, (), every=True)
            for one in sorted(heard, key=lambda one: -one.alike):
                if (
                    one.by is By.SOUND
                    and one.alike >= LIKELY
                    and (said := await lookup.said(one.phrase, heard[one].postings[0][0]))
                ):
                    pair = analysis.folded(one.typed), analysis.folded(said)
                    if pair not in known and pair[0] != pair[1]:
                        found.setdefault(one.typed, {}).setdefault(pair[1], said)
        return tuple(Spelling(typed, tuple(said.values())) for typed, said in found.items())

    async def _lookup(self, connection: Reader, guild_id: int) -> Lookup:
        return Lookup(connection, guild_id, await self._indexes.get(connection, guild_id))

    async def _answer(
        self, lookup: Lookup, query: Query, answer: Answer, *, limit: int, similar: Similar | None
    ) -> Answer:
        """Return the answer with its page of quotes."""
        index, page = lookup.index, answer.page
        wanted = limit * (page + 1)
        alike = Alike.of(index, similar.cosines, query.excluded) if similar is not None else None
        best = Best(index, query.clauses, POOL if alike else wanted * BATCH, query.excluded)
        worth = query.wanted(best.weights)
        looking = Looking(lookup, query, Subjects.of(index, query.clauses), worth, alike)
        found, passed = await _found(query, best, looking, alike, limit=limit, page=page)
        here = found[limit * page : wanted]
        quoting = Quoting(Marked.of(query), worth, looking, by_meaning=alike is not None)
        quotes, approximations = await quoting.quotes(lookup.connection, here, best=True)
        return replace(
            answer,
            quotes=quotes,
            passages=best.matched,
            more=bool(here) and page + 1 < MAX_PAGES and (len(found) > wanted or passed or not best.exhausted),
            approximations=approximations,
        )

    async def _narrowed(self, lookup: Lookup, filters: Filters) -> Mask:
        """Return the passages that filters leave out; of a speaker's transcripts with others only their cues count."""
        index = lookup.index
        if filters == Filters():
            return np.zeros(index.size, dtype=bool)
        left = await transcripts.matching(lookup.connection, lookup.guild_id, filters)
        if not left:
            raise FilterError(
                "No transcript here passes these filters ({filters}); leave one out.",
                filters=series(filters.said, SEMICOLONS),
            )
        excluded = ~index.of(left)
        if filters.speaker is not None:
            lookup.only = await transcripts.said_by(lookup.connection, lookup.guild_id, filters.speaker)
        if lookup.only:
            owners = np.repeat(np.array(list(lookup.only)), list(map(len, lookup.only.values())))
            spoken, _ = index.holding(owners, np.concatenate([np.array(cues) for cues in lookup.only.values()]))
            silent = index.of(list(lookup.only))
            silent[spoken] = False
            excluded |= silent
        return excluded


async def _found(
    query: Query, best: Best, looking: Looking, alike: Alike | None, *, limit: int, page: int
) -> tuple[tuple[Found, ...], bool]:
    """Return the spans of a page of quotes and of those before it, and whether a passage was passed over.

    What is alike in meaning is joined to what shares words at once, and then put on one page after the other: so no
    page repeats what another one has, however many were asked for.
    """
    wanted = limit * (page + 1)
    found: tuple[Found, ...] = ()
    looked: list[Candidate] = []
    passed = False
    rounds = 0
    for enough in [wanted] if alike is None else range(limit, wanted + 1, limit):
        found, passed = chosen(found, looked, enough, looking)
        while len(found) < enough and rounds < MAX_ROUNDS:
            hits = best.next((wanted - len(found)) * BATCH if alike is None else POOL)
            if alike is not None and not rounds:
                hits += best.take(alike.best(POOL, least=least(query.question, best.matched)))
            if not hits:
                break
            await looking.at([*hits, *best.left])
            candidates = looking.candidates(hits, joined=not rounds)
            looked += candidates
            found, over = chosen(found, candidates, enough, looking)
            passed |= over
            rounds += 1
    return found, passed
