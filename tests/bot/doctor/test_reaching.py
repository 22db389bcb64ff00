"""What the doctor hears from Discord, over REST alone, from a Discord on this machine."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.config import Config
from bot.doctor import reaching
from bot.doctor.finding import Finding, Level
from store.library import Library
from store.models import Wanted
from store.upkeep.examining import Examined, examine
from tests.bot.doctor.rest import APPLICATION, PERMITTED, ROLE, TOKEN, Discord, answering
from tests.store.builders import video_file

ROOM, OTHER_ROOM = 1001, 1002
NEWS, THREAD, VOICE = 2001, 2002, 2003
CONFIG = Config(token=TOKEN)


@pytest.fixture
async def remote(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    async with answering(monkeypatch) as made:
        made.channel(ROOM, NEWS, "news")
        yield made


async def heard(config: Config = CONFIG, examined: Examined | None = None) -> list[Finding]:
    return [one async for one in reaching.reaching(config, examined)]


async def subscribed(path: Path, channel: int = NEWS, **wanted: Any) -> Examined:
    """Examine a database with one subscription."""
    async with Library.opened(path) as library:
        await library.notifications.subscribe(ROOM, channel, Wanted(**wanted), name="talks")
    return examine(path)


def about(found: list[Finding], subject: str) -> Finding:
    (one,) = [one for one in found if one.subject.startswith(subject)]
    return one


async def test_where_all_is_well_each_line_says_so_and_no_gateway_is_opened(remote: Discord, path: Path) -> None:
    examined = await subscribed(path)
    found = await heard(examined=examined)
    assert {one.level for one in found} == {Level.OK}
    assert [one.subject for one in found] == [
        "token",
        "clock",
        "commands",
        f"server Room {ROOM} ({ROOM})",
        f"subscription talks (Room {ROOM})",
    ]
    assert about(found, "token").said == f"Discord takes it: the bot is verbatim ({APPLICATION})."
    assert about(found, "commands").said == "Registered everywhere: 2 commands."
    assert about(found, "subscription").said == "The bot may post in #news."
    assert not any("gateway" in path for path in remote.asked)


async def test_without_a_token_discord_is_not_asked(remote: Discord) -> None:
    (one,) = await heard(Config())
    assert (one.level, one.subject) == (Level.WARNING, "Discord")
    assert remote.asked == []


async def test_a_token_that_discord_refuses_is_wrong(remote: Discord) -> None:
    remote.refused["/users/@me"] = 401
    (one,) = await heard()
    assert (one.level, one.subject, one.said) == (Level.WRONG, "token", "Discord refuses it.")


async def test_a_discord_that_cannot_be_reached_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api/v10")
    (one,) = await heard()
    assert (one.level, one.subject) == (Level.WRONG, "Discord")
    assert one.said.startswith("It can't be reached, so what only Discord knows isn't looked at: Cannot connect")


async def test_a_discord_that_never_answers_is_not_waited_for_for_ever(
    remote: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "PATIENCE", 0.05)
    remote.refused["/users/@me"] = 502  # which discord.py tries again, later and later
    (one,) = await heard()
    assert (one.level, one.subject) == (Level.WRONG, "Discord")
    assert one.said.endswith(": it didn't answer within 0.05 s.")


@pytest.mark.parametrize(
    ("off", "said"), [(-90, "It is 90 s ahead of Discord's."), (60, "It is 60 s behind Discord's.")]
)
async def test_a_clock_that_is_off_is_a_warning(
    remote: Discord, monkeypatch: pytest.MonkeyPatch, off: float, said: str
) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    remote.off = off
    assert about(await heard(), "clock") == Finding(
        Level.WARNING, "clock", said, "Let it be set by the network: `timedatectl set-ntp true`."
    )


async def test_commands_that_are_not_registered_yet_or_elsewhere_too_are_warnings(remote: Discord, path: Path) -> None:
    async with Library.opened(path) as library:
        await library.commands_synced(APPLICATION, 0, "digest")
        await library.commands_synced(APPLICATION, OTHER_ROOM, "digest")
    remote.commands = {0: [], OTHER_ROOM: ["ask"]}
    found = [one for one in await heard(examined=examine(path)) if one.subject == "commands"]
    assert [(one.level, one.said) for one in found] == [
        (Level.WARNING, "None is registered everywhere."),
        (Level.WARNING, f"Registered in server {OTHER_ROOM}, where none is configured: 1 command."),
    ]


async def test_commands_of_a_server_that_the_bot_is_not_in_are_wrong(remote: Discord) -> None:
    remote.refused[f"/guilds/{OTHER_ROOM}/commands"] = 403
    remote.commands = {}
    found = [one for one in await heard(replace(CONFIG, guilds=(OTHER_ROOM,))) if one.subject == "commands"]
    assert [(one.level, one.said) for one in found] == [
        (Level.WRONG, f"None can be registered in server {OTHER_ROOM}: the bot isn't in it.")
    ]


async def test_a_bot_in_no_server_is_told_how_to_invite_it(remote: Discord) -> None:
    remote.servers.clear()
    one = about(await heard(), "servers")
    assert one.level is Level.WARNING
    assert f"client_id={APPLICATION}&scope=bot+applications.commands&permissions=274877975552" in one.todo


async def test_a_server_in_which_permissions_lack_is_a_warning(remote: Discord) -> None:
    remote.rights = discord.Permissions(view_channel=True)
    one = about(await heard(), "server ")
    assert one.level is Level.WARNING
    assert one.said == "The bot lacks Send Messages, Read Message History, but for channels that give it."
    assert one.todo == "In Server Settings → Roles give the bot's role Send Messages, Read Message History."


async def test_a_server_that_the_bot_has_left_but_keeps_transcripts_of_is_a_warning(
    remote: Discord, path: Path
) -> None:
    assert OTHER_ROOM not in remote.servers
    async with Library.opened(path) as library:
        await library.ingest(OTHER_ROOM, video_file("a", "the mill"), "a.md")
        await library.ingest(ROOM, video_file("a", "the mill"), "a.md")
    one = about(await heard(examined=examine(path)), f"server {OTHER_ROOM}")
    assert (one.level, one.said) == (
        Level.WARNING,
        "The database has 1 of its transcripts, but the bot isn't in it.",
    )


async def test_a_server_that_fails_does_not_hide_the_others(remote: Discord) -> None:
    remote.channel(OTHER_ROOM, 3001, "news")
    remote.refused[f"/guilds/{OTHER_ROOM}"] = 404
    found = await heard()
    assert about(found, f"server {OTHER_ROOM}").level is Level.WARNING
    assert about(found, f"server Room {ROOM}").level is Level.OK


def denied(**rights: bool) -> list[dict[str, Any]]:
    """Take permissions from the bot's role in a channel."""
    return [{"id": str(ROLE), "type": 0, "allow": "0", "deny": str(discord.Permissions(**rights).value)}]


@pytest.mark.parametrize(
    ("rights", "level", "said"),
    [
        ({"send_messages": True}, Level.WRONG, "In #news the bot lacks Send Messages: nothing is announced there."),
        (
            {"read_message_history": True},
            Level.WARNING,
            "In #news the bot lacks Read Message History: after a crash it may announce something twice.",
        ),
    ],
)
async def test_a_channel_in_which_a_permission_lacks_is_named_with_it(
    remote: Discord, path: Path, rights: dict[str, bool], level: Level, said: str
) -> None:
    remote.channel(ROOM, NEWS, "news", permission_overwrites=denied(**rights))
    one = about(await heard(examined=await subscribed(path)), "subscription")
    assert (one.level, one.said) == (level, said)
    assert one.todo.startswith("In the settings of #news, Permissions, give the bot ")


async def test_a_channel_that_is_gone_or_hidden_is_wrong(remote: Discord, path: Path) -> None:
    del remote.servers[ROOM][NEWS]
    examined = await subscribed(path)
    assert about(await heard(examined=examined), "subscription").said == "Its channel is gone."
    remote.refused[f"/channels/{NEWS}"] = 403
    one = about(await heard(examined=examined), "subscription")
    assert (one.level, one.said) == (Level.WRONG, "Its channel is hidden from the bot.")


async def test_a_channel_that_takes_no_posts_is_wrong(remote: Discord, path: Path) -> None:
    remote.channel(ROOM, VOICE, "voices", type=2, bitrate=64000, user_limit=0, rtc_region=None)
    one = about(await heard(examined=await subscribed(path, VOICE)), "subscription")
    assert (one.level, one.said) == (Level.WRONG, "voices takes no posts.")


async def test_a_thread_may_be_posted_in_by_what_its_channel_gives(remote: Discord, path: Path) -> None:
    remote.thread(ROOM, THREAD, NEWS)
    examined = await subscribed(path, THREAD)
    assert about(await heard(examined=examined), "subscription").said == "The bot may post in #a-thread."
    remote.channel(ROOM, NEWS, "news", permission_overwrites=denied(send_messages_in_threads=True))
    one = about(await heard(examined=examined), "subscription")
    assert (one.level, one.said) == (
        Level.WRONG,
        "In #a-thread the bot lacks Send Messages in Threads: nothing is announced there.",
    )


async def test_a_role_that_is_gone_or_may_not_be_pinged_is_a_warning(remote: Discord, path: Path) -> None:
    found = await heard(examined=await subscribed(path, mention=78))
    assert [one.level for one in found if one.subject.startswith("subscription")] == [Level.OK, Level.WARNING]
    assert found[-1].said == "In #news the bot may not ping News."
    remote.rights = PERMITTED | discord.Permissions(mention_everyone=True)
    found = await heard(examined=examine(path))
    assert [one.level for one in found if one.subject.startswith("subscription")] == [Level.OK]
    async with Library.opened(path) as library:
        (one,) = await library.notifications.listed(ROOM)
        await library.notifications.change(one, replace(one.wanted, mention=79))
    assert (await heard(examined=examine(path)))[-1].said == "The role that it pings is gone."


@pytest.mark.usefixtures("remote")
async def test_a_subscription_that_is_paused_is_well(path: Path) -> None:
    async with Library.opened(path) as library:
        one, _ = await library.notifications.subscribe(ROOM, NEWS, name="talks")
        await library.notifications.pause(ROOM, one.id, paused=True)
    found = about(await heard(examined=examine(path)), "subscription")
    assert (found.level, found.said) == (Level.OK, "It is paused; the bot may post in #news.")
