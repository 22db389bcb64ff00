"""/corrections, and the message that tells of one: what moderators approve, and what they don't."""

import discord
import pytest
from simcord.results import InteractionResult, ResponseMessage

from cogs.rendering import corrections
from cogs.rendering.words import Row, plain
from cogs.reviewing import Decide, decisions
from store.errors import DatabaseError
from store.index import stream
from store.models import Listed, Moment, Verdict
from tests.cogs.stage import Stage, buttons, shown, text, transcript

DEALS = transcript(
    "[0:00] good morning everybody",
    "[0:05] today we talk about the cor weave deal",
    "[0:10] that was signed last year",
    title="Deals",
    url="https://www.youtube.com/watch?v=deals-2025x",
)
TALK = ("good morning everybody", "today we talk about the cor weave deal", "that was signed last year")
RIGHT = "today we talk about the CoreWeave deal"
DENIED = "You don't have the permission to do that here."


async def reported(stage: Stage, *texts: str, by: int = 5) -> int:
    """Propose what each caption should be, and return the correction's id."""
    guild = stage.here.guild.id
    entry = (await stage.library.ingest(guild, DEALS, "deals.md")).entry
    moment = Moment(entry.id, 0, entry.cues, 0, entry.duration_ms, entry.content)
    found = await stage.library.corrections.correctable(guild, moment, by=by)
    done, _ = await stage.library.corrections.propose(guild, found, texts or (TALK[0], RIGHT, TALK[2]), by=by)
    return done.id


@pytest.fixture
async def id_(stage: Stage) -> int:
    return await reported(stage)


@pytest.fixture
async def told(stage: Stage, id_: int) -> discord.Message:
    """Tell of a correction in a channel that everyone sees."""
    found = await stage.library.corrections.get(stage.here.guild.id, id_)
    channel = stage.bot.get_partial_messageable(stage.here.channel.id)
    return await channel.send(view=corrections.review(found, decisions(found)))


async def listed(stage: Stage, which: Listed | None = None) -> InteractionResult:
    options = {"show": which.value} if which is not None else {}
    return await stage.here.moderator.slash(stage.here.channel, "corrections", **options)


async def looked(stage: Stage, which: Listed | None = None) -> ResponseMessage:
    """Open the first correction of a list."""
    page = await listed(stage, which)
    assert page.response is not None
    opened = await stage.here.moderator.click(page.response, label="Look")
    assert opened.response is not None
    return opened.response


def labels(message: ResponseMessage | discord.Message | None) -> list[str]:
    return [one["label"] for one in buttons(message)]


def now(stage: Stage) -> str:
    """What the message in the channel says."""
    (message,) = stage.here.channel.history()
    return text(message)


def alone(done: InteractionResult) -> str:
    """What the presser alone was told beside."""
    assert all(message.ephemeral for message in done.followups)
    return "\n".join(map(text, done.followups))


async def state(stage: Stage, id_: int) -> Verdict:
    return (await stage.library.corrections.get(stage.here.guild.id, id_)).state


async def test_moderators_list_what_waits_and_open_each(stage: Stage, id_: int) -> None:
    page = await listed(stage)
    assert page.ephemeral
    assert shown(page).startswith("### Corrections that wait\n**[Deals]")
    assert "today we talk about the ~~cor weave~~ **CoreWeave** deal" in shown(page)
    assert shown(page).endswith("-# 1 correction · page 1 of 1")
    opened = await looked(stage)
    assert labels(opened) == ["Approve", "Edit", "Reject"]
    await stage.here.moderator.click(opened, label="Approve")
    assert f"Approved by <@{stage.here.moderator.id}>, <t:" in text(opened)
    assert await state(stage, id_) is Verdict.APPROVED


async def test_where_nothing_waits_it_says_how_something_would(stage: Stage) -> None:
    assert shown(await listed(stage)).startswith("### Corrections that wait\nThere are none.\n-# Members report")
    assert shown(await listed(stage, Listed.DETACHED)).startswith("### Corrections whose passage is gone\nThere are")


async def test_many_are_listed_page_by_page_also_after_a_restart(stage: Stage) -> None:
    for at in range(6):
        await reported(stage, TALK[0], f"version {at}", TALK[2], by=at + 1)
    page = (await listed(stage)).response
    assert page is not None
    assert text(page).endswith("-# 6 corrections · page 1 of 2")
    await stage.restart()
    await stage.here.moderator.click(page, label="More ▶")
    assert "**version 5**" in text(page)
    assert text(page).endswith("-# 6 corrections · page 2 of 2")
    await stage.here.moderator.click(page, label="◀ Back")
    assert "**version 0**" in text(page)


async def test_approving_makes_it_found_and_says_so_in_the_message(
    stage: Stage, told: discord.Message, id_: int
) -> None:
    done = await stage.here.moderator.click(told, label="Approve")
    assert alone(done) == ""
    assert f"Approved by <@{stage.here.moderator.id}>, <t:" in now(stage)
    (message,) = stage.here.channel.history()
    assert labels(message) == ["Take back", "Also in the glossary: CoreWeave"]
    assert await state(stage, id_) is Verdict.APPROVED
    assert (await stage.library.mentions(stage.here.guild.id, '"CoreWeave"')).count == 1
    assert not stage.env.errors


async def test_rejecting_says_so_and_can_be_thought_over(stage: Stage, told: discord.Message, id_: int) -> None:
    await stage.here.moderator.click(told, label="Reject")
    assert f"Rejected by <@{stage.here.moderator.id}>, <t:" in now(stage)
    (message,) = stage.here.channel.history()
    assert labels(message) == ["Approve after all"]
    await stage.here.moderator.click(message, label="Approve after all")
    assert await state(stage, id_) is Verdict.APPROVED


async def test_taking_back_leaves_the_quote_as_the_file_says_it(stage: Stage, told: discord.Message, id_: int) -> None:
    await stage.here.moderator.click(told, label="Approve")
    (message,) = stage.here.channel.history()
    await stage.restart()
    await stage.here.moderator.click(message, label="Take back")
    assert f"Taken back by <@{stage.here.moderator.id}>, <t:" in now(stage)
    assert await state(stage, id_) is Verdict.REMOVED
    assert (await stage.library.mentions(stage.here.guild.id, '"CoreWeave"')).count == 0
    (message,) = stage.here.channel.history()
    assert labels(message) == []


async def test_editing_approves_what_the_form_then_says(stage: Stage, told: discord.Message, id_: int) -> None:
    opened = await stage.here.moderator.click(told, label="Edit")
    assert opened.modal is not None
    assert opened.modal["title"] == "Approve in other words"
    await stage.here.moderator.submit_modal(opened, {"text": "today we talk about the Core Weave deal"})
    kept = await stage.library.corrections.get(stage.here.guild.id, id_)
    assert [one.now for one in kept.captions] == ["today we talk about the Core Weave deal"]
    assert kept.state is Verdict.APPROVED
    assert "~~cor weave~~ **Core Weave**" in now(stage)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (TALK[1], "That is what the file says; reject the correction instead."),
        ("x" * 400, "A caption may become 200 characters longer"),
    ],
)
async def test_other_words_that_cannot_be_kept_are_refused_and_it_waits_on(
    stage: Stage, told: discord.Message, id_: int, said: str, sentence: str
) -> None:
    opened = await stage.here.moderator.click(told, label="Edit")
    done = await stage.here.moderator.submit_modal(opened, {"text": said})
    assert alone(done).startswith(sentence)
    assert await state(stage, id_) is Verdict.WAITING


@pytest.mark.parametrize("label", ["Approve", "Edit", "Reject"])
async def test_who_may_not_manage_the_server_decides_nothing(
    stage: Stage, told: discord.Message, id_: int, label: str
) -> None:
    done = await stage.here.member.click(told, label=label)
    assert (shown(done), done.ephemeral, done.modal) == (DENIED, True, None)
    assert await state(stage, id_) is Verdict.WAITING
    await stage.library.corrections.approve(stage.here.guild.id, id_, by=1)


async def test_members_dont_have_the_command(stage: Stage) -> None:
    assert "corrections" not in stage.here.member.available_commands(stage.here.channel)


async def test_whoever_comes_second_is_told_and_sees_what_was_decided(
    stage: Stage, told: discord.Message, id_: int
) -> None:
    await stage.library.corrections.reject(stage.here.guild.id, id_, by=1)
    done = await stage.here.moderator.click(told, label="Approve")
    assert alone(done) == "That correction was rejected already."
    assert "Rejected by <@1>" in now(stage)
    assert await state(stage, id_) is Verdict.REJECTED


async def test_an_edit_of_what_was_decided_meanwhile_shows_that(stage: Stage, told: discord.Message, id_: int) -> None:
    await stage.library.corrections.reject(stage.here.guild.id, id_, by=1)
    done = await stage.here.moderator.click(told, label="Edit")
    assert done.modal is None
    assert "Rejected by <@1>" in now(stage)


async def test_a_form_that_was_open_while_another_decided_says_so(
    stage: Stage, told: discord.Message, id_: int
) -> None:
    opened = await stage.here.moderator.click(told, label="Edit")
    await stage.library.corrections.reject(stage.here.guild.id, id_, by=1)
    done = await stage.here.moderator.submit_modal(opened, {"text": "today we talk about the Core Weave deal"})
    assert alone(done) == "That correction was rejected already."
    assert "Rejected by <@1>" in now(stage)


async def test_a_transcript_that_is_gone_or_replaced_is_said_to_be(
    stage: Stage, told: discord.Message, id_: int
) -> None:
    guild = stage.here.guild.id
    await stage.library.ingest(guild, DEALS.replace(b"cor weave", b"core wave"), "deals.md")
    done = await stage.here.moderator.click(told, label="Approve")
    assert alone(done) == "That transcript was replaced meanwhile and no longer says that; look at what it says now."
    assert "The transcript no longer says that." in text(await looked(stage))
    await stage.library.remove(guild, "1")
    done = await stage.here.moderator.click(told, label="Approve")
    assert alone(done) == "That transcript is no longer in this library."
    assert "The transcript is gone." in text(await looked(stage))
    assert await state(stage, id_) is Verdict.WAITING
    await stage.here.moderator.click(told, label="Reject")
    assert await state(stage, id_) is Verdict.REJECTED


async def test_a_correction_that_is_forgotten_is_said_to_be(stage: Stage, told: discord.Message) -> None:
    await stage.library.holdings.erase(stage.here.guild.id)
    done = await stage.here.moderator.click(told, label="Approve")
    assert alone(done) == "That correction is no longer kept; `/corrections` lists those that are."


async def test_another_servers_correction_is_none_here(stage: Stage, id_: int) -> None:
    row = Row()
    row.add_item(Decide("approve", id_))
    channel = stage.bot.get_partial_messageable(stage.there.channel.id)
    forged = await channel.send(view=plain("forged", [row]))
    done = await stage.there.moderator.click(forged, label="Approve")
    assert alone(done) == "That correction is no longer kept; `/corrections` lists those that are."
    assert await state(stage, id_) is Verdict.WAITING


async def test_a_full_disk_leaves_it_waiting(
    stage: Stage, told: discord.Message, id_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = "The disk is full: nothing was changed; free some space and try again."

    async def fails(*_: object) -> None:
        raise DatabaseError(full)

    with monkeypatch.context() as patched:
        patched.setattr(stream, "write", fails)
        done = await stage.here.moderator.click(told, label="Approve")
    assert alone(done) == full
    assert await state(stage, id_) is Verdict.WAITING
    await stage.here.moderator.click(told, label="Approve")
    assert await state(stage, id_) is Verdict.APPROVED


async def test_where_discord_fails_the_decision_stands_and_the_list_shows_it(
    stage: Stage, told: discord.Message, id_: int
) -> None:
    stage.env.inject_error("PATCH", "/messages/@original", status=500, code=0, times=None)
    await stage.here.moderator.click(told, label="Approve")
    assert await state(stage, id_) is Verdict.APPROVED
    assert "~~cor weave~~ **CoreWeave**" in shown(await listed(stage, Listed.APPROVED))


async def test_a_name_goes_into_the_glossary_and_is_then_found_everywhere(
    stage: Stage, told: discord.Message, id_: int
) -> None:
    del id_
    await stage.here.moderator.click(told, label="Approve")
    (message,) = stage.here.channel.history()
    assert shown(await stage.here.member.click(message, label="Also in the glossary: CoreWeave")) == DENIED
    done = await stage.here.moderator.click(message, label="Also in the glossary: CoreWeave")
    assert done.ephemeral
    assert shown(done).startswith("**CoreWeave** is also heard as “cor weave”.")
    (kept,) = await stage.library.glossary(stage.here.guild.id)
    assert (kept.term, kept.heard_as) == ("CoreWeave", ("cor weave",))
    again = await stage.here.moderator.click(message, label="Also in the glossary: CoreWeave")
    assert "Nothing is new: the glossary said so already." in shown(again)


async def test_what_is_no_name_isnt_offered_for_the_glossary(stage: Stage) -> None:
    await reported(stage, TALK[0], TALK[1], "that was sighed last year")
    opened = await looked(stage)
    await stage.here.moderator.click(opened, label="Approve")
    assert labels(opened) == ["Take back"]


async def test_a_transcript_says_how_many_of_its_corrections_wait_and_stand(stage: Stage, id_: int) -> None:
    known = await stage.here.moderator.slash(stage.here.channel, "transcript show", transcript="1")
    assert "-# 1 correction waits: `/corrections`" in shown(known).splitlines()
    await stage.library.corrections.approve(stage.here.guild.id, id_, by=1)
    known = await stage.here.moderator.slash(stage.here.channel, "transcript show", transcript="1")
    assert "-# 1 correction is approved" in shown(known).splitlines()


async def test_who_reported_or_decided_is_told_so_by_privacy_and_forgotten(stage: Stage) -> None:
    member, guild = stage.here.member, stage.here.guild.id
    id_ = await reported(stage, by=member.id)
    assert "- 1 correction that you reported or decided" in shown(await member.slash(stage.here.channel, "privacy"))
    await stage.library.holdings.forget_member(guild, member.id)
    assert (await stage.library.corrections.get(guild, id_)).proposed_by is None
    assert "reported by a member <t:" in text(await looked(stage))


async def test_a_list_is_in_the_moderators_language_and_a_message_for_all_stays_in_the_servers(
    stage: Stage, told: discord.Message
) -> None:
    stage.speak(stage.here.moderator, "ja")
    assert shown(await listed(stage)).startswith("### 承認待ちの訂正")
    await stage.here.moderator.click(told, label="Approve")
    assert f"Approved by <@{stage.here.moderator.id}>" in now(stage)
