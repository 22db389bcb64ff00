"""Folders that can't be opened: named as failures, and told once of a folder that is watched."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.watching import STILL_SECONDS, Watched
from tests.bot.conftest import Run
from tests.bot.test_command_line_ingest import watching
from tests.cogs.stage import BREAD

GUILD = ["--guild", "1"]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that closes a folder, also to who may open any."""
    closed: set[str] = set()
    scandir = os.scandir

    def opened(path: Any) -> Iterator[os.DirEntry[str]]:
        if os.fspath(path) in closed:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", opened)
    return lambda path: closed.add(os.fspath(path))


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """A folder with a transcript, and another one inside."""
    folder = tmp_path / "talks"
    (folder / "deeper").mkdir(parents=True)
    (folder / "bread.md").write_bytes(BREAD)
    (folder / "deeper" / "more.md").write_bytes(BREAD.replace(b"bread-rises", b"other"))
    return folder


def test_a_folder_that_cannot_be_opened_is_a_failure_and_the_others_go_on(
    verbatim: Run, talks: Path, tmp_path: Path, close: Callable[[Path], None]
) -> None:
    (tmp_path / "noread").mkdir()
    close(tmp_path / "noread")
    status, out, err = verbatim("ingest", str(tmp_path / "noread"), str(talks), *GUILD)
    assert (status, err) == (1, f"{tmp_path / 'noread'} can't be opened: permission denied.\n")
    assert out.splitlines()[-1] == "3 files: 2 new, 1 failed."


def test_so_is_a_folder_inside(verbatim: Run, talks: Path, close: Callable[[Path], None]) -> None:
    close(talks / "deeper")
    status, out, err = verbatim("ingest", str(talks), *GUILD)
    assert (status, err) == (1, f"{talks / 'deeper'} can't be opened: permission denied.\n")
    assert out.splitlines()[-1] == "2 files: 1 new, 1 failed."


def test_a_link_that_leads_nowhere_is_a_failure(verbatim: Run, talks: Path) -> None:
    (talks / "gone.srt").symlink_to(talks / "nowhere.srt")
    status, out, err = verbatim("ingest", str(talks), *GUILD)
    assert (status, err) == (1, f"{talks / 'gone.srt'}: It can't be read: No such file or directory.\n")
    assert out.splitlines()[-1] == "3 files: 2 new, 1 failed."


def test_a_folder_that_cannot_be_opened_is_not_watched(
    verbatim: Run, talks: Path, close: Callable[[Path], None]
) -> None:
    close(talks)
    status, out, err = verbatim("ingest", "--watch", str(talks), *GUILD)
    assert (status, out, err) == (1, "", f"verbatim: {talks} can't be opened: permission denied.\n")


def test_of_a_watched_folder_a_closed_one_is_told_once_and_again_when_it_closes_again(talks: Path) -> None:
    watched = Watched()
    watched.ready(talks, 0.0)
    assert watched.news() == []
    told = []
    for _ in range(2):
        shutil.move(talks, talks.with_name("away"))
        for _ in range(2):
            assert watched.ready(talks, STILL_SECONDS) == []
            told += watched.news()
        shutil.move(talks.with_name("away"), talks)
        watched.ready(talks, STILL_SECONDS)
        told += watched.news()
    assert told == [f"There is no folder {talks}."] * 2


def test_a_watched_folder_that_vanishes_is_watched_again_once_it_is_back(talks: Path) -> None:
    with watching(talks) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for _ in range(2):
            assert process.stdout.readline().startswith("new: How bread rises")
        shutil.rmtree(talks)
        assert process.stderr.readline() == f"There is no folder {talks}.\n"
        talks.mkdir()
        (talks / "bread.md").write_bytes(BREAD.replace(b"sugar", b"honey"))
        assert process.stdout.readline().startswith("replaced: How bread rises")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
