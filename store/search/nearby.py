"""What a word that nobody said may have been, for moderators: a little farther away than a question itself looks.

A question has already tried every word that is spelled or sounds alike by its stem. Here whole words are compared, and
the first letter may be another one; what comes of it is right too seldom to be searched, and often enough to be shown.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from store.index import vocabulary
from store.index.vocabulary import Sought
from store.models import Spelling
from store.search.expansion import LONGEST, SHORTEST, scored
from store.search.lookup import Lookup
from store.text import analysis
from store.text.phrases import Phrase
from store.text.sounds import nearby as codes_nearby
from store.text.sounds import sounds

SPELLED = 0.78  # least similarity of a word that sounds nearly the same
OTHERWISE = 0.85  # … of one that begins with another letter
SOUNDED = 0.6  # … of one that sounds the same
LOOKED_AT = 0.5  # … of its stem, to be looked at in full
MOST = 2  # for a word
_MOST_LOOKED_AT = 6


async def nearby(lookup: Lookup, words: Sequence[str]) -> tuple[Spelling, ...]:
    """Return what some words may have been, as it was said, the most alike first; nothing of those without.

    Raises:
        DatabaseError: the database can't be read.
    """
    wanted = {word: folded for word in words if _is_word(folded := analysis.folded(word))}
    sought = [one for folded in wanted.values() for one in _sought(folded)]
    sounding = await vocabulary.sounding(lookup.connection, lookup.guild_id, sought)
    found = []
    for (word, folded), same, near in zip(wanted.items(), sounding[::2], sounding[1::2], strict=True):
        alike = set().union(*same.values()) if same else set()
        terms = sorted(alike.union(*near.values()))
        best = [terms[at] for at, _ in scored(analysis.stem(folded), terms, LOOKED_AT, _MOST_LOOKED_AT)]
        said: dict[str, tuple[float, str]] = {}
        for term in best:
            if (heard := await _said(lookup, term)) and (other := analysis.folded(heard)) != folded:
                least = SOUNDED if term in alike else SPELLED if other[0] == folded[0] else OTHERWISE
                if (how := fuzz.ratio(folded, other) / 100) >= least:
                    said.setdefault(other, (how, heard))
        if said:
            ordered = sorted(said.values(), key=lambda one: (-one[0], one[1]))
            found.append(Spelling(word, tuple(heard for _, heard in ordered[:MOST])))
    return tuple(found)


async def _said(lookup: Lookup, term: str) -> str | None:
    """Return a term as it was said where it was said first."""
    known = await lookup.postings([term])
    if term not in known:
        return None
    return await lookup.said(Phrase((term,), exact=False), int(known[term][0][0]))


def _is_word(folded: str) -> bool:
    return SHORTEST < len(folded) <= LONGEST and folded.isalpha() and bool(sounds(folded))


def _sought(folded: str) -> tuple[Sought, Sought]:
    codes, size = sounds(folded), len(folded)
    near = frozenset(other for code in codes for other in codes_nearby(code))
    return (
        Sought(frozenset(codes), "", 2, 2 * size),
        Sought(near, "", int(size * SPELLED) - 2, int(size / SPELLED) + 1),
    )
