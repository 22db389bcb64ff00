"""Names in katakana → what of the library's words they may transcribe, by their sound: コアウィーブ → “core weave”.

The look-up is the one of misheard names, by the codes of the name's possible spellings; what is compared is how
Japanese hears the words found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rapidfuzz import fuzz, process

from store.dictionary import katakana
from store.index import vocabulary
from store.index.directory import Postings
from store.index.vocabulary import Sought
from store.search.expansion import COMMON, FEW, By, Heard, said, scored
from store.search.lookup import Lookup
from store.text.phrases import Phrase
from store.text.sounds import nearby, parts, sounds

SOUNDED = 0.7  # least similarity of a word with the same sound
NEARLY = 0.78  # of one that sounds nearly the same
JOINED = 0.8  # of two words in a row that together sound the same
SURE = 0.9  # of one that may be said all the time
SHORTER, LONGER = 0.6, 1.6  # times the longest spelling's letters: what a word has at least and at most
LONG = 3  # sounds of a name, of which one may be another
MOST_NEARBY = 6  # of its codes that are looked up so
MOST_ALIKE = 8
MOST_HALVES = 5  # words that may be one half of a name
MOST_READ = 64  # passages that are read for two words in a row

_Words = tuple[str, ...]


async def transcribed(typed: str, name: str, lookup: Lookup) -> dict[Heard, Postings]:
    """Return what a name in katakana may be of what the library says, a word or two in a row, and where.

    Raises:
        DatabaseError: the database can't be read.
    """
    spelled = katakana.spellings(name)
    as_heard = list(dict.fromkeys(map(katakana.heard, spelled)))
    codes = {code for each in spelled for code in sounds(each)}
    halves = list(dict.fromkeys(pair for code in sorted(codes) for pair in parts(code)))
    near = frozenset(codes).union(*map(nearby, sorted(code for code in codes if len(code) >= LONG)[:MOST_NEARBY]))
    longest = max(map(len, spelled))
    alone, either = await vocabulary.sounding(
        lookup.connection,
        lookup.guild_id,
        [
            Sought(near, "", max(2, int(longest * SHORTER)), int(longest * LONGER)),
            Sought(frozenset(chain.from_iterable(halves)), "", 1, longest),
        ],
    )
    alike: dict[_Words, float] = {}
    for code, terms in alone.items():
        for at, score in _alike(as_heard, list(map(_heard, terms)), SOUNDED if code in codes else NEARLY):
            alike[terms[at],] = max(score, alike.get((terms[at],), 0.0))
    for pair, score in _joined(as_heard, halves, either):
        alike[pair] = max(score, alike.get(pair, 0.0))
    best = sorted(alike, key=lambda words: (-alike[words], words))[:MOST_ALIKE]
    for term, forms in (await lookup.forms(words[0] for words in best if len(words) == 1)).items():
        whole = [katakana.heard(word) for word, _ in forms]  # of which a stem may have lost the end
        alike[term,] = max((score for _, score in _alike(as_heard, whole, SOUNDED)), default=alike[term,])
    heard = [Heard(typed, name, Phrase(words, exact=False), alike[words], By.MEANING) for words in best]
    most = max(FEW, COMMON * lookup.index.size)
    found = await said(heard, lookup, MOST_READ)
    return {one: postings for one, postings in found.items() if one.alike >= SURE or len(postings[0]) <= most}


def _joined(
    as_heard: Sequence[str], halves: Iterable[tuple[str, str]], by_code: Mapping[str, Sequence[str]]
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield two words that together may be what was heard, and how alike they are."""
    likely: dict[str, list[str]] = {}
    for code, terms in by_code.items():
        parts_of = process.extract(as_heard[0], list(map(_heard, terms)), scorer=fuzz.partial_ratio, limit=MOST_HALVES)
        likely[code] = [terms[at] for _, _, at in parts_of]
    pairs = list(
        dict.fromkeys(
            (one, other) for left, right in halves for one in likely.get(left, ()) for other in likely.get(right, ())
        )
    )
    for at, score in _alike(as_heard, [_heard(one) + _heard(other) for one, other in pairs], JOINED):
        yield pairs[at], score


def _alike(as_heard: Sequence[str], others: Sequence[str], least: float) -> Iterator[tuple[int, float]]:
    """Yield the places of others that are like one of what was heard, and how much (0 to 1)."""
    for each in as_heard:
        yield from scored(each, others, least, MOST_ALIKE)


def _heard(term: str) -> str:
    """Return how Japanese hears a stem, which may have lost the e that makes its last letter soft."""
    return katakana.heard(f"{term}e" if term.endswith(("nc", "rc")) else term)
