"""`transcript language` on the command line."""

from pathlib import Path

import pytest

from tests.bot.conftest import Run
from tests.store.builders import cue_lines, native
from tests.store.talks import SAID, cut

GUILD = ("--guild", "1")


@pytest.fixture
def talk(verbatim: Run, tmp_path: Path) -> None:
    lines = cue_lines(cut(SAID["fr"], 5))
    (tmp_path / "pain.de.md").write_bytes(native(lines, title="Le pain"))
    assert verbatim("ingest", "pain.de.md", *GUILD)[0] == 0


@pytest.mark.usefixtures("talk")
def test_the_language_of_a_file_name_is_corrected_and_told_again(verbatim: Run) -> None:
    assert verbatim("library", *GUILD)[1].splitlines()[0] == "1\t0:45\tde\tLe pain"
    assert verbatim("transcript", "language", "1", "French", *GUILD) == (0, "1: Le pain: French (by moderator).\n", "")
    said = verbatim("transcript", "language", "1", "fr", *GUILD)[1]
    assert said == "1: Le pain: French (by moderator) already; nothing was changed.\n"
    assert verbatim("transcript", "language", "1", *GUILD)[1] == "1: Le pain: French (by moderator).\n"
    assert verbatim("transcript", "language", "1", "auto", *GUILD)[1] == "1: Le pain: French (by text).\n"
    assert verbatim("library", *GUILD)[1].splitlines()[0] == "1\t0:45\tfr\tLe pain"


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("language", "1", "Elvish", *GUILD), 1, "verbatim: There is no language “Elvish”; name it in English"),
        (("language", "7", "fr", *GUILD), 1, "verbatim: There is no transcript “7” in this library; `library` lists"),
        (("language", "1", "fr", "--guild", "2"), 1, "verbatim: There is no transcript “1” in this library"),
    ],
)
def test_what_is_wrong_is_one_sentence(verbatim: Run, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    code, out, err = verbatim("transcript", *arguments)
    assert (code, out) == (status, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1
