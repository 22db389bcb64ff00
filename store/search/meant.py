"""Questions answered also by what they mean: embedded once, in this process, for whatever process answers.

Where that fails the words are searched for alone, and the answer says so.
"""

import logging
from dataclasses import replace

from store.database import Database
from store.errors import DatabaseError, VectorsError
from store.index import vectors
from store.meaning.encoder import Encoder
from store.meaning.questions import Meanings
from store.models import Answer
from store.search.asking import Asking, Request
from store.search.question import meant
from store.text.wording import numbered

_log = logging.getLogger(__name__)


class Meant:
    """Has questions answered with what they mean."""

    def __init__(self, database: Database, asking: Asking, encoder: Encoder, *, longest: int) -> None:
        """Let `asking` answer; a question of more than `longest` characters isn't embedded, but refused."""
        self._database = database
        self._asking = asking
        self._encoder = encoder
        self._meanings = Meanings(encoder)
        self._longest = longest

    async def ask(self, request: Request) -> Answer:
        """Return the page of quotes that is asked for, as `Search.ask` does; where it must, by the words alone.

        So is a question in letters that the encoder doesn't know.
        """
        said = meant(request.text)
        if not self._encoder.reads(said):
            return await self._asking.ask(request)
        if len(request.text) <= self._longest and (meaning := await self._meanings.of(said)) is not None:
            try:
                return await self._asking.ask(replace(request, meaning=meaning))
            except VectorsError as error:
                await self._drop(error)
        return replace(await self._asking.ask(request), by_words=True)

    async def _drop(self, error: VectorsError) -> None:
        """Delete sentence vectors that are damaged, so that they are made anew."""
        damaged = sorted(error.transcripts)
        _log.warning("Dropping the sentence vectors of %s: damaged.", numbered(damaged, "transcript"))
        try:
            async with self._database.transaction() as connection:
                await vectors.remove(connection, damaged)
        except DatabaseError as failure:
            _log.warning("They stay until the next question: %s", failure)
