"""The schema of corrections: what members propose that was said in place of what a file says, and what became of it."""

CORRECTIONS: tuple[str, ...] = (
    """
    CREATE TABLE corrections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: buttons name it
        guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
        transcript_id INTEGER NOT NULL,        -- which may be gone, and come back by an undo
        title TEXT NOT NULL,                   -- the transcript's when it was proposed
        state TEXT NOT NULL,                   -- waiting, approved, rejected or removed
        proposed_by INTEGER,
        proposed_at REAL NOT NULL,             -- seconds since the epoch
        decided_by INTEGER,                    -- who approved or rejected it
        decided_at REAL,
        removed_by INTEGER,                    -- who took back what was approved
        removed_at REAL
    )
    """,
    "CREATE INDEX corrections_by_guild ON corrections (guild_id, state, id)",
    "CREATE INDEX corrections_by_transcript ON corrections (transcript_id)",
    """
    CREATE TABLE corrected_cues (
        id INTEGER PRIMARY KEY,
        correction_id INTEGER NOT NULL REFERENCES corrections(id) ON DELETE CASCADE,
        transcript_id INTEGER NOT NULL,
        position INTEGER,                      -- NULL where the transcript has no such cue now
        start_ms INTEGER NOT NULL,
        was TEXT NOT NULL,                     -- the cue's text
        now TEXT NOT NULL,                     -- what it should be
        stands INTEGER NOT NULL DEFAULT 0      -- whether it is approved, and no later one is for this cue
    )
    """,
    "CREATE INDEX corrected_cues_by_correction ON corrected_cues (correction_id)",
    "CREATE UNIQUE INDEX corrected_cues_standing ON corrected_cues (transcript_id, position) WHERE stands = 1",
)
