"""/alert: what a member waits for, for them alone; and what they are told where it can't reach them."""

from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult

from store import transcripts
from store.errors import QuestionError
from store.models import Match, Quote, Subscription
from tests.cogs.stage import BREAD, Stage, buttons, shown, text


async def run(
    stage: Stage, command: str, member: simcord.MemberActor | None = None, **options: Any
) -> InteractionResult:
    result = await (member or stage.here.member).slash(stage.here.channel, f"alert {command}", **options)
    assert result.ephemeral
    return result


async def said(stage: Stage, command: str, member: simcord.MemberActor | None = None, **options: Any) -> str:
    return shown(await run(stage, command, member, **options))


async def alerts(stage: Stage) -> tuple[Subscription, ...]:
    return await stage.library.notifications.listed(stage.here.guild.id, member_id=stage.here.member.id)


@pytest.fixture
def found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Let whatever is watched be said in every transcript."""

    async def matched(guild_id: int, words: str, transcript: int) -> Match:
        del words
        async with stage.library._database.snapshot() as connection:
            entry = await transcripts.get(connection, guild_id, transcript)
        assert entry is not None
        return Match((Quote(transcript, entry.details, "the yeast", 0, 1000, 1.0, (), cut_before=False),))

    monkeypatch.setattr(stage.library.notifications, "_matched", matched)
    return stage


async def test_a_member_is_told_what_they_will_be_told_and_what_to_allow(stage: Stage) -> None:
    first, below = (await said(stage, "add", words='yeast  "brown sugar" -cake')).splitlines()
    assert first == (
        'You will get a direct message when `yeast "brown sugar" -cake` are both said in a new transcript of this '
        "server."
    )
    assert below == (
        "-# For that, take direct messages from this server's members: allow them under the server's name → "
        "*Privacy Settings* → *Direct Messages*. `/alert list` shows your alerts."
    )
    (one,) = await alerts(stage)
    assert (one.member_id, one.channel_id, one.wanted.matching) == (
        stage.here.member.id,
        None,
        'yeast "brown sugar" -cake',
    )
    assert "You already get a direct message" in await said(stage, "add", words="“Brown Sugar” YEAST -cake")
    assert len(await alerts(stage)) == 1
    second = await said(stage, "add", words="rye")
    assert second.splitlines()[1] == "-# `/alert list` shows your alerts."


async def test_the_list_says_when_each_was_told_last(found: Stage) -> None:
    assert (await said(found, "list")).startswith("You have no alert here. `/alert add words:` lets me write you")
    await run(found, "add", words="yeast")
    assert await said(found, "list") == (
        "### Your alerts here\n- `yeast` · nothing told yet\n-# 1 alert of 10 · `/alert remove` ends one"
    )
    await found.here.moderator.slash(found.here.channel, "ingest", file=("bread.md", BREAD))
    await found.turn()
    (message,) = found.here.member.user.dm_channel.history()
    assert text(message).splitlines()[:2] == [
        "### Said in a new transcript: “yeast”",
        f"-# Your alert for `yeast` in **{found.here.guild.name}**; `/alert remove` there ends it",
    ]
    assert "- `yeast` · last told <t:" in await said(found, "list")


async def test_direct_messages_that_are_refused_are_told_at_the_next_command_once_and_shown(found: Stage) -> None:
    await run(found, "add", words="yeast")
    found.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)
    await found.here.moderator.slash(found.here.channel, "ingest", file=("bread.md", BREAD))
    await found.turn()
    assert "Your alert" not in shown(await found.here.moderator.slash(found.here.channel, "subscriptions"))
    result = await found.here.member.slash(found.here.channel, "library")
    assert result.followups[-1].ephemeral
    told = text(result.followups[-1])
    assert told.startswith("⚠️ Your alert for `yeast` can't reach you since <t:")
    assert told.splitlines()[0].endswith(":R>: you take no direct messages from this server's members.")
    assert told.splitlines()[1] == (
        "Allow them under the server's name → *Privacy Settings* → *Direct Messages*. It is kept and tried again "
        "daily; `/alert list` shows how it goes."
    )
    listed = await said(found, "list")
    assert "Your alert for" not in listed
    assert "⚠️ can't reach you since <t:" in listed
    assert "1 still to be told" in listed
    assert "allow them under the server's name" in listed


async def test_an_alert_is_ended_by_its_words_and_brought_back(stage: Stage) -> None:
    await run(stage, "add", words="Yeast")
    await run(stage, "add", words="sugar cane")
    offered = await stage.here.member.autocomplete(stage.here.channel, "alert remove", "alert", "SUGAR")
    assert [one["name"] for one in offered] == ["sugar cane"]
    ended = await run(stage, "remove", alert=offered[0]["value"])
    assert (
        shown(ended).splitlines()[0]
        == "You will no longer be told when `sugar cane` are both said in a new transcript."
    )
    assert [one.wanted.matching for one in await alerts(stage)] == ["Yeast"]
    await stage.restart()
    assert ended.response is not None
    await stage.here.member.click(ended.response, label="Undo")
    assert text(ended.response) == "You will be told again when `sugar cane` are both said in a new transcript."
    assert buttons(ended.response) == []
    assert "no longer be told" in await said(stage, "remove", alert="yeast")
    assert await said(stage, "remove", alert="yeast") == (
        "You have no such alert here; `/alert list` shows those you have."
    )


async def test_a_member_reaches_their_own_alerts_alone(stage: Stage) -> None:
    await run(stage, "add", words="yeast")
    (one,) = await alerts(stage)
    other = stage.here.moderator
    assert (await said(stage, "list", other)).startswith("You have no alert here.")
    for name in (f"#{one.id}", "yeast"):
        assert (await said(stage, "remove", other, alert=name)).startswith("You have no such alert here")
    assert await stage.there.member.autocomplete(stage.there.channel, "alert remove", "alert", "") == []
    gone = await stage.there.member.slash(stage.there.channel, "alert remove", alert=f"#{one.id}")
    assert shown(gone).startswith("You have no such alert here")
    assert await alerts(stage) == (one,)


async def test_moderators_do_not_see_members_alerts(stage: Stage) -> None:
    await run(stage, "add", words="yeast")
    (one,) = await alerts(stage)
    moderator = stage.here.moderator
    for command in ("subscriptions", "unsubscribe"):
        assert "yeast" not in shown(await moderator.slash(stage.here.channel, command))
    assert await moderator.autocomplete(stage.here.channel, "unsubscribe", "subscription", "") == []
    ended = await moderator.slash(stage.here.channel, "unsubscribe", subscription=f"#{one.id}")
    assert shown(ended) == "There is no subscription to end."


async def test_a_member_may_have_only_so_many(stage: Stage) -> None:
    for number in range(10):
        await run(stage, "add", words=f"word {number}")
    assert await said(stage, "add", words="one more") == (
        "You have 10 alerts here, the most you may have; `/alert remove` ends one."
    )
    ended = await run(stage, "remove", alert="word 3")
    await run(stage, "add", words="one more")
    assert ended.response is not None
    assert "You have 10 alerts here" in shown(await stage.here.member.click(ended.response, label="Undo"))
    assert len(await alerts(stage)) == 10
    assert "You will get" in await said(stage, "add", stage.here.moderator, words="word 3")


async def test_words_that_cannot_be_watched_are_a_sentence(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(words: str) -> str:
        raise QuestionError(f"There is no word in “{words}” to wait for.")

    monkeypatch.setattr(stage.library, "checked_words", refused)
    assert await said(stage, "add", words="-cake") == "There is no word in “-cake” to wait for."
    assert await alerts(stage) == ()
