"""A server's subscriptions as messages: all of them, one of them, and what has become of one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cogs.rendering import rehearsals, subscriptions
from cogs.rendering.reasons import LOCKED, VIEW_CHANNEL, lacking
from cogs.rendering.subscriptions import PAGE_SIZE, Standing
from cogs.rendering.words import Row
from store.models import Digest, Entry, Settings, Subscription, Wanted
from store.sentences import Sentence, sentence
from tests.cogs.rendering.made import ENTRIES, MANY, assert_within_limits, raw, reasons, texts, values

NOW = 1_800_000_000.0
VIENNA = Settings(hour=18, day=4, zone="Europe/Vienna")
NEWS = Subscription(1, 1, "news", 5, None, 7, "2026-01-01T00:00:00+00:00")
TIMES = st.none() | st.floats(0, 4e9)
WANTED = st.builds(
    Wanted,
    speaker=st.none() | values(300),
    tag=st.none() | values(300),
    from_channel=st.none() | values(300),
    language=st.sampled_from([None, "de", "xx"]),
    matching=st.none() | values(400),
    mention=st.none() | st.integers(10**17, 2**63 - 1),
    digest=st.sampled_from([None, *Digest]),
    publish=st.booleans(),
)
STANDINGS = st.builds(
    Standing,
    st.builds(
        Subscription,
        id=st.integers(1, 10**18 - 1),
        guild_id=st.just(2**63 - 1),
        name=st.text("abcdefgh-", min_size=1, max_size=32),
        channel_id=st.integers(10**17, 2**63 - 1),
        member_id=st.none(),
        created_by=st.none() | st.integers(10**17, 2**63 - 1),
        created_at=st.just("2026-01-01T00:00:00+00:00"),
        wanted=WANTED,
        paused=st.booleans(),
        failing_since=TIMES,
        last_error=st.none() | reasons(600),
        last_sent_at=TIMES,
        next_at=TIMES,
        owed=st.integers(0, 10**6),
        abandoned=st.integers(0, 10**6),
    ),
    place=st.sampled_from([f"<#{2**63 - 1}>", str(subscriptions.DELETED_CHANNEL)]),
    where=values(100),
    role=st.sampled_from([None, f"<@&{2**63 - 1}>", "@everyone", str(subscriptions.DELETED_ROLE)]),
    missing=st.sampled_from([(), ("View Channel", "Send Messages in Threads")]),
    silent=st.booleans(),
)


def standing(one: Subscription = NEWS, **wanted: object) -> Standing:
    return Standing(replace(one, wanted=Wanted(**wanted)), "<#5>", "#talks")  # type: ignore[arg-type]


@given(st.lists(STANDINGS, min_size=1, max_size=PAGE_SIZE))
@MANY
def test_every_page_of_the_list_is_within_discords_limits_and_names_each(shown: list[Standing]) -> None:
    view = subscriptions.listed(shown, Settings(), [], offset=0, total=500, failing=3, now=NOW)
    assert_within_limits(view)
    heading, *entries, page = texts(view)
    assert (heading, page) == ("### 500 subscriptions, 3 failing", "-# Page 1 of 63")
    for one, entry in zip(shown, entries, strict=True):
        line, below = entry.splitlines()
        assert line.startswith(f"**{one.subscription.name}** · {one.place} · ")
        assert below.startswith(("-# working", "-# paused", "-# ⚠️ failing since"))
        if subscriptions.is_failing(one.subscription) and one.subscription.last_error:
            assert subscriptions.why(one.subscription, 120) in below


@given(STANDINGS, ENTRIES, reasons(600), st.booleans())
@MANY
def test_every_screen_of_one_is_within_discords_limits(one: Standing, entry: Entry, why: Sentence, new: bool) -> None:
    assert_within_limits(subscriptions.page(one, VIENNA, [], now=NOW, lead="Paused."))
    assert_within_limits(subscriptions.subscribed(one, VIENNA, [], new=new, recent=10))
    assert_within_limits(subscriptions.removed(one, []))
    post = rehearsals.as_post(entry.details.title, entry.details.tags[:5])
    assert_within_limits(rehearsals.rehearsal(one, entry, why, other=new, forum=post))
    assert len(subscriptions.choice(one)) <= 100
    (option,) = subscriptions.options([one])
    assert len(option.label) <= 100
    assert len(option.description or "") <= 100


def test_the_longest_page_says_of_each_what_matters_most() -> None:
    long = "*" * 300
    failing = replace(NEWS, name="n" * 32, failing_since=NOW - 60, last_error=sentence("x" * 200))
    one = standing(
        replace(failing, owed=12, next_at=NOW + 60, abandoned=3),
        speaker=long,
        tag=long,
        from_channel=long,
        matching=long,
        mention=3,
    )
    text = "\n".join(
        texts(subscriptions.listed([one] * PAGE_SIZE, Settings(), [], offset=0, total=25, failing=25, now=NOW))
    )
    assert text.count("12 still to be sent") == PAGE_SIZE
    assert text.count(f"failing since <t:1799999940:R>: {'x' * 119}…") == PAGE_SIZE


def test_a_page_says_where_what_and_how_in_plain_words() -> None:
    wanted = Wanted(speaker="Ada *Miller*", language="de", matching='"sour dough" -cake', mention=3, publish=True)
    one = Standing(
        replace(NEWS, wanted=replace(wanted, digest=Digest.WEEKLY), owed=2, next_at=NOW + 60, last_sent_at=NOW - 60),
        "<#5>",
        "#talks",
        "<@&3>",
    )
    assert texts(subscriptions.page(one, VIENNA, [], now=NOW))[0].splitlines() == [
        "### news",
        "**Where:** <#5>, mentioning <@&3>",
        '**What:** new transcripts by Ada \\*Miller\\*, in German, in which `"sour dough" -cake` is said',
        "**How:** together, on Fridays at 18:00 (Europe/Vienna), published to the servers that follow it",
        "**State:** working · 2 still to be sent · next <t:1800000060:R> · last sent <t:1799999940:R>",
        "-# Subscribed by <@7> <t:1767225600:D>",
    ]


def test_what_was_deleted_in_discord_is_called_so() -> None:
    one = Standing(
        replace(NEWS, created_by=None, wanted=Wanted(mention=3)),
        str(subscriptions.DELETED_CHANNEL),
        str(subscriptions.DELETED_CHANNEL),
        str(subscriptions.DELETED_ROLE),
    )
    text = texts(subscriptions.page(one, Settings(), [], now=NOW))[0]
    assert "**Where:** a deleted channel, mentioning a deleted role" in text
    assert "Subscribed by" not in text
    assert one.pinged is None


def test_what_fails_says_since_when_and_why_and_what_is_due_says_so() -> None:
    failing = replace(NEWS, failing_since=NOW - 60, last_error=LOCKED, owed=1, next_at=0.0, abandoned=3)
    text = texts(subscriptions.page(standing(failing), Settings(), [], now=NOW))[0]
    assert text.splitlines()[4] == (
        "**State:** ⚠️ failing since <t:1799999940:R>: the thread is locked · 1 still to be sent · next now · 3 given up"
        " · nothing sent yet"
    )
    paused = texts(subscriptions.page(standing(replace(failing, paused=True)), Settings(), [], now=NOW))[0]
    assert "**State:** paused · " in paused


def test_what_is_missing_is_said_with_what_helps() -> None:
    stands = replace(standing(), missing=("View Channel", "Send Messages"))
    assert (
        texts(subscriptions.page(stands, Settings(), [], now=NOW))[0].count("give me **View Channel** and **Send") == 1
    )
    failing = replace(stands, subscription=replace(NEWS, failing_since=NOW, last_error=lacking([VIEW_CHANNEL])))
    (said,) = texts(subscriptions.page(failing, Settings(), [], now=NOW))
    assert (said.count("View Channel"), "give me" in said) == (1, False)
    silent = replace(standing(mention=3), role="<@&3>", silent=True)
    assert (
        "⚠️ I may not mention <@&3> there, so I post without"
        in texts(subscriptions.page(silent, Settings(), [], now=NOW))[0]
    )


def test_a_subscription_that_was_there_says_so_and_that_it_is_paused() -> None:
    paused = standing(replace(NEWS, paused=True), tag="rye")
    assert texts(subscriptions.subscribed(paused, Settings(), [], new=False))[0].splitlines() == [
        "New transcripts tagged rye are already announced in <#5>, at once. It is called **news**.",
        "It is paused; **Resume** lets it go on.",
    ]


def test_going_on_says_what_becomes_of_what_came_meanwhile() -> None:
    daily = replace(NEWS, wanted=Wanted(digest=Digest.DAILY))
    said = [
        subscriptions.resumed(one, Settings())
        for one in (NEWS, replace(NEWS, owed=1), replace(NEWS, owed=3), replace(daily, owed=3))
    ]
    assert said == [
        "Resumed: nothing came meanwhile.",
        "Resumed: the one that came meanwhile is announced now.",
        "Resumed: the 3 that came meanwhile are announced now.",
        "Resumed: the 3 that came meanwhile are told together, daily at 09:00 (UTC).",
    ]


def test_the_end_of_one_says_what_an_undo_brings_back() -> None:
    assert texts(subscriptions.removed(standing(replace(NEWS, owed=3), tag="rye"), []))[0].splitlines() == [
        "New transcripts tagged rye will no longer be announced in <#5>: **news** has ended.",
        "-# For 24 hours it can be brought back with the 3 that were still to be sent.",
    ]


def test_the_pages_of_a_long_list_are_counted() -> None:
    view = subscriptions.listed([standing()], Settings(), [Row()], offset=8, total=9, failing=0, now=NOW)
    assert (texts(view)[0], texts(view)[-1]) == ("### 9 subscriptions", "-# Page 2 of 2")
    assert raw(view)[-1]["type"] == 1


def test_an_empty_list_says_how_to_begin() -> None:
    view = subscriptions.listed([], Settings(), [], offset=0, total=0, failing=0, now=NOW)
    assert texts(view)[0].startswith("There is no subscription yet. `/subscribe` lets this channel hear of every new")
