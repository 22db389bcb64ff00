"""What a look at a feed brings: an episode's best transcript, fetched and ingested with what the feed says of it.

What moderators do to a transcript wins: their own is never replaced, what they removed stays removed, and what they
corrected stays until the feed's own bytes change; then the details that they set stay.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from store import transcripts
from store.database import Database
from store.errors import FeedError, FormatError, StoreError
from store.feeds import rows
from store.feeds.fetching import Fetched, Fetcher, Validators
from store.feeds.knowing import FAILED, KEPT, SKIPPED, KnownEpisode, corrected
from store.feeds.parsing import Episode, Feed, Source
from store.formats.details import MAX_CHAPTERS, as_given, chapter
from store.formats.parsed import File
from store.formats.speech import podcasting
from store.models import Entry, Followed, Ingested, Limits, Outcome
from store.sentences import Sentence, sentence
from store.text.wording import clock

SOURCES = 3  # of an episode's transcripts that are tried
CHAPTERS_BYTES = 1 << 20

_LOG = logging.getLogger(__name__)


class Ingesting(Protocol):
    """What a library does with a file."""

    async def __call__(
        self, guild_id: int, data: bytes, name: str, *, given: dict[str, str], by: int | None, own: frozenset[int]
    ) -> Ingested:
        """Read a file and keep its transcript; of what is there, only what is its `own` is replaced."""


@dataclass
class Looked:
    """What a look at a feed brought: what was ingested, and which episodes weren't, by their titles, and why.

    Some `failed`; some were `left`, for what is there is a moderator's; some are `unread` again, and stay as they are.
    `wait` are the seconds that hosts of transcripts ask to wait, and `waits` how often they did.
    """

    feed: Followed
    ingested: list[Ingested] = field(default_factory=list)
    failed: list[tuple[str, Sentence]] = field(default_factory=list)
    left: list[tuple[str, Sentence]] = field(default_factory=list)
    unread: list[tuple[str, Sentence]] = field(default_factory=list)
    changed: bool = True
    wait: float = 0.0
    waits: int = 0


@dataclass(frozen=True, slots=True)
class Bringing:
    """Ingests the episodes of a feed; `turn` waits until an address may be asked."""

    database: Database
    ingest: Ingesting
    limits: Limits
    fetcher: Fetcher
    turn: Callable[[str], Awaitable[None]]
    feed: Feed
    looked: Looked

    async def bring(self, episode: Episode, known: KnownEpisode) -> None:
        """Fetch an episode's best transcript and ingest it; where none can be read, note why."""
        error = Sentence("")
        for source in _sources(episode, known):
            said = known.said if known.state == KEPT and known.url == source.url else Validators()
            try:
                await self.turn(source.url)
                fetched = await self.fetcher.fetch(source.url, most=self.limits.file_bytes, validators=said)
                await self._fetched(episode, known, source, fetched)
            except (FeedError, FormatError) as caught:
                error = caught.sentence
                if isinstance(caught, FeedError) and caught.retry_after:
                    self.looked.wait = max(self.looked.wait, caught.retry_after)
                    self.looked.waits += 1
                    break
            except StoreError as caught:  # of the database: nothing is noted, so it is tried again
                self.looked.failed.append((episode.title, caught.sentence))
                return
            else:
                return
        if known.state != KEPT:
            self.looked.failed.append((episode.title, error))
        elif known.error is None:  # it is told once
            self.looked.unread.append((episode.title, error))
        await self._note(replace(known, state=KEPT if known.state == KEPT else FAILED, error=error.kept()))

    async def _fetched(self, episode: Episode, known: KnownEpisode, source: Source, fetched: Fetched) -> None:
        """Ingest what was fetched, but where nothing changed, or what is there is a moderator's.

        Raises:
            FormatError: it is no transcript.
        """
        if fetched.data is None:
            await self._note(replace(known, error=None))
            return
        digest = hashlib.blake2b(fetched.data, digest_size=16).digest()
        now = replace(known, url=source.url, said=fetched.validators, digest=digest, error=None)
        name, stays, own = f"{_name(episode.title)}{source.suffix}", {}, frozenset[int]()
        if known.state == KEPT:
            if digest == known.digest or (known.digest is None and known.said == Validators()):
                await self._note(now)
                return
            async with self.database.snapshot() as connection:
                entry = await transcripts.get(connection, self.looked.feed.guild_id, known.transcript_id or 0)
            if entry is None:  # it was removed since the look began
                return
            if (why := _theirs(entry, known)) is not None:
                self.looked.left.append((episode.title, why))
                await self._note(now)
                return
            own = frozenset({entry.id})
            stays = _staying(entry, known)
            name = name if entry.details.url else f"{_name(entry.details.title)}{source.suffix}"
        given = await self._given(episode) | stays
        async with self.database.snapshot() as connection:
            if not await rows.is_followed(connection, self.looked.feed.id):  # or its server was erased, meanwhile
                return
        done = await self.ingest(
            self.looked.feed.guild_id, fetched.data, name, given=given, by=self.looked.feed.by, own=own
        )
        if done.outcome is Outcome.ASKING:
            why = await self._here(done.entry)
            self.looked.left.append((episode.title, why))
            await self._note(now if known.state == KEPT else replace(now, state=SKIPPED, error=why.kept()))
            return
        if done.outcome is not Outcome.UNCHANGED:
            self.looked.ingested.append(done)
        await self._note(
            replace(
                now,
                state=KEPT,
                transcript_id=done.entry.id,
                ingested_at=done.entry.ingested_at.isoformat(),
                # Of what stays, what the feed said last is still what moderators changed.
                details=as_given(done.entry.details) | {key: known.details.get(key, stays[key]) for key in stays},
            )
        )

    async def _note(self, one: KnownEpisode) -> None:
        async with self.database.transaction() as connection:
            await rows.note(connection, self.looked.feed.id, one)

    async def _here(self, entry: Entry) -> Sentence:
        """Say who brought a transcript that is there."""
        async with self.database.snapshot() as connection:
            if await rows.brought(connection, self.looked.feed.guild_id, entry.id):
                return sentence("already here, brought by a podcast that is followed")
        if entry.ingested_by is not None:
            return sentence("already here, ingested by a moderator")
        return sentence("already here, ingested by an operator")

    async def _given(self, episode: Episode) -> dict[str, str]:
        """Return what the feed says of an episode, with its chapters."""
        found = {
            "title": episode.title,
            "video_url": episode.url,
            "channel": self.feed.title,
            "date": episode.published.isoformat() if episode.published else None,
            "duration": episode.duration,
            "tags": ", ".join(episode.tags),
            "chapters": await self._chapters(episode.chapters) if episode.chapters else None,
        }
        return {key: value for key, value in found.items() if value}

    async def _chapters(self, url: str) -> str | None:
        """Return an episode's chapters as lines; none where they can't be had, for the words matter more."""
        try:
            await self.turn(url)
            fetched = await self.fetcher.fetch(url, most=CHAPTERS_BYTES)
            return await asyncio.to_thread(_chapter_lines, fetched.data or b"")
        except (FeedError, FormatError) as error:
            _LOG.info("The chapters of an episode can't be read: %s", error)
            return None


def _chapter_lines(data: bytes) -> str | None:
    """Return chapters as the lines of a front matter."""
    found = podcasting.chapters(File("chapters.json", data.decode("utf-8", "replace")))
    kept = [one for start, title in found if (one := chapter(start, title)) is not None]
    return "\n".join(f"{clock(start)} {title}" for start, title in kept[:MAX_CHAPTERS]) or None


def _sources(episode: Episode, known: KnownEpisode) -> Sequence[Source]:
    """Return where to look for an episode's transcript; of one that is kept, where it is or where a better one is."""
    at = next((at for at, source in enumerate(episode.transcripts) if source.url == known.url), None)
    better = episode.transcripts[: at + 1] if known.state == KEPT and at is not None else episode.transcripts
    return better[:SOURCES]


def _theirs(entry: Entry, known: KnownEpisode) -> Sentence | None:
    """Say why a transcript must be left to moderators, or None if it needn't."""
    if not known.has(entry):
        return sentence("another transcript was put in its place")
    if entry.details.url is None and corrected(entry, known):
        return sentence("a moderator corrected it, and without a link the feed's wouldn't be known for the same")
    return None


def _staying(entry: Entry, known: KnownEpisode) -> dict[str, str]:
    """Return the details that stay where a transcript is replaced: those set since, and those it is known by."""
    by = ("video_url",) if entry.details.url else ("video_url", "title", "date")
    now = as_given(entry.details)
    return corrected(entry, known) | {key: now[key] for key in by}


def _name(title: str) -> str:
    return "".join(c if c.isalnum() or c in " -_" else " " for c in title).strip()[:80] or "episode"
