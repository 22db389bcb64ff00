"""The two forms of a subscription: what it hears of, and how it is told."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Protocol, Self

import discord

from cogs.correcting import HELD_SECONDS
from cogs.locales import gettext
from cogs.locales.speaking import language_named
from cogs.permissions import Channel
from cogs.rendering.words import shortened
from cogs.replies import acknowledge, errors_shown, guild_of, is_own
from cogs.standing import check_mention, check_publish, what
from store.errors import StoreError
from store.library import Library
from store.models import Digest, Subscription

MAX_FILTER = 100  # characters, as of the options of `/subscribe`
MAX_WORDS = 400
MAX_NAME = 32
MAX_TITLED = 30  # characters of it in a form's title, of which Discord takes 45
AT_ONCE = "at once"
TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.media,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]


class Changed(Protocol):
    """What shows the page of a subscription once its form was sent, and whether that was saved."""

    async def __call__(self, interaction: discord.Interaction, found: Subscription, *, saved: bool) -> None:
        """Show it."""


class _Form(discord.ui.Modal, ABC):
    """A form for a subscription, with its values as they are now."""

    def __init__(self, subscription: Subscription, library: Library, changed: Changed, *, title: str) -> None:
        super().__init__(title=title, timeout=HELD_SECONDS)
        self._subscription = subscription
        self._library = library
        self._changed = changed

    def _text(
        self, custom_id: str, label: str, value: str | None, limit: int, *, hint: str | None = None
    ) -> discord.ui.TextInput[Self]:
        longest = max(limit, len(value or ""))  # the library may have a longer name than can be typed
        field = discord.ui.TextInput[Self](custom_id=custom_id, default=value, required=False, max_length=longest)
        self.add_item(discord.ui.Label(text=label, description=hint, component=field))
        return field

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Let the subscription be as it says, from now on."""
        async with errors_shown(interaction):
            own = is_own(interaction)
            await acknowledge(interaction, in_place=own)
            old = await self._library.notifications.get(guild_of(interaction), self._subscription.id)
            try:
                new = await self._change(interaction, old)
            except StoreError:
                if own:  # what stands above the page is about what was done before
                    await self._changed(interaction, old, saved=False)
                raise
            await self._changed(interaction, new, saved=True)

    @abstractmethod
    async def _change(self, interaction: discord.Interaction, old: Subscription) -> Subscription:
        """Keep what the form says of a subscription, and return it as it is then."""


def _short(subscription: Subscription) -> str:
    """Return a subscription's name, as long as a form's title has room for it."""
    return shortened(subscription.name, MAX_TITLED)


class What(_Form):
    """The form for what a subscription hears of."""

    def __init__(self, subscription: Subscription, library: Library, changed: Changed) -> None:
        super().__init__(
            subscription, library, changed, title=gettext("What {name} hears of", name=_short(subscription))
        )
        wanted = subscription.wanted
        hint = gettext("Words that must be said, a “phrase”, -without; empty for whatever is said")
        self._matching = self._text("matching", gettext("Words"), wanted.matching, MAX_WORDS, hint=hint)
        hint = gettext("Only transcripts in which they speak")
        self._speaker = self._text("speaker", gettext("Speaker"), wanted.speaker, MAX_FILTER, hint=hint)
        hint = gettext("Only transcripts with this tag")
        self._tag = self._text("tag", gettext("Tag"), wanted.tag, MAX_FILTER, hint=hint)
        hint = gettext("Only transcripts from it")
        self._from = self._text("from_channel", gettext("Channel or show"), wanted.from_channel, MAX_FILTER, hint=hint)
        language = language_named(wanted.language) if wanted.language else None
        hint = gettext("Such as German or de")
        self._language = self._text("language", gettext("Language"), language, MAX_FILTER, hint=hint)

    async def _change(self, interaction: discord.Interaction, old: Subscription) -> Subscription:
        del interaction
        wanted = await what(
            self._library,
            old.guild_id,
            speaker=self._speaker.value,
            tag=self._tag.value,
            from_channel=self._from.value,
            language=self._language.value,
            matching=self._matching.value,
        )
        kept = old.wanted
        wanted = replace(wanted, mention=kept.mention, digest=kept.digest, publish=kept.publish)
        return await self._library.notifications.change(old, wanted)


class How(_Form):
    """The form for where, when and with what name a subscription is told."""

    def __init__(self, subscription: Subscription, library: Library, changed: Changed, *, guild: discord.Guild) -> None:
        super().__init__(subscription, library, changed, title=gettext("How {name} is told", name=_short(subscription)))
        wanted = subscription.wanted
        self._name = self._text("name", gettext("Short name"), subscription.name, MAX_NAME)
        known = guild.get_channel_or_thread(subscription.channel_id or 0)
        self._channel = discord.ui.ChannelSelect[Self](
            custom_id="channel",
            channel_types=TYPES,
            default_values=[known] if known else [],
            required=False,
            min_values=0,
        )
        self.add_item(
            discord.ui.Label(text=gettext("Channel"), description=gettext("Where it is told"), component=self._channel)
        )
        role = guild.get_role(wanted.mention or 0)
        self._mention = discord.ui.RoleSelect[Self](
            custom_id="mention", default_values=[role] if role else [], required=False, min_values=0
        )
        self.add_item(
            discord.ui.Label(
                text=gettext("Mention"),
                description=gettext("The role that is pinged; none: nobody"),
                component=self._mention,
            )
        )
        whens = {
            AT_ONCE: gettext("At once"),
            str(Digest.DAILY): gettext("Together, once a day"),
            str(Digest.WEEKLY): gettext("Together, once a week"),
        }
        self._digest = self._select("digest", gettext("When"), whens, wanted.digest or AT_ONCE)
        publish = {"no": gettext("No"), "yes": gettext("Yes, to the servers that follow an announcement channel")}
        self._publish = self._select("publish", gettext("Publish"), publish, "yes" if wanted.publish else "no")

    def _select(self, custom_id: str, label: str, options: dict[str, str], chosen: str) -> discord.ui.Select[Self]:
        field = discord.ui.Select[Self](
            custom_id=custom_id,
            options=[
                discord.SelectOption(label=said, value=value, default=value == chosen)
                for value, said in options.items()
            ],
        )
        self.add_item(discord.ui.Label(text=label, component=field))
        return field

    async def _change(self, interaction: discord.Interaction, old: Subscription) -> Subscription:
        assert interaction.guild is not None
        assert isinstance(interaction.user, discord.Member)
        channel_id = self._channel.values[0].id if self._channel.values else old.channel_id
        role = self._mention.values[0] if self._mention.values else None
        digest = None if self._digest.values[0] == AT_ONCE else Digest(self._digest.values[0])
        publish = self._publish.values[0] == "yes"
        moved = channel_id != old.channel_id
        channel = interaction.guild.get_channel_or_thread(channel_id or 0)
        if moved and not isinstance(channel, Channel):
            raise StoreError("That channel can't be subscribed; choose a text or forum channel, or an open thread.")
        mention = role.id if role else None
        if isinstance(channel, Channel):
            if role and (moved or mention != old.wanted.mention):
                check_mention(interaction.user, channel, role)
            if publish and (moved or not old.wanted.publish):
                check_publish(channel)
        wanted = replace(old.wanted, mention=mention, digest=digest, publish=publish)
        return await self._library.notifications.change(old, wanted, name=self._name.value, channel_id=channel_id)
