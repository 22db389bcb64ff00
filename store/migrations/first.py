"""The schema up to transcripts of every format: libraries, their index, batches, feeds."""

FIRST: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE guilds (
            guild_id INTEGER PRIMARY KEY,
            version INTEGER NOT NULL DEFAULT 0  -- grows with every change of the guild's library
        )
        """,
        """
        CREATE TABLE transcripts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
            source TEXT NOT NULL,               -- equal for two files of the same video
            content BLOB NOT NULL,              -- digest of details and cues: equal means unchanged
            title TEXT NOT NULL,
            video_id TEXT,
            url TEXT,
            speaker TEXT,
            channel TEXT,
            published TEXT,                     -- a day, ISO 8601
            stated_ms INTEGER,                  -- the duration that the file states
            duration_ms INTEGER NOT NULL,
            tags TEXT NOT NULL,                 -- a JSON list
            language TEXT,
            cues INTEGER NOT NULL,
            words INTEGER NOT NULL,
            passages INTEGER NOT NULL,
            ingested_at TEXT NOT NULL,          -- UTC, ISO 8601
            UNIQUE (guild_id, source)
        )
        """,
        """
        CREATE TABLE cues (
            transcript_id INTEGER NOT NULL REFERENCES transcripts(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            start_ms INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (transcript_id, position)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE terms (
            guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
            term TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (guild_id, term)
        ) WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX terms_by_number ON terms (guild_id, number)",
        """
        CREATE TABLE segments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: an id stands for one content
            guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
            passages INTEGER NOT NULL
        )
        """,
        "CREATE INDEX segments_by_guild ON segments (guild_id)",
        """
        CREATE TABLE segment_blobs (
            segment_id INTEGER PRIMARY KEY REFERENCES segments(id) ON DELETE CASCADE,
            blob BLOB NOT NULL
        )
        """,
        """
        CREATE TABLE segment_transcripts (
            transcript_id INTEGER PRIMARY KEY REFERENCES transcripts(id) ON DELETE CASCADE,
            segment_id INTEGER NOT NULL REFERENCES segments(id) ON DELETE CASCADE
        )
        """,
        "CREATE INDEX segment_transcripts_by_segment ON segment_transcripts (segment_id)",
        """
        CREATE TABLE subscriptions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            created_by INTEGER,
            created_at TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,   -- in a row
            retry_at REAL NOT NULL DEFAULT 0,      -- seconds since the epoch
            last_error TEXT,
            UNIQUE (guild_id, channel_id)
        )
        """,
        """
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            subscription_id INTEGER NOT NULL REFERENCES subscriptions(id) ON DELETE CASCADE,
            transcript_id INTEGER NOT NULL REFERENCES transcripts(id) ON DELETE CASCADE,
            message_id INTEGER,                    -- of the message, once it was sent
            UNIQUE (subscription_id, transcript_id)
        )
        """,
        "CREATE INDEX deliveries_owed ON deliveries (subscription_id, id) WHERE message_id IS NULL",
        "CREATE INDEX deliveries_by_transcript ON deliveries (transcript_id)",
        """
        CREATE TABLE synced_commands (
            application_id INTEGER NOT NULL,
            scope INTEGER NOT NULL,                -- a guild, or 0 for every guild
            digest TEXT NOT NULL,
            PRIMARY KEY (application_id, scope)
        ) WITHOUT ROWID
        """,
    ),
    (
        "ALTER TABLE guilds ADD COLUMN sounded INTEGER NOT NULL DEFAULT 0",  # whether its terms' sounds are kept
        """
        CREATE TABLE sounds (
            guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
            code TEXT NOT NULL,                    -- Double Metaphone
            term TEXT NOT NULL,
            PRIMARY KEY (guild_id, code, term)
        ) WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE glossary (
            id INTEGER PRIMARY KEY,
            guild_id INTEGER NOT NULL,
            term TEXT NOT NULL,                    -- as typed; the same in all rows of its key
            term_key TEXT NOT NULL,                -- folded: equal for the same words
            heard_as TEXT NOT NULL,                -- as typed
            heard_key TEXT NOT NULL,
            created_by INTEGER,
            created_at TEXT NOT NULL,              -- UTC, ISO 8601
            UNIQUE (guild_id, term_key, heard_key)
        )
        """,
    ),
    (
        """
        CREATE TABLE asked (
            token TEXT PRIMARY KEY,
            guild_id INTEGER NOT NULL,
            question TEXT NOT NULL,
            filters TEXT NOT NULL,                 -- a JSON object of those that narrow
            asked_by INTEGER NOT NULL,
            asked_at REAL NOT NULL                 -- seconds since the epoch
        ) WITHOUT ROWID
        """,
        "CREATE INDEX asked_by_age ON asked (asked_at)",
    ),
    (
        "ALTER TABLE guilds ADD COLUMN layout INTEGER NOT NULL DEFAULT 0",  # grows whenever its segments change
        # A segment's blob is its directory now; its postings are read block by block.
        """
        CREATE TABLE segment_blocks (
            segment_id INTEGER NOT NULL REFERENCES segments(id) ON DELETE CASCADE,
            block INTEGER NOT NULL,
            blob BLOB NOT NULL,
            PRIMARY KEY (segment_id, block)
        )
        """,
        "DELETE FROM segments",  # of the format before; transcripts without one are indexed anew
    ),
    (
        # Of what words are, as in `store.text.analysis`: of another version, everything is indexed anew.
        "ALTER TABLE guilds ADD COLUMN analysis INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE guilds DROP COLUMN sounded",
        "ALTER TABLE guilds ADD COLUMN words INTEGER NOT NULL DEFAULT 0",  # that have a number
        """
        CREATE TABLE words (
            guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
            word TEXT NOT NULL,                    -- folded; no stop word
            number INTEGER NOT NULL,
            term INTEGER NOT NULL,                 -- the number of its term
            PRIMARY KEY (guild_id, word)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX words_by_term ON words (guild_id, term, number)",
        """
        CREATE TABLE stream_blocks (
            id INTEGER PRIMARY KEY,                -- 2^20 times the transcript's, and the block's place in it
            low BLOB NOT NULL,
            high BLOB NOT NULL,
            cues BLOB NOT NULL,
            crc INTEGER NOT NULL                   -- of the id and the planes
        )
        """,
        """
        CREATE TRIGGER stream_of_a_transcript AFTER DELETE ON transcripts BEGIN
            DELETE FROM stream_blocks WHERE id >= OLD.id << 20 AND id < (OLD.id + 1) << 20;
        END
        """,
    ),
    (
        # The language a transcript is treated in, by its code: as a moderator, its file or its text says; "" unknown.
        "ALTER TABLE transcripts ADD COLUMN spoken TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE transcripts ADD COLUMN spoken_by TEXT NOT NULL DEFAULT 'text'",
        "CREATE INDEX transcripts_by_language ON transcripts (guild_id, spoken)",
        # A word is its own in each language whose words are treated otherwise than its script's usually are.
        "DROP TABLE words",
        """
        CREATE TABLE words (
            guild_id INTEGER NOT NULL REFERENCES guilds(guild_id) ON DELETE CASCADE,
            word TEXT NOT NULL,                    -- folded; no stop word of its language
            language TEXT NOT NULL,                -- whose stemmer and stop words are its own; "" its script's
            number INTEGER NOT NULL,
            term INTEGER NOT NULL,                 -- the number of its term
            PRIMARY KEY (guild_id, word, language)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX words_by_term ON words (guild_id, term, number)",
    ),
    (
        # What caption files say beside times and words.
        "ALTER TABLE cues ADD COLUMN end_ms INTEGER",
        "ALTER TABLE cues ADD COLUMN speaker TEXT",
        "ALTER TABLE transcripts ADD COLUMN speakers TEXT NOT NULL DEFAULT '[]'",  # of its cues: a JSON list
        "ALTER TABLE transcripts ADD COLUMN chapters TEXT NOT NULL DEFAULT '[]'",  # a JSON list of start and title
        "ALTER TABLE transcripts ADD COLUMN timed INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE transcripts ADD COLUMN ingested_by INTEGER",  # a member, or NULL for an operator
        """
        CREATE TABLE bygones (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            transcript_id INTEGER NOT NULL,
            kind TEXT NOT NULL,                    -- what changed it: replaced, removed, edited or moved
            title TEXT NOT NULL,
            at REAL NOT NULL,                      -- seconds since the epoch
            changed_by INTEGER,
            after TEXT NOT NULL,                   -- the beginning of its digest after the change
            data BLOB NOT NULL,                    -- as it was before, in Verbatim's own JSON, packed
            row TEXT NOT NULL                      -- a JSON object of its columns that no file has
        )
        """,
        "CREATE INDEX bygones_by_guild ON bygones (guild_id, at)",
        """
        CREATE TABLE batches (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            started_by INTEGER,
            channel_id INTEGER,                    -- of the message that tells its progress
            message_id INTEGER,
            names TEXT NOT NULL,                   -- a JSON list of its files' names
            done TEXT NOT NULL DEFAULT '[]',       -- a JSON list of name, outcome and sentence of each that is done
            closed INTEGER NOT NULL DEFAULT 0,
            touched REAL NOT NULL                  -- seconds since the epoch
        )
        """,
        "ALTER TABLE deliveries ADD COLUMN batch INTEGER REFERENCES batches(id) ON DELETE SET NULL",
        """
        CREATE TABLE feeds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            channel_id INTEGER,                    -- in which moderators are told of its failing
            followed_by INTEGER,
            include_recent INTEGER NOT NULL,
            etag TEXT,
            modified TEXT,
            checked_at REAL,                       -- seconds since the epoch
            next_at REAL NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,   -- in a row
            last_error TEXT,
            told INTEGER NOT NULL DEFAULT 0,
            UNIQUE (guild_id, url)
        )
        """,
        "CREATE INDEX feeds_by_turn ON feeds (next_at)",
        """
        CREATE TABLE episodes (
            feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
            guid TEXT NOT NULL,
            state TEXT NOT NULL,                   -- waiting, skipped, kept or failed
            url TEXT,                              -- of its transcript
            links TEXT NOT NULL DEFAULT '[]',      -- of the episode alone: a JSON list
            etag TEXT,
            modified TEXT,
            digest BLOB,                           -- of the bytes that were fetched last
            transcript_id INTEGER,                 -- also of one that was removed
            ingested_at TEXT,                      -- as the transcript's, unless another was put in its place
            details TEXT NOT NULL DEFAULT '{}',    -- a JSON object of those that moderators may edit, as they were read
            error TEXT,
            PRIMARY KEY (feed_id, guid)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX episodes_by_transcript ON episodes (transcript_id)",
        """
        CREATE TABLE watched (
            guild_id INTEGER NOT NULL,
            path TEXT NOT NULL,
            digest BLOB NOT NULL,                  -- of what was ingested last
            PRIMARY KEY (guild_id, path)
        ) WITHOUT ROWID
        """,
        "ALTER TABLE transcripts ADD COLUMN said BLOB",  # a digest of its words and their times
        "ALTER TABLE transcripts ADD COLUMN file TEXT NOT NULL DEFAULT ''",  # its name, without suffix, casefolded
        "CREATE INDEX transcripts_by_words ON transcripts (guild_id, said)",
        # More hosts are known by now, and parameters that only follow people are dropped.
        "UPDATE OR IGNORE transcripts SET source = source_of(url, video_id) WHERE url IS NOT NULL",
        # A title with a file's name is a source by the name without its suffix: the same talk as SRT and as VTT.
        """
        UPDATE OR IGNORE transcripts SET source = substr(source, 1, length(source) - 3)
        WHERE source LIKE 'title:%|%.md'
        """,
        """
        UPDATE OR IGNORE transcripts SET source = substr(source, 1, length(source) - 4)
        WHERE source LIKE 'title:%|%.txt'
        """,
        """
        UPDATE OR IGNORE transcripts SET source = substr(source, 1, length(source) - 9)
        WHERE source LIKE 'title:%|%.markdown'
        """,
    ),
)
