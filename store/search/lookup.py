"""What one question looks up: a term's postings in the index, a phrase's in the texts.

The index knows which passages hold a phrase's words, not in which order; so the passages that hold them all are read.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from store import transcripts
from store.database import Reader
from store.index import postings, vocabulary
from store.index.directory import GuildIndex, Hit, Passages, Postings
from store.models import Cue
from store.search.quoting import REACH
from store.text import analysis
from store.text.phrases import Phrase
from store.text.stopwords import ENGLISH

_LETTERS = bytes(c if chr(c).isalpha() else ord(" ") for c in range(128)).lower().ljust(256)
FOLLOWING = 2  # passages after the one in which a phrase begins that it may go on in
WORDLESS = 3  # cues without a word that a phrase may go on across, from one passage into the next


class Lookup:
    """The postings of one guild at one moment, each read once."""

    def __init__(self, connection: Reader, guild_id: int, index: GuildIndex) -> None:
        self.connection = connection
        self.guild_id = guild_id
        self.index = index
        self._numbers: dict[str, int | None] = {}
        self._postings: dict[str, Postings | None] = {}

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

    async def holding(self, phrases: Collection[Phrase]) -> dict[Phrase, Passages | None]:
        """Return the passages in which a phrase may begin; None where all of its words are stop words."""
        wanted = {phrase: _terms(phrase) for phrase in phrases}
        known = await self.postings(term for terms in wanted.values() for term in terms)
        found: dict[Phrase, Passages | None] = {}
        for phrase, terms in wanted.items():
            if not terms:
                found[phrase] = None
            elif any(term not in known for term in terms):
                found[phrase] = np.empty(0, np.int64)
            else:
                begins = known[terms[0]][0]
                if phrase.words[0] in ENGLISH:  # which may be the last word of the passage before
                    begins = np.union1d(begins, begins[begins > 0] - 1)
                others = sorted((known[term][0] for term in terms[1:]), key=len)
                ahead = FOLLOWING if phrase.exact else 1  # a misheard word is shorter than a passage
                for other in others:
                    begins = _followed(begins, other, ahead)
                found[phrase] = begins
        return found

    async def read(self, phrases: Mapping[Phrase, Passages]) -> dict[Phrase, Postings]:
        """Read the given passages of each phrase, and return in which of them it begins, and how often."""
        numbers = sorted({int(number) for passages in phrases.values() for number in passages})
        if not numbers:
            return {phrase: (passages, passages) for phrase, passages in phrases.items()}
        hits = {number: self.index.hit(number, (), 0.0) for number in numbers}
        reach = min(REACH, max(len(phrase.words) for phrase in phrases) + WORDLESS)
        spans = [(hit.transcript, hit.first, hit.end + reach) for hit in hits.values()]
        texts = await transcripts.cues(self.connection, spans)
        return _counted(phrases, hits, texts)

    async def said(self, phrase: Phrase, passage: int) -> str | None:
        """Return a phrase's words as a passage says them, one space between; None where it begins elsewhere."""
        hit = self.index.hit(int(passage), (), 0.0)
        texts = (await transcripts.cues(self.connection, [(hit.transcript, hit.first, hit.end + REACH)]))[
            hit.transcript
        ]
        text = " ".join(texts[at].text for at in sorted(texts))
        for start, end in phrase.spans(text):
            return " ".join(text[unit.start : unit.end] for unit in analysis.units(text[:end]) if unit.start >= start)
        return None


def _counted(
    phrases: Mapping[Phrase, Passages], hits: Mapping[int, Hit], texts: Mapping[int, Mapping[int, Cue]]
) -> dict[Phrase, Postings]:
    found: dict[Phrase, Postings] = {}
    for phrase, passages in phrases.items():
        said = np.array([_count(phrase, hits[number], texts) for number in passages.tolist()], np.int64)
        found[phrase] = passages[said > 0], said[said > 0]
    return found


def _count(phrase: Phrase, hit: Hit, texts: Mapping[int, Mapping[int, Cue]]) -> int:
    """Count how often a phrase begins in a passage; it may end in the cues that follow."""
    cues = texts[hit.transcript]
    following = [cues[at].text for at in range(hit.first, hit.end + REACH) if at in cues]
    if not _may_stand(phrase, " ".join(following)):
        return 0
    return sum(begins < hit.end - hit.first for begins, _ in phrase.places(following))


def _may_stand(phrase: Phrase, text: str) -> bool:
    """Say whether a phrase's first two words may stand in a row in a text, at a glance; true where it's hard to say.

    Most passages that hold both words hold them apart, and to take a text's words apart takes a hundred times as long.
    """
    if len(phrase.words) < 2 or not all(word.isascii() and word.isalpha() for word in phrase.words[:2]):
        return True
    if not text.isascii():
        text = text.replace("’", "'").replace("…", " ").replace("\xa0", " ").casefold()
        if "ʼ" in text or not unicodedata.is_normalized("NFKC", text):  # what is no letter may become one
            return True
    if "''" in text:  # stands between words, unlike one alone
        return True
    # A word begins with its stem but for the last letter: happy, happi; dying, die.
    first, second = (
        (word if phrase.exact else word[: len(word) - 1 if len(word) > 3 else 1]) for word in phrase.words[:2]
    )
    letters = text.encode("ascii", "replace").translate(_LETTERS, b"'").decode()
    letters = f" {letters} "
    at = letters.find(f" {first}")
    while at >= 0:
        end = letters.index(" ", at + 1)
        rest = letters[end:].lstrip()
        if rest.startswith(second):
            pair = letters[at + 1 : end], rest[: rest.index(" ")]
            if phrase.words[:2] == (pair if phrase.exact else tuple(map(analysis.stem, pair))):
                return True
        at = letters.find(f" {first}", end)
    return False


def _terms(phrase: Phrase) -> list[str]:
    """Return the terms that a passage with the phrase holds."""
    words = [word for word in phrase.words if word not in ENGLISH]
    return list(dict.fromkeys(map(analysis.stem, words) if phrase.exact else words))  # stems already


def _followed(passages: Passages, others: Passages, most: int) -> Passages:
    """Return the passages that are among the others, or at `most` so many before one: a phrase goes on in them."""
    at = np.minimum(np.searchsorted(others, passages), len(others) - 1)
    ahead = others[at] - passages
    both: Passages = passages[(ahead >= 0) & (ahead <= most)]
    return both
