"""Podcast feeds that bring their transcripts: fetched, read, followed.

addresses  one way to write a feed's address
pages      what is at an address that is no feed's
parsing    a feed's bytes → its episodes and their transcripts
fetching   an address → bytes, of public hosts alone, within limits
knowing    what is known of episodes, also under new ids
bringing   an episode's transcript, fetched and ingested
following  which feeds a guild follows, and what to do about them
rows       SQL of feeds and their episodes
"""
