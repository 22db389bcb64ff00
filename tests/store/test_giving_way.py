"""Whatever gives way to questions goes on when none is asked, and ends when it is cancelled."""

import asyncio

import pytest

from store import questions
from store.questions import Questions


async def test_it_waits_until_the_last_question_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PATIENCE", 60)
    asked = Questions()
    await asked.wait()
    with asked.asked():
        with asked.asked():
            waiting = asyncio.create_task(asked.wait())
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 10)


async def test_where_someone_always_asks_it_goes_on_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PATIENCE", 0.01)
    asked = Questions()
    with asked.asked():
        await asked.wait()


async def test_who_is_cancelled_as_the_last_question_is_answered_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PATIENCE", 60)
    asked = Questions()
    with asked.asked():
        waiting = asyncio.create_task(asked.wait())
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
