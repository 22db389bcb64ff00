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
from store.sentences import Sentence, sentence

AGENT = "Verbatim (podcast transcripts)"
TOTAL_SECONDS = 60.0
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 20.0
REDIRECTS = 5
MOST_WAIT = 7 * 24 * 3600.0  # for which a host may ask
_SHORT = 1000  # characters of what a host says that are kept
_SAID = ("ETag", "Last-Modified")
_STEP = 1 << 16
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
            adding = sentence("The host didn't answer in time; check the address, or try again later.")
            raise FeedError("The host is too slow; it didn't answer in time.", adding=adding) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            said, adding = _sentences(error)
            raise FeedError(said, adding=adding) from error

    async def _read(self, response: aiohttp.ClientResponse, most: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.content.iter_chunked(_STEP):
            size += len(part)
            if size > most:
                raise FeedError("What is there is larger than {megabytes} MB.", megabytes=f"{most / 2**20:g}")
            parts.append(part)
        return b"".join(parts)


class NotPublicError(OSError):
    """An address that isn't public, and so isn't connected to."""

    SENTENCE = sentence("That address isn't a public one; feeds are followed on the public internet alone.")


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
        raise NotPublicError(str(NotPublicError.SENTENCE))
    return _any_socket(found)


def _any_socket(found: Any) -> socket.socket:
    family, kind, protocol, *_ = found
    return socket.socket(family, kind, protocol)


_UNREACHED = (
    sentence("The host can't be reached."),
    sentence("The host can't be reached; check the address, or try again later."),
)
_PACKED = (
    sentence("What the host sends can't be unpacked: it isn't packed as the host says, or in a way that's unknown."),
    sentence(
        "What the host sends can't be unpacked: it isn't packed as the host says, or in a way that's unknown; check "
        "the address, or try again later."
    ),
)
# What is said of a feed that is followed, and of one that is to be: the first that holds.
_SENTENCES: tuple[tuple[tuple[type[Exception], ...], tuple[Sentence, Sentence]], ...] = (
    (
        (aiohttp.TooManyRedirects,),
        (
            sentence("The address leads in a circle of redirects."),
            sentence("The address leads in a circle of redirects; check the address, or try again later."),
        ),
    ),
    (
        (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, UnicodeError),
        (
            sentence("That isn't a web address, or it leads to one that is none."),
            sentence(
                "That isn't a web address, or it leads to one that is none; check the address, or try again later."
            ),
        ),
    ),
    (
        (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError),
        (
            sentence("The host can't be trusted: its certificate isn't valid for it, or it doesn't speak TLS."),
            sentence(
                "The host can't be trusted: its certificate isn't valid for it, or it doesn't speak TLS; check the "
                "address, or try again later."
            ),
        ),
    ),
    (
        (aiohttp.ClientConnectorDNSError,),
        (
            sentence("There is no host of that name, or it can't be looked up now."),
            sentence(
                "There is no host of that name, or it can't be looked up now; check the address, or try again later."
            ),
        ),
    ),
    ((aiohttp.ClientConnectorError,), _UNREACHED),
    (
        (aiohttp.ClientPayloadError,),
        (
            sentence("The host ended the connection in the middle of its answer."),
            sentence(
                "The host ended the connection in the middle of its answer; check the address, or try again later."
            ),
        ),
    ),
    (
        (aiohttp.ClientResponseError,),
        (
            sentence("The host's answer isn't one of the web's."),
            sentence("The host's answer isn't one of the web's; check the address, or try again later."),
        ),
    ),
    (
        (aiohttp.ServerDisconnectedError, ConnectionError),
        (
            sentence("The host ended the connection without an answer."),
            sentence("The host ended the connection without an answer; check the address, or try again later."),
        ),
    ),
)


def _refused(response: aiohttp.ClientResponse) -> FeedError:
    """Return the error of an answer that isn't what is at an address."""
    status = response.status
    answer = " ".join(filter(None, [str(status), _short(response.reason or "")]))
    adding = sentence("The host answers {answer}; check the address.", answer=answer)
    if status in {404, 410}:
        adding = sentence("There is nothing at that address ({status}); check it.", status=status)
    elif status >= 500 or status == 429:
        adding = sentence("The host answers {answer}; try again later.", answer=answer)
    wait = _seconds(response.headers)
    return FeedError("The host answers {answer}.", answer=answer, retry_after=wait, adding=adding)


def _sentences(error: Exception) -> tuple[Sentence, Sentence]:
    """Say why nothing could be had: of what is followed, and of what is to be."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if str(NotPublicError.SENTENCE) in str(cause):  # of a name with several addresses, among other words
        return NotPublicError.SENTENCE, NotPublicError.SENTENCE
    if _is_packed(error):
        return _PACKED
    return next((said for kinds, said in _SENTENCES if isinstance(error, kinds)), _UNREACHED)


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
