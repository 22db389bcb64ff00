"""Archives: what is unpacked, what belongs together, and what is refused by name."""

import gzip
import io
import random
import re
import stat
import zipfile

import pytest

from store.formats.archive import Packed, is_archive, unpacked

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nthe mill\n"
INFO = b'{"title": "The mill", "webpage_url": "https://youtu.be/abcdefghijk", "extractor": "youtube"}'


def zipped(*files: tuple[str, bytes], links: tuple[str, ...] = ()) -> bytes:
    """A ZIP of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            member = zipfile.ZipInfo(name)
            if name in links:
                member.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def refusal(files: list[tuple[str, bytes]], **limits: int) -> str:
    """Why the last of what was given is refused."""
    refused = unpacked(files, **limits)[-1].refused
    assert refused is not None
    return str(refused)


def test_a_caption_file_and_its_description_belong_together_in_their_folder() -> None:
    data = zipped(("a/talk.en.srt", SRT), ("a/talk.info.json", INFO), ("b/talk.srt", SRT), ("readme.png", b"\x89PNG"))
    assert unpacked([("all.zip", data)]) == [
        Packed("a/talk.en.srt", SRT, INFO),
        Packed("b/talk.srt", SRT),
        Packed("readme.png", b"", passed_over=True),
    ]


def test_files_that_come_side_by_side_are_paired_too_and_a_lone_description_stays() -> None:
    assert unpacked([("talk [x].vtt", SRT), ("talk [x].info.json", INFO), ("other.info.json", INFO)]) == [
        Packed("talk [x].vtt", SRT, INFO),
        Packed("other.info.json", INFO),
    ]


def test_gzip_holds_one_file() -> None:
    assert unpacked([("talk.srt.gz", gzip.compress(SRT))]) == [Packed("talk.srt", SRT)]


@pytest.mark.parametrize("name", ["../talk.srt", "/etc/talk.srt", "a/../../talk.srt", "C:\\talk.srt", "..\\talk.srt"])
def test_a_name_that_leads_out_of_the_folder_refuses_the_archive(name: str) -> None:
    assert re.search(r"all\.zip was refused.*leads out", refusal([("all.zip", zipped(("fine.srt", SRT), (name, SRT)))]))


def test_a_link_in_an_archive_refuses_it() -> None:
    assert re.search("is a link", refusal([("all.zip", zipped(("talk.srt", b"/etc/hostname"), links=("talk.srt",)))]))


def test_an_archive_in_an_archive_is_refused() -> None:
    inner = zipped(("talk.srt", SRT))
    assert re.search(
        r"inner\.zip in all\.zip is an archive itself", refusal([("all.zip", zipped(("inner.zip", inner)))])
    )
    assert re.search("is an archive itself", refusal([("all.zip", zipped(("talk.srt", inner)))]))
    assert re.search("holds an archive", refusal([("all.zip.gz", gzip.compress(inner))]))


def test_more_than_is_allowed_is_refused_whatever_the_header_says() -> None:
    bomb = zipped(("talk.txt", bytes(100_000)))
    assert len(bomb) < 1000
    assert re.search(
        r"all\.zip was refused: unpacked it is larger than 0\.01 MB", refusal([("all.zip", bomb)], max_bytes=10_486)
    )
    assert re.search("larger than", refusal([("all.srt.gz", gzip.compress(bytes(100_000)))], max_bytes=10_486))
    assert re.search(
        "holds 3 files; at most 2",
        refusal([("all.zip", zipped(*((f"{at}.srt", SRT) for at in range(3))))], max_files=2),
    )


@pytest.mark.parametrize("size", [10, 40, 100])
def test_an_unfinished_download_is_called_damaged(size: int) -> None:
    assert re.search(r"all\.zip can't be unpacked", refusal([("all.zip", zipped(("talk.srt", SRT))[:size])]))
    assert re.search(r"all\.gz can't be unpacked", refusal([("all.gz", gzip.compress(SRT * 10)[: size // 2])]))


def test_damage_inside_is_named() -> None:
    data = bytearray(zipped(("talk.srt", SRT * 50)))
    data[45] ^= 0xFF
    assert re.search(r"talk\.srt in all\.zip can't be unpacked", refusal([("all.zip", bytes(data))]))


def test_other_archives_are_refused_with_what_to_do() -> None:
    assert is_archive(b"Rar!\x1a\x07")
    assert re.search("send a ZIP", refusal([("all.rar", b"Rar!\x1a\x07\x01\x00")]))


@pytest.mark.parametrize(
    "language", ["en-eEY6OEpapPo", "en-eEY6OE_ap-o", "und", "nan", "haw", "ln", "zh-Hans-en", "de"]
)
def test_a_description_belongs_to_captions_of_whatever_language(language: str) -> None:
    assert unpacked([(f"a/Talk.{language}.vtt", SRT), ("a/Talk.info.json", INFO)]) == [
        Packed(f"a/Talk.{language}.vtt", SRT, INFO)
    ]


def test_another_talk_with_a_longer_name_is_described_by_none() -> None:
    files = [("Talk.part.vtt", SRT), ("Talk.2.vtt", SRT), ("Talk.info.json", INFO)]
    assert [one.companion for one in unpacked(files)] == [None, None, None]


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ([("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")], "a Word document"),
        ([("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")], "an Excel workbook"),
        ([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")], "an OpenDocument file"),
        ([("mimetype", b"application/epub+zip"), ("a.html", b"<p>a</p>")], "an e-book"),
        ([("Index/Document.iwa", b"x"), ("preview.jpg", b"x")], "a document of Pages"),
    ],
)
def test_an_offices_document_is_called_one(members: list[tuple[str, bytes]], what: str) -> None:
    assert re.search(
        rf"talk\.bin is {what}.*; save it as text \(\.txt\) and send that\.", refusal([("talk.bin", zipped(*members))])
    )


def test_an_archive_without_a_transcript_says_what_it_holds() -> None:
    members = [("a.mp3", b"x"), ("b.mp3", b"x"), ("c.docx", b"x"), ("__MACOSX/a", b"x")]
    assert re.search(
        r"all\.zip holds no transcript: it holds 2 × \.mp3, 1 × \.docx\.", refusal([("all.zip", zipped(*members))])
    )
    assert re.search("it is empty", refusal([("all.zip", zipped())]))


def test_every_kind_of_text_is_unpacked() -> None:
    found = unpacked([("all.zip", zipped(("a.text", b"low water"), ("b.tsv", b"0\t1\tx"), ("c.png", b"x")))])
    assert [one.name for one in found if not one.passed_over] == ["a.text", "b.tsv"]


def test_what_is_passed_over_is_named_and_not_unpacked_and_litter_is_not_even_named() -> None:
    members = [("a.srt", SRT), ("notes.docx", bytes(100_000)), ("__MACOSX/._a.docx", b"x"), (".DS_Store", b"x")]
    found = unpacked([("all.zip", zipped(*members))], max_bytes=1000)
    assert found == [Packed("a.srt", SRT), Packed("notes.docx", b"", passed_over=True)]


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    data = zipped(("1 May/audio.vtt", SRT), ("2 May/Audio.vtt", SRT), ("2 May/other.vtt", SRT))
    assert [one.name for one in unpacked([("all.zip", data)])] == [
        "1 May – audio.vtt",
        "2 May – Audio.vtt",
        "2 May/other.vtt",
    ]


def test_the_limits_are_of_all_archives_together() -> None:
    one = zipped(("a.srt", SRT), ("b.srt", SRT))
    assert len(unpacked([("1.zip", one), ("2.zip", one)], max_files=4, max_bytes=4 * len(SRT))) == 4
    assert re.search(r"2\.zip holds 2 files; at most 3", refusal([("1.zip", one), ("2.zip", one)], max_files=3))
    assert re.search(
        r"2\.zip was refused: unpacked it is larger",
        refusal([("1.zip", one), ("2.zip", one)], max_bytes=4 * len(SRT) - 1),
    )
    assert re.search(
        r"b\.srt\.gz was refused: unpacked it is larger",
        refusal([("1.zip", one), ("b.srt.gz", gzip.compress(SRT))], max_bytes=3 * len(SRT) - 1),
    )


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_packed_in_a_rare_way_is_refused(kind: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        archive.writestr("a.srt", SRT)
    assert re.search("make it anew as an ordinary ZIP", refusal([("all.zip", out.getvalue())]))


def test_what_is_refused_keeps_no_other_file_out() -> None:
    damaged = zipped(("talk.srt", SRT))[:40]
    leading_out = zipped(("fine.srt", SRT), ("../talk.srt", SRT))
    found = unpacked(
        [("bad.zip", damaged), ("a.srt", SRT), ("out.zip", leading_out), ("all.zip", zipped(("b.srt", SRT)))]
    )
    assert [(one.name, one.refused is None) for one in found] == [
        ("a.srt", True),
        ("b.srt", True),
        ("bad.zip", False),
        ("out.zip", False),
    ]


def test_whatever_is_damaged_of_an_archive_the_others_are_kept() -> None:
    whole = zipped(("a/talk.srt", SRT * 9), ("notes.docx", b"x"), ("mimetype", b"application/zip"))
    for seed in range(200):
        chance = random.Random(seed)
        data = bytearray(whole)
        for _ in range(30):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        assert Packed("fine.srt", SRT) in unpacked([("all.zip", bytes(data)), ("fine.srt", SRT)])


@pytest.mark.parametrize("offset", [-1, -5, 10**6])
def test_an_archive_whose_members_lie_elsewhere_is_damaged(offset: int) -> None:
    data = bytearray(zipped(("talk.srt", SRT)))
    directory = data.index(b"PK\x01\x02")
    data[-6:-2] = (directory - offset & 0xFFFFFFFF).to_bytes(4, "little")
    assert re.search("can't be unpacked", refusal([("all.zip", bytes(data))]))


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_file_without_a_name_in_an_archive_keeps_no_other_out(name: str) -> None:
    assert unpacked([("all.zip", zipped(("a.srt", SRT), (name, SRT)))])[0] == Packed("a.srt", SRT)


def test_a_damaged_file_in_an_archive_keeps_no_other_out() -> None:
    data = bytearray(zipped(("talk.srt", SRT * 50), ("fine.srt", SRT)))
    data[45] ^= 0xFF
    fine, talk = unpacked([("all.zip", bytes(data))])
    assert (fine.name, fine.refused) == ("fine.srt", None)
    assert (talk.name, str(talk.refused)) == ("talk.srt", "talk.srt in all.zip can't be unpacked: it is damaged.")


def test_an_archive_that_is_refused_takes_nothing_of_what_the_others_may_unpack() -> None:
    bomb = ("bomb.zip", zipped(("a.srt", SRT), ("b.srt", bytes(100_000))))
    kept, refused = unpacked([bomb, ("fine.zip", zipped(("c.srt", SRT)))], max_files=2, max_bytes=len(SRT) + 5)
    assert (kept.name, refused.name) == ("c.srt", "bomb.zip")
