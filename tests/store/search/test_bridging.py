"""Japanese questions on English talks and English ones on Japanese talks: their words in the other language."""

import random
from contextlib import suppress

import pytest

from store.database import Reader
from store.errors import QuestionError
from store.index.indexes import Indexes
from store.library import Library
from store.models import Answer
from store.search.lookup import Lookup
from tests.store.builders import GUILD, OTHER_GUILD, chatter, cue_lines, native

ENGLISH = (
    "the price of electricity rose because the plant could not supply enough power",
    "core weave bought fifty thousand chips and nvidia was happy about it",
    "the bakery opened two years ago with five billion dollars from a bank",
)
JAPANESE = (
    "電力の価格が上がったのは発電所が足りないからです",
    "川を渡る船には穀物が積まれていました",
    "半導体の輸出が規制されることになりました",
)


async def filled(library: Library, *talks: tuple[str, tuple[str, ...]]) -> None:
    """Each talk's lines stand among others that say nothing of them."""
    rng = random.Random(1)
    for language, lines in talks:
        for at, line in enumerate(lines):
            around = chatter(rng, 40) if language == "en" else ["雨の日の話です"] * 2
            text = cue_lines([*around, line, *around])
            await library.ingest(GUILD, native(text, title=f"{language} {at}", language=language), f"{language}{at}.md")


def said(answer: Answer) -> dict[str, set[str]]:
    return {one.typed: set(one.said) for one in answer.approximations}


@pytest.mark.parametrize(
    ("question", "words", "typed", "as_said"),
    [
        ("電力の値段はなぜ上がりましたか？", "rose because", "電力", {"power"}),
        ("コアウィーブは何を買ったの", "core weave bought", "コアウィーブ", {"core weave"}),
        ("エヌビディアは喜んだ？", "nvidia was happy", "エヌビディア", {"nvidia"}),
        ("ｺｱｳｨｰﾌﾞ チップ", "core weave bought", "ｺｱｳｨｰﾌﾞ", {"core weave"}),
        ("五万個のチップ", "fifty thousand chips", "五万", {"fifty thousand"}),
        ("50億ドル", "five billion dollars", "50億ドル", {"five billion dollars"}),
        ("銀行", "from a bank", "銀行", {"bank"}),
    ],
)
async def test_a_japanese_question_finds_what_was_said_in_english_and_says_as_what(
    library: Library, question: str, words: str, typed: str, as_said: set[str]
) -> None:
    await filled(library, ("en", ENGLISH))
    answer = await library.ask(GUILD, question)
    assert words in answer.quotes[0].text
    assert said(answer)[typed] >= as_said
    marked = {answer.quotes[0].text[start:end] for start, end in answer.quotes[0].highlights}
    assert any(word in " ".join(marked) for word in as_said)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("why did the price of power rise", "電力の価格"),
        ("which regulations are there for exports of semiconductors", "半導体の輸出が規制"),
        ("ships on the river", "川を渡る船"),
    ],
)
async def test_an_english_question_finds_what_was_said_in_japanese(library: Library, question: str, words: str) -> None:
    await filled(library, ("ja", JAPANESE))
    answer = await library.ask(GUILD, question)
    assert words in answer.quotes[0].text
    assert answer.not_found == ()
    assert answer.approximations


async def test_in_a_library_of_both_a_question_finds_both(library: Library) -> None:
    await filled(library, ("en", ENGLISH), ("ja", JAPANESE))
    titles = {quote.details.title for quote in (await library.ask(GUILD, "電力の価格")).quotes}
    assert titles >= {"en 0", "ja 0"}


async def test_in_a_library_of_both_an_ending_is_no_reason_to_come_first(library: Library) -> None:
    small = tuple("それは何のためですかと聞かれたのですけど" for _ in range(3))
    await filled(library, ("en", ("they used mercury in the lamp",)), ("ja", small))
    answer = await library.ask(GUILD, "水銀は何のためですか")
    assert "mercury" in answer.quotes[0].text


async def test_where_the_library_speaks_the_questions_language_alone_nothing_else_is_looked_for(
    library: Library,
) -> None:
    await filled(library, ("ja", JAPANESE))
    assert (await library.ask(GUILD, "電力の値段")).approximations == ()
    await library.ingest(OTHER_GUILD, native(cue_lines(ENGLISH), language="en"), "a.md")
    assert (await library.ask(OTHER_GUILD, "the price of power")).approximations == ()


async def test_a_question_without_kana_is_chinese_where_there_is_chinese(library: Library) -> None:
    await filled(library, ("en", ENGLISH), ("zh", ("面粉的价格上涨了因为发电厂不够", "我们在河上看见了船")))
    assert (await library.ask(GUILD, "银行 电力")).approximations == ()
    assert set(said(await library.ask(GUILD, "銀行の電力"))) == {"銀行", "電力"}


async def test_a_word_counts_as_the_best_of_its_glosses_not_as_their_sum(library: Library) -> None:
    lines = ("the value and the price and the cost of bread", "the price of a loaf of bread is what we spoke of")
    await filled(library, ("en", lines))
    both = (await library.ask(GUILD, "価格")).quotes
    assert both[0].score < 1.5 * both[1].score


async def test_what_is_neither_known_nor_said_is_named_and_endings_are_not(library: Library) -> None:
    await filled(library, ("en", ENGLISH))
    answer = await library.ask(GUILD, "電力についてゾルガンディが言っていた恐竜は何ですか")
    assert answer.not_found == ("ゾルガンディ", "恐竜")


async def test_what_is_excluded_is_not_looked_for_in_another_language_a_phrase_that_nobody_said_is(
    library: Library,
) -> None:
    await filled(library, ("en", ENGLISH))
    answer = await library.ask(GUILD, '銀行 -電力 "価格"')
    assert set(said(answer)) == {"銀行", "価格"}
    assert answer.unsaid == ("価格",)


@pytest.mark.parametrize(
    "question", ["川", "ア", "ー", "々", "ｱ", "何", "電", "power電力power", "テスラTeslaてすら", "1", "一"]
)
async def test_questions_of_a_letter_or_of_mixed_scripts_are_answered_or_refused(
    library: Library, question: str
) -> None:
    await filled(library, ("en", ENGLISH), ("ja", JAPANESE))
    with suppress(QuestionError):
        assert (await library.ask(GUILD, question)).question == question


async def test_what_one_guild_said_is_of_no_matter_to_another(library: Library) -> None:
    await filled(library, ("en", ENGLISH))
    await library.ingest(OTHER_GUILD, native(cue_lines(["bread and butter"]), language="en"), "a.md")
    answer = await library.ask(OTHER_GUILD, "コアウィーブの電力")
    assert answer.quotes == ()
    assert answer.approximations == ()


async def test_in_how_many_passages_a_term_stands_is_known_without_its_postings(library: Library) -> None:
    await filled(library, ("en", ENGLISH), ("ja", JAPANESE))

    async def compared(connection: Reader) -> None:
        lookup = Lookup(connection, GUILD, await Indexes(1).get(connection, GUILD))
        terms = ["price", "boat", "電力", "nowhere"]
        counts = {term: len(passages) for term, (passages, _) in (await lookup.postings(terms)).items()}
        assert await lookup.frequencies(terms) == counts
        assert counts.keys() == {"price", "boat", "電力"}

    await library._database.computed(compared)
