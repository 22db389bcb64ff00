"""The schema of servers that the bot is in, or was removed from: what was theirs is erased after a time."""

SERVERS: tuple[str, ...] = (
    """
    CREATE TABLE joined (
        application_id INTEGER NOT NULL,       -- which bot: another one of the same database may never have been there
        guild_id INTEGER NOT NULL,
        left_at REAL,                          -- when it was seen to be removed, in seconds since the epoch
        PRIMARY KEY (application_id, guild_id)
    ) WITHOUT ROWID
    """,
)
