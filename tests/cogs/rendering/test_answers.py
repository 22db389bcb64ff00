"""An answer as a message: verbatim, and within Discord's limits whatever was said."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given

from cogs import reading
from cogs.locales import speaking
from cogs.locales.catalogues import LANGUAGES
from cogs.rendering import answers
from store.models import Answer, Approximation, Chapter, Details, Part, Quote
from store.sentences import sentence
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import ANSWERS, MANY, assert_within_limits, raw, texts
from tests.cogs.rendering.test_words import depths

YEAST = Quote(
    transcript_id=1,
    details=Details(
        title="How bread rises",
        url="https://youtu.be/bread-rises",
        speaker="Ada Miller",
        published=date(2025, 3, 1),
    ),
    text="the yeast eats the sugar",
    start_ms=67_500,
    end_ms=71_000,
    score=3.5,
    highlights=((4, 9),),
    content="0123abcd",
)
FOUND = Answer("what eats sugar?", (YEAST,), passages=1234, library_size=7)


@pytest.mark.parametrize("language", LANGUAGES)
@given(found=ANSWERS)
@MANY
def test_every_answer_is_within_discords_limits(language: str, found: Answer) -> None:
    with speaking(language):
        assert_within_limits(answers.answer(found))


@pytest.mark.parametrize("language", LANGUAGES)
@given(found=ANSWERS)
@MANY
def test_every_answer_with_all_its_buttons_is_within_discords_limits(language: str, found: Answer) -> None:
    with speaking(language):
        rows = reading.rows(found, "x" * 12, private=True, vote="y" * 12)
        assert_within_limits(answers.answer(found, rows, around=reading.arounds(found), asked_by=2**63 - 1))


def test_words_are_shown_with_marks_link_and_origin_said_once() -> None:
    heading, quote, footer = texts(answers.answer(FOUND))
    assert heading == "### what eats sugar?"
    assert quote == (
        "**[How bread rises](https://www.youtube.com/watch?v=bread-rises&t=0s)** · Ada Miller · 2025-03-01\n"
        "> [▶ 1:07](https://www.youtube.com/watch?v=bread-rises&t=67s) the **yeast** eats the sugar"
    )
    assert footer == "-# 1 of 1,234 matching passages, from one transcript"


def test_quotes_of_one_transcript_stand_together_under_its_title() -> None:
    other = replace(YEAST, transcript_id=2, details=Details("Tides"))
    found = replace(FOUND, quotes=(YEAST, other, replace(YEAST, start_ms=90_000)))
    view = answers.answer(found)
    assert [text.split("\n")[0][:12] for text in texts(view)[1:-1]] == ["**[How bread", "> [▶ 1:30](h", "**Tides**"]
    assert [component["type"] for component in raw(view)].count(14) == 1  # a line between the two


def test_a_chapter_stands_beside_the_time_and_words_without_times_have_none() -> None:
    details = replace(YEAST.details, chapters=(Chapter(0, "Dough"), Chapter(60_000, "Rise *and* bake")))
    (_, quote, _) = texts(answers.answer(replace(FOUND, quotes=(replace(YEAST, details=details),))))
    assert "&t=67s) · *Rise \\*and\\* bake* the **yeast**" in quote
    untimed = replace(YEAST, details=Details("A text", timed=False, chapters=details.chapters))
    assert texts(answers.answer(replace(FOUND, quotes=(untimed,))))[1] == "**A text**\n> the **yeast** eats the sugar"


def test_of_a_short_quote_the_link_is_where_its_words_begin() -> None:
    text = "so it was. the yeast eats the sugar"
    parts = (Part(0, 10, 60_000), Part(11, 35, 67_000))
    long = replace(YEAST, text=text, highlights=((15, 20),), parts=parts, short=(0, 2), start_ms=60_000)
    _, best, other, _ = texts(answers.answer(replace(FOUND, quotes=(long, replace(long, short=(1, 2))))))
    assert best.endswith("&t=60s) so it was. the **yeast** eats the sugar")
    assert other.endswith("&t=67s) … the **yeast** eats the sugar")


def test_an_address_that_its_second_would_make_too_long_is_linked_without_it() -> None:
    url = f"https://media.example.org/{'a' * 482}.mp4"
    assert len(url) == 512
    quote = replace(YEAST, details=replace(YEAST.details, url=url))
    view = answers.answer(replace(FOUND, quotes=(quote,)))
    assert_within_limits(view)
    assert [component["url"] for component in raw(view) if component["type"] == 2] == [url]
    assert texts(view)[1].startswith("**How bread rises** · Ada Miller · 2025-03-01\n> **1:07** the")


def test_a_later_page_is_numbered_and_an_asker_named() -> None:
    footer = texts(answers.answer(replace(FOUND, page=1), asked_by=7))[-1]
    assert footer == "-# page 2 · 1 of 1,234 matching passages, from one transcript\n-# asked by <@7>"


def test_a_page_after_the_last_says_so() -> None:
    assert texts(answers.answer(replace(FOUND, quotes=(), page=3))) == ["Nothing more was found."]


def labels(found: Answer) -> list[str]:
    view = answers.answer(found, reading.rows(found, "token"), around=reading.arounds(found))
    return [component["label"] for component in raw(view) if component["type"] == 2]


def test_an_answer_from_one_transcript_says_so_and_names_it_where_nobody_says_the_words() -> None:
    within = replace(FOUND, within="How *bread* rises", filters=(sentence("in “How *bread* rises”"),))
    assert texts(answers.answer(within))[-1] == "-# 1 of 1,234 matching passages in this transcript"
    for words, said in ((("blockchains",), "“blockchains”"), (("a", "b"), "“a” or “b”"), ((), "these words")):
        assert texts(answers.answer(replace(within, quotes=(), not_found=words))) == [
            f"Nobody says {said} in “How \\*bread\\* rises”. Try a word that may have been said in it."
        ]


def test_an_answer_without_quotes_says_what_nobody_said_and_has_no_button() -> None:
    found = replace(
        FOUND,
        quotes=(),
        not_found=("zucchini", "kale"),
        filters=(sentence("by Ada Miller"), sentence("until 2025-01-31")),
    )
    (said,) = texts(answers.answer(found))
    assert said == (
        "No transcript here (by Ada Miller; until 2025-01-31) contains “zucchini” or “kale”. "
        "Try a word that may have been said, or see `/library` for what there is."
    )
    assert labels(found) == []
    assert labels(replace(FOUND, more=True)) == ["Around", "More ▶"]


def heading_of(found: Answer) -> str:
    """Return what an answer's heading says below the question."""
    question, _, rest = texts(answers.answer(found))[0].partition("\n")
    assert question == f"### {found.question}"
    return rest


def test_what_a_word_was_heard_as_is_said_below_the_question() -> None:
    heard = Approximation("CoreWeave", ("cor weave", "Corby"))
    assert heading_of(replace(FOUND, approximations=(heard,))) == "-# *CoreWeave ≈ “cor weave”, “Corby”*"
    both = replace(FOUND, approximations=(heard, Approximation("Memphis", ("memfis",))), not_found=("kale",))
    assert heading_of(both) == (
        "Nobody said “kale”; these are the closest passages.\n"
        "-# *CoreWeave ≈ “cor weave”, “Corby”* · *Memphis ≈ “memfis”*"
    )


def test_of_many_words_and_spellings_the_first_are_shown() -> None:
    heard = tuple(Approximation(f"word{n}", tuple(f"said{n}{m}" for m in "abcd")) for n in range(7))
    shown = heading_of(replace(FOUND, approximations=heard))
    assert shown.count("≈") == 5
    assert "*word4 ≈ “said4a”, “said4b”, “said4c”*" in shown
    assert "said0d" not in shown


def test_what_a_word_was_heard_as_can_neither_format_nor_ping_nor_take_all_the_room() -> None:
    assert heading_of(replace(FOUND, approximations=(Approximation("a*b", ("<@1>", "x" * 99)),))) == (
        rf"-# *a\*b ≈ “\<\@1\>”, “{'x' * 29}…”*"
    )


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "· also in 1 other "), (1234, "· also in 1,234 others ")])
def test_a_quote_says_in_how_many_other_transcripts_it_stands(count: int, said: str) -> None:
    found = replace(FOUND, quotes=(replace(YEAST, also_in=count),))
    assert texts(answers.answer(found))[1].endswith(f"&t=67s) {said}the **yeast** eats the sugar")


def test_a_phrase_that_nobody_said_in_these_words_is_named() -> None:
    found = replace(FOUND, unsaid=("yeast breathes",))
    assert heading_of(found) == "Nobody said exactly “yeast breathes”; these are the closest passages."
    assert heading_of(replace(found, filters=(sentence("by Ada Miller"),))) == (
        "Nobody said exactly “yeast breathes” in these transcripts; these are the closest passages."
    )


def test_words_and_phrases_that_nobody_said_make_one_sentence() -> None:
    found = replace(FOUND, not_found=("kale", "1871"), unsaid=("Kale", "yeast and kale", "sweet bread"))
    assert heading_of(found) == (
        "Nobody said “kale” or “1871”, nor exactly “yeast and kale” or “sweet bread”; these are the closest passages."
    )


def test_text_that_runs_right_to_left_or_turns_direction_reorders_nothing_around_it() -> None:
    details = replace(YEAST.details, title="שלום (2)", speaker="a\u202eb")
    quote = replace(YEAST, details=details, text="הלחם 5 \u2069 תפח", highlights=((0, 4),), cut_before=True)
    found = replace(
        FOUND,
        question="מה תפח?",
        quotes=(quote,),
        not_found=("חיטה",),
        approximations=(Approximation("לחמ", ("לחם",)),),
    )
    heading, words, _ = texts(answers.answer(found))
    assert heading.splitlines() == [
        "### \u2068מה תפח?\u2069",
        "Nobody said “\u2068חיטה\u2069”; these are the closest passages.",
        "-# *\u2068לחמ\u2069 ≈ “\u2068לחם\u2069”*",
    ]
    title, said = words.splitlines()
    assert title.startswith("**[\u2068שלום (2)\u2069](")
    assert title.endswith(")** · \u2068a\u202eb\u2069 · 2025-03-01")
    assert said.endswith(" … \u2068\u2068**הלחם** 5 \u2069 תפח\u2069")


@given(ANSWERS)
@MANY
def test_in_no_answer_does_direction_reach_past_what_turns_it(found: Answer) -> None:
    for line in "\n".join(texts(answers.answer(found))).splitlines():
        assert depths(line)[-1] == 0


def test_quotes_from_several_transcripts_are_counted() -> None:
    other = replace(YEAST, transcript_id=2)
    footer = texts(answers.answer(replace(FOUND, quotes=(YEAST, other, YEAST))))[-1]
    assert footer == "-# 3 of 1,234 matching passages, from 2 transcripts"


def test_of_five_long_quotes_each_gets_its_share() -> None:
    quote = replace(YEAST, text="yeast " * 1000, highlights=())
    sizes = [len(text) for text in texts(answers.answer(replace(FOUND, quotes=(quote,) * 5)))[1:-1]]
    assert min(sizes) > 500


def test_the_longest_details_leave_room_for_the_words() -> None:
    details = replace(YEAST.details, title="*" * 300, speaker="_" * 300, channel="|" * 300, url=None)
    quote = replace(YEAST, details=details, text="yeast " * 1000, highlights=())
    found = replace(
        FOUND,
        question="*" * 400,
        quotes=(quote,) * 5,
        not_found=("*" * 400,) * 40,
        unsaid=("~" * 400,) * 40,
        approximations=(Approximation("*" * 400, ("_" * 300,) * 9),) * 9,
        filters=(sentence("*" * 300),) * 5,
    )
    assert_within_limits(answers.answer(found))
    assert min(len(text) for text in texts(answers.answer(found))[1:-1]) > 50


def test_many_words_found_nowhere_are_counted() -> None:
    found = replace(FOUND, quotes=(), not_found=tuple(f"word{number}" for number in range(12)))
    (said,) = texts(answers.answer(found))
    assert "“word0”, “word1”" in said
    assert "“word9” or 2 more" in said
    assert "word10" not in said


def test_nothing_found_without_a_missing_word_still_makes_a_sentence() -> None:
    (said,) = texts(answers.answer(replace(FOUND, quotes=())))
    assert said.startswith("No transcript here contains these words.")


def test_an_empty_library_is_told_apart_from_nothing_found() -> None:
    assert texts(answers.answer(Answer("why?"))) == [str(answers.EMPTY)]


def test_a_quote_that_is_similar_in_meaning_alone_says_so_below_its_words() -> None:
    similar = replace(YEAST, highlights=(), similar=True)
    _, quote, footer = texts(answers.answer(replace(FOUND, quotes=(similar,), passages=0)))
    assert quote.endswith(" the yeast eats the sugar\n> -# similar in meaning")
    assert footer == "-# 1 passage similar in meaning, from one transcript"
    _, first, second, footer = texts(answers.answer(replace(FOUND, quotes=(YEAST, similar))))
    assert "similar" not in first
    assert second.endswith("\n> -# similar in meaning")
    assert footer == "-# 1 of 1,234 matching passages and 1 similar in meaning, from one transcript"


def test_an_answer_is_told_of_in_japanese_and_quoted_as_it_was_said() -> None:
    similar = replace(YEAST, transcript_id=2, similar=True, also_in=3)
    found = replace(
        FOUND,
        quotes=(YEAST, similar),
        unindexed=2,
        page=1,
        not_found=("量子", "核"),
        unsaid=("data center",),
        filters=(sentence("by {speaker}", speaker="Ada"),),
        approximations=(Approximation("CoreWeave", ("cor weave", "Corby")),),
    )
    with speaking("ja"):
        heading, first, second, footer = texts(answers.answer(found, asked_by=7))
    assert heading.splitlines()[1:] == [
        (
            "「量子」または「核」という発言はなく、この範囲の文字起こしに「data center」とそのまま言った箇所も"
            "ありません。最も近い箇所を示します。"
        ),
        "-# *CoreWeave ≈ 「cor weave」、「Corby」*",
        "-# 9件のうち2件は、まだ索引を作り直しています。後でもう一度お試しいただくと、すべてが対象になります。",
    ]
    assert "the **yeast** eats the sugar" in first
    assert "· ほか3件にも" in second
    assert second.endswith("\n> -# 意味が近い箇所")
    assert footer.splitlines() == [
        "-# 2ページ目 · 2件の文字起こしから、一致した1,234か所のうち1か所と、意味が近い1か所を表示 · （話者がAda）",
        "-# 質問者：<@7>",
    ]


def test_no_answer_in_japanese_has_a_sentence_left_in_english() -> None:
    known = [YEAST.text, "the **yeast** eats the sugar", "How bread rises", "Ada Miller"]
    for quotes, words, phrases, filters, within, page in product(
        [(), (YEAST,), (replace(YEAST, similar=True),)],
        [(), ("量子",), tuple("abcdefghijkl")],
        [(), ("一 二",)],
        [(), ("2025",)],
        [None, "潮"],
        [0, 1],
    ):
        found = Answer(
            "何?", quotes, 3, words, 7, tuple(map(sentence, filters)), within=within, page=page, unsaid=phrases
        )
        found = replace(found, unindexed=1, by_words=True)
        with speaking("ja"):
            assert english("\n".join(texts(answers.answer(found, asked_by=7))), known) == []
    with speaking("ja"):
        assert english("\n".join(texts(answers.answer(Answer("何?"))))) == []
