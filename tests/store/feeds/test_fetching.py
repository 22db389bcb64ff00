"""What is fetched, and from whom: of public hosts alone, within limits, and why something can't be had."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from store.errors import FeedError
from store.feeds import fetching
from store.feeds.fetching import MOST_WAIT, Fetcher, Validators, is_public
from store.library import Library
from tests.store.builders import GUILD
from tests.store.feeds.host import Host, failing, follow


async def test_a_body_of_a_gigabyte_is_not_read(library: Library, fetcher: Fetcher, host: Host) -> None:
    await follow(library, fetcher, host)
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1024):
            await response.write(b" " * 2**20)
            sent += 1
        return response

    host.answers["/feed"] = endless
    said, _ = await failing(library, fetcher)
    assert said == "What is there is larger than 20 MB."
    assert sent < 64


async def test_a_slow_body_is_given_up(library: Library, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "IDLE_SECONDS", 0.3)

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss>")
        await asyncio.sleep(5)
        return response

    async with Fetcher.opened(private=True) as fetcher:
        await follow(library, fetcher, host)
        host.answers["/feed"] = slow
        said, _ = await failing(library, fetcher)
    assert "too slow" in said


async def test_no_host_but_a_public_one_is_connected_to(library: Library, host: Host) -> None:
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await follow(library, fetcher, host)
    assert host.asked == []


async def test_a_name_that_leads_to_a_private_address_is_refused(
    library: Library, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(host.url("/").split(":")[2].strip("/"))
    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [here])
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await library.feeds.follow(fetcher, GUILD, f"http://feeds.example.org:{port}/feed")
    assert host.asked == []


async def test_a_redirect_to_a_private_address_is_refused(
    library: Library, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    host.answers["/feed"] = lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.2/feed"})
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await follow(library, fetcher, host)
    assert host.asked == ["/feed"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False),
        ("172.16.0.1", False), ("169.254.1.1", False), ("100.64.0.1", False), ("0.0.0.0", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("224.0.0.1", False), ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("64:ff9b::808:808", True), ("240.0.0.1", False),
        ("::7f00:1", False), ("::ffff:0:7f00:1", False), ("64:ff9b:1::7f00:1", False), ("fec0::1", False),
        ("2002:a00:1::", False), ("64:ff9b::a00:1", False), ("::ffff:10.0.0.1", False), ("2002:808:808::1", True),
        ("::ffff:8.8.8.8", True), ("2001:db8::1", False), ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet_are_told_apart(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_a_name_with_several_private_addresses_is_refused_with_the_same_sentence(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 80, 0, 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match="isn't a public one"):
            await library.feeds.follow(fetcher, GUILD, "http://feeds.example.org/feed")


@pytest.mark.parametrize(
    "address", ["[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0x7f.1", "2130706433"]
)
async def test_a_private_address_is_refused_however_it_is_written(address: str) -> None:
    async with Fetcher.opened() as fetcher:
        with pytest.raises(FeedError, match=r"isn't a public one|isn't a web address|no host of that name"):
            await fetcher.fetch(f"http://{address}/feed", most=1000)


async def test_proxies_of_the_environment_and_cookies_are_not_used(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []

    def answer(request: web.Request) -> web.Response:
        said.append(request.headers.get("Cookie"))
        return web.Response(text="x", headers={"Set-Cookie": "a=b"})

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    host.answers["/x"] = answer
    async with Fetcher.opened(private=True) as fetcher:
        for _ in range(2):
            assert (await fetcher.fetch(host.url("/x"), most=10)).data == b"x"
    assert said == [None, None]


async def test_what_a_host_says_of_an_answer_is_said_to_it_again_as_it_stands(host: Host, fetcher: Fetcher) -> None:
    asked: list[str] = []
    days = ("Mon, 03 Mar 2025 10:00:00 +0200", "2025-03-03T10:00:00", "Mon, 03 Mar 2025 10:00:00 GMT")

    def answer(request: web.Request) -> web.Response:
        asked.append(request.headers.get("If-Modified-Since", ""))
        return web.Response(text="x", headers={"Last-Modified": days[len(asked) - 1]})

    host.answers["/x"] = answer
    said = Validators()
    for _ in days:
        said = (await fetcher.fetch(host.url("/x"), most=10, validators=said)).validators
    assert (asked, said.modified) == (["", *days[:2]], days[2])


@pytest.fixture
async def raw() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address at which these bytes are answered."""
    answers: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (await reader.readline()).strip():
            pass
        writer.write(answers[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed", answers


OK = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(b"x" * 100)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\nnotgzip", "can't be unpacked"),
        (OK + b"Content-Encoding: br\r\nContent-Length: 7\r\n\r\nnotgzip", "can't be unpacked"),
        (b"", "ended the connection without an answer"),
        (OK + b"Content-Len", "ended the connection without an answer"),
        (OK + b"Content-Length: 100\r\n\r\n<rss>", "ended the connection in the middle of its answer"),
        (b"SSH-2.0-x\r\n", "isn't one of the web's"),
        (b"HTTP/1.1 302 Found\r\nLocation: ftp://example.org/\r\nContent-Length: 0\r\n\r\n", "isn't a web address"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[x\r\nContent-Length: 0\r\n\r\n", "isn't a web address"),
        (b"HTTP/1.1 503 \xff\xfe\r\nContent-Length: 0\r\n\r\n", r"^The host answers 503\.$"),
    ],
)  # fmt: skip
async def test_why_a_host_has_nothing_to_give_is_said(
    fetcher: Fetcher, raw: tuple[str, list[bytes]], answer: bytes, says: str
) -> None:
    url, answers = raw
    answers.append(answer)
    with pytest.raises(FeedError, match=says):
        await fetcher.fetch(url, most=1000)


async def test_what_is_packed_well_is_unpacked_and_marks_that_are_no_text_are_not_kept(
    fetcher: Fetcher, raw: tuple[str, list[bytes]]
) -> None:
    url, answers = raw
    headers = b'ETag: "\xff"\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n' % len(PACKED)
    answers.append(OK + headers + PACKED)
    fetched = await fetcher.fetch(url, most=1000)
    assert (fetched.data, fetched.validators) == (b"x" * 100, Validators())


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (b"120", 120.0), (b"99999999999", MOST_WAIT), ("²".encode(), None), (b"soon", None),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", MOST_WAIT), ((b"Mon, 03 Mar 2025 12:02:00 +0200\r\n"
        b"Date: Mon, 03 Mar 2025 10:00:00 GMT"), 120.0),
    ],
)  # fmt: skip
async def test_a_host_may_ask_to_wait_but_not_forever(
    fetcher: Fetcher, raw: tuple[str, list[bytes]], asked: bytes, seconds: float | None
) -> None:
    url, answers = raw
    answers.append(b"HTTP/1.1 503 No\r\nRetry-After: " + asked + b"\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(FeedError) as caught:
        await fetcher.fetch(url, most=1000)
    assert caught.value.retry_after == seconds
