"""Why something could not be sent, as the end of a sentence: what the store keeps begins as a sentence of its own."""

from cogs.rendering.words import bold, fitted

LACKING = "I may not post there; give me "  # followed by permissions
_BEGIN = ("The ", "You ", "Its ", "No ", "Something ", "They ")  # what begins with a name keeps its capital


def because(reason: str | None, limit: int) -> str:
    """Write a reason behind a colon; permissions that are missing in bold."""
    kept = (reason or "nobody knows why").removesuffix(".")
    before, lacking, needed = kept.partition(LACKING)
    if lacking and len(kept) <= limit:
        return f"{before}I need {bold(needed.split(' and '))} there"
    return _begun(fitted(kept, limit))


def _begun(text: str) -> str:
    return text[:1].lower() + text[1:] if text.startswith(_BEGIN) else text
