"""What yt-dlp writes beside a caption file, `NAME.info.json`: title, link, channel, day, length, tags and chapters."""

from store.errors import FormatError
from store.formats import times
from store.formats.details import chapter
from store.formats.parsed import Fields, File, Parsed
from store.formats.speech.exported import KEY
from store.formats.speech.words import objects

SUFFIX = ".info.json"
_KEYS = {
    "title": ("title", "fulltitle"),
    "video_url": ("webpage_url", "original_url"),
    "channel": ("channel", "uploader", "series"),
    "date": ("upload_date", "release_date"),
    "video_id": ("id",),
    "speaker": ("speaker",),
    "language": ("language",),
}


def recognised(file: File) -> bool:
    """Whether a file describes a video."""
    document = file.document
    if not isinstance(document, dict):
        return False
    return file.name.lower().endswith(SUFFIX) or ("webpage_url" in document and "extractor" in document)


def read(file: File) -> Parsed:
    """Read a description, which has no cues.

    Raises:
        FormatError: it describes no video.
    """
    document = file.document
    if not isinstance(document, dict):
        raise FormatError("This isn't the description of a video that yt-dlp writes.")
    fields: Fields = {}
    for key, names in _KEYS.items():
        if value := next((value for name in names if isinstance(value := document.get(name), str) and value), None):
            fields[key] = value
    if isinstance(tags := document.get("tags"), list):
        fields["tags"] = [tag for tag in tags if isinstance(tag, str)]
    if (length := times.seconds(document.get("duration"))) is not None:
        fields["duration"] = f"{length / 1000:.3f}"
    if KEY in document:
        fields[KEY] = "1"
        fields["ends"] = "" if document.get("ends") is False else "1"
    every = [
        chapter(times.seconds(one.get("start_time")), one.get("title")) for one in objects(document.get("chapters"))
    ]
    return Parsed([], fields, tuple(one for one in every if one is not None))


def alone(file: File) -> Parsed:
    """Refuse a description without captions."""
    raise FormatError(
        "{name} describes a video and holds no words; send it together with the caption file of the same name, and it "
        "gives the title, the link, the day and the chapters.",
        name=file.name[:80],
    )
