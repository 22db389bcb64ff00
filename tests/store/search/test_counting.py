"""Questions that ask how often or when first something was said, and what of them is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search.counting import counted


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("how many times did they say CoreWeave", "CoreWeave"),
        ("How many times was CoreWeave mentioned?", "CoreWeave"),
        ("how many times has CoreWeave been mentioned in this talk?", "CoreWeave"),
        ("how many times does nuclear power come up?", "nuclear power"),
        ("how many times is the word mercury used in total?", "mercury"),
        ("how many times do they use the phrase data center", "data center"),
        ('how many times did he say "data center" in the video?', '"data center"'),
        ("how many times did he say “data center”?", '"data center"'),
        ("how many times CoreWeave?", "CoreWeave"),
        ("how many times did the speaker talk about the grid so far", "grid"),
        ("how often is nuclear power mentioned?", "nuclear power"),
        ("How often do they talk about Memphis", "Memphis"),
        ("how often did Ada Miller mention yeast", "yeast"),
        ("how often does sourdough appear in these transcripts", "sourdough"),
        ("how often do people refer to the Fresnel lens", "Fresnel lens"),
        ("how frequently do we hear about mercury", "mercury"),
        ("when was Memphis first mentioned", "Memphis"),
        ("When was the Fresnel lens first mentioned in this talk?", "Fresnel lens"),
        ("when did he first talk about the power grid", "power grid"),
        ("when did they mention Memphis for the first time?", "Memphis"),
        ("when does nuclear power first come up", "nuclear power"),
        ("when was the first time they said CoreWeave", "CoreWeave"),
        ("when was the first mention of nuclear power?", "nuclear power"),
        ("when did CoreWeave first appear?", "CoreWeave"),
        ("when was the tower first lit", "tower"),
    ],
)
def test_what_an_english_question_wants_counted(question: str, words: str) -> None:
    assert counted(question) == words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("CoreWeaveは何回出てきますか", "CoreWeave"),
        ("CoreWeaveという言葉は何回出てきますか？", "CoreWeave"),
        ("土壁について何回話しましたか", "土壁"),
        ("「町家」は何回出てきますか", '"町家"'),
        ("何回CoreWeaveと言いましたか", "CoreWeave"),
        ("この動画で電力は何回言及されましたか", "電力"),
        ("彼は電力について全部で何回話しましたか", "電力"),
        ("電力が最初に出たのはいつ", "電力"),
        ("最初に電力の話が出たのはいつですか", "電力"),
        ("最初にCoreWeaveと言ったのはいつ？", "CoreWeave"),
        ("原子力が初めて登場したのはいつですか", "原子力"),
    ],
)
def test_what_a_japanese_question_wants_counted(question: str, words: str) -> None:
    assert counted(question) == words


@pytest.mark.parametrize(
    "question",
    [
        "why did the keepers use mercury",
        "when did they mention Memphis",
        "when does it rain",
        "how many keepers were there",
        "how often should I feed it",
        "how often",
        "how many times?",
        "when did he first say",
        "what was said first",
        "土壁はどうやって直しますか",
        "最初に何をしますか",
        "何回",
        "",
        "???",
    ],
)
def test_other_questions_want_nothing_counted(question: str) -> None:
    assert counted(question) is None


@given(st.text(max_size=400) | st.builds("{} {} {}".format, st.just("how often did"), st.text(), st.just("mentioned")))
def test_any_text_is_read_and_what_is_counted_has_a_letter_or_a_digit(text: str) -> None:
    words = counted(text)
    assert words is None or any(character.isalnum() for character in words)


def test_a_long_question_is_read_at_once() -> None:
    assert counted("how often " + "is first said of " * 24) is not None
