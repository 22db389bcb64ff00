"""`init`: what it asks, what it takes, what it writes, and what it leaves alone."""

import base64
import io
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.application import invitation
from bot.config import load
from tests.bot.terminal import Terminal

ID = 123456789012345678
TOKEN = ".".join([base64.urlsafe_b64encode(str(ID).encode()).decode().rstrip("="), "GaBcDe", "x" * 38])
CONFIG, SECRET = Path("config.toml"), Path("token.txt")
Answer = Callable[..., int]


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Answer the questions in an empty folder, through a pipe; return the exit status."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)

    def answering(*lines: str, options: tuple[str, ...] = ()) -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return main([*options, "init"])

    return answering


def there() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_enter_takes_the_defaults_and_the_token_is_for_its_owner_alone(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    before = os.umask(0)  # even then
    try:
        assert answer(TOKEN, "", "", "") == 0
    finally:
        os.umask(before)
    assert there() == ["config.toml", "token.txt"]
    assert stat.S_IMODE(SECRET.stat().st_mode) == 0o600
    config = load(None, {})
    assert config.required_token() == TOKEN
    assert (config.database, config.guilds, config.backup_every) == (Path("verbatim.db"), (), 24 * 3600)
    printed = capsys.readouterr().out
    assert invitation(ID) in printed
    assert "python -m bot run" in printed
    assert TOKEN not in printed
    assert TOKEN not in CONFIG.read_text()


def test_every_answer_is_kept_as_it_was_given(answer: Answer, tmp_path: Path) -> None:
    folder = tmp_path / 'the "big" disk'
    folder.mkdir()
    assert answer(f'"{TOKEN}"', f"{folder}/ü\\n.db", f"{ID}, {ID + 1} {ID}", "12 H") == 0
    config = load(None, {})
    assert config.required_token() == TOKEN
    assert (config.database, config.guilds) == (folder / "ü\\n.db", (ID, ID + 1))
    assert config.backup_every == 12 * 3600


def test_without_a_token_none_is_written_and_the_environment_is_asked(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer("", "", "", "never") == 0
    assert there() == ["config.toml"]
    config = load(None, {"DISCORD_TOKEN": "the.one"})
    assert (config.required_token(), config.token_file, config.backup_every) == ("the.one", None, 0)
    assert "DISCORD_TOKEN=… python -m bot run" in capsys.readouterr().out


def test_another_configuration_has_its_token_beside_it(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    Path("elsewhere").mkdir()
    assert answer(TOKEN, "", "", "", options=("--config", "elsewhere/mine.toml")) == 0
    assert there() == ["elsewhere"]
    assert load(Path("elsewhere/mine.toml"), {}).required_token() == TOKEN
    assert "--config elsewhere/mine.toml run" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ((str(ID),), "three parts with dots between them; this is an id"),
        (("0123456789abcdef" * 4,), "this is the application's public key"),
        (("q1W2e3R4t5Z6u7I8o9P0a1S2d3F4g5H6",), "the client secret is another thing"),
        ((TOKEN.replace(TOKEN[:24], "not-an-id-not-an-id-not-"),), "its first part isn't an application's id"),
        ((TOKEN, "missing/verbatim.db"), "The folder missing isn't there"),
        ((TOKEN, "."), "is a folder; name a file in it"),
        ((TOKEN, "a\x07b"), "can't be a file's name"),
        ((TOKEN, "", "my server"), "my is no server's id"),
        ((TOKEN, "", "9" * 19), "is no server's id"),
        ((TOKEN, "", "", "daily"), "such as 30m, 24h or 7d, or never"),
        ((TOKEN, "", "", "1m"), "Say a time from 10 minutes to 90 days, or never."),
        ((TOKEN, "", "", "91d"), "Say a time from 10 minutes to 90 days, or never."),
        ((), "The answers ended before the last one; nothing was written."),
        ((TOKEN, "", ""), "The answers ended before the last one; nothing was written."),
    ],
)
def test_an_answer_that_cannot_be_taken_writes_nothing(
    answer: Answer, capsys: pytest.CaptureFixture[str], lines: tuple[str, ...], sentence: str
) -> None:
    assert answer(*lines) in {1, 2}
    assert sentence in capsys.readouterr().err
    assert there() == []


@pytest.mark.parametrize("file", [CONFIG, SECRET])
def test_what_is_there_is_replaced_only_after_a_yes(
    answer: Answer, capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.parent.joinpath(file).write_text("mine = [\n")  # init mends also what can't be read
    for no in ("", "no", TOKEN):
        assert answer(no, TOKEN, "", "", "") == 1
        assert f"{file} stays as it is; nothing was written." in capsys.readouterr().err
        assert (there(), file.read_text()) == ([file.name], "mine = [\n")
    assert answer("yes", TOKEN, "", "", "") == 0
    assert stat.S_IMODE(SECRET.stat().st_mode) == 0o600
    assert load(None, {}).required_token() == TOKEN
    assert there() == ["config.toml", "token.txt"]


def test_a_disk_that_is_full_leaves_nothing_half_written(
    answer: Answer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    CONFIG.write_text("")
    calls = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert answer("yes", TOKEN, "", "", "") == 1
    assert "The files can't be written: No space left on device; nothing was written." in capsys.readouterr().err
    assert (there(), CONFIG.read_text()) == (["config.toml"], "")


def test_a_folder_that_is_missing_is_one_sentence(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(TOKEN, "", "", "", options=("--config", "missing/config.toml")) == 1
    assert capsys.readouterr().err == "verbatim: The folder missing isn't there; make it first.\n"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with closing(Terminal(tmp_path, "init")) as found:
        yield found


def test_at_a_terminal_the_token_is_not_shown_and_wrong_answers_are_asked_again(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.wait_for("DISCORD_TOKEN]: ")
    terminal.type("secret\n")
    terminal.wait_for("That is no bot's token", "DISCORD_TOKEN]: ")
    terminal.type(f"{TOKEN}\n")
    terminal.wait_for("[verbatim.db]: ")
    terminal.type("\n")
    terminal.wait_for("[every]: ")
    terminal.type("here\n")
    terminal.wait_for("here is no server's id", "[every]: ")
    terminal.type(f"{ID}\n")
    terminal.wait_for("[24h]: ")
    terminal.type("5m\n")
    terminal.wait_for("Say a time from 10 minutes", "[24h]: ")
    terminal.type("\n")
    assert terminal.end() == 0
    assert TOKEN not in terminal.seen
    assert "secret\r" not in terminal.seen
    assert load(tmp_path / "config.toml", {}).guilds == (ID,)


@pytest.mark.parametrize(("key", "status"), [("\x03", 130), ("\x04", 1)], ids=["Ctrl-C", "Ctrl-D"])
def test_who_breaks_off_at_a_terminal_has_written_nothing(
    terminal: Terminal, tmp_path: Path, key: str, status: int
) -> None:
    terminal.wait_for("DISCORD_TOKEN]: ")
    terminal.type(f"{TOKEN}\n")
    terminal.wait_for("[verbatim.db]: ")
    if key == "\x03":
        terminal.wait_for_silence()
        terminal.process.send_signal(signal.SIGINT)  # what the terminal makes of it
    else:
        terminal.type(key)
    assert terminal.end() == status
    assert "othing was written" in terminal.seen
    assert list(tmp_path.iterdir()) == []
