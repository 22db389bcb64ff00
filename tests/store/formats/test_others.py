"""Files that are no transcripts: how it is told that they aren't read."""

import pytest

from store.formats import others


def test_documents_are_named_and_others_counted_by_their_kind() -> None:
    names = ["a/Interview notes.docx", "1.mp3", "2.MP3", "Transcript.PDF", "3.mp3", "notes.rtf", "LICENCE"]
    assert others.told(names) == (
        "Not read: Interview notes.docx (a Word document), Transcript.PDF (a PDF), notes.rtf (a rich text document), "
        "3 × .mp3, 1 × without a suffix."
    )


def test_nothing_is_told_of_nothing() -> None:
    assert others.told([]) == ""


def test_many_are_cut() -> None:
    said = others.told([*(f"{at}.pdf" for at in range(2000)), *(f"a.x{at}" for at in range(2000))])
    assert "7.pdf (a PDF), 1,992 more documents, 1 × .x0" in said
    assert said.endswith("1,992 × others.")
    assert len(others.told(["x" * 5000 + ".pdf"])) < 200


@pytest.mark.parametrize("name", [".DS_Store", "__MACOSX/a.srt", "a/.hidden.srt", "a/Thumbs.db", "desktop.ini"])
def test_what_a_system_leaves_is_litter(name: str) -> None:
    assert others.is_litter(name)


@pytest.mark.parametrize("name", ["", ".", "a.srt", "a/b.docx"])
def test_other_names_are_none(name: str) -> None:
    assert not others.is_litter(name)


def test_sound_pictures_and_unfinished_downloads_lie_beside_captions() -> None:
    assert all(map(others.lies_beside, ["a.MP3", "a.webm", "a.webp", "a.mp4.part", "a.mp4.part-Frag12", "a.ytdl"]))
    assert not any(map(others.lies_beside, ["a.docx", "a.pdf", "a", "a.csv"]))
