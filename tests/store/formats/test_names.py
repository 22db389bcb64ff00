"""Names in front of words: what is a speaker, and what only looks like one."""

import time

import pytest

from store.formats import names
from store.models import Cue


def named(*texts: str) -> list[tuple[str | None, str]]:
    """Who speaks, and the words, of cues with these texts."""
    return [(cue.speaker, cue.text) for cue in names.named([Cue(at * 1000, text) for at, text in enumerate(texts)])]


@pytest.mark.parametrize(
    "name", ["amy", "Bob (he/him)", "Amy Roe | ACME Inc.", "iPhone (2)", "16505551234", "Dr. Li, MD"]
)
def test_a_name_is_taken_as_it_is_typed_where_every_cue_has_one(name: str) -> None:
    said = named(f"{name}: hi", "Bo Lind: hello", f"{name}: well, so: yes", "Bo Lind: bye")
    assert said == [(name, "hi"), ("Bo Lind", "hello"), (name, "well, so: yes"), ("Bo Lind", "bye")]


@pytest.mark.parametrize(
    "texts",
    [
        ["Remember: bring water"],
        ["Warning: hot", "we walked", "Warning: cold", "we slept"],
        ["Question: why?", "Answer: because", "Question: how?", "Answer: so"],
        ["Monday: clay", "Tuesday: fire", "Wednesday: glaze"],
        ["Step 1: dig", "Step 2: knead", "Step 1: again", "Step 2: more"],
        ["Flour: two cups", "Salt: a pinch"],
        ["[MUSIC PLAYING]: hello", "[Audience Laughs]: yes", "[MUSIC PLAYING]: so", "[Audience Laughs]: no"],
        ["One thing: it rained", "and then", "we slept", "well: no"],
        ["他说：“走吧。”", "她说：“不行。”", "天黑了", "他说：“为什么？”", "她说：“因为。”"],
        ["AMY:", "Hello", "BO:", "Hi"],
        ["16:30: we go", "17:30: we eat", "16:30: again"],
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_stays_where_it_is(texts: list[str]) -> None:
    assert named(*texts) == [(None, text) for text in texts]


@pytest.mark.parametrize(
    "texts",
    [
        ["Amy Roe: hi", "Bo Lind: hello"],
        ["AMY: hi", "BO: hello"],
        ["[Amy]: hi", "[Bo]: hello"],
        ["田中：始めましょう", "鈴木：はい"],
        ["Amy: hi", "hello", "Amy: well", "Bo: yes"],
        ["Amy: hi", "Amy: well", "Amy: so"],
        ["Speaker 1: hi", "Speaker 2: well"],
    ],
)  # fmt: skip
def test_a_few_cues_with_names_have_speakers(texts: list[str]) -> None:
    assert [speaker for speaker, _ in named(*texts) if speaker] == [
        text.replace("：", ":").partition(":")[0].strip("[]") for text in texts if ":" in text.replace("：", ":")
    ]


@pytest.mark.parametrize("form", ["**{}:** {}", "**{}**: {}", "__{}:__ {}"])
def test_bold_letters_around_a_name_are_none_of_it(form: str) -> None:
    said = [("Amy Roe", "hi"), ("Bo", "so **very** hot"), ("Amy Roe", "well")]
    assert named(*(form.format(*one) for one in said)) == said


def test_a_phrase_before_a_colon_is_words_among_speakers_too() -> None:
    told = "And then the old man said: go away."
    assert named(*["AMY: one", "BO: two"] * 5, told)[-1] == (None, told)
    assert named(*["AMY: one", "BO: two"] * 5, "Who is there? BO: me")[-1] == (None, "Who is there? BO: me")


def test_who_speaks_in_quotation_marks_is_a_speaker_where_every_line_has_one() -> None:
    assert named("田中：「はい」", "佐藤：「どうも」", "田中：「では」") == [
        ("田中", "「はい」"),
        ("佐藤", "「どうも」"),
        ("田中", "「では」"),
    ]
    typed = named(*["bob (he/him): hello", "amy_x: hi"] * 5, 'amy_x: "Yes" is what he said')
    assert [speaker for speaker, _ in typed] == [*["bob (he/him)", "amy_x"] * 5, "amy_x"]


def test_bold_words_before_a_colon_here_and_there_are_no_speakers() -> None:
    texts = ["The first kiln", "**Cost:** high", "It is old.", "The other kiln", "**Cost:** low", "It is new."]
    assert named(*texts) == [(None, text) for text in texts]


def test_a_name_in_capitals_is_a_speaker_though_it_is_there_once() -> None:
    said = [("Müller, Anna", "hi"), ("Stein, Bo (IT)", "well"), ("Müller, Anna", "so"), ("Stein, Bo (IT)", "yes")]
    once = ("Klein, Udo", "hello")
    assert named(*(f"{name}: {words}" for name, words in [*said, once])) == [*said, once]


def test_marks_before_a_name_are_none_of_it() -> None:
    said = named("- AMY: hi", ">> BO: hello", "(AMY): well", "[BO]: yes", "AMY: so")
    assert [speaker for speaker, _ in said] == ["AMY", "BO", "AMY", "BO", "AMY"]


def test_a_long_line_of_small_words_is_looked_at_for_a_name_in_time() -> None:
    began = time.perf_counter()
    assert names.in_front("- A" + " 1" * 400 + ": so") is None
    assert names.in_front("Intervenant 1 : bonjour") == ("Intervenant 1", "bonjour")
    assert names.in_front("Ana de la Cruz y Vega: hola") == ("Ana de la Cruz y Vega", "hola")
    assert time.perf_counter() - began < 1
