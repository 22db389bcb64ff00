"""`/metrics` and `/health` of a running bot, read over HTTP as Prometheus and Docker do."""

import asyncio
import json
import logging
import math
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.client import Verbatim, run
from bot.config import Config
from bot.counted import Counted
from bot.errors import RunError
from bot.serving import serving
from tests.bot.test_logs import RARE
from tests.cogs.stage import BREAD, PROMPT, Stage, staged

HOST = "127.0.0.1"


def unused() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Stage, str]]:
    async with staged(tmp_path / "verbatim.db", kind=Counted) as stage, listening(stage) as address:
        yield stage, address


@asynccontextmanager
async def listening(stage: Stage, *, backup_every: float = 0) -> AsyncIterator[str]:
    assert isinstance(stage.library, Counted)
    port = unused()
    config = replace(PROMPT, database=stage.path, listen=(HOST, port), backup_every=backup_every)
    async with serving(config, stage.bot, stage.bot.interactions, stage.library):
        yield f"http://{HOST}:{port}"


async def got(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


async def samples(address: str) -> dict[str, float]:
    status, text = await got(f"{address}/metrics")
    assert status == 200
    return {
        f"{one.name}{json.dumps(one.labels) if one.labels else ''}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def named(name: str, /, **labels: str) -> str:
    return name + json.dumps(labels)


async def test_what_was_done_is_counted_and_what_there_is_is_measured(served: tuple[Stage, str]) -> None:
    stage, address = served
    here = stage.here
    await here.moderator.slash(here.channel, "subscribe")
    await here.moderator.slash(here.channel, "ingest", file=("bread.md", BREAD))
    await here.member.slash(here.channel, "ask", question="what does the yeast eat")
    await here.member.slash(here.channel, "ask", question="???")
    found = await samples(address)
    assert found[named("verbatim_interactions_total", kind="command", name="ask", outcome="done")] == 1
    assert found[named("verbatim_interactions_total", kind="command", name="ask", outcome="refused")] == 1
    assert found[named("verbatim_interaction_seconds_count", kind="command")] == 4
    assert found[named("verbatim_questions_total", outcome="found")] == 1
    assert found[named("verbatim_questions_total", outcome="refused")] == 1
    assert found["verbatim_question_seconds_count"] == 2
    assert found[named("verbatim_ingests_total", outcome="new")] == 1
    assert found[named("verbatim_deliveries", state="sent")] == 1
    assert found[named("verbatim_deliveries", state="failing")] == 0
    assert found["verbatim_oldest_undelivered_seconds"] == 0
    assert (found["verbatim_guilds"], found["verbatim_transcripts"], found["verbatim_passages"]) == (2, 1, 1)
    assert found["verbatim_index_bytes"] > 0
    assert (found["verbatim_gateway_connected"], found["verbatim_database_writable"]) == (1, 1)
    assert found["verbatim_database_bytes"] == stage.path.stat().st_size
    assert found["verbatim_database_wal_bytes"] > 0
    assert found["verbatim_disk_free_bytes"] > 0
    assert found["process_resident_memory_bytes"] > 0
    assert math.isnan(found["verbatim_last_backup_timestamp_seconds"])  # none is to be made
    (build,) = [name for name in found if name.startswith("verbatim_build_info")]
    assert '"discord_py": "2.' in build


async def test_the_operators_page_names_what_is_served_and_nothing_else(served: tuple[Stage, str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8").partition("\n## Watch it\n")[2]
    table = page.partition("| metric (")[2].partition("\n\n")[0]
    told = {
        f"verbatim_{name}"
        for row in table.splitlines()[2:]
        for name in re.findall(r"`(\w+)(?:\{[^`]*)?`", row.split("|")[1])
    }
    await served[0].here.member.slash(served[0].here.channel, "help")
    _, text = await got(f"{served[1]}/metrics")
    assert told == set(re.findall(r"(?m)^# TYPE (verbatim_\w+) ", text))
    rules = yaml.safe_load(
        page.partition("```yaml\ngroups:")[1].removeprefix("```yaml\n")
        + page.partition("```yaml\ngroups:")[2].partition("```")[0]
    )
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    used = {re.sub(r"_bucket$", "", name) for one in asked for name in re.findall(r"verbatim_\w+", one)}
    assert len(used) >= 6
    assert used <= told


async def test_what_an_alert_waits_for_is_there_before_it_happens(served: tuple[Stage, str]) -> None:
    found = await samples(served[1])
    assert found[named("verbatim_log_records_total", level="error")] == 0
    assert found[named("verbatim_questions_total", outcome="failed")] == 0
    assert found[named("verbatim_gateway_events_total", event="disconnected")] == 0
    logging.getLogger("elsewhere").error("a bug")
    logging.getLogger("elsewhere").info("all is well")
    assert (await samples(served[1]))[named("verbatim_log_records_total", level="error")] == 1


async def test_no_server_no_name_and_no_text_is_a_label(served: tuple[Stage, str]) -> None:
    stage, address = served
    here = stage.here
    await stage.library.ingest(here.guild.id, BREAD.replace(b"How bread rises", RARE.encode()), f"{RARE}.md")
    answer = await here.member.slash(here.channel, "ask", question=f"{RARE} yeast")
    assert answer.response is not None
    await here.member.click(answer.response, label="Around")
    edit = await here.moderator.slash(here.channel, "transcript edit", transcript=RARE)
    await here.moderator.submit_modal(edit, {"title": RARE})
    _, text = await got(f"{address}/metrics")
    assert 'name="around"' in text
    for secret in (RARE, str(here.guild.id), here.member.name, "talks-here"):
        assert secret not in text


async def test_a_backup_that_should_be_there_is_as_old_as_can_be(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Counted) as stage:
        async with listening(stage, backup_every=86_400) as address:
            assert (await samples(address))["verbatim_last_backup_timestamp_seconds"] == 0
        folder = tmp_path / "backups"
        folder.mkdir()
        (folder / "verbatim-2026-01-02T030405Z.db").touch()
        async with listening(stage, backup_every=86_400) as address:
            at = (await samples(address))["verbatim_last_backup_timestamp_seconds"]
        assert at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()


async def test_the_health_of_a_bot_that_is_well(served: tuple[Stage, str]) -> None:
    status, text = await got(f"{served[1]}/health")
    found = json.loads(text)
    assert (status, found["status"]) == (200, "ok")
    assert found["gateway"]["connected"] is True
    assert found["database"]["writable"] is True


async def test_a_bot_that_lost_its_gateway_answers_with_503(served: tuple[Stage, str]) -> None:
    stage, address = served
    stage.bot.dispatch("disconnect")
    await stage.env.settle()
    status, text = await got(f"{address}/health")
    assert (status, json.loads(text)["status"]) == (503, "failing")
    found = await samples(address)
    assert found["verbatim_gateway_connected"] == 0
    assert found[named("verbatim_gateway_events_total", event="disconnected")] == 1
    stage.bot.dispatch("resumed")
    await stage.env.settle()
    assert (await got(f"{address}/health"))[0] == 200


async def test_nothing_else_is_served(served: tuple[Stage, str]) -> None:
    assert (await got(f"{served[1]}/"))[0] == 404
    async with aiohttp.ClientSession() as session, session.post(f"{served[1]}/metrics") as response:
        assert response.status == 405


async def test_a_late_event_loop_is_noted(served: tuple[Stage, str]) -> None:
    address = served[1]
    while not (await samples(address))["verbatim_event_loop_lag_seconds_count"]:
        await asyncio.sleep(0.05)
    time.sleep(0.7)  # noqa: ASYNC251 - which is what is noticed
    while not (found := await samples(address))["verbatim_event_loop_lag_seconds_count"] > 1:
        await asyncio.sleep(0.05)
    late = (
        found["verbatim_event_loop_lag_seconds_count"]
        - found[named("verbatim_event_loop_lag_seconds_bucket", le="0.1")]
    )
    assert late >= 1


async def test_a_port_that_is_taken_is_one_sentence_and_frees_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start(*_: object, **__: object) -> None:
        raise AssertionError("the bot was started")

    monkeypatch.setattr(Verbatim, "start", start)
    monkeypatch.setattr("bot.logs.begin", lambda *_: None)
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = Config(database=tmp_path / "verbatim.db", token="not.a.token", listen=(HOST, port))
        sentence = rf"^Nothing can be served at metrics.listen, {HOST}:{port}: .*address already in use.*\.$"
        with pytest.raises(RunError, match=f"(?i){sentence}"):
            await run(config)


async def test_an_address_that_is_not_this_machines_is_one_sentence(stage: Stage) -> None:
    config = replace(PROMPT, database=stage.path, listen=("192.0.2.1", 9464))
    async with Counted.opened(stage.path) as library:
        assert isinstance(library, Counted)
        with pytest.raises(RunError, match=r"^Nothing can be served at metrics.listen, 192.0.2.1:9464: "):
            async with serving(config, stage.bot, stage.bot.interactions, library):
                pass


async def test_nothing_is_served_and_counted_after_the_end(served: tuple[Stage, str]) -> None:
    stage, _ = served
    async with listening(stage) as address:
        assert (await got(f"{address}/health"))[0] == 200
    with pytest.raises(aiohttp.ClientConnectionError):
        await got(f"{address}/health")
