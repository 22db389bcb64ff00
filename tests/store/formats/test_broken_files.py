"""Broken files of every format: a sentence with the line, or what can be read; never anything else.

Each sample is broken in many ways, and some breaks are told apart by hand.
"""

import json
import random
from pathlib import Path

import pytest

from store.errors import FormatError
from store.formats import read
from store.models import Cue, Reading
from tests.store.formats.test_samples import NAMES, SAMPLES

WAYS = 12


def broken(data: bytes, way: int) -> bytes:
    """Return a file broken in one of many ways, always the same for the same way."""
    chance = random.Random(way)
    cut = chance.randrange(1, len(data))
    if way % 6 == 0:
        return data[:cut]
    if way % 6 == 1:
        return data[cut:]
    if way % 6 == 2:
        return data.replace(b"0:", b"9:").replace(b"1", b"-7")
    if way % 6 == 3:
        return data[:cut] + bytes(chance.randrange(256) for _ in range(9)) + data[cut:]
    if way % 6 == 4:
        return data.replace(b"\n", b"") if way % 2 else data.replace(b":", b"")
    return data[:cut] + data[: chance.randrange(len(data))] + data[cut:]


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_is_read_or_refused_with_a_sentence(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    for way in range(WAYS):
        try:
            reading = read(broken(data, way), name)
        except FormatError as error:
            sentence = str(error)
            assert sentence[0].isupper() or sentence.startswith(name[:80])
            assert sentence.endswith(".")
            assert len(sentence) < 400
        else:
            checked(reading)


def checked(reading: Reading) -> None:
    """Assert what holds of whatever was read."""
    assert reading.transcript.cues
    for cue in reading.transcript.cues:
        assert 0 <= cue.start_ms <= reading.transcript.duration_ms
        assert cue.end_ms is None or cue.end_ms > cue.start_ms
        assert "\n" not in cue.text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:0", r"Line 6: .*unfinished download"),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:03,000 --> 00:0", r"Line 6: .*unfinished"),
        ("a.vtt", b"WEBVTT\n\n", "No words were found; this looks like WebVTT"),
        ("a.vtt", b"<!DOCTYPE html><html><body><h1>404</h1></body></html>", "is a web page"),
        ("a.srt", b"\n<html lang=en>\n<p>Log in</p></html>", "is a web page"),
        ("a.srt", b"just words that were never timed\n", "No cue was found"),
        ("a.json", b'{"segments": [{"start": 0, "text": "a"}, {"st', r"Line 1: .*JSON.*unfinished download"),
        ("a.json", b'{"segments": [\n{"start": 0,\n "text": a}]}', r"Line 3: .*JSON"),
        ("a.json", b'{"name": "package", "version": "1.0"}', "no transcript that is known"),
        ("a.json", b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "a"}]}', "podcast's chapters"),
        ("a.info.json", b'{"title": "a", "webpage_url": "https://youtu.be/x", "extractor": "y"}', "caption file"),
        ("a.ttml", b'<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml">\n<body>', r"Line 3: .*XML"),
        ("a.xml", b"<opml><body/></opml>", "neither TTML nor YouTube"),
        ("a.xml", b"<rss><channel/></rss>", "This is a podcast.s feed"),
        ("a.vtt", b"\x00\x00\x00\x18ftypmp42", "a.vtt is a video"),
        ("a.vtt", b"\x00\x01\x02 WEBVTT", "isn't a text file"),
    ],
)  # fmt: skip
def test_a_break_is_told_with_what_to_do(name: str, data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, name)


def test_entities_of_its_own_refuse_an_xml_file() -> None:
    data = b'<!DOCTYPE tt [<!ENTITY a "word">]><tt xmlns="http://www.w3.org/ns/ttml"><body/></tt>'
    with pytest.raises(FormatError, match="entities of its own"):
        read(data, "a.ttml")


def test_a_cue_of_a_megabyte_is_kept_whole_and_a_million_cues_are_refused() -> None:
    text = "word " * 200_000
    reading = read(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n".encode(), "a.srt")
    assert reading.transcript.cues[0].text == text.strip()
    many = "".join(f"{at // 60}:{at % 60:02}.000 --> {at // 60}:{at % 60:02}.500\nx\n\n" for at in range(3000))
    with pytest.raises(FormatError, match="more than 1,000 cues"):
        read(f"WEBVTT\n\n{many}".encode(), "a.vtt", max_cues=1000)


def test_a_time_that_cannot_be_loses_no_word() -> None:
    data = b"1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:99:01,000 --> 00:99:02,000\ntwo\n"
    reading = read(data, "a.srt")
    assert [cue.text for cue in reading.transcript.cues] == ["one two"]
    assert "line 6" in str(reading.oddities[0])


def test_words_whose_time_is_no_number_are_kept_with_those_before() -> None:
    segments = [{"start": 1, "text": "a"}, {"start": "x", "text": "b"}, {"start": None, "text": "c"}, 7, None]
    reading = read(json.dumps({"segments": segments}).encode(), "a.json")
    assert reading.transcript.cues == (Cue(1000, "a b c"),)
    assert "no time that can be read" in str(reading.oddities[0])
    assert "1 more" in str(reading.oddities[0])


def test_words_without_a_time_stay_with_who_said_them_and_before_all_others_at_the_start() -> None:
    said = [(None, "a", None), (2, "b", "Amy"), (None, "c", "Ann"), (None, "d", "Ann"), (5, "e", "Amy")]
    segments = [{"start": at, "end": 9, "text": text, "speaker": who} for at, text, who in said]
    assert read(json.dumps(segments).encode(), "a.json").transcript.cues == (
        Cue(0, "a"), Cue(2000, "b", 9000, "Amy"), Cue(2000, "c d", None, "Ann"), Cue(5000, "e", 9000, "Amy"),
    )  # fmt: skip


def test_many_words_without_a_time_are_read_in_time_and_stay_in_cues_of_a_length_that_can_be_quoted() -> None:
    segments = [{"start": None, "text": f"word {at}"} for at in range(20_000)]
    cues = read(json.dumps(segments).encode(), "a.json").transcript.cues
    assert " ".join(cue.text for cue in cues) == " ".join(f"word {at}" for at in range(20_000))
    assert max(len(cue.text) for cue in cues) < 600


def test_our_own_json_keeps_words_whose_time_was_broken() -> None:
    document = {"verbatim": 1, "cues": [{"start": 1, "text": "a"}, {"start": "x", "text": "b"}, {"start": 2}]}
    reading = read(json.dumps(document).encode(), "a.json")
    assert reading.transcript.cues == (Cue(1000, "a b"),)
    assert len(reading.oddities) == 2


@pytest.mark.parametrize("text", ['{"a":' * 3000, '{"n": ' + "9" * 6000 + "}", '{"segments": 5}', "{}", "[]"])
def test_strange_json_is_refused(text: str, tmp_path: Path) -> None:
    del tmp_path
    with pytest.raises(FormatError):
        read(text.encode(), "a.json")
