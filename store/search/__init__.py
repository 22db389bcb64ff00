"""The way out: a question → quotes, a few milliseconds after it was asked.

question    what was asked: its terms and the words they came from
lookup      what one question looks up: postings of terms and of phrases
expansion   a rare word → what the captions may have made of it
nearby      a word that nobody said → what it may have been, for moderators
writing     names and numbers → the other ways in which they may be written or said
query       a question → what to rank by and what to leave out
ranking     MaxScore over the postings, then rank-bm25's own score for the survivors
occurrences what of a question stands where in the stream of words
bridging    words → what means the same in the library's other languages
transcribed names in katakana → the words that sound so
pairs       the question's neighbouring words, said next to each other
subjects    what a whole transcript speaks of
borders     where a quote may begin and end
quoting     a passage → the span of cues that carries the question's weight
looking     a second look at the best passages, all of them at once
measured    how long spans of cues are
choosing    passages → the quotes of a page, none twice
quotes      chosen spans → quotes with their texts
counting    questions for how often or when first → the words to be counted
forms       words to be counted → the forms in which they may have been said
mentions    how often words were said, and where
readings    the two readings of corrected cues: what is a mention once
matching    words that somebody waits for → whether one transcript says them
similar     what is alike in meaning joins what shares words
characteristic  the moments that tell a transcript from others
asking      what is asked of a library, as one value
search      from a question to an answer, in one read transaction
workers     the same in processes of their own
meant       the same with what questions mean
"""
