"""How much one member may ask within some seconds, and one thing at a time: so that nobody can slow the others.

The count is discord.py's own (`CooldownMapping`), which forgets a member who has been quiet for that long. A press
costs less than a question, and whoever reads presses faster than they type, so more of them are free.
"""

import asyncio
import math
import time
from collections.abc import Callable
from weakref import WeakValueDictionary

import discord
from discord.ext.commands import Cooldown, CooldownMapping

from store.errors import StoreError
from store.models import Limits
from store.sentences import counted

PRESSES = 3  # for each question


class Pace:
    """What each member has asked and pressed lately."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        count, seconds = limits.questions, limits.question_seconds
        self._asked = CooldownMapping[int](Cooldown(count, seconds), _itself)
        self._pressed = CooldownMapping[int](Cooldown(PRESSES * count, seconds), _itself)
        self._turns: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    def turn(self, what: str, member: int) -> asyncio.Lock:
        """Return the lock that lets a member do one of its kind at a time; it is forgotten when nobody holds it."""
        return self._turns.setdefault((what, member), asyncio.Lock())

    def ask(self, member: int) -> None:
        """Count a question of a member.

        Raises:
            StoreError: it is one too many.
        """
        if wait := self._asked.update_rate_limit(member, self._clock()):
            raise StoreError(
                counted(
                    "That was quick: you can ask again in {n} second.",
                    "That was quick: you can ask again in {n} seconds.",
                    math.ceil(wait),
                )
            )

    def press(self, member: int) -> None:
        """Count a press of a member.

        Raises:
            StoreError: it is one too many.
        """
        if wait := self._pressed.update_rate_limit(member, self._clock()):
            raise StoreError(
                counted(
                    "That was quick: press again in {n} second.",
                    "That was quick: press again in {n} seconds.",
                    math.ceil(wait),
                )
            )


def asking(interaction: discord.Interaction) -> None:
    """Count a question of the member whose interaction it is.

    Raises:
        StoreError: it is one too many.
    """
    _pace(interaction).ask(interaction.user.id)


def pressing(interaction: discord.Interaction) -> None:
    """Count a press below an answer of the member whose interaction it is.

    Raises:
        StoreError: it is one too many.
    """
    _pace(interaction).press(interaction.user.id)


def turn(interaction: discord.Interaction) -> asyncio.Lock:
    """Return the member's turn to search: who asks several things at once waits for their own, not the others."""
    return _pace(interaction).turn("search", interaction.user.id)


def turn_to_choose(interaction: discord.Interaction) -> asyncio.Lock:
    """Return the member's turn to be suggested what to choose."""
    return _pace(interaction).turn("choose", interaction.user.id)


def _pace(interaction: discord.Interaction) -> Pace:
    pace = getattr(interaction.client, "pace", None)
    assert isinstance(pace, Pace)
    return pace


def _itself(member: int) -> int:
    return member
