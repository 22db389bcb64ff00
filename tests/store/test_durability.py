"""What an ingest confirmed is on disk and searchable, whole or not at all, also after a kill."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.library import Library
from tests.store.builders import GUILD

REPOSITORY = Path(__file__).parents[2]
INGEST = """
import asyncio, sys
from pathlib import Path
from store.library import Library

async def main():
    async with Library.opened(Path(sys.argv[1])) as library:
        await library.notifications.subscribe(100, 1)
        for number in range(100_000):
            lines = [f"- [0:{second:02}] baker{number} counted line{second}" for second in range(40)]
            name = f"title: 'talk {number % 30}'\\nvideo_id: 'talk-{number % 30}'"
            data = "\\n".join(["---", name, "---", *lines]).encode()
            await library.ingest(100, data, "a.md")
            print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("confirmed", [1, 12, 45])
async def test_a_killed_process_keeps_every_transcript_it_confirmed(tmp_path: Path, confirmed: int) -> None:
    path = tmp_path / "verbatim.db"
    said = await asyncio.to_thread(killed, path, confirmed)
    assert len(said) >= confirmed
    kept = {number % 30: number for number in said}  # a later transcript of the same video replaced the earlier one
    following = said[-1] + 1  # it may have been written but not yet confirmed
    kept_or_replaced = {video: {number} for video, number in kept.items()}
    kept_or_replaced.setdefault(following % 30, set()).add(following)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert {number for (number,) in connection.execute("SELECT count(*) FROM cues GROUP BY transcript_id")} == {40}
    async with Library.opened(path) as library:
        page = await library.page(GUILD, limit=100)
        assert len(kept) <= page.total <= len(kept) + 1
        for video, numbers in kept_or_replaced.items():
            answers = [await library.ask(GUILD, f"baker{number}") for number in sorted(numbers)]
            quoted = [answer.quotes[0].details.title for answer in answers if answer.quotes]
            assert quoted == [f"talk {video}"] or (not quoted and numbers == {following})
        (subscription,) = await library.notifications.listed(GUILD)
        assert subscription.owed == page.total
        await library.ingest(GUILD, b"- [0:01] life goes on\n", "after.md")
        assert len((await library.ask(GUILD, "life")).quotes) == 1


def killed(path: Path, confirmed: int) -> list[int]:
    """Ingest in another process, kill it after so many confirmations, and return all it confirmed."""
    command = [sys.executable, "-c", INGEST, str(path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(confirmed)]
        process.kill()
        rest = process.stdout.read().split("\n")
    return said + [int(line) for line in rest[:-1]]
