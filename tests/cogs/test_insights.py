"""/insights: for moderators, what is asked in vain, what most, and which transcripts answer; never who asked."""

import csv
import io
from dataclasses import replace

import pytest
from simcord.results import InteractionResult, ResponseMessage

from cogs.insights import InsightsPage
from cogs.rendering.insights import Show
from cogs.rendering.words import MAX_COMPONENTS, Row, plain
from store.errors import DatabaseError
from store.insights.recording import Insights
from tests.cogs.stage import BREAD, PROMPT, TIDES, Server, Stage, buttons, components, shown, text, transcript, votes
from tests.cogs.test_reading import asked

EMPTY = "Nobody has asked anything in public in the last 30 days."
OFF = "No question is recorded in this server. `/insights record:` turns that on."


async def insights(server: Server, **options: object) -> InteractionResult:
    return await server.moderator.slash(server.channel, "insights", **options)


def numbered(line: str) -> bool:
    return line.startswith("**") and line[2].isdigit()


async def page(server: Server, show: Show | None = None) -> ResponseMessage:
    found = (await insights(server, **({"show": show.value} if show else {}))).response
    assert found is not None
    return found


@pytest.fixture
async def curious(stage: Stage) -> Stage:
    """A server in which something was asked, and one answer was voted down."""
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    for question in ("zeppelins", "yeast in a zeppelin", "what does the yeast eat", "is yeast eating?", "the moon"):
        await asked(stage.here, question)
    answer = await asked(stage.here, "spring tides")
    pressed = await stage.here.moderator.click(answer, custom_id=votes(answer)["👎"])
    await stage.here.moderator.submit_modal(pressed, {"note": "it is *about* springs"})
    return stage


async def test_what_failed_is_shown_first_with_how_often_and_why(curious: Stage) -> None:
    result = await insights(curious.here)
    assert result.ephemeral
    said = "6 questions in the last 30 days · 1 found nothing · 1 with words nobody said"
    assert text(result.response).splitlines() == [
        "### Insights",
        f"-# {said} · 👎\u00a01 · 2 of 2 transcripts quoted",
        "**1. “zeppelin”** · asked 2 times",
        "-# nobody said that · last as “yeast in a zeppelin”",
        "**2. spring tides** · asked once",
        "-# 👎\u00a01",
        "> it is \\*about\\* springs",
    ]
    assert not curious.env.errors


async def test_what_is_asked_most_and_what_is_quoted_most_are_lists_of_their_own(curious: Stage) -> None:
    most = text(await page(curious.here, Show.ASKED)).splitlines()
    assert most[2] == "**1. is yeast eating?** · asked 2 times"
    assert "spring tides** · asked once · 👎\u00a01" in "\n".join(most)
    quoted = text(await page(curious.here, Show.QUOTED)).splitlines()[2:]
    assert quoted[0].startswith("**1.** **[How bread rises](")
    assert quoted[1] == "-# in 3 answers · Ada Miller · 2025-03-01"


async def test_in_japanese_words_stand_between_its_own_quotation_marks(curious: Stage) -> None:
    curious.speak(curious.here.moderator, "ja")
    assert text(await page(curious.here)).splitlines()[2].startswith("**1. 「zeppelin」**")


async def test_buttons_change_the_list_in_its_place_also_after_a_restart(curious: Stage) -> None:
    found = await page(curious.here)
    assert [button["label"] for button in buttons(found)] == ["Not found", "Asked most", "Quoted most"]
    await curious.restart()
    await curious.here.moderator.click(found, label="Quoted most")
    assert "**1.** **[How bread rises](" in text(found)
    assert [button["style"] for button in buttons(found)] == [2, 2, 1]
    assert not curious.env.errors


async def test_a_long_list_has_pages(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await stage.library.ask(stage.here.guild.id, "yeast")
    for number in range(19):
        one = replace(answer, question=f"yeast {number}", gist=f"{number:02}", quotes=())
        await stage.library.insights.note(stage.here.guild.id, f"{number}", one)
    found = await page(stage.here)
    seen = [line for line in text(found).splitlines() if numbered(line)]
    while (more := next(button for button in buttons(found) if button["label"] == "More ▶")) and not more["disabled"]:
        await stage.here.moderator.click(found, label="More ▶")
        seen += [line for line in text(found).splitlines() if numbered(line)]
    assert [line.partition(".")[0].strip("*") for line in seen] == [str(number) for number in range(1, 20)]
    assert len(set(seen)) == 19
    await stage.here.moderator.click(found, label="◀ Back")
    assert text(found).splitlines()[2].startswith("**9. ")


async def test_a_page_that_is_gone_is_the_first_one(curious: Stage) -> None:
    row = Row()
    row.add_item(InsightsPage("more", Show.MISSED, 80))
    row.add_item(InsightsPage("more", Show.QUOTED, 80))
    message = await curious.bot.get_partial_messageable(curious.here.channel.id).send(view=plain("x", [row]))
    for show, first in (("missed", "**1. “zeppelin”**"), ("quoted", "**1.** **[How bread")):
        await curious.here.moderator.click(message, custom_id=f"insights:more:{show}:80")
        (changed,) = [m for m in curious.here.channel.history() if m.id == message.id]
        assert text(changed).splitlines()[2].startswith(first)
        await changed.edit(view=plain("x", [row]))


async def test_a_member_may_neither_call_it_nor_press_in_it(curious: Stage) -> None:
    assert "insights" not in curious.here.member.available_commands(curious.here.channel)
    row = Row()
    row.add_item(InsightsPage("list", Show.MISSED))
    message = await curious.bot.get_partial_messageable(curious.here.channel.id).send(view=plain("x", [row]))
    said = await curious.here.member.click(message, custom_id="insights:list:missed:0")
    assert shown(said) == "You don't have the permission to do that here."


async def test_an_empty_list_says_what_it_will_be(stage: Stage) -> None:
    assert shown(await insights(stage.here)).startswith(EMPTY)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await asked(stage.here, "yeast")
    said = shown(await insights(stage.here))
    assert said.endswith("Every question found what it asked for, and no answer was voted down.")
    assert shown(await insights(stage.there)).startswith(EMPTY)


async def test_a_word_that_may_be_another_one_here_has_a_button_that_finds_it_too(stage: Stage) -> None:
    data = transcript("[0:01] then Winstanley built the tower", "[0:30] of stone")
    await stage.library.ingest(stage.here.guild.id, data, "light.md")
    for question in ("Windstanly", "the tower of Windstanly", "the towers of the windstanly"):
        await asked(stage.here, question)
    found = await page(stage.here)
    assert "\n-# “windstanly” may be “Winstanley” here" in text(found)
    (press,) = [button["label"] for button in buttons(found) if button["label"].startswith("Also")]
    assert press == "Also find “Winstanley”"
    await stage.restart()
    said = await stage.here.moderator.click(found, label=press)
    assert shown(said).startswith("**windstanly** is also heard as “Winstanley”.")
    assert said.ephemeral
    assert "**Winstanley**" in text(await asked(stage.here, "Windstanly"))
    await asked(stage.here, "Windstanly and the zeppelin")
    assert "**1. Windstanly** · asked 4 times\n-# by now it is found\n**2. “zeppelin”**" in text(await page(stage.here))
    assert not stage.env.errors


async def test_what_is_found_by_now_is_said_to_be(curious: Stage) -> None:
    data = transcript("[0:01] the zeppelin rises as bread does", "[0:30] slowly", title="Air", url=None)
    await curious.library.ingest(curious.here.guild.id, data, "air.md")
    assert "**1. “zeppelin”** · asked 2 times\n-# by now it is found · last as" in text(await page(curious.here))


async def test_what_a_part_of_the_library_does_not_say_is_said_to_be_elsewhere(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    await asked(stage.here, "the moon", video="How bread rises")
    assert "**1. the moon** · asked once\n-# found elsewhere" in text(await page(stage.here))


async def test_questions_and_notes_can_neither_format_nor_ping(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await asked(stage.here, "**yeast** @everyone <@1> [x](http://y.example)")
    pressed = await stage.here.member.click(answer, custom_id=votes(answer)["👎"])
    await stage.here.member.submit_modal(pressed, {"note": "# @here <#5> ||x||"})
    said = text(await page(stage.here))
    assert "last as “\\*\\*yeast\\*\\* \\@everyone \\<\\@1\\> \\[x\\](http\\://y.example)”" in said
    assert "\n> \\# \\@here \\<#5\\> \\|\\|x\\|\\|" in said


async def test_the_fullest_page_is_within_discords_limits(stage: Stage) -> None:
    names = ["Winstanley", "Massachusetts", "Eddystone", "Tarrant", "Rosalind", "Fresnel", "Penhallow", "Nantucket"]
    data = transcript(*(f"[0:{at:02}] and {name} is *here*" for at, name in enumerate(names)))
    await stage.library.ingest(stage.here.guild.id, data, "light.md")
    for name in names:
        typed = f"{name[:-3]}{name[-3]}{name[-3:]}"  # a letter twice
        for number, way in enumerate(("`*_~|" * 60, "<@1> [x](y) " * 25)):
            answer = await stage.library.ask(stage.here.guild.id, f"{name} {way}")
            missing = (typed, *(f"{'*' * 70}{number}{at}" for at in range(6)))
            await stage.library.insights.note(
                stage.here.guild.id, f"{name}{number}", replace(answer, not_found=missing)
            )
            for member in (1, 2, 3):
                note = f"{number}{'_' * 299}"
                await stage.library.insights.explain(stage.here.guild.id, f"{name}{number}", member, note)
    for show in Show:
        found = await page(stage.here, show)
        assert len(text(found)) <= 4000
        assert len(components(found)) <= MAX_COMPONENTS
    assert not stage.env.errors


async def test_moderators_turn_it_off_and_what_was_recorded_is_deleted(curious: Stage) -> None:
    said = shown(await insights(curious.here, record="off"))
    assert said.startswith("I record no question here any more, and have deleted those that were recorded")
    assert shown(await insights(curious.here)) == OFF
    assert shown(await insights(curious.here, export=True)) == OFF
    assert votes(await asked(curious.here, "yeast")) == {}
    assert shown(await insights(curious.here, record="on")).startswith("From now on I record what is asked in public")
    assert shown(await insights(curious.here)).startswith(EMPTY)
    await asked(curious.here, "yeast")
    assert "**1. yeast** · asked once" in text(await page(curious.here, Show.ASKED))


async def test_where_the_operator_turned_it_off_it_says_so(curious: Stage) -> None:
    await curious.restart(replace(PROMPT, insights=False))
    off = "Whoever runs this bot has turned insights off: no question is recorded, and no vote."
    for options in ({}, {"record": "on"}, {"export": True}):
        assert shown(await insights(curious.here, **options)) == off
    await curious.restart(PROMPT)
    assert shown(await insights(curious.here)).startswith(EMPTY)


async def test_all_of_it_is_sent_as_a_table_that_computes_nothing(curious: Stage) -> None:
    await asked(curious.here, '=HYPERLINK("http://x.example")')
    result = await insights(curious.here, export=True)
    assert shown(result).startswith("What was asked in the last 30 days, each question once; nothing says who asked.")
    (attached,) = [file for message in result.followups for file in message.attachments]
    data = curious.env.attachment_bytes(attached) if hasattr(curious.env, "attachment_bytes") else None
    if data is None:
        data = await attached.read()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["question", "times", "nothing found", "words nobody said", "👍", "👎", "notes"]
    assert rows[1] == ["is yeast eating?", "2", "0", "", "0", "0", ""]
    assert ["spring tides", "1", "0", "", "0", "1", "it is *about* springs"] in rows
    assert any(row[0].startswith("'=HYPERLINK") for row in rows)


async def test_an_export_of_nothing_says_so(stage: Stage) -> None:
    said = shown(await insights(stage.here, export=True))
    assert said == "Nobody has asked anything in public in the last 30 days; there is nothing to export."


async def test_a_database_that_fails_is_told_to_the_moderator_alone(
    curious: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(Insights, "record", full)
    monkeypatch.setattr(Insights, "tally", full)
    for options in ({}, {"record": "off"}):
        failed = await insights(curious.here, **options)
        assert (shown(failed), failed.ephemeral) == ("The disk is full.", True)


async def test_a_bot_starts_although_what_is_too_old_can_not_be_forgotten(
    curious: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(Insights, "tidy", full)
    await curious.restart()
    assert "Recorded questions could not be tidied: The disk is full." in caplog.text
    assert "zeppelin" in text(await page(curious.here))
