"""Podcast feeds that bring their transcripts: fetched, read, followed.

pages      what is at an address that is no feed's
parsing    a feed's bytes → its episodes and their transcripts
fetching   an address → bytes, of public hosts alone, within limits
following  which feeds a guild follows, and what to do about them
rows       SQL of feeds and their episodes
"""
