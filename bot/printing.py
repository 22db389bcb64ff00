"""What the command line prints: dataclass in, lines or a JSON object out."""

from collections.abc import Sequence
from itertools import groupby

from store.formats.details import stem
from store.links import nearest
from store.models import Answer, Correct, Entry, Ingested, Known, Problem, Quote, Sizes
from store.text.languages import named
from store.text.wording import BY_WORDS, clock, many, numbered
from store.upkeep.sizes import together

HEADINGS = (
    *("server", "transcripts", "hours", "cues", "words", "passages", "unindexed", "terms", "segments"),
    *("index bytes", "stream bytes", "channels", "owed", "glossary"),
)
LOST = (
    "What can't be repaired isn't derived from anything: restore the database from a backup, or remove a damaged "
    "transcript and ingest its file again."
)


def ingested(done: Ingested, name: str) -> str:
    """Say what the ingest of a file did: a line, and one for each change and each oddity."""
    entry = done.entry
    length = clock(entry.duration_ms) if entry.details.timed else "no times"
    line = (
        f"{done.outcome.value}: {entry.details.title} · {many(entry.cues, 'cue')} · {length} · "
        f"{many(entry.passages, 'passage')}"
    )
    if entry.spoken.code:
        line += f" · {named(entry.spoken.code)}"
    if done.encoding:
        line += f" · read as {done.encoding}"
    if entry.details.title not in {name, stem(name)}:
        line += f" · from {name}"
    others = ", ".join(named(other.spoken.code) for other in done.beside)
    beside = [f"beside the same video's in {others}"] if others else []
    return "\n".join([line, *(f"  {text}" for text in (*beside, *done.changes, *map(str, done.oddities)))])


def undoing(replaced: Sequence[int]) -> list[str]:
    """Return the line that says how to bring back what was replaced, by the transcripts' ids."""
    if not replaced:
        return []
    if len(replaced) == 1:
        return [f"For 24 hours `transcript restore {replaced[0]}` brings back what was replaced."]
    ids = numbered(replaced, "transcript")
    return [f"For 24 hours `transcript restore ID` brings back what was replaced: {ids}."]


def known_lines(known: Known) -> list[str]:
    """Return the lines of what is known of a transcript."""
    entry, details = known.entry, known.entry.details
    said = {
        "title": details.title,
        "link": details.url,
        "speaker": details.speaker,
        "channel": details.channel,
        "date": details.published,
        "tags": ", ".join(details.tags),
        "language": named(entry.spoken.code) if entry.spoken.code else None,
        "length": clock(entry.duration_ms) if details.timed else "no times",
        "sizes": f"{many(entry.cues, 'cue')}, {many(entry.words, 'word')}, {many(entry.passages, 'passage')}",
        "speakers": ", ".join(entry.speakers),
        "ingested": f"{entry.ingested_at:%Y-%m-%d %H:%M} UTC" + (f" by {by}" if (by := entry.ingested_by) else ""),
    }
    lines = [f"{key}: {value}" for key, value in said.items() if value]
    lines += [f"chapter: {clock(start)} {title}" for start, title in details.chapters]
    for cue in known.opening:
        speaker = f"{cue.speaker}: " if cue.speaker else ""
        lines.append(f"  {clock(cue.start_ms) + ' ' if details.timed else ''}{speaker}{cue.text}")
    return [*lines, *(f"can be undone: {one.change} at {one.at:%H:%M} UTC" for one in known.undo)]


def told(answer: Answer) -> list[str]:
    """Return the lines of an answer: what of the question was heard otherwise, what nobody said, and the quotes."""
    lines = [
        f"{approximation.typed} ≈ {', '.join(f'“{spelling}”' for spelling in approximation.said)}"
        for approximation in answer.approximations
    ]
    if answer.not_found:
        lines.append(f"Found nowhere: {', '.join(answer.not_found)}.")
    if answer.unsaid:
        lines.append(f"Not said in these words: {', '.join(f'“{phrase}”' for phrase in answer.unsaid)}.")
    for number, quote in enumerate(answer.quotes, start=1):
        also = f" · also in {many(quote.also_in, 'other')}" if quote.also_in else ""
        chapter = f" · {title}" if (title := quote.details.chapter(quote.start_ms)) else ""
        time = f"{clock(quote.start_ms)} · " if quote.details.timed else ""
        lines += [
            f"{number}. {time}{quote.details.title}{chapter}{also}{' · similar in meaning' if quote.similar else ''}",
            *(f"   {line}" for line in _spoken(quote)),
            *(f"   corrected: “{quote.text[one.start : one.end]}” → “{one.text}”" for one in quote.correct),
            *([f"   {link}"] if (link := nearest(quote.details.url, quote.start_ms)) else []),
        ]
    if not answer.quotes:
        lines.append("Nothing was found.")
    if answer.by_words:
        lines.append(str(BY_WORDS))
    return lines


def _spoken(quote: Quote) -> list[str]:
    """Return a quote's words, a line for each speaker's turn where they are known."""
    if not any(part.speaker for part in quote.parts):
        return [f"“{quote.text}”"]
    lines: list[str] = []
    for speaker, parts in groupby(quote.parts, key=lambda part: part.speaker):
        turn = list(parts)
        lines.append(f"{speaker or '…'}: “{quote.text[turn[0].start : turn[-1].end]}”")
    return lines


def _corrected(quote: Quote, one: Correct) -> dict[str, str]:
    return {"said": quote.text[one.start : one.end], "really": one.text}


def answer_object(answer: Answer) -> dict[str, object]:
    """Return an answer as the object that `ask --json` prints."""
    return {
        "question": answer.question,
        "quotes": [
            {
                "transcript_id": quote.transcript_id,
                "title": quote.details.title,
                "text": quote.text,
                "start_seconds": quote.start_ms / 1000 if quote.details.timed else None,
                "end_seconds": quote.end_ms / 1000 if quote.details.timed else None,
                "link": nearest(quote.details.url, quote.start_ms),
                "score": quote.score,
                "chapter": quote.details.chapter(quote.start_ms),
                "speakers": list(dict.fromkeys(part.speaker for part in quote.parts if part.speaker)),
                "also_in": quote.also_in,
                **({"similar": True} if quote.similar else {}),
                **({"corrected": [_corrected(quote, one) for one in quote.correct]} if quote.correct else {}),
            }
            for quote in answer.quotes
        ],
        "passages": answer.passages,
        "not_found": list(answer.not_found),
        "approximations": [{"typed": one.typed, "said": list(one.said)} for one in answer.approximations],
        "unsaid": list(answer.unsaid),
        "unindexed": answer.unindexed,
        **({"by_words": True} if answer.by_words else {}),
    }


def entry_object(entry: Entry) -> dict[str, object]:
    """Return a transcript as `library --json` lists it."""
    said = entry.details
    return {
        "id": entry.id,
        "title": said.title,
        "link": said.url,
        "video_id": said.video_id,
        "speaker": said.speaker,
        "speakers": list(entry.speakers),
        "channel": said.channel,
        "date": said.published.isoformat() if said.published else None,
        "tags": list(said.tags),
        "chapters": [{"start_seconds": start / 1000, "title": title} for start, title in said.chapters],
        "timed": said.timed,
        "language": entry.spoken.code or None,
        "language_by": entry.spoken.by.value,
        "duration_seconds": entry.duration_ms / 1000 if said.timed else None,
        "cues": entry.cues,
        "words": entry.words,
        "passages": entry.passages,
        "ingested_at": entry.ingested_at.isoformat(),
    }


def summary(found: Sequence[Problem], *, repair: bool) -> list[str]:
    """Return the lines of a check: its problems, and what can be done about them where it isn't done now."""
    if not found:
        return ["All is well."]
    repairable = sum(problem.repairable for problem in found)
    lines = [str(problem) for problem in found]
    if repair and repairable:
        return lines
    which = f"{repairable:,} of them" if repairable < len(found) else "it" if repairable == 1 else "them"
    offer = f"; `python -m bot check --repair` repairs {which}" if repairable else ", nothing was changed"
    lost = [LOST] if repairable < len(found) else []
    return [*lines, f"{many(len(found), 'problem')}{offer}.", *lost]


def outcome(found: Sequence[Problem], left: Sequence[Problem]) -> list[str]:
    """Return the lines of a repair of the problems that were found: those that are left."""
    if not left:
        return [f"Repaired {many(len(found), 'problem')}; all is well."]
    return [f"{many(len(left), 'problem')} of {len(found):,} could not be repaired:", *map(str, left), LOST]


def table(guilds: Sequence[Sizes]) -> list[str]:
    """Return the lines of a table of sizes, with their sums last."""
    every = together(guilds)
    rows = [HEADINGS, *(_row(sizes) for sizes in (*guilds, every))]
    if every.vectors is not None:
        rows = [(*row, cell) for row, cell in zip(rows, ("similar", *map(_vectors, (*guilds, every))), strict=True)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    if every.vectors is not None:
        lines.append(f"Similar in meaning: {every.vectors:,} of {many(every.passages, 'passage')}.")
    return lines


def _vectors(sizes: Sizes) -> str:
    return f"{sizes.vectors or 0:,}"


def _row(sizes: Sizes) -> tuple[str, ...]:
    counts = (sizes.cues, sizes.words, sizes.passages, sizes.unindexed, sizes.terms, sizes.segments)
    bytes_ = (sizes.index_bytes, sizes.stream_bytes)
    deliveries = (sizes.subscriptions, sizes.owed, sizes.glossary)
    return (
        "total" if sizes.guild_id is None else str(sizes.guild_id),
        f"{sizes.transcripts:,}",
        f"{sizes.duration_ms / 3_600_000:,.1f}",
        *(f"{count:,}" for count in (*counts, *bytes_, *deliveries)),
    )


def sizes_object(sizes: Sizes) -> dict[str, object]:
    """Return a guild's sizes as `stats --json` lists them; its id as a string, as Discord writes it in JSON.

    How many passages have a sentence vector is in it where these are on.
    """
    similar = {} if sizes.vectors is None else {"vectors": sizes.vectors}
    return {
        "guild_id": str(sizes.guild_id),
        "transcripts": sizes.transcripts,
        "duration_seconds": sizes.duration_ms / 1000,
        "cues": sizes.cues,
        "words": sizes.words,
        "passages": sizes.passages,
        "unindexed": sizes.unindexed,
        "terms": sizes.terms,
        "segments": sizes.segments,
        "index_bytes": sizes.index_bytes,
        "stream_bytes": sizes.stream_bytes,
        "subscriptions": sizes.subscriptions,
        "owed": sizes.owed,
        "glossary": sizes.glossary,
        **similar,
    }
