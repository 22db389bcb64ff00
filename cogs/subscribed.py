"""The screens of a server's subscriptions: all of them, one of them, and the buttons on that. They outlive a restart.

What Discord lets a moderator see alone changes in place; under a message that others see, it opens beside it.
"""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Self

import discord
from discord.ext import commands

from cogs.changing import How, What
from cogs.correcting import checked, library_of
from cogs.delivery import Deliveries
from cogs.locales import gettext, translated
from cogs.rehearsing import rehearsed
from cogs.rendering import subscriptions as rendering
from cogs.rendering.subscriptions import PAGE_SIZE
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, is_own, show
from cogs.standing import standing, standings
from store.errors import NotFoundError
from store.models import State, Subscription
from store.sentences import Sentence, sentence

LOOKED_AT = 25  # of the last posts, for those that could not be published

Button = discord.ui.Button[discord.ui.LayoutView]
Select = discord.ui.Select[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]


class Act(
    discord.ui.DynamicItem[Button],
    template=r"subscription:(?P<what>show|pause|resume|try|test|what|how|remove|undo):(?P<id>[0-9]{1,18})",
):
    """A button that does something with a subscription."""

    def __init__(self, what: str, subscription: int, *, label: str | None = None) -> None:
        self._what = what
        self._subscription = subscription
        style = _STYLES.get(what, discord.ButtonStyle.secondary)
        custom_id = f"subscription:{what}:{subscription}"
        super().__init__(discord.ui.Button(label=label or translated(_ACTS[what][0]), custom_id=custom_id, style=style))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["what"], int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do it."""
        async with errors_shown(interaction):
            checked(interaction)
            await _ACTS[self._what][1](interaction, self._subscription)


class Menu(discord.ui.DynamicItem[Select], template=r"subscriptions:choose"):
    """A menu of subscriptions that opens one."""

    def __init__(self, options: list[discord.SelectOption]) -> None:
        placeholder = gettext("Pause, test, edit or remove …")
        super().__init__(discord.ui.Select(custom_id="subscriptions:choose", placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the menu of a message again."""
        del interaction, match
        return cls(item.options if isinstance(item, discord.ui.Select) else [])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the chosen one."""
        async with errors_shown(interaction):
            checked(interaction)
            await _opened(interaction, int(self.item.values[0]))


class Turn(discord.ui.DynamicItem[Button], template=r"subscriptions:(?P<way>all|newer|older):(?P<offset>[0-9]{1,9})"):
    """A button that opens a page of all subscriptions."""

    def __init__(self, way: str, offset: int = 0, *, disabled: bool = False) -> None:
        self._offset = offset
        label = {"all": gettext("◀ All"), "newer": "◀", "older": "▶"}[way]
        custom_id = f"subscriptions:{way}:{offset}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["way"], int(match["offset"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the page."""
        async with errors_shown(interaction):
            checked(interaction)
            in_place = is_own(interaction)
            await acknowledge(interaction, in_place=in_place)
            await show(interaction, await every(interaction, self._offset), in_place=in_place)


def wake(interaction: discord.Interaction) -> None:
    """Let what is owed be looked at now."""
    assert isinstance(interaction.client, commands.Bot)
    deliveries_of(interaction.client).wake()


def deliveries_of(bot: commands.Bot) -> Deliveries:
    """Return the loop that sends what is owed."""
    cog = bot.get_cog(Deliveries.__cog_name__)
    assert isinstance(cog, Deliveries)
    return cog


def buttons(subscription: Subscription) -> list[Row]:
    """Return the buttons of a subscription's page."""
    row, below = Row(), Row()
    for what in ("resume" if subscription.paused else "pause", "test", "what", "how", "remove"):
        row.add_item(Act(what, subscription.id))
    if rendering.is_failing(subscription):
        below.add_item(Act("try", subscription.id))
    below.add_item(Turn("all"))
    return [row, below]


def undoing(subscription: Subscription) -> list[Row]:
    """Return the buttons below the word that a subscription has ended."""
    row = Row()
    row.add_item(Act("undo", subscription.id))
    row.add_item(Turn("all"))
    return [row]


async def every(interaction: discord.Interaction, offset: int = 0) -> discord.ui.LayoutView:
    """Return a page of all subscriptions, or the last one where there are fewer by now."""
    guild, library = _guild(interaction), library_of(interaction)
    found = rendering.in_order(await library.notifications.listed(guild.id))
    failing = sum(map(rendering.is_failing, found))
    offset = min(offset, max(0, len(found) - 1)) // PAGE_SIZE * PAGE_SIZE
    shown = await standings(guild, found[offset : offset + PAGE_SIZE])
    rows: list[Row] = []
    if shown:
        row = Row()
        row.add_item(Menu(rendering.options(shown)))
        rows.append(row)
    if len(found) > PAGE_SIZE:
        row, more = Row(), offset + PAGE_SIZE
        row.add_item(Turn("newer", max(0, offset - PAGE_SIZE), disabled=not offset))
        row.add_item(Turn("older", more, disabled=more >= len(found)))
        rows.append(row)
    settings = await library.notifications.settings(guild.id)
    return rendering.listed(shown, settings, rows, offset=offset, total=len(found), failing=failing, now=time.time())


async def page(interaction: discord.Interaction, subscription: Subscription, lead: str = "") -> discord.ui.LayoutView:
    """Return the page of a subscription."""
    guild = _guild(interaction)
    notifications = library_of(interaction).notifications
    settings = await notifications.settings(guild.id)
    stands = await standing(guild, subscription)
    unpublished = None
    if subscription.wanted.publish:
        last = await notifications.deliveries(
            guild.id, subscription_id=subscription.id, states=[State.SENT], limit=LOOKED_AT
        )
        unpublished = next((one for one in last if one.unpublished and one.reason), None)
    return rendering.page(stands, settings, buttons(subscription), now=time.time(), lead=lead, unpublished=unpublished)


async def _opened(interaction: discord.Interaction, id_: int) -> None:
    in_place = is_own(interaction)
    await acknowledge(interaction, in_place=in_place)
    found = await _got(interaction, id_)
    await show(interaction, await page(interaction, found), in_place=in_place)


async def _paused(interaction: discord.Interaction, id_: int) -> None:
    await _pause(interaction, id_, paused=True)


async def _resumed(interaction: discord.Interaction, id_: int) -> None:
    await _pause(interaction, id_, paused=False)


async def _pause(interaction: discord.Interaction, id_: int, *, paused: bool) -> None:
    in_place = is_own(interaction)
    await acknowledge(interaction, in_place=in_place)
    notifications = library_of(interaction).notifications
    await _got(interaction, id_)
    found = await notifications.pause(guild_of(interaction), id_, paused=paused)
    lead = gettext("Paused: what comes is kept until it goes on.")
    if not paused:
        lead = rendering.resumed(found, await notifications.settings(found.guild_id))
    await show(interaction, await page(interaction, found, lead), in_place=in_place)
    wake(interaction)


async def _tried(interaction: discord.Interaction, id_: int) -> None:
    """Let one that waits to try again be tried at once."""
    in_place = is_own(interaction)
    await acknowledge(interaction, in_place=in_place)
    await _got(interaction, id_)
    found = await library_of(interaction).notifications.try_now(guild_of(interaction), id_)
    await show(interaction, await page(interaction, found, translated(rendering.TRIED)), in_place=in_place)
    wake(interaction)


async def _tested(interaction: discord.Interaction, id_: int) -> None:
    """Show to the presser what would have been sent for the newest transcript, or why nothing would have been."""
    await acknowledge(interaction, in_place=False)
    found = await _got(interaction, id_)
    async for view in rehearsed(library_of(interaction), _guild(interaction), found):
        await interaction.followup.send(view=view, ephemeral=True)


async def _what(interaction: discord.Interaction, id_: int) -> None:
    found = await _got(interaction, id_)
    await interaction.response.send_modal(What(found, library_of(interaction), _changed))


async def _how(interaction: discord.Interaction, id_: int) -> None:
    found = await _got(interaction, id_)
    await interaction.response.send_modal(How(found, library_of(interaction), _changed, guild=_guild(interaction)))


async def _changed(interaction: discord.Interaction, found: Subscription, *, saved: bool) -> None:
    """Show the page of a subscription that was changed, or as it stays."""
    lead = translated(rendering.CHANGED) if saved else ""
    await show(interaction, await page(interaction, found, lead), in_place=is_own(interaction))
    if saved:
        wake(interaction)


async def _removed(interaction: discord.Interaction, id_: int) -> None:
    in_place = is_own(interaction)
    await acknowledge(interaction, in_place=in_place)
    await _got(interaction, id_)
    found = await library_of(interaction).notifications.remove(guild_of(interaction), id_)
    view = rendering.removed(await standing(_guild(interaction), found), undoing(found))
    await show(interaction, view, in_place=in_place)


async def _brought_back(interaction: discord.Interaction, id_: int) -> None:
    in_place = is_own(interaction)
    await acknowledge(interaction, in_place=in_place)
    found = await library_of(interaction).notifications.bring_back(guild_of(interaction), id_)
    await show(interaction, await page(interaction, found, translated(rendering.BROUGHT_BACK)), in_place=in_place)
    wake(interaction)


async def _got(interaction: discord.Interaction, id_: int) -> Subscription:
    """Return a subscription of the server, which a member's alert isn't."""
    found = await library_of(interaction).notifications.get(guild_of(interaction), id_)
    if found.channel_id is None:
        raise NotFoundError("That is a member's alert; `/alert list` shows it to them.")
    return found


def _guild(interaction: discord.Interaction) -> discord.Guild:
    guild_of(interaction)
    assert interaction.guild is not None
    return interaction.guild


_ACTS: dict[str, tuple[Sentence, Callable[[discord.Interaction, int], Awaitable[None]]]] = {
    "show": (sentence("Show it"), _opened),
    "pause": (sentence("Pause"), _paused),
    "resume": (sentence("Resume"), _resumed),
    "try": (sentence("Try now"), _tried),
    "test": (sentence("Test"), _tested),
    "what": (sentence("Edit what…"), _what),
    "how": (sentence("Edit how…"), _how),
    "remove": (sentence("Remove"), _removed),
    "undo": (sentence("Undo"), _brought_back),
}
_STYLES = {"remove": discord.ButtonStyle.danger, "try": discord.ButtonStyle.primary}
ITEMS = (Act, Menu, Turn)
