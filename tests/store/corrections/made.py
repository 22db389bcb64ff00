"""Corrections as members propose and moderators approve them."""

from collections.abc import Mapping

from store.library import Library
from store.models import Correctable, Correction, Entry, Moment
from tests.store.builders import GUILD

MEMBER, MODERATOR = 7, 9


def moment(entry: Entry, first: int = 0, end: int | None = None) -> Moment:
    """Where cues of a transcript stand, or all of them."""
    return Moment(entry.id, first, entry.cues if end is None else end, 0, entry.duration_ms, entry.content)


async def correctable(library: Library, entry: Entry, *, by: int = MEMBER, guild: int = GUILD) -> Correctable:
    return await library.corrections.correctable(guild, moment(entry), by=by)


async def proposed(library: Library, entry: Entry, texts: Mapping[int, str], *, by: int = MEMBER) -> Correction:
    """Propose what some cues should be, by position."""
    found = await correctable(library, entry, by=by)
    wanted = [texts.get(at, read) for at, read in enumerate(found.read)]
    correction, _ = await library.corrections.propose(GUILD, found, wanted, by=by)
    return correction


async def corrected(library: Library, entry: Entry, texts: Mapping[int, str], *, by: int = MEMBER) -> Correction:
    """Propose it, and approve it."""
    correction = await proposed(library, entry, texts, by=by)
    return await library.corrections.approve(GUILD, correction.id, by=MODERATOR)
