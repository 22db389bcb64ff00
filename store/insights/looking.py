"""A question that failed is looked at again: whether it would be answered now, and what its words may have been.

What nobody said when it was asked may be said by a transcript of a later day, or be found by the glossary since.
"""

from collections.abc import Awaitable, Sequence
from typing import Protocol

from store.errors import StoreError
from store.models import Answer, Approximation, Look, Spelling, Topic
from store.text.analysis import folded, spans

MOST_NAMES = 3  # words of a question that was voted down that are looked for as names


class Ask(Protocol):
    """What answers a question."""

    def __call__(self, guild_id: int, question: str, *, limit: int | None = None) -> Awaitable[Answer]:
        """Return the answer."""


class Nearby(Protocol):
    """What knows what words that nobody said may have been."""

    def __call__(self, guild_id: int, words: Sequence[str]) -> Awaitable[tuple[Spelling, ...]]:
        """Return it."""


class Suggest(Protocol):
    """What knows what a name may be heard as."""

    def __call__(self, guild_id: int, *, term: str | None = None) -> Awaitable[tuple[Spelling, ...]]:
        """Return it."""


class Looking:
    """Looks at questions again."""

    def __init__(self, ask: Ask, nearby: Nearby, suggest: Suggest) -> None:
        self._ask = ask
        self._nearby = nearby
        self._suggest = suggest

    async def again(self, guild_id: int, topic: Topic) -> Look:
        """Return how a question would be answered now; of a library that can't be asked it is as it was."""
        try:
            answer = await self._ask(guild_id, topic.question, limit=1)
            perhaps = [*await self._nearby(guild_id, answer.not_found)]
            known = {one.term for one in perhaps}
            for word in _names(topic.question) if topic.down else ():
                if word not in known:
                    perhaps += await self._suggest(guild_id, term=word)
        except StoreError:
            return Look(found=False, missing=topic.missing)
        missing = (*answer.not_found, *answer.unsaid)
        heard = tuple(one for one in answer.approximations if topic.down and _is_guess(one))
        return Look(bool(answer.quotes) and not missing, missing, heard, tuple(perhaps))


def _is_guess(one: Approximation) -> bool:
    """Whether a word may have been taken for another one: not for itself in another form or language."""
    typed, said = folded(one.typed), [folded(word) for word in one.said]
    known = any(word.startswith(typed[:4]) or typed.startswith(word[:4]) for word in said)
    return typed.isascii() and all(map(str.isascii, said)) and not known


def _names(question: str) -> list[str]:
    """Return words of a question that may be names: with a capital, but not because they are its first."""
    words = [question[start:end] for start, end in spans(question)]
    named = [word for at, word in enumerate(words) if word[:1] != word[:1].lower() and (at or not word.istitle())]
    return [word for word in dict.fromkeys(named) if len(folded(word)) > 3][:MOST_NAMES]
