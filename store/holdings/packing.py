"""A server as one ZIP: its transcripts as files of Verbatim's own JSON, the rows of its tables as lines of JSON.

It is read in one read transaction, a transcript at a time, and stands under its name once it is whole.

    manifest.json             of which server, when, by which version, how much of each
    transcripts/ID TITLE.json a transcript, as `transcript export --format json` writes it
    transcripts.jsonl         what no file says of each: what it is known by, who ingested it and when, its language
    tables/NAME.jsonl         the rows of a table
"""

import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import aiosqlite

from store import transcripts
from store.database import Database, aside
from store.errors import ArchiveError, NotFoundError
from store.formats import writing
from store.holdings.tables import TABLES, Table
from store.migrations import MIGRATIONS
from store.models import Entry, Transcript

FORMAT = 1
MANIFEST, INDEX = "manifest.json", "transcripts.jsonl"
KEY = "verbatim_server"
BYTES = "hex"  # the key of an object that stands for bytes
CARRIED = tuple(table for table in TABLES if table.carried is not None)
_UNSENT = "state IN ('waiting', 'sending', 'failing')"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """What an export holds: how much of what, and how many announcements nobody had been told of by then."""

    counts: dict[str, int]
    unsent: int


def rows_file(table: Table) -> str:
    """Return the name in an export of a table's rows."""
    return f"tables/{table.name}.jsonl"


async def pack(
    database: Database, guild_id: int, path: Path, *, progress: Progress = lambda _done, _all: None
) -> Packed:
    """Write all that is kept of a server into a ZIP, as it is at one moment; what `path` was is replaced at the end.

    Raises:
        NotFoundError: nothing is kept of this server.
        ArchiveError: the file can't be written.
    """
    async with database.snapshot() as connection:
        counts = await counted(connection, guild_id)
        if not any(counts.values()):
            raise NotFoundError(
                "There is nothing of server {guild} in this database; `stats` lists those of which there is.",
                guild=str(guild_id),
            )
        ((unsent,),) = await connection.execute_fetchall(
            f"""
            SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
            WHERE s.guild_id = ? AND s.removed_at IS NULL AND {_UNSENT}
            """,
            (guild_id,),
        )
        with _replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, _line(_manifest(guild_id, counts), indent=1))
            index = await _transcripts(connection, guild_id, archive, counts["transcripts"], progress)
            with archive.open(_member(INDEX), "w", force_zip64=True) as lines:
                lines.writelines(index)
            for table in CARRIED:
                with archive.open(_member(rows_file(table)), "w", force_zip64=True) as lines:
                    await _rows(connection, guild_id, table, lines)
    return Packed(counts, int(unsent))


def _member(name: str) -> zipfile.ZipInfo:
    """Return what is said of a file that is written piece by piece."""
    member = zipfile.ZipInfo(name, time.localtime()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


async def counted(connection: aiosqlite.Connection, guild_id: int) -> dict[str, int]:
    """Return how many rows of each table are a server's and exported, by the tables' names."""
    counts: dict[str, int] = {}
    for table in TABLES:
        if table.name == "transcripts" or table.carried is not None:
            rows = await connection.execute_fetchall(
                f"SELECT count(*) FROM {table.name} WHERE {table.of_guild} AND {table.only}", {"guild": guild_id}
            )
            ((counts[table.name],),) = rows
    return counts


def _manifest(guild_id: int, counts: dict[str, int]) -> dict[str, object]:
    return {
        KEY: FORMAT,
        "schema": len(MIGRATIONS),
        "guild_id": str(guild_id),  # as Discord writes it in JSON
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "counts": counts,
    }


async def _transcripts(
    connection: aiosqlite.Connection, guild_id: int, archive: zipfile.ZipFile, total: int, progress: Progress
) -> list[bytes]:
    """Write each transcript as a file, and return the lines of what no file says of it."""
    found = await connection.execute_fetchall("SELECT id FROM transcripts WHERE guild_id = ? ORDER BY id", (guild_id,))
    index = []
    for done, (id_,) in enumerate(found, start=1):
        entry = await transcripts.get(connection, guild_id, id_)
        assert entry is not None  # in one read transaction
        cues = tuple(await transcripts.whole(connection, id_))
        name, line = await _described(connection, guild_id, entry)
        await aside(_write, archive, name, Transcript(entry.details, cues))
        index.append(line)
        progress(done, total)
    return index


def _write(archive: zipfile.ZipFile, name: str, transcript: Transcript) -> None:
    ((_, data),) = writing.written(transcript, writing.Form.JSON).items()
    archive.writestr(name, data)


async def _described(connection: aiosqlite.Connection, guild_id: int, entry: Entry) -> tuple[str, bytes]:
    """Return a transcript's name in the archive, and its line of what the file itself can't say."""
    name = f"transcripts/{entry.id} {writing.filename(entry.details.title)}.json"
    _, content = await transcripts.content(connection, guild_id, entry.id)
    beside = await transcripts.beside(connection, entry.id)
    return name, _line({"id": entry.id, "name": name, "content": content.hex(), **beside})


async def _rows(connection: aiosqlite.Connection, guild_id: int, table: Table, lines: IO[bytes]) -> None:
    """Write a table's rows, but for the server's id."""
    assert table.carried is not None
    order = ", ".join(table.carried.same)
    if any(name == "id" for name in await columns(connection, table.name)):
        order = "id"
    statement = f"SELECT * FROM {table.name} WHERE {table.of_guild} AND {table.only} ORDER BY {order}"
    async with connection.execute(statement, {"guild": guild_id}) as cursor:
        names = [column[0] for column in cursor.description]
        async for row in cursor:
            said = dict(zip(names, row, strict=True))
            said.pop("guild_id", None)
            lines.write(_line({key: _written(value) for key, value in said.items()}))


async def columns(connection: aiosqlite.Connection, table: str) -> dict[str, str]:
    """Return the columns of a table with the types they are declared with."""
    return {str(row[1]): str(row[2]) for row in await connection.execute_fetchall(f"PRAGMA table_info({table})")}


def _written(value: object) -> object:
    return {BYTES: value.hex()} if isinstance(value, bytes) else value


def _line(value: object, *, indent: int | None = None) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=indent)}\n".encode("utf-8", "surrogatepass")


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to be written that takes another one's place once it is whole and on disk.

    Raises:
        ArchiveError: it can't be written; what was there before stays.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ArchiveError(
            "{path} can't be written: {reason}; nothing was left there.", path=str(path), reason=str(error.strerror)
        ) from error
