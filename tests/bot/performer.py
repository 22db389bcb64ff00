"""A process in which the bot runs as `run` lets it, in a simulated Discord, busy with something until it is ended.

`python -m tests.bot.performer DATABASE WHAT` writes “busy” when it is.
"""

import asyncio
import sys
from pathlib import Path
from unittest import mock

import discord
import simcord

from bot import client
from bot.config import Config
from bot.ending import Ending
from tests.cogs.stage import BREAD
from tests.store.builders import ENGLISH, video_file

CUES = 20_000
NEW = video_file("new", "the baker slept")


def large() -> bytes:
    """A file that takes seconds to read and to write."""
    return video_file("large", *(f"{' '.join(ENGLISH[at % 7 :])} {at}" for at in range(CUES)))


def busy() -> None:
    """Say so."""
    sys.stdout.write("busy\n")
    sys.stdout.flush()


async def hanging(*_: object, **__: object) -> None:
    """Answer never, as a network that drops everything."""
    busy()
    await asyncio.Event().wait()


class Performer(client.Verbatim):
    """The bot, that starts in a simulated Discord."""

    what = ""

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Start, and begin what it shall be busy with."""
        del token, reconnect
        env = simcord.Env(self, settle_timeout=60, check_errors=False)
        await env.start()
        guild = env.create_guild("here")
        channel = guild.create_text_channel("talks")
        role = guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
        moderator = guild.add_member(env.create_user("mod"), roles=[role])
        await moderator.slash(channel, "ingest", file=("bread.md", BREAD))
        match self.what:
            case "ingesting":
                data = large()
                busy()
                await moderator.slash(channel, "ingest", file=("large.md", data))
            case "sending":
                await moderator.slash(channel, "subscribe")
                with mock.patch("discord.http.HTTPClient.send_message", hanging):
                    await moderator.slash(channel, "ingest", file=("new.md", NEW))
                    await asyncio.Event().wait()
            case "answering":
                with mock.patch("discord.InteractionResponse.send_message", hanging):
                    await moderator.slash(channel, "ask", question="yeast")
            case "closing":
                busy()
                mock.patch("discord.Client.close", hanging).start()
        await asyncio.Event().wait()


async def perform(path: Path, what: str, workers: int) -> int:
    """Run the bot as the command line does, and return its exit status."""
    Performer.what = what
    ending = Ending(hard=True)
    with mock.patch.object(client, "Verbatim", Performer):
        await client.run(Config(database=path, token="no.token", workers=workers), ending)
    return ending.status


if __name__ == "__main__":
    sys.exit(asyncio.run(perform(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
