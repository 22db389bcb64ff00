"""The measure of speed: its texts are the same at each run and as large as they should be, and no figure is missing.

What it needs is in the extra `bench`; without that, these tests are skipped.
"""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from store.formats import read
from store.text import analysis

for needed in ("wordfreq", "tantivy", "bm25s"):
    pytest.importorskip(needed)

from tests.bench import before, speed, together
from tests.bench.__main__ import ENGINES, PARTS
from tests.bench.cuts import Talk, cut_file, sizes
from tests.bench.engines import Question
from tests.bench.ours import passage
from tests.bench.report import Row, plot, table
from tests.bench.texts import Texts

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts(seed=1)


def measured(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("passages", [1, 3, 500])
def test_a_made_transcript_has_the_passages_it_should(texts: Texts, passages: int) -> None:
    reading = read(texts.transcript(7, passages), "talk.md")
    _, cuts = cut_file(texts.transcript(7, passages))
    words = sum(len(cue.text.split()) for cue in reading.transcript.cues)
    assert (len(cuts), words, reading.oddities) == (passages, 40 * (passages + 1), ())
    numbers = [passage(7, cut.first) for cut in cuts]
    assert numbers == list(range(3500, 3500 + passages))


def test_a_made_transcript_depends_on_its_number_alone(texts: Texts) -> None:
    first = texts.transcript(7, 5)
    texts.transcript(8, 5)
    assert texts.transcript(7, 5) == first
    assert len({first, texts.transcript(8, 5), texts.transcript(7, 5, version=1)}) == 3
    assert texts.questions(20, 4)[5:] == texts.questions(15, 4, first=5)


def test_a_transcript_says_its_topics_more_often_than_another_does(texts: Texts) -> None:
    topics = set(texts.topics(7))
    own, other = (len(re.findall(r"\w+", texts.transcript(n).decode())) for n in (7, 8))
    said = [sum(word in topics for word in texts.transcript(n).decode().split()) for n in (7, 8)]
    assert 30 <= len(topics) <= 60
    assert said[0] / own > 3 * said[1] / other


def test_questions_are_new_and_have_three_to_eight_words_to_search_for(texts: Texts) -> None:
    asked = texts.questions(300, 20)
    assert len(set(asked)) == 300
    counts = {len(Question.of(text).terms) for text in asked}
    assert counts == set(range(3, 9))
    assert all(len(text.split()) > len(analysis.terms(text)) for text in asked)  # with stop words between


def test_passages_are_cut_as_the_product_cuts_them(texts: Texts) -> None:
    talk = Talk.of(7, texts.transcript(7, 4))
    terms, cuts = cut_file(talk.data)
    assert [len(terms) for terms in talk.passages] == [sum(map(len, terms[cut.first : cut.end])) for cut in cuts]
    assert all(a[-3:] != b[-3:] for a, b in pairwise(talk.passages))


def test_the_last_transcript_has_the_rest_of_the_passages() -> None:
    assert sizes(1200) == [500, 500, 200]
    assert sizes(1000) == [500, 500]


async def test_every_engine_is_measured_and_what_it_cannot_do_is_null(
    texts: Texts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "Texts", lambda: texts)
    for name, few in (("ADDED", 1), ("REPLACED", 1), ("OPENED", 1), ("LAGGING", (1, 1)), ("CHECKED", 3)):
        monkeypatch.setattr(speed, name, few)
    first = await speed.measure([60], ENGINES, 3, keep=tmp_path)
    rows = {str(row["engine"]): row for row in json.loads(json.dumps([row.rounded() for row in first]))}
    assert list(rows) == list(ENGINES)
    for name, row in rows.items():
        assert (row["passages"], row["questions"]) == (60, 3)
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        changing = [row[key] for key in ("add_p50_ms", "searchable_p50_ms", "replace_p50_ms", "remove_p50_ms")]
        assert [value is None for value in changing] == [name in {"bm25s", "rank-bm25"}] * 4
        assert (row["open_ms"] is None) == (row["disk_mb"] is None) == (name == "rank-bm25")
        assert (row["lag_asking_ms"] is None) == (name != "verbatim")
    assert [rows[name]["same_top10"] for name in ("verbatim", "bm25s", "rank-bm25")] == [10, 10, 10]
    (again,) = await speed.measure([60], ["tantivy"], 3, keep=tmp_path)
    assert again.build_s == first[1].build_s  # not built again


def test_an_unknown_engine_is_named() -> None:
    done = measured("speed", "--engines", "verbatim,abacus")
    assert done.returncode == 2
    assert "abacus" in done.stderr


async def test_guilds_are_asked_together_without_an_error(texts: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "Texts", lambda: texts)
    quiet, busy = await together.measure(2, 40, 20)
    assert [len(phase.times) for phase in (quiet, busy)] == [20, 20]
    assert [dict(phase.errors) for phase in (quiet, busy)] == [{}, {}]
    assert [sorted(phase.memory) for phase in (quiet, busy)] == [[0, 2, 5, 10, 15, 20]] * 2
    assert quiet.ingested == 0
    assert "errors    0" in str(busy)


async def test_two_builds_are_measured_in_turn_on_the_same_questions(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(before, "Texts", lambda: texts)
    for name, few in (("ADDED", 2), ("SMALL", 10), ("GUILDS", 2), ("EACH", 10), ("ASKING", 4), ("ROUNDS", 1)):
        monkeypatch.setattr(before, name, few)
    monkeypatch.setattr(before, "INGESTED", 1)
    rows = await before.measure("HEAD", PARTS, [20], 5, workers=1)
    assert [len(row.this) for row in rows] == [5, 2, *[5] * len(before.LANGUAGES), 5, 5, 5, 5]
    assert all(len(row.this) == len(row.other) and min(row.this + row.other) > 0 for row in rows)


def test_a_revision_that_is_not_there_is_a_sentence() -> None:
    done = measured("before", "no-such-revision")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("no-such-revision has no store here: ")


def test_the_table_names_a_rebuild_and_the_picture_is_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = [
        Row(engine, size, 10, p50_ms=time * size / 1000, p99_ms=2 * time * size / 1000)
        for engine, time in (("verbatim", 2.0), ("tantivy", 0.5), ("bm25s", 0.5))
        for size in (1000, 10_000)
    ]
    lines = table(rows).splitlines()
    assert lines[0] == "1,000 passages"
    assert lines[2].split()[-1] == "4.0"
    assert "rebuild" in lines[4]
    for name in ("a.svg", "b.svg"):
        plot(rows, tmp_path / name)
    drawn = (tmp_path / "a.svg").read_text("utf-8")
    assert drawn == (tmp_path / "b.svg").read_text("utf-8")
    assert all(f">{name}<" in drawn for name in ("verbatim", "tantivy", "bm25s"))
