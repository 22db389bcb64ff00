"""Katakana → how the foreign word that it spells may be spelled in Latin letters, and how far a word is from that.

Japanese has one sound for l and r, b and v, s and th, puts vowels between consonants, and leaves out an r after a
vowel. So a run of katakana has several spellings, and it is compared with a word by what is left of both once these
differences are (of コアウィーブ and of “cor weave” that is “kowib”).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, product

from store.text.cutting import REMEMBERED

MOST = 16  # spellings of one run

_ROWS = """
    アa イi ウu エe オo カka キki クku ケke コko サsa シshi スsu セse ソso タta チchi ツtsu テte トto ナna ニni ヌnu
    ネne ノno ハha ヒhi フfu ヘhe ホho マma ミmi ムmu メme モmo ヤya ユyu ヨyo ラra リri ルru レre ロro ワwa ヲo ンn
    ガga ギgi グgu ゲge ゴgo ザza ジji ズzu ゼze ゾzo ダda ヂji ヅzu デde ドdo バba ビbi ブbu ベbe ボbo パpa ピpi
    プpu ペpe ポpo ヴvu キャkya キュkyu キョkyo シャsha シュshu ショsho シェshe チャcha チュchu チョcho チェche
    ニャnya ニュnyu ニョnyo ヒャhya ヒュhyu ヒョhyo ミャmya ミュmyu ミョmyo リャrya リュryu リョryo ギャgya ギュgyu
    ギョgyo ジャja ジュju ジョjo ジェje ビャbya ビュbyu ビョbyo ピャpya ピュpyu ピョpyo ファfa フィfi フェfe フォfo
    フュfyu ウィwi ウェwe ウォwo ヴァva ヴィvi ヴェve ヴォvo ティti ディdi デュdyu トゥtu ドゥdu テュtyu ツァtsa
    ツィtsi ツェtse ツォtso クァkwa クィkwi クェkwe クォkwo グァgwa スィsi ズィzi イェye ッ- ー~
"""
_LATIN = {match[1]: match[2] for match in re.finditer(r"([ァ-ヺー]+)([a-z~-]+)", _ROWS)}
_SYLLABLE = re.compile("|".join(sorted(_LATIN, key=len, reverse=True)))
# What a name that begins with letters is spelled by: エヌビディア.
_LETTERS = {
    "エックス": "x",
    "エイチ": "h",
    "アール": "r",
    "エヌ": "n",
    "エム": "m",
    "エル": "l",
    "エフ": "f",
    "エス": "s",
    "ジー": "g",
    "ティー": "t",
    "ディー": "d",
    "ピー": "p",
    "シー": "c",
    "ビー": "b",
    "ブイ": "v",
}
_CONSONANTS = {
    "r": ("l", "r"),
    "ry": ("l", "r"),
    "b": ("b", "v"),
    "by": ("b", "v"),
    "s": ("s", "th"),
    "z": ("z", "th"),
}
_HEARD = tuple(
    (re.compile(spelled), heard)
    for spelled, heard in (
        (r"[^a-z]", ""),
        (r"tion", "shon"),
        (r"sch", "sk"),
        (r"ph", "f"),
        (r"th", "s"),
        (r"qu", "kw"),
        (r"x", "ks"),
        (r"wh", "w"),
        (r"dge", "j"),
        (r"gh", "g"),
        (r"ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)|q", "k"),
        (r"v", "b"),
        (r"l", "r"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[aeou])r(?![aeiouy])", ""),
        (r"(?<=.)e$", ""),
        (r"ee|ea|ie|ey|y", "i"),
        (r"ou|oo|ow|au|aw|oa", "o"),
    )
)


@lru_cache(maxsize=1024)
def spellings(run: str) -> tuple[str, ...]:
    """Return up to 16 ways in which a run of katakana may be spelled, and as many where it begins with letters."""
    letter = next((spelled for spelled in _LETTERS if run.startswith(spelled) and len(run) > len(spelled)), None)
    ways = [_spelled(_SYLLABLE.findall(run))]
    if letter is not None:
        ways.append(_LETTERS[letter] + one for one in _spelled(_SYLLABLE.findall(run[len(letter) :])))
    return tuple(dict.fromkeys(chain.from_iterable(islice(way, MOST) for way in ways)))


@lru_cache(maxsize=REMEMBERED)
def heard(word: str) -> str:
    """Return what is left of a word in Latin letters once what Japanese doesn't tell apart is the same."""
    word = word.lower()
    for spelled, as_heard in _HEARD:
        word = spelled.sub(as_heard, word)
    return word


def _spelled(said: Sequence[str]) -> Iterator[str]:
    """Yield ways to spell some syllables."""
    syllables = [_LATIN[one] for one in said]
    around = zip(["", *syllables], syllables, [*syllables[1:], ""], strict=False)
    return map("".join, product(*(_ways(*three) for three in around)))


def _ways(before: str, syllable: str, after: str) -> tuple[str, ...]:
    """Return how one syllable between two others may be spelled."""
    if syllable == "-":
        return ("",)
    if syllable == "~":
        return ("", "r") if before[-1:] in "aou" else ("",)
    if syllable == "a" and before[-1:] in tuple("eiou"):
        return ("r", "a")
    consonant = syllable.rstrip("aeiou")
    vowel = syllable[len(consonant) :]
    between = vowel == "u" and consonant not in {"", "n", "y", "w"} and after != "~"
    if between or syllable in {"to", "do"}:
        vowel = ""
    return tuple(each + vowel for each in _CONSONANTS.get(consonant, (consonant,)))
