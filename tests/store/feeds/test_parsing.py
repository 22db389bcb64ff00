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
