"""Killed at any moment while segments merge, the database is whole and holds every transcript that was confirmed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[3]
ROUNDS = 50
DRIVER = """
import asyncio, json, os, random, re, signal, sqlite3, sys, time
from pathlib import Path
from store.upkeep import checking
from store.library import Library
from store.index import merging, postings

GUILD, VIDEOS = 100, 12
path, rounds = Path(sys.argv[1]), int(sys.argv[2])
rng = random.Random(11)


async def ingest(pipe, number):
    merging.FANOUT = 2
    read, laid_out = merging._merged, postings.laid_out

    async def merged(connection, guild_id):
        found = await read(connection, guild_id)
        os.write(pipe, b"m" if found else b"")
        return found

    async def written(connection, guild_id):
        await laid_out(connection, guild_id)
        os.write(pipe, b"w")

    async def merge_next(database, guild_id, merge_next=merging.merge_next):
        more = await merge_next(database, guild_id)
        os.write(pipe, b"d" if more else b"")
        return more

    merging._merged, merging.merge_next, postings.laid_out = merged, merge_next, written
    async with Library.opened(path) as library:
        while True:
            lines = [f"- [0:{second:02}] baker{number} counted line{second} by candle light" for second in range(6)]
            name = f"title: 'talk {number % VIDEOS}'\\nvideo_id: 'talk-{number % VIDEOS}'"
            await library.ingest(GUILD, "\\n".join(["---", name, "---", *lines]).encode(), "a.md")
            os.write(pipe, f"{number};".encode())
            number += 1


async def verify(kept, fresh):
    connection = sqlite3.connect(path)
    integrity = connection.execute("PRAGMA integrity_check").fetchall()
    stored = {
        int(re.search(r"baker(\\d+)", text)[1]): title
        for text, title in connection.execute(
            "SELECT text, title FROM cues JOIN transcripts ON id = transcript_id WHERE position = 0"
        )
    }
    connection.close()
    lost = []
    for video, numbers in kept.items():
        found = [stored.pop(one) for one in numbers if one in stored]
        if found != [f"talk {video}"] and (found or None not in numbers):
            lost.append(video)
    async with checking.Database.opened(path) as database:
        problems = [str(problem) for problem in await checking.check(database)]
    async with Library.opened(path) as library:
        for one in fresh:
            (quote,) = (await library.ask(GUILD, f"baker{one}")).quotes
            if quote.details.title != f"talk {one % VIDEOS}":
                lost.append(one % VIDEOS)
    return {"integrity": integrity, "problems": problems, "lost": lost, "unknown": len(stored)}


def forked(work):
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        return pid, reading
    try:
        os.close(reading)
        work(writing)
    except BaseException as error:
        os.write(2, repr(error).encode())
    os._exit(1)


def rest(reading):
    parts = []
    while part := os.read(reading, 65536):
        parts.append(part)
    os.close(reading)
    return b"".join(parts).decode()


kept, number = {}, 0  # what may be kept of each video: what was confirmed last (or nothing), and what was begun since
for _ in range(rounds):
    pid, reading = forked(lambda pipe: asyncio.run(ingest(pipe, number)))
    first = os.read(reading, 1).decode()  # it is at work
    time.sleep(rng.uniform(0, 0.12))
    os.kill(pid, signal.SIGKILL)
    said = first + rest(reading)
    os.waitpid(pid, 0)
    confirmed = [int(one) for one in re.findall(r"(\\d+);", said)]
    for one in confirmed:
        kept[one % VIDEOS] = [one]
    number = confirmed[-1] + 1 if confirmed else number
    fresh = sorted(one for one in confirmed if kept[one % VIDEOS] == [one] and one % VIDEOS != number % VIDEOS)
    kept.setdefault(number % VIDEOS, [None]).append(number)
    pid, reading = forked(lambda pipe: os.write(pipe, json.dumps(asyncio.run(verify(kept, fresh))).encode()))
    found = json.loads(rest(reading))
    os.waitpid(pid, 0)
    number += 1
    stage = re.sub(r"[\\d;]", "", said)[-1:]
    print(json.dumps({**found, "confirmed": len(confirmed), "merges": said.count("d"), "stage": stage}), flush=True)
"""


def test_no_kill_during_a_merge_loses_a_transcript_or_harms_the_index(tmp_path: Path) -> None:
    rounds = driven(tmp_path / "verbatim.db")
    assert len(rounds) == ROUNDS
    for number, found in enumerate(rounds):
        assert (number, found["integrity"], found["problems"]) == (number, [["ok"]], [])
        assert (number, found["lost"], found["unknown"]) == (number, [], 0)
    assert sum(found["confirmed"] for found in rounds) > ROUNDS // 2
    assert sum(found["merges"] for found in rounds) > ROUNDS // 2
    under_way = [found["stage"] for found in rounds if found["stage"] in {"m", "w"}]  # not yet written; not committed
    assert len(under_way) >= ROUNDS // 8


def driven(path: Path) -> list[dict[str, Any]]:
    """Kill a process in each round, and say what was found after it."""
    command = [sys.executable, "-c", DRIVER, str(path), str(ROUNDS)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]
