"""Every sentence that people can read, found in the code and in the tree of commands, and the catalogues made of them.

`python -m tests.cogs.locales.messages` brings each catalogue up to date: new sentences are there to be translated, and
those that nobody says any more are gone.
"""

import ast
import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import discord
from babel.messages import Catalog, pofile
from discord import app_commands

from bot.client import Verbatim
from cogs.locales.catalogues import FOLDER
from cogs.locales.commands import CONTEXTS, is_untranslated
from store.errors import StoreError
from tests.cogs.stage import staged

REPOSITORY = Path(__file__).parents[3]
TREE = "commands"  # where a sentence is from that Discord shows in its list of commands
WIDTH = 120
SAYING = {"gettext": 1, "ngettext": 2, "sentence": 1, "counted": 2, "note": 1}  # with how many templates


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence, or two that count, with what it is the name of, and where it is said."""

    text: str
    many: str | None
    context: str | None
    place: str

    @property
    def id(self) -> str | tuple[str, str]:
        """What a catalogue knows it by."""
        return self.text if self.many is None else (self.text, self.many)


def errors() -> set[type[StoreError]]:
    """Return every class of error that is a sentence."""
    found, new = {StoreError}, [StoreError]
    while new:
        new = [sub for one in new for sub in one.__subclasses__() if sub.__module__.startswith("store.")]
        found.update(new)
    return found


def calls() -> Iterator[tuple[str, ast.Call, int]]:
    """Yield each call that says a sentence, with its place, and with how many first arguments that are templates.

    They are read from the syntax tree: Babel's own reader doesn't look into f-strings.
    """
    names = SAYING | dict.fromkeys((one.__name__ for one in errors()), 1)
    for package in ("cogs", "store"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            found = [
                (node, name)
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Call)
                and (name := getattr(node.func, "id", None) or getattr(node.func, "attr", None)) in names
            ]
            for node, name in sorted(found, key=lambda one: (one[0].lineno, one[0].col_offset)):
                yield f"{path.relative_to(REPOSITORY)}", node, names[str(name)]


def written() -> Iterator[Message]:
    """Yield the sentences in the code, in the order of files and lines."""
    for place, node, count in calls():
        texts = [one.value for one in node.args[:count] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(texts) == count:
            yield Message(texts[0], texts[1] if count > 1 else None, None, place)


class _Listener(app_commands.Translator):
    """Hears what Discord is told of the commands."""

    def __init__(self) -> None:
        self.heard: dict[Message, None] = {}

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> None:
        del locale
        if not is_untranslated(string):
            self.heard[Message(string.message, None, CONTEXTS.get(context.location), TREE)] = None


async def commanded(tree: app_commands.CommandTree[Verbatim]) -> tuple[Message, ...]:
    """Return the words in the list of commands."""
    listener = _Listener()
    for command in tree.get_commands():
        await command.get_translated_payload(tree, listener)
    return tuple(listener.heard)


def updated(old: Catalog, messages: Iterator[Message] | tuple[Message, ...]) -> Catalog:
    """Return a catalogue of these sentences with what the old one says of each."""
    new = Catalog(old.locale, project="Verbatim", fuzzy=False, charset="utf-8", header_comment="")
    for message in messages:
        before = old.get(message.text, message.context)
        said = before.string if before is not None else ""
        if (message.many is not None) != isinstance(said, (tuple, list)):
            said = ("",) * new.num_plurals if message.many is not None else ""
        new.add(message.id, said, locations=[(message.place, 0)], context=message.context)
    return new


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue as it is kept: in the order of the code, without what changes at each writing."""
    with path.open("wb") as file:
        file.write(_HEADER.format(language=catalogue.locale_identifier, plurals=catalogue.plural_forms).encode())
        pofile.write_po(file, catalogue, width=WIDTH, omit_header=True, include_lineno=False)


_HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"

"""


async def every() -> tuple[Message, ...]:
    """Return all that there is to translate."""
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder) / "verbatim.db") as stage:
            return (*await commanded(stage.bot.tree), *written())


def main() -> None:
    """Bring every catalogue up to date."""
    messages = asyncio.run(every())
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            old = pofile.read_po(file, locale=path.stem.replace("-", "_"))
        write(updated(old, messages), path)


if __name__ == "__main__":
    main()
