"""A stage for whole commands: the real bot on a real database file in a simulated Discord with two servers."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.client import Verbatim
from bot.config import Config
from bot.demo import LOCALE, localise
from store.feeds.fetching import Fetcher
from store.library import Library
from store.models import Limits

PROMPT = Config(pause_seconds=0, check_seconds=15, limits=Limits(questions=1000))
Raw = dict[str, Any]


@dataclass(slots=True)
class Server:
    """A simulated server with one channel, a moderator and a member."""

    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    moderator: simcord.MemberActor
    member: simcord.MemberActor


@dataclass(slots=True)
class Stage:
    """The bot as it runs, its library, and two servers that must know nothing of each other."""

    env: simcord.Env
    bot: Verbatim
    library: Library
    here: Server
    there: Server
    path: Path
    fetcher: Fetcher
    config: Config
    _stack: AsyncExitStack = field(repr=False)
    _locales: dict[str, str] = field(default_factory=dict)
    _communities: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        localise(self.env, lambda member: self._locales.get(member, LOCALE))
        self.env.backend.subscribers.insert(0, self._as_community)

    def speak(self, actor: simcord.MemberActor, locale: str) -> None:
        """Let an actor use Discord in another language from now on."""
        self._locales[str(actor.id)] = locale

    def speak_in(self, server: Server, locale: str) -> None:
        """Let a server be a Community in another language from now on, as its settings say."""
        self._communities.add(str(server.guild.id))
        self.env.backend.edit_guild(server.guild.id, {"preferred_locale": locale})

    def _as_community(self, event: str, payload: Mapping[str, Any]) -> None:
        """Let a server be a Community, of which the simulation knows none."""
        if event == "GUILD_UPDATE" and isinstance(payload, dict) and payload["id"] in self._communities:
            payload["features"] = ["COMMUNITY"]

    async def stop(self) -> None:
        """End the bot, as an operator does."""
        await self.bot.close()

    async def start(self, config: Config | None = None, kind: type[Library] = Library) -> None:
        """Start a new bot on the same database, as a new process would."""
        config = self.config = config or self.config
        self.library = await self._stack.enter_async_context(kind.opened(self.path, config.limits))
        self.bot = Verbatim(self.library, config, fetcher=self.fetcher)
        await self.env.restart_bot(self.bot)

    async def restart(self, config: Config | None = None, kind: type[Library] = Library) -> None:
        """Stop and start."""
        await self.stop()
        await self.start(config, kind)

    async def turn(self) -> None:
        """Let the delivery loop come round once more."""
        await self.env.advance_time(self.config.check_seconds + 1)

    def announced(self, channel: simcord.ChannelHandle, *, viewer: simcord.MemberActor | None = None) -> list[str]:
        """Return the titles announced in a channel, each in a message of its own, as a member sees them."""
        own = [found for found in channel.history(viewer=viewer) if found.author == self.bot.user]
        texts = [text(message) for message in own]
        return [title_of(said) for said in texts if said.startswith("### ")]

    def requests(self, method: str, ending: str) -> list[Raw]:
        """Return the bodies of the bot's requests whose path ends so."""
        return [
            {"path": entry.path, "json": entry.json}
            for entry in self.env.http_requests
            if entry.method == method and entry.path.endswith(ending)
        ]

    def sent(self, channel: simcord.ChannelHandle) -> list[Raw]:
        """Return the bodies of the bot's attempts to post in a channel, also the refused ones."""
        return [body["json"] for body in self.requests("POST", f"/channels/{channel.id}/messages")]


@asynccontextmanager
async def staged(path: Path, *, config: Config = PROMPT, kind: type[Library] = Library) -> AsyncIterator[Stage]:
    """Start the bot with the database at `path` in a simulated Discord."""
    async with AsyncExitStack() as stack:
        library = await stack.enter_async_context(kind.opened(path, config.limits))
        fetcher = await stack.enter_async_context(Fetcher.opened(private=True))
        bot = Verbatim(library, config, fetcher=fetcher)
        # Not `simcord.run`: it sets context variables, and a fixture's two halves run in different contexts.
        env = simcord.Env(bot, settle_timeout=20, check_errors=False)
        await env.start()
        stack.push_async_callback(env.shutdown)
        here, there = _server(env, "here"), _server(env, "there")
        stage = Stage(env, bot, library, here, there, path, fetcher, config, stack)
        yield stage


def _server(env: simcord.Env, name: str) -> Server:
    guild = env.create_guild(name)
    role = guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
    return Server(
        guild,
        guild.create_text_channel(f"talks-{name}"),
        guild.add_member(env.create_user(f"mod-{name}"), roles=[role]),
        guild.add_member(env.create_user(f"member-{name}")),
    )


def transcript(
    *lines: str,
    title: str = "How bread rises",
    url: str | None = "https://www.youtube.com/watch?v=bread-rises",
    extra: str = "",
) -> bytes:
    """Write a transcript file of lines such as `[0:07] the words that were said`."""
    head = [f'title: "{title}"', *([f'video_url: "{url}"'] if url else []), *([extra] if extra else [])]
    return "\n".join(["---", *head, "---", "", *(f"- {line}" for line in lines), ""]).encode()


BREAD = transcript(
    "[0:00] welcome back to the bakery",
    "[0:07] the yeast eats the sugar and breathes out gas",
    "[1:05] so the dough doubles in about an hour",
    extra='speaker: "Ada Miller"\ndate: "2025-03-01"\nduration: "00:02:00"\ntags: ["baking", "yeast"]',
)
TIDES = transcript(
    "[0:00] the moon pulls the sea towards it",
    "[0:31] spring tides come at full and new moon",
    title="Why there are tides",
    url="https://www.youtube.com/watch?v=why-tides-1",
)


def components(message: ResponseMessage | discord.Message | None) -> list[Raw]:
    """Return every component of a message, containers and sections opened."""
    assert message is not None, "there is no message"
    raw = message.components if isinstance(message, ResponseMessage) else [c.to_dict() for c in message.components]
    return list(_walk([dict(found) for found in raw]))


def _walk(found: Iterable[Raw]) -> Iterable[Raw]:
    for component in found:
        yield component
        yield from _walk(component.get("components", []))
        if accessory := component.get("accessory"):
            yield from _walk([accessory])


def text(message: ResponseMessage | discord.Message | None) -> str:
    """Return all texts of a message."""
    return "\n".join(found["content"] for found in components(message) if found["type"] == 10)


def buttons(message: ResponseMessage | discord.Message | None) -> list[Raw]:
    """Return the buttons of a message that say what they do."""
    return [found for found in components(message) if found["type"] == 2 and "label" in found]


def votes(message: ResponseMessage | discord.Message | None) -> dict[str, str]:
    """Return the custom ids of the buttons of a message that are a sign alone."""
    every = (found for found in components(message) if found["type"] == 2 and "emoji" in found)
    return {found["emoji"]["name"]: found["custom_id"] for found in every}


def links(message: ResponseMessage | discord.Message | None) -> dict[str, str]:
    """Return the addresses of a message's link buttons by label."""
    return {found["label"]: found["url"] for found in buttons(message) if "url" in found}


def moments(message: ResponseMessage | discord.Message | None) -> dict[str, str]:
    """Return the addresses of the links in a message's text by what they are written as."""
    return dict(re.findall(r"\[([^\]]*)\]\((https?://[^)]*)\)", text(message)))


def title_of(announcement: str) -> str:
    """Return the title in the text of an announcement, below its heading."""
    return announcement.splitlines()[1].strip("*").removeprefix("[").partition("](")[0]


def shown(result: InteractionResult) -> str:
    """Return the text that an interaction was answered with, whichever way."""
    messages = [result.response, *result.followups]
    return "\n".join(text(message) for message in messages if message is not None)
