"""What a subscription hears of and when it is told, in words: the parts of sentences that say so."""

from collections.abc import Callable

from cogs.locales import gettext, ngettext
from cogs.locales.speaking import alternatives, language_named, listing, quoted, series, weekday
from cogs.rendering.words import code, fitted, isolated, shortened
from store.models import Digest, Settings, Wanted
from store.text import awaited

MAX_NAME = 60  # characters of what a subscription is narrowed by
MAX_PARTS = 6  # of what is watched, each in quotation marks


def is_every(wanted: Wanted) -> bool:
    """Whether a subscription hears of every transcript."""
    return not wanted.said and not wanted.matching


def filters(wanted: Wanted, written: Callable[[str], str]) -> list[str]:
    """Write what a subscription is narrowed by, each name as it is `written`."""
    found = []
    if wanted.speaker:
        found.append(gettext("by {speaker}", speaker=written(wanted.speaker)))
    if wanted.tag:
        found.append(gettext("tagged {tag}", tag=written(wanted.tag)))
    if wanted.from_channel:
        found.append(gettext("from {channel}", channel=written(wanted.from_channel)))
    if wanted.language:
        found.append(gettext("in {language}", language=written(language_named(wanted.language))))
    return found


def hears(wanted: Wanted, limit: int = MAX_NAME) -> str:
    """Write what a subscription hears of, each name or word within a limit."""
    if is_every(wanted):
        return gettext("every new transcript")
    narrowed = series(filters(wanted, lambda name: fitted(name, limit)))
    if not wanted.matching:
        return gettext("new transcripts {filters}", filters=narrowed)
    said = _said(wanted.matching, limit)
    if not narrowed:
        return gettext("new transcripts in which {said}", said=said)
    return gettext("new transcripts {filters}, in which {said}", filters=narrowed, said=said)


def hears_plainly(wanted: Wanted) -> str:
    """Write what a subscription hears of without markup."""
    parts = filters(wanted, lambda name: shortened(name, 30))
    if wanted.matching:
        parts.append(gettext("says {words}", words=shortened(wanted.matching, 40)))
    return series(parts) or gettext("every new transcript")


def how(wanted: Wanted, settings: Settings) -> str:
    """Write when a subscription is told."""
    match wanted.digest:
        case Digest.DAILY:
            return gettext("together, daily at {hour}", hour=hour(settings))
        case Digest.WEEKLY:
            day = weekday(settings.day)
            return gettext("together, on {day}s at {hour}", day=day, hour=hour(settings))
    return gettext("at once")


def hour(settings: Settings) -> str:
    """Write the hour of digests."""
    return gettext("{hour}:00 ({zone})", hour=f"{settings.hour:02}", zone=settings.zone)


def _said(words: str, limit: int) -> str:
    """Write what is watched: as it was typed, or where that is several words, each, for all must be said."""
    every = awaited.said(words)
    if len(every) < 2:
        return gettext("{words} is said", words=code(isolated(shortened(words, limit))))
    shown = [quoted(fitted(part, max(12, limit // 2))) for part in every[:MAX_PARTS]]
    left = len(every) - MAX_PARTS
    listed = listing([*shown, *([ngettext("{n} more", "{n} more", left)] if left > 0 else [])])
    unsaid = alternatives([quoted(fitted(part, max(12, limit // 2))) for part in awaited.left_out(words)[:MAX_PARTS]])
    if len(every) == 2:
        word, other = shown
        if unsaid:
            return gettext("{word} and {other} are both said, but not {others}", word=word, other=other, others=unsaid)
        return gettext("{word} and {other} are both said", word=word, other=other)
    if unsaid:
        return gettext("{words} are all said, but not {others}", words=listed, others=unsaid)
    return gettext("{words} are all said", words=listed)
