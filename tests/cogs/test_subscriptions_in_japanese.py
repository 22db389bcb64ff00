"""Subscriptions by a moderator who uses Discord in Japanese: commands, buttons, forms, suggestions, what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from simcord.results import InteractionResult

from store.models import Digest, Settings, Wanted
from tests.cogs.locales.leftovers import english
from tests.cogs.stage import BREAD, Stage, buttons, components, shown, staged, text

LACKING = "**チャンネルを見る**、**メッセージを送信**の権限がありません"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Start the bot with a moderator who uses Discord in Japanese, in a server that is in English."""
    async with staged(tmp_path / "verbatim.db") as started:
        started.speak(started.here.moderator, "ja")
        yield started


async def run(stage: Stage, command: str, **options: Any) -> InteractionResult:
    return await stage.here.moderator.slash(stage.here.channel, command, **options)


async def test_a_channel_is_subscribed_listed_changed_and_removed(stage: Stage) -> None:
    place = stage.here.channel.mention
    said = shown(await run(stage, "subscribe", language="ドイツ語", matching="sugar", name="news", digest="daily"))
    assert said.splitlines() == [
        (
            f"{place}に、言語がドイツ語で、`sugar`が出てくる新しい文字起こしのお知らせを送ります。届け方：毎日09:00（"
            "UTC）にまとめて。名前は**news**です。"
        ),
        "-# すでにある文字起こしはお知らせしません。`最近の分も` を指定すると、最大10件をお知らせします。",
        "-# このサーバーのお知らせは英語です。`/通知 言語:日本語` を使うと、日本語になります。",
    ]
    (one,) = await stage.library.notifications.listed(stage.here.guild.id)
    assert one.wanted == Wanted(language="de", matching="sugar", digest=Digest.DAILY)
    result = await run(stage, "subscriptions")
    message = result.response
    assert message is not None
    assert text(message).startswith("### 購読1件\n**news**")
    (menu,) = [found for found in components(message) if found["type"] == 3]
    assert menu["placeholder"] == "一時停止、テスト、編集、削除する購読を選ぶ"
    assert menu["options"][0]["description"] == "#talks-here · 言語がドイツ語、「sugar」が出てくる"
    await stage.here.moderator.select(message, [str(one.id)])
    labels = [button["label"] for button in buttons(message)]
    assert labels == ["一時停止", "テスト", "内容を編集…", "届け方を編集…", "削除", "◀ 一覧"]
    await stage.here.moderator.click(message, label="一時停止")
    assert text(message).startswith("一時停止しました。再開するまでに届くものは保留しておきます。\n### news\n")
    assert "再開" in [button["label"] for button in buttons(message)]
    await stage.here.moderator.click(message, label="削除")
    assert text(message).splitlines() == [
        f"{place}への、言語がドイツ語で、`sugar`が出てくる新しい文字起こしのお知らせを終了しました（**news**）。",
        "-# 24時間以内なら元に戻せます。",
    ]
    await stage.here.moderator.click(message, label="元に戻す")
    assert text(message).startswith(
        "元に戻しました。未送信だった分も送ります。その間に届いたものはお知らせしません。\n"
    )


async def test_languages_are_suggested_as_they_are_called(stage: Stage) -> None:
    async def offered(typed: str) -> list[str]:
        found = await stage.here.moderator.autocomplete(stage.here.channel, "subscribe", "language", typed)
        return [one["name"] for one in found]

    assert await offered("ドイツ") == ["ドイツ語"]
    assert len(await offered("")) == 25
    stage.speak(stage.here.moderator, "en-US")
    assert await offered("ger") == ["German"]


async def test_the_forms_are_in_japanese_and_take_a_language_by_its_name(stage: Stage) -> None:
    await run(stage, "subscribe", language="de", name="news")
    (one,) = await stage.library.notifications.listed(stage.here.guild.id)
    message = (await run(stage, "subscriptions")).response
    assert message is not None
    await stage.here.moderator.select(message, [str(one.id)])
    result = await stage.here.moderator.click(message, label="内容を編集…")
    form = result.modal
    assert form is not None
    assert form["title"] == "「news」の内容"
    labels = [found["label"] for found in form["components"]]
    assert labels == ["言葉", "話者", "タグ", "チャンネル・番組", "言語"]
    assert form["components"][4]["component"]["value"] == "ドイツ語"
    await stage.here.moderator.submit_modal(result, {"language": "フランス語"})
    assert text(message).startswith("保存しました。未送信の分にも新しい設定が適用されます。\n### news\n")
    assert "**内容：** 言語がフランス語の新しい文字起こし" in text(message)
    form = (await stage.here.moderator.click(message, label="届け方を編集…")).modal
    assert form is not None
    assert form["title"] == "「news」の届け方"
    assert [found["label"] for found in form["components"]] == [
        *("短い名前", "チャンネル", "メンション", "タイミング", "公開"),
    ]


async def test_what_fails_says_why_in_the_readers_language(stage: Stage) -> None:
    path = f"/channels/{stage.here.channel.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50013, times=None)
    await run(stage, "subscribe", name="news")
    await run(stage, "ingest", file=("bread.md", BREAD))
    await stage.turn()
    message = (await run(stage, "subscriptions")).response
    assert f"から送信できていません：{LACKING} · 未送信1件 · " in text(message)
    stage.speak(stage.here.moderator, "en-US")
    message = (await run(stage, "subscriptions")).response
    assert "I need **View Channel** and **Send Messages** there · 1 still to be sent" in text(message)


async def test_what_is_refused_is_refused_in_japanese(stage: Stage) -> None:
    role = stage.here.guild.create_role("bakers")
    refused = [
        (await run(stage, "unsubscribe"), "終了できる購読がありません。"),
        (
            await run(stage, "subscribe", mention=role),
            (
                f"あなたは{stage.here.channel.mention}で{role.mention}にメンションできないため、ボットが代わりにする"
                "こともできません。別のロールを選んでください。"
            ),
        ),
        (
            await run(stage, "subscribe", publish=True),
            (
                f"公開できるのはアナウンスチャンネルの投稿だけで、{stage.here.channel.mention}はアナウンスチャンネル"
                "ではありません。"
            ),
        ),
        (
            await run(stage, "subscribe", tag="!!"),
            "「!!」はタグの名前として使えません。文字も数字も含まれていません。",
        ),
    ]
    for tag in ("rye", "oats"):
        await run(stage, "subscribe", tag=tag, name=tag)
    place = stage.here.channel.mention
    refused.append(
        (
            await run(stage, "unsubscribe"),
            (
                f"このチャンネルには購読が2件あります：**rye**（{place}）、**oats**（{place}）。どれを終了するか指定"
                "してください。"
            ),
        )
    )
    for result, said in refused:
        assert shown(result) == said
        assert english(shown(result)) == []


async def test_the_settings_of_notifications_are_shown_and_changed(stage: Stage) -> None:
    assert shown(await run(stage, "notifications")).splitlines()[0] == "### 通知の設定"
    problems = stage.here.guild.create_text_channel("problems")
    result = await run(stage, "notifications", day=4, problems_channel=problems)
    assert shown(result).splitlines()[0] == (
        f"変更しました：毎週のまとめは金曜日に届きます。問題は{problems.mention}で知らせます。"
    )
    assert [button["label"] for button in buttons(result.response)] == ["問題通知先をなくす"]
    assert english(shown(result)) == []


async def test_who_subscribes_is_told_how_the_server_is_told_in_that_language_until_one_is_chosen(stage: Stage) -> None:
    async def is_told(**options: Any) -> bool:
        said = shown(await run(stage, "subscribe", **options))
        return said.endswith("\n-# このサーバーのお知らせは英語です。`/通知 言語:日本語` を使うと、日本語になります。")

    notifications, guild = stage.library.notifications, stage.here.guild.id
    assert await is_told()
    assert await is_told()  # which it was already
    stage.speak(stage.here.moderator, "en-GB")
    assert "Announcements in this server are" not in shown(await run(stage, "subscribe"))
    stage.speak(stage.here.moderator, "fr")  # of which there is no catalogue
    assert "Announcements in this server are" not in shown(await run(stage, "subscribe"))
    stage.speak(stage.here.moderator, "ja")
    for chosen in ("ja", "en"):
        await notifications.set(guild, Settings(language=chosen))
        assert not await is_told()
    await notifications.set(guild, Settings())
    stage.speak_in(stage.here, "ja")
    assert not await is_told()
    stage.speak_in(stage.here, "en-US")  # as a Community's moderators have it
    assert not await is_told()
