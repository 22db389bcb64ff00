"""English that is left in a text of another language."""

import re
from collections.abc import Iterable

# What is not ours to translate: code, addresses, Discord's own marks for a member or a time, names in quotation marks.
_FOREIGN = re.compile(r"```.*?```|`[^`]*`|https?://\S+|<[@#t:][^>]*>|“[^”]*”|「[^」]*」", re.DOTALL)
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z']*(?:[ ,;:.]+[A-Za-z][A-Za-z']*){2,}")


def english(text: str, known: Iterable[str] = ()) -> list[str]:
    """Return where three or more English words stand in a row, without what is `known`: titles, names, words said."""
    for name in known:
        text = text.replace(name, "◆")
    return _ENGLISH.findall(_FOREIGN.sub("◆", text))
