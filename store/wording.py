"""How times and counts are written for people, on the command line and in Discord."""


def clock(ms: int) -> str:
    """Write a time as people read it: `0:07`, `30:36`, `1:24:37`."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def many(count: int, thing: str) -> str:
    """Write a number of things: `1 cue`, `2,682 cues`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
