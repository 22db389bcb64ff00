"""/privacy: what is kept about a member, for them alone; erased, it is gone, and the others' is as it was."""

import sqlite3
from contextlib import closing

import pytest
import simcord
from simcord.results import InteractionResult

from cogs.rendering import privacy
from store.database import Database
from store.errors import DatabaseError
from store.holdings.tables import TABLES
from store.models import Asked, Filters
from tests.cogs.stage import BREAD, TIDES, Server, Stage, buttons, shown

NEVER = (
    "-# I never keep messages, names or roles, nor what you open or read. What is said in transcripts, and by whom, is "
    "this server's; ask its moderators about it."
)
NOTHING = f"I keep nothing about you in this server.\n{NEVER}"
SURE = (
    "Erase all of it? Your alerts end, the buttons under your answers no longer work, and your votes are taken back. "
    "What you did for the server, corrections that you reported too, stays without your id. This can't be undone."
)
ERASED = (
    "Erased: I keep nothing about you in this server any more. Backups that the operator made before may hold it until "
    "they are deleted."
)


async def asks(stage: Stage, member: simcord.MemberActor, server: Server | None = None) -> InteractionResult:
    result = await member.slash((server or stage.here).channel, "privacy")
    assert result.ephemeral
    return result


async def press(member: simcord.MemberActor, result: InteractionResult, label: str) -> InteractionResult:
    """Press a button of a reply."""
    assert result.response is not None
    return await member.click(result.response, label=label)


async def fill(stage: Stage, server: Server, by: simcord.MemberActor) -> None:
    """Let a member leave an id wherever one can be left."""
    library, guild = stage.library, server.guild.id
    entry = (await library.ingest(guild, BREAD, "bread.md", by=by.id)).entry
    await library.ingest(guild, TIDES, "tides.md", by=by.id)
    await library.edit(guild, entry.id, {"title": "Edited"}, by=by.id)
    await library.notifications.subscribe(guild, server.channel.id, created_by=by.id)
    await library.notifications.alert(guild, by.id, "yeast")
    await library.notifications.alert(guild, by.id, "tides")
    await library.add_spellings(guild, "Brenda", ["brendan"], created_by=by.id)
    await library.remember(guild, f"{by.id}-{guild}", Asked("yeast", Filters(), by.id))
    await library.begin(guild, ["bread.md"], by=by.id)
    async with library._database.transaction() as connection:
        await connection.execute(
            """
            INSERT INTO feeds (guild_id, url, title, followed_by, include_recent, next_at)
            VALUES (?, 'https://pod.example.org/' || hex(randomblob(4)), 'Pod', ?, 0, 9e9)
            """,
            (guild, by.id),
        )


def places(stage: Stage, member: simcord.MemberActor) -> set[str]:
    """The tables in which a member's id stands anywhere."""
    found = set()
    with closing(sqlite3.connect(stage.path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = connection.execute(f"SELECT * FROM {name}").fetchall()
            if any(str(member.id) in str(value) for row in rows for value in row):
                found.add(name)
    return found


async def test_a_member_of_whom_nothing_is_kept_is_told_so(stage: Stage) -> None:
    result = await asks(stage, stage.here.member)
    assert shown(result) == NOTHING
    assert buttons(result.response) == []


async def test_a_member_sees_what_is_kept_and_where_only_their_id_is(stage: Stage) -> None:
    await fill(stage, stage.here, stage.here.moderator)
    assert shown(await asks(stage, stage.here.moderator)).splitlines() == [
        "### What I keep about you in this server",
        "- 2 alerts, with the words that they wait for",
        "- 1 question of the last 30 days, for the buttons under its answer",
        "Your id, and nothing else about you, beside",
        "- 2 transcripts that you ingested",
        "- 1 batch of files that you ingested",
        "- 2 changes of transcripts that can still be undone",
        "- 1 subscription that you made",
        "- 1 spelling that you added to the glossary",
        "- 1 podcast that you let me follow",
        NEVER,
    ]
    assert shown(await asks(stage, stage.here.member)) == NOTHING  # another's isn't theirs


async def test_what_is_kept_is_erased_after_a_yes_and_nothing_of_it_is_left(stage: Stage) -> None:
    guild = stage.here.guild.id
    member = stage.here.moderator
    await fill(stage, stage.here, member)
    await fill(stage, stage.here, stage.here.member)
    assert len(places(stage, member)) > 6
    result = await asks(stage, member)
    result = await press(member, result, "Erase it…")
    assert shown(result).startswith(SURE)
    assert len(places(stage, member)) > 6
    result = await press(member, result, "Erase for good")
    assert shown(result) == ERASED
    assert places(stage, member) == set()
    assert shown(await asks(stage, member)) == NOTHING
    assert len(await stage.library.notifications.listed(guild, member_id=stage.here.member.id)) == 2
    # What the server has of it stays.
    assert (await stage.library.page(guild)).total == 2
    assert len(await stage.library.notifications.listed(guild)) == 1
    assert len(await stage.library.glossary(guild)) == 1
    assert [feed.by for feed in await stage.library.feeds.listed(guild)] == [None, stage.here.member.id]
    for bygone in await stage.library.bygones(guild):  # nor does it come back with what is undone
        await stage.library.restore(guild, bygone.id)
        assert places(stage, member) == set()


async def test_who_keeps_it_sees_it_again(stage: Stage) -> None:
    await fill(stage, stage.here, stage.here.member)
    first = await asks(stage, stage.here.member)
    result = await press(stage.here.member, first, "Erase it…")
    result = await press(stage.here.member, result, "Keep it")
    assert shown(result) == shown(await asks(stage, stage.here.member))
    assert places(stage, stage.here.member) != set()


async def test_another_server_is_not_told_of_and_keeps_its_own(stage: Stage) -> None:
    member = stage.there.guild.add_member(stage.env.create_user("both"))
    also = stage.here.guild.add_member(member.user)
    await fill(stage, stage.here, also)
    await fill(stage, stage.there, member)
    result = await asks(stage, also)
    result = await press(also, result, "Erase it…")
    await press(also, result, "Erase for good")
    assert await stage.library.holdings.about(stage.here.guild.id, also.id) == {}
    there = await stage.library.holdings.about(stage.there.guild.id, also.id)
    assert there["alerts"] == 2
    assert there["transcripts"] == 2


async def test_the_buttons_work_after_a_restart(stage: Stage) -> None:
    await fill(stage, stage.here, stage.here.member)
    result = await asks(stage, stage.here.member)
    await stage.restart()
    result = await press(stage.here.member, result, "Erase it…")
    await stage.restart()
    assert shown(await press(stage.here.member, result, "Erase for good")) == ERASED


async def test_what_cannot_be_erased_now_is_said_and_stays_whole(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(stage, stage.here, stage.here.member)
    before = places(stage, stage.here.member)
    result = await asks(stage, stage.here.member)
    result = await press(stage.here.member, result, "Erase it…")

    def full(_: Database) -> None:
        raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "transaction", full)
        said = shown(await press(stage.here.member, result, "Erase for good"))
    assert said.endswith("The disk is full: nothing was changed; free some space and try again.")
    assert places(stage, stage.here.member) == before


async def test_a_member_is_told_in_their_language(stage: Stage) -> None:
    await fill(stage, stage.here, stage.here.member)
    stage.speak(stage.here.member, "ja")
    result = await asks(stage, stage.here.member)
    assert shown(result).splitlines()[:3] == [
        "### このサーバーで保存しているあなたの情報",
        "- アラート2件（待ち受けている言葉を含む）",
        "- 過去30日間の質問1件（回答の下のボタン用）",
    ]
    result = await press(stage.here.member, result, "消去する…")
    result = await press(stage.here.member, result, "完全に消去")
    assert shown(result).startswith("消去しました。")


def test_all_that_the_store_tells_of_has_a_sentence() -> None:
    told = {member.told_as: member.goes for table in TABLES for member in table.members}
    assert {name for name, goes in told.items() if goes} == privacy.OWN.keys()
    assert {name for name, goes in told.items() if not goes} == privacy.BESIDE.keys()
