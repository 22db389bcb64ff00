"""/ask: the exact words that were said, with a link to the second."""

from collections.abc import Mapping

import discord
from discord import app_commands

from cogs import reading, votes
from cogs.pace import asking
from cogs.rendering import answers
from cogs.replies import guild_of
from cogs.searching import OPTIONS, SUGGESTING, Searching, in_time, send, token
from store.models import Answer, Filters


class Ask(Searching):
    """Answers questions from the server's library."""

    @app_commands.command(description="Find the moments in this server's transcripts that answer a question")
    @app_commands.describe(
        question="What you want to know; names and topics that were said work best",
        private="Show the answer to you alone (default: to everyone in the channel)",
        **OPTIONS,
    )
    @app_commands.autocomplete(**SUGGESTING)
    @app_commands.guild_only()
    async def ask(  # noqa: PLR0917 - each is an option of the command
        self,
        interaction: discord.Interaction,
        question: str,
        private: bool = False,
        video: str | None = None,
        speaker: str | None = None,
        tag: str | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> None:
        """Answer a question."""
        asking(interaction)
        narrowed = {"video": video, "speaker": speaker, "tag": tag, "after": after, "before": before}
        found, filters = await in_time(interaction, self._search(guild_of(interaction), question, narrowed))
        name = token()
        vote = await votes.token_for(self._library, interaction, private=private)
        rows = reading.rows(found, name, private=private, vote=vote)
        await send(interaction, answers.answer(found, rows, around=reading.arounds(found)), private=private)
        if reading.needs_token(found, private=private):
            await self.remember(interaction, name, question, filters)
        if vote is not None:
            await votes.record(self._library, interaction, vote, found)

    async def _search(self, guild_id: int, question: str, narrowed: Mapping[str, str | None]) -> tuple[Answer, Filters]:
        filters = await self._library.filters(guild_id, narrowed)
        return await self._library.ask(guild_id, question, filters=filters), filters
