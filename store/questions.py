"""Questions that are being answered, and the files that give way to them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PATIENCE = 0.1  # seconds for which a file of many waits while questions are answered


class Questions:
    """Questions that are being answered: many files at once give way to them, for both share one interpreter."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Count a question while it is being answered."""
        self._count += 1
        self._none.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._none.set()

    async def wait(self) -> None:
        """Wait until none is being answered, but not for long: where someone always asks, files are kept too."""
        if self._count:
            # Not `wait_for`: whoever is cancelled as the last question is answered goes on with it (Python 3.11).
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._none.wait()
