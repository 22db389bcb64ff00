"""/follow: a podcast's feed from a server on this machine, followed in a simulated Discord."""

import logging
from collections.abc import AsyncIterator

import pytest
import simcord
from aiohttp import web
from aiohttp.test_utils import TestServer

from cogs.following import LOOK_SECONDS
from store.feeds import following
from tests.cogs.stage import Stage, shown, text

VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nthe quokka smiles in part {number}\n"
SPACE = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'


class Host:
    """A podcast's host, with so many episodes; or one that is broken."""

    def __init__(self) -> None:
        self.episodes = 2
        self.broken = False
        self.title = "The *river*"
        self.links = False
        self.gone: set[str] = set()
        self.server: TestServer | None = None

    def url(self, path: str) -> str:
        assert self.server is not None
        return str(self.server.make_url(path))

    async def answer(self, request: web.Request) -> web.Response:
        if self.broken:
            return web.Response(status=500)
        if request.path in self.gone:
            return web.Response(status=404)
        if request.path != "/feed":
            return web.Response(text=VTT.format(number=request.path.strip("/")))
        items = "".join(
            f"<item><guid>{at}</guid><title>Part {at}</title>"
            f"<link>{self.url(f'/page/{at}') if self.links else ''}</link>"
            f"<podcast:transcript url='{self.url(f'/{at}')}' type='text/vtt'/></item>"
            for at in range(self.episodes, 0, -1)
        )
        about = f"<title>{self.title}</title>"
        return web.Response(text=f"<rss version='2.0' {SPACE}><channel>{about}{items}</channel></rss>")


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    monkeypatch.setattr(following, "APART_SECONDS", 0.0)
    found = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", found.answer)
    found.server = TestServer(app, host="127.0.0.1")
    async with found.server:
        yield found


async def follow(stage: Stage, command: str, **options: object) -> str:
    return shown(await stage.here.moderator.slash(stage.here.channel, f"follow {command}", **options))


async def test_a_podcast_is_followed_and_its_new_episodes_are_announced(stage: Stage, host: Host) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    said = await follow(stage, "add", feed=host.url("/feed"), include_recent=1)
    assert said == (
        "**The \\*river\\*** is followed: new episodes with a transcript are ingested and announced.\n- new: Part 2"
    )
    host.episodes = 3
    assert await follow(stage, "check-now", feed="The *river*") == "**The \\*river\\***\n- new: Part 3"
    assert await follow(stage, "check-now", feed="1") == "**The \\*river\\***\nThere is nothing new."
    await stage.turn()
    announced = stage.here.channel.history(viewer=stage.here.member)
    assert [text(one).split("\n")[1] for one in announced] == ["**Part 2**", "**Part 3**"]
    listed = await follow(stage, "list")
    assert "- **The \\*river\\*** · 2 episodes ingested · looked at <t:" in listed
    offered = await stage.here.moderator.autocomplete(stage.here.channel, "follow remove", "feed", "riv")
    assert [one["name"] for one in offered] == ["The *river*"]
    assert await follow(stage, "remove", feed="1") == "**The \\*river\\*** is followed no longer; its transcripts stay."
    assert "No podcast is followed yet" in await follow(stage, "list")
    assert (await stage.library.page(stage.here.guild.id)).total == 2
    assert not stage.env.errors


async def test_the_loop_looks_at_feeds_when_their_hour_has_come(stage: Stage, host: Host) -> None:
    await follow(stage, "add", feed=host.url("/feed"))
    host.episodes = 3
    async with stage.library._database.transaction() as connection:
        await connection.execute("UPDATE feeds SET next_at = 0")
    await stage.env.advance_time(LOOK_SECONDS + 1)
    page = await stage.library.page(stage.here.guild.id)
    assert [entry.details.title for entry in page.entries] == ["Part 3"]


async def test_a_feed_that_goes_on_failing_is_told_of_once_and_kept(stage: Stage, host: Host) -> None:
    await follow(stage, "add", feed=host.url("/feed"))
    host.broken = True
    for _ in range(5):
        async with stage.library._database.transaction() as connection:
            await connection.execute("UPDATE feeds SET next_at = 0")
        await stage.env.advance_time(LOOK_SECONDS + 1)
    (told,) = stage.here.channel.history(viewer=stage.here.member)
    assert text(told).startswith(
        "The podcast **The \\*river\\*** can't be read: The host answers 500 Internal Server Error. It is tried again"
    )
    assert "-# failing: The host answers 500 Internal Server Error; tried again <t:" in await follow(stage, "list")
    assert "The host answers 500" in await follow(stage, "check-now", feed="1")


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("add", {"feed": "feed"}, "That isn't a web address"),
        ("remove", {"feed": "zeppelin"}, "This server doesn't follow that feed"),
        ("check-now", {"feed": "99"}, "This server doesn't follow that feed"),
    ],
)
async def test_what_cannot_be_followed_is_a_sentence(
    stage: Stage, command: str, options: dict[str, str], sentence: str
) -> None:
    assert sentence in await follow(stage, command, **options)


async def test_another_servers_feeds_are_unknown_and_members_may_follow_none(stage: Stage, host: Host) -> None:
    await follow(stage, "add", feed=host.url("/feed"))
    theirs = await stage.there.moderator.slash(stage.there.channel, "follow remove", feed="1")
    assert "This server doesn't follow that feed" in shown(theirs)
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, "follow list")


async def test_what_moderators_removed_stays_removed_and_is_counted(stage: Stage, host: Host) -> None:
    await follow(stage, "add", feed=host.url("/feed"), include_recent=2)
    newest = (await stage.library.page(stage.here.guild.id)).entries[0]
    await stage.library.remove(stage.here.guild.id, str(newest.id))
    assert await follow(stage, "check-now", feed="1") == "**The \\*river\\***\nThere is nothing new."
    assert " · 1 episode ingested · 1 removed since · looked at" in await follow(stage, "list")


async def test_a_look_says_what_was_skipped_what_stays_and_what_failed(stage: Stage, host: Host) -> None:
    given = {"video_url": host.url("/page/2"), "title": "Part 2"}
    await stage.library.ingest(stage.here.guild.id, b"- [0:01] the careful words", "a.md", given=given, by=5)
    host.links = True
    said = await follow(stage, "add", feed=host.url("/feed"), include_recent=2)
    assert said.endswith("\n- new: Part 1\n- skipped: Part 2: already here, ingested by a moderator")
    host.gone.add("/1")
    said = await follow(stage, "check-now", feed=host.url("/feed").replace("http", "HTTP") + "#x")
    assert said.endswith("\n- kept, but can't be read again: Part 1: The host answers 404 Not Found.")
    host.episodes = 20
    host.gone |= {f"/{number}" for number in range(30)}
    said = await follow(stage, "check-now", feed="1")
    assert said.count("- not ingested: Part ") == 8
    assert said.endswith("\n- and 10 more that were not ingested")
    listed = await follow(stage, "list")
    assert "\n-# 18 episodes can't be read: The host answers 404 Not Found; tried again <t:" in listed.replace("  ", "")


async def test_the_log_counts_the_episodes_that_cannot_be_read_and_names_none(
    stage: Stage, host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    await follow(stage, "add", feed=host.url("/feed"))
    host.episodes = 4
    host.gone |= {"/3", "/4"}
    (feed,) = await stage.library.feeds.listed(stage.here.guild.id)
    caplog.set_level(logging.INFO, "cogs")
    async with stage.library._database.transaction() as connection:
        await connection.execute("UPDATE feeds SET next_at = 0")
    await stage.env.advance_time(LOOK_SECONDS + 1)
    said = [record.getMessage() for record in caplog.records if record.name == "cogs.following"]
    assert said == [f"Of feed {feed.id}, episodes that can't be read: 2"]


async def test_a_feed_is_chosen_by_its_id_before_it_is_by_its_title(stage: Stage, host: Host) -> None:
    host.title = "2"
    await follow(stage, "add", feed=host.url("/feed"))
    host.title = "Second"
    await follow(stage, "add", feed=host.url("/feed?x"))
    assert (await follow(stage, "remove", feed="2")).startswith("**Second** is followed no longer")
    assert (await follow(stage, "remove", feed="2")).startswith("**2** is followed no longer")


async def test_the_feeds_of_a_server_without_the_bot_wait(
    stage: Stage, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    await follow(stage, "add", feed=host.url("/feed"))
    host.episodes = 3
    async with stage.library._database.transaction() as connection:
        await connection.execute("UPDATE feeds SET next_at = 0")
    with monkeypatch.context() as gone:
        gone.setattr(type(stage.bot), "get_guild", lambda *_: None)
        await stage.env.advance_time(LOOK_SECONDS + 1)
    assert (await stage.library.page(stage.here.guild.id)).total == 0
    await stage.env.advance_time(LOOK_SECONDS + 1)
    assert (await stage.library.page(stage.here.guild.id)).total == 1
