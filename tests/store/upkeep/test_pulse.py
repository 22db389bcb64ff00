"""Whether a running bot's database can be written, and the figures of all guilds that cost little."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from store.errors import DatabaseError
from store.library import Library
from store.models import Digest, State, Wanted
from store.outbox.times import DAY
from store.sentences import sentence
from store.upkeep.pulse import CLOSED, OPEN
from tests.clock import Clock
from tests.store.builders import GUILD, OTHER_GUILD, begun, deliver, subscribe, video_file

NEWS, TALKS = 11, 12


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


@contextmanager
def full(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size: what a full disk comes closest to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_beat_writes_a_page_of_the_log_and_changes_nothing(path: Path) -> None:
    async with Library.opened(path) as library:
        with closing(sqlite3.connect(path)) as connection:
            before, size = list(connection.iterdump()), log_of(path).stat().st_size
            version = connection.execute("PRAGMA user_version").fetchone()
            await library.pulse.beat()
            assert log_of(path).stat().st_size == size + 4096 + 24
            assert connection.execute("PRAGMA user_version").fetchone() == version
            assert list(connection.iterdump()) == before
    async with Library.opened(path) as library:  # as no other version's
        assert (await library.page(GUILD)).total == 0


async def test_a_disk_that_takes_no_more_is_noticed_and_so_is_its_end(path: Path) -> None:
    async with Library.opened(path) as library:
        await library.ingest(GUILD, video_file("a", "the mill stood"), "a.md")
        with full(log_of(path).stat().st_size), pytest.raises(DatabaseError):
            await library.pulse.beat()
        await library.pulse.beat()


async def test_a_database_that_another_process_holds_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.guard.BUSY_SECONDS", 0.1)
    async with Library.opened(path) as library:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseError, match="busy with another process"):
                await library.pulse.beat()
            connection.execute("ROLLBACK")
        await library.pulse.beat()


async def test_an_empty_database_has_nothing_and_owes_nothing(library: Library) -> None:
    found = await library.pulse.figures()
    assert (found.transcripts, found.passages, found.index_bytes, found.late_seconds) == (0, 0, 0, 0.0)
    assert found.deliveries == dict.fromkeys(OPEN, 0)
    assert await library.pulse.closed() == dict.fromkeys(CLOSED, 0)
    assert {*OPEN, *CLOSED} == set(State)


async def test_all_guilds_are_counted_together(library: Library) -> None:
    await library.ingest(GUILD, video_file("a", "the mill stood"), "a.md")
    await library.ingest(OTHER_GUILD, video_file("b", "the baker counted"), "b.md")
    assert (await library.pulse.figures()).index_bytes == 0
    await library.ask(GUILD, "mill")
    found = await library.pulse.figures()
    assert (found.transcripts, found.passages) == (2, 2)
    assert found.index_bytes > 0


async def test_deliveries_are_counted_by_their_state(library: Library) -> None:
    await subscribe(library, NEWS)
    for name in "abc":
        await library.ingest(GUILD, video_file(name, name), f"{name}.md")
    await deliver(library, most=1)
    await begun(library)
    counted = {state: count for state, count in (await library.pulse.figures()).deliveries.items() if count}
    assert counted == {State.SENDING: 1, State.WAITING: 1}
    assert await library.pulse.closed() == {State.SENT: 1, State.SKIPPED: 0}


async def test_what_waits_is_late_from_when_it_is_due_on(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS)
    await library.ingest(GUILD, video_file("a", "the mill"), "a.md")
    clock.forward(40)
    assert (await library.pulse.figures()).late_seconds == pytest.approx(40)
    await library.ingest(GUILD, video_file("b", "the baker"), "b.md")
    clock.forward(2)
    assert (await library.pulse.figures()).late_seconds == pytest.approx(42)
    await deliver(library)
    assert (await library.pulse.figures()).late_seconds == 0


async def test_what_is_collected_is_not_late_before_its_hour(library: Library, clock: Clock) -> None:
    await subscribe(library, NEWS, wanted=Wanted(digest=Digest.WEEKLY))
    await library.ingest(GUILD, video_file("a", "the mill"), "a.md")
    ((due_at,),) = await rows(library, "SELECT due_at FROM deliveries")
    clock.forward(due_at - clock.now - 1)
    assert (await library.pulse.figures()).late_seconds == 0
    clock.forward(11)
    assert (await library.pulse.figures()).late_seconds == pytest.approx(10)
    await begun(library)
    clock.forward(5)
    assert (await library.pulse.figures()).late_seconds == pytest.approx(5)


async def test_what_fails_is_late_since_it_fails_and_counts_no_more_once_it_is_paused(
    library: Library, clock: Clock
) -> None:
    await subscribe(library, NEWS)
    await subscribe(library, TALKS)
    await library.ingest(GUILD, video_file("a", "the mill"), "a.md")
    post = await begun(library)
    await library.notifications.refused(post, sentence("I may not post there."))
    await deliver(library)
    clock.forward(3 * DAY)
    assert (await library.pulse.figures()).late_seconds == pytest.approx(3 * DAY)
    await library.notifications.pause(GUILD, post.subscription.id, paused=True)
    assert (await library.pulse.figures()).late_seconds == 0


async def rows(library: Library, sql: str) -> list[tuple[float, ...]]:
    async with library._database.snapshot() as connection:
        return [tuple(row) for row in await connection.execute_fetchall(sql)]
