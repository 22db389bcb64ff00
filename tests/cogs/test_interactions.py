"""Interactions: each passes one place, whatever it is, and ends there: what it was, how it ended, how long it took."""

import asyncio
import logging
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.ext import commands

from cogs.interactions import ARRIVES, Interactions, Kind, Outcome, Passing, Payload, outside, passing
from store.errors import DatabaseError
from store.library import Library
from store.models import Answer, Quote
from tests.cogs.stage import BREAD, Stage, staged


class Listening(Library):
    """A library that notes for which interactions it is asked, and fails as it is told to."""

    seen: list[str]
    error: Exception | None = None

    async def ask(self, *arguments: Any, **named: Any) -> Answer:
        self.seen = [noted(), await asyncio.to_thread(noted)]
        if self.error is not None:
            raise self.error
        return await super().ask(*arguments, **named)


def noted() -> str:
    one = passing()
    return one.reference if one else ""


def over(stage: Stage) -> list[Passing]:
    """Return the list in which the interactions that are over from now on are found."""
    found: list[Passing] = []
    stage.bot.interactions.finished.append(found.append)
    return found


def told(found: list[Passing]) -> list[tuple[Kind, str, Outcome]]:
    return [(one.kind, one.name, one.outcome) for one in found]


async def test_a_command_what_is_typed_a_press_and_a_form_end_once_each_with_what_they_are_called(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    found = over(stage)
    here = stage.here
    answer = await here.member.slash(here.channel, "ask", question="what does the yeast eat")
    await here.member.autocomplete(here.channel, "ask", "speaker", "A", question="x")
    assert answer.response is not None
    await here.member.click(answer.response, label="Around")
    edit = await here.moderator.slash(here.channel, "transcript edit", transcript="How bread rises")
    await here.moderator.submit_modal(edit, {"title": "Bread"})
    assert told(found) == [
        (Kind.COMMAND, "ask", Outcome.DONE),
        (Kind.TYPING, "ask", Outcome.DONE),
        (Kind.PRESS, "around", Outcome.DONE),
        (Kind.COMMAND, "transcript edit", Outcome.DONE),
        (Kind.FORM, "form", Outcome.DONE),
    ]
    assert {one.guild_id for one in found} == {here.guild.id}
    assert len({one.reference for one in found}) == len(found)
    assert all(one.seconds > 0 for one in found)


async def test_the_reference_holds_in_the_work_and_the_threads_of_its_interaction_alone(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Listening) as stage:
        assert isinstance(stage.library, Listening)
        found = over(stage)
        await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
        assert stage.library.seen == [found[0].reference] * 2
        assert noted() == ""


async def test_what_is_set_as_an_interaction_is_entered_holds_for_all_of_it_and_for_no_other(tmp_path: Path) -> None:
    locale = ContextVar[str]("locale", default="none")
    seen: list[tuple[str, str]] = []

    def enter(payload: Payload) -> None:
        locale.set(f"{payload['locale']} {payload['data']['name']}")

    class Noting(Library):
        async def ask(self, *arguments: Any, **named: Any) -> Answer:
            seen.append((locale.get(), await asyncio.to_thread(locale.get)))
            return await super().ask(*arguments, **named)

    async with staged(tmp_path / "verbatim.db", kind=Noting) as stage:
        stage.bot.interactions.entered.append(enter)
        await stage.here.member.slash(stage.here.channel, "help")
        await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
    assert seen == [("en-US ask", "en-US ask")]
    assert locale.get() == "none"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RuntimeError("a bug"), Outcome.FAILED), (DatabaseError("The disk is full."), Outcome.TROUBLE)],
)
async def test_how_a_failed_command_ends_is_told_apart(tmp_path: Path, error: Exception, outcome: Outcome) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Listening) as stage:
        assert isinstance(stage.library, Listening)
        stage.library.error = error
        found = over(stage)
        await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
        assert told(found) == [(Kind.COMMAND, "ask", outcome)]


async def test_a_polite_refusal_is_neither_done_nor_failed(stage: Stage) -> None:
    found = over(stage)
    await stage.here.member.slash(stage.here.channel, "ask", question="???")
    assert told(found) == [(Kind.COMMAND, "ask", Outcome.REFUSED)]


async def test_an_interaction_that_discord_does_not_take_the_answer_of_ends_in_trouble(stage: Stage) -> None:
    found = over(stage)
    stage.env.inject_error("POST", "/interactions/*/callback", status=503)
    await stage.here.member.slash(stage.here.channel, "help")
    assert told(found) == [(Kind.COMMAND, "help", Outcome.TROUBLE)]


async def test_a_form_of_before_a_restart_ends_unanswered(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    edit = await stage.here.moderator.slash(stage.here.channel, "transcript edit", transcript="How bread rises")
    await stage.restart()
    found = over(stage)
    caplog.set_level(logging.INFO)
    await stage.here.moderator.submit_modal(edit, {"title": "Bread"})
    assert told(found) == [(Kind.FORM, "form", Outcome.UNANSWERED)]
    assert f"Form in server {stage.here.guild.id}: unanswered after" in caplog.text


async def test_suggestions_that_fail_end_unanswered_and_others_are_no_line_of_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise DatabaseError("The disk is full.")

    caplog.set_level(logging.INFO)
    found = over(stage)
    await stage.here.member.autocomplete(stage.here.channel, "ask", "speaker", "A", question="x")
    assert "Typing" not in caplog.text
    monkeypatch.setattr(Library, "catalogue", fail)
    await stage.here.member.autocomplete(stage.here.channel, "ask", "speaker", "A", question="x")
    assert told(found) == [(Kind.TYPING, "ask", Outcome.DONE), (Kind.TYPING, "ask", Outcome.UNANSWERED)]
    assert "Typing ask in server" in caplog.text


async def test_announcements_that_an_ingest_sets_off_are_not_done_for_it(tmp_path: Path) -> None:
    seen: list[str] = []

    class Telling(Library):
        async def characteristic(self, *arguments: Any, **named: Any) -> tuple[Quote, ...]:
            seen.append(noted())
            return await super().characteristic(*arguments, **named)

    async with staged(tmp_path / "verbatim.db", kind=Telling) as stage:
        await stage.here.moderator.slash(stage.here.channel, "subscribe")
        await stage.here.moderator.slash(stage.here.channel, "ingest", file=("bread.md", BREAD))
        assert stage.announced(stage.here.channel) == ["How bread rises"]
    assert set(seen) == {""}


async def test_nothing_of_an_interaction_holds_outside_of_it(tmp_path: Path) -> None:
    kept = ContextVar[str]("kept", default="")
    seen: list[tuple[str, str]] = []

    class Leaving(Library):
        async def ask(self, *arguments: Any, **named: Any) -> Answer:
            assert (kept.get(), noted()) != ("", "")
            outside().run(lambda: seen.append((kept.get(), noted())))
            return await super().ask(*arguments, **named)

    async with staged(tmp_path / "verbatim.db", kind=Leaving) as stage:
        stage.bot.interactions.entered.append(lambda _: kept.set("kept") and None)
        await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
    assert seen == [("", "")]


async def test_of_two_at_once_each_has_its_own_reference_and_ends_by_itself() -> None:
    going = {"ask": asyncio.Event(), "help": asyncio.Event()}
    seen: dict[str, str] = {}
    tasks: list[asyncio.Task[None]] = []

    async def work(name: str) -> None:
        await going[name].wait()
        seen[name] = noted()

    def dispatch(payload: Payload) -> None:
        tasks.extend(asyncio.create_task(work(payload["data"]["name"])) for _ in range(2))

    bot = commands.Bot("!", intents=discord.Intents.none())
    bot._connection.parsers[ARRIVES] = dispatch
    interactions, found = Interactions(bot), list[Passing]()
    interactions.finished.append(found.append)
    for name in going:
        bot._connection.parsers[ARRIVES]({"type": 2, "data": {"name": name}})
    for name in ("help", "ask"):
        assert name not in [one.name for one in found]
        going[name].set()
        while name not in [one.name for one in found]:
            await asyncio.sleep(0)
    assert [one.name for one in found] == ["help", "ask"]
    assert seen == {one.name: one.reference for one in found}
