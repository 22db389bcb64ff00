"""Is all well, how much is there, and what to do if not.

checking      what is wrong with a database, problem by problem
vocabularies  the words and terms of a guild, and their sounds
alikeness     the sentence vectors of passages, where there are any
comparing     a segment, a stream and a transcript against what they must be
repairing     what is derived, made again from the transcripts
sizes         how much there is of each guild
copying       a database as it is at one moment, copied into one file
backup        a copy that is verified and named; the newest one, the oldest ones
apart         … made in a process of its own, beside a bot
restoring     a backup put in the place of the database
carrying      what it has to know of the one that was there: numbers used, messages sent
examining     a look at a database from beside, which changes nothing
pulse         whether a running bot's database can be written, and figures of all guilds
"""
