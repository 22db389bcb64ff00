"""What was asked, as the search sees it: distinct terms, and the words they came from."""

from collections.abc import Collection
from dataclasses import dataclass

from store.errors import QuestionError
from store.search.analysis import Kind, Token, tokens


@dataclass(frozen=True, slots=True)
class Question:
    """A question's text and its terms in order."""

    text: str
    tokens: tuple[Token, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The distinct terms, in order."""
        return tuple(dict.fromkeys(token.term for token in self.tokens))

    def missing(self, found: Collection[str]) -> tuple[str, ...]:
        """Return the question's words that occur nowhere, as they were typed; neighbouring CJK characters together."""
        spans: list[tuple[int, int]] = []
        for token in self.tokens:
            if token.term in found or token.kind in {Kind.PAIR, Kind.KANA_PAIR}:
                continue
            if spans and token.kind is Kind.CHARACTER and spans[-1][1] == token.start:
                spans[-1] = (spans[-1][0], token.end)
            else:
                spans.append((token.start, token.end))
        words = (self.text[start:end] for start, end in spans)
        return tuple({word.casefold(): word for word in reversed(list(words))}.values())[::-1]

    def marked(self, known: Collection[str]) -> frozenset[str]:
        """Return the terms worth marking in a quote: words and pairs; pairs of hiragana where there is nothing else."""
        found = [token for token in self.tokens if token.term in known and token.kind is not Kind.CHARACTER]
        strong = [token for token in found if token.kind is not Kind.KANA_PAIR]
        return frozenset(token.term for token in strong or found)


def understand(text: str, *, max_characters: int) -> Question:
    """Read a question.

    Raises:
        QuestionError: it is too long, or has no word to search for.
    """
    text = text.strip()
    if len(text) > max_characters:
        raise QuestionError(f"That question has {len(text)} characters; please ask in at most {max_characters}.")
    found = tuple(tokens(text))
    if not found:
        raise QuestionError(
            "There is no word to search for in that question; ask with a word that was said, such as a name or a topic."
        )
    return Question(text, found)
