"""The time of day, as it can be moved on in a test."""

import time

import pytest


class Clock:
    """What `time.time` returns: the time at which it was made, and what it was moved forward since."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time()
        monkeypatch.setattr(time, "time", lambda: self.now)

    def forward(self, seconds: float) -> None:
        """Move it on."""
        self.now += seconds
