"""Where a text's words begin and end, and how each is folded: what two spellings of a word share.

Most words are letters and digits. A name or a number with signs in it is one word too: C++, C#, .NET, AT&T, Node.js,
3.5 or 3,5, v3.11, 1,000; so are letters with points (U.S., A.I.), and the signs %, $, €, £ and ¥ beside digits.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

import regex

from store.text import scripts
from store.text.latin_stopwords import ELIDED

REMEMBERED = 16_384  # words: with 8,192 questions in small libraries took up to 5 % longer; 65,536 were 35 MB more

_CJK = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\u3005-\u3007\u30fc\uff70\uff9e\uff9f"
    r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}--\p{N}--\p{P}--\p{S}]"
)
_JOINERS = "\u00ad\u200c\u200d\u2060"  # say how letters are drawn, or where a word may break
_SITES = "js|ts|io|ai|net|com|org|py|tv|gg"  # after a point they belong to a name
# Names and numbers with signs in them. None of them goes on across a space, where a cue may end.
_SIGNED = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|(?<![A-Za-z0-9])\d+,\d{1,2}(?![A-Za-z0-9,])"  # with the decimal sign of most languages
    r"|(?<![A-Za-z0-9])[A-Za-z]{0,12}\d+(?:\.\d+)+[A-Za-z]{0,2}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])(?:[A-Za-z]\.){2,}[A-Za-z]?(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[A-Za-z]{1,12}(?:\+\+|#)(?![A-Za-z0-9+#])"
    r"|(?<![A-Za-z0-9])[A-Za-z]{1,4}(?:&[A-Za-z]{1,4})+(?![A-Za-z0-9])"
    rf"|(?<![A-Za-z0-9.])[A-Za-z][A-Za-z0-9]*\.(?i:{_SITES})(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9.])\.(?i:net)(?![A-Za-z0-9])"
    r"|(?<![^\s0-9])%|\$(?=[0-9])"
)
_RUN = rf"(?P<cjk>[{_CJK}][{_CJK}\p{{M}}]*)"
_WORD = (
    rf"(?P<word>[[\p{{L}}\p{{M}}\p{{N}}]--[{_CJK}]]+"
    rf"(?:(?:['’ʼ＇{_JOINERS}]|(?<=[lL])·(?=[lL]))[[\p{{L}}\p{{M}}\p{{N}}]--[{_CJK}]]+)*)"  # Catalan has l·l
)
_PLAIN = regex.compile(rf"{_RUN}|{_WORD}", regex.V1)
_WITH_SIGNS = regex.compile(
    rf"{_RUN}|(?P<number>{_SIGNED}|(?<![^\s\d〇一二三四五六七八九十百千万])[%％]|[$€£¥＄￡￥](?=\d))|{_WORD}", regex.V1
)
_ASCII_PLAIN = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")  # `re` is faster
_ASCII_WITH_SIGNS = re.compile(rf"{_SIGNED}|{_ASCII_PLAIN.pattern}", re.ASCII)
# The words of a text in ASCII can be had without looking for each: what is no letter or digit becomes a space, an
# apostrophe nothing, or where there are two in a row a space. What may have signs in it needs a closer look, and what
# may be an elided word, whose apostrophe is kept: it is put as a tab.
_ASCII_FOLDED = bytes(
    ord("'" if c == "\t" else c.lower() if c.isalnum() or c == "\n" else " ") for c in map(chr, range(128))
) + bytes(128)
# Words in capitals, or with points, that are others than in small letters.
CAPITALS = frozenset({"AM", "EU", "ID", "IT", "UN", "US", "WHO"})
_CAPITAL = re.compile(rf"(?:{'|'.join(sorted(CAPITALS))})(?![A-Za-z0-9])")  # perhaps the end of a longer word
FEW = 3  # words: of fewer in capitals alone nobody knows whether they are names
# What may be a word with a sign in it, by a sign that must be there. `re` finds what begins with a sign the fastest.
_MAY_HAVE_SIGNS = {
    ",": re.compile(r",(?<=\d,)\d"),
    ".": re.compile(r"\.[A-Za-z\d]"),
    "++": re.compile(r"\+\+"),
    "#": re.compile("[A-Za-z]#"),
    "&": re.compile("[A-Za-z]&[A-Za-z]"),
    **{sign: re.compile(sign) for sign in "%％"},
    **{sign: re.compile(rf"{re.escape(sign)}\d") for sign in "$€£¥＄￡￥"},
}
_SIGNS = frozenset("".join(_MAY_HAVE_SIGNS))
UNSPACED = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")  # alphabets without spaces between words
GRAPHEME = regex.compile(r"\X")
# Of these each is one grapheme, whatever stands beside it, and NFKC and casefolding keep it as it is.
PLAIN_CJK = regex.compile(r"[\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]+")
APOSTROPHES = str.maketrans("", "", f"'’ʼ＇,·{_JOINERS}")
_DECIMAL = re.compile(r"\d+,\d{1,2}")
_POINTED = re.compile(r"(?:[a-z]\.)+[a-z]?")
_PREFIXES = "|".join(sorted({prefix[:-1] for prefixes in ELIDED.values() for prefix in prefixes}))
_ELIDED = regex.compile(rf"({_PREFIXES})['’ʼ＇](?=[\p{{Latin}}--[bcdfgj-np-tvwxz]])", regex.V1)
_LONGEST = max(map(len, _PREFIXES.split("|"))) + 1  # letters of what elides, and one before it
_MAY_ELIDE = re.compile("'[aehiouyAEHIOUY]")  # found first, for it is rare
_ELIDING = re.compile(rf"(?<![A-Za-z0-9'])(?:{_PREFIXES})\Z", re.IGNORECASE)
_SMALL = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


def found(text: str) -> "Iterable[re.Match[str] | regex.Match[str]]":
    """Find a text's words; those of the group `cjk` are runs of characters."""
    signed = _may_have_signs(text)
    if text.isascii():
        return (_ASCII_WITH_SIGNS if signed else _ASCII_PLAIN).finditer(text)
    matches: Iterable[regex.Match[str]] = (_WITH_SIGNS if signed else _PLAIN).finditer(text)
    return matches


def parts(text: str) -> list[tuple[str, str]]:
    """Return a text's words in order, each as (run of characters, word), of which one is empty."""
    if _may_have_signs(text):
        return [(run, number or word) for run, number, word in _WITH_SIGNS.findall(text)]
    found: list[tuple[str, str]] = _PLAIN.findall(text)
    return found


def _may_have_signs(text: str) -> bool:
    """Say whether a word of a text may have a sign in it: where not, words are found by a simpler pattern."""
    if _SIGNS.isdisjoint(text):
        return False
    return any(sign in text and pattern.search(text) for sign, pattern in _MAY_HAVE_SIGNS.items())


def plain_words(texts: Sequence[str]) -> list[list[str]] | None:
    """Return the folded words of each of some lines in ASCII, stop words included; None if they are no such lines."""
    joined = "\n".join(texts)
    if not joined.isascii():
        return None
    if "\t" in joined:
        joined = joined.replace("\t", " ")
    places = [match.start() for match in _MAY_ELIDE.finditer(joined)]
    if kept := [at for at in places if _ELIDING.search(joined, max(0, at - _LONGEST), at)]:
        marked = bytearray(joined, "ascii")
        for at in kept:
            marked[at] = ord("\t")
        joined = marked.decode()
    apart = joined.replace("''", "  ").encode().translate(_ASCII_FOLDED, b"'").decode()
    lines = [line.split() for line in apart.split("\n")]
    if len(lines) != len(texts):
        return None
    patterns = {pattern for sign, pattern in _MAY_HAVE_SIGNS.items() if sign in joined}
    if closer := [match.start() for pattern in (*patterns, _CAPITAL) for match in pattern.finditer(joined)]:
        ends = list(accumulate(len(text) + 1 for text in texts))
        for at in {bisect_right(ends, place) for place in closer}:
            lines[at] = list(map(folded, _ASCII_WITH_SIGNS.findall(texts[at])))
    return lines


def calm(texts: Sequence[str]) -> Sequence[str]:
    """Return texts as they are, or in small letters where all are in capitals, as captions on television may be.

    Elsewhere a word in capitals is a name: “the US” is no “us”. Their length stays.
    """
    if not any(capital in text for text in texts for capital in CAPITALS):
        return texts
    if any(map(str.islower, "".join(texts))) or sum(map(len, map(str.split, texts))) < FEW:
        return texts
    return [text.translate(_SMALL) for text in texts]


@lru_cache(maxsize=REMEMBERED)
def folded(word: str) -> str:
    """Return a word as its other spellings share it, or "" where nothing is left of it.

    That is NFKC, casefolded, as its script's other spellings, without apostrophes but for an elided word's (l'homme),
    and without points between single letters; a decimal has a point. Of `CAPITALS` it keeps these, which tell them from
    what they aren't.
    """
    normal = unicodedata.normalize("NFKC", word)
    word = normal.casefold()
    if _DECIMAL.fullmatch(word):
        return word.replace(",", ".")
    pointed = _POINTED.fullmatch(word) is not None
    if pointed:
        word = word.replace(".", "")
    if word.upper() in CAPITALS and (pointed or normal in CAPITALS):
        return word.upper()
    elided = _ELIDED.match(word)
    kept = f"{elided[1]}'" if elided else ""
    return scripts.folded(kept + word[len(kept) :].translate(APOSTROPHES))


def characters(text: str) -> list[str]:
    """Return a text's characters as people see them, each with its marks."""
    return list(text) if PLAIN_CJK.fullmatch(text) else GRAPHEME.findall(text)
