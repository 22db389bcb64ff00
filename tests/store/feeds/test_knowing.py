"""Which of the episodes that are known a feed shows, also under new ids, addresses and links."""

import pytest

from store.feeds.fetching import Fetcher
from store.feeds.knowing import KEPT, SKIPPED, WAITING, KnownEpisode, recognised
from store.feeds.parsing import Episode, Source
from store.library import Library
from tests.store.builders import GUILD, owed, subscribe
from tests.store.feeds.host import Host, follow, look, titles


def episode(guid: str, transcript: str = "", *links: str) -> Episode:
    sources = (Source(transcript, ".vtt"),) if transcript else ()
    return Episode(guid, "T", None, None, None, (), sources, None, links)


def of(*known: KnownEpisode) -> dict[str, KnownEpisode]:
    return {one.guid: one for one in known}


OLD = KnownEpisode("1", KEPT, "https://a.example.org/1.vtt", ("url:a.example.org/1",), transcript_id=4)


@pytest.mark.parametrize(
    "shown",
    [
        episode("1"),
        episode("new", "https://a.example.org/1.vtt"),
        episode("new", "https://b.example.org/1.vtt", "url:b.example.org/1.mp3", "url:a.example.org/1"),
    ],
    ids=["by its id", "by its transcript", "by a link"],
)
def test_an_episode_is_known(shown: Episode) -> None:
    assert recognised([shown], of(OLD)) == {shown.guid: OLD}


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        ([episode("new", "https://b.example.org/1.vtt", "url:a.example.org/2")], [OLD]),
        # One that the feed still shows under its own id is no other.
        ([episode("1"), episode("new", "https://a.example.org/1.vtt", "url:a.example.org/1")], [OLD]),
        # A link that two had is of neither.
        ([episode("new", "", "url:a.example.org/1")], [OLD, KnownEpisode("2", SKIPPED, None, OLD.links)]),
    ],
)
def test_an_episode_is_new(shown: list[Episode], known: list[KnownEpisode]) -> None:
    assert "new" not in recognised(shown, of(*known))


def test_one_that_is_known_is_one_episode_alone() -> None:
    shown = [episode("new", "", *OLD.links), episode("newer", "https://a.example.org/1.vtt")]
    assert recognised(shown, of(OLD)) == {"newer": OLD}


def test_of_several_that_were_noted_with_one_address_that_with_a_transcript_is_known() -> None:
    doubled = KnownEpisode("2", WAITING, OLD.url)
    assert recognised([episode("new", OLD.url or "")], of(OLD, doubled)) == {"new": OLD}


async def test_a_feed_whose_ids_and_addresses_change_doubles_and_revives_nothing(
    library: Library, fetcher: Fetcher, host: Host
) -> None:
    host.etags = False
    await follow(library, fetcher, host, include_recent=1)
    await subscribe(library, 5)
    for turn in (1, 2, 3):
        for one in host.episodes:
            one.guid, one.path = f"{turn}-{one.number}", f"/{turn}/{one.number}.vtt"
        assert titles(await look(library, fetcher)) == []
        host.episodes[0].word += "s"
        looked = await look(library, fetcher)
        assert titles(looked) == ["Episode 2 & more"]
    (feed,) = await library.feeds.listed(GUILD)
    assert ((await library.page(GUILD)).total, feed.episodes, feed.removed) == (1, 1, 0)
    assert await owed(library) == []
