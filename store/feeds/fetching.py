"""An address → bytes: of public hosts alone, within limits of size and time, and not again where nothing changed.

A name may lead anywhere, also after a redirect, so the address itself is looked at when the connection is made.
"""

import ipaddress
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from store.errors import FeedError

AGENT = "Verbatim (podcast transcripts)"
TOTAL_SECONDS = 60.0
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 20.0
REDIRECTS = 5
_STEP = 1 << 16
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a host said of an answer, by which it tells whether that has changed."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a request for what has changed since."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is at an address: its bytes, None where it hasn't changed, and what the host says of them."""

    data: bytes | None
    validators: Validators


class Fetcher:
    """Fetches addresses."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def opened(cls, *, private: bool = False) -> AsyncIterator["Fetcher"]:
        """Open connections; `private` lets tests reach hosts that aren't public, and no configuration does."""
        # Once an hour a connection isn't worth keeping open.
        made = _any_socket if private else _public_socket
        connector = aiohttp.TCPConnector(socket_factory=made, limit_per_host=2, force_close=True)
        timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS, sock_read=IDLE_SECONDS)
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, headers={"User-Agent": AGENT}, trust_env=False
        ) as session:
            yield cls(session)

    async def fetch(self, url: str, *, most: int, validators: Validators | None = None) -> Fetched:
        """Return what is at an address, at most so many bytes.

        Raises:
            FeedError: it can't be had; `retry_after` are the seconds that the host asks to wait.
        """
        headers = (validators or Validators()).headers()
        try:
            async with self._session.get(url, headers=headers, max_redirects=REDIRECTS) as response:
                if response.status == 304:
                    return Fetched(None, validators or Validators())
                if response.status != 200:
                    raise FeedError(
                        f"The host answers {response.status} {response.reason or ''}".rstrip() + ".",
                        retry_after=_seconds(response.headers),
                    )
                data = await self._read(response, most)
                said = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
                return Fetched(data, said)
        except aiohttp.TooManyRedirects as error:
            raise FeedError("The address leads in a circle of redirects.") from error
        except aiohttp.InvalidURL as error:
            raise FeedError("That isn't a web address, or it leads to one that is none.") from error
        except TimeoutError as error:
            raise FeedError("The host is too slow; it didn't answer in time.") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
            raise FeedError(
                str(cause) if isinstance(cause, NotPublicError) else "The host can't be reached."
            ) from error

    async def _read(self, response: aiohttp.ClientResponse, most: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.content.iter_chunked(_STEP):
            size += len(part)
            if size > most:
                raise FeedError(f"What is there is larger than {most / 2**20:g} MB.")
            parts.append(part)
        return b"".join(parts)


class NotPublicError(OSError):
    """An address that isn't public, and so isn't connected to."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def _public_socket(found: Any) -> socket.socket:
    """Make the socket of a connection, unless it would lead to a host that isn't public."""
    address = str(found[4][0])
    if not is_public(address):
        raise NotPublicError("That address isn't a public one; feeds are followed on the public internet alone.")
    return _any_socket(found)


def _any_socket(found: Any) -> socket.socket:
    family, kind, protocol, *_ = found
    return socket.socket(family, kind, protocol)


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Return how long a host asks to wait, by a number of seconds or a date."""
    said = headers.get("Retry-After", "").strip()
    if said.isdigit() and len(said) < 8:
        return float(said)
    try:
        then = parsedate_to_datetime(said)
        now = parsedate_to_datetime(headers["Date"])
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError, KeyError):
        return None
