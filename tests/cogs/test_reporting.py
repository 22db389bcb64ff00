"""What was really said: reported by whoever reads a quote, from an answer's menu or below what Around opens."""

import re
from typing import Any

import discord
import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from cogs.rendering import corrections as rendering
from cogs.rendering.words import Row, plain
from cogs.reporting import PLACE, Report, moment_of
from store.corrections import proposing
from store.errors import DatabaseError
from store.models import Listed, Verdict
from tests.cogs.stage import BREAD, TIDES, Stage, buttons, components, shown, text, transcript

MENU = "Report a mistake"
DEALS = transcript(
    "[0:00] good morning everybody",
    "[0:05] today we talk about the cor weave deal",
    "[0:10] that was signed last year",
    title="Deals",
    url="https://www.youtube.com/watch?v=deals-2025x",
)
LINES = "good morning everybody\ntoday we talk about the cor weave deal\nthat was signed last year"
RIGHT = LINES.replace("cor weave", "CoreWeave")
THANKS = "Thank you! A moderator will look at it."


@pytest.fixture
async def answer(stage: Stage) -> ResponseMessage:
    await stage.library.ingest(stage.here.guild.id, DEALS, "deals.md")
    return await asked(stage, "deal")


async def asked(stage: Stage, question: str) -> ResponseMessage:
    result = await stage.here.member.slash(stage.here.channel, "ask", question=question)
    assert result.response is not None
    return result.response


async def around(stage: Stage, answer: ResponseMessage) -> ResponseMessage:
    opened = await stage.here.member.click(answer, label="Around")
    assert opened.response is not None
    return opened.response


async def menu(
    stage: Stage, message: ResponseMessage | discord.Message, by: simcord.MemberActor | None = None
) -> InteractionResult:
    return await (by or stage.here.member).context_menu(stage.here.channel, MENU, message)


def field(opened: InteractionResult) -> str:
    """What a form says before it is changed."""
    assert opened.modal is not None, shown(opened)
    return next(str(one["value"]) for one in walked(opened.modal["components"]) if one.get("custom_id") == "text")


def walked(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    every: list[dict[str, Any]] = []
    for one in found:
        every.append(one)
        every += walked(one.get("components", []) or ([one["component"]] if "component" in one else []))
    return every


async def waiting(stage: Stage) -> list[list[tuple[str, str]]]:
    page = await stage.library.corrections.page(stage.here.guild.id, Listed.WAITING)
    return [[(one.was, one.now) for one in found.captions] for found in page.found]


async def report(stage: Stage, answer: ResponseMessage, said: str = RIGHT) -> InteractionResult:
    return await stage.here.member.submit_modal(await menu(stage, answer), {"text": said})


async def test_the_menu_of_an_answer_opens_a_form_with_what_is_quoted_line_by_line(
    stage: Stage, answer: ResponseMessage
) -> None:
    opened = await menu(stage, answer)
    assert opened.modal is not None
    assert opened.modal["title"] == "What was really said?"
    assert field(opened) == LINES
    done = await stage.here.member.submit_modal(opened, {"text": RIGHT})
    assert shown(done).startswith(THANKS)
    assert done.ephemeral
    assert await waiting(stage) == [
        [("today we talk about the cor weave deal", "today we talk about the CoreWeave deal")]
    ]
    assert not stage.env.errors


async def test_below_what_around_opens_a_button_reports_all_that_is_shown(
    stage: Stage, answer: ResponseMessage
) -> None:
    excerpt = await around(stage, answer)
    assert [one["label"] for one in buttons(excerpt)][-1] == "Report"
    opened = await stage.here.member.click(excerpt, label="Report")
    assert field(opened) == LINES
    await stage.restart()
    opened = await stage.here.member.click(excerpt, label="Report")
    assert shown(await stage.here.member.submit_modal(opened, {"text": RIGHT})).startswith(THANKS)


async def test_of_several_quotes_one_is_chosen_first(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    answer = await asked(stage, "yeast moon")
    opened = await menu(stage, answer)
    assert shown(opened) == "Which of these quotes isn't what was said?"
    assert opened.ephemeral
    (choice,) = [one for one in components(opened.response) if one["type"] == 3]
    assert len(choice["options"]) == 2
    assert {one["description"].partition(" · ")[2] for one in choice["options"]} == {
        "How bread rises",
        "Why there are tides",
    }
    await stage.restart()
    assert opened.response is not None
    tides = next(one["value"] for one in choice["options"] if "tides" in one["description"])
    chosen = await stage.here.member.select(opened.response, values=[tides], custom_id="report-one")
    assert field(chosen).startswith("the moon pulls the sea towards it")


async def test_a_form_whose_lines_were_joined_is_understood(stage: Stage, answer: ResponseMessage) -> None:
    await report(stage, answer, RIGHT.replace("\n", " "))
    assert await waiting(stage) == [
        [("today we talk about the cor weave deal", "today we talk about the CoreWeave deal")]
    ]


async def test_where_nothing_was_changed_it_says_so(stage: Stage, answer: ResponseMessage) -> None:
    done = await report(stage, answer, LINES)
    assert shown(done) == "Nothing was changed; write what was really said in place of what is wrong."
    assert done.ephemeral
    assert await waiting(stage) == []


async def test_what_is_far_longer_is_refused_in_a_sentence(stage: Stage, answer: ResponseMessage) -> None:
    done = await report(stage, answer, LINES + " and more" * 50)
    assert shown(done).startswith("A caption may become 200 characters longer, and “that was signed last year and more")


async def test_the_same_is_thanked_for_and_kept_once(stage: Stage, answer: ResponseMessage) -> None:
    await report(stage, answer)
    opened = await menu(stage, answer, stage.here.moderator)
    done = await stage.here.moderator.submit_modal(opened, {"text": RIGHT})
    assert shown(done) == "Thank you! The same was reported before; a moderator will look at it."
    assert len(await waiting(stage)) == 1


async def test_who_is_too_quick_is_told_before_typing(
    stage: Stage, answer: ResponseMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "RECENT", 1)
    await report(stage, answer)
    refused = await menu(stage, answer)
    assert refused.modal is None
    assert shown(refused) == "You have reported a lot in a few minutes; wait ten minutes and go on."
    assert refused.ephemeral


@pytest.mark.usefixtures("answer")
async def test_a_message_without_a_quote_of_ours_has_nothing_to_report(stage: Stage) -> None:
    sentence = "There is no quote of mine in that message; open the menu of an answer that has quotes."
    theirs = await stage.here.member.send(stage.here.channel, "around:1:0:1:0:5000:00000000:30")
    assert shown(await menu(stage, theirs)) == sentence
    nothing = await asked(stage, "zebra")
    assert shown(await menu(stage, nothing)) == sentence


async def test_a_transcript_that_is_gone_is_said_to_be(stage: Stage, answer: ResponseMessage) -> None:
    opened = await menu(stage, answer)
    await stage.library.remove(stage.here.guild.id, "1")
    gone = "That transcript is no longer in this library."
    assert shown(await menu(stage, answer)) == gone
    assert shown(await stage.here.member.submit_modal(opened, {"text": RIGHT})) == gone


async def test_a_transcript_that_was_replaced_is_reported_as_it_is_now(stage: Stage, answer: ResponseMessage) -> None:
    opened = await menu(stage, answer)
    await stage.library.ingest(stage.here.guild.id, DEALS.replace(b"cor weave", b"core wave"), "deals.md")
    done = await stage.here.member.submit_modal(opened, {"text": RIGHT})
    assert shown(done) == ("That transcript was replaced meanwhile and no longer says that; look at what it says now.")
    assert field(await menu(stage, answer)) == LINES.replace("cor weave", "core wave")


async def test_a_full_disk_is_said_to_the_reporter_alone(
    stage: Stage, answer: ResponseMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = "The disk is full: nothing was changed; free some space and try again."

    async def fails(*_: object, **__: object) -> None:
        raise DatabaseError(full)

    monkeypatch.setattr(proposing, "keep", fails)
    done = await report(stage, answer)
    assert (shown(done), done.ephemeral) == (full, True)
    assert len(stage.here.channel.history()) == 1


async def test_moderators_are_told_in_their_channel_without_a_ping(stage: Stage, answer: ResponseMessage) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    await stage.here.moderator.slash(stage.here.channel, "notifications", problems_channel=problems)
    await report(stage, answer)
    (told,) = problems.history()
    assert text(told).startswith("### ✎ Correction\n**[Deals](https://www.youtube.com/watch?v=deals-2025x&t=0s)**")
    assert f"reported by <@{stage.here.member.id}>" in text(told)
    assert "today we talk about the ~~cor weave~~ **CoreWeave** deal" in text(told)
    (sent,) = stage.sent(problems)
    assert sent["allowed_mentions"]["parse"] == []
    assert not sent["allowed_mentions"].get("users")
    assert [one["label"] for one in buttons(told)] == ["Approve", "Edit", "Reject"]
    await report(stage, answer)  # the same again, which is kept and told once
    assert len(problems.history()) == 1


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_where_discord_refuses_that_message_nothing_is_lost(
    stage: Stage, answer: ResponseMessage, status: int
) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    await stage.here.moderator.slash(stage.here.channel, "notifications", problems_channel=problems)
    stage.env.inject_error("POST", f"/channels/{problems.id}/messages", status=status, code=0, times=None)
    done = await report(stage, answer)
    assert shown(done).startswith(THANKS)
    assert len(await waiting(stage)) == 1
    listed = await stage.here.moderator.slash(stage.here.channel, "corrections")
    assert "~~cor weave~~ **CoreWeave**" in shown(listed)


async def test_what_is_approved_stands_below_the_quote_and_is_found(stage: Stage, answer: ResponseMessage) -> None:
    await report(stage, answer)
    assert "✎" not in text(await asked(stage, "deal"))
    done = await stage.library.corrections.approve(stage.here.guild.id, 1, by=stage.here.moderator.id)
    assert done.state is Verdict.APPROVED
    found = text(await asked(stage, "CoreWeave"))
    assert "today we talk about the **cor weave** deal that was signed last year" in found
    assert "\n> -# ✎ corrected: “cor weave” → **CoreWeave**" in found
    excerpt = await around(stage, await asked(stage, "CoreWeave"))
    assert "-# ✎ corrected: “cor weave” → **CoreWeave**" in text(excerpt).splitlines()
    counted = await stage.here.member.slash(stage.here.channel, "mentions", words="CoreWeave")
    assert counted.response is not None
    each = await stage.here.member.click(counted.response, label="Show each mention")
    assert "**cor weave** deal that was signed last year · ✎ corrected: “cor weave” → **CoreWeave**" in shown(each)


async def test_what_is_too_long_for_a_form_is_said_to_be(
    stage: Stage, answer: ResponseMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "MAX_FORM", 30)
    assert field(await menu(stage, answer)) == "good morning everybody"
    monkeypatch.setattr(rendering, "MAX_FORM", 10)
    assert shown(await menu(stage, answer)) == (
        "That passage is too long for a form; tell a moderator of the mistake instead."
    )


async def test_another_servers_quote_is_as_unknown_as_one_that_never_was(stage: Stage, answer: ResponseMessage) -> None:
    excerpt = await around(stage, answer)
    place = next(one["custom_id"] for one in buttons(excerpt) if one.get("label") == "Report")
    match = re.fullmatch(f"report:{PLACE}", place)
    assert match is not None
    row = Row()
    row.add_item(Report(moment_of(match)))
    channel = stage.bot.get_partial_messageable(stage.there.channel.id)
    forged = await channel.send(view=plain("forged", [row]))
    told = await stage.there.member.click(forged, label="Report")
    assert shown(told) == "That transcript is no longer in this library."
