"""What was odd in a file, collected while it is read: each kind once, with its first line and how many more."""

from store.models import Oddity
from store.sentences import Sentence, counted, sentence


class Oddities:
    """Collects oddities by kind, in the order in which they are first met."""

    def __init__(self) -> None:
        self._first: dict[Sentence, int | None] = {}
        self._more: dict[Sentence, int] = {}

    def note(self, said: str | Sentence, line: int | None = None, **fields: object) -> None:
        """Note one occurrence; what is `said` is a sentence, or its template with fields, and `line` counts from 1."""
        text = sentence(said, **fields)
        if text in self._first:
            self._more[text] = self._more.get(text, 0) + 1
        else:
            self._first[text] = line

    def found(self) -> tuple[Oddity, ...]:
        """Return one oddity per kind."""
        return tuple(
            Oddity(line, counted("{odd} (and {n} more)", "{odd} (and {n} more)", more, odd=text) if more else text)
            for text, line in self._first.items()
            for more in [self._more.get(text, 0)]
        )
