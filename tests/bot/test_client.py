"""The bot itself: which commands are registered where and when, and how it starts and ends."""

import asyncio
import importlib
import logging
import pkgutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

import cogs
from bot.client import Verbatim, run
from bot.config import Config
from bot.errors import ConfigError, RunError
from store.database import bot_lock
from store.errors import AlreadyRunningError, DatabaseError
from store.library import Library
from store.upkeep import apart
from tests.cogs.stage import BREAD, PROMPT, TIDES, Stage

COMMANDS = {
    *("Ingest transcripts", "Report a mistake", "corrections"),
    *("ask", "follow", "glossary", "help", "ingest", "insights", "library", "mentions"),
    *("alert", "notifications", "subscribe", "subscriptions", "transcript", "unsubscribe", "why", "privacy"),
}
MEMBERS = {"alert add", "alert list", "alert remove", "ask", "help", "library", "mentions", "privacy"}


def synced(stage: Stage) -> list[tuple[str, set[str]]]:
    """Return every registration in order: where, and the commands' names."""
    return [
        (
            request["path"].removeprefix(f"/applications/{stage.bot.application_id}"),
            {c["name"] for c in request["json"]},
        )
        for request in stage.requests("PUT", "/commands")
    ]


def scope(stage: Stage) -> Config:
    return Config(pause_seconds=0, guilds=(stage.here.guild.id,))


async def test_the_commands_are_registered_everywhere_at_the_first_start(stage: Stage) -> None:
    assert synced(stage) == [("/commands", COMMANDS)]


async def test_a_restart_with_the_same_commands_registers_nothing(stage: Stage) -> None:
    await stage.restart()
    await stage.restart()
    assert len(synced(stage)) == 1
    assert not stage.env.errors


async def test_commands_for_one_server_are_registered_there_and_cleared_everywhere_else(stage: Stage) -> None:
    await stage.restart(scope(stage))
    assert sorted(synced(stage)[1:]) == [
        ("/commands", set()),
        (f"/guilds/{stage.here.guild.id}/commands", COMMANDS),
    ]
    assert set(stage.here.member.available_commands(stage.here.channel)) == MEMBERS
    assert stage.there.member.available_commands(stage.there.channel) == ()

    await stage.restart(scope(stage))
    assert len(synced(stage)) == 3


async def test_commands_go_back_to_every_server_and_are_not_shown_twice(stage: Stage) -> None:
    await stage.restart(scope(stage))
    await stage.restart(PROMPT)
    assert sorted(synced(stage)[3:]) == [
        ("/commands", COMMANDS),
        (f"/guilds/{stage.here.guild.id}/commands", set()),
    ]
    assert set(stage.there.member.available_commands(stage.there.channel)) == MEMBERS
    assert await stage.bot.tree.fetch_commands(guild=discord.Object(stage.here.guild.id)) == []


async def test_commands_deleted_on_discords_side_are_registered_again(stage: Stage) -> None:
    assert stage.bot.application_id is not None
    await stage.bot.http.bulk_upsert_global_commands(stage.bot.application_id, [])
    assert stage.here.member.available_commands(stage.here.channel) == ()
    await stage.restart()
    assert set(stage.here.member.available_commands(stage.here.channel)) == MEMBERS


async def test_a_server_that_the_bot_may_not_register_in_holds_nothing_up(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = 123_456_789_012_345_678
    stage.env.inject_error("*", f"/applications/*/guilds/{elsewhere}/commands", status=403, code=50001, times=None)
    await stage.restart(Config(pause_seconds=0, guilds=(elsewhere, stage.here.guild.id)))
    assert f"Commands can't be registered in server {elsewhere}" in caplog.text
    assert set(stage.here.member.available_commands(stage.here.channel)) == MEMBERS


async def test_a_limit_at_the_registration_holds_nothing_up(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def limited(*_: object, **__: object) -> None:
        raise discord.RateLimited(90)

    with monkeypatch.context() as patched:
        patched.setattr("discord.app_commands.CommandTree.sync", limited)
        await stage.restart(Config(pause_seconds=0, guilds=(stage.here.guild.id,)))
    assert f"Commands of {stage.here.guild.id} are registered at the next start" in caplog.text
    await stage.restart()
    assert set(stage.here.member.available_commands(stage.here.channel)) == MEMBERS


def items(module: str) -> Iterator[type[discord.ui.DynamicItem[Any]]]:
    for found in vars(importlib.import_module(module)).values():
        if isinstance(found, type) and issubclass(found, discord.ui.DynamicItem) and found.__module__ == module:
            yield found


async def test_every_button_and_menu_of_the_cogs_works_after_a_restart(stage: Stage) -> None:
    modules = [f"cogs.{module.name}" for module in pkgutil.iter_modules(cogs.__path__)]
    every = {item for module in modules for item in items(module)}
    assert set(stage.bot._connection._view_store._dynamic_items.values()) == every


async def test_the_bot_asks_for_no_privileged_intent_and_pings_nobody(stage: Stage) -> None:
    assert stage.bot.intents == discord.Intents(guilds=True)
    assert stage.bot.allowed_mentions is not None
    assert stage.bot.allowed_mentions.to_dict()["parse"] == []


async def test_the_readme_names_every_command() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert {name for name in COMMANDS if f"`/{name}" in readme or f"*{name}*" in readme} == COMMANDS


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    before = root.level, list(root.handlers), discord.VoiceClient.warn_nacl, discord.VoiceClient.warn_dave
    yield
    for handler in set(root.handlers) - set(before[1]):
        root.removeHandler(handler)
    root.setLevel(before[0])
    discord.VoiceClient.warn_nacl, discord.VoiceClient.warn_dave = before[2:]


@pytest.fixture
def config(tmp_path: Path, logging_restored: None) -> Config:
    del logging_restored
    return Config(database=tmp_path / "verbatim.db", token="not.a.token")


def starting(monkeypatch: pytest.MonkeyPatch, begin: Callable[[], object]) -> None:
    """Let the bot's start do something else than to connect: `begin`, then wait for ever."""

    async def start(*_: object, **__: object) -> None:
        begin()
        await asyncio.Event().wait()

    monkeypatch.setattr(Verbatim, "start", start)


def failing(error: BaseException) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


async def test_a_second_bot_with_the_same_database_is_refused(config: Config) -> None:
    with bot_lock(config.database), pytest.raises(AlreadyRunningError, match="Another bot already runs"):
        await run(config)


async def test_a_bot_without_a_token_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no bot token"):
        await run(Config(database=tmp_path / "verbatim.db"))
    assert list(tmp_path.iterdir()) == []


async def test_a_database_in_a_folder_that_is_not_there_is_refused_and_nothing_is_made(
    config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starting(monkeypatch, failing(AssertionError("the bot was started")))
    with pytest.raises(DatabaseError, match=r"^The database's folder "):
        await run(replace(config, database=tmp_path / "missing" / "verbatim.db"))
    assert list(tmp_path.iterdir()) == []


async def test_a_token_that_discord_refuses_is_one_sentence(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    starting(monkeypatch, failing(discord.LoginFailure("Improper token has been passed.")))
    with pytest.raises(ConfigError, match=r"^Discord refuses the bot's token; copy it anew"):
        await run(config)


class Answer:
    """What discord.py keeps of an answer of Discord's that it raises."""

    status = 503
    reason = "Service Unavailable"


ANSWER: Any = Answer()


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectionError(),
        OSError(101, "Network is unreachable"),
        TimeoutError(),
        discord.DiscordServerError(ANSWER, None),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_discord_that_cannot_be_reached_is_one_sentence(
    config: Config, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    starting(monkeypatch, failing(error))
    with pytest.raises(RunError, match=r"^Discord can't be reached"):
        await run(config)


async def test_terminating_the_bot_ends_it_in_order_and_frees_the_database(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting(monkeypatch, lambda: signal.raise_signal(signal.SIGTERM))
    await run(config)
    with bot_lock(config.database):
        async with Library.opened(config.database) as library:
            assert (await library.page(1)).total == 0


async def test_the_bot_backs_its_database_up_by_itself_where_that_is_on(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []

    async def make(database: Path, *_: object) -> None:
        begun.append(database)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()

    monkeypatch.setattr(apart, "make", make)
    starting(monkeypatch, lambda: None)
    await run(replace(config, backup_every=86_400.0))
    assert begun == [config.database]


async def test_a_database_that_was_replaced_is_opened_without_a_start_by_hand(
    config: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("store.guard.LOOK_SECONDS", 0.01)
    monkeypatch.setattr("store.guard.SETTLED_SECONDS", 0.05)
    backup = config.database.with_name("backup.db")
    async with Library.opened(backup) as library:
        await library.ingest(1, BREAD, "bread.md")
    seen: list[int] = []

    async def start(bot: Verbatim, *_: object, **__: object) -> None:
        seen.append((await bot.library.page(1)).total)
        if seen == [0]:
            config.database.unlink()
            with pytest.raises(DatabaseError, match="is not where it was"):
                await bot.library.ingest(1, BREAD, "bread.md")
            backup.rename(config.database)
        else:
            await bot.library.ingest(1, TIDES, "tides.md")
            signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()

    monkeypatch.setattr(Verbatim, "start", start)
    await run(config)
    assert seen == [0, 1]
    assert "Another database has taken the place" in caplog.text
    async with Library.opened(config.database) as library:
        assert (await library.page(1)).total == 2


async def test_a_bug_at_the_start_keeps_its_traceback_and_frees_the_database(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting(monkeypatch, failing(RuntimeError("a bug")))
    with pytest.raises(RuntimeError, match="a bug"):
        await run(config)
    with bot_lock(config.database):
        pass


async def test_the_log_level_is_the_configured_one(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[int] = []

    def note() -> None:
        levels.append(logging.getLogger().level)
        signal.raise_signal(signal.SIGTERM)

    starting(monkeypatch, note)
    await run(replace(config, log_level="ERROR"))
    assert levels == [logging.ERROR]


def closed(code: int) -> Any:
    """Return what discord.py keeps of a connection that Discord has closed."""
    return SimpleNamespace(close_code=code)


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (discord.ConnectionClosed(closed(4004), shard_id=None), ConfigError, "Discord no longer takes the bot's token"),
        (discord.ConnectionClosed(closed(4014), shard_id=None), RunError, "Discord ended the connection .code 4014."),
        (discord.GatewayNotFound(), RunError, "Discord refused to connect"),
        (discord.HTTPException(ANSWER, "slow down"), RunError, "Discord refused to connect: .*slow down"),
        (discord.RateLimited(90), RunError, "Discord refused to connect: Too many requests"),
    ],
)
async def test_a_discord_that_ends_the_connection_is_one_sentence(
    config: Config, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception], sentence: str
) -> None:
    starting(monkeypatch, failing(error))
    with pytest.raises(kind, match=sentence):
        await run(config)
