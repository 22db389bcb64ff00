"""The passages of made transcripts as lists of terms: what every engine indexes, so that only the engines differ.

The product reads the files, cuts the passages and analyses the words. A passage's number is 500 times its
transcript's, and its place in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from store.formats import read
from store.index.analysed import analyse
from store.index.passages import Passage
from store.text import analysis
from tests.bench.texts import PASSAGES, Texts


@dataclass(frozen=True, slots=True)
class Talk:
    """A transcript to be added: its number, its file, and its passages as terms."""

    number: int
    data: bytes
    passages: list[list[str]]

    @classmethod
    def of(cls, number: int, data: bytes) -> "Talk":
        """Cut a file as the product does."""
        terms, passages = cut_file(data)
        return cls(number, data, [list(chain.from_iterable(terms[p.first : p.end])) for p in passages])


@dataclass(frozen=True, slots=True)
class Cuts:
    """Passages [N] packed: the terms of each are those of `flat` from `starts` to `ends`, numbers in `vocabulary`."""

    vocabulary: list[str]
    flat: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[list[str]]:
        vocabulary = self.vocabulary  # its strings are shared by all passages
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            yield [vocabulary[term] for term in self.flat[start:end].tolist()]

    @classmethod
    def made(cls, texts: Texts, passages: int) -> "Cuts":
        """Make transcripts with so many passages, and cut them."""
        known: dict[str, int] = {}
        flat, starts, ends = [], [], []
        base = 0
        for number, size in enumerate(tqdm(sizes(passages), desc=f"{passages:,} passages: cut", leave=False)):
            terms, cuts = cut_file(texts.transcript(number, size))
            flat.append(np.array([known.setdefault(term, len(known)) for cue in terms for term in cue]))
            at = base + np.cumsum([0, *map(len, terms)])
            starts.append(at[[cut.first for cut in cuts]])
            ends.append(at[[cut.end for cut in cuts]])
            base = int(at[-1])
        return cls(list(known), np.concatenate(flat).astype(np.int32), np.concatenate(starts), np.concatenate(ends))

    def save(self, path: Path) -> None:
        """Keep them in a file."""
        vocabulary = np.frombuffer("\n".join(self.vocabulary).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(file, vocabulary=vocabulary, flat=self.flat, starts=self.starts, ends=self.ends)

    @classmethod
    def load(cls, path: Path) -> "Cuts":
        """Read what `save` has kept."""
        with np.load(path) as kept:
            vocabulary = kept["vocabulary"].tobytes().decode().split("\n")
            return cls(vocabulary, kept["flat"], kept["starts"], kept["ends"])


def cut_file(data: bytes) -> tuple[list[tuple[str, ...]], tuple[Passage, ...]]:
    """Read a file; return the terms of each of its cues, and its passages."""
    cues = read(data, "talk.md").transcript.cues
    return [analysis.terms(cue.text) for cue in cues], analyse(cues).passages


def sizes(passages: int) -> list[int]:
    """Return how many passages each transcript has, for so many in all."""
    rest = passages % PASSAGES
    return [PASSAGES] * (passages // PASSAGES) + [rest] * (rest > 0)
