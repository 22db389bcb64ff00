"""How much a question reads: counts, not times, so that a busy machine changes nothing and a regression fails."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from store import transcripts
from store.database import Reader
from store.index import stream
from store.index.segments import Array, Directory, Place
from store.index.stream import Planes
from store.library import Library
from store.models import Cue
from tests.store.builders import GUILD, cue_lines, native

PASSAGES = 500  # of a transcript
SYLLABLES = [f"{one}{other}" for one in "bdfgklmnprstvz" for other in "aeiou"]
VOCABULARY = np.array([f"{one}{other}n" for one in SYLLABLES for other in SYLLABLES] + [f"{one}x" for one in SYLLABLES])
QUESTIONS = 30


@dataclass
class Work:
    """What a question did: statements; postings and bytes of blocks read; blocks of the stream and cues read."""

    statements: float = 0
    postings: float = 0
    bytes: float = 0
    stream: float = 0
    cues: float = 0


def talk(number: int) -> bytes:
    """A transcript of so many passages, in which some words are said far more often than elsewhere."""
    chance = np.random.default_rng(number)
    ranks = np.minimum(chance.zipf(1.25, (PASSAGES + 1) * 40), len(VOCABULARY)) - 1
    topics = chance.integers(300, len(VOCABULARY), 40)
    on_topic = chance.random(len(ranks)) < 0.12
    ranks[on_topic] = chance.choice(topics, int(on_topic.sum()))
    words = VOCABULARY[ranks].tolist()
    texts = [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]
    return native(cue_lines(texts, step=3), title=f"talk {number}", video_id=f"talk-{number}")


def questions(talks: int) -> list[str]:
    """Three to eight words said near each other in one of the talks."""
    chance = np.random.default_rng(99)
    asked = []
    for _ in range(QUESTIONS):
        said = talk(int(chance.integers(talks))).decode().split()
        at = int(chance.integers(100, len(said) - 200))
        words = [word for word in said[at : at + 80] if word.isalpha()]
        asked.append("what about the " + " and ".join(chance.choice(words, int(chance.integers(3, 9)))))
    return asked


@asynccontextmanager
async def counted(library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Work]:
    """Count what is done until the end."""
    work = Work()
    read, cues, blocks = Directory.read, transcripts.cues, stream.read

    def reading(directory: Directory, blob: bytes, place: Place) -> tuple[Array, Array]:
        work.postings += place.end - place.start
        work.bytes += len(blob)
        return read(directory, blob, place)

    async def streaming(connection: Reader, ids: Collection[int]) -> dict[int, Planes]:
        found = await blocks(connection, ids)
        work.stream += len(found)
        return found

    async def counting(connection: Reader, spans: Sequence[tuple[int, int, int]]) -> dict[int, dict[int, Cue]]:
        found = await cues(connection, spans)
        work.cues += sum(map(len, found.values()))
        return found

    def stated(_: str) -> None:
        work.statements += 1

    with monkeypatch.context() as patch:
        patch.setattr(Directory, "read", reading)
        patch.setattr(transcripts, "cues", counting)
        patch.setattr(stream, "read", streaming)
        for reader in library._database._readers:
            await reader.set_trace_callback(stated)
        yield work
        for reader in library._database._readers:
            await reader.set_trace_callback(None)  # type: ignore[arg-type]


async def asked(path: Path, talks: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Work, Work]:
    """The mean and the greatest work of a question to a library of so many transcripts."""
    async with Library.opened(path) as library:
        for number in range(talks):
            await library.ingest(GUILD, talk(number), f"{number}.md", announce=False)
        await library._merging.settled()
        await library.ask(GUILD, "ban")  # opens the index
        done = []
        for question in questions(talks):
            async with counted(library, monkeypatch) as work:
                assert (await library.ask(GUILD, question)).quotes
            done.append(astuple(work))
    columns = list(zip(*done, strict=True))
    return Work(*map(mean, columns)), Work(*map(max, columns))


async def test_a_question_to_10_000_passages_does_no_more_than_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _ = await asked(tmp_path / "small.db", 4, monkeypatch)
    usual, most = await asked(tmp_path / "large.db", 20, monkeypatch)
    assert usual.statements <= 11.5
    assert most.statements <= 16
    assert usual.postings <= 25_000
    assert most.postings <= 50_000
    assert usual.bytes <= 550_000
    assert most.bytes <= 1_000_000
    assert usual.cues <= 52
    assert most.cues <= 60
    assert usual.stream <= 25
    assert most.stream <= 33
    # What is read of the texts is as much in a library five times as large; only postings grow with it.
    assert usual.statements <= small.statements + 1
    assert usual.cues <= 1.2 * small.cues
    assert usual.postings <= 6 * small.postings
