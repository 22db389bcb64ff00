"""What is known of a feed's episodes, and which of them it is that a feed shows: also under new ids and addresses.

An episode is known by its id; where the feed gives it a new one, by its transcript's address; where that is new too, by
its link, as any video is. One that the feed still shows under its own id is no other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from store.feeds.fetching import Validators
from store.feeds.parsing import Episode
from store.formats.details import as_given
from store.models import Entry

WAITING, SKIPPED, KEPT, FAILED = "waiting", "skipped", "kept", "failed"
# One that was kept, and whose transcript a moderator removed: told from that, and never written.
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """What is known of an episode, and of its transcript as it was fetched from `url` and ingested."""

    guid: str
    state: str = WAITING
    url: str | None = None
    links: tuple[str, ...] = ()
    said: Validators = field(default_factory=Validators)
    digest: bytes | None = None
    transcript_id: int | None = None
    ingested_at: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None

    def has(self, entry: Entry) -> bool:
        """Whether a transcript is the one that was ingested, and not another in its place."""
        return (entry.id, entry.ingested_at.isoformat()) == (self.transcript_id, self.ingested_at)


def recognised(episodes: Sequence[Episode], known: Mapping[str, KnownEpisode]) -> dict[str, KnownEpisode]:
    """Return what is known of a feed's episodes, by the ids they have now."""
    here = {one.guid for one in episodes}
    gone = [one for guid, one in known.items() if guid not in here]
    # Of several with one address (once an episode was noted anew under each id) that with a transcript is right.
    by_url = {one.url: one for one in sorted(gone, key=lambda one: one.transcript_id or 0) if one.url is not None}
    by_link = _unique((link, one) for one in gone for link in one.links)
    found = {one.guid: known[one.guid] for one in episodes if one.guid in known}
    taken: set[str] = set()
    for index, keys in ((by_url, _urls), (by_link, _links)):
        for episode in episodes:
            one = next((index[key] for key in keys(episode) if key in index), None)
            if episode.guid not in found and one is not None and one.guid not in taken:
                found[episode.guid] = one
                taken.add(one.guid)
    return found


def corrected(entry: Entry, known: KnownEpisode) -> dict[str, str]:
    """Return what moderators set of a transcript since it was ingested."""
    now = as_given(entry.details)
    return {key: value for key, value in now.items() if known.details.get(key, value) != value}


def _unique(pairs: Iterable[tuple[str, KnownEpisode]]) -> dict[str, KnownEpisode]:
    """Return what has a key, where only one has it."""
    every = list(pairs)
    counts = Counter(key for key, _ in every)
    return {key: one for key, one in every if counts[key] == 1}


def _urls(episode: Episode) -> tuple[str, ...]:
    return tuple(source.url for source in episode.transcripts)


def _links(episode: Episode) -> tuple[str, ...]:
    return episode.links
