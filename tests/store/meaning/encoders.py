"""Encoders for tests: a tiny one that is the same everywhere, and ways in which one can fail."""

import zlib
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from store.index.vectors import Vectors
from store.meaning.encoder import Meaning

SIZE = 16


class Tiny:
    """Gives texts that share words vectors that are alike: each word has a direction of its own."""

    size = SIZE

    def __init__(self, name: str = "tiny 1") -> None:
        self.name = name
        self.seen: list[str] = []

    def reads(self, text: str) -> bool:
        return "ж" not in text

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.array([np.sum([direction(word) for word in text.split() or [""]], axis=0) for text in texts])


class Failing(Tiny):
    """Raises what it is told to for texts that it is told of."""

    def __init__(self, fails: Callable[[str], bool], error: Exception | None = None) -> None:
        super().__init__()
        self.fails = fails
        self.error = error or RuntimeError("the model broke")

    def embed(self, texts: Sequence[str]) -> Vectors:
        found = super().embed(texts)
        if any(map(self.fails, texts)):
            raise self.error
        return found


@cache
def direction(word: str) -> Vectors:
    """A word's direction [SIZE], of length 1."""
    vector = np.random.default_rng(zlib.crc32(word.encode())).standard_normal(SIZE).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def meant(text: str, model: str = "tiny 1") -> Meaning:
    """What a question means to the tiny encoder."""
    (vector,) = Tiny().embed([text])
    return Meaning(model, np.asarray(vector / np.linalg.norm(vector), np.float32))


class Wrong(Tiny):
    """Gives what is no vector."""

    def __init__(self, given: object) -> None:
        super().__init__()
        self.given = given

    def embed(self, texts: Sequence[str]) -> Vectors:
        del texts
        return np.asarray(self.given)
