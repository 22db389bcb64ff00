"""The log: a line for each interaction, with the reference that its errors show; never a question or a name."""

import io
import json
import logging
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import discord
import pytest
import simcord
from discord import app_commands
from simcord.results import InteractionResult, ResponseMessage

from bot import logs
from store.errors import DatabaseError
from store.library import Library
from tests.cogs.stage import Stage, components, shown, staged, transcript

RARE = "quetzalwright"
MENU, TEXT = 3, 4  # https://discord.com/developers/docs/components/reference#component-object-component-types
NAMES = ("Ottoline", "Mordaunt")
WANTED = {
    discord.AppCommandOptionType.integer: 1,
    discord.AppCommandOptionType.number: 1.0,
    discord.AppCommandOptionType.boolean: True,
}


@contextmanager
def logged(form: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Log at INFO as the running bot does, and put the logging of the tests back."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.level, list(root.handlers)
    monkeypatch.setattr(sys, "stderr", stream)
    try:
        logs.begin("INFO", form)
        yield stream
    finally:
        logging.captureWarnings(capture=False)
        for handler in set(root.handlers) - set(before[1]):
            root.removeHandler(handler)
        root.setLevel(before[0])


class Buggy(Library):
    """A library with a bug."""

    async def ask(self, *_: object, **__: object) -> NoReturn:
        raise RuntimeError("a bug")


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_reference_that_a_bug_shows_finds_every_line_about_the_interaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    with logged(form, monkeypatch) as stream:
        async with staged(tmp_path / "verbatim.db", kind=Buggy) as stage:
            told = shown(await stage.here.member.slash(stage.here.channel, "ask", question="yeast"))
            await stage.here.member.slash(stage.here.channel, "help")
    found = re.search(r"the reference ([0-9a-f]{8})\.$", told)
    assert found, told
    about = "\n".join(line for line in stream.getvalue().splitlines() if found[1] in line)
    assert f"reference {found[1]}" in about
    assert "Command ask in server" in about
    assert "failed after" in about
    assert "help" not in about


async def test_a_line_of_json_says_when_how_bad_who_what_for_whom_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logged("json", monkeypatch) as stream:
        async with staged(tmp_path / "verbatim.db", kind=Buggy) as stage:
            await stage.here.member.slash(stage.here.channel, "ask", question="yeast")
        logging.getLogger("elsewhere").warning("two\nlines of %s", "電力")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("a warning", stacklevel=1)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    failed = next(line for line in lines if line["level"] == "ERROR")
    assert failed["logger"] == "cogs.replies"
    assert failed["guild"] == str(stage.here.guild.id)
    assert failed["message"].endswith(f"failed, reference {failed['interaction']}")
    assert "RuntimeError: a bug" in failed["exception"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", failed["time"])
    ended = next(line for line in lines if line["logger"] == "cogs.interactions")
    assert ended["interaction"] == failed["interaction"]
    elsewhere = next(line for line in lines if line["logger"] == "elsewhere")
    assert elsewhere["message"] == "two\nlines of 電力"
    assert elsewhere.keys() == {"time", "level", "logger", "message"}
    assert any(line["logger"] == "py.warnings" and "a warning" in line["message"] for line in lines)


async def test_a_database_that_fails_is_a_warning_for_the_operator(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> NoReturn:
        raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    monkeypatch.setattr(Library, "page", fail)
    await stage.here.member.slash(stage.here.channel, "library")
    (warning,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "The disk is full" in warning.getMessage()


async def test_no_question_and_no_name_is_ever_logged_at_info(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Every command with every text, every button of what it answers with, every form: none leaves a trace."""
    caplog.set_level(logging.INFO)
    here = stage.here
    role = here.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    user = stage.env.create_user("-".join(NAMES).lower(), global_name=" ".join(NAMES))
    someone = here.guild.add_member(user, roles=[role], nick=" ".join(NAMES))
    tried = set()
    for command in stage.bot.tree.walk_commands():
        if not isinstance(command, app_commands.Command):
            continue
        for every in (True, False):  # all options make little sense together, and are refused; what is needed does
            await stage.library.ingest(here.guild.id, file(command.qualified_name), f"{RARE}.md", announce=False)
            options = filled(command, every=every)
            await follow_up(someone, await someone.slash(here.channel, command.qualified_name, **options))
        for parameter in command.parameters:
            if parameter.autocomplete:
                others = {name: value for name, value in filled(command).items() if name != parameter.display_name}
                await someone.autocomplete(here.channel, command.qualified_name, parameter.display_name, RARE, **others)
        tried.add(command.qualified_name)
    assert ": failed after" not in caplog.text
    told = caplog.text.lower()
    assert [name for name in (RARE, *map(str.lower, NAMES)) if name in told] == []
    assert tried == set(re.findall(r"Command ([a-z -]+) in server", caplog.text))
    assert len(re.findall(r"Press [a-z-]+ in server \d+: done", caplog.text)) >= 5
    assert len(re.findall(r"Form in server \d+: done", caplog.text)) >= 1


def file(name: str) -> bytes:
    slug = re.sub(r"[^a-z]", "-", name)
    return transcript(
        f"[0:07] the {RARE} eats the sugar of {name}",
        f"[0:09] {' '.join(NAMES)} said so",
        title=RARE,
        url=f"https://www.youtube.com/watch?v={slug}",
        extra=f'speaker: "{" ".join(NAMES)}"\ntags: ["{RARE}"]',
    )


def filled(command: app_commands.Command[Any, ..., Any], *, every: bool = False) -> dict[str, Any]:
    """Return a value for each option that a command needs, or for each that can be written."""
    found: dict[str, Any] = {}
    for parameter in command.parameters:
        if parameter.type is discord.AppCommandOptionType.attachment:
            if parameter.required:
                found[parameter.display_name] = (f"{RARE}.md", file(command.name))
        elif parameter.required or (every and parameter.type is discord.AppCommandOptionType.string):
            value = parameter.choices[0].value if parameter.choices else WANTED.get(parameter.type, RARE)
            found[parameter.display_name] = value
    return found


async def follow_up(someone: simcord.MemberActor, result: InteractionResult) -> None:
    """Send the form that opens, and press each button of what is answered, once."""
    if result.modal is not None:
        await someone.submit_modal(result, dict(answers(result.modal)))
    elif (message := result.response) is not None:
        pressed: set[str] = set()
        while left := [custom_id for custom_id in pressable(message) if custom_id not in pressed]:
            pressed.add(left[0])
            opened = await someone.click(message, custom_id=left[0])
            if opened.modal is not None:
                await someone.submit_modal(opened, dict(answers(opened.modal)))


def pressable(message: ResponseMessage) -> list[str]:
    buttons = [found for found in components(message) if found["type"] == 2]
    return [found["custom_id"] for found in buttons if "url" not in found and not found.get("disabled")]


def answers(found: Any) -> Iterator[tuple[str, str | list[str]]]:
    """Fill in a form: each text, and the first choice of each menu."""
    if isinstance(found, Mapping):
        if found.get("type") == TEXT:
            yield found["custom_id"], RARE
        elif found.get("type") == MENU:
            yield found["custom_id"], [found["options"][0]["value"]]
        for value in found.values():
            yield from answers(value)
    elif isinstance(found, list):
        for value in found:
            yield from answers(value)
