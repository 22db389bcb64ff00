"""The language in which sentences are said."""

import asyncio

import pytest

from cogs.locales import gettext, ngettext, speaking, translated
from cogs.locales.catalogues import LANGUAGES, nearest, own_name
from cogs.locales.speaking import (
    alternatives,
    catalogue_named,
    language_code,
    language_named,
    language_names,
    listing,
    number,
    run_on,
    speak,
    spoken,
    weekday,
)
from store.errors import FormatError, NotFoundError, StoreError
from store.sentences import counted, sentence
from store.text.languages import LANGUAGES as KNOWN


def test_there_are_english_and_each_language_with_a_file() -> None:
    assert LANGUAGES[0] == "en"
    assert "ja" in LANGUAGES


@pytest.mark.parametrize(
    ("code", "language"), [("ja", "ja"), ("en-GB", "en"), ("en-US", "en"), ("hu", "en"), ("", "en")]
)
def test_what_has_no_catalogue_is_english(code: str, language: str) -> None:
    assert nearest(code) == language


def test_a_language_of_a_catalogue_is_named_by_itself_and_in_the_one_that_is_spoken() -> None:
    assert [own_name(code) for code in ("en", "ja", "de", "fr", "pt-BR")] == [
        "English", "日本語", "Deutsch", "Français", "Português (Brasil)"
    ]  # fmt: skip
    assert [catalogue_named(code) for code in ("en", "ja", "pt-BR")] == ["English", "Japanese", "Portuguese (Brazil)"]
    with speaking("ja"):
        assert [catalogue_named(code) for code in ("en", "ja", "pt-BR")] == [
            "英語",
            "日本語",
            "ポルトガル語 (ブラジル)",
        ]


def test_a_sentence_without_a_translation_stays_as_it_is_written() -> None:
    with speaking("ja"):
        assert gettext("Nobody ever translated {this}.", this="that") == "Nobody ever translated that."


def test_a_sentence_without_fields_may_hold_braces() -> None:
    assert gettext("Write {x} for x.") == "Write {x} for x."


def test_a_count_chooses_its_sentence_and_is_written_for_people() -> None:
    assert ngettext("{n} cue of {title}", "{n} cues of {title}", 1, title="tides") == "1 cue of tides"
    assert ngettext("{n} cue of {title}", "{n} cues of {title}", 2682, title="tides") == "2,682 cues of tides"


def test_a_sentence_of_the_store_is_said_with_the_sentences_in_it() -> None:
    said = sentence("{what} in {where}", what=counted("{n} cue", "{n} cues", 3), where="the sea")
    assert str(said) == translated(said) == "3 cues in the sea"


def test_an_error_says_its_sentence_and_its_line() -> None:
    assert translated(NotFoundError("There is no {what}.", what="tide")) == "There is no tide."
    assert translated(FormatError("It has {n} ends.", n=2, line=7)) == "Line 7: It has 2 ends."
    assert str(StoreError("Braces {stay} where no field is given.")) == "Braces {stay} where no field is given."


def test_names_stand_in_a_row_as_the_language_writes_them() -> None:
    names = ["one", "two", "three"]
    assert listing(names) == "one, two and three"
    assert alternatives(names) == "one, two or three"
    assert listing(names[:1]) == "one"
    assert listing([]) == ""
    with speaking("ja"):
        assert listing(names) == "one、two、three"
        assert number(12345) == "12,345"


def test_languages_are_called_as_the_language_calls_them() -> None:
    assert {code: language_named(code) for code in KNOWN} == {code: known.name for code, known in KNOWN.items()}
    with speaking("ja"):
        assert [language_named(code) for code in ("ja", "en", "no", "zh")] == [
            "日本語",
            "英語",
            "ノルウェー語",
            "中国語",
        ]
        assert [code for code in KNOWN if language_named(code).isascii()] == []
        assert language_named("tlh") == "tlh"
        assert {language_code(name) for name in language_names()} == set(KNOWN)
        assert (language_code("German"), language_code("de")) == (None, None)
    assert language_names() == sorted(known.name for known in KNOWN.values())
    assert language_code(" german ") == "de"


def test_sentences_run_on_as_the_language_writes_them() -> None:
    assert run_on("One.", "Two.", "Three.") == "One. Two. Three."
    with speaking("ja"):
        assert run_on("一。", "二。") == "一。二。"


def test_days_are_written_as_the_language_writes_them() -> None:
    assert [weekday(day) for day in range(7)] == [
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ]
    with speaking("ja"):
        assert [weekday(0), weekday(6)] == ["月曜日", "日曜日"]


async def test_each_task_speaks_the_language_of_who_asked() -> None:
    met = asyncio.Barrier(2)

    async def asked(code: str) -> str:
        speak(code)
        await met.wait()
        return spoken()

    assert tuple(await asyncio.gather(asked("ja"), asked("en-US"))) == ("ja", "en")
    assert spoken() == "en"
