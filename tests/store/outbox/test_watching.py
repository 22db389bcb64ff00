"""Words that subscriptions watch: looked for in what is due, and anew in what changes meanwhile."""

import pytest

from store.errors import QuestionError, UnindexedError
from store.library import Library
from store.models import Match, Quote, State, Wanted
from store.outbox.scheduling import Due
from store.outbox.sending import why_not
from store.records import NO_DETAILS
from store.sentences import sentence
from tests.store.builders import GUILD, begun, claim, deliver, subscribe, video_file
from tests.store.outbox.conftest import Clock

NEWS = 11


async def ingest(library: Library, name: str, *texts: str) -> int:
    return (await library.ingest(GUILD, video_file(name, *(texts or ("one",))), "a.md")).entry.id


async def states(library: Library) -> list[tuple[str, State, str | None]]:
    found = await library.notifications.deliveries(GUILD)
    return [(one.title, one.state, str(one.reason) if one.reason is not None else None) for one in reversed(found)]


async def test_what_is_watched_is_told_where_it_is_said(watching: Library) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water tax"))
    await ingest(watching, "mill", "about the water tax", "more water tax", "the water tax again", "water tax, finally")
    await ingest(watching, "river", "about the river")
    post = await begun(watching)
    assert [quote.text for quote in post.told[0].quotes] == [
        "about the water tax",
        "more water tax",
        "the water tax again",
    ]
    await watching.notifications.sent(post, place_id=NEWS, message_id=1)
    assert await claim(watching) is None
    assert await states(watching) == [
        ("mill", State.SENT, None),
        ("river", State.SKIPPED, "“water tax” isn't said in it"),
    ]


async def test_a_new_version_in_which_it_is_said_is_told_of(watching: Library) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    await ingest(watching, "mill", "nothing of it")
    assert await claim(watching) is None
    await ingest(watching, "mill", "the water rises")
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_other_words_are_looked_for_in_what_waits(watching: Library) -> None:
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="water"))
    await ingest(watching, "mill", "the water rises")
    await watching.notifications.rejected(await begun(watching), sentence("Too long."))
    await watching.notifications.change(made, Wanted(matching="flood"))
    await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="flood"))  # ends the wait
    assert await claim(watching) is None
    assert await states(watching) == [("mill", State.SKIPPED, "“flood” isn't said in it")]
    assert await watching.notifications.next_at() is None


async def test_what_comes_after_the_words_were_looked_for_is_not_sent_unlooked_at(
    watching: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    await ingest(watching, "mill", "the water rises")
    judge = watching.notifications.judge

    async def slowly(due: Due) -> bool:
        more = await judge(due)
        monkeypatch.undo()
        await ingest(watching, "river", "nothing of it")
        return more

    monkeypatch.setattr(watching.notifications, "judge", slowly)
    assert await deliver(watching) == [(NEWS, ("mill",))]
    assert await watching.notifications.next_at() is None


async def test_a_transcript_replaced_while_the_words_are_looked_for_is_looked_at_anew(watching: Library) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    await ingest(watching, "mill", "nothing of it")
    matched = watching.notifications._matched

    async def slowly(guild_id: int, words: str, transcript: int) -> Match:
        found = await matched(guild_id, words, transcript)
        watching.notifications._matched = matched
        await ingest(watching, "mill", "the water rises")
        return found

    watching.notifications._matched = slowly
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_words_changed_while_they_are_looked_for_are_looked_for_anew(watching: Library) -> None:
    made, _ = await watching.notifications.subscribe(GUILD, NEWS, Wanted(matching="water"))
    await ingest(watching, "mill", "the flood")
    matched = watching.notifications._matched

    async def slowly(guild_id: int, words: str, transcript: int) -> Match:
        watching.notifications._matched = matched
        await watching.notifications.change(made, Wanted(matching="flood"))
        return await matched(guild_id, words, transcript)

    watching.notifications._matched = slowly
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_what_cannot_be_searched_yet_waits_and_holds_nothing_up(watching: Library, clock: Clock) -> None:
    await subscribe(watching, NEWS, wanted=Wanted(matching="water"))
    id_ = await ingest(watching, "mill", "water")
    await ingest(watching, "river", "water")
    matched = watching.notifications._matched
    errors = [UnindexedError(), RuntimeError("a bug")]

    async def failing(guild_id: int, words: str, transcript: int) -> Match:
        if transcript == id_ and errors:
            raise errors.pop(0)
        return await matched(guild_id, words, transcript)

    watching.notifications._matched = failing
    assert await deliver(watching) == [(NEWS, ("river",))]
    clock.passes(61)
    assert await deliver(watching) == []
    clock.passes(61)
    assert await deliver(watching) == [(NEWS, ("mill",))]


async def test_words_that_cannot_be_searched_for_are_the_reason(library: Library) -> None:
    async def refused(_: int, words: str, __: int) -> Match:
        raise QuestionError(f"“{words}” has no word to search for.")

    library.notifications._matched = refused
    await subscribe(library, NEWS, wanted=Wanted(matching="…"))
    await ingest(library, "mill")
    assert await claim(library) is None
    assert await states(library) == [("mill", State.SKIPPED, "“…” has no word to search for.")]


async def test_a_post_is_told_without_quotes_rather_than_not_at_all(library: Library) -> None:
    async def broken(*_: int, **__: int) -> tuple[()]:
        raise RuntimeError("a bug")

    library.notifications._characteristic = broken
    await subscribe(library, NEWS)
    await ingest(library, "mill")
    assert await deliver(library) == [(NEWS, ("mill",))]


@pytest.mark.parametrize(("count", "moments"), [(1, 3), (5, 1), (8, 1), (9, 0)])
async def test_a_post_of_few_tells_of_each_with_a_moment(library: Library, count: int, moments: int) -> None:
    asked: list[int] = []

    async def characteristic(_: int, transcript: int, /, *, count: int) -> tuple[Quote, ...]:
        asked.append(count)
        return (Quote(transcript, NO_DETAILS, "words", 0, 1000, 1.0),) * count

    library.notifications._characteristic = characteristic
    await subscribe(library, NEWS)
    batch = await library.begin(GUILD, [str(number) for number in range(count)])
    for number in range(count):
        await library.ingest(GUILD, video_file(f"talk-{number}", "one"), f"{number}.md", batch=batch)
    await library.close(batch)
    post = await begun(library)
    assert [len(told.moments) for told in post.told] == [moments] * count
    assert asked == [moments] * (count if moments else 0)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (("steel",), "“steel” isn't said in it"),
        (("steel", "hot air"), "“steel” and “hot air” aren't said in it"),
        (("steel", "zeppelins", "mercury"), "none of “steel”, “zeppelins”, “mercury” is said in it"),
        (("a", "b", "c", "d", "e"), "none of “a”, “b”, “c” and 2 more is said in it"),
    ],
)
def test_the_reason_names_what_is_not_said(missing: tuple[str, ...], reason: str) -> None:
    assert str(why_not(Match((), missing))) == reason


def test_the_reason_names_what_is_said_although_it_was_left_out() -> None:
    assert str(why_not(Match((), ("steel",), "oil"))) == "“oil” is said in it, which is left out"
