"""Whether files hold words that only one server had: the proof that it is erased.

What is looked for are bytes: words of its vocabulary, lines and titles of its transcripts, spellings, questions. What
SQLite or Verbatim packs (the index, undone changes) can't be looked for so, but holds its words as numbers alone, or
lay in pages that the file no longer has.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from store.database import Reader

LEAST = 8  # bytes of what is looked for
MOST_WORDS = 20_000
LINES = 50  # of a transcript
MOST_LINES = 50_000
LONGEST = 400  # bytes of a line that are looked for
CHUNK = 4 << 20
TRIMMED = 3  # bytes by which what stands before or after a text in the file may look like a part of it
_BITS = 22
_SPREAD = np.uint64(0x9E3779B97F4A7C15)

_TEXTS = (
    ("transcripts", "title"),
    ("transcripts", "url"),
    ("glossary", "heard_as"),
    ("subscriptions", "matching"),
    ("asked", "question"),
    ("questions", "question"),
    ("(SELECT guild_id, note FROM votes JOIN questions ON questions.id = question_id)", "note"),
    ("feeds", "url"),
    ("(SELECT guild_id, now FROM corrections c JOIN corrected_cues k ON k.correction_id = c.id)", "now"),
)


async def of(connection: Reader, guild_id: int) -> list[bytes]:
    """Return words, lines and other texts of a guild that, as far as an index tells, no other guild has."""
    rows = await connection.execute_fetchall(
        """
        SELECT word FROM words WHERE guild_id = :guild AND length(CAST(word AS BLOB)) >= :least
        EXCEPT SELECT word FROM words WHERE guild_id != :guild
        LIMIT :most
        """,
        {"guild": guild_id, "least": LEAST, "most": MOST_WORDS},
    )
    words = {str(row[0]) for row in rows}
    found = list(words)
    for table, column in _TEXTS:
        rows = await connection.execute_fetchall(
            f"""
            SELECT {column} FROM {table} WHERE guild_id = :guild AND {column} IS NOT NULL
            EXCEPT SELECT {column} FROM {table} WHERE guild_id != :guild
            """,
            {"guild": guild_id},
        )
        found += [str(row[0]) for row in rows]
    ids = await connection.execute_fetchall("SELECT id FROM transcripts WHERE guild_id = ?", (guild_id,))
    lines = 0
    for (id_,) in ids:
        some = await _lines(connection, id_, words)
        found += some
        lines += len(some)
        if lines > MOST_LINES:
            break
    return sorted({text.encode()[:LONGEST] for text in found if len(text.encode()) >= LEAST})


async def _lines(connection: Reader, transcript_id: int, words: set[str]) -> list[str]:
    """Return lines of a transcript in which a word is said that no other guild has."""
    rows = await connection.execute_fetchall(
        "SELECT text FROM cues WHERE transcript_id = ? ORDER BY position", (transcript_id,)
    )
    return [str(row[0]) for row in rows if not words.isdisjoint(str(row[0]).casefold().split())][:LINES]


class Traces:
    """What is looked for."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        """Look for texts of at least `LEAST` bytes."""
        self.texts = texts
        self._beginning: defaultdict[bytes, list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            self._beginning[text[:LEAST]].append(at)
        self._maybe = np.zeros(1 << _BITS, bool)
        keys = np.frombuffer(b"".join(self._beginning), "<u8")
        self._maybe[_spread(keys)] = True
        self._longest = max(map(len, texts), default=0)

    def within(self, files: Iterable[Path]) -> tuple[set[int], int]:
        """Return which texts files hold, by their places, and how many bytes were looked at."""
        found: set[int] = set()
        size = 0
        for path in files:
            for chunk, new in _chunks(path, self._longest):
                found |= self.in_bytes(chunk)
                size += new
        return found, size

    def in_bytes(self, data: bytes) -> set[int]:
        """Return which texts bytes hold, by their places."""
        found: set[int] = set()
        for shift in range(LEAST):
            count = (len(data) - shift) // LEAST
            if count <= 0 or not self.texts:
                break
            keys = np.frombuffer(data, "<u8", count, shift)
            for row in np.flatnonzero(self._maybe[_spread(keys)]).tolist():
                at = shift + row * LEAST
                for place in self._beginning.get(data[at : at + LEAST], ()):
                    if place not in found and data.startswith(self.texts[place], at):
                        found.add(place)
        return found


async def others(connection: Reader, texts: Iterable[bytes]) -> set[bytes]:
    """Return which texts rows that are there hold, so that a file may too.

    In a file numbers stand before and after a text, which may look like its letters, so that a bit of it is enough.
    """
    tables = await connection.execute_fetchall("SELECT name FROM sqlite_master WHERE type = 'table'")
    columns = [
        (str(table), str(row[1]))
        for (table,) in tables
        for row in await connection.execute_fetchall(f"PRAGMA table_info({table})")
        if row[2] == "TEXT"
    ]
    columns.append(("sqlite_master", "sql"))  # the schema, with its comments
    columns.sort(key=lambda one: one[0] != "words")  # most are parts of longer words
    return {text for text in texts if await _is_anywhere(connection, columns, text)}


async def _is_anywhere(connection: Reader, columns: Sequence[tuple[str, str]], text: bytes) -> bool:
    cuts = ((begin, end) for both in range(TRIMMED + 1) for begin in range(both + 1) for end in (both - begin,))
    for begin, end in cuts:
        for table, column in columns:
            rows = await connection.execute_fetchall(
                f"SELECT 1 FROM {table} WHERE instr(CAST({column} AS BLOB), ?) LIMIT 1",
                (text[begin : len(text) - end],),
            )
            if any(rows):
                return True
    return False


def _spread(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return (keys * _SPREAD) >> np.uint64(64 - _BITS)


def _chunks(path: Path, longest: int) -> Iterator[tuple[bytes, int]]:
    """Yield a file in pieces that overlap by the longest text, with how much of each is new."""
    before = b""
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield before + part, len(part)
            before = (before + part)[-longest:] if longest else b""
