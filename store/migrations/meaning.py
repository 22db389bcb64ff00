"""The schema of sentence vectors: those of a transcript's passages are one blob, so merging segments leaves them alone.

Numbers and blobs are apart, so that counting reads no blob.
"""

MEANING: tuple[str, ...] = (
    """
    CREATE TABLE vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: an id stands for one content
        guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
        transcript_id INTEGER NOT NULL UNIQUE REFERENCES transcripts(id) ON DELETE CASCADE,
        model TEXT NOT NULL,                   -- which model made them, with its version
        passages INTEGER NOT NULL
    )
    """,
    "CREATE INDEX vectors_by_guild ON vectors (guild_id, model)",
    """
    CREATE TABLE vector_blobs (
        vectors_id INTEGER PRIMARY KEY REFERENCES vectors(id) ON DELETE CASCADE,
        blob BLOB NOT NULL,
        crc INTEGER NOT NULL                   -- of the transcript, the model and the blob
    )
    """,
)
