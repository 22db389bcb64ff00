"""Words by their sound: what captions make of a name they don't know sounds like it.

A sound is a Double Metaphone code (L. Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal 18(6),
2000); words of other scripts than Latin have none. Words that are spelled nearly alike have codes that differ in one
place at most (measured: 92 in 100 of those with a similarity of 0.8), so a look-up of the codes one edit away finds
them without a scan of the vocabulary.
"""

from functools import lru_cache

import regex
from doublemetaphone import doublemetaphone

from store.text.cutting import REMEMBERED

_LATIN = regex.compile(r"\p{Latin}")  # the bytes of other scripts would be taken for letters
_CODES = "AFHJKLMNPRSTX0"  # what a code is made of; 0 is the sound of "th"
_BY_EAR = tuple(
    (regex.compile(spelled), by_ear)
    for spelled, by_ear in (
        (r"^h?[uw](?=[aeo])", "w"),
        (r"(?<=[aeiou])ty(?=[aou])", "ch"),
        (r"^x(?=i)", "sh"),
        (r"^q(?=i)", "ch"),
        (r"^zh(?=[aeiou])", "j"),
    )
)
LONG = 4  # sounds of a code that is cut only where two or more stand on either side
MAX_CODE = 24  # of longer "words", which are noise, the rest doesn't count


@lru_cache(maxsize=REMEMBERED)
def sounds(word: str) -> tuple[str, ...]:
    """Return the codes of a term: one, more where it can be said in several ways, or none.

    A stem has lost the e that makes a final c or g soft, so both sounds are its own. A name from Chinese or an Indian
    language is also coded as captions spell it by ear: Huang as Wang, Satya as Sacha.
    """
    if not _LATIN.search(word):
        return ()
    spelled = [word, f"{word}e"] if word.endswith(("c", "g")) else [word]
    spelled += [heard for pattern, by_ear in _BY_EAR if (heard := pattern.sub(by_ear, word)) != word]
    return tuple(dict.fromkeys(code[:MAX_CODE] for each in spelled for code in doublemetaphone(each) if code))


def nearby(code: str) -> set[str]:
    """Return the code and every code one insertion, deletion or replacement away."""
    found = {code}
    for at in range(len(code) + 1):
        found.update(f"{code[:at]}{new}{code[at:]}" for new in _CODES)
        if at < len(code):
            found.add(code[:at] + code[at + 1 :])
            found.update(f"{code[:at]}{new}{code[at + 1 :]}" for new in _CODES)
    return found - {""}


def parts(code: str) -> list[tuple[str, str]]:
    """Return every pair of codes that two words may have which sound like one word of this code when said in a row.

    Only at a word's beginning does a vowel leave a trace (A), which is lost within another word; and of a sound that
    ends the one and begins the other, one is heard.
    """
    pairs = []
    least = 1 if len(code) < LONG else 2  # sounds of either word: of a long one hardly the first or last alone
    for at in range(least, len(code) - least + 1):
        pairs += [(code[:at], code[at:]), (code[:at], f"A{code[at:]}"), (code[:at], code[at - 1 :])]
    return pairs
