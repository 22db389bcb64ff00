"""A server taken elsewhere or erased, as it is typed: `export`, `import`, `erase`."""

import io
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.moving import STAYS
from tests.bot.conftest import Run
from tests.cogs.stage import BREAD, TIDES

GUILD = ["--guild", "123456789012345678"]
OTHER = ["--guild", "7"]
NEW = ["--database", "new.db"]
KEEP = "It holds members' alerts and questions: keep it as you keep the database.\n"


@pytest.fixture
def filled(verbatim: Run) -> None:
    """Ingest two transcripts of one server and one of another."""
    Path("bread.md").write_bytes(BREAD)
    Path("tides.md").write_bytes(TIDES)
    verbatim("ingest", "bread.md", "tides.md", *GUILD)
    verbatim("ingest", "bread.md", *OTHER)


class Terminal(io.StringIO):
    """A terminal on which something is typed."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("filled")
def test_a_server_is_exported_and_imported_elsewhere_and_answers_alike(verbatim: Run) -> None:
    wrote = "Wrote a.zip, which holds of server 123456789012345678:\n  transcripts: 2\n"
    assert verbatim("export", "--output", "a.zip", *GUILD) == (0, wrote + KEEP, "")
    brought = "Imported into server 123456789012345678: transcripts: 2 new, 0 replaced, 0 unchanged.\n"
    assert verbatim(*NEW, "import", "a.zip") == (0, brought, "")
    assert verbatim(*NEW, "ask", "yeast", *GUILD) == verbatim("ask", "yeast", *GUILD)
    assert verbatim(*NEW, "library", *GUILD) == verbatim("library", *GUILD)
    again = "Imported into server 123456789012345678: transcripts: 0 new, 0 replaced, 2 unchanged.\n"
    assert verbatim(*NEW, "import", "a.zip") == (0, again, "")
    assert verbatim(*NEW, "check")[1] == "All is well.\n"


@pytest.mark.usefixtures("filled")
def test_another_server_is_told_what_was_left_out_and_how_to_set_it_up(verbatim: Run) -> None:
    with closing(sqlite3.connect("verbatim.db")) as connection, connection:
        connection.execute(
            "INSERT INTO subscriptions (guild_id, name, channel_id, created_at) VALUES (123456789012345678, 'n', 5, '')"
        )
    Path("bread.md").write_bytes(BREAD.replace(b"bread", b"loaf"))
    verbatim("ingest", "bread.md", *GUILD, "--title", "Another")
    _, out, _ = verbatim("export", "--output", "a.zip", *GUILD)
    assert out.splitlines()[-2] == (
        "Not told yet: 1 announcement. An import gives them up; let the bot send them and export again, or send them "
        "from there with `deliveries --retry`."
    )
    status, out, err = verbatim("import", "a.zip", *OTHER)
    assert (status, err) == (0, "")
    assert out.splitlines()[0].startswith("Imported into server 7: transcripts: ")
    assert out.splitlines()[-1] == (
        "Left out, as the channels and messages of server 123456789012345678 aren't those of another: subscriptions "
        "and alerts (1), deliveries (1). `/subscribe` and `/notifications` set that up there."
    )
    status, out, err = verbatim(*NEW, "import", "a.zip")
    assert out.splitlines()[-1] == (
        "Given up, as nobody was told before the export: 1 announcement; "
        "`deliveries --guild 123456789012345678 --state abandoned --retry` sends them."
    )
    command = out.splitlines()[-1].split("`")[1].split()
    assert verbatim(*NEW, *command)[0] == 0
    assert "waiting" in verbatim(*NEW, "deliveries", *GUILD)[1]


@pytest.mark.usefixtures("filled")
def test_what_an_import_replaced_can_be_brought_back(verbatim: Run) -> None:
    verbatim("export", "--output", "a.zip", *GUILD)
    verbatim(*NEW, "import", "a.zip")
    verbatim(*NEW, "transcript", "edit", "1", "--title", "Edited since", *GUILD)
    status, out, _ = verbatim(*NEW, "import", "a.zip")
    assert status == 0
    assert out.splitlines()[0].endswith("transcripts: 0 new, 1 replaced, 1 unchanged.")
    assert out.splitlines()[-1] == "For 24 hours `transcript restore ID` brings back what was replaced."
    assert verbatim(*NEW, "transcript", "restore", "1", *GUILD)[0] == 0
    assert "Edited since" in verbatim(*NEW, "library", *GUILD)[1]


def test_what_cannot_be_exported_or_imported_is_one_sentence(verbatim: Run) -> None:
    status, out, err = verbatim("export", "--output", "a.zip", *GUILD)
    assert (status, out) == (1, "")
    assert err.splitlines()[-1] == (
        "verbatim: There is nothing of server 123456789012345678 in this database; `stats` lists those of which there "
        "is."
    )
    assert not Path("a.zip").exists()
    with zipfile.ZipFile("talks.zip", "w") as archive:
        archive.writestr("talk.md", BREAD)
    refused = "isn't a server's export, which `export` writes; transcripts in a ZIP are read by `ingest`."
    assert verbatim("import", "talks.zip") == (1, "", f"verbatim: talks.zip {refused}\n")
    assert verbatim("import", "nowhere.zip") == (
        1,
        "",
        "verbatim: nowhere.zip can't be read: No such file or directory.\n",
    )


@pytest.mark.usefixtures("filled")
def test_a_server_is_erased_after_a_yes_and_the_files_hold_none_of_it(
    verbatim: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = "Of server 123456789012345678 this goes for good:\n  transcripts: 2\n  lines of them: "
    assert b"the moon pulls" in Path("verbatim.db").read_bytes()
    for typed in ("no\n", "", "y\n"):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        status, out, err = verbatim("erase", *GUILD)
        assert (status, err) == (1, "")
        assert out.startswith(there)
        assert out.endswith("Type yes: Nothing was erased.\n")
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    status, out, err = verbatim("erase", *GUILD)
    assert (status, err) == (0, "")
    assert "that only it had: none is left." in out
    assert out.splitlines()[-1] == STAYS
    assert b"the moon pulls" not in b"".join(path.read_bytes() for path in Path().glob("verbatim.db*"))
    assert verbatim("check") == (0, "All is well.\n", "")
    assert verbatim("library", *OTHER)[1].endswith("1 transcript.\n")
    status, out, _ = verbatim("erase", *GUILD, "--yes")
    assert status == 0
    assert out.startswith("There is nothing of server 123456789012345678; the file is written anew")


@pytest.mark.usefixtures("filled")
def test_without_a_terminal_erasing_wants_a_yes_on_the_command_line(verbatim: Run) -> None:
    status, _, err = verbatim("erase", *GUILD)
    assert (status, err) == (
        2,
        "verbatim: There is no terminal to ask whether you are sure; say so with --yes.\n",
    )
    assert verbatim("library", *GUILD)[1].endswith("2 transcripts.\n")
    assert verbatim("erase", *GUILD, "--yes")[0] == 0
    assert verbatim("library", *GUILD)[1].startswith("The library of this server is empty")
