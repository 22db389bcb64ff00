"""Why something could not be sent, or wasn't, as the end of a sentence: what the store keeps begins as one of its own.

The store keeps reasons in English, whoever is to read them, and for months. So what is kept is known again by the
templates from which it was made, and said in the language of the reader; what isn't known stays as it was kept.
"""

import re
from dataclasses import replace

from cogs.locales import gettext, translated
from cogs.locales.speaking import language_named, listing, quoted, series
from cogs.rendering.words import bold, fitted
from store.sentences import Sentence, counted, sentence
from store.text.languages import code

VIEW_CHANNEL = sentence("View Channel")
SEND_MESSAGES = sentence("Send Messages")
SEND_IN_THREADS = sentence("Send Messages in Threads")
CREATE_POSTS = sentence("Create Posts")

LACKING = sentence("I may not post there; give me {permissions}")
ARCHIVED = sentence("The thread is archived and locked")
LOCKED = sentence("The thread is locked")
TOO_MANY_THREADS = sentence("The server has as many active threads as Discord allows")
TAG_DEMANDED = sentence("The forum demands a tag, and has none that fits; give it one of the transcripts' tags")
GONE = sentence("The channel is gone; choose another one")
LEFT = sentence("The member isn't in this server any more")
REFUSES_DMS = sentence("You take no direct messages from this server's members")
UNREACHABLE = sentence("Discord could not be reached, or is having trouble")
DELETED = sentence("Its message was deleted")
NO_NEWS = sentence("The channel is no announcement channel, so nothing is published")
REFUSED = sentence("Discord refuses the message: {error}")
BUG = sentence("Something went wrong that shouldn't have; the operator finds it in the log")
GIVEN_UP = sentence("given up after 14 days: {error}")

_KNOWN = (
    *(ARCHIVED, LOCKED, TOO_MANY_THREADS, TAG_DEMANDED, GONE, LEFT, REFUSES_DMS, UNREACHABLE, DELETED, NO_NEWS, BUG),
    *(GIVEN_UP, LACKING, REFUSED),
    # … and those of the store: what a subscription asks for, and what is said in a transcript.
    sentence("it was removed before it was sent"),
    sentence("what is watched isn't said in it"),
    sentence("“{words}” is said in it, which is left out"),
    counted("none of {words} and {n} more is said in it", "none of {words} and {n} more is said in it", 2),
    sentence("none of {words} is said in it"),
    sentence("{words} and {others} aren't said in it"),
    sentence("{words} isn't said in it"),
    sentence("{speaker} doesn't speak in it"),
    sentence("it isn't tagged {tag}"),
    sentence("it isn't from {channel}"),
    sentence("it isn't in {language}"),
)
_PERMISSIONS = {str(one): one for one in (VIEW_CHANNEL, SEND_MESSAGES, SEND_IN_THREADS, CREATE_POSTS)}
_BEGIN = ("The ", "You ", "Its ", "No ", "Something ", "They ")  # what begins with a name keeps its capital


def because(reason: str | Sentence | None, limit: int) -> str:
    """Write a reason behind a colon; permissions that are missing in bold."""
    if not reason:
        return gettext("nobody knows why")
    kept = reason.removesuffix(".") if isinstance(reason, str) else reason
    before, lacking, needed = str(kept).partition(_lead(LACKING))
    if lacking and len(str(kept)) <= limit:
        need = gettext("I need {permissions} there", permissions=bold(_permissions(needed)))
        return gettext("given up after 14 days: {error}", error=need) if before else need
    return _begun(fitted(said(kept).removesuffix(".").removesuffix("。"), limit))


def lacking(permissions: list[Sentence]) -> str:
    """Return the reason, as it is kept, that these permissions are missing."""
    return f"{_lead(LACKING)}{' and '.join(map(str, permissions))}"


def is_lacking(reason: str | None) -> bool:
    """Whether a reason, as it is kept, is that permissions are missing."""
    return _lead(LACKING) in (reason or "")


def said(reason: str | Sentence) -> str:
    """Say a reason as it is kept; its beginning is small where a sentence may go on with it."""
    if isinstance(reason, Sentence):
        return translated(reason)
    for one, pattern in _PATTERNS:
        if found := pattern.fullmatch(reason):
            fields = found.groupdict()
            count = int(fields.pop("n").replace(",", "")) if "n" in fields else 1
            known = replace(one, fields=tuple((name, _field(name, value)) for name, value in fields.items()))
            return translated(replace(known, count=count))
    return reason


def _field(name: str, value: str) -> str:
    """Say what stands for a field in a reason."""
    match name:
        case "error":
            return said(value)
        case "permissions":
            return listing(_permissions(value))
        case "language":
            return language_named(code(value) or value)
        case "words" | "others" if re.fullmatch(r"“[^“”]*”(, “[^“”]*”)*", value):
            return series(map(quoted, re.findall("“([^“”]*)”", value)))
    return value


def _permissions(needed: str) -> list[str]:
    return [translated(_PERMISSIONS.get(name, name)) for name in needed.split(" and ")]


def _lead(one: Sentence) -> str:
    return one.template.partition("{")[0]


def _pattern(one: Sentence) -> re.Pattern[str]:
    """Return what finds the fields of a sentence in what was made of it."""
    parts = re.split(r"\{(\w+)\}", one.template)
    written = (f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(written), re.DOTALL)


_PATTERNS = [(one, _pattern(one)) for one in _KNOWN]


def _begun(text: str) -> str:
    return text[:1].lower() + text[1:] if text.startswith(_BEGIN) else text
