"""The way in: bytes of a file → `Reading`, one module a format.

decoding      bytes → text, or the line where they stop being text
frontmatter   the metadata block, as YAML or, where that is broken, line by line
native        the body: `- [MM:SS] words` lines → cues
"""

from store.formats.native import read

SUFFIXES = (".md", ".markdown", ".txt")

__all__ = ["SUFFIXES", "read"]
