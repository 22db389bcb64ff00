"""The two buttons under a public answer, by which whoever sees it says whether it was any good.

Each member has one vote on an answer: the other button changes it, the same one takes it back. What they said is told
to them alone, and nobody is shown who voted. The answer's token stands in the custom id, so it outlives a restart.
"""

import logging
import re
from typing import Self

import discord

from cogs.correcting import library_of
from cogs.locales import gettext
from cogs.pace import pressing
from cogs.rendering import votes
from cogs.replies import acknowledge, errors_shown, guild_of, show
from cogs.searching import acknowledged, token
from store.errors import DatabaseError
from store.insights.recording import LONGEST_NOTE
from store.library import Library
from store.models import Answer

FORM_SECONDS = 15 * 60.0
SIGNS = {"up": "👍", "down": "👎"}

Button = discord.ui.Button[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]

_LOG = logging.getLogger(__name__)


class Vote(discord.ui.DynamicItem[Button], template=r"vote:(?P<way>up|down):(?P<token>[A-Za-z0-9_-]{1,40})"):
    """A button that votes an answer up, or down, which then asks why."""

    def __init__(self, way: str, token: str) -> None:
        self._way = way
        self._token = token
        super().__init__(discord.ui.Button(emoji=SIGNS[way], custom_id=f"vote:{way}:{token}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["way"], match["token"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Vote, or take the vote back, and say so to the presser; ask why an answer is voted down."""
        async with errors_shown(interaction):
            pressing(interaction)
            voting = library_of(interaction).insights.vote(
                guild_of(interaction), self._token, interaction.user.id, up=self._way == "up"
            )
            now = await acknowledged(interaction, voting)
            if interaction.response.is_done():  # no form can follow that
                await show(interaction, votes.voted(now), in_place=False)
            elif now is False:
                await interaction.response.send_modal(Why(self._token))
            else:
                await interaction.response.send_message(view=votes.voted(now), ephemeral=True)


class Why(discord.ui.Modal):
    """The form that asks, of who voted an answer down, what was wrong; it may stay empty."""

    def __init__(self, token: str) -> None:
        super().__init__(title=gettext("Thank you for your vote"), timeout=FORM_SECONDS)
        self._token = token
        self._note = discord.ui.TextInput[Self](custom_id="note", max_length=LONGEST_NOTE, required=False)
        self.add_item(
            discord.ui.Label(
                text=gettext("What was wrong or missing?"),
                description=gettext("Your 👎 counts already. Moderators read this without your name."),
                component=self._note,
            )
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep what was written, and thank for it."""
        async with errors_shown(interaction):
            await acknowledge(interaction, in_place=False)
            if note := self._note.value.strip():
                await library_of(interaction).insights.explain(
                    guild_of(interaction), self._token, interaction.user.id, note
                )
            await show(interaction, votes.voted(up=False, explained=bool(note)), in_place=False)


ITEMS = (Vote,)


def buttons(token: str) -> tuple[Vote, Vote]:
    """Return the two buttons of an answer whose question is recorded under a token."""
    return Vote("up", token), Vote("down", token)


async def token_for(library: Library, interaction: discord.Interaction, *, private: bool) -> str | None:
    """Return a token under which a question is to be recorded; None where it isn't: what is private never is."""
    return token() if not private and await library.insights.records(guild_of(interaction)) else None


async def record(library: Library, interaction: discord.Interaction, name: str, found: Answer) -> None:
    """Record a question that was answered; where that fails, the answer stands, and can't be voted on."""
    try:
        await library.insights.note(guild_of(interaction), name, found)
    except DatabaseError as error:
        _LOG.warning("The question of interaction %s could not be recorded: %s", interaction.id, error)
