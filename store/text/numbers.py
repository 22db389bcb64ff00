"""Numbers in a text, and the ways in which each is written and said: 25, twenty five; 100k, hundred thousand; 三割.

Number words are read by PyPI `text2num` and written by `num2words`, Japanese ones by `kanjize`; a language is a row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import product

from kanjize import kanji2number, number2kanji
from num2words import num2words
from text_to_num import alpha2digit

from store.text.analysis import words

Words = tuple[str, ...]

LONGEST = 16  # words of a number
MOST = 10**15
LEAST_ORDINAL = 4  # first, second and third are said of other things too
SHORT = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
CURRENCIES = frozenset({"$", "€", "£", "¥"})
_NUMERAL = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)(k|m|b|bn|t|st|nd|rd|th)?")
KANJI = "〇一二三四五六七八九十百千万億兆"
_JAPANESE = re.compile(
    rf"(?P<number>[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?(?![.,]?[0-9])[{KANJI}]*(?:[0-9]+[万億兆]?)*|[{KANJI}]+)"
    r"(?P<unit>割|%|パーセント|ドル|年|人|円|)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """How a language says numbers: its scales by their words, and its words for signs."""

    scales: dict[str, int]
    signs: dict[str, tuple[str, ...]]


ROWS = {
    "en": Row(
        {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
        {"%": ("percent", "per cent"), "$": ("dollars", "dollar", "bucks"), "€": ("euros", "euro"), "£": ("pounds",)},
    ),
    "de": Row(
        {"tausend": 10**3, "million": 10**6, "millionen": 10**6, "milliarde": 10**9, "milliarden": 10**9},
        {"%": ("prozent",), "$": ("dollar",), "€": ("euro",), "£": ("pfund",)},
    ),
    "fr": Row(
        {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9},
        {"%": ("pour cent", "pourcent"), "$": ("dollars", "dollar"), "€": ("euros", "euro"), "£": ("livres",)},
    ),
    "es": Row(
        {"mil": 10**3, "millón": 10**6, "millones": 10**6},
        {"%": ("por ciento",), "$": ("dólares", "dólar"), "€": ("euros", "euro"), "£": ("libras",)},
    ),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number said in the words from `first` to `end` of a text, with the sign of its unit, if it has one."""

    value: Decimal
    first: int
    end: int
    sign: str = ""
    ordinal: bool = False


def numbers(said: Sequence[str], language: str) -> Iterator[Number]:
    """Yield the numbers among folded words that are said in a language, the longest where several begin at one."""
    row = ROWS[language]
    at = 0
    while at < len(said):
        number = _number(said, at, language)
        if number is None:
            at += 1
        else:
            yield (number := _with_sign(number, said, row))
            at = number.end


def ways(number: Number, languages: Iterable[str]) -> list[Words]:
    """Return the ways in which a number is written, and said in some languages, in folded words."""
    found: dict[Words, None] = {}
    for language in languages:
        counts = [*_written(number), *_spoken(number.value, language, ordinal=number.ordinal)]
        if not number.sign:
            found |= dict.fromkeys(counts)
            continue
        for count, sign in product(counts, map(words, ROWS[language].signs.get(number.sign, ()))):
            found[count + sign] = None
        for count in counts:
            found[(number.sign, *count) if number.sign in CURRENCIES else (*count, number.sign)] = None
    return list(found)


def japanese(text: str) -> Iterator[tuple[int, int, list[Words]]]:
    """Yield where a text says a number as Japanese writes it, and the other ways in which it may be written."""
    for start, end, whole, unit in _japanese(text):
        units = {"%": ("%", "パーセント"), "パーセント": ("%", "パーセント")}.get(unit, (unit,))
        counts = [str(whole), number2kanji(whole), *_digits(whole)]
        if whole >= 10**4 and whole % 10**4 == 0:
            counts.append(f"{whole // 10**4}万" if whole < 10**8 else f"{whole / 10**8:g}億")
        every = [f"{count}{one}" for one in units for count in counts]
        if "%" in units and whole % 10 == 0 and whole <= 100:
            every += [f"{whole // 10}割", f"{number2kanji(whole // 10)}割"]
        yield start, end, [words(one) for one in dict.fromkeys(every)]


def from_japanese(text: str, language: str) -> Iterator[tuple[int, int, list[Words]]]:
    """Yield where a text says a number as Japanese writes it, and how another language says it; its counter not."""
    signs = {"%": "%", "パーセント": "%", "ドル": "$"}
    for start, end, whole, unit in _japanese(text):
        yield start, end, ways(Number(Decimal(whole), 0, 0, signs.get(unit, "")), (language,))


def _japanese(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield where a text says a whole number as Japanese writes it, its value and its unit."""
    for match in _JAPANESE.finditer(text):
        said, unit = match["number"], match["unit"]
        digits = said.replace(",", "")
        if len(said) == 1 and not unit:
            continue  # more often a part of another word
        try:
            value = float(digits) if digits.replace(".", "", 1).isascii() else float(kanji2number(digits))
        except ValueError:
            continue
        if unit == "割":
            value, unit = 10 * value, "%"
        if value.is_integer() and value < MOST:
            yield match.start(), match.end(), int(value), unit


def may_say(said: Iterable[str], languages: Iterable[str]) -> bool:
    """Say whether some folded words may say a number."""
    begins = frozenset[str]().union(*map(_beginnings, languages))
    return any(word in begins or word[0].isdigit() for word in said)


@cache
def _beginnings(language: str) -> frozenset[str]:
    """Return the words with which a number above one begins."""
    ordinals = range(LEAST_ORDINAL, 100) if language == "en" else ()
    every = [num2words(value, lang=language) for value in range(1000)]
    every += [num2words(value, lang=language, to="ordinal") for value in ordinals]
    return frozenset({words(each)[0] for each in every} | set(ROWS[language].scales))


def _number(said: Sequence[str], at: int, language: str) -> Number | None:
    """Read the number that begins at a word: in digits, which words of scale may follow, or in words."""
    row = ROWS[language]
    if (match := _NUMERAL.fullmatch(said[at])) is not None:
        value, suffix, end = Decimal(match[1]), match[2] or "", at + 1
        ordinal = suffix not in {"", *SHORT} and value == value.to_integral_value()
        value *= SHORT.get(suffix, 1)
        while not ordinal and end < len(said) and said[end] in row.scales:
            value *= row.scales[said[end]]
            end += 1
        return Number(value, at, end, ordinal=ordinal) if value < MOST else None
    if said[at] not in _beginnings(language):
        return None
    for end in range(min(len(said), at + LONGEST), at, -1):
        read, ordinal = _value(" ".join(said[at:end]), language)
        if read is not None and (LEAST_ORDINAL - 1 if ordinal else 1) < read < MOST:
            scale = row.scales.get(said[end], 0) if read % 1 and end < len(said) else 0
            return Number(read * (scale or 1), at, end + (scale > 0), ordinal=ordinal)
    return None


@lru_cache(maxsize=1024)
def _value(said: str, language: str) -> tuple[Decimal | None, bool]:
    """Return the number that words say, None if they say anything else too; and whether it is an ordinal."""
    digits = alpha2digit(said, language, threshold=0)
    if "," in digits and not ROWS[language].scales.keys().isdisjoint(said.split()):
        return None, False  # text2num takes the scale's zeros for decimals
    parts = [_NUMERAL.fullmatch(part) for part in digits.replace(",", ".").split()]
    read = [(Decimal(part[1]), part[2] is not None) for part in parts if part is not None]
    if len(read) != len(parts) or said[-1].isdigit():
        return None, False
    if len(read) == 1:
        return read[0]
    if len(read) == 2 and not read[0][1]:
        (one, _), (other, ordinal) = read
        if language == "en" and 10 <= one <= 20 and 10 <= other <= 99 and not ordinal:  # of a year
            return 100 * one + other, False
    return None, False


def _with_sign(number: Number, said: Sequence[str], row: Row) -> Number:
    """Return a number with the sign before it, or the sign or its word after it."""
    if number.first and said[number.first - 1] in CURRENCIES:
        return Number(number.value, number.first - 1, number.end, said[number.first - 1])
    for sign, names in row.signs.items():
        for name in ((sign,), *map(words, names)):
            if tuple(said[number.end : number.end + len(name)]) == name and not number.ordinal:
                return Number(number.value, number.first, number.end + len(name), sign)
    return number


def _written(number: Number) -> Iterator[Words]:
    """Yield the ways in which a number is written in digits."""
    if number.ordinal:
        yield (num2words(int(number.value), to="ordinal_num"),)
        return
    yield (_plain(number.value),)
    for suffix, scale in SHORT.items():
        short = _plain(number.value / scale)
        if scale <= number.value < 1000 * scale and len(short) <= len("99.9"):
            yield (f"{short}{suffix}",)
            yield short, suffix


def _spoken(value: Decimal, language: str, *, ordinal: bool) -> Iterator[Words]:
    """Yield the ways in which a language says a number; “hundred” for one hundred too, and with the scale in a word."""
    said = [num2words(_native(value), lang=language, to="ordinal" if ordinal else "cardinal")]
    if language == "en" and not ordinal and 1000 < value < 2100 and not value % 1:
        said.append(num2words(int(value), to="year"))
    one = words(num2words(1, lang=language))
    for each in dict.fromkeys(map(words, said)):
        yield each
        if "and" in each:
            yield tuple(word for word in each if word != "and")
        if each[:1] == one and each[1:2] and each[1] in ROWS[language].scales:
            yield each[1:]
    for name, scale in ROWS[language].scales.items():
        short = _plain(value / scale)
        if not ordinal and 10**4 <= scale <= value < 1000 * scale and len(short) <= len("99.9"):
            yield (*words(num2words(_native(Decimal(short)), lang=language)), *words(name))
            yield short, *words(name)


def _digits(value: int) -> list[str]:
    """Return a year or the like as its digits in kanji."""
    return ["".join(KANJI[int(digit)] for digit in str(value))] if 10 <= value < 10**4 else []


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _native(value: Decimal) -> int | float:
    return int(value) if not value % 1 else float(value)
