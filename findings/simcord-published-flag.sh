#!/bin/sh
# Packages   simcord 3.2.1 with discord.py 2.7.1 (PyPI)
# Guess      A message of an announcement channel that was published has the flag "crossposted" (1 << 0), by which
#            Discord says so; "is_crossposted" (1 << 1) marks the copies in the channels that follow it.
# Behaviour  The request is carried out, but the original gets the copies' flag, so a test that asks for
#            flags.crossposted never sees it.
# Seen       crossposted: False
#            is_crossposted: True
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "simcord==3.2.1" "discord.py==2.7.1"
seen=$("$folder/venv/bin/python" -W ignore - <<'PYTHON'
import asyncio

import discord
import simcord
from discord.ext import commands


async def main() -> None:
    bot = commands.Bot("!", intents=discord.Intents.default())
    async with simcord.run(bot) as env:
        news = env.create_guild("guild").create_news_channel("news")
        channel = bot.get_channel(news.id)
        message = await channel.send("hello")
        await message.publish()
        flags = (await channel.fetch_message(message.id)).flags
        print("crossposted:", flags.crossposted)
        print("is_crossposted:", flags.is_crossposted)


asyncio.run(main())
PYTHON
)
echo "$seen"
test "$seen" = "crossposted: False
is_crossposted: True"
