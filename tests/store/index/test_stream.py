"""The stream of words: whatever blocks are read, they say what was written, and what is damaged is never read."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import Database
from store.errors import StreamError
from store.index import stream
from store.index.stream import CUES, GAP, Stream, Words
from store.library import Library
from tests.store.builders import GUILD, cue_lines, native

NUMBERS = st.integers(0, 500) | st.integers(0, 2**22 - 1)
WIDE = st.integers(0, 2**29)


def words(cues: list[list[tuple[int, int]]]) -> Words:
    """Cues of (number, what the word is), marked by their lengths."""
    flat = [word for cue in cues for word in cue]
    return Words(
        np.array([number for number, _ in flat], np.int32),
        np.array([kind for _, kind in flat], np.uint8),
        np.array([len(cue) for cue in cues], np.int64),
        np.array([len(cue) % 16 for cue in cues], np.uint8),
    )


def talks(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[tuple[int, int]]]]:
    cue = st.lists(st.tuples(numbers, st.integers(0, 2)), max_size=4)
    return st.lists(cue, min_size=1, max_size=3 * CUES)


@settings(max_examples=100, deadline=None)
@given(st.lists(talks(NUMBERS) | talks(WIDE), min_size=1, max_size=3), st.data())
def test_whatever_blocks_are_read_say_what_was_written(
    library: list[list[list[tuple[int, int]]]], data: st.DataObject
) -> None:
    written = {
        (number << 20) + at: planes
        for number, talk in enumerate(library, start=1)
        for at, planes in enumerate(words(talk).blocks())
    }
    ids = data.draw(st.sets(st.sampled_from(sorted(written)), min_size=1))
    said = Stream.of({id_: written[id_] for id_ in ids})
    for id_ in ids:
        talk, first = library[(id_ >> 20) - 1], (id_ & 0xFFFFF) * CUES
        for position in range(first, min(first + CUES, len(talk))):
            (row,) = said.rows(np.array([id_ >> 20]), np.array([position])).tolist()
            begin, end = said.starts[row : row + 2].tolist()
            found = zip(said.words[begin:end].tolist(), said.characters[begin:end].tolist(), strict=True)
            assert list(found) == talk[position]
            assert said.marks[row] == len(talk[position]) % 16
    gaps = sum(id_ + 1 not in ids for id_ in ids) - 1
    assert (said.words == GAP).sum() == gaps


def test_a_word_takes_three_bytes_and_a_cue_four() -> None:
    (planes,) = words([[(7, 0), (70_000, 1)], [], [(2**22 - 1, 2)]]).blocks()
    assert list(map(len, planes)) == [6, 3, 12]


async def test_a_block_that_is_damaged_misplaced_or_missing_is_never_read(tmp_path: Path) -> None:
    said = words([[(at, 0)] for at in range(200)])
    async with Database.opened(tmp_path / "stream.db") as database:
        async with database.transaction() as connection:
            await stream.write(connection, 5, said)
            await stream.write(connection, 6, said)
        five, six = 5 << 20, 6 << 20
        async with database.snapshot() as connection:
            assert len(await stream.read(connection, [five, five + 3, six])) == 3
            with pytest.raises(StreamError) as missing:
                await stream.read(connection, [five, six + 4])
        assert missing.value.transcripts == {6}
        for change in ("low = x'0909' || substr(low, 3)", "cues = substr(cues, 5)", f"id = {7 << 20}"):
            async with database.transaction() as connection:
                await connection.execute(f"UPDATE stream_blocks SET {change} WHERE id = {five}")
                with pytest.raises(StreamError):
                    await stream.read(connection, [five, 7 << 20])
                await stream.remove(connection, 5)
                await stream.remove(connection, 7)
                await stream.write(connection, 5, said)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM stream_blocks",
        "UPDATE stream_blocks SET high = x'3f' || substr(high, 2)",
        "UPDATE stream_blocks SET crc = crc + 1",
    ],
)
async def test_a_question_makes_a_damaged_stream_again(
    library: Library, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    await library.ingest(GUILD, native(cue_lines(["the quokka smiled", "at the old miller"] * 50)), "talk.md")
    answer, counted = await library.ask(GUILD, "quokka miller"), await library.mentions(GUILD, "quokka")
    for again in (library.ask(GUILD, "quokka miller"), library.mentions(GUILD, "quokka")):
        async with library._database.transaction() as connection:
            await connection.execute(change)
        assert await again in (answer, counted)
        assert "Making the stream of transcript 1 again" in caplog.text
        caplog.clear()
    assert counted.count == 50


async def test_no_block_of_a_removed_or_shorter_transcript_stays(library: Library) -> None:
    async def kept() -> list[int]:
        async with library._database.snapshot() as connection:
            return [row[0] for row in await connection.execute_fetchall("SELECT id FROM stream_blocks ORDER BY id")]

    long, short = ["the mill stood"] * 200, ["the mill stood"] * 10
    await library.ingest(GUILD, native(cue_lines(long)), "talk.md")
    assert await kept() == [(1 << 20) + at for at in range(4)]
    await library.ingest(GUILD, native(cue_lines(short)), "talk.md")
    assert await kept() == [1 << 20]
    await library.remove(GUILD, "1")
    assert await kept() == []
