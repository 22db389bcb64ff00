"""The golden questions on the real talk: how many find their moment among the first three quotes, by kind.

They are asked of the talk alone, and of a library in which it is among the transcripts of some sets: there, what a
question has beside a name is said everywhere, so names that were misheard are also asked for in such words alone.
"""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from store.library import Library
from store.meaning import making
from store.meaning.encoder import Encoder
from tests.bench.quality import GUILD, Set, filled
from tests.store.search.golden import GOLDEN, NAMES
from tests.store.search.golden_japanese import JAPANESE
from tests.store.search.moments import hits, seconds

FIRST = 3  # quotes
# Of words that are said everywhere, but for the name.
ASKED = (
    "how much is {} worth",
    "what did they say about {}",
    "is {} any good",
    "what is {} doing right now",
    "why would people want {}",
    "who works with {}",
    "how does {} make money",
    "what do you think about {} and the others",
    "when did {} come up",
    "{}",
    "is {} better or worse than before",
    "how many people use {} these days",
    "{} or something else, which one would you take",
    "{} is worth how much",
)

Questions = Sequence[tuple[str, str, Sequence[tuple[str, str]]]]


async def measure(talk: Path, among: Sequence[Path], encoder: Encoder | None = None) -> None:
    """Ask the golden questions of the talk alone, and `among` the transcripts of sets if any are named; print both.

    With an `encoder` what says the same in other words is found, too.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="verbatim-golden-")))
        for name, sets in (("alone", ()), ("among", among)):
            if name == "among" and not among:
                continue
            library = await stack.enter_async_context(Library.opened(folder / f"{name}.db", encoder=encoder))
            identity = (await library.ingest(GUILD, talk.read_bytes(), talk.name)).entry.id
            others = 0
            for one in sets:
                others += len(await filled(library, Set.read(one, None), one.name))
            if encoder is not None:
                await making.complete(library._database, encoder)
            print(f"the talk {f'among {others} transcripts' if others else 'alone'}")
            for language, questions in (("English", GOLDEN), ("Japanese", JAPANESE), ("names", _names())):
                print(f"  {language:9} {await _asked(library, identity, questions)}")


def _names() -> Questions:
    """Return questions for names that were misheard, each said within two seconds."""
    said = {name: [(place, _later(place, 2)) for place in places.split()] for name, places in NAMES.items()}
    return [("misheard", asked.format(name), places) for name, places in said.items() for asked in ASKED]


def _later(clock: str, by: int) -> str:
    minutes, rest = divmod(seconds(clock) + by, 60)
    return f"{minutes}:{rest:02}"


async def _asked(library: Library, talk: int, questions: Questions) -> str:
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
