"""`python -m tests.screenshots FOLDER`: pictures of the demo for the README, taken by headless Chromium."""

import asyncio
import logging
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from simcord.results import InteractionResult, ResponseMessage

from bot.config import Config
from bot.demo import Stage, staged
from store.models import Limits
from tests.bench import curious
from tests.browser import opened
from tests.cogs.stage import buttons
from tests.store.builders import cue_lines, native
from tests.store.talks import SAID, captions

WIDTH, HEIGHT = 1100, 1000
TALL = 1700  # room for the longest answer with its buttons
JAPANESE = "町家の土壁の話"
ACROSS = "灯台守はなぜ水銀を使ったのですか？"
QUESTIONS = {
    "ru": "что бабушки делали с мукой?",
    "ar": "كيف كانت تعجن الدقيق والماء؟",
    "th": "คุณยายทำอะไรกับแป้งและน้ำ",
    "hi": "दादी रोटियों को कब बनाती थीं?",
}
TITLES = {"ru": "Хлеб моей бабушки", "ar": "خبز جدتي", "th": "ขนมปังของคุณยาย", "hi": "दादी की रोटी"}
WORD = "water"
MISHEARD = ("Augustin Fresnel of Paris", "fray nell", "Fresnel")
OTHERWISE = "Warum trieb das Quecksilber die Leuchtturmwärter in den Wahnsinn?"
WATCHED = "Eddystone"
TAG = "Lighthouses"
ASKED = 200
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
    async with staged(Config(check_seconds=3600, limits=Limits(questions=1000)), None) as stage:
        await _picture(stage, folder / "answer.png")
        await stage.member.slash(stage.channel, "ask", question=JAPANESE)
        await _picture(stage, folder / "answer-ja.png")
        await stage.member.slash(stage.channel, "ask", question=ACROSS)
        await _picture(stage, folder / "answer-across.png")
        await stage.moderator.slash(stage.channel, "library")
        await _picture(stage, folder / "demo.png", whole=True)
        await stage.member.slash(stage.channel, "mentions", words=WORD)
        await _picture(stage, folder / "mentions.png")
        await _correction(stage)
        await stage.member.slash(stage.channel, "ask", question=MISHEARD[0])
        await _picture(stage, folder / "correction.png")
        await _announcements(stage, folder)
        await _insights(stage, folder)
        for code, question in QUESTIONS.items():
            talk = native(cue_lines(captions(SAID[code])), title=TITLES[code], language=code)
            await stage.moderator.slash(stage.channel, "ingest", file=(f"talk.{code}.md", talk))
            await stage.member.slash(stage.channel, "ask", question=question)
            await _picture(stage, folder / f"answer-{code}.png")
    await _in_japanese(folder)
    with TemporaryDirectory() as kept:
        await _by_meaning(Path(kept) / "demo.db", folder)


async def _in_japanese(folder: Path) -> None:
    """Save an answer, an announcement and the commands as those see them who use Discord in Japanese."""
    async with staged(Config(check_seconds=3600), None, locale="ja") as stage:
        await _picture(stage, folder / "japanese.png")
        await stage.moderator.slash(stage.channel, "subscribe", tag=TAG, include_recent=1)
        await _picture(stage, folder / "announcement-japanese.png", width=POST_WIDTH)


async def _by_meaning(database: Path, folder: Path) -> None:
    """Save an answer to a question in a language that nobody speaks there, once every transcript has its vectors."""
    async with staged(Config(check_seconds=3600, meaning="use"), database) as stage:
        with closing(sqlite3.connect(database)) as connection:
            while connection.execute("SELECT count(*) > (SELECT count(*) FROM vectors) FROM transcripts").fetchone()[0]:
                await asyncio.sleep(0.5)
        await stage.member.slash(stage.channel, "ask", question=OTHERWISE)
        await _picture(stage, folder / "answer-meaning.png")


async def _correction(stage: Stage) -> None:
    """Report what was misheard, and approve it."""
    question, heard, said = MISHEARD
    answer = _message(await stage.member.slash(stage.channel, "ask", question=question, private=True))
    beside = next(one["custom_id"] for one in buttons(answer) if one["label"] == "Around")
    around = _message(await stage.member.click(answer, custom_id=beside))
    form = await stage.member.click(around, label="Report")
    assert form.modal is not None
    (field,) = form.modal["components"]
    lines = (field.get("component") or field["components"][0])["value"]
    await stage.member.submit_modal(form, {"text": lines.replace(heard, said)})
    waiting = _message(await stage.moderator.slash(stage.channel, "corrections"))
    opened = _message(await stage.moderator.click(waiting, label="Look"))
    await stage.moderator.click(opened, label="Approve")


def _message(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


async def _announcements(stage: Stage, folder: Path) -> None:
    """Save what a channel hears of the newest transcript, and what one that watches for a word does."""
    await stage.moderator.slash(stage.channel, "subscribe", tag=TAG, include_recent=1)
    await _picture(stage, folder / "announcement.png", width=POST_WIDTH)
    await stage.env.advance_time(600)  # or it would stand below the other without its author
    await stage.moderator.slash(stage.channel, "subscribe", matching=WATCHED, include_recent=1)
    await _picture(stage, folder / "announcement-matching.png", width=POST_WIDTH)


async def _insights(stage: Stage, folder: Path) -> None:
    """Save what moderators learn of many questions."""
    assert stage.channel.guild is not None
    elsewhere = stage.channel.guild.create_text_channel("questions")  # the page would take long with all the answers
    await curious.ask(elsewhere, [stage.member, stage.moderator], ASKED)
    await stage.moderator.slash(stage.channel, "insights")
    await _picture(stage, folder / "insights.png")


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
