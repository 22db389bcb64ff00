"""The commands that take a server's library elsewhere or end it: `export`, `import`, `erase`."""

import argparse
from collections.abc import Mapping

from bot.asking import agreed
from bot.config import Config
from bot.opening import opened
from bot.progress import progress
from store.holdings.erasing import Erased
from store.holdings.moving import Moved
from store.holdings.tables import TABLES
from store.index.reindexing import Reindex
from store.library import Library
from store.models import Outcome
from store.text.wording import many

NAMED = 5  # words that are left
STAYS = (
    "Backups and exports that were made before still hold it: delete them too. Messages in Discord stay, and a bot "
    "that is still in the server goes on with an empty library."
)
SURE = "Erase it? Nothing brings it back but a backup or an export. Type yes:"
NOBODY = "There is no terminal to ask whether you are sure; say so with --yes."

_CALLED = {table.name: table.counted for table in TABLES}


async def export(options: argparse.Namespace, config: Config) -> int:
    """Write all of a server into a ZIP."""
    async with opened(config, reindex=Reindex.LATER) as library:
        with progress("Exporting") as went:
            packed = await library.holdings.export(options.guild, options.output, progress=went)
    print("\n".join([f"Wrote {options.output}, which holds of server {options.guild}:", *counted(packed.counts)]))
    if packed.unsent:
        print(
            f"Not told yet: {many(packed.unsent, 'announcement')}. An import gives them up; let the bot send them and "
            "export again, or send them from there with `deliveries --retry`."
        )
    print("It holds members' alerts and questions: keep it as you keep the database.")
    return 0


async def import_(options: argparse.Namespace, config: Config) -> int:
    """Put an export into the database."""
    async with Library.opened(config.database, config.limits) as library:
        with progress("Importing") as went:
            moved = await library.holdings.move(options.file, options.guild, progress=went)
    print("\n".join(brought(moved)))
    return 0


async def erase(options: argparse.Namespace, config: Config) -> int:
    """Delete all of a server, after a yes."""
    async with opened(config, reindex=Reindex.LATER) as library:
        found = await library.holdings.extent(options.guild)
        if found:
            print("\n".join([f"Of server {options.guild} this goes for good:", *counted(found)]), flush=True)
        else:
            print(f"There is nothing of server {options.guild}; the file is written anew without what it once was.")
        if found and not options.yes and not agreed(SURE, agreeing={"yes"}, otherwise=NOBODY):
            print("Nothing was erased.")
            return 1
        with progress("Erasing") as went:
            done = await library.holdings.erase(options.guild, progress=went)
    print("\n".join(gone(done)))
    return 1 if done.left else 0


def counted(counts: Mapping[str, int]) -> list[str]:
    """Return a line for each kind of what there is."""
    return [f"  {_CALLED[name]}: {count:,}" for name, count in counts.items() if count]


def brought(moved: Moved) -> list[str]:
    """Return the lines that say what became of an export."""
    outcomes = ", ".join(f"{count:,} {outcome.value}" for outcome, count in moved.transcripts.items())
    lines = [f"Imported into server {moved.guild_id}: transcripts: {outcomes}.", *counted(moved.rows)]
    if moved.transcripts[Outcome.REPLACED]:
        lines.append("For 24 hours `transcript restore ID` brings back what was replaced.")
    if moved.untold:
        lines.append(
            f"Given up, as nobody was told before the export: {many(moved.untold, 'announcement')}; "
            f"`deliveries --guild {moved.guild_id} --state abandoned --retry` sends them."
        )
    if any(moved.left_out.values()):
        left = ", ".join(f"{_CALLED[name]} ({count:,})" for name, count in moved.left_out.items() if count)
        lines.append(
            f"Left out, as the channels and messages of server {moved.from_guild_id} aren't those of another: {left}. "
            "`/subscribe` and `/notifications` set that up there."
        )
    return lines


def gone(done: Erased) -> list[str]:
    """Return the lines that say what an erasing did."""
    size = f"the database's files ({done.bytes:,} bytes)"
    if done.left:
        named = ", ".join(f"“{text[:40]}”" for text in done.left[:NAMED])
        found = f"Erased, but of {many(done.searched, 'text')} {size} still hold {len(done.left):,}: {named}."
        return [f"{found} Run it again; if that doesn't help, stop the bot before.", STAYS]
    searched = f"Searched {size} for {many(done.searched, 'word')}, lines and titles that only it had: none is left."
    return [f"Erased. {searched}" if done.searched else "Erased.", STAYS]
