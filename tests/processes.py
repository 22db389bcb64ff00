"""Processes that tests start."""

import os
import time

SECONDS = 20.0  # for which an end is waited for


def gone(process: int) -> bool:
    """Wait until a process is gone, or hasn't been for long."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
