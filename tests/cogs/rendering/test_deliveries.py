"""What became of a transcript's deliveries, in words: from a real outbox in each of its states."""

import re
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pytest

from cogs.rendering import deliveries, reasons
from cogs.rendering.reasons import SEND_MESSAGES, lacking
from store.errors import UnindexedError
from store.library import Library
from store.models import Digest, Limits, Match, Post, Settings, Subscription, Wanted
from store.outbox.passing import refusal
from store.outbox.scheduling import Due
from store.outbox.sending import why_not
from store.sentences import Sentence, sentence
from tests.cogs.rendering.made import assert_within_limits, texts
from tests.cogs.stage import BREAD, TIDES
from tests.store.builders import judged_and_claimed

GUILD = 100
CHANNEL = 500
DAY = 24 * 3600.0
REFUSED = lacking([SEND_MESSAGES])


class Clock:
    """The time, which a test turns on."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(time, "time", found)
    return found


async def subscribed(
    library: Library, name: str = "news", channel: int = CHANNEL, wanted: Wanted | None = None
) -> Subscription:
    found, _ = await library.notifications.subscribe(GUILD, channel, wanted, name=name)
    return found


async def ingested(library: Library, file: bytes = BREAD, *, announce: bool = True) -> int:
    return (await library.ingest(GUILD, file, "talk.md", announce=announce)).entry.id


async def claimed(library: Library, subscription: Subscription) -> Post:
    post = await judged_and_claimed(library, Due(subscription.id, GUILD, subscription.target))
    assert post is not None
    return post


def places(every: Iterable[Subscription]) -> dict[int, str]:
    return {one.id: f"<#{one.channel_id}>" for one in every}


async def told(library: Library, transcript: int = 1) -> list[str]:
    """The lines below the heading, each time as its kind."""
    traced = await library.traced(GUILD, str(transcript))
    every = await library.notifications.listed(GUILD)
    view = deliveries.every(traced, every, places(every))
    assert_within_limits(view)
    return re.sub(r"<t:\d+:(\w)>", r"<\1>", "\n".join(texts(view))).splitlines()[2:]


async def test_what_was_sent_is_linked(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.sent(await claimed(library, news), place_id=501, message_id=777)
    link = f"https://discord.com/channels/{GUILD}/501/777"
    assert await told(library) == [f"- **news** in <#500>: [sent]({link}) <f>."]


async def test_what_an_earlier_version_sent_has_no_time(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.sent(await claimed(library, news), place_id=501, message_id=777)
    async with library.notifications._database.transaction() as connection:
        await connection.execute("UPDATE posts SET first_at = 0, sent_at = 0")
    assert (await told(library))[0].endswith("/501/777) before times were kept.")


async def test_what_cannot_be_searched_yet_waits(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unindexed(*_: object) -> Match:
        raise UnindexedError

    monkeypatch.setattr(library.notifications, "_matched", unindexed)
    news = await subscribed(library, wanted=Wanted(matching="yeast"))
    await ingested(library)
    assert await judged_and_claimed(library, Due(news.id, GUILD, CHANNEL)) is None
    assert await told(library) == ["- **news** in <#500>: waiting until <f>, because its words can't be searched yet."]


async def test_a_message_that_was_deleted_is_not_linked(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    post = await claimed(library, news)
    await library.notifications.sent(post, place_id=501, message_id=777)
    await library.notifications.lost(post, sentence("Its message was deleted"))
    assert await told(library) == [
        "- **news** in <#500>: sent <f>; its message was deleted since, and isn't posted again."
    ]


async def test_a_message_that_cannot_be_edited_is_tried_again(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.sent(await claimed(library, news), place_id=501, message_id=777)
    await library.edit(GUILD, "1", {"title": "Bread"})
    (line,) = await told(library)
    assert line.endswith("<f>; its message is about to be edited.")
    await library.notifications.postponed(await claimed(library, news), REFUSED)
    (line,) = await told(library)
    assert line.endswith("its message can't be edited: I need **Send Messages** there; tried again <R>.")


async def test_a_message_that_cannot_be_published_says_so(library: Library) -> None:
    news = await subscribed(library, wanted=Wanted(publish=True))
    await ingested(library)
    await library.notifications.sent(await claimed(library, news), place_id=501, message_id=777, publish=True)
    (line,) = await told(library)
    assert line.endswith("<f>; its message is about to be published.")
    post = await claimed(library, news)
    await library.notifications.postponed(post, REFUSED)
    (line,) = await told(library)
    assert line.endswith("<f>, but not published yet: I need **Send Messages** there; tried again <R>.")
    await library.notifications.published(post, error=sentence("The channel is no announcement channel"))
    (line,) = await told(library)
    assert line.endswith("<f>, but not published: the channel is no announcement channel.")


async def test_a_digest_is_waited_for_and_shared(library: Library, clock: Clock) -> None:
    await library.notifications.set(GUILD, Settings(hour=9))
    news = await subscribed(library, wanted=Wanted(digest=Digest.DAILY))
    await ingested(library)
    await ingested(library, TIDES)
    assert await told(library) == ["- **news** in <#500>: waiting for its daily digest, <f>."]
    clock.now += DAY
    await library.notifications.sent(await claimed(library, news), place_id=500, message_id=7)
    for transcript in (1, 2):
        (line,) = await told(library, transcript)
        assert line.endswith(" <f>, in a daily digest with 1 other.")


async def test_what_is_paused_waits(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.pause(GUILD, news.id, paused=True)
    assert await told(library) == ["- **news** in <#500>: waiting, because the subscription is paused."]


async def test_what_came_in_a_batch_waits_for_its_files(library: Library) -> None:
    await subscribed(library)
    batch = await library.begin(GUILD, ["talk.md"])
    await library.ingest(GUILD, BREAD, "talk.md", batch=batch)
    (line,) = await told(library)
    assert "waiting for the files that came with it" in line


async def test_what_waits_for_others_says_so(library: Library, clock: Clock) -> None:
    news = await subscribed(library)
    await ingested(library)
    await ingested(library, TIDES)
    assert await told(library, 1) == ["- **news** in <#500>: about to be sent."]
    assert await told(library, 2) == ["- **news** in <#500>: waiting for its turn behind others."]
    post = await claimed(library, news)
    assert await told(library, 1) == ["- **news** in <#500>: being sent now."]
    await library.notifications.put_off(post, 30)
    (line,) = await told(library, 1)
    assert line.endswith("waiting until <f>, because Discord asks to.")
    clock.now += 31
    await library.notifications.unknown(await claimed(library, news), sentence("Discord could not be reached"))
    (line,) = await told(library, 1)
    assert line.endswith("perhaps sent, nobody knows: Discord could not be reached; tried 1 time, to be checked <R>.")
    assert await told(library, 2) == [
        "- **news** in <#500>: waiting until <f>, because the last try failed: Discord could not be reached."
    ]


async def test_the_limit_of_an_hour_is_waited_for(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.sent(await claimed(library, news), place_id=500, message_id=7)
    await ingested(library, TIDES)
    monkeypatch.setattr("store.outbox.claiming._recent", at_the_limit(library.limits.posts_per_hour))
    assert await judged_and_claimed(library, Due(news.id, GUILD, CHANNEL)) is None
    assert await told(library, 2) == [
        "- **news** in <#500>: waiting until <f>, because the channel had as many posts as it may in an hour."
    ]


def at_the_limit(posts: int) -> Callable[..., Awaitable[list[float]]]:
    async def recent(*_: object) -> list[float]:
        return [time.time()] * posts

    return recent


async def test_what_a_channel_refuses_fails_and_is_given_up(library: Library, clock: Clock) -> None:
    news = await subscribed(library)
    await ingested(library)
    for _ in range(3):
        await library.notifications.refused(await claimed(library, news), REFUSED)
        clock.now += DAY + 1
    (line,) = await told(library)
    assert line.endswith(": I need **Send Messages** there; tried 3 times, about to be tried again.")
    await library.notifications.refused(await claimed(library, news), REFUSED)
    (line,) = await told(library)
    assert line.endswith("tried 4 times, next try <R>.")
    clock.now += 15 * DAY
    await library.notifications.refused(await claimed(library, news), REFUSED)
    assert await told(library) == ["- **news** in <#500>: given up after 14 days: I need **Send Messages** there."]


async def test_a_message_that_discord_refuses_fails_while_others_go_on(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.rejected(await claimed(library, news), sentence(reasons.REFUSED, error="too long"))
    await ingested(library, TIDES)
    (line,) = await told(library)
    assert line.endswith("failing since <f>: Discord refuses the message\\: too long; tried 1 time, next try <R>.")
    await library.notifications.sent(await claimed(library, news), place_id=500, message_id=7)
    (line,) = await told(library, 2)
    assert line.endswith("<f>.")


async def test_those_that_skipped_it_for_one_reason_stand_together_and_what_fails_stands_first(
    library: Library,
) -> None:
    for number in range(15):
        await subscribed(library, f"physics-{number}", CHANNEL + number, Wanted(tag="physics"))
    await subscribed(library, "grace", wanted=Wanted(speaker="Grace"))
    talks = await subscribed(library, "talks", 700)
    news = await subscribed(library)
    await ingested(library)
    await library.notifications.sent(await claimed(library, talks), place_id=700, message_id=7)
    await library.notifications.refused(await claimed(library, news), REFUSED)
    late = await subscribed(library, "late", 800)
    lines = await told(library)
    assert [line[:30] for line in lines] == [
        "- **news** in <#500>: failing ",
        "- **talks** in <#700>: [sent](",
        f"- **{late.name}** in <#800>: subscrib",
        "- **grace** in <#500>: skipped",
        "- 15 skipped, because it isn't",
        "-# `subscription:` says more o",
    ]
    assert lines[2].endswith(": subscribed after the transcript came.")
    assert lines[4].startswith("- 15 skipped, because it isn't tagged physics: **physics-0**, **physics-1**")
    assert lines[4].endswith("**physics-9** and 5 more.")


async def test_those_that_watch_different_words_stand_together(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def matched(_: int, words: str, __: int) -> Match:
        return Match((), (words,))

    monkeypatch.setattr(library.notifications, "_matched", matched)
    every = [await subscribed(library, word, wanted=Wanted(matching=word)) for word in ("steel", "glass", "tin")]
    for name in ("Bo", "Cy"):
        await subscribed(library, name, wanted=Wanted(speaker=name))
    await ingested(library)
    for one in every:
        assert await judged_and_claimed(library, Due(one.id, GUILD, CHANNEL)) is None
    assert (await told(library))[:2] == [
        "- 3 skipped, because what they watch isn't said in it: **steel**, **glass**, **tin**.",
        "- 2 skipped, because those whom they name don't speak in it: **bo**, **cy**.",
    ]


async def test_what_follows_the_list_is_a_text_of_its_own(library: Library) -> None:
    for name in ("one", "two"):
        await subscribed(library, name, wanted=Wanted(tag=name))
    await library.notifications.alert(GUILD, 9001, "sourdough secrets")
    await ingested(library)
    every = await library.notifications.listed(GUILD)
    *_, below = texts(deliveries.every(await library.traced(GUILD, "1"), every, places(every)))
    assert below == "Members' private alerts: 1 waiting.\n-# `subscription:` says more of one."


async def test_hundreds_of_subscriptions_fit_on_a_screen(path: Path) -> None:
    async with Library.opened(path, Limits(subscriptions=100)) as library:
        every = [await subscribed(library, f"{'n' * 26}-{at}", 10**18 + at) for at in range(100)]
        await ingested(library)
        long = sentence(reasons.REFUSED, error="x" * 1000)
        for one in every[:20]:
            await library.notifications.refused(await claimed(library, one), long)
        lines = await told(library)
    assert [line[:4] for line in lines[:-2]] == ["- **"] * 9
    assert lines[-2] == "- and 91 more: 80 waiting, 11 failing"


async def test_what_was_not_announced_or_came_before_says_so(library: Library) -> None:
    await subscribed(library)
    await ingested(library, announce=False)
    assert await told(library) == [f"- **news** in <#500>: {deliveries.UNOWED}."]


async def test_a_newer_version_does_not_hide_that_a_subscription_came_later(library: Library) -> None:
    first = await subscribed(library)
    await ingested(library)
    await subscribed(library, "late", 501)
    await ingested(library, BREAD.replace(b"bakery", b"bakehouse"))
    assert first.name == "news"
    assert await told(library) == [
        "- **news** in <#500>: about to be sent.",
        "- **late** in <#501>: subscribed after the transcript came.",
        "-# `subscription:` says more of one.",
    ]


async def test_what_was_removed_says_so(library: Library) -> None:
    await subscribed(library)
    await ingested(library)
    await library.remove(GUILD, "1")
    traced = await library.traced(GUILD, "how BREAD rises")
    every = await library.notifications.listed(GUILD)
    view = deliveries.every(traced, every, places(every))
    assert texts(view)[0] == "### What became of “How bread rises”\n-# It was removed since · id 1"
    assert await told(library) == ["- **news** in <#500>: skipped, because it was removed before it was sent."]


async def test_of_members_alerts_only_numbers_are_said(library: Library) -> None:
    alert, _ = await library.notifications.alert(GUILD, 9001, "sourdough secrets")
    await library.notifications.alert(GUILD, 9002, "sourdough secrets")
    await ingested(library)
    assert await told(library) == [
        "No channel of this server is subscribed; `/subscribe` lets one hear of new transcripts.",
        "Members' private alerts: 2 waiting.",
    ]
    assert alert.member_id == 9001


async def detailed(library: Library, subscription: Subscription, refused: Sentence | None) -> list[str]:
    traced = await library.traced(GUILD, "1")
    delivery = next((one for one in traced.deliveries if one.subscription_id == subscription.id), None)
    view = deliveries.one(traced, subscription, delivery, place="<#500>", refused=refused)
    assert_within_limits(view)
    return re.sub(r"<t:\d+:(\w)>", r"<\1>", "\n".join(texts(view))).splitlines()[2:]


async def test_one_subscription_is_said_with_what_it_asks_for(library: Library) -> None:
    words = '"cold fusion" -hot'
    weekly = Wanted("Ada Miller", language="de", matching=words, mention=77, digest=Digest.WEEKLY, publish=True)
    news = await subscribed(library, wanted=weekly)
    await ingested(library)
    said = refusal(Wanted(language="de"), (await library.page(GUILD)).entries[0])
    assert await detailed(library, news, said) == [
        "**news** in <#500>: skipped, because it isn't in German.",
        "As both are now, it would be skipped again, for the same reason.",
        "It asks for transcripts by Ada Miller, in German, in a weekly digest, pinging <@&77>, published.",
        'It watches for `"cold fusion" -hot`.',
        "-# Subscribed <f> · owed it <f>",
    ]
    lines = await detailed(library, news, why_not(Match((), missing=("cold fusion",))))
    assert lines[1] == "As both are now, it would not hear of it: “cold fusion” isn't said in it."
    lines = await detailed(library, news, None)
    assert lines[1] == "As both are now, it would hear of it if it came anew."


async def test_what_a_subscription_watches_for_is_said(library: Library) -> None:
    news = await subscribed(library, wanted=Wanted(matching="yeast"))
    await ingested(library)
    assert (await detailed(library, news, None))[1] == "What it watches for is said in it."
    paused = await library.notifications.pause(GUILD, news.id, paused=True)
    assert (await detailed(library, paused, None))[-2] == "It is paused."


async def test_one_subscription_that_asks_for_all_is_told_at_once(library: Library) -> None:
    news = await subscribed(library)
    await ingested(library)
    assert await detailed(library, news, None) == [
        "**news** in <#500>: about to be sent.",
        "It asks for all transcripts, at once.",
        "-# Subscribed <f> · owed it <f>",
    ]
