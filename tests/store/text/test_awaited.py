"""Words that somebody waits for: what of them must be said, what must not, and which are the same."""

import pytest

from store.text.awaited import alternative, left_out, normal, said


@pytest.mark.parametrize(
    ("typed", "must", "must_not"),
    [
        ("steel zeppelins mercury", ("steel", "zeppelins", "mercury"), ()),
        ('"sour  dough" -cake', ("sour dough",), ("cake",)),
        ('“The Water” -"rye bread"', ("The Water",), ("rye bread",)),
        ("the mill mill", ("mill",), ()),
        ("the who", ("the", "who"), ()),
        ("東京の会", ("東京の会",), ()),
        ("", (), ()),
    ],
)
def test_words_are_taken_apart_as_they_were_typed(typed: str, must: tuple[str, ...], must_not: tuple[str, ...]) -> None:
    assert (said(typed), left_out(typed)) == (must, must_not)


def test_capitals_order_and_marks_make_no_difference() -> None:
    assert normal("GLASS") == normal("glass")
    assert normal("steel glass,") == normal("Glass steel")
    assert normal("“Sour  Dough” -Cake") == normal('-cake "sour dough"')


def test_a_phrase_what_is_left_out_and_signs_make_one() -> None:
    typed = ["sour dough", '"sour dough"', '-"sour dough"', "sour -dough", "C++", "C", "C#", "!", "?"]
    assert len({normal(words) for words in typed}) == len(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("steel OR glass", "OR"),
        ("Stahl oder Glas", "oder"),
        ('"steel or glass"', None),
        ("-or steel", None),
        ("ore orderly", None),
    ],
)
def test_what_stands_for_or_is_noticed(typed: str, found: str | None) -> None:
    assert alternative(typed) == found
