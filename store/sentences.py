"""Sentences for people, kept as a template and its fields, so that whoever shows one can say it in another language.

The store knows no language but the one in which it was written: `str()` of a sentence is English, and `said` lets the
edge choose another template.
"""

from dataclasses import dataclass
from typing import Protocol


class Language(Protocol):
    """What a sentence is said in."""

    def template(self, one: str, many: str | None, count: int) -> str:
        """Return what stands in this language for a template, or for the one of two that fits a count."""

    def number(self, count: int) -> str:
        """Write a number."""


class English:
    """The language in which the templates are written."""

    def template(self, one: str, many: str | None, count: int) -> str:
        """Return the template, or the one of two that fits a count."""
        return one if many is None or count == 1 else many

    def number(self, count: int) -> str:
        """Write a number: `2,682`."""
        return f"{count:,}"


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

    def said(self, language: Language) -> str:
        """Return the sentence in a language."""
        template = language.template(self.template, self.many, self.count)
        fields = {name: field.said(language) if isinstance(field, Sentence) else field for name, field in self.fields}
        if self.many is not None:
            fields["n"] = language.number(self.count)
        return template.format(**fields) if fields else template


def sentence(template: str, /, **fields: object) -> Sentence:
    """Return a sentence."""
    return Sentence(template, tuple(fields.items()))


def counted(one: str, many: str, count: int, /, **fields: object) -> Sentence:
    """Return a sentence that counts; `{n}` in it is the count as people write it."""
    return Sentence(one, tuple(fields.items()), many, count)
