"""What a member is told of their own vote."""

import discord

from cogs.locales import gettext
from cogs.rendering.words import plain


def voted(up: bool | None, *, explained: bool = False) -> discord.ui.LayoutView:
    """Return what is said of a vote that is now up, down or, None, taken back; and that a reason was kept."""
    if up is None:
        return plain(gettext("Your vote is taken back."))
    if up:
        return plain(gettext("Thank you: your 👍 counts. Press it again to take it back."))
    if explained:
        return plain(gettext("Thank you: moderators read what you wrote, without your name."))
    return plain(gettext("Thank you: your 👎 counts. Press it again to take it back."))
