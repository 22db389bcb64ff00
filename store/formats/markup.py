"""Markup in captions → the words alone.

Only what the formats define is markup: a `<` that opens no tag they know is something that was said, or written.
Entities are decoded once.
"""

import html
import re

# WebVTT, section 3.3 (c i b u ruby rt v lang and times); SubRip as players read it (b i u s font)
_TAG = re.compile(
    r"</?(?:[cibu]|ruby|rt|lang|s|font|strong|em|span)(?:[.\s][^<>]*)?/?>|</v>|<br\s*/?>|<(?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3}>",
    re.IGNORECASE,
)
_RUBY_TEXT = re.compile(r"<rt(?:\.[^<>]*)?>.*?(?:</rt>|(?=</ruby>)|$)", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r"\{\\[^{}\n]*\}")  # of SubStation Alpha, as it is found in SubRip: {\an8}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(text: str) -> str:
    """Return a text of WebVTT without its markup; how characters are read (`<rt>`) isn't said twice."""
    if "<" in text:
        text = _TAG.sub("", _RUBY_TEXT.sub("", text))
    return decoded(text)


def unstyled(text: str) -> str:
    """Return a text of SubRip without its markup."""
    return plain(_STYLE.sub("", text) if "{\\" in text else text)


def decoded(text: str) -> str:
    """Decode the entities of a text, once."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def escaped(text: str) -> str:
    """Write a text so that `plain` reads it as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def joined(lines: list[str]) -> str:
    """Join lines by one space."""
    return " ".join(stripped for line in lines if (stripped := line.strip()))
