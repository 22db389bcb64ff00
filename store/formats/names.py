"""Who speaks, where captions write it in front of the words: `Amy Roe: words`, `[Amy Roe]: words`, `>> AMY: words`.

Anything may stand before a colon ("Remember: …"), so a name counts only where the file as a whole has speakers: where
most of its cues begin so, or where the same few names come again and again.
"""

from collections import Counter
from collections.abc import Sequence

import regex

from store.models import Cue

_PART = r"[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}_.'’-]*"
_SMALL = r"(?:(?:de|da|di|do|dos|du|del|der|den|la|le|el|al|bin|ibn|van|von|zu|y|e|&|and|\d{1,3})\s)"
_NAME = rf"{_PART}(?:\s{_SMALL}*(?:{_PART}|\d{{1,3}})|\s?\([\p{{L}}\p{{M}} ]{{1,30}}\)){{0,4}}"
_IN_FRONT = regex.compile(
    rf"\s*(?P<turn>>>+\s*|[-–—]\s*)?(?:[\[(](?P<bracketed>[^\[\]():]{{1,60}})[\])]\s*:|(?P<bare>{_NAME})\s?[:：])(?=\s|[^\x00-\x7f]|$)"
)
_SOUNDS = regex.compile(
    r"(?i)(?:music|applause|laughter|laughs|inaudible|crosstalk|silence|noise|beep|cheering|unintelligible|foreign|note)"
)
MOST = 40  # names of a file, unless most of its cues begin with one
LEAST = 2  # times that a name is there
SEVERAL = 6  # cues with a name in front, of which most must be of a name that comes again


def in_front(text: str) -> tuple[str, str] | None:
    """Return the name that stands before the words, and the words; None where there is none."""
    match = _IN_FRONT.match(text)
    if match is None:
        return None
    name = (match["bracketed"] or match["bare"]).strip()
    if not name or _SOUNDS.fullmatch(name) or not regex.search(r"\p{L}", name):
        return None
    return name, text[match.end() :].strip()


def named(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues with the names that stand before their words as speakers, if this is a file that has such."""
    found = [
        in_front(cue.text) if cue.speaker is None and ":" in cue.text[:80].replace("：", ":") else None for cue in cues
    ]
    counts = Counter(name for name, _ in filter(None, found))
    if not counts:
        return list(cues)
    if counts.total() >= SEVERAL and 2 * len(counts) > counts.total():
        return list(cues)  # each is there once: a list of things, and no talk
    if 2 * counts.total() < len(cues):
        counts = Counter({name: count for name, count in counts.items() if count >= LEAST})
        # A few names, and so many of each that it can be no turn of phrase.
        if len(counts) > MOST or 20 * counts.total() < len(cues):
            return list(cues)
    return [
        cue._replace(text=front[1], speaker=front[0]) if front is not None and front[0] in counts else cue
        for cue, front in zip(cues, found, strict=True)
    ]
