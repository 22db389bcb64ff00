"""The command `ingest`: files, folders, archives, standard input; or a folder that is watched."""

import argparse
import asyncio
import sys
from collections.abc import Mapping

from tqdm import tqdm

from bot import files, watching
from bot.batch import Batch
from bot.config import Config
from bot.errors import ConfigError
from bot.files import Found
from bot.printing import ingested, undoing
from store.formats import others
from store.formats.details import OF_MANY, checked
from store.library import Library
from store.models import Outcome
from store.text.wording import many

GIVEN = {
    "title": "its title, instead of the file's",
    "video_url": "the video's address, so that quotes link to the second",
    "speaker": "who speaks",
    "channel": "the channel or show that it is from",
    "date": "the day of publication, such as 2025-01-31",
    "tags": "tags, with commas between",
    "language": "its language, such as German or de",
}


async def ingest(options: argparse.Namespace, config: Config) -> int:
    """Ingest what is named, or watch a folder; return the exit status."""
    given = {key: value for key in GIVEN if (value := getattr(options, key))}
    checked(given)
    if options.watch is not None:
        if options.paths or given.keys() - OF_MANY:
            raise ConfigError("With --watch name no files, and no title, link or date: those are one file's.")
        async with Library.opened(config.database, config.limits) as library:
            return await watching.watch(library, options, given)
    if not options.paths:
        raise ConfigError("Name a file, a folder, or - for standard input; or a folder with --watch.")
    if options.name and options.paths != [files.STDIN]:
        raise ConfigError("--name is of standard input; a file has a name.")
    found = await asyncio.to_thread(files.named, options.paths)
    if len(found.files) > 1 and given.keys() - OF_MANY:
        raise ConfigError("A title, a link or a date is one file's; leave them out, or ingest the files one by one.")
    async with Library.opened(config.database, config.limits) as library:
        return await _all(library, found, options, given)


async def _all(library: Library, found: Found, options: argparse.Namespace, given: Mapping[str, str]) -> int:
    paths = found.files
    counts = dict.fromkeys(Outcome, 0)
    failed, replaced = len(found.closed), []
    for sentence in found.closed.values():
        print(sentence, file=sys.stderr)
    async with Batch.begun(library, paths, options, given) as batch:
        shown = sys.stderr.isatty() and len(paths) > 1
        with tqdm(total=len(paths), unit=" files", disable=not shown, leave=False) as bar:
            try:
                async for _, name, done in batch.ingested(paths):
                    bar.update()
                    if isinstance(done, str):
                        failed += 1
                        bar.write(done, file=sys.stderr)
                    else:
                        counts[done.outcome] += 1
                        bar.write(ingested(done, name))
                        if done.undo is not None:
                            replaced.append(done.entry.id)
            except asyncio.CancelledError:
                kept = sum(counts.values())
                every = max(len(paths) + len(found.closed), kept + failed)
                bar.write(f"Stopped: {kept} of {many(every, 'file')} are kept; run it again to go on.")
                raise
    if over := [*map(str, found.over), *batch.over]:
        print(others.told(over), file=sys.stderr)
    for line in undoing(replaced):
        print(line)
    parts = [f"{count} {outcome.value}" for outcome, count in counts.items() if count]
    total = sum(counts.values()) + failed
    print(f"{many(total, 'file')}: {', '.join([*parts, *([f'{failed} failed'] if failed else [])])}.")
    return 1 if failed else 0
