"""The command line, as an operator types it: what is printed, what is kept, and the exit status."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from store.models import Outcome
from tests.bot.conftest import Run
from tests.cogs.stage import BREAD, TIDES, transcript

EMPTY = "The library of this server is empty; ingest a transcript first.\n"
GUILD = ["--guild", "1"]


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """Return a folder of two transcripts, one of them in a folder inside, beside a file of another kind."""
    folder = tmp_path / "talks"
    (folder / "deeper").mkdir(parents=True)
    (folder / "bread.md").write_bytes(BREAD)
    (folder / "deeper" / "tides.TXT").write_bytes(TIDES)
    (folder / "notes.pdf").write_bytes(b"%PDF-1.7\0")
    return folder


def test_a_file_is_ingested_and_what_was_understood_is_printed(verbatim: Run, talks: Path) -> None:
    status, out, err = verbatim("ingest", str(talks / "bread.md"), *GUILD)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "new: How bread rises · 3 cues · 2:00 · 1 passage · English · from bread.md",
        "1 file: 1 new.",
    ]


def test_a_folder_is_ingested_with_everything_inside(verbatim: Run, talks: Path) -> None:
    status, out, err = verbatim("ingest", str(talks), *GUILD)
    assert (status, err) == (0, "Not read: notes.pdf (a PDF).\n")
    assert "new: How bread rises" in out
    assert "new: Why there are tides" in out
    assert out.splitlines()[-1] == "2 files: 2 new."


def test_a_file_named_twice_is_ingested_once(verbatim: Run, talks: Path) -> None:
    _, out, _ = verbatim("ingest", str(talks / "bread.md"), str(talks), str(talks / "bread.md"), *GUILD)
    assert out.splitlines()[-1] == "2 files: 2 new."


def test_a_replaced_file_says_what_changed_and_an_odd_one_what_was_odd(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks / "bread.md"), *GUILD)
    (talks / "bread.md").write_bytes(BREAD.replace(b"sugar", b"starch").replace(b"2025-03-01", b"someday"))
    _, out, _ = verbatim("ingest", str(talks), *GUILD)
    assert out.startswith("replaced: How bread rises · ")
    assert "English · from bread.md\n  cues: 1 changed\n" in out
    assert "  the date “someday” isn't a day like 2025-01-31; it was left out.\n" in out
    assert out.splitlines()[-2:] == [
        "For 24 hours `transcript restore 1` brings back what was replaced.",
        "2 files: 1 new, 1 replaced.",
    ]


def test_many_that_were_replaced_are_named_by_their_ids_and_a_file_by_its_name_where_its_title_differs(
    verbatim: Run, tmp_path: Path
) -> None:
    for at in range(7):
        name = "Talk 6.md" if at == 6 else f"{at}.md"
        (tmp_path / name).write_bytes(
            transcript("[0:01] the yeast wakes", title=f"Talk {at}", url=f"https://youtu.be/{at}")
        )
    verbatim("ingest", str(tmp_path), *GUILD)
    for path in tmp_path.glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"yeast", b"dough"))
    _, out, _ = verbatim("ingest", str(tmp_path), *GUILD)
    lines = out.splitlines()
    assert lines[0] == "replaced: Talk 0 · 1 cue · 0:01 · 1 passage · from 0.md"
    assert "replaced: Talk 6 · 1 cue · 0:01 · 1 passage" in lines
    assert lines[-2] == (
        "For 24 hours `transcript restore ID` brings back what was replaced: transcripts 1, 2, 3, 4, 5 and 2 more."
    )
    _, out, _ = verbatim("transcript", "restore", "3", *GUILD)
    assert out == "3: Talk 2 is as it was before it was replaced.\n"


def test_the_same_files_again_change_nothing(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    status, out, _ = verbatim("ingest", str(talks), *GUILD)
    assert (status, out.splitlines()[-1]) == (0, "2 files: 2 unchanged.")


def test_files_that_fail_are_named_with_the_reason_and_the_others_are_kept(verbatim: Run, talks: Path) -> None:
    (talks / "a-letter.md").write_text("<!DOCTYPE html><html><body>Sign in</body></html>", encoding="utf-8")
    missing = talks / "missing.md"
    status, out, err = verbatim("ingest", str(missing), str(talks), *GUILD)
    assert status == 1
    unread, wrong, _ = err.splitlines()
    assert unread == f"{missing}: It can't be read: No such file or directory."
    assert wrong.startswith(f"{talks / 'a-letter.md'}: a-letter.md is a web page and no transcript; ")
    assert out.splitlines()[-1] == "4 files: 2 new, 2 failed."
    _, out, _ = verbatim("library", *GUILD)
    assert out.splitlines()[-1] == "2 transcripts."


def test_where_every_file_fails_the_summary_says_only_that(verbatim: Run, tmp_path: Path) -> None:
    status, out, err = verbatim("ingest", str(tmp_path / "a.md"), str(tmp_path / "b.md"), *GUILD)
    assert (status, out) == (1, "2 files: 2 failed.\n")
    assert len(err.splitlines()) == 2


def test_a_folder_without_a_transcript_is_one_sentence(verbatim: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    status, out, err = verbatim("ingest", str(tmp_path / "empty"), *GUILD)
    assert (status, out) == (1, "1 file: 1 failed.\n")
    assert err == f"{tmp_path / 'empty'}: The folder holds no file that is read as a transcript.\n"


def test_a_path_that_cannot_be_entered_keeps_no_other_file_out(verbatim: Run, talks: Path) -> None:
    status, out, err = verbatim("ingest", "x" * 300, "/dev/null", str(talks / "bread.md"), *GUILD)
    assert (status, out.splitlines()[-1]) == (1, "3 files: 1 new, 2 failed.")
    assert err.splitlines() == [f"{'x' * 300}: It can't be read: File name too long.", "/dev/null: It isn't a file."]


def test_the_configured_limit_of_a_file_holds_and_is_named(verbatim: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[limits]\nfile_megabytes = 0.5", encoding="utf-8")
    (tmp_path / "big.md").write_bytes(BREAD + b"- [1:30] more and more\n" * 30_000)
    status, _, err = verbatim("ingest", "big.md", *GUILD)
    assert (status, err) == (1, "big.md: The file is larger than 0.5 MB; split it and send the parts.\n")


def test_an_answer_is_printed_with_times_and_links(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    status, out, err = verbatim("ask", "when do spring tides come in a zeppelin?", *GUILD)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Found nowhere: zeppelin.",
        "1. 0:31 · Why there are tides",
        "   “spring tides come at full and new moon”",
        "   https://www.youtube.com/watch?v=why-tides-1&t=31s",
    ]


def test_a_quote_without_a_link_is_printed_without_one(verbatim: Run, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(transcript("[0:09] the yeast wakes up", url=None))
    verbatim("ingest", "x.md", *GUILD)
    _, out, _ = verbatim("ask", "yeast", *GUILD)
    assert out == "1. 0:09 · How bread rises\n   “the yeast wakes up”\n"


def test_nothing_found_and_an_empty_library_are_told_apart(verbatim: Run, talks: Path) -> None:
    status, out, _ = verbatim("ask", "zeppelin", *GUILD)
    assert (status, out.splitlines()[0]) == (0, "The library of this server is empty; ingest a transcript first.")
    verbatim("ingest", str(talks), *GUILD)
    status, out, _ = verbatim("ask", "zeppelin", *GUILD)
    assert (status, out) == (0, "Found nowhere: zeppelin.\nNothing was found.\n")


def asked(verbatim: Run, *arguments: str) -> dict[str, Any]:
    status, out, err = verbatim("ask", *arguments, *GUILD, "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_an_answer_as_json_has_exactly_this_shape(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    found = asked(verbatim, "yeast in a zeppelin")
    score = found["quotes"][0].pop("score")
    assert isinstance(score, float)
    assert score > 0
    assert found == {
        "question": "yeast in a zeppelin",
        "quotes": [
            {
                "transcript_id": 1,
                "title": "How bread rises",
                "text": (
                    "welcome back to the bakery the yeast eats the sugar and breathes out gas "
                    "so the dough doubles in about an hour"
                ),
                "start_seconds": 0.0,
                "end_seconds": 120.0,
                "link": "https://www.youtube.com/watch?v=bread-rises&t=0s",
                "also_in": 0,
                "chapter": None,
                "speakers": [],
            }
        ],
        "passages": 1,
        "not_found": ["zeppelin"],
        "approximations": [],
        "unsaid": [],
        "unindexed": 0,
    }


def test_an_answer_as_json_of_an_empty_library_has_the_same_keys(verbatim: Run) -> None:
    verbatim("ingest", *GUILD, "missing.md")
    assert asked(verbatim, "yeast") == {
        "question": "yeast",
        "quotes": [],
        "passages": 0,
        "not_found": ["yeast"],
        "approximations": [],
        "unsaid": [],
        "unindexed": 0,
    }


@pytest.fixture
def twice(verbatim: Run, tmp_path: Path) -> None:
    """Ingest two transcripts that say the same and misspell a name."""
    for name in ("a", "b"):
        data = transcript("[0:09] we rent our machines from cor weave", title=name, url=None)
        (tmp_path / f"{name}.md").write_bytes(data)
    verbatim("ingest", "a.md", "b.md", *GUILD)


@pytest.mark.usefixtures("twice")
def test_what_is_known_of_the_words_is_printed_with_the_quotes(verbatim: Run) -> None:
    _, out, _ = verbatim("ask", 'who rents from CoreWeave? "our machines rent"', *GUILD)
    assert out.splitlines() == [
        "CoreWeave ≈ “cor weave”",
        "Not said in these words: “our machines rent”.",
        "1. 0:09 · a · also in 1 other",
        "   “we rent our machines from cor weave”",
    ]


@pytest.mark.usefixtures("twice")
def test_what_is_known_of_the_words_is_in_the_json_too(verbatim: Run) -> None:
    found = asked(verbatim, 'who rents from CoreWeave? "our machines rent"')
    assert found["approximations"] == [{"typed": "CoreWeave", "said": ["cor weave"]}]
    assert found["unsaid"] == ["our machines rent"]
    assert [quote["also_in"] for quote in found["quotes"]] == [1]


@pytest.mark.usefixtures("twice")
def test_above_the_closest_passages_stands_what_nobody_said(verbatim: Run) -> None:
    question = "who rents zucchini, kale and zeppelins?"
    lines = verbatim("ask", question, *GUILD)[1].splitlines()
    assert lines[0] == "Found nowhere: zucchini, kale, zeppelins."
    assert lines[1].startswith("1. ")
    found = asked(verbatim, question)
    assert (found["passages"], found["not_found"]) == (2, ["zucchini", "kale", "zeppelins"])
    assert found["quotes"]


def test_a_database_that_is_not_there_is_said_and_not_made(verbatim: Run) -> None:
    for command in (["library"], ["ask", "yeast"]):
        status, out, err = verbatim("--database", "typo.db", *command, *GUILD)
        assert (status, out) == (0, EMPTY)
        assert err == "verbatim: There is no database typo.db yet; `ingest` makes one.\n"
    assert not Path("typo.db").exists()


def test_a_quote_as_json_links_as_well_as_it_can(verbatim: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(transcript("[0:09.500] the yeast wakes up", url=None))
    (tmp_path / "b.md").write_bytes(transcript("[0:09] yeast is alive", url="https://talks.example.org/b"))
    verbatim("ingest", "a.md", "b.md", *GUILD)
    quotes = {quote["link"]: quote["start_seconds"] for quote in asked(verbatim, "yeast")["quotes"]}
    assert quotes == {None: 9.5, "https://talks.example.org/b": 9.0}


def test_as_many_quotes_are_given_as_are_asked_for(verbatim: Run, tmp_path: Path) -> None:
    for number in range(8):
        data = transcript(f"[0:01] the yeast of day{number} wakes{number} up{number}", title=f"Talk {number}", url=None)
        (tmp_path / f"{number}.md").write_bytes(data)
    verbatim("ingest", str(tmp_path), *GUILD)
    assert len(asked(verbatim, "yeast")["quotes"]) == 5
    assert len(asked(verbatim, "yeast", "--limit", "2")["quotes"]) == 2
    assert len(asked(verbatim, "yeast", "--limit", "7")["quotes"]) == 7
    assert asked(verbatim, "yeast", "--limit", "2")["passages"] == 8


def test_the_library_is_listed_newest_first(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    assert verbatim("library", *GUILD)[1].splitlines() == [
        "2\t0:31\ten\tWhy there are tides\thttps://www.youtube.com/watch?v=why-tides-1",
        "1\t2:00\ten\tHow bread rises\thttps://www.youtube.com/watch?v=bread-rises",
        "2 transcripts.",
    ]


def test_the_library_as_json_says_everything_known_of_each_transcript(verbatim: Run, talks: Path) -> None:
    assert json.loads(verbatim("library", *GUILD, "--json")[1]) == []
    verbatim("ingest", str(talks / "bread.md"), *GUILD)
    (entry,) = json.loads(verbatim("library", *GUILD, "--json")[1])
    assert entry.pop("ingested_at").endswith("+00:00")
    assert entry == {
        "id": 1,
        "title": "How bread rises",
        "link": "https://www.youtube.com/watch?v=bread-rises",
        "video_id": None,
        "speaker": "Ada Miller",
        "channel": None,
        "date": "2025-03-01",
        "tags": ["baking", "yeast"],
        "chapters": [],
        "timed": True,
        "speakers": [],
        "language": "en",
        "language_by": "text",
        "duration_seconds": 120.0,
        "cues": 3,
        "words": 22,
        "passages": 1,
    }


@pytest.mark.parametrize(
    "name", ["1", "https://youtu.be/bread-rises?t=5", "https://www.youtube.com/watch?v=bread-rises"]
)
def test_a_transcript_is_removed_by_its_id_or_any_link_to_it(verbatim: Run, talks: Path, name: str) -> None:
    verbatim("ingest", str(talks), *GUILD)
    status, out, err = verbatim("remove", name, *GUILD)
    assert (status, err) == (0, "")
    assert out == "Removed 1: How bread rises. For 24 hours `transcript restore 1` brings it back.\n"
    assert asked(verbatim, "yeast")["quotes"] == []
    assert verbatim("library", *GUILD)[1].splitlines()[-1] == "1 transcript."


def test_removing_what_is_not_there_is_one_sentence(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    status, out, err = verbatim("remove", "7", *GUILD)
    assert (status, out) == (1, "")
    assert err == "verbatim: There is no transcript “7” in this library; `library` lists their ids.\n"


def test_a_guild_sees_and_removes_its_own_transcripts_alone(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    assert verbatim("library", "--guild", "2")[1] == EMPTY
    assert verbatim("remove", "1", "--guild", "2")[0] == 1
    assert verbatim("library", *GUILD)[1].splitlines()[-1] == "2 transcripts."


def test_the_database_on_the_command_line_wins_over_the_configured_one(verbatim: Run, talks: Path) -> None:
    Path("config.toml").write_text("database = 'configured.db'", encoding="utf-8")
    verbatim("--database", "named.db", "ingest", str(talks), *GUILD)
    assert Path("named.db").exists()
    assert not Path("configured.db").exists()
    verbatim("ingest", str(talks), *GUILD)
    assert Path("configured.db").exists()


def test_another_configuration_is_read_where_it_is_named(verbatim: Run, talks: Path, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "other.toml").write_text("database = 'beside.db'", encoding="utf-8")
    verbatim("--config", os.fspath(Path("etc") / "other.toml"), "ingest", str(talks), *GUILD)
    assert (tmp_path / "etc" / "beside.db").exists()


def test_every_outcome_has_its_word() -> None:
    assert [outcome.value for outcome in Outcome] == ["new", "replaced", "unchanged", "asking"]
