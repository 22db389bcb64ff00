"""How often an answer holds the right moment: R@1, R@3, R@5 and MRR@10 on sets of questions.

A set is a folder of `corpus.jsonl` (a transcript a line: id, title, cues as [seconds, text]) and `queries.jsonl` (a
question a line: q, gold ranges as [transcript, start, end], within). A quote hits when it overlaps a gold range by at
least half of the shorter of the two. Verbatim is measured whole, through its own store and search; beside it stand
rank-bm25 as anyone would use it, and rank-bm25 with our analysis on passages side by side.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rank_bm25 import BM25Plus
from tqdm import tqdm

from store.errors import QuestionError
from store.index.passages import PASSAGE_WORDS
from store.library import Library
from store.meaning import making
from store.meaning.encoder import Encoder
from store.models import Answer
from store.text import analysis

GUILD = 1
MOST = 10  # quotes asked for
PLAIN: tuple[tuple[str, Callable[[str], Sequence[str]]], ...] = (
    ("rank-bm25, str.split", str.split),
    ("rank-bm25, our analysis", analysis.terms),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a transcript, in seconds."""

    transcript: str
    start: float
    end: float

    def hits(self, gold: "Span") -> bool:
        """Say whether it overlaps a gold range by half of the shorter of the two."""
        overlap = min(self.end, gold.end) - max(self.start, gold.start)
        shorter = min(self.end - self.start, gold.end - gold.start)
        return self.transcript == gold.transcript and overlap > 0 and overlap >= shorter / 2 - 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the ranges that answer it (none: nothing does), and the transcript it is asked of, if one."""

    text: str
    gold: tuple[Span, ...]
    within: str | None


@dataclass(frozen=True, slots=True)
class Set:
    """A set of questions and the transcripts they are asked of, as (start in seconds, text) by id."""

    name: str
    corpus: dict[str, list[tuple[float, str]]]
    questions: tuple[Question, ...]

    @classmethod
    def read(cls, folder: Path, limit: int | None) -> "Set":
        """Read a set's two files, and at most `limit` of its questions."""
        rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
        asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
        questions = (
            Question(row["q"], tuple(Span(*gold) for gold in row["gold"]), row.get("within")) for row in asked[:limit]
        )
        return cls(
            folder.name,
            {row["id"]: [(float(start), " ".join(text.split())) for start, text in row["cues"]] for row in rows},
            tuple(questions),
        )


async def measure(
    folders: Sequence[Path], *, limit: int | None, as_json: bool, alone: bool = False, encoder: Encoder | None = None
) -> None:
    """Measure every system on every set, or Verbatim `alone`, and print a table or a JSON list.

    With an encoder it also answers by what it makes of questions and passages.
    """
    results = []
    for folder in folders:
        chosen = Set.read(folder, limit)
        results += await _verbatim(chosen, encoder)
        for system, terms in () if alone else PLAIN:
            results.append(await asyncio.to_thread(_plain, chosen, system, terms))
    if as_json:
        print(json.dumps(results, indent=2))
        return
    print(f"{'set':10} {'system':24} {'R@1':>6} {'R@3':>6} {'R@5':>6} {'MRR@10':>7} {'p50 ms':>8} {'p99 ms':>8}")
    for row in results:
        figures = " ".join(f"{row[key]:6.1f}" for key in ("r@1", "r@3", "r@5"))
        print(
            f"{row['set']:10} {row['system']:24} {figures} {row['mrr@10']:7.1f} "
            f"{row['p50_ms']:8.1f} {row['p99_ms']:8.1f}{_nothing(row)}"
        )


def _nothing(row: dict[str, Any]) -> str:
    """Report the questions that nothing answers, where the set has any."""
    return f"  nothing found: {row['empty_right']} of {row['empty']}" if row["empty"] else ""


async def filled(library: Library, chosen: Set, among: str = "") -> dict[str, int]:
    """Ingest a set's transcripts, and return the id of each; `among` others their names begin so."""
    ids = {}
    for name, cues in tqdm(chosen.corpus.items(), desc=f"{chosen.name}: ingest", leave=False):
        ids[name] = (await library.ingest(GUILD, _file(among + name, cues), f"{name}.md")).entry.id
    return ids


async def answered(
    library: Library, chosen: Set, ids: dict[str, int]
) -> AsyncIterator[tuple[Question, Answer | None, list[Span], float]]:
    """Ask the questions of a set; yield each with its answer, where its quotes stand, and the seconds it took.

    A question without a word to search for has no answer.
    """
    names = {id_: name for name, id_ in ids.items()}
    catalogue = await library.catalogue(GUILD)
    for question in tqdm(chosen.questions, desc=f"{chosen.name}: verbatim", leave=False):
        filters = catalogue.filters(video=str(ids[question.within])) if question.within else None
        start = time.perf_counter()
        try:
            answer = await library.ask(GUILD, question.text, limit=MOST, filters=filters)
        except QuestionError:
            answer = None
        took = time.perf_counter() - start
        quotes = answer.quotes if answer else ()
        yield question, answer, [Span(names[q.transcript_id], q.start_ms / 1000, q.end_ms / 1000) for q in quotes], took


async def _verbatim(chosen: Set, encoder: Encoder | None) -> list[dict[str, Any]]:
    """Measure the quotes whole, and as an answer shows them."""
    with tempfile.TemporaryDirectory(prefix="verbatim-quality-") as folder:
        async with Library.opened(Path(folder) / "quality.db", encoder=encoder) as library:
            ids = await filled(library, chosen)
            if encoder is not None:
                await making.complete(library._database, encoder)
            names = {id_: name for name, id_ in ids.items()}
            done = [
                (rank_of(question, spans), rank_of(question, _shown(answer, names)), took)
                async for question, answer, spans, took in answered(library, chosen, ids)
            ]
    ranks, short, times = zip(*done, strict=True)
    return [_row(chosen, "verbatim", ranks, times), _row(chosen, "verbatim, as shown", short, times)]


def _shown(answer: Answer | None, names: dict[int, str]) -> list[Span]:
    """Return where the words stand that an answer shows."""
    shown = [(names[quote.transcript_id], *quote.shown_ms) for quote in (answer.quotes if answer else ())]
    return [Span(name, start / 1000, end / 1000) for name, start, end in shown]


def _plain(chosen: Set, system: str, terms: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """Measure rank-bm25 over passages of about 80 words side by side."""
    passages = [(span, terms(text)) for name, cues in chosen.corpus.items() for span, text in _disjoint(name, cues)]
    index = BM25Plus([list(found) for _, found in passages])
    ranks, times = [], []
    for question in tqdm(chosen.questions, desc=f"{chosen.name}: {system}", leave=False):
        start = time.perf_counter()
        scores = index.get_scores(list(dict.fromkeys(terms(question.text))))
        if question.within:
            scores = np.where([span.transcript == question.within for span, _ in passages], scores, -1.0)
        best = [passages[at][0] for at in np.argsort(-scores, kind="stable")[:MOST]]
        times.append(time.perf_counter() - start)
        ranks.append(rank_of(question, best))
    return _row(chosen, system, ranks, times)


def _disjoint(name: str, cues: Sequence[tuple[float, str]]) -> list[tuple[Span, str]]:
    """Cut a transcript into passages side by side."""
    found: list[tuple[Span, str]] = []
    first, words = 0, 0.0
    for at, (_, text) in enumerate(cues):
        words += analysis.length(text)
        if words >= PASSAGE_WORDS or at + 1 == len(cues):
            end = cues[at + 1][0] if at + 1 < len(cues) else cues[at][0]
            found.append((Span(name, cues[first][0], end), " ".join(text for _, text in cues[first : at + 1])))
            first, words = at + 1, 0.0
    return found


def rank_of(question: Question, spans: Sequence[Span]) -> int | None:
    """Return the place of the first hit; of a question that nothing answers, 1 if nothing was found."""
    if not question.gold:
        return None if spans else 1
    return next((at for at, span in enumerate(spans, start=1) if any(span.hits(gold) for gold in question.gold)), None)


def _row(chosen: Set, system: str, ranks: Sequence[int | None], times: Sequence[float]) -> dict[str, Any]:
    answerable = [rank for rank, q in zip(ranks, chosen.questions, strict=True) if q.gold]
    empty = [rank for rank, q in zip(ranks, chosen.questions, strict=True) if not q.gold]
    found = [rank for rank in answerable if rank is not None]
    share = 100 / max(1, len(answerable))
    return {
        "set": chosen.name,
        "system": system,
        **{f"r@{k}": round(share * sum(rank <= k for rank in found), 2) for k in (1, 3, 5)},
        "mrr@10": round(share * sum(1 / rank for rank in found if rank <= 10), 2),
        "p50_ms": round(1000 * statistics.median(times), 2),
        "p99_ms": round(1000 * float(np.quantile(times, 0.99)), 2),
        "questions": len(answerable),
        "empty": len(empty),
        "empty_right": sum(rank == 1 for rank in empty),
    }


def _file(name: str, cues: Sequence[tuple[float, str]]) -> bytes:
    """Write a transcript in the native format, its times to the millisecond."""
    lines = ["---", f"title: {name}", f"video_id: {json.dumps(name)}", "---", ""]
    for start, text in cues:
        ms = round(1000 * start)
        lines.append(f"- [{ms // 60_000}:{ms // 1000 % 60:02}.{ms % 1000:03}] {text}")
    return "\n".join(lines).encode()
