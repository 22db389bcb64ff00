"""What is shown on a terminal while something takes long."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress(what: str, unit: str = " transcripts") -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how much is done: transcripts, or bytes (`B`); elsewhere nothing."""
    hidden = not sys.stderr.isatty()
    with tqdm(desc=what, unit=unit, unit_scale=unit == "B", disable=hidden, leave=False) as bar:

        def went(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield went
