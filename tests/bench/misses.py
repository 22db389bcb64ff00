"""Where a question's right moment was lost, for each question without a hit among the first three quotes.

What is looked at is the passages that hold the moment: whether they share a word with the question, where plain ranking
puts the best of them, and whether a quote of it was shown that begins or ends elsewhere.
"""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from store import transcripts
from store.database import Reader
from store.library import Library
from store.models import Quote
from store.search.lookup import Lookup
from store.search.query import compiled
from store.search.question import understand
from store.search.ranking import rank
from tests.bench.quality import GUILD, Question, Set, Span, answered, filled, rank_of

FIRST = 3  # quotes among which the moment should be
RANKED = 200  # passages by plain ranking among which it is looked for
CAUSES = ("no word to search for", "no word shared", "ranked low", "outside the quote", "joined or a twin")


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that was missed, why, and what there is to say of it."""

    question: str
    cause: str
    what: str


async def measure(folders: Sequence[Path], *, limit: int | None, every: bool) -> None:
    """Print how many questions of each set were lost where, and `every` one of them."""
    for folder in folders:
        chosen = Set.read(folder, limit)
        missed = await misses(chosen)
        counts = Counter(miss.cause for miss in missed)
        asked = sum(bool(question.gold) for question in chosen.questions)
        print(f"{chosen.name}: {len(missed)} of {asked} questions missed among the first {FIRST} quotes")
        print("\n".join(f"  {counts[cause]:4}  {cause}" for cause in CAUSES))
        if every:
            print("\n".join(f"  {miss.cause}: {miss.question}\n      {miss.what}" for miss in missed))


async def misses(chosen: Set) -> list[Miss]:
    """Return the questions of a set that were missed."""
    with tempfile.TemporaryDirectory(prefix="verbatim-misses-") as folder:
        async with Library.opened(Path(folder) / "misses.db") as library:
            ids = await filled(library, chosen)
            found = []
            async for question, answer, spans, _ in answered(library, chosen, ids):
                right = rank_of(question, spans)
                if not question.gold or (right is not None and right <= FIRST):
                    continue
                if answer is None:
                    found.append(Miss(question.text, CAUSES[0], ""))
                else:
                    found.append(await _missed(library, question, ids, answer.quotes, low=right is not None))
    return found


async def _missed(
    library: Library, question: Question, ids: dict[str, int], quotes: Sequence[Quote], *, low: bool
) -> Miss:
    """Say where a question was lost; `low` says that a later one of the quotes is right."""

    async def looked(connection: Reader) -> Miss:
        index = await library._search._indexes.get(connection, GUILD)
        lookup = Lookup(connection, GUILD, index)
        excluded = ~index.of([ids[question.within]]) if question.within else np.zeros(index.size, dtype=bool)
        asked = understand(question.text, max_characters=len(question.text), languages=index.languages)
        query = await compiled(asked, lookup, excluded)
        gold = await _gold(connection, lookup, question, ids)
        hits = rank(index, query.clauses, RANKED, excluded=excluded).hits
        place = next((at for at, hit in enumerate(hits, start=1) if hit.number in gold), 0)
        if not place:
            shares = any(np.isin(v.postings[0], list(gold)).any() for c in query.clauses for v in c.variants)
            cause, what = ("ranked low", f"after {len(hits)}") if shares else ("no word shared", "")
            return Miss(question.text, cause, what)
        hit = hits[place - 1]
        shared = f"passage {place} by plain ranking, with {', '.join(sorted(hit.terms))}"
        shown = [
            at
            for at, quote in enumerate(quotes, start=1)
            if quote.transcript_id == hit.transcript and quote.first < hit.end and hit.first < quote.end
        ]
        if low or (not shown and place > FIRST):
            return Miss(question.text, "ranked low", shared)
        if not shown:
            return Miss(question.text, "joined or a twin", shared)
        return Miss(question.text, "outside the quote", f"{shared}; quote {shown[0]} is of it")

    return await library._database.computed(looked)


async def _gold(connection: Reader, lookup: Lookup, question: Question, ids: dict[str, int]) -> set[int]:
    """Return the numbers of the passages that hold a right moment, or half of it or of themselves."""
    index = lookup.index
    found = set()
    for gold in question.gold:
        numbers = np.flatnonzero(index.of([ids[gold.transcript]]))
        at = index.places(numbers)
        starts = [start / 1000 for start in await transcripts.starts(connection, ids[gold.transcript])]
        for number, first, end in zip(numbers.tolist(), at.firsts.tolist(), at.ends.tolist(), strict=True):
            stop = starts[end] if end < len(starts) else starts[-1]
            if Span(gold.transcript, starts[first], stop).hits(gold):
                found.add(number)
    return found
