"""Files that are no transcripts: how it is told that they aren't read."""

import pytest

from store.errors import FormatError
from store.formats import others, read

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nthe mill\n"
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Bare Talk</title></channel></rss>'
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Bare Talk</title></feed>'
AS_TEXT = "save it as text (.txt) and send that."
NO_SOUND = "Verbatim reads transcripts, it doesn't listen."


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("Transcript.pdf", b"%PDF-1.7\n1 0 obj", "a PDF; copy its text into a .txt file and send that."),
        ("renamed.txt", b"%PDF-1.7\n1 0 obj", "a PDF; copy its text into a .txt file and send that."),
        ("notes.rtf", b"{\\rtf1\\ansi the mill}", f"a rich text document; {AS_TEXT}"),
        ("notes.txt", b"\xef\xbb\xbf{\\rtf1 the mill}", f"a rich text document; {AS_TEXT}"),
        ("notes.doc", DOC, f"a Word document; {AS_TEXT}"),
        ("sheet.XLS", DOC, f"an Excel workbook; {AS_TEXT}"),
        ("notes.hwp", DOC, f"an office document; {AS_TEXT}"),
        ("episode12.mp3", b"ID3\x04" + bytes(50), f"sound; {NO_SOUND}"),
        ("episode12.mp3", b"\xff\xfb\x90\x64" + bytes(50), f"sound; {NO_SOUND}"),
        ("talk.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", f"sound; {NO_SOUND}"),
        ("talk.m4a", b"\0\0\0\x1cftypM4A \0", f"sound; {NO_SOUND}"),
        ("talk.opus", b"OggS\0\x02", f"sound; {NO_SOUND}"),
        ("talk.wma", b"\x01\0\0", f"sound; {NO_SOUND}"),
        ("talk.mp4", b"\0\0\0\x18ftypmp42", f"a video; {NO_SOUND}"),
        ("talk.webm", b"\x1a\x45\xdf\xa3\x9f", f"a video; {NO_SOUND}"),
        ("scan.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture; send the words as text."),
        ("scan.heic", b"\0\0\0\x18ftypheic", "a picture; send the words as text."),
    ],
)
def test_what_is_no_transcript_is_called_what_it_is(name: str, data: bytes, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        read(data, name)
    assert str(caught.value) == f"{name} is {says}"


def test_sound_that_is_too_large_is_called_sound_and_no_parts_are_asked_for() -> None:
    with pytest.raises(FormatError, match="is sound;"):
        read(b"ID3\x04" + bytes(5000), "episode.mp3", max_bytes=1000)


@pytest.mark.parametrize("name", ["feed.xml", "feed.rss", "feed.txt", "feed"])
@pytest.mark.parametrize("data", [RSS, ATOM])
def test_a_feed_is_told_where_it_belongs(name: str, data: bytes) -> None:
    with pytest.raises(FormatError, match=r"This is a podcast's feed; give its address to `/follow add`\."):
        read(data, name)


@pytest.mark.parametrize("data", [b"hello there", b"\x00\x01\x02", b"\xff\xfehello"])
def test_what_is_called_an_archive_and_is_none_is_told_so(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"fake\.zip isn't a ZIP; make it anew, or send"):
        read(data, "fake.zip")
    with pytest.raises(FormatError, match=r"fake\.txt\.gz isn't a gzip file"):
        read(data, "fake.txt.gz")


@pytest.mark.parametrize("name", ["talk.zip", "talk.mp3", "talk.pdf", "talk.doc"])
def test_captions_are_read_whatever_they_are_called(name: str) -> None:
    assert read(SRT, name).transcript.cues[0].text == "the mill"


@pytest.mark.parametrize("words", ["ID3 tags hold titles", "GIF89a was a format", "OggS begins a page", "RIFF 123WAVE"])
def test_words_that_only_begin_like_another_file_are_words(words: str) -> None:
    assert read(words.encode(), "talk.txt").transcript.cues[0].text == words


def test_text_in_two_bytes_a_letter_is_text() -> None:
    assert read("the mill".encode("utf-16"), "talk.txt").transcript.cues[0].text == "the mill"


def test_documents_are_named_and_others_counted_by_their_kind() -> None:
    names = ["a/Interview notes.docx", "1.mp3", "2.MP3", "Transcript.PDF", "3.mp3", "notes.rtf", "LICENCE"]
    assert str(others.told(names)) == (
        "Not read: Interview notes.docx (a Word document), Transcript.PDF (a PDF), notes.rtf (a rich text document), "
        "3 × .mp3, 1 × without a suffix."
    )


def test_nothing_is_told_of_nothing() -> None:
    assert others.told([]) is None


def test_many_are_cut() -> None:
    said = str(others.told([*(f"{at}.pdf" for at in range(2000)), *(f"a.x{at}" for at in range(2000))]))
    assert "7.pdf (a PDF), 1,992 more documents, 1 × .x0" in said
    assert said.endswith("1,992 × others.")
    assert len(str(others.told(["x" * 5000 + ".pdf"]))) < 200


@pytest.mark.parametrize("name", [".DS_Store", "__MACOSX/a.srt", "a/.hidden.srt", "a/Thumbs.db", "desktop.ini"])
def test_what_a_system_leaves_is_litter(name: str) -> None:
    assert others.is_litter(name)


@pytest.mark.parametrize("name", ["", ".", "a.srt", "a/b.docx"])
def test_other_names_are_none(name: str) -> None:
    assert not others.is_litter(name)


def test_sound_pictures_and_unfinished_downloads_lie_beside_captions() -> None:
    assert all(map(others.lies_beside, ["a.MP3", "a.webm", "a.webp", "a.mp4.part", "a.mp4.part-Frag12", "a.ytdl"]))
    assert not any(map(others.lies_beside, ["a.docx", "a.pdf", "a", "a.csv"]))
