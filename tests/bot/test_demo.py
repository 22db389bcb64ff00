"""The demo: what stands on its page when it opens, and how it begins and ends as a program."""

import asyncio
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.config import Config
from bot.demo import ANNOUNCED, GUILD_ID, QUESTION, Stage, staged
from store.library import Library
from tests.cogs.stage import buttons, moments, text

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def discords_log_restored() -> Iterator[None]:
    log = logging.getLogger("discord")
    level = log.level
    yield
    log.setLevel(level)


def posts(stage: Stage) -> list[str]:
    """Return the texts that every member sees in the demo's channel."""
    return [text(message) for message in stage.channel.history(viewer=stage.member)]


async def test_the_demo_opens_with_one_announcement_and_one_answered_question() -> None:
    async with staged(Config(), None) as stage:
        announcement, answer = posts(stage)
        assert announcement.startswith("### New transcript\n")
        assert "lighthouse" in announcement.casefold()
        assert answer.startswith(f"### {QUESTION}\n**[Keeping the Light")
        assert "**mercury**" in answer
        assert len(moments(stage.channel.history(viewer=stage.member)[1])) >= 2
        assert not stage.env.errors


async def test_the_demos_moderator_may_ingest_and_its_member_may_not() -> None:
    async with staged(Config(), None) as stage:
        assert "ingest" in stage.moderator.available_commands(stage.channel)
        members = {command.split()[0] for command in stage.member.available_commands(stage.channel)}
        assert members == {"alert", "ask", "help", "library", "mentions", "privacy"}


async def test_the_demo_speaks_the_language_it_is_asked_for() -> None:
    async with staged(Config(), None, locale="ja") as stage:
        announcement, answer = posts(stage)
        assert announcement.startswith("### 新しい文字起こし\n")
        assert "件の文字起こし" in answer.splitlines()[-1]


async def test_every_sample_can_be_asked_about_in_the_demo() -> None:
    samples = {path.name for path in (ROOT / "bot" / "samples").iterdir() if path.suffix == ".md"}
    assert ANNOUNCED in samples
    async with staged(Config(), None) as stage:
        listed = await stage.member.slash(stage.channel, "library")
        assert f"{len(samples)} transcripts" in text(listed.response)
        japanese = await stage.member.slash(stage.channel, "ask", question="町家の土壁はどうやって直しますか")
        assert "**" in text(japanese.response)
        assert buttons(japanese.response)


async def test_a_kept_database_opens_as_before_and_keeps_what_was_ingested(tmp_path: Path) -> None:
    kept = tmp_path / "demo.db"
    for _ in range(2):
        async with staged(Config(), kept) as stage:
            assert len(posts(stage)) == 2
    async with Library.opened(kept) as library:
        assert (await library.page(GUILD_ID)).total == 5


def test_a_port_that_is_taken_is_one_sentence_and_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["demo", "--port", str(port)]) == 1
    sentence = capsys.readouterr().err.splitlines()[-1]
    assert sentence.startswith("verbatim: The demo's page can't be opened: ")
    assert sentence.endswith("choose another port with --port.")


def status_of(url: str) -> int:
    with urllib.request.urlopen(url, timeout=20) as response:
        return int(response.status)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_demo_prints_its_address_answers_there_and_ends_in_order(tmp_path: Path, number: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "demo", "--port", "0"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.fspath(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        printed = ""
        async with asyncio.timeout(45):
            while not (found := re.search(r"http://127\.0\.0\.1:[0-9]+\S*", printed)) or "Ctrl-C" not in printed:
                line = await process.stdout.readline()
                assert line, (await process.communicate())[1].decode()
                printed += line.decode()
        assert await asyncio.to_thread(status_of, found[0]) == 200
        process.send_signal(number)
        rest, complaints = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode == 0
    assert rest.decode().strip() == "The demo has ended."
    assert "Traceback" not in complaints.decode()
    assert list(tmp_path.iterdir()) == []
