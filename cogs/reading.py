"""The buttons under an answer: the words around a quote, the next page, a private answer posted to the channel.

What a button does stands in its custom id, or under its token in the database, so it outlives a restart and a
replaced transcript. Whoever sees it may press it, and what it opens is shown to the presser alone.
"""

import hashlib
import re
from typing import Self

import discord
from discord.ext import commands

from cogs import votes
from cogs.locales import gettext
from cogs.mentions import MentionsOf, label_of
from cogs.pace import pressing, turn
from cogs.rendering import answers, excerpts, mentions
from cogs.rendering.words import Row
from cogs.replies import acknowledge, errors_shown, guild_of, show
from cogs.reporting import PLACE, Report, moment_of, placed
from store.errors import NotFoundError, StoreError
from store.library import Library
from store.models import Answer, Moment
from store.search.counting import counted

SECONDS = 30  # before and after a quote, at first

Button = discord.ui.Button[discord.ui.LayoutView]
Item = discord.ui.Item[discord.ui.LayoutView]


class Around(
    discord.ui.DynamicItem[Button],
    template=rf"(?P<way>around|wider):{PLACE}:(?P<seconds>[0-9]{{1,9}})",
):
    """A button that opens what was said around a moment: under an answer anew, under an excerpt in its place."""

    def __init__(self, label: str, moment: Moment, seconds: int, *, way: str = "around") -> None:
        self._moment = moment
        self._seconds = seconds
        self._in_place = way == "wider"
        super().__init__(discord.ui.Button(label=label, custom_id=f"{way}:{placed(moment)}:{seconds}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction
        return cls(label_of(item), moment_of(match), int(match["seconds"]), way=match["way"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the excerpt to the presser."""
        async with errors_shown(interaction):
            await _reading(interaction).around(
                interaction, self._moment, seconds=self._seconds, in_place=self._in_place
            )


class More(
    discord.ui.DynamicItem[Button],
    template=r"(?P<way>more|page):(?P<token>[A-Za-z0-9_-]{1,40}):(?P<page>[0-9]{1,2})",
):
    """A button that opens a page of an answer: under the answer anew, under a page in its place."""

    def __init__(self, label: str, token: str, page: int, *, way: str = "more", disabled: bool = False) -> None:
        self._token = token
        self._page = page
        self._in_place = way == "page"
        custom_id = f"{way}:{token}:{page}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction
        return cls(label_of(item), match["token"], int(match["page"]), way=match["way"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the page to the presser."""
        async with errors_shown(interaction):
            await _reading(interaction).page(interaction, self._token, self._page, in_place=self._in_place)


class Post(discord.ui.DynamicItem[Button], template=r"post:(?P<token>[A-Za-z0-9_-]{1,40})(?::(?P<seen>[0-9a-f]{8}))?"):
    """A button that posts a private answer to its channel, as it was `seen`."""

    def __init__(self, token: str, seen: str | None = None) -> None:
        self._token = token
        self._seen = seen
        custom_id = f"post:{token}:{seen}" if seen else f"post:{token}"
        super().__init__(discord.ui.Button(label=gettext("Post to channel"), custom_id=custom_id))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item, match: re.Match[str], /) -> Self:
        """Make the button of a message again."""
        del interaction, item
        return cls(match["token"], match["seen"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Post the answer."""
        async with errors_shown(interaction):
            await _reading(interaction).post(interaction, self._token, self._seen)


BUTTONS = (Around, More, Post)


class Reading(commands.Cog):
    """Opens what stands behind an answer's buttons."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._posting: set[str] = set()

    async def around(self, interaction: discord.Interaction, moment: Moment, *, seconds: int, in_place: bool) -> None:
        """Show what was said within `seconds` of a moment."""
        pressing(interaction)
        await acknowledge(interaction, in_place=in_place)
        found = await self._library.around(
            guild_of(interaction), moment, seconds=seconds, room=excerpts.ROOM, size=excerpts.size
        )
        wider = Around(gettext("Wider"), moment, found.wider, way="wider") if found.wider else None
        report = Report(found.shown) if found.shown else None
        await show(interaction, excerpts.excerpt(found, wider, report), in_place=in_place)

    async def page(self, interaction: discord.Interaction, token: str, page: int, *, in_place: bool) -> None:
        """Show a page of the answer to a remembered question."""
        pressing(interaction)
        await acknowledge(interaction, in_place=in_place)
        guild_id = guild_of(interaction)
        asked = await self._library.recall(guild_id, token)
        async with turn(interaction):
            found = await self._library.ask(guild_id, asked.question, filters=asked.filters, page=page)
        back = More(gettext("◀ Back"), token, max(1, page - 1), way="page", disabled=page <= 1)
        more = More(gettext("More ▶"), token, page + 1, way="page", disabled=not found.more)
        view = answers.answer(found, _row(back, more), around=arounds(found))
        await show(interaction, view, in_place=in_place)

    async def post(self, interaction: discord.Interaction, token: str, seen: str | None) -> None:
        """Post the answer to a remembered question for everyone, and then take the button away from its asker's.

        If it is no longer the one that was `seen`, its asker is shown what it is now, and may post that.
        """
        pressing(interaction)
        await interaction.response.defer()
        guild_id = guild_of(interaction)
        asked = await self._library.recall(guild_id, token)
        if interaction.user.id != asked.asked_by:
            raise StoreError("Only the member who asked can post this answer.")
        if token in self._posting:
            return  # pressed twice
        self._posting.add(token)
        try:
            async with turn(interaction):
                found = await self._library.ask(guild_id, asked.question, filters=asked.filters)
            if not found.quotes:
                raise NotFoundError("The library has changed, and this question has no answer any more.")
            if seen not in {None, _seen(found)}:
                private = answers.answer(found, rows(found, token, private=True), around=arounds(found))
                await interaction.edit_original_response(view=private)
                raise StoreError("The library has changed, so this answer is another one now: look, then post it.")
            vote = await votes.token_for(self._library, interaction, private=False)
            shown = rows(found, token, vote=vote)
            public = answers.answer(found, shown, around=arounds(found), asked_by=asked.asked_by)
            await interaction.followup.send(view=public)
            if vote is not None:
                await votes.record(self._library, interaction, vote, found)
            private = answers.answer(found, rows(found, token), around=arounds(found))
            await interaction.edit_original_response(view=private)
        finally:
            self._posting.discard(token)


def rows(found: Answer, token: str, *, private: bool = False, vote: str | None = None) -> list[Row]:
    """Return the buttons of an answer; what `token` stands for must be remembered if `needs_token` says so.

    Under a token of its own its question is recorded, and it can be voted on.
    """
    more = [More(gettext("More ▶"), token, found.page + 1)] if found.more else []
    words = counted(found.question) if found.quotes else None
    every = [MentionsOf(mentions.label(words), token)] if words else []
    post = [Post(token, _seen(found))] if private and found.quotes else []
    both = votes.buttons(vote) if vote is not None and found.quotes else ()
    return _row(*more, *every, *post, *both)


def needs_token(found: Answer, *, private: bool) -> bool:
    """Say whether an answer has buttons that ask its question again."""
    return found.more or (bool(found.quotes) and (private or counted(found.question) is not None))


def arounds(found: Answer) -> list[Around]:
    """Return a button for each quote, which opens what was said around it."""
    return [Around(gettext("Around"), quote.moment, SECONDS) for quote in found.quotes]


def _seen(found: Answer) -> str:
    """Return a digest of an answer: another one means that other words are quoted."""
    said = repr([quote.moment for quote in found.quotes])
    return hashlib.blake2b(said.encode(), digest_size=4).hexdigest()


def _row(*buttons: More | MentionsOf | Post | votes.Vote) -> list[Row]:
    row = Row()
    for button in buttons:
        row.add_item(button)
    return [row] if buttons else []


def _reading(interaction: discord.Interaction) -> Reading:
    cog = interaction.client.get_cog(Reading.__cog_name__)  # type: ignore[attr-defined]  # our client is a Bot
    assert isinstance(cog, Reading)
    return cog
