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
from store.sentences import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what people call it, how its files' names end, how it is told, and its parser."""

    name: Sentence
    suffixes: tuple[str, ...]
    recognised: Callable[[File], bool]
    read: Callable[[File], Parsed]


PLAIN = Format(sentence("plain text"), (".txt", ".md", ".markdown"), plain.recognised, plain.read)
FORMATS = (
    Format(sentence("WebVTT"), (".vtt",), vtt.recognised, vtt.read),
    Format(sentence("Verbatim's JSON"), (".json",), exported.recognised, exported.read),
    Format(sentence("a description by yt-dlp"), (), info.recognised, info.alone),
    Format(sentence("YouTube's json3"), (".json3", ".json"), json3.recognised, json3.read),
    Format(sentence("Podcasting 2.0 JSON"), (".json",), podcasting.recognised, podcasting.read),
    Format(sentence("AWS Transcribe JSON"), (".json",), aws.recognised, aws.read),
    Format(sentence("Deepgram JSON"), (".json",), deepgram.recognised, deepgram.read),
    Format(sentence("ElevenLabs JSON"), (".json",), elevenlabs.recognised, elevenlabs.read),
    Format(sentence("AssemblyAI JSON"), (".json",), assemblyai.recognised, assemblyai.read),
    Format(sentence("Whisper JSON"), (".json",), whisper.recognised, whisper.read),
    Format(sentence("a podcast's HTML"), (".html", ".htm"), page.recognised, page.read),
    Format(sentence("a web page"), (), lambda file: file.is_page, page.refused),
    Format(sentence("TTML"), (".ttml", ".dfxp", ".xml"), ttml.recognised, ttml.read),
    Format(sentence("YouTube's XML"), (".srv3", ".srv2", ".srv1", ".xml"), srv.recognised, srv.read),
    Format(sentence("SubStation Alpha"), (".ass", ".ssa"), ass.recognised, ass.read),
    Format(sentence("SubViewer"), (".sbv",), sbv.recognised, sbv.read),
    Format(sentence("SubRip"), (".srt",), srt.recognised, srt.read),
    Format(sentence("LRC"), (".lrc",), lrc.recognised, lrc.read),
    Format(sentence("lines without times"), (".md",), native.is_untimed, native.untimed),
    Format(sentence("turns with times"), (".txt", ".md", ".markdown"), turns.recognised, turns.read),
    Format(sentence("lines with times"), (".md", ".markdown", ".txt"), native.recognised, native.read),
    PLAIN,
)
SUFFIXES = tuple(dict.fromkeys(suffix for one in FORMATS for suffix in one.suffixes))
