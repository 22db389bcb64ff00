"""Words of many scripts: the spellings and the forms of a word are one term, and other words are others."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import analysis, scripts
from store.text.analysis import spans, spoken, terms, tokens, units
from store.text.cutting import characters

ONE = [
    ("GPU", "GPUs", "GPU’s"),
    ("LLM", "LLMs", "llm's"),
    ("DVD", "DVDs"),
    ("ёлка", "елка"),
    ("книга", "книги", "книгу", "книгой", "КНИГАМИ"),
    ("كِتَابٌ", "كتاب", "كـــتاب"),
    ("أحمد", "احمد", "إحمد"),
    ("مدرسة", "مدرسه", "المدرسة", "المدرسه"),
    ("كتاب", "كتابه", "الكتاب"),
    ("مستشفى", "مستشفي"),
    ("שָׁלוֹם", "שלום"),
    ("άνθρωπος", "ανθρωπος", "ΑΝΘΡΩΠΟΣ", "Άνθρωποι", "ανθρώπου"),
    ("लड़का", "लड़के", "लड़कों"),
    ("հայերեն", "ՀԱՅԵՐԵՆ"),
    ("வீடு", "வீடு"),
]
OTHERS = [
    ("DNS", "DN"),
    ("CSS", "CS"),
    ("GPU", "GP"),
    ("bus", "bu"),
    ("книга", "книжный"),
    ("كتاب", "كلب"),
    ("άνθρωπος", "άντρας"),
    ("लड़का", "लकड़ी"),
    ("น้ำ", "นา"),
    ("кот", "кит"),
]
UNSPACED = {
    "น้ำตกไหลแรง": ["น้ํ", "า", "ต", "ก", "ไ", "ห", "ล", "แ", "ร", "ง"],
    "ສະບາຍດີ": ["ສ", "ະ", "ບ", "າ", "ຍ", "ດີ"],
    "水車": ["水", "車"],
}


@pytest.mark.parametrize("spellings", ONE)
def test_spellings_and_forms_of_a_word_are_one_term(spellings: tuple[str, ...]) -> None:
    found = {terms(spelling) for spelling in spellings}
    assert len(found) == 1
    assert len(next(iter(found))) == 1


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_words_are_other_terms(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@pytest.mark.parametrize(("text", "parts"), UNSPACED.items())
def test_where_no_spaces_stand_between_words_they_are_characters_with_their_marks(text: str, parts: list[str]) -> None:
    assert spoken([text]).words == parts
    pairs = [one + other for one, other in pairwise(parts)]
    assert set(terms(text)) == {*parts, *pairs}
    assert all(characters(one + other) == [one, other] for one, other in pairwise(parts))


@pytest.mark.parametrize("text", ["ភាសាខ្មែរ", "မြန်မာစကား", "ภาษาไทย", "ພາສາລາວ"])
def test_no_mark_is_cut_from_its_letter(text: str) -> None:
    assert "".join(unit.folded for unit in units(text)) == text
    assert [text[start:end] for start, end in spans(text)] == [unit.folded for unit in units(text)]


def test_marks_inside_a_word_stay_in_it() -> None:
    assert [token.term for token in tokens("हिन्दी में")] == [*terms("हिन्दी"), *terms("में")]
    assert len(spans("हिन्दी में")) == 2


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("zürich", ["zurich", "zuerich"]),
        ("canción", ["cancion"]),
        ("łódź", ["lodz"]),
        ("smørrebrød", ["smorrebrod", "smoerrebroed"]),
        ("œuvre", ["oeuvre"]),
        ("đường", ["duong"]),
        ("zurich", []),
        ("книга", []),
        ("ελλάδα", []),
    ],
)
def test_a_word_with_accents_is_typed_without_them(word: str, typed: list[str]) -> None:
    assert scripts.unaccented(word) == typed


@given(st.text(st.characters(min_codepoint=0x80, max_codepoint=0x1FFF), min_size=1, max_size=12))
def test_what_was_folded_is_folded(word: str) -> None:
    folded = scripts.folded(word.casefold())
    assert scripts.folded(folded) == folded
    assert isinstance(analysis.stem(folded), str)
