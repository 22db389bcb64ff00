"""/ingest, and a message's menu: moderators' transcript files into the library, one or many.

One file is answered with what was understood of it. Many are told of in a message of the channel, which is edited as
they are done: Discord forgets the command after 15 minutes, and a restart leaves there what was kept and what wasn't.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands, tasks

from cogs import correcting
from cogs.correcting import HELD_BYTES, WAITING, Form, Held, Replace, ReplaceAll, each, ingested_row
from cogs.delivery import Deliveries
from cogs.interactions import outside
from cogs.locales import gettext, speaking, translated
from cogs.locales.servers import language_of
from cogs.locales.speaking import language_code, language_names
from cogs.rendering import reports
from cogs.rendering.words import Row
from cogs.replies import REFUSED, errors_shown, guild_of
from cogs.searching import Choices, choices
from store.catalogue import suggested
from store.errors import FormatError, StoreError
from store.formats import others
from store.formats.archive import ARCHIVES, Packed
from store.formats.details import OF_MANY, checked
from store.library import Library
from store.models import Ingested, Kept, Outcome

HOLD_SECONDS = 5 * 60.0  # for which an announcement waits for the form; Discord doesn't say when one is dismissed
EACH_SECONDS = 3.0  # between two edits of a message that tells of progress
PATIENCE = 1.8  # seconds of Discord's three that reading and ingesting a file may take, before it is acknowledged

_LOG = logging.getLogger(__name__)


class Ingest(commands.Cog):
    """Adds transcripts to the server's library, or replaces them."""

    def __init__(self, bot: commands.Bot, library: Library, deliveries: Deliveries) -> None:
        self._bot = bot
        self._library = library
        self._deliveries = deliveries
        self._recovering: asyncio.Task[None] | None = None
        self._holding: set[asyncio.Task[None]] = set()
        self.menu = app_commands.ContextMenu(name="Ingest transcripts", callback=self._message)
        self.menu.guild_only = True
        self.menu.default_permissions = discord.Permissions(manage_guild=True)

    async def cog_load(self) -> None:
        """Add the message's menu, and tell what a restart has left of batches."""
        self._bot.tree.add_command(self.menu)
        self._recovering = asyncio.create_task(self._recover())
        self._forgetting.start()

    async def cog_unload(self) -> None:
        """Take the menu away."""
        self._bot.tree.remove_command(self.menu.name, type=self.menu.type)
        self._forgetting.cancel()
        for task in (*self._holding, *filter(None, [self._recovering])):
            task.cancel()

    @app_commands.command(description="Add transcript files to this server's library, or replace them")
    @app_commands.describe(
        file="Captions (SRT, VTT, …), speech recognition's JSON, a text or Markdown file, or a ZIP of them",
        file2="Another file, if there are several",
        file3="Another file, if there are several",
        file4="Another file, if there are several",
        file5="Another file, if there are several",
        title="Its title, instead of the file's",
        video_url="The video's address, so that quotes link to the second",
        speaker="Who speaks in it",
        channel="The channel or show that it is from",
        date="The day of publication, such as 2025-01-31",
        tags="Tags, with commas between",
        language="Its language, such as German or de",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def ingest(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        file5: discord.Attachment | None = None,
        title: str | None = None,
        video_url: str | None = None,
        speaker: str | None = None,
        channel: str | None = None,
        date: str | None = None,
        tags: str | None = None,
        language: str | None = None,
    ) -> None:
        """Ingest attached files."""
        named = {"title": title, "video_url": video_url, "speaker": speaker, "channel": channel, "date": date}
        language = language and (language_code(language) or language)
        given = {key: value for key, value in {**named, "tags": tags, "language": language}.items() if value}
        files = [one for one in (file, file2, file3, file4, file5) if one is not None]
        await self._ingest(interaction, files, given)

    @ingest.autocomplete("language")
    async def _languages(self, interaction: discord.Interaction, typed: str) -> Choices:
        del interaction
        return choices(suggested(language_names(), typed))

    async def _message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Ingest what is attached to a message."""
        async with errors_shown(interaction):
            if not message.attachments:
                raise FormatError("That message has no file attached.")
            await self._ingest(interaction, message.attachments, {})

    async def _ingest(
        self, interaction: discord.Interaction, files: Sequence[discord.Attachment], given: Mapping[str, str]
    ) -> None:
        checked(given)
        guild_id = guild_of(interaction)
        until = time.monotonic() + PATIENCE
        reading = asyncio.create_task(self._read(files))
        await asyncio.wait({reading}, timeout=PATIENCE)
        if not reading.done():
            await interaction.response.defer(ephemeral=True)
        every = await reading
        found = [file for file in every if not file.passed_over]
        over = [file.name for file in every if file.passed_over]
        if not found:
            raise FormatError("There is no file in it that could be a transcript.")
        if len(found) > 1 and given.keys() - OF_MANY:
            raise FormatError("A title, a link or a date is one file's; leave them out, or send the files one by one.")
        if len(found) == 1 and found[0].refused is not None:
            raise FormatError(found[0].refused)
        if len(found) == 1:
            patience = max(0.0, until - time.monotonic())
            await self._one(interaction, guild_id, found[0], given, over=over, patience=patience)
        else:
            await self._many(interaction, guild_id, found, given, over=over)

    async def _read(self, files: Sequence[discord.Attachment]) -> list[Packed]:
        """Read attachments at once, for their addresses expire; of those that are too large nothing."""
        named: dict[str, discord.Attachment] = {}
        for file in files:
            named[file.filename if file.filename not in named else f"{len(named) + 1}-{file.filename}"] = file
        limits = self._library.limits
        refused = []
        for name, file in list(named.items()):
            most = limits.archive_bytes if name.lower().endswith(ARCHIVES) else limits.file_bytes
            if file.size > most:
                said = others.refused(name, b"\0") or FormatError.too_large(most).sentence
                refused.append(Packed(name, b"", refused=said))
                del named[name]
        data = await asyncio.gather(*(file.read() for file in named.values()))
        return [*await self._library.unpacked(dict(zip(named, data, strict=True))), *refused]

    async def _one(
        self,
        interaction: discord.Interaction,
        guild_id: int,
        file: Packed,
        given: Mapping[str, str],
        *,
        over: Sequence[str],
        patience: float,
    ) -> None:
        """Ingest a file, report it, and ask in a form for what it doesn't say."""
        by = interaction.user.id
        working = asyncio.create_task(
            self._library.ingest(
                guild_id, file.data, file.name, companion=file.companion, given=given, by=by, sure=False
            )
        )
        await asyncio.wait({working}, timeout=patience)
        if not working.done() and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True)
        done = await working
        rows = self._row(done, guild_id, file, given)
        lacking = done.outcome is Outcome.NEW and done.entry.details.url is None and done.entry.details.timed
        if lacking and "video_url" not in given and not interaction.response.is_done():
            await self._with_form(interaction, guild_id, done, rows, over=over)
            return
        view = reports.ingested(done, rows, over=over)
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
        self._deliveries.wake()

    async def _with_form(
        self,
        interaction: discord.Interaction,
        guild_id: int,
        done: Ingested,
        rows: Sequence[Row],
        *,
        over: Sequence[str],
    ) -> None:
        """Ask in a form for what a file doesn't say, and report it; it is announced with what the form says."""
        id_, by = done.entry.id, interaction.user.id
        held = await self._library.hold(guild_id, id_, by=by)
        await interaction.response.send_modal(Form(id_, done.entry.details))
        await interaction.followup.send(view=reports.ingested(done, rows, over=over, held=True), ephemeral=True)
        waiting = asyncio.create_task(self._announce(held), context=outside())
        self._holding.add(waiting)
        waiting.add_done_callback(self._holding.discard)

    async def _announce(self, held: int) -> None:
        """Announce what waits for a form in vain; if that fails, it is announced ten minutes after it was held."""
        await asyncio.sleep(HOLD_SECONDS)
        try:
            await self._library.close(held)
        except StoreError as error:
            _LOG.warning("What waited for a form is announced later: %s", error)
        self._deliveries.wake()

    def _row(self, done: Ingested, guild_id: int, file: Packed, given: Mapping[str, str]) -> list[Row]:
        if done.outcome is not Outcome.ASKING:
            return ingested_row(done)
        row = Row()
        row.add_item(Replace(WAITING.hold(_held(guild_id, file, given))))
        return [row]

    async def _many(
        self,
        interaction: discord.Interaction,
        guild_id: int,
        files: Sequence[Packed],
        given: Mapping[str, str],
        *,
        over: Sequence[str],
    ) -> None:
        """Ingest files one by one, and tell of it as they are done."""
        names = [file.name for file in files]
        if not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True)
        progress = await self._progress(interaction, names)
        batch = await self._library.begin(guild_id, names, by=interaction.user.id)
        if progress.flags.ephemeral is False:
            await self._library.told_in(batch, progress.channel.id, progress.id)
        done: list[Kept] = []
        asking: list[Held] = []
        told = time.monotonic()
        try:
            every = self._library.ingest_all(
                guild_id,
                each(files),
                count=len(files),
                given=given,
                by=interaction.user.id,
                sure=False,
                batch=batch,
            )
            async with aclosing(every):
                async for file, became in every:
                    done.append(reports.noted(names[len(done)], became))
                    if done[-1].outcome == reports.ASKING and isinstance(file, Packed):
                        asking.append(_held(guild_id, file, given))
                        if sum(one.size for one in asking) > HELD_BYTES:
                            asking.pop()
                            done[-1] = _alone(done[-1])
                    await self._library.went(batch, done[-1])
                    if time.monotonic() - told >= EACH_SECONDS:
                        told = time.monotonic()
                        await self._tell(progress, names, done)
        except StoreError as error:  # if it is cancelled, the bot ends: its next start tells what was kept
            await self._tell(progress, names, done, _all_row(asking), over=over, stopped=_stopped(error))
        else:
            await self._tell(progress, names, done, _all_row(asking), over=over)
        await self._library.close(batch)
        self._deliveries.wake()

    async def _progress(self, interaction: discord.Interaction, names: Sequence[str]) -> discord.Message:
        """Send the message that tells of progress: to the channel, or where the bot may not, to the moderator alone."""
        view = reports.batch(names, [])
        channel = interaction.channel
        if isinstance(channel, discord.abc.Messageable):
            try:
                message = await channel.send(view=view)
            except (discord.Forbidden, discord.RateLimited):
                _LOG.info(
                    "Progress is told to the moderator alone: the bot may not post in channel %s",
                    interaction.channel_id,
                )
            else:
                await interaction.delete_original_response()
                return message
        return await interaction.followup.send(view=view, ephemeral=True, wait=True)

    async def _tell(
        self,
        progress: discord.Message,
        names: Sequence[str],
        done: Sequence[Kept],
        rows: Sequence[Row] = (),
        *,
        over: Sequence[str] = (),
        stopped: str = "",
    ) -> None:
        try:
            await progress.edit(view=reports.batch(names, done, rows, over=over, stopped=stopped))
        except REFUSED as error:  # deleted, forbidden, or Discord is failing: the batch goes on
            _LOG.warning("The progress of a batch could not be told: %s", error)

    @tasks.loop(hours=1)
    async def _forgetting(self) -> None:
        """Delete for good what could be undone for a day."""
        try:
            await self._library.forget()
        except StoreError as error:  # a full disk: it is tried again
            _LOG.warning("What could be undone isn't deleted yet: %s", error)

    async def _recover(self) -> None:
        """Tell of batches that a restart has stopped what was kept of them and what wasn't."""
        await self._bot.wait_until_ready()
        for batch in await self._library.unfinished():
            channel = self._bot.get_partial_messageable(batch.channel_id, guild_id=batch.guild_id)
            message = channel.get_partial_message(batch.message_id)
            chosen = (await self._library.notifications.settings(batch.guild_id)).language
            with speaking(language_of(self._bot.get_guild(batch.guild_id), chosen).code):
                view = reports.batch(batch.names, batch.done, stopped=translated(reports.BY_RESTART))
            try:
                await message.edit(view=view)
            except REFUSED as error:
                _LOG.warning("Batch %s could not be told of: %s", batch.id, error)
            await self._library.close(batch.id)
        self._deliveries.wake()


def _held(guild_id: int, file: Packed, given: Mapping[str, str]) -> Held:
    return Held(guild_id, file, given, time.monotonic() + correcting.HELD_SECONDS)


def _all_row(asking: Sequence[Held]) -> list[Row]:
    """Return the button that agrees to replace what other moderators ingested, if there is anything."""
    if not asking:
        return []
    until = time.monotonic() + correcting.HELD_SECONDS  # from the end of the batch on
    row = Row()
    row.add_item(ReplaceAll(WAITING.hold(*(replace(one, until=until) for one in asking)), len(asking)))
    return [row]


def _stopped(error: StoreError) -> str:
    return gettext("Stopped: {error}", error=translated(error))


def _alone(kept: Kept) -> Kept:
    """Return what is said of a file that can't be held until somebody agrees."""
    said = gettext("“{title}” was ingested by another moderator; send the file alone to replace it.", title=kept.title)
    return Kept(kept.name, reports.FAILED, said)
