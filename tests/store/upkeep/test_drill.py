"""The restore drill: a backup while twenty ingest, all of them killed, the backup restored, and nothing is missing."""

import asyncio
import subprocess
import sys
from pathlib import Path

from store.library import Library
from store.upkeep.backup import dated, make
from store.upkeep.restoring import restore
from tests.store.builders import GUILD
from tests.store.upkeep import damage
from tests.store.upkeep.test_backup import NOON

REPOSITORY = Path(__file__).parents[3]
PROCESSES, TOGETHER = 2, 10
CONFIRMED = 60  # transcripts, before the backup begins
INGEST = """
import asyncio, sys
from pathlib import Path
from store.library import Library

async def ingests(library, prefix):
    for number in range(100_000):
        name = f"{prefix}-{number}"
        lines = [f"- [0:{second:02}] the baker {name.replace('-', 'x')} counted loaf{second}" for second in range(20)]
        data = "\\n".join(["---", f"title: '{name}'", f"video_id: 'talk-{name}'", "---", *lines]).encode()
        await library.ingest(100, data, "a.md")
        print(name, flush=True)

async def main():
    async with Library.opened(Path(sys.argv[1])) as library:
        await asyncio.gather(*(ingests(library, f"{sys.argv[2]}-{at}") for at in range(int(sys.argv[3]))))

asyncio.run(main())
"""


class Ingesting:
    """Processes that ingest, and what they have confirmed."""

    def __init__(self, path: Path) -> None:
        self.confirmed: list[str] = []
        command = [sys.executable, "-c", INGEST, str(path)]
        self._processes = [
            subprocess.Popen(
                [*command, str(number), str(TOGETHER)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, bufsize=1
            )
            for number in range(PROCESSES)
        ]
        self._reading = [asyncio.create_task(asyncio.to_thread(self._read, process)) for process in self._processes]

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self.confirmed.extend(line.strip() for line in lines if line.endswith("\n"))

    async def kill(self) -> None:
        """End them without a warning, and take in what they have confirmed until then."""
        for process in self._processes:
            process.kill()
        await asyncio.gather(*self._reading)
        for process in self._processes:
            assert process.wait() == -9

    async def until(self, count: int) -> None:
        """Wait until so many are confirmed."""
        while len(self.confirmed) < count:
            assert all(process.poll() is None for process in self._processes)
            await asyncio.sleep(0.01)


async def test_what_was_confirmed_before_a_backup_is_in_it_whatever_went_on(path: Path, tmp_path: Path) -> None:
    async with Library.opened(path) as library:
        await library.notifications.subscribe(GUILD, 1)
    ingesting = Ingesting(path)
    try:
        await ingesting.until(CONFIRMED)
        before = set(ingesting.confirmed)
        made = await make(path, dated(tmp_path, path, NOON))
        after = len(ingesting.confirmed)
        await ingesting.until(after + 5)
    finally:
        await ingesting.kill()
    assert after > len(before), "nobody ingested while the backup was made"
    assert made.holds.transcripts >= len(before)

    done = await restore(made.path, path)

    assert await damage.checked(path) == []
    async with Library.opened(path) as library:
        page = await library.page(GUILD, limit=-1)
        there = {entry.details.title for entry in page.entries}
        assert before <= there
        assert len(there) == made.holds.transcripts
        for name in sorted(before)[::20]:
            answer = await library.ask(GUILD, f'"{name.replace("-", "x")}"')
            assert answer.quotes[0].details.title == name
        (subscription,) = await library.notifications.listed(GUILD)
        assert subscription.owed == page.total
    assert done.kept is not None
    assert await damage.checked(done.kept) == []
    async with Library.opened(done.kept) as library:
        kept = {entry.details.title for entry in (await library.page(GUILD, limit=-1)).entries}
    assert set(ingesting.confirmed) <= kept
