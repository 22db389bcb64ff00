"""The schema of insights: what was asked in public, without who asked, and how members voted on the answers.

A vote keeps its member's id, so that each has one and can have it erased; no name, and nothing else of them.
"""

INSIGHTS: tuple[str, ...] = (
    """
    CREATE TABLE questions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        guild_id INTEGER NOT NULL,
        token TEXT NOT NULL UNIQUE,            -- by which the buttons of its answer name it
        question TEXT NOT NULL,                -- as typed, with single spaces
        gist TEXT NOT NULL,                    -- its words: equal for the same in another order or inflection
        topic TEXT NOT NULL,                   -- where it failed it counts as this: what nobody said, or the gist
        day INTEGER NOT NULL,                  -- on which it was asked: days since the epoch, UTC
        narrowed INTEGER NOT NULL,             -- 1 where only a part of the library was asked
        missing TEXT NOT NULL,                 -- a JSON list of its words and phrases that nobody said
        quoted TEXT NOT NULL                   -- a JSON list of the ids of the transcripts that were quoted
    )
    """,
    "CREATE INDEX questions_by_guild ON questions (guild_id, day)",
    "CREATE INDEX questions_by_age ON questions (day)",
    """
    CREATE TABLE votes (
        question_id INTEGER NOT NULL REFERENCES questions(id) ON DELETE CASCADE,
        member_id INTEGER NOT NULL,
        up INTEGER NOT NULL,                   -- 1 for 👍, 0 for 👎
        note TEXT,                             -- with 👎: what was wrong or missing
        PRIMARY KEY (question_id, member_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX votes_by_member ON votes (member_id)",
    "CREATE TABLE unrecorded (guild_id INTEGER PRIMARY KEY)",  # servers that want no insights
)
