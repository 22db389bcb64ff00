"""Whatever became of deliveries fits into a message, and no subscription is left out of what is counted."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.rendering import deliveries
from store.models import Delivery, Entry, Hold, State, Subscription, Traced, Wanted
from store.outbox.passing import TAG
from store.sentences import sentence
from tests.cogs.rendering.made import ENTRIES, MANY, assert_within_limits, reasons, texts, values

TIMES = st.none() | st.floats(0, 2e9)
SUBSCRIPTIONS = st.builds(
    Subscription,
    id=st.integers(1, 60),
    guild_id=st.just(100),
    name=values(32),
    channel_id=st.integers(10**17, 2**63),
    member_id=st.none(),
    created_by=st.none() | st.integers(10**17, 2**63),
    created_at=st.just("2026-01-01T00:00:00+00:00"),
    wanted=st.builds(Wanted, *[st.none() | values(100)] * 5, st.none() | st.integers(10**17, 2**63)),
    paused=st.booleans(),
)
DELIVERIES = st.builds(
    Delivery,
    id=st.integers(1),
    guild_id=st.integers(10**17, 2**63),
    subscription=values(32),
    subscription_id=st.integers(1, 60),
    transcript_id=st.just(1),
    title=values(),
    state=st.sampled_from(State),
    reason=st.none() | st.just(sentence(TAG, tag="physics")) | reasons(300),
    created_at=st.floats(0, 2e9),
    due_at=TIMES,
    sent_at=TIMES,
    channel_id=st.none(),
    member_id=st.none() | st.integers(10**17, 2**63),
    place_id=st.none() | st.integers(10**17, 2**63),
    message_id=st.none() | st.integers(10**17, 2**63),
    tries=st.integers(0, 100),
    hold=st.none() | st.sampled_from(Hold),
    together=st.integers(0, 500),
)
OWED = st.lists(DELIVERIES, min_size=1, max_size=60, unique_by=lambda one: one.subscription_id).map(tuple)


@settings(MANY, max_examples=50)
@given(values(), st.none() | ENTRIES, OWED, st.lists(SUBSCRIPTIONS, max_size=60, unique_by=lambda one: one.id))
def test_whatever_became_of_them_fits_into_a_message_and_counts_each(
    title: str, entry: Entry | None, owed: tuple[Delivery, ...], every: list[Subscription]
) -> None:
    traced = Traced(1, title, entry, owed)
    view = deliveries.every(traced, every, {one.id: f"<#{one.channel_id}>" for one in every})
    assert_within_limits(view)
    said = texts(view)[1].splitlines()
    assert not any(line == "…" for line in said)
    more = [int(match[1]) for line in said if (match := re.match(r"- and (\d+) more: ", line))]
    groups = [int(match[1]) for line in said if (match := re.match(r"- (\d+) \w", line))]
    single = sum(line.startswith("- **") for line in said)
    assert single + sum(more) + sum(groups) == len(every)
    for subscription in every:
        found = next((one for one in owed if one.subscription_id == subscription.id), None)
        assert_within_limits(deliveries.one(traced, subscription, found, place="<#500>", refused=None))
