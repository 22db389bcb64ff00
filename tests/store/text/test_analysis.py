"""Text to terms: which spellings are the same word, and where in the text each term stands."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.analysis import CJK_WORDS, Kind, length, measured, terms, tokens, units, words
from store.text.cutting import plain_words
from store.text.stopwords import STOPWORDS


def spans(text: str) -> dict[str, str]:
    return {token.term: text[token.start : token.end] for token in tokens(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mill", "MILL"),
        ("straße", "STRASSE"),
        ("Ｍｉｌｌ", "mill"),
        ("ﬁnance", "finance"),
        ("cafe\u0301", "café"),
        ("miller's", "miller’s"),
        ("millerʼs", "miller＇s"),
        ("millers", "miller's"),
        ("mills", "mill"),
        ("running", "runs"),
        ("1,000,000", "1000000"),
        ("２０２４", "2024"),
        ("ﾃﾞｰﾀ", "データ"),
        ("か\u3099", "が"),
    ],
)
def test_these_spellings_are_the_same_word(one: str, other: str) -> None:
    assert terms(one) == terms(other) != ()


@pytest.mark.parametrize(("one", "other"), [("mill", "miles"), ("1,000", "1"), ("3.14", "314"), ("東京", "京都")])
def test_these_are_not_the_same_words(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_words_stand_in_order_and_repeat() -> None:
    assert terms("Wheels, wheel; river-wheel!") == ("wheel", "wheel", "river", "wheel")


def test_stop_words_yield_nothing_in_any_spelling() -> None:
    assert terms("What IS it that they're doing, and WHY isn’t that ours?") == ()
    assert all(terms(word) == () for word in STOPWORDS)


def test_spans_are_of_the_text_as_it_was_written() -> None:
    assert spans("The MILLER’S ２,０００ wheels") == {"miller": "MILLER’S", "2000": "２,０００", "wheel": "wheels"}


def test_japanese_becomes_characters_and_pairs_with_their_places() -> None:
    assert [(t.term, t.start, t.end, t.kind) for t in tokens("水車は")] == [
        ("水", 0, 1, Kind.CHARACTER),
        ("水車", 0, 2, Kind.PAIR),
        ("車", 1, 2, Kind.CHARACTER),
        ("車は", 1, 3, Kind.PAIR),
        ("は", 2, 3, Kind.CHARACTER),
    ]


def test_a_pair_of_hiragana_is_its_own_kind() -> None:
    assert [t.kind for t in tokens("です")] == [Kind.CHARACTER, Kind.KANA_PAIR, Kind.CHARACTER]


def test_a_single_character_is_a_word() -> None:
    assert [(t.term, t.kind) for t in tokens("a 水 b")][-2:] == [("水", Kind.WORD), ("b", Kind.WORD)]


def test_half_width_kana_with_a_voice_mark_is_one_character_of_two_places() -> None:
    assert [(t.term, t.start, t.end) for t in tokens("ｶﾞｲﾄﾞ")] == [
        ("ガ", 0, 2),
        ("ガイ", 0, 3),
        ("イ", 2, 3),
        ("イド", 2, 5),
        ("ド", 3, 5),
    ]


def test_japanese_ends_where_latin_letters_begin() -> None:
    assert spans("GitHubのissue化する") == {
        "github": "GitHub",
        "の": "の",
        "issu": "issue",
        "化": "化",
        "化す": "化す",
        "す": "す",
        "する": "する",
        "る": "る",
    }


def test_long_vowels_and_repetition_marks_belong_to_their_run() -> None:
    assert [t.term for t in tokens("データ") if t.kind is Kind.CHARACTER] == list("データ")
    assert ("人々", 0, 2) in [(t.term, t.start, t.end) for t in tokens("人々")]


@pytest.mark.parametrize("text", ["방앗간", "水車小屋", "北京大学", "みずぐるま", "カタカナ"])
def test_every_cjk_script_is_read_by_characters_and_pairs(text: str) -> None:
    found = terms(text)
    assert set(text) <= set(found)
    assert {text[i : i + 2] for i in range(len(text) - 1)} <= set(found)


@pytest.mark.parametrize(
    ("text", "word"), [("мельницы реки", "реки"), ("ο μύλος", "μύλος"), ("चक्की", "चक्की"), ("طاحونة", "طاحونة")]
)
def test_other_scripts_are_read_by_words(text: str, word: str) -> None:
    assert word in spans(text).values()


@pytest.mark.parametrize("text", ["", "   ", "?!…", "👍🏽", "🏳️‍🌈", "—", "''", "\0", "\ud800"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert [term for term in terms(text) if term.isalnum()] == []


def test_length_counts_words_with_stop_words_and_a_character_as_a_third_of_a_word() -> None:
    assert length("") == 0
    assert length("the mill on the river") == 5
    assert length("1,000 miller’s") == 2
    assert length("水車小屋の話") == 2
    assert length("水車屋 and mill") == 3


def test_threads_share_the_stemmer_without_mixing_words() -> None:
    words = [f"{stem}{number}ing" for stem in ("wheel", "river", "grind") for number in "abcdefghijklmnopqrst"]
    alone = [terms(f"{word}z turning mills") for word in words]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda word: tuple(t.term for t in tokens(f"{word}z turning mills")), words * 5))
    assert together == alone * 5


TEXT = st.text(max_size=80) | st.text(
    st.sampled_from("aZ9,'’ʼ＇-_ .éß\u0301\u3099ｶﾞﾟーー々〇水車のﾄ방앗㌔㍿Ⅷ①²ﷺ\u200d\ufe0f\0\u2028\ud800👍🏽İŉᾳ"),
    max_size=40,
)


@settings(max_examples=800, deadline=None)
@given(TEXT)
def test_every_term_stands_inside_the_text_and_nothing_raises(text: str) -> None:
    found = list(tokens(text))
    assert all(token.term and 0 <= token.start < token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)
    assert terms(text) == tuple(token.term for token in found)
    assert length(text) >= 0


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_the_terms_of_cues_are_the_terms_of_their_joined_text(one: str, other: str) -> None:
    assert set(terms(one)) | set(terms(other)) <= set(terms(f"{one} {other}")) | set(terms(one[-1:])) | set(
        terms(other[:1])
    )


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_a_text_without_terms_has_no_length_beyond_its_stop_words(text: str) -> None:
    if length(text) == 0:
        assert terms(text) == ()


@settings(max_examples=800, deadline=None)
@given(TEXT)
def test_words_and_terms_are_the_same_with_their_places_and_without(text: str) -> None:
    assert words(text) == tuple(unit.folded for unit in units(text))
    assert terms(text) == tuple(token.term for token in tokens(text))
    assert measured(text) == (terms(text), length(text))


ASCII = st.text(st.characters(codec="ascii"), max_size=80) | st.text(st.sampled_from("aB19,''. -_\n"), max_size=30)


@settings(max_examples=800, deadline=None)
@given(ASCII)
def test_a_text_in_ascii_reads_the_same_beside_a_letter_that_is_not(text: str) -> None:
    assert words(f"{text} é") == (*words(text), "é")
    assert terms(f"{text} é") == (*terms(text), "é")
    assert length(f"{text} é") == length(text) + 1
    assert list(tokens(f"{text} é"))[:-1] == list(tokens(text))
    assert list(units(f"{text} é"))[:-1] == list(units(text))


PLAIN_RUNS = st.text(
    st.characters(min_codepoint=0x3005, max_codepoint=0x3007)
    | st.characters(min_codepoint=0x3041, max_codepoint=0x3096)
    | st.characters(min_codepoint=0x30A1, max_codepoint=0x30FA)
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    min_size=1,
    max_size=20,
)


@settings(max_examples=800, deadline=None)
@given(PLAIN_RUNS)
def test_a_run_of_characters_reads_the_same_beside_one_that_is_folded(run: str) -> None:
    assert words(f"{run}ｱ") == (*run, "ア")
    assert words(run) == tuple(run)
    assert list(units(f"{run}ｱ"))[:-1] == list(units(run))
    assert terms(f"{run}ｱ") == (*terms(run), f"{run[-1]}ア", "ア")
    assert measured(run) == (terms(run), len(run) * CJK_WORDS)


@settings(max_examples=400, deadline=None)
@given(st.lists(ASCII.map(lambda text: text.replace("\n", " ")), min_size=1, max_size=8))
def test_lines_in_ascii_have_the_same_words_together_and_alone(lines: list[str]) -> None:
    assert plain_words(lines) == [list(words(line)) for line in lines]
    assert plain_words(lines) == [[unit.folded for unit in units(line)] for line in lines]


def test_what_is_no_line_in_ascii_is_not_read_as_one() -> None:
    assert plain_words(["the mill", "the café"]) is None
    assert plain_words(["the mill\nand the river"]) is None
    assert words("the mill\nand the river") == ("the", "mill", "and", "the", "river")


@settings(max_examples=400, deadline=None)
@given(TEXT, st.data())
def test_tokens_among_some_terms_are_those_of_all_tokens(text: str, data: st.DataObject) -> None:
    every = list(tokens(text))
    among = data.draw(st.sets(st.sampled_from([token.term for token in every]))) if every else {"mill"}
    assert list(tokens(text, among)) == [token for token in every if token.term in among]
