"""The same bot in a simulated Discord, shown in the browser: no account, no token, nothing leaves this machine.

Everything on the page went the way it goes on Discord: the answer was asked for with a slash command, and the
announcement was owed to a subscription and delivered by the loop.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import discord
import simcord
from tqdm import tqdm

from bot.client import Verbatim
from bot.config import Config
from bot.ending import Ending
from bot.errors import RunError
from cogs.replies import show_error
from store.index.reindexing import Reindex
from store.library import Library

GUILD_ID = 100_000_000_000_000_001  # the same at each start, so that a kept database is found again
ANNOUNCED = "lighthouse-keepers.md"
QUESTION = "why did the keepers use mercury, and what did it do to them?"
QUESTIONS = {"ja": "灯台守はなぜ水銀を使ったのですか？"}  # of those who use Discord in another language
LOCALE = "en-US"
_WELCOME = """\
Verbatim's demo is open at

    {url}

You look over the moderator's shoulder; "Viewing as" changes to a member, who may not /ingest or /subscribe.
Type a command in the box below the messages, pick it from the list, fill in its options, press the arrow:

    /ask question: how was the Fresnel lens different
    /ask question: 町家の土壁はどうやって直しますか
    /ask question: 灯台守はなぜ水銀を使ったのですか
    /ingest file: a transcript of your own
    /mentions words: water
    /subscribe matching: water include_recent: 3
    /library

{kept}Ctrl-C ends the demo."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The simulated server in which the demo plays."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    moderator: simcord.MemberActor
    member: simcord.MemberActor


async def demo(config: Config, *, port: int, database: Path | None, locale: str, ending: Ending) -> int:
    """Play the demo, for members who use Discord in `locale`, until it is told to end; return the exit status.

    Raises:
        RunError: the port is taken.
    """
    interrupted = asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.enter_context(ending.listening(interrupted.set))
        stage = await stack.enter_async_context(staged(config, database, locale=locale))
        try:
            async with stage.env.preview(
                stage.channel, viewers=[stage.moderator, stage.member], layout="channel", port=port
            ) as preview:
                kept = f"The database is kept in {database}. " if database else ""
                print(_WELCOME.format(url=preview.url, kept=kept), flush=True)  # noqa: T201 - the operator's face
                await interrupted.wait()
        except simcord.SetupError as error:
            raise RunError(f"The demo's page can't be opened: {error}; choose another port with --port.") from error
    print("\nThe demo has ended.", flush=True)  # noqa: T201 - likewise
    return 0


@asynccontextmanager
async def staged(config: Config, database: Path | None, *, locale: str = LOCALE) -> AsyncIterator[Stage]:
    """Start the bot in a simulated server with the samples ingested, one question asked, one notification sent."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="verbatim-")))
        path = database or folder / "demo.db"
        opened = Library.opened(path, config.limits, reindex=Reindex.MEANWHILE, encoder=config.encoder)
        library = await stack.enter_async_context(opened)
        await _ingest_samples(library)
        bot = Verbatim(library, replace(config, guilds=(), pause_seconds=0))
        env = await stack.enter_async_context(simcord.run(bot, settle_timeout=30, check_errors=False))
        bot.tree.error(show_error)  # or the page would take each polite refusal for a crash of the bot
        assert bot.user is not None
        await bot.user.edit(username="Verbatim")
        localise(env, lambda _member: locale)
        guild = env.create_guild("The Listening Room", id=GUILD_ID, preferred_locale=locale)
        channel = guild.create_text_channel("transcripts")
        role = guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
        moderator = guild.add_member(env.create_user("mara", global_name="Mara (moderator)"), roles=[role])
        member = guild.add_member(env.create_user("finn", global_name="Finn (member)"))
        await moderator.slash(channel, "subscribe")
        sample = resources.files("bot") / "samples" / ANNOUNCED
        await moderator.slash(channel, "ingest", file=(ANNOUNCED, sample.read_bytes()))
        await member.slash(channel, "ask", question=QUESTIONS.get(locale, QUESTION))
        yield Stage(env, channel, moderator, member)


def localise(env: simcord.Env, locale_of: Callable[[str], str]) -> None:
    """Let each member of a simulation, by id, use Discord in a language of their own: it knows one alone."""

    def arrives(event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE" and isinstance(payload, dict):
            user = payload["member"]["user"] if "member" in payload else payload["user"]
            payload["locale"] = locale_of(user["id"])
            if "guild_id" in payload:
                payload["guild_locale"] = env.backend.get_guild(int(payload["guild_id"])).preferred_locale

    env.backend.subscribers.insert(0, arrives)  # before the bot's gateway


async def _ingest_samples(library: Library) -> None:
    """Ingest every sample but the one to be announced, which a kept database may have from the last time."""
    samples = sorted((resources.files("bot") / "samples").iterdir(), key=lambda sample: sample.name)
    for sample in tqdm(samples, desc="Ingesting samples", unit=" files", leave=False):
        done = await library.ingest(GUILD_ID, sample.read_bytes(), sample.name, announce=False)
        if sample.name == ANNOUNCED:
            await library.remove(GUILD_ID, str(done.entry.id))
