"""What goes wrong on the command line is one sentence on stderr and an exit status, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from store.database import bot_lock
from tests.cogs.stage import BREAD

ROOT = Path(__file__).parents[2]
COMMANDS = ["run", "demo", "ingest", "ask", "library", "remove", "check", "stats", "backup", "restore"]


def verbatim(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, in a folder."""
    kept = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": os.fspath(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Give a command that can't be used, and return the one sentence about it."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m bot {command}")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"\n    {command} " in shown for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "python -m bot: The following arguments are required: COMMAND; see --help."),
        (["dance"], "python -m bot: Argument COMMAND: invalid choice: 'dance'"),
        (["ask"], "python -m bot ask: The following arguments are required: QUESTION, --guild; see --help."),
        (["ask", "why?"], "python -m bot ask: The following arguments are required: --guild; see --help."),
        (
            ["library", "--guild", "home"],
            "number such as 123456789012345678, not 'home'; see --help.",
        ),
        (["library", "--guild", "0"], "a server's id is a number such as 123456789012345678, not '0'; see --help."),
        (["library", "--guild", "-1"], "; see --help."),
        (["library", "--guild", "0" * 10 + "9" * 25], "; see --help."),
        (["ask", "why", "--guild", "1", "--limit", "0" * 30 + "5"], "; see --help."),
        (["library", "--guild", "9" * 30], "a server's id is a number such as 123456789012345678, not '99"),
        (["library", "--guild", "١٢"], "a server's id is a number such as 123456789012345678, not '١٢'; see --help."),
        (["ask", "why?", "--guild", "1", "--limit", "0"], "a limit is a whole number from 1 to 50, not '0'"),
        (["ask", "why?", "--guild", "1", "--limit", "51"], "a limit is a whole number from 1 to 50, not '51'"),
        (["demo", "--port", "65536"], "a port is a whole number from 0 to 65535, not '65536'"),
        (["restore"], "python -m bot restore: The following arguments are required: FILE; see --help."),
        (["backup", "--keep", "0"], "how many are kept is a whole number from 1 to 1,000, not '0'; see --help."),
        (["run", "fast"], "python -m bot: Unrecognized arguments: fast; see --help."),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert sentence in refused(capsys, *arguments)


@pytest.mark.parametrize("command", ["library", "run"])
def test_a_wrong_configuration_is_one_sentence_and_status_2(tmp_path: Path, command: str) -> None:
    (tmp_path / "config.toml").write_text("databse = 'x'", encoding="utf-8")
    done = verbatim(tmp_path, command, *(["--guild", "1"] if command == "library" else []))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "verbatim: Unknown key databse in config.toml; the nearest known one is database.\n"


def test_a_configuration_that_is_missing_is_one_sentence_and_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--config", "missing.toml", "library", "--guild", "1"]) == 2
    assert capsys.readouterr().err == (
        "verbatim: The config file missing.toml can't be read: No such file or directory.\n"
    )


def test_a_database_in_a_folder_that_is_not_there_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    done = verbatim(tmp_path, "--database", "missing/verbatim.db", "library", "--guild", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "verbatim: The database can't be opened: check that its folder exists and may be written.\n"


def test_a_file_that_is_no_database_is_one_sentence_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bread.md"
    path.write_bytes(BREAD * 20)
    assert main(["--database", os.fspath(path), "library", "--guild", "1"]) == 1
    assert capsys.readouterr().err == ("verbatim: The database file isn't a Verbatim database; choose another file.\n")
    assert path.read_bytes() == BREAD * 20


@pytest.mark.parametrize("question", ["???", "''", "y" * 401])
def test_a_question_that_cannot_be_asked_is_one_sentence_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    database = os.fspath(tmp_path / "verbatim.db")
    main(["--database", database, "ingest", "missing.md", "--guild", "1"])
    capsys.readouterr()
    assert main(["--database", database, "ask", question, "--guild", "1"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("verbatim: Th")
    assert printed.err.count("\n") == 1


def test_a_bot_without_a_token_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    done = verbatim(tmp_path, "run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "verbatim: There is no bot token: set DISCORD_TOKEN, or name a file with it as token_file; `init` does so.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_second_bot_with_the_same_database_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    with bot_lock(tmp_path / "verbatim.db"):
        done = verbatim(tmp_path, "run", DISCORD_TOKEN="not.a.token")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == (
        "verbatim: Another bot already runs with the database verbatim.db; "
        "stop it first, or give this one its own database."
    )
    assert "Traceback" not in done.stderr
    assert "not.a.token" not in done.stderr


def test_a_bot_whose_folder_cannot_be_written_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = verbatim(tmp_path, "--database", "file/verbatim.db", "run", DISCORD_TOKEN="not.a.token")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("verbatim: The database's folder ")
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "bread.md").write_bytes(BREAD)
    assert verbatim(tmp_path, "ingest", "bread.md", "--guild", "1").returncode == 0
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "library", "--guild", "1"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.fspath(ROOT)},
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(write)
    assert done.stderr == ""
