"""What members propose that was said in place of what a file says, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.models.transcripts import Cue, Entry


class Verdict(StrEnum):
    """What became of a correction."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    REMOVED = "removed"  # it was approved before


class Listed(StrEnum):
    """Which corrections are listed: what became of them, and of those approved whether their transcripts have them."""

    WAITING = "waiting"
    APPROVED = "approved"
    DETACHED = "detached"
    REJECTED = "rejected"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Caption:
    """A cue at a `position`, None where its transcript has none like it now: its text, and what it should be.

    It `stands` where that is approved and no later correction of the same cue is.
    """

    position: int | None
    start_ms: int
    was: str
    now: str
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of captions of one transcript, of which `entry` is None while it is gone; ids are members'."""

    id: int
    transcript: int
    title: str
    entry: Entry | None
    state: Verdict
    captions: tuple[Caption, ...]
    proposed_by: int | None
    proposed_at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None
    removed_by: int | None = None
    removed_at: datetime | None = None

    @property
    def detached(self) -> bool:
        """Whether its transcript has none of its cues now."""
        return all(caption.position is None for caption in self.captions)


@dataclass(frozen=True, slots=True)
class Correctable:
    """Cues of a transcript that may be corrected, by position, and what they `read`: some are corrected already."""

    entry: Entry
    cues: tuple[tuple[int, Cue], ...]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """Some of the corrections of a guild of one kind; `total` is how many there are of it."""

    which: Listed
    found: tuple[Correction, ...]
    total: int
    offset: int = 0
