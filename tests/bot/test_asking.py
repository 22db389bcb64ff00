"""A question on the terminal before what nobody can take back."""

import signal
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.bot.terminal import Terminal

TALK = "---\ntitle: Bread\n---\n[0:01] the yeast eats sugar\n"


@pytest.mark.parametrize(
    ("command", "question"), [(("restore", "copy.db"), "[y/N] "), (("erase", "--guild", "5"), "Type yes: ")]
)
def test_ctrl_c_at_a_question_ends_the_program_and_changes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    question: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bread.md").write_text(TALK)
    assert main(["ingest", "bread.md", "--guild", "5"]) == 0
    assert main(["backup", "copy.db"]) == 0
    capsys.readouterr()
    with closing(Terminal(tmp_path, *command)) as terminal:
        terminal.wait_for(question)
        terminal.wait_for_silence()
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end() == 130
    assert main(["library", "--guild", "5"]) == 0
    assert capsys.readouterr().out.endswith("\n1 transcript.\n")
