"""How words sound: what is spelled or said alike is found without a look at every word."""

import string
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.sounds import _CODES, LONG, MAX_CODE, nearby, parts, sounds

CODES = st.text(_CODES, min_size=1, max_size=8)
LETTERS = st.text(string.ascii_lowercase, min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(CODES, st.data())
def test_every_code_one_edit_away_is_near(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    new = data.draw(st.sampled_from(_CODES))
    edited = {code[:at] + new + code[at:], code[:at] + code[at + 1 :], code[:at] + new + code[at + 1 :], code + new}
    assert edited - {""} <= nearby(code)


@settings(max_examples=100, deadline=None)
@given(CODES)
def test_a_code_is_near_itself_and_near_is_mutual(code: str) -> None:
    assert code in nearby(code)
    assert "" not in nearby(code)
    assert all(code in nearby(other) for other in nearby(code))
    assert all(abs(len(other) - len(code)) <= 1 for other in nearby(code))


@settings(max_examples=100, deadline=None)
@given(CODES)
def test_two_halves_of_a_code_sound_like_the_whole(code: str) -> None:
    for left, right in parts(code):
        assert left
        assert right
        assert code in {left + right, left + right[1:]}
        assert left + right == code or right[0] in {"A", left[-1]}
    least = 1 if len(code) < LONG else 2
    assert {(code[:at], code[at:]) for at in range(least, len(code) - least + 1)} <= set(parts(code))


@settings(max_examples=300, deadline=None)
@given(LETTERS | st.text(max_size=40) | st.text("çñßæøéüł’ghcw", max_size=12))
def test_every_sound_is_made_of_the_letters_that_are_tried(word: str) -> None:
    codes = sounds(word)
    assert len(codes) == len(set(codes))
    assert all(0 < len(code) <= MAX_CODE for code in codes)
    assert set("".join(codes)) <= set(_CODES)


@pytest.mark.parametrize("word", ["水車", "データ", "방앗간", "שלום", "мельница", "1871", "👍🏽", ""])
def test_what_is_not_latin_has_no_sound(word: str) -> None:
    assert sounds(word) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("coreweave", "corweave"),
        ("coreweave", "corewave"),
        ("trainium", "tranium"),
        ("danc", "dans"),
        ("knight", "night"),
    ],
)
def test_words_that_sound_the_same_share_a_code(one: str, other: str) -> None:
    assert not set(sounds(one)).isdisjoint(sounds(other))


@pytest.mark.parametrize(("one", "other"), [("gemini", "hemony"), ("nvidia", "nvidea"), ("mill", "mills")])
def test_words_that_are_spelled_alike_have_neighbouring_codes(one: str, other: str) -> None:
    assert any(second in nearby(first) for first, second in product(sounds(one), sounds(other)))


def test_a_stem_that_lost_its_e_has_the_soft_and_the_hard_sound() -> None:
    assert set(sounds("danc")) >= set(sounds("dans"))
    assert set(sounds("danc")) == {*sounds("dance"), "TNK"}
    assert len(sounds("rag")) == len({*sounds("rag"), *sounds("rage")})


@pytest.mark.parametrize(
    ("whole", "left", "right"),
    [("coreweave", "core", "weave"), ("databricks", "data", "bricks"), ("bytedance", "bite", "dance")],
)
def test_a_name_said_as_two_words_is_two_of_its_parts(whole: str, left: str, right: str) -> None:
    halves = {pair for code in sounds(whole) for pair in parts(code)}
    assert not halves.isdisjoint(product(sounds(left), sounds(right)))
