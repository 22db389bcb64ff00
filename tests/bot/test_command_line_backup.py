"""`backup` and `restore` as an operator types them: what they do, what they ask, and what they refuse."""

import io
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from store.database import bot_lock
from store.upkeep.restoring import UNTOUCHED
from tests.bot.conftest import Run
from tests.cogs.stage import BREAD, TIDES
from tests.store.upkeep import damage

ROOT = Path(__file__).parents[2]
GUILD = ["--guild", "123456789012345678"]
DATED = r"verbatim-\d{4}-\d\d-\d\dT\d{6}Z\.db"


@pytest.fixture
def filled(verbatim: Run) -> None:
    """Ingest a transcript, back it up, and ingest another one."""
    Path("bread.md").write_bytes(BREAD)
    Path("tides.md").write_bytes(TIDES)
    verbatim("ingest", "bread.md", *GUILD)
    assert verbatim("backup", "copy.db")[0] == 0
    verbatim("ingest", "tides.md", *GUILD)


def titles(verbatim: Run) -> list[str]:
    return [line.split("\t")[3] for line in verbatim("library", *GUILD)[1].splitlines()[:-1]]


@pytest.mark.usefixtures("filled")
def test_a_backup_without_a_file_has_a_dated_name_in_a_folder_of_its_own(verbatim: Run) -> None:
    status, out, err = verbatim("backup")
    assert (status, err) == (0, "")
    (made,) = Path("backups").iterdir()
    assert re.fullmatch(DATED, made.name)
    assert re.fullmatch(
        rf"Backed up verbatim\.db to {re.escape(str(made))}: 2 transcripts of 1 server, the newest of "
        r"\d{4}-\d\d-\d\d \d\d:\d\d UTC \(\d\.\d MB\); copied in \d+\.\d s, checked in \d+\.\d s\.\n",
        out,
    )
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert made.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("filled")
def test_the_folder_is_the_configured_one_or_the_one_that_is_named(verbatim: Run) -> None:
    Path("kept").mkdir()
    Path("usb").mkdir()
    Path("config.toml").write_text('[backup]\nfolder = "kept"\n')
    assert verbatim("backup")[0] == 0
    assert verbatim("backup", "usb")[0] == 0
    assert [re.fullmatch(DATED, found.name) is None for found in (*Path("kept").iterdir(), *Path("usb").iterdir())] == [
        False,
        False,
    ]
    Path("config.toml").write_text('[backup]\nfolder = "mnt/away"\n')
    status, _, err = verbatim("backup")
    assert (status, Path("mnt").exists()) == (1, False)
    assert err.startswith("verbatim: There is no folder mnt/away: make it, or choose another one. No backup was made;")


@pytest.mark.usefixtures("filled")
def test_the_oldest_are_deleted_once_the_new_one_is_verified(verbatim: Run) -> None:
    Path("backups").mkdir()
    for day in (1, 2, 3):
        Path(f"backups/verbatim-2020-01-0{day}T000000Z.db").write_bytes(b"")
    Path("backups/verbatim.db").write_bytes(b"")
    status, out, _ = verbatim("backup", "--keep", "2")
    assert status == 0
    assert out.splitlines()[1:] == [
        "Deleted the older backups/verbatim-2020-01-01T000000Z.db.",
        "Deleted the older backups/verbatim-2020-01-02T000000Z.db.",
    ]
    assert len(list(Path("backups").iterdir())) == 3
    damage.change(Path("verbatim.db"), "UPDATE cues SET text = 'never said'")
    status, out, err = verbatim("backup", "--keep", "1")
    assert (status, out) == (1, "")
    assert "is damaged in what can't be repaired" in err
    assert len(list(Path("backups").iterdir())) == 3


@pytest.mark.usefixtures("filled")
def test_keep_wants_dated_backups(verbatim: Run) -> None:
    status, out, err = verbatim("backup", "copy.db", "--keep", "3")
    assert (status, out) == (2, "")
    assert err == "verbatim: --keep counts the dated backups of a folder: leave FILE out, or name a folder.\n"


@pytest.mark.usefixtures("filled")
def test_a_folder_that_is_not_there_is_not_taken_for_a_file(verbatim: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verbatim("backup", "usb/")
    assert (ended.value.code, Path("usb").exists()) == (2, False)
    assert "FILE: There is no folder usb/: make it, or choose another one; " in capsys.readouterr().err
    Path("usb").mkdir()
    assert verbatim("backup", "usb/")[0] == 0
    assert [re.fullmatch(DATED, made.name) is None for made in Path("usb").iterdir()] == [False]


def test_where_there_is_no_database_there_is_nothing_to_back_up(verbatim: Run) -> None:
    assert verbatim("backup", "copy.db") == (1, "", "verbatim: There is no database verbatim.db to back up.\n")
    assert list(Path().iterdir()) == []


@pytest.mark.usefixtures("filled")
def test_a_problem_of_the_index_is_said_with_what_repairs_it(verbatim: Run) -> None:
    damage.change(Path("verbatim.db"), "DELETE FROM sounds")
    status, out, _ = verbatim("backup", "copy.db")
    assert status == 0
    command = "python -m bot --database verbatim.db check --repair"
    assert out.endswith(f"\n1 problem of its index can be repaired by `{command}`; no transcript is damaged.\n")


@pytest.mark.usefixtures("filled")
def test_a_disk_on_which_the_copy_can_no_longer_be_written_is_a_sentence_and_leaves_nothing() -> None:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [sys.executable, "-m", "bot", "backup"],
        env={**os.environ, "PYTHONPATH": os.fspath(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=bound,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "verbatim: verbatim.db can't be read, or backups not written: check their disks, and try again. No backup was "
        "made; those that are there, and the database, are as they were.\n"
    )
    assert list(Path("backups").iterdir()) == []


@pytest.mark.usefixtures("filled")
def test_restoring_says_what_both_hold_and_keeps_the_present_one(verbatim: Run) -> None:
    status, out, err = verbatim("restore", "copy.db", "--yes")
    assert (status, err) == (0, "")
    when = r"the newest of \d{4}-\d\d-\d\d \d\d:\d\d UTC \(\d\.\d MB\)"
    lines = out.splitlines()
    assert re.fullmatch(rf"The database verbatim\.db holds 2 transcripts of 1 server, {when}\.", lines[0])
    assert re.fullmatch(rf"The backup copy\.db holds 1 transcript of 1 server, {when}\.", lines[1])
    assert lines[2] == "Restored verbatim.db."
    kept = re.fullmatch(r"What was there is kept as (\S+\.db); delete it once you don't need it\.", lines[3])
    assert kept
    assert len(lines) == 4
    assert titles(verbatim) == ["How bread rises"]
    assert verbatim("restore", kept[1], "--yes")[0] == 0
    assert len(titles(verbatim)) == 2


@pytest.mark.usefixtures("filled")
def test_where_the_database_is_lost_it_is_said_what_that_means(verbatim: Run) -> None:
    Path("verbatim.db").unlink()
    status, out, _ = verbatim("restore", "copy.db", "--yes")
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "There is no database verbatim.db."
    unknown = "What was announced since the backup isn't known: what was still owed then may be announced once more; "
    assert lines[2:] == ["Restored verbatim.db.", f"{unknown}`deliveries --state waiting` lists it."]
    assert titles(verbatim) == ["How bread rises"]


class Terminal(io.StringIO):
    """Standard input, typed by somebody."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("typed", "count"), [("y\n", 1), (" YES \n", 1), ("\n", 2), ("n\n", 2), ("", 2), ("yesterday\n", 2)]
)
def test_on_a_terminal_it_asks_and_only_a_yes_is_one(
    verbatim: Run, monkeypatch: pytest.MonkeyPatch, typed: str, count: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin", Terminal(typed))
        status, out, _ = verbatim("restore", "copy.db")
    assert "Put the backup in the place of verbatim.db, which is kept aside? [y/N] " in out
    assert status == (0 if count == 1 else 1)
    assert out.endswith(f"Nothing was restored. {UNTOUCHED}\n") == (count == 2)
    assert len(titles(verbatim)) == count


@pytest.mark.usefixtures("filled")
def test_without_a_terminal_it_wants_a_yes(verbatim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin", io.StringIO("y\n"))
        status, _, err = verbatim("restore", "copy.db")
    assert status == 2
    assert err == (
        "verbatim: There is no terminal to ask on: say --yes, if verbatim.db is to be replaced. The database is as it "
        "was.\n"
    )
    assert len(titles(verbatim)) == 2


@pytest.mark.usefixtures("filled")
def test_while_a_bot_runs_nothing_is_restored(verbatim: Run) -> None:
    with bot_lock(Path("verbatim.db")):
        assert verbatim("restore", "copy.db", "--yes") == (
            1,
            "",
            "verbatim: A bot runs with the database verbatim.db: stop it, restore, and start it again.\n",
        )
        assert verbatim("backup", "another.db")[0] == 0
    assert len(titles(verbatim)) == 2


@pytest.mark.usefixtures("filled")
def test_a_file_that_is_no_backup_is_a_sentence(verbatim: Run) -> None:
    for file, sentence in (
        ("missing.db", f"There is no file missing.db to restore. {UNTOUCHED}"),
        ("bread.md", f"bread.md can't be read as a database (file is not a database): choose another one. {UNTOUCHED}"),
        ("verbatim.db", "verbatim.db is the database itself: choose one of its backups."),
    ):
        assert verbatim("restore", file, "--yes") == (1, "", f"verbatim: {sentence}\n")
    assert verbatim("--database", "away/verbatim.db", "restore", "copy.db", "--yes") == (
        1,
        "",
        "verbatim: The database's folder isn't there: away.\n",
    )
