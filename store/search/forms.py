"""Words to be counted → the forms in which they may have been said: as they are, as misheard, as the glossary says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.errors import QuestionError
from store.models import Spelling
from store.search import expansion
from store.search.expansion import By, Heard
from store.search.lookup import Lookup
from store.search.question import QUOTATION, Question, searched
from store.search.ranking import Variant
from store.text.phrases import Phrase, words_of

MOST = 24  # forms


@dataclass(frozen=True, slots=True)
class Sought:
    """Words in a row to be counted; how they are shown, and whether they are what was asked for or were `heard`."""

    shown: str
    phrase: Phrase
    heard: bool = False


def asked(text: str, *, max_characters: int) -> Sought:
    """Read words to be counted: those in quotation marks exactly, others by their stems.

    Raises:
        QuestionError: they are too long, or there is no word.
    """
    text = " ".join(text.split())
    if len(text) > max_characters:
        raise QuestionError(
            "That has {count} characters; please name at most {most}.", count=len(text), most=max_characters
        )
    plain = text.translate(QUOTATION)
    exact = len(plain) > 2 and plain.startswith('"') and plain.endswith('"') and plain.count('"') == 2
    shown = text[1:-1].strip() if exact else text
    phrase = Phrase.of(shown, exact=True) if exact else _inflected(shown)
    if not phrase.words:
        raise QuestionError("There is no word in that; name a word, a name or a “phrase” that was said.")
    return Sought(shown, phrase)


async def forms(sought: Sought, lookup: Lookup, glossary: Sequence[Spelling]) -> list[Sought]:
    """Return the forms in which words may have been said, themselves first; an exact phrase has no other.

    A rare word is looked for as it may have been misheard; a name (it has a capital letter) also where it isn't rare,
    but then only as what is spelled the same, or where a capital letter within it says that it is no usual word.

    Raises:
        DatabaseError: the database can't be read.
    """
    if sought.phrase.exact:
        return [sought]
    first, *_ = phrases = [_inflected(sought.shown, of) for of in lookup.index.languages]
    found = {phrase: replace(sought, phrase=phrase) for phrase in phrases}
    question = searched(sought.shown, lookup.index.languages)
    heard = await expansion.heard(question, lookup, glossary) | await named(question, lookup)
    for one, variant in heard.items():
        if one.by is By.COMPOUND:  # is counted as itself
            continue
        phrase = exchanged(first, one, lookup.index.languages[0])
        if phrase is not None and phrase not in found and len(found) < MOST:
            said = await lookup.said(one.phrase, int(variant.postings[0][0])) or " ".join(one.phrase.words)
            found[phrase] = Sought(sought.shown.replace(one.typed, said), phrase, heard=True)
    return list(found.values())


async def named(question: Question, lookup: Lookup) -> dict[Heard, Variant]:
    """Return what names in a question were surely heard as, whether they are rare or not; none without a capital.

    Raises:
        DatabaseError: the database can't be read.
    """
    if question.text == question.text.lower():
        return {}
    heard = await expansion.heard(question, lookup, (), every=True)
    return {one: variant for one, variant in heard.items() if _is_sure(one)}


def exchanged(phrase: Phrase, one: Heard, language: str) -> Phrase | None:
    """Return a phrase in a language with what one of its words was heard as in the word's place."""
    typed = words_of(one.typed, exact=False, language=language)
    for at in range(len(phrase.words) - len(typed) + 1):
        if phrase.words[at : at + len(typed)] == typed:
            return Phrase((*phrase.words[:at], *one.phrase.words, *phrase.words[at + len(typed) :]), exact=False)
    return None


def _inflected(shown: str, language: str = "") -> Phrase:
    """Return the phrase of words in any of their forms in a language; a stray quotation mark means nothing."""
    return Phrase.of(shown.translate(QUOTATION).replace('"', " "), exact=False, language=language)


def _is_sure(one: Heard) -> bool:
    """Say whether a word that isn't rare was heard as another all the same."""
    return one.alike == 1 or any(letter.isupper() for letter in one.typed[1:])
