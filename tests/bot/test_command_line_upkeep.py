"""What an operator does to keep a database well: `check` and `stats`, as they are typed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.index.segments import DAMAGED
from store.meaning.encoder import Use
from store.text.wording import BY_WORDS
from tests.bot.conftest import Run
from tests.cogs.stage import BREAD, TIDES

GUILD = ["--guild", "123456789012345678"]
OTHER = ["--guild", "7"]


@pytest.fixture
def filled(verbatim: Run) -> None:
    """Ingest two transcripts of one server and one of another."""
    Path("bread.md").write_bytes(BREAD)
    Path("tides.md").write_bytes(TIDES)
    verbatim("ingest", "bread.md", "tides.md", *GUILD)
    verbatim("ingest", "bread.md", *OTHER)


def change(statements: str) -> None:
    with closing(sqlite3.connect("verbatim.db")) as connection, connection:
        connection.executescript(statements)


@pytest.mark.usefixtures("filled")
def test_a_database_that_is_well_is_said_to_be_and_left_as_it_is(verbatim: Run) -> None:
    before = Path("verbatim.db").read_bytes()
    assert verbatim("check") == (0, "All is well.\n", "")
    assert verbatim("check", "--repair") == (0, "All is well.\n", "")
    assert Path("verbatim.db").read_bytes() == before


@pytest.mark.usefixtures("filled")
def test_a_damaged_index_is_repaired_as_the_failing_question_says(verbatim: Run) -> None:
    _, expected, _ = verbatim("ask", "yeast", *GUILD)
    change("UPDATE segment_blocks SET blob = x'00' WHERE segment_id = 1")
    assert verbatim("ask", "yeast", *GUILD) == (1, "", f"verbatim: {DAMAGED}\n")
    what = "Segment 1 (transcript 1) has a block that is damaged, one too few or one too many."
    assert verbatim("check") == (
        1,
        f"Server 123456789012345678: {what}\n1 problem; `python -m bot check --repair` repairs it.\n",
        "",
    )
    assert "`python -m bot check --repair`" in str(DAMAGED)
    status, out, err = verbatim("check", "--repair")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"Server 123456789012345678: {what}",
        "Server 123456789012345678: indexing 2 transcripts anew; until then answers are incomplete.",
        "Repaired 1 problem; all is well.",
    ]
    assert verbatim("ask", "yeast", *GUILD) == (0, expected, "")
    assert verbatim("check") == (0, "All is well.\n", "")


@pytest.mark.usefixtures("filled")
def test_what_cannot_be_repaired_is_said_and_the_rest_is_repaired(verbatim: Run) -> None:
    change("DELETE FROM sounds WHERE guild_id = 7")
    change("UPDATE cues SET start_ms = -1 WHERE transcript_id = 1 AND position = 0")
    status, out, _ = verbatim("check")
    assert status == 1
    assert out.splitlines()[-2] == "2 problems; `python -m bot check --repair` repairs 1 of them."
    assert out.splitlines()[-1].startswith("What can't be repaired isn't derived from anything: restore the database ")
    status, out, _ = verbatim("check", "--repair")
    lines = out.splitlines()
    assert status == 1
    assert lines[2] == "Server 7: indexing 1 transcript anew; until then answers are incomplete."
    assert lines[3] == "1 problem of 2 could not be repaired:"
    assert lines[4] == ("Server 123456789012345678: Transcript 1 itself is damaged: the time of a cue is none.")
    assert lines[5].startswith("What can't be repaired")
    before = Path("verbatim.db").read_bytes()
    status, out, _ = verbatim("check", "--repair")
    assert (status, out.splitlines()[1]) == (1, "1 problem, nothing was changed.")
    assert Path("verbatim.db").read_bytes() == before


@pytest.mark.usefixtures("filled")
def test_a_transcript_that_is_damaged_itself_is_whole_after_it_was_removed_and_ingested_again(verbatim: Run) -> None:
    change("DELETE FROM cues WHERE transcript_id = 1 AND position = 1")
    assert verbatim("check", "--repair")[0] == 1
    verbatim("remove", "1", *GUILD)
    verbatim("ingest", "bread.md", *GUILD)
    assert verbatim("check") == (0, "All is well.\n", "")


@pytest.mark.usefixtures("filled")
def test_a_damaged_file_is_one_sentence_a_fault_and_never_written(verbatim: Run) -> None:
    with closing(sqlite3.connect("verbatim.db")) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cues'").fetchall()
    with Path("verbatim.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x05" * 100)
    before = Path("verbatim.db").read_bytes()
    for command in (["check"], ["check", "--repair"]):
        status, out, err = verbatim(*command)
        assert (status, err) == (1, "")
        assert out.startswith("The database file is damaged: ")
        assert "restore the database from a backup" in out
    assert Path("verbatim.db").read_bytes() == before


@pytest.mark.parametrize("arguments", [["check"], ["check", "--repair"]])
def test_a_database_that_is_not_there_is_one_sentence_and_not_made(verbatim: Run, arguments: list[str]) -> None:
    assert verbatim("--database", "typo.db", *arguments) == (
        1,
        "",
        "verbatim: There is no database typo.db to check.\n",
    )
    assert not Path("typo.db").exists()


def test_a_file_that_is_no_database_is_one_sentence(verbatim: Run) -> None:
    Path("verbatim.db").write_bytes(BREAD * 20)
    status, out, err = verbatim("check", "--repair")
    assert (status, out) == (1, "")
    assert err == "verbatim: The database file isn't a Verbatim database; choose another file.\n"


@pytest.mark.usefixtures("filled")
def test_a_check_reads_a_database_that_a_bot_has_open(verbatim: Run) -> None:
    with closing(sqlite3.connect("verbatim.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE segments SET passages = 77")
        assert verbatim("check") == (0, "All is well.\n", "")
        connection.execute("ROLLBACK")


@pytest.mark.usefixtures("filled")
def test_sizes_are_a_table_with_sums_and_the_size_of_the_file(verbatim: Run) -> None:
    verbatim("remove", "2", *GUILD)
    status, out, err = verbatim("stats")
    assert (status, err) == (0, "")
    heading, first, second, total, file = out.splitlines()
    names = ["server", "transcripts", "hours", "cues", "words", "passages", "unindexed", "terms", "segments"]
    names += ["index", "bytes", "stream", "bytes", "channels", "owed", "glossary"]
    assert heading.split() == names
    assert first.split()[:6] == ["7", "1", "0.0", "3", "22", "1"]
    assert second.split()[:6] == ["123456789012345678", "1", "0.0", "3", "22", "1"]
    assert total.split()[:6] == ["total", "2", "0.1", "6", "44", "2"]
    assert len({len(line) for line in (heading, first, second, total)}) == 1
    assert file.startswith("Database file: ")
    assert file.endswith(" bytes.")


@pytest.mark.usefixtures("filled")
def test_sizes_as_json_have_exactly_this_shape(verbatim: Run) -> None:
    status, out, err = verbatim("stats", "--json", *OTHER)
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found.pop("file_bytes") >= Path("verbatim.db").stat().st_size > 0
    (guild,) = found.pop("guilds")
    assert found == {}
    assert guild.pop("index_bytes") > 0
    assert guild.pop("stream_bytes") == 3 * 22 + 4 * 3
    assert guild.pop("terms") > 10
    assert guild == {
        "guild_id": "7",
        "transcripts": 1,
        "duration_seconds": 120.0,
        "cues": 3,
        "words": 22,
        "passages": 1,
        "unindexed": 0,
        "segments": 1,
        "subscriptions": 0,
        "owed": 0,
        "glossary": 0,
    }


@pytest.mark.usefixtures("filled")
def test_sizes_say_how_many_passages_have_a_sentence_vector_where_these_are_on(verbatim: Run) -> None:
    Path("config.toml").write_text('[search]\nmeaning = "use"\n')
    with closing(sqlite3.connect("verbatim.db")) as connection, connection:
        connection.execute(
            "INSERT INTO vectors (guild_id, transcript_id, model, passages) SELECT guild_id, id, ?, passages "
            "FROM transcripts WHERE id = 1",
            (Use().name,),
        )
    status, out, err = verbatim("stats")
    assert (status, err) == (0, "")
    heading, *guilds, total, similar, file = out.splitlines()
    assert heading.split()[-1] == "similar"
    assert sorted(line.split()[-1] for line in guilds) == ["0", "1"]
    assert total.split()[-1] == "1"
    assert similar == f"Similar in meaning: 1 of {total.split()[5]} passages."
    assert file.startswith("Database file: ")
    found = json.loads(verbatim("stats", "--json")[1])["guilds"]
    assert sorted(guild["vectors"] for guild in found) == [0, 1]


@pytest.mark.usefixtures("filled")
def test_a_question_on_the_command_line_is_embedded_where_that_is_on(verbatim: Run) -> None:
    Path("config.toml").write_text('[search]\nmeaning = "use"\n')
    status, out, err = verbatim("ask", "how does bread rise", *GUILD)
    assert (status, err) == (0, "")
    assert str(BY_WORDS) not in out


@pytest.mark.usefixtures("filled")
def test_damaged_sentence_vectors_are_dropped_by_a_repair(verbatim: Run) -> None:
    with closing(sqlite3.connect("verbatim.db")) as connection, connection:
        connection.execute(
            "INSERT INTO vectors (guild_id, transcript_id, model, passages) SELECT guild_id, id, 'x', passages "
            "FROM transcripts WHERE id = 1"
        )
    status, out, _ = verbatim("check")
    assert status == 1
    assert "The sentence vectors of transcript 1 are damaged, or missing." in out
    status, out, _ = verbatim("check", "--repair")
    assert (status, out.splitlines()[1:]) == (0, ["Repaired 1 problem; all is well."])
    assert verbatim("check") == (0, "All is well.\n", "")


def test_where_there_is_nothing_it_is_said(verbatim: Run) -> None:
    missing = "verbatim: There is no database verbatim.db yet; `ingest` makes one.\n"
    nothing = "There is nothing in this database yet; ingest a transcript first.\n"
    assert verbatim("stats") == (0, nothing, missing)
    assert verbatim("stats", "--json")[1] == '{\n  "guilds": [],\n  "file_bytes": 0\n}\n'
    assert not Path("verbatim.db").exists()
    verbatim("ingest", "missing.md", *GUILD)
    assert verbatim("stats") == (0, nothing, "")
    assert verbatim("stats", *GUILD) == (0, "The library of this server is empty; ingest a transcript first.\n", "")
