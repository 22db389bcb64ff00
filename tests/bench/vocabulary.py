"""How long it takes to look up what a word was misheard as, in a guild with a vocabulary of a given size.

The words are English ones by their frequency (PyPI `wordfreq`), drawn as often as Zipf's law has it, and every one
occurs. A question has two frequent words, a rare one, and a rare one with a letter changed, which occurs nowhere if it
is no other word. Timed is the look-up alone, without ranking and quoting, and beside it the whole question.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm
from wordfreq import top_n_list

from store.database import Reader
from store.library import Library
from store.search import expansion
from store.search.lookup import Lookup
from store.search.question import understand
from store.text.analysis import terms

GUILD = 1
TALK = 8000  # words of a talk


async def measure(words: int, questions: int) -> None:
    """Make a library, ask, and print a line for each figure."""
    chance = random.Random(7)
    vocabulary = _vocabulary(words)
    with tempfile.TemporaryDirectory(prefix="verbatim-vocabulary-") as folder:
        async with Library.opened(Path(folder) / "vocabulary.db") as library:
            for number, data in enumerate(tqdm(_talks(vocabulary), desc="ingest", leave=False)):
                await library.ingest(GUILD, data, f"{number}.md", announce=False)
            done: list[_Looked] = []
            asked = []
            for _ in tqdm(range(questions), desc="questions", leave=False):
                text = _question(chance, vocabulary)
                done.append(await library._database.computed(partial(_looked_up, library, text)))
                start = time.perf_counter()
                await library.ask(GUILD, text)
                asked.append(1000 * (time.perf_counter() - start))
    found = sum(one.found for one in done)
    print(f"vocabulary       {len(vocabulary):,} terms in {done[-1].passages:,} passages")
    print(f"look-up          {_spread([one.ms for one in done])}; for {found} of {questions} questions it found one")
    print(f"  its terms      {_counts([one.terms for one in done])}")
    print(f"  its stream     {_counts([one.blocks for one in done])} blocks")
    print(f"whole question   {_spread(asked)}")


@dataclass(frozen=True, slots=True)
class _Looked:
    """A look-up: its time; the terms and the blocks of the stream that were handed over; whether any was found."""

    ms: float
    terms: int
    blocks: int
    found: bool
    passages: int


async def _looked_up(library: Library, text: str, reader: Reader) -> _Looked:
    index = await library._search._indexes.get(reader, GUILD)
    question = understand(text, max_characters=400)
    lookup = Lookup(reader, GUILD, index)
    await lookup.postings(question.terms)  # which are looked up whatever they were heard as
    counted = _Counted(reader)
    lookup.connection = counted
    start = time.perf_counter()
    found = bool(await expansion.heard(question, lookup, ()))
    return _Looked(1000 * (time.perf_counter() - start), counted.terms, counted.blocks, found, index.size)


class _Counted:
    """A reader that counts what it hands over."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.terms = self.blocks = 0

    async def execute_fetchall(self, sql: str, parameters: Iterable[Any] | None = None) -> Iterable[sqlite3.Row]:
        given = list(parameters or ())
        rows = list(await self._reader.execute_fetchall(sql, given))
        if "FROM sounds" in sql:
            self.terms += sum(row[2].count('"') // 2 for row in rows)
        elif "stream_blocks" in sql:
            self.blocks += len(rows)
        return rows


def _vocabulary(count: int) -> list[str]:
    """Return words of letters, each of another term, the most frequent first."""
    words = {terms(word): word for word in reversed(top_n_list("en", 2 * count)) if word.isalpha() and terms(word)}
    return list(words.values())[::-1][:count]


def _talks(vocabulary: list[str]) -> list[bytes]:
    """Return talks in which each word occurs at least once, the first ones far more often."""
    rng = np.random.default_rng(7)
    weights = 1 / np.arange(1, len(vocabulary) + 1)
    common = rng.choice(len(vocabulary), size=3 * len(vocabulary), p=weights / weights.sum())
    order = rng.permutation(np.concatenate([np.arange(len(vocabulary)), common]))
    talks = []
    for number, part in enumerate(np.array_split(order, max(1, len(order) // TALK))):
        said = [vocabulary[at] for at in part.tolist()]
        lines = ["---", f"title: talk {number}", f"video_id: talk-{number}", "---"]
        lines += [f"- [{at // 60}:{at % 60:02}] {' '.join(said[at * 8 : at * 8 + 8])}" for at in range(len(said) // 8)]
        talks.append("\n".join(lines).encode())
    return talks


def _question(chance: random.Random, vocabulary: list[str]) -> str:
    """Return two frequent words, a rare one, and a rare one with a letter changed."""
    word = next(word for word in iter(lambda: chance.choice(vocabulary), None) if len(word) >= 6)
    at = chance.randrange(1, len(word) - 1)
    misspelled = word[:at] + chance.choice("aeioulmnrst") + word[at + 1 :]
    return " ".join([*chance.sample(vocabulary[:300], 2), chance.choice(vocabulary), misspelled])


def _counts(counts: list[int]) -> str:
    return f"{statistics.median(counts):,.0f} median, {statistics.quantiles(counts, n=100)[98]:,.0f} p99"


def _spread(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} ms median, {statistics.quantiles(times, n=100)[98]:.1f} ms p99"
