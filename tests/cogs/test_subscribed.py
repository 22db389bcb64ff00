"""The screens of subscriptions: all of them, one of them, and what its buttons and forms do."""

import re
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult, ResponseMessage

from cogs.rendering.words import Row, plain
from cogs.subscribed import Act, Menu, Turn
from store.models import Digest, Match, Subscription, Wanted
from tests.cogs.stage import BREAD, TIDES, Stage, components, shown, text


async def subscribe(stage: Stage, **options: Any) -> Subscription:
    await stage.here.moderator.slash(stage.here.channel, "subscribe", **options)
    return (await stage.library.notifications.listed(stage.here.guild.id))[-1]


async def listed(stage: Stage) -> ResponseMessage:
    """Call for the list, and return its message."""
    result = await stage.here.moderator.slash(stage.here.channel, "subscriptions")
    assert result.response is not None
    return result.response


async def opened(stage: Stage, one: Subscription) -> ResponseMessage:
    """Choose one from the list, whose page takes the list's place."""
    message = await listed(stage)
    await stage.here.moderator.select(message, [str(one.id)])
    return message


async def press(stage: Stage, message: ResponseMessage, label: str) -> InteractionResult:
    return await stage.here.moderator.click(message, label=label)


def guild_of(stage: Stage) -> discord.Guild:
    guild = stage.bot.get_guild(stage.here.guild.id)
    assert guild is not None
    return guild


def options(message: ResponseMessage) -> list[tuple[str, str]]:
    menus = [found for found in components(message) if found["type"] == 3]
    return [(option["label"], option["description"]) for menu in menus for option in menu["options"]]


async def ingest(stage: Stage, data: bytes = BREAD, name: str = "bread.md") -> None:
    await stage.here.moderator.slash(stage.here.channel, "ingest", file=(name, data))
    await stage.turn()


async def test_what_was_deleted_in_discord_is_called_so(stage: Stage) -> None:
    role = stage.here.guild.create_role("bakers", mentionable=True)
    other = stage.here.guild.create_text_channel("announcements")
    one = await subscribe(stage, channel=other, mention=role)
    for found in (guild_of(stage).get_channel(other.id), guild_of(stage).get_role(role.id)):
        assert found is not None
        await found.delete()
    message = await listed(stage)
    assert text(message).splitlines()[1] == "**announcements** · a deleted channel · every new transcript"
    assert "mentions a deleted role" in text(message)
    await stage.here.moderator.select(message, [str(one.id)])
    assert "**Where:** a deleted channel, mentioning a deleted role" in text(message)


async def test_a_channel_that_only_discord_knows_is_no_deleted_one(stage: Stage) -> None:
    one = await subscribe(stage)
    channel = guild_of(stage).get_channel(stage.here.channel.id)
    assert channel is not None
    guild_of(stage)._remove_channel(channel)
    assert f"**Where:** {stage.here.channel.mention}\n" in text(await opened(stage, one))
    path = f"/channels/{stage.here.channel.id}"
    stage.env.inject_error("GET", path, status=403, code=50001, times=None)
    assert f"**Where:** {stage.here.channel.mention}\n" in text(await opened(stage, one))
    stage.env.inject_error("GET", path, status=500, times=None)
    assert f"**Where:** {stage.here.channel.mention}\n" in text(await opened(stage, one))


async def test_a_failing_one_says_since_when_why_and_how_many_wait(stage: Stage) -> None:
    one = await subscribe(stage)
    path = f"/channels/{stage.here.channel.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50013, times=None)
    await ingest(stage)
    state = text(await opened(stage, one)).splitlines()[4]
    assert re.fullmatch(
        r"\*\*State:\*\* ⚠️ failing since <t:\d+:R>: I need \*\*View Channel\*\* and \*\*Send Messages\*\* there"
        r" · 1 still to be sent · next <t:\d+:R> · nothing sent yet",
        state,
    )


async def test_what_was_sent_and_could_not_be_published_is_said(stage: Stage) -> None:
    news = stage.here.guild.create_news_channel("news")
    one = await subscribe(stage, channel=news, publish=True)
    stage.env.inject_error("POST", f"/channels/{news.id}/messages/*/crosspost", status=403, code=50013)
    await ingest(stage)
    lines = text(await opened(stage, one)).splitlines()
    assert lines[5].startswith("⚠️ “How bread rises” was sent, but not published yet: I need **")


async def test_one_is_paused_and_goes_on_with_what_came_meanwhile(stage: Stage) -> None:
    message = await opened(stage, await subscribe(stage))
    await press(stage, message, "Pause")
    assert text(message).splitlines()[0] == "Paused: what comes is kept until it goes on."
    assert "**State:** paused · nothing sent yet" in text(message)
    await ingest(stage)
    await ingest(stage, TIDES, "tides.md")
    assert stage.sent(stage.here.channel) == []
    await stage.restart()
    await press(stage, message, "Resume")
    assert text(message).splitlines()[0] == "Resumed: the 2 that came meanwhile are announced now."
    await stage.turn()
    assert len(stage.sent(stage.here.channel)) == 2
    await press(stage, message, "Pause")
    await press(stage, message, "Resume")
    assert text(message).splitlines()[0] == "Resumed: nothing came meanwhile."


async def test_a_test_shows_to_the_presser_alone_what_would_have_been_sent(stage: Stage) -> None:
    role = stage.here.guild.create_role("bakers", mentionable=True)
    message = await opened(stage, await subscribe(stage, mention=role))
    assert shown(await press(stage, message, "Test")).endswith(
        "The library is empty, so there is nothing to test with yet; `/ingest` adds a transcript."
    )
    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    tested = await press(stage, message, "Test")
    line, post = (one for one in (tested.response, *tested.followups) if one is not None)
    assert text(line) == (
        f"This would have been sent in {stage.here.channel.mention} for the newest transcript, **How bread rises**:"
    )
    assert text(post).startswith(f"-# {role.mention}\n### New transcript\n**[How bread rises]")
    assert line.ephemeral
    assert post.ephemeral
    assert [body["allowed_mentions"] for body in _followups(stage)][-1] == {"parse": []}


def _followups(stage: Stage) -> list[dict[str, Any]]:
    return [e.json for e in stage.env.http_requests if e.method == "POST" and "/webhooks/" in e.path and e.json]


async def test_a_test_says_why_the_newest_would_not_have_been_announced(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.library.ingest(stage.here.guild.id, TIDES, "tides.md")
    where = stage.here.channel.mention
    tested = await press(stage, await opened(stage, await subscribe(stage, tag="baking")), "Test")
    said = "\n".join(text(one) for one in (tested.response, *tested.followups) if one is not None)
    assert (
        "The newest transcript, **Why there are tides**, would not have been announced: it isn't tagged baking.\n"
        f"This would have been sent in {where} for the newest that would have been:\n"
        "### New transcript\n**[How bread rises]"
    ) in said
    none = await press(stage, await opened(stage, await subscribe(stage, tag="sailing")), "Test")
    assert shown(none).endswith("it isn't tagged sailing. Nor would any of those before it that I looked at.")


async def test_a_test_of_words_says_which_are_not_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def matched(guild_id: int, words: str, transcript: int) -> Match:
        del guild_id, transcript
        return Match(missing=(words,))

    monkeypatch.setattr(stage.library.notifications, "_matched", matched)
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    tested = await press(stage, await opened(stage, await subscribe(stage, matching="sourdough")), "Test")
    assert "would not have been announced: “sourdough” isn't said in it." in shown(tested)


async def test_what_it_hears_of_is_edited_in_a_form(stage: Stage) -> None:
    one = await subscribe(stage, tag="baking", language="de", matching="yeast", digest="daily")
    message = await opened(stage, one)
    form = await press(stage, message, "Edit what…")
    assert form.modal is not None
    given = {part["component"]["custom_id"]: part["component"].get("value") for part in form.modal["components"]}
    assert given == {
        "matching": "yeast",
        "speaker": None,
        "tag": "baking",
        "from_channel": None,
        "language": "German",
    }
    await stage.here.moderator.submit_modal(form, {"speaker": "Ada Miller", "tag": "", "language": " fr "})
    assert text(message).splitlines()[:4] == [
        "Saved; what still waits follows the new settings.",
        "### yeast",
        f"**Where:** {stage.here.channel.mention}",
        "**What:** new transcripts by Ada Miller, in French",
    ]
    (now,) = await stage.library.notifications.listed(stage.here.guild.id)
    assert now.wanted == Wanted(speaker="Ada Miller", language="fr", digest=Digest.DAILY)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"language": "klingon"}, "There is no language “klingon”"),
        ({"tag": "!!"}, "“!!” is no tag's name"),
        ({"tag": "rye"}, "That is what “rye” does already, and there can't be two of it."),
    ],
)
async def test_what_cannot_be_edited_so_is_a_sentence_and_changes_nothing(
    stage: Stage, given: dict[str, str], sentence: str
) -> None:
    await subscribe(stage, tag="rye", name="rye")
    one = await subscribe(stage, tag="oats")
    form = await press(stage, await opened(stage, one), "Edit what…")
    assert sentence in shown(await stage.here.moderator.submit_modal(form, given))
    assert (await stage.library.notifications.get(one.guild_id, one.id)).wanted == one.wanted


async def test_a_form_that_is_refused_leaves_no_word_of_what_was_saved_before(stage: Stage) -> None:
    message = await opened(stage, await subscribe(stage, tag="oats"))
    form = await press(stage, message, "Edit what…")
    await stage.here.moderator.submit_modal(form, {"tag": "rye"})
    assert text(message).startswith("Saved; what still waits follows the new settings.\n### tagged-oats")
    form = await press(stage, message, "Edit what…")
    refused = shown(await stage.here.moderator.submit_modal(form, {"language": "klingon"}))
    assert "There is no language “klingon”" in refused
    assert text(message).startswith("### tagged-oats")


async def how(stage: Stage, one: Subscription, **given: Any) -> tuple[str, ResponseMessage]:
    """Fill the form for how one is told, and return what was said, with the page."""
    message = await opened(stage, one)
    form = await press(stage, message, "Edit how…")
    chosen = {"digest": ["at once"], "publish": ["no"], "name": one.name, **given}
    return shown(await stage.here.moderator.submit_modal(form, chosen)), message


async def test_how_it_is_told_is_edited_in_a_form(stage: Stage) -> None:
    role = stage.here.guild.create_role("bakers", mentionable=True)
    news = stage.here.guild.create_news_channel("news")
    one = await subscribe(stage, tag="rye")
    given = {"name": "Rye & oats", "channel": [news], "mention": [role], "digest": ["weekly"], "publish": ["yes"]}
    _, message = await how(stage, one, **given)
    assert text(message).splitlines()[1:5] == [
        "### rye-oats",
        f"**Where:** {news.mention}, mentioning {role.mention}",
        "**What:** new transcripts tagged rye",
        "**How:** together, on Mondays at 09:00 (UTC), published to the servers that follow it",
    ]
    form = await press(stage, message, "Edit how…")
    assert form.modal is not None
    parts = {part["component"]["custom_id"]: part["component"] for part in form.modal["components"]}
    assert parts["name"]["value"] == "rye-oats"
    assert [default["id"] for default in parts["channel"]["default_values"]] == [news.id]
    assert [default["id"] for default in parts["mention"]["default_values"]] == [role.id]
    assert [option["value"] for option in parts["digest"]["options"] if option["default"]] == ["weekly"]
    assert [option["value"] for option in parts["publish"]["options"] if option["default"]] == ["yes"]
    _, message = await how(stage, await stage.library.notifications.get(one.guild_id, one.id))
    now = await stage.library.notifications.get(one.guild_id, one.id)
    assert (now.channel_id, now.wanted) == (news.id, Wanted(tag="rye"))


async def test_a_thread_and_a_forum_stay_chosen_in_the_form(stage: Stage) -> None:
    parent = guild_of(stage).get_channel(stage.here.channel.id)
    assert isinstance(parent, discord.TextChannel)
    await parent.create_thread(name="news", type=discord.ChannelType.public_thread)
    for channel in (*stage.here.channel.threads, stage.here.guild.create_forum_channel("archive")):
        one = await subscribe(stage, channel=channel)
        form = await press(stage, await opened(stage, one), "Edit how…")
        assert form.modal is not None
        (part,) = [part["component"] for part in form.modal["components"] if part["component"]["type"] == 8]
        assert [default["id"] for default in part["default_values"]] == [channel.id]


async def test_the_form_is_checked_as_the_command_is(stage: Stage) -> None:
    quiet = stage.here.guild.create_role("quiet")
    one = await subscribe(stage, tag="rye")
    await subscribe(stage, tag="oats", name="oats")
    where = stage.here.channel.mention
    refused: dict[str, dict[str, Any]] = {
        f"You may not mention {quiet.mention} in {where}": {"mention": [quiet]},
        f"Only posts in announcement channels can be published, and {where} is none.": {"publish": ["yes"]},
        "Another subscription is called “oats”; choose another name.": {"name": "oats"},
    }
    for sentence, given in refused.items():
        said, _ = await how(stage, one, **given)
        assert sentence in said
    assert await stage.library.notifications.get(one.guild_id, one.id) == one


async def test_a_role_that_stays_may_stay_though_the_editor_may_not_mention_it(stage: Stage) -> None:
    quiet = stage.here.guild.create_role("quiet")
    wanted = Wanted(tag="rye", mention=quiet.id)
    one, _ = await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id, wanted)
    _, message = await how(stage, one, mention=[quiet], name="bread")
    assert f"### bread\n**Where:** {stage.here.channel.mention}, mentioning {quiet.mention}" in text(message)
    other = stage.here.guild.create_text_channel("announcements")
    said, _ = await how(stage, one, mention=[quiet], channel=[other])
    assert f"You may not mention {quiet.mention} in {other.mention}" in said


async def test_one_is_removed_and_brought_back(stage: Stage) -> None:
    one = await subscribe(stage, tag="rye")
    message = await opened(stage, one)
    await press(stage, message, "Remove")
    assert text(message).startswith("New transcripts tagged rye will no longer be announced in")
    assert await stage.library.notifications.listed(one.guild_id) == ()
    await press(stage, message, "Undo")
    assert "### tagged-rye" in text(message)
    await press(stage, message, "◀ All")
    assert text(message).startswith("### 1 subscription\n**tagged-rye**")


async def test_one_that_is_gone_meanwhile_is_a_sentence(stage: Stage) -> None:
    one = await subscribe(stage)
    page, other = await opened(stage, one), await listed(stage)
    await stage.library.notifications.remove(one.guild_id, one.id)
    gone = "That subscription is no longer there; `/subscriptions` lists those that are."
    for label in ("Pause", "Test", "Edit what…", "Edit how…", "Remove"):
        assert gone in shown(await press(stage, page, label))
    assert gone in shown(await stage.here.moderator.select(other, [str(one.id)]))
    await press(stage, page, "◀ All")
    assert text(page).startswith("There is no subscription yet.")


async def test_under_a_message_that_all_see_members_may_not_press_and_pages_open_beside_it(stage: Stage) -> None:
    one = await subscribe(stage)
    row, menu = Row(), Row()
    for what in ("show", "remove", "test"):
        row.add_item(Act(what, one.id))
    row.add_item(Turn("all"))
    menu.add_item(Menu([discord.SelectOption(label="news", value=str(one.id))]))
    channel = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send(view=plain("All see this.", [row, menu]))
    for label in ("Show it", "Remove", "Test", "◀ All"):
        refused = await stage.here.member.click(message, label=label)
        assert shown(refused) == "You don't have the permission to do that here."
    assert "permission" in shown(await stage.here.member.select(message, [str(one.id)]))
    page = await stage.here.moderator.click(message, label="Show it")
    assert page.ephemeral
    assert shown(page).startswith("### talks-here")
    assert shown(await stage.here.moderator.click(message, label="◀ All")).startswith("### 1 subscription")
    assert await stage.library.notifications.listed(one.guild_id) == (one,)


async def test_what_is_another_servers_or_a_members_own_is_not_reached(stage: Stage) -> None:
    theirs, _ = await stage.library.notifications.subscribe(stage.there.guild.id, stage.there.channel.id)
    alert, _ = await stage.library.notifications.alert(stage.here.guild.id, stage.here.member.id, "yeast")
    channel = stage.bot.get_channel(stage.here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    for id_, sentence in ((theirs.id, "no longer there"), (alert.id, "That is a member's alert")):
        row = Row()
        for what in ("pause", "test", "what", "how", "remove"):
            row.add_item(Act(what, id_))
        below = Row()
        below.add_item(Act("show", id_))
        message = await channel.send(view=plain("…", [row, below]))
        for label in ("Pause", "Test", "Edit what…", "Edit how…", "Remove", "Show it"):
            assert sentence in shown(await stage.here.moderator.click(message, label=label)), label
    assert len(await stage.library.notifications.listed(stage.there.guild.id)) == 1
    assert len(await stage.library.notifications.listed(stage.here.guild.id, member_id=stage.here.member.id)) == 1
