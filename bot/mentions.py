"""What `mentions` prints: lines for people, one JSON object, or every mention as comma-separated values (RFC 4180)."""

import csv
from collections.abc import Sequence
from typing import TextIO

from store.links import nearest
from store.models import Mention, Mentioned, Mentions
from store.sentences import Sentence
from store.text.wording import clock, many

COLUMNS = ("transcript_id", "title", "seconds", "link", "before", "said", "after", "form")


def counted(found: Mentions) -> list[str]:
    """Return the lines of mentions: how many, in which forms, when first and last, and in which transcripts."""
    words = f"“{found.words}”"
    if not found.count:
        return [f"Nobody said {words}."]
    transcripts = many(len(found.transcripts), "transcript")
    lines = [f"{words}: {many(found.count, 'mention')} in {transcripts}{_remark(found.filters)}."]
    if any(form.heard for form in found.forms):
        forms = [f"{f'≈ “{form.said}”' if form.heard else form.said} {form.count:,}" for form in found.forms]
        lines.append(", ".join(forms))
    lines += [
        f"{name}: {_clock(end)}{end.entry.details.title}"
        for name, end in (("First", found.first), ("Last", found.last))
        if end is not None
    ]
    for one in found.transcripts:
        details = one.entry.details
        link = nearest(details.url, one.first_ms)
        lines += [
            f"{one.count:>6,}  {one.entry.id}: {details.title}",
            *([f"        from {clock(one.first_ms)}{f' · {link}' if link else ''}"] if details.timed else []),
        ]
    return lines


def mentions_object(found: Mentions) -> dict[str, object]:
    """Return mentions as the object that `mentions --json` prints; `last` has the second of the last mention."""
    return {
        "words": found.words,
        "count": found.count,
        "transcripts": [
            {**_place(one), "count": one.count, "first_seconds": _seconds(one), "link": _link(one)}
            for one in found.transcripts
        ],
        "first": _end(found.first),
        "last": _end(found.last),
        "forms": [{"said": form.said, "count": form.count, "heard": form.heard} for form in found.forms],
    }


def write_mentions(file: TextIO, found: Mentions, every: Sequence[Mention]) -> None:
    """Write each mention as a row below the names of the columns."""
    details = {one.entry.id: one.entry.details for one in found.transcripts}
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in every:
        if one.transcript in details:  # or it was ingested between counting and listing
            of = details[one.transcript]
            link = nearest(of.url, one.start_ms) or ""
            words = (one.before.strip(), one.said, one.after.strip(), one.form)
            seconds = one.start_ms / 1000 if of.timed else ""
            rows.writerow((one.transcript, of.title, seconds, link, *words))


def _place(one: Mentioned) -> dict[str, object]:
    return {"transcript_id": one.entry.id, "title": one.entry.details.title}


def _end(one: Mentioned | None) -> dict[str, object] | None:
    return {**_place(one), "seconds": _seconds(one), "link": _link(one)} if one else None


def _seconds(one: Mentioned) -> float | None:
    return one.first_ms / 1000 if one.entry.details.timed else None


def _clock(one: Mentioned) -> str:
    return f"{clock(one.first_ms)} · " if one.entry.details.timed else ""


def _link(one: Mentioned) -> str | None:
    return nearest(one.entry.details.url, one.first_ms)


def _remark(filters: Sequence[Sentence]) -> str:
    return f" ({'; '.join(map(str, filters))})" if filters else ""
