"""Markup in captions → the words alone.

Only what the formats define is markup: a `<` that opens no tag they know is something that was said, or written.
Entities are decoded once.
"""

import html
import re

# WebVTT, section 3.3 (c i b u ruby rt v lang and times); SubRip as players read it (b i u s font)
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[cibusv]|ruby|rt|lang|font|strong|em|span)"
    r"(?:\.[^\s<>]*)?(?P<more>\s[^<>]*)?/?>|(?P<line><br\s*/?>)|(?P<time><(?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3}>)",
    re.IGNORECASE,
)
_MORE = re.compile(r"\s*(?:[\w:-]+\s*=.*)?/?", re.DOTALL)  # what a tag says but for its name
_RUBY_TEXT = re.compile(r"<rt(?:\.[^<>]*)?>.*?(?:</rt>|(?=</ruby>)|$)", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r"\{\\[^{}\n]*\}")  # of SubStation Alpha, as it is found in SubRip: {\an8}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(text: str) -> str:
    """Return a text of WebVTT without its markup; how characters are read (`<rt>`) isn't said twice."""
    if "<" in text:
        text = _without_tags(_RUBY_TEXT.sub("", text) if "<ruby" in text.lower() else text)
    return decoded(text)


def _without_tags(text: str) -> str:
    """Take away what marks words, and leave what they may speak of: "use the <s> tag".

    A tag marks words if it ends and begins in the text; one that stands alone, whose other half may be in another cue,
    if it touches a word.
    """
    tags = [tag for tag in _TAG.finditer(text) if _is_tag(tag)]
    begun: dict[str, list[int]] = {}
    paired: set[int] = set()
    for at, tag in enumerate(tags):
        if name := (tag["name"] or "").lower():
            if not tag["end"]:
                begun.setdefault(name, []).append(at)
            elif begun.get(name):
                paired |= {at, begun[name].pop()}
    parts = []
    last = 0
    for at, tag in enumerate(tags):
        if at in paired or not tag["name"] or _touches(text, tag):
            parts += [text[last : tag.start()], "\n" if tag["line"] else ""]
            last = tag.end()
    return "".join([*parts, text[last:]])


def _is_tag(tag: re.Match[str]) -> bool:
    """Whether what a tag says is what tags say: "if a <b then c> d" has none."""
    return (tag["name"] or "").lower() == "lang" or _MORE.fullmatch(tag["more"] or "") is not None


def _touches(text: str, tag: re.Match[str]) -> bool:
    """Whether a tag that begins stands right before a word, or one that ends doesn't stand between two spaces."""
    before, after = text[max(0, tag.start() - 1) : tag.start()], text[tag.end() : tag.end() + 1]
    if tag["end"]:
        return (before, after) != (" ", " ") or tag["name"].lower() == "v"
    return bool(after.strip())


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
