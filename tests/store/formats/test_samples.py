"""Small files of each format, one a quirk, with what must be read of them beside each: see docs/formats.md."""

import json
from pathlib import Path

import pytest

from store.formats import read, table
from store.models import Cue

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = ".expected.json"
NAMES = sorted(path.name.removesuffix(EXPECTED) for path in SAMPLES.glob(f"*{EXPECTED}"))


def expected(name: str) -> dict[str, object]:
    """What must be read of a sample: its cues as [start, end, speaker, text], and any other details."""
    found = json.loads((SAMPLES / f"{name}{EXPECTED}").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_it_is_meant(name: str) -> None:
    wanted = expected(name)
    reading = read((SAMPLES / name).read_bytes(), name)
    cues = wanted.pop("cues")
    assert isinstance(cues, list)
    assert reading.transcript.cues == tuple(Cue(start, text, end, speaker) for start, end, speaker, text in cues)
    assert reading.encoding == wanted.pop("assumed", None)
    odd = wanted.pop("oddities", [])
    assert isinstance(odd, list)
    assert len(reading.oddities) == len(odd)
    assert all(part in str(one) for part, one in zip(odd, reading.oddities, strict=True))
    details = reading.transcript.details
    chapters = wanted.pop("chapters", [])
    assert [list(chapter) for chapter in details.chapters] == chapters
    assert {key: getattr(details, key) for key in wanted} == wanted


def test_every_sample_is_told_by_what_it_holds_and_not_by_its_name() -> None:
    for name in NAMES:
        if expected(name).get("timed") is False:
            continue  # whose words need a name that says that they have no times
        data = (SAMPLES / name).read_bytes()
        language = name.split(".")[1] if name.count(".") > 1 else None
        other = f"other.{language}.srt" if language else "other.srt"
        assert read(data, other).transcript.cues == read(data, name).transcript.cues, name


def test_every_format_has_a_sample() -> None:
    seen = {str(read((SAMPLES / name).read_bytes(), name).format) for name in NAMES}
    refused = {"a description by yt-dlp", "a web page"}
    assert {str(one.name) for one in table.FORMATS} - refused - {
        "Verbatim's JSON",
        "lines without times",
    } <= seen  # ours: the laws of writing
