"""Details, entries and quotes as hypothesis makes them: everything that the store can hand over, and its longest."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import discord
from hypothesis import Phase, settings
from hypothesis import strategies as st

import store.excerpts
from cogs.rendering.excerpts import ROOM, size
from cogs.rendering.reasons import REFUSED, SEND_MESSAGES, VIEW_CHANNEL, lacking
from store import links
from store.formats.details import MAX_TAGS, MAX_VALUE
from store.models import Answer, Approximation, Chapter, Cue, Details, Entry, Excerpt, Part, Quote
from store.sentences import Sentence, recalled, sentence

SPECIAL = "*_`~|<>[]()@:#-+.\\/ "
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u061cאבعر٣"  # what text can be reordered by
CHARACTERS = st.one_of(
    st.sampled_from(SPECIAL), st.sampled_from(TURNING), st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
)
HOSTS = (
    "https://www.youtube.com/watch?v=bread-rises",
    "https://vimeo.com/123456/abcdef0123",
    "https://www.twitch.tv/videos/123456",
    "https://media.example.org/{}.mp4",
    "https://talks.example.org/{}",
    "https://talks.example.org/({})",
    "https://talks.example.org/?q={}",
)


def values(longest: int = MAX_VALUE) -> st.SearchStrategy[str]:
    """Make what the store keeps of a title or a name: one line without a space at either end, never empty."""
    plain = st.text(CHARACTERS, max_size=longest)
    repeated = st.builds(str.__mul__, st.sampled_from("*_|~x字🙂ש\u202e\u2067\u2069"), st.integers(1, longest))
    return (plain | repeated).map(lambda text: " ".join(text.split())[:longest].strip()).filter(bool)


def reasons(longest: int) -> st.SearchStrategy[Sentence]:
    """Make what is kept of why something wasn't sent: a text of an earlier version, one with fields, in each other."""
    texts = values(longest)
    refused = texts.map(lambda text: sentence(REFUSED, error=text))
    plain = st.one_of(texts.map(recalled), refused, st.just(lacking([VIEW_CHANNEL, SEND_MESSAGES])))
    return plain | plain.map(lambda one: sentence("given up after 14 days: {error}", error=one))


def _fill(host: str, size: int, character: str) -> str:
    return host.format(character * max(0, min(size, links.MAX_URL - len(host) + 2)))


# No shrinking: made of many long texts, an example takes minutes to shrink and says no more.
MANY = settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.generate])
URLS = st.builds(_fill, st.sampled_from(HOSTS), st.integers(0, links.MAX_URL), st.sampled_from("a_(*)é")).filter(
    lambda url: links.checked(url) == url
)
DETAILS = st.builds(
    Details,
    title=values(),
    url=st.none() | URLS,
    speaker=st.none() | values(),
    channel=st.none() | values(),
    published=st.none() | st.dates(date(1000, 1, 1)),
    tags=st.lists(values(), max_size=MAX_TAGS).map(tuple),
    chapters=st.lists(st.builds(Chapter, st.integers(0, 10**9), values()), max_size=3).map(tuple),
    timed=st.booleans(),
)
ENTRIES = st.builds(
    Entry,
    id=st.integers(1, 10**9),
    details=DETAILS,
    duration_ms=st.integers(0, 10_000 * 3_600_000),
    cues=st.integers(1, 10**6),
    words=st.integers(0, 10**8),
    passages=st.integers(1, 10**6),
    ingested_at=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
)


# What is looked at of a quote's details where quotes stand below their transcript: made in a fraction of the time.
ADDRESSES = st.builds(Details, title=values(60), url=st.none() | URLS, timed=st.booleans())


@st.composite
def quotes(draw: st.DrawFn, details: st.SearchStrategy[Details] = DETAILS) -> Quote:
    """Make a quote whose highlights are in order and apart, as the search marks them."""
    text = draw(values(3000))
    ends = sorted(draw(st.sets(st.integers(1, len(text)), max_size=6)) | {len(text)})
    starts = [0, *ends[:-1]]
    speakers = st.none() | st.just("Ada Vale") | values(60)
    parts = tuple(
        Part(start, end, at * 1000, draw(speakers), at > 0 and draw(st.booleans()))
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
    first = draw(st.integers(0, len(parts) - 1))
    short = first, draw(st.integers(first, len(parts)))
    told = draw(st.booleans())
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=20)))
    return Quote(
        transcript_id=draw(st.integers(1, 5)),
        details=draw(details),
        text=text,
        start_ms=draw(st.integers(0, 10_000 * 3_600_000)),
        end_ms=10_000 * 3_600_000,
        score=1.0,
        highlights=tuple(zip(borders[::2], borders[1::2], strict=False)),
        cut_before=draw(st.booleans()),
        cut_after=draw(st.booleans()),
        first=draw(st.integers(0, 10**6)),
        end=10**6,
        content="0123abcd",
        also_in=draw(st.integers(0, 10**6)),
        parts=parts if told else (),
        short=short if told else (0, 0),
        similar=draw(st.booleans()),
    )


ANSWERS = st.builds(
    Answer,
    question=values(400),
    quotes=st.lists(quotes(), max_size=5).map(tuple),
    passages=st.integers(0, 10**7),
    not_found=st.lists(values(400), max_size=40).map(tuple),
    library_size=st.integers(0, 10**6),
    filters=st.lists(values().map(sentence), max_size=5).map(tuple),
    within=st.none() | values(),
    page=st.integers(0, 9),
    more=st.booleans(),
    approximations=st.lists(
        st.builds(Approximation, typed=values(400), said=st.lists(values(), min_size=1, max_size=5).map(tuple)),
        max_size=8,
    ).map(tuple),
    unsaid=st.lists(values(400), max_size=8).map(tuple),
)


@st.composite
def excerpts(draw: st.DrawFn) -> Excerpt:
    """Make an excerpt as the store makes it for a message: as many cues around the quote as there is room for."""
    texts = draw(st.lists(st.just("") | values(300), min_size=1, max_size=60))
    step = draw(st.integers(0, 100_000))
    cues = {at: Cue(at * step, text) for at, text in enumerate(texts)}
    first = draw(st.integers(0, len(cues) - 1))
    quote = range(first, draw(st.integers(first + 1, min(len(cues), first + 9))))
    entry = replace(draw(ENTRIES), cues=len(cues), duration_ms=10_000 * 3_600_000)
    seconds = draw(st.integers(1, 10_000))
    return store.excerpts.excerpt(
        entry, cues, quote, seconds=seconds, room=ROOM, size=size, changed=draw(st.booleans())
    )


def raw(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    """Return every component of a message, containers and sections opened, as it is sent."""
    found: list[dict[str, Any]] = []
    waiting = list(view.to_components())
    while waiting:
        component = waiting.pop(0)
        found.append(component)
        inside = [*component.get("components", []), *([component["accessory"]] if "accessory" in component else [])]
        waiting = inside + waiting
    return found


def texts(view: discord.ui.LayoutView) -> list[str]:
    """Return the texts of a message in order."""
    return [component["content"] for component in raw(view) if component["type"] == 10]


def assert_within_limits(view: discord.ui.LayoutView) -> None:
    """Check a message against what Discord takes: developers' documentation, "Component Reference"."""
    components = raw(view)
    assert len(components) <= 40
    assert sum(len(component["content"]) for component in components if component["type"] == 10) <= 4000
    assert all(component["content"].strip() for component in components if component["type"] == 10)
    for button in (component for component in components if component["type"] == 2):
        assert 1 <= len(button.get("label", "")) <= 80 or button["emoji"]["name"]
        assert len(button.get("url", "")) <= 512
        assert len(button.get("custom_id", "")) <= 100
    for menu in (component for component in components if component["type"] == 3):
        assert len(menu["custom_id"]) <= 100
        assert 1 <= len(menu["options"]) <= 25
        assert len({option["value"] for option in menu["options"]}) == len(menu["options"])
        for option in menu["options"]:
            assert 1 <= len(option["label"]) <= 100
            assert 1 <= len(option.get("description", "-")) <= 100
