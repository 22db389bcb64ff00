"""The command `doctor`: what is looked at, in which order, and how it is said. It changes nothing."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, replace

from bot.config import load
from bot.doctor import machine
from bot.doctor.finding import Finding, Level, worst, wrong
from bot.doctor.packages import packages
from bot.errors import ConfigError


async def doctor(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Say how an installation is; return the exit status: 1 where something is wrong, warnings are none."""
    found = []
    async for one in _findings(options, environ):
        found.append(one)
        if not options.json:
            print(f"{one.level:<8} {one.subject}: {one.said} {one.todo}".rstrip(), flush=True)
    how = worst(found)
    if options.json:
        json.dump({"status": how, "findings": [asdict(one) for one in found]}, sys.stdout, ensure_ascii=False, indent=2)
        print()
    return 1 if how is Level.WRONG else 0


async def _findings(options: argparse.Namespace, environ: Mapping[str, str]) -> AsyncIterator[Finding]:
    for one in packages():
        yield one
    yield machine.clock()
    try:
        config = load(options.config, environ)
    except ConfigError as error:
        yield wrong("configuration", str(error), "What depends on it isn't looked at.")
        return
    if options.database is not None:
        config = replace(config, database=options.database)
    yield machine.configuration(options.config, config)
    for one in machine.token(config):
        yield one
    of_database, examined = await asyncio.to_thread(machine.database, config.database)
    for one in of_database:
        yield one
    if (room := machine.disk(config.database)) is not None:
        yield room
    yield machine.backups(config)
    from bot.doctor.reaching import reaching  # noqa: PLC0415 - discord.py isn't needed for the other commands

    async for one in reaching(config, examined):
        yield one
