"""Verbatim as one of the engines: a file becomes a transcript, a question becomes quotes, all through `Library`.

What is read of its insides (the ranking alone, the index in memory and on disk) stands in the last lines of the class.
"""

import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path

from tqdm import tqdm

from store.database import Reader
from store.library import Library
from store.models import Answer
from store.search.lookup import Lookup
from store.search.ranking import Clause, Variant, rank
from tests.bench.cuts import Cuts, Talk, sizes
from tests.bench.engines import BM25S, FTS5, Engine, Files, Question, RankBM25, Tantivy
from tests.bench.texts import LENGTHS, PASSAGES

GUILD = 1
NO_INDEX = ("guilds", "transcripts", "cues", "subscriptions", "deliveries", "synced_commands", "glossary", "asked")


class Verbatim(Engine):
    """The product, asked by its one face."""

    name = "verbatim"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._path = folder / "verbatim.db"
        self._opened = AsyncExitStack()

    async def build(self, files: Files, cuts: Cuts) -> None:
        await self.open()
        for number, size in enumerate(tqdm(sizes(len(cuts)), desc=self.name, leave=False)):
            await self.library.ingest(GUILD, files(number, size), f"{number}.md", announce=False)
        await self.close()

    async def open(self) -> None:
        self.library = await self._opened.enter_async_context(Library.opened(self._path))

    async def close(self) -> None:
        await self._opened.aclose()

    async def ask(self, question: Question, k: int) -> list[int]:
        return _passages(await self.library.ask(GUILD, question.text, limit=k))

    async def add(self, talk: Talk) -> None:
        await self.library.ingest(GUILD, talk.data, f"{talk.number}.md", announce=False)

    async def replace(self, old: Talk, new: Talk) -> None:  # noqa: ARG002 - known by its video
        await self.add(new)

    async def remove(self, talk: Talk) -> None:
        await self.library.remove(GUILD, f"talk-{talk.number}")

    async def ranked(self, question: Question, k: int) -> list[tuple[int, int]]:
        """Return the best passages by the ranking alone, without what was heard, as (transcript's id, first cue)."""

        async def best(connection: Reader) -> list[tuple[int, int]]:
            index = await self.library._search._indexes.get(connection, GUILD)
            postings = await Lookup(connection, GUILD, index).postings(question.terms)
            hits = rank(index, [Clause((Variant(term, found),)) for term, found in postings.items()], k).hits
            return [(hit.transcript, hit.first) for hit in hits]

        return await self.library._database.computed(best)

    async def numbers(self) -> dict[int, int]:
        """Return the number of each transcript by its id."""
        entries = (await self.library.page(GUILD, limit=-1)).entries
        return {entry.id: _number(entry.details.video_id) for entry in entries}

    def index_memory(self) -> int:
        """Return the bytes that the index says it takes in memory."""
        return self.library._search._indexes.nbytes

    def index_disk(self) -> int | None:
        """Return the bytes of the index on disk: of every table that isn't the texts or the bot's; None if unknown."""
        connection = sqlite3.connect(self._path)
        try:
            rows = connection.execute(
                "SELECT sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) "
                f"WHERE tbl_name NOT IN ({', '.join('?' * len(NO_INDEX))})",
                NO_INDEX,
            )
            return int(next(rows)[0])
        except sqlite3.OperationalError:  # this SQLite was built without dbstat
            return None
        finally:
            connection.close()


KINDS: dict[str, type[Engine]] = {kind.name: kind for kind in (Verbatim, Tantivy, BM25S, FTS5, RankBM25)}


def passage(number: int, first: int) -> int:
    """Return the number of the passage that begins at a cue of a transcript."""
    return number * PASSAGES + first // len(LENGTHS)


def _passages(answer: Answer) -> list[int]:
    return [passage(_number(quote.details.video_id), quote.first) for quote in answer.quotes]


def _number(video: str | None) -> int:
    return int((video or "").removeprefix("talk-"))
