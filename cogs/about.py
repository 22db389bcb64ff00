"""The button and the menu of an announcement: a form for a question about that transcript, answered to who asks alone.

In a server whoever sees the post may press, and only that server's library is asked, whatever stands in a custom id.
In a direct message the id names the server, and Discord is asked whether who presses is still a member of it.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Self

import discord
from discord.ext import commands

from cogs import reading
from cogs.locales import gettext, translated
from cogs.pace import asking
from cogs.rendering import answers
from cogs.rendering.announcements import ABOUT, ABOUT_ONE, ASK, CHOOSE
from cogs.rendering.words import fitted
from cogs.replies import errors_shown, guild_of
from cogs.searching import PATIENCE, Searching, in_time, send, token
from store.errors import NotFoundError, StoreError
from store.excerpts import GONE
from store.library import Library
from store.models import Answer, Filters
from store.sentences import sentence

FORM_SECONDS = 15 * 60.0
MAX_DESCRIPTION = 100  # https://discord.com/developers/docs/components/reference#label
NOT_A_MEMBER = sentence("You are no longer a member of the server whose transcript this is.")

Item = discord.ui.Item[discord.ui.LayoutView]
Button = discord.ui.Button[discord.ui.LayoutView]
Select = discord.ui.Select[discord.ui.LayoutView]


@dataclass(frozen=True, slots=True)
class Place:
    """The server whose library is asked; `private` in a direct message, where no button of an answer could ask it."""

    guild_id: int
    private: bool


class AboutThis(discord.ui.DynamicItem[Button], template=ABOUT):
    """A button that opens the form for a question about a transcript."""

    def __init__(self, custom_id: str, transcript: int, guild: int | None) -> None:
        self._transcript = transcript
        self._guild = guild
        super().__init__(discord.ui.Button(label=translated(ASK), custom_id=custom_id))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match[0], int(match["transcript"]), _guild(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        async with errors_shown(interaction):
            await _cog(interaction).open(interaction, self._transcript, self._guild)


class AboutOne(discord.ui.DynamicItem[Select], template=ABOUT_ONE):
    """A menu of transcripts that opens the form for a question about one of them."""

    def __init__(self, custom_id: str, options: list[discord.SelectOption], guild: int | None) -> None:
        self._guild = guild
        super().__init__(discord.ui.Select(custom_id=custom_id, placeholder=translated(CHOOSE), options=options))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the menu of a message again."""
        del interaction
        return cls(match[0], item.options if isinstance(item, discord.ui.Select) else [], _guild(match))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form for what was chosen."""
        async with errors_shown(interaction):
            chosen = self.item.values[0]
            if not re.fullmatch(r"[0-9]{1,18}", chosen):
                raise NotFoundError(GONE)
            await _cog(interaction).open(interaction, int(chosen), self._guild)


ITEMS = (AboutThis, AboutOne)


class Question(discord.ui.Modal):
    """The form for a question about a transcript."""

    def __init__(self, cog: "About", transcript: int, guild: int | None, *, title: str, longest: int) -> None:
        super().__init__(title=translated(ASK), timeout=FORM_SECONDS)
        self._cog = cog
        self._transcript = transcript
        self._guild = guild
        self._question = discord.ui.TextInput[Self](
            custom_id="question",
            placeholder=gettext("Names and topics that were said work best"),
            max_length=longest,
        )
        about = fitted(title, MAX_DESCRIPTION, literal=True)
        text = gettext("What do you want to know?")
        self.add_item(discord.ui.Label(text=text, description=about, component=self._question))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Answer the question."""
        async with errors_shown(interaction):
            await self._cog.answer(interaction, self._question.value, self._transcript, self._guild)


class About(Searching):
    """Answers what is asked about one transcript."""

    def __init__(self, bot: commands.Bot, library: Library) -> None:
        super().__init__(library)
        self._bot = bot

    async def open(self, interaction: discord.Interaction, transcript: int, guild: int | None) -> None:
        """Open the form for a question about a transcript that is still there."""
        try:
            async with asyncio.timeout(PATIENCE):  # a form can't follow a deferral
                place = await self._place(interaction, guild)
        except TimeoutError:
            raise StoreError("Discord is slow to say who you are; press again in a moment.") from None
        entry = (await self._library.known(place.guild_id, transcript)).entry
        form = Question(
            self, transcript, guild, title=entry.details.title, longest=self._library.limits.question_characters
        )
        await interaction.response.send_modal(form)

    async def answer(self, interaction: discord.Interaction, question: str, transcript: int, guild: int | None) -> None:
        """Answer a question about a transcript to who asks alone."""
        asking(interaction)
        place, found, filters = await in_time(interaction, self._asked(interaction, question, transcript, guild))
        if place.private:
            await send(interaction, answers.answer(found), private=True)
            return
        name = token()
        view = answers.answer(found, reading.rows(found, name, private=True), around=reading.arounds(found))
        await send(interaction, view, private=True)
        if reading.needs_token(found, private=True):
            await self.remember(interaction, name, question, filters)

    async def _asked(
        self, interaction: discord.Interaction, question: str, transcript: int, guild: int | None
    ) -> tuple[Place, Answer, Filters]:
        place = await self._place(interaction, guild)
        entry = (await self._library.known(place.guild_id, transcript)).entry
        filters = Filters(transcript=transcript, title=entry.details.title)
        return place, await self._library.ask(place.guild_id, question, filters=filters), filters

    async def _place(self, interaction: discord.Interaction, guild: int | None) -> Place:
        """Return the server that is asked.

        Raises:
            StoreError: it is named in a direct message by who isn't its member.
        """
        if interaction.guild_id is not None or guild is None:
            return Place(guild_of(interaction), private=False)
        server = self._bot.get_guild(guild)
        if server is None:
            raise StoreError(NOT_A_MEMBER)
        try:
            await server.fetch_member(interaction.user.id)  # members are not kept, and who left is not told
        except discord.NotFound:
            raise StoreError(NOT_A_MEMBER) from None
        return Place(server.id, private=True)


def posts_of(message: discord.Message) -> set[int]:
    """Return the posts that a message is, by the custom ids of its button and its menu: one, or none."""
    items = discord.ui.LayoutView.from_message(message).walk_children()
    ids = [item.custom_id for item in items if isinstance(item, discord.ui.Button | discord.ui.Select)]
    found = (re.fullmatch(template, id_ or "") for id_ in ids for template in (ABOUT, ABOUT_ONE))
    return {int(match["post"]) for match in found if match}


def _guild(match: re.Match[str]) -> int | None:
    return int(match["guild"]) if match["guild"] else None


def _cog(interaction: discord.Interaction) -> About:
    cog = interaction.client.get_cog(About.__cog_name__)  # type: ignore[attr-defined]  # our client is a Bot
    assert isinstance(cog, About)
    return cog
