"""A line of what the doctor says."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a subject, as a sentence, and as another one what is to be done, where anything is."""

    level: Level
    subject: str
    said: str
    todo: str = ""


def ok(subject: str, said: str) -> Finding:
    """Return that something is well."""
    return Finding(Level.OK, subject, said)


def warning(subject: str, said: str, todo: str = "") -> Finding:
    """Return that something may become a trouble."""
    return Finding(Level.WARNING, subject, said, todo)


def wrong(subject: str, said: str, todo: str = "") -> Finding:
    """Return that something doesn't work."""
    return Finding(Level.WRONG, subject, said, todo)


def worst(findings: Iterable[Finding]) -> Level:
    """Return how bad it is altogether."""
    every = list(Level)
    return max((one.level for one in findings), key=every.index, default=Level.OK)
