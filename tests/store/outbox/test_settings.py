"""When a guild's digests are sent, where its moderators are told of what fails, and in which language."""

import itertools
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import links
from store.errors import StoreError
from store.library import Library
from store.migrations import MIGRATIONS
from store.migrations.notices import NOTICES
from store.models import Digest, Settings, Step, Wanted
from store.sentences import sentence
from tests.store.builders import GUILD, OTHER_GUILD, begun, claim, deliver, subscribe, video_file
from tests.store.outbox.conftest import Clock

NEWS, TALKS = 11, 12


async def ingest(library: Library, name: str) -> None:
    await library.ingest(GUILD, video_file(name, name), "a.md")


async def test_settings_are_kept_and_each_guild_s_own(library: Library) -> None:
    wanted = Settings(7, 4, "Europe/Vienna", problems_channel_id=5, language="ja")
    await library.notifications.set(GUILD, wanted)
    assert await library.notifications.settings(GUILD) == wanted
    assert await library.notifications.settings(OTHER_GUILD) == Settings()
    await library.notifications.set(GUILD, Settings())
    assert await library.notifications.settings(GUILD) == Settings()


async def test_a_zone_that_is_none_is_refused(library: Library) -> None:
    with pytest.raises(StoreError, match="no time zone “Europe/Wien”"):
        await library.notifications.set(GUILD, Settings(zone="Europe/Wien"))
    assert await library.notifications.settings(GUILD) == Settings()


async def test_digests_that_wait_are_sent_at_the_new_hour(library: Library, clock: Clock) -> None:
    clock.now = datetime(2025, 6, 3, 6, tzinfo=UTC).timestamp()
    await subscribe(library, NEWS, wanted=Wanted(digest=Digest.DAILY))
    await subscribe(library, TALKS)
    await ingest(library, "mill")
    await library.notifications.rejected(await begun(library, TALKS), sentence("Too long."))
    (failing,) = await library.notifications.deliveries(GUILD, states=["failing"])  # type: ignore[list-item]
    assert await library.notifications.next_at() == failing.due_at
    await library.notifications.set(GUILD, Settings(12, zone="Europe/Vienna"))
    waiting = (await library.notifications.listed(GUILD))[0]
    assert waiting.next_at == datetime(2025, 6, 3, 10, tzinfo=UTC).timestamp()
    assert (await library.notifications.listed(GUILD))[1].next_at == failing.due_at
    clock.now = waiting.next_at
    assert sorted(await deliver(library)) == [(NEWS, ("mill",)), (TALKS, ("mill",))]


async def test_a_digest_whose_hour_has_come_is_not_put_off_again(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS, wanted=Wanted(digest=Digest.DAILY))
    await ingest(library, "mill")
    at = await library.notifications.next_at()
    assert at is not None
    clock.now = at + 60
    await library.notifications.set(GUILD, Settings(20))
    assert await deliver(library) == [(NEWS, ("mill",))]


async def test_daily_and_weekly_digests_have_times_of_their_own(library: Library, clock: Clock) -> None:
    clock.now = datetime(2025, 6, 3, 6, tzinfo=UTC).timestamp()  # a Tuesday
    await subscribe(library, NEWS, wanted=Wanted(digest=Digest.DAILY))
    await subscribe(library, TALKS, wanted=Wanted(digest=Digest.WEEKLY))
    await ingest(library, "mill")
    await library.notifications.set(GUILD, Settings(9, day=4))
    assert [one.next_at for one in await library.notifications.listed(GUILD)] == [
        datetime(2025, 6, 3, 9, tzinfo=UTC).timestamp(),
        datetime(2025, 6, 6, 9, tzinfo=UTC).timestamp(),
    ]


async def test_a_post_brings_the_language_that_its_guild_has_chosen_by_then_and_another_one_changes_nothing(
    library: Library,
) -> None:
    await library.notifications.set(OTHER_GUILD, Settings(language="ja"))
    await subscribe(library, NEWS)
    await ingest(library, "mill")
    post = await begun(library)
    assert (post.step, post.language) == (Step.SEND, None)
    await library.notifications.sent(post, place_id=NEWS, message_id=1)
    await library.notifications.set(GUILD, Settings(language="ja"))
    assert await claim(library) is None
    (entry,) = (await library.page(GUILD)).entries
    await library.edit(GUILD, entry.id, {"title": "The mill"})
    post = await begun(library)
    assert (post.step, post.language) == (Step.EDIT, "ja")
    await library.notifications.edited(post)
    await library.notifications.set(GUILD, Settings())
    await ingest(library, "tower")
    assert (await begun(library)).language is None


async def test_settings_from_before_there_was_a_language_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    before = MIGRATIONS[: MIGRATIONS.index(NOTICES)]
    with closing(sqlite3.connect(path)) as old:
        old.create_function("source_of", 2, links.source, deterministic=True)
        for statement in itertools.chain(*before):
            old.execute(statement)
        old.execute("INSERT INTO notices VALUES (?, 7, 4, 'Europe/Vienna', 5)", (GUILD,))
        old.execute(f"PRAGMA user_version = {len(before)}")
        old.commit()
    async with Library.opened(path) as library:
        assert await library.notifications.settings(GUILD) == Settings(7, 4, "Europe/Vienna", problems_channel_id=5)
