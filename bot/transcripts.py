"""The command `transcript`: what is known of one, corrected, brought back and written to files."""

import argparse
import json
import sys
from pathlib import Path

from bot.config import Config
from bot.ingesting import GIVEN
from bot.opening import opened
from bot.printing import entry_object, known_lines
from store.errors import NotFoundError, StoreError
from store.formats.writing import Form
from store.library import Library
from store.text.languages import named
from store.text.wording import NAMED, many


async def transcript(options: argparse.Namespace, config: Config) -> int:
    """Do what is asked of a transcript, and return the exit status."""
    async with opened(config) as library:
        match options.what:
            case "show":
                await _show(library, options)
            case "edit":
                await _edit(library, options)
            case "restore":
                await _restore(library, options)
            case "export":
                await _export(library, options)
            case "move-times":
                done = await library.move_times(options.guild, options.transcript, options.seconds)
                changes = "; ".join(map(str, done.changes)) or "nothing was changed"
                print(f"{done.after.id}: {done.after.details.title}: {changes}.")
            case _:
                await _language(library, options)
    return 0


async def _show(library: Library, options: argparse.Namespace) -> None:
    known = await library.known(options.guild, options.transcript)
    if options.json:
        print(json.dumps(entry_object(known.entry), ensure_ascii=False, indent=2))
    else:
        print("\n".join(known_lines(known)))


async def _edit(library: Library, options: argparse.Namespace) -> None:
    given = {key: value for key in GIVEN if (value := getattr(options, key)) is not None}
    if not given:
        raise StoreError("Say what to change, such as --title or --video-url; --help lists them.")
    done = await library.edit(options.guild, options.transcript, given)
    changes = "; ".join(map(str, done.changes)) if done.undo is not None else "nothing was changed"
    print(f"{done.after.id}: {done.after.details.title}: {changes}.")


async def _restore(library: Library, options: argparse.Namespace) -> None:
    wanted = options.transcript.strip().casefold()
    every = await library.bygones(options.guild)
    found = [one for one in every if wanted in {str(one.transcript), one.title.casefold()}]
    if not found:
        titles = {one.transcript: one.title for one in reversed(every)}  # as each was last
        named = ", ".join(f"{id_} “{title[:80]}”" for id_, title in list(titles.items())[::-1][:NAMED])
        others = f"; of these something can: {named}" if named else "; changes are kept for 24 hours"
        raise NotFoundError(f"Nothing of “{options.transcript[:80]}” can be undone{others}.")
    bygone, entry = await library.restore(options.guild, found[0].id)
    print(f"{entry.id}: {entry.details.title} is as it was before it was {bygone.change}.")


async def _export(library: Library, options: argparse.Namespace) -> None:
    form = Form(options.format)
    if options.all == (options.transcript is not None):
        raise StoreError("Name one transcript, or --all of them.")
    if options.all:
        if options.output is None:
            raise StoreError("Name the folder for all the files: --output FOLDER.")
        count = 0
        async for name, data in library.export_all(options.guild, form):
            _write(options.output / name, data)
            count += 1
        print(f"{many(count, 'file')} in {options.output}.")
        return
    found = await library.export(options.guild, options.transcript, form)
    if options.output is None:
        (name, data), *_ = found.items()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    for name, data in found.items():
        _write(options.output / name, data)
        print(str(options.output / name))


def _write(path: Path, data: bytes) -> None:
    """Write a file.

    Raises:
        StoreError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}.") from error


async def _language(library: Library, options: argparse.Namespace) -> None:
    done = await library.speak(options.guild, options.transcript, options.language)
    code, by = done.after.spoken
    same = " already; nothing was changed" if options.language and done.undo is None else ""
    name = named(code) if code else "language not known"
    print(f"{done.after.id}: {done.after.details.title}: {name} (by {by.value}){same}.")
