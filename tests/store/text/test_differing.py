"""A text and how it should be."""

from hypothesis import given
from hypothesis import strategies as st

from store.text.analysis import spans, units
from store.text.differing import belongings, parted, runs

WORD = st.sampled_from(
    ["the", "The", "cor", "weave", "CoreWeave", "deal,", "東京", "コア", "の", "data-center", "7 %", "é"]
)
TEXT = st.lists(WORD, max_size=12).map(" ".join)


def shown(was: str, now: str) -> list[tuple[str, str]]:
    return [(was[run.start : run.end], run.text) for run in runs(was, now)]


def test_what_differs_is_told_by_words_as_they_are_written() -> None:
    assert shown("the cor weave deal", "the CoreWeave deal") == [("cor weave", "CoreWeave")]
    assert shown("the deal", "The deal") == [("the", "The")]
    assert shown("東京特許", "東京都許可") == [("特許", "都許可")]
    assert shown("the same", "the same") == []


def test_words_that_are_missing_or_too_many_are_shown_with_their_neighbour() -> None:
    assert shown("we have found it", "we have not found it") == [("have", "have not")]
    assert shown("have found it", "we have found it") == [("have", "we have")]
    assert shown("um we found", "we found") == [("um we", "we")]
    assert shown("", "hello") == [("", "hello")]
    assert shown("hello", "") == [("hello", "")]


def test_runs_with_one_word_between_them_are_one() -> None:
    assert shown("sasha dela and tray nium", "Sacha Della and Trainium") == [
        ("sasha dela and tray nium", "Sacha Della and Trainium")
    ]


def test_where_only_spaces_differ_the_whole_is_shown() -> None:
    assert shown("コア ウィーブ", "コアウィーブ") == [("コア ウィーブ", "コアウィーブ")]


@given(TEXT, TEXT)
def test_what_should_be_is_what_is_with_its_runs_replaced(was: str, now: str) -> None:
    written, at = "", 0
    for run in runs(was, now):
        assert at <= run.start <= run.end <= len(was)
        written += was[at : run.start] + run.text
        at = run.end
    assert (written + was[at:]).split() == now.split() or "".join(written.split()) == "".join(now.split())


@given(TEXT, TEXT)
def test_each_word_that_should_be_belongs_to_words_that_are(was: str, now: str) -> None:
    found, own = belongings(was, now), list(units(was))
    assert len(found) == len(spans(now))
    for one, unit in zip(found, units(now), strict=True):
        assert 0 <= one.start <= one.end <= len(was)
        if one.same is not None:
            assert (own[one.same].start, own[one.same].end) == (one.start, one.end)
            assert own[one.same].folded == unit.folded
    starts = [one.start for one in found]
    assert starts == sorted(starts)
    same = [one.same for one in found if one.same is not None]
    assert same == sorted(set(same))


@given(TEXT)
def test_of_a_text_that_is_as_it_should_be_each_word_is_its_own(text: str) -> None:
    assert [one.same for one in belongings(text, text)] == list(range(len(spans(text))))


def test_a_text_of_as_many_lines_is_parted_by_them() -> None:
    assert parted(["the cor", "weave deal"], "the CoreWeave \n deal") == ("the CoreWeave", "deal")
    assert parted(["one", "two", "three"], "one\n\nthree") == ("one", "", "three")


def test_a_text_whose_lines_were_joined_is_parted_by_its_words() -> None:
    assert parted(["the cor", "weave deal", "was signed"], "the CoreWeave deal was not signed") == (
        "the CoreWeave",
        "deal",
        "was not signed",
    )
    assert parted(["東京の", "コア ウィーブ"], "東京のコアウィーブです") == ("東京の", "コアウィーブです")
    assert parted(["one", "two"], "") == ("", "")


@given(st.lists(TEXT.map(lambda text: " ".join(text.split())), min_size=1, max_size=5), st.sampled_from(["\n", " "]))
def test_a_text_that_nobody_changed_is_parted_as_it_was(texts: list[str], between: str) -> None:
    found = parted(texts, between.join(texts))
    assert " ".join(" ".join(found).split()) == " ".join(" ".join(texts).split())
    if between == "\n" and texts[-1]:
        assert list(found) == texts
