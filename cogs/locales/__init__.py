"""What people read, in their language: English stands in the code, every other language in a catalogue of its own.

catalogues   reads them: a gettext file (`.po`) for each language, named by its code
speaking     the language in which sentences are said: `gettext`, `ngettext`, `translated`, and lists, numbers, days
servers      the language in which a server is told of what nobody asked for
commands     the names and descriptions of commands, as Discord asks for them
ja.po        Japanese
"""

from cogs.locales.speaking import gettext, ngettext, speaking, translated

__all__ = ["gettext", "ngettext", "speaking", "translated"]
