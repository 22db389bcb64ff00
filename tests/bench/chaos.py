"""Deliveries in a Discord that fails at every step, from a process that dies at every step: is any lost or doubled?

The bot, its store and discord.py are the real ones. Faults are put before and after each request of a delivery and each
commit: refusals, limits, errors, answers that are lost although Discord did what it was asked, and the end of the
process. Channels are deleted, transcripts corrected, removed and brought back meanwhile. In the end all is well for
long enough, and each channel is read.

Discord drops a message whose nonce it has seen within the last few minutes in a channel; simcord doesn't, so that is
done here.
"""

import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import aiohttp
import discord
import pytest
import simcord
from simcord.backend.errors import BackendError
from simcord.http import client, router

from bot.config import Config
from store.database import Database, Writer
from store.library import Library
from store.models import Limits, State, Subscription, Wanted
from tests.cogs.stage import Server, Stage, staged, text, transcript

NONCE_SECONDS = 150.0  # for which Discord is taken to remember a nonce: "the past few minutes"
DAY = 24 * 3600.0
CONFIG = Config(pause_seconds=0, check_seconds=3600, limits=Limits(posts_per_hour=100, subscriptions=50))
_DELIVERING = re.compile(r"/channels/\d+/(messages(/\d+(/crosspost)?)?|threads)|/guilds/\d+/threads/active")
_ERRORS = {"403": (403, 50013), "404": (404, 10003), "429": (429, 0), "500": (500, 0), "502": (502, 0)}
_TITLE = re.compile(r"Talk \d+x")

T = TypeVar("T")


class Killed(BaseException):
    """The process has ended."""


@dataclass(slots=True)
class Counts:
    """What happened, and what came of it."""

    ingests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    repeats: int = 0  # that Discord dropped for their nonce
    owed: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)  # posts that show what is no longer so

    def lines(self) -> Iterator[str]:
        """Yield the counts in words."""
        yield f"{self.ingests} ingests, {self.owed} deliveries owed, {self.restarts} restarts"
        yield f"faults: {', '.join(f'{name} {count}' for name, count in sorted(self.faults.items()))}"
        yield f"repeats that Discord dropped for their nonce: {self.repeats}"
        yield f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.outdated)} out of date"
        yield from (f"  lost: {one}" for one in self.lost)
        yield from (f"  doubled: {one}" for one in self.doubled)
        yield from (f"  out of date: {one}" for one in self.outdated)


class Chaos:
    """Faults by chance, the same for the same seed."""

    def __init__(self, seed: int, counts: Counts) -> None:
        self.chance = random.Random(seed)
        self.counts = counts
        self.now = time.time()
        self.armed = False
        self.dead = False
        self._taken: dict[tuple[str, object], tuple[float, Any]] = {}
        self._dispatch = router.dispatch

    def kill(self, when: str) -> None:
        """End the process."""
        self.counts.faults[f"killed {when}"] += 1
        self.dead = True
        raise Killed

    def live(self) -> None:
        """Let nothing be done by a process that has ended.

        Raises:
            Killed: it has.
        """
        if self.dead:
            raise Killed

    def dispatch(self, backend: Any, method: str, path: str, **given: Any) -> Any:
        """Carry out a request, or not, or answer otherwise than what was done."""
        self.live()
        fault = ""
        if self.armed and _DELIVERING.fullmatch(path) and self.chance.random() < 0.3:
            fault = self.chance.choice([*_ERRORS, "timeout", "lost answer", "500 though done", "kill", "kill after"])
        if fault == "kill":
            self.kill(f"before {method}")
        if fault in _ERRORS:
            self.counts.faults[fault] += 1
            raise BackendError(*_ERRORS[fault], "injected")
        if fault == "timeout":
            self.counts.faults[fault] += 1
            raise TimeoutError
        answer = self._carry_out(backend, method, path, **given)
        if fault == "kill after":
            self.kill(f"after {method}")
        if fault:
            self.counts.faults[fault] += 1
            raise BackendError(500, 0, "injected") if fault == "500 though done" else aiohttp.ServerDisconnectedError
        return answer

    def _carry_out(self, backend: Any, method: str, path: str, **given: Any) -> Any:
        body = given.get("json")
        nonce = body.get("nonce") if isinstance(body, dict) and body.get("enforce_nonce") else None
        at, answer = self._taken.get((path, nonce), (0.0, None))
        if nonce is not None and method == "POST" and self.now - at < NONCE_SECONDS:
            self.counts.repeats += 1
            return answer
        answer = self._dispatch(backend, method, path, **given)
        if nonce is not None and method == "POST":
            self._taken[path, nonce] = self.now, answer
        return answer

    def haunt(self, database: Database) -> None:
        """Let the process end before or after any commit, and write nothing once it has ended."""
        written, transaction = database.written, database.transaction

        async def haunted(work: Callable[[Writer], Coroutine[Any, Any, T]]) -> T:
            self.live()

            async def doomed(connection: Writer) -> T:
                result = await work(connection)
                self._perhaps("before a commit")
                return result

            result = await written(doomed)
            self._perhaps("after a commit")
            return result

        @asynccontextmanager
        async def haunted_too() -> AsyncIterator[Any]:
            self.live()
            async with transaction() as connection:
                yield connection
                self._perhaps("before a commit")
            self._perhaps("after a commit")

        database.written, database.transaction = haunted, haunted_too  # type: ignore[method-assign]

    def _perhaps(self, when: str) -> None:
        self.live()
        if self.armed and self.chance.random() < 0.01:
            self.kill(when)


@contextmanager
def time_and_faults(chaos: Chaos) -> Iterator[None]:
    """Let the chaos be between the bot and Discord, and say what time it is."""
    names = {name: getattr(router, name) for name in dir(router) if not name.startswith("__")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: chaos.now)
        patch.setattr(client, "router", SimpleNamespace(**{**names, "dispatch": chaos.dispatch}))
        yield


class Play:
    """A server's moderators at work while all of this happens."""

    def __init__(self, stage: Stage, chaos: Chaos, counts: Counts) -> None:
        self._stage = stage
        self._chaos = chaos
        self._counts = counts
        self._channels: dict[int, list[simcord.ChannelHandle]] = {}  # by subscription, the last is where it is told now
        self._seen: dict[int, list[str]] = {}  # in channels that are gone, by subscription
        self.titles: dict[tuple[int, int], str] = {}  # by guild and transcript
        self._removed: dict[tuple[int, int], int] = {}  # and how that is undone

    async def begin(self) -> None:
        """Subscribe channels of each kind in two servers."""
        for server in (self._stage.here, self._stage.there):
            guild = server.guild
            kinds = [guild.create_text_channel("a"), guild.create_text_channel("b"), guild.create_forum_channel("f")]
            kinds.append(guild.create_news_channel("n"))
            for channel in kinds:
                wanted = Wanted(publish=channel is kinds[3])
                found, _ = await self._stage.library.notifications.subscribe(guild.id, channel.id, wanted)
                self._channels[found.id] = [channel]

    async def step(self, number: int) -> None:
        """Ingest a transcript, perhaps change another or delete a channel, and let time pass."""
        chance = self._chaos.chance
        server = chance.choice([self._stage.here, self._stage.there])
        await self._ingest(server, number)
        if self.titles and chance.random() < 0.2:
            await self._change(*chance.choice(list(self.titles)))
        if chance.random() < 0.02:
            await self._delete_channel(server)
        self._chaos.now += chance.choice([1, 20, 90, 600, 7200, 30_000])
        await self._turn()
        if chance.random() < 0.05:
            await self._restart()

    async def end(self) -> None:
        """Let all be well for long enough, and count what is in the channels."""
        self._chaos.armed = False
        await self._restart()
        for _ in range(200):
            next_at = await self._stage.library.notifications.next_at()
            if next_at is None:
                break
            self._chaos.now = max(self._chaos.now + 600, next_at) + 1  # a storm is over by then
            await self._turn()
        for server in (self._stage.here, self._stage.there):
            for found in await self._stage.library.notifications.listed(server.guild.id):
                await self._read(server, found)

    async def _ingest(self, server: Server, number: int) -> None:
        title = f"Talk {number}x"
        data = transcript("[0:01] words that were said", f"[0:09] number {number}", title=title, url=None)

        async def ingested() -> int:
            return (await self._stage.library.ingest(server.guild.id, data, f"{number}.md")).entry.id

        id_ = await self._surely(ingested)
        self.titles[server.guild.id, id_] = title
        self._counts.ingests += 1

    async def _change(self, guild_id: int, id_: int) -> None:
        """Correct a transcript, remove it, or bring it back."""
        key, library = (guild_id, id_), self._stage.library
        if (undo := self._removed.get(key)) is not None:
            await self._surely(lambda: self._restored(guild_id, undo))
            page = await self._stage.library.page(guild_id, limit=-1)
            if id_ in {entry.id for entry in page.entries}:  # it is kept for a day, and no longer
                del self._removed[key]
        elif self._chaos.chance.random() < 0.5:
            title = self.titles[key].removesuffix(" (again)") + " (again)"
            await self._surely(lambda: self._stage.library.edit(guild_id, id_, {"title": title}))
            self.titles[key] = title
        else:
            try:
                self._removed[key] = (await library.remove(guild_id, id_)).undo or 0
            except Killed:
                await self._restart()
                last = {one.transcript: one.id for one in reversed(await self._stage.library.bygones(guild_id))}
                page = await self._stage.library.page(guild_id, limit=-1)
                if id_ not in {entry.id for entry in page.entries}:
                    self._removed[key] = last[id_]

    async def _restored(self, guild_id: int, undo: int) -> None:
        if undo in {one.id for one in await self._stage.library.bygones(guild_id)}:
            await self._stage.library.restore(guild_id, undo)

    async def _delete_channel(self, server: Server) -> None:
        """Delete a channel that is subscribed, and tell its subscription another one."""
        every = await self._stage.library.notifications.listed(server.guild.id)
        found = self._chaos.chance.choice(every)
        old = self._channels[found.id][-1]
        if isinstance(channel := self._stage.bot.get_channel(old.id), discord.TextChannel):
            self._seen.setdefault(found.id, []).extend(self._titles_in(old))
            backend = self._stage.env.backend
            backend.delete_channel(channel.id)
            self._counts.faults["channel deleted"] += 1
            await self._turn()
            new = server.guild.create_text_channel("new")
            self._channels[found.id].append(new)
            change = self._stage.library.notifications
            await self._surely(lambda: change.change(found, found.wanted, channel_id=new.id))

    async def _surely(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do a moderator's work; where the process ends in it, once more after a restart."""
        while True:
            try:
                return await work()
            except Killed:
                await self._restart()

    async def _turn(self) -> None:
        await self._stage.turn()
        if self._chaos.dead:
            await self._restart()

    async def _restart(self) -> None:
        self._counts.restarts += 1
        armed, self._chaos.armed = self._chaos.armed, False
        await self._stage.stop()
        self._chaos.dead = False
        await self._stage.start()
        self._chaos.haunt(self._stage.library._database)
        self._chaos.armed = armed
        await self._stage.env.settle()
        if self._chaos.dead:
            await self._restart()

    def _titles_in(self, channel: simcord.ChannelHandle) -> list[str]:
        """Return what is told in a channel, or in a forum's threads, each as often as it is."""
        places = [channel, *channel.threads]
        said = [text(message) for place in places for message in place.history()]
        return [title for one in said for title in _TITLE.findall(one)]

    async def _read(self, server: Server, found: Subscription) -> None:
        """Count what a subscription's channels hold of what it is owed."""
        now = self._titles_in(self._channels[found.id][-1])
        ever = {*now, *self._seen.get(found.id, [])}
        state = {
            one.transcript_id: one.state
            for one in await self._stage.library.notifications.deliveries(server.guild.id, subscription_id=found.id)
        }
        for (guild_id, id_), title in self.titles.items():
            if guild_id != server.guild.id:
                continue
            self._counts.owed += 1
            name, bare = f"{title} in {found.name}", title.removesuffix(" (again)")
            if bare not in ever and not ((guild_id, id_) in self._removed and state[id_] is State.SKIPPED):
                self._counts.lost.append(f"{name} ({state.get(id_)})")
            if now.count(bare) > 1:
                self._counts.doubled.append(name)
        said = (
            "\n".join(text(message) for place in (one, *one.threads) for message in place.history())
            if (one := self._channels[found.id][-1])
            else ""
        )
        for (guild_id, id_), title in self.titles.items():
            bare = title.removesuffix(" (again)")
            if guild_id == server.guild.id and bare in now:
                struck = f"~~{title}~~" in said
                if struck is not ((guild_id, id_) in self._removed) or (title != bare and title not in said):
                    self._counts.outdated.append(f"{title} in {found.name}")


async def played(path: Path, *, ingests: int, seed: int) -> Counts:
    """Ingest so many transcripts in chaos, and return what came of it."""
    counts = Counts()
    chaos = Chaos(seed, counts)
    with time_and_faults(chaos):
        async with staged(path, config=CONFIG, kind=Library) as stage:
            play = Play(stage, chaos, counts)
            await play.begin()
            chaos.haunt(stage.library._database)
            chaos.armed = True
            for number in range(ingests):
                await play.step(number)
            await play.end()
    return counts
