"""`deliveries` on the command line: what became of what is owed, and what fails tried again."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from store.library import Library
from store.models import Post, State, Subscription, Wanted
from store.outbox.scheduling import Due
from store.sentences import sentence
from tests.bot.conftest import Run
from tests.cogs.stage import BREAD, TIDES
from tests.store.builders import judged_and_claimed

GUILD, OTHER = 1, 2
REFUSED = sentence("I may not post there; give me {permissions}", permissions=sentence("Send Messages"))


def within(path: Path, work: Callable[[Library], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Library.opened(path) as library:
            await work(library)

    asyncio.run(run())


async def claimed(library: Library, one: Subscription) -> Post:
    post = await judged_and_claimed(library, Due(one.id, one.guild_id, one.target))
    assert post is not None
    return post


async def _outbox(library: Library) -> None:
    """One sent, one failing, one waiting, one skipped, a member's alert, and another server's."""
    outbox = library.notifications
    news, _ = await outbox.subscribe(GUILD, 10, name="news")
    closed, _ = await outbox.subscribe(GUILD, 11, name="closed")
    paused, _ = await outbox.subscribe(GUILD, 12, name="paused")
    await outbox.subscribe(GUILD, 13, Wanted(tag="physics"), name="physics")
    await outbox.alert(GUILD, 9001, "sourdough secrets")
    await library.ingest(GUILD, BREAD, "bread.md")
    await outbox.pause(GUILD, paused.id, paused=True)
    await outbox.sent(await claimed(library, news), place_id=10, message_id=77)
    await outbox.refused(await claimed(library, closed), REFUSED)
    there, _ = await outbox.subscribe(OTHER, 20, name="elsewhere")
    await library.ingest(OTHER, TIDES, "tides.md")
    await outbox.refused(await claimed(library, there), REFUSED)


@pytest.fixture
def outbox(verbatim: Run, tmp_path: Path) -> Path:
    del verbatim
    within(tmp_path / "verbatim.db", _outbox)
    return tmp_path / "verbatim.db"


def states(verbatim: Run, *arguments: str) -> dict[str, str]:
    found = json.loads(verbatim("deliveries", "--json", *arguments)[1])
    return {one["subscription"] or f"alert of {one['member_id']}": one["state"] for one in found}


@pytest.mark.usefixtures("outbox")
def test_deliveries_are_a_table_with_why_and_a_sum(verbatim: Run) -> None:
    status, out, err = verbatim("deliveries")
    assert (status, err) == (0, "")
    head, *rows, last = out.splitlines()
    assert head.split() == ["id", "owed", "(UTC)", "server", "subscription", "transcript", "state", "why"]
    columns = {row.split()[0]: row[head.index("subscription") :] for row in rows}
    assert list(columns) == ["6", "5", "4", "3", "2", "1"]
    assert columns["5"].startswith("alert of 9001  How bread rises      waiting  due since 20")
    assert columns["4"].endswith("skipped  it isn't tagged physics")
    assert columns["3"].endswith("waiting  paused")
    assert columns["2"].startswith("closed         How bread rises      failing  next try 20")
    assert columns["2"].endswith(": I may not post there; give me Send Messages, tried 1 time")
    assert columns["1"].startswith("news           How bread rises      sent     20")
    assert last == "6 deliveries: 2 waiting, 1 sent, 1 skipped, 2 failing."


@pytest.mark.usefixtures("outbox")
def test_the_table_is_narrowed_by_server_subscription_transcript_and_state(verbatim: Run) -> None:
    assert states(verbatim, "--guild", "2") == {"elsewhere": "failing"}
    assert states(verbatim, "--guild", "1", "--subscription", "NEWS") == {"news": "sent"}
    assert len(states(verbatim, "--guild", "1", "--transcript", "How bread")) == 5
    assert len(states(verbatim, "--guild", "1", "--transcript", "https://youtu.be/bread-rises")) == 5
    assert states(verbatim, "--state", "failing", "sent") == {
        "elsewhere": "failing",
        "closed": "failing",
        "news": "sent",
    }
    assert states(verbatim, "--state", "failing", "--state", "sent", "--guild", "2") == {"elsewhere": "failing"}
    out = verbatim("deliveries", "--limit", "2")[1]
    assert out.splitlines()[-1] == "The newest 2 deliveries: 1 waiting, 1 failing; --limit lists more."


@pytest.mark.usefixtures("outbox")
def test_json_has_all_that_is_known(verbatim: Run) -> None:
    (one,) = json.loads(verbatim("deliveries", "--guild", "1", "--state", "sent", "--json")[1])
    for key in ("owed_at", "sent_at"):
        assert datetime.fromisoformat(one.pop(key)).timestamp() == pytest.approx(time.time(), abs=60)
    assert one == {
        "id": 1,
        "guild_id": "1",
        "subscription": "news",
        "subscription_id": 1,
        "channel_id": "10",
        "member_id": None,
        "transcript_id": 1,
        "title": "How bread rises",
        "state": "sent",
        "cause": None,
        "reason": None,
        "waits_for": None,
        "tries": 0,
        "due_at": None,
        "failing_since": None,
        "place_id": "10",
        "message_id": "77",
        "link": "https://discord.com/channels/1/10/77",
        "together": 1,
        "deleted": False,
    }
    (failing,) = json.loads(verbatim("deliveries", "--guild", "2", "--json")[1])
    assert (failing["waits_for"], failing["tries"]) == ("retry", 1)
    assert failing["due_at"] > failing["failing_since"]


def test_a_members_words_are_never_printed(verbatim: Run, outbox: Path) -> None:
    async def skip(library: Library) -> None:
        async with library.notifications._database.transaction() as connection:
            await connection.execute(
                """
                UPDATE deliveries SET state = 'skipped', cause = 'words', reason = '“sourdough” isn''t said in it'
                WHERE subscription_id = 5
                """
            )

    within(outbox, skip)
    for arguments in ((), ("--json",), ("--guild", "1", "--subscription", "sourdough-secrets")):
        printed = "".join(map(str, verbatim("deliveries", *arguments)[1:]))
        assert "secrets" not in printed.replace("“sourdough-secrets”", "")  # as it was typed
        assert "“sourdough”" not in printed
    assert "alert of 9001  How bread rises      skipped  what it watches isn't said in it" in verbatim("deliveries")[1]


def test_what_fails_is_tried_again_at_once(verbatim: Run, outbox: Path) -> None:
    del outbox
    said = "1 delivery is tried again at once if the bot runs, or else when it starts.\n"
    assert verbatim("deliveries", "--retry", "--guild", "2") == (0, said, "")
    assert states(verbatim, "--guild", "2") == {"elsewhere": "waiting"}
    assert states(verbatim, "--guild", "1", "--subscription", "closed") == {"closed": "failing"}
    assert verbatim("deliveries", "--retry")[1] == said
    assert verbatim("deliveries", "--retry")[1] == "Nothing fails that could be tried again.\n"
    assert "due since" in verbatim("deliveries", "--guild", "1", "--subscription", "closed")[1]


def test_what_was_given_up_is_tried_again_but_not_what_was_removed_or_is_paused(
    verbatim: Run, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def give_up(library: Library) -> None:
        every = await library.notifications.listed(GUILD)
        closed = next(one for one in every if one.name == "closed")
        begun = time.time()
        for days in (2, 16):
            monkeypatch.setattr(time, "time", lambda days=days: begun + days * 24 * 3600.0)
            await library.notifications.refused(await claimed(library, closed), REFUSED)

    within(outbox, give_up)
    only = ("--guild", "1", "--subscription", "closed")
    assert "abandoned  given up after 14 days: I may not post there" in verbatim("deliveries", *only)[1]
    assert verbatim("deliveries", "--retry", *only, "--state", "failing")[1].startswith("Nothing fails")
    verbatim("remove", "1", "--guild", "1")
    assert verbatim("deliveries", "--retry", *only)[1].startswith("Nothing fails")
    assert states(verbatim, "--guild", "1", "--transcript", "how bread rises")["closed"] == "abandoned"
    verbatim("transcript", "restore", "1", "--guild", "1")
    within(outbox, lambda library: _pause(library, paused=True))
    assert verbatim("deliveries", "--retry", *only)[1].startswith("Nothing fails")
    within(outbox, lambda library: _pause(library, paused=False))
    assert verbatim("deliveries", "--retry", *only)[1].startswith("1 delivery is tried again")
    assert states(verbatim, *only) == {"closed": State.WAITING}


async def _pause(library: Library, *, paused: bool) -> None:
    every = await library.notifications.listed(GUILD)
    (closed,) = (one for one in every if one.name == "closed")
    await library.notifications.pause(GUILD, closed.id, paused=paused)


def test_what_may_have_been_sent_is_looked_after_at_once(verbatim: Run, tmp_path: Path) -> None:
    async def unknown(library: Library) -> None:
        news, _ = await library.notifications.subscribe(GUILD, 10, name="news")
        await library.ingest(GUILD, BREAD, "bread.md")
        await library.ingest(GUILD, TIDES, "tides.md")
        await library.notifications.unknown(await claimed(library, news), sentence("Discord could not be reached"))

    within(tmp_path / "verbatim.db", unknown)
    out = verbatim("deliveries")[1]
    assert out.count(": Discord could not be reached") == 2
    assert verbatim("deliveries", "--retry")[1].startswith("2 deliveries are tried again at once")
    assert "next try" not in verbatim("deliveries")[1]


@pytest.mark.usefixtures("outbox")
def test_json_says_why_in_words(verbatim: Run) -> None:
    found = json.loads(verbatim("deliveries", "--guild", "1", "--state", "failing", "skipped", "--json")[1])
    assert [one["reason"] for one in found] == ["it isn't tagged physics", str(REFUSED)]


@pytest.mark.usefixtures("outbox")
def test_what_is_empty_is_a_sentence(verbatim: Run) -> None:
    assert verbatim("deliveries", "--guild", "9") == (
        0,
        "There is no delivery of this server: nothing was owed to a subscription yet.\n",
        "",
    )
    assert verbatim("deliveries", "--state", "abandoned", "sending")[1] == "No delivery is abandoned or sending.\n"
    assert verbatim("deliveries", "--guild", "9", "--json")[1] == "[]\n"


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--transcript", "1"), 2, "verbatim: A transcript is one of a server's; name that too: --guild ID."),
        (("--subscription", "news"), 2, "verbatim: A subscription is one of a server's; name that too: --guild ID."),
        (("--guild", "1", "--transcript", "9"), 1, "verbatim: This library has no transcript “9”; it has “How bread"),
        (("--guild", "2", "--transcript", "1"), 1, "verbatim: This library has no transcript “1”; it has “Why there"),
        (("--guild", "2", "--subscription", "news"), 1, "verbatim: This server has no subscription “news”; it has els"),
        (
            ("--guild", "9", "--subscription", "news"),
            1,
            "verbatim: This server has no subscription “news”; it has none",
        ),
        (("--state", "lost"), 2, "python -m bot deliveries: Argument --state: invalid choice: 'lost'"),
        (
            ("--limit", "0"),
            2,
            "python -m bot deliveries: Argument --limit: a limit is a whole number from 1 to 1,000,000",
        ),
        (("--guild", "x"), 2, "python -m bot deliveries: Argument --guild: a server's id is a number"),
        (("--retry", "--json"), 2, "python -m bot deliveries: Argument --json: not allowed with argument --retry"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    verbatim: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    try:
        code, out, err = verbatim("deliveries", *arguments)
    except SystemExit as exit_:
        code, (out, err) = int(str(exit_.code)), capsys.readouterr()
    assert (code, out) == (status, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_a_database_that_is_not_there_is_said(verbatim: Run) -> None:
    status, out, err = verbatim("deliveries")
    assert (status, out) == (0, "There is no delivery: nothing was owed to a subscription yet.\n")
    assert err.startswith("verbatim: There is no database")
