"""A podcast's host on this machine, and what is done with its feed."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from store.errors import FeedError
from store.feeds.bringing import Looked
from store.feeds.fetching import Fetcher
from store.library import Library
from store.models import Followed
from tests.store.builders import GUILD

VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada Vale>the {word} smiles\n"
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [{"startTime": 0, "title": "Opening"}, {"startTime": 2.5, "title": "River"}],
}
SPACES = (
    "xmlns:podcast='https://podcastindex.org/namespace/1.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
)
ABOUT = "<title>The river</title><language>en</language>"
Answer = Callable[[web.Request], Any]


@dataclass
class Episode:
    """An episode that the host offers."""

    number: int
    word: str
    guid: str = ""
    transcript: bool = True
    path: str = ""
    extra: str = ""

    @property
    def at(self) -> str:
        """The path of its transcript."""
        return self.path or f"/{self.number}.vtt"


@dataclass
class Host:
    """A podcast's host: its feed is made of its episodes; any path can be answered otherwise."""

    server: TestServer | None = None
    episodes: list[Episode] = field(default_factory=list)
    etags: bool = True
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        assert self.server is not None
        return str(self.server.make_url(path))

    def feed(self) -> str:
        items = "".join(self._item(one) for one in self.episodes)
        return f"<rss version='2.0' {SPACES}><channel>{ABOUT}{items}</channel></rss>"

    def _item(self, one: Episode) -> str:
        source = f'<podcast:transcript url="{self.url(one.at)}" type="text/vtt"/>' if one.transcript else ""
        return (
            f"<item><title>Episode {one.number} &amp;amp; more</title><guid>{one.guid or one.number}</guid>"
            f"<enclosure url='https://cdn.example.org/{one.number}.mp3' type='audio/mpeg' length='1'/>"
            "<pubDate>Mon, 03 Mar 2025 10:00:00 GMT</pubDate><itunes:duration>01:02:03</itunes:duration>"
            f"<podcast:chapters url='{self.url('/chapters.json')}' type='application/json+chapters'/>"
            f"{source}{one.extra}</item>"
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if (other := self.answers.get(request.path)) is not None:
            found = other(request)
            answer: web.StreamResponse = await found if asyncio.iscoroutine(found) else found
            return answer
        if request.path == "/feed":
            text = self.feed()
        elif request.path == "/chapters.json":
            text = json.dumps(CHAPTERS)
        else:
            (one,) = [one for one in self.episodes if one.at == request.path]
            text = VTT.format(word=one.word)
        if not self.etags:
            return web.Response(text=text)
        etag = f'"{hash(text)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(text=text, headers={"ETag": etag})


async def follow(library: Library, fetcher: Fetcher, host: Host, **options: Any) -> Looked:
    return await library.feeds.follow(fetcher, GUILD, host.url("/feed"), **options)


async def look(library: Library, fetcher: Fetcher) -> Looked:
    (feed,) = await library.feeds.listed(GUILD)
    return await library.feeds.look(fetcher, feed)


async def failing(library: Library, fetcher: Fetcher) -> tuple[str, Followed]:
    """Look at the feed, which fails; return what is said and how the feed is then."""
    with pytest.raises(FeedError) as caught:
        await look(library, fetcher)
    (feed,) = await library.feeds.listed(GUILD)
    assert str(feed.last_error) == str(caught.value)
    return str(caught.value), feed


def titles(looked: Looked) -> list[str]:
    return [done.entry.details.title for done in looked.ingested]
