"""Following feeds: new episodes are ingested with their transcripts, and those that change are read again.

Episodes from before a feed was followed are left, but for as many as were asked for. One whose transcript comes later
waits for it.
"""

import asyncio
import time
from urllib.parse import urlsplit

from store.database import Database
from store.errors import FeedError
from store.feeds import parsing, rows
from store.feeds.addresses import typed
from store.feeds.bringing import Bringing, Ingesting, Looked
from store.feeds.fetching import Fetcher, Validators
from store.feeds.knowing import KEPT, REMOVED, SKIPPED, WAITING, KnownEpisode, recognised
from store.feeds.parsing import Feed
from store.models import Followed, Limits

CHECK_SECONDS = 3600.0
FIRST_RETRY = 900.0  # seconds, doubled with each failure
LAST_RETRY = 24 * 3600.0
APART_SECONDS = 1.0  # between two requests to one host
AGAIN = 10  # of a feed's newest episodes that are looked at for a changed transcript


class Feeds:
    """The feeds that guilds follow."""

    def __init__(self, database: Database, ingest: Ingesting, limits: Limits) -> None:
        self._database = database
        self._ingest = ingest
        self._limits = limits
        self._hosts: dict[str, float] = {}  # when each may be asked again
        self._looking: dict[int, asyncio.Lock] = {}

    async def follow(
        self,
        fetcher: Fetcher,
        guild_id: int,
        url: str,
        *,
        channel_id: int | None = None,
        by: int | None = None,
        include_recent: int = 0,
    ) -> Looked:
        """Follow a feed from now on, and ingest as many of its newest episodes as are asked for.

        Raises:
            FeedError: it isn't a feed, can't be reached, or is followed already.
        """
        address = typed(url)
        if address is None:
            raise FeedError("That isn't a web address; give the address of a podcast's RSS or Atom feed.")
        try:
            fetched = await fetcher.fetch(address, most=self._limits.feed_bytes)
            feed = await asyncio.to_thread(parsing.parse, fetched.data or b"", address)
        except FeedError as error:
            raise FeedError(error.adding) from error
        if feed.episodes and not any(episode.transcripts for episode in feed.episodes):
            raise FeedError(
                "“{title}” publishes no transcripts in its feed; send them with `/ingest`.", title=feed.title[:100]
            )
        async with self._database.transaction() as connection:
            id_ = await rows.add(
                connection,
                guild_id,
                address,
                title=feed.title[:300],
                channel_id=channel_id,
                by=by,
                include_recent=include_recent,
                next_at=time.time() + FIRST_RETRY,  # this may end before its end
                most=self._limits.feeds,
            )
            recent = {one.guid: KnownEpisode(one.guid) for one in feed.episodes if one.transcripts}
            await rows.show(connection, id_, feed.episodes, {}, state=SKIPPED)
            for one in list(recent.values())[:include_recent]:
                await rows.note(connection, id_, one)
        async with self._looking.setdefault(id_, asyncio.Lock()):
            looked = Looked(await self._followed(guild_id, id_))
            await self._episodes(fetcher, feed, looked)
            await self._worked(looked, feed.title, fetched.validators)
        return looked

    async def unfollow(self, guild_id: int, feed_id: int) -> None:
        """Follow a feed no longer; its transcripts stay.

        Raises:
            FeedError: the guild doesn't follow it.
        """
        async with self._database.transaction() as connection:
            if not await rows.remove(connection, guild_id, feed_id):
                raise FeedError("This server doesn't follow that feed.")
        self._looking.pop(feed_id, None)

    async def listed(self, guild_id: int) -> tuple[Followed, ...]:
        """Return the feeds that a guild follows, oldest first."""
        async with self._database.snapshot() as connection:
            return await rows.listed(connection, guild_id)

    async def due(self) -> tuple[Followed, ...]:
        """Return the feeds of all guilds that are to be looked at."""
        async with self._database.snapshot() as connection:
            return await rows.due(connection, now=time.time())

    async def told(self, feed: Followed) -> None:
        """Note that a moderator was told that a feed fails."""
        async with self._database.transaction() as connection:
            await rows.told(connection, feed.id)

    async def look(self, fetcher: Fetcher, feed: Followed) -> Looked:
        """Look at a feed: ingest what is new, and what has changed; nothing where it is followed no longer.

        Raises:
            FeedError: it can't be had or read; when it is tried again is noted.
        """
        async with self._looking.setdefault(feed.id, asyncio.Lock()):
            async with self._database.transaction() as connection:
                begun = await rows.begun(connection, feed.id, next_at=time.time() + FIRST_RETRY)
            if begun is None:
                self._looking.pop(feed.id, None)
                return Looked(feed, changed=False)
            feed, said = begun
            try:
                await self._turn(feed.url)
                fetched = await fetcher.fetch(feed.url, most=self._limits.feed_bytes, validators=said)
                looked = Looked(feed, changed=fetched.data is not None)
                title = None
                if fetched.data is not None:
                    found = await asyncio.to_thread(parsing.parse, fetched.data, feed.url)
                    title = found.title[:300]
                    await self._episodes(fetcher, found, looked)
            except FeedError as error:
                wait = max(min(LAST_RETRY, FIRST_RETRY * 2 ** min(feed.failures, 10)), error.retry_after or 0.0)
                async with self._database.transaction() as connection:
                    await rows.failed(connection, feed.id, error=error.sentence.kept(), next_at=time.time() + wait)
                raise
            await self._worked(looked, title, fetched.validators)
            return looked

    async def _followed(self, guild_id: int, feed_id: int) -> Followed:
        found = next((feed for feed in await self.listed(guild_id) if feed.id == feed_id), None)
        if found is None:
            raise FeedError("This server doesn't follow that feed.")
        return found

    async def _worked(self, looked: Looked, title: str | None, said: Validators) -> None:
        now = time.time()
        # An episode that failed is tried again, so the feed must be read again even where it hasn't changed.
        said = Validators() if looked.failed or looked.wait else said
        next_at = now + max(CHECK_SECONDS, min(looked.wait, LAST_RETRY))
        async with self._database.transaction() as connection:
            await rows.worked(connection, looked.feed.id, title=title, said=said, now=now, next_at=next_at)

    async def _episodes(self, fetcher: Fetcher, feed: Feed, looked: Looked) -> None:
        """Ingest the episodes that are new or wait for their transcript, and of the newest those that changed."""
        async with self._database.transaction() as connection:
            known = recognised(feed.episodes, await rows.episodes(connection, looked.feed.id))
            found = await rows.show(connection, looked.feed.id, feed.episodes, known, state=WAITING)
        bringing = Bringing(self._database, self._ingest, self._limits, fetcher, self._turn, feed, looked)
        for at, episode in reversed(list(enumerate(feed.episodes))):  # the oldest first, as they were published
            one = found[episode.guid]
            unchanged = one.state == KEPT and at >= AGAIN and one.url in {source.url for source in episode.transcripts}
            if episode.transcripts and one.state not in {SKIPPED, REMOVED} and not unchanged:
                await bringing.bring(episode, one)
            if looked.waits > 1:  # of one alone, the next may still be had
                return

    async def _turn(self, url: str) -> None:
        """Wait until a host may be asked again."""
        host = urlsplit(url).hostname or ""
        now = time.monotonic()
        at = max(now, self._hosts.get(host, 0.0))
        self._hosts[host] = at + APART_SECONDS
        self._hosts = {name: when for name, when in self._hosts.items() if when > now}
        await asyncio.sleep(at - now)
