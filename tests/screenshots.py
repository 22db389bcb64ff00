"""`python -m tests.screenshots FOLDER`: pictures of the demo for the README, taken by headless Chromium."""

import asyncio
import logging
import re
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path

from bot.client import Verbatim
from bot.config import Config
from bot.demo import ANNOUNCED, GUILD_ID, Stage, staged
from cogs.rendering import announcements
from store.models import Chapter, Entry, Filters, Part, Quote, Told
from tests.browser import opened
from tests.store.builders import cue_lines, native
from tests.store.talks import SAID, captions

WIDTH, HEIGHT = 1100, 1000
TALL = 1700  # room for the longest answer with its buttons
JAPANESE = "町家の土壁の話"
QUESTIONS = {
    "ru": "что бабушки делали с мукой?",
    "ar": "كيف كانت تعجن الدقيق والماء؟",
    "th": "คุณยายทำอะไรกับแป้งและน้ำ",
    "hi": "दादी रोटियों को कब बनाती थीं?",
}
TITLES = {"ru": "Хлеб моей бабушки", "ar": "خبز جدتي", "th": "ขนมปังของคุณยาย", "hi": "दादी की रोटी"}
WORD = "water"
WATCHED = "Eddystone"
MOMENTS = ((47, 52), (847, 855), (1356, 1365))  # seconds from and to which something is said
CHAPTERS = {
    0: "A machine with a keeper in it",
    85: "The curve of the earth",
    173: "Four towers on the Eddystone",
    472: "Lamps, and what to burn in them",
    595: "The Fresnel lens",
    763: "Clockwork and mercury",
    862: "Three men, and a day of theirs",
    988: "Fog signals",
    1087: "The storm at Minot's Ledge",
    1210: "The sun valve, and the end of it",
}
POST_WIDTH = 900
LAST_MESSAGE = """
(() => {
    const r = document.querySelector('#channel-message-list').lastElementChild.getBoundingClientRect();
    return {x: r.x, y: r.y, width: Math.min(r.width, 700), height: r.height};
})()
"""


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("discord").setLevel(logging.ERROR)
    async with staged(Config(), None) as stage:
        await _picture(stage, folder / "answer.png")
        await stage.member.slash(stage.channel, "ask", question=JAPANESE)
        await _picture(stage, folder / "answer-ja.png")
        await stage.moderator.slash(stage.channel, "library")
        await _picture(stage, folder / "demo.png", whole=True)
        await stage.member.slash(stage.channel, "mentions", words=WORD)
        await _picture(stage, folder / "mentions.png")
        await _announcements(stage, folder)
        for code, question in QUESTIONS.items():
            talk = native(cue_lines(captions(SAID[code])), title=TITLES[code], language=code)
            await stage.moderator.slash(stage.channel, "ingest", file=(f"talk.{code}.md", talk))
            await stage.member.slash(stage.channel, "ask", question=question)
            await _picture(stage, folder / f"answer-{code}.png")


async def _announcements(stage: Stage, folder: Path) -> None:
    """Save what a channel hears of the sample that is announced, and what one that watches for a word does."""
    bot = stage.env.bot
    assert isinstance(bot, Verbatim)
    (entry,) = [one for one in (await bot.library.page(GUILD_ID)).entries if "Light" in one.details.title]
    chapters = tuple(Chapter(at * 1000, name) for at, name in CHAPTERS.items())
    # Another host's link, for whose stills there are none: from here nothing could be fetched.
    details = replace(entry.details, chapters=chapters, tags=entry.details.tags[2:], url="https://vimeo.com/123456789")
    entry = replace(entry, details=details)
    channel = bot.get_partial_messageable(stage.channel.id, guild_id=GUILD_ID)
    told = Told(entry.details.title, entry, moments=tuple(_said(entry, *span) for span in MOMENTS))
    await channel.send(view=announcements.one(told, post=1))
    await _picture(stage, folder / "announcement.png", width=POST_WIDTH)
    found = await bot.library.ask(GUILD_ID, WATCHED, filters=Filters(transcript=entry.id))
    told = Told(entry.details.title, entry, quotes=tuple(replace(one, details=details) for one in found.quotes))
    await stage.env.advance_time(600)  # or it would stand below the other without its author
    await channel.send(view=announcements.one(told, post=2, matching=WATCHED))
    await _picture(stage, folder / "announcement-matching.png", width=POST_WIDTH)


def _said(entry: Entry, first: int, last: int) -> Quote:
    """Return what the announced sample says from one second to another."""
    sample = (resources.files("bot") / "samples" / ANNOUNCED).read_text("utf-8")
    cues = [(60 * int(m) + int(s), text) for m, s, text in re.findall(r"- \[(\d+):(\d+)\] (.*)", sample)]
    said = [(at, text) for at, text in cues if first <= at <= last]
    parts: list[Part] = []
    for at, text in said:
        start = parts[-1].end + 1 if parts else 0
        parts.append(Part(start, start + len(text), at * 1000))
    words = " ".join(text for _, text in said)
    return Quote(entry.id, entry.details, words, said[0][0] * 1000, last * 1000, 0.0, parts=tuple(parts))


async def _picture(stage: Stage, path: Path, *, whole: bool = False, width: int = WIDTH) -> None:
    """Save the channel's last message, or the whole page as the moderator sees it."""
    async with (
        stage.env.preview(stage.channel, viewers=[stage.moderator, stage.member], layout="channel") as preview,
        opened(preview.url, width=width, height=HEIGHT if whole else TALL) as page,
    ):
        await page.picture(path, None if whole else await page.evaluate(LAST_MESSAGE))
    print(path)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
