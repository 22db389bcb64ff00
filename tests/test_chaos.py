"""Nothing is lost or doubled, whatever fails and whenever the process ends; `tests.bench chaos` plays it longer."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from store.outbox import claiming
from tests.bench import crowd
from tests.bench.chaos import played

REPOSITORY = Path(__file__).parents[1]

pytestmark = pytest.mark.filterwarnings(
    # What a process that was killed leaves behind is never awaited.
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::pytest.PytestUnhandledThreadExceptionWarning",
)


def test_no_delivery_is_lost_or_doubled_in_chaos(path: Path) -> None:
    counts = asyncio.run(played(path, ingests=40, seed=7))
    assert (counts.lost, counts.doubled, counts.outdated) == ([], [], [])
    assert counts.restarts > 10
    assert len(counts.faults) > 8


def test_the_play_sees_what_is_doubled(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "NONCE_SECONDS", 1e12)  # nothing is looked for before it is sent again
    counts = asyncio.run(played(path, ingests=30, seed=3))
    assert counts.doubled


def test_a_killed_process_loses_and_doubles_nothing() -> None:
    command = [sys.executable, "-m", "tests.bench", "kills", "--rounds", "8"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("8 rounds, "), done.stderr
    assert done.stdout.endswith(": 0 lost, 0 doubled\n")
    assert done.returncode == 0


def test_hundreds_of_channels_are_queued_at_once_and_questions_are_answered_meanwhile(path: Path) -> None:
    found = asyncio.run(crowd.measured(path, channels=200))
    assert found.queued < 1
    assert sorted(found.questions)[len(found.questions) // 2] < 0.2  # 13 ms on a machine that does nothing else
