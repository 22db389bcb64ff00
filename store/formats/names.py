"""Who speaks, where captions write it in front of the words: `Amy Roe: words`, `[Amy Roe]: words`, `>> AMY: words`.

Anything may stand before a colon ("Remember: …"), so a name counts only where the file as a whole has speakers: where
most of its cues begin so, or where the same few names come again and again. Where nearly all of them begin with one of
few, these are names however they are typed: `bob (he/him): words`.
"""

from collections import Counter
from collections.abc import Sequence

import regex

from store.models import Cue

_PART = r"[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}_.'’-]*"
_SMALL = r"(?:(?:de|da|di|do|dos|du|del|der|den|la|le|el|al|bin|ibn|van|von|zu|y|e|&|and|\d{1,3})\s)"
_NAME = rf"{_PART}(?:\s{_SMALL}{{0,3}}(?:{_PART}|\d{{1,3}})|\s?\([\p{{L}}\p{{M}} ]{{1,30}}\)){{0,4}}"
_IN_FRONT = regex.compile(
    rf"\s*(?P<turn>>>+\s*|[-–—]\s*)?(?:[\[(](?P<bracketed>[^\[\]():]{{1,60}})[\])]\s*:|(?P<bare>{_NAME})\s?[:：])(?=\s|[^\x00-\x7f]|$)"
)
_AS_TYPED = regex.compile(r"\s*(?P<name>[^\s:：<>\[\]*–—-][^:：<>\[\]*\n?!。？！]{0,59}?)\s?[:：](?=\s|[^\x00-\x7f]|$)")
_BOLD = regex.compile(r"\s*(\*\*|__)(?P<name>[^*:：\s][^*:：]{0,79}?)\s*(?:[:：]\s*\1|\1\s*[:：])\s*")
_BOLDS = ("**", "__")
_QUOTED = regex.compile(r"""\s*["'\p{Pi}„「『《]""")
_ALONE = regex.compile(rf"{_NAME}(?:\s\([^()]{{1,30}}\)|\s\|\s[^|]{{1,40}}|(?:,\s{_PART}){{1,2}})?")
_SOUND = (
    r"music|applause|laughter|laughs|laughing|inaudible|crosstalk|silence|noise|beep|cheering|cheers|unintelligible"
)
_SOUNDS = regex.compile(rf"(?i)(?:{_SOUND}|foreign|note)")
_WITH_SOUND = regex.compile(rf"(?i)\b(?:{_SOUND})\b")
_NO_NAMES = frozenset(
    "question answer q a warning caution danger attention remember note notes tip hint example summary update step "
    "today tomorrow yesterday morning afternoon evening agenda attendees participants present apologies minutes "
    "done next blockers status verse chorus bridge "
    "discussion action actions decision decisions pros cons definition theorem proof input output ingredients method "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
REACH = 120  # characters within which a name is over
MOST = 40  # names of a file, unless most of its cues begin with one
LEAST = 2  # times that a name is there
SEVERAL = 6  # cues with a name in front, of which most must be of a name that comes again
NEARLY = 0.9  # of a file's cues
LONGEST = 24  # characters of a name in a script without capitals


def is_name(text: str) -> bool:
    """Whether a text looks like a name and nothing else."""
    text = text.strip()
    if len(text) > REACH or not _ALONE.fullmatch(text) or _is_none(text) or _SOUNDS.fullmatch(text):
        return False
    return text.isascii() or len(text) <= LONGEST or any(c.isupper() for c in text)


def is_clear(name: str) -> bool:
    """Whether a name can hardly be a word before a colon: AMY, Amy Roe, 田中."""
    return not name.isalpha() or name.isupper() or not name.isascii()


def alone(text: str) -> str | None:
    """Return the name that stands in a line of its own, with a colon behind it; None where there is none."""
    text = text.strip()
    found = in_front(f"{text} .") if text.endswith((":", "：", "**", "__")) else None
    return found[0] if found is not None and found[1] == "." else None


def in_front(text: str) -> tuple[str, str] | None:
    """Return the name that stands before the words, and the words; None where one of them isn't there."""
    text = _plain(text)
    match = _IN_FRONT.match(text, endpos=REACH)
    if match is None or match.end() == len(text):
        return None
    name = (match["bracketed"] or match["bare"]).strip()
    if not name or _SOUNDS.fullmatch(name) or not regex.search(r"\p{L}", name):
        return None
    if match["bracketed"] and _WITH_SOUND.search(name):
        return None
    if not match["turn"] and _is_none(name):
        return None
    return name, text[match.end() :].strip()


def named(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues with the names that stand before their words as speakers, if this is a file that has such."""
    if typed := _as_typed(cues):
        return typed
    found = [in_front(cue.text) if cue.speaker is None and _may_begin(cue) else None for cue in cues]
    if sum(map(bool, found)) < NEARLY * len(cues):
        told = _told(found)
        found = [front if front and front[0] not in told else None for front in found]
    counts = Counter(name for name, _ in filter(None, found))
    if not counts or not _are_speakers(counts, len(cues), _set_off(cues, found, ("[", "(", ">>"))):
        return list(cues)
    if 2 * counts.total() < len(cues):
        bold = _set_off(cues, found, _BOLDS)
        counts = Counter({name: count for name, count in counts.items() if count >= LEAST and name not in bold})
        # A few names, and so many of each that it can be no turn of phrase.
        if len(counts) > MOST or 20 * counts.total() < len(cues):
            return list(cues)
    return [
        cue._replace(text=front[1], speaker=front[0]) if front is not None and front[0] in counts else cue
        for cue, front in zip(cues, found, strict=True)
    ]


def _set_off(cues: Sequence[Cue], found: Sequence[tuple[str, str] | None], signs: tuple[str, ...]) -> set[str]:
    """Return the names that some of these signs stand before."""
    return {front[0] for cue, front in zip(cues, found, strict=True) if front and cue.text.lstrip().startswith(signs)}


def _are_speakers(counts: Counter[str], cues: int, marked: set[str]) -> bool:
    """Whether names are there often enough to be such, and not what a list or a turn of phrase begins with.

    Those that are `marked` by brackets or angles are clear, and so are AMY and Amy Roe.
    """
    total = counts.total()
    if total >= SEVERAL and 2 * len(counts) > total:
        return False  # each is there once: a list of things, and no talk
    clear = all(name in marked or is_clear(name) for name in counts)
    if len(counts) == total > 1:
        return clear and total >= NEARLY * cues
    return len(counts) > 1 or (total > LEAST and (total >= SEVERAL or clear or total >= NEARLY * cues))


def _as_typed(cues: Sequence[Cue]) -> list[Cue] | None:
    """Return the cues with their speakers where nearly all begin with one of few names, in whatever form."""
    if any(cue.speaker is not None for cue in cues):
        return None
    if sum(map(_may_begin, cues)) < NEARLY * len(cues):
        return None
    clear = [in_front(cue.text) for cue in cues]
    found = [front or _typed(cue.text) for front, cue in zip(clear, cues, strict=True)]
    counts = Counter(name for name, _ in filter(None, found))
    few = 1 < len(counts) <= MOST and 3 * len(counts) <= 2 * counts.total()
    if not few or counts.total() < max(LEAST + 1, NEARLY * len(cues)):
        return None
    return [
        cue._replace(text=front[1], speaker=front[0])
        if front and (sure or counts[front[0]] >= LEAST or _in_capitals(front[0]))
        else cue
        for cue, sure, front in zip(cues, clear, found, strict=True)
    ]


def _in_capitals(name: str) -> bool:
    """Whether each word of a name begins with a capital: `Klein, Udo (IT)`."""
    return all(word.lstrip("(")[:1].isupper() for word in name.split())


def _told(found: Sequence[tuple[str, str] | None]) -> set[str]:
    """Return the names whose words are mostly quoted: among other lines `他说：“走吧。”` is told, and no speaker's."""
    every, quoted = Counter[str](), Counter[str]()
    for name, words in filter(None, found):
        every[name] += 1
        quoted[name] += _QUOTED.match(words) is not None
    return {name for name, count in quoted.items() if 2 * count > every[name]}


def _plain(text: str) -> str:
    """Return words without the bold letters of Markdown around a name in front of them."""
    match = _BOLD.match(text, endpos=REACH) if text.lstrip().startswith(_BOLDS) else None
    return f"{match['name']}: {text[match.end() :]}" if match is not None else text


def _may_begin(cue: Cue) -> bool:
    """Whether there is a colon near a cue's start."""
    return ":" in cue.text[:80] or "：" in cue.text[:80]


def _typed(text: str) -> tuple[str, str] | None:
    """Return what may be a name in any form, and the words: of few words, with letters or a telephone's number."""
    match = _AS_TYPED.match(_plain(text))
    if match is None or _is_none(match["name"]) or match["name"].count(" ") > 6 or _SOUNDS.fullmatch(match["name"]):
        return None
    may_be = any(map(str.isalpha, match["name"])) or sum(map(str.isdigit, match["name"])) > 5
    words = match.string[match.end() :].strip()
    return (match["name"], words) if may_be and words else None


def _is_none(name: str) -> bool:
    """Whether a word that often stands before a colon is no name: `Warning`, `Step 2`."""
    return name.rstrip(" 0123456789").casefold() in _NO_NAMES
