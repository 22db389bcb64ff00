"""`doctor` as it is run: a line each, or JSON; exit status 1 where something is wrong; nothing is changed."""

import argparse
import json
from pathlib import Path

import pytest

from bot.doctor.examining import doctor
from store.library import Library
from tests.bot.conftest import Run
from tests.bot.doctor.rest import TOKEN, answering


def test_an_empty_folder_is_told_of_line_by_line(verbatim: Run, tmp_path: Path) -> None:
    status, out, err = verbatim("doctor")
    assert (status, err) == (1, "")
    lines = out.splitlines()
    subjects = [line[9:].partition(":")[0] for line in lines]
    assert subjects == [
        "Python",
        "packages",
        "extras",
        "clock",
        "configuration",
        "token",
        "database",
        "disk",
        "backup",
        "Discord",
    ]
    (wrong,) = [line for line in lines if line.startswith("wrong    ")]
    assert wrong.startswith("wrong    token: There is no bot token: set DISCORD_TOKEN, or name a file with it")
    assert (
        "warning  database: There is no verbatim.db yet. The first start of the bot makes it; is the name right?"
        in lines
    )
    assert list(tmp_path.iterdir()) == []


def test_a_configuration_that_cannot_be_used_is_one_line_and_the_rest_goes_on(verbatim: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[limits]\nquote = 3", encoding="utf-8")
    status, out, _ = verbatim("doctor")
    assert status == 1
    assert out.splitlines()[-1].startswith(
        "wrong    configuration: Unknown key limits.quote in config.toml; the nearest"
    )
    assert "ok       clock: " in out


def test_as_json_it_is_one_object(verbatim: Run) -> None:
    status, out, _ = verbatim("--database", "other.db", "doctor", "--json")
    found = json.loads(out)
    assert (status, found["status"]) == (1, "wrong")
    assert {tuple(one) for one in found["findings"]} == {("level", "subject", "said", "todo")}
    (database,) = [one for one in found["findings"] if one["subject"] == "database"]
    assert database == {
        "level": "warning",
        "subject": "database",
        "said": "There is no other.db yet.",
        "todo": "The first start of the bot makes it; is the name right?",
    }


@pytest.mark.parametrize(("sent", "status"), [(True, 0), (False, 0)])
async def test_an_installation_without_anything_wrong_ends_with_0_also_with_warnings(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sent: bool, status: int
) -> None:
    monkeypatch.chdir(path.parent)
    async with Library.opened(path):
        pass
    options = argparse.Namespace(config=None, database=path, json=False)
    async with answering(monkeypatch) as remote:
        if sent:
            remote.channel(1001, 2001, "news")
        assert await doctor(options, {"DISCORD_TOKEN": TOKEN}) == status
    out = capsys.readouterr().out
    assert ("warning  servers: The bot is in no server." in out) is not sent
    assert "ok       token: Discord takes it" in out
    assert TOKEN not in out
    assert TOKEN.rpartition(".")[2] not in out


async def test_the_doctor_looks_on_where_discord_refuses_the_token(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Library.opened(path):
        pass
    options = argparse.Namespace(config=None, database=path, json=True)
    async with answering(monkeypatch) as remote:
        remote.refused["/users/@me"] = 401
        assert await doctor(options, {"DISCORD_TOKEN": TOKEN}) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["subject"] for one in found if one["level"] == "wrong"] == ["token"]
    assert any(one["said"].startswith(f"{path} opens") for one in found)
