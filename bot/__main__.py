"""The command line, the operator's face: `python -m bot COMMAND`.

Exit status 0: done. 1: something could not be done, one sentence a failure on stderr. 2: wrong usage or configuration.
"""

import argparse
import asyncio
import io
import json
import logging
import os
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from bot.config import Config, load
from bot.errors import ConfigError, RunError
from bot.mentions import counted, mentions_object, write_mentions
from bot.printing import answer_object, entry_object, ingested, outcome, sizes_object, summary, table, told
from store import formats
from store.database import Database
from store.errors import StoreError
from store.index.reindexing import Reindex
from store.library import Library
from store.models import Outcome
from store.text.languages import named
from store.text.wording import clock, many
from store.upkeep import checking, repairing

MAX_QUOTES = 50
EMPTY = "The library of this server is empty; ingest a transcript first."
FILTERS = {
    "video": "from the transcript with this id or title",
    "speaker": "from this speaker's transcripts",
    "tag": "from transcripts with this tag",
    "after": "published on this day or later (2025-01-31, 2025-01 or 2025)",
    "before": "published on this day or earlier",
}


class Parser(argparse.ArgumentParser):
    """A parser whose error is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and exit with status 2."""
        self.exit(2, f"{self.prog}: {message[:1].upper()}{message[1:]}; see --help.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a quote may hold what the terminal can't write
    options = _parser().parse_args(arguments)
    if options.command != "run":  # which logs in a way of its own
        logging.basicConfig(level=logging.WARNING)
    try:
        config = load(options.config, os.environ)
        if options.database is not None:
            config = replace(config, database=options.database)
        return asyncio.run(_COMMANDS[options.command](options, config))
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


async def _run(options: argparse.Namespace, config: Config) -> int:
    from bot.client import run  # noqa: PLC0415 - discord.py isn't needed for the other commands

    del options
    await run(config)
    return 0


async def _demo(options: argparse.Namespace, config: Config) -> int:
    logging.getLogger("discord").setLevel(logging.ERROR)  # warnings about voice don't concern the demo
    try:
        from bot.demo import demo  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as error:
        raise ConfigError("The demo isn't installed; run `make demo`, or pip install '.[demo]'.") from error
    return await demo(config, port=options.port, database=options.database)


async def _ingest(options: argparse.Namespace, config: Config) -> int:
    files = _files(options.paths)
    counts = dict.fromkeys(Outcome, 0)
    failed = 0
    async with Library.opened(config.database, config.limits) as library:
        with tqdm(files, unit=" files", disable=not sys.stderr.isatty() or len(files) < 2, leave=False) as bar:
            try:
                for path in bar:
                    try:
                        data = await asyncio.to_thread(_read, path, config.limits.file_bytes)
                        done = await library.ingest(options.guild, data, path.name, announce=not options.no_announce)
                    except StoreError as error:
                        failed += 1
                        bar.write(f"{path}: {error}", file=sys.stderr)
                    else:
                        counts[done.outcome] += 1
                        bar.write(ingested(done))
            except asyncio.CancelledError:
                kept = sum(counts.values())
                bar.write(f"Stopped: {kept} of {many(len(files), 'file')} are kept; run it again to go on.")
                raise
    parts = [f"{count} {outcome.value}" for outcome, count in counts.items() if count]
    print(f"{many(len(files), 'file')}: {', '.join([*parts, *([f'{failed} failed'] if failed else [])])}.")
    return 1 if failed else 0


async def _ask(options: argparse.Namespace, config: Config) -> int:
    async with _opened(config) as library:
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
    async with _opened(config) as library:
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
    async with _opened(config, reindex=Reindex.LATER) as library:
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
    async with _opened(config) as library:
        entry = (await library.remove(options.guild, options.transcript)).before
    print(f"Removed {entry.id}: {entry.details.title}. For 24 hours `transcript restore {entry.id}` brings it back.")
    return 0


async def _transcript(options: argparse.Namespace, config: Config) -> int:
    async with _opened(config) as library:
        before, after = await library.speak(options.guild, options.transcript, options.language)
    code, by = after.spoken
    same = " already; nothing was changed" if before.spoken == after.spoken else ""
    print(f"{after.id}: {after.details.title}: {named(code) if code else 'language not known'} (by {by.value}){same}.")
    return 0


async def _check(options: argparse.Namespace, config: Config) -> int:
    if not config.database.exists():
        raise StoreError(f"There is no database {config.database} to check.")
    async with Database.opened(config.database) as database:
        with _progress("Checking") as progress:
            found = await checking.check(database, progress=progress)
        print("\n".join(summary(found, repair=options.repair)))
        if not options.repair or not any(problem.repairable for problem in found):
            return 1 if found else 0
        for guild_id, count in (await repairing.extent(database, found)).items():
            print(f"Server {guild_id}: indexing {many(count, 'transcript')} anew; until then answers are incomplete.")
        sys.stdout.flush()
        with _progress("Indexing") as progress:
            await repairing.repair(database, found, progress=progress)
        with _progress("Checking again") as progress:
            left = await checking.check(database, progress=progress)
        print("\n".join(outcome(found, left)))
    return 1 if left else 0


async def _stats(options: argparse.Namespace, config: Config) -> int:
    async with _opened(config, reindex=Reindex.LATER) as library:
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


def _parser() -> Parser:
    parser = Parser(prog="python -m bot", description="Verbatim answers with the exact words that were said.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml if it exists)")
    parser.add_argument("--database", type=Path, metavar="FILE", help="database, instead of the configured one")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("run", help="run the bot on Discord")

    command = commands.add_parser("demo", help="try the bot in a simulated Discord in your browser")
    command.add_argument("--port", type=_port, default=8765, help="port on this machine, 0 for any (default: 8765)")
    command.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="keep the demo's database in a file",
    )

    command = commands.add_parser("ingest", help="add transcript files to a server's library")
    command.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a transcript, or a folder of them")
    command.add_argument("--no-announce", action="store_true", help="don't tell subscribed channels")
    _guild(command)

    command = commands.add_parser("ask", help="ask a server's library a question")
    command.add_argument("question", metavar="QUESTION")
    command.add_argument("--limit", type=_limit, default=5, metavar="N", help="at most N quotes (default: 5)")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    _filters(command)
    _guild(command)

    command = commands.add_parser("mentions", help="count how often a word, a name or a phrase was said")
    command.add_argument("words", metavar="WORDS", help="in quotation marks (inside the shell's) exactly so")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help="print every mention as comma-separated values")
    _filters(command)
    _guild(command)

    command = commands.add_parser("library", help="list a server's transcripts")
    command.add_argument("--json", action="store_true", help="print a JSON list")
    _guild(command)

    command = commands.add_parser("remove", help="remove a transcript from a server's library")
    command.add_argument("transcript", metavar="TRANSCRIPT", help="its id, its video's id, or its link")
    _guild(command)

    command = commands.add_parser("transcript", help="correct what is known of a transcript")
    what = command.add_subparsers(dest="what", required=True, metavar="WHAT")
    command = what.add_parser("language", help="set the language that a transcript is searched in")
    command.add_argument("transcript", metavar="TRANSCRIPT", help="its id, its video's id, or its link")
    which = "such as German or de (default: as its file says, or as its words tell)"
    command.add_argument("language", nargs="?", metavar="LANGUAGE", help=which)
    _guild(command)

    command = commands.add_parser("check", help="verify the database, and repair its search index")
    command.add_argument("--repair", action="store_true", help="make again, from the transcripts, what is wrong")

    command = commands.add_parser("stats", help="say how much there is of each server")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    _guild(command, required=False)
    return parser


def _filters(command: argparse.ArgumentParser) -> None:
    for name, what in FILTERS.items():
        command.add_argument(f"--{name}", metavar=name.upper(), help=f"only {what}")


def _guild(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    which = "the Discord server's id" if required else "only the Discord server with this id"
    command.add_argument("--guild", type=_guild_id, required=required, metavar="ID", help=which)


def _guild_id(text: str) -> int:
    return _between(text, 1, 2**63 - 1, "a server's id is a number such as 123456789012345678")


def _port(text: str) -> int:
    return _between(text, 0, 65535, "a port is a whole number from 0 to 65535")


def _limit(text: str) -> int:
    return _between(text, 1, MAX_QUOTES, f"a limit is a whole number from 1 to {MAX_QUOTES}")


def _between(text: str, low: int, high: int, sentence: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f"{sentence}, not {text!r}")
    return int(text)


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the named files and, of folders, every transcript file inside, each once and in order."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = []
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a folder above can't be entered
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in formats.SUFFIXES and p.is_file())
        found.update(dict.fromkeys(inside or [path]))
    return list(found)


def _read(path: Path, most: int) -> bytes:
    """Return a file's bytes; one byte more than `most` is enough to see that it is too large.

    Raises:
        StoreError: there is no such file, or it can't be read.
    """
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


@contextmanager
def _progress(what: str) -> Iterator[checking.Progress]:
    """Show on a terminal how many transcripts are done."""
    with tqdm(desc=what, unit=" transcripts", disable=not sys.stderr.isatty(), leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


@asynccontextmanager
async def _opened(config: Config, *, reindex: Reindex = Reindex.FIRST) -> AsyncIterator[Library]:
    """Open the database; one that isn't there is as good as empty, but isn't made: only `run` and `ingest` do that."""
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        path = config.database
        if not path.exists() and path.parent.is_dir():
            print(f"verbatim: There is no database {path} yet; `ingest` makes one.", file=sys.stderr)
            path = Path(folder) / "empty.db"
        async with Library.opened(path, config.limits, reindex=reindex) as library:
            yield library


_COMMANDS: dict[str, Callable[[argparse.Namespace, Config], Coroutine[None, None, int]]] = {
    "run": _run,
    "demo": _demo,
    "ingest": _ingest,
    "ask": _ask,
    "mentions": _mentions,
    "library": _library,
    "remove": _remove,
    "transcript": _transcript,
    "check": _check,
    "stats": _stats,
}

if __name__ == "__main__":
    sys.exit(main())
