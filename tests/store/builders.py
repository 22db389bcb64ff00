"""Transcript files and sample words that several of the store's tests are written with."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from store.library import Library
from store.models import Cue, Details, Post, State, Step, Wanted
from store.outbox.scheduling import Due
from store.text.wording import clock

GUILD = 100
OTHER_GUILD = 200
SHARED = Path(__file__).parents[3] / "shared"

ENGLISH = (
    "river boats carried grain past the old mill while farmers argued about water taxes and bridges nobody repaired "
    "although winter floods returned every march and the baker counted loaves by candle light before dawn"
).split()
JAPANESE = ("東京の研究会では", "音声認識の精度", "を比べました", "雨の日の京都", "ｶﾞｲﾄﾞの話", "issue化する", "見積もり")


def native(lines: Iterable[str], **fields: str) -> bytes:
    """A native file: front matter of the given fields, then the lines."""
    front = ["---", *(f"{key}: '{value}'" for key, value in fields.items()), "---"] if fields else []
    return "\n".join([*front, *lines, ""]).encode()


def cue_lines(texts: Iterable[str], *, step: int = 5) -> list[str]:
    """One native line a text, `step` seconds apart."""
    return [f"- [{clock(at * step * 1000)}] {text}" for at, text in enumerate(texts)]


def video_file(name: str, *texts: str, **fields: str) -> bytes:
    """A native file of a video that is known by a link of its own."""
    return native(cue_lines(texts), title=name, video_url=f"https://media.example.org/{name}.mp4", **fields)


def chatter(rng: random.Random, cues: int, words: Sequence[str] = ENGLISH) -> list[str]:
    """Cues of a few random words each."""
    return [" ".join(rng.choices(words, k=rng.randint(1, 12))) for _ in range(cues)]


def rendered(details: Details, cues: Sequence[Cue], *, wrap: bool = False, newline: str = "\n") -> bytes:
    """The native file that says exactly this; `wrap` continues cues of several words on the next line."""
    lines = ["---"]
    stated = {
        "title": details.title,
        "video_id": details.video_id,
        "video_url": details.url,
        "speaker": details.speaker,
        "channel": details.channel,
        "date": details.published.isoformat() if details.published else "",
        "duration": stamp(details.duration_ms) if details.duration_ms is not None else "",
        "language": details.language,
    }
    lines += [f"{key}: {quoted(value or '')}" for key, value in stated.items()]
    lines += ["tags:", *(f"  - {quoted(tag)}" for tag in details.tags)] if details.tags else []
    lines += ["---", "", f"# Transcript: {details.video_id or 'talk'}", ""]
    for cue in cues:
        head, space, rest = cue.text.partition(" ")
        split = wrap and bool(space) and bool(head) and head == head.strip() and rest[:1].isalpha()
        lines.append(f"- [{stamp(cue.start_ms)}] {head if split else cue.text}")
        lines += [f"  {rest}"] if split else []
    return newline.join([*lines, ""]).encode()


def stamp(ms: int) -> str:
    """A time as H:MM:SS, with milliseconds where there are any."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" + (f".{rest:03}" if rest else "")


def quoted(value: str) -> str:
    """A YAML scalar between single quotes."""
    return "'" + value.replace("'", "''") + "'"


async def subscribe(library: Library, channel: int, guild: int = GUILD, *, wanted: Wanted | None = None) -> int:
    """Subscribe a channel, and return its subscription's id."""
    subscription, _ = await library.notifications.subscribe(guild, channel, wanted)
    return subscription.id


async def owed(library: Library, guild: int | None = None) -> list[tuple[int, str]]:
    """What isn't sent yet: channels or members with titles, the oldest first."""
    states = (State.WAITING, State.SENDING, State.FAILING)
    found = await library.notifications.deliveries(guild, states=states)
    return [(one.channel_id or one.member_id or 0, one.title) for one in reversed(found)]


async def claim(library: Library, target: int | None = None) -> Post | None:
    """What is to be done next, noted as begun; of one channel or member where it is named."""
    for due in await library.notifications.due():
        if target in {None, due.target} and (post := await judged_and_claimed(library, due)) is not None:
            return post
    return None


async def judged_and_claimed(library: Library, due: Due) -> Post | None:
    """What is to be done next for a subscription, as the bot asks for it."""
    while await library.notifications.judge(due):
        pass
    return await library.notifications.claim(due)


async def deliver(library: Library, *, most: int = 1000) -> list[tuple[int, tuple[str, ...]]]:
    """Carry out what is to be done now, as Discord would: the channels or members that were told, with titles."""
    sent: list[tuple[int, tuple[str, ...]]] = []
    for _ in range(most):
        if (post := await claim(library)) is None:
            break
        match post.step:
            case Step.EDIT:
                await library.notifications.edited(post)
            case Step.PUBLISH:
                await library.notifications.published(post)
            case Step.SEND | Step.LOOK:
                target = post.subscription.target
                await library.notifications.sent(post, place_id=target, message_id=post.id + 1000)
                sent.append((target, tuple(told.title for told in post.told)))
    return sent


async def begun(library: Library, target: int | None = None) -> Post:
    """What is to be done next, where there surely is something."""
    post = await claim(library, target)
    assert post is not None
    return post


def titles(post: Post) -> list[str]:
    """What a post tells of."""
    return [told.title for told in post.told]
