"""Following feeds: new episodes are ingested with their transcripts, and those that change are read again.

An episode is known by its id, or where a feed gives it a new one, by its link, as any video is: so it is never doubled.
Those from before a feed was followed are left, but for as many as were asked for. An episode whose transcript comes
later waits for it.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from store.database import Database
from store.errors import FeedError, FormatError, StoreError
from store.feeds import parsing, rows
from store.feeds.fetching import Fetcher, Validators
from store.feeds.parsing import Episode, Feed
from store.formats.details import chapter
from store.formats.parsed import File
from store.formats.speech import podcasting
from store.links import checked
from store.models import Followed, Ingested, Limits, Outcome
from store.text.wording import clock

CHECK_SECONDS = 3600.0
FIRST_RETRY = 900.0  # seconds, doubled with each failure
LAST_RETRY = 24 * 3600.0
APART_SECONDS = 1.0  # between two requests to one host
AGAIN = 10  # of a feed's newest episodes that are looked at for a changed transcript
WAITING, SKIPPED, KEPT, FAILED = "waiting", "skipped", "kept", "failed"

_LOG = logging.getLogger(__name__)


class Ingesting(Protocol):
    """What a library does with a file."""

    async def __call__(
        self, guild_id: int, data: bytes, name: str, *, given: dict[str, str], by: int | None
    ) -> Ingested:
        """Read a file and keep its transcript."""


@dataclass
class Looked:
    """What a look at a feed brought: what was ingested, and which episodes failed and why."""

    feed: Followed
    ingested: list[Ingested] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    changed: bool = True


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
        address = checked(url)
        if address is None:
            raise FeedError("That isn't a web address; give the address of a podcast's RSS or Atom feed.")
        fetched = await fetcher.fetch(address, most=self._limits.feed_bytes)
        feed = await asyncio.to_thread(parsing.parse, fetched.data or b"", address)
        if feed.episodes and not any(episode.transcripts for episode in feed.episodes):
            raise FeedError(
                f"“{feed.title[:100]}” brings no transcripts: none of its episodes has a <podcast:transcript>."
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
                now=time.time(),
                most=self._limits.feeds,
            )
            recent = [one for one in feed.episodes if one.transcripts][:include_recent]
            for episode in feed.episodes:
                source = episode.transcripts[0].url if episode.transcripts else None
                await rows.note(connection, id_, episode.guid, WAITING if episode in recent else SKIPPED, url=source)
        followed = await self._followed(guild_id, id_)
        looked = Looked(followed)
        await self._episodes(fetcher, feed, looked)
        await self._worked(followed, feed.title, fetched.validators)
        return looked

    async def unfollow(self, guild_id: int, feed_id: int) -> None:
        """Follow a feed no longer; its transcripts stay.

        Raises:
            FeedError: the guild doesn't follow it.
        """
        async with self._database.transaction() as connection:
            if not await rows.remove(connection, guild_id, feed_id):
                raise FeedError("This server doesn't follow that feed.")

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
        """Look at a feed: ingest what is new, and what has changed.

        Raises:
            FeedError: it can't be had or read; when it is tried again is noted.
        """
        async with self._looking.setdefault(feed.id, asyncio.Lock()):
            async with self._database.snapshot() as connection:
                said = await rows.validators(connection, feed.id)
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
                    await rows.failed(connection, feed.id, error=str(error), next_at=time.time() + wait)
                raise
            # An episode that failed is tried again, so the feed must be read again even where it hasn't changed.
            await self._worked(feed, title, Validators() if looked.failed else fetched.validators)
            return looked

    async def _followed(self, guild_id: int, feed_id: int) -> Followed:
        found = next((feed for feed in await self.listed(guild_id) if feed.id == feed_id), None)
        if found is None:
            raise FeedError("This server doesn't follow that feed.")
        return found

    async def _worked(self, feed: Followed, title: str | None, said: Validators) -> None:
        now = time.time()
        async with self._database.transaction() as connection:
            await rows.worked(connection, feed.id, title=title, said=said, now=now, next_at=now + CHECK_SECONDS)

    async def _episodes(self, fetcher: Fetcher, feed: Feed, looked: Looked) -> None:
        """Ingest the episodes that are new or wait for their transcript, and of the newest those that changed."""
        async with self._database.snapshot() as connection:
            known = await rows.episodes(connection, looked.feed.id)
        by_url = {url: one for one in known.values() if (url := one[1]) is not None}
        for at, episode in reversed(list(enumerate(feed.episodes))):  # the oldest first, as they were published
            # One that the feed gave a new id is still known by its transcript.
            renamed = next((by_url[one.url] for one in episode.transcripts if one.url in by_url), None)
            state, url, said, _ = known.get(episode.guid) or renamed or (WAITING, None, Validators(), None)
            if state == SKIPPED or (state == KEPT and at >= AGAIN and url in {one.url for one in episode.transcripts}):
                continue
            if not episode.transcripts:
                await self._note(looked, episode, WAITING)
                continue
            await self._episode(fetcher, feed, looked, episode, (url, said) if state == KEPT else None)

    async def _episode(
        self,
        fetcher: Fetcher,
        feed: Feed,
        looked: Looked,
        episode: Episode,
        before: tuple[str | None, Validators] | None,
    ) -> None:
        """Fetch an episode's best transcript and ingest it; where none can be read, say why."""
        error = ""
        for source in episode.transcripts[:3]:
            said = before[1] if before is not None and before[0] == source.url else None
            try:
                await self._turn(source.url)
                fetched = await fetcher.fetch(source.url, most=self._limits.file_bytes, validators=said)
                if fetched.data is None:
                    return
                given = await self._given(fetcher, feed, episode)
                name = f"{_name(episode.title)}{source.suffix}"
                done = await self._ingest(looked.feed.guild_id, fetched.data, name, given=given, by=looked.feed.by)
            except (FeedError, FormatError) as caught:
                error = str(caught)
                continue
            except StoreError as caught:  # of the database: nothing is noted, so it is tried again
                looked.failed.append((episode.title, str(caught)))
                return
            if done.outcome is not Outcome.UNCHANGED:
                looked.ingested.append(done)
            async with self._database.transaction() as connection:
                await rows.note(
                    connection,
                    looked.feed.id,
                    episode.guid,
                    KEPT,
                    url=source.url,
                    said=fetched.validators,
                    transcript_id=done.entry.id,
                )
            return
        looked.failed.append((episode.title, error))
        await self._note(looked, episode, KEPT if before else FAILED, error)

    async def _note(self, looked: Looked, episode: Episode, state: str, error: str | None = None) -> None:
        async with self._database.transaction() as connection:
            await rows.note(connection, looked.feed.id, episode.guid, state, error=error)

    async def _given(self, fetcher: Fetcher, feed: Feed, episode: Episode) -> dict[str, str]:
        """Return what the feed says of an episode, with its chapters."""
        found = {
            "title": episode.title,
            "video_url": episode.url,
            "channel": feed.title,
            "date": episode.published.isoformat() if episode.published else None,
            "duration": episode.duration,
            "tags": ", ".join(episode.tags),
            "chapters": await self._chapters(fetcher, episode) if episode.chapters else None,
        }
        return {key: value for key, value in found.items() if value}

    async def _chapters(self, fetcher: Fetcher, episode: Episode) -> str | None:
        """Return an episode's chapters as lines; none where they can't be had, for the words matter more."""
        assert episode.chapters is not None
        try:
            await self._turn(episode.chapters)
            fetched = await fetcher.fetch(episode.chapters, most=self._limits.feed_bytes)
            found = podcasting.chapters(File("chapters.json", (fetched.data or b"").decode("utf-8", "replace")))
        except (FeedError, FormatError) as error:
            _LOG.info("The chapters of an episode can't be read: %s", error)
            return None
        kept = [one for start, title in found if (one := chapter(start, title)) is not None]
        return "\n".join(f"{clock(start)} {title}" for start, title in kept) or None

    async def _turn(self, url: str) -> None:
        """Wait until a host may be asked again."""
        host = urlsplit(url).hostname or ""
        now = time.monotonic()
        at = max(now, self._hosts.get(host, 0.0))
        self._hosts[host] = at + APART_SECONDS
        self._hosts = {name: when for name, when in self._hosts.items() if when > now}
        await asyncio.sleep(at - now)


def _name(title: str) -> str:
    return "".join(c if c.isalnum() or c in " -_" else " " for c in title).strip()[:80] or "episode"
