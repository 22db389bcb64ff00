"""A guild's own spellings: what its terms are also heard as, what of that may be kept, and the SQL that keeps it.

A question with a term is searched with its spellings too; the transcripts' text is never changed. Terms and spellings
are compared by their folded words and shown as they were typed first.
"""

from collections.abc import Sequence

import aiosqlite

from store.database import Reader
from store.errors import GlossaryError, NotFoundError
from store.models import Spelling
from store.text.analysis import folded, length, terms

MAX_CHARACTERS = 80  # of a term or a spelling
MAX_WORDS = 6  # likewise
MAX_SPELLINGS = 20  # of one term
MAX_GUILD_SPELLINGS = 500  # of all terms of a guild


def checked(term: str, heard_as: Sequence[str]) -> Spelling:
    """Return a term and its spellings as they are kept: white space joined, each spelling once.

    Raises:
        GlossaryError: one of them is too long or has no searchable word, no spelling is there, or one says what the
            term says.
    """
    name = named(term)
    spellings = {folded(spelling): spelling for spelling in reversed([named(text) for text in heard_as])}
    if not spellings:
        raise GlossaryError("Name at least one spelling that the term is heard as.")
    for spelling in spellings.values():
        if terms(spelling) == terms(name):
            raise GlossaryError(
                "“{spelling}” and “{term}” are the same words to the search already; name a spelling that differs.",
                spelling=spelling,
                term=name,
            )
    return Spelling(name, tuple(spellings.values())[::-1])


async def listed(connection: Reader, guild_id: int, *, term: str | None = None) -> tuple[Spelling, ...]:
    """Return the guild's terms in order, or the one that is named, with their spellings as they were added."""
    rows = await connection.execute_fetchall(
        """
        SELECT term_key, term, heard_as FROM glossary
        WHERE guild_id = :guild AND (:key IS NULL OR term_key = :key)
        ORDER BY term_key, id
        """,
        {"guild": guild_id, "key": None if term is None else folded(term)},
    )
    names: dict[str, str] = {}
    spellings: dict[str, list[str]] = {}
    for key, name, spelling in rows:
        names.setdefault(key, name)
        spellings.setdefault(key, []).append(spelling)
    return tuple(Spelling(name, tuple(spellings[key])) for key, name in names.items())


async def heard(connection: aiosqlite.Connection, guild_id: int) -> dict[str, tuple[str, ...]]:
    """Return what each of the guild's terms is also heard as, by the term's folded words."""
    return {folded(entry.term): entry.heard_as for entry in await listed(connection, guild_id)}


async def add(
    connection: aiosqlite.Connection, guild_id: int, wanted: Spelling, *, created_by: int | None, at: str
) -> tuple[Spelling, tuple[str, ...]]:
    """Keep what `checked` returned; return the whole term after it, and which of its spellings are new.

    Raises:
        GlossaryError: the term or the guild would have more spellings than it may have.
    """
    before = await listed(connection, guild_id)
    same = next((entry for entry in before if folded(entry.term) == folded(wanted.term)), Spelling(wanted.term, ()))
    known = {folded(spelling) for spelling in same.heard_as}
    new = tuple(spelling for spelling in wanted.heard_as if folded(spelling) not in known)
    after = Spelling(same.term, same.heard_as + new)
    if len(after.heard_as) > MAX_SPELLINGS:
        raise GlossaryError(
            "A term may have at most {most} spellings; “{term}” would have {count}.",
            most=MAX_SPELLINGS,
            term=after.term,
            count=len(after.heard_as),
        )
    total = sum(len(entry.heard_as) for entry in before) + len(new)
    if new and total > MAX_GUILD_SPELLINGS:
        raise GlossaryError(
            "A server's glossary may have at most {most} spellings; this one would have {total}. Remove some that are "
            "no longer needed.",
            most=MAX_GUILD_SPELLINGS,
            total=total,
        )
    await connection.executemany(
        """
        INSERT INTO glossary (guild_id, term, term_key, heard_as, heard_key, created_by, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [(guild_id, after.term, folded(after.term), spelling, folded(spelling), created_by, at) for spelling in new],
    )
    return after, new


async def remove(
    connection: aiosqlite.Connection, guild_id: int, term: str, heard_as: Sequence[str] | None
) -> Spelling:
    """Forget the named spellings of a term, or all for None; return them as they were kept.

    Raises:
        GlossaryError: no spelling is named.
        NotFoundError: the guild has no such term, or the term no such spelling.
    """
    found = await listed(connection, guild_id, term=term)
    if not found:
        raise NotFoundError(
            "There is no “{term}” in this server's glossary; choose a term from the list.", term=_cut(term)
        )
    (entry,) = found
    kept = {folded(spelling): spelling for spelling in entry.heard_as}
    if heard_as is not None and not heard_as:
        raise GlossaryError("Name the spelling to remove, or leave it out to remove the whole term.")
    for spelling in heard_as or ():
        if folded(spelling) not in kept:
            raise NotFoundError(
                "“{term}” isn't heard as “{spelling}” in this server's glossary; choose one from the list.",
                term=entry.term,
                spelling=_cut(spelling),
            )
    gone = dict.fromkeys(kept if heard_as is None else map(folded, heard_as))
    await connection.executemany(
        "DELETE FROM glossary WHERE guild_id = ? AND term_key = ? AND heard_key = ?",
        [(guild_id, folded(entry.term), key) for key in gone],
    )
    return Spelling(entry.term, tuple(kept[key] for key in gone))


def named(text: str) -> str:
    """Return a term or a spelling as it is kept.

    Raises:
        GlossaryError: it is too long or has no searchable word.
    """
    text = " ".join(text.split())
    if len(text) > MAX_CHARACTERS:
        raise GlossaryError(
            "“{text}” is too long: a term or a spelling may have at most {most} characters.",
            text=_cut(text),
            most=MAX_CHARACTERS,
        )
    if length(text) > MAX_WORDS:
        raise GlossaryError(
            "“{text}” is too long: a term or a spelling may have at most {words} words (of Chinese, Japanese or Korean "
            "{characters} characters).",
            text=text,
            words=MAX_WORDS,
            characters=MAX_WORDS * 3,
        )
    if not terms(text):
        raise GlossaryError(
            "“{text}” has no word that is searched for: words as common as “the” and “what” are left out of a search.",
            text=text,
        )
    return text


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"
