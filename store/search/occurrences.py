"""What of a question stands where in the stream of words: terms, words in a row, and terms side by side.

Everything that is looked for is found in all passages at once, and is an array of places in the stream.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from store.index.stream import Stream
from store.index.vocabulary import STOP

Places = npt.NDArray[np.int64]  # words of a stream, ascending
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sign:
    """How something looks in a stream: the numbers of the words that may stand at each of its places.

    What is `joined` is CJK characters with nothing between them.
    """

    words: tuple[frozenset[int], ...]
    joined: bool = False

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True)
class Occurrences:
    """The places of a question's terms and phrases, by their keys, in a stream."""

    stream: Stream
    terms: Mapping[str, Sign]
    phrases: Mapping[str, Sign]

    @cached_property
    def of_terms(self) -> dict[str, Places]:
        """The places where each term stands or begins."""
        alone = [key for key, sign in self.terms.items() if len(sign) == 1]
        found = {key: occurrences(self.stream, sign) for key, sign in self.terms.items() if len(sign) > 1}
        if alone:
            places = np.flatnonzero(self._slots)
            slots = self._slots[places]
            found |= {key: places[slots == slot] for slot, key in enumerate(alone, start=1)}
        return found

    @cached_property
    def of_phrases(self) -> dict[str, Places]:
        """The places where each phrase begins."""
        return {key: occurrences(self.stream, sign) for key, sign in self.phrases.items()}

    def places(self, key: str) -> Places:
        """Return where a term stands or a phrase begins."""
        return self.of_phrases[key] if key in self.phrases else self.of_terms.get(key, _NONE)

    @cached_property
    def _slots(self) -> npt.NDArray[np.uint16]:
        """Which of the terms of one word stands at each place, counted from 1 [W]."""
        signs = [sign for sign in self.terms.values() if len(sign) == 1]
        most = max((number for sign in signs for number in sign.words[0]), default=0)
        slots = np.zeros(most + 2, np.uint16)
        for slot, sign in enumerate(signs, start=1):
            slots[list(sign.words[0])] = slot
        found: npt.NDArray[np.uint16] = slots[np.minimum(self.stream.words, most + 1)]
        return found

    def side_by_side(self, pairs: Iterable[Pair]) -> dict[Pair, tuple[Places, Places]]:
        """Return where two terms of one word stand with nothing but stop words between them: the places of both."""
        places = np.flatnonzero(self.stream.words >= len(STOP))
        slots = self._slots[places]
        order = {key: slot for slot, key in enumerate((k for k, s in self.terms.items() if len(s) == 1), start=1)}
        near = np.flatnonzero((slots[:-1] > 0) & (slots[1:] > 0))
        one, other = slots[near], slots[near + 1]
        found = {}
        for pair in pairs:
            first, second = (order.get(key, 0) for key in pair)
            at = near[(one == first) & (other == second)] if first and second else _NONE
            found[pair] = places[at], places[at + 1]
        return found


_NONE = np.empty(0, np.int64)


def occurrences(stream: Stream, sign: Sign) -> Places:
    """Return where something begins in a stream; none of its occurrences overlaps another."""
    words = stream.words
    if not sign.words or not all(sign.words):
        return _NONE
    found = _NONE
    for at, among in enumerate(sign.words):
        if not at:
            found = np.flatnonzero(_is(words, among))
        else:
            found = found[: found.searchsorted(len(words) - at)]
            found = found[_is(words[found + at], among)]
            if sign.joined:
                found = found[stream.characters[found + at] == 2]
    return found if sign.joined else _apart(found, len(sign))


def within(places: Places, begins: Places, ends: Places) -> Places:
    """Count the places from each beginning on and before its end."""
    return np.asarray(np.maximum(places.searchsorted(ends) - places.searchsorted(begins), 0))


def _is(words: npt.NDArray[np.int32], among: frozenset[int]) -> npt.NDArray[np.bool_]:
    one, *others = among
    found = np.asarray(words == one)
    for number in others:
        found |= words == number
    return found


def _apart(places: Places, size: int) -> Places:
    """Leave out what overlaps the one before it."""
    if size == 1 or len(places) < 2 or int(np.diff(places).min()) >= size:
        return places
    kept: list[int] = []
    for place in places.tolist():
        if not kept or place - kept[-1] >= size:
            kept.append(place)
    return np.array(kept, np.int64)
