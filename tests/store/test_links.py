"""Links to a second of a video, and what makes two links the same video."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.links import MAX_URL, checked, identity, moment, thumbnail, video
from store.text.wording import clock

YOUTUBE = "https://www.youtube.com/watch?v=q1w2e3r4t5y&t=1836s"
YOUTUBE_FORMS = [
    "https://www.youtube.com/watch?v=q1w2e3r4t5y",
    "http://youtube.com/watch?v=q1w2e3r4t5y",
    "https://m.youtube.com/watch?v=q1w2e3r4t5y&feature=youtu.be",
    "https://www.youtube.com/watch?app=desktop&v=q1w2e3r4t5y",
    "https://www.youtube.com/watch?v=q1w2e3r4t5y&list=PL0123456789&index=7",
    "https://www.youtube.com/watch?v=q1w2e3r4t5y&t=12s",
    "https://www.youtube.com/watch?v=q1w2e3r4t5y#t=12",
    "https://youtu.be/q1w2e3r4t5y",
    "https://youtu.be/q1w2e3r4t5y?si=aBcDeF&t=44",
    "https://www.youtube.com/shorts/q1w2e3r4t5y",
    "https://www.youtube.com/live/q1w2e3r4t5y?feature=share",
    "https://www.youtube.com/embed/q1w2e3r4t5y?start=9",
    "https://www.youtube-nocookie.com/embed/q1w2e3r4t5y",
    "https://www.youtube.com/v/q1w2e3r4t5y",
    "https://music.youtube.com/watch?v=q1w2e3r4t5y",
    "HTTPS://WWW.YOUTUBE.COM/watch?v=q1w2e3r4t5y",
]
VIMEO_FORMS = [
    "https://vimeo.com/123456789",
    "https://www.vimeo.com/123456789/",
    "https://vimeo.com/channels/mills/123456789",
    "https://vimeo.com/groups/mills/videos/123456789",
    "https://player.vimeo.com/video/123456789?badge=0",
    "https://vimeo.com/123456789#t=9s",
]
TWITCH_FORMS = [
    "https://www.twitch.tv/videos/1234567890",
    "https://twitch.tv/videos/1234567890?t=1h2m3s",
    "https://m.twitch.tv/videos/1234567890",
    "https://www.twitch.tv/miller/v/1234567890",
    "https://www.twitch.tv/miller/video/1234567890?filter=archives",
    "https://player.twitch.tv/?video=v1234567890&parent=example.org",
]


@pytest.mark.parametrize("url", YOUTUBE_FORMS)
def test_every_form_of_a_youtube_address_opens_at_the_second(url: str) -> None:
    assert moment(url, 1_836_999) == YOUTUBE


@pytest.mark.parametrize("url", VIMEO_FORMS)
def test_every_form_of_a_vimeo_address_opens_at_the_second(url: str) -> None:
    assert moment(url, 1_836_000) == "https://vimeo.com/123456789#t=1836s"


@pytest.mark.parametrize(
    "url", ["https://vimeo.com/123456789/ab12cd34ef", "https://player.vimeo.com/video/123456789?h=ab12cd34ef"]
)
def test_an_unlisted_vimeo_video_keeps_its_key(url: str) -> None:
    assert moment(url, 5_000) == "https://vimeo.com/123456789/ab12cd34ef#t=5s"
    assert identity(url) == identity("https://vimeo.com/123456789")


@pytest.mark.parametrize("url", TWITCH_FORMS)
def test_every_form_of_a_twitch_address_opens_at_the_second(url: str) -> None:
    assert moment(url, 5_077_000) == "https://www.twitch.tv/videos/1234567890?t=1h24m37s"
    assert moment(url, 7_000) == "https://www.twitch.tv/videos/1234567890?t=0h0m7s"


# For each host, forms of one video, and its address at 1:01:07.
HOSTS = {
    "niconico": (
        [
            "https://www.nicovideo.jp/watch/sm12345678",
            "https://nico.ms/sm12345678?ref=x",
            "https://sp.nicovideo.jp/watch/sm12345678?from=9",
        ],
        "https://www.nicovideo.jp/watch/sm12345678?from=3667",
    ),
    "bilibili": (
        [
            "https://www.bilibili.com/video/BV1xx411c7mD",
            "https://m.bilibili.com/video/BV1xx411c7mD/?t=9&vd_source=ab",
            "https://b23.tv/BV1xx411c7mD",
        ],
        "https://www.bilibili.com/video/BV1xx411c7mD?t=3667",
    ),
    "bilibili, part": (
        [
            "https://www.bilibili.com/video/BV1xx411c7mD?p=3",
            "https://www.bilibili.com/video/BV1xx411c7mD/?spm_id_from=333&p=3",
        ],
        "https://www.bilibili.com/video/BV1xx411c7mD?p=3&t=3667",
    ),
    "dailymotion": (
        [
            "https://www.dailymotion.com/video/x8abcd1",
            "https://dai.ly/x8abcd1?start=4",
            "https://www.dailymotion.com/embed/video/x8abcd1",
            "https://geo.dailymotion.com/player.html?video=x8abcd1",
        ],
        "https://www.dailymotion.com/video/x8abcd1?start=3667",
    ),
    "soundcloud": (
        [
            "https://soundcloud.com/mill-radio/episode-7",
            "https://m.soundcloud.com/mill-radio/episode-7?utm_source=x#t=0:30",
        ],
        "https://soundcloud.com/mill-radio/episode-7#t=1:01:07",
    ),
    "spotify": (
        [
            "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ",
            "https://open.spotify.com/intl-de/episode/512ojhOuo1ktJprKbVcKyQ?si=abc",
            "https://open.spotify.com/embed/episode/512ojhOuo1ktJprKbVcKyQ?t=3",
        ],
        "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ?t=3667",
    ),
    "apple": (
        [
            "https://podcasts.apple.com/us/podcast/the-mill/id123456?i=1000600000000",
            "https://podcasts.apple.com/de/podcast/id123456?i=1000600000000&r=12",
        ],
        "https://podcasts.apple.com/podcast/id123456?i=1000600000000&r=3667",
    ),
    "media.ccc.de": (
        ["https://media.ccc.de/v/36c3-10000-mills", "https://media.ccc.de/v/36c3-10000-mills#t=30"],
        "https://media.ccc.de/v/36c3-10000-mills#t=3667",
    ),
    "peertube": (
        [
            "https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv",
            "https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv?start=1m2s",
            "https://tube.example.org/videos/watch/kkGMgK9ZtnKfYAgnEtQxbv",
        ],
        "https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv?start=3667s",
    ),
}


@pytest.mark.parametrize("host", HOSTS)
def test_each_host_opens_at_the_second_in_its_own_form(host: str) -> None:
    forms, link = HOSTS[host]
    assert {moment(url, 3_667_400) for url in forms} == {link}
    assert len({identity(url) for url in [*forms, link]}) == 1
    assert {identity(kept) for url in forms if (kept := checked(url))} == {identity(link)}


def test_videos_of_one_host_are_told_apart() -> None:
    links = [link for _, link in HOSTS.values()]
    others = [link.replace("7mD", "7mE").replace("sm1", "sm2").replace("i=1000", "i=2000") for link in links]
    assert len({identity(link) for link in links}) == len(links)
    assert len({*map(identity, links), *map(identity, others)}) > len(links) + 3
    assert identity("https://a.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv") != identity(links[-1])


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://youtu.be/q1w2e3r4t5y?si=aBcDeF&t=44", "https://youtu.be/q1w2e3r4t5y"),
        (
            "https://www.youtube.com/watch?v=q1w2e3r4t5y&list=PL1&t=4s",
            "https://www.youtube.com/watch?v=q1w2e3r4t5y&list=PL1",
        ),
        ("https://vimeo.com/123456789#t=9s", "https://vimeo.com/123456789"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=y#part", "https://example.org/a?id=7#part"),
        ("https://example.org/a?t=7", "https://example.org/a?t=7"),
        ("https://media.example.org/a.mp3?key=%2F&utm_medium=x", "https://media.example.org/a.mp3?key=%2F"),
    ],
)
def test_what_follows_people_and_a_second_of_its_own_are_dropped(url: str, kept: str) -> None:
    assert checked(url) == kept


@pytest.mark.parametrize("forms", [YOUTUBE_FORMS, VIMEO_FORMS, TWITCH_FORMS])
def test_all_forms_of_a_video_are_the_same_video(forms: list[str]) -> None:
    assert len({identity(url) for url in forms}) == 1


def test_other_videos_are_other_videos() -> None:
    urls = [
        YOUTUBE,
        "https://youtu.be/Q1w2e3r4t5y",
        "https://vimeo.com/123456789",
        "https://vimeo.com/1234567890",
        "https://www.twitch.tv/videos/123456789",
        "https://media.example.org/a.mp4",
        "https://media.example.org/b.mp4",
        "https://media.example.org/a.mp4?take=2",
        "https://media.example.org:8443/a.mp4",
        "https://media.example.org/A.mp4",
    ]
    assert len({identity(url) for url in urls}) == len(urls)


def test_an_address_elsewhere_is_the_same_video_whatever_second_it_opens_at() -> None:
    forms = [
        "https://media.example.org/a.mp4?x=1&y=2",
        "http://www.media.example.org/a.mp4?y=2&x=1",
        "https://MEDIA.example.org/a.mp4?x=1&y=2&t=90",
        "https://media.example.org/a.mp4/?x=1&y=2&start=90#t=9",
    ]
    assert len({identity(url) for url in forms}) == 1


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://media.example.org/a.mp4", "https://media.example.org/a.mp4#t=67"),
        ("https://media.example.org/a.MP3", "https://media.example.org/a.MP3#t=67"),
        ("https://media.example.org/a.webm?key=1&sig=%2F", "https://media.example.org/a.webm?key=1&sig=%2F#t=67"),
        ("https://media.example.org/a.m4a?x=1#t=3,9", "https://media.example.org/a.m4a?x=1#t=67"),
    ],
)
def test_a_media_file_opens_at_the_second_by_a_fragment(url: str, link: str) -> None:
    assert moment(url, 67_900) == link


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/talks/mill",
        "https://example.org/?file=a.mp4",
        "https://www.youtube.com/@miller",
        "https://www.youtube.com/playlist?list=PL0123456789",
        "https://www.youtube.com/watch?v=short",
        "https://youtu.be/",
        "https://vimeo.com/miller",
        "https://www.twitch.tv/miller",
        "https://notyoutube.com/watch?v=q1w2e3r4t5y",
        "https://youtube.com.example.org/watch?v=q1w2e3r4t5y",
    ],
)
def test_an_address_that_knows_no_seconds_has_no_moment_but_is_kept(url: str) -> None:
    assert video(url) is None
    assert moment(url, 67_000) is None
    assert checked(url) == url


@pytest.mark.parametrize("url", ["https://example.org/a b.mp4", "not a link", "", "  ", "ftp://example.org/a.mp4"])
def test_what_is_no_web_link_is_none(url: str) -> None:
    assert checked(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://",
        "https://localhost/a.mp4",
        "https://example.org:port/a.mp4",
        "https://[example.org/a.mp4",
        "https://example.org/a.mp4)](https://evil.example.org/|",
        "https://example.org/<b>",
        "https://example.org/\u202ea.mp4",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * MAX_URL,
    ],
)
def test_what_discord_would_not_link_to_is_none(url: str) -> None:
    assert checked(url) is None


def test_an_address_without_its_scheme_gets_one() -> None:
    assert checked(" youtu.be/q1w2e3r4t5y ") == "https://youtu.be/q1w2e3r4t5y"
    assert checked("www.youtube.com/watch?v=q1w2e3r4t5y") == "https://www.youtube.com/watch?v=q1w2e3r4t5y"
    assert checked("mill.md") is None


def test_a_moment_is_never_longer_than_discord_links() -> None:
    for spare in range(12):
        url = "https://media.example.org/".ljust(MAX_URL - 4 - spare, "a") + ".mp4"
        assert checked(url) == url
        assert len(moment(url, 1_836_000) or "") <= MAX_URL


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (0, "0:00"),
        (7_999, "0:07"),
        (1_836_000, "30:36"),
        (3_599_999, "59:59"),
        (3_600_000, "1:00:00"),
        (5_077_000, "1:24:37"),
    ],
)
def test_a_clock_shows_minutes_and_hours_as_people_write_them(ms: int, shown: str) -> None:
    assert clock(ms) == shown


WORDS = """
    http:// https:// www. m. youtube.com youtu.be vimeo.com player.vimeo.com twitch.tv player.twitch.tv example.org /
    /watch ?v= q1w2e3r4t5y &t= ?h= # /videos/ /shorts/ 123456789 .mp4 : :99999 [ ] @ % %zz %00 & = ; ? \\ ① ． ß é
""".split()
PIECES = st.lists(st.sampled_from([*WORDS, " ", "\n", "\ud800", "\0", "\u202e", "&a" * 200]), max_size=12).map("".join)


@settings(max_examples=800, deadline=None)
@given(st.text(max_size=60) | PIECES | PIECES.map(lambda rest: f"https://{rest}"), st.integers(0, 10**9))
def test_no_text_makes_a_link_raise(text: str, ms: int) -> None:
    video(text)
    moment(text, ms)
    identity(text)
    if (url := checked(text)) is not None:
        assert checked(url) == url
        assert len(url) <= MAX_URL
        assert len(moment(url, ms) or "") <= MAX_URL
        identity(url).encode()


@settings(max_examples=500, deadline=None)
@given(PIECES.map(lambda rest: f"https://{rest}"), st.integers(0, 10**9))
def test_a_moments_address_is_a_web_link_to_the_same_video(text: str, ms: int) -> None:
    if (url := checked(text)) is not None and (link := moment(url, ms)) is not None:
        assert checked(link) == link
        assert identity(link) == identity(url)


@pytest.mark.parametrize("url", YOUTUBE_FORMS)
def test_every_form_of_a_youtube_address_has_the_same_still(url: str) -> None:
    assert thumbnail(url) == "https://i.ytimg.com/vi/q1w2e3r4t5y/hqdefault.jpg"


@pytest.mark.parametrize(
    ("url", "still"),
    [
        ("https://www.dailymotion.com/video/x5kesuj", "https://www.dailymotion.com/thumbnail/video/x5kesuj"),
        ("https://dai.ly/x5kesuj", "https://www.dailymotion.com/thumbnail/video/x5kesuj"),
        ("https://archive.org/details/mill-1923", "https://archive.org/services/img/mill-1923"),
        ("https://www.archive.org/details/mill_1923.b/part%202.mp4", "https://archive.org/services/img/mill_1923.b"),
        ("https://archive.org/embed/mill-1923?start=9", "https://archive.org/services/img/mill-1923"),
        ("https://archive.org/download/mill-1923/mill.mp4", "https://archive.org/services/img/mill-1923"),
    ],
)
def test_hosts_that_have_a_still_by_its_id_show_it(url: str, still: str) -> None:
    assert thumbnail(url) == still


@pytest.mark.parametrize(
    "url",
    [
        "https://vimeo.com/123456789",
        "https://www.youtube.com/@miller",
        "https://www.youtube.com/watch?v=<script>..",
        "https://archive.org/details/",
        "https://archive.org/details/..",
        "https://archive.org/details/ümlaut",
        "https://archive.org/search?query=mill",
        "https://archive.org.example.org/details/mill",
        "https://example.org/archive.org/details/mill",
        "https://media.example.org/mill.mp4",
        "no address",
        "https://[broken/details/mill",
    ],
)
def test_no_still_is_made_up_for_other_addresses(url: str) -> None:
    assert thumbnail(url) is None


@given(
    st.text(max_size=60) | st.from_regex(r"https://(archive\.org/details|youtu\.be|dai\.ly)/.{0,40}", fullmatch=True)
)
def test_a_still_is_an_address_that_discord_takes(url: str) -> None:
    still = thumbnail(url)
    assert still is None or checked(still) == still
