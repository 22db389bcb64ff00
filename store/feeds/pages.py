"""What is at an address that was given for a feed and is none: a page, which may name its feed, or nothing at all."""

import json
import re
from html.parser import HTMLParser
from itertools import islice
from urllib.parse import urljoin

from store.errors import FeedError
from store.links import checked
from store.sentences import sentence

_READ = 1 << 20  # characters of a page in which its feed is looked for
_PAGE = re.compile(
    r"(?><\?xml[^>]*>|<!--.*?-->|\s)*+<(?:!doctype\s+html|(?:html|head|body|title|meta|script|div|p)[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(r"<(?:link|base)\s[^<>]{1,2000}>", re.IGNORECASE)
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}


def what_is_there(data: bytes, url: str) -> FeedError | None:
    """Return the error that says what bytes from an address are that are no feed; None where that isn't known."""
    text = data.decode("utf-8-sig", "replace")[:_READ].strip("\0 \t\r\n")
    if not text:
        return FeedError("That feed is empty: nothing is at its address.")
    if text.startswith("{"):
        return _json(text)
    if not _PAGE.match(text):
        return None
    if (feed := _named(text, url)) is not None:
        adding = sentence("That is a web page, not a feed; give `{feed}` to `/follow add`.", feed=feed)
        return FeedError("That is a web page, not a feed; it names {feed} as its feed.", feed=feed, adding=adding)
    return FeedError("That is a web page, not a feed; look for the show's RSS address.")


def _json(text: str) -> FeedError:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = {"version": text[:1000]}
    if "jsonfeed.org" in str(found.get("version", "")):
        return FeedError(
            "That is a JSON feed, which can't be followed; give the address of the podcast's RSS or Atom feed."
        )
    return FeedError("That is JSON, not a feed; give the address of a podcast's RSS or Atom feed.")


def _named(page: str, url: str) -> str | None:
    """Return the address of the feed that a page names."""
    finder = _Finder(url)
    tags = islice(_TAGS.finditer(page), 200)
    finder.feed("".join(tag[0] for tag in tags))  # these alone, for what else is on a page may be anything
    return next((address for one in finder.found if (address := checked(one)) is not None), None)


class _Finder(HTMLParser):
    """Finds the feeds that a page names as other forms of itself."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a link to a feed."""
        said = {name: (value or "").strip() for name, value in attrs}
        try:
            address = urljoin(self._base, said.get("href", ""))
        except ValueError:
            return
        if tag == "base":
            self._base = address
        elif tag == "link" and "alternate" in said.get("rel", "").lower().split():
            kind = said.get("type", "").split(";")[0].strip().lower()
            if kind in _FEEDS and said.get("href"):
                self.found.append(address)
