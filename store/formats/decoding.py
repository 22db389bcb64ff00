"""Bytes → text: what a byte order mark says, else UTF-8, else the encoding in which the words make most sense.

No detector is right about short files in old encodings, so several read them, and what each reads is judged by its
letters and its language. What had to be guessed is said, so that a moderator can look at it.
"""

import codecs
import re
from collections.abc import Sequence

import charset_normalizer
import regex

from store.errors import FormatError
from store.text import languages, telling

_MARKS = (  # UTF-32's little-endian mark begins with UTF-16's, so it comes first.
    (codecs.BOM_UTF32_LE, "utf-32-le", 4),
    (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (codecs.BOM_UTF8, "utf-8", 1),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
)
SAMPLE = 60_000  # bytes by which an encoding is guessed
NAMES = {  # of the encodings that are guessed, as people call them, and the languages that were written in each
    "cp932": ("Shift_JIS", "ja"),
    "euc_jp": ("EUC-JP", "ja"),
    "iso2022_jp": ("ISO-2022-JP", "ja"),
    "gb18030": ("GB18030", "zh"),
    "big5": ("Big5", "zh"),
    "cp949": ("EUC-KR", "ko"),
    "cp1252": ("Windows-1252", "en fr de es pt it nl da sv no fi is ca"),
    "cp1250": ("Windows-1250", "pl cs sk hu sl hr ro sq"),
    "cp1251": ("Windows-1251", "ru uk bg sr mk be"),
    "koi8_r": ("KOI8-R", "ru"),
    "koi8_u": ("KOI8-U", "uk"),
    "cp1253": ("Windows-1253", "el"),
    "cp1254": ("Windows-1254", "tr"),
    "cp1255": ("Windows-1255", "he"),
    "cp1256": ("Windows-1256", "ar fa"),
    "cp1257": ("Windows-1257", "lt lv et"),
    "cp874": ("TIS-620", "th"),
}
EXPECTED = 0.3  # that a language known from elsewhere adds to a reading in it
LEAST = -0.5  # sense below which a reading is none
_OTHER = 0.4  # of its likelihood that a language counts in an encoding it was never written in

_NO_LETTERS = regex.compile(r"[\p{Cc}\p{Cn}\p{Co}--[\n\t]]|[¤¦]|[\uff61-\uff9f]|[\u2500-\u25ff]", regex.V1)
_SIGNS = regex.compile(
    r"(?<=\p{L})[\p{S}\p{P}--['’.,:;?!\-–—)\]}\"”»<…/\u3000-\u303f\u30fb\uff01-\uff1f]](?=\p{L})", regex.V1
)
_TURNED = regex.compile(r"\p{Ll}\p{Lu}")
_NO_THAI = regex.compile(  # a vowel before or over no consonant, and consonants alone
    r"[\u0e40-\u0e44](?![ก-ฮ\u0e40])|(?<![ก-ฮ\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[ก-ฯ]{10,}"
)


def decode(data: bytes, name: str = "", *, expected: Sequence[str] = ()) -> tuple[str, str | None]:
    """Return the text of a file with every line ended by a line feed, and the name of an encoding that was guessed.

    The language in the file's name, and those `expected` of the others, help to guess.

    Raises:
        FormatError: the file is empty or not text; it names the line of the first byte that isn't.
    """
    if not data.strip():
        raise FormatError("The file is empty; choose the transcript's text file.")
    encoding, width = "utf-8", 1
    for mark, marked, unit in _MARKS:
        if data.startswith(mark):
            data, encoding, width = data[len(mark) :], marked, unit
            break
    else:
        encoding, width = _without_mark(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start - error.start % width].decode(encoding, errors="replace")
        if "\0" in before or (width == 1 and b"\0" in data):
            raise _binary() from error
        hints = [*filter(None, [languages.of_file(name)]), *expected]
        guessed = None if width > 1 or _is_broken(data, error) else _guessed(data, hints)
        if guessed is None:
            raise FormatError(
                "this isn't {encoding} text, nor in any other encoding that is known; save the file as UTF-8 and send "
                "it again.",
                encoding=encoding.upper()[:6].rstrip("-"),
                line=_lines(before).count("\n") + 1,
            ) from error
        return _lines(guessed[0]), guessed[1]
    if "\0" in text:
        raise _binary()
    if width == 1 and "\x1b$" in text:
        guessed = _guessed(data, ["ja"], only=("iso2022_jp",))
        if guessed is not None:
            return _lines(guessed[0]), guessed[1]
    return _lines(text), None


def _without_mark(data: bytes) -> tuple[str, int]:
    """Return UTF-16 where every other byte of a text is zero, else UTF-8."""
    head = data[:2000]
    for encoding, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(head) >= 20 and 2 * zeros.count(0) > len(zeros) and not others.count(0):
            return encoding, 2
    return "utf-8", 1


def _is_broken(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether bytes are UTF-8 but for some that are broken, or cut off: no other encoding makes sense of them."""
    if error.reason == "unexpected end of data":
        return True
    read = data.decode(errors="replace")
    broken = read.count("\ufffd")
    return sum(not c.isascii() for c in read) - broken >= broken


def _guessed(data: bytes, expected: Sequence[str], *, only: Sequence[str] = tuple(NAMES)) -> tuple[str, str] | None:
    """Return the text as it makes most sense, and the encoding's name; None where it makes none in any."""
    end = re.compile(rb"[\r\n]").search(data, SAMPLE)
    sample = data[: end.start() if end else len(data)]
    first = [match.encoding for match in charset_normalizer.from_bytes(sample) if match.encoding in only]
    readings: list[tuple[float, str, str]] = []
    for encoding in dict.fromkeys([*first, *only]):
        try:
            text = _lines(sample.decode(encoding))
        except UnicodeDecodeError:
            continue
        readings.append((_sense(text, encoding, expected), encoding, text))
    for sense, encoding, _ in sorted(readings, key=lambda reading: -reading[0]):
        if sense < LEAST:
            break
        try:
            return data.decode(encoding), NAMES[encoding][0]
        except UnicodeDecodeError:
            continue
    return None


def _sense(text: str, encoding: str, expected: Sequence[str]) -> float:
    """Say how much sense a reading makes: what its language's likelihood is, less for what no text has."""
    words = "\n".join(line for line in text.split("\n") if any(c.isalpha() for c in line) and "-->" not in line)
    foreign = "".join(c if not c.isascii() else " " for c in words)
    odd = sum(len(pattern.findall(words)) for pattern in (_NO_LETTERS, _TURNED, _NO_THAI))
    odd += len(_SIGNS.findall(foreign))
    code, likelihood = telling.likely(re.sub(r"<[^<>]*>|\{[^{}]*\}", "", words).lower().replace("’", "'"))
    known = NAMES[encoding][1].split()
    sense = likelihood if code in known else _OTHER * likelihood
    sense += EXPECTED * any(language in known for language in expected)
    return sense - 4 * odd / max(1, sum(not c.isascii() for c in words))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _binary() -> FormatError:
    return FormatError("This isn't a text file; send the transcript as plain text, captions or Markdown.")
