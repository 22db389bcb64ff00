"""Errors: each becomes a sentence that the asker alone is shown, and nothing is left thinking in public."""

import logging
import re
from pathlib import Path
from typing import NoReturn

import aiohttp
import discord
import pytest
from discord import app_commands

from cogs.replies import show_error
from store.errors import DatabaseError
from store.library import Library
from store.models import Answer, Page
from tests.cogs.stage import BREAD, Stage, shown, staged, text

FULL = "The disk is full: nothing was changed; free some space and try again."


class ChannelTransformer(app_commands.Transformer):
    """Any option's way from Discord to a command."""


class Broken(Library):
    """A library whose database can't be read."""

    async def ask(self, *_: object, **__: object) -> Answer:
        raise DatabaseError(FULL)

    async def page(self, *_: object, **__: object) -> Page:
        raise DatabaseError(FULL)


class Buggy(Library):
    """A library with a bug."""

    async def ask(self, *asked: object, **__: object) -> Answer:
        raise RuntimeError(f"a bug while {asked[1]} was asked")

    async def page(self, guild_id: int, *, offset: int = 0, limit: int = 10, **__: object) -> Page:
        if offset == 0:
            return await super().page(guild_id, offset=offset, limit=limit)
        raise RuntimeError("a bug on a later page")


def seen(stage: Stage, *, by_asker: bool) -> list[str]:
    viewer = stage.here.member if by_asker else stage.here.moderator
    return [text(message) for message in stage.here.channel.history(viewer=viewer)]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("y" * 401, "That question has 401 characters; please ask in at most 400."),
        ("???", "There is no word to search for"),
        ("-the", "That only says what to leave out"),
    ],
)
@pytest.mark.parametrize("private", [False, True])
async def test_a_question_that_cannot_be_asked_is_refused_with_a_sentence_to_the_asker_alone(
    stage: Stage, question: str, sentence: str, private: bool
) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.here.member.slash(stage.here.channel, "ask", question=question, private=private)
    (told,) = seen(stage, by_asker=True)
    assert told.startswith(sentence)
    assert seen(stage, by_asker=False) == []


async def test_each_member_is_told_of_an_error_in_the_language_they_use_discord_in(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Buggy) as stage:
        here = stage.here
        stage.speak(here.moderator, "ja")
        japanese = shown(await here.moderator.slash(here.channel, "ask", question="yeast", private=True))
        english = shown(await here.member.slash(here.channel, "ask", question="yeast", private=True))
    assert re.fullmatch(r"予期しない問題が起きました。参照番号 [0-9a-f]{8} をモデレーターにお伝えください。", japanese)
    assert english.startswith("Something went wrong")


async def test_what_a_button_says_is_in_the_language_of_who_presses(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Buggy) as stage:
        for number in range(9):
            named = BREAD.replace(b"How bread", b"%d bread" % number).replace(b"bread-rises", b"bread-rise%d" % number)
            await stage.library.ingest(stage.here.guild.id, named, "bread.md")
        page = await stage.here.member.slash(stage.here.channel, "library")
        stage.speak(stage.here.member, "ja")
        assert page.response is not None
        pressed = await stage.here.member.click(page.response, label="More ▶")
    assert shown(pressed).startswith("予期しない問題が起きました。")


async def test_a_database_that_fails_is_said_in_a_sentence(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Broken) as stage:
        await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
        assert seen(stage, by_asker=True) == [FULL]
        assert seen(stage, by_asker=False) == []
        listed = await stage.here.member.slash(stage.here.channel, "library")
        assert shown(listed) == FULL


async def test_a_bug_shows_only_a_reference_and_logs_its_traceback_under_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Buggy) as stage:
        await stage.here.member.slash(stage.here.channel, "ask", question="about the yeast")
        (told,) = seen(stage, by_asker=True)
        assert seen(stage, by_asker=False) == []
    found = re.fullmatch(r"Something went wrong .* the reference ([0-9a-f]{8})\.", told)
    assert found, told
    (record,) = [record for record in caplog.records if record.name == "cogs.replies"]
    assert record.levelno == logging.ERROR
    assert found[1] in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], RuntimeError)
    assert "about the yeast" not in record.getMessage()


async def test_a_bug_behind_a_button_shows_only_a_reference_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Buggy) as stage:
        for number in range(9):
            named = BREAD.replace(b"How bread", b"%d bread" % number).replace(b"bread-rises", b"bread-rise%d" % number)
            await stage.library.ingest(stage.here.guild.id, named, "bread.md")
        page = await stage.here.member.slash(stage.here.channel, "library")
        assert page.response is not None
        pressed = await stage.here.member.click(page.response, label="More ▶")
        assert re.search(r"the reference [0-9a-f]{8}", shown(pressed))
        assert "### Library" in text(page.response)
    assert "a bug on a later page" in caplog.text


async def test_discord_failing_for_a_moment_is_said_and_not_logged_as_a_bug(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    stage.env.inject_error("POST", "/interactions/*/callback", status=503)
    await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
    assert seen(stage, by_asker=True) == ["Discord is having trouble; please try again in a moment."]
    assert seen(stage, by_asker=False) == []
    assert "reference" not in caplog.text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (discord.RateLimited(90), "Discord is having trouble; please try again in a moment."),
        (
            app_commands.TransformerError("x", discord.AppCommandOptionType.channel, ChannelTransformer()),
            "That option can't be used here",
        ),
        (app_commands.CommandNotFound("gone", []), "That command has changed; reload Discord"),
        (app_commands.MissingPermissions(["manage_guild"]), "You don't have the permission"),
        (app_commands.CheckFailure(), "You don't have the permission"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_an_error_of_discords_own_checks_is_a_sentence_and_no_bug(
    stage: Stage, caplog: pytest.LogCaptureFixture, error: Exception, sentence: str
) -> None:
    @stage.bot.tree.command(description="Fails")
    async def fail(interaction: discord.Interaction) -> None:
        await show_error(interaction, error)

    await stage.bot.tree.sync()
    result = await stage.here.member.slash(stage.here.channel, "fail")
    assert shown(result).startswith(sentence)
    assert result.ephemeral
    assert "reference" not in caplog.text


@pytest.mark.parametrize("path", ["/webhooks/*", "/interactions/*/callback"])
@pytest.mark.parametrize("status", [404, 500])
async def test_an_error_that_cannot_be_told_is_logged_and_goes_no_further(
    stage: Stage, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    stage.env.inject_error("*", path, status=status, times=None)
    await stage.here.moderator.slash(stage.here.channel, "transcript language", transcript="zeppelin")
    assert [type(error) for error in stage.env.errors] == [discord.app_commands.CommandInvokeError]
    assert "could not be told of its error" in caplog.text


@pytest.mark.parametrize("failure", [aiohttp.ServerDisconnectedError, TimeoutError, ConnectionResetError])
async def test_a_connection_lost_while_telling_is_logged_and_goes_no_further(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[Exception],
) -> None:
    async def lost(*_: object, **__: object) -> NoReturn:
        raise failure

    monkeypatch.setattr("discord.InteractionResponse.send_message", lost)

    @stage.bot.tree.command(description="Fails")
    async def fail(interaction: discord.Interaction) -> None:
        await show_error(interaction, DatabaseError(FULL))

    await stage.bot.tree.sync()
    await stage.here.member.slash(stage.here.channel, "fail")
    assert not stage.env.errors
    assert "could not be told of its error" in caplog.text
