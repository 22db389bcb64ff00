"""Words in a row: where a text has them, across cues and whatever punctuation stands between."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from store.text.analysis import stem, units, words


def words_of(text: str, *, exact: bool, language: str = "") -> tuple[str, ...]:
    """Return a text's words in order, stop words included, folded or else stemmed in a language; CJK by characters."""
    return words(text) if exact else tuple(stem(word, language) for word in words(text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One or more folded words (or CJK characters) in a row; compared letter by letter, or else by their stems."""

    words: tuple[str, ...]
    exact: bool = True

    @classmethod
    def of(cls, text: str, *, exact: bool = True, language: str = "") -> "Phrase":
        """Make the phrase of a text's words; of a text without one, a phrase that occurs nowhere."""
        return cls(words_of(text, exact=exact, language=language), exact)

    @property
    def key(self) -> str:
        """A name by which a ranking counts it; no term of one word has the same unless it means the same."""
        return f'"{" ".join(self.words)}"' if self.exact else " ".join(self.words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the phrase stands in a text, as (start, end), none overlapping."""
        if not (places := self._places(words_of(text, exact=self.exact))):
            return []
        found = list(units(text))
        return [(found[at].start, found[at + len(self.words) - 1].end) for at in places]

    def places(self, cues: Sequence[str]) -> list[tuple[int, int]]:
        """Return in which of the cues, one after another, it begins and ends each time it occurs."""
        said = [words_of(text, exact=self.exact) for text in cues]
        if not (places := self._places(tuple(chain.from_iterable(said)))):
            return []
        owners = [at for at, inside in enumerate(said) for _ in inside]
        return [(owners[at], owners[at + len(self.words) - 1]) for at in places]

    def _places(self, said: tuple[str, ...]) -> list[int]:
        count = len(self.words)
        places: list[int] = []
        at = 0
        while count:
            try:
                at = said.index(self.words[0], at)
            except ValueError:
                break
            if said[at : at + count] == self.words:
                places.append(at)
                at += count
            else:
                at += 1
        return places
