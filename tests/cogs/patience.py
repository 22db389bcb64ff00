"""discord.py without its patience: it waits up to 25 seconds to repeat what Discord answered with a 5xx."""

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest


def lose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py repeat requests at once."""

    async def sleep(_seconds: float, *_: Any) -> None:
        await asyncio.sleep(0)

    names = {name: getattr(asyncio, name) for name in dir(asyncio) if not name.startswith("__")}
    monkeypatch.setattr(discord.http, "asyncio", SimpleNamespace(**{**names, "sleep": sleep}))
