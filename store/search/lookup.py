"""What one question looks up: postings of terms, and the stream of words where phrases may stand.

Postings know which passages hold a phrase's words, not in which order; so of the passages that hold them all the stream
is read.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np

from store import transcripts
from store.database import Reader
from store.index import postings, stream, vocabulary
from store.index.directory import GuildIndex, Passages, Postings
from store.index.stream import Planes, Stream, ids_of
from store.index.vocabulary import STOP
from store.search.occurrences import Sign, occurrences, within
from store.search.quoting import REACH
from store.text import analysis
from store.text.analysis import Kind, Token
from store.text.cutting import CAPITALS, REMEMBERED, characters
from store.text.phrases import Phrase

FOLLOWING = 2  # passages after the one in which a phrase begins that it may go on in
WORDLESS = 3  # cues without a word that a phrase may go on across, from one passage into the next


class Lookup:
    """The postings of one guild at one moment, each read once."""

    def __init__(self, connection: Reader, guild_id: int, index: GuildIndex) -> None:
        self.connection = connection
        self.guild_id = guild_id
        self.index = index
        self.only: Mapping[int, Sequence[int]] = {}  # the cues that count, of transcripts of which not all do
        self._numbers: dict[str, int | None] = {}
        self._postings: dict[str, Postings | None] = {}
        self._forms: dict[int, list[tuple[str, int]]] = {}
        self._blocks: dict[int, Planes] = {}

    async def numbers(self, terms: Iterable[str]) -> dict[str, int]:
        """Return the numbers of those terms that are in the guild's vocabulary."""
        terms = list(dict.fromkeys(terms))
        if new := [term for term in terms if term not in self._numbers]:
            known = await vocabulary.numbers(self.connection, self.guild_id, new)
            self._numbers.update((term, known.get(term)) for term in new)
        return {term: number for term in terms if (number := self._numbers[term]) is not None}

    async def postings(self, terms: Iterable[str]) -> dict[str, Postings]:
        """Return the postings of those terms that occur."""
        numbers = await self.numbers(terms)
        if new := numbers.keys() - self._postings.keys():
            found = await postings.read(self.connection, self.index, [numbers[term] for term in new])
            self._postings.update((term, found.get(numbers[term])) for term in new)
        return {term: said for term in numbers if (said := self._postings[term]) is not None}

    async def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many passages those terms occur that do, without reading their postings."""
        numbers = await self.numbers(terms)
        counts: dict[int, int] = {}
        for one in self.index.locate(numbers.values()):
            counts[one.term] = counts.get(one.term, 0) + one.place.end - one.place.start
        return {term: counts[number] for term, number in numbers.items() if number in counts}

    async def holding(self, phrases: Collection[Phrase]) -> dict[Phrase, Passages | None]:
        """Return the passages in which a phrase may begin; None where all of its words are stop words."""
        wanted = {phrase: self._terms(phrase) for phrase in phrases}
        known = await self.postings(term for ways in wanted.values() for terms in ways for term in terms if term)
        found: dict[Phrase, Passages | None] = {}
        for phrase, ways in wanted.items():
            parts = [_begins(terms, known, exact=phrase.exact) for terms in ways]
            some = [part for part in parts if part is not None]
            if len(some) < len(parts):
                found[phrase] = None
            else:
                found[phrase] = some[0] if len(some) == 1 else np.unique(np.concatenate(some))
        return found

    async def forms(self, terms: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """Return the words of terms that occur, each with its number."""
        numbers = await self.numbers(terms)
        if new := [number for number in numbers.values() if number not in self._forms]:
            found = await vocabulary.forms(self.connection, self.guild_id, new)
            self._forms.update((number, found.get(number, [])) for number in new)
        return {term: self._forms[number] for term, number in numbers.items()}

    async def signs(self, phrases: Collection[Phrase]) -> dict[Phrase, Sign]:
        """Return how phrases look in the stream of words."""
        stems = {
            phrase: [self.stems(word) if phrase.exact else (word,) for word in phrase.words]  # else they are stems
            for phrase in phrases
        }
        known = await self.forms(term for words in stems.values() for terms in words for term in terms)
        return {
            phrase: Sign(
                tuple(
                    _words(word, [known.get(term, []) for term in terms], exact=phrase.exact)
                    for word, terms in zip(phrase.words, words, strict=True)
                )
            )
            for phrase, words in stems.items()
        }

    def stems(self, word: str) -> tuple[str, ...]:
        """Return the terms of a folded word in each of the library's languages; of a stop word itself.

        A word that is another in capitals may be either.
        """
        return _stems(word, self.index.languages)

    def is_stop(self, word: str) -> bool:
        """Say whether a folded word is a stop word in one of the library's languages."""
        return any(analysis.is_stop(word, analysis.variety_of(word, of)) for of in self.index.languages)

    def _terms(self, phrase: Phrase) -> set[tuple[str | None, ...]]:
        """Return the terms of a phrase's words as transcripts of each language have them, None for their stop words."""
        if phrase.exact:
            return {tuple(_term(word, of) for word in phrase.words) for of in self.index.languages}
        return {tuple(None if self.is_stop(word) else word for word in phrase.words)}

    async def terms(self, terms: Iterable[str], tokens: Iterable[Token]) -> dict[str, Sign]:
        """Return how terms look in the stream of words; the `tokens` say which are pairs of characters."""
        pairs = {token.term for token in tokens if token.kind in {Kind.PAIR, Kind.KANA_PAIR}}
        wanted = list(dict.fromkeys(terms))
        halves = {term: tuple(characters(term)) if term in pairs else (term,) for term in wanted}
        known = await self.forms(chain.from_iterable(halves.values()))
        signs = {}
        for term, parts in halves.items():
            if all(part in known for part in parts):
                signs[term] = Sign(
                    tuple(frozenset(number for _, number in known[part]) for part in parts), joined=term in pairs
                )
        return signs

    async def stream(self, transcripts: Passages, firsts: Passages, ends: Passages) -> Stream:
        """Return the stream of the cues from `firsts` to `ends` of transcripts; no block is read twice.

        Raises:
            StreamError: a block is missing or damaged.
        """
        ids = ids_of(transcripts, firsts, ends)
        self._blocks |= await stream.read(self.connection, ids - self._blocks.keys())
        return Stream.of({id_: self._blocks[id_] for id_ in ids})

    async def read(self, phrases: Mapping[Phrase, Passages]) -> dict[Phrase, Postings]:
        """Read the given passages of each phrase, and return in which of them it begins, and how often."""
        numbers = np.unique(np.concatenate([np.empty(0, np.int64), *phrases.values()]))
        if not len(numbers):
            return {phrase: (passages, passages) for phrase, passages in phrases.items()}
        where = self.index.places(numbers)
        reach = min(REACH, max(len(phrase.words) for phrase in phrases) + WORDLESS)
        every = await self.stream(where.transcripts, where.firsts, np.minimum(where.ends + reach, where.cues))
        said = every.only(self.only)
        begins = said.starts[said.rows(where.transcripts, where.firsts)]
        stops = said.starts[said.rows(where.transcripts, where.ends - 1) + 1]
        signs = await self.signs(phrases)
        found: dict[Phrase, Postings] = {}
        for phrase, passages in phrases.items():
            at = numbers.searchsorted(passages)
            counts = within(occurrences(said, signs[phrase]), begins[at], stops[at])
            found[phrase] = passages[counts > 0], counts[counts > 0]
        return found

    async def said(self, phrase: Phrase, passage: int) -> str | None:
        """Return a phrase's words as a passage says them, one space between; None where it begins elsewhere."""
        owners, firsts, ends, _ = (column.tolist() for column in self.index.places([passage]))
        texts = (await transcripts.cues(self.connection, [(owners[0], firsts[0], ends[0] + REACH)]))[owners[0]]
        text = " ".join(texts[at].text for at in sorted(texts))
        for start, end in phrase.spans(text):
            return " ".join(text[unit.start : unit.end] for unit in analysis.units(text[:end]) if unit.start >= start)
        return None


@lru_cache(maxsize=REMEMBERED)
def _stems(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    capital = (word.upper(),) if word.upper() in CAPITALS else ()
    return tuple(dict.fromkeys((*(analysis.stem(word, of) for of in languages), *capital)))


def _words(word: str, forms: Iterable[Sequence[tuple[str, int]]], *, exact: bool) -> frozenset[int]:
    """Return the numbers of the words that a word of a phrase may be: itself, or any with the same stem."""
    same = {word, word.upper(), word.lower()} if word.upper() in CAPITALS else {word}
    found = {number for each in forms for form, number in each if form in same or not exact}
    return frozenset(found | {STOP[one] for one in (same if exact else {word}) if one in STOP})


def _term(word: str, language: str) -> str | None:
    """Return the term that a passage with a folded word has; None of one that may be a stop word."""
    return None if word in CAPITALS else analysis.term_of(word, language)


def _begins(words: Sequence[str | None], known: Mapping[str, Postings], *, exact: bool) -> Passages | None:
    """Return the passages in which some terms in a row may begin, None among them for a stop word; None of these alone.

    A term that isn't known stands nowhere.
    """
    terms = list(dict.fromkeys(term for term in words if term is not None))
    if not terms:
        return None
    if any(term not in known for term in terms):
        return np.empty(0, np.int64)
    begins = known[terms[0]][0]
    if words[0] is None:  # which may be the last word of the passage before
        begins = _either(begins, begins[begins > 0] - 1)
    ahead = FOLLOWING if exact else 1  # a misheard word is shorter than a passage
    for other in sorted((known[term][0] for term in terms[1:]), key=len):
        begins = _followed(begins, other, ahead)
    return begins


def _either(passages: Passages, others: Passages) -> Passages:
    """Return the passages that are among two, each ascending: as `np.union1d`, which takes twenty times as long."""
    both = np.concatenate((passages, others))
    both.sort(kind="stable")
    return both[np.diff(both, prepend=-1) > 0]


def _followed(passages: Passages, others: Passages, most: int) -> Passages:
    """Return the passages that are among the others, or at `most` so many before one: a phrase goes on in them."""
    at = np.minimum(np.searchsorted(others, passages), len(others) - 1)
    ahead = others[at] - passages
    both: Passages = passages[(ahead >= 0) & (ahead <= most)]
    return both
