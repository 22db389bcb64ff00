"""The face of the outbox: who hears of new transcripts, and what became of each."""

import time
from collections.abc import Collection
from datetime import UTC, datetime

from store import transcripts
from store.errors import NotFoundError, StoreError
from store.models import Delivery, Entry, Settings, State, Subscription, Told, Wanted
from store.outbox import owing, resuming, settings, subscriptions, telling
from store.outbox.passing import refusal
from store.outbox.sending import MOMENTS, QUOTES, Sending, why_not
from store.outbox.times import zone_named
from store.sentences import Sentence, counted

LOOKED_AT = 200  # of the newest transcripts, for the words that a subscription watches


class Notifications(Sending):
    """The subscriptions of all guilds and what they are owed."""

    async def subscribe(
        self,
        guild_id: int,
        channel_id: int,
        wanted: Wanted | None = None,
        *,
        name: str = "",
        place: str = "",
        created_by: int | None = None,
        include_recent: int = 0,
    ) -> tuple[Subscription, bool]:
        """Let a channel hear of new transcripts; return its subscription, and False if it had this one already.

        Without a name it is called by what is watched, or else by its filters, or else as its channel, the `place`.
        It hears of as many of the newest that are there as are asked for, the oldest of them first.

        Raises:
            StoreError: the guild has as many subscriptions as it may have.
        """
        wanted = wanted or Wanted()
        async with self._database.transaction() as connection:
            subscription, new = await subscriptions.add(
                connection,
                guild_id,
                wanted,
                name=subscriptions.named(name, wanted.matching, " ".join(map(str, wanted.said)), place),
                channel_id=channel_id,
                created_by=created_by,
                at=datetime.now(UTC).isoformat(),
                most=self._limits.subscriptions,
            )
        if new and include_recent:
            recent = [told.entry.id for told in await self.recent(subscription, include_recent) if told.entry]
            async with self._database.transaction() as connection:
                await owing.owe_recent(connection, subscription, recent[::-1], now=time.time())
        return subscription, new

    async def alert(self, guild_id: int, member_id: int, words: str) -> tuple[Subscription, bool]:
        """Let a member hear by direct message of new transcripts in which words are said.

        Raises:
            StoreError: the member has as many alerts as they may have, or the server's members together.
        """
        async with self._database.transaction() as connection:
            if (count := await subscriptions.alerts(connection, guild_id)) >= self._limits.alerts:
                raise StoreError(
                    counted(
                        "The members of this server have {n} alert, the most there may be.",
                        "The members of this server have {n} alerts, the most there may be.",
                        count,
                    )
                )
            return await subscriptions.add(
                connection,
                guild_id,
                Wanted(matching=words),
                name=subscriptions.named(words),
                member_id=member_id,
                created_by=member_id,
                at=datetime.now(UTC).isoformat(),
                most=self._limits.subscriptions,
            )

    async def change(
        self, subscription: Subscription, wanted: Wanted, *, name: str | None = None, channel_id: int | None = None
    ) -> Subscription:
        """Let a subscription ask for something else from now on; what waits is told as it says now.

        Raises:
            StoreError: it is no longer there, or another one has the name or hears of the same there.
        """
        async with self._database.transaction() as connection:
            old = await subscriptions.get(connection, subscription.guild_id, subscription.id)
            new = await subscriptions.change(
                connection,
                old,
                wanted,
                name=subscriptions.named(name, old.name),
                channel_id=channel_id if channel_id is not None else old.channel_id,
            )
            await owing.retime(connection, new, now=time.time())
            return await subscriptions.get(connection, new.guild_id, new.id)

    async def pause(self, guild_id: int, subscription_id: int, *, paused: bool) -> Subscription:
        """Let a subscription rest, or go on with what came meanwhile; the days in which that may fail begin anew.

        Raises:
            StoreError: it is no longer there.
        """
        async with self._database.transaction() as connection:
            found = await subscriptions.get(connection, guild_id, subscription_id)
            await subscriptions.pause(connection, found, paused=paused)
            if found.paused and not paused:
                await resuming.gather(connection, found, now=time.time())
                await resuming.begin_anew(connection, found, now=time.time())
            return await subscriptions.get(connection, guild_id, subscription_id)

    async def try_now(self, guild_id: int, subscription_id: int) -> Subscription:
        """Let a subscription that waits to try again be tried at once.

        Raises:
            StoreError: it is no longer there.
        """
        async with self._database.transaction() as connection:
            await subscriptions.get(connection, guild_id, subscription_id)
            await subscriptions.forgive(connection, subscription_id)
            return await subscriptions.get(connection, guild_id, subscription_id)

    async def remove(self, guild_id: int, subscription_id: int) -> Subscription:
        """End a subscription or an alert, with what it is owed; for a day it can be brought back.

        Raises:
            StoreError: it is no longer there.
        """
        async with self._database.transaction() as connection:
            found = await subscriptions.get(connection, guild_id, subscription_id)
            await subscriptions.remove(connection, found, now=time.time())
        return found

    async def bring_back(self, guild_id: int, subscription_id: int, *, member_id: int | None = None) -> Subscription:
        """Bring back a subscription that was removed, or a member's own alert, with what it was owed.

        Raises:
            NotFoundError: that is more than a day ago, or it was brought back already.
            StoreError: such a one has been made meanwhile, or as many as there may be.
        """
        async with self._database.transaction() as connection:
            found = await subscriptions.bring_back(
                connection,
                guild_id,
                subscription_id,
                member_id=member_id,
                most=self._limits.subscriptions,
                now=time.time(),
            )
        if found is None:
            raise NotFoundError("That can no longer be undone: it was undone already, or is more than 24 hours ago.")
        return found

    async def listed(self, guild_id: int, *, member_id: int | None = None) -> tuple[Subscription, ...]:
        """Return the guild's subscriptions, or a member's alerts in it, oldest first."""
        async with self._database.snapshot() as connection:
            return await subscriptions.listed(connection, guild_id, member_id=member_id)

    async def get(self, guild_id: int, subscription_id: int) -> Subscription:
        """Return a subscription, or an alert.

        Raises:
            StoreError: the guild has none of this id, or no longer.
        """
        async with self._database.snapshot() as connection:
            return await subscriptions.get(connection, guild_id, subscription_id)

    async def settings(self, guild_id: int) -> Settings:
        """Return when a guild's digests are sent, where its moderators hear of what fails, and in which language."""
        async with self._database.snapshot() as connection:
            return await settings.get(connection, guild_id)

    async def set(self, guild_id: int, wanted: Settings) -> None:
        """Keep a guild's settings; digests that wait are sent at the hour they say.

        Raises:
            StoreError: there is no such time zone.
        """
        zone_named(wanted.zone)
        async with self._database.transaction() as connection:
            await settings.keep(connection, guild_id, wanted)
            await owing.put_off(connection, guild_id, now=time.time())

    async def recent(self, subscription: Subscription, count: int) -> list[Told]:
        """Return the newest transcripts of which a subscription would have been told, the newest first."""
        async with self._database.snapshot() as connection:
            entries, _ = await transcripts.page(connection, subscription.guild_id, offset=0, limit=LOOKED_AT)
        found: list[Told] = []
        for entry in entries:
            if refusal(subscription.wanted, entry) is None:
                told = await self.told(subscription, entry, quotes=QUOTES, moments=MOMENTS if count == 1 else 0)
                if told.quotes or not subscription.wanted.matching:
                    found.append(told)
            if len(found) == count:
                break
        return found

    async def why_not(self, subscription: Subscription, entry: Entry) -> Sentence | None:
        """Return why a subscription isn't told of a transcript, as the end of a sentence; None if it is."""
        if (reason := refusal(subscription.wanted, entry)) is not None:
            return reason
        if subscription.wanted.matching:
            found = await self._matched(subscription.guild_id, subscription.wanted.matching, entry.id)
            return why_not(found)
        return None

    async def deliveries(
        self,
        guild_id: int | None,
        *,
        transcript_id: int | None = None,
        subscription_id: int | None = None,
        states: Collection[State] = (),
        limit: int = -1,
    ) -> tuple[Delivery, ...]:
        """Return what became of deliveries, the newest first."""
        async with self._database.snapshot() as connection:
            return await telling.deliveries(
                connection,
                guild_id,
                transcript_id=transcript_id,
                subscription_id=subscription_id,
                states=states,
                limit=limit,
                now=time.time(),
            )

    async def removed_titles(self, guild_id: int, typed: str) -> list[tuple[int, str]]:
        """Return transcripts that are gone but were owed to somebody: ids with titles that hold what was typed."""
        async with self._database.snapshot() as connection:
            return await telling.known_as(connection, guild_id, typed)

    async def retry(
        self,
        guild_id: int | None = None,
        *,
        transcript_id: int | None = None,
        subscription_id: int | None = None,
        states: Collection[State] = (),
    ) -> int:
        """Let what fails or was abandoned be tried at once; return how many deliveries that are."""
        async with self._database.transaction() as connection:
            return await telling.retry(
                connection,
                guild_id,
                transcript_id=transcript_id,
                subscription_id=subscription_id,
                states=states,
                now=time.time(),
            )

    async def untold(self, guild_id: int | None = None) -> list[Subscription]:
        """Return the subscriptions and alerts that fail without those whom it concerns knowing of it."""
        async with self._database.snapshot() as connection:
            return await telling.untold(connection, guild_id=guild_id)

    async def note_told(self, subscription: Subscription) -> None:
        """Note that whom it concerns knows that a subscription fails."""
        async with self._database.transaction() as connection:
            await telling.told(connection, subscription.id)
