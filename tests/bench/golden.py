"""The golden questions on the real talk: how many find their moment among the first three quotes, by kind.

They are asked of the talk alone, and of a library in which it is among the transcripts of some sets.
"""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from store.library import Library
from tests.bench.quality import GUILD, Set, filled
from tests.store.search.golden import GOLDEN
from tests.store.search.golden_japanese import JAPANESE
from tests.store.search.moments import hits

FIRST = 3  # quotes


async def measure(talk: Path, among: Sequence[Path]) -> None:
    """Ask the golden questions of the talk alone, and `among` the transcripts of sets if any are named; print both."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="verbatim-golden-")))
        for name, sets in (("alone", ()), ("among", among)):
            if name == "among" and not among:
                continue
            library = await stack.enter_async_context(Library.opened(folder / f"{name}.db"))
            identity = (await library.ingest(GUILD, talk.read_bytes(), talk.name)).entry.id
            others = 0
            for one in sets:
                others += len(await filled(library, Set.read(one, None)))
            print(f"the talk {f'among {others} transcripts' if others else 'alone'}")
            for language, questions in (("English", GOLDEN), ("Japanese", JAPANESE)):
                print(f"  {language:9} {await _asked(library, identity, questions)}")


async def _asked(library: Library, talk: int, questions: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]) -> str:
    """Return how many questions were answered, of how many, in all and by kind, and how long the median took."""
    found: Counter[str] = Counter()
    total = Counter(kind for kind, _, _ in questions)
    times = []
    for kind, question, ranges in questions:
        start = time.perf_counter()
        answer = await library.ask(GUILD, question)
        times.append(time.perf_counter() - start)
        quotes = [quote for quote in answer.quotes[:FIRST] if quote.transcript_id == talk]
        found[kind] += any(hits(quote, *moment) for quote in quotes for moment in ranges)
    kinds = ", ".join(f"{kind} {found[kind]} of {count}" for kind, count in total.items())
    return f"{found.total():3} of {total.total()} ({kinds}); {1000 * statistics.median(times):.1f} ms"
