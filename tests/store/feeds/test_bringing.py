"""What moderators do to the transcripts that a feed brought, and what the feed makes of it at its next look."""

import time

import pytest
from aiohttp import web

from store import bygones
from store.errors import NotFoundError
from store.feeds.fetching import Fetcher
from store.library import Library
from store.models import Outcome
from store.sentences import Sentence
from tests.store.builders import GUILD, owed, subscribe
from tests.store.feeds.host import Episode, Host, follow, look, titles

MODERATOR, OTHER = 7, 8
SRT = b"1\n00:00:01,000 --> 00:00:03,000\nthe careful words of a moderator\n"


def said(found: list[tuple[str, Sentence]]) -> list[tuple[str, str]]:
    return [(title, str(why)) for title, why in found]


async def brought(library: Library, fetcher: Fetcher, host: Host) -> str:
    """Follow a feed whose host says nothing of changes; return its newest transcript's id."""
    host.etags = False
    looked = await follow(library, fetcher, host, include_recent=2, by=MODERATOR)
    await subscribe(library, 5)
    return str(looked.ingested[-1].entry.id)


async def words(library: Library, transcript: str) -> list[str]:
    return [cue.text for cue in (await library.known(GUILD, transcript)).opening]


async def test_what_was_corrected_stays_while_the_feeds_bytes_are_the_same(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    await library.edit(GUILD, newest, {"title": "The quokka", "speaker": "Ada", "tags": "one"})
    await library.move_times(GUILD, newest, 10)
    for _ in range(2):
        looked = await look(library, fetcher)
        assert (looked.ingested, looked.failed) == ([], [])
    known = await library.known(GUILD, newest)
    assert (known.entry.details.title, known.opening[0].start_ms) == ("The quokka", 11_000)


async def test_new_words_are_taken_and_the_details_that_a_moderator_set_stay_again_and_again(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    link = "https://example.org/the-quokka"
    await library.edit(GUILD, newest, {"title": "The quokka", "video_url": link, "tags": "one, two"})
    for word in ("bilby", "dunnart"):
        host.episodes[0].word = word
        looked = await look(library, fetcher)
        assert [done.outcome for done in looked.ingested] == [Outcome.REPLACED]
        known = await library.known(GUILD, newest)
        details = known.entry.details
        assert (details.title, details.url, details.tags) == ("The quokka", link, ("one", "two"))
        assert (details.channel, str(details.published)) == ("The river", "2025-03-03")
        assert known.opening[0].text == f"the {word} smiles"
    assert await owed(library) == []


async def test_what_the_feed_says_otherwise_is_taken_where_no_moderator_set_it(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    for category, word in (("a", "bilby"), ("b", "dunnart")):
        host.episodes[0].extra, host.episodes[0].word = f"<category>{category}</category>", word
        (done,) = (await look(library, fetcher)).ingested
        assert (str(done.entry.id), done.entry.details.tags) == (newest, (category,))


async def test_a_transcript_whose_link_was_taken_away_is_left_as_it_is_and_told_of_once(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    await library.edit(GUILD, newest, {"video_url": ""})
    host.episodes[0].word = "bilby"
    assert [title for title, _ in (await look(library, fetcher)).left] == ["Episode 2 & more"]
    assert (await look(library, fetcher)).left == []
    assert (await library.page(GUILD)).total == 2


async def test_a_removed_transcript_stays_removed_for_good(library: Library, fetcher: Fetcher, host: Host) -> None:
    newest = await brought(library, fetcher, host)
    await library.remove(GUILD, newest, by=OTHER)
    for word in ("quokka", "bilby"):
        host.episodes[0].word = word
        assert titles(await look(library, fetcher)) == []
    async with library._database.transaction() as connection:
        await bygones.forget(connection, now=time.time() + 2 * bygones.KEPT_SECONDS)
    for one in host.episodes:
        one.guid, one.path = f"new-{one.number}", f"/v2/{one.number}.vtt"
    assert titles(await look(library, fetcher)) == []
    assert await owed(library) == []
    with pytest.raises(NotFoundError):
        await library.known(GUILD, newest)
    (feed,) = await library.feeds.listed(GUILD)
    assert (feed.episodes, feed.removed) == (1, 1)


async def test_a_removed_transcript_that_is_brought_back_lives_on(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    removed = await library.remove(GUILD, newest)
    await look(library, fetcher)
    assert removed.undo is not None
    await library.restore(GUILD, removed.undo)
    assert (await look(library, fetcher)).ingested == []
    host.episodes[0].word = "bilby"
    assert [done.outcome for done in (await look(library, fetcher)).ingested] == [Outcome.REPLACED]
    assert await words(library, newest) == ["the bilby smiles"]


@pytest.mark.parametrize(
    ("by", "who"), [(OTHER, "a moderator"), (MODERATOR, "a moderator"), (None, "an operator")], ids=str
)
async def test_a_transcript_of_the_same_link_that_the_feed_did_not_bring_is_left_and_told_of_once(
    library: Library, fetcher: Fetcher, host: Host, by: int | None, who: str
) -> None:
    host.etags = False
    link = "https://cdn.example.org/2.mp3"
    theirs = await library.ingest(GUILD, SRT, "2.srt", given={"video_url": link, "title": "Two"}, by=by)
    looked = await follow(library, fetcher, host, include_recent=2, by=MODERATOR)
    assert titles(looked) == ["Episode 1 & more"]
    assert said(looked.left) == [("Episode 2 & more", f"already here, ingested by {who}")]
    host.episodes[0].word = "bilby"
    looked = await look(library, fetcher)
    assert (looked.ingested, looked.left, looked.failed) == ([], [], [])
    assert await words(library, str(theirs.entry.id)) == ["the careful words of a moderator"]


async def test_what_was_put_in_the_place_of_a_feeds_transcript_is_not_replaced(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    link = "https://cdn.example.org/2.mp3"
    theirs = await library.ingest(GUILD, SRT, "2.srt", given={"video_url": link}, by=MODERATOR)
    assert str(theirs.entry.id) == newest
    host.episodes[0].word = "bilby"
    looked = await look(library, fetcher)
    assert said(looked.left) == [("Episode 2 & more", "another transcript was put in its place")]
    assert (await look(library, fetcher)).left == []
    assert await words(library, newest) == ["the careful words of a moderator"]
    assert theirs.undo is not None
    await library.restore(GUILD, theirs.undo)
    host.episodes[0].word = "dunnart"
    await look(library, fetcher)
    assert await words(library, newest) == ["the dunnart smiles"]


async def test_what_another_feed_brought_is_left(library: Library, fetcher: Fetcher, host: Host) -> None:
    host.etags = False
    host.answers["/again"] = lambda _: web.Response(text=host.feed().replace("en</language>", "de</language>"))
    await follow(library, fetcher, host, include_recent=2)
    host.episodes[0].word = "bilby"
    looked = await library.feeds.follow(fetcher, GUILD, host.url("/again"), include_recent=2)
    assert said(looked.left) == [("Episode 2 & more", "already here, brought by a podcast that is followed")]


async def test_a_look_that_ended_in_the_middle_is_taken_up(library: Library, fetcher: Fetcher, host: Host) -> None:
    await brought(library, fetcher, host)
    async with library._database.transaction() as connection:  # the transcript is there, but that wasn't noted
        await connection.execute("UPDATE episodes SET state = 'waiting', transcript_id = NULL, ingested_at = NULL")
    looked = await look(library, fetcher)
    assert (looked.ingested, looked.left) == ([], [])
    host.episodes[0].word = "bilby"
    assert [done.outcome for done in (await look(library, fetcher)).ingested] == [Outcome.REPLACED]


async def test_a_transcript_that_vanishes_is_kept_and_told_of_once(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    newest = await brought(library, fetcher, host)
    host.answers["/2.vtt"] = lambda _: web.Response(status=404)
    looked = await look(library, fetcher)
    assert (said(looked.unread), looked.failed) == ([("Episode 2 & more", "The host answers 404 Not Found.")], [])
    looked = await look(library, fetcher)
    assert (said(looked.unread), looked.failed) == ([], [])
    host.episodes[0].transcript = False
    await look(library, fetcher)
    host.episodes[0].transcript = True
    del host.answers["/2.vtt"]
    host.episodes[0].word = "bilby"
    await look(library, fetcher)
    assert await words(library, newest) == ["the bilby smiles"]


async def test_a_worse_transcript_does_not_take_the_place_of_one_that_cannot_be_read_now(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.etags = False
    host.episodes[0].extra = f"<podcast:transcript url='{host.url('/2.txt')}' type='text/plain'/>"
    host.answers["/2.txt"] = lambda _: web.Response(text="the worse words without any time")
    (done,) = (await follow(library, fetcher, host, include_recent=1)).ingested
    host.answers["/2.vtt"] = lambda _: web.Response(status=503)
    looked = await look(library, fetcher)
    assert (looked.ingested, len(looked.unread)) == ([], 1)
    assert await words(library, str(done.entry.id)) == ["the quokka smiles"]


async def test_hosts_of_transcripts_that_ask_to_wait_are_waited_for(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.etags = False
    await follow(library, fetcher, host)
    host.episodes[:0] = [Episode(number, "numbat") for number in (6, 5, 4, 3)]
    for number in (3, 5, 6):
        host.answers[f"/{number}.vtt"] = lambda _: web.Response(status=429, headers={"Retry-After": "7200"})
    host.asked.clear()
    assert titles(await look(library, fetcher)) == ["Episode 4 & more"]
    assert "/6.vtt" not in host.asked
    (feed,) = await library.feeds.listed(GUILD)
    assert 7190 < feed.next_at - time.time() <= 7200
    host.answers.clear()
    assert titles(await look(library, fetcher)) == [f"Episode {number} & more" for number in (3, 5, 6)]
