"""/corrections: what members say was really said, for moderators to decide: approve, edit, reject, take back.

The same buttons stand in the message that tells of one. Whoever presses is checked; what was decided meanwhile is shown
in the message, by whom and when.
"""

import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import checked, library_of
from cogs.locales import gettext, speaking
from cogs.locales.servers import language_of
from cogs.rendering import corrections, glossary
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, is_own, show
from store.errors import CorrectionError, DecidedError, NotFoundError
from store.library import Library
from store.models import Correction, Listed, Verdict
from store.text.differing import parted

FORM_SECONDS = 60 * 60.0  # that a form may be open
SHOWN = [
    app_commands.Choice(name=name, value=which.value)
    for name, which in (
        ("waiting", Listed.WAITING),
        ("approved", Listed.APPROVED),
        ("approved, but the passage is gone", Listed.DETACHED),
        ("rejected", Listed.REJECTED),
        ("taken back", Listed.REMOVED),
    )
]

Button = discord.ui.Button[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]


class Decide(
    discord.ui.DynamicItem[Button],
    template=r"correction:(?P<act>open|approve|edit|reject|revise|remove|spelling):(?P<id>[0-9]{1,18})",
):
    """A button that decides about a correction, or opens it."""

    def __init__(self, act: str, id_: int, label: str | None = None) -> None:
        self._act = act
        self._correction = id_
        labels = {
            "open": gettext("Look"),
            "approve": gettext("Approve"),
            "edit": gettext("Edit"),
            "reject": gettext("Reject"),
            "revise": gettext("Approve after all"),
            "remove": gettext("Take back"),
        }
        styles = {"approve": discord.ButtonStyle.success, "reject": discord.ButtonStyle.danger}
        super().__init__(
            discord.ui.Button(
                label=label or labels.get(act, act),
                custom_id=f"correction:{act}:{id_}",
                style=styles.get(act, discord.ButtonStyle.secondary),
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction
        label = item.label if isinstance(item, discord.ui.Button) else None
        return cls(match["act"], int(match["id"]), label)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what it says."""
        async with errors_shown(interaction):
            checked(interaction)
            match self._act:
                case "edit":
                    await _edit(interaction, self._correction)
                case "open":
                    await acknowledge(interaction, in_place=False)
                    found = await library_of(interaction).corrections.get(guild_of(interaction), self._correction)
                    await show(interaction, corrections.review(found, decisions(found)), in_place=False)
                case "spelling":
                    await acknowledge(interaction, in_place=False)
                    await _spelling(interaction, self._correction)
                case _:
                    await acknowledge(interaction, in_place=True)
                    await _decide(interaction, self._act, self._correction)


class EditForm(discord.ui.Modal):
    """What a correction makes of its captions, to be approved in other words."""

    def __init__(self, found: Correction) -> None:
        super().__init__(title=gettext("Approve in other words"), timeout=FORM_SECONDS)
        self._correction = found
        self._text = discord.ui.TextInput[Self](
            custom_id="text",
            label=gettext("What was really said; one line is one caption"),
            style=discord.TextStyle.paragraph,
            default="\n".join(one.now for one in found.captions),
            required=False,
            max_length=corrections.MAX_FORM,
        )
        self.add_item(self._text)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Approve it."""
        async with errors_shown(interaction):
            checked(interaction)
            await acknowledge(interaction, in_place=True)
            texts = parted([one.now for one in self._correction.captions], self._text.value)
            await _decide(interaction, "approve", self._correction.id, texts)


class TurnCorrections(
    discord.ui.DynamicItem[Button],
    template=r"corrections:(?P<way>back|more):(?P<which>[a-z]{1,12}):(?P<offset>[0-9]{1,9})",
):
    """A button that turns the list of corrections."""

    def __init__(self, way: str, which: Listed, offset: int, *, disabled: bool = False) -> None:
        self._which = which
        self._offset = offset
        label = gettext("◀ Back") if way == "back" else gettext("More ▶")
        custom_id = f"corrections:{way}:{which}:{offset}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        which = Listed(match["which"]) if match["which"] in list(Listed) else Listed.WAITING
        return cls(match["way"], which, int(match["offset"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page in place of the one before."""
        async with errors_shown(interaction):
            checked(interaction)
            await acknowledge(interaction, in_place=True)
            view = await listed(library_of(interaction), guild_of(interaction), self._which, self._offset)
            await show(interaction, view, in_place=True)


class Reviewing(commands.Cog):
    """Lists corrections."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Decide what members have reported as misheard, and see what was decided")
    @app_commands.describe(show="Which ones (default: those that wait)")
    @app_commands.choices(show=SHOWN)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def corrections(self, interaction: discord.Interaction, show: app_commands.Choice[str] | None = None) -> None:
        """List the first page."""
        await interaction.response.defer(ephemeral=True)
        which = Listed(show.value) if show is not None else Listed.WAITING
        view = await listed(self._library, guild_of(interaction), which, 0)
        await interaction.followup.send(view=view, ephemeral=True)


ITEMS = (Decide, TurnCorrections)


def decisions(found: Correction) -> list[Row]:
    """Return the buttons by which a moderator decides about a correction."""
    row = Row()
    match found.state:
        case Verdict.WAITING:
            for act in ("approve", "edit", "reject"):
                row.add_item(Decide(act, found.id))
        case Verdict.APPROVED:
            row.add_item(Decide("remove", found.id))
            if (name := corrections.spelling(found)) is not None:
                row.add_item(Decide("spelling", found.id, corrections.spelling_label(name[0])))
        case Verdict.REJECTED:
            row.add_item(Decide("revise", found.id))
        case _:
            return []
    return [row]


async def listed(library: Library, guild_id: int, which: Listed, offset: int) -> discord.ui.LayoutView:
    """Return a page of corrections with its buttons."""
    size = corrections.PAGE_SIZE
    page = await library.corrections.page(guild_id, which, offset=offset, limit=size)
    turning = None
    if page.total > size:
        turning = Row()
        more = page.offset + size
        turning.add_item(TurnCorrections("back", which, max(0, page.offset - size), disabled=not page.offset))
        turning.add_item(TurnCorrections("more", which, more, disabled=more >= page.total))
    return corrections.listing(page, [Decide("open", one.id) for one in page.found], turning)


async def _decide(interaction: discord.Interaction, act: str, id_: int, texts: tuple[str, ...] | None = None) -> None:
    """Decide about a correction, and show in its message what was decided, also by somebody else."""
    every, guild_id, by = library_of(interaction).corrections, guild_of(interaction), interaction.user.id
    try:
        match act:
            case "approve":
                done = await every.approve(guild_id, id_, texts, by=by)
            case "revise":
                done = await every.approve(guild_id, id_, of=Verdict.REJECTED, by=by)
            case "reject":
                done = await every.reject(guild_id, id_, by=by)
            case _:
                done = await every.remove(guild_id, id_, by=by)
    except DecidedError:
        await _redraw(interaction, await every.get(guild_id, id_))
        raise
    await _redraw(interaction, done)


async def _redraw(interaction: discord.Interaction, found: Correction) -> None:
    """Show what became of a correction in its message, in the language of those who see that."""
    language = interaction.locale.value
    if not is_own(interaction):
        settings = await library_of(interaction).notifications.settings(guild_of(interaction))
        language = language_of(interaction.guild, settings.language).code
    with speaking(language):
        view = corrections.review(found, decisions(found))
    await show(interaction, view, in_place=True)


async def _edit(interaction: discord.Interaction, id_: int) -> None:
    """Open the form in which a correction is approved in other words."""
    found = await library_of(interaction).corrections.get(guild_of(interaction), id_)
    if found.state is not Verdict.WAITING:
        await acknowledge(interaction, in_place=True)
        await _redraw(interaction, found)
        return
    if sum(len(one.now) + 1 for one in found.captions) > corrections.MAX_FORM:
        raise CorrectionError("That correction is too long for a form; approve it or reject it as it is.")
    await interaction.response.send_modal(EditForm(found))


async def _spelling(interaction: discord.Interaction, id_: int) -> None:
    """Let a name that was corrected be found as it was misheard, everywhere."""
    library, guild_id = library_of(interaction), guild_of(interaction)
    found = await library.corrections.get(guild_id, id_)
    name = corrections.spelling(found)
    if name is None:
        raise NotFoundError("That correction was taken back, or another came after it.")
    entry, new = await library.add_spellings(guild_id, name[0], [name[1]], created_by=interaction.user.id)
    await show(interaction, glossary.added(entry, new), in_place=False)
