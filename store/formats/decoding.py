"""Bytes → text: UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one.

Strict on purpose: a wrong guess at an old encoding would quote words that were never said.
"""

import codecs

from store.errors import FormatError

_MARKS = (  # UTF-32's little-endian mark begins with UTF-16's, so it comes first.
    (codecs.BOM_UTF32_LE, "utf-32-le", 4),
    (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (codecs.BOM_UTF8, "utf-8", 1),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
)


def decode(data: bytes) -> str:
    """Return the text of a file with every line ended by a line feed.

    Raises:
        FormatError: the file is empty or not text; it names the line of the first byte that isn't.
    """
    if not data.strip():
        raise FormatError("The file is empty; choose the transcript's text file.")
    encoding, width = "utf-8", 1
    for mark, name, unit in _MARKS:
        if data.startswith(mark):
            data, encoding, width = data[len(mark) :], name, unit
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start - error.start % width].decode(encoding, errors="replace")
        if "\0" in before or (width == 1 and b"\0" in data):
            raise _binary() from error
        raise FormatError(
            f"this isn't {encoding.upper()[:6].rstrip('-')} text; save the file as UTF-8 and send it again.",
            line=_lines(before).count("\n") + 1,
        ) from error
    if "\0" in text:
        raise _binary()
    return _lines(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _binary() -> FormatError:
    return FormatError("This isn't a text file; send the transcript as plain text or Markdown.")
