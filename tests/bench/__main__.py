"""`python -m tests.bench NAME …`: one module a benchmark."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from store.meaning.encoder import Use
from tests.bench import chaos, crowd, curious, dictionary, figures, golden, kills, misses, quality
from tests.bench.steps import STEPS, leave_out

REAL = Path(__file__).parents[3] / "shared" / "transcripts"
PARTS = ("question", "add", "small", "together")
ENGINES = ("verbatim", "tantivy", "bm25s", "fts5", "rank-bm25")


def main() -> int:
    options = _parser().parse_args()
    status: int = options.run(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Verbatim on this machine.")
    commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")

    command = commands.add_parser("figures", help="ingest, question and memory on a folder of transcripts")
    command.set_defaults(run=_figures)
    command.add_argument("folder", type=Path, nargs="?", default=REAL, help=f"transcripts (default: {REAL.name})")
    command.add_argument("--questions", type=int, default=300, metavar="N", help="how many questions (default: 300)")

    _of_quality(commands)

    _moments_of(commands)
    _others(commands)

    command = commands.add_parser("vocabulary", help="what a word was misheard as, looked up in many words")
    command.set_defaults(run=_vocabulary)
    command.add_argument("--words", type=int, default=200_000, metavar="N", help="default: 200000")
    command.add_argument("--questions", type=int, default=300, metavar="N", help="default: 300")

    command = commands.add_parser("speed", help="beside other engines, in libraries of several sizes")
    command.set_defaults(run=_speed)
    sizes = [10_000, 100_000]
    command.add_argument("--passages", type=_numbers, default=sizes, metavar="N,…", help="default: 10000,100000")
    names = ",".join(ENGINES)
    command.add_argument("--engines", type=_engines, default=list(ENGINES), metavar="E,…", help=f"default: {names}")
    command.add_argument("--questions", type=int, default=500, metavar="N", help="at most (default: 500)")
    command.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is built there, and use it again")
    command.add_argument("--json", action="store_true", help="print a JSON list")
    command.add_argument("--plot", type=Path, metavar="FILE", help="draw the times into an SVG file")

    command = commands.add_parser("together", help="many guilds at once, in quiet and while transcripts are ingested")
    command.set_defaults(run=_together)
    command.add_argument("--guilds", type=int, default=10, metavar="N", help="default: 10")
    command.add_argument("--passages", type=int, default=10_000, metavar="N", help="of each guild (default: 10000)")
    command.add_argument("--questions", type=int, default=10_000, metavar="N", help="of each part (default: 10000)")
    command.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is built there, and use it again")

    command = commands.add_parser("backups", help="how long a backup takes, and what it keeps waiting")
    command.set_defaults(run=_backups)
    command.add_argument("--passages", type=int, default=100_000, metavar="N", help="default: 100000")
    command.add_argument("--rounds", type=int, default=2, metavar="N", help="default: 2")
    command.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is built there, and use it again")

    command = commands.add_parser(
        "flood", help="one member who floods a library, and another one's questions meanwhile"
    )
    command.set_defaults(run=_flood)
    command.add_argument("--passages", type=int, default=50_000, metavar="N", help="default: 50000")
    command.add_argument("--seconds", type=float, default=11, metavar="N", help="of each part (default: 11)")
    command.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is built there, and use it again")

    command = commands.add_parser("before", help="this build and another revision's in turn, and ratios")
    command.set_defaults(run=_before)
    command.add_argument("revision", metavar="REV", help="the other build's revision: a commit, a tag, a branch")
    command.add_argument("--passages", type=_numbers, default=sizes, metavar="N,…", help="default: 10000,100000")
    command.add_argument("--questions", type=int, default=200, metavar="N", help="of each part (default: 200)")
    workers = "many at once also in so many processes of this build"
    command.add_argument("--workers", type=int, default=0, metavar="N", help=workers)
    command.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS, metavar="PART", help=", ".join(PARTS))
    return parser


def _of_quality(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what measures answers."""
    command = commands.add_parser("quality", help="how often the right moment is quoted, on sets of questions")
    command.set_defaults(run=_quality)
    command.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a set, or a folder of sets")
    command.add_argument("--limit", type=int, metavar="N", help="at most N questions of each set")
    command.add_argument("--json", action="store_true", help="print a JSON list")
    command.add_argument("--alone", action="store_true", help="without rank-bm25 beside it")
    steps = f"any of {', '.join(STEPS)}"
    command.add_argument("--without", nargs="+", default=[], choices=STEPS, metavar="STEP", help=f"leave out {steps}")
    command.add_argument("--meaning", action="store_true", help="also by sentence vectors (the extra meaning)")
    command.add_argument("--only", nargs="*", choices=STEPS, metavar="STEP", help="leave out every step but these")


def _moments_of(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what says more of the right moments."""
    command = commands.add_parser("misses", help="where the right moment was lost, on sets of questions")
    command.set_defaults(run=_misses)
    command.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a set, or a folder of sets")
    command.add_argument("--limit", type=int, metavar="N", help="at most N questions of each set")
    command.add_argument("--every", action="store_true", help="print every missed question")

    command = commands.add_parser("golden", help="the golden questions on the real talk, alone and among others")
    command.set_defaults(run=_golden)
    command.add_argument("--talk", type=Path, default=REAL / "7EH0VjM3dTk.md", metavar="FILE", help="the real talk")
    command.add_argument("--among", type=Path, nargs="+", default=[], metavar="FOLDER", help="sets of transcripts")
    command.add_argument("--without", nargs="+", default=[], choices=STEPS, metavar="STEP", help="leave out steps")
    command.add_argument("--meaning", action="store_true", help="also by sentence vectors (the extra meaning)")


def _others(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what is about sentence vectors, files that ship, and deliveries."""
    command = commands.add_parser("meaning", help="what sentence vectors cost, on a folder of transcripts")
    command.set_defaults(run=_meaning)
    command.add_argument("folder", type=Path, nargs="?", default=REAL, help=f"transcripts (default: {REAL.name})")
    command.add_argument("--passages", type=int, default=100_000, metavar="N", help="compared (default: 100000)")

    _deliveries(commands)
    command = commands.add_parser("curious", help="what /insights shows after many made-up questions")
    command.set_defaults(run=_curious)
    command.add_argument("--questions", type=int, default=500, metavar="N", help="default: 500")
    commands.add_parser("formats", help="what libraries make of the sample files").set_defaults(run=_formats)
    command = commands.add_parser("dictionary", help="build the dictionary that ships, from its package")
    command.set_defaults(run=_dictionary)
    command.add_argument("archive", type=Path, metavar="FILE", help="jamdict_data-1.5.tar.gz")


def _deliveries(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what measures deliveries."""
    command = commands.add_parser("chaos", help="deliveries while Discord fails and the process dies at every step")
    command.set_defaults(run=_chaos)
    command.add_argument("--ingests", type=int, default=500, metavar="N", help="default: 500")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="of the faults (default: 1)")

    command = commands.add_parser("kills", help="a process that ingests and sends, killed at any moment")
    command.set_defaults(run=_kills)
    command.add_argument("--rounds", type=int, default=100, metavar="N", help="default: 100")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="of the moments (default: 1)")

    command = commands.add_parser("crowd", help="a transcript that many channels hear of, and questions meanwhile")
    command.set_defaults(run=_crowd)
    command.add_argument("--channels", type=int, default=1000, metavar="N", help="default: 1000")


def _figures(options: argparse.Namespace) -> int:
    if not any(options.folder.glob("**/*.md")):
        print(f"{options.folder} holds no transcript; name a folder that does.", file=sys.stderr)
        return 2
    asyncio.run(figures.measure(options.folder, questions=options.questions))
    return 0


def _meaning(options: argparse.Namespace) -> int:
    from tests.bench import meaning  # noqa: PLC0415 - the encoder is in an extra

    asyncio.run(meaning.measure(options.folder, options.passages))
    return 0


def _sets(folders: Sequence[Path]) -> list[Path]:
    """Return the sets in folders, and say so where there is none."""
    sets = [path.parent for folder in folders for path in sorted(folder.glob("**/queries.jsonl"))]
    if not sets:
        print("No set of questions is there; name a folder with queries.jsonl and corpus.jsonl.", file=sys.stderr)
    return sets


def _misses(options: argparse.Namespace) -> int:
    if not (sets := _sets(options.folders)):
        return 2
    asyncio.run(misses.measure(sets, limit=options.limit, every=options.every))
    return 0


def _chaos(options: argparse.Namespace) -> int:
    logging.disable(logging.CRITICAL)  # each fault would be told
    with TemporaryDirectory() as folder:
        counts = asyncio.run(chaos.played(Path(folder) / "chaos.db", ingests=options.ingests, seed=options.seed))
    print("\n".join(counts.lines()))
    return 1 if counts.lost or counts.doubled or counts.outdated else 0


def _kills(options: argparse.Namespace) -> int:
    with TemporaryDirectory() as folder:
        found = kills.killed(Path(folder), rounds=options.rounds, seed=options.seed)
    print(found)
    return 1 if found.lost or found.doubled else 0


def _crowd(options: argparse.Namespace) -> int:
    with TemporaryDirectory() as folder:
        print(asyncio.run(crowd.measured(Path(folder) / "crowd.db", channels=options.channels)))
    return 0


def _curious(options: argparse.Namespace) -> int:
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as folder:
        pages = asyncio.run(curious.shown(Path(folder) / "curious.db", options.questions))
    print("\n\n".join(pages))
    return 0


def _formats(options: argparse.Namespace) -> int:
    from tests.bench import formats  # noqa: PLC0415 - the libraries are in an extra

    del options
    formats.compare()
    return 0


def _dictionary(options: argparse.Namespace) -> int:
    dictionary.build(options.archive)
    return 0


def _golden(options: argparse.Namespace) -> int:
    leave_out(options.without)
    encoder = Use() if options.meaning else None
    asyncio.run(golden.measure(options.talk, _sets(options.among) if options.among else (), encoder))
    return 0


def _quality(options: argparse.Namespace) -> int:
    if not (sets := _sets(options.folders)):
        return 2
    kept = STEPS.keys() if options.only is None else set(options.only)
    leave_out((STEPS.keys() - kept) | set(options.without))
    encoder = Use() if options.meaning else None
    measuring = quality.measure(sets, limit=options.limit, as_json=options.json, alone=options.alone, encoder=encoder)
    asyncio.run(measuring)
    return 0


# What these measure with needs the extra `bench`, which the others don't.
def _vocabulary(options: argparse.Namespace) -> int:
    from tests.bench import vocabulary  # noqa: PLC0415

    asyncio.run(vocabulary.measure(options.words, options.questions))
    return 0


def _speed(options: argparse.Namespace) -> int:
    from tests.bench import report, speed  # noqa: PLC0415

    rows = asyncio.run(speed.measure(options.passages, options.engines, options.questions, keep=options.keep))
    print(json.dumps([row.rounded() for row in rows], indent=1) if options.json else report.table(rows))
    if options.plot:
        report.plot(rows, options.plot)
    return 0


def _together(options: argparse.Namespace) -> int:
    from tests.bench import together  # noqa: PLC0415

    phases = asyncio.run(together.measure(options.guilds, options.passages, options.questions, keep=options.keep))
    print("\n".join(map(str, phases)))
    return int(any(phase.errors.total() for phase in phases))


def _backups(options: argparse.Namespace) -> int:
    from tests.bench import backups  # noqa: PLC0415

    print("\n".join(map(str, asyncio.run(backups.measure(options.passages, options.rounds, keep=options.keep)))))
    return 0


def _flood(options: argparse.Namespace) -> int:
    from tests.bench import flood  # noqa: PLC0415

    measuring = flood.measure(options.passages, options.seconds, keep=options.keep)
    print("\n".join(map(str, asyncio.run(measuring))))
    return 0


def _before(options: argparse.Namespace) -> int:
    from tests.bench import before  # noqa: PLC0415

    try:
        measuring = before.measure(
            options.revision, options.parts, options.passages, options.questions, workers=options.workers
        )
        rows = asyncio.run(measuring)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(before.HEADING, *rows, sep="\n")
    return 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _engines(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in ENGINES]:
        raise argparse.ArgumentTypeError(f"no engine {unknown[0]}; there are {', '.join(ENGINES)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
