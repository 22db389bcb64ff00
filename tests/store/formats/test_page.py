"""A podcast's transcript as HTML: what is said, what says who and when, and what is a web page."""

import pytest

from store.errors import FormatError
from store.formats import read
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


def test_words_of_a_podcasts_html_whose_time_cannot_be_read_keep_the_time_before() -> None:
    reading = read(b"<cite>A</cite><time>0:05</time><p>one</p>\n<time>soon</time><p>two</p>", "a.html")
    assert [(cue.start_ms, cue.text) for cue in reading.transcript.cues] == [(5000, "one"), (5000, "two")]
    assert "line 2: the time can't be read" in str(reading.oddities[0])


def test_a_page_that_says_when_it_was_written_is_no_transcript() -> None:
    text = "<html><body><time>12:30</time><p>News of the day</p></body></html>"
    with pytest.raises(FormatError, match="web page"):
        read(text.encode(), "a.html")


def test_a_page_whose_tags_do_not_end_is_refused() -> None:
    page = "<cite>Ada:</cite><time>0:01</time><p>hello</p>" + "<i " * 30
    with pytest.raises(FormatError, match="tags don't end"):
        read(page.encode(), "a.html")
