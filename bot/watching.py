"""A folder that is watched: what appears or changes in it is ingested once it has stopped growing.

What was ingested is remembered, so that after a restart only what has changed meanwhile is: what moderators have
corrected or removed stays so.
"""

import argparse
import asyncio
import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot import files
from bot.batch import Batch
from bot.printing import ingested, undoing
from store.errors import StoreError
from store.formats import others
from store.library import Library
from store.models import Outcome

LOOK_SECONDS = 2.0  # between two looks at a folder
STILL_SECONDS = 4.0  # for which a file must not have changed, to be whole


async def watch(library: Library, options: argparse.Namespace, given: Mapping[str, str]) -> int:
    """Ingest what appears or changes in a folder, until it is interrupted."""
    folder: Path = options.watch
    closed = (await asyncio.to_thread(files.inside, folder)).closed
    if folder in closed:
        raise StoreError(closed[folder])
    print(f"Watching {folder}; Ctrl-C ends it.", flush=True)
    watched = Watched()
    known = await library.watched(options.guild)
    clock = asyncio.get_running_loop().time
    while True:
        ready = await asyncio.to_thread(watched.ready, folder, clock())
        for line in watched.news():
            print(line, file=sys.stderr, flush=True)
        digests = {path: await asyncio.to_thread(_digest, path, library.limits.file_bytes, given) for path in ready}
        changed = [path for path, digest in digests.items() if digest is None or known.get(_name(path)) != digest]
        if changed:
            failed = await _ingested(library, changed, options, given)
            kept = {_name(path): digest for path in changed if (digest := digests[path]) and path not in failed}
            await library.watch(options.guild, kept)
            known |= kept
        await asyncio.sleep(LOOK_SECONDS)


async def _ingested(
    library: Library, paths: list[Path], options: argparse.Namespace, given: Mapping[str, str]
) -> set[Path]:
    """Ingest files, say what became of them, and return those of which something failed."""
    failed, replaced = set(), []
    async with Batch.begun(library, paths, options, given) as batch:
        async for path, name, done in batch.ingested(paths):
            if isinstance(done, str):
                failed.add(path)
                print(done, file=sys.stderr, flush=True)
            elif done.outcome is not Outcome.UNCHANGED:
                print(ingested(done, name), flush=True)
            if not isinstance(done, str) and done.undo is not None:
                replaced.append(done.entry.id)
    if over := others.told(name for name in batch.over if not others.lies_beside(name)):
        print(over, file=sys.stderr, flush=True)
    for line in undoing(replaced):
        print(line, flush=True)
    return failed


@dataclass
class Watched:
    """What is known of the files in a folder: each as it was last seen, since when, and as it was ready.

    `over` are those that aren't read, and whether that was told; `closed` says why folders can't be opened, and whether
    that was told.
    """

    seen: dict[Path, tuple[tuple[int, ...], float]] = field(default_factory=dict)
    done: dict[Path, tuple[int, ...]] = field(default_factory=dict)
    over: dict[Path, bool] = field(default_factory=dict)
    closed: dict[str, bool] = field(default_factory=dict)

    def ready(self, folder: Path, now: float) -> list[Path]:
        """Return the files that are new or changed, and haven't grown for a while."""
        found = []
        held = files.inside(folder)
        self.closed = {sentence: self.closed.get(sentence, False) for sentence in held.closed.values()}
        for path in held.over:
            self.over.setdefault(path, others.lies_beside(path.name))
        for path in held.files:
            try:
                state = tuple(part for one in (path, files.description(path)) for part in _state(one))
            except OSError:
                continue  # gone since, or not to be read: it is looked at again
            before = self.seen.get(path)
            if before is None or before[0] != state:
                self.seen[path] = state, now
            elif self.done.get(path) != state and now - before[1] >= STILL_SECONDS:
                self.done[path] = state
                found.append(path)
        return found

    def news(self) -> list[str]:
        """Return lines of what can't be opened and isn't read, each once; media beside captions aren't worth a word."""
        closed = [sentence for sentence, told in self.closed.items() if not told]
        over = [path for path, told in self.over.items() if not told]
        self.closed.update(dict.fromkeys(closed, True))
        self.over.update(dict.fromkeys(over, True))
        return [*closed, *(str(said) for said in [others.told(map(str, over))] if said is not None)]


def _state(path: Path | None) -> tuple[int, int]:
    if path is None:
        return 0, 0
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _name(path: Path) -> str:
    return str(path.resolve()).encode("utf-8", "backslashreplace").decode()  # it may hold bytes that are no text


def _digest(path: Path, most: int, given: Mapping[str, str]) -> bytes | None:
    """Return a digest of a file, its description and what is given with it; None where one can't be read."""
    found = hashlib.blake2b(repr(sorted(given.items())).encode(), digest_size=16)
    try:
        for one in filter(None, (path, files.description(path))):
            found.update(hashlib.blake2b(files.read(one, most)).digest())
    except StoreError:
        return None
    return found.digest()
