"""A feed's bytes → its episodes: title, link, day, length, and where its transcripts and chapters are.

feedparser reads RSS and Atom of all ages. Of several `<podcast:transcript>` it keeps the last alone, so these are read
from the XML itself (https://podcastindex.org/namespace/1.0).
"""

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

import feedparser
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from store import links
from store.errors import FeedError
from store.feeds.pages import what_is_there
from store.formats.parsed import tag

MOST = 2000  # episodes of a feed that are looked at, the first ones
# What is best to read a transcript from, the best first: what has times and speakers, then times, then neither.
_TYPES = {
    "application/json": (0, ".json"),
    "text/vtt": (1, ".vtt"),
    "application/x-subrip": (2, ".srt"),
    "application/srt": (2, ".srt"),
    "text/srt": (2, ".srt"),
    "application/ttml+xml": (3, ".ttml"),
    "text/html": (4, ".html"),
    "text/plain": (5, ".txt"),
}
_OTHER = (6, "")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a transcript of an episode is, and the suffix of what it is said to be."""

    url: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode: what is said of it, its transcripts (the best first) and its chapters.

    It is known by its id, by its transcripts' addresses, and by those `links` that are of no other episode.
    """

    guid: str
    title: str
    url: str | None
    published: date | None
    duration: str | None
    tags: tuple[str, ...]
    transcripts: tuple[Source, ...]
    chapters: str | None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, its language, and its episodes, the newest first."""

    title: str
    language: str | None
    episodes: tuple[Episode, ...]


def parse(data: bytes, url: str) -> Feed:
    """Read a feed that was found at an address.

    Raises:
        FeedError: it is no feed, or its XML is broken.
    """
    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError) as error:
        if (other := what_is_there(data, url)) is not None:
            raise other from error
        if isinstance(error, ParseError):
            line = error.position[0]
            raise FeedError(
                "That is no feed, or a broken one: its XML ends or errs in line {line}.", line=line
            ) from error
        raise FeedError("That feed defines entities of its own, or is in no known encoding; it isn't read.") from error
    items = [element for element in root.iter() if tag(element) in {"item", "entry"}][:MOST]
    found = feedparser.parse(BytesIO(data), response_headers={"content-location": url})
    if tag(root) not in {"rss", "rdf", "feed"} or not (found.version or items):
        no_feed = FeedError("That is no feed: give the address of a podcast's RSS or Atom feed.")
        raise what_is_there(data, url) or no_feed
    entries = found.entries[:MOST]
    if len(entries) != len(items):  # an element called so that isn't one
        raise FeedError("That feed can't be read: it has more entries than episodes.")
    language = str(found.feed.get("language") or "") or None
    read = (_episode(entry, item, url, language) for entry, item in zip(entries, items, strict=True))
    episodes = _told_apart([one for one in read if one is not None], str(found.feed.get("link") or ""))
    return Feed(_text(found.feed.get("title")) or url, language, tuple(_newest_first(episodes)))


def _told_apart(episodes: Sequence[Episode], home: str) -> list[Episode]:
    """Give each episode an id and links that no other has; the show's own page is no episode's."""
    ids = Counter(one.guid for one in episodes)
    shared = Counter(link for one in episodes for link in one.links)
    shared[links.identity(home)] = 2
    found: dict[str, Episode] = {}
    for one in episodes:
        own = one.transcripts[0].url if one.transcripts else one.url or one.title
        guid = one.guid if ids[one.guid] == 1 else f"{one.guid} {own}"
        found.setdefault(guid, replace(one, guid=guid, links=tuple(link for link in one.links if shared[link] == 1)))
    return list(found.values())


def _newest_first(episodes: Sequence[Episode]) -> Sequence[Episode]:
    """Return episodes the newest first, also those of a feed that begins with its oldest one."""
    days = [one.published for one in episodes if one.published is not None]
    rising = sum(one < other for one, other in pairwise(days))
    falling = sum(one > other for one, other in pairwise(days))
    return episodes[::-1] if rising > falling else episodes


def _episode(entry: "feedparser.FeedParserDict", item: Element, base: str, language: str | None) -> Episode | None:
    enclosures = [str(link.get("href", "")) for link in entry.get("links", []) if link.get("rel") == "enclosure"]
    addresses = [_joined(base, address) for address in (str(entry.get("link") or ""), *enclosures) if address]
    checked = [address for one in addresses if one and (address := links.checked(one)) is not None]
    guid = str(entry.get("id") or (checked[0] if checked else "")).strip()
    if not guid:
        return None
    chapters = [url for one in item if tag(one) == "chapters" and (url := _joined(base, one.get("url")))]
    return Episode(
        guid=guid[:500],
        title=_text(entry.get("title")) or "Untitled",
        url=next((one for one in checked if links.moment(one, 0)), checked[0] if checked else None),
        published=_day(entry.get("published_parsed") or entry.get("updated_parsed")),
        duration=str(entry.get("itunes_duration") or "").strip() or None,
        tags=tuple(str(one.get("term")) for one in entry.get("tags", []) if one.get("term"))[:10],
        transcripts=tuple(_transcripts(item, base, language)),
        chapters=chapters[0] if chapters else None,
        links=tuple(dict.fromkeys(links.identity(one) for one in checked if _is_page(one))),
    )


def _transcripts(item: Element, base: str, language: str | None) -> Iterator[Source]:
    """Yield where an episode's transcripts are, those in the feed's language and the best to read first."""
    found = [one for one in item if tag(one) == "transcript" and one.get("url")]

    def order(one: Element) -> tuple[bool, int]:
        said = (one.get("language") or language or "").split("-")[0]
        return said != (language or said).split("-")[0], _type(one)[0]

    for one in sorted(found, key=order):
        if (url := _joined(base, one.get("url"))) is not None:
            yield Source(url, _type(one)[1])


def _type(one: Element) -> tuple[int, str]:
    said = (one.get("type") or "").split(";")[0].strip().lower()
    if said in _TYPES:
        return _TYPES[said]
    path = str(one.get("url")).split("?")[0].lower()
    return next((known for known in _TYPES.values() if path.endswith(known[1])), _OTHER)


def _joined(base: str, address: str | None) -> str | None:
    """Return an address as seen from another one; None where it is none."""
    try:
        return urljoin(base, (address or "").strip()) if address else None
    except ValueError:
        return None


def _is_page(url: str) -> bool:
    """Whether an address is of something on a host, and not of the host alone."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _day(parsed: Sequence[int] | None) -> date | None:
    try:
        return date(*parsed[:3]) if parsed else None
    except ValueError:  # a day that no calendar has
        return None


def _text(value: object) -> str:
    return " ".join(html.unescape(str(value or "")).split())
