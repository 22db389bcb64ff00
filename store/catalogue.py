"""What a guild's library can be narrowed by, held in memory: titles, speakers, tags, channels and days.

Suggestions appear while someone types, so they are answered without the database. What was typed or chosen is
resolved by the same lists, so a name of another guild is as unknown as one that never was.
"""

import calendar
import enum
import json
import re
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from store.errors import FilterError
from store.models import Filters, Suggestion
from store.sentences import Sentence, counted, sentence, series
from store.text import languages
from store.text.analysis import folded

MAX_SUGGESTIONS = 25
MAX_NAMED = 5  # in a sentence
_COMPARED = 2000  # names that are compared with what was typed
MAX_NAME = 100  # characters of a choice that Discord takes, as it is shown and as it is sent back

_WORD = re.compile(r"[^\W\d_][\w'’-]{3,}")

NameRow = tuple[int, str, str | None, str, str, str | None, str, str | None]


class Kind(enum.Enum):
    """What a library is narrowed by."""

    VIDEO = "video"
    SPEAKER = "speaker"
    TAG = "tag"
    CHANNEL = "channel"
    DAY = "day"


_UNKNOWN = {  # what is said of a name where there is no other, and where there are
    Kind.VIDEO: (
        sentence("This library has no transcript “{name}”; it has none."),
        sentence("This library has no transcript “{name}”; it has {others}."),
    ),
    Kind.SPEAKER: (
        sentence("This library has no speaker “{name}”; it has none."),
        sentence("This library has no speaker “{name}”; it has {others}."),
    ),
    Kind.TAG: (
        sentence("This library has no tag “{name}”; it has none."),
        sentence("This library has no tag “{name}”; it has {others}."),
    ),
}


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that can be chosen: as it is shown, as it is compared, and what it stands for."""

    shown: str
    folded: str
    value: str


class Catalogue:
    """The names of one guild's library at one version."""

    def __init__(self, version: int, rows: Iterable[NameRow]) -> None:
        """Make the names of rows: id, title, speaker, cues' speakers and tags (JSON lists), ISO day, language, channel.

        The newest come first. Titles that several have are shown with their day and language, or their id.
        """
        self.version = version
        columns = zip(*rows, strict=True) if (rows := list(rows)) else ((),) * 8
        ids, titles, speakers, named, tags, days, codes, channels = columns
        every = [
            name
            for speaker, cues in zip(speakers, named, strict=True)
            for name in dict.fromkeys([*([speaker] if speaker else []), *json.loads(cues)])
        ]
        self._titles = titles
        self._names = {
            Kind.VIDEO: [
                _Name(shown, title.casefold(), str(id_))
                for id_, title, shown in zip(ids, titles, _told_apart(ids, titles, days, codes), strict=True)
            ],
            Kind.SPEAKER: _by_use(every),
            Kind.TAG: _by_use(tag for listed in tags for tag in json.loads(listed)),
            Kind.CHANNEL: _by_use(filter(None, channels)),
            Kind.DAY: [_Name(day, day, day) for day in sorted(set(filter(None, days)), reverse=True)],
        }

    def suggest(self, kind: Kind, typed: str) -> tuple[Suggestion, ...]:
        """Return up to 25 names: those that begin with what was typed, then those in which a word begins with it."""
        return _suggested(self._names[kind], typed)

    def spelled(self, kind: Kind, typed: str) -> str:
        """Return a name as this library spells it, whole where a choice has cut it; one that it hasn't, as typed."""
        wanted = " ".join(typed.split())
        for name in self._names[kind]:
            if wanted.casefold() in {name.folded, name.folded[:MAX_NAME].strip()}:
                return name.value
        return wanted

    def has(self, kind: Kind, name: str) -> bool:
        """Whether a transcript of this library has a name, however it is spelled."""
        return any(folded(name) == folded(one.value) for one in self._names[kind])

    @property
    def words(self) -> tuple[str, ...]:
        """The distinct words of titles, speakers and tags, the most used first: names that may have been misheard.

        What stands in small letters in a title that has capitals is no name; of spellings that differ in case, one with
        capitals counts.
        """
        named = [*(name.shown for kind in (Kind.SPEAKER, Kind.TAG) for name in self._names[kind]), *self._titles]
        spellings = Counter(word for name in named for word in _WORD.findall(name))
        capitals = [title for title in self._titles if title != title.lower()]
        ordinary = {word.casefold() for title in capitals for word in _WORD.findall(title) if is_small(word)}
        counts: Counter[str] = Counter()
        written: dict[str, str] = {}
        for word, count in sorted(spellings.items(), key=lambda item: (is_small(item[0]), -item[1], item[0].isupper())):
            written.setdefault(word.casefold(), word)
            counts[word.casefold()] += count
        return tuple(written[word] for word, _ in counts.most_common() if word not in ordinary)

    def filters(
        self,
        *,
        video: str | None = None,
        speaker: str | None = None,
        tag: str | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> Filters:
        """Return the filters for what was typed or chosen; both days are included.

        Raises:
            FilterError: a name isn't in this library, a day isn't one, or `after` is later than `before`.
        """
        first = _day(after, last=False) if after else None
        last = _day(before, last=True) if before else None
        if first and last and first > last:
            raise FilterError(
                "Nothing can be after {first} and before {last}; exchange the two days.", first=first, last=last
            )
        chosen = self._resolved(Kind.VIDEO, video) if video else None
        by = self._resolved(Kind.SPEAKER, speaker) if speaker else None
        tagged = self._resolved(Kind.TAG, tag) if tag else None
        return Filters(
            transcript=int(chosen.value) if chosen else None,
            title=chosen.shown if chosen else None,
            speaker=by.value if by else None,
            tag=tagged.value if tagged else None,
            after=first,
            before=last,
        )

    def _resolved(self, kind: Kind, typed: str) -> _Name:
        """Return the name that was meant: by its value, its whole text, or a beginning that only one has."""
        wanted = typed.strip().casefold()
        names = self._names[kind]
        for name in names:
            if wanted in {name.value.casefold(), name.folded, f"#{name.value}"}:
                return name
        begun = [name for name in names if wanted and name.folded.startswith(wanted)]
        if len(begun) == 1 or (begun and len(typed.strip()) == MAX_NAME):
            return begun[0]
        (none, others), what = _UNKNOWN[kind], _cut(typed.strip())
        raise FilterError(others, name=what, others=_several(names, typed)) if names else FilterError(none, name=what)


def is_small(word: str) -> bool:
    """Whether a word is written in small letters, in a script that has others."""
    return word == word.lower() != word.upper()


def suggested(names: Iterable[str], typed: str) -> tuple[Suggestion, ...]:
    """Return up to 25 of the names, chosen and ordered as `Catalogue.suggest` does."""
    return _suggested((_Name(name, name.casefold(), name) for name in names), typed)


def _suggested(names: Iterable[_Name], typed: str) -> tuple[Suggestion, ...]:
    wanted = typed.strip().casefold()
    word = re.compile(rf"(?<!\w){re.escape(wanted)}")
    found: list[tuple[bool, int, _Name]] = []
    for order, name in enumerate(names):
        begins = name.folded.startswith(wanted) or f"#{name.value}" == wanted
        if begins or word.search(name.folded) or (not wanted.isascii() and wanted in name.folded):
            insort(found, (not begins, order, name), key=lambda item: item[:2])
    return tuple(
        Suggestion(_cut(name.shown), name.value if len(name.value) <= MAX_NAME else name.value[:MAX_NAME])
        for _, _, name in found[:MAX_SUGGESTIONS]
    )


def _several(names: Sequence[_Name], typed: str) -> Sentence:
    """Write some names, those first that are nearest to what was typed, and how many more there are."""
    known = {name.folded: name.shown for name in reversed(names[:_COMPARED])}
    close = get_close_matches(typed.strip().casefold(), known, n=MAX_NAMED, cutoff=0.5)
    nearest = [name.shown for name in _suggested(names, typed)[:MAX_NAMED]] + [known[folded] for folded in close]
    shown = list(dict.fromkeys([*map(_cut, nearest), *(_cut(name.shown) for name in names[: 2 * MAX_NAMED])]))[
        :MAX_NAMED
    ]
    more = len(names) - len(shown)
    quoted = series([sentence("“{name}”", name=name) for name in shown])
    return counted("{names} and {n} more", "{names} and {n} more", more, names=quoted) if more > 0 else quoted


def _told_apart(
    ids: Sequence[int], titles: Sequence[str], days: Sequence[str | None], codes: Sequence[str]
) -> list[str]:
    """Return titles with what tells those apart that several have: day and language, or else their ids."""
    times = Counter(titles)
    more = [
        "".join(f" · {what}" for what in (day, languages.named(code)) if what) if times[title] > 1 else ""
        for title, day, code in zip(titles, days, codes, strict=True)
    ]
    alike = Counter(zip(titles, more, strict=True))
    return [
        _with(title, what if alike[title, what] == 1 else f"{what} · #{id_}")
        for id_, title, what in zip(ids, titles, more, strict=True)
    ]


def _with(title: str, more: str) -> str:
    """Return a title with more behind it, in the room that a choice has."""
    return title + more if len(title + more) <= MAX_NAME else f"{title[: MAX_NAME - len(more) - 1]}…{more}"


def _by_use(names: Iterable[str]) -> list[_Name]:
    """Return distinct names, the most used first."""
    return [_Name(name, name.casefold(), name) for name, _ in Counter(names).most_common()]


def _day(text: str, *, last: bool) -> date:
    """Read a day, a month or a year; of a longer time its first or its last day."""
    match = re.fullmatch(r"(\d{4})(?:[-/.年](\d\d?)(?:[-/.月](\d\d?)日?)?)?[月年]?", text.strip())
    try:
        if match:
            year, month = int(match[1]), int(match[2] or (12 if last else 1))
            end = calendar.monthrange(year, month)[1] if last else 1
            return date(year, month, int(match[3] or end))
    except ValueError:
        pass  # no such day: refused like any other text that isn't one
    raise FilterError("“{text}” isn't a day; write it like 2025-01-31.", text=_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_NAME else f"{text[: MAX_NAME - 1]}…"
