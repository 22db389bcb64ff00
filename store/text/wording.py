"""How times, counts and what is said in several places are written for people, on the command line and in Discord."""

from collections.abc import Sequence

from store.sentences import sentence

NAMED = 5  # ids in a sentence
BY_WORDS = sentence("Searched by words alone: what says the same in other words can't be looked for right now.")


def clock(ms: int) -> str:
    """Write a time as people read it: `0:07`, `30:36`, `1:24:37`."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def many(count: int, thing: str) -> str:
    """Write a number of things: `1 cue`, `2,682 cues`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def numbered(ids: Sequence[int], thing: str) -> str:
    """Write things by their ids: `transcript 7`, `transcripts 1, 2, 3, 4, 5 and 37 more`."""
    named = [f"{id_}" for id_ in ids[:NAMED]]
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return f"{thing}{'' if len(ids) == 1 else 's'} {', '.join(named)}{more}"
