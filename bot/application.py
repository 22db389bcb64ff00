"""The bot's application at Discord: what its token says of it, and the link that invites it to a server."""

import base64
import re

# https://discord.com/developers/docs/reference#authentication: the application's id, a time and a signature.
TOKEN = re.compile(r"([A-Za-z0-9_-]{18,})\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}")
ID = re.compile(r"[1-9][0-9]{15,19}")
# View Channels, Send Messages, Read Message History, and Send Messages in Threads.
PERMISSIONS = 274877975552
_INVITING = (
    "https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions={permissions}"
)


def application_id(token: str) -> int | None:
    """Return the id of the application that a token is for, which is its first part; None where it is no token."""
    if (parts := TOKEN.fullmatch(token)) is None:
        return None
    first = parts[1]
    try:
        decoded = base64.b64decode(first + "=" * (-len(first) % 4), altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        return None
    return int(decoded) if ID.fullmatch(decoded) else None


def invitation(id_: int | None) -> str:
    """Return the link by which whoever may manage a server lets the bot of an application in."""
    return _INVITING.format(id=id_, permissions=PERMISSIONS)
