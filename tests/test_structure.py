"""The shape of the house: which way imports run, and how long a file may be."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
LONGEST = 400
PACKAGES = ("bot", "cogs", "store")
FORBIDDEN = {
    "store": {"discord", "bot", "cogs", "tests"},
    "cogs": {"bot", "aiosqlite", "sqlite3", "tests"},
    "bot": {"tests"},
}


def modules(package: str) -> list[Path]:
    return sorted((REPOSITORY / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide which way they run"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


# What each room of the store may import of the others; modules beside the rooms may import rooms that are no higher.
ROOMS = {
    "store.models": set(),
    "store.text": {"store.models"},
    "store.dictionary": {"store.models", "store.text"},
    "store.formats": {"store.models", "store.text"},
    "store.feeds": {"store.models", "store.text", "store.formats"},
    "store.index": {"store.models", "store.text"},
    "store.meaning": {"store.models", "store.text", "store.index"},
    "store.search": {"store.models", "store.text", "store.dictionary", "store.index", "store.meaning"},
    "store.corrections": {"store.models", "store.text", "store.index"},
    "store.outbox": {"store.models", "store.text"},
    "store.insights": {"store.models", "store.text"},
    "store.upkeep": {"store.models", "store.text", "store.index", "store.meaning"},
    "store.holdings": {"store.models", "store.text", "store.formats", "store.index", "store.outbox"},
}
BESIDE = {"store.models", "store.text"}  # for what stands beside the rooms, but for the face over all of them
FACE = ("store.library", "store.correcting", "store.keeping", "store.understanding")  # each holds the next


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_from_bot_to_cogs_to_store(package: str) -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)} imports {name}"
        for path in modules(package)
        for name in imported(path)
        if name.split(".")[0] in FORBIDDEN[package]
    ]
    assert wrong == []


def test_imports_in_the_store_run_from_the_library_down_to_the_models() -> None:
    wrong = []
    for path in modules("store"):
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        room = next((room for room in ROOMS if name == room or name.startswith(f"{room}.")), None)
        allowed = BESIDE if room is None else ROOMS[room] | {room}
        for target in imported(path):
            into = next((other for other in ROOMS if target == other or target.startswith(f"{other}.")), None)
            if name not in FACE and into is not None and into not in allowed:
                wrong.append(f"{name} imports {target}")
            if target.startswith(FACE) and name not in FACE:
                wrong.append(f"{name} imports {target}")
    assert wrong == []


def test_what_words_are_knows_no_database() -> None:
    wrong = [
        f"{path.name} imports {name}"
        for path in modules("store/text")
        for name in imported(path)
        if name in {"sqlite3", "aiosqlite", "store.database"}
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    paths = {path.relative_to(REPOSITORY).with_suffix(""): path for package in PACKAGES for path in modules(package)}
    names = {".".join(parts.parts).removesuffix(".__init__"): path for parts, path in paths.items()}
    left: dict[str, set[str]] = {}
    for name, path in names.items():
        found = {target for target in imported(path) if target in names}
        # `from store.formats import native` needs the module, not what its package re-exports.
        left[name] = {target for target in found if not any(other.startswith(f"{target}.") for other in found)} - {name}
    while free := {name for name, found in left.items() if not found & left.keys()}:
        left = {name: found for name, found in left.items() if name not in free}
    assert left == {}


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_file_is_longer_than_a_reader_keeps_in_mind(package: str) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules(package)}
    assert {str(path): lines for path, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_a_package_names_each_of_its_modules(package: str) -> None:
    missing = [
        str(path.relative_to(REPOSITORY))
        for init in modules(package)
        if init.name == "__init__.py"
        for path in sorted(init.parent.glob("*.py"))
        if path != init and not re.search(rf"(?m)^{path.stem}\b", init.read_text("utf-8"))
    ]
    assert missing == []


def test_the_store_is_imported_without_discord() -> None:
    script = "import sys, store.library; sys.exit('discord' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, check=False).returncode == 0
