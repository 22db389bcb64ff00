"""Announcements: every subscription gets every new transcript once, whatever happens between writing and sending."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import discord
import pytest

from cogs.delivery import Deliveries
from store.errors import DatabaseError
from store.library import Library
from store.models import Entry, Post, State
from store.outbox.notifying import Notifications
from store.outbox.scheduling import Due
from tests.clock import Clock
from tests.cogs.stage import BREAD, TIDES, Server, Stage, components, links, staged, text, title_of, transcript

WORDS = "welcome back to the bakery the yeast eats the sugar and breathes out gas so the dough doubles in about an hour"


def announced(server: Server) -> list[str]:
    """Return the titles announced in a server's channel, as its member sees them."""
    texts = [text(message) for message in server.channel.history(viewer=server.member)]
    return [title_of(said) for said in texts if said.startswith("### New transcript")]


async def subscribe(server: Server) -> None:
    await server.moderator.slash(server.channel, "subscribe")


async def ingest(server: Server, data: bytes) -> None:
    await server.moderator.slash(server.channel, "ingest", file=("talk.md", data))


async def test_a_new_transcript_is_announced_at_once_with_everything_known_of_it(stage: Stage) -> None:
    await subscribe(stage.here)
    await ingest(stage.here, BREAD)
    (message,) = [found for found in stage.here.channel.history() if found.author == stage.bot.user]
    assert text(message).splitlines() == [
        "### New transcript",
        "**[How bread rises](https://www.youtube.com/watch?v=bread-rises&t=0s)**",
        "2 min · Ada Miller · 2025-03-01",
        "`baking` `yeast`",
        "**Moments**",
        f"> [▶ 0:00](https://www.youtube.com/watch?v=bread-rises&t=0s) {WORDS}",
    ]
    assert links(message) == {"▶ Watch": "https://www.youtube.com/watch?v=bread-rises&t=0s"}
    assert not stage.env.errors


async def test_the_moderator_is_told_in_how_many_channels_it_is_announced(stage: Stage) -> None:
    await subscribe(stage.here)
    result = await stage.here.moderator.slash(stage.here.channel, "ingest", file=("talk.md", BREAD))
    assert text(result.response).endswith("-# Read as lines with times. Being announced in 1 channel.")


async def test_an_announcement_is_sent_once_however_often_the_loop_turns(stage: Stage) -> None:
    await subscribe(stage.here)
    await ingest(stage.here, BREAD)
    await stage.turn()
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]


async def test_a_replaced_transcript_is_not_announced_again(stage: Stage) -> None:
    await subscribe(stage.here)
    await ingest(stage.here, BREAD)
    await ingest(stage.here, BREAD.replace(b"sugar", b"starch"))
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]


async def test_a_channel_hears_of_nothing_that_was_there_before_it_subscribed(stage: Stage) -> None:
    await ingest(stage.here, BREAD)
    await subscribe(stage.here)
    await stage.turn()
    assert announced(stage.here) == []


async def test_every_subscribed_channel_hears_of_a_transcript(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    await subscribe(stage.here)
    await stage.here.moderator.slash(stage.here.channel, "subscribe", channel=other)
    await ingest(stage.here, BREAD)
    assert announced(stage.here) == ["How bread rises"]
    assert len(other.history()) == 1


async def test_transcripts_are_announced_in_the_order_in_which_they_came(stage: Stage) -> None:
    await subscribe(stage.here)
    async with Library.opened(stage.path) as elsewhere:
        for number in range(9):
            data = transcript("[0:01] words", title=f"Talk {number}", url=None)
            await elsewhere.ingest(stage.here.guild.id, data, f"{number}.md")
    await stage.turn()
    assert announced(stage.here) == [f"Talk {number}" for number in range(9)]


async def test_a_server_hears_of_its_own_transcripts_alone(stage: Stage) -> None:
    await subscribe(stage.here)
    await subscribe(stage.there)
    await ingest(stage.here, BREAD)
    await ingest(stage.there, TIDES)
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]
    assert announced(stage.there) == ["Why there are tides"]


async def test_a_transcript_ingested_by_another_process_is_announced_within_one_turn(stage: Stage) -> None:
    await subscribe(stage.here)
    async with Library.opened(stage.path) as elsewhere:
        await elsewhere.ingest(stage.here.guild.id, BREAD, "bread.md")
    assert announced(stage.here) == []
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]


async def test_a_transcript_ingested_without_announcing_is_announced_by_nobody(stage: Stage) -> None:
    await subscribe(stage.here)
    async with Library.opened(stage.path) as elsewhere:
        await elsewhere.ingest(stage.here.guild.id, BREAD, "bread.md", announce=False)
    await stage.turn()
    assert announced(stage.here) == []


async def test_what_was_ingested_while_the_bot_was_down_is_sent_at_its_start_and_only_then(stage: Stage) -> None:
    await subscribe(stage.here)
    await stage.stop()
    async with Library.opened(stage.path) as elsewhere:
        await elsewhere.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.start()
    assert announced(stage.here) == ["How bread rises"]
    await stage.restart()
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]


class Crashing(Notifications):
    """An outbox that is gone before it can note that a message was sent."""

    async def sent(self, *_: object, **__: object) -> None:
        raise DatabaseError("The disk could not be written.")


class WithCrash(Library):
    """A library with such an outbox."""

    outbox = Crashing


async def test_a_crash_between_sending_and_marking_repeats_the_message_with_the_same_nonce(stage: Stage) -> None:
    await subscribe(stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage.here, BREAD)
    await stage.restart()
    first, second = stage.sent(stage.here.channel)
    assert first["nonce"] == second["nonce"]
    assert first["enforce_nonce"] is second["enforce_nonce"] is True
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 2


async def test_long_after_a_crash_the_message_is_looked_for_before_it_is_sent_again(stage: Stage, clock: Clock) -> None:
    await subscribe(stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage.here, BREAD)
    clock.forward(3600)
    await stage.restart()
    assert len(stage.sent(stage.here.channel)) == 1
    (delivery,) = await stage.library.notifications.deliveries(stage.here.guild.id)
    (message,) = [found for found in stage.here.channel.history() if found.author == stage.bot.user]
    assert (delivery.state, delivery.message_id) == (State.SENT, message.id)


async def test_a_message_that_is_not_found_is_sent_again(stage: Stage, clock: Clock) -> None:
    await subscribe(stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage.here, BREAD)
    (message,) = [found for found in stage.here.channel.history() if found.author == stage.bot.user]
    await stage.here.moderator.slash(stage.here.channel, "ask", question="bread")  # the channel isn't quiet
    await message.delete()
    clock.forward(3600)
    await stage.restart()
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]
    assert len(stage.sent(stage.here.channel)) == 2


def carried_out_but(error: Exception) -> Callable[..., Awaitable[object]]:
    """Return what sends a message and then raises an error all the same."""
    original = discord.abc.Messageable.send

    async def send(self: discord.abc.Messageable, *given: object, **options: object) -> object:
        await original(self, *given, **options)  # type: ignore[call-overload]
        raise error

    return send


async def test_an_answer_that_cannot_be_read_is_no_proof_that_nothing_was_sent(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(stage.here)
    with monkeypatch.context() as patch:
        patch.setattr(discord.abc.Messageable, "send", carried_out_but(ValueError("an answer that was cut off")))
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        await stage.turn()
    clock.forward(3600)
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]
    assert len(stage.sent(stage.here.channel)) == 1


async def test_a_limit_after_a_slow_try_is_no_proof_that_nothing_was_sent(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(stage.here)
    with monkeypatch.context() as patch:
        patch.setattr("cogs.posting.SLOW", -1.0)
        patch.setattr(discord.abc.Messageable, "send", carried_out_but(discord.RateLimited(3600)))
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        await stage.turn()
    clock.forward(3700)
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]
    assert len(stage.sent(stage.here.channel)) == 1


async def test_a_message_is_found_behind_all_that_was_said_since(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.posting.LOOKED_AT", 3)
    monkeypatch.setattr("cogs.posting.SLACK", timedelta(days=1000))  # the simulation has a clock of its own
    await subscribe(stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage.here, BREAD)
    for _ in range(8):
        await stage.here.member.send(stage.here.channel, "we talk and talk")
    clock.forward(3600)
    await stage.restart()
    assert len(stage.sent(stage.here.channel)) == 1
    assert [one.state for one in await stage.library.notifications.deliveries(stage.here.guild.id)] == [State.SENT]


async def test_where_the_channels_past_may_not_be_read_it_is_sent_again(stage: Stage, clock: Clock) -> None:
    await subscribe(stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage.here, BREAD)
    clock.forward(3600)
    channel = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, read_message_history=False)
    path = f"/channels/{stage.here.channel.id}/messages"
    stage.env.inject_error("GET", path, status=403, code=50001, times=None)
    await stage.restart()
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 2
    assert [one.state for one in await stage.library.notifications.deliveries(stage.here.guild.id)] == [State.SENT]


async def test_different_announcements_have_different_nonces(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    await subscribe(stage.here)
    await stage.here.moderator.slash(stage.here.channel, "subscribe", channel=other)
    await ingest(stage.here, BREAD)
    await ingest(stage.here, TIDES)
    bodies = stage.sent(stage.here.channel) + stage.sent(other)
    assert len({body["nonce"] for body in bodies}) == 4


async def test_where_it_may_be_read_and_still_is_refused_nothing_is_sent_before_it_is_known(
    stage: Stage, clock: Clock
) -> None:
    await subscribe(stage.here)
    await stage.restart(kind=WithCrash)
    await ingest(stage.here, BREAD)
    clock.forward(3600)
    stage.env.inject_error("GET", f"/channels/{stage.here.channel.id}/messages", status=403, code=50001)
    await stage.restart()
    assert len(stage.sent(stage.here.channel)) == 1
    clock.forward(25 * 3600)
    await stage.turn()
    assert announced(stage.here) == ["How bread rises"]
    assert [one.state for one in await stage.library.notifications.deliveries(stage.here.guild.id)] == [State.SENT]


class Stumbling(Notifications):
    """An outbox with a bug that shows once."""

    stumbles: ClassVar[int] = 1

    async def due(self) -> list[Due]:
        if Stumbling.stumbles:
            Stumbling.stumbles -= 1
            raise RuntimeError("a bug in the loop")
        return await super().due()


class WithStumble(Library):
    """A library with such an outbox."""

    outbox = Stumbling


async def test_the_loop_goes_on_after_an_unexpected_error(tmp_path: Path, clock: Clock) -> None:
    Stumbling.stumbles = 1
    async with staged(tmp_path / "verbatim.db", kind=WithStumble) as stage:
        assert Stumbling.stumbles == 0
        await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        clock.forward(31)
        await stage.turn()
        assert announced(stage.here) == ["How bread rises"]


class Overtaken(Notifications):
    """An outbox in which something becomes owed just after it was asked what is to be sent next."""

    stage: ClassVar[Stage | None] = None

    async def claim(self, due: Due, *, forum: bool = False) -> Post | None:
        found = await super().claim(due, forum=forum)
        if found is None and (stage := Overtaken.stage):
            Overtaken.stage = None
            await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
            cog = stage.bot.get_cog("Deliveries")
            assert isinstance(cog, Deliveries)
            cog.wake()
            await asyncio.sleep(0)
        return found


class WithOvertaking(Library):
    """A library with such an outbox."""

    outbox = Overtaken


async def test_what_becomes_owed_while_others_are_sent_does_not_wait_for_the_next_turn(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=WithOvertaking) as stage:
        await subscribe(stage.here)
        Overtaken.stage = stage
        await ingest(stage.here, BREAD)
        assert announced(stage.here) == ["How bread rises", "Why there are tides"]


async def test_nothing_is_read_of_the_database_while_nothing_is_written_or_due(stage: Stage) -> None:
    await subscribe(stage.here)
    await stage.turn()
    asked: list[str] = []
    database = stage.library._database
    for thread in (*database._readers, database._writer):
        await thread.set_trace_callback(asked.append)
    for _ in range(2):  # feeds are looked at each minute
        await stage.turn()
    assert asked == []


async def test_an_announcement_of_the_longest_details_is_taken_by_discord(stage: Stage) -> None:
    await subscribe(stage.here)
    tags = ", ".join(f'"{"_" * 290}{number}"' for number in range(25))
    extra = f'speaker: "{"*" * 300}"\nchannel: "{"|" * 300}"\ntags: [{tags}]'
    url = f"https://talks.example.org/{'a' * 486}"
    await ingest(stage.here, transcript("[0:01] words", title="~" * 300, url=url, extra=extra))
    (message,) = [found for found in stage.here.channel.history() if found.author == stage.bot.user]
    assert links(message) == {"▶ Watch": url}
    assert len(components(message)) <= 40
    entry: Entry = (await stage.library.page(stage.here.guild.id)).entries[0]
    assert len(entry.details.tags) == 25
