import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.dictionary import japanese
from store.dictionary.table import dictionary
from store.text.analysis import units


def found(text: str) -> dict[str, set[str]]:
    words = japanese.words(list(units(text)), dictionary())
    return {word.form: {one for entry in word.entries for one in (*entry.alone, *entry.among)} for word in words}


def foreign(text: str) -> list[str]:
    return [word.form for word in japanese.foreign(list(units(text)), dictionary())]


@pytest.mark.parametrize(
    ("text", "form", "english"),
    [
        ("電気代が上がったのはなぜ？", "上がっ", "rise"),
        ("本を書きました", "書き", "write"),
        ("魚を食べたい", "食べ", "eat"),
        ("患者を診ていない", "診", "examine"),
        ("橋は大きかった", "大きか", "big"),
        ("規則が厳しすぎる", "厳し", "strict"),
        ("川を泳いだ", "泳い", "swim"),
        ("すごい話", "すごい", "great"),
        ("鉄道を敷く", "鉄道", "railway"),
    ],
)
def test_a_word_is_found_however_it_is_inflected(text: str, form: str, english: str) -> None:
    assert english in found(text)[form]


def test_the_longest_word_is_taken() -> None:
    assert "原子力発電所" in found("原子力発電所の話")
    assert "原子力" not in found("原子力発電所の話")


def test_endings_and_particles_are_passed_over() -> None:
    assert list(found("規制を維持しますか")) == ["規制", "維持"]


def test_what_one_asks_with_has_no_entries() -> None:
    assert {form for form, english in found("何について話しましたか、どうしてですか").items() if not english} >= {
        "何",
        "について",
        "どうして",
    }


def test_katakana_is_a_word_from_end_to_end_or_made_of_words_without_a_gap() -> None:
    assert list(found("データセンターの冷却")) == ["データセンター", "冷却"]
    assert list(found("クラウドレンタル")) == ["クラウド", "レンタル"]
    assert list(found("コアウィーヴェン")) == []


def test_katakana_that_is_no_word_is_foreign_a_name_among_the_names_too() -> None:
    assert foreign("コアウィーブとトランプとデータ") == ["コアウィーブ"]
    assert foreign("サティア・ナデラ") == ["サティア", "ナデラ"]
    assert foreign("ラ") == []


def test_half_width_katakana_is_the_same_with_its_voice_marks() -> None:
    text = "ﾃﾞｰﾀ ｾﾝﾀｰ"
    words = japanese.words(list(units(text)), dictionary())
    assert [word.form for word in words] == ["データ", "センター"]
    assert found("ﾃﾞｰﾀｾﾝﾀｰ").keys() == {"データセンター"}


@given(st.text(alphabet="電力がアメー々ｶﾞっるa 1・。", max_size=30))
def test_words_stand_in_the_text_in_order_and_none_overlaps(text: str) -> None:
    said = list(units(text))
    at = 0
    for word in japanese.words(said, dictionary()):
        assert word.first >= at
        assert "".join(unit.folded for unit in said[word.first : word.end]) == word.form
        at = word.end
