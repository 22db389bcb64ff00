"""Texts that people read, one module a kind.

native   Verbatim's own: `- [MM:SS] words` lines
turns    speakers' turns with times, as Otter, Teams, Rev, Descript and people write them
page     a podcast's transcript as HTML
plain    words without times
"""
