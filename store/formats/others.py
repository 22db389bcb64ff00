"""Files that are no transcripts: what they are called, and how it is told that they aren't read."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath

MOST_NAMED = 8
DOCUMENTS = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".doc", ".dot"), "a Word document"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls"), "an Excel workbook"),
    **dict.fromkeys((".pptx", ".ppt"), "a PowerPoint presentation"),
    **dict.fromkeys((".pages", ".numbers", ".key"), "a document of Pages, Numbers or Keynote"),
    **dict.fromkeys((".odt", ".ods", ".odp"), "an OpenDocument file"),
    **dict.fromkeys((".epub", ".mobi", ".azw3"), "an e-book"),
    ".gdoc": "a link to a Google document",
    ".pdf": "a PDF",
    ".rtf": "a rich text document",
}
_SOUND = ".mp3 .m4a .m4b .aac .wav .flac .ogg .oga .opus .wma .aif .aiff .amr .mka"
_VIDEO = ".mp4 .m4v .mov .mkv .webm .avi .wmv .mpg .mpeg .ts .3gp .flv .ogv"
_PICTURES = ".jpg .jpeg .png .webp .gif .bmp .tif .tiff .heic .heif .avif .svg .ico .jxl"
_UNFINISHED = ".part .ytdl .tmp .temp .crdownload .download"
_BESIDE = frozenset(f"{_SOUND} {_VIDEO} {_PICTURES} {_UNFINISHED}".split())
_LITTER = ("thumbs.db", "desktop.ini")


def is_litter(name: str) -> bool:
    """Whether a file is one that a system leaves, or is hidden, by its path in its folder or archive."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name.lower() in _LITTER


def lies_beside(name: str) -> bool:
    """Whether a file is sound, video, a picture or an unfinished download: what lies beside captions anyway."""
    suffix = _suffix(name)
    return suffix in _BESIDE or suffix.startswith(".part-")


def told(names: Iterable[str]) -> str:
    """Say which files aren't read: documents by their names, of others how many of each kind; nothing of none."""
    documents = []
    kinds: Counter[str] = Counter()
    for name in names:
        suffix = _suffix(name)
        if suffix in DOCUMENTS:
            documents.append(f"{PurePosixPath(name).name[:80]} ({DOCUMENTS[suffix]})")
        else:
            kinds[suffix or "without a suffix"] += 1
    parts = documents[:MOST_NAMED]
    if len(documents) > MOST_NAMED:
        parts.append(f"{len(documents) - MOST_NAMED:,} more documents")
    parts += [f"{count:,} × {kind}" for kind, count in kinds.most_common(MOST_NAMED)]
    if others := sum(count for _, count in kinds.most_common()[MOST_NAMED:]):
        parts.append(f"{others:,} × others")
    return f"Not read: {', '.join(parts)}." if parts else ""


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()[:12]
