"""A question's words → what means the same in the library's other languages: Japanese ones in English, and back.

A word counts as the best of its glosses, never as their sum: the first one most, each later one a little less, and a
word of a gloss of several less again. A name in katakana that the dictionary lacks is compared by its sound. Tried is
what the library has transcripts in: where that is the question's language alone, nothing is looked up.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
import regex

from store.dictionary import japanese
from store.dictionary.japanese import Word
from store.dictionary.table import dictionary
from store.index.directory import Postings
from store.search.expansion import By, Heard, said
from store.search.lookup import Lookup
from store.search.question import ASKED, ASKING_STEMS, Question
from store.search.ranking import Variant, idf
from store.search.transcribed import MOST_READ, SURE, transcribed
from store.text import numbers
from store.text.analysis import Kind, Unit, stem, units
from store.text.cutting import calm
from store.text.phrases import Phrase
from store.text.scripts import script

JAPANESE, ENGLISH, CHINESE = "ja", "en", "zh"
LATER = 0.9  # of what the gloss before it counts
AMONG = 0.6  # of a word of a gloss of several words
LATER_FORM = 0.97  # of what the Japanese form before it counts
WRITTEN = 0.9  # of a number
TELLING = 0.33  # of what the word's best gloss weighs: less isn't looked at
NAMED = 1.4  # · similarity, of a name in katakana: it is what is asked about
CHARACTER, ENDING = 0.5, 0.02  # of a character or pair of a word, and of one between words
MOST_ENTRIES = 4  # of a word: homographs, and what it may be inflected of
MOST_NAMES = 4  # of a question that are looked up by their sound

_CONTENT = regex.compile(r"[\p{Han}\p{Katakana}ー]+")
_KANJI = regex.compile(r"\p{Han}")


@dataclass(frozen=True, slots=True)
class Bridge:
    """What a question's words may be said as in other languages, of what occurs.

    Of the `terms` nobody can say that they occur nowhere; `weights` are what terms count where they were said as typed.
    """

    heard: dict[Heard, Variant] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
    weights: dict[str, float] = field(default_factory=dict)


async def bridged(question: Question, lookup: Lookup) -> Bridge:
    """Return what the question's words are in the other languages of the library, each with its postings.

    Raises:
        DatabaseError: the database can't be read.
    """
    spoken = lookup.index.spoken_in
    loose = {token.start for token in question.loose}
    typed = [unit for unit in units(calm([question.text])[0]) if unit.start in loose]
    if any(japanese.runs(typed)):
        is_chinese = CHINESE in spoken and not any(japanese.KANA.match(unit.folded) for unit in typed)
        is_spoken = ENGLISH in spoken or spoken == {""}  # where no language is known, it may be
        return await _to_english(question, typed, lookup) if is_spoken and not is_chinese else Bridge()
    return Bridge(await _to_japanese(question, lookup)) if JAPANESE in spoken else Bridge()


async def _to_english(question: Question, typed: Sequence[Unit], lookup: Lookup) -> Bridge:
    known = dictionary()
    counted = list(numbers.from_japanese(question.text, ENGLISH))
    meant = [
        unit
        for unit in typed
        if unit.folded not in numbers.KANJI or not any(start <= unit.start < end for start, end, _ in counted)
    ]
    words, names = japanese.words(meant, known), japanese.foreign(meant, known)
    glosses = [(word, _glosses(word)) for word in words]
    known_terms = (await lookup.numbers(term for _, terms in glosses for term in terms)).keys()
    names += [word for word in words if japanese.KATAKANA.fullmatch(word.form) and not _is_said(word, known_terms)]
    heard: dict[Heard, Variant] = {}
    for name in names[:MOST_NAMES]:
        sounding = await transcribed(_typed(question, meant, name), name.form, lookup)
        heard |= {one: Variant(one.key, postings, NAMED * one.alike) for one, postings in sounding.items()}
    sure = {one.term for one in heard if one.alike >= SURE}
    glossed = [
        Heard(_typed(question, meant, word), word.form, Phrase((term,), exact=False), worth, By.MEANING)
        for word, terms in glosses
        if not any(name.form in sure and name.first <= word.first and word.end <= name.end for name in names)
        for term, worth in terms.items()
    ]
    found = await said(await _telling(glossed, lookup), lookup, MOST_READ)
    for start, end, ways in counted:
        found |= await said(list(_counted(question, start, end, ways)), lookup, MOST_READ)
    heard |= {one: Variant(one.key, postings, one.weight) for one, postings in found.items()}
    answered = {one.term for one in heard} | {one.term for one in glossed if one.key in ASKING_STEMS} | japanese.STOPPED
    return Bridge(heard, _answered(question, meant, [*words, *names], answered), _own(question, meant, words))


def _own(question: Question, typed: Sequence[Unit], words: Sequence[Word]) -> dict[str, float]:
    """Return what the question's Japanese terms count where they were said as typed.

    A passage in Japanese says a word by each of its characters and pairs, and every ending too, which in a library of
    both languages are rare; one in English says it once.
    """
    meant = [_span(typed, word) for word in words if word.entries]
    empty = [_span(typed, word) for word in words if not word.entries]
    found: dict[str, float] = {}
    for token in question.tokens:
        if token.kind is not Kind.WORD or japanese.JAPANESE.match(token.term):
            content = token.is_within(meant) or (_CONTENT.match(token.term) and not token.is_within(empty))
            found[token.term] = max(CHARACTER if content else ENDING, found.get(token.term, 0.0))
    return found


async def _telling(glossed: Sequence[Heard], lookup: Lookup) -> list[Heard]:
    """Return the glosses that occur, without those that tell too little beside another one of the same word."""
    counts = await lookup.frequencies(one.key for one in glossed)
    worth = {one: one.weight * idf(lookup.index.size, counts[one.key]) for one in glossed if one.key in counts}
    best: dict[str, float] = {}
    for one, value in worth.items():
        best[one.term] = max(value, best.get(one.term, 0.0))
    return [one for one, value in worth.items() if value >= TELLING * best[one.term]]


def _glosses(word: Word) -> dict[str, float]:
    """Return the terms of a word's glosses, each with what it counts."""
    found: dict[str, float] = {}
    for entry in word.entries[:MOST_ENTRIES]:
        alone = ((one, LATER**rank) for rank, one in enumerate(entry.alone))
        for english, worth in chain(alone, ((one, AMONG) for one in entry.among)):
            term = stem(english)
            found.setdefault(term, worth * (ASKED if term in ASKING_STEMS else 1))
    return found


def _is_said(word: Word, terms: AbstractSet[str]) -> bool:
    """Say whether a gloss of a word is among some terms: one of one word, or all words of those of several."""
    return any(
        any(stem(one) in terms for one in entry.alone)
        or (entry.among and all(stem(one) in terms for one in entry.among))
        for entry in word.entries
    )


def _counted(question: Question, start: int, end: int, ways: Iterable[tuple[str, ...]]) -> Iterator[Heard]:
    """Yield how English says a number that Japanese writes otherwise."""
    own = {token.term for token in question.tokens if token.is_within([(start, end)])}
    for phrase in dict.fromkeys(Phrase(tuple(map(stem, way)), exact=False) for way in ways):
        if not own.issuperset(phrase.words):
            typed = question.text[start:end]
            yield Heard(typed, typed, phrase, WRITTEN, By.MEANING)


def _answered(
    question: Question, typed: Sequence[Unit], words: Sequence[Word], answered: AbstractSet[str]
) -> frozenset[str]:
    """Return the question's Japanese terms of which nobody can say that they occur nowhere.

    Those are all but the words that are not `answered`, by their forms, and kanji that the dictionary doesn't know.
    """
    known = {at for word in words for at in range(word.first, word.end)}
    unknown = [
        _span(typed, word) for word in words if word.form not in answered and not japanese.HIRAGANA.fullmatch(word.form)
    ]
    unknown += [(one.start, one.end) for at, one in enumerate(typed) if at not in known and _KANJI.match(one.folded)]
    found = [_span(typed, word) for word in words if word.form in answered]
    return frozenset(
        token.term
        for token in question.tokens
        if token.kind is not Kind.WORD or japanese.JAPANESE.match(token.term)
        if token.is_within(found) or not token.is_within(unknown)
    )


def _in_japanese(question: Question) -> Iterator[Heard]:
    """Yield the Japanese forms of the question's words in Latin letters."""
    known = dictionary()
    for token in question.loose:
        if token.kind is Kind.WORD and script(token.word) == "latin" and question.weight(token.term) == 1:
            typed = question.text[token.start : token.end]
            forms = (japanese.lasting(form, known) for form in known.forms(stem(token.word)))
            for rank, form in enumerate(dict.fromkeys(forms)):
                yield Heard(typed, token.term, Phrase.of(form, exact=False), LATER_FORM**rank, By.MEANING)


async def _to_japanese(question: Question, lookup: Lookup) -> dict[Heard, Variant]:
    """Return the Japanese forms that occur: where every two characters that are neighbours in one are."""
    forms = _in_japanese(question)
    pairs = {one: terms for one in forms if (terms := _pairs(one.phrase.words))}
    occurring = await lookup.numbers(chain.from_iterable(pairs.values()))
    pairs = {one: terms for one, terms in pairs.items() if occurring.keys() >= set(terms)}
    known = await lookup.postings(chain.from_iterable(pairs.values()))
    found = {}
    for one, terms in pairs.items():
        if all(term in known for term in terms) and len((postings := _together([known[term] for term in terms]))[0]):
            found[one] = Variant(one.key, postings, one.weight)
    return found


def _pairs(characters: Sequence[str]) -> list[str]:
    return ["".join(pair) for pair in pairwise(characters)] or list(characters)


def _together(every: Sequence[Postings]) -> Postings:
    """Return the passages that are in all postings, and how often the rarest of them occurs in each."""
    passages, counts = every[0]
    for others, often in every[1:]:
        at = np.minimum(np.searchsorted(others, passages), len(others) - 1)
        both = others[at] == passages
        passages, counts = passages[both], np.minimum(counts[both], often[at[both]])
    return passages, counts


def _typed(question: Question, typed: Sequence[Unit], word: Word) -> str:
    start, end = _span(typed, word)
    return question.text[start:end]


def _span(typed: Sequence[Unit], word: Word) -> tuple[int, int]:
    return typed[word.first].start, typed[word.end - 1].end
