"""The command `ingest`: files, folders, archives, standard input; or a folder that is watched.

A description by yt-dlp belongs to the caption file of the same name, wherever the two come from.
"""

import argparse
import asyncio
import os
import stat
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tqdm import tqdm

from bot.config import Config
from bot.errors import ConfigError
from bot.printing import ingested
from store.errors import StoreError
from store.formats.archive import Packed, told_apart
from store.formats.details import checked
from store.formats.info import SUFFIX as INFO
from store.formats.table import SUFFIXES
from store.library import Library
from store.models import Ingested, Outcome
from store.text.wording import many
from store.understanding import FEWEST

GIVEN = {
    "title": "its title, instead of the file's",
    "video_url": "the video's address, so that quotes link to the second",
    "speaker": "who speaks",
    "channel": "the channel or show that it is from",
    "date": "the day of publication, such as 2025-01-31",
    "tags": "tags, with commas between",
    "language": "its language, such as German or de",
}
ARCHIVES = (".zip", ".gz")
STDIN = Path("-")
LOOK_SECONDS = 2.0  # between two looks at a folder that is watched
STILL_SECONDS = 4.0  # for which a file must not have changed, to be whole


async def ingest(options: argparse.Namespace, config: Config) -> int:
    """Ingest what is named, or watch a folder; return the exit status."""
    given = {key: value for key in GIVEN if (value := getattr(options, key))}
    checked(given)
    if options.watch is not None:
        if options.paths or given.keys() - {"speaker", "channel", "tags", "language"}:
            raise ConfigError("With --watch name no files, and no title, link or date: those are one file's.")
        async with Library.opened(config.database, config.limits) as library:
            return await _watch(library, options, given)
    if not options.paths:
        raise ConfigError("Name a file, a folder, or - for standard input; or a folder with --watch.")
    if options.name and options.paths != [STDIN]:
        raise ConfigError("--name is of standard input; a file has a name.")
    files = _files(options.paths)
    if len(files) > 1 and given.keys() - {"speaker", "channel", "tags", "language"}:
        raise ConfigError("A title, a link or a date is one file's; leave them out, or ingest the files one by one.")
    async with Library.opened(config.database, config.limits) as library:
        return await _all(library, files, options, given)


@dataclass
class _Batch:
    """Files that are ingested together: those of one call, or those that one look at a folder found."""

    library: Library
    options: argparse.Namespace
    given: Mapping[str, str]
    number: int

    @classmethod
    @asynccontextmanager
    async def begun(
        cls, library: Library, files: Sequence[Path], options: argparse.Namespace, given: Mapping[str, str]
    ) -> AsyncIterator["_Batch"]:
        """Begin a batch; whatever comes, it is closed, and what it owes can be sent."""
        number = await library.begin(options.guild, [path.name for path in files])
        try:
            yield cls(library, options, given, number)
        finally:
            await library.close(number)

    async def ingested(self, paths: Sequence[Path]) -> AsyncIterator[Ingested | str]:
        """Ingest files, and yield what became of each; a sentence where that failed."""
        places: deque[Path] = deque()  # of the files that are read ahead

        async def read() -> AsyncIterator[Packed | StoreError]:
            for path, name in zip(paths, told_apart([path.as_posix() for path in paths]), strict=True):
                async for packed in _packed(self, path, name):
                    places.append(path)
                    yield packed

        # An archive may hold any number of files.
        count = sum(FEWEST if path.name.lower().endswith(ARCHIVES) else 1 for path in paths)
        every = self.library.ingest_all(
            self.options.guild,
            read(),
            count=count,
            given=self.given,
            announce=not self.options.no_announce,
            batch=self.number,
        )
        async with aclosing(every):
            async for packed, done in every:
                path = places.popleft()
                inside = f": {packed.name}" if isinstance(packed, Packed) and packed.name != path.name else ""
                yield f"{path}{inside}: {done}" if isinstance(done, StoreError) else done


async def _all(library: Library, files: Sequence[Path], options: argparse.Namespace, given: Mapping[str, str]) -> int:
    counts = dict.fromkeys(Outcome, 0)
    failed = 0
    async with _Batch.begun(library, files, options, given) as batch:
        shown = sys.stderr.isatty() and len(files) > 1
        with tqdm(total=len(files), unit=" files", disable=not shown, leave=False) as bar:
            try:
                async for done in batch.ingested(files):
                    bar.update()
                    if isinstance(done, str):
                        failed += 1
                        bar.write(done, file=sys.stderr)
                    else:
                        counts[done.outcome] += 1
                        bar.write(ingested(done))
            except asyncio.CancelledError:
                kept = sum(counts.values())
                every = max(len(files), kept + failed)
                bar.write(f"Stopped: {kept} of {many(every, 'file')} are kept; run it again to go on.")
                raise
    parts = [f"{count} {outcome.value}" for outcome, count in counts.items() if count]
    total = sum(counts.values()) + failed
    print(f"{many(total, 'file')}: {', '.join([*parts, *([f'{failed} failed'] if failed else [])])}.")
    return 1 if failed else 0


async def _packed(batch: _Batch, path: Path, told: str) -> AsyncIterator[Packed | StoreError]:
    """Yield the files to ingest of a path, which is `told` apart so; an error in place of one that can't be read."""
    library = batch.library
    try:
        data = await asyncio.to_thread(_read, path, library.limits.file_bytes)
        name = path.name if path != STDIN else batch.options.name or "standard input.txt"
        beside = {} if path == STDIN else await asyncio.to_thread(_beside, path, library.limits.file_bytes)
        found = await library.unpacked({name: data, **beside})
    except StoreError as error:
        yield error
        return
    shared = "/" not in told and path != STDIN and not path.name.lower().endswith(ARCHIVES)
    for packed in found:
        yield replace(packed, name=told) if shared else packed


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the named files and, of folders, every file inside that may be a transcript, each once and in order.

    A description that is named beside its captions goes with them.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = []
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a folder above can't be entered
            inside = sorted(_inside(path))
        found.update(dict.fromkeys(inside or [path]))
    described = {_info(path) for path in found if not path.name.lower().endswith(INFO)}
    return [path for path in found if path not in described]


def _inside(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that may be transcripts: no descriptions, and nothing hidden."""
    for path in folder.rglob("*"):
        name = path.name.lower()
        wanted = name.endswith((*SUFFIXES, *ARCHIVES)) and not name.endswith(INFO) and not name.startswith(".")
        if wanted and path.is_file():
            yield path


def _beside(path: Path, most: int) -> dict[str, bytes]:
    """Return the description beside a caption file, by its name: `talk.info.json` beside `talk.en.vtt`."""
    if path.name.lower().endswith((INFO, *ARCHIVES)):
        return {}
    stems = [path.name.rpartition(".")[0], path.name.rpartition(".")[0].rpartition(".")[0]]
    for stem in filter(None, stems):
        beside = path.with_name(f"{stem}{INFO}")
        if beside.is_file():
            return {beside.name: _read(beside, most)}
    return {}


def _read(path: Path, most: int) -> bytes:
    """Return a file's bytes; one byte more than `most` is enough to see that it is too large.

    Raises:
        StoreError: there is no such file, or it can't be read.
    """
    if path == STDIN:
        return sys.stdin.buffer.read(most + 1)
    if path.name.lower().endswith(ARCHIVES):
        most *= 8  # what is in it is measured when it is unpacked
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise StoreError("The folder holds no file that is read as a transcript.")
        if not stat.S_ISREG(kind):
            raise StoreError("It isn't a file.")
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        raise StoreError(f"It can't be read: {getattr(error, 'strerror', None) or error}.") from error


@dataclass
class _Watched:
    """What is known of the files in a folder: each as it was last seen, since when, and as it was ingested."""

    seen: dict[Path, tuple[tuple[int, ...], float]] = field(default_factory=dict)
    done: dict[Path, tuple[int, ...]] = field(default_factory=dict)

    def ready(self, folder: Path, now: float) -> list[Path]:
        """Return the files that are new or changed, and haven't grown for a while."""
        found = []
        for path in sorted(_inside(folder)):
            try:
                state = tuple(part for one in (path, _info(path)) for part in _state(one))
            except OSError:
                continue  # gone since, or not to be read: it is looked at again
            before = self.seen.get(path)
            if before is None or before[0] != state:
                self.seen[path] = state, now
            elif self.done.get(path) != state and now - before[1] >= STILL_SECONDS:
                self.done[path] = state
                found.append(path)
        return found


def _info(path: Path) -> Path | None:
    stem = path.name.rpartition(".")[0]
    beside = [path.with_name(f"{one}{INFO}") for one in (stem, stem.rpartition(".")[0]) if one]
    return next((one for one in beside if one.is_file()), None)


def _state(path: Path | None) -> tuple[int, int]:
    if path is None:
        return 0, 0
    found = path.stat()
    return found.st_size, found.st_mtime_ns


async def _watch(library: Library, options: argparse.Namespace, given: Mapping[str, str]) -> int:
    """Ingest what appears or changes in a folder, until it is interrupted."""
    folder: Path = options.watch
    if not await asyncio.to_thread(folder.is_dir):
        raise StoreError(f"There is no folder {folder} to watch.")
    print(f"Watching {folder}; Ctrl-C ends it.", flush=True)
    watched = _Watched()
    clock = asyncio.get_running_loop().time
    while True:
        if ready := await asyncio.to_thread(watched.ready, folder, clock()):
            async with _Batch.begun(library, ready, options, given) as batch:
                async for done in batch.ingested(ready):
                    if isinstance(done, str):
                        print(done, file=sys.stderr, flush=True)
                    elif done.outcome is not Outcome.UNCHANGED:
                        print(ingested(done), flush=True)
        await asyncio.sleep(LOOK_SECONDS)
