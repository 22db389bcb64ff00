"""How the bot ends when it is told to: within five seconds, with nothing half-done; told again, at once."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.database import bot_lock
from store.library import Library
from store.models import State
from store.upkeep import checking

ROOT = Path(__file__).parents[2]
WITHIN = 5.0  # seconds


@contextmanager
def performing(path: Path, what: str, *, workers: int = 0) -> Iterator[subprocess.Popen[str]]:
    """Run the bot in a process of its own, and yield that once it is busy."""
    command = [sys.executable, "-m", "tests.bot.performer", str(path), what, str(workers)]
    with (
        path.with_suffix(".log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "busy\n", path.with_suffix(".log").read_text()
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, float]:
    """Wait for a process's end: its status, and after how many seconds that was."""
    began = time.monotonic()
    return process.wait(60), time.monotonic() - began


async def whole(path: Path) -> dict[str, list[State]]:
    """Check that the database can be used and is in order: what is in it, with what became of its deliveries."""
    with bot_lock(path):
        async with Library.opened(path) as library:
            assert await checking.check(library._database) == []
            found = {}
            (guild,) = [sizes.guild_id for sizes in await library.sizes() if sizes.guild_id is not None]
            deliveries = await library.notifications.deliveries(guild)
            for entry in (await library.page(guild)).entries:
                found[entry.details.title] = [one.state for one in deliveries if one.title == entry.details.title]
            return found


async def test_an_ingest_is_whole_or_not_at_all_when_the_bot_is_terminated(path: Path) -> None:
    with performing(path, "ingesting") as process:
        time.sleep(1)  # noqa: ASYNC251 - somewhere in it
        process.terminate()
        status, seconds = ended(process)
    assert seconds < WITHIN
    assert status in {0, 128 + signal.SIGTERM}
    assert "Traceback" not in path.with_suffix(".log").read_text()
    assert set(await whole(path)) - {"large"} == {"How bread rises"}


async def test_what_is_on_its_way_to_a_discord_that_hangs_stays_owed(path: Path) -> None:
    with performing(path, "sending") as process:
        process.terminate()
        status, seconds = ended(process)
    assert (status, seconds < WITHIN) == (0, True)
    assert await whole(path) == {"How bread rises": [], "new": [State.SENDING]}


@pytest.mark.parametrize(("what", "workers"), [("answering", 1), ("closing", 0)])
async def test_a_discord_that_hangs_holds_no_end_up(path: Path, what: str, workers: int) -> None:
    with performing(path, what, workers=workers) as process:
        process.send_signal(signal.SIGINT)
        status, seconds = ended(process)
    assert (status, seconds < WITHIN) == (128 + signal.SIGINT, True)
    assert await whole(path) == {"How bread rises": []}


async def test_a_second_signal_ends_it_at_once(path: Path) -> None:
    with performing(path, "sending") as process:
        process.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)  # it waits for what is on its way
        process.terminate()
        status, seconds = ended(process)
    assert (status, seconds < 1) == (128 + signal.SIGTERM, True)
    assert await whole(path) == {"How bread rises": [], "new": [State.SENDING]}
