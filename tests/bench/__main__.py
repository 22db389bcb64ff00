"""`python -m tests.bench NAME …`: one module a benchmark."""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.bench import figures, quality
from tests.bench.steps import STEPS, leave_out

REAL = Path(__file__).parents[3] / "shared" / "transcripts"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Verbatim on this machine.")
    commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    command = commands.add_parser("figures", help="ingest, question and memory on a folder of transcripts")
    command.add_argument("folder", type=Path, nargs="?", default=REAL, help=f"transcripts (default: {REAL.name})")
    command.add_argument("--questions", type=int, default=300, metavar="N", help="how many questions (default: 300)")
    command = commands.add_parser("quality", help="how often the right moment is quoted, on sets of questions")
    command.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a set, or a folder of sets")
    command.add_argument("--limit", type=int, metavar="N", help="at most N questions of each set")
    command.add_argument("--json", action="store_true", help="print a JSON list")
    command.add_argument("--alone", action="store_true", help="without rank-bm25 beside it")
    steps = f"any of {', '.join(STEPS)}"
    command.add_argument("--without", nargs="+", default=[], choices=STEPS, metavar="STEP", help=f"leave out {steps}")
    command.add_argument("--only", nargs="*", choices=STEPS, metavar="STEP", help="leave out every step but these")
    command = commands.add_parser("vocabulary", help="what a word was misheard as, looked up in many words")
    command.add_argument("--words", type=int, default=200_000, metavar="N", help="default: 200000")
    command.add_argument("--questions", type=int, default=300, metavar="N", help="default: 300")
    options = parser.parse_args()
    if options.name == "vocabulary":
        from tests.bench import vocabulary  # noqa: PLC0415 - its words need the extra `bench`

        asyncio.run(vocabulary.measure(options.words, options.questions))
        return 0
    if options.name == "figures":
        if not any(options.folder.glob("**/*.md")):
            print(f"{options.folder} holds no transcript; name a folder that does.", file=sys.stderr)
            return 2
        asyncio.run(figures.measure(options.folder, questions=options.questions))
        return 0
    sets = [path.parent for folder in options.folders for path in sorted(folder.glob("**/queries.jsonl"))]
    if not sets:
        print("No set of questions is there; name a folder with queries.jsonl and corpus.jsonl.", file=sys.stderr)
        return 2
    kept = STEPS.keys() if options.only is None else set(options.only)
    leave_out((STEPS.keys() - kept) | set(options.without))
    asyncio.run(quality.measure(sets, limit=options.limit, as_json=options.json, alone=options.alone))
    return 0


if __name__ == "__main__":
    sys.exit(main())
