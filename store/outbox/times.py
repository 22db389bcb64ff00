"""When a digest is sent, and how long a failed try waits."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.errors import StoreError
from store.models import Digest, Settings

FIRST_RETRY = 5.0  # seconds, doubled with each failure
DAY = 24 * 3600.0
JITTER = 0.2  # share by which a wait is longer or shorter, so that what failed together isn't tried together


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone of the tz database, such as Europe/Vienna.

    Raises:
        StoreError: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StoreError(
            "There is no time zone “{zone}”; choose one such as Europe/Vienna or UTC.", zone=name[:60]
        ) from error


def digest_at(digest: Digest, settings: Settings, *, after: float) -> float:
    """Return when a digest is sent next after a time, both in seconds since the epoch.

    The hour is one of the zone's clock: one that a change of the clock leaves out comes as much later, and of one that
    comes twice the first counts.
    """
    zone = zone_named(settings.zone)
    day = datetime.fromtimestamp(after, zone).date()
    while True:
        at = datetime(day.year, day.month, day.day, settings.hour, tzinfo=zone).astimezone(UTC).timestamp()
        if at > after and (digest is Digest.DAILY or day.weekday() == settings.day):
            return at
        day += timedelta(days=1)


def wait(failures: int) -> float:
    """Return for how many seconds a try waits after so many failures before it: from seconds up to a day."""
    seconds = min(DAY, FIRST_RETRY * float(2 ** min(failures, 30)))
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)
