"""`python -m tests.bench.weigh ENGINE FOLDER CUTS`: what an engine takes in memory, alone in a process of its own.

Prints a JSON object with `memory`, the bytes by which the process grew from before the index was opened (of rank-bm25,
built) until the questions on its standard input were answered, and with `index`, the bytes that ours counts itself.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from tests.bench.cuts import Cuts
from tests.bench.engines import Question
from tests.bench.ours import KINDS, Verbatim


def resident() -> int:
    """Return the memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def weighed(name: str, folder: Path, cuts: Path, questions: Sequence[Question]) -> dict[str, int | None]:
    """Weigh an engine in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.weigh", name, str(folder), str(cuts)],
        input=json.dumps([astuple(question) for question in questions]),
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    found: dict[str, int | None] = json.loads(done.stdout)
    return found


async def _weigh(name: str, folder: Path, cuts: Path) -> None:
    engine = KINDS[name](folder)
    questions = [Question(text, terms) for text, terms in json.load(sys.stdin)]
    packed = Cuts.load(cuts) if not engine.lasts else None
    gc.collect()
    before = resident()
    if packed is not None:
        await engine.build(lambda *_: b"", packed)
    await engine.open()
    for question in questions:
        await engine.ask(question, 10)
    gc.collect()
    index = engine.index_memory() if isinstance(engine, Verbatim) else None
    print(json.dumps({"memory": resident() - before, "index": index}))
    await engine.close()


if __name__ == "__main__":
    asyncio.run(_weigh(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
