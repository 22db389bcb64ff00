"""What is read of feeds: RSS and Atom, several transcripts an episode, the best of them first."""

import pytest

from store.errors import FeedError
from store.feeds.parsing import Episode, Source, parse

URL = "https://example.org/podcast/feed.xml"
SPACE = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'


def rss(item: str) -> bytes:
    return (
        f"<rss version='2.0' {SPACE}><channel><title>T</title><language>de-AT</language>{item}</channel></rss>".encode()
    )


def only(data: bytes) -> Episode:
    (episode,) = parse(data, URL).episodes
    return episode


def test_of_several_transcripts_the_best_timed_one_in_the_feeds_language_comes_first() -> None:
    item = """<item><guid>1</guid><title>a</title>
    <podcast:transcript url="1.txt" type="text/plain"/>
    <podcast:transcript url="1.html" type="text/html"/>
    <podcast:transcript url="/1.srt" type="application/x-subrip" language="de"/>
    <podcast:transcript url="https://cdn.example.org/1.en.json" type="application/json" language="en"/>
    <podcast:transcript url="1.vtt?x=1" type="text/vtt; charset=utf-8"/>
    </item>"""
    assert only(rss(item)).transcripts == (
        Source("https://example.org/podcast/1.vtt?x=1", ".vtt"),
        Source("https://example.org/1.srt", ".srt"),
        Source("https://example.org/podcast/1.html", ".html"),
        Source("https://example.org/podcast/1.txt", ".txt"),
        Source("https://cdn.example.org/1.en.json", ".json"),
    )


def test_a_link_that_opens_at_a_second_is_better_than_a_page() -> None:
    page = "<link>https://example.org/1</link>"
    media = "<enclosure url='https://example.org/1.mp3' type='audio/mpeg' length='1'/>"
    assert only(rss(f"<item><guid>1</guid>{page}{media}</item>")).url == "https://example.org/1.mp3"
    assert only(rss(f"<item><guid>1</guid>{page}</item>")).url == "https://example.org/1"
    video = "<link>https://youtu.be/abcdefghijk</link>"
    assert only(rss(f"<item><guid>1</guid>{video}{media}</item>")).url == "https://youtu.be/abcdefghijk"


def test_an_atom_feed_is_read() -> None:
    data = f"""<feed xmlns="http://www.w3.org/2005/Atom" {SPACE}><title>T</title><entry><id>urn:1</id><title>a</title>
    <link href="https://example.org/1"/><updated>2025-03-03T10:00:00Z</updated>
    <podcast:transcript url="https://example.org/1.vtt" type="text/vtt"/></entry></feed>"""
    episode = only(data.encode())
    assert (episode.guid, episode.url, str(episode.published)) == ("urn:1", "https://example.org/1", "2025-03-03")
    assert [one.url for one in episode.transcripts] == ["https://example.org/1.vtt"]


def test_an_episode_without_an_id_is_known_by_its_link_and_without_both_left_out() -> None:
    assert only(rss("<item><link>https://example.org/1</link></item>")).guid == "https://example.org/1"
    assert parse(rss("<item><title>x</title></item>"), URL).episodes == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<rss><channel>", b"<html><body/></html>", b'{"version": "x"}', b"<opml><body/></opml>",
     b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>&a;</title></channel></rss>'],
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(FeedError, match=r"^That .*\.$|give the address"):
        parse(data, URL)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("<!DOCTYPE html><p>hi<br>there", "That is a web page, not a feed; look for the show's RSS address."),
        ("<html><body><p>hi</p></body></html>", "That is a web page, not a feed; look for the show's RSS address."),
        (
            (
                "<!-- x --><!doctype HTML><link href='/x.css' rel=stylesheet><link rel='Alternate' title='RSS' "
                "type='application/rss+xml; charset=utf-8' href='../show_1/feed.xml?a=1&amp;b=2'>"
            ),
            "That is a web page, not a feed; it names https://example.org/show_1/feed.xml?a=1&b=2 as its feed.",
        ),
        (
            (
                "<html><base href='https://b.example.org/'><link rel=alternate type=text/html href=/en>"
                "<link rel=alternate type=application/rss+xml href='http://[x'>"
                "<link rel=alternate type=application/atom+xml href=feed>"
            ),
            "That is a web page, not a feed; it names https://b.example.org/feed as its feed.",
        ),
        ("", "That feed is empty: nothing is at its address."),
        (" \n", "That feed is empty: nothing is at its address."),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
            "That is a JSON feed, which can't be followed; give the address of the podcast's RSS or Atom feed.",
        ),
        ('{"a": 1}', "That is JSON, not a feed; give the address of a podcast's RSS or Atom feed."),
        ("<rss><channel>\n<title>", "That is no feed, or a broken one: its XML ends or errs in line 2."),
        ("<!---->" * 9999, "That is no feed, or a broken one: its XML ends or errs in line 1."),
    ],
)
def test_what_is_there_instead_of_a_feed_is_said(data: str, says: str) -> None:
    with pytest.raises(FeedError) as caught:
        parse(data.encode(), URL)
    assert str(caught.value) == says


def item(guid: str, link: str, day: int | None = None, *, transcript: str = "") -> str:
    date = f"<pubDate>Mon, {day:02} Mar 2025 10:00:00 GMT</pubDate>" if day else ""
    source = f"<podcast:transcript url='{transcript}' type='text/vtt'/>" if transcript else ""
    return f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link>{date}{source}</item>"


def test_an_episode_is_known_by_links_that_are_its_own() -> None:
    page = "<link>https://example.org/show</link>"
    links = ["https://example.org/show", "https://example.org/", "https://example.org/?p=1", "https://example.org/a"]
    items = [
        item(str(at), link)
        for at, link in enumerate([*links, "http://www.example.org/a/", "https://youtu.be/abcdefghijk"])
    ]
    assert [one.links for one in parse(rss(page + "".join(items)), URL).episodes] == [
        (),  # of the show
        (),
        ("url:example.org?p=1",),
        (),  # of two
        (),
        ("youtube:abcdefghijk",),
    ]


def test_the_newest_episode_comes_first_also_in_a_feed_that_begins_with_its_oldest() -> None:
    def days(*days: int) -> list[str]:
        return [one.guid for one in parse(rss("".join(item(f"{day}", "", day) for day in days)), URL).episodes]

    assert days(1, 2, 3) == ["3", "2", "1"]
    assert days(3, 2, 1) == ["3", "2", "1"]
    assert days(1, 9, 8, 7) == ["1", "9", "8", "7"]  # a trailer at the top


def test_episodes_that_share_an_id_are_told_apart() -> None:
    sources = [f"https://example.org/{at}.vtt" for at in (1, 2, 2)]
    found = parse(rss("".join(item("show", "", transcript=source) for source in sources)), URL).episodes
    assert [one.guid for one in found] == [f"show {source}" for source in sources[:2]]


def test_addresses_and_days_that_are_none_are_left_out() -> None:
    broken = """<item><guid>1</guid><link>http://[x</link><pubDate>0000-00-00</pubDate>
    <podcast:transcript url="http://[x" type="text/vtt"/><podcast:transcript url="/1.vtt" type="text/vtt"/>
    <podcast:chapters url="http://[x"/></item>"""
    episode = only(rss(broken))
    assert [one.url for one in episode.transcripts] == ["https://example.org/1.vtt"]
    assert (episode.url, episode.published, episode.chapters) == (None, None, None)
