"""A guild's vocabulary: which of its terms are found by a sound."""

import asyncio
import string
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import Database
from store.index import vocabulary
from store.index.vocabulary import Sought
from store.text.sounds import nearby, sounds
from tests.store.builders import GUILD, OTHER_GUILD

WORDS = st.text("abcekorstwéß", min_size=1, max_size=8)
SOUGHT = st.builds(
    Sought,
    st.frozensets(st.sampled_from(["A", "K", "KR", "KRT", "ARS", "ST", "T", "S", "AP"]), max_size=5),
    st.sampled_from(["", "a", "c", "ck", "é"]),
    st.integers(0, 5),
    st.integers(1, 9),
)


async def found(path: Path, terms: set[str], others: set[str], sought: list[Sought]) -> list[dict[str, list[str]]]:
    async with Database.opened(path) as database:
        async with database.transaction() as connection:
            for guild, known in ((GUILD, terms), (OTHER_GUILD, others)):
                await connection.execute("INSERT INTO guilds (guild_id) VALUES (?)", (guild,))
                await vocabulary.add(connection, guild, [], sorted(known), "")
        return await database.computed(lambda reader: vocabulary.sounding(reader, GUILD, sought))


def looked_up(terms: set[str], others: set[str], sought: list[Sought]) -> list[dict[str, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(found(Path(folder) / "words.db", terms, others, sought))


@settings(max_examples=40, deadline=None)
@given(st.sets(WORDS, max_size=40), st.sets(WORDS, max_size=5), st.lists(SOUGHT, max_size=4))
def test_a_look_up_finds_what_a_look_at_every_term_would(
    terms: set[str], others: set[str], sought: list[Sought]
) -> None:
    every = looked_up(terms, others, sought)
    assert [{code: set(having) for code, having in one.items()} for one in every] == [
        {
            code: having
            for code in one.codes
            if (
                having := {
                    term
                    for term in terms
                    if code in sounds(term)
                    and term.startswith(one.initial)
                    and one.shortest <= len(term) <= one.longest
                }
            )
        }
        for one in sought
    ]
    assert all(len(having) == len(set(having)) for one in every for having in one.values())


@settings(max_examples=30, deadline=None)
@given(st.text(string.ascii_lowercase, min_size=3, max_size=9), st.data())
def test_every_word_one_edit_away_in_sound_is_found(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    new = data.draw(st.sampled_from(string.ascii_lowercase))
    edited = {word[:at] + new + word[at:], word[:at] + word[at + 1 :], word[:at] + new + word[at + 1 :]}
    near = frozenset(other for code in sounds(word) for other in nearby(code))
    (by_code,) = looked_up(edited, set(), [Sought(near, word[0], 1, 99)])
    assert {term for having in by_code.values() for term in having} == {
        term for term in edited if not near.isdisjoint(sounds(term))
    }
