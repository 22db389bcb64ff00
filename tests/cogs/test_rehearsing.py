"""A test of a subscription, where it isn't told at once in a channel: in a digest, in a forum."""

import discord

from tests.cogs.stage import BREAD, Stage, text
from tests.cogs.test_subscribed import opened, press, subscribe


async def tested(stage: Stage, **options: object) -> tuple[str, str]:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await press(stage, await opened(stage, await subscribe(stage, **options)), "Test")
    line, post = (one for one in (result.response, *result.followups) if one is not None)
    return text(line), text(post)


async def test_of_a_digest_it_says_that_others_come_with_it(stage: Stage) -> None:
    line, post = await tested(stage, digest="weekly")
    assert line == (
        f"In {stage.here.channel.mention}, the newest transcript, **How bread rises**, would come together with others "
        "in the weekly digest, such as this:"
    )
    assert post.startswith("### New transcripts of the last week\n- **[How bread rises](")


async def test_of_a_forum_it_says_how_the_post_is_called_and_tagged(stage: Stage) -> None:
    forum = stage.here.guild.create_forum_channel("archive")
    channel = stage.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    await channel.create_tag(name="Baking")
    line, post = await tested(stage, channel=forum)
    assert line == (
        f"This would have been sent in {forum.mention} for the newest transcript, **How bread rises**, as a post "
        "called “How bread rises”, tagged `Baking`:"
    )
    assert post.startswith("### New transcript\n")
