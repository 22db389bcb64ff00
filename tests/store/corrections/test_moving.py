"""Corrections go with their transcripts into another database, or to another server."""

from pathlib import Path

from store.database import Database
from store.library import Library
from store.models import Listed
from store.upkeep.checking import check
from tests.store.builders import GUILD, OTHER_GUILD, video_file
from tests.store.corrections.made import MEMBER, MODERATOR, corrected, proposed

TALK = ("good morning everybody", "today we talk about the cor weave deal", "that was signed last year")
DEAL = "today we talk about the CoreWeave deal"


async def test_they_are_found_and_decided_in_another_database(library: Library, tmp_path: Path) -> None:
    entry = (await library.ingest(GUILD, video_file("deals", *TALK), "deals.md")).entry
    await corrected(library, entry, {1: DEAL})
    waiting = await proposed(library, entry, {2: "that was sighed last year"})
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    there = tmp_path / "there.db"
    async with Library.opened(there) as moved:
        await moved.holdings.move(tmp_path / "a.zip")
        assert (await moved.mentions(GUILD, '"CoreWeave deal"')).count == 1
        (kept,) = (await moved.corrections.page(GUILD, Listed.APPROVED)).found
        assert (kept.proposed_by, kept.decided_by) == (MEMBER, MODERATOR)
        await moved.corrections.approve(GUILD, waiting.id, by=MODERATOR)
        await moved.holdings.move(tmp_path / "a.zip")  # again, which changes nothing
        assert (await moved.corrections.page(GUILD, Listed.APPROVED)).total == 2
    async with Database.opened(there) as database:
        assert await check(database) == []


async def test_a_server_whose_only_transcript_was_removed_is_moved_with_what_was_proposed(
    library: Library, tmp_path: Path
) -> None:
    entry = (await library.ingest(GUILD, video_file("deals", *TALK), "deals.md")).entry
    waiting = await proposed(library, entry, {1: DEAL})
    await library.remove(GUILD, entry.id, by=MODERATOR)
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    async with Library.opened(tmp_path / "there.db") as moved:
        assert (await moved.holdings.move(tmp_path / "a.zip")).rows["corrections"] == 1
        assert (await moved.corrections.get(GUILD, waiting.id)).entry is None


async def test_at_another_server_nobody_is_named_and_what_stands_there_stays(library: Library, tmp_path: Path) -> None:
    entry = (await library.ingest(GUILD, video_file("deals", *TALK), "deals.md")).entry
    await corrected(library, entry, {1: DEAL})
    await library.holdings.export(GUILD, tmp_path / "a.zip")
    await library.holdings.move(tmp_path / "a.zip", OTHER_GUILD)
    (kept,) = (await library.corrections.page(OTHER_GUILD, Listed.APPROVED)).found
    assert (kept.proposed_by, kept.decided_by) == (None, None)
    assert (await library.mentions(OTHER_GUILD, '"CoreWeave deal"')).count == 1
    await library.corrections.remove(OTHER_GUILD, kept.id, by=MODERATOR)
    assert (await library.mentions(GUILD, '"CoreWeave deal"')).count == 1
    assert (await library.mentions(OTHER_GUILD, '"CoreWeave deal"')).count == 0
