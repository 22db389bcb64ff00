"""What is known and how it is found; knows nothing of Discord.

library         the one face the cogs and the command line hold: ask, subscribe, and what the next two do
keeping         its part that keeps transcripts: ingest, list
understanding   a file understood: read, told apart, ready to be kept
correcting      its part that corrects them: edit, move, remove, undo, export
versions        which transcript a file is another version of
questions       questions that are being answered, to which many files give way
batches         SQL of files that are ingested as one
bygones         SQL of what a change took away, kept for a day
catalogue       what a library can be narrowed by: titles, speakers, tags, days
transcripts     SQL of transcripts and cues
records         what is stored of a transcript beside its cues: key, digest, columns
glossary        what a guild's terms are also heard as: what may be kept, and its SQL
corrected       what stands corrected in transcripts
excerpts        the words around a quote
asked           SQL of the questions remembered for the buttons under an answer
watched         SQL of what was ingested from watched folders
bulk            many rows in a few statements
database        connections, transaction, snapshot, the bot's lock
guard           how transactions begin and commit: only in the files that were opened
at_once         work that is done at once in a connection's thread
migrations/     the schema
background      work that ends with what holds it, and what it says where it goes on failing
process         what is set for a whole process: threads' turns, garbage, heaps, and whom it ends with
models/         the words of the house as dataclasses
links           a link to a second; what makes two links the same video
errors          every no, as a sentence
sentences       … kept so that it can be said in another language
corrections/    what members say was really said, and moderators decide
outbox/         what subscriptions are owed of new transcripts, and the messages in which they were told
insights/       what is asked, and how its answers are liked, for moderators
feeds/          podcasts' feeds, followed for their transcripts
formats/        the way in: bytes → transcript
text/           what words are
dictionary/     between Japanese and English words
index/          what is kept to find by
meaning/        what is alike in meaning, where that is on
search/         the way out: question → quotes
holdings/       what is kept of a server and of a member: moved, shown, erased
upkeep/         is all well, how much is there, and what to do if not
"""
