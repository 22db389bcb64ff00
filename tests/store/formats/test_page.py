"""A podcast's transcript as HTML: what is said, what says who and when, and what is a web page."""

import pytest

from store.errors import FormatError
from store.formats import read
from store.formats.texts import page
from store.models import Cue


def cues(text: str) -> list[Cue]:
    return list(read(text.encode(), "a.html").transcript.cues)


def test_a_podcasts_html_may_name_nobody() -> None:
    text = "<time>0:01</time>\n<p>Low water &amp; high.</p>\n<time>1:00:02</time>\n<p>Yes.<br>Indeed.</p>\n"
    assert cues(text) == [Cue(1000, "Low water & high."), Cue(3_602_000, "Yes. Indeed.")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<cite>A:</cite> <time>0:05</time> <p>I read <cite>Low Tide</cite> now.</p>", ["I read Low Tide now."]),
        ("<p><cite>A:</cite> <time>0:05</time> Hello there</p>", ["Hello there"]),
        ("<p><cite>A:</cite><time>0:05</time> one <cite>B:</cite><time>0:09</time> two</p>", ["one", "two"]),
        ("<cite>A:</cite><time>0:05</time>bare <i>words</i><div>a <a href=x>link</a></div>", ["bare words", "a link"]),
        ("<cite>A:</cite><time>0:05</time><p>one<cite>B:</cite><time>0:09</time><p>two", ["one", "two"]),
        ("<time>0:05</time><p>one <time>0:09</time><p>two", ["one", "two"]),
        ("<time>0:05</time><p>at <time>0:09</time> we left</p>", ["at 0:09 we left"]),
    ],
)
def test_a_podcasts_html_keeps_its_words_wherever_they_stand(text: str, wanted: list[str]) -> None:
    assert [cue.text for cue in cues(text)] == wanted


@pytest.mark.parametrize(
    "mark",
    [
        "<p><cite>{}</cite> - <time>{}</time></p>", "<p><cite>{}</cite> (<time>{}</time>)</p>",
        "<h4><cite>{}</cite> · <time>{}</time></h4>", "<p><cite>{}</cite>, <time>{}</time></p>",
        "<p><cite>{}</cite>: <time>{}</time></p>", "<cite>{}</cite> (<time>{}</time>)",
        "<cite>{}</cite> [<time>{}</time>]:",
        "<div><b>{}:</b> <time>{}</time></div>", "<p><strong><cite>{}</cite></strong> - <time>{}</time></p>",
    ],
)  # fmt: skip
def test_signs_around_a_name_and_a_time_are_no_words(mark: str) -> None:
    text = f"{mark.format('Amy', '0:01')}<p>Hello</p>{mark.format('Bob', '0:05')}<p>Hi</p>"
    assert cues(text) == [Cue(1000, "Hello", None, "Amy"), Cue(5000, "Hi", None, "Bob")]


@pytest.mark.parametrize(
    "mark", ["<p><cite>{}</cite> (<time>{}</time>): {}</p>", "<p>[<time>{1}</time>] <cite>{0}:</cite> {2}</p>"]
)
def test_signs_before_the_words_of_a_name_and_a_time_are_none_of_them(mark: str) -> None:
    text = mark.format("Amy", "0:01", "Hello (sic), there.") + mark.format("Bob", "0:05", "♪♪")
    assert cues(text) == [Cue(1000, "Hello (sic), there.", None, "Amy"), Cue(5000, "♪♪", None, "Bob")]


@pytest.mark.parametrize("mark", ["<p>[<time>{}</time>]</p>", "<time>{}</time> - ", "<p><time>{}</time>: </p>"])
def test_signs_around_a_time_are_no_words(mark: str) -> None:
    assert cues(f"{mark.format('0:01')}<p>- Hello</p>{mark.format('0:05')}<p>…</p>") == [
        Cue(1000, "- Hello"), Cue(5000, "…"),
    ]  # fmt: skip


@pytest.mark.parametrize("time", ["<time>0:01</time> - <time>0:04</time>", "<time>0:01 → 0:04</time>"])
def test_a_time_may_say_until_when(time: str) -> None:
    assert cues(f"<cite>Amy</cite> {time}<p>Hello</p>") == [Cue(1000, "Hello", 4000, "Amy")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<p><time>0:01</time> a <time>0:03</time> b</p>", [(1000, "a"), (3000, "b")]),
        ("<p>a <time>0:03</time> b <time>0:05</time> c</p>", [(0, "a"), (3000, "b"), (5000, "c")]),
        ("<p>a <time>0:03</time> b</p><time>0:09</time><p>c</p>", [(0, "a"), (3000, "b"), (9000, "c")]),
        ("<p>a <time>12:30</time> b</p><time>0:09</time><p>c</p>", [(0, "a 12:30 b"), (9000, "c")]),
        ("<p><time>0:05</time> a <time>16:30</time> b</p>", [(5000, "a 16:30 b")]),
        ("<p><time>0:01</time> a <cite>B</cite> (<time>0:03</time>) c</p>", [(1000, "a"), (3000, "c")]),
        ("<p>At <time>12:30</time>.</p><p>Then <time>13:30</time>.</p>", [(0, "At 12:30."), (0, "Then 13:30.")]),
    ],
)
def test_a_time_after_words_is_one_of_them_unless_it_goes_on(text: str, wanted: list[tuple[int, str]]) -> None:
    assert [(cue.start_ms, cue.text) for cue in cues(text)] == wanted


def test_a_line_that_ends_with_its_time_says_who_speaks_or_what_follows() -> None:
    head = "<h3>{} <time>{}</time></h3><p>{}</p>".format
    named = [head("Amy", "0:01", "Hello"), head("Bob", "0:05", "Hi"), head("Amy", "0:09", "So")]
    assert [(cue.start_ms, cue.speaker, cue.text) for cue in cues("".join(named))] == [
        (1000, "Amy", "Hello"), (5000, "Bob", "Hi"), (9000, "Amy", "So"),
    ]  # fmt: skip
    titles = cues(head("The opening", "0:00", "Hello") + head("The end", "20:00", "Hi"))
    assert titles == [Cue(0, "The opening"), Cue(0, "Hello"), Cue(1_200_000, "The end"), Cue(1_200_000, "Hi")]


def test_words_of_a_podcasts_html_whose_time_cannot_be_read_keep_the_time_before() -> None:
    reading = read(b"<cite>A</cite><time>0:05</time><p>one</p>\n<time>soon</time><p>two</p>", "a.html")
    assert [(cue.start_ms, cue.text) for cue in reading.transcript.cues] == [(5000, "one"), (5000, "two")]
    assert "line 2: the time can't be read" in str(reading.oddities[0])


def test_a_page_that_says_when_it_was_written_is_no_transcript() -> None:
    text = "<html><body><time>12:30</time><p>News of the day</p></body></html>"
    with pytest.raises(FormatError, match="web page"):
        read(text.encode(), "a.html")


def test_a_page_whose_tags_do_not_end_is_refused() -> None:
    text = "<cite>Ada:</cite><time>0:01</time><p>hello</p>" + "<i " * 30
    with pytest.raises(FormatError, match="tags don't end"):
        read(text.encode(), "a.html")


def test_a_page_that_is_far_too_long_for_a_transcript_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_PARTS", 20)
    with pytest.raises(FormatError, match="more parts"):
        cues("<time>0:01</time>" + "<p>hello</p>" * 30)
