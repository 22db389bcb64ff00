"""Work in the background of what holds it, and what it says where it fails again and again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress

from store.errors import StoreError


@asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do work until it is done or the context ends, where it is given up."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Complaint:
    """A line in the log when something begins to fail, or fails otherwise, and one when it works again.

    What tries every second would fill the disk with lines, where it isn't full already.
    """

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log = log
        self._what = what
        self._said: str | None = None

    def failed(self, error: Exception) -> None:
        """Say that it failed, and why; of what no one has foreseen, with its traceback."""
        if (said := repr(error)) != self._said:
            self._said = said
            if isinstance(error, StoreError):
                self._log.warning("%s: %s", self._what, error)
            else:
                self._log.error("%s", self._what, exc_info=error)

    def well(self) -> None:
        """Say that it works again, if it didn't."""
        if self._said is not None:
            self._said = None
            self._log.warning("%s no longer: all works again", self._what)
