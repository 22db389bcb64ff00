"""The one table of formats: a new one is a module and a row.

They are tried in this order, by what a file holds; its name decides only where that leaves several open.
"""

from collections.abc import Callable
from dataclasses import dataclass

from store.formats import info
from store.formats.captions import ass, json3, lrc, sbv, srt, srv, ttml, vtt
from store.formats.parsed import File, Parsed
from store.formats.speech import assemblyai, aws, deepgram, elevenlabs, exported, podcasting, whisper
from store.formats.texts import native, page, plain, turns


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what people call it, how its files' names end, how it is told, and its parser."""

    name: str
    suffixes: tuple[str, ...]
    recognised: Callable[[File], bool]
    read: Callable[[File], Parsed]


FORMATS = (
    Format("WebVTT", (".vtt",), vtt.recognised, vtt.read),
    Format("Verbatim's JSON", (".json",), exported.recognised, exported.read),
    Format("a description by yt-dlp", (), info.recognised, info.alone),
    Format("YouTube's json3", (".json3", ".json"), json3.recognised, json3.read),
    Format("Podcasting 2.0 JSON", (".json",), podcasting.recognised, podcasting.read),
    Format("AWS Transcribe JSON", (".json",), aws.recognised, aws.read),
    Format("Deepgram JSON", (".json",), deepgram.recognised, deepgram.read),
    Format("ElevenLabs JSON", (".json",), elevenlabs.recognised, elevenlabs.read),
    Format("AssemblyAI JSON", (".json",), assemblyai.recognised, assemblyai.read),
    Format("Whisper JSON", (".json",), whisper.recognised, whisper.read),
    Format("a podcast's HTML", (".html", ".htm"), page.recognised, page.read),
    Format("a web page", (), lambda file: file.is_page, page.refused),
    Format("TTML", (".ttml", ".dfxp", ".xml"), ttml.recognised, ttml.read),
    Format("YouTube's XML", (".srv3", ".srv2", ".srv1", ".xml"), srv.recognised, srv.read),
    Format("SubStation Alpha", (".ass", ".ssa"), ass.recognised, ass.read),
    Format("SubViewer", (".sbv",), sbv.recognised, sbv.read),
    Format("SubRip", (".srt",), srt.recognised, srt.read),
    Format("LRC", (".lrc",), lrc.recognised, lrc.read),
    Format("lines without times", (".md",), native.is_untimed, native.untimed),
    Format("turns with times", (".txt", ".md", ".markdown"), turns.recognised, turns.read),
    Format("lines with times", (".md", ".markdown", ".txt"), native.recognised, native.read),
    Format("plain text", (".txt", ".md", ".markdown"), plain.recognised, plain.read),
)
SUFFIXES = tuple(dict.fromkeys(suffix for one in FORMATS for suffix in one.suffixes))
