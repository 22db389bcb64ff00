"""`ingest` of all formats, archives, standard input and a watched folder; `transcript` and its parts."""

import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.watching import STILL_SECONDS, Watched
from tests.bot.conftest import Run
from tests.cogs.stage import BREAD

GUILD = ["--guild", "1"]
SRT = b"1\n00:00:01,000 --> 00:00:03,000\n[Ada Vale]: the quokka smiles\n\n2\n00:00:03,000 --> 00:00:05,000\n[Bo]: so\n"
INFO = b'{"title": "A talk", "webpage_url": "https://youtu.be/abcdefghijk", "upload_date": "20250301"}'


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """A folder as yt-dlp fills one, with an archive and a page that is no transcript."""
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "A talk [abcdefghijk].en.srt").write_bytes(SRT)
    (folder / "A talk [abcdefghijk].info.json").write_bytes(INFO)
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("one.srt", SRT.replace(b"quokka", b"wombat"))
        archive.writestr("two.srt", SRT.replace(b"quokka", b"numbat"))
    return folder


def test_a_folder_of_captions_descriptions_and_archives_is_ingested(verbatim: Run, talks: Path) -> None:
    status, out, err = verbatim("ingest", str(talks), *GUILD)
    assert (status, err) == (0, "")
    assert "new: A talk · 2 cues" in out
    assert out.splitlines()[-1] == "3 files: 3 new."
    _, out, _ = verbatim("library", "--json", *GUILD)
    listed = {entry["title"]: entry for entry in json.loads(out)}
    assert listed["A talk"]["link"] == "https://youtu.be/abcdefghijk"
    assert (listed["A talk"]["date"], listed["A talk"]["speakers"]) == ("2025-03-01", ["Ada Vale", "Bo"])
    assert sorted(listed) == ["A talk", "one", "two"]


def test_a_file_in_an_archive_that_fails_is_named(verbatim: Run, talks: Path) -> None:
    with zipfile.ZipFile(talks / "bad.zip", "w") as archive:
        archive.writestr("page.srt", "<!DOCTYPE html><html></html>")
    status, _, err = verbatim("ingest", str(talks / "bad.zip"), *GUILD)
    assert status == 1
    assert err.startswith(f"{talks / 'bad.zip'}: page.srt: page.srt is a web page")


def test_a_damaged_file_in_an_archive_keeps_no_other_out(verbatim: Run, talks: Path) -> None:
    data = bytearray((talks / "more.zip").read_bytes())
    data[45] ^= 0xFF
    (talks / "more.zip").write_bytes(data)
    status, out, err = verbatim("ingest", str(talks / "more.zip"), *GUILD)
    assert (status, out.splitlines()[-1]) == (1, "2 files: 1 new, 1 failed.")
    assert err == f"{talks / 'more.zip'}: one.srt in more.zip can't be unpacked: it is damaged.\n"


def test_what_is_not_read_is_named_at_the_end_also_of_archives(verbatim: Run, talks: Path) -> None:
    with zipfile.ZipFile(talks / "more.zip", "a") as archive:
        archive.writestr("Interview notes.docx", b"PK")
        archive.writestr("__MACOSX/._one.srt", b"x")
    for name in ("talk.mp3", "talk.mp4.part", "Transcript.pdf", ".hidden.docx", ".DS_Store", "Thumbs.db"):
        (talks / name).write_bytes(b"x")
    (talks / ".git").mkdir()
    (talks / ".git" / "HEAD").write_bytes(b"x")
    status, out, err = verbatim("ingest", str(talks), *GUILD)
    assert (status, out.splitlines()[-1]) == (0, "3 files: 3 new.")
    assert err == ("Not read: Transcript.pdf (a PDF), Interview notes.docx (a Word document), 1 × .mp3, 1 × .part.\n")


def test_standard_input_is_ingested_under_a_name(
    verbatim: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del tmp_path
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SRT)))
    status, out, _ = verbatim("ingest", "-", "--name", "talk.srt", "--title", "Piped", "--tags", "a,b", *GUILD)
    assert (status, out.splitlines()[-1]) == (0, "1 file: 1 new.")
    assert "new: Piped · 2 cues" in out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 2, "Name a file, a folder, or - for standard input"),
        (["a.srt", "b.srt", "--title", "x"], 2, "is one file's"),
        (["--watch", ".", "a.srt"], 2, "With --watch name no files"),
        (["--watch", "nowhere"], 1, "There is no folder nowhere."),
        (["--watch", "a.srt"], 1, "There is no folder a.srt."),
        (["a.srt", "--language", "Klingon"], 1, "There is no language"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(
    verbatim: Run, tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    (tmp_path / "a.srt").write_bytes(SRT)
    status, _, err = verbatim("ingest", *arguments, *GUILD)
    assert status == code
    assert says in err


def test_a_transcript_is_shown_edited_moved_removed_and_restored(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    _, out, _ = verbatim("transcript", "show", "1", *GUILD)
    assert out.splitlines()[:2] == ["title: A talk", "link: https://youtu.be/abcdefghijk"]
    assert "  0:01 Ada Vale: the quokka smiles" in out
    _, out, _ = verbatim("transcript", "edit", "1", "--title", "Another", "--speaker", "Ada", *GUILD)
    assert out == "1: Another: title: A talk → Another; speaker: none → Ada.\n"
    _, out, _ = verbatim("transcript", "move-times", "1", "30", *GUILD)
    assert out == "1: Another: 2 cues moved by +30 s.\n"
    _, out, _ = verbatim("transcript", "restore", "1", *GUILD)
    assert out == "1: Another is as it was before it was moved.\n"
    _, out, _ = verbatim("remove", "1", *GUILD)
    assert out == "Removed 1: Another. For 24 hours `transcript restore 1` brings it back.\n"
    _, out, _ = verbatim("transcript", "restore", "another", *GUILD)
    assert out == "1: Another is as it was before it was removed.\n"
    status, _, err = verbatim("transcript", "restore", "zeppelin", *GUILD)
    assert (status, err) == (1, "verbatim: Nothing of “zeppelin” can be undone; of these something can: 1 “A talk”.\n")
    status, _, err = verbatim("transcript", "edit", "1", *GUILD)
    assert (status, err) == (1, "verbatim: Say what to change, such as --title or --video-url; --help lists them.\n")


def test_an_answer_names_who_speaks(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks), *GUILD)
    _, out, _ = verbatim("ask", "quokka", *GUILD)
    assert "   Ada Vale: “the quokka smiles”\n   Bo: “so”\n" in out


@pytest.mark.parametrize("form", ["native", "json", "srt", "vtt"])
def test_what_is_exported_is_unchanged_when_it_is_ingested(
    verbatim: Run, talks: Path, tmp_path: Path, form: str
) -> None:
    verbatim("ingest", str(talks), *GUILD)
    _, out, _ = verbatim("transcript", "export", "--all", "--format", form, "--output", str(tmp_path / "out"), *GUILD)
    assert out.startswith("3 files in" if form in {"native", "json"} else "6 files in")
    status, out, _ = verbatim("ingest", str(tmp_path / "out"), *GUILD)
    assert (status, out.splitlines()[-1]) == (0, "3 files: 3 unchanged.")


def test_an_export_says_what_is_missing(verbatim: Run, talks: Path) -> None:
    verbatim("ingest", str(talks / "more.zip"), *GUILD)
    status, _, _ = verbatim("transcript", "export", *GUILD)
    assert status == 1
    status, _, _ = verbatim("transcript", "export", "--all", *GUILD)
    assert status == 1


def test_a_file_is_ready_once_it_has_stopped_growing_and_again_when_it_changes(tmp_path: Path) -> None:
    watched = Watched()
    path = tmp_path / "talk.srt"
    path.write_bytes(SRT[:20])
    assert watched.ready(tmp_path, 0.0) == []
    path.write_bytes(SRT)
    assert watched.ready(tmp_path, STILL_SECONDS) == []  # it has grown meanwhile
    assert watched.ready(tmp_path, 2 * STILL_SECONDS) == [path]
    assert watched.ready(tmp_path, 3 * STILL_SECONDS) == []  # told once, whatever came of it
    (tmp_path / "talk.info.json").write_bytes(INFO)
    assert watched.ready(tmp_path, 4 * STILL_SECONDS) == []
    assert watched.ready(tmp_path, 5 * STILL_SECONDS) == [path]  # its description is part of it
    (tmp_path / "talk.srt.part").write_bytes(SRT)
    (tmp_path / ".hidden.srt").write_bytes(SRT)
    assert watched.ready(tmp_path, 9 * STILL_SECONDS) == []


def test_of_a_watched_folder_documents_that_are_not_read_are_told_once_and_media_never(tmp_path: Path) -> None:
    watched = Watched()
    for name in ("talk.mp4", "talk.webp", "talk.mp4.part", "talk.info.json", ".hidden.pdf", "notes.docx"):
        (tmp_path / name).write_bytes(b"x")
    told = []
    for _ in range(2):
        watched.ready(tmp_path, 0.0)
        told += watched.news()
    (tmp_path / "other.pdf").write_bytes(b"x")
    watched.ready(tmp_path, 0.0)
    told += watched.news()
    assert told == ["Not read: notes.docx (a Word document).", "Not read: other.pdf (a PDF)."]


@contextmanager
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command that watches a folder, until it is interrupted."""
    script = (
        "import sys; from bot import watching; watching.LOOK_SECONDS = watching.STILL_SECONDS = 0.2; "
        "from bot.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    database = str(folder.with_name("verbatim.db"))
    command = [sys.executable, "-c", script, "--database", database, "ingest", "--watch", str(folder), *GUILD]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(f"Watching {folder}")
            yield process
        finally:
            process.send_signal(signal.SIGINT)


def test_a_watched_folder_is_ingested_until_it_is_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "bread.md").write_bytes(BREAD)
    (folder / "page.srt").write_bytes(b"<!DOCTYPE html><html></html>")
    (folder / "notes.docx").write_bytes(b"PK")
    with watching(folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("new: How bread rises")
        (folder / "bread.md").write_bytes(BREAD.replace(b"sugar", b"honey"))
        assert process.stdout.readline().startswith("replaced: How bread rises")
        assert process.stdout.readline() == "  cues: 1 changed\n"
        assert process.stdout.readline() == "For 24 hours `transcript restore 1` brings back what was replaced.\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.count("is a web page") == 1
    assert err.count("Not read: notes.docx (a Word document).\n") == 1


def test_what_moderators_did_meanwhile_stays_where_a_folder_is_watched_again(verbatim: Run, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "bread.md").write_bytes(BREAD)
    (folder / "talk.srt").write_bytes(SRT)
    with watching(folder) as process:
        assert process.stdout is not None
        assert [process.stdout.readline()[:5] for _ in range(2)] == ["new: "] * 2
        time.sleep(0.5)
    verbatim("transcript", "edit", "1", "--title", "Bread", *GUILD)
    verbatim("remove", "2", *GUILD)
    (folder / "new.srt").write_bytes(SRT.replace(b"smiles", b"sleeps"))
    with watching(folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("new: new")
    _, out, _ = verbatim("library", "--json", *GUILD)
    assert [entry["title"] for entry in json.loads(out)] == ["new", "Bread"]


def test_a_description_that_is_named_goes_with_its_captions(verbatim: Run, talks: Path) -> None:
    status, out, err = verbatim("ingest", *map(str, sorted(talks.glob("A talk*"))), *GUILD)
    assert (status, err) == (0, "")
    assert out.startswith("new: A talk · ")


def test_a_description_that_comes_later_describes_what_is_there(verbatim: Run, talks: Path) -> None:
    info = talks / "A talk [abcdefghijk].info.json"
    captions = talks / "A talk [abcdefghijk].en.srt"
    captions.write_bytes(SRT.replace(b"smiles", b"smiles at all of us"))
    info.rename(talks / "later")
    verbatim("ingest", str(talks), *GUILD)
    (talks / "later").rename(info)
    _, out, _ = verbatim("ingest", str(captions), *GUILD)
    assert out.startswith("replaced: A talk · ")
    _, out, _ = verbatim("library", "--json", *GUILD)
    assert sorted(entry["title"] for entry in json.loads(out)) == ["A talk", "one", "two"]


def test_a_name_is_of_standard_input_alone(verbatim: Run, talks: Path) -> None:
    status, _, err = verbatim("ingest", str(talks / "A talk [abcdefghijk].en.srt"), "--name", "x.srt", *GUILD)
    assert (status, err) == (2, "verbatim: --name is of standard input; a file has a name.\n")
