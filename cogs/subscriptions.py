"""/subscribe, /unsubscribe and /subscriptions: which channels hear of which new transcripts."""

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands

from cogs.delivery import Deliveries
from cogs.locales import gettext, ngettext
from cogs.locales.servers import language_of
from cogs.locales.speaking import language_names, series
from cogs.permissions import Channel
from cogs.rendering import subscriptions as rendering
from cogs.rendering.notifications import other_language
from cogs.replies import guild_of
from cogs.searching import Choices, Searching, choices
from cogs.standing import check_mention, check_publish, named_here, standing, unknown, what
from cogs.subscribed import buttons, every, undoing
from store.catalogue import suggested
from store.errors import NotFoundError, StoreError
from store.library import Library
from store.models import Digest, Subscription, Suggestion
from store.outbox.subscriptions import named, twice
from store.sentences import counted

MOST_NAMED = 10  # subscriptions in a sentence

DIGESTS = [app_commands.Choice(name=digest.value, value=digest.value) for digest in Digest]


class Subscriptions(Searching):
    """Lets moderators choose where new transcripts are announced, and which."""

    def __init__(self, library: Library, deliveries: Deliveries) -> None:
        super().__init__(library)
        self._deliveries = deliveries

    @app_commands.command(description="Announce new transcripts in a channel: all of them, or those that you choose")
    @app_commands.describe(
        channel="A text, announcement or forum channel or a thread (default: this one)",
        speaker="Only transcripts in which this speaker speaks",
        tag="Only transcripts with this tag",
        from_channel="Only transcripts from this channel or show",
        language="Only transcripts in this language, such as German or de",
        matching='Only transcripts in which this is said: words, a "phrase", -without',
        mention="A role that is pinged with each announcement",
        digest="Collect, and tell all of a day or a week together (default: each at once)",
        publish="Publish each to the servers that follow, in an announcement channel",
        include_recent="How many of those that are already here to announce now (default: none)",
        name="A short name to know it by",
    )
    @app_commands.choices(digest=DIGESTS)
    @app_commands.autocomplete(speaker=Searching.speakers, tag=Searching.tags, from_channel=Searching.channels)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def subscribe(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        channel: Channel | None = None,
        speaker: app_commands.Range[str, 1, 100] | None = None,
        tag: app_commands.Range[str, 1, 100] | None = None,
        from_channel: app_commands.Range[str, 1, 100] | None = None,
        language: app_commands.Range[str, 1, 100] | None = None,
        matching: app_commands.Range[str, 1, 400] | None = None,
        mention: discord.Role | None = None,
        digest: app_commands.Choice[str] | None = None,
        publish: bool = False,
        include_recent: app_commands.Range[int, 0, 10] = 0,
        name: app_commands.Range[str, 1, 32] | None = None,
    ) -> None:
        """Subscribe a channel."""
        await interaction.response.defer(ephemeral=True)
        guild_id, target = guild_of(interaction), channel or _here(interaction)
        if mention is not None:
            assert isinstance(interaction.user, discord.Member)
            check_mention(interaction.user, target, mention)
        if publish:
            check_publish(target)
        wanted = await what(
            self._library,
            guild_id,
            speaker=speaker,
            tag=tag,
            from_channel=from_channel,
            language=language,
            matching=matching,
        )
        wanted = replace(
            wanted,
            mention=mention.id if mention else None,
            digest=Digest(digest.value) if digest else None,
            publish=publish,
        )
        notifications = self._library.notifications
        there = await notifications.listed(guild_id)
        found, new = await notifications.subscribe(
            guild_id,
            target.id,
            wanted,
            name=name or "",
            place=target.name,
            created_by=interaction.user.id,
            include_recent=include_recent,
        )
        recent = len(await notifications.deliveries(guild_id, subscription_id=found.id)) if include_recent else None
        settings = await notifications.settings(guild_id)
        to_be_chosen = language_of(interaction.guild, settings.language).to_be_chosen
        view = rendering.subscribed(
            await standing(target.guild, found),
            settings,
            buttons(found),
            new=new,
            recent=recent,
            taken=new and name is not None and found.name != named(name, found.name),
            twice=twice(found, there) if new else (),
            unknown=await unknown(self._library, guild_id, wanted) if new else None,
            language=other_language() if to_be_chosen else "",
        )
        await interaction.followup.send(view=view, ephemeral=True)
        self._deliveries.wake()

    @app_commands.command(description="End a subscription: its channel hears of new transcripts no longer")
    @app_commands.describe(subscription="Which one, by its name or channel (default: the one of this channel)")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def unsubscribe(self, interaction: discord.Interaction, subscription: str | None = None) -> None:
        """End a subscription."""
        await interaction.response.defer(ephemeral=True)
        assert interaction.guild is not None
        listed = await self._library.notifications.listed(guild_of(interaction))
        found = _chosen(listed, subscription, interaction.channel_id)
        await self._library.notifications.remove(found.guild_id, found.id)
        view = rendering.removed(await standing(interaction.guild, found), undoing(found))
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(description="List this server's subscriptions, how they are, and change them")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List the server's subscriptions."""
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(view=await every(interaction), ephemeral=True)

    @subscribe.autocomplete("language")
    async def _languages(self, interaction: discord.Interaction, typed: str) -> Choices:
        del interaction
        return choices(suggested(language_names(), typed))

    @unsubscribe.autocomplete("subscription")
    async def _subscriptions(self, interaction: discord.Interaction, typed: str) -> Choices:
        assert interaction.guild is not None
        found = await self._library.notifications.listed(guild_of(interaction))
        shown = [Suggestion(rendering.choice(named_here(interaction.guild, one)), f"#{one.id}") for one in found]
        wanted = typed.strip().casefold()
        return choices([one for one in shown if wanted in one.shown.casefold()])


def _here(interaction: discord.Interaction) -> Channel:
    if isinstance(interaction.channel, Channel):
        return interaction.channel
    raise StoreError("This channel can't be subscribed; name a text, announcement or forum channel, or a thread.")


def _chosen(listed: Sequence[Subscription], typed: str | None, here: int | None) -> Subscription:
    """Return the subscription that was chosen, by its id, or typed; without a word, the only one of this channel.

    Raises:
        NotFoundError: there is none, or more than one.
    """
    if not listed:
        raise NotFoundError("There is no subscription to end.")
    if typed is None:
        found = [one for one in listed if one.channel_id == here]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFoundError(
                counted(
                    "This channel has {n} subscription: {names}. Say which one to end.",
                    "This channel has {n} subscriptions: {names}. Say which one to end.",
                    len(found),
                    names=_named(found),
                )
            )
        raise NotFoundError(
            "This channel has no subscription. There are: {names}. Say which one to end.", names=_named(listed)
        )
    wanted = typed.strip().casefold()
    for one in listed:
        if wanted in {f"#{one.id}", one.name, f"<#{one.channel_id}>"}:
            return one
    raise NotFoundError("There is no subscription of that name. There are: {names}.", names=_named(listed))


def _named(listed: Sequence[Subscription]) -> str:
    names = series(
        gettext("**{name}** ({channel})", name=one.name, channel=f"<#{one.channel_id}>") for one in listed[:MOST_NAMED]
    )
    left = len(listed) - MOST_NAMED
    return ngettext("{names} and {n} more", "{names} and {n} more", left, names=names) if left > 0 else names
