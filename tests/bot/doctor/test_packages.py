"""Whether Python and the packages are what Verbatim requires, by what its own package says."""

from importlib import metadata

import pytest

from bot.doctor.finding import Finding, Level
from bot.doctor.packages import EXTRAS, NAME, packages

ABOUT = {"Requires-Python": ">=3.11", "Version": "9.9"}


def required(monkeypatch: pytest.MonkeyPatch, *lines: str, python: str = ">=3.11") -> list[Finding]:
    """Look at what would be required."""
    monkeypatch.setattr(metadata, "metadata", lambda _: {**ABOUT, "Requires-Python": python})
    monkeypatch.setattr(metadata, "requires", lambda _: list(lines))
    return list(packages())


def test_what_is_installed_here_is_what_is_required() -> None:
    assert [(one.subject, one.level) for one in packages()] == [
        ("Python", Level.OK),
        ("packages", Level.OK),
        ("extras", Level.OK),
    ]


def test_every_extra_that_changes_what_the_bot_does_is_named() -> None:
    known = metadata.metadata(NAME).get_all("Provides-Extra") or []
    assert set(EXTRAS) == set(known) - {"test", "bench"}


def test_a_package_that_is_missing_or_too_old_is_named_with_what_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    found = required(monkeypatch, "nobody-has-this>=3", "discord.py>=999", "aiohttp>=3", "pytest; extra == 'test'")
    wrong = [one.said for one in found if one.level is Level.WRONG]
    assert wrong == [
        "nobody-has-this isn't installed; >=3 is required.",
        f"discord.py {metadata.version('discord.py')} is installed; >=999 is required.",
    ]
    assert all("pip install --upgrade" in one.todo for one in found if one.level is Level.WRONG)


def test_a_python_that_is_too_old_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    (python, *_) = required(monkeypatch, "aiohttp", python=">=99")
    assert (python.level, python.subject) == (Level.WRONG, "Python")
    assert python.said.endswith("Verbatim 9.9 requires >=99.")


def test_an_extra_counts_as_installed_with_all_of_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    found = required(
        monkeypatch,
        "aiohttp",
        'matplotlib>=3; extra == "charts"',
        'aiohttp>=3; extra == "meaning"',
        'nobody-has-this; extra == "meaning"',
    )
    assert found[1].said == "All that are required are there, and recent enough: 1."
    assert found[-1].said.startswith(
        "charts (bars as pictures): installed; meaning (the same in other words): not inst"
    )


def test_a_folder_that_was_never_installed_is_a_warning() -> None:
    found = list(packages("never-installed"))
    assert [(one.subject, one.level) for one in found] == [("Python", Level.OK), ("packages", Level.WARNING)]
