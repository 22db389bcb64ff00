"""The schema of the outbox: what was a table of unsent messages becomes deliveries with states, and their posts.

A table that others refer to can't be altered so far; both are made anew, filled, and put in the old ones' place.
"""

OUTBOX: tuple[str, ...] = (
    """
    CREATE TABLE subscribers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        guild_id INTEGER NOT NULL,
        name TEXT NOT NULL,                    -- short, by which it is named in commands
        channel_id INTEGER,                    -- where it is told; of a member's alert NULL
        member_id INTEGER,                     -- of an alert: who is told, by direct message
        created_by INTEGER,
        created_at TEXT NOT NULL,
        speaker TEXT,                          -- filters: NULL lets every transcript pass
        tag TEXT,
        from_channel TEXT,
        language TEXT,                         -- a code
        matching TEXT,                         -- words that must be said, as they were typed
        mention INTEGER,                       -- a role that is pinged
        digest TEXT,                           -- daily or weekly; NULL tells of each at once
        publish INTEGER NOT NULL DEFAULT 0,    -- in an announcement channel
        paused INTEGER NOT NULL DEFAULT 0,
        removed_at REAL,                       -- for a day it can be brought back
        failures INTEGER NOT NULL DEFAULT 0,   -- in a row
        failing_since REAL,                    -- seconds since the epoch, as all times here
        retry_at REAL NOT NULL DEFAULT 0,
        last_error TEXT,
        untold INTEGER NOT NULL DEFAULT 0,     -- 1 where a moderator, or the member, isn't told of its failing yet
        last_sent_at REAL,
        next_at REAL                           -- when there is something to do for it; NULL where there is nothing
    )
    """,
    """
    INSERT INTO subscribers (
        id, guild_id, name, channel_id, created_by, created_at, failures, failing_since, retry_at, last_error
    )
    SELECT id, guild_id,
        'news' || CASE WHEN place = 1 THEN '' ELSE '-' || place END,
        channel_id, created_by, created_at, failures,
        CASE WHEN failures > 0 THEN CAST(strftime('%s', 'now') AS REAL) END, retry_at, last_error
    FROM (SELECT *, row_number() OVER (PARTITION BY guild_id ORDER BY id) AS place FROM subscriptions)
    """,
    """
    CREATE TABLE posts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- its message's nonce: never used twice
        subscription_id INTEGER NOT NULL REFERENCES subscribers(id) ON DELETE CASCADE,
        target INTEGER NOT NULL,               -- the channel or the member it goes to
        first_at REAL NOT NULL,                -- when it was first tried
        sent_at REAL,                          -- NULL while it is being sent
        place_id INTEGER,                      -- the channel or thread that its message stands in
        message_id INTEGER,
        uncertain INTEGER NOT NULL DEFAULT 0,  -- it may have been sent, though nobody knows
        stale INTEGER NOT NULL DEFAULT 0,      -- how many changes of its transcripts it doesn't show yet
        publish INTEGER NOT NULL DEFAULT 0,    -- still to be published
        tries INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        due_at REAL                            -- when there is something to do with it; NULL where there is nothing
    )
    """,
    """
    CREATE TABLE owed (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        subscription_id INTEGER NOT NULL REFERENCES subscribers(id) ON DELETE CASCADE,
        transcript_id INTEGER NOT NULL,        -- also of one that was removed
        title TEXT,                            -- of one that was removed, as it was
        batch INTEGER REFERENCES batches(id) ON DELETE SET NULL,
        state TEXT NOT NULL,                   -- waiting, sending, sent, skipped, failing or abandoned
        cause TEXT,                            -- why it was skipped: filter, words or removed
        reason TEXT,                           -- a sentence: why it was skipped, or fails
        judged INTEGER NOT NULL DEFAULT 0,     -- whether the words that are watched were looked for
        tries INTEGER NOT NULL DEFAULT 0,      -- that failed for a reason of its own
        created_at REAL NOT NULL,
        due_at REAL,                           -- NULL while its batch isn't closed
        post INTEGER REFERENCES posts(id) ON DELETE SET NULL,
        UNIQUE (transcript_id, subscription_id)  -- a transcript's are written side by side
    )
    """,
    # A message that was sent is a post by its own; of several deliveries with one message the first.
    """
    INSERT INTO posts (id, subscription_id, target, first_at, sent_at, place_id, message_id)
    SELECT min(d.id), s.id, s.channel_id, 0, 0, s.channel_id, d.message_id
    FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
    WHERE d.message_id IS NOT NULL GROUP BY s.id, d.message_id
    """,
    # A delivery's id was the nonce of its message; Discord may still remember the last ones.
    "DELETE FROM sqlite_sequence WHERE name = 'posts'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'posts', seq FROM sqlite_sequence WHERE name = 'deliveries'",
    """
    INSERT INTO owed (id, subscription_id, transcript_id, batch, state, created_at, due_at, post)
    SELECT d.id, d.subscription_id, d.transcript_id, d.batch,
        CASE WHEN d.message_id IS NULL THEN 'waiting' ELSE 'sent' END,
        CAST(strftime('%s', t.ingested_at) AS REAL),
        CASE WHEN EXISTS (SELECT 1 FROM batches b WHERE b.id = d.batch AND NOT b.closed) THEN NULL ELSE 0 END,
        (SELECT p.id FROM posts p WHERE p.subscription_id = d.subscription_id AND p.message_id = d.message_id)
    FROM deliveries d JOIN transcripts t ON t.id = d.transcript_id
    """,
    # What a removal took along that nobody had heard of yet: it is owed again if that is undone.
    """
    INSERT OR IGNORE INTO owed (subscription_id, transcript_id, title, state, cause, reason, created_at, due_at)
    SELECT s.id, b.transcript_id, b.title, 'skipped', 'removed', 'it was removed before it was sent', b.at, 0
    FROM bygones b, json_each(json_extract(b.row, '$[1].owed')) AS waiting
        JOIN subscribers s ON s.id = waiting.value
    WHERE b.kind = 'removed'
    """,
    "DROP TABLE deliveries",
    "DROP TABLE subscriptions",
    "ALTER TABLE owed RENAME TO deliveries",
    "ALTER TABLE subscribers RENAME TO subscriptions",
    """
    CREATE UNIQUE INDEX subscriptions_by_name ON subscriptions (guild_id, coalesce(member_id, 0), name)
    WHERE removed_at IS NULL
    """,
    "CREATE INDEX subscriptions_due ON subscriptions (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX subscriptions_untold ON subscriptions (guild_id) WHERE untold = 1",
    """
    CREATE INDEX deliveries_due ON deliveries (subscription_id, due_at)
    WHERE post IS NULL AND state IN ('waiting', 'failing')
    """,
    "CREATE INDEX deliveries_held ON deliveries (batch) WHERE due_at IS NULL",
    "CREATE INDEX deliveries_by_batch ON deliveries (batch) WHERE batch IS NOT NULL",
    "CREATE INDEX deliveries_by_state ON deliveries (subscription_id, state)",
    "CREATE INDEX deliveries_titled ON deliveries (transcript_id) WHERE title IS NOT NULL",
    "CREATE INDEX deliveries_by_post ON deliveries (post)",
    "CREATE INDEX posts_due ON posts (subscription_id, due_at)",
    "CREATE INDEX posts_unsent ON posts (subscription_id) WHERE message_id IS NULL",
    "CREATE INDEX posts_by_target ON posts (target, first_at)",
    """
    CREATE TABLE notices (
        guild_id INTEGER PRIMARY KEY,
        hour INTEGER NOT NULL DEFAULT 9,       -- of the day, at which digests are sent
        day INTEGER NOT NULL DEFAULT 0,        -- of the week, for weekly ones; 0 is Monday
        zone TEXT NOT NULL DEFAULT 'UTC',
        problems_channel_id INTEGER            -- where moderators are told of what fails
    )
    """,
    """
    UPDATE subscriptions SET next_at = max(retry_at, (
        SELECT min(due_at) FROM deliveries WHERE subscription_id = subscriptions.id AND state = 'waiting'
    ))
    """,
)
