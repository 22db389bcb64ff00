"""Every language says every sentence, with the fields of the English one, and within Discord's limits."""

import ast
import asyncio
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, pofile

from cogs.locales.catalogues import ENGLISH, FOLDER, LANGUAGES, catalogue
from tests.cogs.locales.messages import REPOSITORY, SAYING, Message, every, updated, write

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
# https://discord.com/developers/docs/components/reference: of a button or a field of a form, a form, and of a menu
LIMITS = {"label": 45, "title": 45, "placeholder": 100, "description": 100}
BUTTON = 80
HEADS = ("### ", "-# ", "- ", "> ")


@pytest.fixture(scope="module")
def messages() -> tuple[Message, ...]:
    return asyncio.run(every())


def read(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return pofile.read_po(file, locale=language.replace("-", "_"), abort_invalid=True)


def said(language: str, message: Message) -> list[str]:
    """Return each form of a message in a language; nothing of one that isn't translated."""
    found = read_once(language).get(message.id, message.context)
    if found is None:
        return []
    forms = [found.string] if isinstance(found.string, str) else found.string or ()
    return [form for form in forms if form]


_READ: dict[str, Catalog] = {}


def read_once(language: str) -> Catalog:
    if language not in _READ:
        _READ[language] = read(language)
    return _READ[language]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_said_in_every_language(language: str, messages: tuple[Message, ...]) -> None:
    forms = read_once(language).num_plurals
    wrong = [one for one in messages if len(said(language, one)) != (forms if one.many is not None else 1)]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_fields_of_its_sentence(language: str, messages: tuple[Message, ...]) -> None:
    wrong: list[tuple[str, str]] = []
    for one in messages:
        try:
            wanted = fields(one.text) | (fields(one.many) if one.many is not None else set())
        except ValueError:  # it isn't formatted, so its braces are none
            continue
        forms = said(language, one)
        wrong += [(one.text, form) for form in forms if wanted - {"n"} != fields(form) - {"n"}]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_lines_of_its_sentence(language: str, messages: tuple[Message, ...]) -> None:
    def shape(text: str) -> tuple[str, ...]:
        """Return how each line begins, by Discord's markdown."""
        return tuple(next((head for head in HEADS if line.startswith(head)), "") for line in text.split("\n"))

    wrong = [(one.text, form) for one in messages for form in said(language, one) if shape(form) != shape(one.text)]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_kept_in_the_order_of_the_code(
    language: str, messages: tuple[Message, ...], tmp_path: Path
) -> None:
    write(updated(read(language), messages), tmp_path / "made.po")
    assert (tmp_path / "made.po").read_text("utf-8") == (FOLDER / f"{language}.po").read_text("utf-8")


def in_keywords() -> Iterator[tuple[str, str]]:
    """Yield the sentences that stand where Discord's room is small, with the keyword that they are given as."""
    for path in sorted((REPOSITORY / "cogs").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for keyword in node.keywords:
                if keyword.arg in LIMITS:
                    for text in sentences(keyword.value):
                        yield f"{called}.{keyword.arg}", text


def sentences(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in SAYING:
            yield from (
                str(argument.value)
                for argument in inner.args[:2]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def test_what_has_little_room_fits_in_every_language() -> None:
    found = list(in_keywords())
    assert found, "none was found, so none was looked at"
    wrong = []
    for place, text in found:
        room = BUTTON if place.startswith("Button.") else LIMITS[place.rpartition(".")[2]]
        for language in LANGUAGES:
            form = catalogue(language).gettext(text)
            if len(form) > room:
                wrong.append((place, form))
    assert wrong == []
