"""A process that ingests and sends, and is killed with SIGKILL at any moment: is anything lost or doubled?

The database is a real file and the process a real one; Discord is a file to which a line is added for each message and
synced, with its nonce. Lines with the same nonce are one message, as on Discord.
"""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from store.library import Library
from store.models import Limits
from tests.cogs.stage import transcript

GUILD, CHANNELS = 1, (11, 12, 13)
LONGEST = 0.25  # seconds that a process lives
LIMITS = Limits(posts_per_hour=1_000_000)


@dataclass(frozen=True, slots=True)
class Kills:
    """How many rounds there were, and what was confirmed, lost and doubled."""

    rounds: int
    ingests: int
    messages: int
    repeats: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.ingests} ingests confirmed, {self.messages} messages, {self.repeats} repeats "
            f"with the same nonce: {len(self.lost)} lost, {len(self.doubled)} doubled"
        )


def killed(folder: Path, *, rounds: int, seed: int) -> Kills:
    """Start and kill a process so many times, send what is left, and return what came of it."""
    chance = random.Random(seed)
    asyncio.run(_subscribed(folder))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    for _ in range(rounds):
        process = context.Process(target=_live, args=(folder,), daemon=True)
        process.start()
        assert process.pid is not None
        _begun(folder, process.pid)
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    asyncio.run(_sent(folder))
    return _counted(folder, rounds)


async def _subscribed(folder: Path) -> None:
    async with Library.opened(folder / "verbatim.db", LIMITS) as library:
        for channel in CHANNELS:
            await library.notifications.subscribe(GUILD, channel)


def _begun(folder: Path, pid: int) -> None:
    """Wait until a process is at work, so that it isn't killed before it has begun."""
    until = time.monotonic() + 20
    while not (folder / f"{pid}.begun").exists():
        if time.monotonic() > until:
            raise TimeoutError("the process didn't begin")
        time.sleep(0.002)


def _live(folder: Path) -> None:
    """Ingest one transcript after another, and send what is owed, until the end."""
    asyncio.run(_lived(folder))


async def _lived(folder: Path) -> None:
    async with Library.opened(folder / "verbatim.db", LIMITS) as library:
        await library.notifications.recover()
        (folder / f"{os.getpid()}.begun").touch()
        number = 0
        while True:
            title = f"Talk {os.getpid()}-{number}"
            data = transcript("[0:01] words that were said", f"[0:05] {title}", title=title, url=None)
            await library.ingest(GUILD, data, f"{title}.md")
            _add(folder / "confirmed", title)
            await _send(library, folder)
            number += 1


async def _sent(folder: Path) -> None:
    async with Library.opened(folder / "verbatim.db", LIMITS) as library:
        await library.notifications.recover()
        await _send(library, folder)


async def _send(library: Library, folder: Path) -> None:
    """Send what is due: a line for each post, added before it is marked as sent."""
    for due in await library.notifications.due():
        while (post := await library.notifications.claim(due)) is not None:
            for told in post.told:
                _add(folder / "discord", f"{due.target} {post.id} {told.title}")
            await library.notifications.sent(post, place_id=due.target, message_id=post.id)


def _add(path: Path, line: str) -> None:
    """Add a line to a file, on disk once this returns."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)


def _counted(folder: Path, rounds: int) -> Kills:
    confirmed = (folder / "confirmed").read_text().splitlines()
    lines = (folder / "discord").read_text().splitlines()
    messages = [line.split(" ", 2) for line in dict.fromkeys(lines)]
    seen: dict[tuple[int, str], set[str]] = {}
    for channel, nonce, title in messages:
        seen.setdefault((int(channel), title), set()).add(nonce)
    lost = [f"{title} in {channel}" for title in confirmed for channel in CHANNELS if (channel, title) not in seen]
    doubled = [f"{title} in {channel}" for (channel, title), nonces in seen.items() if len(nonces) > 1]
    return Kills(rounds, len(confirmed), len(messages), len(lines) - len(messages), tuple(lost), tuple(doubled))
