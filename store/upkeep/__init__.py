"""Is all well, how much is there, and what to do if not.

checking    what is wrong with a database, problem by problem
comparing   a segment and a transcript against what they must be
repairing   what is derived, made again from the transcripts
sizes       how much there is of each guild
"""
