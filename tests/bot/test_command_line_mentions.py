"""`python -m bot mentions`: counts for people, as JSON, and every mention as a table."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.bot.conftest import Run
from tests.cogs.stage import BREAD, TIDES, transcript

GUILD = ["--guild", "1"]
WATCH = "https://www.youtube.com/watch?v=why-tides-1&t="


@pytest.fixture
def talks(verbatim: Run, tmp_path: Path) -> Run:
    """Return the command line with two transcripts ingested."""
    (tmp_path / "bread.md").write_bytes(BREAD)
    (tmp_path / "tides.md").write_bytes(TIDES)
    verbatim("ingest", "bread.md", "tides.md", *GUILD)
    return verbatim


def test_mentions_are_printed_with_their_transcripts_and_links(talks: Run) -> None:
    status, out, err = talks("mentions", "moon", *GUILD)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "“moon”: 2 mentions in 1 transcript.",
        "First: 0:00 · Why there are tides",
        "Last: 0:31 · Why there are tides",
        "     2  2: Why there are tides",
        f"        from 0:00 · {WATCH}0s",
    ]


def test_mentions_as_json(talks: Run) -> None:
    status, out, err = talks("mentions", "moon", *GUILD, "--json")
    assert (status, err) == (0, "")
    place = {"transcript_id": 2, "title": "Why there are tides"}
    assert json.loads(out) == {
        "words": "moon",
        "count": 2,
        "transcripts": [{**place, "count": 2, "first_seconds": 0.0, "link": f"{WATCH}0s"}],
        "first": {**place, "seconds": 0.0, "link": f"{WATCH}0s"},
        "last": {**place, "seconds": 31.0, "link": f"{WATCH}31s"},
        "forms": [{"said": "moon", "count": 2, "heard": False}],
    }


def test_every_mention_as_comma_separated_values(talks: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_bytes(transcript('[0:05] he said, "moon", twice', title="A, b", url=None))
    talks("ingest", "odd.md", *GUILD)
    status, out, err = talks("mentions", "moon", *GUILD, "--csv")
    assert (status, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["transcript_id", "title", "seconds", "link", "before", "said", "after", "form"]
    assert rows[0] == {
        "transcript_id": "2",
        "title": "Why there are tides",
        "seconds": "0.0",
        "link": f"{WATCH}0s",
        "before": "the",
        "said": "moon",
        "after": "pulls the sea towards it spring tides come at full",
        "form": "moon",
    }
    assert [(row["seconds"], row["title"]) for row in rows[1:]] == [("31.0", "Why there are tides"), ("5.0", "A, b")]
    assert rows[2]["link"] == ""


def test_a_phrase_stands_in_quotation_marks(talks: Run) -> None:
    assert talks("mentions", '"new moon"', *GUILD)[1].startswith("“new moon”: 1 mention in 1 transcript.\n")
    assert talks("mentions", '"moon new"', *GUILD)[1] == "Nobody said “moon new”.\n"


def test_mentions_are_narrowed_as_answers_are(talks: Run) -> None:
    out = talks("mentions", "the", *GUILD, "--speaker", "Ada Miller")[1]
    assert out.startswith("“the”: 4 mentions in 1 transcript (by Ada Miller).\n")


def test_what_nobody_said_and_an_empty_library_are_told_apart(talks: Run) -> None:
    assert talks("mentions", "zeppelin", *GUILD) == (0, "Nobody said “zeppelin”.\n", "")
    assert (
        talks("mentions", "moon", "--guild", "2")[1]
        == "The library of this server is empty; ingest a transcript first.\n"
    )
    found = json.loads(talks("mentions", "zeppelin", *GUILD, "--json")[1])
    assert (found["count"], found["transcripts"], found["first"], found["last"]) == (0, [], None, None)
    assert talks("mentions", "zeppelin", *GUILD, "--csv")[1].count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["?"], 1, "verbatim: There is no word in that; name a word, a name or a “phrase” that was said.\n"),
        (["x" * 401], 1, "verbatim: That has 401 characters; please name at most 400.\n"),
        (
            ["moon", "--video", "9"],
            1,
            "verbatim: This library has no transcript “9”; it has “Why there are tides”, “How bread rises”.\n",
        ),
        (["moon", "--json", "--csv"], 2, "python -m bot mentions: Argument --csv: not allowed with argument --json"),
    ],
)
def test_what_cannot_be_counted_is_one_sentence(
    talks: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, sentence: str
) -> None:
    if status == 2:
        with pytest.raises(SystemExit) as ended:
            talks("mentions", *arguments, *GUILD)
        assert (ended.value.code, capsys.readouterr().err.startswith(sentence)) == (2, True)
    else:
        assert talks("mentions", *arguments, *GUILD) == (status, "", sentence)
