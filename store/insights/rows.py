"""The SQL of recorded questions and of votes on their answers.

What belongs together is counted by SQLite: a month of a large server is 50,000 rows, which no reader should hand over.
"""

import json
from collections.abc import Iterable, Sequence

from store.database import Reader, Writer
from store.models import Noted, Tally, Topic

KEPT_DAYS = 30
DAY_SECONDS = 24 * 3600
MOST_NOTES = 3  # of a question

# Each question with how it went: nothing found, or something of it not said; the votes on its answer.
_WENT = """
    WITH went AS (
        SELECT id, question, gist, topic, narrowed, day, missing,
            quoted = '[]' AS empty, quoted <> '[]' AND missing <> '[]' AS partial,
            coalesce(voted.up, 0) AS up, coalesce(voted.down, 0) AS down
        FROM questions LEFT JOIN (
            SELECT question_id, sum(up) AS up, count(*) - sum(up) AS down FROM votes
            WHERE question_id IN (SELECT id FROM questions WHERE guild_id = :guild AND day >= :since)
            GROUP BY question_id
        ) AS voted ON voted.question_id = questions.id
        WHERE guild_id = :guild AND day >= :since
    )
"""
# Where SQLite groups with one max() and no other, nor a window function, every bare column is of its row: the question
# that was asked last.
_GROUPED = """
    , grouped AS (
        SELECT max(id), question, {key} AS key, count(*) AS times, day, sum(empty) AS empties,
            sum(partial) AS partials, sum(up) AS ups, sum(down) AS downs, sum(narrowed) = count(*) AS narrowed, missing
        FROM went GROUP BY {key}
    )
    SELECT *, count(*) OVER () FROM grouped
"""


async def add(connection: Writer, noted: Iterable[Noted], *, day: int) -> None:
    """Keep questions asked on a day, and forget those that were kept long enough."""
    await forget(connection, day=day)
    await connection.executemany(
        """
        INSERT INTO questions (guild_id, token, question, gist, topic, day, narrowed, missing, quoted)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (SELECT 1 FROM unrecorded WHERE guild_id = ?1)
        """,
        [
            (
                one.guild_id,
                one.token,
                one.question,
                one.gist,
                one.topic,
                day,
                int(one.narrowed),
                json.dumps(one.missing, ensure_ascii=False),
                json.dumps(one.quoted),
            )
            for one in noted
        ],
    )


async def forget(connection: Writer, *, day: int) -> None:
    """Forget what was kept for 30 days, with the votes on it."""
    await connection.execute("DELETE FROM questions WHERE day < ?", (day - KEPT_DAYS,))


async def forget_all(connection: Writer) -> None:
    """Forget every question of every guild, with the votes on them."""
    await connection.execute("DELETE FROM questions")


async def unrecorded(connection: Reader) -> set[int]:
    """Return the guilds that want nothing recorded."""
    return {int(guild) for (guild,) in await connection.execute_fetchall("SELECT guild_id FROM unrecorded")}


async def record(connection: Writer, guild_id: int, *, wanted: bool) -> None:
    """Record a guild's questions from now on; or don't, and forget those that were."""
    if wanted:
        await connection.execute("DELETE FROM unrecorded WHERE guild_id = ?", (guild_id,))
    else:
        await connection.execute("INSERT OR IGNORE INTO unrecorded (guild_id) VALUES (?)", (guild_id,))
        await connection.execute("DELETE FROM questions WHERE guild_id = ?", (guild_id,))


async def find(connection: Reader, guild_id: int, token: str, *, day: int) -> int | None:
    """Return the id of the guild's question whose answer has this token, while it is kept."""
    rows = await connection.execute_fetchall(
        "SELECT id FROM questions WHERE token = ? AND guild_id = ? AND day >= ?", (token, guild_id, day - KEPT_DAYS)
    )
    return next((int(row[0]) for row in rows), None)


async def voted(connection: Reader, question: int, member: int) -> bool | None:
    """Return whether a member voted an answer up or down; None where they didn't vote."""
    rows = await connection.execute_fetchall(
        "SELECT up FROM votes WHERE question_id = ? AND member_id = ?", (question, member)
    )
    return next((bool(row[0]) for row in rows), None)


async def vote(connection: Writer, question: int, member: int, *, up: bool, note: str | None = None) -> None:
    """Keep a member's vote in place of the one before."""
    await connection.execute(
        "INSERT OR REPLACE INTO votes (question_id, member_id, up, note) VALUES (?, ?, ?, ?)",
        (question, member, int(up), note),
    )


async def take_back(connection: Writer, question: int, member: int) -> None:
    """Forget a member's vote."""
    await connection.execute("DELETE FROM votes WHERE question_id = ? AND member_id = ?", (question, member))


async def tally(connection: Reader, guild_id: int, *, since: int) -> Tally:
    """Return what a guild's questions come to since a day."""
    given = {"guild": guild_id, "since": since}
    ((questions, nothing, partly, up, down),) = await connection.execute_fetchall(
        f"""
        {_WENT}
        SELECT count(*), coalesce(sum(empty), 0), coalesce(sum(partial), 0), coalesce(sum(up), 0),
            coalesce(sum(down), 0)
        FROM went
        """,
        given,
    )
    ((quoted, transcripts),) = await connection.execute_fetchall(
        """
        SELECT coalesce(sum(id IN (
            SELECT value FROM questions, json_each(quoted) WHERE questions.guild_id = :guild AND day >= :since
        )), 0), count(*) FROM transcripts WHERE guild_id = :guild
        """,
        given,
    )
    return Tally(questions, nothing, partly, up, down, quoted, transcripts)


async def missed(
    connection: Reader, guild_id: int, *, since: int, offset: int, limit: int
) -> tuple[tuple[Topic, ...], int]:
    """Return some of what was asked in vain or voted down since a day, and how much there is in all.

    First comes what failed most often.
    """
    return await _topics(
        connection,
        "topic",
        "WHERE empties + partials + downs > 0 ORDER BY empties + partials + downs DESC, downs DESC, times DESC, key",
        {"guild": guild_id, "since": since, "offset": offset, "limit": limit},
    )


async def asked(
    connection: Reader, guild_id: int, *, since: int, offset: int, limit: int
) -> tuple[tuple[Topic, ...], int]:
    """Return some of what was asked since a day, the most often asked first, and how much there is in all."""
    return await _topics(
        connection,
        "gist",
        "ORDER BY times DESC, ups - downs DESC, times DESC, key",
        {"guild": guild_id, "since": since, "offset": offset, "limit": limit},
    )


async def quoted(
    connection: Reader, guild_id: int, *, since: int, offset: int, limit: int
) -> tuple[list[tuple[int, int]], int]:
    """Return ids of transcripts that were quoted since a day and how often, the most often first; and how many."""
    rows = await connection.execute_fetchall(
        """
        SELECT value, count(*), count(*) OVER () FROM questions, json_each(quoted)
        WHERE guild_id = :guild AND day >= :since
            AND EXISTS (SELECT 1 FROM transcripts WHERE id = value AND guild_id = :guild)
        GROUP BY value ORDER BY count(*) DESC, value LIMIT :limit OFFSET :offset
        """,
        {"guild": guild_id, "since": since, "offset": offset, "limit": limit},
    )
    found = list(rows)
    return [(int(id_), int(times)) for id_, times, _ in found], int(found[0][2]) if found else 0


async def _topics(connection: Reader, key: str, order: str, given: dict[str, int]) -> tuple[tuple[Topic, ...], int]:
    statement = f"{_WENT} {_GROUPED.format(key=key)} {order} LIMIT :limit OFFSET :offset"
    rows = list(await connection.execute_fetchall(statement, given))
    notes = await _notes(connection, key, [str(row[2]) for row in rows], given)
    topics = tuple(
        Topic(
            question,
            kept,
            times,
            day,
            nothing=empties,
            partly=partials,
            up=ups,
            down=downs,
            missing=tuple(json.loads(missing)),
            notes=tuple(notes.get(kept, ())),
            narrowed=bool(narrowed),
        )
        for _, question, kept, times, day, empties, partials, ups, downs, narrowed, missing, _ in rows
    )
    return topics, int(rows[0][-1]) if rows else 0


async def _notes(connection: Reader, key: str, keys: Sequence[str], given: dict[str, int]) -> dict[str, list[str]]:
    """Return the newest notes of those who voted answers to some questions down, by the keys of these."""
    rows = await connection.execute_fetchall(
        f"""
        SELECT {key}, note FROM questions JOIN votes ON question_id = questions.id
        WHERE guild_id = :guild AND day >= :since AND note IS NOT NULL
            AND {key} IN (SELECT value FROM json_each(:keys))
        ORDER BY questions.id DESC
        """,
        {**given, "keys": json.dumps(keys)},
    )
    found: dict[str, list[str]] = {}
    for kept, note in rows:
        if len(notes := found.setdefault(kept, [])) < MOST_NOTES and note not in notes:
            notes.append(note)
    return found
