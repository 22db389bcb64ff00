"""/help: every command on one screen; moderators see theirs too."""

from collections.abc import Iterable

import discord
from discord import app_commands
from discord.ext import commands

from cogs.locales import translated
from cogs.rendering.words import contained
from store.sentences import Sentence, sentence

MEMBERS = (
    sentence("### Verbatim"),
    sentence(
        "I answer from this server's transcripts with the **exact words that were said** and a link to the second. "
        "I never make up a sentence: if nobody said it, I say so.\n"
    ),
    sentence(
        "`/ask question:` finds the best moments. Names and topics work better than whole stories; `private:` "
        "shows the answer to you alone; `video:`, `speaker:`, `tag:`, `after:` and `before:` narrow it down. A "
        "quote's time is its link."
    ),
    sentence(
        'In a question, `"data center"` means exactly these words, and `-nuclear` leaves out what says so. A rare '
        "name is also found as the captions misheard it, and names and numbers however they are written or said "
        "(`C++`, `GPT-4o`, `7 %`); the answer says as what. So are Japanese words in English and English ones in "
        "Japanese, where there are such transcripts."
    ),
    sentence(
        "Beside a quote, **Around** shows you all of it with what was said before and after, and **More** the next "
        "quotes; nobody else sees what you open. **Post to channel** shows a private answer of yours to everyone."
    ),
    sentence("👍 and 👎 below an answer tell the moderators whether it was any good, without your name."),
    sentence(
        "What was misheard you can **Report** there, or in the menu of an answer (*Apps*); when a moderator agrees, "
        "the quote says so."
    ),
    sentence(
        '`/mentions words:` counts how often a word, a name or a `"phrase"` was said, shows where, and lists every '
        "mention; the same options narrow it down."
    ),
    sentence("`/library` lists the transcripts you can ask about; `search:`, the same filters and `sort:` find one."),
    sentence(
        "`/alert add words:` lets me write you a direct message when a new transcript says them; `/alert list` and "
        "`remove` look after your alerts."
    ),
    sentence("`/privacy` shows what I keep about you here, and erases it. `/help` shows this."),
    sentence(
        "-# The dictionary between Japanese and English is made of [JMdict and "
        "JMnedict](<https://www.edrdg.org/>), property of the EDRDG, used under its "
        "[licence](<https://www.edrdg.org/edrdg/licence.html>)."
    ),
)

MODERATORS = (
    sentence("**For moderators**"),
    sentence(
        "`/ingest file:` adds up to five files: captions (SRT, VTT, YouTube, TTML …), speech recognition's JSON "
        "(Whisper …), texts with names and times, or a ZIP of them; `title:`, `video_url:` and others win over the "
        "file. Or use **Ingest transcripts** in a message's menu. The same video again replaces it, and **Undo** "
        "brings it back."
    ),
    sentence(
        "`/transcript show`, `edit`, `remove`, `export` and `move-times` look after one; `restore` undoes a change "
        "for 24 hours; `language` corrects which language it is in."
    ),
    sentence("`/library export:` sends all of it as a ZIP."),
    sentence(
        "`/follow add feed:` takes a podcast's feed that brings its transcripts: new episodes are ingested and "
        "announced; `/follow list`, `check-now` and `remove` look after them."
    ),
    sentence(
        "`/subscribe channel:` announces new transcripts in a channel, a forum or a thread: all of them, or by "
        "`speaker:`, `tag:`, `from_channel:`, `language:`, or what is said in them (`matching:`); at once, or as a "
        "`digest:`."
    ),
    sentence(
        "`/subscriptions` lists them with how they are: pause, test, edit and remove them there; `/unsubscribe` "
        "ends one too."
    ),
    sentence(
        "`/notifications` says when digests come, in which channel you are told of what fails, and in which language."
    ),
    sentence("`/why transcript:` says who was told of one, who wasn't, and why."),
    sentence(
        "`/glossary add term: heard_as:` lets a question with a name also find what the transcripts made of it, "
        "such as “cor weave” for “CoreWeave”; the transcripts stay as they are."
    ),
    sentence(
        "`/glossary suggest term:` looks for what they made of a name; `/glossary list` and `/glossary remove "
        "term:` show and undo what you added."
    ),
    sentence(
        "`/insights` shows what members ask in vain or vote down, what they ask most and which transcripts answer, "
        "without names; `record:` turns that off."
    ),
    sentence("`/corrections` lists what members report as misheard: approve, edit or reject it."),
)


class Help(commands.Cog):
    """Explains the commands."""

    @app_commands.command(description="What I can do, and how to ask")
    @app_commands.guild_only()
    async def help(self, interaction: discord.Interaction) -> None:
        """Explain the commands that the asker may use."""
        items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(_said(MEMBERS))]
        if interaction.permissions.manage_guild:
            items += [discord.ui.Separator(), discord.ui.TextDisplay(_said(MODERATORS))]
        await interaction.response.send_message(view=contained(*items), ephemeral=True)


def _said(lines: Iterable[Sentence]) -> str:
    return "\n".join(map(translated, lines))
