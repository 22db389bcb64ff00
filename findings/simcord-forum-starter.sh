#!/bin/sh
# Packages   simcord 3.2.1 with discord.py 2.7.1 (PyPI)
# Guess      The first message of a forum's post has the id of its thread: discord.py says so of
#            Thread.starter_message, and finds it by that id.
# Behaviour  simcord gives thread and message ids of their own, so fetching the message by the thread's id is a 404;
#            the oldest message of the thread's history is the one.
# Seen       same id: False
#            by the thread's id: 404 10008
#            oldest in the thread: hello
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
        forum = env.create_guild("guild").create_forum_channel("talks")
        channel = bot.get_channel(forum.id)
        opened = await channel.create_thread(name="post", content="hello")
        print("same id:", opened.thread.id == opened.message.id)
        try:
            await opened.thread.fetch_message(opened.thread.id)
        except discord.NotFound as error:
            print("by the thread's id:", error.status, error.code)
        async for message in opened.thread.history(limit=1, oldest_first=True):
            print("oldest in the thread:", message.content)


asyncio.run(main())
PYTHON
)
echo "$seen"
test "$seen" = "same id: False
by the thread's id: 404 10008
oldest in the thread: hello"
