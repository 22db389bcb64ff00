"""Feeds against a real server on this machine: what is fetched, ingested, tried again and refused."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from store.errors import FeedError
from store.feeds import fetching, following
from store.feeds.fetching import Fetcher, is_public
from store.feeds.following import FIRST_RETRY, Looked
from store.library import Library
from store.models import Chapter, Followed, Limits, Outcome
from tests.store.builders import GUILD, OTHER_GUILD

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
    extra: str = ""


@dataclass
class Host:
    """A podcast's host: its feed is made of its episodes; any path can be answered otherwise."""

    server: TestServer | None = None
    episodes: list[Episode] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        assert self.server is not None
        return str(self.server.make_url(path))

    def feed(self) -> str:
        items = "".join(self._item(one) for one in self.episodes)
        return f"<rss version='2.0' {SPACES}><channel>{ABOUT}{items}</channel></rss>"

    def _item(self, one: Episode) -> str:
        source = (
            f'<podcast:transcript url="{self.url(f"/{one.number}.vtt")}" type="text/vtt"/>' if one.transcript else ""
        )
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
            (one,) = [one for one in self.episodes if f"/{one.number}.vtt" == request.path]
            text = VTT.format(word=one.word)
        etag = f'"{hash(text)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(text=text, headers={"ETag": etag})


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
    assert feed.last_error == str(caught.value)
    return str(caught.value), feed


def titles(looked: Looked) -> list[str]:
    return [done.entry.details.title for done in looked.ingested]


async def test_new_episodes_are_ingested_with_all_that_the_feed_says(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await library.subscribe(GUILD, 5)
    assert titles(await follow(library, fetcher, host)) == []  # from now on
    host.episodes.insert(0, Episode(3, "numbat"))
    looked = await look(library, fetcher)
    assert titles(looked) == ["Episode 3 & more"]
    entry = looked.ingested[0].entry
    assert entry.details.url == "https://cdn.example.org/3.mp3"
    assert (entry.details.channel, str(entry.details.published)) == ("The river", "2025-03-03")
    assert (entry.duration_ms, entry.speakers) == (3_723_000, ("Ada Vale",))
    assert entry.details.chapters == (Chapter(0, "Opening"), Chapter(2000, "River"))
    assert [quote.text for quote in (await library.ask(GUILD, "numbat")).quotes] == ["the numbat smiles"]
    assert [delivery.entry.id for delivery in await library.due()] == [entry.id]
    (feed,) = await library.feeds.listed(GUILD)
    assert (feed.title, feed.episodes, feed.failures) == ("The river", 1, 0)


async def test_recent_episodes_come_with_it_where_they_are_asked_for(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    assert titles(await follow(library, fetcher, host, include_recent=1)) == ["Episode 2 & more"]
    assert titles(await look(library, fetcher)) == []


async def test_what_has_not_changed_is_not_sent_again(library: Library, fetcher: Fetcher, host: Host) -> None:
    await follow(library, fetcher, host, include_recent=2)
    host.asked.clear()
    looked = await look(library, fetcher)
    assert (looked.changed, looked.ingested) == (False, [])
    assert host.asked == ["/feed"]


async def test_a_transcript_that_changes_is_read_again_and_not_announced(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host, include_recent=2)
    await library.subscribe(GUILD, 5)
    host.episodes[0].word, host.episodes[0].extra = "bilby", "<category>x</category>"
    looked = await look(library, fetcher)
    assert [done.outcome for done in looked.ingested] == [Outcome.REPLACED]
    assert await library.due() == ()


async def test_a_transcript_that_comes_later_is_waited_for(library: Library, fetcher: Fetcher, host: Host) -> None:
    await follow(library, fetcher, host)
    host.episodes.insert(0, Episode(3, "numbat", transcript=False))
    assert titles(await look(library, fetcher)) == []
    host.episodes[0].transcript = True
    assert titles(await look(library, fetcher)) == ["Episode 3 & more"]


async def test_a_feed_whose_ids_change_doubles_and_revives_nothing(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host, include_recent=1)
    await library.subscribe(GUILD, 5)
    for one in host.episodes:
        one.guid = f"new-{one.number}"
    await look(library, fetcher)
    assert (await library.page(GUILD)).total == 1
    assert await library.due() == ()


async def test_an_episode_whose_transcript_cannot_be_read_holds_no_other_up_and_is_tried_again(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.answers["/2.vtt"] = lambda _: web.Response(text="<!DOCTYPE html><html></html>", content_type="text/html")
    looked = await follow(library, fetcher, host, include_recent=2)
    assert titles(looked) == ["Episode 1 & more"]
    assert [title for title, _ in looked.failed] == ["Episode 2 & more"]
    assert "is a web page" in looked.failed[0][1]
    del host.answers["/2.vtt"]
    assert titles(await look(library, fetcher)) in ([], ["Episode 2 & more"])
    host.episodes[1].extra = "<category>x</category>"
    await look(library, fetcher)
    assert (await library.page(GUILD)).total == 2


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda _: web.Response(status=404), "The host answers 404 Not Found."),
        (lambda _: web.Response(status=500), "The host answers 500 Internal Server Error."),
        (lambda _: web.Response(text="<rss><channel><title>x"), "its XML ends or errs in line 1"),
        (lambda _: web.Response(text="<html><body>Sign in</body></html>"), "That is a web page, not a feed"),
        (
            lambda request: web.Response(status=302, headers={"Location": request.path}),
            "leads in a circle of redirects",
        ),
    ],
)
async def test_a_feed_that_fails_is_kept_and_tried_again_later_and_later(
    library: Library, fetcher: Fetcher, host: Host, answer: Answer, says: str
) -> None:
    await follow(library, fetcher, host)
    host.answers["/feed"] = answer
    for failures in (1, 2, 3):
        said, feed = await failing(library, fetcher)
        assert says in said
        wait = feed.next_at - time.time()
        assert FIRST_RETRY * 2 ** (failures - 1) - 5 < wait <= FIRST_RETRY * 2 ** (failures - 1)
        assert feed.failures == failures
    del host.answers["/feed"]
    await look(library, fetcher)
    (feed,) = await library.feeds.listed(GUILD)
    assert (feed.failures, feed.last_error) == (0, None)
    assert await library.feeds.due() == ()


async def test_a_host_that_asks_to_wait_is_waited_for(library: Library, fetcher: Fetcher, host: Host) -> None:
    await follow(library, fetcher, host)
    host.answers["/feed"] = lambda _: web.Response(status=503, headers={"Retry-After": "7200"})
    _, feed = await failing(library, fetcher)
    assert 7190 < feed.next_at - time.time() <= 7200


async def test_a_body_of_a_gigabyte_is_not_read(library: Library, fetcher: Fetcher, host: Host) -> None:
    await follow(library, fetcher, host)
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1024):
            await response.write(b" " * 2**20)
            sent += 1
        return response

    host.answers["/feed"] = endless
    said, _ = await failing(library, fetcher)
    assert said == "What is there is larger than 20 MB."
    assert sent < 64


async def test_a_slow_body_is_given_up(library: Library, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "IDLE_SECONDS", 0.3)

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss>")
        await asyncio.sleep(5)
        return response

    async with Fetcher.opened(private=True) as fetcher:
        await follow(library, fetcher, host)
        host.answers["/feed"] = slow
        said, _ = await failing(library, fetcher)
    assert "too slow" in said


async def test_a_feed_without_transcripts_is_refused(library: Library, fetcher: Fetcher, host: Host) -> None:
    for one in host.episodes:
        one.transcript = False
    with pytest.raises(FeedError, match="“The river” brings no transcripts"):
        await follow(library, fetcher, host)
    assert await library.feeds.listed(GUILD) == ()


async def test_a_feed_is_followed_once_and_only_so_many(library: Library, fetcher: Fetcher, host: Host) -> None:
    await follow(library, fetcher, host)
    with pytest.raises(FeedError, match="follows that feed already"):
        await follow(library, fetcher, host)
    (feed,) = await library.feeds.listed(GUILD)
    with pytest.raises(FeedError, match="doesn't follow"):
        await library.feeds.unfollow(OTHER_GUILD, feed.id)
    assert await library.feeds.listed(OTHER_GUILD) == ()
    await library.feeds.unfollow(GUILD, feed.id)
    library.feeds._limits = Limits(feeds=0)
    with pytest.raises(FeedError, match="the most it may"):
        await follow(library, fetcher, host)


async def test_the_transcripts_of_a_feed_that_is_no_longer_followed_stay(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host, include_recent=2)
    (feed,) = await library.feeds.listed(GUILD)
    await library.feeds.unfollow(GUILD, feed.id)
    assert (await library.page(GUILD)).total == 2


async def test_no_host_but_a_public_one_is_connected_to(library: Library, host: Host) -> None:
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await follow(library, fetcher, host)
    assert host.asked == []


async def test_a_name_that_leads_to_a_private_address_is_refused(
    library: Library, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(host.url("/").split(":")[2].strip("/"))
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [here])
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await library.feeds.follow(fetcher, GUILD, f"http://feeds.example.org:{port}/feed")
    assert host.asked == []


async def test_a_redirect_to_a_private_address_is_refused(
    library: Library, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    host.answers["/feed"] = lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.2/feed"})
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await follow(library, fetcher, host)
    assert host.asked == ["/feed"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False),
        ("172.16.0.1", False), ("169.254.1.1", False), ("100.64.0.1", False), ("0.0.0.0", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("224.0.0.1", False), ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("64:ff9b::808:808", True), ("240.0.0.1", False),
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet_are_told_apart(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("url", ["feed", "ftp://example.org/feed", "file:///etc/hostname", "http://localhost/feed"])
async def test_what_is_no_web_address_is_refused(library: Library, fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FeedError, match="isn't a web address"):
        await library.feeds.follow(fetcher, GUILD, url)


async def test_a_feed_goes_on_being_followed_after_a_restart(tmp_path: Path, fetcher: Fetcher, host: Host) -> None:
    async with Library.opened(tmp_path / "v.db") as library:
        await follow(library, fetcher, host)
    host.episodes.insert(0, Episode(3, "numbat"))
    async with Library.opened(tmp_path / "v.db") as library:
        assert titles(await look(library, fetcher)) == ["Episode 3 & more"]
