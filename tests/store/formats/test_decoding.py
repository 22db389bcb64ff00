"""Bytes to text: encodings, line ends, and files that are not text."""

import codecs

import pytest

from store.errors import FormatError
from store.formats import read
from store.formats.decoding import NAMES, decode
from store.models import Cue
from tests.store.formats.test_samples import NAMES as EVERY
from tests.store.formats.test_samples import SAMPLES, expected

TEXT = "# 水車小屋\n- [0:01] the mill’s wheel\n- [0:02] 回る水車\n"
ENCODED = [name for name in EVERY if "assumed" in expected(name)]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
    ids=["utf-8", "utf-8 marked", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"],
)
def test_every_unicode_encoding_with_its_mark_is_read_alike(data: bytes) -> None:
    assert decode(data) == (TEXT, None)
    transcript = read(data, "file.md").transcript
    assert transcript.details.title == "水車小屋"
    assert transcript.cues == (Cue(1000, "the mill’s wheel"), Cue(2000, "回る水車"))


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_way_to_end_a_line_is_read_alike(end: str) -> None:
    assert decode(TEXT.replace("\n", end).encode()) == (TEXT, None)
    assert decode(codecs.BOM_UTF16_LE + TEXT.replace("\n", end).encode("utf-16-le")) == (TEXT, None)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_bytes_that_are_no_text_are_named_with_their_line(end: str) -> None:
    data = f"# café{end}- [0:01] one{end}- [0:02] caf".encode() + b"\xc3\n"
    with pytest.raises(FormatError, match=r"Line 3: .*UTF-8") as caught:
        decode(data)
    assert caught.value.line == 3


def test_half_a_character_at_the_end_is_named_with_its_line() -> None:
    with pytest.raises(FormatError, match="Line 2:"):
        decode("- [0:01] one\n- [0:02] 水".encode()[:-1])
    with pytest.raises(FormatError, match=r"Line 2: .*UTF-16"):
        decode(codecs.BOM_UTF16_LE + "- [0:01] one\n水".encode("utf-16-le")[:-1])


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n ", b"\n"])
def test_an_empty_file_is_called_empty(data: bytes) -> None:
    with pytest.raises(FormatError, match="empty"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        PNG,
        b"PK\x03\x04\x14\x00\x00\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        b"- [0:01] one\x00two",
    ],
    ids=["png", "zip", "jpeg", "a zero in the text"],
)
def test_a_picture_or_an_archive_is_not_called_text(data: bytes) -> None:
    with pytest.raises(FormatError, match="isn't a text file"):
        decode(data)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_a_mark_alone_is_no_transcript(mark: bytes) -> None:
    with pytest.raises(FormatError):
        read(mark, "file.md")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Grüße aus München, heute geht es um die Mühle.\nSchönes Wetter für uns alle.\n"),
        ("cp1252", "It’s the mill’s wheel.\nDon’t stop it.\n"),
        ("cp1252", "¿Cómo está usted? Mañana iremos al río.\n"),
        ("cp1250", "Cześć, dzisiaj będziemy mówić o młynie.\nDziękuję bardzo.\n"),
        ("gb18030", "大家好，欢迎收听。\n"),
        ("big5", "大家好，歡迎收聽。\n"),
        ("cp949", "안녕하세요 여러분.\n"),
        ("euc_jp", "はい、そうです\nはい、そうです\n"),
        ("cp932", "はい、そうです\n"),
        ("cp874", "สวัสดีครับ\n"),
        ("cp1251", "Привет, друзья.\n"),
        ("koi8_r", "Привет, друзья.\n"),
        ("cp1253", "Καλημέρα σας.\n"),
        ("cp1254", "Merhaba, nasılsınız? Teşekkürler, iyiyim.\n"),
        ("cp1255", "שלום לכולם.\n"),
        ("cp1256", "مرحبا بكم.\n"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_an_old_encoding_is_told_whatever_ends_its_lines(encoding: str, text: str, end: str) -> None:
    assert decode(text.replace("\n", end).encode(encoding), "talk.txt") == (text, NAMES[encoding][0])


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_a_sample_in_an_old_encoding_is_read_alike_with_other_ends_of_lines(end: bytes) -> None:
    for name in ENCODED:
        data = (SAMPLES / name).read_bytes()
        assert decode(data.replace(b"\n", end), name) == decode(data, name), name
