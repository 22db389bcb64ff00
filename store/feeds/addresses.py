"""The address of a feed: one way to write it, so that it isn't followed twice."""

from urllib.parse import urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}


def normal(url: str) -> str:
    """Return an address without a fragment or its scheme's own port, its host in small letters."""
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port not in {None, _PORTS.get(parts.scheme)} else ""
    return urlunsplit(parts._replace(netloc=f"{user}{at}{host}{port}", path=parts.path or "/", fragment=""))
