"""The loop that sends what subscriptions are owed: channels side by side, each in its own order.

It sleeps until something is due. Once a second it asks SQLite whether anybody wrote to the database, another process
included; no table is read for that. What is owed stands in the database, so a crash loses nothing.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import Any

from discord.ext import commands, tasks

from cogs.interactions import outside
from cogs.posting import Posting, Went
from cogs.weather import Weather
from store.background import Complaint
from store.errors import StoreError
from store.library import Library
from store.outbox.scheduling import Due

GRACE_SECONDS = 2.0  # for what is on its way when the bot stops
REST_SECONDS = 30.0  # for a channel whose posts can't be noted, because the disk is full

Look = Callable[[], Coroutine[Any, Any, None]]

_LOG = logging.getLogger(__name__)


class Deliveries(commands.Cog):
    """Sends announcements."""

    def __init__(
        self, bot: commands.Bot, library: Library, look: Look, *, check_seconds: float, pause_seconds: float
    ) -> None:
        self._bot = bot
        self._look = look  # for what fails, to tell of it
        self._notifications = library.notifications
        self._posting = Posting(bot, library.notifications)
        self._pause = pause_seconds
        self._serving: dict[int, asyncio.Task[None]] = {}  # by the channel or member
        self._passed_over: set[int] = set()  # due while they were served
        self._resting: dict[int, float] = {}  # until when, likewise
        self._turning = asyncio.Lock()
        self._claiming = asyncio.Lock()
        self._judging = asyncio.Lock()
        self._stopping = False
        self._asked = False
        self._next_at: float | None = 0.0
        self._version = -1
        self._recovered = False
        self._weather = Weather()
        self._waiting = Complaint(_LOG, "Deliveries wait")
        self._noting = Complaint(_LOG, "Deliveries that are due can't be noted, and wait")
        self._woken: set[asyncio.Task[None]] = set()
        self._loop.change_interval(seconds=check_seconds)

    async def cog_load(self) -> None:
        """Start looking for what is owed."""
        self._loop.start()

    async def cog_unload(self) -> None:
        """Stop."""
        await self.finish()

    async def finish(self) -> None:
        """Stop, once what is on its way has arrived; what isn't sent stays owed."""
        self._stopping = True
        self._loop.cancel()
        if self._serving:
            await asyncio.wait(self._serving.values(), timeout=GRACE_SECONDS)
        for task in (*self._woken, *self._serving.values()):
            task.cancel()

    def wake(self) -> None:
        """Look at once, without waiting for the loop's next turn."""
        self._begin(self._turn())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, context=outside())
        self._woken.add(task)
        task.add_done_callback(self._woken.discard)

    @tasks.loop()
    async def _loop(self) -> None:
        try:
            version = await self._notifications.version()
            if version != self._version or (self._next_at is not None and self._next_at <= time.time()):
                self._version = version
                await self._turn()
        except Exception as error:  # noqa: BLE001 - an error would end the loop for good
            self._version = -1  # so that there is a turn as soon as it works again
            self._waiting.failed(error)

    @_loop.before_loop
    async def _ready(self) -> None:
        await self._bot.wait_until_ready()

    async def _turn(self) -> None:
        """Serve whoever is due; whoever comes meanwhile leaves word for the one at work to look again."""
        self._asked = True
        if self._stopping or self._turning.locked() or not self._bot.is_ready():
            return
        async with self._turning:
            try:
                while self._asked:
                    self._asked = False
                    await self._serve_due()
                self._waiting.well()
            except Exception as error:  # noqa: BLE001 - the loop's next turn tries again
                self._next_at = time.time() + REST_SECONDS
                self._waiting.failed(error)

    async def _serve_due(self) -> None:
        if not self._recovered:
            if interrupted := await self._notifications.recover():
                _LOG.info("%d posts were on their way when the last process ended", interrupted)
            self._recovered = True
            self._begin(self._look())
        await self._posting.mark()
        if self._weather.is_stormy and (self._serving or time.time() < self._weather.until):
            self._next_at = self._weather.until
            return
        by_target: defaultdict[int, list[Due]] = defaultdict(list)
        for due in await self._notifications.due():
            by_target[due.target].append(due)
        for target, dues in by_target.items():
            if target in self._serving:
                self._passed_over.add(target)
                continue
            if self._resting.get(target, 0.0) > time.time():
                continue
            self._resting.pop(target, None)
            tries = self._weather.is_stormy
            self._serving[target] = asyncio.create_task(self._serve(target, dues, tries=tries))
            if tries:
                break
        self._next_at = await self._notifications.next_at()

    async def _serve(self, target: int, dues: list[Due], *, tries: bool) -> None:
        """Send what is due in one channel, or to one member, in order."""
        try:
            forum = await self._posting.is_forum(target)
            for due in dues:
                while await self._next(due, forum=forum, tries=tries):
                    pass
            self._noting.well()
        except StoreError as error:
            self._noting.failed(error)
            self._resting[target] = time.time() + REST_SECONDS
        except Exception:  # noqa: BLE001 - one channel's bug must not end the others
            _LOG.exception("Deliveries in %s wait", target)
            self._resting[target] = time.time() + REST_SECONDS
        finally:
            del self._serving[target]
        if self._posting.troubled:
            self._posting.troubled = False
            self._begin(self._look())
        if target in self._passed_over:
            self._passed_over.discard(target)
            self.wake()

    async def _next(self, due: Due, *, forum: bool, tries: bool) -> bool:
        """Do what is to be done next for a subscription; False where that is nothing now.

        In a storm that is nothing, but for the one that tries whether it is over.
        """
        if self._stopping or (self._weather.is_stormy and not tries):
            return False
        # One at a time, or a thousand channels would stand before a question in the readers' queue.
        more = True
        while more:
            async with self._judging:
                more = await self._notifications.judge(due)
        async with self._claiming:
            post = await self._notifications.claim(due, forum=forum)
        if post is None:
            return False
        went = await self._posting.carry_out(post)
        if went is Went.BADLY:
            self._weather.failed(due.target)
            return False
        if went is Went.WELL:
            self._weather.well()
        await asyncio.sleep(self._pause)
        return True
