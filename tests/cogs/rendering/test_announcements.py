"""The post that tells of a new transcript, or of many: what stands in it, and that no transcript can break it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.rendering import announcements
from cogs.rendering.announcements import one, together
from store.models import Approximation, Chapter, Details, Entry, Part, Quote, Spoken, SpokenBy, Told
from tests.cogs.rendering.made import ADDRESSES, ENTRIES, MANY, assert_within_limits, quotes, raw, texts, values
from tests.cogs.rendering.test_words import depths

URL = "https://www.youtube.com/watch?v=bread-rises"
DETAILS = Details(
    title="How bread rises",
    url=URL,
    speaker="Ada Miller",
    channel="The Bakery",
    published=date(2025, 3, 1),
    tags=("baking", "a `tick`", "```"),
    chapters=(Chapter(0, "Flour"), Chapter(65_000, "Water")),
)
BREAD = Entry(
    id=7,
    details=DETAILS,
    duration_ms=120_000,
    cues=3,
    words=1234,
    passages=1,
    ingested_at=datetime(2026, 1, 1, tzinfo=UTC),
    spoken=Spoken("de", SpokenBy.TEXT),
)
YEAST = Quote(
    7, DETAILS, "the yeast eats the sugar", 7_000, 9_000, 1.0, highlights=((4, 9),), end=3, parts=(Part(0, 24, 7_000),)
)
TOLD = Told("How bread rises", BREAD, quotes=(YEAST,), moments=(replace(YEAST, highlights=()),))
GONE = Told("How *bread* rises", None)
HEARD = st.builds(Approximation, values(), st.lists(values(), max_size=4).map(tuple))
TOLDS = st.builds(
    Told,
    title=values(),
    entry=st.none() | ENTRIES,
    quotes=st.lists(quotes(ADDRESSES), max_size=4).map(tuple),
    moments=st.lists(quotes(ADDRESSES), max_size=4).map(tuple),
    unsaid=st.booleans(),
    heard=st.lists(st.builds(Approximation, values(), st.lists(values(), max_size=4).map(tuple)), max_size=4).map(
        tuple
    ),
)
WORST = replace(
    BREAD,
    id=10**18 - 1,
    details=Details(
        title="*" * 5000,
        url=f"https://talks.example.org/{'(' * 99}",
        speaker="_" * 5000,
        channel="|" * 5000,
        tags=("~`" * 300,) * 100,
        chapters=tuple(Chapter(at * 1000, "<@1>" * 100) for at in range(500)),
    ),
    speakers=("ש" * 300,) * 100,
)
LONG = replace(
    YEAST,
    details=replace(WORST.details, url=f"https://www.youtube.com/watch?v=bread-rises&x={'(' * 300}"),
    text="@everyone " * 1000,
    highlights=((0, 9), (5000, 5009)),
    parts=tuple(Part(at * 50, at * 50 + 49, at * 1000, "_" * 90) for at in range(200)),
)


KNOWN = "2 min · Ada Miller · The Bakery · 2025-03-01\n`baking` `a tick`"


def of_type(view: discord.ui.LayoutView, number: int) -> list[dict[str, Any]]:
    return [component for component in raw(view) if component["type"] == number]


def labels(view: discord.ui.LayoutView) -> list[str]:
    return [button["label"] for button in of_type(view, 2)]


def test_a_new_transcript_is_told_with_what_is_known_of_it() -> None:
    view = one(TOLD, post=3)
    assert texts(view) == [
        f"### New transcript\n**[How bread rises]({URL}&t=0s)**\n{KNOWN}",
        f"**Moments**\n> [▶ 0:07]({URL}&t=7s) the yeast eats the sugar",
        f"**Chapters**\n[0:00]({URL}&t=0s) Flour\n[1:05]({URL}&t=65s) Water",
    ]
    assert of_type(view, 11)[0]["media"]["url"] == "https://i.ytimg.com/vi/bread-rises/hqdefault.jpg"
    ask, watch = of_type(view, 2)
    assert (ask["label"], ask["custom_id"]) == ("Ask about this", "about:7:3")
    assert (watch["label"], watch["url"]) == ("▶ Watch", f"{URL}&t=0s")


def test_what_a_subscription_watches_for_is_quoted_instead_of_moments() -> None:
    said = texts(one(replace(TOLD, quotes=(YEAST,) * 5), post=3, matching='"yeast"'))
    assert said[0].startswith("### Said in a new transcript: “yeast”\n")
    assert said[1:4] == [f"> [▶ 0:07]({URL}&t=7s) the **yeast** eats the sugar"] * 3
    assert said[4].startswith("**Chapters**")


@pytest.mark.parametrize(
    ("matching", "shown"),
    [
        ('"the quench" glass -zeppelin', "“the quench”, “glass”"),
        ("glass “the quench” -“hot air” GLASS light-house", "“glass”, “the quench”, “light-house”"),
        ("*bold* <@1>", "“bold”, “1”"),
        ('"*bold* @everyone"', "“\\*bold\\* \\@everyone”"),
        ("水車小屋 -粉", "“水車小屋”"),
        ("the who", "“the who”"),
        ("-", "“\\-”"),
        ("one two three four five six seven", "“two”, “three”, “four”, “five”, “six”, 1 more"),
        ("x" * 400, f"“{'x' * 59}…”"),
    ],
)
def test_a_heading_names_what_is_looked_for_and_not_what_is_left_out(matching: str, shown: str) -> None:
    assert texts(one(TOLD, post=3, matching=matching))[0].startswith(f"### Said in a new transcript: {shown}\n")
    together_ = together([TOLD], post=3, heading="h", matching=matching)
    assert texts(together_)[0] == f"### h\n-# Said in them: {shown}"


def test_what_was_said_only_in_another_form_was_perhaps_said() -> None:
    heard = replace(TOLD, heard=(Approximation("ye*st", ("east", "@yes")),))
    said = texts(one(heard, post=3, matching="yeast"))
    assert said[0].splitlines()[:3] == [
        "### Perhaps said in a new transcript: “yeast”",
        "-# *ye\\*st ≈ “east”, “\\@yes”*",
        f"**[How bread rises]({URL}&t=0s)**",
    ]
    said = texts(together([heard, TOLD], post=3, heading="2 new", matching="yeast"))
    assert [text.splitlines()[1][:12] for text in said[1:]] == ["-# *ye\\*st ≈", "> [▶ 0:07](h"]


def test_where_what_is_watched_for_is_no_longer_said_the_post_keeps_its_sense_and_says_so() -> None:
    corrected = replace(TOLD, quotes=(), moments=(), unsaid=True)
    said = texts(one(corrected, post=3, matching='"yeast" -oil'))
    assert said[0] == (
        f"### Said in a transcript: “yeast”\n**[How bread rises]({URL}&t=0s)**\n{KNOWN}\n"
        "It was corrected since, and no longer says so."
    )
    assert said[1].startswith("**Chapters**\n")
    (_, line) = texts(together([corrected], post=3, heading="1 new", matching="yeast"))
    assert line.splitlines()[1] == "-# It was corrected since, and no longer says so."


def test_where_quotes_could_not_be_looked_for_the_heading_stays() -> None:
    said = texts(one(replace(TOLD, quotes=()), post=3, matching="yeast"))
    assert said[0].startswith("### Said in a new transcript: “yeast”\n")


def test_of_a_removed_transcript_the_title_is_struck_out_and_nothing_can_be_pressed() -> None:
    for matching in (None, "yeast"):
        view = one(GONE, post=3, matching=matching)
        assert texts(view) == ["### Transcript removed\n~~How \\*bread\\* rises~~"]
        assert len(raw(view)) == 2


def test_a_transcript_of_which_little_is_known_is_told_with_that() -> None:
    bare = replace(BREAD, details=Details("talk", timed=False))
    view = one(Told("talk", bare, moments=(replace(YEAST, details=bare.details),)), post=3)
    assert texts(view) == ["### New transcript\n**talk**\n1,234 words", "**Moments**\n> the **yeast** eats the sugar"]
    assert labels(view) == ["Ask about this"]
    assert not of_type(view, 11)


def test_who_speaks_in_its_cues_is_named_where_no_speaker_is_stated() -> None:
    details = Details("talk")
    said = texts(one(Told("talk", replace(BREAD, details=details, speakers=("Ada", "Bo", "Cy", "Di"))), post=3))
    assert said[0].splitlines()[2] == "2 min · Ada, Bo, Cy, 1 more"
    said = texts(one(Told("talk", replace(BREAD, speakers=("Ada", "Bo"))), post=3))
    assert said[0].splitlines()[2].startswith("2 min · Ada Miller · ")


def test_many_chapters_are_counted() -> None:
    chapters = tuple(Chapter(at * 1000, f"Part {at}") for at in range(500))
    (said,) = texts(one(Told("t", replace(BREAD, details=replace(DETAILS, chapters=chapters))), post=3))[1:]
    assert said.splitlines()[8].endswith(" Part 7")
    assert said.splitlines()[9:] == ["-# and 492 more"]


def test_chapters_of_a_text_without_times_have_none() -> None:
    details = replace(DETAILS, timed=False)
    said = texts(one(Told("t", replace(BREAD, details=details)), post=3))
    assert said[-1] == "**Chapters**\n- Flour\n- Water"


def test_a_long_quote_is_cut_between_cues_around_its_first_match_and_its_time_is_that_of_its_first_cue() -> None:
    cues = [f"cue {at:03} says nothing of it" for at in range(100)]
    cues[60] = "cue 060 is about yeast now"
    parts = tuple(Part(at * 27, at * 27 + 26, at * 10_000) for at in range(100))
    quote = replace(YEAST, text=" ".join(cues), parts=parts, highlights=((60 * 27 + 17, 60 * 27 + 22),), end_ms=10**6)
    (said,) = texts(one(replace(TOLD, quotes=(quote,)), post=3, matching="yeast"))[1:-1]
    match = re.fullmatch(r"> \[▶ (\d+):(\d\d)\]\(.*&t=(\d+)s\) … (cue (\d{3}) .*) …", said)
    assert match is not None
    assert int(match[1]) * 60 + int(match[2]) == int(match[3]) == int(match[5]) * 10
    assert "about **yeast** now" in said
    assert match[4].replace("**", "") in quote.text
    assert match[4].endswith(("of it", "now"))


@pytest.mark.parametrize(
    ("first", "end", "text", "shown"),
    [
        (0, 3, "the yeast eats", "the yeast eats"),  # all of it
        (1, 2, "the yeast eats", "… the yeast eats …"),
        (1, 2, "The yeast eats it.", "The yeast eats it."),
        (1, 2, "“Why?” the yeast said.", "“Why?” the yeast said."),
        (1, 2, "and “Why?”", "… and “Why?”"),
        (0, 2, "and eats *it*", "and eats \\*it\\* …"),
        (1, 3, "he eats", "… he eats"),
        (1, 2, "酵母は糖を食べます。", "酵母は糖を食べます。"),
        (1, 2, "酵母は糖を", "酵母は糖を …"),
        (1, 2, "هل تأكل؟", "\u2068هل تأكل؟\u2069"),
    ],
)
def test_what_begins_or_ends_within_a_sentence_has_an_ellipsis_there(
    first: int, end: int, text: str, shown: str
) -> None:
    quote = replace(YEAST, text=text, first=first, end=end, highlights=(), parts=(Part(0, len(text), 7_000),))
    for view in (
        one(Told("t", BREAD, moments=(quote,)), post=3),
        one(Told("t", BREAD, (quote,)), post=3, matching="x"),
    ):
        assert texts(view)[1].partition(") ")[2] == shown


@pytest.mark.parametrize(
    "text", ["酵母は糖を食べて気体を出します", "ยีสต์กินน้ำตาลแล้วปล่อยแก๊สออกมา", "효모는 설탕을 먹고 기체를 낸다"]
)
def test_quotes_of_scripts_without_spaces_take_about_as_long_to_say_as_english_ones(text: str) -> None:
    size = len(text) + 1
    parts = tuple(Part(at * size, at * size + len(text), at * 1000) for at in range(40))
    quote = replace(YEAST, text=" ".join([text] * 40), highlights=(), parts=parts)
    for told, most in (
        (one(Told("t", BREAD, moments=(quote,)), post=3), 220),
        (one(Told("t", BREAD, (quote,)), post=3, matching="x"), 280),
    ):
        said = texts(told)[1].partition(") ")[2]
        assert most * 0.4 < len(said) <= most * 0.65


def test_a_role_or_everyone_is_mentioned_first() -> None:
    for view in (one(TOLD, post=3, role=42), together([TOLD], post=3, heading="h", role=42)):
        assert texts(view)[0] == "-# <@&42>"
    for view in (one(TOLD, post=3, everyone=True), together([TOLD], post=3, heading="h", everyone=True)):
        assert texts(view)[0] == "-# @everyone"


def test_in_a_direct_message_the_server_is_named_where_it_is_pressed() -> None:
    assert of_type(one(TOLD, post=3, guild=10**19), 2)[0]["custom_id"] == f"about:7:3:{10**19}"
    assert of_type(together([TOLD], post=3, heading="h", guild=9), 3)[0]["custom_id"] == "about-one:3:9"


def test_a_direct_message_says_whose_alert_it_is_and_what_ends_it() -> None:
    line = "-# Your alert for `yeast -oil` in **The \\*Room\\***; `/alert remove` there ends it"
    alert: dict[str, Any] = {"post": 3, "matching": "yeast -oil", "guild": 9, "server": "The *Room*"}
    assert texts(one(TOLD, **alert))[0].splitlines()[:2] == ["### Said in a new transcript: “yeast”", line]
    assert texts(one(GONE, **alert))[0].splitlines()[1] == line
    assert texts(together([TOLD], heading="2 new", **alert))[0].splitlines() == [
        "### 2 new",
        line,
        "-# Said in them: “yeast”",
    ]
    assert "alert" not in texts(one(TOLD, post=3, matching="yeast"))[0]


def test_many_are_listed_with_a_menu_of_those_that_are_still_there() -> None:
    bees = Told("Bees", replace(BREAD, id=8, details=Details("Bees")))
    view = together([TOLD, GONE, bees, bees], post=3, heading="4 new transcripts")
    assert texts(view) == [
        "### 4 new transcripts",
        f"- **[How bread rises]({URL}&t=0s)** · 2 min · Ada Miller · 2025-03-01\n"
        f"> [▶ 0:07]({URL}&t=7s) the yeast eats the sugar\n"
        "- ~~How \\*bread\\* rises~~" + "\n- **Bees** · 2 min" * 2,
    ]
    (menu,) = of_type(view, 3)
    assert menu["custom_id"] == "about-one:3"
    assert [(option["label"], option["value"]) for option in menu["options"]] == [
        ("How bread rises", "7"),
        ("Bees", "8"),
    ]
    assert menu["options"][0]["description"] == "2 min · Ada Miller · 2025-03-01"


def test_below_each_of_many_its_best_quote_stands_where_something_is_watched_for() -> None:
    view = together([replace(TOLD, quotes=(YEAST, YEAST)), GONE], post=3, heading="New", matching="yeast")
    assert texts(view) == [
        "### New\n-# Said in them: “yeast”",
        "\n".join(
            [
                f"**[How bread rises]({URL}&t=0s)** · 2 min · Ada Miller · 2025-03-01",
                f"> [▶ 0:07]({URL}&t=7s) the **yeast** eats the sugar",
            ]
        ),
        "~~How \\*bread\\* rises~~",
    ]


def test_where_they_are_many_none_has_a_moment() -> None:
    for count, shown in ((8, 8), (9, 0)):
        view = together([TOLD] * count, post=3, heading="h")
        assert texts(view)[1].count("\n> ") == shown
        assert texts(view)[1].count("- **[How bread rises]") == count


@pytest.mark.parametrize(("matching", "shown"), [(None, "- and 25 more"), ("yeast", "-# and 32 more")])
def test_of_very_many_the_rest_is_in_the_library(matching: str | None, shown: str) -> None:
    many = [Told(f"Talk {at}", replace(BREAD, id=at)) for at in range(1, 41)]
    view = together(many, post=3, heading="40 new", matching=matching)
    assert "\n".join(texts(view)).endswith(f"\n{shown}: see `/library`")
    assert len(of_type(view, 3)[0]["options"]) == 25


def test_where_all_of_them_are_gone_there_is_no_menu() -> None:
    assert not of_type(together([GONE, GONE], post=3, heading="2 new"), 3)
    assert texts(together([], post=3, heading="none")) == ["### none"]


@given(TOLDS, st.none() | values(400), st.none() | st.integers(0, 2**64 - 1))
@MANY
def test_every_post_is_within_discords_limits(told: Told, matching: str | None, id_: int | None) -> None:
    view = one(told, post=10**18 - 1, matching=matching, role=id_, guild=id_, server=told.title if id_ else None)
    assert_within_limits(view)
    for line in "\n".join(texts(view)).splitlines():
        assert depths(line)[-1] == 0


@given(st.lists(TOLDS, max_size=3), st.integers(1, 14), values(400), st.none() | values(400))
@MANY
def test_every_post_of_many_is_within_discords_limits(
    some: list[Told], times: int, heading: str, matching: str | None
) -> None:
    view = together(some * times, post=10**18 - 1, heading=heading, matching=matching, role=2**63, guild=2**63)
    assert_within_limits(view)
    for line in "\n".join(texts(view)).splitlines():
        assert depths(line)[-1] == 0


def test_the_longest_post_keeps_its_quotes_and_its_buttons() -> None:
    heard = (Approximation("|" * 500, ("[" * 500,) * 9),) * 9
    told = Told("*" * 5000, WORST, quotes=(LONG,) * 9, moments=(LONG,) * 9, heard=heard)
    for matching in (None, "<@1>" * 200):
        view = one(told, post=10**18 - 1, matching=matching, role=2**63, guild=2**63, server="*" * 100)
        assert_within_limits(view)
        assert len(texts(view)) == 6
        assert min(map(len, texts(view)[1:])) > 50
        assert labels(view) == ["Ask about this", "▶ Watch"]
        assert_within_limits(
            together([told] * 60, post=1, heading="~" * 5000, matching=matching, guild=2**63, server="*" * 100)
        )
    assert_within_limits(one(Told("~" * 5000, None), post=1))
    assert_within_limits(together([Told("~" * 5000, None)] * 60, post=1, heading="h"))


def test_nothing_in_a_transcript_mentions_links_or_formats() -> None:
    bad = "<@1> <@&2> @everyone [x](https://example.org) **b** # <t:1:R>"
    details = Details(bad, speaker=bad, channel=bad, tags=(bad,), chapters=(Chapter(0, bad),))
    quote = replace(YEAST, details=details, text=bad, highlights=(), parts=(Part(0, len(bad), 0, bad),))
    told = Told(bad, replace(BREAD, details=details), (quote,), (quote,))
    views = [
        one(told, post=1),
        one(told, post=1, matching=bad, server=bad),
        one(Told(bad, None), post=1),
        together([told, Told(bad, None)], post=1, heading=bad, matching=bad),
    ]
    for view in views:
        said = re.sub(r"`[^`]*`", "", "\n".join(texts(view)))
        assert not re.search(r"(?<!\\)[<@]", said)
        assert not re.search(r"(?<!\\)\]\(", said)


def test_a_post_is_not_kept_in_memory_for_its_buttons() -> None:
    assert not one(TOLD, post=3).is_dispatchable()
    assert not together([TOLD], post=3, heading="h").is_dispatchable()


def test_every_id_in_a_post_is_known_again() -> None:
    ask = of_type(one(TOLD, post=3, guild=5), 2)[0]["custom_id"]
    match = re.fullmatch(announcements.ABOUT, ask)
    assert match is not None
    assert match.groupdict() == {"transcript": "7", "post": "3", "guild": "5"}
    menu = of_type(together([TOLD], post=3, heading="h"), 3)[0]["custom_id"]
    match = re.fullmatch(announcements.ABOUT_ONE, menu)
    assert match is not None
    assert match.groupdict() == {"post": "3", "guild": None}
