"""Files that are no transcripts: what they are, by their first bytes or their names, and what is said of them."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath

from store.sentences import Sentence, counted, sentence, series

MOST_NAMED = 8
PDF, RICH = sentence("a PDF"), sentence("a rich text document")
WORD, OFFICE = sentence("a Word document"), sentence("an office document")
SOUND, VIDEO, PICTURE = sentence("sound"), sentence("a video"), sentence("a picture")
DOCUMENTS = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".doc", ".dot"), WORD),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls"), sentence("an Excel workbook")),
    **dict.fromkeys((".pptx", ".ppt"), sentence("a PowerPoint presentation")),
    **dict.fromkeys((".pages", ".numbers", ".key"), sentence("a document of Pages, Numbers or Keynote")),
    **dict.fromkeys((".odt", ".ods", ".odp"), sentence("an OpenDocument file")),
    **dict.fromkeys((".epub", ".mobi", ".azw3"), sentence("an e-book")),
    ".gdoc": sentence("a link to a Google document"),
    ".pdf": PDF,
    ".rtf": RICH,
}
_MEDIA = {
    **dict.fromkeys(".mp3 .m4a .m4b .aac .wav .flac .ogg .oga .opus .wma .aif .aiff .amr .mka".split(), SOUND),
    **dict.fromkeys(".mp4 .m4v .mov .mkv .webm .avi .wmv .mpg .mpeg .ts .3gp .flv .ogv".split(), VIDEO),
    **dict.fromkeys(".jpg .jpeg .png .webp .gif .bmp .tif .tiff .heic .heif .avif .svg .ico .jxl".split(), PICTURE),
}
_ADVICE = {  # what to do with each, and with any other
    PDF: sentence("copy its text into a .txt file and send that"),
    **dict.fromkeys((SOUND, VIDEO), sentence("Verbatim reads transcripts, it doesn't listen")),
    PICTURE: sentence("send the words as text"),
}
SAVE = sentence("save it as text (.txt) and send that")
NO_TRANSCRIPT = sentence("{name} is {kind}; {advice}.")
_READ = 4096  # bytes by which a file is told
_UNFINISHED = ".part .ytdl .tmp .temp .crdownload .download"
_BESIDE = frozenset([*_MEDIA, *_UNFINISHED.split()])
_BEGIN = (  # a file's first bytes, and what it is
    (b"%PDF-", PDF),
    (b"{\\rtf", RICH),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),  # the name says which
    (b"ID3", SOUND),
    (b"OggS", SOUND),
    (b"fLaC", SOUND),
    (b"#!AMR", SOUND),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"\x00\x00\x01\xba", VIDEO),
    (b"FLV\x01", VIDEO),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),
    (b"\x89PNG\r\n\x1a\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF87a", PICTURE),
    (b"GIF89a", PICTURE),
)
_PARTED = (  # what stands in a container, at its eighth byte
    (b"RIFF", {b"WAVE": SOUND, b"AVI ": VIDEO, b"WEBP": PICTURE}),
    (b"FORM", {b"AIFF": SOUND, b"AIFC": SOUND}),
)
_BRANDS = {b"M4A ": SOUND, b"M4B ": SOUND, **dict.fromkeys((b"heic", b"heix", b"mif1", b"avif"), PICTURE)}
_LITTER = ("thumbs.db", "desktop.ini")


def is_litter(name: str) -> bool:
    """Whether a file is one that a system leaves, or is hidden, by its path in its folder or archive."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name.lower() in _LITTER


def lies_beside(name: str) -> bool:
    """Whether a file is sound, video, a picture or an unfinished download: what lies beside captions anyway."""
    suffix = _suffix(name)
    return suffix in _BESIDE or suffix.startswith(".part-")


def refused(name: str, data: bytes) -> Sentence | None:
    """Say what a file is that can't be a transcript, by its first bytes; where these are no text, by its name.

    None of any other file.
    """
    kind = _kind(data)
    suffix = _suffix(name)
    if kind == OFFICE:
        kind = DOCUMENTS.get(suffix, kind)
    if kind is None and b"\0" in data[:_READ]:
        kind = DOCUMENTS.get(suffix) or _MEDIA.get(suffix)
    if kind is None:
        return None
    return sentence(NO_TRANSCRIPT, name=name[:80], kind=kind, advice=_ADVICE.get(kind, SAVE))


def _kind(data: bytes) -> Sentence | None:
    """Return what a file is by its first bytes."""
    head = data[:_READ].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    for begin, kind in _BEGIN:
        # "ID3" may be a word, and is none before a zero.
        if head.startswith(begin) and (kind in {PDF, RICH} or not begin.isascii() or b"\0" in head):
            return kind
    for begin, kinds in _PARTED:
        if head.startswith(begin) and b"\0" in head:
            return kinds.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], VIDEO)
    # A frame of MPEG's sound, which has no more of a mark than eleven bits.
    return SOUND if head[:1] == b"\xff" and b"\xe0" <= head[1:2] < b"\xfe" and b"\0" in head else None


def told(names: Iterable[str]) -> Sentence | None:
    """Say which files aren't read: documents by their names, of others how many of each kind; None of none."""
    documents = []
    kinds: Counter[str] = Counter()
    for name in names:
        suffix = _suffix(name)
        if suffix in DOCUMENTS:
            file = PurePosixPath(name).name[:80]
            documents.append(sentence("{file} ({kind})", file=file, kind=DOCUMENTS[suffix]))
        else:
            kinds[suffix] += 1
    parts = documents[:MOST_NAMED]
    if more := len(documents) - len(parts):
        parts.append(counted("{n} more document", "{n} more documents", more))
    parts += [
        counted("{n} × {kind}", "{n} × {kind}", count, kind=kind or sentence("without a suffix"))
        for kind, count in kinds.most_common(MOST_NAMED)
    ]
    if rest := sum(count for _, count in kinds.most_common()[MOST_NAMED:]):
        parts.append(counted("{n} × others", "{n} × others", rest))
    return sentence("Not read: {files}.", files=series(parts)) if parts else None


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()[:12]
