"""A question's rare words → what the captions may have made of them: misheard, cut in two, or run together.

A word that hardly occurs is looked up by its sound in the guild's own vocabulary, as one word and as two neighbouring
ones; what is spelled or sounds alike is a variant of it, the more alike the more it counts. Only rare words: on every
word it gains nothing. Numbers and words of fewer than three letters never are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import regex
from rapidfuzz import fuzz

from store.search import vocabulary
from store.search.analysis import Kind, Token, stem, units
from store.search.lookup import Lookup
from store.search.phrases import Phrase
from store.search.question import Question
from store.search.ranking import Passages, Postings, Variant
from store.search.sounds import nearby, parts, sounds
from store.search.stopwords import ENGLISH

RARE = 0.0005  # of the guild's passages: a word in more of them was understood (so in a small library, none)
COMMON = 0.02  # of the guild's passages: a word in more of them is another word
FEW = 20  # passages in which a word may occur in the smallest library
SHORTEST = 3  # letters
LONGEST = 40  # letters: of longer "words", which are noise, the ways to cut them are too many
SHORTEST_JOINED = 5  # letters of a word that is looked for as two neighbouring ones that are spelled otherwise
SPELLED = 0.8  # least similarity of what is spelled alike
SOUNDED = 0.6  # least similarity of what sounds the same
JOINED = 0.65  # least similarity of two words that together sound the same
WEIGHT = 0.8  # of a variant that is spelled the same
MOST_WORDS = 6  # words of a question that are looked up
MOST_PARTS = 16  # words that may be one half of a misheard one
MOST_JOINS = 24  # neighbouring words that are looked for in the texts
MOST_READ = 200  # passages that are read for them

_BETWEEN = regex.compile(r"[\s\p{Pd}]+")
_STOP_SOUNDS: dict[str, list[str]] = {}
for _word in sorted(ENGLISH):
    for _code in sounds(_word):
        _STOP_SOUNDS.setdefault(_code, []).append(_word)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a word of the question was heard as: the word as typed and its term; stems in a row; how alike (0 to 1)."""

    typed: str
    term: str
    phrase: Phrase
    alike: float = 1.0

    @property
    def weight(self) -> float:
        """What its score counts."""
        return WEIGHT * self.alike**2

    @property
    def key(self) -> str:
        """The name by which a ranking counts it."""
        return self.phrase.key


async def heard(question: Question, lookup: Lookup) -> dict[Heard, Variant]:
    """Return what the question's words may have been heard as, of what occurs, each with its postings.

    Raises:
        DatabaseError: the database can't be read.
    """
    known = await lookup.postings(question.terms)
    rare = [token for token in _words(question) if _is_rare(token, known, lookup.index.size)]
    singles: list[Heard] = list(_neighbours(question))
    joins: list[Heard] = []
    for token in rare[:MOST_WORDS]:
        alike = await _alike(question, token, lookup)
        singles += alike
        joins += await _joined(question, token, lookup, {one.phrase.words[0] for one in alike} | {token.term})
    postings = await lookup.postings(one.phrase.words[0] for one in singles)
    found = {one: postings[one.phrase.words[0]] for one in singles if one.phrase.words[0] in postings}
    found |= await _said(joins, lookup)
    most = max(FEW, COMMON * lookup.index.size)
    return {one: Variant(one.key, said, one.weight) for one, said in found.items() if 0 < len(said[0]) <= most}


def _words(question: Question) -> list[Token]:
    """Return the question's loose words of letters alone, each once."""
    words = (token for token in question.loose if token.kind is Kind.WORD and question.weight(token.term) == 1)
    return list({token.term: token for token in words if not any(c.isdigit() for c in token.term)}.values())


def _is_rare(token: Token, known: Mapping[str, Postings], size: int) -> bool:
    df = len(known[token.term][0]) if token.term in known else 0
    return SHORTEST <= len(token.term) <= LONGEST and df < max(1, RARE * size)


def _neighbours(question: Question) -> Iterator[Heard]:
    """Yield words of the question that stand side by side, or with a hyphen between them, as one word."""
    words = [token for token in question.loose if token.kind is Kind.WORD]
    runs = [*pairwise(words), *zip(words, words[1:], words[2:], strict=False)]
    for run in runs:
        if all(_BETWEEN.fullmatch(question.text, one.end, other.start) for one, other in pairwise(run)):
            typed = question.text[run[0].start : run[-1].end]
            term = stem("".join(unit.folded for unit in units(typed)))
            yield from (Heard(typed, token.term, Phrase((term,), exact=False)) for token in run)


async def _alike(question: Question, token: Token, lookup: Lookup) -> list[Heard]:
    """Return words of the vocabulary that are spelled or sound nearly like one of the question's."""
    codes = sounds(token.term)
    size = len(token.term)
    near = await vocabulary.sounding(
        lookup.connection,
        lookup.guild_id,
        {code for known in codes for code in nearby(known)},
        shortest=int(size * SPELLED / (2 - SPELLED)),
        longest=int(size * (2 - SPELLED) / SPELLED) + 1,
    )
    same = await vocabulary.sounding(
        lookup.connection, lookup.guild_id, codes, shortest=2, longest=int(size * (2 - SOUNDED) / SOUNDED)
    )
    typed = question.text[token.start : token.end]
    sounding = {term for terms in same.values() for term in terms}
    found = []
    for term in {term for terms in near.values() for term in terms} | sounding:
        alike = fuzz.ratio(token.term, term) / 100
        if term != token.term and alike >= (SOUNDED if term in sounding else SPELLED):
            found.append(Heard(typed, token.term, Phrase((term,), exact=False), alike))
    return found


async def _joined(question: Question, token: Token, lookup: Lookup, alone: set[str]) -> list[Heard]:
    """Return neighbouring words that may be one word of the question, as its halves or where neither alone is it."""
    word = "".join(unit.folded for unit in units(question.text[token.start : token.end]))
    splits = list(_splits(word))
    known = await lookup.postings(stem(part) for split in splits for part in split)
    found = {tuple(map(stem, split)): 1.0 for split in splits if all(p in ENGLISH or stem(p) in known for p in split)}
    if len(token.term) >= SHORTEST_JOINED:
        spellings = list(dict.fromkeys((word, token.term)))  # a stem may have lost what sounds like a second word
        halves = list(dict.fromkeys(pair for each in spellings for code in sounds(each) for pair in parts(code)))
        by_code = await vocabulary.sounding(
            lookup.connection,
            lookup.guild_id,
            {code for pair in halves for code in pair},
            shortest=1,
            longest=len(word) + 1,
        )
        for left, right in halves:
            for spelled in spellings:
                for pair, alike in _pairs(spelled, _candidates(by_code, left), _candidates(by_code, right)):
                    found[pair] = max(alike, found.get(pair, 0.0))
    best = sorted(
        (
            (-alike, words)
            for words, alike in found.items()
            if (alike == 1 or alone.isdisjoint(words)) and not all(part in ENGLISH for part in words)
        )
    )
    typed = question.text[token.start : token.end]
    return [Heard(typed, token.term, Phrase(words, exact=False), -alike) for alike, words in best[:MOST_JOINS]]


def _splits(word: str) -> Iterator[tuple[str, ...]]:
    """Yield a word cut into two or three."""
    for count in (1, 2):
        for cuts in combinations(range(1, len(word)), count):
            yield tuple(word[start:end] for start, end in pairwise((0, *cuts, len(word))))


def _candidates(by_code: Mapping[str, Sequence[str]], code: str) -> list[str]:
    return [*by_code.get(code, ()), *_STOP_SOUNDS.get(code, ())]


def _pairs(word: str, lefts: Iterable[str], rights: Iterable[str]) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield pairs of words that together are spelled or sound like the word, and how alike they are."""
    codes = set(sounds(word))
    beginnings = _most_alike(lefts, lambda part: word[: len(part)])
    endings = _most_alike(rights, lambda part: word[-len(part) :])
    for left in beginnings:
        for right in endings:
            alike = fuzz.ratio(word, left + right) / 100
            if alike >= SPELLED or (alike >= JOINED and not codes.isdisjoint(sounds(left + right))):
                yield (left, right), alike


def _most_alike(words: Iterable[str], part: Callable[[str], str]) -> list[str]:
    scored = sorted((-fuzz.ratio(word, part(word)), word) for word in set(words))
    return [word for score, word in scored[:MOST_PARTS] if -score >= 100 * SOUNDED]


async def _said(joins: Sequence[Heard], lookup: Lookup) -> dict[Heard, Postings]:
    """Return where neighbouring words were said, of those that are rare enough to be told by reading."""
    holding = await lookup.holding({join.phrase for join in joins})
    chosen: dict[Phrase, Passages] = {}
    room = MOST_READ
    for join in sorted(joins, key=lambda join: -join.weight):
        passages = holding[join.phrase]
        if passages is not None and 0 < len(passages) <= room and join.phrase not in chosen:
            chosen[join.phrase] = passages
            room -= len(passages)
    said = await lookup.read(chosen)
    return {join: said[join.phrase] for join in joins if join.phrase in said}
