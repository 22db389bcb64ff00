"""When a digest is sent: by a zone's clock, also on the days on which that is changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import StoreError
from store.models import Digest, Settings
from store.outbox.times import digest_at, zone_named

ZONES = ("UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")
DAY = 24 * 3600


def at(text: str, zone: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def said(seconds: float, zone: str) -> str:
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).isoformat()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2025-06-03T08:59:59", "2025-06-03T09:00:00+02:00"),
        ("2025-06-03T09:00:00", "2025-06-04T09:00:00+02:00"),
        ("2025-06-03T23:30:00", "2025-06-04T09:00:00+02:00"),
        ("2025-12-31T10:00:00", "2026-01-01T09:00:00+01:00"),
    ],
)
def test_a_daily_digest_is_sent_at_its_hour_of_the_zone(after: str, expected: str) -> None:
    zone = "Europe/Vienna"
    assert said(digest_at(Digest.DAILY, Settings(9, zone=zone), after=at(after, zone)), zone) == expected


@pytest.mark.parametrize(
    ("day", "after", "expected"),
    [
        (0, "2025-06-03T08:00:00", "2025-06-09"),  # from a Tuesday to Monday
        (1, "2025-06-03T08:00:00", "2025-06-03"),
        (1, "2025-06-03T09:00:00", "2025-06-10"),
        (6, "2025-06-03T09:00:00", "2025-06-08"),
    ],
)
def test_a_weekly_digest_is_sent_on_its_day(day: int, after: str, expected: str) -> None:
    zone = "America/New_York"
    found = digest_at(Digest.WEEKLY, Settings(9, day, zone), after=at(after, zone))
    assert said(found, zone) == f"{expected}T09:00:00-04:00"


def test_an_hour_that_the_clock_leaves_out_comes_as_much_later() -> None:
    zone = "Europe/Vienna"  # 2:00 is followed by 3:00 on 30 March 2025
    settings = Settings(2, zone=zone)
    first = digest_at(Digest.DAILY, settings, after=at("2025-03-29T12:00:00", zone))
    assert said(first, zone) == "2025-03-30T03:00:00+02:00"
    assert said(digest_at(Digest.DAILY, settings, after=first), zone) == "2025-03-31T02:00:00+02:00"


def test_of_an_hour_that_comes_twice_the_first_counts_and_it_is_sent_once() -> None:
    zone = "Europe/Vienna"  # 3:00 is followed by 2:00 on 26 October 2025
    settings = Settings(2, zone=zone)
    first = digest_at(Digest.DAILY, settings, after=at("2025-10-25T12:00:00", zone))
    assert said(first, zone) == "2025-10-26T02:00:00+02:00"
    assert said(digest_at(Digest.DAILY, settings, after=first), zone) == "2025-10-27T02:00:00+01:00"
    between = first + 30 * 60
    assert said(digest_at(Digest.DAILY, settings, after=between), zone) == "2025-10-27T02:00:00+01:00"


def test_a_day_that_a_zone_leaves_out_has_no_digest_of_its_own() -> None:
    zone = "Pacific/Apia"  # had no 30 December 2011
    settings = Settings(9, zone=zone)
    first = digest_at(Digest.DAILY, settings, after=at("2011-12-29T12:00:00", zone))
    assert said(first, zone) == "2011-12-31T09:00:00+14:00"
    assert said(digest_at(Digest.DAILY, settings, after=first), zone) == "2012-01-01T09:00:00+14:00"


@given(
    st.sampled_from(Digest),
    st.integers(0, 23),
    st.integers(0, 6),
    st.sampled_from(ZONES),
    st.floats(1_300_000_000, 1_900_000_000),
)
def test_a_digest_is_later_and_not_by_more_than_a_day_or_a_week(
    digest: Digest, hour: int, day: int, zone: str, after: float
) -> None:
    settings = Settings(hour, day, zone)
    found = digest_at(digest, settings, after=after)
    most = (1 if digest is Digest.DAILY else 7) * DAY + 3600
    if zone != "Pacific/Apia":  # which left out a day
        assert after < found <= after + most
        there = datetime.fromtimestamp(found, ZoneInfo(zone))
        assert (there.hour - hour) % 24 in {0, 1}
        assert there.minute in {0, 30}
        assert digest is Digest.DAILY or there.weekday() == day
    assert digest_at(digest, settings, after=found - 0.5) == found


@pytest.mark.parametrize("name", ["Europe/Wien", "", ".", "/etc/passwd", "../UTC", "Europe", "a\0b", "x" * 500])
def test_a_zone_that_is_none_is_a_sentence(name: str) -> None:
    with pytest.raises(StoreError, match="There is no time zone"):
        zone_named(name)
