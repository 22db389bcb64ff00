"""What members say was really said: proposed, decided by moderators, kept.

reviewing    its face: what may be corrected, propose, approve, reject, remove, list
proposing    what may be proposed: which captions differ, how many, how often
rows         its SQL
"""
