"""The two buttons under a public answer: one vote a member, the reason for a 👎, and what is recorded of a question."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import simcord
from simcord.results import InteractionResult, ResponseMessage

from cogs.rendering.words import MAX_COMPONENTS, Row, plain
from cogs.votes import Vote
from store.database import Reader
from store.errors import DatabaseError
from store.insights import rows
from store.insights.recording import Insights
from tests.cogs.stage import BREAD, PROMPT, TIDES, Stage, buttons, components, shown, staged, text, transcript, votes
from tests.cogs.test_reading import RESTING, asked, labels
from tests.cogs.test_reading_pages import fill

UP = "Thank you: your 👍 counts. Press it again to take it back."
DOWN = "Thank you: your 👎 counts. Press it again to take it back."
READ = "Thank you: moderators read what you wrote, without your name."
BACK = "Your vote is taken back."
OLD = "That answer is no longer kept, so it can't be voted on; ask again with `/ask`."
FULL = "The disk is full: nothing was changed; free some space and try again."


@pytest.fixture
async def answer(stage: Stage) -> ResponseMessage:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    return await asked(stage.here, "yeast")


async def press(member: simcord.MemberActor, answer: ResponseMessage, sign: str) -> InteractionResult:
    return await member.click(answer, custom_id=votes(answer)[sign])


async def counted(stage: Stage) -> tuple[int, int]:
    tally = await stage.library.insights.tally(stage.here.guild.id)
    return tally.up, tally.down


async def recorded(stage: Stage) -> int:
    return (await stage.library.insights.tally(stage.here.guild.id)).questions


async def test_a_public_answer_has_two_buttons_of_a_sign_alone(answer: ResponseMessage) -> None:
    assert list(votes(answer)) == ["👍", "👎"]
    assert labels(answer) == ["Around"]


async def test_whoever_sees_an_answer_may_vote_once_and_change_or_take_back_their_vote(
    stage: Stage, answer: ResponseMessage
) -> None:
    said = await press(stage.here.member, answer, "👍")
    assert (shown(said), said.ephemeral) == (UP, True)
    assert shown(await press(stage.here.moderator, answer, "👍")) == UP
    assert await counted(stage) == (2, 0)
    assert (await press(stage.here.member, answer, "👎")).modal is not None
    assert await counted(stage) == (1, 1)
    assert shown(await press(stage.here.member, answer, "👎")) == BACK
    assert shown(await press(stage.here.moderator, answer, "👍")) == BACK
    assert await counted(stage) == (0, 0)
    assert answer.id in [message.id for message in stage.here.channel.history(viewer=stage.here.member)]
    newcomer = stage.here.guild.add_member(stage.env.create_user("newcomer"))
    assert [message.id for message in stage.here.channel.history(viewer=newcomer)] == [answer.id]
    assert not stage.env.errors


async def test_a_thumb_down_counts_at_once_and_asks_for_one_line(stage: Stage, answer: ResponseMessage) -> None:
    opened = await press(stage.here.member, answer, "👎")
    assert await counted(stage) == (0, 1)
    assert opened.modal is not None
    (label,) = opened.modal["components"]
    assert label["label"] == "What was wrong or missing?"
    assert label["description"] == "Your 👎 counts already. Moderators read this without your name."
    assert (label["component"]["style"], label["component"]["required"]) == (1, False)
    said = await stage.here.member.submit_modal(opened, {"note": " the *wrong* bread "})
    assert (shown(said), said.ephemeral) == (READ, True)
    ((topic,), _) = await stage.library.insights.missed(stage.here.guild.id)
    assert topic.notes == ("the *wrong* bread",)


async def test_the_line_may_stay_empty(stage: Stage, answer: ResponseMessage) -> None:
    opened = await press(stage.here.member, answer, "👎")
    assert shown(await stage.here.member.submit_modal(opened, {"note": "  "})) == DOWN
    assert await counted(stage) == (0, 1)


async def test_votes_count_after_a_restart_and_for_30_days(stage: Stage, answer: ResponseMessage) -> None:
    await stage.restart(RESTING)
    assert shown(await press(stage.here.member, answer, "👍")) == UP
    with closing(sqlite3.connect(stage.path)) as kept:
        kept.execute("UPDATE questions SET day = day - 30")
        kept.commit()
        assert shown(await press(stage.here.moderator, answer, "👍")) == UP
        kept.execute("UPDATE questions SET day = day - 1")
        kept.commit()
    assert shown(await press(stage.here.member, answer, "👍")) == OLD
    assert not stage.env.errors


async def test_an_answer_of_another_server_or_of_none_can_not_be_voted_on(
    stage: Stage, answer: ResponseMessage
) -> None:
    token = votes(answer)["👍"].rpartition(":")[2]
    for name in (token, "unknown"):
        row = Row()
        row.add_item(Vote("up", name))
        message = await stage.bot.get_partial_messageable(stage.there.channel.id).send(view=plain("x", [row]))
        said = await stage.there.member.click(message, custom_id=f"vote:up:{name}")
        assert shown(said) == OLD
    assert await counted(stage) == (0, 0)


async def test_nothing_that_was_found_or_asked_in_private_has_votes_or_is_recorded(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    assert votes(await asked(stage.here, "yeast", private=True)) == {}
    assert await recorded(stage) == 0
    assert votes(await asked(stage.here, "zeppelin")) == {}
    assert await recorded(stage) == 1
    refused = await stage.here.member.slash(stage.here.channel, "ask", question="???")
    assert "There is no word" in shown(refused)
    await stage.here.member.slash(stage.here.channel, "mentions", words="yeast")
    assert await recorded(stage) == 1


async def test_a_private_answer_is_recorded_and_voted_on_once_it_is_posted(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await asked(stage.here, "yeast", private=True)
    await stage.here.member.click(answer, label="Post to channel")
    (posted,) = stage.here.channel.history(viewer=stage.here.moderator)
    assert list(votes(posted)) == ["👍", "👎"]
    assert votes(answer) == {}
    assert await recorded(stage) == 1
    said = await stage.here.moderator.click(posted, custom_id=votes(posted)["👍"])
    assert shown(said) == UP


async def test_nothing_that_is_recorded_says_who_asked(stage: Stage, answer: ResponseMessage) -> None:
    await press(stage.here.moderator, answer, "👍")
    with closing(sqlite3.connect(stage.path)) as kept:
        rows = kept.execute("SELECT * FROM questions").fetchall()
        assert [row[3] for row in rows] == ["yeast"]
        assert str(stage.here.member.id) not in repr(rows)
        assert kept.execute("SELECT member_id FROM votes").fetchall() == [(stage.here.moderator.id,)]
        remembered = {token for (token,) in kept.execute("SELECT token FROM asked")}
        assert remembered.isdisjoint(row[2] for row in rows)


async def test_the_fullest_answer_still_has_room_for_the_votes(stage: Stage) -> None:
    await fill(stage)
    for number, address in enumerate("abcde"):
        url = f"https://talks.example.org/{address * 200}.mp4"
        data = transcript(
            f"[0:0{number}] how often the wombat digs {address * 9} {'under the hill ' * 40}",
            *("[1:00] bye", "[2:00] and bye"),
            title=f"Dig {number}",
            url=url,
        )
        await stage.library.ingest(stage.here.guild.id, data, "dig.md")
    for question in ("how often is the wombat mentioned?", "quokka"):
        answer = await asked(stage.here, question)
        assert len(votes(answer)) == 2
        assert len(components(answer)) <= MAX_COMPONENTS
    fullest = await asked(stage.here, "how often are the quokka and the wombat mentioned?")
    assert {"Around", "More ▶"} <= {found["label"] for found in buttons(fullest)}
    assert len(votes(fullest)) == 2
    assert len(components(fullest)) <= MAX_COMPONENTS
    assert not stage.env.errors


async def test_an_answer_stands_where_its_question_can_not_be_recorded(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DatabaseError(FULL)

    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    with monkeypatch.context() as patched:
        patched.setattr(Insights, "note", full)
        answer = await asked(stage.here, "yeast")
    assert "**yeast**" in text(answer)
    (line,) = [record.message for record in caplog.records if "could not be recorded" in record.message]
    assert line.endswith(FULL)
    assert "yeast" not in line
    assert shown(await press(stage.here.member, answer, "👍")) == OLD


async def test_a_vote_on_a_full_disk_is_told_and_not_counted(
    stage: Stage, answer: ResponseMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DatabaseError(FULL)

    with monkeypatch.context() as patched:
        patched.setattr("store.insights.rows.vote", full)
        assert shown(await press(stage.here.member, answer, "👎")) == FULL
    opened = await press(stage.here.member, answer, "👎")
    with monkeypatch.context() as patched:
        patched.setattr("store.insights.rows.vote", full)
        assert shown(await stage.here.member.submit_modal(opened, {"note": "wrong"})) == FULL
    assert await counted(stage) == (0, 1)


@pytest.mark.parametrize(("sign", "says"), [("👍", UP), ("👎", DOWN)])
async def test_a_vote_that_waits_for_the_database_is_acknowledged_and_counted_without_a_form(
    stage: Stage, answer: ResponseMessage, monkeypatch: pytest.MonkeyPatch, sign: str, says: str
) -> None:
    kept = rows.voted

    async def slow(connection: Reader, question: int, member: int) -> bool | None:
        await asyncio.sleep(0.3)
        return await kept(connection, question, member)

    with monkeypatch.context() as patched:
        patched.setattr("cogs.searching.PATIENCE", 0.01)
        patched.setattr("store.insights.rows.voted", slow)
        said = await press(stage.here.member, answer, sign)
    assert (shown(said), said.ephemeral, said.modal) == (says, True, None)
    assert sum(await counted(stage)) == 1


async def test_where_moderators_turned_it_off_there_are_no_votes(stage: Stage, answer: ResponseMessage) -> None:
    await stage.library.insights.record(stage.here.guild.id, wanted=False)
    assert shown(await press(stage.here.member, answer, "👍")) == "Votes are off in this server."
    assert votes(await asked(stage.here, "sugar")) == {}
    assert await recorded(stage) == 0
    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    assert len(votes(await asked(stage.there, "moon"))) == 2


async def test_where_the_operator_turned_it_off_there_are_no_votes_and_nothing_is_left(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db") as stage:
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        answer = await asked(stage.here, "yeast")
        await stage.restart(replace(PROMPT, insights=False))
        assert shown(await press(stage.here.member, answer, "👍")) == "Votes are off in this server."
        assert votes(await asked(stage.here, "sugar")) == {}
        assert await recorded(stage) == 0
