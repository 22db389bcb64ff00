"""One build of the store in a process of its own: does what it is told, line by line, and says how long it took.

`before` starts it with a build's `store` first on the path, so it may import nothing of the project but the library's
face. A line is a JSON object: `do` names the work, the rest are its arguments; the reply is a JSON value.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import store
from store.library import Library


class Build:
    """An open library and what can be done with it; times are in milliseconds."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def where(self) -> str:
        """Return the folder of the store that answers."""
        return str(Path(store.__path__[0]).parent)

    async def fill(self, folder: str) -> int:
        """Ingest `GUILD/NAME.md` of a folder; return how many files these are."""
        files = sorted(Path(folder).glob("*/*.md"))
        for path in files:
            await self._ingest(int(path.parent.name), path)
        return len(files)

    async def ask(self, guild: int, question: str, limit: int) -> float:
        """Ask a question."""
        start = time.perf_counter()
        await self._library.ask(guild, question, limit=limit)
        return 1000 * (time.perf_counter() - start)

    async def add(self, guild: int, file: str, question: str) -> float:
        """Ingest a file and ask a question that finds it."""
        data = Path(file).read_bytes()
        start = time.perf_counter()
        await self._library.ingest(guild, data, Path(file).name, announce=False)
        await self._library.ask(guild, question)
        return 1000 * (time.perf_counter() - start)

    async def together(self, questions: list[tuple[int, str]], asking: int, ingesting: dict[str, str]) -> list[float]:
        """Ask questions of guilds, so many at once, while folders are ingested into guilds again and again.

        A question's time includes its wait for its turn.
        """
        times: list[float] = []
        ingests = [asyncio.create_task(self._ingests(int(guild), folder)) for guild, folder in ingesting.items()]
        left = iter(questions)
        await asyncio.gather(*(self._asks(left, times) for _ in range(asking)))
        for task in ingests:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        return times

    async def _asks(self, left: Iterator[tuple[int, str]], times: list[float]) -> None:
        for guild, question in left:
            times.append(await self.ask(guild, question, 5))

    async def _ingests(self, guild: int, folder: str) -> None:
        for path in cycle(sorted(Path(folder).glob("*.md"))):
            await self._ingest(guild, path)

    async def _ingest(self, guild: int, path: Path) -> None:
        await self._library.ingest(guild, path.read_bytes(), path.name, announce=False)


async def main(database: Path, workers: int) -> None:
    opened = Library.opened(database, workers=workers) if workers else Library.opened(database)  # new to this build
    async with opened as library:
        build = Build(library)
        while line := await asyncio.to_thread(sys.stdin.readline):
            told = json.loads(line)
            print(json.dumps(await getattr(build, told.pop("do"))(**told)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
