"""/why: what happened to each delivery of a transcript, and why."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.locales import gettext
from cogs.rendering import deliveries
from cogs.rendering.words import shortened
from cogs.replies import guild_of
from cogs.searching import MAX_CHOICES, Choices, choices
from cogs.standing import standing, standings
from store.catalogue import Kind, suggested
from store.errors import NotFoundError, UnindexedError
from store.library import Library
from store.models import Entry, Subscription, Suggestion
from store.sentences import Sentence, sentence

MAX_CHOICE = 100
MAX_REMOVED = 8  # of these choices


class Why(commands.Cog):
    """Explains to moderators who was told of a transcript, and who wasn't."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Say who was told of a transcript, who wasn't, and why")
    @app_commands.describe(
        transcript="The transcript, by its title; also one that was removed",
        subscription="Only this subscription, with what it asks for",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def why(self, interaction: discord.Interaction, transcript: str, subscription: str | None = None) -> None:
        """Explain a transcript's deliveries."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        assert interaction.guild is not None
        traced = await self._library.traced(guild_id, transcript)
        every = await self._library.notifications.listed(guild_id)
        if subscription is None:
            places = {one.subscription.id: one.place for one in await standings(interaction.guild, every)}
            view = deliveries.every(traced, every, places)
        else:
            chosen = _named(every, subscription)
            delivery = next((one for one in traced.deliveries if one.subscription_id == chosen.id), None)
            refused = await self._refused(chosen, traced.entry) if traced.entry is not None else None
            place = (await standing(interaction.guild, chosen)).place
            view = deliveries.one(traced, chosen, delivery, place=place, refused=refused)
        await interaction.followup.send(view=view, ephemeral=True)

    async def _refused(self, subscription: Subscription, entry: Entry) -> Sentence | None:
        """Return why a subscription isn't told of a transcript as both are now; None if it is."""
        try:
            return await self._library.notifications.why_not(subscription, entry)
        except UnindexedError:
            return sentence("it can't be searched yet for what is watched")

    @why.autocomplete("transcript")
    async def _transcripts(self, interaction: discord.Interaction, typed: str) -> Choices:
        guild_id = guild_of(interaction)
        catalogue = await self._library.catalogue(guild_id)
        gone = await self._library.notifications.removed_titles(guild_id, typed)
        named = [(gettext("removed · {title}", title=title), id_) for id_, title in gone]
        removed = [Suggestion(shortened(name, MAX_CHOICE), str(id_)) for name, id_ in named]
        there = catalogue.suggest(Kind.VIDEO, typed)[: MAX_CHOICES - len(removed[:MAX_REMOVED])]
        return choices([*there, *removed])

    @why.autocomplete("subscription")
    async def _subscriptions(self, interaction: discord.Interaction, typed: str) -> Choices:
        found = await self._library.notifications.listed(guild_of(interaction))
        return choices(suggested([one.name for one in found], typed))


def _named(found: tuple[Subscription, ...], typed: str) -> Subscription:
    """Return the subscription of a name.

    Raises:
        NotFoundError: there is none.
    """
    for one in found:
        if one.name.casefold() == typed.strip().casefold():
            return one
    raise NotFoundError(
        "This server has no subscription “{name}”; `/subscriptions` lists those that it has.",
        name=shortened(typed.strip(), 60),
    )
