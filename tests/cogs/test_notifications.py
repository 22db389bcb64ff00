"""/notifications: when a server's digests come, where its moderators are told of what fails, and in which language."""

from typing import Any

import discord
import pytest
import simcord

from store.errors import DatabaseError
from store.models import Settings
from tests.cogs.stage import BREAD, Stage, buttons, shown, text


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


async def test_a_language_is_chosen_among_those_there_are_by_their_own_names(stage: Stage) -> None:
    (request,) = stage.requests("PUT", "/commands")
    (command,) = [one for one in request["json"] if one["name"] == "notifications"]
    (option,) = [one for one in command["options"] if one["name"] == "language"]
    assert option["name_localizations"] == {"ja": "言語"}
    assert [(one["name"], one["value"]) for one in option["choices"]] == [
        ("Discord's setting of the server", "discord"),
        ("English", "en"),
        ("日本語", "ja"),
    ]
    assert option["choices"][0]["name_localizations"] == {"ja": "Discordのサーバー設定に従う"}


async def test_a_language_is_kept_and_goes_back_to_what_discord_has(stage: Stage) -> None:
    default = "announcements, alerts and problems are told in English; only a Community server has"
    assert default in await said(stage)
    await said(stage, hour=7)
    changed = await said(stage, language="ja")
    assert changed.startswith("Changed: announcements are in Japanese.\n### Notifications\n")
    assert "**Language:** announcements, alerts and problems are told in Japanese.\n" in changed
    assert await settings(stage) == Settings(7, language="ja")
    assert await stage.library.notifications.settings(stage.there.guild.id) == Settings()
    await said(stage, day=2)
    assert await settings(stage) == Settings(7, 2, language="ja")
    assert (await said(stage, language="ja")).startswith("Nothing changed")
    changed = await said(stage, language="discord")
    assert changed.startswith("Changed: announcements are in English, by Discord's setting of the server.\n")
    assert default in changed
    assert await settings(stage) == Settings(7, 2)


async def test_a_language_that_is_chosen_is_that_of_the_next_announcement(stage: Stage) -> None:
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await said(stage, language="ja")
    await stage.here.moderator.slash(stage.here.channel, "ingest", file=("bread.md", BREAD))
    await stage.turn()
    announced = text(stage.here.channel.history()[-1])
    assert announced.startswith("### 新しい文字起こし\n**[How bread rises]")


async def test_the_language_of_a_community_is_its_own_unless_another_is_chosen(stage: Stage) -> None:
    stage.speak_in(stage.here, "ja")
    assert "are told in Japanese, this server's primary language in Discord." in await said(stage)
    assert "are told in English.\n" in await said(stage, language="en")
    changed = await said(stage, language="discord")
    assert changed.startswith("Changed: announcements are in Japanese, by Discord's setting of the server.\n")
    stage.speak_in(stage.here, "fr")
    assert "are told in English, as I don't speak this server's primary language in Discord." in await said(stage)
    stage.speak_in(stage.here, "en-GB")
    assert "are told in English, this server's primary language in Discord." in await said(stage)


async def test_who_speaks_another_language_is_told_how_to_have_it_until_one_is_chosen(stage: Stage) -> None:
    hint = "-# このサーバーのお知らせは英語です。`/通知 言語:日本語` を使うと、日本語になります。"
    assert "`/notifications language:" not in await said(stage)
    stage.speak(stage.here.moderator, "ja")
    assert hint in (await said(stage)).splitlines()
    assert hint in (await said(stage, hour=3)).splitlines()
    for language in ("ja", "en"):
        assert hint not in await said(stage, language=language)
        assert hint not in await said(stage)
    assert hint in await said(stage, language="discord")


async def test_a_channel_for_problems_is_unset_and_the_language_stays(stage: Stage) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    result = await stage.here.moderator.slash(
        stage.here.channel, "notifications", problems_channel=problems, language="ja"
    )
    assert result.response is not None
    await stage.here.moderator.click(result.response, label="No channel for problems")
    assert "are told in Japanese." in text(result.response)
    assert await settings(stage) == Settings(language="ja")


async def test_a_full_disk_is_a_sentence_and_the_language_stays(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    with monkeypatch.context() as patched:
        patched.setattr("store.outbox.settings.keep", full)
        assert await said(stage, language="ja") == (
            "The disk is full: nothing was changed; free some space and try again."
        )
    assert await settings(stage) == Settings()
