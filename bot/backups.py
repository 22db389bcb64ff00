"""The backups that the running bot makes by itself, every so often after the last one that there is in the folder.

So a restart neither makes another one nor puts it off, and one that an operator has made counts, too. What fails is
logged and tried again; nothing ends the loop but the bot's end.
"""

import asyncio
import logging
import time
from datetime import UTC, datetime

from bot.config import Config
from store.upkeep import apart, backup
from store.upkeep.copying import BackupError

LOOK_SECONDS = 60.0  # between two looks at whether one is due: the clock may be set, and the machine sleep
RETRY_SECONDS = 3600.0  # after which one that failed is tried again, at the latest after the usual time

_LOG = logging.getLogger(__name__)


async def regularly(config: Config) -> None:
    """Make a backup whenever one is due, until cancelled; where that is off, do nothing."""
    if not config.backup_every:
        return
    tried_at = -RETRY_SECONDS
    while True:
        try:
            if is_due(config) and time.monotonic() - tried_at >= min(RETRY_SECONDS, config.backup_every):
                tried_at = time.monotonic()
                await _make(config)
        except (BackupError, OSError) as error:
            _LOG.warning("The database could not be backed up: %s", error)
        except Exception:  # noqa: BLE001 - an error would end the backups for good
            _LOG.warning("The database could not be backed up", exc_info=True)
        await asyncio.sleep(LOOK_SECONDS)


def is_due(config: Config) -> bool:
    """Whether the last backup that there is, if any, is as old as it may be.

    Raises:
        OSError: the folder can't be read.
    """
    now = datetime.now(UTC)
    last = backup.newest(config.backups, config.database, now=now)
    return last is None or (now - last.at).total_seconds() >= config.backup_every


async def _make(config: Config) -> None:
    folder = backup.folder_made(config.backups, config.database)
    made = await apart.make(config.database, backup.dated(folder, config.database, datetime.now(UTC)), config.encoder)
    _LOG.info(
        "Backed up %d transcripts to %s in %.1f s", made.holds.transcripts, made.path, made.copying + made.checking
    )
    if made.problems:
        _LOG.warning(
            "%d problems of the index were found; `python -m bot check --repair` repairs them", len(made.problems)
        )
    for path in backup.prune(made.path, config.database, config.backup_keep):
        _LOG.info("Deleted the older backup %s", path)
