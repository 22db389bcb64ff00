"""A podcast's host on this machine, and what fetches from it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from store.feeds import following
from store.feeds.fetching import Fetcher
from tests.store.feeds.host import Episode, Host


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    monkeypatch.setattr(following, "APART_SECONDS", 0.0)
    found = Host(episodes=[Episode(2, "quokka"), Episode(1, "wombat")])
    app = web.Application()
    app.router.add_get("/{path:.*}", found.answer)
    found.server = TestServer(app, host="127.0.0.1")
    async with found.server:
        yield found


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher.opened(private=True) as found:
        yield found
