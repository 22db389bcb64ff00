"""A server moved: exported from one database and put into another, as it was, with nobody told of it."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import Database
from store.errors import ArchiveError, DatabaseError, NotFoundError
from store.holdings import moving
from store.holdings.moving import UNTOLD
from store.library import Library
from store.models import Change, Cue, Details, Outcome, Settings, State, Wanted
from store.outbox.passing import TAG
from store.sentences import recalled, sentence
from tests.store.builders import (
    GUILD,
    OTHER_GUILD,
    begun,
    claim,
    cue_lines,
    deliver,
    native,
    owed,
    rendered,
    video_file,
)
from tests.store.holdings.world import MEMBER, fill, rows

WORDS = [f"zebrafish{letter}" for letter in "abcdefghi"]
OTHER_WORDS = [f"armadillo{letter}" for letter in "abcdefghi"]
QUESTIONS = ("zebrafishb said", '"was said and"', "zebrafishd -zebrafishe")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Where another database may be."""
    return tmp_path / "there.db"


def contents(path: Path) -> dict[str, bytes]:
    """The files of an export, but for when it was made."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert manifest.pop("exported_at")
    return files | {"manifest.json": json.dumps(manifest).encode()}


def lines(path: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in contents(path)[name].splitlines()]


async def answers(library: Library, guild: int) -> list[tuple[Any, ...]]:
    """What is answered to some questions, with scores."""
    found = [(await library.ask(guild, question)).quotes for question in QUESTIONS]
    return [(q.transcript_id, q.details, q.text, q.start_ms, q.score) for quotes in found for q in quotes]


async def test_a_server_put_into_a_new_database_is_as_it_was_and_answers_alike(
    library: Library, tmp_path: Path, there: Path
) -> None:
    await fill(library, OTHER_GUILD, OTHER_WORDS, token="t2")
    ids = await fill(library, GUILD, WORDS, token="t1")
    packed = await library.holdings.export(GUILD, tmp_path / "a.zip")
    assert packed.counts["transcripts"] == 2
    assert packed.counts["glossary"] == packed.counts["feeds"] == packed.counts["asked"] == 1
    async with Library.opened(there) as moved:
        done = await moved.holdings.move(tmp_path / "a.zip")
        assert (done.guild_id, done.from_guild_id, done.left_out) == (GUILD, GUILD, {})
        assert done.transcripts == {Outcome.NEW: 2, Outcome.REPLACED: 0, Outcome.UNCHANGED: 0}
        assert done.rows == {name: count for name, count in packed.counts.items() if name != "transcripts"}
        assert await answers(moved, GUILD) == await answers(library, GUILD) != []
        assert (await moved.page(GUILD)).entries == (await library.page(GUILD)).entries
        assert (await moved.recall(GUILD, "t1")).filters.transcript == ids[2]
        await moved.holdings.export(GUILD, tmp_path / "b.zip")
    before, after = contents(tmp_path / "a.zip"), contents(tmp_path / "b.zip")
    # What still waited is given up, and nothing else is another.
    assert {name for name in before if before[name] != after[name]} <= {
        "tables/deliveries.jsonl", "tables/subscriptions.jsonl",
    }  # fmt: skip
    assert not set(OTHER_WORDS) & set(b"".join(before.values()).decode().split())


async def test_what_is_in_an_export_can_be_read_without_verbatim_and_says_what_no_file_says(
    library: Library, tmp_path: Path
) -> None:
    ids = await fill(library, GUILD, WORDS, token="t1")
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    manifest = json.loads(contents(tmp_path / "a.zip")["manifest.json"])
    assert (manifest["verbatim_server"], manifest["guild_id"]) == (1, str(GUILD))
    first, second = lines(tmp_path / "a.zip", "transcripts.jsonl")
    assert (first["id"], first["ingested_by"], first["spoken"], first["spoken_by"]) == (ids[1], 71, "de", "moderator")
    assert second["file"] == "two"
    written = json.loads(contents(tmp_path / "a.zip")[first["name"]])
    assert written["title"] == f"Edited {WORDS[3]}"
    assert written == json.loads(next(iter((await library.export(GUILD, ids[1], "json")).values())))  # type: ignore[arg-type]


async def test_nothing_that_is_imported_is_announced_and_what_was_told_stays_told(
    library: Library, tmp_path: Path, there: Path
) -> None:
    await library.notifications.subscribe(GUILD, 1)
    await library.notifications.subscribe(GUILD, 2, Wanted(tag="rye"))
    await library.notifications.alert(GUILD, MEMBER, "told")
    await library.ingest(GUILD, video_file("told", "this is told"), "a.md")
    assert [titles for _, titles in await deliver(library)] == [("told",), ("told",)]
    await library.ingest(GUILD, video_file("waits", "this waits"), "a.md")
    packed = await library.holdings.export(GUILD, tmp_path / "a.zip")
    assert packed.unsent == 2
    async with Library.opened(there) as moved:
        await moved.notifications.subscribe(GUILD, 9)  # a subscription of its own
        assert (await moved.holdings.move(tmp_path / "a.zip")).untold == 2
        assert await claim(moved) is None
        assert [s.channel_id for s in await moved.notifications.listed(GUILD)] == [9, 1, 2]
        states = {(d.channel_id, d.title): (d.state, d.reason) for d in await moved.notifications.deliveries(GUILD)}
        assert states[1, "waits"] == (State.ABANDONED, recalled(UNTOLD))
        assert states[1, "told"] == (State.SENT, None)
        assert states[2, "told"] == (State.SKIPPED, sentence(TAG, tag="rye"))
        # What comes now is told, in each.
        await moved.ingest(GUILD, video_file("new", "this is new"), "a.md")
        assert sorted(target for target, _ in await deliver(moved)) == [1, 9]
        # What was corrected is corrected in the message in which it was told there.
        edited = (await moved.page(GUILD, search="told")).entries[0]
        await moved.edit(GUILD, edited.id, {"title": "told better"})
        assert {(await begun(moved)).message_id} < {1001, 1002}
        # And the operator may have told what the other database didn't.
        assert await moved.notifications.retry(GUILD, states=(State.ABANDONED,)) == 2
        assert [titles for _, titles in await deliver(moved) if "waits" in titles] == [("waits",)]


async def test_an_import_that_ended_half_way_is_done_again_and_gives_the_same(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(library, GUILD, WORDS, token="t1")
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    written = Database.written
    left = [0]
    found = []

    async def ends(self: Database, work: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")
        return await written(self, work)

    for after in range(11):
        path = tmp_path / f"there{after}.db"
        async with Library.opened(path) as moved:
            left[0] = after
            with monkeypatch.context() as patched:
                patched.setattr(Database, "written", ends)
                with pytest.raises(DatabaseError):
                    await moved.holdings.move(tmp_path / "a.zip")
            await moved.holdings.move(tmp_path / "a.zip")
            again = await moved.holdings.move(tmp_path / "a.zip")
            assert again.transcripts[Outcome.UNCHANGED] == 2
            assert not any(again.rows.values())
            await moved.holdings.export(GUILD, tmp_path / "b.zip")
        found.append(contents(tmp_path / "b.zip"))
    assert all(one == found[0] for one in found)


async def test_transcripts_that_are_there_are_replaced_and_that_can_be_undone(
    library: Library, tmp_path: Path, there: Path
) -> None:
    await library.ingest(GUILD, video_file("talk", "the newer words"), "a.md")
    await library.ingest(GUILD, video_file("same", "said alike"), "a.md")
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(there) as moved:
        await moved.notifications.subscribe(GUILD, 9, Wanted(matching="newer"))
        await moved.ingest(OTHER_GUILD, video_file("else", "of somebody else"), "a.md")
        kept = (await moved.ingest(GUILD, video_file("talk", "the older words"), "a.md")).entry
        await moved.ingest(GUILD, video_file("same", "said alike"), "a.md")
        await deliver(moved)
        done = await moved.holdings.move(tmp_path / "a.zip")
        assert done.transcripts == {Outcome.NEW: 0, Outcome.REPLACED: 1, Outcome.UNCHANGED: 1}
        assert [q.text for q in (await moved.ask(GUILD, "words")).quotes] == ["the newer words"]
        assert await owed(moved) == []  # also to whom it would have been owed, had it been said at first
        assert await claim(moved) is None
        (bygone,) = await moved.bygones(GUILD)
        assert (bygone.transcript, bygone.change) == (kept.id, Change.REPLACED)
        await moved.restore(GUILD, bygone.id)
        assert [q.text for q in (await moved.ask(GUILD, "words")).quotes] == ["the older words"]


async def test_transcripts_that_an_ingest_would_take_for_one_are_all_brought(
    library: Library, tmp_path: Path, there: Path
) -> None:
    one = (await library.ingest(GUILD, native(cue_lines(["alike in all"] * 9), title="a"), "a.md")).entry
    await library.ingest(GUILD, native(cue_lines(["something else"] * 9), title="b"), "b.md")
    async with library._database.transaction() as connection:  # as an earlier version may have kept it
        await connection.execute("UPDATE cues SET text = 'alike in all' WHERE transcript_id != ?", (one.id,))
        await connection.execute("UPDATE transcripts SET said = (SELECT said FROM transcripts WHERE id = ?)", (one.id,))
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(there) as moved:
        for _ in range(2):
            await moved.holdings.move(tmp_path / "a.zip")
            assert [entry.details.title for entry in (await moved.page(GUILD)).entries] == ["b", "a"]


async def test_another_server_gets_the_library_and_none_of_the_people_channels_and_messages(
    library: Library, tmp_path: Path, path: Path
) -> None:
    ids = await fill(library, GUILD, WORDS, token="t1")
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    before = rows(path)
    done = await library.holdings.move(tmp_path / "a.zip", OTHER_GUILD)
    assert (done.guild_id, done.from_guild_id) == (OTHER_GUILD, GUILD)
    assert done.left_out == {"subscriptions": 3, "posts": 4, "deliveries": 6, "asked": 1, "questions": 1, "votes": 1}
    there = (await library.page(OTHER_GUILD)).entries
    assert {entry.id for entry in there}.isdisjoint(ids)
    assert [entry.ingested_by for entry in there] == [None, None]
    ours, theirs = await answers(library, GUILD), await answers(library, OTHER_GUILD)
    assert [one[1:] for one in ours] == [one[1:] for one in theirs] != []
    assert await library.glossary(OTHER_GUILD) == await library.glossary(GUILD)
    (feed,) = await library.feeds.listed(OTHER_GUILD)
    assert (feed.channel_id, feed.by, feed.episodes, feed.removed) == (None, None, 1, 1)
    settings = await library.notifications.settings(OTHER_GUILD)
    assert settings == Settings(hour=7, day=3, zone="Asia/Tokyo", language="ja")
    after = rows(path)
    for table in ("subscriptions", "posts", "deliveries", "asked", "bygones"):
        assert after[table] == before[table]
    for table in ("transcripts", "glossary", "feeds", "watched", "notices"):
        assert set(before[table]) < set(after[table])


async def test_the_glossary_is_merged_and_a_term_stays_called_as_it_is(
    library: Library, tmp_path: Path, there: Path
) -> None:
    await library.add_spellings(GUILD, "CoreWeave", ["cor weave", "corby"])
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(there) as moved:
        await moved.add_spellings(GUILD, "coreweave", ["core wheel", "Corby"])
        await moved.holdings.move(tmp_path / "a.zip")
        (term,) = await moved.glossary(GUILD)
        assert (term.term, term.heard_as) == ("coreweave", ("core wheel", "Corby", "cor weave"))


async def test_a_subscription_that_is_there_already_is_not_doubled_and_names_stay_apart(
    library: Library, tmp_path: Path, there: Path
) -> None:
    await library.notifications.subscribe(GUILD, 1, Wanted(tag="News"), name="talks")
    await library.notifications.subscribe(GUILD, 2, name="all")
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(there) as moved:
        await moved.notifications.subscribe(GUILD, 1, Wanted(tag="news"), name="other")
        await moved.notifications.subscribe(GUILD, 3, name="all")
        await moved.holdings.move(tmp_path / "a.zip")
        listed = await moved.notifications.listed(GUILD)
        assert [(one.channel_id, one.name) for one in listed] == [(1, "other"), (3, "all"), (2, "all-2")]


async def test_what_is_known_of_a_removed_transcript_never_becomes_that_of_a_new_one(
    library: Library, tmp_path: Path, there: Path
) -> None:
    await library.notifications.subscribe(GUILD, 1)
    await library.ingest(GUILD, video_file("stays", "it stays"), "a.md")
    gone = (await library.ingest(GUILD, video_file("gone", "it goes"), "a.md")).entry.id
    await deliver(library)
    await library.remove(GUILD, gone)
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(there) as moved:
        await moved.holdings.move(tmp_path / "a.zip")
        assert [d.title for d in await moved.notifications.deliveries(GUILD, transcript_id=gone)] == ["gone"]
        new = (await moved.ingest(GUILD, video_file("new", "it is new"), "a.md")).entry.id
        assert new > gone
    async with Library.opened(tmp_path / "used.db") as used:  # in which the number is another server's
        for name in ("one", "two"):
            await used.ingest(OTHER_GUILD, video_file(name, name), "a.md")
        await used.holdings.move(tmp_path / "a.zip")
        assert [d.title for d in await used.notifications.deliveries(GUILD)] == ["stays"]
        assert {entry.id for entry in (await used.page(OTHER_GUILD)).entries} == {1, 2}


async def test_an_export_is_of_one_moment(library: Library, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        await library.ingest(GUILD, video_file(name, f"about {name}"), "a.md")
    seen = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 1:
            with closing(sqlite3.connect(tmp_path / "verbatim.db")) as other, other:
                other.execute("UPDATE transcripts SET title = 'changed meanwhile'")

    await library.holdings.export(GUILD, tmp_path / "a.zip", progress=progress)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert b"changed meanwhile" not in b"".join(contents(tmp_path / "a.zip").values())


async def test_an_export_that_cannot_be_written_leaves_what_was_there(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.ingest(GUILD, video_file("one", "about one"), "a.md")
    (tmp_path / "a.zip").write_bytes(b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ArchiveError, match=r"a\.zip can't be written: No space left on device; nothing was left there"):
        await library.holdings.export(GUILD, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"before"
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob(".*.part")) == []
    with pytest.raises(ArchiveError, match="No such file"):
        await library.holdings.export(GUILD, tmp_path / "nowhere" / "a.zip")


async def test_a_server_of_which_nothing_is_kept_is_not_exported(library: Library, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is nothing of server 100 in this database"):
        await library.holdings.export(GUILD, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


async def test_a_long_transcript_is_not_held_up_by_the_rows_of_others(library: Library, tmp_path: Path) -> None:
    assert moving.TOGETHER == 500
    async with library._database.transaction() as connection:
        await connection.executemany(
            "INSERT INTO watched (guild_id, path, digest) VALUES (?, ?, x'00')",
            [(GUILD, f"/talks/{number}") for number in range(1300)],
        )
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(tmp_path / "there.db") as moved:
        assert (await moved.holdings.move(tmp_path / "a.zip")).rows["watched"] == 1300
        assert len(await moved.watched(GUILD)) == 1300


texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)
cues = st.lists(st.tuples(st.integers(0, 10_000_000), texts), min_size=1, max_size=8)
talks = st.lists(st.tuples(texts, cues, st.lists(texts, max_size=3)), min_size=1, max_size=4)


@settings(max_examples=10)
@given(every=talks)
async def test_whatever_a_library_holds_its_export_brings_back_to_the_byte(
    every: list[tuple[str, list[tuple[int, str]], list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("moved")
    async with Library.opened(folder / "a.db") as library:
        for at, (title, said, tags) in enumerate(every):
            details = Details(title, video_id=f"v{at}", tags=tuple(tags))
            file = rendered(details, [Cue(start, text) for start, text in sorted(said)])
            await library.ingest(GUILD, file, f"{at}.md")
        await library.holdings.export(GUILD, folder / "a.zip")
    async with Library.opened(folder / "b.db") as library:
        await library.holdings.move(folder / "a.zip")
        await library.holdings.export(GUILD, folder / "b.zip")
    assert contents(folder / "a.zip") == contents(folder / "b.zip")
