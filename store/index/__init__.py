"""What is kept to find by, in the transaction of what it indexes.

passages    cues → windows of about 80 words, the unit that is indexed
segments    packed postings of one transcript or of many merged, in blocks
vocabulary  a guild's terms in the database, by their numbers and their sounds
postings    the index in the database: a guild's segments, written with what they index
directory   what is in memory of one guild's segments
indexes     the guilds that were asked last, under one budget
merging     small segments become larger ones, in the background
"""
