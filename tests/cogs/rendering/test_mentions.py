"""Mentions as messages: counted honestly, each verbatim, and within Discord's limits whatever was said."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.locales.catalogues import LANGUAGES
from cogs.mentions import MentionsIn, MentionsMenu, MentionsOf
from cogs.rendering import mentions as rendering
from cogs.rendering.words import Row
from store.models import Details, Entry, Form, Mention, Mentioned, Mentions, MentionsPage
from store.sentences import sentence
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import ENTRIES, MANY, assert_within_limits, raw, texts, values
from tests.cogs.rendering.test_words import unescaped

BREAD = Entry(
    id=7,
    details=Details("How bread rises", url="https://www.youtube.com/watch?v=bread-rises", published=date(2025, 3, 1)),
    duration_ms=7_200_000,
    cues=3,
    words=22,
    passages=1,
    ingested_at=datetime(2026, 1, 1, tzinfo=UTC),
)
TIDES = replace(BREAD, id=8, details=Details("Why there are tides"))
ONE = Mentioned(BREAD, 23, 67_000)
SAID = Mentions(
    "CoreWeave", 23, (ONE,), (Form("CoreWeave", 23),), ONE, replace(ONE, first_ms=7_000_000), library_size=12
)
HEARD = (Form("CoreWeave", 14), Form("cor weave", 9, heard=True))
MENTION = Mention(7, 67_000, "so the yeast ", "eats", " the sugar", "eats")

WORDS = values(400)
TIMES = st.integers(0, 10_000 * 3_600_000)
MENTIONED = st.builds(Mentioned, ENTRIES, st.integers(1, 10**6), TIMES)


@st.composite
def counted(draw: st.DrawFn) -> Mentions:
    """Make mentions of long words in long forms in up to 200 transcripts."""
    found = draw(st.lists(MENTIONED, min_size=1, max_size=12)) * draw(st.sampled_from([1, 17]))
    found = [replace(one, entry=replace(one.entry, id=at)) for at, one in enumerate(found)]
    return Mentions(
        words=draw(WORDS),
        count=sum(one.count for one in found),
        transcripts=tuple(found),
        forms=(Form("a", draw(st.integers(0, 9))), *(Form(said, 10**6, heard=True) for said in draw(st.lists(WORDS)))),
        first=found[0],
        last=found[-1],
        times_ms=tuple(draw(st.lists(TIMES, min_size=1))) if len(found) == 1 else (),
        filters=draw(st.lists(WORDS.map(sentence), max_size=5).map(tuple)),
        library_size=10**6,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@given(found=counted(), picture=st.booleans())
@MANY
def test_mentions_are_within_discords_limits(language: str, found: Mentions, picture: bool) -> None:
    row = Row()
    with speaking(language):
        row.add_item(MentionsMenu("x" * 40, rendering.options(found)))
        view = rendering.mentions(found, [row], picture=picture)
    assert_within_limits(view)
    (menu,) = (component for component in raw(view) if component["type"] == 3)
    assert 1 <= len(menu["options"]) <= 25
    assert len(menu["custom_id"]) <= 100
    for option in menu["options"]:
        assert 1 <= len(option["label"]) <= 100
        assert 1 <= len(option["description"]) <= 100


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    found=st.builds(
        MentionsPage,
        words=WORDS,
        entry=ENTRIES,
        count=st.integers(10, 10**6),
        mentions=st.lists(
            st.builds(Mention, st.just(1), TIMES, before=st.just("") | WORDS, said=WORDS, after=WORDS, form=WORDS),
            max_size=rendering.PAGE_SIZE,
        ).map(tuple),
        page=st.integers(0, 10**6),
    )
)
@MANY
def test_every_page_is_within_discords_limits_and_shows_each_mention(language: str, found: MentionsPage) -> None:
    row = Row()
    for way in ("Back", "More"):
        row.add_item(MentionsIn(way, "x" * 40, 10**17, 10**8, way="saidpage"))
    with speaking(language):
        view = rendering.page(found, row)
    assert_within_limits(view)
    assert len(found.mentions) <= 1 or texts(view)[1].count("\n") == len(found.mentions) - 1


@pytest.mark.parametrize("language", LANGUAGES)
@given(words=WORDS)
@MANY
def test_a_button_names_its_words_within_discords_limit(language: str, words: str) -> None:
    with speaking(language):
        button = MentionsOf(rendering.label(words), "x" * 40)
    assert 1 <= len(button.item.label or "") <= 80
    assert len(button.custom_id) <= 100


def shown(found: Mentions) -> str:
    return "\n".join(texts(rendering.mentions(found)))


def test_mentions_begin_with_how_often_and_say_when_first_and_last() -> None:
    assert shown(SAID).startswith(
        "### “CoreWeave” was said 23 times in 1 of 12 transcripts\n"
        "-# first [▶ 1:07](https://www.youtube.com/watch?v=bread-rises&t=67s)"
        " · last [▶ 1:56:40](https://www.youtube.com/watch?v=bread-rises&t=7000s)\n"
    )


def test_first_and_last_name_their_transcripts_where_there_are_several() -> None:
    found = replace(SAID, transcripts=(ONE, Mentioned(TIDES, 1, 5000)), last=Mentioned(TIDES, 1, 5000))
    assert "· 2025-03-01 · How bread rises\n-# last **0:05** · added 2026-01-01 · Why there are tides\n" in shown(found)


def test_misheard_forms_are_counted_apart() -> None:
    assert "\nCoreWeave 14 · ≈ “cor weave” 9\n" in shown(replace(SAID, forms=HEARD))


def test_words_themselves_alone_need_no_line_of_forms() -> None:
    assert "CoreWeave 23" not in shown(SAID)


def test_what_was_never_said_as_such_is_not_called_said() -> None:
    heard = shown(replace(SAID, count=9, forms=(Form("CoreWeave", 0), HEARD[1])))
    assert heard.startswith(
        "### “CoreWeave” was never said as such; perhaps it was heard as “cor weave”, 9 times in 1 of"
    )
    several = (Form("CoreWeave", 0), HEARD[1], Form("Corby", 1, heard=True))
    assert "perhaps it was heard otherwise, 10 times" in shown(replace(SAID, count=10, forms=several))


def test_filters_are_said_in_place_of_the_librarys_size() -> None:
    assert "23 times in 1 transcript (by Ada)\n" in shown(replace(SAID, filters=(sentence("by Ada"),)))


def test_nothing_found_names_what_to_do() -> None:
    told = shown(Mentions("zeppelin", filters=(sentence("by Ada"),), library_size=3))
    assert told.startswith("No transcript here (by Ada) says “zeppelin”. Try another spelling")
    assert "`/library`" in told


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert "library is still empty" in shown(Mentions("zeppelin"))


def test_each_transcript_has_a_button_to_its_first_mention() -> None:
    (link,) = (found for found in raw(rendering.mentions(SAID)) if found["type"] == 2)
    assert (link["label"], link["url"]) == ("▶ 1:07", "https://www.youtube.com/watch?v=bread-rises&t=67s")


def test_of_200_transcripts_some_are_shown_and_the_others_counted() -> None:
    many = tuple(Mentioned(replace(BREAD, id=at), 1, 0) for at in range(200))
    said = shown(replace(SAID, count=200, transcripts=many))
    assert said.count("**How bread rises**") == rendering.MAX_SHOWN
    assert f"-# and {200 - rendering.MAX_SHOWN} more transcripts; `video:`" in said
    assert len(rendering.options(replace(SAID, transcripts=many))) == rendering.MAX_OPTIONS


def line(mention: Mention = MENTION, entry: Entry = BREAD) -> str:
    return texts(rendering.page(MentionsPage("eats", entry, 1, (mention,)), None))[1]


def test_a_mention_is_a_link_to_its_second_and_bold_among_the_words_around_it() -> None:
    link = "[▶ 1:07](https://www.youtube.com/watch?v=bread-rises&t=67s)"
    assert line() == f"{link} so the yeast **eats** the sugar"
    assert line(entry=TIDES) == "**1:07** so the yeast **eats** the sugar"


def test_what_was_said_can_neither_format_nor_link_nor_ping() -> None:
    said = line(replace(MENTION, before="# *a* <@1> ", said="@everyone", after=" [b](https://c.d)"), TIDES)
    assert said == r"**1:07** \# \*a\* \<\@1\> **\@everyone** \[b\](https\://c.d)"


def test_text_that_runs_right_to_left_is_isolated_as_a_whole() -> None:
    said = line(replace(MENTION, before="אכל ", said="לחם", after=" טרי"), TIDES)
    assert said == "**1:07** \u2068אכל **לחם** טרי\u2069"


@pytest.mark.parametrize(
    ("before", "said", "after", "expected"),
    [
        ("the ", "yeast", ", which eats", "the **yeast**, which eats"),
        ("the (", "yeast", ") eats", "the (**yeast**) eats"),
        ("京都の", "町家", "を直した", "京都の**町家**を直した"),
        ("", "yeast", "", "**yeast**"),
    ],
)
def test_pieces_are_joined_as_they_were_said(before: str, said: str, after: str, expected: str) -> None:
    shown = line(Mention(7, 67_000, before, said, after, said), TIDES)
    assert unescaped(shown.removeprefix("**1:07** ").replace("**", "~")) == expected.replace("**", "~")


def test_a_long_context_is_cut_at_its_far_ends_never_at_the_mention() -> None:
    long = Mention(7, 0, f"{'a' * 5000} ", "yeast", f" {'b' * 5000}", "yeast")
    said = line(long, TIDES)
    assert said.startswith("**0:00** …a")
    assert "a **yeast** b" in said
    assert said.endswith("b…")


def test_a_page_says_which_mentions_it_shows() -> None:
    found = MentionsPage("eats", BREAD, 25, (MENTION,) * 10, page=1, more=True)
    assert texts(rendering.page(found, None))[0].endswith("-# mentions 11 to 20 of 25 · 2025-03-01")
    one = MentionsPage("eats", BREAD, 1, (MENTION,))
    assert texts(rendering.page(one, None))[0] == "### “eats” in How bread rises\n-# 1 mention · 2025-03-01"


def test_a_page_that_is_gone_says_so() -> None:
    assert texts(rendering.page(MentionsPage("eats", BREAD, 0, (), page=3), None)) == ["Nothing more was found."]


def test_where_no_link_opens_at_a_second_a_button_opens_the_video() -> None:
    elsewhere = replace(BREAD, details=Details("Bread", url="https://talks.example.org/bread"))
    view = rendering.page(MentionsPage("eats", elsewhere, 1, (MENTION,)), None)
    assert [found["label"] for found in raw(view) if found["type"] == 2] == ["Open video"]


def test_mentions_are_told_of_in_japanese() -> None:
    with speaking("ja"):
        first, _, *_ = shown(SAID).splitlines()
        assert first == "### 「CoreWeave」は12件中1件の文字起こしで23回言及されています"
        assert "-# 最初：[▶ 1:07](" in shown(SAID)
        several = replace(SAID, transcripts=(ONE, replace(ONE, entry=TIDES, count=1)), last=replace(ONE, entry=TIDES))
        assert "-# 1回 · 最初は1:07" in shown(several)
        assert "\n-# 最後：[" not in shown(several)
        never = replace(
            SAID, forms=(Form("CoreWeave", 0), Form("cor weave", 23, heard=True)), filters=(sentence("2025"),)
        )
        assert shown(never).startswith(
            "### 「CoreWeave」という形では一度も出てきません。「cor weave」と聞き取られたようで、"
            "1件の文字起こし（2025）で23回言及されています\n"
            "CoreWeave 0 · ≈ 「cor weave」 23\n"
        )
        assert rendering.label('"data center"') == "「data center」への言及"
        page = MentionsPage("eats", BREAD, 25, (MENTION,) * 10, page=1, more=True)
        assert texts(rendering.page(page, None))[0] == (
            "### How bread risesでの「eats」\n-# 言及25回のうち11〜20回目 · 2025-03-01"
        )


@pytest.mark.parametrize("forms", [(), (Form("a", 0), Form("b", 1, heard=True)), (Form("a", 0), *HEARD, *HEARD * 4)])
@pytest.mark.parametrize("filters", [(), ("2025",)])
@pytest.mark.parametrize("size", [1, 300])
@pytest.mark.parametrize("count", [0, 1, 20, 200])
def test_no_mentions_in_japanese_have_a_sentence_left_in_english(
    forms: tuple[Form, ...], filters: tuple[str, ...], size: int, count: int
) -> None:
    undated = replace(BREAD, details=Details("潮", url="https://talks.example.org/tides"))
    found = Mentions("潮", count, (replace(ONE, entry=undated), ONE) * (count // 2), forms, ONE, ONE, library_size=size)
    with speaking("ja"):
        said = shown(replace(found, filters=tuple(map(sentence, filters)), last=replace(ONE, entry=undated)))
        described = [option.description or "" for option in rendering.options(found)]
    assert english("\n".join([said, *described]), ["How bread rises"]) == []
