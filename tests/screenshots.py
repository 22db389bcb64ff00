"""`python -m tests.screenshots FOLDER`: pictures of the demo for the README, taken by headless Chromium."""

import asyncio
import logging
import sys
from pathlib import Path

from bot.config import Config
from bot.demo import Stage, staged
from tests.browser import Page, opened

WIDTH, HEIGHT = 1280, 1180


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("discord").setLevel(logging.ERROR)
    async with staged(Config(), None) as stage:
        await _picture(stage, folder / "answer.png")
        await stage.member.slash(stage.channel, "ask", question="町家の土壁はどうやって直しますか")
        await _picture(stage, folder / "answer-ja.png")
        await stage.moderator.slash(stage.channel, "help")
        await stage.moderator.slash(stage.channel, "library")
        await _picture(stage, folder / "library.png")


async def _picture(stage: Stage, path: Path) -> None:
    async with (
        stage.env.preview(stage.channel, viewers=[stage.moderator, stage.member], layout="channel") as preview,
        opened(preview.url, width=WIDTH, height=HEIGHT) as page,
    ):
        await _scroll_to_end(page)
        await page.picture(path)
    print(path)


async def _scroll_to_end(page: Page) -> None:
    await page.evaluate("document.querySelector('#channel-message-list')?.lastElementChild?.scrollIntoView(false)")
    await page.rest()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
