"""Measurements of the product as it is: run by hand, never a pass or a failure of the tests.

figures  ingest, question and memory on one folder of transcripts
vocabulary  how long it takes to look up what a word was misheard as
texts    made transcripts and questions of any number
steps    what the search does beside plain ranking, to be left out one by one
quality  how often the right moment is quoted, on sets of questions
"""
