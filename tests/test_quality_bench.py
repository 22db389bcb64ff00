"""The measure of quality: it reads sets of questions, asks the product itself, and tells right from wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.misses import CAUSES
from tests.bench.quality import Span
from tests.bench.steps import STEPS

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of two talks and four questions, one of which nothing answers and one has no word to search for."""
    talks = {
        "mill": ["the baker counted loaves by candle light", "farmers argued about water taxes"],
        "sea": ["spring tides come at full moon", "the lighthouse keeper slept"],
    }
    corpus = [
        {"id": id_, "title": id_, "lang": "en", "cues": [[at * 4.0, text] for at, text in enumerate(texts)]}
        for id_, texts in talks.items()
    ]
    questions = [
        {"id": "1", "q": "who counted the loaves?", "lang": "en", "tags": [], "gold": [["mill", 0.0, 4.0]]},
        {"id": "2", "q": "when are tides?", "lang": "en", "tags": [], "gold": [["sea", 0.0, 4.0]], "within": "sea"},
        {"id": "3", "q": "violin concertos", "lang": "en", "tags": [], "gold": []},
        {"id": "4", "q": "?!", "lang": "en", "tags": [], "gold": [["sea", 0.0, 4.0]]},
    ]
    for name, rows in (("corpus", corpus), ("queries", questions)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return tmp_path


def measured(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_a_set_is_measured_for_us_and_for_plain_rank_bm25(folder: Path) -> None:
    done = measured("quality", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    ours, shown, *others = json.loads(done.stdout)
    assert (shown["system"], shown["questions"]) == ("verbatim, as shown", 3)
    assert {"set", "system", "r@1", "r@3", "r@5", "mrr@10", "p50_ms", "p99_ms", "questions"} <= ours.keys()
    assert (ours["system"], ours["questions"], ours["r@1"]) == ("verbatim", 3, 66.67)
    assert (ours["empty"], ours["empty_right"]) == (1, 1)
    assert [row["system"] for row in others] == ["rank-bm25, str.split", "rank-bm25, our analysis"]


def test_steps_can_be_left_out_and_we_measured_alone(folder: Path) -> None:
    done = measured("quality", str(folder), "--json", "--alone", "--without", "pairs", "borders", "--limit", "2")
    assert [row["r@1"] for row in json.loads(done.stdout)] == [100.0, 100.0]
    assert measured("quality", str(folder), "--only", "nonsense").returncode == 2


def test_of_each_missed_question_it_is_said_where_it_was_lost(folder: Path) -> None:
    done = measured("misses", str(folder), "--every")
    assert done.returncode == 0, done.stderr
    heading, *lines = done.stdout.splitlines()
    assert heading.endswith(": 1 of 3 questions missed among the first 3 quotes")
    assert [line.split()[0] for line in lines[:5]] == ["1", "0", "0", "0", "0"]
    assert lines[5] == "  no word to search for: ?!"


def test_a_moment_that_fell_to_its_twin_is_told_from_one_that_is_ranked_low(tmp_path: Path) -> None:
    said = "the old baker counted loaves by candle light before dawn"
    texts = {"one": said, "again": said, **{f"other{n}": f"a baker of town {n} slept {n} hours" for n in range(12)}}
    corpus = [{"id": id_, "title": id_, "cues": [[0.0, text], [4.0, "goodbye"]]} for id_, text in texts.items()]
    question = {"q": "which baker counted loaves by candle light", "gold": [["again", 0.0, 4.0]]}
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), "utf-8")
    (tmp_path / "queries.jsonl").write_text(json.dumps(question), "utf-8")
    done = measured("misses", str(tmp_path))
    assert done.stdout.splitlines()[1:] == [
        f"  {count:4}  {cause}" for cause, count in zip(CAUSES, (0, 0, 0, 0, 1), strict=True)
    ], done.stderr


def test_a_folder_without_questions_is_named(tmp_path: Path) -> None:
    done = measured("quality", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "queries.jsonl" in done.stderr


@pytest.mark.parametrize("step", STEPS)
def test_every_step_that_can_be_left_out_is_still_there(step: str) -> None:
    assert all(hasattr(module, constant) for module, constant, _ in STEPS[step])


@pytest.mark.parametrize(
    ("start", "end", "hit"), [(0, 10, True), (5, 25, True), (9, 30, False), (15, 40, False), (20, 30, False)]
)
def test_a_quote_hits_when_half_of_the_shorter_overlaps(start: float, end: float, hit: bool) -> None:
    assert Span("a", start, end).hits(Span("a", 0, 10)) == hit
    assert not Span("b", start, end).hits(Span("a", 0, 10))
