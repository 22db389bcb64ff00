"""What `deploy/` and the documents name is there, and says the same as the program; the image's steps can be done.

Images can't be built where no base image can be fetched; so its COPY lines are followed from what git tracks, through
the ignore file, and what they bring is built as in its RUN line.
"""

import fnmatch
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import load
from bot.ending import LONGEST
from bot.options import parser

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
UNIT = DEPLOY / "verbatim.service"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
IN_IMAGE = load(DEPLOY / "config.toml", {})
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ANALYZE = shutil.which("systemd-analyze")


def tracked(*below: str) -> list[str]:
    """Return the files that are part of the repository, also those that are to be added to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *below]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in listed if (ROOT / name).is_file()]


def instructions(name: str) -> list[str]:
    return [line.split(None, 1)[1].strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{name} ")]


def copied() -> list[tuple[list[str], str]]:
    """Return what is copied from the repository, and to where."""
    found = [line.split() for line in instructions("COPY") if not line.startswith("--from")]
    return [(sources, target) for *sources, target in found]


def ignored(name: str) -> bool:
    """Whether a file isn't sent to the build: the last line of the ignore file that matches it decides."""
    decided = False
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        keeps, pattern = pattern.startswith("!"), pattern.removeprefix("!")
        parts = [part.as_posix() for part in (Path(name), *Path(name).parents)]
        if pattern.startswith("**/"):
            parts, pattern = [Path(part).name for part in parts], pattern.removeprefix("**/")
        if any(fnmatch.fnmatch(part, pattern) for part in parts):
            decided = not keeps
    return decided


def environment(text: str) -> set[str]:
    return set(re.findall(r"DISCORD_[A-Z_]+", text))


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_the_image_copies_what_is_there_and_nothing_else_is_sent_to_its_build() -> None:
    sources = [source for names, _ in copied() for source in names]
    for source in sources:
        files = tracked(source)
        assert files, f"{source} isn't in the repository"
        assert [name for name in files if ignored(name)] == []
    sent = {name for name in tracked() if not ignored(name)}
    assert {name for name in sent if not any(name == one or name.startswith(f"{one}/") for one in sources)} == set()
    assert all(ignored(name) for name in ("token.txt", "verbatim.db", "deploy/token.txt", ".git/config", "config.toml"))
    assert ignored("bot/__pycache__/config.cpython-311.pyc")


def test_what_the_image_copies_is_built_whole_into_what_is_installed(tmp_path: Path) -> None:
    source = tmp_path / "src"
    for names, target in copied():
        if target.startswith("/"):
            continue
        for name in names:
            for file in tracked(name):
                place = source / target / (Path(file).relative_to(name) if (ROOT / name).is_dir() else Path(file).name)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / file, place)
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert '--constraint constraints.txt ".[${EXTRAS}]"' in install
    assert (source / "constraints.txt").is_file()
    (extras,) = [line.partition("=")[2] for line in instructions("ARG")]
    assert set(extras.split(",")) <= PROJECT["project"]["optional-dependencies"].keys()
    # As pip does, but for the download of what builds: it is a dependency of the tests.
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run([*command, "--no-index", "--wheel-dir", str(tmp_path)], cwd=source, check=True, timeout=80)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names_in = set(archive.namelist())
        (scripts,) = [archive.read(name).decode() for name in names_in if name.endswith("entry_points.txt")]
    packages = {name for name in tracked("bot", "cogs", "store") if Path(name).name != "ruff.toml"}
    assert packages <= names_in
    others = {name for name in names_in - packages if ".dist-info/" not in name}
    assert {name.partition(".data/")[2] for name in others} == {"data/share/verbatim-bot/config.example.toml"}
    assert "verbatim = bot.__main__:main" in scripts


def test_the_image_runs_as_nobody_special_and_keeps_its_database_in_the_volume() -> None:
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9][0-9]{3,}:[1-9][0-9]{3,}", user)
    (volume,) = instructions("VOLUME")
    assert IN_IMAGE.database.is_relative_to(volume)
    assert IN_IMAGE.backups.is_relative_to(volume)
    assert IN_IMAGE.token_file is None
    assert IN_IMAGE.token is None
    (entry,) = instructions("ENTRYPOINT")
    config = re.findall(r'"([^"]*)"', entry)
    assert config == ["verbatim", "--config", "/etc/verbatim/config.toml"]
    assert (["deploy/config.toml"], config[-1]) in copied()
    assert parser().parse_args([*config[1:], *re.findall(r'"([^"]*)"', instructions("CMD")[0])]).command == "run"


def test_the_health_check_asks_where_the_image_listens() -> None:
    (check,) = instructions("HEALTHCHECK")
    assert IN_IMAGE.listen is not None
    host, port = IN_IMAGE.listen
    assert f"http://{host}:{port}/health" in check
    (words,) = re.findall(r"CMD (\[.*\])", check)
    compile(yaml.safe_load(words)[-1], "the health check", "exec")


def test_compose_builds_the_image_and_gives_it_its_secret_and_its_volume() -> None:
    service = COMPOSE["services"]["verbatim"]
    context = (DEPLOY / service["build"]["context"]).resolve()
    assert context == ROOT
    assert context / service["build"]["dockerfile"] == DEPLOY / "Dockerfile"
    (secret,) = service["secrets"]
    assert service["environment"] == {"DISCORD_TOKEN_FILE": f"/run/secrets/{secret}"}
    assert COMPOSE["secrets"][secret]["file"] == "./token.txt"
    assert subprocess.run(["git", "check-ignore", "--quiet", "deploy/token.txt"], cwd=ROOT, check=False).returncode == 0
    (volume,) = service["volumes"]
    name, _, place = volume.partition(":")
    assert name in COMPOSE["volumes"]
    assert [place] == instructions("VOLUME")
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert float(service["stop_grace_period"].removesuffix("s")) > LONGEST


def test_the_token_is_looked_for_where_the_service_and_the_container_put_it(tmp_path: Path) -> None:
    told = environment((DEPLOY / "compose.yaml").read_text("utf-8")) | environment(UNIT.read_text("utf-8"))
    assert told == {"DISCORD_TOKEN_FILE"}
    secret = tmp_path / "secret"
    secret.write_text("the.token\n")
    assert load(DEPLOY / "config.toml", {"DISCORD_TOKEN_FILE": str(secret)}).required_token() == "the.token"


def test_the_service_starts_the_command_that_is_installed() -> None:
    (command,) = unit()["ExecStart"]
    program, *arguments = shlex.split(command)
    assert Path(program).name in PROJECT["project"]["scripts"]
    assert parser().parse_args(arguments).command == "run"
    (stop,) = unit()["TimeoutStopSec"]
    assert float(stop.removesuffix("s")) > LONGEST
    assert unit()["RestartPreventExitStatus"] == ["2"]  # of a ConfigError


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze isn't installed")
def test_the_service_is_one_that_systemd_understands_and_finds_confined(tmp_path: Path) -> None:
    assert ANALYZE is not None
    program = shlex.split(unit()["ExecStart"][0])[0]
    here = tmp_path / UNIT.name  # with a program that is installed on this machine
    here.write_text(UNIT.read_text("utf-8").replace(program, sys.executable), "utf-8")
    verified = subprocess.run([ANALYZE, "verify", str(here)], check=False, capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    command = [ANALYZE, "security", "--offline=true", "--no-pager", "--threshold=20", str(here)]  # 2.0 of 10
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def blocks(document: Path) -> list[str]:
    """Return the lines of commands in a document."""
    found = re.findall(r"(?ms)^[ ]*```sh\n(.*?)^[ ]*```", document.read_text("utf-8"))
    return [line.strip() for block in found for line in block.replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_the_documents_is_one(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    for line in blocks(document):
        begins = r"(?:-m bot|bin/verbatim|^verbatim|--rm(?: --volume \S+)? verbatim|constraints\.txt verbatim)"
        for arguments in re.findall(rf"{begins}( [^|<&#]*)", line):
            try:
                parser().parse_args(shlex.split(arguments))
            except SystemExit as error:
                if error.code:
                    wrong.append(f"{line}: {capsys.readouterr().err}")
    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_the_documents_name_in_deploy_is_there(document: Path) -> None:
    named = set(re.findall(r"\bdeploy/[A-Za-z0-9._-]*[A-Za-z0-9]", document.read_text("utf-8")))
    assert {name for name in named if not (ROOT / name).exists()} <= {"deploy/token.txt", "deploy/my-config.toml"}
