"""What is one word and what is none, language by language: golden pairs."""

import unicodedata

import pytest

from store.text.analysis import spans, terms, words
from store.text.languages import LANGUAGES, varieties
from store.text.latin_stopwords import LATIN
from store.text.scripts import folded
from tests.store.talks import SAID

SAME = [
    ("de", "Haus", "Häuser"),
    ("de", "Straße", "STRASSEN"),
    ("de", "Möglichkeit", "Möglichkeiten"),
    ("de", "Größe", "groesse"),
    ("nl", "boek", "boeken"),
    ("sv", "hund", "hundarna"),
    ("no", "hund", "hundene"),
    ("da", "hund", "hundene"),
    ("fi", "talo", "talossa"),
    ("fr", "homme", "l'homme"),
    ("fr", "hommes", "l’homme"),
    ("fr", "arrivée", "l'arrivée"),
    ("fr", "histoire", "qu'histoires"),
    ("es", "canción", "canciones"),
    ("it", "università", "dell'università"),
    ("it", "albero", "un'alberi"),
    ("pt", "livro", "livros"),
    ("pt", "ação", "ações"),
    ("pt", "alemão", "alemães"),
    ("pt", "animal", "animais"),
    ("pt", "papel", "papéis"),
    ("pt", "possível", "possíveis"),
    ("ca", "col·legi", "col·legis"),
    ("ca", "home", "l'home"),
    ("ca", "coŀlegi", "col·legi"),
    ("ro", "casă", "casele"),
    ("pl", "książka", "książki"),
    ("cs", "kniha", "knihy"),
    ("hu", "ház", "házban"),
    ("tr", "kız", "kızlarımız"),
    ("tr", "KIZLARIMIZ", "kızlarımız"),
    ("tr", "ISPARTA", "ısparta"),
    ("tr", "İstanbul", "istanbul'da"),
    ("tr", "yıldız", "yıldızlar"),
    ("id", "membaca", "bacaan"),
    ("vi", unicodedata.normalize("NFD", "đẹp"), "đẹp"),
    ("lt", "namas", "namai"),
    ("et", "raamat", "raamatud"),
    ("sr", "школа", "škole"),
    ("hr", "knjiga", "knjige"),
    ("fa", "کتاب", "کتاب‌ها"),
    ("ru", "ёлка", "елки"),
    ("ar", "الكِتَابُ", "كتاب"),
    ("ar", "مدرسة", "مدرسه"),
    ("el", "Άνθρωπος", "ανθρωποσ"),
    ("hi", "लड़का", "लड़के"),
    ("hi", "ज़रूरत", "जरूरत"),
    ("hi", "पाँच", "पांच"),
    ("uk", "м'яч", "м’яч"),
]
OTHERS = [("de", "Haus", "Maus"), ("fr", "l'été", "d'état"), ("en", "l'homme", "homme"), ("vi", "ma", "má")]


@pytest.mark.parametrize(("language", "one", "other"), SAME)
def test_two_forms_of_a_word_are_one_term(language: str, one: str, other: str) -> None:
    assert terms(one, language=language) == terms(other, language=language) != ()


@pytest.mark.parametrize(("language", "one", "other"), OTHERS)
def test_two_words_are_two_terms(language: str, one: str, other: str) -> None:
    assert terms(one, language=language) != terms(other, language=language)


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("de", "die Häuser waren in der Stadt", "haus stadt"),
        ("fr", "c'est qu'il y a l'été dans l'eau", "été eau"),
        ("fr", "aujourd'hui", "aujourd'hui"),
        ("it", "c'è un'altra cosa che l'ha fatto", "fatt"),
        ("es", "¿qué ha dicho de la casa?", "dich cas"),
        ("nl", "wat heeft hij over het huis gezegd", "huis gezegd"),
        ("tr", "bu kitabı nasıl ve niçin", "kitap"),
        ("vi", "tôi đã ở trong nhà của bạn", "nhà"),
        ("en", "die hard was der film", "die hard der film"),
        ("xx", "the house of the rising sun", "hous rise sun"),
    ],
)
def test_small_words_of_a_language_are_no_terms(language: str, text: str, left: str) -> None:
    assert terms(text, language=language) == terms(left, language=language)
    assert len(terms(text, language=language)) == len(left.split())


@pytest.mark.parametrize("code", SAID)
def test_words_are_cut_alike_in_every_language(code: str) -> None:
    text = SAID[code]
    assert len(words(text)) == len(spans(text))
    assert 0 < len(terms(text, language=code)) <= 2 * len(words(text))


def test_a_word_of_another_script_is_its_scripts_own() -> None:
    assert terms("der Kreml und Москвы", language="de")[1:] == terms("Москвы", language="ru")
    assert terms("running in Москве", language="ru")[:1] == terms("running", language="en")


def test_languages_that_are_treated_alike_are_one() -> None:
    assert varieties(["", "de", "en", "ja", "ru", "xx"]) == ("", "de")
    assert varieties(["de"]) == ("de",)
    assert varieties([]) == ("",)


def test_stop_words_are_of_languages_that_are_known_and_folded() -> None:
    assert LATIN.keys() <= LANGUAGES.keys()
    every = frozenset().union(*LATIN.values())
    assert all(word == folded(word.casefold()) and word.strip() == word for word in every)
    assert all(not terms(word, language=code) for code, list_ in LATIN.items() for word in list_)
