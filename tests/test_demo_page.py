"""The demo's page in a real browser: what a newcomer types and clicks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.config import Config
from bot.demo import staged
from tests.browser import Page, chromium, opened

pytestmark = pytest.mark.skipif(chromium() is None, reason="needs the package chromium")

TALK = b"""---
title: "Kites over the harbour"
video_url: "https://youtu.be/AbCdEfGhIjK"
---
- [00:05] a kite needs a bridle
- [00:09] and a tail that is six times as long
"""
MESSAGES = "document.querySelector('#channel-message-list').innerText"
INPUT = "document.querySelector('#channel-composer-input')"
SEND = "document.querySelector('#send-message')"


@asynccontextmanager
async def demo_page() -> AsyncIterator[Page]:
    async with (
        staged(Config(), None) as stage,
        stage.env.preview(stage.channel, viewers=[stage.moderator, stage.member], layout="channel") as preview,
        opened(preview.url, width=1280, height=1100) as page,
    ):
        yield page


async def test_the_page_opens_on_an_answer_and_an_announcement() -> None:
    async with demo_page() as page:
        text = await page.evaluate(MESSAGES)
        assert "Ask about this" in text
        assert "matching passages" in text
        assert "▶" in text


async def test_a_question_typed_in_the_composer_is_answered() -> None:
    async with demo_page() as page:
        await _command(page, "ask")
        await page.type("why did they split the bread")
        await page.click(SEND)
        await page.wait(f"{MESSAGES}.includes('why did they split the bread')")
        text = await page.evaluate(MESSAGES)
        assert "Something went wrong" not in text


async def test_a_file_is_ingested_from_the_page_and_announced(tmp_path: Path) -> None:
    async with demo_page() as page:
        talk = tmp_path / "kites.md"
        talk.write_bytes(TALK)
        await _command(page, "ingest")
        await page.choose_file(".command-file-input", talk)
        await page.click(SEND)
        await page.wait(f"{MESSAGES}.includes('Being announced in 1 channel')")
        await page.wait(f"{MESSAGES}.split('Kites over the harbour').length > 2")


async def test_a_polite_refusal_is_no_failure_of_the_page() -> None:
    async with demo_page() as page:
        await _command(page, "ask")
        await page.type("?!")
        await page.click(SEND)
        await page.wait(f"{MESSAGES}.includes('There is no word to search for')")
        await page.rest()
        assert "uncertain" not in await page.evaluate("document.querySelector('#action-status').innerText")


async def test_the_member_is_not_offered_the_moderators_commands() -> None:
    async with demo_page() as page:
        await page.evaluate(
            "(() => { const s = document.querySelector('#viewer-picker');"
            " s.value = [...s.options].find(o => o.text.includes('Finn')).value;"
            " s.dispatchEvent(new Event('change', {bubbles: true})) })()"
        )
        await page.rest()
        await page.click(INPUT)
        await page.type("/")
        await page.wait("document.querySelector('.command-popup')?.innerText.includes('/ask')")
        offered = await page.evaluate("document.querySelector('.command-popup').innerText")
        assert "/library" in offered
        assert "/ingest" not in offered


async def _command(page: Page, name: str) -> None:
    await page.click(INPUT)
    await page.type(f"/{name}")
    await page.wait(f"document.querySelector('.command-popup')?.innerText.includes('/{name}')")
    await page.enter()
    await page.wait("document.querySelector('.command-row')")
