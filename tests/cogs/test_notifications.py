"""/notifications: when a server's digests come, and where its moderators are told of what fails."""

from typing import Any

import discord
import pytest
import simcord

from store.models import Settings
from tests.cogs.stage import Stage, buttons, shown, text


async def said(stage: Stage, **options: Any) -> str:
    return shown(await stage.here.moderator.slash(stage.here.channel, "notifications", **options))


async def settings(stage: Stage) -> Settings:
    return await stage.library.notifications.settings(stage.here.guild.id)


async def test_without_options_the_settings_are_shown(stage: Stage) -> None:
    result = await stage.here.moderator.slash(stage.here.channel, "notifications")
    assert result.ephemeral
    assert buttons(result.response) == []
    lines = shown(result).splitlines()
    assert lines[0] == "### Notifications"
    assert lines[1].startswith("**Digests** come at 09:00 (UTC): daily ones next <t:")
    assert ", weekly ones on Mondays, next <t:" in lines[1]
    assert lines[2].endswith("moderators are told once, with the reply to their next command.")


async def test_what_is_set_is_kept_one_by_one(stage: Stage) -> None:
    assert "come at 18:00 (UTC)" in await said(stage, hour=18)
    assert "weekly ones on Fridays" in await said(stage, day=4)
    changed = await said(stage, zone="europe/vienna")
    assert changed.startswith("Changed: digests come at 18:00 (Europe/Vienna).\n### Notifications\n")
    assert "come at 18:00 (Europe/Vienna)" in changed
    assert await settings(stage) == Settings(18, 4, "Europe/Vienna")
    assert "come at 00:00" in await said(stage, hour=0)
    assert await stage.library.notifications.settings(stage.there.guild.id) == Settings()


async def test_zones_are_suggested_as_people_write_them(stage: Stage) -> None:
    async def offered(typed: str) -> list[str]:
        found = await stage.here.moderator.autocomplete(stage.here.channel, "notifications", "zone", typed)
        return [one["name"] for one in found]

    assert await offered("new york") == ["America/New_York"]
    assert await offered("vienna") == ["Europe/Vienna"]
    assert (await offered(""))[0] == "UTC"
    assert len(await offered("")) == 25


async def test_only_what_was_changed_is_said(stage: Stage) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    changed = await said(stage, problems_channel=problems)
    assert changed.startswith(f"Changed: problems are told in {problems.mention}.\n###")
    changed = await said(stage, problems_channel=problems, day=2, hour=9)
    assert changed.startswith("Changed: weekly digests come on Wednesdays.\n###")
    assert (await said(stage, day=2)).startswith("Nothing changed: that is how it was.\n###")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("utc", "UTC"), ("knox", "America/Indiana/Knox")],
)
async def test_a_place_is_taken_for_its_zone_where_only_one_fits(stage: Stage, typed: str, zone: str) -> None:
    await said(stage, zone=typed)
    assert (await settings(stage)).zone == zone


async def test_a_place_of_many_zones_is_none(stage: Stage) -> None:
    assert (await said(stage, zone="america")).startswith("There is no time zone “america”")


async def test_a_zone_that_is_none_is_a_sentence_and_changes_nothing(stage: Stage) -> None:
    assert await said(stage, zone="Atlantis", hour=3) == (
        "There is no time zone “Atlantis”; choose one such as Europe/Vienna or UTC."
    )
    assert await settings(stage) == Settings()


async def test_a_channel_for_problems_is_set_and_unset(stage: Stage) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    result = await stage.here.moderator.slash(stage.here.channel, "notifications", problems_channel=problems)
    assert f"moderators are told once, in {problems.mention}." in shown(result)
    assert (await settings(stage)).problems_channel_id == problems.id
    assert f"in {problems.mention}." in await said(stage, hour=3)
    await stage.restart()
    assert result.response is not None
    await stage.here.moderator.click(result.response, label="No channel for problems")
    assert "with the reply to their next command." in text(result.response)
    assert await settings(stage) == Settings(hour=3)


async def test_a_channel_in_which_the_bot_cannot_post_is_refused_with_what_helps(stage: Stage) -> None:
    assert stage.env.bot.user is not None
    denied = discord.PermissionOverwrite(send_messages=False)
    quiet = stage.here.guild.create_text_channel("quiet", overwrites={stage.env.bot.user: denied})
    assert await said(stage, problems_channel=quiet, hour=3) == (
        f"I can't post in {quiet.mention} yet: give me **Send Messages** in that channel, and choose it again."
    )
    assert await settings(stage) == Settings()


async def test_a_member_may_not_set_them(stage: Stage) -> None:
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, "notifications", hour=3)
