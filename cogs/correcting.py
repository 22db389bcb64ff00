"""Buttons and forms that change what is in the library: undo, replace what is another's, set a title and a link.

Discord checks the permission for commands alone, so whoever presses is checked here.
"""

import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

import discord
from discord import app_commands

from cogs.locales import gettext, ngettext, translated
from cogs.rendering import reports
from cogs.rendering.words import Row, escaped, plain
from cogs.replies import acknowledge, errors_shown, guild_of, is_own, show
from cogs.searching import token
from store.errors import FormatError, NotFoundError, StoreError
from store.formats.archive import Packed
from store.formats.details import as_given
from store.library import Library
from store.models import Details, Ingested
from store.sentences import sentence

HELD_SECONDS = 15 * 60.0
HELD_BYTES = 50 * 1024 * 1024  # of all files that wait for a yes, the last ones
MAX_VALUE = 4000  # characters of a field of a form
FIELDS = {  # of the form for a transcript's details; five are all that Discord takes
    "title": sentence("Title"),
    "video_url": sentence("Link to the video"),
    "speaker": sentence("Speaker"),
    "date": sentence("Day, such as 2025-01-31"),
    "tags": sentence("Tags, with commas between"),
}

Button = discord.ui.Button[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]


def checked(interaction: discord.Interaction) -> None:
    """Let those go on who may manage the server, and whoever presses in a reply to a command of their own.

    Raises:
        MissingPermissions: the presser may not.
    """
    if not is_own(interaction) and not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])


def library_of(interaction: discord.Interaction) -> Library:
    """Return the library that the bot holds."""
    library = getattr(interaction.client, "library", None)
    assert isinstance(library, Library)
    return library


class Undo(discord.ui.DynamicItem[Button], template=r"undo:(?P<bygone>[0-9]{1,18})"):
    """A button that undoes a change; it outlives a restart, for a day."""

    def __init__(self, bygone: int) -> None:
        self._bygone = bygone
        super().__init__(discord.ui.Button(label=gettext("Undo"), custom_id=f"undo:{bygone}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(int(match["bygone"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Bring back what was there before."""
        async with errors_shown(interaction):
            checked(interaction)
            await acknowledge(interaction, in_place=False)
            bygone, entry = await library_of(interaction).restore(guild_of(interaction), self._bygone)
            await show(interaction, reports.undone(bygone, entry), in_place=False)


class Describe(discord.ui.DynamicItem[Button], template=r"describe:(?P<transcript>[0-9]{1,18})"):
    """A button that opens the form for what a file didn't say."""

    def __init__(self, transcript: int, label: str = "") -> None:
        self._transcript = transcript
        label = label or gettext("Add title and link")
        super().__init__(discord.ui.Button(label=label, custom_id=f"describe:{transcript}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(int(match["transcript"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        async with errors_shown(interaction):
            checked(interaction)
            known = await library_of(interaction).known(guild_of(interaction), self._transcript)
            await interaction.response.send_modal(Form(self._transcript, known.entry.details))


class Form(discord.ui.Modal):
    """What can be set about a transcript, as it is now."""

    def __init__(self, transcript: int, details: Details) -> None:
        super().__init__(title=gettext("About this transcript"), timeout=HELD_SECONDS)
        self._transcript = transcript
        values = as_given(details)
        self._given = {
            key: discord.ui.TextInput[Self](
                custom_id=key,
                label=translated(label),
                default=values[key],
                required=key == "title",
                max_length=MAX_VALUE,
            )
            for key, label in FIELDS.items()
            if len(values[key]) <= MAX_VALUE
        }
        self._before = {key: field.default or "" for key, field in self._given.items()}
        for field in self._given.values():
            self.add_item(field)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Set what was changed."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=False)
            given = {key: field.value for key, field in self._given.items() if field.value != self._before[key]}
            guild_id, by = guild_of(interaction), interaction.user.id
            try:
                done = await library_of(interaction).edit(guild_id, self._transcript, given, by=by)
            except FormatError as error:
                again = Describe(self._transcript, gettext("Open the form again"))
                await show(interaction, plain(escaped(translated(error)), undo_row(None, again)), in_place=False)
            else:
                await show(interaction, reports.changed(done, undo_row(done.undo)), in_place=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for a moderator to agree that it replaces what is another's."""

    guild_id: int
    file: Packed
    given: Mapping[str, str]
    until: float

    @property
    def size(self) -> int:
        """Its bytes, with those of its description."""
        return len(self.file.data) + len(self.file.companion or b"")


class Waiting:
    """The files that wait, in memory and not for long: one, or those of a batch."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[Held, ...]] = OrderedDict()

    def hold(self, *files: Held) -> str:
        """Keep files of a guild, and return the name they are asked for by; those that waited too long are dropped."""
        name, now = token(), time.monotonic()
        self._held = OrderedDict((key, held) for key, held in self._held.items() if held[0].until >= now)
        self._held[name] = files
        while len(self._held) > 1 and sum(one.size for held in self._held.values() for one in held) > HELD_BYTES:
            self._held.popitem(last=False)
        return name

    def take(self, guild_id: int, name: str) -> tuple[Held, ...]:
        """Return files that wait; they wait no longer.

        Raises:
            NotFoundError: they don't, or no longer.
        """
        held = self._held.get(name)
        if held is None or held[0].guild_id != guild_id or held[0].until < time.monotonic():
            raise NotFoundError("What was sent is no longer at hand; send it again with `/ingest`.")
        del self._held[name]
        return held


WAITING = Waiting()


class Replace(discord.ui.DynamicItem[Button], template=r"replace:(?P<token>[A-Za-z0-9_-]{1,40})"):
    """A button that agrees to replace what another moderator ingested."""

    def __init__(self, name: str) -> None:
        self._token = name
        super().__init__(
            discord.ui.Button(label=gettext("Replace"), custom_id=f"replace:{name}", style=discord.ButtonStyle.danger)
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["token"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Replace it."""
        async with errors_shown(interaction):
            checked(interaction)
            guild_id = guild_of(interaction)
            (held,) = WAITING.take(guild_id, self._token)
            await acknowledge(interaction, in_place=False)
            file, by = held.file, interaction.user.id
            done = await library_of(interaction).ingest(
                guild_id, file.data, file.name, companion=file.companion, given=held.given, by=by
            )
            await show(interaction, reports.ingested(done, ingested_row(done)), in_place=False)


class ReplaceAll(
    discord.ui.DynamicItem[Button], template=r"replace-all:(?P<token>[A-Za-z0-9_-]{1,40}):(?P<n>[0-9]{1,5})"
):
    """A button that agrees to replace what other moderators ingested, by the files of a batch."""

    def __init__(self, name: str, count: int) -> None:
        self._token = name
        label = ngettext("Replace it", "Replace these {n}", count)
        custom_id = f"replace-all:{name}:{count}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=discord.ButtonStyle.danger))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["token"], int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Replace them, and report it to the presser alone."""
        async with errors_shown(interaction):
            checked(interaction)
            guild_id = guild_of(interaction)
            held = WAITING.take(guild_id, self._token)
            await acknowledge(interaction, in_place=False)
            files = [one.file for one in held]
            every = library_of(interaction).ingest_all(
                guild_id, each(files), count=len(files), given=held[0].given, by=interaction.user.id
            )
            async with aclosing(every):
                became = [one async for _, one in every]
            names = [file.name for file in files]
            done = [reports.noted(name, one) for name, one in zip(names, became, strict=True)]
            await show(interaction, reports.batch(names, done), in_place=False)


async def each(files: Sequence[Packed]) -> AsyncIterator[Packed | StoreError]:
    """Yield files, and of what can't be read at all the error."""
    for file in files:
        yield file if file.refused is None else FormatError(file.refused)


BUTTONS = (Undo, Describe, Replace, ReplaceAll)


def undo_row(bygone: int | None, *others: Describe) -> list[Row]:
    """Return a row with a button that undoes a change, where there was one, and others."""
    row = Row()
    if bygone is not None:
        row.add_item(Undo(bygone))
    for other in others:
        row.add_item(other)
    return [row] if row.children else []


def ingested_row(done: Ingested) -> list[Row]:
    """Return the buttons under the report of an ingest."""
    lacking = done.entry.details.url is None
    return undo_row(done.undo, *([Describe(done.entry.id)] if lacking else []))
