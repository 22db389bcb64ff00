"""Names and numbers of a question → the other ways in which they may be written, or said aloud.

Each is a variant of the words it stands for, looked up in the guild's vocabulary; no text is rewritten.
"""

from collections.abc import Iterator

from store.search.question import Question
from store.text import names, numbers
from store.text.analysis import Kind, Token, stem, units
from store.text.cutting import calm
from store.text.phrases import Phrase

MOST = 48  # ways of one name or number

Way = tuple[str, ...]


def written(question: Question, languages: tuple[str, ...]) -> Iterator[tuple[Token, str, Phrase]]:
    """Yield the tokens of each name and number, how it was typed, and each other way of it, as stems."""
    for start, end, ways in _found(calm([question.text])[0], languages):
        tokens = [t for t in question.loose if t.is_within([(start, end)]) and t.kind is not Kind.CHARACTER]
        own = tuple(unit.folded for unit in units(question.text[start:end]))
        phrases = dict.fromkeys(
            Phrase(tuple(stem(word, of) for word in way), exact=False)
            for way in list(dict.fromkeys(ways))[:MOST]
            for of in languages
            if way != own
        )
        yield from ((token, question.text[start:end], phrase) for token in tokens for phrase in phrases)


def _found(text: str, languages: tuple[str, ...]) -> Iterator[tuple[int, int, list[Way]]]:
    """Yield where a text has a name or a number, and its ways."""
    said = list(units(text))
    folded = [unit.folded for unit in said]
    for first, end, ways in names.names(text, said):
        yield said[first].start, said[end - 1].end, ways
    spoken = tuple(dict.fromkeys(of if of in numbers.ROWS else "en" for of in languages))
    for language in spoken if numbers.may_say(folded, spoken) else ():
        for number in numbers.numbers(folded, language):
            yield said[number.first].start, said[number.end - 1].end, numbers.ways(number, spoken)
    if any(map(str.isnumeric, text)):
        yield from numbers.japanese(text)
