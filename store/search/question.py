"""What was asked, as the search sees it: terms and the words they came from, exact phrases, and what is excluded.

`"in quotes"` means these words in this order; `-word` and `-"some words"` leave passages out that say so. Everything
else is loose words. Quotation marks of keyboards and word processors count alike; one without its twin is nothing, nor
is a hyphen that doesn't begin a word.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import regex

from store.errors import QuestionError
from store.text import analysis
from store.text.analysis import Kind, Token, tokens
from store.text.cutting import UNSPACED, calm
from store.text.languages import is_varied
from store.text.latin_stopwords import LATIN
from store.text.phrases import Phrase
from store.text.stopwords import ASKING, ENGLISH

ASKED = 0.3  # what a word by which one asks counts, where there are others
QUOTATION = str.maketrans(dict.fromkeys("“”„‟＂«»", '"'))
_EXCLUDED = r"(?<!\S)[-－−]"
_MARKED = regex.compile(rf'(?P<minus>{_EXCLUDED})?"(?P<phrase>[^"]*)"|{_EXCLUDED}(?P<word>\p{{L}}[^\s"]*)')
_JOINED = regex.compile(r"[\p{Pd}・·._]?")  # between words that were typed as one
ASKING_STEMS = frozenset(map(analysis.stem, ASKING))
_AIMLESS = frozenset(map(analysis.stem, ("anything", "anyone", "something", "someone", "info", "information")))
_SCRIPT = regex.compile(r"\p{Han}+|[\p{Katakana}\u30fc\uff70]+|\p{Hangul}+")  # hiragana is more often grammar
# The languages in which a word is a stop word, of those in Latin letters.
_STOPPED: dict[str, set[str]] = {}
for _code, _words in {"en": ENGLISH, **LATIN}.items():
    for _word in _words:
        _STOPPED.setdefault(_word, set()).add(_code)


@dataclass(frozen=True, slots=True)
class Question:
    """A question's text, its terms in order, its phrases with the spans of their words, and what is excluded.

    There are no terms where all of its words are stop words; then they are a phrase.
    A token's term is its stem in one of the library's languages; `stems` are, by that, all of them. `left_out` are
    the excluded phrases as they were typed, without their signs; `asked_in` the languages that it may be asked in.
    """

    text: str
    tokens: tuple[Token, ...]
    phrases: tuple[Phrase, ...] = ()
    quoted: tuple[tuple[int, int], ...] = ()
    excluded: tuple[Phrase, ...] = ()
    weights: dict[str, float] = field(default_factory=dict)
    stems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: dict[Phrase, str] = field(default_factory=dict)
    asked_in: frozenset[str] = frozenset()

    @property
    def terms(self) -> tuple[str, ...]:
        """The distinct terms, in order."""
        return tuple(dict.fromkeys(token.term for token in self.tokens))

    @property
    def loose(self) -> tuple[Token, ...]:
        """The tokens that don't stand in a phrase."""
        return tuple(token for token in self.tokens if not token.is_within(self.quoted))

    def stems_of(self, term: str) -> tuple[str, ...]:
        """Return what a term's word is in each of the library's languages, the term first."""
        return self.stems.get(term, (term,))

    @property
    def every_stem(self) -> tuple[str, ...]:
        """What all terms' words are in all languages of the library."""
        return tuple(stem for term in self.terms for stem in self.stems_of(term))

    def weight(self, term: str) -> float:
        """Return what a term counts: less for a word by which one asks, where there are others."""
        return self.weights.get(term, 1.0)

    def missing(self, found: Collection[str]) -> tuple[str, ...]:
        """Return the question's words that occur nowhere, as they were typed.

        A stretch of one script of Chinese, Japanese or Korean is named where none of its pairs of characters occurs;
        in Thai, Lao, Khmer and Burmese nothing is, for nobody knows where their words end.
        """
        spans: list[tuple[int, int]] = []
        for token in self.tokens:
            pair = token.kind in {Kind.PAIR, Kind.KANA_PAIR}
            asking = self.weight(token.term) < 1
            said = any(stem in found for stem in self.stems_of(token.term))
            border = pair and not _SCRIPT.fullmatch(self.text, token.start, token.end)
            if said or asking or border or UNSPACED.match(self.text, token.start):
                continue
            # Pairs that only touch are two borders, with a word that occurs between them.
            reach = token.start + (token.kind is not Kind.CHARACTER)
            if token.kind is not Kind.WORD and spans and reach <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], token.end))
            else:
                spans.append((token.start, token.end))
        words = [self.text[start:end] for start, end in spans if not self._is_border(start, end, found)]
        return tuple({word.casefold(): word for word in reversed(words)}.values())[::-1]

    def marked(self, known: Collection[str]) -> frozenset[str]:
        """Return the terms worth marking in a quote: words and pairs; pairs of hiragana where there is nothing else.

        Nor are the words by which one asks, where there are others.
        """
        loose = [token for token in self.loose if token.kind is not Kind.CHARACTER]
        loose = [token for token in loose if self.weight(token.term) == 1] or loose
        found = [token for token in loose if any(stem in known for stem in self.stems_of(token.term))]
        strong = [token for token in found if token.kind is not Kind.KANA_PAIR]
        return frozenset(stem for token in strong or found for stem in self.stems_of(token.term) if stem in known)

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """Where its loose words stand as they were typed, each in one piece, however many terms it has."""
        text = calm([self.text.translate(QUOTATION)])[0]
        joined: list[tuple[int, int]] = []
        for unit in analysis.units(text):
            if joined and _JOINED.fullmatch(text, joined[-1][1], unit.start):
                joined[-1] = (joined[-1][0], unit.end)
            else:
                joined.append((unit.start, unit.end))
        loose = self.loose
        return tuple((start, end) for start, end in joined if any(token.is_within([(start, end)]) for token in loose))

    @property
    def gist(self) -> str:
        """What is asked, whatever the order, the inflection and the small talk: equal for the same question.

        Of Chinese, Japanese and Korean that are the runs of one script, without hiragana.
        """
        loud = [token for token in self.tokens if self.weight(token.term) == 1]
        terms = {token.term for token in loud if token.word}
        terms = terms - _AIMLESS or terms
        terms |= {token.term for token in loud if token.kind is Kind.PAIR and UNSPACED.match(self.text, token.start)}
        terms |= set(_SCRIPT.findall(analysis.folded(self.text)))
        terms |= {f"-{phrase.key}" for phrase in self.excluded}
        return " ".join(sorted(terms)) or analysis.folded(self.text)

    def typed(self, phrase: Phrase) -> str:
        """Return a phrase as it was typed, without its quotation marks."""
        return next(self.text[slice(*span)] for span in self.quoted if self.phrase_at(span) == phrase)

    def phrase_at(self, span: tuple[int, int]) -> Phrase:
        """Return the phrase that stands in a part of the text."""
        return Phrase.of(calm([self.text])[0][slice(*span)])

    def _is_border(self, start: int, end: int, found: Collection[str]) -> bool:
        """Say whether two characters that never meet may only be the end of one word and the beginning of another."""
        runs = (self.text[at : at + 3] for at in (start - 1, start) if at >= 0)
        wider = any(len(run) == 3 and _SCRIPT.fullmatch(run) for run in runs)
        return end - start == 2 and wider and {self.text[start], self.text[start + 1]} <= set(found)


def understand(text: str, *, max_characters: int, languages: Sequence[str] = ("",)) -> Question:
    """Read a question, to be asked in the languages of a library.

    Raises:
        QuestionError: it is too long, or has no word to search for.
    """
    text = text.strip()
    if len(text) > max_characters:
        raise QuestionError(
            "That question has {count} characters; please ask in at most {most}.", count=len(text), most=max_characters
        )
    plain = calm([text.translate(QUOTATION)])[0]
    phrases: list[Phrase] = []
    quoted: list[tuple[int, int]] = []
    excluded: dict[Phrase, str] = {}
    for match in _MARKED.finditer(plain):
        if match["minus"] or match["word"]:
            typed = text[slice(*match.span("phrase" if match["word"] is None else "word"))]
            if match["word"] is None:
                excluded.setdefault(Phrase.of(match["phrase"]), typed)
            else:
                for of in languages:
                    excluded.setdefault(Phrase.of(match["word"], exact=False, language=of), typed)
            plain = plain[: match.start()] + " " * len(match[0]) + plain[match.end() :]
        elif (phrase := Phrase.of(match["phrase"])).words:
            phrases.append(phrase)
            quoted.append(match.span("phrase"))
    said = list(analysis.units(plain))
    asked_in = _asked_in({unit.folded for unit in said}, languages)
    found, stems = _searched(plain, asked_in, languages)
    if said and not (found or phrases or excluded):  # of stop words alone: they are meant in a row
        quoted.append((said[0].start, said[-1].end))
        phrases.append(Phrase.of(plain))
    if not (found or phrases):
        raise _wordless(excluded)
    asking = {token.term for token in found if analysis.stem(token.word) in ASKING_STEMS}
    weights = dict.fromkeys(asking, ASKED) if asking != {token.term for token in found} else {}
    return Question(
        text,
        found,
        phrases=tuple(dict.fromkeys(phrases)),
        quoted=tuple(quoted),
        excluded=tuple(phrase for phrase in excluded if phrase.words),
        weights=weights,
        stems=stems,
        left_out=excluded,
        asked_in=asked_in,
    )


def meant(text: str) -> str:
    """Return what of a question is to be taken by its meaning: without what is left out, and no quotation marks."""
    plain = text.translate(QUOTATION)
    left_out = [match for match in _MARKED.finditer(calm([plain])[0]) if match["minus"] or match["word"]]
    for match in reversed(left_out):
        plain = plain[: match.start()] + plain[match.end() :]
    return " ".join(plain.replace('"', " ").split())


def looked_for(text: str) -> tuple[str, ...]:
    """Return the words and phrases that are looked for, in order, as they were typed: without what is left out."""
    try:
        question = understand(text, max_characters=len(text))
    except QuestionError:
        return ()
    found: dict[str, str] = {}
    for start, end in sorted({*question.quoted, *question.pieces}):
        words = " ".join(question.text[start:end].split())
        found.setdefault(words.casefold(), words)
    return tuple(found.values())


def searched(text: str, languages: Sequence[str]) -> Question:
    """Return a question of words alone, without phrases or what is excluded."""
    asked_in = _asked_in({unit.folded for unit in analysis.units(text)}, languages)
    found, stems = _searched(text, asked_in, languages)
    return Question(text, found, stems=stems, asked_in=asked_in)


def _searched(
    text: str, asked: Collection[str], languages: Sequence[str]
) -> tuple[tuple[Token, ...], dict[str, tuple[str, ...]]]:
    """Return what a text is searched by, in order, and the stems of each in all languages.

    It is read in each language, first in the one it may be asked in; stop words of that one are left out.
    """
    first, *others = sorted(languages, key=lambda language: language not in asked)
    found = list(tokens(text, language=first))
    stems = {(token.start, token.end): [token.term] for token in found if token.word}
    for language in others:
        for token in tokens(text, language=language):
            if token.word:
                every = stems.setdefault((token.start, token.end), [])
                if not every:  # in the languages before it is a stop word
                    found.append(token)
                every.append(token.term)
    found = sorted((token for token in found if not _is_stopped(token.word, asked)), key=lambda token: token.start)
    by_term: dict[str, dict[str, None]] = {}
    for token in found if others else ():
        every = stems.get((token.start, token.end), [token.term])
        by_term.setdefault(token.term, {}).update(dict.fromkeys(every))
    return tuple(found), {term: tuple(every) for term, every in by_term.items() if len(every) > 1}


def _asked_in(words: Collection[str], languages: Sequence[str]) -> frozenset[str]:
    """Return the languages that a question may be asked in, by its stop words: of the library, or else clearly another.

    Another one has at least two of them, and more than any of the library's.
    """
    held = {language if is_varied(language) else "en" for language in languages}
    counts = Counter(code for word in words for code in _STOPPED.get(word, ()))
    most = max((counts[code] for code in held), default=0)
    others = max(counts.values(), default=0)
    if others > max(most, 1):
        return frozenset(code for code, count in counts.items() if count == others)
    return frozenset(code for code in held if counts[code] == most)


def _is_stopped(word: str, asked: Collection[str]) -> bool:
    """Say whether a word is a stop word in each of some languages."""
    return word in _STOPPED and _STOPPED[word].issuperset(asked)


def _wordless(excluded: Collection[Phrase]) -> QuestionError:
    """Return the error that says why a question has no word to search for, and what to do."""
    if excluded:
        return QuestionError("That only says what to leave out; add a word that was said, such as a name or a topic.")
    return QuestionError(
        "There is no word to search for in that question; ask with a word that was said, such as a name or a topic."
    )
