"""A server's export, read again: what it says of itself, its transcripts and its rows.

All of it is read once before anything is done with it, so that a damaged one changes nothing. Whatever a header says,
no more is unpacked than an export of that size can hold.
"""

import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from store.errors import ArchiveError
from store.holdings.packing import BYTES, CARRIED, FORMAT, INDEX, KEY, MANIFEST, rows_file
from store.migrations import MIGRATIONS

MOST_LINE = 4 << 20  # bytes of a row, or of the manifest
MOST_TRANSCRIPT = 256 << 20  # bytes; one of 100,000 cues takes about 20 MB
# Unpacked, an export of 90 made-up talks is 3 times as large; rows that differ in a number alone are 81 times.
MOST_TIMES = 400
LEAST = 16 << 20  # bytes that any may hold unpacked
_STEP = 1 << 16
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Listed:
    """A transcript of an export: its number there, its file, its digest, and what no file says of it, by column."""

    id: int
    name: str
    content: str
    beside: Row


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was opened by `opened`, and is whole."""

    path: Path
    guild_id: int
    exported_at: str
    counts: Mapping[str, int]
    transcripts: tuple[Listed, ...]
    _archive: zipfile.ZipFile

    def transcript(self, listed: Listed) -> bytes:
        """Return a transcript's file.

        Raises:
            ArchiveError: it was damaged since it was looked at.
        """
        with _reading(self.path, listed.name):
            return self._archive.read(listed.name)

    def rows(self, table: str) -> Iterator[Row]:
        """Yield a table's rows, of which an earlier version's export may have none.

        Raises:
            ArchiveError: it was damaged since it was looked at.
        """
        name = next(rows_file(one) for one in CARRIED if one.name == table)
        if name in self._archive.namelist():
            yield from _lines(self.path, self._archive, name)


@contextmanager
def opened(path: Path) -> Iterator[Export]:
    """Open an export and look at all of it.

    Raises:
        ArchiveError: it can't be read, is none, is damaged, unpacks to more than it should, or is of a newer version.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise ArchiveError("{path} can't be read: {reason}.", path=str(path), reason=str(error.strerror)) from error
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _DAMAGED as error:
            raise ArchiveError(
                "{path} isn't a server's export: it is no ZIP, or one that was cut off.", path=str(path)
            ) from error
        with archive:
            guild_id, exported_at, counts = _manifest(path, archive)
            _check(path, archive)
            listed = tuple(_listed(path, archive, row) for row in _lines(path, archive, INDEX))
            if len(listed) != counts.get("transcripts"):
                raise _damaged(path, INDEX)
            yield Export(path, guild_id, exported_at, counts, listed, archive)


def _manifest(path: Path, archive: zipfile.ZipFile) -> tuple[int, str, dict[str, int]]:
    if MANIFEST not in archive.namelist():
        raise _foreign(path)
    with _reading(path, MANIFEST), archive.open(MANIFEST) as packed:
        said = json.loads(packed.read(MOST_LINE))
    if not isinstance(said, dict) or KEY not in said:
        raise _foreign(path)
    if said[KEY] != FORMAT or not isinstance(said.get("schema"), int) or said["schema"] > len(MIGRATIONS):
        raise ArchiveError("{path} was written by a newer Verbatim; update this one first.", path=str(path))
    guild, exported_at, counts = said.get("guild_id"), said.get("exported_at"), said.get("counts")
    if not (isinstance(guild, str) and guild.isascii() and guild.isdigit() and 0 < int(guild[:20]) < 2**63):
        raise _damaged(path, MANIFEST)
    if not isinstance(exported_at, str) or not isinstance(counts, dict):
        raise _damaged(path, MANIFEST)
    return int(guild), exported_at, {str(name): count for name, count in counts.items() if isinstance(count, int)}


def _check(path: Path, archive: zipfile.ZipFile) -> None:
    """Unpack everything once, without keeping it: what is damaged or too large is refused before anything is done."""
    left = max(LEAST, MOST_TIMES * path.stat().st_size)
    for member in archive.infolist():
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 1:
            raise _foreign(path)
        most = MOST_TRANSCRIPT if member.filename.startswith("transcripts/") else left
        size = 0
        with _reading(path, member.filename), archive.open(member) as packed:
            while part := packed.read(_STEP):
                size, left = size + len(part), left - len(part)
                if size > most or left < 0:
                    raise ArchiveError(
                        "{path} was refused: unpacked it is larger than any export of its size.", path=str(path)
                    )


def _listed(path: Path, archive: zipfile.ZipFile, row: Row) -> Listed:
    id_, name, content = row.get("id"), row.get("name"), row.get("content")
    if not isinstance(id_, int) or not isinstance(name, str) or not isinstance(content, str):
        raise _damaged(path, INDEX)
    with _reading(path, name):
        archive.getinfo(name)
    return Listed(id_, name, content, {key: row[key] for key in row.keys() - {"id", "name", "content"}})


def _lines(path: Path, archive: zipfile.ZipFile, name: str) -> Iterator[Row]:
    with _reading(path, name), archive.open(name) as packed:
        while line := _line(packed):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("not a row")
            yield {key: _read(value) for key, value in row.items()}


def _line(packed: IO[bytes]) -> bytes:
    line = packed.readline(MOST_LINE + 1)
    if len(line) > MOST_LINE:
        raise ValueError("longer than any row")
    return line


def _read(value: object) -> object:
    return bytes.fromhex(value[BYTES]) if isinstance(value, dict) else value


@contextmanager
def _reading(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except (*_DAMAGED, TypeError) as error:
        raise _damaged(path, name) from error
    except OSError as error:
        raise ArchiveError("{path} can't be read: {reason}.", path=str(path), reason=str(error)) from error


def _damaged(path: Path, name: str) -> ArchiveError:
    return ArchiveError(
        "{path} is damaged: {name} in it can't be read; nothing was changed, export the server again.",
        path=str(path),
        name=name[:80],
    )


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        "{path} isn't a server's export, which `export` writes; transcripts in a ZIP are read by `ingest`.",
        path=str(path),
    )
