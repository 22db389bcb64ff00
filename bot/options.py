"""The command line's commands and options."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from bot.ingesting import GIVEN
from store.formats.writing import Form
from store.models import State

MAX_QUOTES = 50
MAX_DELIVERIES = 1_000_000
MAX_KEPT = 1000  # backups
FILTERS = {
    "video": "from the transcript with this id or title",
    "speaker": "said by this speaker",
    "tag": "from transcripts with this tag",
    "after": "published on this day or later (2025-01-31, 2025-01 or 2025)",
    "before": "published on this day or earlier",
}


class Parser(argparse.ArgumentParser):
    """A parser whose error is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and exit with status 2."""
        self.exit(2, f"{self.prog}: {message[:1].upper()}{message[1:]}; see --help.\n")


def program() -> str:
    """Return what was typed to start this program."""
    return "verbatim" if Path(sys.argv[0]).stem == "verbatim" else "python -m bot"


def parser() -> Parser:
    """Return the parser of the command line."""
    found = Parser(prog=program(), description="Verbatim answers with the exact words that were said.")
    found.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml if it exists)")
    found.add_argument("--database", type=Path, metavar="FILE", help="database, instead of the configured one")
    commands = found.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")

    commands.add_parser("init", help="ask four questions and write the configuration")
    commands.add_parser("run", help="run the bot on Discord")
    _demo(commands.add_parser("demo", help="try the bot in a simulated Discord in your browser"))

    command = commands.add_parser("ingest", help="add transcript files to a server's library")
    command.add_argument(
        "paths", type=Path, nargs="*", metavar="PATH", help="a transcript, an archive or a folder of them; - reads one"
    )
    command.add_argument("--watch", type=Path, metavar="FOLDER", help="ingest what appears or changes in a folder")
    command.add_argument("--name", metavar="NAME", help="the file's name, of standard input, such as talk.srt")
    command.add_argument("--no-announce", action="store_true", help="don't tell subscribed channels")
    _given(command)
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

    _transcript(commands.add_parser("transcript", help="look after one transcript"))

    _deliveries(commands.add_parser("deliveries", help="say what became of what subscriptions are owed, and why"))

    _moving(commands)
    _upkeep(commands)
    _backups(commands)
    return found


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, default=8765, help="port on this machine, 0 for any (default: 8765)")
    command.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="keep the demo's database in a file",
    )
    which = "the language that its members use Discord, such as ja (default: en)"
    command.add_argument("--language", type=_language, default="en", metavar="CODE", help=which)


def _transcript(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", required=True, metavar="WHAT")

    command = what.add_parser("show", help="say what is known of it")
    _named(command)
    command.add_argument("--json", action="store_true", help="print one JSON object")

    command = what.add_parser("edit", help="change its title, its link or other details")
    _named(command)
    _given(command)

    command = what.add_parser("restore", help="undo what was done to it in the last 24 hours")
    command.add_argument("transcript", metavar="TRANSCRIPT", help="its id or its title, as it was")
    _guild(command)

    command = what.add_parser("export", help="write it as a file that is the same when it is ingested")
    command.add_argument("transcript", nargs="?", metavar="TRANSCRIPT", help="its id, its video's id, or its link")
    command.add_argument("--all", action="store_true", help="all of the server's transcripts")
    forms = [form.value for form in Form]
    command.add_argument("--format", choices=forms, default="native", help="default: native, which is Markdown")
    command.add_argument("--output", type=Path, metavar="FOLDER", help="a folder (default: standard output)")
    _guild(command)

    command = what.add_parser("move-times", help="move all its times, for a video that was trimmed")
    _named(command)
    command.add_argument("seconds", type=float, metavar="SECONDS", help="by how many; after -- if it is negative")

    command = what.add_parser("language", help="say or set the language that it is searched in")
    _named(command)
    which = "such as German or de, or auto: as its file says, or as its words tell (default: only says what it is)"
    command.add_argument("language", nargs="?", metavar="LANGUAGE", help=which)


def _upkeep(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("check", help="verify the database, and repair its search index")
    command.add_argument("--repair", action="store_true", help="make again, from the transcripts, what is wrong")

    command = commands.add_parser("doctor", help="say whether all is well, line by line, and what to do where it isn't")
    command.add_argument("--json", action="store_true", help="print one JSON object")

    command = commands.add_parser("stats", help="say how much there is of each server")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    _guild(command, required=False)


def _backups(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("backup", help="copy the database into a file, verified, also while the bot runs")
    where = "a file, or a folder for a dated one (default: in the configured folder, or in backups beside the database)"
    command.add_argument("file", type=_target, nargs="?", metavar="FILE", help=where)
    which = "then delete the oldest of the dated backups there, so that N are left"
    command.add_argument("--keep", type=_keep, metavar="N", help=which)

    command = commands.add_parser("restore", help="put a backup in the place of the database, which is kept aside")
    command.add_argument("file", type=Path, metavar="FILE", help="a backup")
    command.add_argument("--yes", action="store_true", help="don't ask")


def _moving(commands: "argparse._SubParsersAction[Parser]") -> None:
    command = commands.add_parser("export", help="write everything of a server into a ZIP that `import` reads")
    command.add_argument("--output", type=Path, required=True, metavar="FILE", help="the ZIP, replaced if it exists")
    _guild(command)

    command = commands.add_parser("import", help="put a server's export into this database")
    command.add_argument("file", type=Path, metavar="FILE", help="the ZIP that `export` wrote")
    command.add_argument("--guild", type=_guild_id, metavar="ID", help="another server's id (default: the export's)")

    command = commands.add_parser("erase", help="delete everything of a server from the database's files")
    command.add_argument("--yes", action="store_true", help="don't ask")
    _guild(command)


def _deliveries(command: argparse.ArgumentParser) -> None:
    _guild(command, required=False)
    command.add_argument("--transcript", metavar="TRANSCRIPT", help="only of this one: its id, title or link")
    command.add_argument("--subscription", metavar="NAME", help="only to the subscription of this name")
    states = [state.value for state in State]
    command.add_argument(
        "--state",
        nargs="+",
        action="extend",
        default=[],
        choices=states,
        metavar="STATE",
        help=f"only in these states: {', '.join(states)}",
    )
    most = "at most the N newest (default: 50)"
    command.add_argument("--limit", type=_deliveries_limit, default=50, metavar="N", help=most)
    what = command.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="print one JSON list")
    what.add_argument("--retry", action="store_true", help="instead let what fails or was given up be tried at once")


def _named(command: argparse.ArgumentParser) -> None:
    command.add_argument("transcript", metavar="TRANSCRIPT", help="its id, its video's id, or its link")
    _guild(command)


def _given(command: argparse.ArgumentParser) -> None:
    for key, what in GIVEN.items():
        option = key.replace("_", "-")
        command.add_argument(f"--{option}", dest=key, metavar=option.upper(), help=what)


def _filters(command: argparse.ArgumentParser) -> None:
    for name, what in FILTERS.items():
        command.add_argument(f"--{name}", metavar=name.upper(), help=f"only {what}")


def _guild(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    which = "the Discord server's id" if required else "only the Discord server with this id"
    command.add_argument("--guild", type=_guild_id, required=required, metavar="ID", help=which)


def _language(text: str) -> str:
    from cogs.locales.catalogues import ENGLISH, LANGUAGES  # noqa: PLC0415 - no other command needs Babel

    if text not in LANGUAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(LANGUAGES)}")
    return "en-US" if text == ENGLISH else text


def _guild_id(text: str) -> int:
    return _between(text, 1, 2**63 - 1, "a server's id is a number such as 123456789012345678")


def _port(text: str) -> int:
    return _between(text, 0, 65535, "a port is a whole number from 0 to 65535")


def _limit(text: str) -> int:
    return _between(text, 1, MAX_QUOTES, f"a limit is a whole number from 1 to {MAX_QUOTES}")


def _deliveries_limit(text: str) -> int:
    return _between(text, 1, MAX_DELIVERIES, f"a limit is a whole number from 1 to {MAX_DELIVERIES:,}")


def _keep(text: str) -> int:
    return _between(text, 1, MAX_KEPT, f"how many are kept is a whole number from 1 to {MAX_KEPT:,}")


def _target(text: str) -> Path:
    path = Path(text)
    if text.endswith(("/", os.sep)) and not path.is_dir():  # a disk that isn't mounted is no name for a file
        raise argparse.ArgumentTypeError(f"There is no folder {text}: make it, or choose another one")
    return path


def _between(text: str, low: int, high: int, sentence: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and low <= int(text) <= high):
        raise argparse.ArgumentTypeError(f"{sentence}, not {text!r}")
    return int(text)
