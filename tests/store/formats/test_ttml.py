"""TTML: ruby, agents, and times as its standard has them and as others write them."""

import time

import pytest

from store.errors import FormatError
from store.formats import read
from store.formats.captions import ttml
from store.models import Cue, Reading

NAMESPACES = (
    'xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
    'xmlns:ttm="http://www.w3.org/ns/ttml#metadata"'
)


def reading(body: str, head: str = "") -> Reading:
    return read(f"<tt {NAMESPACES}><head>{head}</head>{body}</tt>".encode(), "a.ttml")


def cues(body: str, head: str = "") -> list[Cue]:
    return list(reading(body, head).transcript.cues)


READ = '<span tts:ruby="textContainer"><span tts:ruby="text">かん</span><span tts:ruby="text">じ</span></span>'


@pytest.mark.parametrize(
    "ruby",
    [
        '<span tts:ruby="base">漢字</span><span tts:ruby="text">かんじ</span>',
        '<span tts:ruby="base">漢字</span><span tts:ruby="delimiter">(</span><span tts:ruby="text">かんじ</span>',
        '<span tts:ruby="baseContainer"><span tts:ruby="base">漢</span><span tts:ruby="base">字</span></span>' + READ,
    ],
)
def test_of_ruby_the_characters_are_said_and_not_how_they_are_read(ruby: str) -> None:
    text = f'<body><div><p begin="1s" end="2s"><span tts:ruby="container">{ruby}</span>です</p></div></body>'
    assert cues(text) == [Cue(1000, "漢字です", 2000)]


@pytest.mark.parametrize(
    "read", ["<rt>かんじ</rt>", "<rp>(</rp><rt>かんじ</rt><rp>)</rp>", "<rtc><rt>かんじ</rt></rtc>"]
)
def test_of_ruby_as_in_html_the_characters_are_said_too(read: str) -> None:
    assert cues(f'<body><div><p begin="1s" end="2s"><ruby>漢字{read}</ruby>です</p></div></body>') == [
        Cue(1000, "漢字です", 2000)
    ]


def test_ruby_may_stand_in_a_style() -> None:
    styles = '<styling><style xml:id="r" tts:ruby="text"/><style xml:id="b" tts:ruby="base"/></styling>'
    text = '<body><div><p begin="1s">水<span style="b">車</span>の<span style="r">すいしゃ</span>音</p></div></body>'
    assert cues(text, styles) == [Cue(1000, "水車の音")]


@pytest.mark.parametrize(
    ("body", "start"),
    [
        ('<body begin="10s"><div><p begin="1s" end="3s">a</p></div></body>', 11_000),
        ('<body><div begin="10s"><p begin="1s" end="3s">a</p></div></body>', 11_000),
        ('<body begin="10s"><div begin="00:00:10"><p begin="1s" end="3s">a</p></div></body>', 21_000),
    ],
)
def test_times_count_from_those_around_them(body: str, start: int) -> None:
    assert cues(body) == [Cue(start, "a", start + 2000)]


@pytest.mark.parametrize(
    ("time", "ms"),
    [
        ("4.860", 4860),
        ("12", 12_000),
        ("0:00:01.000", 1000),
        ("00:00:01,000", 1000),
        ("00:01.0", 1000),
        ("1:02:03:15", 3_723_500),
        ("100:00:01", 360_001_000),
        ("1500ms", 1500),
    ],
)
def test_times_are_read_however_they_are_written(time: str, ms: int) -> None:
    assert cues(f'<body><div><p begin="{time}" end="{time}">a</p></div></body>') == [Cue(ms, "a")]


def test_nested_times_may_count_from_the_start_of_the_file() -> None:
    words = '<span begin="25.0" end="26.5">low</span> <span begin="26.5" end="27.0">water</span>'
    body = f'<div begin="4.5" end="30.0"><p begin="5.0" end="9.0">high</p><p begin="25.0" end="27.0">{words}</p></div>'
    assert cues(f"<body>{body}</body>") == [Cue(5000, "high", 9000), Cue(25_000, "low water", 27_000)]


def test_words_without_a_time_that_can_be_read_are_kept_from_the_first_on() -> None:
    found = reading('<body><div><p begin="soon">a</p><p begin="late">b</p><p begin="2s">c</p></div></body>')
    assert found.transcript.cues == (Cue(0, "a b"), Cue(2000, "c"))
    assert any("0:00" in str(one) for one in found.oddities)


@pytest.mark.parametrize(
    "empty", ['<p begin="6s"/>', '<p begin="6s"> </p>', '<p begin="6s" dur="0s"><br/></p>', "<p/>"]
)
def test_a_paragraph_without_words_is_nothing(empty: str) -> None:
    found = reading(f'<body><div><p begin="1s" end="2s">a</p>{empty}<p begin="7s" end="8s">b</p></div></body>')
    assert found.transcript.cues == (Cue(1000, "a", 2000), Cue(7000, "b", 8000))
    assert found.oddities == ()


@pytest.mark.parametrize(
    "times",
    ['dur="0s"', 'dur="0"', 'dur="00:00:00:00"', 'end="2s"', 'end="00:00:02.000"', 'end="9s" dur="0s"'],
)
def test_words_that_last_no_time_are_kept_at_their_start(times: str) -> None:
    found = reading(f'<body><div><p begin="1s">a</p><p begin="2s" {times}>b</p><p begin="3s">c</p></div></body>')
    assert found.transcript.cues == (Cue(1000, "a"), Cue(2000, "b"), Cue(3000, "c"))
    assert [str(one) for one in found.oddities] == ["the cue lasts no time; it was kept at its start."]


@pytest.mark.parametrize(
    "body",
    [
        '<body dur="0s"><div><p begin="2s" end="4s">a b</p></div></body>',
        '<body><div begin="1s" end="1s"><p begin="1s" end="3s">a b</p></div></body>',
        '<body><div><p begin="2s" end="4s"><span dur="0s">a</span> b</p></div></body>',
        '<body><div/><div><p begin="2s" end="4s">a <span begin="1s" end="1s">b</span></p></div></body>',
    ],
)
def test_no_words_are_lost_in_what_lasts_no_time(body: str) -> None:
    assert cues(body) == [Cue(2000, "a b", 4000)]


def test_a_paragraph_may_last_as_long_as_its_spans() -> None:
    assert cues('<body><div><p begin="5s"><span dur="1s">a</span><span end="2s"> b</span></p></div></body>') == [
        Cue(5000, "a b")
    ]
    assert cues('<body><div><p><span begin="1s" end="2s">a</span></p></div></body>') == [Cue(1000, "a", 2000)]


AGENTS = '<ttm:agent xml:id="a1"><ttm:name>Ines Marlow</ttm:name></ttm:agent><ttm:agent xml:id="a2"/>'


def test_who_speaks_may_stand_around_the_words_or_inside_and_an_id_is_no_name() -> None:
    around = '<div ttm:agent="a1"><p begin="1s">a</p><p begin="2s" ttm:agent="a2">b</p></div>'
    inside = '<div><p begin="3s"><span ttm:agent="a1">c</span></p><p begin="5s" ttm:agent="a2">d</p></div>'
    found = cues(f"<body>{around}{inside}</body>", f"<metadata>{AGENTS}</metadata>")
    assert [cue.speaker for cue in found] == ["Ines Marlow", None, "Ines Marlow", None]


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        ("the <b>old</b> and <i>new <u>kiln</u></i> here", "the old and new kiln here"),
        ('<h:i xmlns:h="urn:h">so</h:i><h:br xmlns:h="urn:h"/>it is', "so it is"),
        ('<e:note xmlns:e="urn:ebu:tt:metadata">checked</e:note><span>Hi</span> you', "Hi you"),
        ('<e:altText xmlns:e="http://www.w3.org/ns/ttml/profile/imsc1#metadata">checked</e:altText>Hi', "Hi"),
        ("<metadata><ttm:desc>a note</ttm:desc></metadata>hello <font color='red'>you</font>", "hello you"),
    ],
)  # fmt: skip
def test_words_in_elements_of_others_are_kept(paragraph: str, said: str) -> None:
    assert cues(f'<body><div><p begin="1s" end="2s">{paragraph}</p></div></body>') == [Cue(1000, said, 2000)]


@pytest.mark.parametrize("namespace", ["", 'xmlns="http://www.w3.org/2004/11/ttaf1"'])
def test_any_drafts_namespace_or_none_is_read(namespace: str) -> None:
    text = f'<tt {namespace}><body><div><p begin="1s" end="2s">hello</p></div></body></tt>'
    assert read(text.encode(), "a.dfxp").transcript.cues == (Cue(1000, "hello", 2000),)


def test_many_paragraphs_without_words_are_taken_away_in_time() -> None:
    began = time.perf_counter()
    found = cues("<body><div>" + '<p begin="1s" end="2s">a</p><p begin="1s" end="2s"/>' * 10_000 + "</div></body>")
    ruby = '<span tts:ruby="text">x</span>a<span>b</span>' * 10_000
    assert cues(f'<body><div><p begin="1s">{ruby}</p></div></body>') == [Cue(1000, "ab" * 10_000)]
    assert len(found) == 10_000
    assert time.perf_counter() - began < 10


def test_what_is_far_too_long_for_a_transcript_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ttml, "MOST_ELEMENTS", 20)
    with pytest.raises(FormatError, match="more parts"):
        cues("<body><div>" + '<p begin="1s">a</p>' * 30 + "</div></body>")
