"""Whether Discord itself is in trouble: then all sending slows down, and one channel tries whether it is over.

A channel of its own waits longer with each failure; that doesn't help Discord where a thousand channels fail. One that
fails alone slows nobody down but itself.
"""

import logging
import time

STORM = 3  # channels that fail, and none that works in between, from which on Discord is in trouble
FIRST_CALM, LAST_CALM = 5.0, 300.0  # seconds until it is tried again, doubled each time

_LOG = logging.getLogger(__name__)


class Weather:
    """How Discord is; times in seconds since the epoch."""

    def __init__(self) -> None:
        self._failing: set[int] = set()
        self._calm = FIRST_CALM
        self.until = 0.0  # in a storm nothing is tried before

    @property
    def is_stormy(self) -> bool:
        """Whether Discord is in trouble."""
        return len(self._failing) >= STORM

    def well(self) -> None:
        """Note that Discord did what it was asked."""
        if self.is_stormy:
            _LOG.info("Discord works again")
        self._failing.clear()
        self._calm, self.until = FIRST_CALM, 0.0

    def failed(self, target: int) -> None:
        """Note that Discord failed in a channel; what was begun before the last wait says nothing new."""
        self._failing.add(target)
        if self.is_stormy and time.time() >= self.until:
            self.until = time.time() + self._calm
            _LOG.warning("Discord is in trouble: all deliveries slow down, one is tried in %.0f s", self._calm)
            self._calm = min(LAST_CALM, 2 * self._calm)
