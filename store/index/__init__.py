"""What is kept to find by, in the transaction of what it indexes.

passages    cues → windows of about 80 words, the unit that is indexed
analysed    cues → what there is to index of them
segments    packed postings of one transcript or of many merged, in blocks
stream      packed words of one transcript in order, in blocks
vocabulary  a guild's words and terms in the database, by their numbers and their sounds
postings    a guild's segments in the database, read block by block
vectors     sentence vectors of passages in the database
indexing    all that is derived from a transcript, written with it
reindexing  what has no segment, indexed in the background
directory   what is in memory of one guild's segments
held        values of guilds, under one budget
indexes     the guilds that were asked last, under one budget
merging     small segments become larger ones, in the background
"""
