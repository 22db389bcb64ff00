import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from store.dictionary.katakana import MOST, heard, spellings


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("コアウィーブ", "coreweave"),
        ("アンソロピック", "anthropic"),
        ("エヌビディア", "nvidia"),
        ("クラーナ", "klarna"),
        ("シーメンス", "siemens"),
        ("ディラン", "dylan"),
        ("ブラックウェル", "blackwell"),
        ("オラクル", "oracle"),
        ("ナデラ", "nadella"),
    ],
)
def test_what_a_name_spells_is_nearly_how_it_is_heard(name: str, latin: str) -> None:
    assert max(fuzz.ratio(heard(each), heard(latin)) for each in spellings(name)) >= 80


def test_sounds_that_japanese_does_not_tell_apart_are_heard_alike() -> None:
    assert heard("light") == heard("right")
    assert heard("vest") == heard("best")
    assert heard("thin") == heard("sin")


def test_letters_that_begin_a_name_may_be_letters() -> None:
    assert "nvidia" in spellings("エヌビディア")
    assert "dipshik" in spellings("ディープシーク")  # where they are none


@given(st.text(alphabet="アカサタナハマヤラワンガバパッーァィゥェォャュョヴヷ・", max_size=60))
def test_every_run_of_katakana_has_some_spellings_and_not_too_many(run: str) -> None:
    assert 1 <= len(spellings(run)) <= 2 * MOST
