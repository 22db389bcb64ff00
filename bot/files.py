"""Files on this machine that may be transcripts: which of a folder, what they hold, and what describes them.

A description by yt-dlp belongs to the caption file of the same name, wherever the two come from.
"""

import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from store.errors import StoreError
from store.formats import others
from store.formats.archive import ARCHIVES
from store.formats.info import SUFFIX as INFO
from store.formats.table import SUFFIXES

STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Found:
    """Files that may be transcripts, those that lie beside them and aren't read, and why folders can't be opened."""

    files: list[Path]
    over: list[Path]
    closed: dict[Path, str]


def named(paths: Sequence[Path]) -> Found:
    """Return the named files and, of folders, every file inside that may be a transcript, each once and in order.

    A description that is named beside its captions goes with them.
    """
    found: dict[Path, None] = {}
    over: dict[Path, None] = {}
    closed: dict[Path, str] = {}
    for path in paths:
        within = [path]
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a folder above can't be entered
            held = inside(path)
            within = held.files or ([] if held.closed else [path])
            over.update(dict.fromkeys(held.over))
            closed |= held.closed
        found.update(dict.fromkeys(within))
    described = {description(path) for path in found}
    left = [path for path in found if path not in described]
    return Found(left, [path for path in over if path not in found], closed)


def inside(folder: Path) -> Found:
    """Return the files in a folder, in order: no descriptions, and nothing hidden."""
    found = Found([], [], {})

    def noted(error: OSError) -> None:
        path = Path(error.filename)
        if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            found.closed[path] = f"{path} can't be opened: {(error.strerror or 'it fails').lower()}."
        elif path == folder:  # others are gone since
            found.closed[path] = f"There is no folder {path}."

    for within, _, names in os.walk(folder, onerror=noted):
        parts = Path(within).relative_to(folder).parts
        for name in names:
            if name.lower().endswith(INFO) or others.is_litter(name):
                continue
            if name.lower().endswith((*SUFFIXES, *ARCHIVES)):
                found.files.append(Path(within, name))
            elif not any(part.startswith((".", "__MACOSX")) for part in parts):
                found.over.append(Path(within, name))
    found.files.sort()
    found.over.sort()
    return found


def description(path: Path) -> Path | None:
    """Return the description beside a caption file, by its name: `talk.info.json` beside `talk.en.vtt`."""
    if path.name.lower().endswith((INFO, *ARCHIVES)):
        return None
    stem = path.name.rpartition(".")[0]
    beside = [path.with_name(f"{one}{INFO}") for one in (stem, stem.rpartition(".")[0]) if one]
    return next((one for one in beside if os.path.isfile(one)), None)  # noqa: PTH113 - as for folders above


def read(path: Path, most: int) -> bytes:
    """Return a file's bytes; one byte more than `most` is enough to see that it is too large.

    Raises:
        StoreError: there is no such file, or it can't be read.
    """
    if path == STDIN:
        return sys.stdin.buffer.read(most + 1)
    if path.name.lower().endswith(ARCHIVES):
        most *= 8  # what is in it is measured when it is unpacked
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise StoreError("The folder holds no file that is read as a transcript.")
        if not stat.S_ISREG(kind):
            raise StoreError("It isn't a file.")
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        raise StoreError(f"It can't be read: {getattr(error, 'strerror', None) or error}.") from error
