"""Many files at once: read in a process of their own, written in order, and none of it lost where that ends."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store.batches import FORSAKEN_SECONDS
from store.errors import FormatError, LanguageError, StoreError
from store.formats.archive import Packed
from store.library import Library
from store.models import Ingested, Limits, Outcome
from store.understanding import FEWEST, File, Readers, understand
from tests.processes import gone
from tests.store.builders import GUILD, deliver, subscribe, video_file


async def each(files: list[Packed | StoreError]) -> AsyncIterator[Packed | StoreError]:
    for file in files:
        yield file


def files(count: int) -> list[Packed | StoreError]:
    return [Packed(f"{at}.md", video_file(f"talk{at}", f"the quokka smiles {at}")) for at in range(count)]


async def everything(library: Library, some: list[Packed | StoreError], **options: Any) -> list[Ingested | StoreError]:
    found = library.ingest_all(GUILD, each(some), count=len(some), **options)
    return [done async for _, done in found]


@pytest.mark.parametrize("count", [3, FEWEST + 2])
async def test_files_are_ingested_in_order_and_what_fails_holds_no_other_up(library: Library, count: int) -> None:
    given = [
        *files(count),
        Packed("page.md", b"<!DOCTYPE html><html></html>"),
        StoreError("It isn't a file."),
        *files(1),
    ]
    *done, page, missing, again = await everything(library, given)
    assert [one.outcome for one in done if isinstance(one, Ingested)] == [Outcome.NEW] * count
    assert [one.entry.details.title for one in done if isinstance(one, Ingested)] == [
        f"talk{at}" for at in range(count)
    ]
    assert isinstance(page, FormatError)
    assert str(missing) == "It isn't a file."
    assert isinstance(again, Ingested)
    assert again.outcome is Outcome.UNCHANGED
    assert len((await library.ask(GUILD, "quokka", limit=50)).quotes) == count


async def test_what_is_given_is_of_each_and_a_language_that_is_none_is_refused_first(library: Library) -> None:
    done = await everything(library, files(2), given={"speaker": "Ada"})
    assert [one.entry.details.speaker for one in done if isinstance(one, Ingested)] == ["Ada", "Ada"]
    with pytest.raises(LanguageError):
        await everything(library, files(2), given={"language": "Klingon"})


async def test_who_stops_in_the_middle_keeps_what_is_done(library: Library) -> None:
    found = library.ingest_all(GUILD, each(files(20)), count=20)
    async for _ in found:
        break
    await found.aclose()
    assert (await library.page(GUILD)).total == 1


async def test_where_the_process_that_reads_is_killed_files_are_read_in_this_one() -> None:
    async with Readers.running(Limits(), FEWEST) as readers:
        file = File(video_file("talk", "the quokka smiles"), "a.md")
        there = await readers.understand(file)
        assert readers._pool is not None
        (process,) = readers._pool._processes
        os.kill(process, signal.SIGKILL)
        here = await readers.understand(file)
        assert here.reading == there.reading == understand(file, Limits()).reading
        assert readers._pool is None


def test_the_process_that_reads_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    script = tmp_path / "start.py"
    script.write_text(
        """
import asyncio
from store.models import Limits
from store.understanding import FEWEST, File, Readers

async def main():
    async with Readers.running(Limits(), FEWEST) as readers:
        await readers.understand(File(b"- [0:01] the quokka smiles", "a.md"))
        print(*readers._pool._processes, flush=True)
        await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
""",
        "utf-8",
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        process = int(started.stdout.readline())
        started.kill()
    assert gone(process)


async def test_what_a_batch_owes_waits_as_long_as_it_goes_on(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    await subscribe(library, 5)
    batch = await library.begin(GUILD, ["a.md"] * 6)
    passed = 0.0
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + passed)
    async for _ in library.ingest_all(GUILD, each(files(6)), count=6, batch=batch):
        passed += 0.5 * FORSAKEN_SECONDS
        assert await library.notifications.due() == []
    await library.close(batch)
    ((_, titles),) = await deliver(library)
    assert len(titles) == 6


async def test_the_last_ingested_is_the_last_in_order_however_long_each_took_to_read(library: Library) -> None:
    some: list[Packed | StoreError] = [
        Packed(f"{at}.md", video_file(f"talk{at}", *["the quokka smiles"] * (3000 if at % 2 else 1))) for at in range(6)
    ]
    done = await everything(library, some)
    listed = [entry.id for entry in (await library.page(GUILD)).entries]
    assert listed == [one.entry.id for one in reversed(done) if isinstance(one, Ingested)]


def test_a_file_leaves_nothing_to_the_garbage_collector() -> None:
    file = File(video_file("talk", *(f"the quokka smiles {at}" for at in range(200))), "a.md")
    understand(file, Limits())  # what is made once is made
    gc.collect()
    gc.disable()  # it looks seldom, so a cycle a file would keep the words of hundreds
    try:
        understand(file, Limits())
        assert gc.collect() == 0
    finally:
        gc.enable()


async def test_few_files_are_worth_no_process() -> None:
    async with Readers.running(Limits(), FEWEST - 1) as readers:
        assert readers._pool is None
