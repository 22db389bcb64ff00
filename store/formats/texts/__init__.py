"""Texts that people read, one module a kind.

native    Verbatim's own: `- [MM:SS] words` lines
marks     which lines of a text say when, and who speaks
turns     speakers' turns with times, as Otter, Teams, Zoom, Rev, Descript and people write them
page      a podcast's transcript as HTML
pagemarks which citations and times of a page say who speaks and when
plain     words without times
"""
