"""The list of a server's subscriptions: what fails first, the rest by name, a few on a page."""

from tests.cogs.stage import Stage, text
from tests.cogs.test_subscribed import ingest, listed, options, press, subscribe


async def test_the_list_shows_every_subscription_whoever_made_it(stage: Stage) -> None:
    role = stage.here.guild.create_role("bakers", mentionable=True)
    other = stage.here.guild.create_text_channel("announcements")
    await subscribe(stage)
    chief = stage.here.guild.add_member(stage.env.create_user("chief"), roles=[stage.here.guild.roles["Moderator"]])
    await chief.slash(stage.here.channel, "subscribe", channel=other, tag="rye", digest="daily", mention=role)
    stage.here.guild.remove_member(chief)
    await stage.library.notifications.alert(stage.here.guild.id, stage.here.member.id, "yeast")
    message, daily = await listed(stage), "together, daily at 09:00 (UTC)"
    assert text(message).splitlines() == [
        "### 2 subscriptions",
        f"**tagged-rye** · {other.mention} · new transcripts tagged rye",
        f"-# working · nothing sent yet · {daily} · mentions {role.mention} · by {chief.mention}",
        f"**talks-here** · {stage.here.channel.mention} · every new transcript",
        f"-# working · nothing sent yet · at once · by {stage.here.moderator.mention}",
    ]
    assert options(message) == [
        ("tagged-rye", "#announcements · tagged rye"),
        ("talks-here", "#talks-here · every new transcript"),
    ]
    assert message.ephemeral


async def test_a_long_list_is_turned_over_and_outlives_a_restart(stage: Stage) -> None:
    for number in range(10):
        await _made(stage, number)
    message = await listed(stage)
    assert text(message).startswith("### 10 subscriptions\n**n0**")
    assert text(message).endswith("-# Page 1 of 2")
    assert [label for label, _ in options(message)] == [f"n{number}" for number in range(8)]
    await stage.restart()
    await press(stage, message, "▶")
    assert text(message).endswith("-# Page 2 of 2")
    assert [label for label, _ in options(message)] == ["n8", "n9"]
    await press(stage, message, "◀")
    assert text(message).endswith("-# Page 1 of 2")


async def test_what_fails_is_listed_first_and_counted_and_the_rest_by_name(stage: Stage) -> None:
    for name in ("water", "bread", "tides"):
        await subscribe(stage, name=name, tag=name)
    await subscribe(stage, name="yeast", tag="yeast")
    path = f"/channels/{stage.here.channel.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50013, times=None)
    await ingest(stage)
    message = await listed(stage)
    assert text(message).startswith("### 4 subscriptions, 1 failing\n**yeast**")
    assert [label for label, _ in options(message)] == ["yeast", "bread", "tides", "water"]


async def _made(stage: Stage, number: int) -> None:
    """Make a subscription, though there may be as many as there may be: an operator may have lowered the limit."""
    async with stage.library._database.transaction() as connection:
        await connection.execute(
            "INSERT INTO subscriptions (guild_id, name, channel_id, created_at) VALUES (?, ?, ?, '')",
            (stage.here.guild.id, f"n{number}", stage.here.channel.id),
        )
