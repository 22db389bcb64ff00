"""A guild's own spellings: what is kept, by which words it is known, and what is refused."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import glossary
from store.database import Database
from store.errors import DatabaseError, GlossaryError, NotFoundError
from store.glossary import MAX_CHARACTERS, MAX_GUILD_SPELLINGS, MAX_SPELLINGS, checked
from store.library import Library
from store.migrations import MIGRATIONS
from store.models import Spelling
from store.text.analysis import folded, terms
from tests.store.builders import GUILD, OTHER_GUILD, video_file

CLOUD = Spelling("CoreWeave", ("cor weave", "Corby"))
MODEL = Spelling("Gemini", ("hemony",))


async def add(library: Library, *entries: Spelling, guild: int = GUILD) -> None:
    for entry in entries:
        await library.add_spellings(guild, entry.term, entry.heard_as)


def numbered(count: int, *, word: str = "weave") -> list[str]:
    return [f"{word} {number}" for number in range(count)]


async def test_a_term_is_kept_with_its_spellings_as_they_were_typed(library: Library) -> None:
    assert await library.glossary(GUILD) == ()
    added = await library.add_spellings(GUILD, "CoreWeave", ["cor weave", "Corby"], created_by=7)
    assert added == (CLOUD, ("cor weave", "Corby"))
    assert await library.glossary(GUILD) == (CLOUD,)


async def test_what_is_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        async with Library.opened(tmp_path / "kept.db") as library:
            await add(library, CLOUD)
    async with Library.opened(tmp_path / "kept.db") as library:
        assert await library.glossary(GUILD) == (CLOUD,)


async def test_a_database_from_before_glossaries_keeps_what_it_has_and_gets_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("store.database.MIGRATIONS", MIGRATIONS[:1])
        async with Database.opened(tmp_path / "old.db") as database, database.transaction() as connection:
            await connection.execute("INSERT INTO guilds (guild_id) VALUES (?)", (GUILD,))
    async with Library.opened(tmp_path / "old.db") as library:
        await add(library, CLOUD)
        assert await library.glossary(GUILD) == (CLOUD,)


async def test_terms_stand_in_order_and_spellings_as_they_were_added(library: Library) -> None:
    await add(library, MODEL, Spelling("arxiv", ("archive",)), CLOUD, Spelling("Gemini", ("Germany",)))
    assert await library.glossary(GUILD) == (
        Spelling("arxiv", ("archive",)),
        CLOUD,
        Spelling("Gemini", ("hemony", "Germany")),
    )


async def test_a_further_spelling_joins_its_term_however_that_is_written(library: Library) -> None:
    await add(library, CLOUD)
    added = await library.add_spellings(GUILD, "  ｃｏｒｅｗｅａｖｅ ", ["Corby", "core weave"])
    assert added == (Spelling("CoreWeave", ("cor weave", "Corby", "core weave")), ("core weave",))


async def test_a_spelling_is_kept_once_however_it_is_written(library: Library) -> None:
    entry, new = await library.add_spellings(GUILD, "CoreWeave", ["Cor  Weave", "cor-weave", "ＣＯＲ　ＷＥＡＶＥ"])
    assert (entry.heard_as, new) == (("Cor Weave",), ("Cor Weave",))
    assert await library.add_spellings(GUILD, "CoreWeave", ["COR WEAVE!"]) == (entry, ())


async def test_japanese_is_kept_and_compared_in_its_own_widths(library: Library) -> None:
    await add(library, Spelling("生成AI", ("精製AI", "ｾｲｾｲ")))
    entry, new = await library.add_spellings(GUILD, "生成ＡＩ", ["精製ＡＩ", "セイセイ"])
    assert (entry, new) == (Spelling("生成AI", ("精製AI", "ｾｲｾｲ")), ())


async def test_one_term_is_listed_alone_by_its_words(library: Library) -> None:
    await add(library, CLOUD, MODEL)
    assert await library.glossary(GUILD, term="COREWEAVE") == (CLOUD,)
    assert await library.glossary(GUILD, term="nothing") == ()


async def test_the_search_finds_spellings_by_a_terms_folded_words(library: Library) -> None:
    await add(library, CLOUD, Spelling("Anne O'Neil", ("an oh Neil",)))
    async with library._database.snapshot() as connection:
        assert await glossary.heard(connection, GUILD) == {
            "coreweave": ("cor weave", "Corby"),
            "anne oneil": ("an oh Neil",),
        }
        assert await glossary.heard(connection, OTHER_GUILD) == {}


async def test_a_spelling_is_removed_and_the_others_stay(library: Library) -> None:
    await add(library, CLOUD)
    assert await library.remove_spellings(GUILD, "coreweave", ["COR WEAVE"]) == Spelling("CoreWeave", ("cor weave",))
    assert await library.glossary(GUILD) == (Spelling("CoreWeave", ("Corby",)),)


async def test_a_term_without_its_last_spelling_is_gone(library: Library) -> None:
    await add(library, CLOUD, MODEL)
    await library.remove_spellings(GUILD, "CoreWeave", ["Corby", "cor weave", "Corby"])
    assert await library.glossary(GUILD) == (MODEL,)


async def test_a_term_is_removed_with_all_of_its_spellings(library: Library) -> None:
    await add(library, CLOUD, MODEL)
    assert await library.remove_spellings(GUILD, "ｃｏｒｅｗｅａｖｅ") == CLOUD
    assert await library.glossary(GUILD) == (MODEL,)


async def test_what_was_removed_can_be_added_again(library: Library) -> None:
    await add(library, CLOUD)
    gone = await library.remove_spellings(GUILD, "CoreWeave")
    assert await library.add_spellings(GUILD, gone.term, gone.heard_as) == (CLOUD, CLOUD.heard_as)


@pytest.mark.parametrize(
    ("term", "heard_as", "sentence"),
    [
        ("Nothing", None, "There is no “Nothing” in this server's glossary; choose a term from the list."),
        ("x" * 300, None, f"There is no “{'x' * 79}…” in this server's glossary"),
        ("", None, "There is no “” in this server's glossary"),
        ("coreweave", ["Corbi"], "“CoreWeave” isn't heard as “Corbi” in this server's glossary"),
        ("coreweave", ["Corby", "???"], "“CoreWeave” isn't heard as “\\?\\?\\?”"),
    ],
)
async def test_what_is_not_there_is_not_removed_and_nothing_with_it(
    library: Library, term: str, heard_as: list[str] | None, sentence: str
) -> None:
    await add(library, CLOUD)
    with pytest.raises(NotFoundError, match=sentence):
        await library.remove_spellings(GUILD, term, heard_as)
    assert await library.glossary(GUILD) == (CLOUD,)


async def test_a_removal_that_names_no_spelling_does_not_remove_the_term(library: Library) -> None:
    await add(library, CLOUD)
    with pytest.raises(GlossaryError, match="Name the spelling to remove, or leave it out"):
        await library.remove_spellings(GUILD, "CoreWeave", [])
    assert await library.glossary(GUILD) == (CLOUD,)


@pytest.mark.parametrize(
    ("term", "heard_as", "sentence"),
    [
        ("x" * 81, ["Corby"], f"“{'x' * 79}…” is too long: a term or a spelling may have at most 80 characters."),
        ("CoreWeave", ["one " * 7], "“one one one one one one one” is too long: .* at most 6 words"),
        ("生成AI", ["精" * 19], "is too long: .* Chinese, Japanese or Korean 18 characters"),
        ("The", ["Corby"], "“The” has no word that is searched for: words as common as “the”"),
        ("", ["Corby"], "“” has no word that is searched for"),
        ("CoreWeave", ["👍"], "“👍” has no word that is searched for"),
        ("CoreWeave", [], "Name at least one spelling"),
        ("CoreWeave", ["Corby", "COREWEAVE"], "“COREWEAVE” and “CoreWeave” are the same words to the search already"),
        ("mill", ["the mills"], "“the mills” and “mill” are the same words to the search already"),
        ("生成AI", ["生成ＡＩ"], "are the same words"),
    ],
)
async def test_what_cannot_be_searched_for_is_refused_in_a_sentence(
    library: Library, term: str, heard_as: list[str], sentence: str
) -> None:
    with pytest.raises(GlossaryError, match=sentence):
        await library.add_spellings(GUILD, term, heard_as)
    assert await library.glossary(GUILD) == ()


async def test_the_longest_term_and_spelling_are_kept(library: Library) -> None:
    entries = (Spelling("x" * MAX_CHARACTERS, ("y " * 5 + "y", "精" * 18)),)
    await add(library, *entries)
    assert await library.glossary(GUILD) == entries


async def test_a_term_may_have_so_many_spellings_and_no_more(library: Library) -> None:
    await add(library, Spelling("CoreWeave", tuple(numbered(MAX_SPELLINGS))))
    with pytest.raises(GlossaryError, match=r"A term may have at most 20 spellings; “CoreWeave” would have 21."):
        await library.add_spellings(GUILD, "COREWEAVE", ["Corby"])
    assert (await library.add_spellings(GUILD, "CoreWeave", ["Weave 3"]))[1] == ()
    await library.remove_spellings(GUILD, "CoreWeave", ["weave 3"])
    assert (await library.add_spellings(GUILD, "CoreWeave", ["Corby"]))[1] == ("Corby",)


async def test_a_guild_may_have_so_many_spellings_and_no_more(library: Library) -> None:
    for term in numbered(MAX_GUILD_SPELLINGS // MAX_SPELLINGS, word="term"):
        await add(library, Spelling(term, tuple(numbered(MAX_SPELLINGS))))
    with pytest.raises(GlossaryError, match=r"may have at most 500 spellings; this one would have 502. Remove some"):
        await library.add_spellings(GUILD, "CoreWeave", ["Corby", "cor weave"])
    assert (await library.add_spellings(GUILD, "term 3", ["weave 3"]))[1] == ()
    await add(library, CLOUD, guild=OTHER_GUILD)


async def test_one_spelling_that_is_refused_keeps_the_others_out(library: Library) -> None:
    with pytest.raises(GlossaryError):
        await library.add_spellings(GUILD, "CoreWeave", ["Corby", "the"])
    assert await library.glossary(GUILD) == ()


async def test_nothing_of_a_glossary_crosses_guilds(library: Library) -> None:
    await add(library, CLOUD)
    assert await library.glossary(OTHER_GUILD) == ()
    assert await library.glossary(OTHER_GUILD, term="CoreWeave") == ()
    with pytest.raises(NotFoundError):
        await library.remove_spellings(OTHER_GUILD, "CoreWeave")
    other = Spelling("COREWEAVE", ("Corby", "core web"))
    assert await library.add_spellings(OTHER_GUILD, other.term, other.heard_as) == (other, other.heard_as)
    await library.remove_spellings(OTHER_GUILD, "CoreWeave")
    assert await library.glossary(GUILD) == (CLOUD,)


async def test_the_library_of_transcripts_stays_at_its_version(library: Library) -> None:
    await library.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")
    version = (await library.catalogue(GUILD)).version
    await add(library, CLOUD)
    assert (await library.catalogue(GUILD)).version == version


async def test_a_full_disk_is_a_sentence_and_leaves_the_glossary_as_it_was(library: Library) -> None:
    await add(library, CLOUD)
    writer = library._database._writer
    async with writer.execute("PRAGMA page_count") as cursor:
        row = await cursor.fetchone()
    assert row is not None
    await writer.execute(f"PRAGMA max_page_count={row[0]}")
    long = Spelling("y" * 80, tuple(numbered(MAX_SPELLINGS, word="x" * 70)))
    with pytest.raises(DatabaseError, match="disk is full: nothing was changed"):
        await add(library, long)
    await writer.execute("PRAGMA max_page_count=1000000")
    assert await library.glossary(GUILD) == (CLOUD,)
    await add(library, long)
    assert await library.glossary(GUILD) == (CLOUD, long)


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
GAPS = st.sampled_from([" ", "  ", "-", " / ", "。", "\u3000", "...", "!\n"])


@given(st.lists(WORDS, min_size=1, max_size=4), GAPS, GAPS)
def test_whatever_stands_between_words_they_are_the_same_words(words: list[str], one: str, other: str) -> None:
    assert folded(one.join(words)) == folded(f"{other}{other.join(words)}{one}")


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"]), max_size=30))
def test_full_width_and_capital_letters_are_the_same_words(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text)
    assert folded(wide) == folded(text.upper()) == folded(text)
    assert unicodedata.normalize("NFKC", wide) == text


@given(st.text(max_size=60))
def test_words_stand_with_one_space_between_them(text: str) -> None:
    assert folded(text) == " ".join(folded(text).split(" "))
    assert "" not in folded(text).split(" ")[1:]


@given(st.text(max_size=MAX_CHARACTERS), st.lists(st.text(max_size=MAX_CHARACTERS), max_size=5))
def test_whatever_is_kept_can_be_searched_for_and_is_checked_for_good(term: str, heard_as: list[str]) -> None:
    try:
        entry = checked(term, heard_as)
    except GlossaryError:
        return
    assert all(terms(text) and 0 < len(text) <= MAX_CHARACTERS for text in (entry.term, *entry.heard_as))
    assert len(distinct(entry.heard_as)) == len(entry.heard_as)
    assert checked(entry.term, entry.heard_as) == entry


def distinct(spellings: Iterable[str]) -> set[str]:
    return {folded(spelling) for spelling in spellings}
