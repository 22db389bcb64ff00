"""Processes that answer questions: they answer as this one does, and whatever ends one, a question is answered."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.errors import QuestionError
from store.library import Library
from store.models import Filters, Limits
from store.search import workers
from store.search.workers import Workers
from tests.processes import gone
from tests.store.builders import GUILD, cue_lines, native

QUESTIONS = ("who saw a quokka", '"quokka smiled"', "zebra", "the river -quokka")
SECONDS = 20.0  # for which a test waits at most


async def fill(path: Path) -> None:
    async with Library.opened(path) as library:
        for number in range(3):
            texts = ["we saw the river", "and a quokka smiled", f"on day {number}"] * 20
            await library.ingest(GUILD, native(cue_lines(texts), video_id=str(number)), f"{number}.md")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "verbatim.db"
    asyncio.run(fill(path))
    return path


@pytest.fixture
async def working(path: Path) -> AsyncIterator[Library]:
    async with Library.opened(path, workers=2) as library:
        yield library


def processes(library: Library) -> list[int]:
    assert isinstance(library._asking, Workers)
    return list(library._asking.pool._processes)


async def test_they_answer_as_this_process_does_also_what_was_ingested_since(path: Path, working: Library) -> None:
    async with Library.opened(path) as library:
        for question in QUESTIONS:
            assert await working.ask(GUILD, question) == await library.ask(GUILD, question)
        await working.ingest(GUILD, native(cue_lines(["an axolotl swims"]), video_id="new"), "new.md")
        assert len((await working.ask(GUILD, "axolotl")).quotes) == 1
        narrowed = Filters(transcript=1, title="x")
        assert await working.ask(GUILD, "quokka", filters=narrowed, page=1) == await library.ask(
            GUILD, "quokka", filters=narrowed, page=1
        )


async def test_what_they_refuse_is_the_same_sentence(working: Library) -> None:
    with pytest.raises(QuestionError, match="no word to search for"):
        await working.ask(GUILD, "?!")


async def test_a_stream_that_they_find_damaged_is_made_again(working: Library) -> None:
    before = await working.ask(GUILD, "quokka smiled")
    async with working._database.transaction() as connection:
        await connection.execute("DELETE FROM stream_blocks")
    assert await working.ask(GUILD, "quokka smiled") == before


async def test_where_one_is_killed_the_question_is_answered_and_new_ones_take_their_place(
    working: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await working.ask(GUILD, "quokka")
    old = processes(working)
    assert len(old) == 2
    os.kill(old[0], signal.SIGKILL)
    assert gone(old[0])
    assert [await working.ask(GUILD, "quokka") for _ in range(3)] == [before] * 3  # too soon for new ones
    monkeypatch.setattr(workers, "APART", 0.0)
    assert [await working.ask(GUILD, "quokka") for _ in range(3)] == [before] * 3
    assert len(processes(working)) == 2
    assert not set(processes(working)) & set(old)


async def test_an_interrupt_is_not_meant_for_them(working: Library) -> None:
    before = await working.ask(GUILD, "quokka")
    old = processes(working)
    for process in old:
        os.kill(process, signal.SIGINT)
    await asyncio.sleep(0.1)
    assert await working.ask(GUILD, "quokka") == before
    assert processes(working) == old


def test_they_end_with_the_process_that_started_them_even_if_it_is_killed(path: Path) -> None:
    code = f"""
import asyncio, pathlib
from store.library import Library

async def main():
    async with Library.opened(pathlib.Path({str(path)!r}), workers=1) as library:
        await library.ask({GUILD}, "quokka")
        print(*library._asking.pool._processes, flush=True)
        await asyncio.sleep({SECONDS})

if __name__ == "__main__":
    asyncio.run(main())
"""
    script = path.with_name("start.py")
    script.write_text(code, "utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        process = int(started.stdout.readline())
        started.kill()
    assert gone(process)


async def test_all_processes_together_keep_to_the_memory_of_the_limits(path: Path) -> None:
    async with Library.opened(path, Limits(index_bytes=30_000_000), workers=2) as library:
        assert isinstance(library._asking, Workers)
        shares = [library._search._indexes._budget, *[library._asking._limits.index_bytes] * 2]
    assert shares == [10_000_000] * 3
