"""A guild's vocabulary in the database: its words and terms by number, and the sounds a misheard term is found by.

A word is what was said, folded, in a language or else in its script's own; a term is what a question is searched by,
the stem that several words share.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from store import bulk
from store.database import Reader, Writer, aside
from store.text.analysis import is_stop, stem, variety_of
from store.text.languages import COMPOUNDING, is_varied
from store.text.latin_stopwords import LATIN
from store.text.scripts import unaccented
from store.text.sounds import sounds
from store.text.stopwords import STOPWORDS

_LAST = "\U0010ffff"  # no letter, so every term comes before it
# A row a sound, not one a term: handing them over takes longer than finding them.
_SOUNDING = """
    SELECT {}, code, json_group_array(term) FROM sounds
    WHERE guild_id = ? AND code IN (SELECT value FROM json_each(?)) AND term >= ? AND term < ?
        AND length(term) BETWEEN ? AND ?
    GROUP BY code
"""


# Stop words of all languages have the same numbers in every guild, before those of all other words, and no term.
STOP = {
    word: number
    for number, word in enumerate([*sorted(STOPWORDS), *sorted(frozenset().union(*LATIN.values()) - STOPWORDS)])
}
UNACCENTED = "="  # before how a term is typed without accents, among the sounds
BEGINNING, ENDING = ">", "<"  # before a term of a language with compounds, and before its letters from the last on
COMPOUND = 7  # letters that a compound has at least
MISSING = -2  # the number of what isn't in the vocabulary
NO_TERM = -1


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of some words and of their terms [D], and those of some pairs of characters [P]."""

    words: npt.NDArray[np.int32]
    terms: npt.NDArray[np.int32]
    pairs: npt.NDArray[np.int32]

    @classmethod
    def of(cls, said: "Said", known: Mapping[str, tuple[int, int]], pairs: Sequence[int]) -> "Numbered":
        """Take words, the numbers of those that are known and no stop words, and those of the pairs."""
        lost = (MISSING, MISSING)
        found = [(STOP[word], NO_TERM) if word in said.stops else known.get(word, lost) for word in said.words]
        both = np.array(found, np.int32).reshape(len(found), 2)
        return cls(both[:, 0], both[:, 1], np.array(pairs, np.int32))

    @property
    def missing(self) -> int:
        """How many of them the vocabulary lacks."""
        return int((self.words == MISSING).sum() + (self.pairs == MISSING).sum())


@dataclass(frozen=True, slots=True)
class Said:
    """The distinct words of a transcript: those that are `stops`, and those that are not by their own languages."""

    words: Sequence[str]
    stops: frozenset[str]
    by_language: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, words: Sequence[str], language: str) -> "Said":
        """Tell the stop words of a transcript in a language from its other words, and each word's own language."""
        if not is_varied(language):
            stops = STOPWORDS.intersection(words)
            return cls(words, stops, {"": [word for word in words if word not in stops]})
        by_language: dict[str, list[str]] = {}
        own_stops = set()
        for word in words:
            own = variety_of(word, language)
            if is_stop(word, own):
                own_stops.add(word)
            else:
                by_language.setdefault(own, []).append(word)
        return cls(words, frozenset(own_stops), by_language)


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms as they are looked for: one of their sounds, what they begin with, how many characters they have."""

    codes: frozenset[str]
    initial: str
    shortest: int
    longest: int


async def numbers(connection: Reader, guild_id: int, terms: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those terms that are in the guild's vocabulary."""
    rows = await connection.execute_fetchall(
        """
        SELECT terms.term, terms.number
        FROM json_each(?) AS wanted CROSS JOIN terms ON terms.guild_id = ? AND terms.term = wanted.value
        """,
        (json.dumps(sorted(set(terms))), guild_id),
    )
    return {str(term): int(number) for term, number in rows}


async def forms(connection: Reader, guild_id: int, terms: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Return the words of terms, by the terms' numbers, each with its own number; of a term of stop words none.

    A word of several languages has a number in each.
    """
    rows = await connection.execute_fetchall(
        """
        SELECT words.term, words.word, words.number
        FROM json_each(?) AS wanted CROSS JOIN words ON words.guild_id = ? AND words.term = wanted.value
        """,
        (json.dumps(sorted(set(terms))), guild_id),
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for term, word, number in rows:
        found.setdefault(term, []).append((word, number))
    return found


async def numbered(
    connection: Reader, guild_id: int, words: Sequence[str], pairs: Sequence[str], language: str
) -> Numbered:
    """Return the numbers of a transcript's words and pairs of characters; what the vocabulary lacks has `MISSING`."""
    said = Said.of(words, language)
    known = await _words(connection, guild_id, said)
    terms = await numbers(connection, guild_id, pairs) if pairs else {}
    return Numbered.of(said, known, [terms.get(pair, MISSING) for pair in pairs])


async def add(connection: Writer, guild_id: int, words: Sequence[str], pairs: Sequence[str], language: str) -> Numbered:
    """Return the numbers of a transcript's words and pairs of characters; those that are new get some, and sounds."""
    said = Said.of(words, language)
    known = await _words(connection, guild_id, said)
    new = {
        word: (own, stem(word, own))
        for own, of_it in said.by_language.items()
        for word in sorted(word for word in of_it if word not in known)
    }
    every = {*(term for _, term in new.values()), *pairs}
    compounds = {term for own, term in new.values() if own in COMPOUNDING}
    terms = await _add_terms(connection, guild_id, every, compounds) if every else {}
    ((before,),) = await connection.execute_fetchall("SELECT words FROM guilds WHERE guild_id = ?", (guild_id,))
    first = before + len(STOP)
    added = {word: (first + at, terms[term]) for at, (word, (_, term)) in enumerate(new.items())}
    await bulk.insert(
        connection,
        "INSERT INTO words (guild_id, word, language, number, term)",
        [(guild_id, word, new[word][0], *numbered) for word, numbered in added.items()],
    )
    await connection.execute("UPDATE guilds SET words = words + ? WHERE guild_id = ?", (len(added), guild_id))
    return Numbered.of(said, known | added, [terms[pair] for pair in pairs])


async def sounding(connection: Reader, guild_id: int, sought: Sequence[Sought]) -> list[dict[str, list[str]]]:
    """Return, for each of what is sought, the guild's terms that are it, by those of its sounds that they have."""
    found: list[dict[str, list[str]]] = [{} for _ in sought]
    if not sought:
        return found
    wanted = [
        (guild_id, json.dumps(sorted(one.codes)), one.initial, f"{one.initial}{_LAST}", one.shortest, one.longest)
        for one in sought
    ]
    rows = await connection.execute_fetchall(
        " UNION ALL ".join(_SOUNDING.format(at) for at in range(len(sought))),
        [value for values in wanted for value in values],
    )
    terms: list[list[str]] = json.loads(f"[{','.join(row[2] for row in rows)}]")
    for (at, code, _), having in zip(rows, terms, strict=True):
        found[at][str(code)] = having
    return found


async def accented(connection: Reader, guild_id: int, words: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each of some words without accents, the guild's terms that are it but for theirs."""
    rows = await connection.execute_fetchall(
        """
        SELECT sounds.code, sounds.term
        FROM json_each(?) AS wanted CROSS JOIN sounds ON sounds.guild_id = ? AND sounds.code = wanted.value
        """,
        (json.dumps([f"{UNACCENTED}{word}" for word in sorted(words)]), guild_id),
    )
    found: dict[str, list[str]] = {}
    for code, term in rows:
        found.setdefault(code.removeprefix(UNACCENTED), []).append(term)
    return found


async def compounds(connection: Reader, guild_id: int, parts: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each of some words, the guild's terms that begin or end with it, of languages with compounds."""
    wanted = [(part, code) for part in parts for code in (f"{BEGINNING}{part}", f"{ENDING}{part[::-1]}")]
    rows = await connection.execute_fetchall(
        """
        SELECT wanted.value ->> 0, sounds.term
        FROM json_each(?) AS wanted CROSS JOIN sounds ON sounds.guild_id = ?
            AND sounds.code >= wanted.value ->> 1 AND sounds.code < (wanted.value ->> 1) || ?
        """,
        (json.dumps(wanted), guild_id, _LAST),
    )
    found: dict[str, list[str]] = {}
    for part, term in rows:
        found.setdefault(part, []).append(term)
    return found


async def _words(connection: Reader, guild_id: int, said: Said) -> dict[str, tuple[int, int]]:
    """Return the numbers of those words that are known, and of their terms; each in its own language."""
    found: dict[str, tuple[int, int]] = {}
    for own, words in said.by_language.items():
        rows = await connection.execute_fetchall(
            """
            SELECT json_group_array(words.word), json_group_array(words.number), json_group_array(words.term)
            FROM json_each(?) AS wanted CROSS JOIN words
                ON words.guild_id = ? AND words.word = wanted.value AND words.language = ?
            """,
            (json.dumps(sorted(words)), guild_id, own),
        )
        ((spelled, *numbered),) = (map(json.loads, row) for row in rows)  # thousands of rows take longer to hand over
        found |= zip(spelled, zip(*numbered, strict=True), strict=True)
    return found


async def _add_terms(
    connection: Writer, guild_id: int, terms: Collection[str], compounds: Collection[str]
) -> dict[str, int]:
    """Give numbers and sounds to those terms that are new to the guild, and return the numbers of all.

    Of what may be `compounds` the beginning and the end are kept too.
    """
    known = await numbers(connection, guild_id, terms)
    ((first,),) = await connection.execute_fetchall(
        "SELECT coalesce(max(number) + 1, 0) FROM terms WHERE guild_id = ?", (guild_id,)
    )
    new = {term: number for number, term in enumerate(sorted(set(terms) - known.keys()), start=first)}
    into = "INSERT INTO terms (guild_id, term, number)"
    await bulk.insert(connection, into, [(guild_id, *item) for item in new.items()])
    coded = await aside(lambda: sorted([*codes(new), *edges(compounds)]))
    into = "INSERT OR IGNORE INTO sounds (guild_id, code, term)"
    await bulk.insert(connection, into, [(guild_id, *row) for row in coded])
    return known | new


def codes(terms: Iterable[str]) -> list[tuple[str, str]]:
    """Return each sound of each term, with the term, and how it is typed without accents.

    A number is no word, and no misheard one either.
    """
    words = [term for term in terms if not _has_digit(term)]
    sounding = [(code, term) for term in words for code in sounds(term)]
    return sounding + [(f"{UNACCENTED}{typed}", term) for term in words for typed in unaccented(term)]


def edges(terms: Iterable[str]) -> list[tuple[str, str]]:
    """Return each term that may be a compound by its beginning and by its end."""
    long = [term for term in terms if len(term) >= COMPOUND and not _has_digit(term)]
    return [row for term in long for row in ((f"{BEGINNING}{term}", term), (f"{ENDING}{term[::-1]}", term))]


def _has_digit(term: str) -> bool:
    return any(map(str.isdigit, term))
