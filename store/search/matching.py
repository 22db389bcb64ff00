"""Words that somebody waits for → whether one transcript says all of them, and in which moments.

Each loose word may be said in any of its forms, in any place; a phrase exactly; what is left out not at all. A word is
what was typed in one piece: neither a stretch of CJK nor a word with hyphens falls apart into what may stand anywhere.
Its whole stream is looked through, so that what was asked of it before, or how large the library is, is no matter.
What a word may have been heard as counts only where that can be trusted, for nobody asked to be told of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from store.errors import QuestionError, UnindexedError
from store.index.stream import Stream
from store.models import Approximation, Entry, Match, Quote, Spelling
from store.search import borders, expansion, forms, quoting
from store.search.borders import Rows
from store.search.choosing import Found
from store.search.expansion import By, Heard
from store.search.lookup import Lookup
from store.search.measured import Measured
from store.search.occurrences import Occurrences, Places, occurrences, within
from store.search.question import QUOTATION, Question, understand
from store.search.quotes import Marked, Quoting
from store.search.quoting import Around, Span, Wanted
from store.text.analysis import units
from store.text.cutting import calm
from store.text.phrases import Phrase

# Least similarity of what a word was heard as (docs/retrieval.md); in an answer it is 0.6 where it sounds the same.
TRUSTED = 0.9
TRUSTED_LONG = 0.85  # of a long word
TRUSTED_JOINED = 0.8  # of neighbouring words
LONG = 8  # letters


@dataclass(frozen=True, slots=True)
class Awaited:
    """A word or a phrase as it was typed, what it may have been said as, and the terms of a word.

    `guessed` are those of the phrases that are other words, perhaps heard in its place, and how alike (0 to 1).
    """

    typed: str
    phrases: tuple[Phrase, ...]
    terms: frozenset[str] = frozenset()
    guessed: Mapping[Phrase, float] = field(default_factory=dict, compare=False)

    def among(self, said: Mapping[Phrase, Places]) -> dict[Phrase, Places]:
        """Return what of the phrases is said; of what is guessed only the most alike, where there is nothing else."""
        found = [phrase for phrase in self.phrases if phrase in said]
        sure = [phrase for phrase in found if phrase not in self.guessed]
        most = max((self.guessed[phrase] for phrase in found if phrase in self.guessed), default=0.0)
        return {phrase: said[phrase] for phrase in sure or found if self.guessed.get(phrase, most) == most}


def checked(text: str, *, max_characters: int) -> str:
    """Return words to wait for as they are kept: one space between them.

    Raises:
        QuestionError: they are too long, or nothing is left of them that could be waited for.
    """
    text = " ".join(text.split())
    if len(text) > max_characters:
        raise QuestionError(
            "That has {count} characters; please name at most {most}.", count=len(text), most=max_characters
        )
    if not any(units(text)):
        raise QuestionError("There is no word in that; name a word, a name or a “phrase” to wait for.")
    question = understand(text, max_characters=max_characters)
    plain = text.translate(QUOTATION)
    if not question.tokens and not any(plain[:start].endswith('"') for start, _ in question.quoted):
        raise QuestionError(
            "“{text}” is said in nearly every transcript; add a name or a topic, or put it in quotation marks.",
            text=text,
        )
    return text


async def matched(
    lookup: Lookup, question: Question, entry: Entry, glossary: Sequence[Spelling], *, limit: int
) -> Match:
    """Return whether a transcript says what somebody waits for, with at most `limit` quotes.

    Raises:
        UnindexedError: it can't be searched yet.
        StreamError: a block of its stream is missing or damaged.
    """
    if not lookup.index.holds(entry.id):
        raise UnindexedError
    stream = await lookup.stream(np.array([entry.id]), np.array([0]), np.array([entry.cues]))
    words = list(_words(question, lookup.index.languages))
    phrases = [Awaited(question.typed(phrase), (phrase,)) for phrase in question.phrases]
    every = [*words, *phrases]
    said = await _said(lookup, stream, [*(phrase for one in every for phrase in one.phrases), *question.excluded])
    if silent := [one for one in words if said.keys().isdisjoint(one.phrases)]:
        heard = await _heard(silent, question, lookup, glossary)
        said |= await _said(lookup, stream, [phrase for one in heard.values() for phrase in one.phrases])
        every = [heard.get(one, one) for one in every]
    missing = tuple(one.typed for one in every if said.keys().isdisjoint(one.phrases))
    excluded = next((question.left_out[phrase] for phrase in question.excluded if phrase in said), None)
    if missing or excluded is not None:
        return Match((), missing, excluded)
    found = [one.among(said) for one in every]
    guessed = [
        Heard(one.typed, "", phrase, by=By.GLOSSARY)
        for one, phrases in zip(every, found, strict=True)
        for phrase in phrases
        if phrase in one.guessed
    ]
    quotes, approximations = await _quotes(lookup, stream, entry, found, guessed, limit=limit)
    return Match(quotes, heard=approximations)


def _words(question: Question, languages: Sequence[str]) -> Iterator[Awaited]:
    """Yield the loose words of a question as they were typed, each in one piece."""
    text = calm([question.text.translate(QUOTATION)])[0]
    for start, end in question.pieces:
        if tokens := [token for token in question.loose if token.is_within([(start, end)])]:
            typed = text[start:end]
            if (tokens[0].start, tokens[0].end) == (start, end):
                stems = dict.fromkeys(stem for token in tokens for stem in question.stems_of(token.term))
                phrases = [Phrase((stem,), exact=False) for stem in stems]
            else:
                phrases = [Phrase.of(typed, exact=False, language=of) for of in languages]
            terms = frozenset(token.term for token in tokens)
            yield Awaited(question.text[start:end], tuple(dict.fromkeys(phrases)), terms)


async def _heard(
    silent: Sequence[Awaited], question: Question, lookup: Lookup, glossary: Sequence[Spelling]
) -> dict[Awaited, Awaited]:
    """Return words as what they may have been heard as, alone or together with those beside them."""
    language = lookup.index.languages[0]
    terms = frozenset().union(*(one.terms for one in silent))
    names = replace(question, tokens=tuple(token for token in question.tokens if token.term in terms))
    heard = await expansion.heard(question, lookup, glossary) | await forms.named(names, lookup)
    found = {}
    for one in silent:
        alone = Phrase.of(one.typed, exact=False, language=language)
        others = [other for other in heard if other.term in one.terms and _is_trusted(other)]
        phrases: dict[Phrase, float] = {}  # how alike each is, 0 where it is no other word
        for other in others:
            inside = forms.exchanged(alone, other, language)
            for phrase in (inside, other.phrase if other.typed not in one.typed else None):
                if phrase is not None:
                    phrases[phrase] = min(phrases.get(phrase, 1.0), other.alike if _is_other(other) else 0.0)
        guessed = {phrase: alike for phrase, alike in phrases.items() if alike}
        found[one] = replace(one, phrases=tuple(phrases), guessed=guessed)
    return found


def _is_trusted(one: Heard) -> bool:
    """Say whether a word was so surely heard as another that somebody may be told of it unasked.

    One that is the other and an ending (bakery, baker) is no misheard one.
    """
    if one.by is not By.SOUND:
        return one.by is not By.COMPOUND
    first, *others = one.phrase.words
    if others or one.alike == 1:
        return one.alike >= TRUSTED_JOINED
    ending = first.startswith(one.term) or one.term.startswith(first)
    return not ending and one.alike >= (TRUSTED_LONG if len(one.typed) >= LONG else TRUSTED)


def _is_other(one: Heard) -> bool:
    """Say whether what a word was heard as is spelled otherwise, not only written or joined otherwise."""
    return one.by is By.GLOSSARY or (one.by is By.SOUND and one.alike < 1)


async def _said(lookup: Lookup, stream: Stream, phrases: Sequence[Phrase]) -> dict[Phrase, Places]:
    """Return the places in a stream of those phrases that are said in it."""
    signs = await lookup.signs(phrases)
    found = {phrase: occurrences(stream, sign) for phrase, sign in signs.items()}
    return {phrase: places for phrase, places in found.items() if len(places)}


async def _quotes(
    lookup: Lookup,
    stream: Stream,
    entry: Entry,
    found: Sequence[Mapping[Phrase, Places]],
    guessed: Sequence[Heard],
    *,
    limit: int,
) -> tuple[tuple[Quote, ...], tuple[Approximation, ...]]:
    """Return quotes of moments in which most of what was found stands together, best first, and what was `guessed`.

    Each further one holds what those before it lack, or else the most that is left; of equals the earliest.
    """
    every = {phrase: places for one in found for phrase, places in one.items()}
    rows = np.unique(stream.starts.searchsorted(np.concatenate(list(every.values())), side="right") - 1)
    signs = await lookup.signs(list(every))
    said = Occurrences(stream, {}, {phrase.key: sign for phrase, sign in signs.items()})
    wanted = Wanted({}, dict.fromkeys(every, 1.0))
    lows, highs = np.maximum(rows - borders.NEAR - 1, 0), np.minimum(rows + 1 + quoting.REACH, entry.cues)
    around = Around(rows, rows + 1, lows, highs, np.array([0]))
    begins, stops = quoting.windows(said, wanted, around, quoting.SHORT_WORDS)
    starts, ends = stream.starts[begins], stream.starts[stops]
    holds = np.array(
        [
            np.sum([within(places, starts, ends - len(phrase.words) + 1) for phrase, places in one.items()], axis=0) > 0
            for one in found
        ]
    )
    chosen = [Span(entry.id, int(begins[at]), int(stops[at])) for at in _best(holds, begins, stops, limit)]
    others = {one.phrase for one in guessed}
    marks = Marked(phrases=[phrase for phrase in every if phrase not in others], heard=guessed)
    return await Quoting(marks, wanted, Measured(said)).quotes(
        lookup.connection, [Found(span, 0.0, frozenset(), frozenset()) for span in chosen]
    )


def _best(holds: npt.NDArray[np.bool_], begins: Rows, stops: Rows, limit: int) -> Iterator[int]:
    """Yield which windows [N] to quote, none near another, by which words [W, N] each holds."""
    free = np.ones(len(begins), dtype=bool)
    shown = np.zeros(len(holds), dtype=bool)
    most = holds.sum(axis=0)
    for _ in range(limit):
        if not free.any():
            return
        new = (holds & ~shown[:, np.newaxis]).sum(axis=0)
        at = int(np.argmax(np.where(free, new * (len(holds) + 1) + most, -1)))
        yield at
        shown |= holds[:, at]
        free &= (stops + borders.NEAR <= begins[at]) | (begins >= stops[at] + borders.NEAR)
