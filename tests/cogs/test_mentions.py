"""/mentions: how often something was said, its buttons and menus, and the button below an /ask that asks for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from simcord.results import InteractionResult, ResponseMessage

from cogs.mentions import MentionsIn, MentionsMenu, MentionsOf
from cogs.rendering import chart
from cogs.rendering.words import Row, plain
from store.library import Library
from store.models import Asked, Filters, Mentions
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, components, links, shown, staged, text, transcript
from tests.cogs.test_reading import labels, press

FORGOTTEN = "That question is no longer kept; ask it again with `/ask`."
ROW = 'speaker: "Ada Miller"\ndate: "2024-0{}-01"\nduration: "01:00:00"'


def talk(number: int, times: int) -> bytes:
    """Write a talk that says the quokka so often, once a minute."""
    lines = [f"[{minute}:00] now part {minute} where a quokka sits down" for minute in range(times)]
    url = f"https://www.youtube.com/watch?v=talk-{number:06}"
    return transcript(*lines, "[59:00] bye", title=f"Talk {number}", url=url, extra=ROW.format(number))


@pytest.fixture
async def shelf(stage: Stage) -> Stage:
    for number, times in ((1, 23), (2, 3)):
        await stage.library.ingest(stage.here.guild.id, talk(number, times), "talk.md")
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    return stage


async def mentions(server: Server, words: str = "quokka", **options: Any) -> InteractionResult:
    return await server.member.slash(server.channel, "mentions", words=words, **options)


async def response(server: Server, words: str = "quokka", **options: Any) -> ResponseMessage:
    result = await mentions(server, words, **options)
    assert result.response is not None
    return result.response


def menu(message: ResponseMessage) -> dict[str, Any]:
    (found,) = (component for component in components(message) if component["type"] == 3)
    return found


async def choose(stage: Stage, message: ResponseMessage, title: str) -> ResponseMessage:
    """Choose a transcript in a message's menu and return what it opened."""
    found = menu(message)
    (value,) = (option["value"] for option in found["options"] if option["label"] == title)
    result = await stage.here.member.select(message, [value], custom_id=found["custom_id"])
    assert result.response is not None
    return result.response


async def test_mentions_are_counted_by_transcript_with_a_link_to_the_first(shelf: Stage) -> None:
    message = await response(shelf.here)
    assert not message.ephemeral
    assert text(message).splitlines() == [
        "### “quokka” was said 26 times in 2 of 3 transcripts",
        "-# first [▶ 0:00](https://www.youtube.com/watch?v=talk-000001&t=0s) · 2024-01-01 · Talk 1",
        "-# last [▶ 2:00](https://www.youtube.com/watch?v=talk-000002&t=120s) · 2024-02-01 · Talk 2",
        "**Talk 1**",
        "-# 23 times · Ada Miller · 2024-01-01",
        "**Talk 2**",
        "-# 3 times · Ada Miller · 2024-02-01",
    ]
    assert links(message) == {"▶ 0:00": "https://www.youtube.com/watch?v=talk-000002&t=0s"}
    assert [option["label"] for option in menu(message)["options"]] == ["Talk 1", "Talk 2"]
    assert not shelf.env.errors


async def test_a_picture_shows_the_mentions_with_words_for_who_cannot_see_it(shelf: Stage) -> None:
    (gallery,) = (found for found in components(await response(shelf.here)) if found["type"] == 12)
    assert gallery["items"][0]["description"] == "Mentions by month of publication, 2024-01 to 2024-02: 23, 3"


async def test_without_a_drawing_library_characters_take_its_place(
    shelf: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart, "png", lambda _: None)
    message = await response(shelf.here)
    assert "\n`2024-01 ▇▂ 2024-02`\n" in text(message)
    assert not [found for found in components(message) if found["type"] == 12]


async def test_the_menu_lists_each_mention_page_by_page_for_who_chose_alone(shelf: Stage) -> None:
    message = await response(shelf.here)
    page = await choose(shelf, message, "Talk 1")
    assert page.ephemeral
    lines = text(page).splitlines()
    assert lines[:2] == ["### “quokka” in Talk 1", "-# mentions 1 to 10 of 23 · Ada Miller · 2024-01-01"]
    assert lines[3].startswith("[▶ 1:00](https://www.youtube.com/watch?v=talk-000001&t=60s) ")
    assert lines[3].endswith("now part 1 where a **quokka** sits down now part 2 where a quokka sits down")
    assert (await press(shelf.here.member, page, "More ▶")).id == page.id
    assert "-# mentions 11 to 20 of 23" in text(page)
    await press(shelf.here.member, page, "More ▶")
    assert "-# mentions 21 to 23 of 23" in text(page)
    assert [found["disabled"] for found in buttons(page)] == [False, True]
    await press(shelf.here.member, page, "◀ Back")
    assert "-# mentions 11 to 20 of 23" in text(page)
    assert not shelf.env.errors


async def test_a_member_who_uses_discord_in_japanese_is_told_of_mentions_in_japanese(shelf: Stage) -> None:
    shelf.speak(shelf.here.member, "ja")
    message = await response(shelf.here)
    assert text(message).splitlines()[0] == "### 「quokka」は3件中2件の文字起こしで26回言及されています"
    assert menu(message)["placeholder"] == "言及を見る文字起こしを選ぶ"
    page = await choose(shelf, message, "Talk 1")
    assert text(page).splitlines()[:2] == [
        "### Talk 1での「quokka」",
        "-# 言及23回のうち1〜10回目 · Ada Miller · 2024-01-01",
    ]
    assert [found["label"] for found in buttons(page)] == ["◀ 戻る", "続き ▶"]


async def test_a_single_transcript_has_a_button_in_place_of_a_menu(shelf: Stage) -> None:
    message = await response(shelf.here, "yeast")
    assert labels(message) == ["▶ 0:07", "Show each mention"]
    page = await press(shelf.here.moderator, message, "Show each mention")
    assert page.ephemeral
    assert "the **yeast** eats the sugar" in text(page)


async def test_mentions_work_after_a_restart(shelf: Stage) -> None:
    message = await response(shelf.here)
    await shelf.restart()
    page = await choose(shelf, message, "Talk 1")
    await shelf.restart()
    await press(shelf.here.member, page, "More ▶")
    assert "-# mentions 11 to 20 of 23" in text(page)
    assert not shelf.env.errors


async def test_mentions_in_a_transcript_that_is_gone_say_so(shelf: Stage) -> None:
    message = await response(shelf.here)
    await shelf.library.remove(shelf.here.guild.id, "https://www.youtube.com/watch?v=talk-000001")
    assert text(await choose(shelf, message, "Talk 1")) == "That transcript is no longer in this library."


async def test_a_phrase_in_quotation_marks_is_counted_exactly(shelf: Stage) -> None:
    assert "“quokka sits” was said 26 times" in text(await response(shelf.here, "“quokka sits”"))
    assert "No transcript here says “sits quokka”" in text(await response(shelf.here, '"sits quokka"'))


async def test_mentions_can_be_narrowed_down_and_kept_private(shelf: Stage) -> None:
    message = await response(shelf.here, private=True, video="Talk 2")
    assert message.ephemeral
    assert text(message).startswith("### “quokka” was said 3 times in 1 transcript (in “Talk 2”)\n")
    choices = await shelf.here.member.autocomplete(shelf.here.channel, "mentions", "video", "Talk")
    assert [choice["name"] for choice in choices] == ["Talk 2", "Talk 1"]


async def test_a_stop_word_has_a_bounded_answer(shelf: Stage) -> None:
    assert "“a” was said 26 times" in text(await response(shelf.here, "a"))


async def test_a_word_that_is_said_everywhere_is_counted_and_shown_within_bounds(stage: Stage) -> None:
    lines = [f"[{at // 60}:{at % 60:02}] {'so ' * 200}{at}" for at in range(500)]
    await stage.library.ingest(stage.here.guild.id, transcript(*lines), "so.md")
    message = await response(stage.here, "so")
    assert "was said 100,000 times" in text(message)
    page = await press(stage.here.member, message, "Show each mention")
    assert "-# mentions 1 to 10 of 100,000" in text(page)


@pytest.mark.parametrize(
    ("words", "options", "sentence"),
    [
        ("?", {}, "There is no word in that; name a word"),
        ("—", {}, "There is no word in that; name a word"),
        ("x" * 401, {}, "That has 401 characters; please name at most 400."),
        ("quokka", {"video": "12345"}, "This library has no transcript “12345”; it has “"),
        ("quokka", {"after": "2099"}, "No transcript here passes these filters"),
    ],
)
async def test_what_cannot_be_counted_is_a_sentence_for_the_asker_alone(
    shelf: Stage, words: str, options: dict[str, str], sentence: str
) -> None:
    result = await mentions(shelf.here, words, **options)
    assert shown(result).startswith(sentence)
    assert result.ephemeral


async def test_nothing_found_has_no_buttons(shelf: Stage) -> None:
    message = await response(shelf.here, "x" * 400)
    assert text(message).startswith("No transcript here says “xxx")
    assert labels(message) == []


async def test_an_empty_library_says_how_to_fill_it(stage: Stage) -> None:
    assert "library is still empty" in text(await response(stage.here))


async def test_servers_count_only_what_is_theirs(shelf: Stage) -> None:
    assert text(await response(shelf.there)).startswith("No transcript here says “quokka”.")


async def test_another_servers_mentions_are_as_unknown_as_ones_that_never_were(shelf: Stage) -> None:
    await shelf.library.remember(shelf.here.guild.id, "token", Asked("quokka", Filters(), shelf.there.member.id))
    channel = shelf.bot.get_partial_messageable(shelf.there.channel.id)
    for button in (MentionsOf("x", "token"), MentionsOf("x", "other"), MentionsIn("x", "token", 1)):
        row = Row()
        row.add_item(button)
        message = await channel.send(view=plain("forged", [row]))
        told = await shelf.there.member.click(message, custom_id=button.custom_id)
        assert shown(told) == FORGOTTEN
        assert told.ephemeral


async def test_a_kept_question_opens_no_other_servers_transcript(shelf: Stage) -> None:
    await shelf.library.remember(shelf.there.guild.id, "token", Asked("quokka", Filters(), shelf.there.member.id))
    row = Row()
    row.add_item(MentionsIn("x", "token", 1))
    message = await shelf.bot.get_partial_messageable(shelf.there.channel.id).send(view=plain("forged", [row]))
    told = await shelf.there.member.click(message, label="x")
    assert shown(told) == "That transcript is no longer in this library."


def test_a_menu_holds_its_token_alone() -> None:
    assert MentionsMenu("token", []).custom_id == "saidin:token"


async def asked(server: Server, question: str, **options: Any) -> ResponseMessage:
    result = await server.member.slash(server.channel, "ask", question=question, **options)
    assert result.response is not None
    return result.response


@pytest.mark.parametrize(
    "question",
    ["how often is the quokka mentioned?", "when was the quokka first mentioned", "quokkaは何回出てきますか"],
)
async def test_a_question_for_counting_is_answered_with_quotes_and_a_button(shelf: Stage, question: str) -> None:
    answer = await asked(shelf.here, question)
    assert text(answer).startswith(f"### {question}\n**[Talk ")
    assert "**quokka**" in text(answer)
    assert "Mentions of “quokka”" in labels(answer)
    opened = await press(shelf.here.member, answer, "Mentions of “quokka”")
    assert opened.ephemeral
    assert text(opened).startswith("### “quokka” was said 26 times in 2 of 3 transcripts\n")
    page = await choose(shelf, opened, "Talk 2")
    assert "-# 3 mentions · Ada Miller" in text(page)
    assert not shelf.env.errors


async def test_the_button_keeps_the_questions_filters_and_outlives_a_restart(shelf: Stage) -> None:
    answer = await asked(shelf.here, "how often do they say quokka", video="Talk 2")
    await shelf.restart()
    opened = await press(shelf.here.member, answer, "Mentions of “quokka”")
    assert text(opened).startswith("### “quokka” was said 3 times in 1 transcript (in “Talk 2”)\n")


async def test_other_questions_and_unanswered_ones_have_no_such_button(shelf: Stage) -> None:
    for question in ("where does the quokka sit", "how often do they say zeppelin"):
        assert not [label for label in labels(await asked(shelf.here, question)) if label.startswith("Mentions")]


class Slow(Library):
    """A library that takes its time."""

    async def mentions(self, guild_id: int, words: str, *, filters: Filters | None = None) -> Mentions:
        await asyncio.sleep(0.1)
        return await super().mentions(guild_id, words, filters=filters)


@pytest.fixture
async def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr("cogs.searching.PATIENCE", 0.01)
    async with staged(tmp_path / "verbatim.db", kind=Slow) as stage:
        await stage.library.ingest(stage.here.guild.id, talk(1, 23), "talk.md")
        yield stage


async def test_slow_counting_is_acknowledged_in_time_and_answered_to_everyone(slow: Stage) -> None:
    before = len(slow.env.http_requests)
    await mentions(slow.here)
    assert slow.env.http_requests[before].json == {"type": 5, "data": {"flags": 64}}
    (public,) = slow.here.channel.history(viewer=slow.here.moderator)
    assert "“quokka” was said 23 times" in text(public)
    assert not slow.env.errors
