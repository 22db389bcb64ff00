"""Why something could not be sent, or wasn't, as the end of a sentence: what is kept of it begins as one of its own."""

from dataclasses import replace

from cogs.locales import gettext, translated
from cogs.rendering.words import bold, fitted
from store.sentences import Sentence, sentence, series

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

_PERMISSIONS = (VIEW_CHANNEL, SEND_MESSAGES, SEND_IN_THREADS, CREATE_POSTS)
_AND = sentence("{before} and {part}")
_BEGIN = ("The ", "You ", "Its ", "No ", "Something ", "They ")  # what begins with a name keeps its capital


def because(reason: Sentence | None, limit: int) -> str:
    """Write a reason behind a colon; permissions that are missing in bold."""
    if reason is None:
        return gettext("nobody knows why")
    if is_lacking(reason) and len(str(reason)) <= limit:
        return translated(_needing(reason))
    return _begun(fitted(translated(reason).removesuffix(".").removesuffix("。"), limit))


def lacking(permissions: list[Sentence]) -> Sentence:
    """Return the reason that these permissions are missing."""
    return sentence(LACKING, permissions=series(permissions, _AND))


def is_lacking(reason: Sentence | None) -> bool:
    """Whether a reason is that permissions are missing, or that something is given up for that."""
    return reason is not None and bool(_named(reason))


def _named(reason: Sentence) -> list[Sentence]:
    """Return the permissions that a reason names, in order."""
    if reason in _PERMISSIONS:
        return [reason]
    return [one for _, field in reason.fields if isinstance(field, Sentence) for one in _named(field)]


def _needing(reason: Sentence) -> Sentence:
    """Return a reason with what is needed, in bold, in the place of what is missing."""
    if reason.template == LACKING.template:
        needed = bold([translated(one) for one in _named(reason)])
        return sentence("I need {permissions} there", permissions=needed)
    fields = ((name, _needing(field) if isinstance(field, Sentence) else field) for name, field in reason.fields)
    return replace(reason, fields=tuple(fields))


def _begun(text: str) -> str:
    return text[:1].lower() + text[1:] if text.startswith(_BEGIN) else text
