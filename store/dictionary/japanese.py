"""Japanese text → words that the dictionary knows: the longest from left to right, in whatever form they are inflected.

No morphological analyser: what is left between two known words (endings, particles) is passed over, and of words in
hiragana alone, which are more often grammar, only usual ones of three letters are taken. Katakana is a word from end to
end, is made of known ones without a gap, or has one beside a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from store.dictionary.table import Dictionary, Entry, Kind
from store.text.analysis import Unit

LONGEST = 10  # letters of a word
SHORTEST_HIRAGANA = 3  # letters of a word in hiragana alone
SHORTEST_PART = 2  # letters of a word in a run of katakana
SHORTEST_NAME = 4  # letters of a name there
SHORTEST_FOREIGN = 3  # letters of a word in katakana that is looked for by its sound

JAPANESE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー々]")
KATAKANA = regex.compile(r"[\p{Katakana}ー]+")
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}ー]")
HIRAGANA = regex.compile(r"[\p{Hiragana}ー]+")

# The last syllable of a godan verb → those in its place before endings.
_GODAN = {
    "う": "わいえおっ",
    "く": "かきけこいっ",
    "ぐ": "がぎげごい",
    "す": "さしせそ",
    "つ": "たちてとっ",
    "ぬ": "なにねのん",
    "ぶ": "ばびべぼん",
    "む": "まみめもん",
    "る": "らりれろっ",
}
_FINAL: dict[str, list[str]] = {}
for _final, _others in _GODAN.items():
    for _other in _others:
        _FINAL.setdefault(_other, []).append(_final)
_ADJECTIVE = "くかけさ"
_INFLECTED = Kind.GODAN | Kind.ICHIDAN | Kind.ADJECTIVE

# What is asked with, and said of everything: no English word of it says what a question is about.
STOPPED = frozenset(
    """
    あれ いくら いつ いつまで おかげで こと ことになり ことになる これ しまう すれば それ たくさん ため ために
    だろうか できる でしょう でしょうか です ですか という といった とか とき として どう どういう どうして どこ
    どちら どれ どれくらい どんな ないといけない なぜ なに なんで について にとって によって により による に対して
    に対する に関して に関する みたい もの よう 何 何か 何だ 何て 何で 何と 何の 何を 対し 対して 対する 彼 彼の
    彼女 本当 本当に 誰 誰か 誰が
    話 のです のは ください くれる ちゃう どのくらい もらえ
    """.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its form there, where it stands among the text's units, and its entries."""

    form: str
    first: int
    end: int
    entries: tuple[Entry, ...]


def runs(said: Sequence[Unit]) -> Iterator[tuple[int, str]]:
    """Yield the runs of Japanese characters among units, each by the place of its first one."""
    first, run = 0, ""
    for at, unit in enumerate(said):
        fits = len(unit.folded) == 1 and JAPANESE.match(unit.folded) is not None
        if run and not (fits and said[at - 1].end == unit.start):
            yield first, run
            run = ""
        if fits:
            first, run = first if run else at, run + unit.folded
    if run:
        yield first, run


def words(said: Sequence[Unit], known: Dictionary) -> list[Word]:
    """Return the words of a text in order that the dictionary knows; those that say nothing have no entries."""
    return [word for first, run in runs(said) for word in _words(run, first, known)]


def lasting(form: str, known: Dictionary) -> str:
    """Return what of a dictionary's form stays however it is inflected; of what isn't inflected all."""
    inflected = HIRAGANA.match(form[-1:]) and any(entry.kind & _INFLECTED for entry in known.entries(form))
    return form[:-1] if inflected and len(form) > 1 else form


def foreign(said: Sequence[Unit], known: Dictionary) -> list[Word]:
    """Return the words in katakana of a text that are none of the dictionary's, but perhaps a name among its names."""
    found = []
    for base, run in runs(said):
        for match in KATAKANA.finditer(run):
            entries = tuple(known.entries(match[0]))
            if len(match[0]) >= SHORTEST_FOREIGN and all(Kind.NAME in entry.kind for entry in entries):
                found.append(Word(match[0], base + match.start(), base + match.end(), entries))
    return found


def _words(run: str, base: int, known: Dictionary) -> Iterator[Word]:
    at = 0
    while at < len(run):
        if (word := _longest(run, at, known)) is not None:
            yield Word(word.form, base + word.first, base + word.end, word.entries)
            at = word.end
        elif (katakana := KATAKANA.match(run, at)) is not None:
            for form, first, entries in _in_katakana(katakana[0], known):
                yield Word(form, base + at + first, base + at + first + len(form), tuple(entries))
            at = katakana.end()
        else:
            at += 1


def _longest(run: str, at: int, known: Dictionary) -> Word | None:
    """Return the longest word that begins somewhere; None where katakana does that no other letter follows in it."""
    katakana = KATAKANA.match(run, at)
    shortest = at + 1 if katakana is None else katakana.end() + 1
    longest = known.reach(run[at : at + LONGEST]) + 1  # an inflected form has another last letter
    for end in range(min(len(run), at + longest), shortest - 1, -1):
        form = run[at:end]
        if form in STOPPED:
            return Word(form, at, end, ())
        if HIRAGANA.match(form):
            if len(form) < SHORTEST_HIRAGANA:
                return None
            if not HIRAGANA.fullmatch(form):
                continue
            entries = [entry for entry in _inflected(form, known) if entry.often and Kind.GRAMMAR not in entry.kind]
        else:
            entries = _inflected(form, known)
        if entries:
            return Word(form, at, end, tuple(entries))
    return None


def _inflected(form: str, known: Dictionary) -> list[Entry]:
    """Return the entries that a form may be of, as it is or inflected."""
    found = known.entries(form)
    last = form[-1]
    if not HIRAGANA.match(last):
        if len(form) == 1 and not found:  # 診 is written alone before an ending
            found += _of(form + "る", Kind.ICHIDAN, known)
        return found
    for final in _FINAL.get(last, ()):
        found += _of(form[:-1] + final, Kind.GODAN, known)
    found += _of(form + "る", Kind.ICHIDAN, known)
    found += _of(form + "い", Kind.ADJECTIVE, known)
    if last in _ADJECTIVE:
        found += _of(form[:-1] + "い", Kind.ADJECTIVE, known)
    return found


def _of(form: str, kind: Kind, known: Dictionary) -> list[Entry]:
    return [entry for entry in known.entries(form) if kind in entry.kind]


def _in_katakana(run: str, known: Dictionary) -> list[tuple[str, int, list[Entry]]]:
    """Return the fewest known words that a run of katakana is made of, each with its place, if it is."""
    if whole := known.entries(run):
        return [(run, 0, whole)]
    best: dict[int, list[tuple[str, int, list[Entry]]]] = {0: []}
    for first in range(len(run)):
        if first not in best:
            continue
        for end in range(first + SHORTEST_PART, len(run) + 1):
            part = run[first:end]
            entries = [e for e in known.entries(part) if Kind.NAME not in e.kind or len(part) >= SHORTEST_NAME]
            if entries and (end not in best or len(best[end]) > len(best[first]) + 1):
                best[end] = [*best[first], (part, first, entries)]
    return best.get(len(run)) or _at_an_end(run, known)


def _at_an_end(run: str, known: Dictionary) -> list[tuple[str, int, list[Entry]]]:
    """Return the longest word that a run of katakana ends with, or else begins with, beside a name."""
    for size in range(len(run) - SHORTEST_FOREIGN, SHORTEST_FOREIGN - 1, -1):
        for first in (len(run) - size, 0):
            part = run[first : first + size]
            if entries := [entry for entry in known.entries(part) if Kind.NAME not in entry.kind]:
                return [(part, first, entries)]
    return []
