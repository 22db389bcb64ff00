"""The way in: bytes of a file → `Reading`, one module a format.

decoding      bytes → text, or the line where they stop being text
frontmatter   the metadata block, as YAML or, where that is broken, line by line
native        the body: `- [MM:SS] words` lines → cues
oddities      what was odd in a file, collected while it is read
"""

from store.formats.native import read

SUFFIXES = (".md", ".markdown", ".txt")

__all__ = ["SUFFIXES", "read"]
