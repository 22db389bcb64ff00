"""The button under each quote: what was said around it, for whoever presses it, for as long as the message is there."""

import re
from pathlib import Path

import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from bot.config import Config
from cogs.reading import Around
from cogs.rendering.words import Row, plain
from store.errors import DatabaseError
from store.library import Library
from store.models import Excerpt, Moment
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, links, moments, shown, staged, text, transcript

DAY = 24 * 3600.0
RESTING = Config(check_seconds=7 * DAY)  # a bot whose delivery loop doesn't come round in the days that pass
WATCH = "https://www.youtube.com/watch?v=bread-rises&t="
FULL = "The disk is full: nothing was changed; free some space and try again."
GONE = "That transcript is no longer in this library."
WORDS = "and so we talk on about this and that " * 4  # a cue that is a passage by itself
SECONDS = range(0, 1200, 15)


def said(second: int, word: str = "quokka") -> str:
    """Return the cue of a second of a talk of 20 minutes in which a word is said once, at 10:00."""
    return f"part {second} {word if second == 600 else 'nothing'} {WORDS}".strip()


def talk(word: str = "quokka", seconds: range = SECONDS) -> bytes:
    lines = (f"[{second // 60}:{second % 60:02}] {said(second, word)}" for second in seconds)
    return transcript(*lines, extra='speaker: "Ada Miller"')


async def asked(server: Server, question: str = "quokka", **options: object) -> ResponseMessage:
    result = await server.member.slash(server.channel, "ask", question=question, **options)
    assert result.response is not None
    return result.response


def labels(message: ResponseMessage | None) -> list[str]:
    return [found["label"] for found in buttons(message)]


async def press(presser: simcord.MemberActor, message: ResponseMessage, label: str = "Around") -> ResponseMessage:
    """Press a button and return what it opened; the message itself, where it was changed in place."""
    result = await presser.click(message, label=label)
    assert result.response is not None
    return result.response


@pytest.fixture
async def answer(stage: Stage) -> ResponseMessage:
    await stage.library.ingest(stage.here.guild.id, talk(), "talk.md")
    return await asked(stage.here)


async def test_each_quote_has_a_button_beside_its_link(answer: ResponseMessage) -> None:
    assert labels(answer) == ["Around"]
    assert moments(answer)["▶ 10:00"] == f"{WATCH}600s"


async def test_a_press_shows_30_seconds_before_and_after_with_the_quote_marked(
    stage: Stage, answer: ResponseMessage
) -> None:
    found = await press(stage.here.member, answer)
    assert text(found).splitlines() == [
        "### How bread rises",
        "-# 9:30 – 10:45 · Ada Miller",
        f"{said(570)} {said(585)}",
        f"> **{said(600)}**",
        f"{said(615)} {said(630)}",
    ]
    assert not stage.env.errors


async def test_an_excerpt_has_links_to_the_quote_and_to_its_own_beginning(
    stage: Stage, answer: ResponseMessage
) -> None:
    found = await press(stage.here.member, answer)
    assert labels(found) == ["▶ 10:00", "▶ From 9:30", "Wider", "Report"]
    assert links(found) == {"▶ 10:00": f"{WATCH}600s", "▶ From 9:30": f"{WATCH}570s"}


async def test_wider_shows_twice_the_seconds_in_the_same_message(stage: Stage, answer: ResponseMessage) -> None:
    found = await press(stage.here.member, answer)
    assert (await press(stage.here.member, found, "Wider")).id == found.id
    assert "-# 9:00 – 11:15 · Ada Miller" in text(found)
    assert f"\n> **{said(600)}**\n" in text(found)
    assert labels(found) == ["▶ 10:00", "▶ From 9:00", "Wider", "Report"]


async def test_wider_goes_on_until_the_message_is_full_and_says_so(stage: Stage, answer: ResponseMessage) -> None:
    found = await press(stage.here.member, answer)
    spans = [text(found).splitlines()[1]]
    while "Wider" in labels(found):
        await press(stage.here.member, found, "Wider")
        spans.append(text(found).splitlines()[1])
    assert spans == [
        f"-# {span} · Ada Miller" for span in ("9:30 – 10:45", "9:00 – 11:15", "8:00 – 12:15", "7:45 – 12:15")
    ]
    assert text(found).endswith("\n-# One message can't show more; the video can.")
    assert len(text(found)) <= 4000


async def test_a_whole_transcript_says_that_it_is_and_has_no_wider_button(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await asked(stage.here, "yeast")
    found = await press(stage.here.member, answer)
    assert text(found).endswith("\n-# This is the whole transcript.")
    assert labels(found) == ["▶ 0:00", "Report"]


async def test_everyone_who_sees_an_answer_may_press_and_sees_the_excerpt_alone(
    stage: Stage, answer: ResponseMessage
) -> None:
    found = await press(stage.here.moderator, answer)
    assert found.ephemeral
    assert f"> **{said(600)}**" in text(found)
    assert [message.id for message in stage.here.channel.history(viewer=stage.here.member)] == [answer.id]
    assert len(stage.here.channel.history(viewer=stage.here.moderator)) == 2


async def test_a_private_answer_has_the_same_buttons(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, talk(), "talk.md")
    answer = await asked(stage.here, private=True)
    found = await press(stage.here.member, answer)
    assert f"> **{said(600)}**" in text(found)
    assert labels(answer)[0] == "Around"


async def test_buttons_work_after_a_restart_and_after_a_day(stage: Stage, answer: ResponseMessage) -> None:
    await stage.restart(RESTING)
    await stage.env.advance_time(DAY + 1)
    found = await press(stage.here.moderator, answer)
    assert f"> **{said(600)}**" in text(found)
    await stage.restart()
    await press(stage.here.moderator, found, "Wider")
    assert "-# 9:00 – 11:15" in text(found)
    assert not stage.env.errors


async def test_a_transcript_that_was_replaced_shows_what_it_says_now_and_that_it_changed(
    stage: Stage, answer: ResponseMessage
) -> None:
    await stage.library.ingest(stage.here.guild.id, talk("wombat"), "talk.md")
    found = await press(stage.here.member, answer)
    changed = "This transcript was replaced since it was quoted; this is what it says there now."
    assert text(found).splitlines()[2] == changed
    assert f"> **{said(600, 'wombat')}**" in text(found)
    assert "quokka" not in text(found)
    await press(stage.here.member, found, "Wider")
    assert changed in text(found)


async def test_a_new_version_that_ends_before_the_quote_is_said_in_a_sentence(
    stage: Stage, answer: ResponseMessage
) -> None:
    await stage.library.ingest(stage.here.guild.id, talk(seconds=range(0, 300, 15)), "talk.md")
    found = await press(stage.here.member, answer)
    assert text(found) == "That transcript was replaced since, and its new version ends before 10:00."
    assert found.ephemeral


async def test_a_transcript_that_was_removed_is_said_to_be_gone(stage: Stage, answer: ResponseMessage) -> None:
    found = await press(stage.here.member, answer)
    await stage.library.remove(stage.here.guild.id, "1")
    assert text(await press(stage.here.member, answer)) == GONE
    widened = await stage.here.member.click(found, label="Wider")
    assert [text(told) for told in widened.followups] == [GONE]
    assert all(told.ephemeral for told in widened.followups)
    assert f"> **{said(600)}**" in text(found)


async def test_another_servers_moment_is_as_unknown_as_one_that_never_was(stage: Stage) -> None:
    done = await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    for transcript_id in (done.entry.id, 99):
        moment = Moment(transcript_id, 0, 1, 0, 7000, done.entry.content)
        row = Row()
        row.add_item(Around("Around 0:00", moment, 30))
        channel = stage.bot.get_partial_messageable(stage.there.channel.id)
        message = await channel.send(view=plain("forged", [row]))
        told = await stage.there.member.click(message, label="Around 0:00")
        assert shown(told) == GONE


async def test_each_button_opens_the_quote_beside_it(stage: Stage) -> None:
    other = transcript(
        "[0:00] yeast is alive and sleeps in the cold", url="https://www.youtube.com/watch?v=bread-rise2"
    )
    for data in (BREAD, other):
        await stage.library.ingest(stage.here.guild.id, data, "bread.md")
    answer = await asked(stage.here, "yeast")
    assert labels(answer) == ["Around", "Around"]
    opened = [await stage.here.member.click(answer, custom_id=found["custom_id"]) for found in buttons(answer)]
    assert ["sleeps in the cold" in shown(found) for found in opened].count(True) == 1


async def test_a_transcript_without_a_link_has_the_time_and_the_wider_button_alone(stage: Stage) -> None:
    data = talk().replace(b"video_url", b"link_of_nothing")
    await stage.library.ingest(stage.here.guild.id, data, "talk.md")
    found = await press(stage.here.member, await asked(stage.here))
    assert labels(found) == ["Wider", "Report"]
    assert "-# 9:30 – 10:45, the quote at 10:00 · Ada Miller" in text(found)


async def test_words_around_a_quote_can_neither_format_nor_ping(stage: Stage) -> None:
    lines = ["[0:00] @everyone **look** <@1>", f"[0:05] the _quokka_ {WORDS}", "[0:10] - [x](https://evil.example)"]
    await stage.library.ingest(stage.here.guild.id, transcript(*lines), "x.md")
    answer = await asked(stage.here)
    found = await press(stage.here.member, answer)
    assert r"\@everyone \*\*look\*\* \<\@1\>" in text(found)
    assert r"the \_quokka\_" in text(found)
    assert r"\[x\](https\://evil.example)" in text(found)


class Failing(Library):
    """A library whose disk is full at 30 seconds, and that has a bug at more."""

    async def around(self, guild_id: int, moment: Moment, *, seconds: int = 30, **_: object) -> Excerpt:
        del guild_id, moment
        if seconds == 30:
            raise DatabaseError(FULL)
        raise RuntimeError("a bug in the wider one")


async def test_a_failing_database_is_said_to_the_presser_alone(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Failing) as stage:
        await stage.library.ingest(stage.here.guild.id, talk(), "talk.md")
        answer = await asked(stage.here)
        told = await press(stage.here.moderator, answer)
        assert text(told) == FULL
        assert told.ephemeral
        assert len(stage.here.channel.history(viewer=stage.here.member)) == 1


async def test_a_bug_behind_a_button_shows_only_a_reference(
    stage: Stage, answer: ResponseMessage, caplog: pytest.LogCaptureFixture
) -> None:
    found = await press(stage.here.member, answer)
    await stage.restart(kind=Failing)
    pressed: InteractionResult = await stage.here.member.click(found, label="Wider")
    assert re.search(r"the reference [0-9a-f]{6}", "".join(map(text, pressed.followups)))
    assert "a bug in the wider one" in caplog.text


async def test_what_a_button_opens_is_in_the_language_of_who_presses(stage: Stage, answer: ResponseMessage) -> None:
    stage.speak(stage.here.moderator, "ja")
    excerpt = await press(stage.here.moderator, answer)
    assert "範囲を広げる" in labels(excerpt)
    assert "Wider" in labels(await press(stage.here.member, answer))
