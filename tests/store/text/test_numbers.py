"""Numbers read from words, and the ways in which each is written and said."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from num2words import num2words

from store.text.analysis import words
from store.text.numbers import ROWS, japanese, may_say, numbers, ways


def read(text: str, language: str = "en") -> list[tuple[Decimal, str, bool]]:
    return [(number.value, number.sign, number.ordinal) for number in numbers(words(text), language)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing of the kind", []),
        ("the first one of all", []),
        ("one of them", []),
        ("twenty-five of them", [(25, "", False)]),
        ("seven percent and 8 %", [(7, "%", False), (8, "%", False)]),
        ("€3.5 or 3.5 euros", [(Decimal("3.5"), "€", False), (Decimal("3.5"), "€", False)]),
        ("1.5 billion", [(1_500_000_000, "", False)]),
        ("one point five billion", [(1_500_000_000, "", False)]),
        ("2,5 or 10,25 but 1,000", [(Decimal("2.5"), "", False), (Decimal("10.25"), "", False), (1000, "", False)]),
        ("100k or 2m", [(100_000, "", False), (2_000_000, "", False)]),
        ("the 21st", [(21, "", True)]),
        ("2.520th", [(Decimal("2.52"), "", False)]),
        ("in nineteen ninety nine", [(1999, "", False)]),
        ("one two three", [(2, "", False), (3, "", False)]),
    ],
)
def test_english_numbers_are_read(text: str, found: list[tuple[Decimal | int, str, bool]]) -> None:
    assert read(text) == [(Decimal(value), sign, ordinal) for value, sign, ordinal in found]


def test_the_scale_after_a_decimal_belongs_to_it() -> None:
    assert read("un virgule cinq million", "fr") == [(Decimal(1_500_000), "", False)]
    assert read("uno coma cinco millones", "es") == [(Decimal(1_500_000), "", False)]
    assert read("1.5 million", "fr") == [(Decimal(1_500_000), "", False)]


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 10**6), st.sampled_from(sorted(ROWS)))
def test_what_is_said_of_a_number_reads_as_it_again(value: int, language: str) -> None:
    assume(language != "de" or value < 1000)  # greater ones are one word, which no list holds
    said = " ".join(words(num2words(value, lang=language)))
    assert may_say(words(said), [language])
    (number,) = numbers(words(said), language)
    assert number.value == value
    assert (str(value),) in ways(number, [language])
    assert all(word for way in ways(number, [language]) for word in way)


@pytest.mark.parametrize(
    ("text", "said", "way"),
    [
        ("売上の三割", "三割", "30%"),
        ("約30%です", "30%", "3割"),
        ("十万人", "十万人", "10万人"),
        ("100,000人", "100,000人", "10万人"),
        ("1.5億円", "1.5億円", "150000000円"),
        ("1億5000万円", "1億5000万円", "150000000円"),
        ("二〇二四年", "二〇二四年", "2024年"),
        ("2024年", "2024年", "二〇二四年"),
    ],
)
def test_japanese_numbers_have_ways(text: str, said: str, way: str) -> None:
    ((start, end, every),) = japanese(text)
    assert text[start:end] == said
    assert words(way) in every


@pytest.mark.parametrize("text", ["一番", "万", "百聞は一見にしかず", "hello", "十分に", "2,5", "12,5", "1.2.3"])
def test_kanji_that_are_parts_of_words_are_no_numbers(text: str) -> None:
    assert list(japanese(text)) == []


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789.,一二十百千万億兆〇割%年人円"), max_size=12))
def test_any_digits_are_read_without_an_error(text: str) -> None:
    for start, end, every in japanese(text):
        assert 0 <= start < end <= len(text)
        assert every
