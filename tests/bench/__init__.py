"""Measurements of the product as it is: run by hand, never a pass or a failure of the tests.

figures  ingest, question and memory on one folder of transcripts
quality  how often the right moment is quoted, on sets of questions
golden   the golden questions on the real talk, alone and among other transcripts
misses   where the right moment was lost, for each question that was missed
formats  what libraries make of the sample files, beside what we do
steps    what the search does beside plain ranking, to be left out one by one
vocabulary  how long it takes to look up what a word was misheard as
speed    questions, changes, memory and disk beside other engines, in libraries of several sizes
together  many guilds at once, in quiet and while transcripts are ingested
backups  how long a backup takes, and what it keeps waiting
meaning  what sentence vectors cost: memory, making them, comparing with them
flood    one member who asks as much as they are let, and another one's questions meanwhile
curious  what /insights shows after five hundred made-up questions
before   this build and another revision's in turn, and ratios

texts    made transcripts and questions of any number
cuts     the passages of made transcripts as lists of terms
engines  the other engines, each behind the same few methods
ours     Verbatim behind those methods
weigh    what an engine takes in memory, in a process of its own
lag      how late the event loop is
dictionary  the dictionary that ships, built from its package
build    one build of the store in a process of its own
report   the table and the picture
"""
