"""Which language a transcript is in: as its file says, as its name says, or as its words tell."""

import pytest

from store.errors import LanguageError
from store.models import Spoken, SpokenBy
from store.text import languages, telling
from tests.store.talks import SAID, captions

FILE, TEXT = SpokenBy.FILE, SpokenBy.TEXT


@pytest.mark.parametrize("code", SAID)
def test_a_language_is_told_by_fifty_words_of_captions(code: str) -> None:
    assert telling.told(captions(SAID[code])) == code


@pytest.mark.parametrize("code", SAID)
def test_it_is_told_by_all_of_a_text_not_by_its_first_words(code: str) -> None:
    other = captions(SAID["en" if code != "en" else "de"])
    assert telling.told([*other, *captions(SAID[code]) * 200]) == code


@pytest.mark.parametrize("texts", [[], [""], ["um"], ["12 3 4"] * 100, ["♪"] * 100, ["hello there"]])
def test_what_is_too_short_tells_no_language(texts: list[str]) -> None:
    assert telling.told(texts) == ""


def test_transliterated_words_tell_none_of_their_neighbours_with_certainty() -> None:
    hindi = ["kya aap mujhe bata sakte hain", "ki yeh kaise kaam karta hai", "mujhe samajh nahin aaya"]
    assert telling.told(hindi, least=telling.CLEAR) == ""


@pytest.mark.parametrize(
    ("stated", "name", "spoken"),
    [
        ("de", "talk.md", Spoken("de", FILE)),
        ("German", "talk.md", Spoken("de", FILE)),
        (" pt-BR ", "talk.md", Spoken("pt", FILE)),
        ("zh_Hans_CN", "talk.md", Spoken("zh", FILE)),
        ("deu", "talk.md", Spoken("de", FILE)),
        ("nb", "talk.md", Spoken("no", FILE)),
        ("iw", "talk.md", Spoken("he", FILE)),
        ("fr", "talk.de.md", Spoken("fr", FILE)),
        (None, "talk.de.md", Spoken("de", FILE)),
        (None, "talk.pt-BR.vtt", Spoken("pt", FILE)),
        (None, "talk.EN.srt", Spoken("en", FILE)),
        ("klingon", "talk.md", Spoken("en", TEXT)),
        ("", "talk.md", Spoken("en", TEXT)),
        (None, "talk.v2.md", Spoken("en", TEXT)),
        (None, "report.final.md", Spoken("en", TEXT)),
    ],
)
def test_the_file_says_it_before_its_words(stated: str | None, name: str, spoken: Spoken) -> None:
    assert telling.spoken(stated, name, captions(SAID["en"])) == spoken


def test_a_file_that_says_another_language_than_its_words_is_told_so() -> None:
    odd = telling.contradicted(Spoken("de", FILE), captions(SAID["fr"]))
    assert odd is not None
    assert str(odd) == "the file says that its language is German, but its words read as French."
    assert telling.contradicted(Spoken("fr", FILE), captions(SAID["fr"])) is None
    assert telling.contradicted(Spoken("de", SpokenBy.MODERATOR), captions(SAID["fr"])) is None
    assert telling.contradicted(Spoken("de", FILE), ["oui"]) is None


def test_a_moderator_names_a_language_by_its_name_or_code() -> None:
    assert [languages.chosen(said) for said in ("German", "german", "DE", "ger")] == ["de"] * 4
    with pytest.raises(LanguageError, match="There is no language “Elvish”; name it in English"):
        languages.chosen("Elvish")


def test_each_language_has_a_name_a_code_and_a_stemmer_that_exists() -> None:
    names = [language.name for language in languages.LANGUAGES.values()]
    assert len(set(names)) == len(names)
    assert all(languages.code(language.name) == code for code, language in languages.LANGUAGES.items())
    assert languages.named("xx") == "xx"
