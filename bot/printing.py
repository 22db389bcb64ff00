"""What the command line prints: dataclass in, lines or a JSON object out."""

from store.links import nearest
from store.models import Answer, Entry, Ingested
from store.wording import clock, many


def ingested(done: Ingested) -> str:
    """Say what an ingest did: a line, and one for each change and each oddity."""
    entry = done.entry
    line = (
        f"{done.outcome.value}: {entry.details.title} · {many(entry.cues, 'cue')} · {clock(entry.duration_ms)} · "
        f"{many(entry.passages, 'passage')}"
    )
    return "\n".join([line, *(f"  {text}" for text in (*done.changes, *map(str, done.oddities)))])


def told(answer: Answer) -> list[str]:
    """Return the lines of an answer: its quotes, and what they are or are not of the question."""
    lines = [
        f"{approximation.typed} ≈ {', '.join(f'“{spelling}”' for spelling in approximation.said)}"
        for approximation in answer.approximations
    ]
    for number, quote in enumerate(answer.quotes, start=1):
        also = f" · also in {many(quote.also_in, 'other')}" if quote.also_in else ""
        lines += [
            f"{number}. {clock(quote.start_ms)} · {quote.details.title}{also}",
            f"   “{quote.text}”",
            *([f"   {link}"] if (link := nearest(quote.details.url, quote.start_ms)) else []),
        ]
    if not answer.quotes and answer.passages:
        lines.append("No passage answers this: the words that matter most in it were never said.")
    elif not answer.quotes:
        lines.append("Nothing was found.")
    if answer.not_found:
        lines.append(f"Found nowhere: {', '.join(answer.not_found)}.")
    if answer.unsaid:
        lines.append(f"Not said in these words: {', '.join(f'“{phrase}”' for phrase in answer.unsaid)}.")
    return lines


def answer_object(answer: Answer) -> dict[str, object]:
    """Return an answer as the object that `ask --json` prints."""
    return {
        "question": answer.question,
        "quotes": [
            {
                "transcript_id": quote.transcript_id,
                "title": quote.details.title,
                "text": quote.text,
                "start_seconds": quote.start_ms / 1000,
                "end_seconds": quote.end_ms / 1000,
                "link": nearest(quote.details.url, quote.start_ms),
                "score": quote.score,
                "also_in": quote.also_in,
            }
            for quote in answer.quotes
        ],
        "passages": answer.passages,
        "not_found": list(answer.not_found),
        "approximations": [{"typed": one.typed, "said": list(one.said)} for one in answer.approximations],
        "unsaid": list(answer.unsaid),
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
        "channel": said.channel,
        "date": said.published.isoformat() if said.published else None,
        "tags": list(said.tags),
        "language": said.language,
        "duration_seconds": entry.duration_ms / 1000,
        "cues": entry.cues,
        "words": entry.words,
        "passages": entry.passages,
        "ingested_at": entry.ingested_at.isoformat(),
    }
