"""A server erased: no row of it and no word in the file, in its log or beside it; every other server is as it was."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import database
from store.database import Database
from store.errors import DatabaseError, NotFoundError
from store.holdings import traces
from store.library import Library
from store.models import Moment
from store.sentences import sentence
from tests.store.builders import GUILD, OTHER_GUILD, begun, cue_lines, deliver, native, video_file
from tests.store.holdings.world import fill, joined, rows

WORDS = [f"zebrafish{letter}" for letter in "abcdefghi"]
OTHER_WORDS = [f"armadillo{letter}" for letter in "abcdefghi"]


def bytes_of(path: Path) -> bytes:
    """All that is in the folder of a database: also what isn't SQLite's."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())


def holds(path: Path, words: list[str]) -> list[str]:
    data = bytes_of(path).lower()
    return [word for word in words if word.encode() in data]


async def test_nothing_of_an_erased_server_is_in_any_file_and_the_others_are_as_they_were(
    library: Library, path: Path
) -> None:
    await fill(library, OTHER_GUILD, OTHER_WORDS, token="t2")
    await deliver(library)
    before = {name: set(found) for name, found in rows(path).items()}
    await fill(library, GUILD, WORDS, token="t1")
    assert holds(path, WORDS) == WORDS
    done = await library.holdings.erase(GUILD)
    assert holds(path, WORDS) == []
    assert holds(path, OTHER_WORDS) == OTHER_WORDS
    assert done.left == ()
    assert done.searched > 20
    assert done.bytes >= path.stat().st_size
    assert done.rows == {
        "transcripts": 2, "cues": 60, "glossary": 1, "notices": 1, "subscriptions": 3, "posts": 4, "deliveries": 6,
        "feeds": 1, "episodes": 2, "watched": 1, "asked": 1, "bygones": 2, "batches": 1,
        "questions": 1, "votes": 1, "unrecorded": 1,
        "corrections": 2, "corrected_cues": 2,
    }  # fmt: skip
    after = {name: set(found) for name, found in rows(path).items()}
    numbers = {"sqlite_sequence"}  # which are never used twice
    assert {name for name in before if after[name] != before[name]} == numbers
    assert await joined(library) == [OTHER_GUILD]
    assert path.with_name("verbatim.db-wal").stat().st_size < 10_000  # what came after it was emptied


async def test_after_an_erasing_the_server_can_begin_anew(library: Library) -> None:
    await library.ingest(GUILD, video_file("old", *["the old zebrafish"] * 9), "a.md")
    old = (await library.page(GUILD)).entries[0]
    await library.ask(GUILD, "zebrafish")
    await library.holdings.erase(GUILD)
    assert (await library.page(GUILD)).total == 0
    assert (await library.ask(GUILD, "zebrafish")).library_size == 0
    for number in range(9):
        await library.ingest(GUILD, video_file(f"new{number}", "the new zebrafish"), "a.md")
        found = await library.ask(GUILD, "zebrafish")
        assert {quote.text for quote in found.quotes} == {"the new zebrafish"}
    assert old.id not in {entry.id for entry in (await library.page(GUILD)).entries}
    with pytest.raises(NotFoundError):
        await library.around(GUILD, Moment(old.id, 0, 1, 0, 0, old.content))


async def test_a_running_bot_notices_that_another_process_erased_a_server(library: Library, path: Path) -> None:
    for guild in (GUILD, OTHER_GUILD):
        await library.ingest(guild, video_file("talk", "the zebrafish swims"), "a.md")
        await library.ask(guild, "zebrafish")
        await library.catalogue(guild)
    await library.holdings.notice()
    assert list(library._search._indexes._held) == list(library._catalogues) == [GUILD, OTHER_GUILD]
    async with Library.opened(path) as other:
        await other.holdings.erase(GUILD)
    await library.holdings.notice()
    assert list(library._search._indexes._held) == list(library._catalogues) == [OTHER_GUILD]
    assert (await library.ask(GUILD, "zebrafish")).quotes == ()
    assert list(library._search._indexes._held) == [OTHER_GUILD]
    assert len((await library.ask(OTHER_GUILD, "zebrafish")).quotes) == 1


async def test_an_index_in_memory_of_an_erased_server_is_never_taken_for_a_later_ones(
    library: Library, path: Path
) -> None:
    await library.ingest(GUILD, video_file("talk", "the zebrafish swims"), "a.md")
    assert len((await library.ask(GUILD, "zebrafish")).quotes) == 1
    async with Library.opened(path) as other:  # as the command line does, beside a bot that isn't asked meanwhile
        await other.holdings.erase(GUILD)
        await other.ingest(GUILD, video_file("talk", "an armadillo digs"), "a.md")
    assert (await library.ask(GUILD, "zebrafish")).quotes == ()
    assert len((await library.ask(GUILD, "armadillo")).quotes) == 1


async def test_what_is_on_its_way_to_discord_when_its_server_is_erased_comes_to_a_quiet_end(library: Library) -> None:
    await library.notifications.subscribe(GUILD, 1)
    await library.notifications.subscribe(OTHER_GUILD, 2)
    for guild in (GUILD, OTHER_GUILD):
        await library.ingest(guild, video_file("talk", "the zebrafish swims"), "a.md")
    post = await begun(library, 1)
    await library.holdings.erase(GUILD)
    notifications = library.notifications
    await notifications.sent(post, place_id=1, message_id=5)
    await notifications.refused(post, sentence("No permission."))
    await notifications.unknown(post, sentence("No answer."))
    await notifications.rejected(post, sentence("Too long."))
    await notifications.put_off(post, 5)
    await notifications.missing(post)
    await notifications.note_told(post.subscription)
    assert await deliver(library) == [(2, ("talk",))]
    assert await notifications.deliveries(GUILD) == ()


async def test_questions_are_answered_and_files_ingested_while_a_server_is_erased(library: Library, path: Path) -> None:
    for number in range(12):
        await library.ingest(GUILD, video_file(f"talk{number}", *["the zebrafish swims"] * 50), "a.md")
    await library.ingest(OTHER_GUILD, video_file("talk", "an armadillo digs"), "a.md")
    begin = asyncio.Event()
    erasing_it = asyncio.create_task(library.holdings.erase(GUILD, progress=lambda _done, _all: begin.set()))
    await begin.wait()
    while not erasing_it.done():
        assert len((await library.ask(OTHER_GUILD, "armadillo")).quotes) == 1
        assert (await library.ask(GUILD, "zebrafish")).quotes == ()
        await library.ingest(OTHER_GUILD, video_file("talk", "an armadillo digs"), "a.md")
    assert (await erasing_it).left == ()
    assert holds(path, ["zebrafish"]) == []


async def test_an_erasing_that_ended_half_way_is_done_again_to_the_end(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(library, GUILD, WORDS, token="t1")
    full = DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    async def fails(_: Database) -> None:
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(Database, "vacuum", fails)
        with pytest.raises(DatabaseError, match="disk is full"):
            await library.holdings.erase(GUILD)
    assert await library.holdings.extent(GUILD) == {}
    assert (await library.holdings.erase(GUILD)).left == ()
    assert holds(path, WORDS) == []


async def test_what_members_wrote_of_an_answer_is_looked_for_too(library: Library) -> None:
    await library.ingest(GUILD, video_file("talk", "the zebrafish swims along"), "a.md")
    await library.insights.note(GUILD, "token", await library.ask(GUILD, "zebrafish"))
    await library.insights.explain(GUILD, "token", 7, "that isn't about aquariums")
    sought = await library._database.computed(lambda connection: traces.of(connection, GUILD))
    assert b"that isn't about aquariums" in sought


async def test_a_word_that_is_left_in_a_file_is_found_and_said(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.ingest(GUILD, video_file("talk", "the zebrafish swims along"), "a.md")
    truly = Database.vacuum

    async def leaves(itself: Database) -> None:
        await truly(itself)
        with path.open("ab") as file:
            file.write(b"\0" * 5000 + b"the zebrafish swims along")

    monkeypatch.setattr(Database, "vacuum", leaves)
    assert (await library.holdings.erase(GUILD)).left == ("the zebrafish swims along", "zebrafish")


async def test_what_another_server_says_too_is_not_taken_for_a_trace(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["a zebrafish", "electrical things"]), title="A shared title"), "a.md")
    said = ["the moderators' glossary", "a subscription"]  # words that stand in SQLite's schema
    await library.ingest(GUILD, native(cue_lines(said), title="Said"), "c.md")
    texts = ["zebrafishes swim", "lectrical is a slip"]  # so that the words are parts of another server's
    await library.ingest(OTHER_GUILD, native(cue_lines(texts), title="A shared title"), "a.md")
    done = await library.holdings.erase(GUILD)
    assert done.left == ()
    assert done.searched > 0


async def test_a_reader_that_holds_the_log_makes_the_erasing_say_that_it_is_not_done(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.ingest(GUILD, video_file("talk", "the zebrafish swims"), "a.md")
    monkeypatch.setattr(database, "TRUNCATING", 2)
    monkeypatch.setattr(database, "BUSY_MS", 100)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM cues").fetchone()
        with pytest.raises(DatabaseError, match="busy with another process"):
            await library.holdings.erase(GUILD)
    assert (await library.holdings.erase(GUILD)).left == ()
    assert holds(path, ["zebrafish"]) == []


async def test_likenesses_in_memory_go_too(library: Library) -> None:
    search = library._search
    await library.ingest(GUILD, video_file("talk", "the zebrafish swims"), "a.md")
    await library.ask(GUILD, "zebrafish")
    search._likenesses._held[GUILD] = search._likenesses._empty()
    await library.holdings.erase(GUILD)
    assert list(search._likenesses._held) == list(search._indexes._held) == []
