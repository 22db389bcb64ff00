"""Announcements: every subscription gets every new transcript once, whatever happens between writing and sending."""

import asyncio
from pathlib import Path
from typing import ClassVar

from cogs.delivery import Deliveries
from store.errors import DatabaseError
from store.library import Library
from store.models import Delivery, Entry
from tests.cogs.stage import BREAD, TIDES, Server, Stage, components, links, staged, text, title_of, transcript


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
        for number in range(30):
            data = transcript("[0:01] words", title=f"Talk {number}", url=None)
            await elsewhere.ingest(stage.here.guild.id, data, f"{number}.md")
    await stage.turn()
    assert announced(stage.here) == [f"Talk {number}" for number in range(30)]


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


class Crashing(Library):
    """A library that is gone before it can note that a message was sent."""

    async def delivered(self, *_: object, **__: object) -> None:
        raise DatabaseError("The disk could not be written.")


async def test_a_crash_between_sending_and_marking_repeats_the_message_with_the_same_nonce(stage: Stage) -> None:
    await subscribe(stage.here)
    await stage.restart(kind=Crashing)
    await ingest(stage.here, BREAD)
    await stage.restart()
    first, second = stage.sent(stage.here.channel)
    assert first["nonce"] == second["nonce"]
    assert first["enforce_nonce"] is second["enforce_nonce"] is True
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 2


async def test_different_announcements_have_different_nonces(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    await subscribe(stage.here)
    await stage.here.moderator.slash(stage.here.channel, "subscribe", channel=other)
    await ingest(stage.here, BREAD)
    await ingest(stage.here, TIDES)
    bodies = stage.sent(stage.here.channel) + stage.sent(other)
    assert len({body["nonce"] for body in bodies}) == 4


class Stumbling(Library):
    """A library with a bug that shows once."""

    stumbles: ClassVar[int] = 1

    async def due(self, *, limit: int = 25) -> tuple[Delivery, ...]:
        if Stumbling.stumbles:
            Stumbling.stumbles -= 1
            raise RuntimeError("a bug in the loop")
        return await super().due(limit=limit)


async def test_the_loop_goes_on_after_an_unexpected_error(tmp_path: Path) -> None:
    Stumbling.stumbles = 1
    async with staged(tmp_path / "verbatim.db", kind=Stumbling) as stage:
        assert Stumbling.stumbles == 0
        await stage.library.subscribe(stage.here.guild.id, stage.here.channel.id)
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        await stage.turn()
        assert announced(stage.here) == ["How bread rises"]


class Overtaken(Library):
    """A library in which something becomes owed just after it was asked what is due."""

    deliveries: ClassVar[Deliveries | None] = None
    guild_id: ClassVar[int] = 0

    async def due(self, *, limit: int = 25) -> tuple[Delivery, ...]:
        found = await super().due(limit=limit)
        if not found and (deliveries := Overtaken.deliveries):
            Overtaken.deliveries = None
            await self.ingest(Overtaken.guild_id, TIDES, "tides.md")
            deliveries.wake()
            await asyncio.sleep(0)
        return found


async def test_what_becomes_owed_while_others_are_sent_does_not_wait_for_the_next_turn(tmp_path: Path) -> None:
    async with staged(tmp_path / "verbatim.db", kind=Overtaken) as stage:
        await subscribe(stage.here)
        cog = stage.bot.get_cog("Deliveries")
        assert isinstance(cog, Deliveries)
        Overtaken.deliveries, Overtaken.guild_id = cog, stage.here.guild.id
        await ingest(stage.here, BREAD)
        assert announced(stage.here) == ["How bread rises", "Why there are tides"]


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
