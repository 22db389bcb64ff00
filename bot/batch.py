"""Files that the command line ingests together, and what became of each."""

import argparse
import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot import files
from bot.files import STDIN
from store.errors import StoreError
from store.formats.archive import ARCHIVES, Packed, told_apart
from store.library import Library
from store.models import Ingested
from store.understanding import FEWEST


@dataclass
class Batch:
    """Files that are ingested together: those of one call, or those that one look at a folder found.

    What was passed `over` are files in its archives that aren't read.
    """

    library: Library
    options: argparse.Namespace
    given: Mapping[str, str]
    number: int
    over: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def begun(
        cls, library: Library, paths: Sequence[Path], options: argparse.Namespace, given: Mapping[str, str]
    ) -> AsyncIterator["Batch"]:
        """Begin a batch; whatever comes, it is closed, and what it owes can be sent."""
        number = await library.begin(options.guild, [path.name for path in paths])
        try:
            yield cls(library, options, given, number)
        finally:
            await library.close(number)

    async def ingested(self, paths: Sequence[Path]) -> AsyncIterator[tuple[Path, str, Ingested | str]]:
        """Ingest files; yield each path, the file's name, and what became of it: a sentence if that failed.

        Of an archive, each file inside is one.
        """
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
                name = packed.name if isinstance(packed, Packed) else path.name
                inside = f": {name}" if name != path.name else ""
                yield path, name, f"{path}{inside}: {done}" if isinstance(done, StoreError) else done


async def _packed(batch: Batch, path: Path, told: str) -> AsyncIterator[Packed | StoreError]:
    """Yield the files to ingest of a path, which is `told` apart so; an error in place of one that can't be read."""
    library = batch.library
    try:
        data = await asyncio.to_thread(files.read, path, library.limits.file_bytes)
        name = path.name if path != STDIN else batch.options.name or "standard input.txt"
        given = {name: data}
        if path != STDIN and (beside := await asyncio.to_thread(files.description, path)) is not None:
            given[beside.name] = await asyncio.to_thread(files.read, beside, library.limits.file_bytes)
        found = await library.unpacked(given)
    except StoreError as error:
        yield error
        return
    shared = "/" not in told and path != STDIN and not path.name.lower().endswith(ARCHIVES)
    for packed in found:
        if packed.passed_over:
            batch.over.append(packed.name)
        elif packed.refused is not None:
            yield StoreError(packed.refused)
        else:
            yield replace(packed, name=told) if shared else packed
