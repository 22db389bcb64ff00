"""The vectors of questions, made once: the next page, and who asks the same, find them here."""

import asyncio
import logging
from collections import OrderedDict

import numpy as np

from store.errors import EncoderError
from store.meaning.encoder import Encoder, Meaning, embedded

KEPT = 256  # questions: half a megabyte

_log = logging.getLogger(__name__)


class Meanings:
    """What questions mean to an encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, Meaning] = OrderedDict()
        self._failing = False

    async def of(self, question: str) -> Meaning | None:
        """Return what a question means; None where the encoder fails, which the log says once."""
        if (known := self._kept.get(question)) is not None:
            self._kept.move_to_end(question)
            return known
        try:
            found = await asyncio.to_thread(self._embedded, question)
        except Exception as error:  # noqa: BLE001 - whatever a model raises; words are searched for without it
            if not self._failing:
                _log.warning("Questions are answered by their words alone, for the encoder fails: %r", error)
            self._failing = True
            return None
        self._failing = False
        self._kept[question] = found
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    def _embedded(self, question: str) -> Meaning:
        (vector,) = embedded(self._encoder, [question])
        if not (length := float(np.linalg.norm(vector))):
            raise EncoderError("The encoder gives a vector without a direction.")
        return Meaning(self._encoder.name, vector / np.float32(length))
