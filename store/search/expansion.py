"""A question's rare words → what the captions may have made of them: misheard, cut in two, or run together.

A word that hardly occurs is looked up by its sound in the guild's own vocabulary, as one word and as two neighbouring
ones; what is spelled or sounds alike is a variant of it, the more alike the more it counts. Only rare words: on every
word it gains nothing. Numbers and words of fewer than three letters never are. What the guild's glossary says of a
word counts like the word itself.
"""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, pairwise, product

import regex
from rapidfuzz import fuzz, process

from store.index import vocabulary
from store.index.directory import Passages, Postings
from store.index.vocabulary import Sought
from store.models import Spelling
from store.search import writing
from store.search.lookup import Lookup
from store.search.question import Question
from store.search.ranking import Variant
from store.text.analysis import Kind, Token
from store.text.languages import CAPITALISING, COMPOUNDING
from store.text.phrases import Phrase
from store.text.scripts import unaccented
from store.text.sounds import nearby, parts, sounds
from store.text.stopwords import STOPWORDS

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
NAMED = 1.1  # · similarity, of a name that nobody says right: it is what is asked about (docs/retrieval.md)
PART = 4  # letters of a word that compounds are looked for with
BESIDE = 3  # letters of what they have beside it
MOST_COMPOUNDS = 8
LONGEST_SPELLED_OUT = 5  # letters of a word that is looked for as three
MOST_WORDS = 4  # words of a question that are looked up
MOST_ALIKE = 8  # words that one word may have been heard as
MOST_PARTS = 5  # words that may be one half of a misheard one
MOST_JOINS = 8  # neighbouring words that are looked for in the texts
MOST_READ = 64  # passages that are read for them
MOST_WRITTEN = 500  # passages that are read for other ways of writing names and numbers
MOST_TOLD = 2000  # passages that are read for what the glossary says

_Words = tuple[str, ...]
_BETWEEN = regex.compile(r"[\s\p{Pd}]+")
_STOP_SOUNDS: dict[str, list[str]] = {}
for _word in sorted(STOPWORDS):
    for _code in sounds(_word):
        _STOP_SOUNDS.setdefault(_code, []).append(_word)


class By(enum.Enum):
    """What says that a word may have been said as another."""

    SOUND = enum.auto()  # or its spelling
    GLOSSARY = enum.auto()
    ACCENTS = enum.auto()  # alone tell them apart
    COMPOUND = enum.auto()  # of which it is a part
    WRITING = enum.auto()  # of the same name or number
    MEANING = enum.auto()  # in another language


@dataclass(frozen=True, slots=True)
class Heard:
    """What a word of the question was heard as: the word as typed and its term; stems in a row; how alike (0 to 1).

    In another language `alike` is what it counts there.
    """

    typed: str
    term: str
    phrase: Phrase
    alike: float = 1.0
    by: By = By.SOUND

    @property
    def weight(self) -> float:
        """What its score counts."""
        if self.by is By.MEANING:
            return self.alike
        return _WEIGHTS[self.by] if self.by in _WEIGHTS else WEIGHT * self.alike**2

    @property
    def is_other(self) -> bool:
        """Whether it is another word than was asked for, which an answer says."""
        return self.by not in {By.ACCENTS, By.COMPOUND}

    @property
    def key(self) -> str:
        """The name by which a ranking counts it."""
        return self.phrase.key


_WEIGHTS = {By.GLOSSARY: 1.0, By.ACCENTS: 0.9, By.WRITING: 0.9, By.COMPOUND: 0.5}


async def heard(
    question: Question, lookup: Lookup, glossary: Sequence[Spelling], *, every: bool = False
) -> dict[Heard, Variant]:
    """Return what the question's words may have been heard as, of what occurs, each with its postings.

    The guild's glossary says so of any word; of others only the rare ones are looked up, or `every` word.

    Raises:
        DatabaseError: the database can't be read.
    """
    known = await lookup.postings(question.every_stem)
    counts = {
        term: max(len(known[stem][0]) if stem in known else 0 for stem in question.stems_of(term))
        for term in question.terms
    }
    words = [token for token in _words(question) if every or _is_rare(token, counts, lookup.index.size)]
    rare = [_Rare.of(question, token, joined=every or not counts[token.term]) for token in words[:MOST_WORDS]]
    wanted = [*await _guessed(rare, lookup), *_neighbours(question, lookup)]
    accented, joined = await _accented(question, known, lookup), await _compounds(question, lookup)
    other, told_of = _written(question, lookup), list(_told(question, glossary, lookup))
    every_one = chain(wanted, accented, joined, other, told_of)
    await lookup.postings({word for one in every_one for word in one.phrase.words})  # in one look
    found = await said(sorted(wanted, key=lambda one: len(one.phrase.words) > 1), lookup, MOST_READ)
    most = max(FEW, COMMON * lookup.index.size)
    found = {one: postings for one, postings in found.items() if len(postings[0]) <= most}
    accents, compounds = await said(accented, lookup, 0), await said(joined, lookup, 0)
    written, told = await said(other, lookup, MOST_WRITTEN), await said(told_of, lookup, MOST_TOLD)
    guessed = compounds | found | accents | written | told
    by_key = {(one.term, one.key): one for one in guessed}  # what is known stands for a guess
    named = question.asked_in.isdisjoint(CAPITALISING)
    names = {one.term for one in rare if named and one.is_name and not counts[one.term]}
    return {
        one: Variant(one.key, postings, NAMED * one.alike if one.by is By.SOUND and one.term in names else one.weight)
        for one, postings in guessed.items()
        if by_key[one.term, one.key] is one
    }


def _told(question: Question, glossary: Sequence[Spelling], lookup: Lookup) -> Iterator[Heard]:
    """Yield what the glossary says of the question's words; each word of a term is heard as the whole spelling."""
    for entry in glossary:
        for start, end in Phrase.of(entry.term, exact=False).spans(question.text):
            for token in question.loose:
                if token.is_within([(start, end)]) and token.kind is not Kind.CHARACTER:
                    every = product(entry.heard_as, lookup.index.languages)
                    for phrase in {Phrase.of(spelling, exact=False, language=of) for spelling, of in every}:
                        yield Heard(question.text[start:end], token.term, phrase, by=By.GLOSSARY)


async def _accented(question: Question, known: Collection[str], lookup: Lookup) -> list[Heard]:
    """Return what the question's words are but for accents: with them, or without where the word occurs nowhere."""
    typed = {token.term: question.text[token.start : token.end] for token in question.loose if token.kind is Kind.WORD}
    plain = list(filter(str.isascii, typed))
    with_accents = await vocabulary.accented(lookup.connection, lookup.guild_id, plain) if plain else {}
    pairs = [(term, other) for term, others in with_accents.items() for other in sorted(others)[:MOST_ALIKE]]
    pairs += [(term, other) for term in typed if term not in known for other in unaccented(term)]
    return [Heard(typed[term], term, Phrase((other,), exact=False), by=By.ACCENTS) for term, other in pairs]


def _written(question: Question, lookup: Lookup) -> list[Heard]:
    """Return the other ways of writing the question's names and numbers."""
    return [
        Heard(typed, token.term, phrase, by=By.WRITING)
        for token, typed, phrase in writing.written(question, lookup.index.languages)
    ]


async def _compounds(question: Question, lookup: Lookup) -> list[Heard]:
    """Return the compounds that begin or end with a word of the question, the shortest first."""
    if COMPOUNDING.isdisjoint(lookup.index.languages):
        return []
    words = {stem: token for token in _words(question) for stem in question.stems_of(token.term) if len(stem) >= PART}
    found = await vocabulary.compounds(lookup.connection, lookup.guild_id, words)
    return [
        Heard(question.text[token.start : token.end], token.term, Phrase((whole,), exact=False), by=By.COMPOUND)
        for stem, token in words.items()
        for whole in sorted(found.get(stem, ()), key=lambda whole: (len(whole), whole))[:MOST_COMPOUNDS]
        if len(whole) - len(stem) >= BESIDE
    ]


def _words(question: Question) -> list[Token]:
    """Return the question's loose words of letters alone, each once."""
    words = (token for token in question.loose if token.kind is Kind.WORD and question.weight(token.term) == 1)
    return list({token.term: token for token in words if not any(c.isdigit() for c in token.term)}.values())


def _is_rare(token: Token, counts: Mapping[str, int], size: int) -> bool:
    return SHORTEST <= len(token.term) <= LONGEST and counts[token.term] < max(1, RARE * size)


def _neighbours(question: Question, lookup: Lookup) -> Iterator[Heard]:
    """Yield words of the question that stand side by side, or with a hyphen between them, as one word."""
    words = [token for token in question.loose if token.kind is Kind.WORD]
    runs = [*pairwise(words), *zip(words, words[1:], words[2:], strict=False)]
    for run in runs:
        if all(_BETWEEN.fullmatch(question.text, one.end, other.start) for one, other in pairwise(run)):
            typed = question.text[run[0].start : run[-1].end]
            terms = lookup.stems("".join(token.word for token in run))
            joined = [Phrase((term,), exact=False) for term in terms]
            yield from (Heard(typed, token.term, phrase) for token in run for phrase in joined)


@dataclass(frozen=True, slots=True)
class _Rare:
    """A rare word as typed and its term; spellings to compare; how it may be cut; codes that its halves may have."""

    typed: str
    term: str
    spellings: tuple[str, ...]
    splits: tuple[tuple[str, ...], ...]
    halves: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, question: Question, token: Token, *, joined: bool) -> "_Rare":
        """Take a word of the question; what is `joined` may also be two words in a row that are spelled otherwise."""
        typed = question.text[token.start : token.end]
        word = token.word  # whose stem may have lost what sounds like a second word
        spellings = (token.term,) if sounds(word) == sounds(token.term) else (word, token.term)
        cut = spellings if joined and len(token.term) >= SHORTEST_JOINED else ()
        halves = (pair for each in cut for code in sounds(each) for pair in parts(code))
        return cls(typed, token.term, spellings, tuple(_splits(word)), tuple(dict.fromkeys(halves)))

    @property
    def is_name(self) -> bool:
        """Whether it was typed like a name: with a capital in it."""
        return self.typed != self.typed.lower()

    @property
    def sought(self) -> tuple[Sought, Sought, Sought]:
        """What of the vocabulary is looked at: words that sound nearly the same, the same, and like its halves."""
        codes, size = sounds(self.term), len(self.term)
        near = frozenset(other for code in codes for other in nearby(code))
        halves = frozenset(code for pair in self.halves for code in pair)
        return (
            # What was misheard from its first letter on sounds the same.
            Sought(near, self.term[0], int(size * _shorter(SPELLED)), int(size / _shorter(SPELLED)) + 1),
            Sought(frozenset(codes), "", 2, int(size / _shorter(SOUNDED))),
            Sought(halves, "", 1, size - 1),
        )


def _shorter(alike: float) -> float:
    """Return how much of a word's length another that is so much alike has at least: it is all in it."""
    return alike / (2 - alike)


async def _guessed(rare: Sequence[_Rare], lookup: Lookup) -> list[Heard]:
    """Return what of the vocabulary rare words may have been heard as: words alone, and neighbouring ones."""
    if not rare:
        return []
    sounding = await vocabulary.sounding(
        lookup.connection, lookup.guild_id, [sought for one in rare for sought in one.sought]
    )
    parts = {part for one in rare for split in one.splits for part in split}
    stems = {part: lookup.stems(part) for part in parts}
    known = await lookup.numbers(stem for every in stems.values() for stem in every)
    terms = {part: _term(part, stems[part], known) for part in parts}
    found: list[Heard] = []
    for one, near, same, halves in zip(rare, sounding[::3], sounding[1::3], sounding[2::3], strict=True):
        alike = _alike(one, near, same)
        found += alike
        found += _joined(one, halves, terms, {other.phrase.words[0] for other in alike} | {one.term})
    return found


def _term(word: str, stems: Sequence[str], known: Collection[str]) -> str | None:
    """Return what half of a word may be among the terms: a stop word itself, or one of its stems that is known."""
    return word if word in STOPWORDS else next((stem for stem in stems if stem in known), None)


def _alike(rare: _Rare, near: Mapping[str, Sequence[str]], same: Mapping[str, Sequence[str]]) -> list[Heard]:
    """Return words that are spelled or sound nearly like a rare one, by the codes they were found by."""
    best: dict[str, float] = {}
    for by_code, least in ((same, SOUNDED), (near, SPELLED)):
        terms = list(chain.from_iterable(by_code.values()))
        best |= {terms[at]: alike for at, alike in scored(rare.term, terms, least)}
    best.pop(rare.term, None)
    chosen = sorted(best, key=lambda term: (-best[term], term))[:MOST_ALIKE]
    return [Heard(rare.typed, rare.term, Phrase((term,), exact=False), best[term]) for term in chosen]


def scored(word: str, others: Sequence[str], least: float, most: int | None = None) -> list[tuple[int, float]]:
    """Return the places of the most similar others, best first, and how alike they are (0 to 1)."""
    found = process.extract(word, others, scorer=fuzz.ratio, score_cutoff=100 * least, limit=most)
    return [(at, score / 100) for _, score, at in found]


def _joined(
    rare: _Rare, halves: Mapping[str, Sequence[str]], terms: Mapping[str, str | None], alone: set[str]
) -> list[Heard]:
    """Return neighbouring words that may be a rare one, as its halves or where neither alone is it."""
    cuts = (tuple(term for part in split if (term := terms[part]) is not None) for split in rare.splits)
    found = {
        words: 1.0
        for words, split in zip(cuts, rare.splits, strict=True)
        if len(words) == len(split) and not STOPWORDS.issuperset(words)
    }
    for spelled in rare.spellings:
        pairs = (
            (words, alike)
            for words, alike in _pairs(spelled, rare.halves, halves)
            if not STOPWORDS.issuperset(words) and (alike == 1 or alone.isdisjoint(words))
        )
        for words, alike in _best(pairs, MOST_JOINS):
            found[words] = max(alike, found.get(words, 0.0))
    best = sorted((-alike, words) for words, alike in found.items())[:MOST_JOINS]
    return [Heard(rare.typed, rare.term, Phrase(words, exact=False), -alike) for alike, words in best]


def _best(ordered: Iterable[tuple[_Words, float]], most: int) -> Iterator[tuple[_Words, float]]:
    """Yield the first ones of what is ordered, the most alike first, and those that are as alike as the last."""
    least = 0.0
    for at, (words, alike) in enumerate(ordered, start=1):
        if at > most and alike < least:
            return
        least = alike
        yield words, alike


def _splits(word: str) -> Iterator[tuple[str, ...]]:
    """Yield a word cut into two, and a short one into three: it may be spelled out."""
    for count in (1, 2) if len(word) <= LONGEST_SPELLED_OUT else (1,):
        for cuts in combinations(range(1, len(word)), count):
            yield tuple(word[start:end] for start, end in pairwise((0, *cuts, len(word))))


def _pairs(
    word: str, halves: Sequence[tuple[str, str]], by_code: Mapping[str, Sequence[str]]
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield pairs of words that together are spelled or sound like the word, and how alike they are, best first."""
    codes = set(sounds(word))

    @cache
    def likely(code: str) -> list[str]:
        words = by_code.get(code, [])
        words = sorted([*words, *(stop for stop in _STOP_SOUNDS.get(code, ()) if stop not in words)])
        return [words[at] for at, _ in scored(word, words, 0.0, MOST_PARTS)]

    pairs = list(dict.fromkeys(pair for left, right in halves for pair in product(likely(left), likely(right))))
    joined = [left + right for left, right in pairs]
    for at, alike in scored(word, joined, JOINED):
        if alike >= SPELLED or not codes.isdisjoint(sounds(joined[at])):
            yield pairs[at], alike


async def said(wanted: Sequence[Heard], lookup: Lookup, room: int) -> dict[Heard, Postings]:
    """Return where each was said that was; of neighbouring words the likeliest, until `room` passages have been read.

    Raises:
        DatabaseError: the database can't be read.
    """
    if not wanted:
        return {}
    known = await lookup.postings(word for one in wanted for word in one.phrase.words)
    alone = {one.phrase for one in wanted if len(one.phrase.words) == 1}
    found = {phrase: known[phrase.words[0]] for phrase in alone if phrase.words[0] in known}
    ordered = sorted((one for one in wanted if one.phrase not in alone), key=lambda one: -one.weight)
    chosen: dict[Phrase, Passages] = {}
    for phrase, passages in (await lookup.holding([one.phrase for one in ordered])).items():
        if passages is not None and 0 < len(passages) <= room:
            chosen[phrase] = passages
            room -= len(passages)
    found |= await lookup.read(chosen)
    return {one: postings for one in wanted if (postings := found.get(one.phrase)) is not None and len(postings[0])}
