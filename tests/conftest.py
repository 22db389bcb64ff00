"""Fixtures that the tests share: a stage with the bot on it, and a library without one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from store.library import Library
from tests.clock import Clock
from tests.cogs.stage import Stage, staged

settings.register_profile("unhurried", deadline=None, max_examples=60)  # a busy machine is no failure
settings.load_profile("unhurried")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path / "verbatim.db") as started:
        yield started


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be."""
    return tmp_path / "verbatim.db"


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    async with Library.opened(tmp_path / "verbatim.db") as opened:
        yield opened
