"""The loop that sends what subscriptions are owed: send, then mark.

What is owed stands in the database, so a crash loses nothing; a crash between sending and marking repeats the message
with the same nonce, which Discord drops. A channel that fails waits longer each time, and others go on.
"""

import asyncio
import logging

import discord
from discord.ext import commands, tasks

from cogs.rendering import announcements
from store.library import Library
from store.models import Delivery, Told

FIRST_RETRY = 30.0  # seconds, doubled with each failure
LAST_RETRY = 6 * 3600.0
UNKNOWN_CHANNEL = 10003  # Discord's code for a channel that is gone

_LOG = logging.getLogger(__name__)


class Deliveries(commands.Cog):
    """Sends announcements, one at a time and with a pause between them."""

    def __init__(self, bot: commands.Bot, library: Library, *, check_seconds: float, pause_seconds: float) -> None:
        self._bot = bot
        self._library = library
        self._pause = pause_seconds
        self._sending = asyncio.Lock()
        self._asked = False
        self._unmarked: dict[int, int] = {}  # messages by delivery, sent but not yet marked so
        self._woken: set[asyncio.Task[None]] = set()
        self._loop.change_interval(seconds=check_seconds)

    async def cog_load(self) -> None:
        """Start looking for what is owed."""
        self._loop.start()

    async def cog_unload(self) -> None:
        """Stop; what isn't sent stays owed."""
        self._loop.cancel()
        for task in self._woken:
            task.cancel()

    def wake(self) -> None:
        """Look at once, without waiting for the loop's next turn."""
        task = asyncio.create_task(self._send_owed())
        self._woken.add(task)
        task.add_done_callback(self._woken.discard)

    @tasks.loop()
    async def _loop(self) -> None:
        await self._send_owed()

    @_loop.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()

    async def _send_owed(self) -> None:
        """Send until nothing is due; whoever comes meanwhile leaves word for the one at work to look again."""
        self._asked = True
        if self._sending.locked():
            return
        async with self._sending:
            try:
                while self._asked:
                    self._asked = False
                    while due := await self._library.due():
                        for delivery in due:
                            await self._deliver(delivery)
                            await asyncio.sleep(self._pause)
            except Exception:  # noqa: BLE001 - an error would end the loop for good
                _LOG.exception("Deliveries wait for the next turn")

    async def _deliver(self, delivery: Delivery) -> None:
        """Send a delivery unless it was sent already, and mark it; a failure to mark is raised and tried again."""
        if delivery.id not in self._unmarked:
            channel = self._bot.get_partial_messageable(delivery.channel_id, guild_id=delivery.guild_id)
            try:
                message = await channel.send(view=_announced(delivery), nonce=delivery.id)
            except discord.NotFound as error:
                if error.code != UNKNOWN_CHANNEL:
                    await self._later(delivery, str(error))
                    return
                _LOG.warning("Channel %s is gone: its subscription is ended", delivery.channel_id)
                await self._library.unsubscribe(delivery.guild_id, delivery.channel_id)
                return
            except discord.Forbidden:
                await self._later(delivery, "I may not post there; let me view the channel and send messages")
                return
            except Exception as error:  # noqa: BLE001 - one delivery's failure must not end the others
                _LOG.warning("Delivery %s failed", delivery.id, exc_info=error)
                await self._later(delivery, "Discord could not be reached or refused the message")
                return
            self._unmarked[delivery.id] = message.id
        await self._library.delivered(delivery, self._unmarked[delivery.id])
        del self._unmarked[delivery.id]

    async def _later(self, delivery: Delivery, error: str) -> None:
        retry_in = min(LAST_RETRY, FIRST_RETRY * 2 ** min(delivery.failures, 20))
        _LOG.warning("Delivery %s waits for %.0f s: %s", delivery.id, retry_in, error)
        await self._library.failed(delivery, error=error, retry_in=retry_in)


def _announced(delivery: Delivery) -> discord.ui.LayoutView:
    tolds = [Told(entry.details.title, entry) for entry in (delivery.entry, *delivery.more)]
    if len(tolds) == 1:
        return announcements.one(tolds[0], post=delivery.id)
    return announcements.together(tolds, post=delivery.id, heading=f"{len(tolds)} new transcripts")
