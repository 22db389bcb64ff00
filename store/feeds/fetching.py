"""An address → bytes: of public hosts alone, within limits of size and time, and not again where nothing changed.

A name may lead anywhere, also after a redirect, so the address itself is looked at when the connection is made.
"""

import ipaddress
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from store.errors import FeedError

AGENT = "Verbatim (podcast transcripts)"
TOTAL_SECONDS = 60.0
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 20.0
REDIRECTS = 5
MOST_WAIT = 7 * 24 * 3600.0  # for which a host may ask
_SHORT = 1000  # characters of what a host says that are kept
_SAID = ("ETag", "Last-Modified")
_STEP = 1 << 16
_CHECK = "check the address, or try again later"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6; beside it stand only ways to wrap IPv4


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
            connector=connector,
            timeout=timeout,
            headers={"User-Agent": AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),  # what one server follows must not be told by what another does
            trust_env=False,  # a proxy would connect to whatever it is told
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
                    raise _refused(response)
                data = await self._read(response, most)
                return Fetched(data, Validators(*(_short(response.headers.get(name, "")) for name in _SAID)))
        except TimeoutError as error:
            slow = "The host is too slow; it didn't answer in time."
            raise FeedError(slow, adding=f"The host didn't answer in time; {_CHECK}.") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            said = _sentence(error)
            adding = said if said == NotPublicError.SENTENCE else f"{said.rstrip('.')}; {_CHECK}."
            raise FeedError(said, adding=adding) from error

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

    SENTENCE = "That address isn't a public one; feeds are followed on the public internet alone."


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast


def _public_socket(found: Any) -> socket.socket:
    """Make the socket of a connection, unless it would lead to a host that isn't public."""
    if not is_public(str(found[4][0])):
        raise NotPublicError(NotPublicError.SENTENCE)
    return _any_socket(found)


def _any_socket(found: Any) -> socket.socket:
    family, kind, protocol, *_ = found
    return socket.socket(family, kind, protocol)


_SENTENCES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (  # the first that holds
    ((aiohttp.TooManyRedirects,), "The address leads in a circle of redirects."),
    (
        (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, UnicodeError),
        "That isn't a web address, or it leads to one that is none.",
    ),
    (
        (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError),
        "The host can't be trusted: its certificate isn't valid for it, or it doesn't speak TLS.",
    ),
    ((aiohttp.ClientConnectorDNSError,), "There is no host of that name, or it can't be looked up now."),
    ((aiohttp.ClientConnectorError,), "The host can't be reached."),
    ((aiohttp.ClientPayloadError,), "The host ended the connection in the middle of its answer."),
    ((aiohttp.ClientResponseError,), "The host's answer isn't one of the web's."),
    ((aiohttp.ServerDisconnectedError, ConnectionError), "The host ended the connection without an answer."),
)


def _refused(response: aiohttp.ClientResponse) -> FeedError:
    """Return the error of an answer that isn't what is at an address."""
    status, reason = response.status, _short(response.reason or "")
    said = f"The host answers {status}{f' {reason}' if reason else ''}"
    advice = "try again later" if status >= 500 or status == 429 else "check the address"
    adding = f"There is nothing at that address ({status}); check it." if status in {404, 410} else f"{said}; {advice}."
    return FeedError(f"{said}.", retry_after=_seconds(response.headers), adding=adding)


def _sentence(error: Exception) -> str:
    """Say why nothing could be had."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if NotPublicError.SENTENCE in str(cause):  # of a name with several addresses, among other words
        return NotPublicError.SENTENCE
    if _is_packed(error):
        return "What the host sends can't be unpacked: it isn't packed as the host says, or in a way that's unknown."
    found = (sentence for kinds, sentence in _SENTENCES if isinstance(error, kinds))
    return next(found, "The host can't be reached.")


def _is_packed(error: BaseException | None) -> bool:
    """Whether an error comes from unpacking what a host sent."""
    while error is not None and not isinstance(error, aiohttp.http_exceptions.ContentEncodingError):
        error = error.__cause__ or error.__context__
    return error is not None


def _short(said: str) -> str | None:
    """Return what a host said, where it can be kept and said again."""
    said = said.strip()
    return said if said.isascii() and said.isprintable() and 0 < len(said) <= _SHORT else None


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Return how long a host asks to wait, by a number of seconds or a date."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 12:
        return min(float(said), MOST_WAIT)
    try:
        then = parsedate_to_datetime(said)
        now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
        return min(max(0.0, (then - now).total_seconds()), MOST_WAIT)
    except (ValueError, TypeError):
        return None
