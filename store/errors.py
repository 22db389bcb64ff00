"""Every way the store can say no: each error's text is one sentence fit for the person who asked."""

from store.sentences import Sentence, sentence


class StoreError(Exception):
    """Something the asker can understand and act on: `str()` is its sentence in English."""

    def __init__(self, reason: str | Sentence, /, **fields: object) -> None:
        self.sentence = sentence(reason, **fields)
        super().__init__(str(self.sentence))


class FormatError(StoreError):
    """The file is not a transcript we can read; `line` is where reading stopped, counted from 1."""

    def __init__(self, reason: str | Sentence, /, *, line: int | None = None, **fields: object) -> None:
        said = sentence(reason, **fields)
        super().__init__(sentence("Line {line}: {reason}", line=line, reason=said) if line is not None else said)
        self.line = line

    @staticmethod
    def too_large(most: int) -> "FormatError":
        """Return the error of a file of more than `most` bytes."""
        return FormatError(
            "The file is larger than {megabytes} MB; split it and send the parts.", megabytes=f"{most / 2**20:g}"
        )


class QuestionError(StoreError):
    """The question can't be searched for: too long, or without a searchable word."""


class UnindexedError(StoreError):
    """The transcript is there, but can't be searched yet: the library is being indexed anew."""

    def __init__(self) -> None:
        super().__init__(
            sentence("That transcript is being indexed anew and can't be searched yet; try again in a while.")
        )


class FilterError(StoreError):
    """A filter names what this library doesn't have, or what can't be."""


class LanguageError(StoreError):
    """There is no such language, or none that the bot knows."""


class GlossaryError(StoreError):
    """A term or a spelling can't be kept: too long, without a searchable word, or one too many."""


class CorrectionError(StoreError):
    """A correction can't be kept: nothing differs, too much does, it is one too many, or was proposed before."""


class DecidedError(StoreError):
    """A correction was decided already, by somebody else or elsewhere."""


class NotFoundError(StoreError):
    """The transcript, subscription or spelling that was named isn't in this guild."""


class FeedError(StoreError):
    """A feed can't be had, read or followed; `retry_after` are the seconds that its host asks to wait.

    `adding` is the sentence for whoever gave its address, who can give another one.
    """

    def __init__(
        self,
        reason: str | Sentence,
        /,
        *,
        retry_after: float | None = None,
        adding: Sentence | None = None,
        **fields: object,
    ) -> None:
        super().__init__(reason, **fields)
        self.retry_after = retry_after
        self.adding = adding or self.sentence


class ArchiveError(StoreError):
    """A server's export can't be written, can't be read, or is none."""


class DatabaseError(StoreError):
    """The database can't be opened, read or written right now; nothing was changed."""


class GoneError(DatabaseError):
    """The database's file isn't where it was; once it is back, all goes on."""


class ReplacedError(DatabaseError):
    """Another file is in the place of the database that is open, which must be opened anew."""


class AlreadyRunningError(StoreError):
    """Another process already runs as the bot with this database."""


class StreamError(DatabaseError):
    """The stream of words of these `transcripts` is missing or damaged; it can be made again from their cues."""

    def __init__(self, transcripts: frozenset[int]) -> None:
        super().__init__(
            sentence("The search index is damaged; `python -m bot check --repair` rebuilds it from the transcripts.")
        )
        self.transcripts = transcripts

    def __reduce__(self) -> tuple[type["StreamError"], tuple[frozenset[int]]]:
        return type(self), (self.transcripts,)  # on its way from another process


class VectorsError(DatabaseError):
    """The sentence vectors of these `transcripts` are missing or damaged; they can be made again from their cues."""

    def __init__(self, transcripts: frozenset[int]) -> None:
        super().__init__(sentence("Sentence vectors are damaged; `python -m bot check --repair` drops them."))
        self.transcripts = transcripts

    def __reduce__(self) -> tuple[type["VectorsError"], tuple[frozenset[int]]]:
        return type(self), (self.transcripts,)  # on its way from another process


class EncoderError(StoreError):
    """The encoder gives what is no vector of a text."""
