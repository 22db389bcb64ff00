"""/subscribe, /unsubscribe and /subscriptions: which channels hear of which new transcripts."""

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.config import Config
from store.errors import QuestionError
from store.models import Digest, Limits, Subscription, Wanted
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, shown, staged, text

ALL_ROLES = discord.Permissions(manage_guild=True, mention_everyone=True)


async def moderate(
    server: Server, command: str, in_channel: simcord.ChannelHandle | None = None, **options: Any
) -> InteractionResult:
    """Run a moderator's command, in the server's channel or another."""
    return await server.moderator.slash(in_channel or server.channel, command, **options)


async def said(server: Server, command: str, in_channel: simcord.ChannelHandle | None = None, **options: Any) -> str:
    return shown(await moderate(server, command, in_channel, **options))


async def subscribed(stage: Stage, server: Server) -> tuple[Subscription, ...]:
    return await stage.library.notifications.listed(server.guild.id)


async def test_without_a_name_the_channel_in_which_it_is_called_is_subscribed(stage: Stage) -> None:
    result = await moderate(stage.here, "subscribe")
    where = stage.here.channel.mention
    assert shown(result).splitlines() == [
        f"Every new transcript will be announced in {where}, at once. It is called **talks-here**.",
        "-# Those that are already here aren't announced; `include_recent` asks for up to ten of them.",
    ]
    assert [button["label"] for button in buttons(result.response)] == [
        "Pause",
        "Test",
        "Edit what…",
        "Edit how…",
        "Remove",
        "◀ All",
    ]
    (found,) = await subscribed(stage, stage.here)
    assert (found.channel_id, found.created_by) == (stage.here.channel.id, stage.here.moderator.id)
    assert found.wanted == Wanted()
    assert not stage.env.errors


async def test_everything_that_can_be_asked_for_is_kept_and_said(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    news = stage.here.guild.create_news_channel("news")
    role = stage.here.guild.create_role("bakers", mentionable=True)
    answer = await said(
        stage.here,
        "subscribe",
        channel=news,
        speaker="ada miller",
        tag="Rye",
        from_channel="The Bread Show",
        language="german",
        matching='"sour  dough" -cake',
        mention=role,
        digest="weekly",
        publish=True,
        name="Sour dough!",
    )
    assert answer.splitlines()[0] == (
        'New transcripts by Ada Miller, tagged Rye, from The Bread Show, in German, in which `"sour dough" -cake` is '
        f"said will be announced in {news.mention}, together, on Mondays at 09:00 (UTC), mentioning {role.mention}, "
        "published to the servers that follow it. It is called **sour-dough**."
    )
    (found,) = await subscribed(stage, stage.here)
    assert found.wanted == Wanted(
        speaker="Ada Miller",
        tag="Rye",
        from_channel="The Bread Show",
        language="de",
        matching='"sour dough" -cake',
        mention=role.id,
        digest=Digest.WEEKLY,
        publish=True,
    )


async def test_names_are_suggested_from_the_servers_own_library(stage: Stage) -> None:
    show = BREAD.replace(b"---\n\n", b'channel: "The Bread Show"\n---\n\n')
    await stage.library.ingest(stage.here.guild.id, show, "bread.md")

    async def offered(server: Server, option: str, typed: str) -> list[str]:
        found = await server.moderator.autocomplete(server.channel, "subscribe", option, typed)
        return [one["name"] for one in found]

    assert await offered(stage.here, "speaker", "a") == ["Ada Miller"]
    assert await offered(stage.here, "tag", "") == ["baking", "yeast"]
    assert await offered(stage.here, "from_channel", "bread") == ["The Bread Show"]
    assert await offered(stage.here, "language", "ger") == ["German"]
    for option in ("speaker", "tag", "from_channel"):
        assert await offered(stage.there, option, "") == []


async def test_the_newest_that_are_here_are_announced_where_that_is_asked_for(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    answer = await said(stage.here, "subscribe", tag="baking", include_recent=10)
    assert answer.splitlines()[1] == "The newest one that is here is announced now."
    await stage.turn()
    assert ["How bread rises" in str(body) for body in stage.sent(stage.here.channel)] == [True]
    none = await said(stage.here, "subscribe", tag="sailing", include_recent=10)
    assert none.splitlines()[1] == ("-# None of those that are already here fits; what comes from now on is announced.")


async def test_the_answer_is_shown_to_the_moderator_alone(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    await moderate(stage.here, "subscriptions")
    await moderate(stage.here, "unsubscribe")
    assert stage.here.channel.history(viewer=stage.here.member) == []


async def test_subscribing_twice_is_said_and_announces_once(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    assert await said(stage.here, "subscribe", name="again") == (
        f"Every new transcript is already announced in {stage.here.channel.mention}, at once. It is called "
        "**talks-here**."
    )
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    assert len(stage.sent(stage.here.channel)) == 1


async def test_a_channel_may_have_several_subscriptions_each_with_a_name_of_its_own(stage: Stage) -> None:
    await moderate(stage.here, "subscribe", tag="baking", name="mine")
    await moderate(stage.here, "subscribe", tag="sailing", name="mine")
    assert [one.name for one in await subscribed(stage, stage.here)] == ["mine", "mine-2"]


async def test_a_thread_is_subscribed_like_a_channel(stage: Stage) -> None:
    parent = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(parent, discord.TextChannel)
    await parent.create_thread(name="news", type=discord.ChannelType.public_thread)
    (thread,) = stage.here.channel.threads
    assert f"will be announced in {thread.mention}, at once" in await said(stage.here, "subscribe", thread)
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    assert ["How bread rises" in text(message) for message in thread.history(viewer=stage.here.member)] == [True]


async def test_a_forum_is_subscribed_by_its_name(stage: Stage) -> None:
    forum = stage.here.guild.create_forum_channel("archive")
    assert f"will be announced in {forum.mention}, at once" in await said(stage.here, "subscribe", channel=forum)
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    assert [thread.name for thread in forum.threads] == ["How bread rises"]


async def test_a_voice_channels_chat_is_refused_with_a_way_out(stage: Stage) -> None:
    voice = stage.here.guild.create_voice_channel("lounge")
    answer = await said(stage.here, "subscribe", voice)
    assert answer == ("This channel can't be subscribed; name a text, announcement or forum channel, or a thread.")
    assert await subscribed(stage, stage.here) == ()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"language": "klingon"}, "There is no language “klingon”; name it in English, as German, or by a code (de)."),
        ({"tag": "!*!"}, "“!\\*!” is no tag's name: it has neither a letter nor a digit."),
        ({"publish": True}, "Only posts in announcement channels can be published, and <#{channel}> is none."),
    ],
)
async def test_what_cannot_be_asked_for_is_a_sentence(stage: Stage, options: dict[str, Any], sentence: str) -> None:
    assert await said(stage.here, "subscribe", **options) == sentence.format(channel=stage.here.channel.id)
    assert await subscribed(stage, stage.here) == ()


async def test_words_that_cannot_be_watched_are_a_sentence(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(words: str) -> str:
        raise QuestionError(f"There is no word in {words!r} to search for.")

    monkeypatch.setattr(stage.library, "checked_words", refused)
    assert await said(stage.here, "subscribe", matching="-") == "There is no word in '-' to search for."
    assert await subscribed(stage, stage.here) == ()


async def test_a_role_that_the_moderator_may_not_mention_is_refused(stage: Stage) -> None:
    role = stage.here.guild.create_role("quiet")
    answer = await said(stage.here, "subscribe", mention=role)
    assert answer == (
        f"You may not mention {role.mention} in {stage.here.channel.mention}, so I won't for you; choose another role."
    )
    everyone = await said(stage.here, "subscribe", mention=stage.here.guild.default_role)
    assert everyone.startswith("You may not mention @everyone in")
    assert await subscribed(stage, stage.here) == ()


async def test_a_role_that_the_bot_may_not_mention_is_refused_with_what_helps(stage: Stage) -> None:
    loud = stage.here.guild.create_role("loud", permissions=ALL_ROLES)
    chief = stage.here.guild.add_member(stage.env.create_user("chief"), roles=[loud])
    role = stage.here.guild.create_role("quiet")
    assert stage.env.bot.user is not None
    denied = discord.PermissionOverwrite(mention_everyone=False)
    other = stage.here.guild.create_text_channel("calm", overwrites={stage.env.bot.user: denied})
    where = other.mention
    answer = shown(await chief.slash(other, "subscribe", mention=role))
    assert answer == (
        f"I may not mention {role.mention} in {where}; give me **Mention @everyone, @here, and All Roles** there, or "
        "let anyone mention the role."
    )
    everyone = shown(await chief.slash(other, "subscribe", mention=stage.here.guild.default_role))
    assert everyone == (
        f"I may not mention @everyone in {where}; give me **Mention @everyone, @here, and All Roles** there."
    )
    assert await subscribed(stage, stage.here) == ()


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (discord.PermissionOverwrite(send_messages=False), "**Send Messages**"),
        (discord.PermissionOverwrite(view_channel=False), "**View Channel**"),
    ],
)
async def test_a_permission_that_the_bot_lacks_in_the_channel_is_named_at_once(
    stage: Stage, denied: discord.PermissionOverwrite, named: str
) -> None:
    assert stage.env.bot.user is not None
    other = stage.here.guild.create_text_channel("quiet", overwrites={stage.env.bot.user: denied})
    answer = await said(stage.here, "subscribe", channel=other)
    assert f"will be announced in {other.mention}" in answer
    assert answer.splitlines()[-1].startswith("⚠️ I can't post there yet: give me ")
    assert named in answer.splitlines()[-1]


async def test_unsubscribing_ends_the_announcements_and_is_undone(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    ended = await moderate(stage.here, "unsubscribe")
    assert shown(ended).splitlines() == [
        f"New transcripts will no longer be announced in {stage.here.channel.mention}: **talks-here** has ended.",
        "-# For 24 hours it can be brought back.",
    ]
    await moderate(stage.here, "ingest", file=("bread.md", BREAD))
    await stage.turn()
    assert stage.sent(stage.here.channel) == []
    assert ended.response is not None
    await stage.restart()
    await stage.here.moderator.click(ended.response, label="Undo")
    assert text(ended.response).splitlines()[:2] == [
        "It is back, with what was still to be sent; what came in between isn't announced.",
        "### talks-here",
    ]
    await moderate(stage.here, "ingest", file=("tides.md", TIDES))
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 1
    again = await stage.here.moderator.slash(stage.here.channel, "unsubscribe", subscription="talks-here")
    assert again.response is not None
    async with stage.library._database.transaction() as connection:
        await connection.execute("UPDATE subscriptions SET removed_at = removed_at - 24 * 3600")
    late = await stage.here.moderator.click(again.response, label="Undo")
    assert "That can no longer be undone" in shown(late)


async def test_what_was_made_again_meanwhile_is_not_brought_back_to_be_told_twice(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    ended = await moderate(stage.here, "unsubscribe")
    await moderate(stage.here, "subscribe", name="anew")
    assert ended.response is not None
    told = await stage.here.moderator.click(ended.response, label="Undo")
    assert "That is what “anew” does already, and there can't be two of it." in shown(told)
    assert len(await subscribed(stage, stage.here)) == 1


async def test_a_subscription_is_ended_by_its_name_its_channel_or_the_list(stage: Stage) -> None:
    other = stage.here.guild.create_text_channel("announcements")
    for tag in ("rye", "oats", "wheat"):
        await moderate(stage.here, "subscribe", channel=other, tag=tag, name=tag)
    offered = await stage.here.moderator.autocomplete(stage.here.channel, "unsubscribe", "subscription", "ANNOUNCE")
    assert [one["name"] for one in offered] == [
        f"{tag} · #announcements · tagged {tag}" for tag in ("rye", "oats", "wheat")
    ]
    await moderate(stage.here, "unsubscribe", subscription=offered[1]["value"])
    await moderate(stage.here, "unsubscribe", subscription="RYE ")
    assert [one.name for one in await subscribed(stage, stage.here)] == ["wheat"]
    assert await stage.there.moderator.autocomplete(stage.there.channel, "unsubscribe", "subscription", "") == []


async def test_without_a_name_what_there_is_is_named(stage: Stage) -> None:
    assert await said(stage.here, "unsubscribe") == "There is no subscription to end."
    other = stage.here.guild.create_text_channel("announcements")
    await moderate(stage.here, "subscribe", channel=other)
    names = f"**announcements** ({other.mention})"
    assert await said(stage.here, "unsubscribe") == (
        f"This channel has no subscription. There are: {names}. Say which one to end."
    )
    await moderate(stage.here, "subscribe", channel=other, tag="rye")
    assert await said(stage.here, "unsubscribe", other) == (
        f"This channel has 2 subscriptions: {names}, **tagged-rye** ({other.mention}). Say which one to end."
    )
    assert await said(stage.here, "unsubscribe", subscription="zeppelin") == (
        f"There is no subscription of that name. There are: {names}, **tagged-rye** ({other.mention})."
    )


async def test_a_server_lists_and_ends_its_own_subscriptions_alone(stage: Stage) -> None:
    await moderate(stage.here, "subscribe")
    (found,) = await subscribed(stage, stage.here)
    assert "There is no subscription yet" in await said(stage.there, "subscriptions")
    for name in ("talks-here", f"#{found.id}"):
        assert await said(stage.there, "unsubscribe", subscription=name) == "There is no subscription to end."
    await moderate(stage.there, "subscribe", name="theirs")
    assert "**theirs**" in await said(stage.there, "unsubscribe", subscription=f"#{found.id}")
    assert len(await subscribed(stage, stage.here)) == 1


async def test_a_server_may_have_only_so_many_subscriptions(tmp_path: Path) -> None:
    config = Config(pause_seconds=0, limits=Limits(subscriptions=1))
    async with staged(tmp_path / "verbatim.db", config=config) as stage:
        await moderate(stage.here, "subscribe")
        other = stage.here.guild.create_text_channel("announcements")
        answer = await said(stage.here, "subscribe", channel=other)
        assert answer == "This server already has 1 subscription, the most it may have; `/unsubscribe` ends one."
        assert "will be announced" in await said(stage.there, "subscribe")


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "subscriptions"])
async def test_a_member_may_not_manage_subscriptions(stage: Stage, command: str) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, command)
