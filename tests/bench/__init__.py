"""Measurements of the product as it is: run by hand, never a pass or a failure of the tests.

figures  ingest, question and memory on one folder of transcripts
"""
