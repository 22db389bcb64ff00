"""Is all well, how much is there, and what to do if not.

checking      what is wrong with a database, problem by problem
vocabularies  the words and terms of a guild, and their sounds
alikeness     the sentence vectors of passages, where there are any
comparing     a segment, a stream and a transcript against what they must be
repairing     what is derived, made again from the transcripts
sizes         how much there is of each guild
"""
