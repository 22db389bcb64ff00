"""/help, and what Discord itself shows of the commands."""

import re
from collections.abc import Iterator

import discord
from discord import app_commands

from cogs.locales.catalogues import catalogue
from cogs.rendering.words import MAX_TEXT
from tests.cogs.locales.leftovers import english
from tests.cogs.stage import Stage, shown

MODERATORS = {
    "ingest",
    "insights",
    "subscribe",
    "unsubscribe",
    "subscriptions",
    "notifications",
    "glossary",
    "corrections",
    "transcript",
    "follow",
    "why",
}


def named(text: str) -> set[str]:
    return set(re.findall(r"`/([a-z]+)", text))


def commands(
    stage: Stage,
) -> Iterator[app_commands.Command[discord.ext.commands.Cog, ..., object] | app_commands.Group]:
    for command in stage.bot.tree.get_commands():
        if not isinstance(command, app_commands.ContextMenu):  # these stand in a message's menu
            yield command


def leaves(stage: Stage) -> Iterator[app_commands.Command[discord.ext.commands.Cog, ..., object]]:
    for top in commands(stage):
        for command in [top, *(top.walk_commands() if isinstance(top, app_commands.Group) else [])]:
            if isinstance(command, app_commands.Command):
                yield command


async def test_a_moderator_is_told_of_every_command_there_is(stage: Stage) -> None:
    result = await stage.here.moderator.slash(stage.here.channel, "help")
    assert named(shown(result)) == {command.name for command in commands(stage)}


async def test_a_member_is_told_of_the_commands_that_members_may_use(stage: Stage) -> None:
    result = await stage.here.member.slash(stage.here.channel, "help")
    assert named(shown(result)) == {command.name for command in commands(stage)} - MODERATORS
    available = stage.here.member.available_commands(stage.here.channel)
    assert named(shown(result)) == {command.split()[0] for command in available}


async def test_help_in_japanese_names_every_command_and_option_as_discord_shows_it_there(stage: Stage) -> None:
    stage.speak(stage.here.moderator, "ja")
    said = shown(await stage.here.moderator.slash(stage.here.channel, "help"))
    found = catalogue("ja")
    assert set(re.findall(r"`/(\w+)", said)) == {found.pgettext("command", one.name) for one in commands(stage)}
    options = {option.name for command in leaves(stage) for option in command.parameters}
    options |= {option.display_name for command in leaves(stage) for option in command.parameters}
    assert set(re.findall(r"[` ](\w+):", said)) <= {found.pgettext("option", name) for name in options}
    assert english(said, ["JMdict and JMnedict"]) == []
    assert len(said) < MAX_TEXT


async def test_help_is_shown_to_who_asked_for_it_alone(stage: Stage) -> None:
    result = await stage.here.member.slash(stage.here.channel, "help")
    assert result.ephemeral
    assert stage.here.channel.history(viewer=stage.here.moderator) == []


async def test_the_commands_that_change_something_need_manage_server(stage: Stage) -> None:
    needed = discord.Permissions(manage_guild=True)
    assert {command.name for command in commands(stage) if command.default_permissions == needed} == MODERATORS
    assert {command.name for command in commands(stage) if command.default_permissions is None} == {
        "alert",
        "ask",
        "mentions",
        "library",
        "help",
        "privacy",
    }


async def test_in_the_menu_of_a_message_moderators_ingest_and_everyone_reports(stage: Stage) -> None:
    menus = [one for one in stage.bot.tree.get_commands() if isinstance(one, app_commands.ContextMenu)]
    assert [(menu.name, menu.default_permissions) for menu in menus] == [
        ("Ingest transcripts", discord.Permissions(manage_guild=True)),
        ("Report a mistake", None),
    ]


async def test_every_command_works_in_servers_alone(stage: Stage) -> None:
    assert all(command.guild_only for command in commands(stage))
    (registered,) = stage.requests("PUT", "/commands")
    for command in registered["json"]:
        assert command["contexts"] == [0], command["name"]
        assert command["integration_types"] == [0], command["name"]


async def test_every_command_and_every_option_is_described(stage: Stage) -> None:
    for top in commands(stage):
        for command in [top, *(top.walk_commands() if isinstance(top, app_commands.Group) else [])]:
            assert len(command.description) > 10, command.qualified_name
            for option in command.parameters if isinstance(command, app_commands.Command) else ():
                assert len(str(option.description)) > 10, f"{command.qualified_name} {option.name}"
