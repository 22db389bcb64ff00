"""A question → what to rank by and what to leave out, with everything it looks up in the guild's index and texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from store.index.directory import Passages, Postings
from store.models import Spelling
from store.search import bridging, expansion, mentions
from store.search.bridging import Bridge
from store.search.expansion import Heard
from store.search.forms import Sought
from store.search.lookup import Lookup
from store.search.pairs import Pairs
from store.search.question import Question
from store.search.quoting import Wanted
from store.search.ranking import Clause, Mask, Variant, rank
from store.text.analysis import Kind
from store.text.phrases import Phrase

MOST_READ = 2000  # passages that are read for a phrase, those with the best scores first


@dataclass(frozen=True, slots=True)
class Query:
    """What a question asks of one index; `excluded` [N] are the passages that can't answer.

    `bridged` are the terms of its words that were looked for in another language.
    """

    question: Question
    clauses: tuple[Clause, ...]
    pairs: Pairs
    heard: tuple[Heard, ...]
    phrases: tuple[Phrase, ...]
    unsaid: tuple[str, ...]
    excluded: Mask
    bridged: frozenset[str] = frozenset()

    @property
    def found(self) -> frozenset[str]:
        """The question's terms that occur, as they are, as what they were heard as, or in another language."""
        said = frozenset(v.key for clause in self.clauses for v in clause.variants)
        return said | {one.term for one in self.heard} | self.bridged

    def wanted(self, weights: Mapping[str, float]) -> Wanted:
        """Return what a quote should hold: what was ranked by, and before all the phrases."""
        said = {one.phrase: weights[one.key] for one in self.heard if len(one.phrase.words) > 1}
        most = 1.0 + sum(weights.values())
        terms = {key: weight for key, weight in weights.items() if " " not in key}
        return Wanted(terms, said | dict.fromkeys(self.phrases, most))


async def compiled(question: Question, lookup: Lookup, excluded: Mask, *, glossary: Sequence[Spelling] = ()) -> Query:
    """Return the query of a question over the passages that are not excluded already.

    Raises:
        DatabaseError: the database can't be read.
    """
    known = await lookup.postings(question.every_stem)
    bridge = await _heard(question, lookup, glossary)
    excluded = await _without(question.excluded, lookup, excluded)
    clauses = tuple(_clauses(question, known, bridge))
    if not question.tokens:
        clauses = tuple([await _everywhere(phrase, lookup, excluded) for phrase in question.phrases])
    phrases: list[Phrase] = []
    unsaid: list[str] = []
    allowed = excluded.copy() if question.phrases else excluded
    for phrase, postings in (await _said(question.phrases, lookup, clauses, excluded)).items():
        if len(postings[0]):
            phrases.append(phrase)
            excluded |= ~_mask(postings[0], lookup.index.size)
        else:
            unsaid.append(question.typed(phrase))
    if phrases and excluded.all():  # each was said, but nowhere together
        unsaid += [question.typed(phrase) for phrase in phrases]
        phrases, excluded = [], allowed
    if unsaid:  # then their words are loose ones: marked where they stand, and perhaps heard as others
        quoted = tuple(span for span in question.quoted if question.phrase_at(span) in phrases)
        question = replace(question, quoted=quoted)
        bridge = await _heard(question, lookup, glossary)
        clauses = tuple(_clauses(question, known, bridge)) if question.tokens else clauses
    return Query(
        question,
        clauses,
        Pairs.of([token.term if token.kind is Kind.WORD else None for token in question.tokens], known),
        tuple(bridge.heard),
        tuple(phrases),
        tuple(unsaid),
        excluded,
        bridge.terms,
    )


async def _heard(question: Question, lookup: Lookup, glossary: Sequence[Spelling]) -> Bridge:
    """Return what the question's words may have been heard as, in other languages of the library too."""
    bridge = await bridging.bridged(question, lookup)
    return replace(bridge, heard=await expansion.heard(question, lookup, glossary) | bridge.heard)


def _clauses(question: Question, known: Mapping[str, Postings], bridge: Bridge) -> list[Clause]:
    clauses = []
    for term in dict.fromkeys((*question.terms, *(one.term for one in bridge.heard))):
        weight = question.weight(term) * bridge.weights.get(term, 1.0)
        variants = [Variant(stem, known[stem], weight) for stem in question.stems_of(term) if stem in known]
        variants += [variant for one, variant in bridge.heard.items() if one.term == term]
        if variants:
            clauses.append(Clause(tuple(variants)))
    return clauses


async def _everywhere(phrase: Phrase, lookup: Lookup, excluded: Mask) -> Clause:
    """Return the clause of a phrase of stop words, which no postings hold: it is looked for in all that was said."""
    found = await mentions.said(lookup, [Sought(phrase.key, phrase)], excluded)
    return Clause((Variant(phrase.key, lookup.index.holding(found.transcripts, found.cues)),))


async def _without(phrases: Sequence[Phrase], lookup: Lookup, excluded: Mask) -> Mask:
    """Exclude the passages with an excluded word; of words in a row, those of the passages that are read."""
    if not phrases:
        return excluded
    excluded = excluded.copy()
    holding = await lookup.holding(phrases)
    rows = {}
    for phrase, passages in holding.items():
        if passages is not None and len(phrase.words) == 1:
            excluded[passages] = True
        elif passages is not None:
            rows[phrase] = passages[~excluded[passages]][:MOST_READ]
    for postings in (await lookup.read(rows)).values():
        excluded[postings[0]] = True
    return excluded


async def _said(
    phrases: Sequence[Phrase], lookup: Lookup, clauses: Sequence[Clause], excluded: Mask
) -> dict[Phrase, Postings]:
    """Return where each phrase was said, of the passages that are not excluded."""
    read: dict[Phrase, Passages] = {}
    every = [variant.postings[0] for clause in clauses for variant in clause.variants]
    for phrase, holding in (await lookup.holding(phrases)).items():
        # Of stop words alone: wherever another word of the question is.
        passages = np.unique(np.concatenate(every)) if holding is None and every else holding
        left = passages[~excluded[passages]] if passages is not None else np.empty(0, np.int64)
        if len(left) > MOST_READ:
            best = rank(lookup.index, clauses, MOST_READ, excluded=~_mask(left, lookup.index.size)).hits
            left = np.sort(np.array([hit.number for hit in best], np.int64))
        read[phrase] = left
    return await lookup.read(read)


def _mask(passages: Passages, size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[passages] = True
    return mask
