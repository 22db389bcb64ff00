"""A backup made in a process of its own, beside a bot: verifying it is work for half a minute, and a bot has to answer.

Python computes in one thread at a time, so in the bot's own process each question would wait its turn behind it. The
process ends with the bot, however that ends, and gives way to whatever else runs on the machine.
"""

import asyncio
import multiprocessing
import os
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from store.meaning.encoder import Encoder
from store.process import serve
from store.upkeep import backup
from store.upkeep.backup import Backup
from store.upkeep.copying import BackupError, cleared

KINDNESS = 10  # of 19: how far the process stands back

Said = Backup | str  # or the sentence that says why not


async def make(database: Path, target: Path, encoder: Encoder | None = None) -> Backup:
    """Make a backup as `backup.make` does; whoever is cancelled leaves no process and no half file.

    Raises:
        BackupError: it can't be made, or its process ended.
    """
    context = multiprocessing.get_context("spawn")  # a fork would hold this process's connections and locks
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_made, args=(there, database, target, encoder), daemon=True)
    with closing(here):
        try:
            with closing(there):
                process.start()
            hears = asyncio.create_task(asyncio.to_thread(_heard, here))
            try:
                said = await asyncio.shield(hears)
            finally:
                process.kill()  # it has said all it will, or nobody listens any more
                await hears
                process.join()
        finally:
            cleared(backup.half_of(target))
    if said is None:
        raise BackupError(
            f"The process that makes the backup has ended too early, perhaps for want of memory. {backup.UNTOUCHED}"
        )
    if isinstance(said, str):
        raise BackupError(said)
    return said


def _heard(here: Connection) -> Said | None:
    """Return what the process says; None where it ends without a word."""
    with suppress(EOFError, OSError):
        said: Said = here.recv()
        return said
    return None


def _made(there: Connection, database: Path, target: Path, encoder: Encoder | None) -> None:
    serve()
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    try:
        said: Said = asyncio.run(backup.make(database, target, encoder))
    except BackupError as error:
        said = str(error)
    there.send(said)
