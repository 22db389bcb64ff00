"""What whoever watches a running bot asks of its database: whether it can be written, and figures that cost little."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from store.database import Database
from store.models import Figures, State

OPEN = (State.WAITING, State.SENDING, State.FAILING, State.ABANDONED)
CLOSED = (State.SENT, State.SKIPPED)


class Pulse:
    """The pulse of an open database."""

    def __init__(self, database: Database, memory: Callable[[], int]) -> None:
        """Take it; `memory` tells how many bytes the indexes take."""
        self._database = database
        self._memory = memory

    async def beat(self) -> None:
        """Write a page of the log durably that changes nothing: the number of the schema, as it is.

        That takes the only writer, a write and a sync, as every change does; only to begin one would notice neither a
        full disk nor a broken one.

        Raises:
            DatabaseError: the database can't be written.
        """
        async with self._database.transaction() as connection:
            ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
            await connection.execute(f"PRAGMA user_version={int(version)}")

    async def figures(self) -> Figures:
        """Count what there is of all guilds together, and what is owed or was given up.

        Each subscription's are found by an index, so what was sent in years costs nothing.

        Raises:
            DatabaseError: the database can't be read.
        """
        now = time.time()
        async with self._database.snapshot() as connection:
            ((transcripts, passages),) = await connection.execute_fetchall(
                "SELECT count(*), coalesce(sum(passages), 0) FROM transcripts"
            )
            states = await connection.execute_fetchall(
                """
                SELECT d.state, count(*) FROM subscriptions AS s CROSS JOIN deliveries AS d
                WHERE d.subscription_id = s.id AND d.state IN (SELECT value FROM json_each(?)) GROUP BY d.state
                """,
                (json.dumps(OPEN),),
            )
            # What waits is late since it is due, what is being sent since that began, what fails since it does.
            ((since,),) = await connection.execute_fetchall(
                """
                SELECT min(max(d.created_at, CASE d.state
                    WHEN 'waiting' THEN d.due_at ELSE coalesce(s.failing_since, p.first_at, 0)
                END))
                FROM subscriptions AS s CROSS JOIN deliveries AS d LEFT JOIN posts AS p ON p.id = d.post
                WHERE d.subscription_id = s.id AND d.state IN ('waiting', 'sending', 'failing')
                    AND NOT s.paused AND s.removed_at IS NULL AND (d.state != 'waiting' OR d.due_at <= ?)
                """,
                (now,),
            )
        late = max(0.0, now - since) if since is not None else 0.0
        return Figures(int(transcripts), int(passages), self._memory(), _counted(OPEN, states), late)

    async def closed(self) -> Mapping[State, int]:
        """Count what was sent or skipped, which reads a row of an index for each: a second for a million.

        Raises:
            DatabaseError: the database can't be read.
        """
        async with self._database.snapshot() as connection:
            states = await connection.execute_fetchall(
                """
                SELECT state, count(*) FROM deliveries
                WHERE state IN (SELECT value FROM json_each(?)) GROUP BY state
                """,
                (json.dumps(CLOSED),),
            )
        return _counted(CLOSED, states)


def _counted(known: Iterable[State], rows: Iterable[Sequence[Any]]) -> dict[State, int]:
    return dict.fromkeys(known, 0) | {State(state): int(count) for state, count in rows}
