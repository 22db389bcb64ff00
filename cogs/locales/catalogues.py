"""The catalogues: one gettext file for each language beside English, read when it is first needed.

Gettext, because the sentences stay in the code where they are said, each with its plural, and translators have editors
for its files; Babel, because it reads those files as they are (nothing has to be compiled) and brings what Unicode's
CLDR knows of each language: its plurals, its lists, its numbers, and what languages and days are called in it.
"""

import gettext
import io
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages import mofile, pofile

ENGLISH = "en"
FOLDER = Path(__file__).parent
LANGUAGES = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


def nearest(code: str) -> str:
    """Return the language of those that there are for one of Discord's locales, such as `en-GB`; English if none is."""
    base = code.split("-", maxsplit=1)[0]
    return next((language for language in (code, base) if language in LANGUAGES), ENGLISH)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the sentences of a language."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        read = pofile.read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def locale(language: str) -> Locale:
    """Return what CLDR knows of a language."""
    return Locale.parse(language.replace("-", "_"))


def own_name(language: str) -> str:
    """Return what a language calls itself, as in a list: `Deutsch`, `日本語`."""
    name = locale(language).get_display_name(locale(language)) or language
    return name[:1].upper() + name[1:]
