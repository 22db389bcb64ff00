"""Alerts, /why and problems in Japanese: a reply in its reader's language, what nobody asked for in the server's."""

from typing import Any

import pytest
import simcord
from simcord.results import InteractionResult

from store.models import Wanted
from tests.cogs.locales.leftovers import english
from tests.cogs.stage import BREAD, Stage, buttons, shown, text
from tests.cogs.test_subscribed import press

NO_POSTS = "**チャンネルを見る**、**メッセージを送信**の権限がありません"
SAID = ["How bread rises"]


async def run(stage: Stage, command: str, **options: Any) -> InteractionResult:
    return await stage.here.moderator.slash(stage.here.channel, command, **options)


@pytest.fixture
async def broken(stage: Stage) -> simcord.ChannelHandle:
    """Let a moderator use Discord in Japanese, and a subscription fail in a channel."""
    channel = stage.here.guild.create_text_channel("broken")
    stage.env.inject_error("POST", f"/channels/{channel.id}/messages", status=403, code=50013, times=None)
    await stage.library.notifications.subscribe(stage.here.guild.id, channel.id, name="news")
    stage.speak(stage.here.moderator, "ja")
    return channel


async def fail(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await stage.turn()


async def test_a_moderator_is_told_of_a_problem_with_a_reply_in_their_language(
    stage: Stage, broken: simcord.ChannelHandle
) -> None:
    await fail(stage)
    (told,) = (await run(stage, "help")).followups
    first, last = text(told).splitlines()
    assert first.startswith(f"⚠️ **news**は{broken.mention}に投稿できません：{NO_POSTS}。<t:")
    assert first.endswith(":R>です。")
    assert last.startswith("原因を取り除いてから**今すぐ再試行** を押すか、")
    assert [button["label"] for button in buttons(told)] == ["今すぐ再試行", "「news」を表示"]
    assert english(text(told)) == []


@pytest.mark.parametrize("locale", ["ja", "en-US"])
async def test_the_channel_for_problems_is_told_in_the_servers_language(
    stage: Stage, broken: simcord.ChannelHandle, locale: str
) -> None:
    problems = stage.here.guild.create_text_channel("problems")
    await run(stage, "notifications", problems_channel=problems)
    stage.speak_in(stage.here, locale)
    await run(stage, "ingest", file=("bread.md", BREAD))  # by who uses Discord in Japanese
    await stage.turn()
    (told,) = [text(message) for message in problems.history() if message.author == stage.bot.user]
    japanese = f"⚠️ **news**は{broken.mention}に投稿できません：{NO_POSTS}。"
    english_ = f"⚠️ **news** can't post in {broken.mention}: I need **View Channel** and **Send Messages** there."
    assert told.startswith(japanese if locale == "ja" else english_)


async def test_why_is_answered_in_japanese(stage: Stage, broken: simcord.ChannelHandle) -> None:
    outbox, here = stage.library.notifications, stage.here
    await outbox.subscribe(here.guild.id, here.channel.id, name="talks")
    await outbox.subscribe(here.guild.id, here.channel.id, Wanted(tag="physics"), name="physics")
    await fail(stage)
    result = await run(stage, "why", transcript="How bread rises")
    heading, *lines, foot = text(result.response).splitlines()
    assert heading == "### 「How bread rises」のお知らせ状況"
    assert any(line.startswith(f"- **news**（{broken.mention}）：<t:") and NO_POSTS in line for line in lines)
    assert any(line.startswith(f"- **talks**（{here.channel.mention}）：<t:") and "に[送信](" in line for line in lines)
    physics = f"- **physics**（{here.channel.mention}）：見送りました。理由：タグ「physics」が付いていません。"
    assert physics in lines
    assert foot == "-# `購読:` を指定すると、その購読を詳しく表示します。"
    assert english(shown(result), SAID) == []
    unknown = shown(await run(stage, "why", transcript="How bread rises", subscription="nobody"))
    assert unknown == "このサーバーに購読「nobody」はありません。今ある購読は `/購読一覧` で見られます。"


async def test_what_discord_answered_and_what_would_be_skipped_again_is_said_in_japanese(stage: Stage) -> None:
    outbox, here, why = stage.library.notifications, stage.here, 'Invalid {"Form"} *Body*'
    path = f"/channels/{here.channel.id}/messages"
    stage.env.inject_error("POST", path, status=400, code=50035, message=why, times=None)
    await outbox.subscribe(here.guild.id, here.channel.id, name="talks")
    await outbox.subscribe(here.guild.id, here.channel.id, Wanted(tag="physics"), name="physics")
    await fail(stage)
    stage.speak(here.moderator, "ja")
    failing = shown(await run(stage, "why", transcript="How bread rises", subscription="talks"))
    assert 'から送信できていません：Discordがメッセージを受け付けません（Invalid {"Form"} \\*Body\\*）。' in failing
    skipped = shown(await run(stage, "why", transcript="How bread rises", subscription="physics"))
    assert "見送りました。理由：タグ「physics」が付いていません。\n今の設定でも、同じ理由で見送られます。" in skipped


async def test_what_was_removed_is_suggested_as_such(stage: Stage, broken: simcord.ChannelHandle) -> None:
    del broken
    await fail(stage)
    (entry,) = (await stage.library.page(stage.here.guild.id)).entries
    await stage.library.remove(stage.here.guild.id, entry.id)
    offered = await stage.here.moderator.autocomplete(stage.here.channel, "why", "transcript", "bread")
    assert [one["name"] for one in offered] == ["削除済み · How bread rises"]


async def test_a_member_adds_an_alert_is_refused_and_brings_it_back(stage: Stage) -> None:
    member, channel = stage.here.member, stage.here.channel
    stage.speak(member, "ja")
    added = shown(await member.slash(channel, "alert add", words="yeast"))
    assert added.startswith(
        "このサーバーの新しい文字起こしに`yeast`が出てくる場合、ダイレクトメッセージでお知らせします。\n"
    )
    stage.env.inject_error("POST", f"/channels/{member.user.dm_channel.id}/messages", status=403, code=50007)
    await fail(stage)
    refused = await member.slash(channel, "alert list")
    (told,) = refused.followups
    assert text(told).startswith("⚠️ `yeast`のアラートを<t:")
    assert "からお届けできていません：このサーバーのメンバーからのダイレクトメッセージを許可していません。" in text(
        told
    )
    assert "⚠️ このサーバーのメンバーからのダイレクトメッセージが許可されていないため、" in text(refused.response)
    ended = await member.slash(channel, "alert remove", alert="yeast")
    assert ended.response is not None
    assert [button["label"] for button in buttons(ended.response)] == ["元に戻す"]
    await member.click(ended.response, label="元に戻す")
    assert text(ended.response) == "これからは、新しい文字起こしに`yeast`が出てくる場合、再びお知らせします。"
    missing = shown(await member.slash(channel, "alert remove", alert="flour"))
    assert missing == "そのアラートはここにありません。あなたのアラートは `/アラート 一覧` で見られます。"
    for said in (added, text(told), shown(refused), missing):
        assert english(said) == []


async def test_a_test_shows_the_post_in_the_language_of_who_tests(stage: Stage) -> None:
    stage.speak(stage.here.moderator, "ja")
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    found, _ = await stage.library.notifications.subscribe(stage.here.guild.id, stage.here.channel.id)
    message = (await run(stage, "subscriptions")).response
    assert message is not None
    await stage.here.moderator.select(message, [str(found.id)])
    result = await press(stage, message, "テスト")
    line, post = (one for one in (result.response, *result.followups) if one is not None)
    assert text(line) == (
        f"最新の文字起こし**How bread rises**なら、{stage.here.channel.mention}に次のお知らせを送ります："
    )
    assert text(post).startswith("### 新しい文字起こし\n")
