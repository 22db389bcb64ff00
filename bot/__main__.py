"""The command line, the operator's face: `verbatim COMMAND`, or `python -m bot COMMAND`.

Exit status 0: done. 1: something could not be done, one sentence a failure on stderr. 2: wrong usage or configuration.
"""

import argparse
import asyncio
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace

from bot import moving
from bot.backing import backup, restore
from bot.config import Config, load
from bot.deliveries import deliveries
from bot.doctor.examining import doctor
from bot.ending import Ending
from bot.errors import ConfigError, RunError
from bot.ingesting import ingest
from bot.init import init
from bot.mentions import counted, mentions_object, write_mentions
from bot.opening import opened
from bot.options import FILTERS, parser
from bot.printing import answer_object, entry_object, outcome, sizes_object, summary, table, told
from bot.progress import progress
from bot.transcripts import transcript
from store.database import Database
from store.errors import StoreError
from store.index.reindexing import Reindex
from store.text.wording import clock, many
from store.upkeep import checking, repairing

EMPTY = "The library of this server is empty; ingest a transcript first."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a quote may hold what the terminal can't write
    options = parser().parse_args(arguments)
    if options.command != "run":  # which logs in a way of its own
        logging.basicConfig(level=logging.WARNING)
    try:
        return _done(options)
    except ConfigError as error:
        print(f"verbatim: {error}", file=sys.stderr)
        return 2
    except (StoreError, RunError) as error:
        print(f"verbatim: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at exit
        if not isinstance(error, BrokenPipeError):
            print(f"verbatim: The output can't be written: {error.strerror}.", file=sys.stderr)
        return 1


def _done(options: argparse.Namespace) -> int:
    if options.command == "init":  # which may be there to mend a configuration that can't be read
        return init(options.config)
    if options.command == "doctor":  # which says itself what is wrong with the configuration
        return asyncio.run(doctor(options, os.environ))
    config = load(options.config, os.environ)
    if options.database is not None:
        config = replace(config, database=options.database)
    return asyncio.run(_COMMANDS[options.command](options, config))


async def _run(options: argparse.Namespace, config: Config) -> int:
    from bot.client import run  # noqa: PLC0415 - discord.py isn't needed for the other commands

    del options
    ending = Ending(hard=True)
    await run(config, ending)
    return ending.status


async def _demo(options: argparse.Namespace, config: Config) -> int:
    logging.getLogger("discord").setLevel(logging.ERROR)  # warnings about voice don't concern the demo
    try:
        from bot.demo import demo  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as error:
        raise ConfigError("The demo isn't installed; run `make demo`, or pip install '.[demo]'.") from error
    ending = Ending(hard=True)
    return await demo(config, port=options.port, database=options.database, locale=options.language, ending=ending)


async def _ask(options: argparse.Namespace, config: Config) -> int:
    async with opened(config) as library:
        narrowed = {name: getattr(options, name) for name in FILTERS}
        filters = await library.filters(options.guild, narrowed)
        answer = await library.ask(options.guild, options.question, limit=options.limit, filters=filters)
    if options.json:
        print(json.dumps(answer_object(answer), ensure_ascii=False, indent=2))
        return 0
    if not answer.library_size:
        print(EMPTY)
        return 0
    print("\n".join(told(answer)))
    return 0


async def _mentions(options: argparse.Namespace, config: Config) -> int:
    async with opened(config) as library:
        filters = await library.filters(options.guild, {name: getattr(options, name) for name in FILTERS})
        found = await library.mentions(options.guild, options.words, filters=filters)
        every = await library.every_mention(options.guild, options.words, filters=filters) if options.csv else ()
    if options.csv:
        write_mentions(sys.stdout, found, every)
    elif options.json:
        print(json.dumps(mentions_object(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(counted(found)) if found.library_size else EMPTY)
    return 0


async def _library(options: argparse.Namespace, config: Config) -> int:
    async with opened(config, reindex=Reindex.LATER) as library:
        page = await library.page(options.guild, limit=-1)
    if options.json:
        print(json.dumps([entry_object(entry) for entry in page.entries], ensure_ascii=False, indent=2))
        return 0
    for entry in page.entries:
        language = entry.spoken.code or "-"
        row = (entry.id, clock(entry.duration_ms), language, entry.details.title, entry.details.url or "")
        print("\t".join(map(str, row)).rstrip())
    waiting = f", {page.unindexed:,} of them still to be indexed anew" if page.unindexed else ""
    print(f"{many(page.total, 'transcript')}{waiting}." if page.total else EMPTY)
    return 0


async def _remove(options: argparse.Namespace, config: Config) -> int:
    async with opened(config) as library:
        entry = (await library.remove(options.guild, options.transcript)).before
    print(f"Removed {entry.id}: {entry.details.title}. For 24 hours `transcript restore {entry.id}` brings it back.")
    return 0


async def _check(options: argparse.Namespace, config: Config) -> int:
    if not config.database.exists():
        raise StoreError(f"There is no database {config.database} to check.")
    async with Database.opened(config.database) as database:
        with progress("Checking") as done:
            found = await checking.check(database, config.encoder, progress=done)
        print("\n".join(summary(found, repair=options.repair)))
        if not options.repair or not any(problem.repairable for problem in found):
            return 1 if found else 0
        for guild_id, count in (await repairing.extent(database, found)).items():
            print(f"Server {guild_id}: indexing {many(count, 'transcript')} anew; until then answers are incomplete.")
        sys.stdout.flush()
        with progress("Indexing") as done:
            await repairing.repair(database, found, progress=done)
        with progress("Checking again") as done:
            left = await checking.check(database, config.encoder, progress=done)
        print("\n".join(outcome(found, left)))
    return 1 if left else 0


async def _stats(options: argparse.Namespace, config: Config) -> int:
    async with opened(config, reindex=Reindex.LATER) as library:
        guilds = await library.sizes(options.guild)
        files = (config.database, config.database.with_name(f"{config.database.name}-wal"))
        file_bytes = sum(path.stat().st_size for path in files if path.exists())
    if options.json:
        print(json.dumps({"guilds": [sizes_object(guild) for guild in guilds], "file_bytes": file_bytes}, indent=2))
    elif not guilds:
        print("There is nothing in this database yet; ingest a transcript first." if options.guild is None else EMPTY)
    else:
        print("\n".join([*table(guilds), f"Database file: {file_bytes:,} bytes."]))
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace, Config], Coroutine[None, None, int]]] = {
    "run": _run,
    "demo": _demo,
    "ingest": ingest,
    "ask": _ask,
    "mentions": _mentions,
    "library": _library,
    "remove": _remove,
    "transcript": transcript,
    "deliveries": deliveries,
    "export": moving.export,
    "import": moving.import_,
    "erase": moving.erase,
    "check": _check,
    "stats": _stats,
    "backup": backup,
    "restore": restore,
}

if __name__ == "__main__":
    sys.exit(main())
