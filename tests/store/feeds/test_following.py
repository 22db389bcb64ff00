"""Feeds against a real server on this machine: what is fetched, ingested, tried again and refused."""

import asyncio
import time
from pathlib import Path

import pytest
from aiohttp import web

from store.errors import FeedError
from store.feeds import parsing
from store.feeds.addresses import normal, typed
from store.feeds.bringing import Looked
from store.feeds.fetching import Fetcher
from store.feeds.following import FIRST_RETRY
from store.library import Library
from store.models import Chapter, Followed, Limits, Outcome
from tests.store.builders import GUILD, OTHER_GUILD, owed, subscribe
from tests.store.feeds.host import Answer, Episode, Host, failing, follow, look, titles


async def test_new_episodes_are_ingested_with_all_that_the_feed_says(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await subscribe(library, 5)
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
    assert await owed(library) == [(5, entry.details.title)]
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
    await subscribe(library, 5)
    host.episodes[0].word, host.episodes[0].extra = "bilby", "<category>x</category>"
    looked = await look(library, fetcher)
    assert [done.outcome for done in looked.ingested] == [Outcome.REPLACED]
    assert await owed(library) == []


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
    await subscribe(library, 5)
    for one in host.episodes:
        one.guid = f"new-{one.number}"
    await look(library, fetcher)
    assert (await library.page(GUILD)).total == 1
    assert await owed(library) == []


async def test_an_episode_whose_transcript_cannot_be_read_holds_no_other_up_and_is_tried_again(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.answers["/2.vtt"] = lambda _: web.Response(text="<!DOCTYPE html><html></html>", content_type="text/html")
    looked = await follow(library, fetcher, host, include_recent=2)
    assert titles(looked) == ["Episode 1 & more"]
    assert [title for title, _ in looked.failed] == ["Episode 2 & more"]
    assert "is a web page" in str(looked.failed[0][1])
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


async def test_a_feed_without_transcripts_is_refused(library: Library, fetcher: Fetcher, host: Host) -> None:
    for one in host.episodes:
        one.transcript = False
    with pytest.raises(FeedError, match="“The river” publishes no transcripts in its feed; send them with `/ingest`"):
        await follow(library, fetcher, host)
    assert await library.feeds.listed(GUILD) == ()


NAMES_A_FEED = "<!doctype html><link rel=alternate type=application/rss+xml href='https://a.example.org/feed'>"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda _: web.Response(status=404), "There is nothing at that address (404); check it."),
        (lambda _: web.Response(status=410), "There is nothing at that address (410); check it."),
        (lambda _: web.Response(status=403), "The host answers 403 Forbidden; check the address."),
        (lambda _: web.Response(status=500), "The host answers 500 Internal Server Error; try again later."),
        (
            lambda _: web.Response(text=NAMES_A_FEED),
            "That is a web page, not a feed; give `https://a.example.org/feed` to `/follow add`.",
        ),
        (
            lambda request: web.Response(status=302, headers={"Location": request.path}),
            "The address leads in a circle of redirects; check the address, or try again later.",
        ),
    ],
)
async def test_who_adds_a_feed_that_cannot_be_had_is_told_what_to_do(
    library: Library, fetcher: Fetcher, host: Host, answer: Answer, says: str
) -> None:
    host.answers["/feed"] = answer
    with pytest.raises(FeedError) as caught:
        await follow(library, fetcher, host)
    assert str(caught.value) == says
    del host.answers["/feed"]
    await follow(library, fetcher, host)
    host.answers["/feed"] = answer
    said, _ = await failing(library, fetcher)  # of one that is followed there is nothing to check or give
    assert "check" not in said
    assert "/follow add" not in said


async def test_who_adds_a_feed_of_a_host_that_cannot_be_reached_is_told_to_check_it(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    assert host.server is not None
    await host.server.close()
    with pytest.raises(FeedError, match=r"^The host can't be reached; check the address, or try again later\.$"):
        await library.feeds.follow(fetcher, GUILD, "http://127.0.0.1:9/feed")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("example.org/feed", "https://example.org/feed"),
        (" example.org ", "https://example.org/"),
        ("example.org:8000/feed?a=b:c", "https://example.org:8000/feed?a=b:c"),
        ("feed://example.org/rss", "https://example.org/rss"),
        ("http://example.org/rss", "http://example.org/rss"),
        ("mailto:ada@example.org", None),
        ("the river podcast", None),
        ("feed", None),
        ("", None),
    ],
)
def test_an_address_is_read_without_its_scheme_too(text: str, address: str | None) -> None:
    assert typed(text) == address


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
    with pytest.raises(FeedError, match="switched off here"):
        await follow(library, fetcher, host)


async def test_the_transcripts_of_a_feed_that_is_no_longer_followed_stay(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host, include_recent=2)
    (feed,) = await library.feeds.listed(GUILD)
    await library.feeds.unfollow(GUILD, feed.id)
    assert (await library.page(GUILD)).total == 2


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


async def test_a_feed_is_known_under_each_way_to_write_its_address(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host)
    for url in (host.url("/feed") + "#x", host.url("/feed").replace("http://", " HTTP://")):
        with pytest.raises(FeedError, match="follows that feed already"):
            await library.feeds.follow(fetcher, GUILD, url)


@pytest.mark.parametrize(
    ("url", "normally"),
    [
        ("HTTPS://Example.ORG:443/Feed?A=b#c", "https://example.org/Feed?A=b"),
        ("http://example.org:80", "http://example.org/"),
        ("http://me:Word@Example.org:8080/Feed", "http://me:Word@example.org:8080/Feed"),
        ("https://[2606:4700::A]:443/feed", "https://[2606:4700::a]/feed"),
        ("https://example.org:80/feed", "https://example.org:80/feed"),
    ],
)
def test_an_address_is_written_in_one_way(url: str, normally: str) -> None:
    assert normal(url) == normal(normally) == normally


async def test_a_feed_that_is_followed_no_longer_is_not_looked_at(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host)
    (feed,) = await library.feeds.listed(GUILD)
    await library.feeds.unfollow(GUILD, feed.id)
    host.asked.clear()
    assert (await library.feeds.look(fetcher, feed)).ingested == []
    assert host.asked == []
    assert library.feeds._looking == {}


async def test_a_feed_that_is_unfollowed_during_a_look_leaves_nothing_behind(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host)
    host.episodes.insert(0, Episode(3, "numbat"))
    (feed,) = await library.feeds.listed(GUILD)

    async def unfollowed(_: web.Request) -> web.Response:
        await library.feeds.unfollow(GUILD, feed.id)
        return web.Response(text="WEBVTT\n\n00:01.000 --> 00:03.000\nthe numbat smiles\n")

    host.answers["/3.vtt"] = unfollowed
    await library.feeds.look(fetcher, feed)
    async with library._database.snapshot() as connection:
        assert list(await connection.execute_fetchall("SELECT * FROM episodes")) == []


async def test_a_server_that_is_erased_during_a_look_gets_nothing_of_it(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    await follow(library, fetcher, host)
    host.episodes.insert(0, Episode(3, "numbat"))
    (feed,) = await library.feeds.listed(GUILD)

    async def erased(_: web.Request) -> web.Response:
        await library.holdings.erase(GUILD)
        return web.Response(text="WEBVTT\n\n00:01.000 --> 00:02.000\nabout the numbat\n")

    host.answers["/3.vtt"] = erased
    assert (await library.feeds.look(fetcher, feed)).ingested == []
    assert await library.holdings.extent(GUILD) == {}


async def test_a_look_that_breaks_off_is_not_repeated_at_once(
    library: Library, fetcher: Fetcher, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    await follow(library, fetcher, host)
    async with library._database.transaction() as connection:
        await connection.execute("UPDATE feeds SET next_at = 0")
    monkeypatch.setattr(parsing, "parse", lambda *_: 1 // 0)
    host.episodes[0].extra = "<category>x</category>"
    with pytest.raises(ZeroDivisionError):
        await look(library, fetcher)
    assert await library.feeds.due() == ()
    (feed,) = await library.feeds.listed(GUILD)
    assert 0 < feed.next_at - time.time() <= FIRST_RETRY


async def test_a_feed_is_not_looked_at_while_it_begins_to_be_followed(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    due: list[Followed] = []
    looks: list[asyncio.Task[Looked]] = []

    async def asked(_: web.Request) -> web.Response:
        due.extend(await library.feeds.due())
        looks.append(asyncio.create_task(look(library, fetcher)))
        await asyncio.sleep(0.1)
        return web.Response(text="WEBVTT\n\n00:01.000 --> 00:03.000\nthe quokka smiles\n")

    host.answers["/2.vtt"] = asked
    assert titles(await follow(library, fetcher, host, include_recent=1)) == ["Episode 2 & more"]
    (one,) = looks
    assert (titles(await one), due) == ([], [])


async def test_a_recent_episode_that_failed_is_tried_again_where_the_feed_has_not_changed(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.answers["/2.vtt"] = lambda _: web.Response(status=404)
    assert len((await follow(library, fetcher, host, include_recent=1)).failed) == 1
    del host.answers["/2.vtt"]
    assert titles(await look(library, fetcher)) == ["Episode 2 & more"]


async def test_servers_that_follow_one_feed_have_each_their_own_transcripts(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.etags = False
    await follow(library, fetcher, host, include_recent=1)
    looked = await library.feeds.follow(fetcher, OTHER_GUILD, host.url("/feed"), include_recent=1)
    await library.remove(OTHER_GUILD, str(looked.ingested[0].entry.id))
    host.episodes[0].word = "bilby"
    assert titles(await library.feeds.look(fetcher, looked.feed)) == []
    assert [done.outcome for done in (await look(library, fetcher)).ingested] == [Outcome.REPLACED]
    assert ((await library.page(GUILD)).total, (await library.page(OTHER_GUILD)).total) == (1, 0)
