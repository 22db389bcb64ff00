"""`python -m tests.screenshots FOLDER`: pictures of the demo for the README, taken by headless Chromium."""

import asyncio
import logging
import sys
from pathlib import Path

from bot.config import Config
from bot.demo import Stage, staged
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
        for code, question in QUESTIONS.items():
            talk = native(cue_lines(captions(SAID[code])), title=TITLES[code], language=code)
            await stage.moderator.slash(stage.channel, "ingest", file=(f"talk.{code}.md", talk))
            await stage.member.slash(stage.channel, "ask", question=question)
            await _picture(stage, folder / f"answer-{code}.png")


async def _picture(stage: Stage, path: Path, *, whole: bool = False) -> None:
    """Save the channel's last message, or the whole page as the moderator sees it."""
    async with (
        stage.env.preview(stage.channel, viewers=[stage.moderator, stage.member], layout="channel") as preview,
        opened(preview.url, width=WIDTH, height=HEIGHT if whole else TALL) as page,
    ):
        await page.picture(path, None if whole else await page.evaluate(LAST_MESSAGE))
    print(path)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
