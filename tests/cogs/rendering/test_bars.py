"""Mentions as bars: over a talk or over days, as a picture and as characters, and none where they say nothing."""

import builtins
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.rendering import bars, chart
from store.models import Details, Mentioned, Mentions
from tests.cogs.rendering.test_mentions import BREAD

HOUR = 3_600_000


def talk(*times_ms: int, length: int = 2 * HOUR) -> Mentions:
    entry = replace(BREAD, duration_ms=length)
    return Mentions("x", len(times_ms), (Mentioned(entry, len(times_ms), times_ms[0]),), times_ms=times_ms)


def published(*days: date | None) -> Mentions:
    found = tuple(Mentioned(replace(BREAD, details=Details("x", published=day)), 2, 0) for day in days)
    return Mentions("x", 2 * len(days), found)


def test_a_talk_is_cut_into_equal_lengths() -> None:
    found = bars.bars(talk(0, 1, HOUR, 2 * HOUR))
    assert found is not None
    assert len(found.counts) == 24
    assert {at: count for at, count in enumerate(found.counts) if count} == {0: 2, 11: 1, 23: 1}
    assert found.ends == ("0:00", "2:00:00")
    assert [label for _, label in found.ticks][:3] == ["0:00", "0:20", "0:40"]


def test_a_short_talk_has_an_axis_of_minutes() -> None:
    found = bars.bars(talk(0, 1, 2, length=20 * 60_000))
    assert found is not None
    assert [label for _, label in found.ticks][:2] == ["0 min", "5 min"]


@given(st.lists(st.integers(0, 10_000 * HOUR), min_size=3, max_size=50), st.integers(0, 10_000 * HOUR))
def test_no_mention_in_a_talk_is_lost(times: list[int], length: int) -> None:
    found = bars.bars(talk(*times, length=length))
    assert found is None or sum(found.counts) == len(times)


@given(st.lists(st.none() | st.dates(), min_size=2, max_size=40))
def test_each_dated_mention_is_in_one_of_at_most_24_bars(days: list[date | None]) -> None:
    found = bars.bars(published(*days))
    dated = [day for day in days if day]
    if len(set(dated)) < 2:
        assert found is None
    else:
        assert found is not None
        assert len(found.counts) <= bars.MOST
        assert sum(found.counts) == 2 * len(dated)
        assert found.counts[0]
        assert found.counts[-1]
        assert all(0 <= at <= len(found.counts) for at, _ in found.ticks)


@pytest.mark.parametrize(
    ("days", "each", "ends"),
    [
        (3, "day", ("2025-01-31", "2025-02-02")),
        (200, "month", ("2025-01", "2025-08")),
        (1200, "2 months", ("2025-01", "2028-05")),
        (4000, "6 months", ("2025-01", "2036-01")),
        (8000, "year", ("2025", "2046")),
    ],
)
def test_days_are_put_together_as_their_span_asks(days: int, each: str, ends: tuple[str, str]) -> None:
    first = date(2025, 1, 31)
    found = bars.bars(published(first, first + timedelta(days - 1)))
    assert found is not None
    assert found.ends == ends
    assert found.said.startswith(f"Mentions by {each} of publication")
    with speaking("ja"):
        said = bars.bars(published(first, first + timedelta(days - 1)))
    assert said is not None
    assert said.said.startswith("公開")
    assert f"の言及の回数（{ends[0]}〜{ends[1]}）" in said.said


def test_what_bars_of_a_talk_show_is_said_in_japanese_and_their_axis_in_letters_that_can_be_drawn() -> None:
    with speaking("ja"):
        found = bars.bars(talk(1, 60_000, 61_000, length=600_000))
    assert found is not None
    assert found.said.startswith("10:00の中での言及の回数（24区間）：")
    assert all(label.isascii() for _, label in found.ticks)


@pytest.mark.parametrize(
    "found", [talk(1, 2), talk(1, 2, 3, length=5000), published(date(2025, 1, 1), None), published(None, None)]
)
def test_what_says_nothing_has_no_bars(found: Mentions) -> None:
    assert bars.bars(found) is None


def test_bars_as_characters_tell_none_from_few() -> None:
    found = bars.Bars((0, 1, 4, 2), ((0, "0:00"),), ("0:00", "2:00"), "")
    assert bars.blocks(found) == "0:00 ▁▂▇▃ 2:00"


def drawn() -> bytes:
    found = bars.bars(talk(*range(0, 2 * HOUR, 60_000)))
    assert found is not None
    picture = chart.png(found)
    assert picture is not None
    return picture


def test_a_picture_is_small_and_drawn_alike_in_several_threads() -> None:
    with ThreadPoolExecutor(4) as workers:
        pictures = list(workers.map(lambda _: drawn(), range(8)))
    assert len(set(pictures)) == 1
    assert pictures[0].startswith(b"\x89PNG\r\n\x1a\n")
    assert pictures[0][16:24] == (800).to_bytes(4, "big") + (200).to_bytes(4, "big")
    assert len(pictures[0]) < 30_000


def test_a_picture_is_drawn_in_100_milliseconds() -> None:
    def timed() -> float:
        begin = time.process_time()  # whatever else this machine does
        drawn()
        return time.process_time() - begin

    drawn()
    assert min(timed() for _ in range(5)) < 0.1


def test_without_matplotlib_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *arguments: object) -> object:
        if name.startswith("matplotlib"):
            raise ModuleNotFoundError(name)
        return real(name, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    found = bars.bars(talk(1, 2, 3))
    assert found is not None
    assert chart.png(found) is None
