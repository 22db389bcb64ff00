"""/transcript: what is known of one transcript, and what moderators can do about it."""

import io
import re
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from cogs.correcting import Form, checked, library_of, undo_row
from cogs.locales import gettext
from cogs.locales.speaking import language_code, language_names
from cogs.rendering import reports, transcripts
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, show
from cogs.searching import Choices, choices
from store.catalogue import Kind, suggested
from store.correcting import AUTO
from store.errors import FormatError, StoreError
from store.formats.writing import Form as FileForm
from store.library import Library
from store.models import Suggestion

FORMS = [
    app_commands.Choice(name=name, value=form.value)
    for name, form in (
        ("Markdown (Verbatim's own)", FileForm.NATIVE),
        ("SRT", FileForm.SRT),
        ("VTT", FileForm.VTT),
        ("JSON", FileForm.JSON),
    )
]
TRANSCRIPT = "The transcript, by its title"

Item = discord.ui.Item[discord.ui.LayoutView]


class Remove(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]], template=r"remove:(?P<transcript>[0-9]{1,18})"
):
    """A button that removes a transcript, once its moderator has seen which it is."""

    def __init__(self, transcript: int) -> None:
        self._transcript = transcript
        style = discord.ButtonStyle.danger
        super().__init__(discord.ui.Button(label=gettext("Remove"), custom_id=f"remove:{transcript}", style=style))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(int(match["transcript"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Remove it, and offer to undo that."""
        async with errors_shown(interaction):
            checked(interaction)
            await acknowledge(interaction, in_place=True)
            library, guild_id = library_of(interaction), guild_of(interaction)
            done = await library.remove(guild_id, self._transcript, by=interaction.user.id)
            await show(interaction, transcripts.removed(done, undo_row(done.undo)), in_place=True)


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Transcripts(commands.GroupCog, group_name="transcript", group_description="One transcript of this server"):
    """Lets moderators look after a transcript."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @app_commands.command(description="Show what is known of a transcript: its sizes, its chapters, who ingested it")
    @app_commands.describe(transcript=TRANSCRIPT)
    async def show(self, interaction: discord.Interaction, transcript: str) -> None:
        """Show a transcript."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        known = await self._library.known(guild_id, await self._chosen(guild_id, transcript))
        await interaction.followup.send(view=transcripts.known(known), ephemeral=True)

    @app_commands.command(description="Change a transcript's title, link, speaker, day or tags in a form")
    @app_commands.describe(transcript=TRANSCRIPT)
    async def edit(self, interaction: discord.Interaction, transcript: str) -> None:
        """Open the form for a transcript."""
        guild_id = guild_of(interaction)
        known = await self._library.known(guild_id, await self._chosen(guild_id, transcript))
        await interaction.response.send_modal(Form(known.entry.id, known.entry.details))

    @app_commands.command(description="Remove a transcript; for 24 hours it can be brought back")
    @app_commands.describe(transcript=TRANSCRIPT)
    async def remove(self, interaction: discord.Interaction, transcript: str) -> None:
        """Ask whether to remove a transcript."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        known = await self._library.known(guild_id, await self._chosen(guild_id, transcript))
        row = Row()
        row.add_item(Remove(known.entry.id))
        await interaction.followup.send(view=transcripts.removing(known.entry, [row]), ephemeral=True)

    @app_commands.command(description="Bring back what was removed, replaced or changed in the last 24 hours")
    @app_commands.describe(change="What is to be undone")
    async def restore(self, interaction: discord.Interaction, change: str) -> None:
        """Undo a change."""
        await interaction.response.defer(ephemeral=True)
        if not re.fullmatch(r"[0-9]{1,18}", change):
            raise StoreError("Choose from the list what is to be undone; after 24 hours nothing is kept.")
        bygone, entry = await self._library.restore(guild_of(interaction), int(change))
        await interaction.followup.send(view=reports.undone(bygone, entry), ephemeral=True)

    @app_commands.command(description="Send a transcript as a file, which can be ingested again and is the same")
    @app_commands.describe(transcript=TRANSCRIPT, form="As which kind of file (default: Markdown)")
    @app_commands.rename(form="format")
    @app_commands.choices(form=FORMS)
    async def export(
        self, interaction: discord.Interaction, transcript: str, form: app_commands.Choice[str] | None = None
    ) -> None:
        """Send a transcript's files."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        chosen = FileForm(form.value) if form else FileForm.NATIVE
        found = await self._library.export(guild_id, await self._chosen(guild_id, transcript), chosen)
        limit = interaction.guild.filesize_limit if interaction.guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        if sum(map(len, found.values())) > limit:
            raise FormatError(
                "The file is larger than Discord takes; an operator can write it with `transcript export`."
            )
        files = [discord.File(io.BytesIO(data), name) for name, data in found.items()]
        await interaction.followup.send(files=files, ephemeral=True)

    @app_commands.command(name="move-times", description="Move all times of a transcript, for a video that was trimmed")
    @app_commands.describe(
        transcript=TRANSCRIPT, seconds="By how many seconds; -30 where the first half minute was cut off"
    )
    async def move_times(
        self, interaction: discord.Interaction, transcript: str, seconds: app_commands.Range[float, -360_000, 360_000]
    ) -> None:
        """Move a transcript's times."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        name = await self._chosen(guild_id, transcript)
        done = await self._library.move_times(guild_id, name, seconds, by=interaction.user.id)
        await interaction.followup.send(view=reports.changed(done, undo_row(done.undo)), ephemeral=True)

    @app_commands.command(description="Say or set the language that a transcript is searched in")
    @app_commands.describe(
        transcript=TRANSCRIPT,
        language="Its language, such as German or de; auto: as its file says, or as its words tell",
    )
    async def language(self, interaction: discord.Interaction, transcript: str, language: str | None = None) -> None:
        """Say a transcript's language, set it, or let it be told again."""
        await interaction.response.defer(ephemeral=True)
        guild_id = guild_of(interaction)
        name = await self._chosen(guild_id, transcript)
        language = language and (language_code(language) or language)
        done = await self._library.speak(guild_id, name, language, by=interaction.user.id)
        await interaction.followup.send(view=reports.language(done, undo_row(done.undo)), ephemeral=True)

    async def _chosen(self, guild_id: int, transcript: str) -> int:
        """Return the id of the transcript that was chosen or typed."""
        found = (await self._library.filters(guild_id, {"video": transcript})).transcript
        assert found is not None
        return found

    @show.autocomplete("transcript")
    @edit.autocomplete("transcript")
    @remove.autocomplete("transcript")
    @export.autocomplete("transcript")
    @move_times.autocomplete("transcript")
    @language.autocomplete("transcript")
    async def _transcripts(self, interaction: discord.Interaction, typed: str) -> Choices:
        catalogue = await self._library.catalogue(guild_of(interaction))
        return choices(catalogue.suggest(Kind.VIDEO, typed))

    @restore.autocomplete("change")
    async def _bygones(self, interaction: discord.Interaction, typed: str) -> Choices:
        found = await self._library.bygones(guild_of(interaction))
        shown = [Suggestion(transcripts.bygone(one), str(one.id)) for one in found]
        return choices([one for one in shown if typed.casefold() in one.shown.casefold()])

    @language.autocomplete("language")
    async def _languages(self, interaction: discord.Interaction, typed: str) -> Choices:
        del interaction
        return choices(suggested([*language_names(), AUTO], typed))
