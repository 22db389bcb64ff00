"""The language in which sentences are said: an interaction's, or where nobody asked, the server's.

It is a context variable, as each interaction is a task of its own: so a rendering needs no language handed down to it,
and what is written in one interaction is in one language.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce
from typing import Literal

from babel import dates, lists, numbers

from cogs.locales.catalogues import ENGLISH, catalogue, locale, nearest
from store.errors import StoreError
from store.sentences import SEMICOLONS, Sentence
from store.sentences import series as joined
from store.text import languages

_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(code: str) -> None:
    """Speak the language of one of Discord's locales from now on, in this task and those that it starts."""
    _LANGUAGE.set(nearest(code))


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak the language of one of Discord's locales inside."""
    token = _LANGUAGE.set(nearest(code))
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _LANGUAGE.get()


def gettext(message: str, /, **fields: object) -> str:
    """Say a sentence; its `{names}` are filled with the fields."""
    said = catalogue(spoken()).gettext(message)
    return said.format(**fields) if fields else said


def ngettext(one: str, many: str, count: int, /, **fields: object) -> str:
    """Say a sentence that counts; `{n}` in it is the count as people write it."""
    return catalogue(spoken()).ngettext(one, many, count).format(**{"n": number(count), **fields})


def translated(said: Sentence | StoreError) -> str:
    """Say a sentence of the store's, or the one that an error is."""
    return (said.sentence if isinstance(said, StoreError) else said).said(_Spoken())


def number(count: int) -> str:
    """Write a number as it is written in the language: `2,682`."""
    return numbers.format_decimal(count, locale=locale(spoken()))


def language_named(code: str) -> str:
    """Return what a language is called; of one that transcripts aren't known to be in, its code."""
    if code not in languages.LANGUAGES:
        return code
    return locale(spoken()).languages.get(code) or languages.named(code)


def catalogue_named(language: str) -> str:
    """Return what a language is called of which there is a catalogue."""
    return locale(language).get_display_name(locale(spoken())) or language


def language_names() -> list[str]:
    """Return what the languages are called in which transcripts may be, in order."""
    return sorted(map(language_named, languages.LANGUAGES))


def language_code(said: str) -> str | None:
    """Return the code of a language as it is called in the one that is spoken."""
    wanted = said.strip().casefold()
    return next((code for code in languages.LANGUAGES if language_named(code).casefold() == wanted), None)


def weekday(day: int) -> str:
    """Return what a day of the week is called, from 0, which is Monday."""
    return str(dates.get_day_names("wide", "stand-alone", locale(spoken()))[day])


def quoted(text: str) -> str:
    """Set a text between quotation marks: `“one”`."""
    return gettext("“{text}”", text=text)


def series(parts: Iterable[str]) -> str:
    """Write parts side by side: `one, two, three`."""
    return gettext(", ").join(parts)


def run_on(*sentences: str) -> str:
    """Write sentences one after the other, with a space between where the language has one there."""
    return reduce(lambda before, after: gettext("{before} {after}", before=before, after=after), sentences)


def clauses(parts: Sequence[str]) -> str:
    """Write parts side by side in which commas may be: `one; two`."""
    return translated(joined(parts, SEMICOLONS)) if parts else ""


def listing(names: Sequence[str]) -> str:
    """Write names in a row: `one, two and three`."""
    return _listed(names, "standard", " and ")


def alternatives(names: Sequence[str]) -> str:
    """Write names of which one is meant: `one, two or three`."""
    return _listed(names, "or", " or ")


def _listed(names: Sequence[str], style: Literal["standard", "or"], last: str) -> str:
    if spoken() == ENGLISH:  # in which CLDR sets one more comma
        return last.join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    return lists.format_list(names, style, locale=locale(spoken()))


class _Spoken:
    """The language that is spoken, as the store's sentences need it."""

    def template(self, one: str, many: str | None, count: int) -> str:
        """Return what stands for a template in it."""
        found = catalogue(spoken())
        if many is not None:
            return found.ngettext(one, many, count)
        return found.gettext(one) if one else one  # nothing stands for gettext's own head

    def number(self, count: int) -> str:
        """Write a number."""
        return number(count)

    def language(self, code: str, name: str) -> str:
        """Return what a language is called."""
        del name
        return language_named(code)
