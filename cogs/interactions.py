"""The one place that every interaction passes: a command, what is suggested while one is typed, a press, a form.

discord.py begins a task for each; what is set in the context that these tasks are begun in holds for everything that an
interaction leads to, its threads and log lines included, and for nothing else. It ends when the last of them has.
"""

import asyncio
import contextvars
import enum
import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
from discord.ext import commands

REFERENCE_BYTES = 4
ARRIVES = "INTERACTION_CREATE"  # https://discord.com/developers/docs/events/gateway-events#interaction-create
SUBCOMMANDS = {1, 2}  # types of options that are none: a subcommand, a group of them
FORM = "form"  # what a form of a random custom id is called

Payload = Mapping[str, Any]

_LOG = logging.getLogger(__name__)


class Kind(enum.Enum):
    """What an interaction is, by Discord's number of it."""

    COMMAND = 2
    PRESS = 3  # a button, or a choice from a menu
    TYPING = 4  # the suggestions for an option
    FORM = 5


_KINDS = {kind.value: kind for kind in Kind}


class Outcome(enum.Enum):
    """How an interaction ended."""

    DONE = "done"
    REFUSED = "refused"  # with a sentence that says what to do
    TROUBLE = "trouble"  # of Discord's, or of the database's
    FAILED = "failed"  # which is a bug
    UNANSWERED = "unanswered"  # Discord then says so itself: a form of before a restart, an error of discord.py's


@dataclass(slots=True)
class Passing:
    """An interaction on its way; `reference` stands in its log lines and in what is said of a bug."""

    kind: Kind
    name: str
    guild_id: int | None
    before: contextvars.Context = field(repr=False)
    reference: str = field(default_factory=lambda: secrets.token_hex(REFERENCE_BYTES))
    interaction: discord.Interaction | None = None
    outcome: Outcome = Outcome.DONE
    began: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0


_passing: contextvars.ContextVar[Passing | None] = contextvars.ContextVar("passing", default=None)


def passing() -> Passing | None:
    """Return the interaction that this is done for; None outside of any."""
    return _passing.get()


def reference() -> str:
    """Return what finds the log lines of the interaction that this is done for."""
    one = passing()
    return one.reference if one is not None else secrets.token_hex(REFERENCE_BYTES)


def ends(outcome: Outcome) -> None:
    """Say how the interaction ends that this is done for."""
    if (one := passing()) is not None:
        one.outcome = outcome


def outside() -> contextvars.Context:
    """Return a context for work that an interaction sets off, but that isn't done for it: nothing of it holds there."""
    one = passing()
    return contextvars.copy_context() if one is None else one.before.copy()


class Interactions:
    """Sees every interaction of a bot arrive and end.

    What is in `entered` is called with Discord's payload, within the interaction's context: a context variable that it
    sets holds for all of the interaction. What is in `finished` is called when that is over. Neither may raise.
    """

    def __init__(self, bot: commands.Bot) -> None:
        self.entered: list[Callable[[Payload], None]] = []
        self.finished: list[Callable[[Passing], None]] = [_note]
        parsers = bot._connection.parsers  # noqa: SLF001 - discord.py's tree, views and forms have no other place in common
        self._dispatch = parsers[ARRIVES]
        parsers[ARRIVES] = self._arrive
        bot.add_listener(_arrived, "on_interaction")

    def _arrive(self, payload: Any) -> None:
        before = contextvars.copy_context()
        context = before.copy()
        one = context.run(self._enter, payload, before)
        others = asyncio.all_tasks()
        context.run(self._dispatch, payload)
        working = asyncio.all_tasks() - others

        def ended(task: asyncio.Task[Any]) -> None:
            working.discard(task)
            if not working:
                self._finish(one)

        for task in tuple(working):
            task.add_done_callback(ended, context=context)

    def _enter(self, payload: Payload, before: contextvars.Context) -> Passing:
        kind = _KINDS[payload["type"]]
        guild_id = payload.get("guild_id")
        one = Passing(
            kind,
            _name(kind, payload.get("data", {})),
            int(guild_id) if guild_id else None,
            before,
        )
        _passing.set(one)
        for enter in self.entered:
            enter(payload)
        return one

    def _finish(self, one: Passing) -> None:
        one.seconds = time.perf_counter() - one.began
        answered = one.interaction is not None and one.interaction.response.is_done()
        if not answered and one.outcome in {Outcome.DONE, Outcome.REFUSED}:
            one.outcome = Outcome.UNANSWERED
        for finish in self.finished:
            finish(one)


async def _arrived(interaction: discord.Interaction) -> None:
    if (one := passing()) is not None:
        one.interaction = interaction


def _note(one: Passing) -> None:
    """Log that an interaction is over; suggestions come with every key, and aren't worth a line where all is well."""
    quiet = one.kind is Kind.TYPING and one.outcome is Outcome.DONE
    where = f"server {one.guild_id}" if one.guild_id else "a direct message"
    _LOG.log(
        logging.DEBUG if quiet else logging.INFO,
        "%s in %s: %s after %.0f ms",
        " ".join(dict.fromkeys([one.kind.name.lower(), one.name])).capitalize(),
        where,
        one.outcome.value,
        one.seconds * 1000,
    )


def _name(kind: Kind, data: Payload) -> str:
    """Return what a command is called, or what the custom id of a button, a menu or a form begins with."""
    if kind in {Kind.COMMAND, Kind.TYPING}:
        names = [data["name"]]
        while below := [option for option in data.get("options", ()) if option["type"] in SUBCOMMANDS]:
            (data,) = below
            names.append(data["name"])
        return " ".join(names)
    found = re.match(r"[a-z-]{1,32}(?=:)", data["custom_id"])
    return found[0] if found else FORM
