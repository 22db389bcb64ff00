"""Sentences for people, kept as a template and its fields, so that whoever shows one can say it in another language.

The store knows no language but the one in which it was written: `str()` of a sentence is English, and `said` lets the
edge choose another template.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol


class Language(Protocol):
    """What a sentence is said in."""

    def template(self, one: str, many: str | None, count: int) -> str:
        """Return what stands in this language for a template, or for the one of two that fits a count."""

    def number(self, count: int) -> str:
        """Write a number."""

    def language(self, code: str, name: str) -> str:
        """Return what a language is called, whose English name is given."""


class English:
    """The language in which the templates are written."""

    def template(self, one: str, many: str | None, count: int) -> str:
        """Return the template, or the one of two that fits a count."""
        return one if many is None or count == 1 else many

    def number(self, count: int) -> str:
        """Write a number: `2,682`."""
        return f"{count:,}"

    def language(self, code: str, name: str) -> str:
        """Return a language's name."""
        del code
        return name


@dataclass(frozen=True, slots=True)
class LanguageName:
    """The name of a language in a sentence."""

    code: str
    name: str

    def said(self, language: Language) -> str:
        """Return it as it is called in a language."""
        return language.language(self.code, self.name)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with `{names}`, and what stands for them; a sentence among its fields is said in the same language.

    One that counts has a template for `many`, and its `count`, which stands for `{n}`.
    """

    template: str
    fields: tuple[tuple[str, object], ...] = ()
    many: str | None = None
    count: int = 1

    def __str__(self) -> str:
        return self.said(English())

    def kept(self) -> str:
        """Return the sentence as it can be kept and `recalled`: one without fields is its own text."""
        return self.template if not self.fields and self.many is None else json.dumps(_packed(self), ensure_ascii=False)

    def said(self, language: Language) -> str:
        """Return the sentence in a language."""
        template = language.template(self.template, self.many, self.count)
        fields = {
            name: field.said(language) if isinstance(field, Sentence | LanguageName) else field
            for name, field in self.fields
        }
        if self.many is not None:
            fields["n"] = language.number(self.count)
        return template.format(**fields) if fields else template


def sentence(template: str | Sentence, /, **fields: object) -> Sentence:
    """Return a sentence of a template, or one with more fields."""
    if isinstance(template, Sentence):
        return replace(template, fields=(*template.fields, *fields.items()))
    return Sentence(template, tuple(fields.items()))


def counted(one: str, many: str, count: int, /, **fields: object) -> Sentence:
    """Return a sentence that counts; `{n}` in it is the count as people write it."""
    return Sentence(one, tuple(fields.items()), many, count)


def recalled(kept: str) -> Sentence:
    """Return a sentence that was kept; any other text is a sentence without fields."""
    if not kept.startswith('{"template": '):
        return Sentence(kept)
    return _unpacked(json.loads(kept))


COMMAS = sentence("{before}, {part}")
SEMICOLONS = sentence("{before}; {part}")


def series(parts: Sequence[object], between: Sentence = COMMAS) -> Sentence:
    """Return parts in a row: `one, two, three`.

    Raises:
        IndexError: there is no part.
    """
    found = parts[0] if isinstance(parts[0], Sentence) else sentence("{part}", part=parts[0])
    for part in parts[1:]:
        found = sentence(between, before=found, part=part)
    return found


def _packed(one: Sentence) -> dict[str, Any]:
    fields = {name: _packed_field(value) for name, value in one.fields}
    return {"template": one.template, "fields": fields, "many": one.many, "count": one.count}


def _packed_field(value: object) -> object:
    if isinstance(value, Sentence):
        return _packed(value)
    return {"language": value.code, "name": value.name} if isinstance(value, LanguageName) else value


def _unpacked(found: dict[str, Any]) -> Sentence:
    fields = ((name, _unpacked_field(value)) for name, value in found["fields"].items())
    return Sentence(found["template"], tuple(fields), found["many"], found["count"])


def _unpacked_field(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return LanguageName(value["language"], value["name"]) if "language" in value else _unpacked(value)
