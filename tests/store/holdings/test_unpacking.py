"""An export that isn't one: each is refused with one sentence, and nothing is changed."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from store.errors import ArchiveError
from store.holdings import unpacking
from store.library import Library
from tests.store.builders import GUILD, OTHER_GUILD
from tests.store.holdings.world import fill, rows

WORDS = [f"zebrafish{letter}" for letter in "abcdefghi"]

Files = dict[str, bytes]


@pytest.fixture
async def export(library: Library, tmp_path: Path) -> Path:
    """Return an export of a server."""
    await fill(library, GUILD, WORDS, token="t1")
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def changed(export: Path, change: Callable[[Files], None]) -> Path:
    """Write an export anew with other files."""
    with zipfile.ZipFile(export) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    path = export.with_name("changed.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def said(files: Files, **other: object) -> None:
    files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | other).encode()


async def refused(library: Library, path: Path) -> str:
    """Return why an export is refused, which changes nothing."""
    database = path.parent / "verbatim.db"
    before = rows(database)
    with pytest.raises(ArchiveError) as caught:
        await library.holdings.move(path, OTHER_GUILD)
    assert rows(database) == before
    sentence = str(caught.value)
    assert sentence.startswith((str(path), "The export"))
    assert sentence.endswith(".")
    return sentence


async def test_what_is_no_zip_or_a_cut_off_one_is_refused(library: Library, export: Path) -> None:
    path = export.with_name("b.zip")
    for data in (b"", b"no zip at all", export.read_bytes()[:-100], export.read_bytes()[:3000]):
        path.write_bytes(data)
        assert "it is no ZIP, or one that was cut off" in await refused(library, path)
    assert "can't be read: No such file" in await refused(library, export.with_name("nowhere.zip"))
    assert "can't be read: Is a directory" in await refused(library, export.parent)


async def test_a_zip_of_something_else_is_refused_and_says_what_reads_it(library: Library, export: Path) -> None:
    path = changed(export, dict.clear)
    assert "isn't a server's export, which `export` writes; transcripts in a ZIP are read by `ingest`" in await refused(
        library, path
    )
    assert "isn't a server's export" in await refused(
        library, changed(export, lambda files: files.update({"manifest.json": b'{"name": "an extension"}'}))
    )


async def test_an_export_of_a_newer_version_is_refused(library: Library, export: Path) -> None:
    for other in ({"verbatim_server": 2}, {"schema": 10_000}):
        path = changed(export, lambda files, other=other: said(files, **other))  # type: ignore[misc]
        assert "was written by a newer Verbatim; update this one first" in await refused(library, path)


async def test_a_damaged_byte_anywhere_is_found_before_anything_is_done(library: Library, export: Path) -> None:
    data = export.read_bytes()
    with zipfile.ZipFile(export) as archive:
        members = [one for one in archive.infolist() if one.compress_size > 20]
    path = export.with_name("b.zip")
    assert len(members) > 8
    for one in members:
        at = one.header_offset + 30 + len(one.filename.encode()) + 20 + one.compress_size // 2  # 20 of a ZIP64 field
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        assert "is damaged" in await refused(library, path)


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.pop("transcripts.jsonl"),
        lambda files: files.pop(next(name for name in files if name.startswith("transcripts/"))),
        lambda files: files.update({"transcripts.jsonl": files["transcripts.jsonl"].splitlines()[0]}),
        lambda files: files.update({"transcripts.jsonl": b"[1]\n"}),
        lambda files: files.update({"manifest.json": b"{"}),
        lambda files: said(files, guild_id="-5"),
        lambda files: said(files, guild_id=str(2**63)),
        lambda files: said(files, counts=7),
    ],
)
async def test_an_export_whose_parts_do_not_fit_is_damaged(
    library: Library, export: Path, change: Callable[[Files], None]
) -> None:
    assert "is damaged: " in await refused(library, changed(export, change))


async def test_a_zip_bomb_is_refused_before_it_fills_the_memory(
    library: Library, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "LEAST", 1 << 20)
    bomb = bytes(8 << 20)
    path = changed(export, lambda files: files.update({"tables/watched.jsonl": bomb}))
    assert path.stat().st_size < 40_000
    assert "unpacked it is larger than any export of its size" in await refused(library, path)
    monkeypatch.setattr(unpacking, "LEAST", 64 << 20)
    monkeypatch.setattr(unpacking, "MOST_TRANSCRIPT", 4 << 20)
    path = changed(export, lambda files: files.update({"transcripts/9 bomb.json": bomb}))
    assert "unpacked it is larger than any export of its size" in await refused(library, path)


async def test_a_row_that_cannot_be_one_is_refused_and_what_came_before_stays_whole(export: Path) -> None:
    def replaced(table: str, **values: object) -> Path:
        def change(files: Files) -> None:
            name = f"tables/{table}.jsonl"
            row = json.loads(files[name].splitlines()[0])
            files[name] = json.dumps(row | values).encode()

        return changed(export, change)

    for table, values in (
        ("glossary", {"term": 7}),
        ("glossary", {"term_key": None}),
        ("watched", {"digest": "no bytes"}),
        ("feeds", {"next_at": True}),
        ("episodes", {"links": "{"}),
        ("subscriptions", {"digest": "hourly"}),
        ("deliveries", {"state": "lost"}),
        ("deliveries", {"reason": '{"template": '}),
        ("deliveries", {"reason": '{"template": "{0.x}"}'}),
        ("asked", {"filters": "["}),
        ("corrections", {"state": "lost"}),
        ("questions", {"missing": "7"}),
        ("questions", {"missing": "[7]"}),
        ("questions", {"quoted": '["a"]'}),
    ):
        path = replaced(table, **values)
        async with Library.opened(export.with_name(f"{len(str(values))}{table}.db")) as other:
            with pytest.raises(ArchiveError, match=f"holds a row of {table} that can't be one"):
                await other.holdings.move(path)
            await other.holdings.move(export)  # which is whole


async def test_a_transcript_that_cannot_be_one_is_refused(library: Library, export: Path) -> None:
    def broken(files: Files) -> None:
        name = next(name for name in files if name.startswith("transcripts/"))
        files[name] = b'{"verbatim": 1, "cues": []}'

    assert "is no transcript of one" in await refused(library, changed(export, broken))

    def undated(files: Files) -> None:
        files["transcripts.jsonl"] = files["transcripts.jsonl"].replace(b'"ingested_at": "2', b'"ingested_at": "x')

    assert "is no transcript of one" in await refused(library, changed(export, undated))
