"""A transcript → a file that can be read again and is the same: the native format, SRT, VTT, and JSON that keeps all.

SRT and VTT have no room for what is known of a video, so a description in yt-dlp's form goes with them. A cue without
an end is shown until the next one there; the description says that its ends are none of the transcript's.
"""

import enum
import json
import re
from collections.abc import Sequence

import yaml

from store.errors import FormatError
from store.formats import info, markup
from store.formats.speech.exported import KEY, TIMED
from store.models import Cue, Details, Transcript
from store.text.wording import clock

LAST_MS = 3000  # for which a last cue without an end is shown

_DASHED = re.compile(r"^(?=[-–—|:]\s)")  # what a title begins with may also part it from its time
_UNSAFE = re.compile(r"[^\w .,()\[\]'’&+-]+")


class Form(enum.StrEnum):
    """How a transcript can be written."""

    NATIVE = "native"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


def written(transcript: Transcript, form: Form) -> dict[str, bytes]:
    """Return the files of a transcript, by name: one, or with SRT and VTT its description too.

    Raises:
        FormatError: it has no times, which captions need.
    """
    if not transcript.details.timed and form in {Form.SRT, Form.VTT}:
        raise FormatError(
            "This transcript has no times, which {format} needs; export it as Markdown or JSON.", format=form.upper()
        )
    name = filename(transcript.details.title)
    match form:
        case Form.NATIVE:
            return {f"{name}.md": _native(transcript).encode()}
        case Form.JSON:
            return {f"{name}.json": _json(_object(transcript))}
        case Form.SRT:
            return {f"{name}.srt": _srt(transcript).encode(), f"{name}{info.SUFFIX}": _json(_described(transcript))}
        case Form.VTT:
            return {f"{name}.vtt": _vtt(transcript).encode(), f"{name}{info.SUFFIX}": _json(_described(transcript))}


def filename(title: str) -> str:
    """Return a title as the name of a file on any system, without a suffix."""
    kept = " ".join(_UNSAFE.sub(" ", title).split()).strip(". ")
    return kept.encode()[:120].decode(errors="ignore").strip(". ") or "transcript"


def _json(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()


def _seconds(ms: int) -> float:
    return ms / 1000


def _object(transcript: Transcript) -> dict[str, object]:
    said = transcript.details
    return {
        **_said(said),
        "duration": _seconds(said.duration_ms) if said.duration_ms is not None else None,
        "tags": list(said.tags),
        "language": said.language,
        "chapters": [{"start": _seconds(start), "title": title} for start, title in said.chapters],
        "timed": said.timed,
        "cues": [_cue(cue) for cue in transcript.cues],
    }


def _said(said: Details) -> dict[str, object]:
    """Return what is written of a transcript in the same way in every form of ours."""
    return {
        KEY: 1,
        "title": said.title,
        "video_id": said.video_id,
        "video_url": said.url,
        "speaker": said.speaker,
        "channel": said.channel,
        "date": said.published.isoformat() if said.published else None,
    }


def _cue(cue: Cue) -> dict[str, object]:
    found: dict[str, object] = {"start": _seconds(cue.start_ms)}
    if cue.end_ms is not None:
        found["end"] = _seconds(cue.end_ms)
    if cue.speaker is not None:
        found["speaker"] = cue.speaker
    return found | {"text": cue.text}


def _described(transcript: Transcript) -> dict[str, object]:
    said = transcript.details
    found = {
        "id": said.video_id,
        "title": said.title,
        "webpage_url": said.url,
        "speaker": said.speaker,
        "channel": said.channel,
        "upload_date": said.published.isoformat().replace("-", "") if said.published else None,
        "duration": _seconds(said.duration_ms) if said.duration_ms is not None else None,
        "tags": list(said.tags),
        "language": said.language,
        "chapters": [{"start_time": _seconds(start), "title": title} for start, title in said.chapters],
        KEY: 1,
        "ends": any(cue.end_ms is not None for cue in transcript.cues),
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _native(transcript: Transcript) -> str:
    said = transcript.details
    fields = {
        **_said(said),
        "duration": f"{_seconds(said.duration_ms):.3f}" if said.duration_ms is not None else None,
        "tags": list(said.tags),
        "language": said.language,
        "chapters": [f"{_time(start)} {_DASHED.sub('- ', title)}" for start, title in said.chapters],
    }
    kept = {key: value for key, value in fields.items() if value not in (None, [])}
    if not said.timed:
        kept[TIMED] = "no"
    head = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)
    lines = (f"- {_when(cue) if said.timed else ''}{_words(cue)}".rstrip(" ") for cue in transcript.cues)
    return "\n".join([f"---\n{head}---", "", *lines, ""])


def _when(cue: Cue) -> str:
    return f"[{_time(cue.start_ms)}{f' → {_time(cue.end_ms)}' if cue.end_ms is not None else ''}] "


def _words(cue: Cue) -> str:
    return f"**{cue.speaker or ''}:** {cue.text}" if cue.speaker or cue.text.startswith("**") else cue.text


def _time(ms: int) -> str:
    """Write a time as the native format has it, with its milliseconds if there are any."""
    return clock(ms) + (f".{ms % 1000:03}" if ms % 1000 else "")


def _srt(transcript: Transcript) -> str:
    blocks = []
    for number, (cue, end) in enumerate(_shown(transcript.cues), start=1):
        front = f"[{cue.speaker or ''}]: " if cue.speaker or cue.text.startswith("[") else ""
        text = markup.escaped(front + cue.text).replace("{", "&#123;")
        blocks.append(f"{number}\n{_stamp(cue.start_ms, ',')} --> {_stamp(end, ',')}\n{text}\n")
    return "\n".join(blocks)


def _vtt(transcript: Transcript) -> str:
    blocks = ["WEBVTT\n"]
    for cue, end in _shown(transcript.cues):
        text = markup.escaped(cue.text)
        if cue.speaker is not None:
            text = f"<v {markup.escaped(cue.speaker)}>{text}"
        blocks.append(f"{_stamp(cue.start_ms, '.')} --> {_stamp(end, '.')}\n{text}\n")
    return "\n".join(blocks)


def _shown(cues: Sequence[Cue]) -> list[tuple[Cue, int]]:
    """Return cues with the times until which they are shown: those without an end until the next one starts."""
    if any(cue.end_ms is not None for cue in cues):
        return [(cue, cue.end_ms if cue.end_ms is not None else cue.start_ms) for cue in cues]
    after = [cue.start_ms for cue in cues[1:]] + [cues[-1].start_ms + LAST_MS]
    return [(cue, max(cue.start_ms, end)) for cue, end in zip(cues, after, strict=True)]


def _stamp(ms: int, point: str) -> str:
    seconds, fraction = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{fraction:03}"
