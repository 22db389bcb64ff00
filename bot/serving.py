"""`/metrics` for Prometheus and `/health` for whoever looks after the process, over HTTP, from the running bot."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from discord.ext import commands
from prometheus_client.aiohttp import make_aiohttp_handler

from bot.config import Config
from bot.counted import Counted
from bot.errors import RunError
from bot.health import Gateway, Health
from bot.metrics import Metrics
from cogs.interactions import Interactions
from store.background import beside

LAG_SECONDS = 0.5  # between two looks at how late the event loop is
GRACE_SECONDS = 1.0  # for who is being answered when the bot ends

_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def serving(
    config: Config, bot: commands.Bot, interactions: Interactions, library: Counted
) -> AsyncIterator[None]:
    """Serve both at the configured address while the bot runs.

    Raises:
        RunError: nothing can be served there.
    """
    assert config.listen is not None
    metrics = Metrics()
    health = Health(Gateway(bot, metrics.gateway), library.pulse, config)
    library.counting = metrics
    interactions.finished.append(metrics.interaction)
    write = make_aiohttp_handler(metrics.registry)

    async def told(request: web.Request) -> web.StreamResponse:
        await health.look()
        metrics.measure(health, guilds=len(bot.guilds), backups=bool(config.backup_every))
        return await write(request)

    async def well(request: web.Request) -> web.StreamResponse:
        del request
        await health.look()
        return web.json_response(health.report(), status=200 if health.well else 503)

    app = web.Application()
    app.router.add_get("/metrics", told)
    app.router.add_get("/health", well)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    logged = _Logged(metrics)
    logging.getLogger().addHandler(logged)
    try:
        host, port = config.listen
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror  # of a name: negative
            raise RunError(
                f"Nothing can be served at metrics.listen, {host}:{port}: {why}; stop what is there, or choose another."
            ) from error
        _LOG.info("Serving /metrics and /health at %s, port %d", host, port)
        async with beside(_lagging(metrics)):
            yield
    finally:
        logging.getLogger().removeHandler(logged)
        await runner.cleanup()
        await health.end()


async def _lagging(metrics: Metrics) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        await asyncio.sleep(LAG_SECONDS)
        metrics.lag(max(0.0, clock() - began - LAG_SECONDS))


class _Logged(logging.Handler):
    """Counts what is logged from WARNING on."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record."""
        self._metrics.logged(record.levelname.lower())
