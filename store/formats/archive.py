"""ZIP and gzip → the files in them, each with the description that belongs to it.

Whatever a header says, no more is unpacked than is allowed; and a name that leads out of its folder refuses the whole
archive. What is refused keeps none of the others out.
"""

import gzip
import io
import lzma
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

from store.errors import FormatError
from store.formats.details import stem
from store.formats.info import SUFFIX
from store.formats.others import DOCUMENTS, NO_TRANSCRIPT, SAVE, is_litter
from store.formats.parsed import TEXTS
from store.formats.table import SUFFIXES
from store.sentences import Sentence, counted, sentence, series

ARCHIVES = (".zip", ".gz")
MAX_FILES = 2000
MAX_BYTES = 200 * 1024 * 1024
_STEP = 1 << 16
_WANTED = (*SUFFIXES, *filter(None, TEXTS), ".tsv", SUFFIX, *ARCHIVES)
_LANGUAGE = re.compile(r"\.[A-Za-z]{2,3}(?:[-_][\w-]{1,20})?")  # any, also those that aren't known
_DOCUMENTS = (  # packed as ZIP: the member or the type that tells it, and what it is
    ("word/", DOCUMENTS[".docx"]),
    ("xl/", DOCUMENTS[".xlsx"]),
    ("ppt/", DOCUMENTS[".pptx"]),
    ("Index/Document.iwa", DOCUMENTS[".pages"]),
    ("Index.zip", DOCUMENTS[".pages"]),
    ("application/vnd.oasis.opendocument", DOCUMENTS[".odt"]),
    ("application/epub", DOCUMENTS[".epub"]),
)
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)
_BEGIN = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ", b"BZh")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file and the description beside it; `refused` says why it can't be read at all.

    One that is `passed_over` lies in an archive and is none that may be a transcript; it isn't unpacked.
    """

    name: str
    data: bytes
    companion: bytes | None = None
    refused: Sentence | None = None
    passed_over: bool = False


@dataclass
class _Left:
    """What may still be unpacked of all that was given: files, and bytes of `most_bytes`."""

    files: int
    bytes: int
    most_files: int = field(init=False)
    most_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        self.most_files, self.most_bytes = self.files, self.bytes


def is_archive(data: bytes) -> bool:
    """Whether bytes are packed."""
    return data.startswith(_BEGIN) or data.startswith(b"PK\x05\x06")


def unpacked(
    files: Iterable[tuple[str, bytes]], *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES
) -> list[Packed]:
    """Return the files to ingest of those that were given, archives unpacked, descriptions with their captions.

    Last come what can't be unpacked, as refused, and what is passed over: refused is an archive that is damaged, too
    large, or holds what none should, or a damaged file in one.
    """
    found: list[Packed] = []
    left = _Left(max_files, max_bytes)
    for name, data in files:
        before = left.files, left.bytes
        try:
            found += list(_opened(name, data, left))
        except FormatError as error:
            left.files, left.bytes = before  # nothing of it is kept
            found.append(Packed(name, b"", refused=error.sentence))
    pairs = paired((one.name, one.data) for one in found if one.refused is None and not one.passed_over)
    pairs += [one for one in found if one.refused is not None or one.passed_over]
    names = told_apart([one.name for one in pairs])
    return [replace(one, name=name) for one, name in zip(pairs, names, strict=True)]


def _opened(name: str, data: bytes, left: _Left) -> Iterator[Packed]:
    if not is_archive(data):
        yield Packed(name, data)
    elif data.startswith(b"PK"):
        yield from _zipped(name, data, left)
    elif data.startswith(b"\x1f\x8b"):
        yield _gzipped(name, data, left)
    else:
        raise FormatError(
            "{name} is packed in a way that isn't read; send a ZIP, or the files themselves.", name=name[:80]
        )


def told_apart(names: Sequence[str]) -> list[str]:
    """Return files' names, those that several share with their folders': each meeting may have its `audio.vtt`."""
    paths = [PurePosixPath(name) for name in names]
    counts = Counter(path.name.casefold() for path in paths)
    return [
        f"{path.parent.name} – {path.name}" if counts[path.name.casefold()] > 1 and path.parent.name else name
        for path, name in zip(paths, names, strict=True)
    ]


def paired(files: Iterable[tuple[str, bytes]]) -> list[Packed]:
    """Return files with the descriptions that belong to them, by their names; one that belongs to none stays a file."""
    files = list(files)
    described = {name[: -len(SUFFIX)]: data for name, data in files if name.lower().endswith(SUFFIX)}
    used: set[str] = set()
    found = []
    for name, data in files:
        if name.lower().endswith(SUFFIX):
            continue
        folder = name[: -len(PurePosixPath(name).name)]
        bare = name.rpartition(".")[0]
        without, _, last = bare.rpartition(".")
        bases = (bare, folder + stem(name), without if _LANGUAGE.fullmatch(f".{last}") else bare)
        base = next((base for base in bases if base in described), None)
        if base is not None:
            used.add(base)
        found.append(Packed(name, data, described[base] if base is not None else None))
    found += [Packed(f"{base}{SUFFIX}", data) for base, data in described.items() if base not in used]
    return found


def _zipped(name: str, data: bytes, left: _Left) -> Iterator[Packed]:
    named = name[:80]
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise FormatError("{name} can't be unpacked: it is damaged, or an unfinished download.", name=named) from error
    with archive:
        members = [one for one in archive.infolist() if PurePosixPath(one.filename).name and not one.is_dir()]
        left.files -= len(members)
        if left.files < 0:
            raise FormatError(
                "{name} holds {files} files; at most {most} are unpacked at once.",
                name=named,
                files=f"{len(members):,}",
                most=f"{left.most_files:,}",
            )
        for one in members:
            _checked(named, one)
        if (document := _document(archive)) is not None:
            raise FormatError(NO_TRANSCRIPT, name=named, kind=document, advice=SAVE)
        if not any(_is_wanted(one.filename) and not is_litter(one.filename) for one in members):
            raise FormatError("{name} holds no transcript: {held}.", name=named, held=_held(members))
        for one in members:
            if is_litter(one.filename):
                continue
            if not _is_wanted(one.filename):
                yield Packed(one.filename, b"", passed_over=True)
                continue
            try:
                with archive.open(one) as packed:
                    content = _read(packed, left.bytes)
            except _DAMAGED:
                refused = sentence(
                    "{file} in {name} can't be unpacked: it is damaged.", file=one.filename[:80], name=named
                )
                yield Packed(one.filename, b"", refused=refused)
                continue
            if content is None:
                raise _too_large(named, left.most_bytes)
            left.bytes -= len(content)
            if is_archive(content):
                refused = sentence(
                    "{file} in {name} is an archive itself; send it on its own.", file=one.filename[:80], name=named
                )
                yield Packed(one.filename, b"", refused=refused)
            else:
                yield Packed(one.filename, content)


def _checked(named: str, member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
    if ".." in parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor or ":" in parts[0]:
        raise FormatError("{name} was refused: “{file}” leads out of the archive's folder.", name=named, file=name[:80])
    if stat.S_ISLNK(member.external_attr >> 16):
        raise FormatError("{name} was refused: “{file}” is a link to another file.", name=named, file=name[:80])
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack without bounds
        raise FormatError("{name} is packed in a way that isn't read; make it anew as an ordinary ZIP.", name=named)
    if member.flag_bits & 1:
        raise FormatError("{name} is locked with a password; send it without one.", name=named)


def _document(archive: zipfile.ZipFile) -> Sentence | None:
    """Return what an office's document is that is packed as ZIP; None of any other archive."""
    members = archive.namelist()
    if "mimetype" in members:
        try:
            with archive.open("mimetype") as packed:
                members.append(packed.read(100).decode("ascii", errors="replace"))
        except _DAMAGED:
            pass  # what it holds says more
    elif not {"[Content_Types].xml", "Index.zip", "Index/Document.iwa"}.intersection(members):
        return None
    return next((named for begin, named in _DOCUMENTS if any(one.startswith(begin) for one in members)), None)


def _held(members: list[zipfile.ZipInfo]) -> Sentence:
    """Say what kinds of files an archive holds, the most frequent first."""
    kinds = Counter(PurePosixPath(one.filename).suffix.lower()[:12] for one in members if not is_litter(one.filename))
    if not kinds:
        return sentence("it is empty")
    files = [
        counted("{n} × {kind}", "{n} × {kind}", count, kind=kind or sentence("no suffix"))
        for kind, count in kinds.most_common(5)
    ]
    return sentence("it holds {files}", files=series(files))


def _gzipped(name: str, data: bytes, left: _Left) -> Packed:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = _read(packed, left.bytes)
    except (zlib.error, EOFError, OSError) as error:
        raise FormatError(
            "{name} can't be unpacked: it is damaged, or an unfinished download.", name=name[:80]
        ) from error
    if content is None:
        raise _too_large(name[:80], left.most_bytes)
    left.bytes -= len(content)
    if is_archive(content) or content[257:262] == b"ustar":
        raise FormatError("{name} holds an archive; send a ZIP of the files instead.", name=name[:80])
    return Packed(name[:-3] if name.lower().endswith(".gz") else name, content)


def _read(packed: IO[bytes] | gzip.GzipFile, most: int) -> bytes | None:
    """Read all of a packed file; None where it is more than `most` bytes."""
    parts: list[bytes] = []
    size = 0
    while part := packed.read(_STEP):
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


def _too_large(named: str, most: int) -> FormatError:
    return FormatError(
        "{name} was refused: unpacked it is larger than {megabytes} MB.", name=named, megabytes=f"{most / 2**20:.3g}"
    )


def _is_wanted(name: str) -> bool:
    """Whether a file in an archive may be a transcript: pictures and videos that lie beside them aren't unpacked."""
    return name.lower().endswith(_WANTED) or "." not in PurePosixPath(name).name
