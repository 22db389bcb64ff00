"""Discord's REST interface on this machine, as far as the doctor asks it; the real discord.py speaks to it."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from typing import Any

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

APPLICATION = 123_456_789_012_345_678
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"  # of that application, and no real one
ROLE = 77
ROOT = "/api/v10"
THREAD = 11
Raw = dict[str, Any]


PERMITTED = discord.Permissions(
    view_channel=True, send_messages=True, read_message_history=True, send_messages_in_threads=True
)


@dataclass
class Discord:
    """What it answers: servers with their channels by id, commands by scope, and what it refuses.

    `off` are the seconds by which its clock is ahead of this machine's.
    """

    servers: dict[int, dict[int, Raw]] = field(default_factory=dict)
    rights: discord.Permissions = PERMITTED
    commands: dict[int, list[str]] = field(default_factory=lambda: {0: ["ask", "help"]})
    refused: dict[str, int] = field(default_factory=dict)  # a status for paths that end so
    off: float = 0.0
    asked: list[str] = field(default_factory=list)

    def channel(self, guild: int, id_: int, name: str, **more: object) -> None:
        """Make a channel, or a thread of another one."""
        made: Raw = {"id": str(id_), "type": 0, "name": name, "position": 0, "guild_id": str(guild)}
        made |= {"permission_overwrites": [], "nsfw": False, "parent_id": None, **more}
        self.servers.setdefault(guild, {})[id_] = made

    def thread(self, guild: int, id_: int, parent: int) -> None:
        """Make a thread in a channel."""
        metadata = {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00+00:00"}
        more = {
            "owner_id": "5",
            "message_count": 1,
            "member_count": 1,
            "thread_metadata": {**metadata, "locked": False},
        }
        self.channel(guild, id_, "a-thread", type=THREAD, parent_id=str(parent), **more)

    @property
    def bodies(self) -> dict[str, Callable[[int], Raw | list[Raw] | None]]:
        """What is answered, by the path, with the `{id}` in it."""
        me = {"user": user(APPLICATION, "verbatim"), "roles": [str(ROLE)], "joined_at": None, "flags": 0}
        every = {id_: one for held in self.servers.values() for id_, one in held.items()}
        return {
            "/users/@me": lambda _: user(APPLICATION, "verbatim"),
            "/oauth2/applications/@me": lambda _: application(),
            "/users/@me/guilds": lambda after: [guild(id_, self.rights) for id_ in sorted(self.servers) if id_ > after],
            "/applications/{app}/commands": lambda _: list(map(command, self.commands.get(0, ()))),
            "/applications/{app}/guilds/{id}/commands": lambda id_: list(map(command, self.commands.get(id_, ()))),
            "/guilds/{id}": lambda id_: guild(id_, self.rights),
            "/guilds/{id}/members/{member}": lambda _: me,
            "/guilds/{id}/channels": lambda id_: [one for one in self.servers[id_].values() if one["type"] != THREAD],
            "/channels/{id}": every.get,
        }

    async def answer(self, path: str, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.asked.append(request.path)
        status = next((status for ending, status in self.refused.items() if request.path.endswith(ending)), 200)
        body: object = {"code": 0, "message": "no"}
        id_ = int(request.match_info.get("id", request.query.get("after", 0)))
        if status == 200 and (body := self.bodies[path](id_)) is None:
            status, body = 404, {"code": 10003, "message": "Unknown Channel"}
        date = formatdate(time.time() + self.off, usegmt=True)
        packed = json.dumps(body).encode()  # discord.py doesn't take a type with a charset for JSON
        return web.Response(body=packed, content_type="application/json", status=status, headers={"Date": date})


@asynccontextmanager
async def answering(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    """Let discord.py speak to it."""
    made = Discord()
    app = web.Application()
    for path in made.bodies:
        app.router.add_get(f"{ROOT}{path}", partial(made.answer, path))
    async with TestServer(app, host="127.0.0.1") as server:
        monkeypatch.setattr(discord.http.Route, "BASE", str(server.make_url("/api/v10")))
        yield made


def user(id_: int, name: str) -> Raw:
    return {"id": str(id_), "username": name, "discriminator": "0", "avatar": None, "bot": True, "global_name": None}


def application() -> Raw:
    about: Raw = {"id": str(APPLICATION), "name": "Verbatim", "description": "", "icon": None, "bot_public": True}
    about |= {"bot_require_code_grant": False, "verify_key": "", "summary": "", "flags": 0, "team": None}
    return {**about, "owner": user(5, "operator")}


def command(name: str) -> Raw:
    return {
        "id": str(abs(hash(name)) % 10**17 + 1),
        "application_id": str(APPLICATION),
        "name": name,
        "description": name,
        "type": 1,
        "version": "1",
        "default_member_permissions": None,
        "options": [],
    }


def guild(id_: int, rights: discord.Permissions) -> Raw:
    return {
        "id": str(id_),
        "name": f"Room {id_}",
        "owner_id": "5",
        "roles": [role(id_, "@everyone", discord.Permissions.none()), role(ROLE, "Verbatim", rights), role(78, "News")],
        "emojis": [],
        "stickers": [],
        "features": [],
        "icon": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "verification_level": 0,
        "nsfw_level": 0,
    }


def role(id_: int, name: str, rights: discord.Permissions | None = None) -> Raw:
    return {
        "id": str(id_),
        "name": name,
        "permissions": str((rights or discord.Permissions.none()).value),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
    }
