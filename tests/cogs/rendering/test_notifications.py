"""A member's alerts, a server's settings, and what fails, as messages."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cogs.locales.servers import ServerLanguage, Source
from cogs.rendering import alerts, notifications
from cogs.rendering.reasons import CREATE_POSTS, GONE, SEND_MESSAGES, UNREACHABLE, VIEW_CHANNEL, because, lacking
from cogs.rendering.subscriptions import Standing
from store.models import Settings, Subscription, Wanted
from store.outbox.passing import SPEAKER
from store.sentences import sentence
from tests.cogs.rendering.made import MANY, assert_within_limits, reasons, texts, values
from tests.cogs.rendering.test_subscriptions import NEWS, STANDINGS, TIMES

ALERTS = st.builds(
    Subscription,
    id=st.integers(1, 10**18 - 1),
    guild_id=st.just(1),
    name=st.just("yeast"),
    channel_id=st.none(),
    member_id=st.just(2),
    created_by=st.just(2),
    created_at=st.just(""),
    wanted=st.builds(Wanted, matching=values(400)),
    failing_since=TIMES,
    last_error=st.none() | reasons(600),
    last_sent_at=TIMES,
    next_at=TIMES,
    owed=st.integers(0, 10**6),
    abandoned=st.integers(0, 10**6),
)


@given(st.lists(ALERTS, max_size=10), ALERTS)
@MANY
def test_every_screen_of_alerts_is_within_discords_limits(found: list[Subscription], one: Subscription) -> None:
    assert_within_limits(alerts.listed(found, most=10))
    assert_within_limits(alerts.failing([one, *found]))
    assert_within_limits(alerts.added(one, new=True))
    assert_within_limits(alerts.removed(one, []))
    assert_within_limits(alerts.brought_back(one))
    assert 1 <= len(alerts.choice(one)) <= 100


@given(st.lists(STANDINGS, min_size=1, max_size=30))
@MANY
def test_however_many_fail_they_are_told_within_discords_limits(found: list[Standing]) -> None:
    view = notifications.failing(found, [])
    assert_within_limits(view)
    (text,) = texts(view)
    assert text.count("⚠️ **") == min(len(found), notifications.MAX_TOLD)
    assert (f"And {len(found) - 10:,} more: `/subscriptions` lists them." in text) == (len(found) > 10)
    assert text.endswith("is given up.")


def test_what_fails_says_which_why_what_waits_and_what_to_do() -> None:
    one = replace(NEWS, failing_since=1e9, last_error=lacking([SEND_MESSAGES]), owed=2)
    (text,) = texts(notifications.failing([Standing(replace(one, next_at=2e9), "<#5>", "#talks")], []))
    assert text == (
        "⚠️ **news** can't post in <#5>: I need **Send Messages** there. 2 transcripts wait since <t:1000000000:R>; "
        "next try <t:2000000000:R>.\n"
        "Put that right and press **Try now**, or choose another channel; `/subscriptions` lists all. What can't be "
        "sent within 14 days is given up."
    )


def test_a_reason_goes_on_a_sentence() -> None:
    said = {
        lacking([VIEW_CHANNEL, SEND_MESSAGES]): "I need **View Channel** and **Send Messages** there",
        sentence("given up after 14 days: {error}", error=lacking([CREATE_POSTS])): (
            "given up after 14 days: I need **Create Posts** there"
        ),
        GONE: "the channel is gone; choose another one",
        UNREACHABLE: "Discord could not be reached, or is having trouble",
        sentence("No *permission*."): "no \\*permission\\*",
        sentence(SPEAKER, speaker="Grace Hopper"): "Grace Hopper doesn't speak in it",
        None: "nobody knows why",
    }
    assert {reason: because(reason, 200) for reason in said} == said


def test_the_settings_say_when_digests_come_and_where_problems_are_told() -> None:
    found = Settings(hour=7, day=6, zone="Asia/Tokyo", problems_channel_id=5)
    (text,) = texts(
        notifications.settings(found, [], language=ServerLanguage(), daily_at=1e9, weekly_at=2e9, lead="Changed.")
    )
    assert text.startswith(
        "Changed.\n### Notifications\n"
        "**Digests** come at 07:00 (Asia/Tokyo): daily ones next <t:1000000000:f>, weekly ones on Sundays, next "
        "<t:2000000000:f>.\n"
        "**Problems:** of a subscription that fails, moderators are told once, in <#5>.\n"
        "**Language:** announcements, alerts and problems are told in English; only a Community server has a primary "
        "language in Discord.\n"
        "-# `/notifications hour: day: zone: problems_channel: language:` changes this; "
    )


def test_the_settings_say_in_which_language_a_server_is_told_and_what_says_so() -> None:
    def line(language: ServerLanguage) -> str:
        (text,) = texts(notifications.settings(Settings(), [], language=language, daily_at=1e9, weekly_at=2e9))
        assert len(text.splitlines()) == 5
        return text.splitlines()[3]

    lead = "**Language:** announcements, alerts and problems are told in "
    assert line(ServerLanguage("ja", Source.CHOSEN)) == f"{lead}Japanese."
    assert line(ServerLanguage("ja", Source.PRIMARY)) == f"{lead}Japanese, this server's primary language in Discord."
    assert line(ServerLanguage("en", Source.UNSPOKEN)) == (
        f"{lead}English, as I don't speak this server's primary language in Discord."
    )


def test_another_language_is_said_with_what_it_is_now() -> None:
    default, chosen = Settings(), Settings(language="ja")
    assert notifications.changed(default, chosen, ServerLanguage("ja", Source.CHOSEN)) == (
        "Changed: announcements are in Japanese."
    )
    assert notifications.changed(chosen, default, ServerLanguage()) == (
        "Changed: announcements are in English, by Discord's setting of the server."
    )
    assert notifications.changed(chosen, chosen, ServerLanguage("ja", Source.CHOSEN)).startswith("Nothing changed")
