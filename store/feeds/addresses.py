"""The address of a feed: one way to write it, so that it isn't followed twice."""

import re
from urllib.parse import urlsplit, urlunsplit

from store.links import checked

_PORTS = {"http": 80, "https": 443}

_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:[/?#].*)?")
_APPS = re.compile(r"(?:feed|itpc|pcast|podcast)://", re.IGNORECASE)  # which open a feed in another program


def typed(text: str) -> str | None:
    """Return the address that was typed, also without its scheme; None where it is none."""
    text = _APPS.sub("https://", text.strip(), count=1) if _APPS.match(text.strip()) else text.strip()
    found = checked(f"https://{text}" if _BARE.fullmatch(text) else text)
    return None if found is None else normal(found)


def normal(url: str) -> str:
    """Return an address without a fragment or its scheme's own port, its host in small letters."""
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port not in {None, _PORTS.get(parts.scheme)} else ""
    return urlunsplit(parts._replace(netloc=f"{user}{at}{host}{port}", path=parts.path or "/", fragment=""))
