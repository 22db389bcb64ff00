"""The way out: a question → quotes, a few milliseconds after it was asked.

analysis    text → terms with their places: NFKC, stems, characters and pairs of CJK
stopwords   English words that a question is never searched by
passages    cues → windows of about 80 words, the unit that is indexed
segments    packed postings of one transcript or of many merged, in blocks
sounds      a word → how it sounds, to find what it was misheard as
vocabulary  a guild's terms in the database, by their numbers and their sounds
postings    the index in the database: a guild's segments, written with what they index
index       what is in memory of one guild's segments
indexes     the guilds that were asked last, under one budget
merging     small segments become larger ones, in the background
ranking     MaxScore over the postings, then rank-bm25's own score for the survivors
question    what was asked: its terms and the words they came from
phrases     words in a row, found in texts
lookup      what one question looks up: postings of terms and of phrases
expansion   a rare word → what the captions may have made of it
query       a question → what to rank by and what to leave out
pairs       the question's neighbouring words, said next to each other
subjects    what a whole transcript speaks of
borders     where a quote may begin and end
quoting     a passage → the span of cues that carries the question's weight
choosing    passages → the quotes of a page, none twice, not all from one transcript
search      from a question to an answer, in one read transaction
"""
