"""What libraries make of the samples in tests/store/formats/samples, cue by cue, beside what we do.

A cue is right where its start, to the millisecond, and its words are those that are expected; order doesn't count.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pylrc
import pysubs2
import srt
import webvtt

from store.formats import read

SAMPLES = Path(__file__).parents[1] / "store" / "formats" / "samples"
EXPECTED = ".expected.json"
Said = tuple[int, str]
Reader = Callable[[Path], Iterator[Said]]


def _ours(path: Path) -> Iterator[Said]:
    for cue in read(path.read_bytes(), path.name).transcript.cues:
        yield cue.start_ms, cue.text


def _webvtt(path: Path) -> Iterator[Said]:
    found = {".srt": webvtt.from_srt, ".sbv": webvtt.from_sbv}.get(path.suffix, webvtt.read)(str(path))
    for caption in found:
        hours, minutes, seconds = caption.start.split(":")
        yield round((int(hours) * 60 + int(minutes)) * 60_000 + float(seconds) * 1000), " ".join(caption.text.split())


def _pysubs2(path: Path) -> Iterator[Said]:
    for event in pysubs2.load(str(path)):
        if event.type == "Dialogue" and not event.is_drawing:
            yield event.start, " ".join(event.plaintext.split())


def _srt(path: Path) -> Iterator[Said]:
    for subtitle in srt.parse(path.read_text("utf-8-sig")):
        yield round(subtitle.start.total_seconds() * 1000), " ".join(subtitle.content.split())


def _pylrc(path: Path) -> Iterator[Said]:
    for line in pylrc.parse(path.read_text("utf-8")):
        yield round(line.time * 1000), line.text.strip()


READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "ours": (_ours, (".vtt", ".srt", ".sbv", ".ass", ".lrc", ".ttml", ".dfxp")),
    "webvtt-py": (_webvtt, (".vtt", ".srt", ".sbv")),
    "pysubs2": (_pysubs2, (".vtt", ".srt", ".sbv", ".ass", ".ttml", ".dfxp")),
    "srt": (_srt, (".srt",)),
    "pylrc": (_pylrc, (".lrc",)),
}


def compare() -> None:
    """Print, sample by sample, how many of its cues each library gives as they are, and how many it gives beside."""
    print(f"{'sample':30} {'cues':>5} " + " ".join(f"{name:>12}" for name in READERS))
    for expected in sorted(SAMPLES.glob(f"*{EXPECTED}")):
        path = expected.with_name(expected.name.removesuffix(EXPECTED))
        wanted = json.loads(expected.read_text("utf-8"))
        if path.suffix not in READERS["ours"][1] or "assumed" in wanted or path.name.startswith("utf-16"):
            continue
        cues = Counter((start, " ".join(text.split())) for start, _, _, text in wanted["cues"])
        row = [_figure(reader, path, cues) if path.suffix in suffixes else "" for reader, suffixes in READERS.values()]
        print(f"{path.name:30} {cues.total():5} " + " ".join(f"{cell:>12}" for cell in row))


def _figure(reader: Reader, path: Path, cues: Counter[Said]) -> str:
    try:
        found = Counter(reader(path))
    except Exception as error:  # noqa: BLE001 - libraries raise whatever comes up: that is what is measured
        return type(error).__name__[:12]
    right = (found & cues).total()
    more = found.total() - right
    return f"{right} +{more}" if more else f"{right}"
