"""`python -m tests.bench NAME …`: one module a benchmark."""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.bench import figures

REAL = Path(__file__).parents[3] / "shared" / "transcripts"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure Verbatim on this machine.")
    commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    command = commands.add_parser("figures", help="ingest, question and memory on a folder of transcripts")
    command.add_argument("folder", type=Path, nargs="?", default=REAL, help=f"transcripts (default: {REAL.name})")
    command.add_argument("--questions", type=int, default=300, metavar="N", help="how many questions (default: 300)")
    options = parser.parse_args()
    if not any(options.folder.glob("**/*.md")):
        print(f"{options.folder} holds no transcript; name a folder that does.", file=sys.stderr)
        return 2
    asyncio.run(figures.measure(options.folder, questions=options.questions))
    return 0


if __name__ == "__main__":
    sys.exit(main())
