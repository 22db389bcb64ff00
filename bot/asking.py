"""A question on the terminal, before what nobody can take back."""

import signal
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from bot.errors import ConfigError


def agreed(question: str, *, agreeing: Collection[str], otherwise: str) -> bool:
    """Ask, and return whether what is typed is one of the words that agree; Ctrl-C ends the program at once.

    Raises:
        ConfigError: there is no terminal; `otherwise` says how to agree then.
    """
    if not sys.stdin.isatty():
        raise ConfigError(otherwise)
    print(f"{question} ", end="", flush=True)
    with _interruptible():
        return sys.stdin.readline().strip().casefold() in agreeing


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C interrupt what waits for a line: asyncio would only note it for when that has come."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
