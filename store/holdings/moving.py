"""An export put into a database, under its server's id or another's: one that ends half-way can be put in again.

Nothing is announced: what it brings is owed to no subscription, and what was told stays told. What was still waiting to
be told when it was exported is given up, so that `deliveries --retry` tells it, if the database that it is from didn't.
"""

import json
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from store import corrected, transcripts
from store.database import Database, Reader, Writer
from store.holdings import rows, unpacking
from store.holdings.adopting import Adopting, Keep
from store.holdings.packing import CARRIED, Progress
from store.holdings.rows import Columns, Numbers
from store.holdings.tables import Table
from store.holdings.unpacking import Export, Row
from store.index import indexing
from store.index.merging import Merging
from store.models import Digest, Outcome, State, Verdict, Wanted
from store.outbox import subscriptions
from store.outbox.scheduling import schedule_all
from store.sentences import recalled, sentence

TOGETHER = 500  # rows that are written in a transaction
UNTOLD = sentence("it still waited to be sent when the server was exported").kept()

_NARROWING = ("speaker", "tag", "from_channel", "language", "matching")

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of an export: how many transcripts and new rows it brought, and what of it was left out."""

    guild_id: int
    from_guild_id: int
    transcripts: dict[Outcome, int]
    rows: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    untold: int = 0


async def move(
    database: Database,
    merging: Merging,
    keep: Keep,
    path: Path,
    guild_id: int | None = None,
    *,
    progress: Progress = lambda _done, _all: None,
) -> Moved:
    """Put an export into the database, for another guild where one is named.

    Raises:
        ArchiveError: it can't be read, or isn't one.
        DatabaseError: the database can't be written; what is there already stays, and the same can be done again.
    """
    with unpacking.opened(path) as export:
        guild = export.guild_id if guild_id is None else guild_id
        numbers = Numbers(guild, own=guild == export.guild_id)
        moved = Moved(guild, export.guild_id, dict.fromkeys((Outcome.NEW, Outcome.REPLACED, Outcome.UNCHANGED), 0))
        adopting = Adopting(database, guild, keep, own=numbers.own)
        await adopting.recognise(export.transcripts)
        for done, listed in enumerate(export.transcripts, start=1):
            adopted = await adopting.unchanged(listed)
            if adopted is None:
                adopted = await adopting.adopt(listed, export.transcript(listed))
                merging.wake(guild)
            numbers.found["transcripts"][listed.id] = adopted.id
            moved.transcripts[adopted.outcome] += 1
            progress(done, len(export.transcripts))
        async with database.transaction() as connection:
            await transcripts.found_library(connection, guild)  # to which rows of transcripts that are gone belong
        untold = 0
        for table in CARRIED:
            assert table.carried is not None
            if table.carried.here_only and not numbers.own:
                moved.left_out[table.name] = sum(1 for _ in export.rows(table.name))
            else:
                new, waited = await _table(database, export, table, numbers)
                moved.rows[table.name] = new
                untold += waited
        for id_ in numbers.found["transcripts"].values():
            await _corrected(database, guild, id_)
        async with database.transaction() as connection:
            await rows.reserve(connection, numbers.removed)
            await schedule_all(connection, guild)
    return Moved(guild, export.guild_id, moved.transcripts, moved.rows, moved.left_out, untold)


async def _corrected(database: Database, guild_id: int, transcript_id: int) -> None:
    """Let what came with a transcript's corrections belong to its cues, and be found by them."""
    async with database.transaction() as connection:
        entry = await transcripts.get(connection, guild_id, transcript_id)
        if entry is None or not await corrected.are_there(connection, transcript_id):
            return
        await corrected.attach(connection, transcript_id, await transcripts.whole(connection, transcript_id))
        await indexing.again(connection, guild_id, entry)


async def _table(database: Database, export: Export, table: Table, numbers: Numbers) -> tuple[int, int]:
    """Put a table's rows in; return how many are new, and how many of them tell of what nobody was told."""
    there = await database.computed(lambda connection: rows.columns(connection, table.name))
    every = export.rows(table.name)
    count = untold = 0
    while some := list(islice(every, TOGETHER)):
        new = await database.written(_putting(table, some, there, numbers))
        count += len(new)
        untold += sum(row.get("reason") == UNTOLD for row in new)
    return count, untold


def _putting(
    table: Table, some: list[Row], there: Columns, numbers: Numbers
) -> Callable[[Writer], Coroutine[Any, Any, list[Values]]]:
    """Return the work that puts rows into a table and returns those that are new."""
    assert table.carried is not None
    away = () if numbers.own else (*table.carried.elsewhere, *(one.value for one in table.members))
    prepare = _PREPARED.get(table.name, _as_it_is)

    async def put(connection: Writer) -> list[Values]:
        new = []
        for row in some:
            values = rows.checked(table, row, there) | {name: None for name in away if name in there}
            if not await rows.refer(connection, table, values, there, numbers):
                continue
            try:
                here = await prepare(connection, values, numbers)
                if here is not None:
                    numbers.note(table, values, here)
                elif await rows.put(connection, table, values, there, numbers):
                    new.append(values)
            except (LookupError, TypeError, ValueError, sqlite3.IntegrityError) as error:
                raise rows.damaged(table) from error
        return new

    return put


async def _as_it_is(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Change nothing of a row. Others return the number of the row that is there already, as is seen by more."""
    del connection, row, numbers


async def _spelling(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let a term be called as it is here, if it is."""
    found = await connection.execute_fetchall(
        "SELECT term FROM glossary WHERE guild_id = ? AND term_key = ? LIMIT 1", (numbers.guild_id, row["term_key"])
    )
    for (term,) in found:
        row["term"] = term


async def _subscription(connection: Reader, row: Values, numbers: Numbers) -> int | None:
    """Let a subscription begin without what failed; one that hears of the same in the same place is as good."""
    speaker, tag, from_channel, language, matching = (
        str(row[name]) if row[name] is not None else None for name in _NARROWING
    )
    mention = row["mention"] if isinstance(row["mention"], int) else None
    digest = Digest(str(row["digest"])) if row["digest"] is not None else None
    wanted = Wanted(speaker, tag, from_channel, language, matching, mention, digest, bool(row["publish"]))
    row |= {"failures": 0, "failing_since": None, "retry_at": 0, "last_error": None, "untold": 0, "next_at": None}
    if row.get("removed_at") is not None:
        return None
    member_id = row["member_id"] if isinstance(row["member_id"], int) else None
    every = await subscriptions.listed(connection, numbers.guild_id, member_id=member_id)
    for one in every:
        if one.channel_id == row["channel_id"] and subscriptions.same(one.wanted, wanted):
            return one.id
    row["name"] = subscriptions.free(str(row["name"]), {one.name for one in every})
    return None


async def _post(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let a message be brought up to date where it isn't yet, and not be published."""
    del connection, numbers
    stale = bool(row["stale"]) and row["place_id"] is not None
    row |= {"publish": 0, "uncertain": 0, "tries": 0, "error": None, "due_at": row["due_at"] if stale else None}


async def _delivery(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let what wasn't told be given up, and nothing be owed."""
    del connection, numbers
    if isinstance(row["reason"], str):
        str(recalled(row["reason"]))  # it can be said
    row["batch"] = None
    row["due_at"] = row["created_at"] if row["due_at"] is None else row["due_at"]
    if State(str(row["state"])) in {State.WAITING, State.SENDING, State.FAILING}:
        row |= {"state": State.ABANDONED, "post": None, "cause": None, "judged": 0, "reason": UNTOLD}


async def _correction(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let a correction be one of which something has become that is known."""
    del connection, numbers
    Verdict(str(row["state"]))


async def _caption(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let what was corrected here already stand."""
    del numbers
    there = await connection.execute_fetchall(
        "SELECT 1 FROM corrected_cues WHERE transcript_id = ? AND position IS ? AND stands = 1",
        (row["transcript_id"], row["position"]),
    )
    row["stands"] = int(row["stands"] == 1 and (row["position"] is None or not any(there)))


async def _feed(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let a feed begin without what failed."""
    del connection, numbers
    row |= {"failures": 0, "last_error": None, "told": 0}


async def _episode(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let an episode be that of its transcript here; of a removed one by a number that no transcript can have."""
    if isinstance(number := row["transcript_id"], int):
        here = await numbers.of(connection, "transcripts", number)
        row["transcript_id"] = -abs(number) if here is None else here


async def _question(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let a question that was asked of one transcript be asked of that one here."""
    filters = json.loads(str(row["filters"]))
    if isinstance(filters, dict) and isinstance(number := filters.get("transcript"), int):
        filters["transcript"] = await numbers.of(connection, "transcripts", number) or 0
        row["filters"] = json.dumps(filters)


async def _recorded(connection: Reader, row: Values, numbers: Numbers) -> None:
    """Let a recorded question have been answered by the transcripts as they are numbered here."""
    if not all(isinstance(word, str) for word in json.loads(str(row["missing"]))):
        raise TypeError
    here = [await numbers.of(connection, "transcripts", int(number)) for number in json.loads(str(row["quoted"]))]
    row["quoted"] = json.dumps([number for number in here if number is not None])


_PREPARED: dict[str, Callable[[Reader, Values, Numbers], Awaitable[int | None]]] = {
    "glossary": _spelling,
    "subscriptions": _subscription,
    "posts": _post,
    "deliveries": _delivery,
    "corrections": _correction,
    "corrected_cues": _caption,
    "feeds": _feed,
    "episodes": _episode,
    "asked": _question,
    "questions": _recorded,
}
