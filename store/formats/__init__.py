"""The way in: bytes of a file → `Reading`, one module a format; and the way out again.

reading      bytes → what they are read as, whatever their format
table        the one table of formats
decoding     bytes → text, with the encoding that was guessed, or the line where they stop being text
parsed       what a parser is given and gives back
details      what a file says of its video → `Details`
times        times as files write them → milliseconds
names        who speaks, where it stands before the words
markup       tags and entities → the words alone
frontmatter  the metadata block, as YAML or, where that is broken, line by line
info         yt-dlp's description of a video, beside a caption file
oddities     what was odd in a file, collected while it is read
archive      ZIP and gzip → files, with their descriptions
others       files that are no transcripts: what they are, and that they aren't read
writing      a transcript → a file that is the same when it is read again
captions/    caption formats
speech/      what speech recognition gives, as JSON
texts/       texts that people read
"""

from store.formats.reading import read
from store.formats.table import SUFFIXES

__all__ = ["SUFFIXES", "read"]
