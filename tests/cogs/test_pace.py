"""How much one member may ask: a limit of their own, one thing at a time, and nobody else waits for them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult

from cogs.pace import PRESSES, Pace
from cogs.reporting import MENU
from cogs.searching import in_time
from store.errors import StoreError
from store.models import Limits
from tests.cogs.stage import BREAD, PROMPT, Stage, shown, staged, votes
from tests.cogs.test_about import ASK, announced, ingested

FEW = replace(PROMPT, limits=Limits(questions=2, question_seconds=10))
ANN, BO = 7, 8


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refused(pace: Pace, member: int = ANN) -> str | None:
    """Ask, and return why it isn't allowed."""
    try:
        pace.ask(member)
    except StoreError as error:
        return str(error)
    return None


def test_a_member_may_ask_so_often_within_so_many_seconds_and_then_again() -> None:
    clock = Hand()
    pace = Pace(Limits(questions=3, question_seconds=10), clock)
    assert [refused(pace) for _ in range(3)] == [None] * 3
    clock.now += 2.5
    assert refused(pace) == "That was quick: you can ask again in 8 seconds."
    assert refused(pace, BO) is None
    clock.now += 6.6
    assert refused(pace) == "That was quick: you can ask again in 1 second."  # asking meanwhile costs nothing
    clock.now += 1
    assert [refused(pace) for _ in range(4)] == [None] * 3 + ["That was quick: you can ask again in 10 seconds."]


def test_presses_are_counted_apart_and_more_of_them_are_free() -> None:
    pace = Pace(Limits(questions=2, question_seconds=10), Hand())
    for _ in range(2 * PRESSES):
        pace.press(ANN)
    with pytest.raises(StoreError, match="That was quick: press again in 10 seconds"):
        pace.press(ANN)
    assert refused(pace) is None


def test_a_member_who_was_quiet_is_forgotten() -> None:
    clock = Hand()
    pace = Pace(Limits(questions=2, question_seconds=10), clock)
    for member in range(1000):
        pace.ask(member)
    clock.now += 10.5
    pace.ask(BO)
    assert len(pace._asked._cache) == 1
    lock = pace.turn("search", ANN)
    assert pace.turn("search", ANN) is lock
    assert pace.turn("search", BO) is not lock
    del lock
    assert len(pace._turns) == 0


@pytest.fixture
async def few(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path / "verbatim.db", config=FEW) as stage:
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        yield stage


async def ask(stage: Stage, member: simcord.MemberActor, question: str = "yeast") -> InteractionResult:
    return await member.slash(stage.here.channel, "ask", question=question)


async def test_one_question_too_many_is_a_sentence_for_the_asker_alone(few: Stage) -> None:
    member, moderator = few.here.member, few.here.moderator
    await ask(few, member)
    assert "How often" not in shown(await member.slash(few.here.channel, "mentions", words="yeast"))
    third = await ask(few, member)
    assert shown(third).startswith("That was quick: you can ask again in ")
    assert third.ephemeral
    assert shown(await member.slash(few.here.channel, "mentions", words="yeast")).startswith("That was quick: ")
    assert "**yeast**" in shown(await ask(few, moderator))  # nobody waits for another
    few.bot.pace._clock = lambda: 1e9  # much later
    assert "**yeast**" in shown(await ask(few, member))


async def test_presses_below_an_answer_are_limited_too(few: Stage) -> None:
    answer = (await ask(few, few.here.member)).response
    assert answer is not None
    said = [shown(await few.here.moderator.click(answer, label="Around")) for _ in range(2 * PRESSES + 1)]
    assert [one.startswith("That was quick: press again in ") for one in said] == [False] * 2 * PRESSES + [True]
    assert "**yeast**" in shown(await ask(few, few.here.moderator))


async def test_votes_and_reports_are_presses_too(few: Stage) -> None:
    answer = (await ask(few, few.here.member)).response
    assert answer is not None
    around = (await few.here.moderator.click(answer, label="Around")).response
    assert around is not None
    for _ in range(PRESSES):
        assert "counts" in shown(await few.here.member.click(answer, custom_id=votes(answer)["👍"]))
        assert "taken back" in shown(await few.here.member.click(answer, custom_id=votes(answer)["👍"]))
    said = shown(await few.here.member.click(answer, custom_id=votes(answer)["👎"]))
    assert said.startswith("That was quick: press again in ")
    for _ in range(2 * PRESSES - 1):
        assert (await few.here.moderator.click(around, label="Report")).modal is not None
    said = shown(await few.here.moderator.click(around, label="Report"))
    assert said.startswith("That was quick: press again in ")
    said = shown(await few.here.moderator.context_menu(few.here.channel, MENU, answer))
    assert said.startswith("That was quick: press again in ")


async def test_a_form_about_a_transcript_is_a_question(few: Stage) -> None:
    for _ in range(2):
        await ask(few, few.here.member)
    message = await announced(few, few.here, await ingested(few, few.here))
    opened = await few.here.member.click(message, label=ASK)
    said = shown(await few.here.member.submit_modal(opened, {"question": "yeast"}))
    assert said.startswith("That was quick: you can ask again in ")


class Asker:
    """What of an interaction says whose it is."""

    def __init__(self, pace: Pace, member: int) -> None:
        self.client = SimpleNamespace(pace=pace)
        self.user = SimpleNamespace(id=member)


async def test_who_asks_many_things_at_once_waits_for_their_own_and_nobody_else_does() -> None:
    pace, let = Pace(Limits()), asyncio.Event()
    at_once, most = Counter[int](), Counter[int]()

    async def search(member: int) -> None:
        at_once[member] += 1
        most[member] = max(most[member], at_once[member])
        if member == ANN:
            await let.wait()
        at_once[member] -= 1

    def ask(member: int) -> "Coroutine[None, None, None]":
        asker: Any = Asker(pace, member)
        return in_time(asker, search(member))

    many = [asyncio.create_task(ask(ANN)) for _ in range(5)]
    while not at_once[ANN]:
        await asyncio.sleep(0)
    await ask(BO)  # while Ann's first is still being answered
    let.set()
    await asyncio.gather(*many)
    assert most == {ANN: 1, BO: 1}
    del many
    assert len(pace._turns) == 0
