"""What was odd in a file, collected while it is read: each kind once, with its first line and how many more."""

from store.models import Oddity


class Oddities:
    """Collects oddities by kind, in the order in which they are first met."""

    def __init__(self) -> None:
        self._first: dict[str, int | None] = {}
        self._more: dict[str, int] = {}

    def note(self, text: str, line: int | None = None) -> None:
        """Note one occurrence; `text` is a sentence, `line` counts from 1."""
        if text in self._first:
            self._more[text] = self._more.get(text, 0) + 1
        else:
            self._first[text] = line

    def found(self) -> tuple[Oddity, ...]:
        """Return one oddity per kind."""
        return tuple(
            Oddity(line, f"{text} (and {more} more)" if (more := self._more.get(text)) else text)
            for text, line in self._first.items()
        )
