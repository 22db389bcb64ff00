"""Rows of an export on their way into tables: which numbers they have there, and what is as good as there already."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.database import Reader, Writer
from store.errors import ArchiveError
from store.holdings.tables import Table
from store.holdings.unpacking import Row

MOST_NUMBER = 2**40  # of a transcript; in the stream of words it stands with 20 bits more

_TYPES: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (int, float), "TEXT": (str,), "BLOB": (bytes,)}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: which types its values may have, whether there must be one, and whether it has one by default."""

    types: tuple[type, ...]
    filled: bool
    default: bool

    @property
    def needed(self) -> bool:
        """Whether a row must say it."""
        return self.filled and not self.default


Columns = Mapping[str, Column]


@dataclass
class Numbers:
    """The numbers that rows of an export have here, by table and by the number that they had there."""

    guild_id: int
    own: bool
    removed: int = 0  # the greatest number of a transcript that was removed before
    found: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    async def of(self, connection: Reader, table: str, number: int) -> int | None:
        """Return the number of a row that is referred to; None where there is none.

        A transcript that was removed before is known by its number alone, which it keeps if it is nobody else's.
        """
        if number in self.found[table]:
            return self.found[table][number]
        if table == "transcripts" and self.own and await is_free(connection, self.guild_id, number):
            self.removed = max(self.removed, number)
            return number
        return None

    def note(self, table: Table, row: Row, here: int) -> None:
        """Note which number a row has here."""
        if isinstance(number := row.get("id"), int):
            self.found[table.name][number] = here


async def is_free(connection: Reader, guild_id: int, number: int) -> bool:
    """Whether a transcript of a guild may have a number: none has it, and none of another guild's had it."""
    rows = await connection.execute_fetchall(
        """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM transcripts WHERE id = :id)
            OR EXISTS (SELECT 1 FROM bygones WHERE transcript_id = :id AND guild_id != :guild)
            OR EXISTS (
                SELECT 1 FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
                WHERE d.transcript_id = :id AND s.guild_id != :guild
            )
        """,
        {"id": number, "guild": guild_id},
    )
    return 0 < number < MOST_NUMBER and not any(rows)


async def columns(connection: Reader, table: str) -> dict[str, Column]:
    """Return the columns of a table."""
    rows = await connection.execute_fetchall(f"PRAGMA table_info({table})")
    return {str(row[1]): Column(_TYPES[row[2]], bool(row[3]), row[4] is not None) for row in rows}


def checked(table: Table, row: Row, there: Columns) -> dict[str, object]:
    """Return of a row what its table has columns for.

    Raises:
        ArchiveError: a value is of another type than the column's, or one is missing.
    """
    assert table.carried is not None
    kept = {name: row[name] for name in row.keys() & there.keys()}
    for name, column in there.items():
        value = kept.get(name)
        if value is None and column.filled:
            kept.pop(name, None)
        missing = value is None and column.needed and name != "guild_id"
        if missing or (value is not None and type(value) not in column.types):
            raise damaged(table)
        if name in table.carried.json and isinstance(value, str):
            try:
                json.loads(value)
            except ValueError as error:
                raise damaged(table) from error
    return kept


def damaged(table: Table) -> ArchiveError:
    """Return the error of a row that can't be one of a table's."""
    return ArchiveError(
        "The export holds a row of {table} that can't be one; what comes after it wasn't imported.", table=table.name
    )


async def reserve(connection: Writer, number: int) -> None:
    """Let no transcript be given a number up to this one any more: what is known of removed ones isn't about it."""
    rows = await connection.execute_fetchall("SELECT 1 FROM sqlite_sequence WHERE name = 'transcripts'")
    if not any(rows):
        await connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('transcripts', 0)")
    await connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'transcripts'", (number,))


async def refer(connection: Reader, table: Table, row: dict[str, object], there: Columns, numbers: Numbers) -> bool:
    """Let a row refer to what it refers to by the numbers of here; False where that isn't here, and has to be."""
    assert table.carried is not None
    if "guild_id" in there:
        row["guild_id"] = numbers.guild_id
    for name, target in table.carried.refers.items():
        if isinstance(value := row.get(name), int):
            row[name] = await numbers.of(connection, target, value)
            if row[name] is None and there[name].needed:
                return False
    return True


async def put(connection: Writer, table: Table, row: dict[str, object], there: Columns, numbers: Numbers) -> bool:
    """Put a row into a table, unless it is there already; say whether it was put there."""
    here = await known(connection, table, row, numbered="id" in there)
    new = here is None
    if here is None:
        here = await insert(connection, table, dict(row))
    numbers.note(table, row, here)
    return new


async def known(connection: Reader, table: Table, row: Row, *, numbered: bool) -> int | None:
    """Return the number of the row that is there already, 0 where rows have none; None where it isn't there."""
    assert table.carried is not None
    where = " AND ".join(f"{name} IS ?" for name in table.carried.same)
    rows = await connection.execute_fetchall(
        f"SELECT {'id' if numbered else '0'} FROM {table.name} WHERE {where} LIMIT 1",
        [row.get(name) for name in table.carried.same],
    )
    return next((int(found[0]) for found in rows), None)


async def insert(connection: Writer, table: Table, row: dict[str, object]) -> int:
    """Insert a row under its own number, or another where that is taken; return the number."""
    number = row.pop("id", None)
    if isinstance(number, int) and 0 < number < 2**62:
        taken = await connection.execute_fetchall(f"SELECT 1 FROM {table.name} WHERE id = ?", (number,))
        if not any(taken):
            row["id"] = number
    cursor = await connection.execute(
        f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
    return cursor.lastrowid or 0
