"""What may be proposed: captions that differ, not too much, not too often, and not what was decided already."""

from collections.abc import Sequence

from store.corrections import rows
from store.database import Reader, Writer
from store.errors import CorrectionError
from store.models import Caption, Correctable, Entry, Verdict
from store.sentences import counted

MOST_CAPTIONS = 10  # of a correction
MOST_LONGER = 200  # characters that a caption grows by
WAITING_OF_MEMBER = 10
WAITING_OF_GUILD = 200
RECENT = 5  # of a member, within …
RECENT_SECONDS = 600.0
REJECTED_SECONDS = 30 * 24 * 3600.0  # for which the same isn't proposed again


async def allow(connection: Reader, guild_id: int, by: int, *, now: float) -> None:
    """Let a member go on who may propose something.

    Raises:
        CorrectionError: too much waits, of theirs or of the guild's, or they are too quick.
    """
    waiting, recent = await rows.of_member(connection, guild_id, by, since=now - RECENT_SECONDS)
    if waiting >= WAITING_OF_MEMBER:
        raise CorrectionError(
            counted(
                "{n} correction of yours waits for a moderator; report more when it is decided.",
                "{n} corrections of yours wait for a moderator; report more when some are decided.",
                waiting,
            )
        )
    if recent >= RECENT:
        raise CorrectionError("You have reported a lot in a few minutes; wait ten minutes and go on.")
    if (await rows.counted(connection, guild_id, None)).get(Verdict.WAITING, 0) >= WAITING_OF_GUILD:
        raise CorrectionError("Too many corrections wait for this server's moderators; report this one later.")


async def keep(
    connection: Writer, guild_id: int, entry: Entry, captions: Sequence[Caption], *, by: int, now: float
) -> tuple[int, bool]:
    """Keep what a member proposes, and return under which id, and whether it is new.

    Raises:
        CorrectionError: the same was rejected, or the member may propose nothing now.
    """
    same = await rows.alike(connection, guild_id, entry.id, captions, since=now - REJECTED_SECONDS)
    if same is not None and same.state is Verdict.WAITING:
        return same.id, False
    if same is not None:
        raise CorrectionError("A moderator has looked at that correction already, and left the words as they are.")
    await allow(connection, guild_id, by, now=now)
    title = entry.details.title
    return await rows.insert(connection, guild_id, entry.id, captions, title=title, by=by, now=now), True


def differing(found: Correctable, texts: Sequence[str]) -> tuple[Caption, ...]:
    """Return the captions that should be something else than what they are read as, by what each should be.

    Raises:
        CorrectionError: nothing differs, too much does, or it is as the file says.
    """
    every = zip(found.cues, found.read, texts, strict=True)
    changed = tuple(
        Caption(at, cue.start_ms, cue.text, text) for (at, cue), read, text in every if not is_same(read, text)
    )
    if not changed:
        raise CorrectionError("Nothing was changed; write what was really said in place of what is wrong.")
    if len(changed) > MOST_CAPTIONS:
        raise CorrectionError(
            "A correction may change {most} captions, and this one changes {count}; report them in parts.",
            most=MOST_CAPTIONS,
            count=len(changed),
        )
    if any(is_same(one.was, one.now) for one in changed):
        raise CorrectionError("That is what the file says; a moderator can take its correction back.")
    check(changed)
    return changed


def check(captions: Sequence[Caption]) -> None:
    """Refuse captions that should be far longer than they are.

    Raises:
        CorrectionError: one should be.
    """
    for one in captions:
        if len(one.now) > len(one.was) + MOST_LONGER:
            raise CorrectionError(
                "A caption may become {most} characters longer, and “{start}…” would be more; correct what was "
                "misheard and leave out what wasn't said there.",
                most=MOST_LONGER,
                start=one.now[:40],
            )


def is_same(one: str, other: str) -> bool:
    """Whether texts are the same, but for the spaces between their words."""
    return one.split() == other.split()
