"""The engines that Verbatim is measured against: tantivy, SQLite's FTS5, bm25s and rank-bm25.

Each is used as its manual says, indexes the same passages with the same terms, and gives back no more than the
numbers of the best passages. What makes no difference to that is left out in their favour: positions in tantivy, the
texts in FTS5, and the time in which files and questions become terms.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import bm25s
import numpy as np
import tantivy
from rank_bm25 import BM25Plus
from tqdm import tqdm

from store.search.ranking import DELTA, K1, B
from store.text import analysis
from tests.bench.cuts import Cuts, Talk
from tests.bench.texts import PASSAGES

Files = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is typed, and its terms."""

    text: str
    terms: list[str]

    @classmethod
    def of(cls, text: str) -> "Question":
        """Analyse a question as the product does."""
        return cls(text, list(dict.fromkeys(analysis.terms(text))))


class Engine(ABC):
    """A search engine with its index in a folder.

    One that `lasts` is built into its files once, and then opened; another is built in memory. One that `grows` can
    add, replace and remove transcripts.
    """

    name: ClassVar[str]
    grows: ClassVar[bool] = True
    lasts: ClassVar[bool] = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    async def build(self, files: Files, cuts: Cuts) -> None:
        """Index transcripts from 0 on, given as files by their numbers and sizes, and cut."""

    @abstractmethod
    async def ask(self, question: Question, k: int) -> list[int]:
        """Return the numbers of the best `k` passages, best first."""

    async def open(self) -> None:  # noqa: B027 - what is built in memory needs neither
        """Make ready to be asked."""

    async def close(self) -> None:  # noqa: B027
        """Give back what `open` took."""

    async def add(self, talk: Talk) -> None:
        """Add a transcript; when this returns it is on disk and will be found."""
        self._write(talk)

    async def replace(self, old: Talk, new: Talk) -> None:
        """Put another version in a transcript's place, in one commit."""
        self._write(new, gone=old)

    async def remove(self, talk: Talk) -> None:
        """Remove a transcript."""
        self._write(gone=talk)

    def _write(self, talk: Talk | None = None, *, gone: Talk | None = None) -> None:
        """Put a transcript in, take one out, or both in one commit."""
        raise TypeError(f"{self.name} doesn't grow: {talk or gone} can't be written")


class Tantivy(Engine):
    """tantivy in a folder of files, without positions; its BM25 has k1 = 1.2 and lengths in one byte."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("said", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("passage", fast=True)
        builder.add_unsigned_field("transcript", indexed=True)
        self._schema = builder.build()
        self._writer: tantivy.IndexWriter | None = None

    async def build(self, files: Files, cuts: Cuts) -> None:  # noqa: ARG002
        writer = tantivy.Index(self._schema, path=str(self.folder)).writer()
        for number, terms in enumerate(tqdm(cuts, desc=self.name, leave=False)):
            writer.add_document(self._document(number, terms))
        writer.commit()
        writer.wait_merging_threads()

    async def open(self) -> None:
        self._index = tantivy.Index.open(str(self.folder))
        self._searcher = self._index.searcher()

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
        self._writer = None
        del self._index, self._searcher

    async def ask(self, question: Question, k: int) -> list[int]:
        any_of = [(tantivy.Occur.Should, self._term(term)) for term in question.terms]
        found = self._searcher.search(tantivy.Query.boolean_query(any_of), k, count=False).hits
        numbers = self._searcher.fast_field_values("passage", [address for _, address in found])
        return [int(number) for number in numbers if number is not None]

    def _write(self, talk: Talk | None = None, *, gone: Talk | None = None) -> None:
        if self._writer is None:
            self._writer = self._index.writer()
        if gone is not None:
            self._writer.delete_documents_by_term("transcript", gone.number)
        if talk is not None:
            for number, terms in enumerate(talk.passages, start=talk.number * PASSAGES):
                self._writer.add_document(self._document(number, terms))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _document(self, number: int, terms: Iterable[str]) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("said", " ".join(terms))
        document.add_unsigned("passage", number)
        document.add_unsigned("transcript", number // PASSAGES)
        return document

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "said", term, index_option="freq")


class FTS5(Engine):
    """SQLite's FTS5 without the texts, as durable as Verbatim's own database; its BM25 has k1 = 1.2."""

    name = "fts5"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._path = folder / "fts5.db"

    async def build(self, files: Files, cuts: Cuts) -> None:  # noqa: ARG002
        await self.open()
        self._connection.execute("CREATE VIRTUAL TABLE passages USING fts5(said, tokenize='unicode61', content='')")
        rows = ((number, " ".join(terms)) for number, terms in enumerate(tqdm(cuts, desc=self.name, leave=False)))
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO passages (rowid, said) VALUES (?, ?)", rows)
        self._connection.execute("INSERT INTO passages (passages) VALUES ('optimize')")
        self._connection.execute("COMMIT")
        await self.close()

    async def open(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")

    async def close(self) -> None:
        self._connection.close()

    async def ask(self, question: Question, k: int) -> list[int]:
        any_of = " OR ".join(f'"{term}"' for term in question.terms)
        rows = self._connection.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (any_of, k)
        )
        return [int(row[0]) for row in rows]

    def _write(self, talk: Talk | None = None, *, gone: Talk | None = None) -> None:
        self._connection.execute("BEGIN")
        if gone is not None:  # without the texts, FTS5 must be told what they were
            self._connection.executemany(
                "INSERT INTO passages (passages, rowid, said) VALUES ('delete', ?, ?)", _rows(gone)
            )
        if talk is not None:
            self._connection.executemany("INSERT INTO passages (rowid, said) VALUES (?, ?)", _rows(talk))
        self._connection.execute("COMMIT")


class BM25S(Engine):
    """bm25s: every score of every term computed beforehand, by the same BM25Plus as ours."""

    name, grows = "bm25s", False

    async def build(self, files: Files, cuts: Cuts) -> None:  # noqa: ARG002
        engine = bm25s.BM25(method="bm25+", k1=K1, b=B, delta=DELTA)
        engine.index(list(cuts), show_progress=False)
        engine.save(self.folder, show_progress=False)

    async def open(self) -> None:
        self._engine = bm25s.BM25.load(self.folder, show_progress=False)

    async def close(self) -> None:
        del self._engine

    async def ask(self, question: Question, k: int) -> list[int]:
        k = min(k, self._engine.scores["num_docs"])
        return [int(n) for n in self._engine.retrieve([question.terms], k=k, show_progress=False).documents[0]]


class RankBM25(Engine):
    """rank-bm25's BM25Plus, whose scores are the measure for all others."""

    name, grows, lasts = "rank-bm25", False, False

    async def build(self, files: Files, cuts: Cuts) -> None:  # noqa: ARG002
        self._engine = BM25Plus(tqdm(cuts, desc=self.name, leave=False), k1=K1, b=B, delta=DELTA)

    async def ask(self, question: Question, k: int) -> list[int]:
        scores = self.scores(question)
        best = np.argpartition(-scores, min(k, len(scores) - 1))[:k]
        return [int(number) for number in best[np.argsort(-scores[best])]]

    def scores(self, question: Question) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Return the score of every passage."""
        return np.asarray(self._engine.get_scores(question.terms))


def _rows(talk: Talk) -> list[tuple[int, str]]:
    return [(number, " ".join(terms)) for number, terms in enumerate(talk.passages, start=talk.number * PASSAGES)]
