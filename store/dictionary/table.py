"""The dictionary in memory: Japanese forms → entries with their English words, and English terms → Japanese forms.

It ships as one file of arrays (20 MB in memory), made by `tests/bench/dictionary.py`; JMdict's and JMnedict's licence
stands beside it. A look-up is a binary search, so nothing of it becomes Python objects before it is asked for.
"""

import enum
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("jmdict.npz")
REMEMBERED = 4096  # forms
LISTED = 16  # Japanese forms of an English term

Array = npt.NDArray[np.unsignedinteger]


class Kind(enum.IntFlag):
    """What an entry is, as far as its inflections and its use in a question go."""

    GODAN = enum.auto()
    ICHIDAN = enum.auto()
    ADJECTIVE = enum.auto()
    GRAMMAR = enum.auto()  # a particle, a conjunction, an ending
    NAME = enum.auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry's English words, folded: those that are a gloss `alone`, in order, and those `among` others in one.

    `often` says whether the form that was looked up is a usual one.
    """

    alone: tuple[str, ...]
    among: tuple[str, ...]
    kind: Kind
    often: bool


@dataclass(frozen=True, slots=True)
class _Strings:
    """Sorted strings, encoded, in one array of bytes, and where each ends."""

    text: bytes
    ends: Array

    def __getitem__(self, at: int) -> bytes:
        return self.text[int(self.ends[at - 1]) if at else 0 : int(self.ends[at])]

    def __len__(self) -> int:
        return len(self.ends)

    def find(self, wanted: str) -> int | None:
        """Return the place of a string, None where it isn't there."""
        sought = wanted.encode()
        at = bisect_left(self, sought)
        return at if at < len(self) and self[at] == sought else None

    def reach(self, text: str) -> int:
        """Return how many letters of a text some string begins with."""
        sought = text.encode()
        at = bisect_left(self, sought)
        near = (self[place] for place in (at - 1, at) if 0 <= place < len(self))
        return len(sought[: max((_shared(each, sought) for each in near), default=0)].decode(errors="ignore"))


@dataclass(frozen=True, slots=True)
class _Lists:
    """Lists of numbers, one after another, and where each ends."""

    numbers: Array
    ends: Array

    def __getitem__(self, at: int) -> list[int]:
        found: list[int] = self.numbers[int(self.ends[at - 1]) if at else 0 : int(self.ends[at])].tolist()
        return found


class Dictionary:
    """What the file holds."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._words, self._forms, self._terms = (
            _Strings(arrays[name].tobytes(), _ends(arrays[f"{name}_lengths"])) for name in ("words", "forms", "terms")
        )
        self._alone, self._among, self._entries, self._written = (
            _Lists(arrays[name], _ends(arrays[f"{name}_counts"])) for name in ("alone", "among", "entries", "written")
        )
        self._kinds = arrays["kinds"]
        self._found = lru_cache(maxsize=REMEMBERED)(self._look_up)

    def entries(self, form: str) -> list[Entry]:
        """Return the entries of a form as it is written, those that are written so most often first."""
        return list(self._found(form))

    def reach(self, text: str) -> int:
        """Return how many letters of a text some form begins with."""
        return self._forms.reach(text)

    def forms(self, term: str) -> list[str]:
        """Return up to 8 forms of which an English term (a stem) is a gloss, the likeliest first."""
        at = self._terms.find(term)
        return [] if at is None else [self._forms[form].decode() for form in self._written[at]]

    def _look_up(self, form: str) -> tuple[Entry, ...]:
        at = self._forms.find(form)
        if at is None:
            return ()
        return tuple(
            Entry(
                tuple(self._words[word].decode() for word in self._alone[number >> 1]),
                tuple(self._words[word].decode() for word in self._among[number >> 1]),
                Kind(int(self._kinds[number >> 1])),
                bool(number & 1),
            )
            for number in self._entries[at]
        )


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """Return the dictionary, read at its first use in 0.1 s."""
    with np.load(FILE, allow_pickle=False) as arrays:
        return Dictionary(dict(arrays))


def packed(
    entries: Sequence[tuple[Sequence[str], Sequence[str], Kind]],
    by_form: Mapping[str, Sequence[tuple[int, bool]]],
    by_term: Mapping[str, Sequence[str]],
) -> dict[str, Array]:
    """Return the arrays of a dictionary: of each entry its words alone and among others, and its kind.

    `by_form` says which entries each form has, by their numbers, and whether it is a usual one of them; `by_term`
    which forms each English term has.
    """
    words = sorted({word for alone, among, _ in entries for word in (*alone, *among)}, key=str.encode)
    forms, terms = sorted(by_form, key=str.encode), sorted(by_term, key=str.encode)
    word_at, form_at = ({text: at for at, text in enumerate(texts)} for texts in (words, forms))
    lists = {
        "alone": [[word_at[word] for word in alone] for alone, _, _ in entries],
        "among": [[word_at[word] for word in among] for _, among, _ in entries],
        "entries": [[2 * number + often for number, often in by_form[form]] for form in forms],
        "written": [[form_at[form] for form in by_term[term]] for term in terms],
    }
    arrays: dict[str, Array] = {"kinds": np.array([kind for _, _, kind in entries], np.uint8)}
    for name, texts in (("words", words), ("forms", forms), ("terms", terms)):
        arrays[name] = np.frombuffer("".join(texts).encode(), np.uint8)
        arrays[f"{name}_lengths"] = np.array([len(text.encode()) for text in texts], np.uint8)
    for name, each in lists.items():
        arrays[name] = np.fromiter(chain.from_iterable(each), np.uint32)
        arrays[f"{name}_counts"] = np.array([len(one) for one in each], np.uint8)
    return arrays


def _shared(one: bytes, other: bytes) -> int:
    """Return how many bytes two strings begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _ends(lengths: Array) -> Array:
    return np.cumsum(lengths, dtype=np.uint32)
