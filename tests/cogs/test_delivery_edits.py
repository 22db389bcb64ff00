"""Posts that tell what their transcripts are now: edited when one is replaced, struck through when it is removed."""

import pytest

from store.models import State, Wanted
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Stage, text, title_of, transcript


async def told(stage: Stage) -> list[str]:
    """Let what is to be done be done, and return the texts of the bot's messages in the channel."""
    await stage.turn()
    return [text(message) for message in stage.here.channel.history() if message.author == stage.bot.user]


async def subscribed(stage: Stage, data: bytes = BREAD) -> int:
    """Subscribe the channel, ingest a transcript, and return its id."""
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    return (await stage.library.ingest(stage.here.guild.id, data, "talk.md")).entry.id


async def test_a_replaced_transcript_edits_its_message_instead_of_posting_again(stage: Stage) -> None:
    await subscribed(stage)
    (before,) = await told(stage)
    await stage.library.ingest(stage.here.guild.id, BREAD.replace(b"sugar", b"starch"), "talk.md")
    (after,) = await told(stage)
    assert "sugar" in before
    assert "starch" in after
    assert len(stage.sent(stage.here.channel)) == 1


async def test_where_a_correction_no_longer_says_what_is_watched_its_message_says_so(stage: Stage) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id, Wanted(matching="sugar"))
    await stage.library.ingest(stage.here.guild.id, BREAD, "talk.md")
    (before,) = await told(stage)
    assert before.startswith("### Said in a new transcript: “sugar”\n")
    await stage.library.ingest(stage.here.guild.id, BREAD.replace(b"sugar", b"starch"), "talk.md")
    (after,) = await told(stage)
    assert after.startswith("### Said in a transcript: “sugar”\n**[How bread rises]")
    assert "\nIt was corrected since, and no longer says so." in after


async def test_an_edited_title_is_shown(stage: Stage) -> None:
    id_ = await subscribed(stage)
    await told(stage)
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    (after,) = await told(stage)
    assert title_of(after) == "Bread and gas"


async def test_a_removed_transcript_is_struck_through_and_an_undone_removal_brings_it_back(stage: Stage) -> None:
    id_ = await subscribed(stage)
    (before,) = await told(stage)
    removed = await stage.library.remove(stage.here.guild.id, id_)
    (after,) = await told(stage)
    assert after == "### Transcript removed\n~~How bread rises~~"
    assert removed.undo is not None
    await stage.library.restore(stage.here.guild.id, removed.undo)
    assert await told(stage) == [before]
    assert len(stage.sent(stage.here.channel)) == 1


@pytest.mark.parametrize("way", ["paused", "ended"])
async def test_messages_of_a_subscription_that_rests_are_kept_true(stage: Stage, way: str) -> None:
    id_ = await subscribed(stage)
    await told(stage)
    notifications, guild = stage.library.notifications, stage.here.guild.id
    (subscription,) = await notifications.listed(guild)
    if way == "paused":
        await notifications.pause(guild, subscription.id, paused=True)
    else:
        await notifications.remove(guild, subscription.id)
    await stage.library.ingest(guild, TIDES, "tides.md")
    await stage.library.remove(guild, id_)
    (after,) = await told(stage)
    assert "~~How bread rises~~" in after


async def test_what_was_removed_before_it_was_sent_is_sent_when_that_is_undone(stage: Stage) -> None:
    stage.env.inject_error("POST", f"/channels/{stage.here.channel.id}/messages", status=403, times=1)
    id_ = await subscribed(stage)
    await told(stage)
    removed = await stage.library.remove(stage.here.guild.id, id_)
    assert removed.undo is not None
    (subscription,) = await stage.library.notifications.listed(stage.here.guild.id)
    await stage.library.restore(stage.here.guild.id, removed.undo)
    await stage.library.notifications.pause(stage.here.guild.id, subscription.id, paused=False)  # tried at once
    assert [title_of(said) for said in await told(stage)] == ["How bread rises"]


async def test_a_post_of_many_strikes_through_what_was_removed(stage: Stage) -> None:
    files = [transcript("[0:01] words", title=f"Talk {number}", url=None) for number in range(5)]
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    batch = await stage.library.begin(stage.here.guild.id, [str(number) for number in range(5)])
    ids = [
        (await stage.library.ingest(stage.here.guild.id, data, f"{number}.md", batch=batch)).entry.id
        for number, data in enumerate(files)
    ]
    await stage.library.close(batch)
    (said,) = await told(stage)
    assert "5 new transcripts" in said
    await stage.library.remove(stage.here.guild.id, ids[2])
    (said,) = await told(stage)
    assert "~~Talk 2~~" in said
    assert said.count("~~") == 2


async def test_a_change_while_discord_fails_is_shown_later(stage: Stage, clock: Clock) -> None:
    id_ = await subscribed(stage)
    await told(stage)
    stage.env.inject_error("PATCH", "/channels/*/messages/*", status=500, times=None)
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    (said,) = await told(stage)
    assert title_of(said) == "How bread rises"
    stage.env.backend.faults.clear()
    clock.forward(60)
    (said,) = await told(stage)
    assert title_of(said) == "Bread and gas"


async def test_a_message_that_somebody_deleted_stays_deleted(stage: Stage, clock: Clock) -> None:
    id_ = await subscribed(stage)
    await told(stage)
    await stage.here.channel.history()[0].delete()
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    assert await told(stage) == []
    (delivery,) = await stage.library.notifications.deliveries(stage.here.guild.id)
    assert (delivery.state, str(delivery.reason)) == (State.SENT, "Its message was deleted")
    edits = len(stage.requests("PATCH", f"/messages/{delivery.message_id}"))
    clock.forward(10**6)
    await told(stage)
    assert len(stage.requests("PATCH", f"/messages/{delivery.message_id}")) == edits
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    assert [title_of(said) for said in await told(stage)] == ["Why there are tides"]


async def test_an_edit_that_a_crash_cut_off_is_made_after_it(stage: Stage) -> None:
    id_ = await subscribed(stage)
    await told(stage)
    await stage.stop()
    await stage.library.edit(stage.here.guild.id, id_, {"title": "Bread and gas"})
    for due in await stage.library.notifications.due():
        assert await stage.library.notifications.claim(due) is not None  # and then the process ends
    await stage.start()
    (said,) = await told(stage)
    assert title_of(said) == "Bread and gas"


async def test_a_transcript_that_passes_a_filter_only_once_it_is_corrected_is_announced(stage: Stage) -> None:
    await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id, Wanted(speaker="Grace"))
    id_ = (await stage.library.ingest(stage.here.guild.id, BREAD, "talk.md")).entry.id
    assert await told(stage) == []
    await stage.library.edit(stage.here.guild.id, id_, {"speaker": "Grace"})
    assert [title_of(said) for said in await told(stage)] == ["How bread rises"]
