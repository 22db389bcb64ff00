"""Its part that sends: what is to be done next, and what became of it."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from store import transcripts
from store.database import Database, Writer
from store.errors import DatabaseError, NotFoundError, QuestionError, UnindexedError
from store.models import Entry, Limits, Match, Post, Quote, Step, Subscription, Told
from store.outbox import claiming, marking, owing, scheduling, subscriptions
from store.outbox.claiming import Claimed
from store.outbox.owing import Unjudged
from store.outbox.scheduling import Due
from store.sentences import Sentence, counted, sentence, series

JUDGED_TOGETHER = 20
QUOTED_TOGETHER = 25  # transcripts of a post that are quoted; what comes after them is counted
QUOTES = MOMENTS = 3  # of the transcript of a post of one
MOMENTS_TOGETHER = 8  # transcripts of a post of which each has a moment; with more, none has
KEPT_MOMENTS = 64  # transcripts
NAMED = 3  # words that a transcript doesn't say
UNINDEXED_SECONDS = 60.0  # after which a transcript that can't be searched yet is looked at again
WATCHED_UNSAID = sentence("what is watched isn't said in it")
WORD_UNSAID = sentence("{words} isn't said in it")
LEFT_OUT = sentence("“{words}” is said in it, which is left out")

Matched = Callable[[int, str, int], Awaitable[Match]]


class Characteristic(Protocol):
    """Gives the moments that tell a guild's transcript from the others."""

    def __call__(self, guild_id: int, transcript: int, /, *, count: int) -> Awaitable[tuple[Quote, ...]]:
        """Return at most `count` of them."""


_log = logging.getLogger(__name__)


class Sending:
    """What is owed in all guilds, on its way to Discord."""

    def __init__(self, database: Database, limits: Limits, matched: Matched, characteristic: Characteristic) -> None:
        self._database = database
        self._limits = limits
        self._matched = matched
        self._characteristic = characteristic
        self._moments: OrderedDict[tuple[int, str, int], tuple[Quote, ...]] = OrderedDict()  # by content and count

    async def recover(self) -> int:
        """Look after what was being sent when the last process ended; return how many posts that are."""
        async with self._database.transaction() as connection:
            return await marking.recover(connection, now=time.time())

    def forget_moments(self) -> None:
        """Drop from memory what was quoted last: it may be of a server that was erased."""
        self._moments.clear()

    async def version(self) -> int:
        """Return a number that is another one after anything was written, by this process or by others."""
        return await self._database.data_version()

    async def due(self) -> list[Due]:
        """Return for whom there is something to do now."""
        now = time.time()
        async with self._database.snapshot() as connection:
            found = await scheduling.due(connection, now=now)
            forsaken = await owing.is_any_forsaken(connection, now=now)
        if not forsaken:
            return found
        async with self._database.transaction() as connection:
            await owing.let_forsaken_go(connection, now=now)
            return await scheduling.due(connection, now=now)

    async def next_at(self) -> float | None:
        """Return when there will be something to do next, in seconds since the epoch; None where nothing waits."""
        async with self._database.snapshot() as connection:
            return await scheduling.next_at(connection)

    async def judge(self, due: Due) -> bool:
        """Look for the words that a subscription watches in some of what is due to it; True where there may be more.

        What wasn't looked at isn't claimed.
        """
        now = time.time()
        async with self._database.snapshot() as connection:
            try:
                subscription = await subscriptions.get(connection, due.guild_id, due.subscription_id)
            except NotFoundError:  # removed meanwhile
                return False
            if (words := subscription.wanted.matching) is None:
                return False
            rows = await owing.unjudged(connection, subscription.id, now=now, limit=JUDGED_TOGETHER)
        if not rows:
            return False
        found: list[tuple[Unjudged, Sentence | None]] = []
        later: list[int] = []
        for one in rows:
            try:
                found.append((one, why_not(await self._matched(due.guild_id, words, one.transcript))))
            except QuestionError as error:  # the words themselves can't be searched for
                found.append((one, error.sentence))
            except (UnindexedError, NotFoundError):  # the latter was removed meanwhile
                later.append(one.id)
            except DatabaseError:
                raise
            except Exception:  # noqa: BLE001 - a bug in the search of one must not keep the others back
                _log.exception("Delivery %s waits: what is watched could not be looked for", one.id)
                later.append(one.id)
        async with self._database.transaction() as connection:
            await owing.judged(connection, subscription, found)
            await owing.wait(connection, subscription.id, later, until=now + UNINDEXED_SECONDS)
        return True

    async def claim(self, due: Due, *, forum: bool = False) -> Post | None:
        """Return what is to be done next for a subscription, noted as begun; None where there is nothing now.

        What became of it is told with one of the methods that follow, or else it is due again in ten minutes.
        """
        now, limits = time.time(), self._limits

        async def claimed(connection: Writer) -> Claimed | None:
            return await claiming.claim(connection, due.guild_id, due.subscription_id, limits, forum=forum, now=now)

        if (found := await self._database.written(claimed)) is None:
            return None
        return Post(
            id=found.post,
            subscription=found.subscription,
            step=found.step,
            told=await self._every_told(found),
            first_at=found.first_at,
            tries=found.tries,
            uncertain=found.uncertain,
            stale=found.stale,
            place_id=found.place_id,
            message_id=found.message_id,
            language=found.language,
        )

    async def sent(self, post: Post, *, place_id: int, message_id: int, publish: bool = False) -> None:
        """Note that a post stands in a channel or thread, and whether it is still to be published."""
        async with self._database.transaction() as connection:
            await marking.sent(
                connection, post, place_id=place_id, message_id=message_id, publish=publish, now=time.time()
            )

    async def refused(self, post: Post, error: Sentence) -> None:
        """Note that a channel or member can't be sent to; that is tried daily."""
        async with self._database.transaction() as connection:
            await marking.refused(connection, post, error=error, now=time.time())

    async def unknown(self, post: Post, error: Sentence) -> float:
        """Note that nobody knows what became of a try; return for how many seconds it waits."""
        async with self._database.transaction() as connection:
            return await marking.unknown(connection, post, error=error, now=time.time())

    async def rejected(self, post: Post, error: Sentence) -> float:
        """Note that Discord refuses a message itself, while others go on; return for how many seconds it waits."""
        async with self._database.transaction() as connection:
            return await marking.rejected(connection, post, error=error, now=time.time())

    async def put_off(self, post: Post, seconds: float) -> None:
        """Note that Discord wants a post so many seconds later, which is no failure."""
        async with self._database.transaction() as connection:
            await marking.put_off(connection, post, seconds=seconds, now=time.time())

    async def missing(self, post: Post) -> None:
        """Note that an uncertain post was looked for and isn't there; it is sent anew, but for what was removed."""
        async with self._database.transaction() as connection:
            await marking.missing(connection, post, now=time.time())

    async def edited(self, post: Post) -> None:
        """Note that a post shows what its transcripts are now."""
        async with self._database.transaction() as connection:
            await marking.edited(connection, post, now=time.time())

    async def published(self, post: Post, *, error: Sentence | None = None) -> None:
        """Note that a post was published, or that it can't be."""
        async with self._database.transaction() as connection:
            await marking.published(connection, post, error=error, now=time.time())

    async def postponed(self, post: Post, error: Sentence) -> float:
        """Note that a post could not be edited or published; return for how many seconds that waits."""
        async with self._database.transaction() as connection:
            return await marking.postponed(connection, post, error=error, now=time.time())

    async def lost(self, post: Post, error: Sentence) -> None:
        """Note that a post's message is gone: somebody deleted it."""
        async with self._database.transaction() as connection:
            await marking.lost(connection, post, error=error)

    async def _every_told(self, claimed: Claimed) -> tuple[Told, ...]:
        """Return what a post tells of each of its transcripts."""
        if claimed.step is Step.PUBLISH:
            return ()
        async with self._database.snapshot() as connection:
            entries = await transcripts.entries(connection, claimed.transcripts)
            titles = await owing.titles(connection, claimed.transcripts)
        count = len(claimed.transcripts)
        return tuple(
            [
                await self._tells(claimed.subscription, entries.get(id_), titles.get(id_, ""), at=at, count=count)
                for at, id_ in enumerate(claimed.transcripts)
            ]
        )

    async def _tells(self, subscription: Subscription, entry: Entry | None, title: str, *, at: int, count: int) -> Told:
        """Return what a post of so many tells of the transcript at a place in it."""
        if entry is None:
            return Told(title, None)
        if at >= QUOTED_TOGETHER:
            return Told(entry.details.title, entry)
        if count == 1:
            return await self.told(subscription, entry, quotes=QUOTES, moments=MOMENTS)
        return await self.told(subscription, entry, quotes=1, moments=int(count <= MOMENTS_TOGETHER))

    async def told(self, subscription: Subscription, entry: Entry, *, quotes: int, moments: int) -> Told:
        """Return what is told of a transcript: where what is watched is said, or else moments that characterise it.

        Without its quotes it is still told: what can't be searched now is no reason to keep it back.
        """
        told = Told(entry.details.title, entry)
        try:
            if subscription.wanted.matching:
                found = await self._matched(subscription.guild_id, subscription.wanted.matching, entry.id)
                return replace(told, quotes=found.quotes[:quotes], heard=found.heard, unsaid=not found.quotes)
            if moments:
                return replace(told, moments=await self._moments_of(subscription.guild_id, entry, moments))
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - a bug in the search must not keep a post back
            _log.exception("Transcript %s is told of without quotes", entry.id)
        return told

    async def _moments_of(self, guild_id: int, entry: Entry, count: int) -> tuple[Quote, ...]:
        """Return the moments that characterise a transcript; those of the last ones are kept, for other channels."""
        key = entry.id, entry.content, count
        if key not in self._moments:
            self._moments[key] = await self._characteristic(guild_id, entry.id, count=count)
            if len(self._moments) > KEPT_MOMENTS:
                self._moments.popitem(last=False)
        return self._moments[key]


def why_not(found: Match) -> Sentence | None:
    """Return why a transcript doesn't hold what is watched, as the end of a sentence; None if it does."""
    if found.excluded is not None:
        return sentence(LEFT_OUT, words=found.excluded)
    if found.missing:
        words = [sentence("“{word}”", word=word) for word in found.missing[:NAMED]]
        if len(found.missing) == 1:
            return sentence(WORD_UNSAID, words=words[0])
        if len(found.missing) == 2:
            return sentence("{words} and {others} aren't said in it", words=words[0], others=words[1])
        if more := len(found.missing) - NAMED:
            return counted(
                "none of {words} and {n} more is said in it",
                "none of {words} and {n} more is said in it",
                more,
                words=series(words),
            )
        return sentence("none of {words} is said in it", words=series(words))
    return None if found.quotes else WATCHED_UNSAID
