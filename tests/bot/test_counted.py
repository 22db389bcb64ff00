"""What is asked and ingested is counted, whoever does, and does what it does without."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.counted import Counted
from store.errors import DatabaseError, FormatError, QuestionError, StoreError
from store.formats.archive import Packed
from store.library import Library
from tests.store.builders import GUILD, video_file


class Counting:
    """What was counted."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.ingests: list[str] = []
        self.seconds = 0.0

    def question(self, outcome: str, seconds: float) -> None:
        self.questions.append(outcome)
        self.seconds += seconds

    def ingest(self, outcome: str) -> None:
        self.ingests.append(outcome)


@pytest.fixture
async def library(path: Path) -> AsyncIterator[Library]:
    async with Counted.opened(path) as opened:
        yield opened


@pytest.fixture
def counting(library: Library) -> Counting:
    assert isinstance(library, Counted)
    library.counting = found = Counting()
    return found


async def test_questions_are_told_apart_by_what_was_answered(library: Library, counting: Counting) -> None:
    await library.ingest(GUILD, video_file("a", "the mill stood by the river"), "a.md")
    assert (await library.ask(GUILD, "mill")).quotes
    await library.ask(GUILD, "mill zeppelin")
    await library.ask(GUILD, "zeppelin")
    with pytest.raises(QuestionError):
        await library.ask(GUILD, "???")
    assert counting.questions == ["found", "closest", "nothing", "refused"]
    assert counting.seconds > 0
    await library.ask(GUILD, "mill", page=1)
    assert len(counting.questions) == 4


@pytest.mark.parametrize(("error", "outcome"), [(DatabaseError("full"), "trouble"), (RuntimeError("a bug"), "failed")])
async def test_a_question_that_fails_is_counted_as_what_it_failed_by(
    library: Library, counting: Counting, monkeypatch: pytest.MonkeyPatch, error: Exception, outcome: str
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Library, "ask", fail)
        with pytest.raises(type(error)):
            await library.ask(GUILD, "mill")
        patched.setattr(Library, "ingest", fail)
        with pytest.raises(type(error)):
            await library.ingest(GUILD, b"", "a.md")
    assert counting.questions == counting.ingests == [outcome]


async def test_files_are_counted_by_what_became_of_them_alone_and_together(
    library: Library, counting: Counting
) -> None:
    file = video_file("a", "the mill")
    await library.ingest(GUILD, file, "a.md")
    await library.ingest(GUILD, file, "a.md")
    with pytest.raises(FormatError):
        await library.ingest(GUILD, b"\x00\x01", "a.bin")

    async def files() -> AsyncIterator[Packed | StoreError]:
        yield Packed("a.md", video_file("a", "the new mill"))
        yield Packed("b.md", video_file("b", "the baker"))
        yield FormatError("It can't be read.")

    async for _ in library.ingest_all(GUILD, files(), count=3):
        pass
    assert counting.ingests == ["new", "unchanged", "refused", "replaced", "new", "refused"]


async def test_nothing_is_counted_where_nobody_counts(library: Library) -> None:
    await library.ingest(GUILD, video_file("a", "the mill"), "a.md")
    assert (await library.ask(GUILD, "mill")).quotes
