"""The database as the commands open it."""

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Config
from store.index.reindexing import Reindex
from store.library import Library


@asynccontextmanager
async def opened(config: Config, *, reindex: Reindex = Reindex.FIRST) -> AsyncIterator[Library]:
    """Open the database; one that isn't there is as good as empty, but isn't made: only `run` and `ingest` do that."""
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        path = config.database
        if not path.exists() and path.parent.is_dir():
            message = f"verbatim: There is no database {path} yet; `ingest` makes one."
            print(message, file=sys.stderr)
            path = Path(folder) / "empty.db"
        async with Library.opened(path, config.limits, reindex=reindex, encoder=config.encoder) as library:
            yield library
