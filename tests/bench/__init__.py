"""Measurements of the product as it is: run by hand, never a pass or a failure of the tests.

figures  ingest, question and memory on one folder of transcripts
quality  how often the right moment is quoted, on sets of questions
"""
