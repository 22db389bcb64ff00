"""The names and descriptions of commands in each language, as they are registered, and as sentences name them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import discord
import pytest
import regex
from babel.messages import pofile
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from cogs.locales.catalogues import FOLDER, LANGUAGES, catalogue, own_name
from cogs.locales.commands import Translator, untranslated
from tests.cogs.stage import Raw, Stage

# https://discord.com/developers/docs/interactions/application-commands#application-command-object
NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")
MAX_MENU, MAX_TEXT = 32, 100
MENU = 3  # the type of a message's menu
SUBCOMMANDS = {1, 2}  # types of options that are commands, or groups of them
OTHERS = LANGUAGES[1:]


@dataclass(frozen=True, slots=True)
class Node:
    """A command, a group or an option, as it is registered, with the English names of what it is in."""

    raw: Raw
    path: tuple[str, ...]

    @property
    def is_option(self) -> bool:
        return len(self.path) > 1 and self.raw["type"] not in SUBCOMMANDS

    def named(self, language: str) -> str:
        return str(self.raw["name_localizations"].get(language, self.raw["name"]))


def nodes(registered: list[Raw], path: tuple[str, ...] = ()) -> Iterator[Node]:
    for raw in registered:
        node = Node(raw, (*path, raw["name"]))
        yield node
        yield from nodes(raw.get("options", []), node.path)


def registered(stage: Stage) -> list[Node]:
    (request,) = stage.requests("PUT", "/commands")
    return list(nodes(request["json"]))


@pytest.mark.parametrize("language", OTHERS)
async def test_every_command_and_option_is_registered_with_a_name_and_a_description_in_each_language(
    stage: Stage, language: str
) -> None:
    for node in registered(stage):
        raw = node.raw
        assert language in raw["name_localizations"], node.path
        name = node.named(language)
        if raw["type"] == MENU and not node.is_option:
            assert 1 <= len(name) <= MAX_MENU
            continue
        assert NAME.fullmatch(name), node.path
        assert name == name.lower()
        assert language in raw["description_localizations"], node.path
        assert 1 <= len(raw["description_localizations"][language]) <= MAX_TEXT


@pytest.mark.parametrize("language", OTHERS)
async def test_every_choice_is_there_in_each_language(stage: Stage, language: str) -> None:
    every = [choice for node in registered(stage) for choice in node.raw.get("choices", [])]
    own = {own_name(one) for one in LANGUAGES}  # which is what it is called by whoever speaks it
    choices = [choice for choice in every if choice["name"] not in own]
    assert choices
    assert [choice for choice in every if choice["name"] in own and choice.get("name_localizations")] == []
    said = catalogue(language)
    for choice in choices:
        translated = said.gettext(choice["name"])
        assert 1 <= len(translated) <= MAX_TEXT
        if translated != choice["name"]:  # what is called the same everywhere, as SRT, isn't registered twice
            assert choice["name_localizations"][language] == translated
    with (FOLDER / f"{language}.po").open("rb") as file:
        kept = pofile.read_po(file, locale=language)
    for choice in choices:
        entry = kept.get(choice["name"])
        assert entry is not None
        assert entry.string, choice["name"]


async def test_what_is_called_the_same_everywhere_is_said_to_nobody_in_another_language() -> None:
    choice: app_commands.Choice[str] = app_commands.Choice(name="Undo", value="undo")
    where = app_commands.TranslationContext[Literal[Location.choice_name], app_commands.Choice[str]](
        Location.choice_name, choice
    )
    say = Translator().translate
    assert await say(app_commands.locale_str("Undo"), discord.Locale.japanese, where) == "元に戻す"
    assert await say(untranslated("Undo"), discord.Locale.japanese, where) is None


@pytest.mark.parametrize("language", OTHERS)
async def test_no_two_commands_or_options_of_one_command_share_a_name(stage: Stage, language: str) -> None:
    siblings: dict[tuple[str, ...], list[Node]] = {}
    for node in registered(stage):
        siblings.setdefault(node.path[:-1], []).append(node)
    for together in siblings.values():
        names = [name for node in together for name in {node.raw["name"], node.named(language)}]
        assert len(names) == len(set(names)), names


async def test_a_catalogue_that_says_something_else_is_registered_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Translator.translate

    async def renamed(self: Translator, *args: object) -> str | None:
        said = await before(self, *args)  # type: ignore[arg-type]
        return "尋ねる" if said == "質問" else said

    await stage.restart()
    assert len(stage.requests("PUT", "/commands")) == 1
    with monkeypatch.context() as patched:
        patched.setattr(Translator, "translate", renamed)
        await stage.restart()
        await stage.restart()
    again = stage.requests("PUT", "/commands")
    assert len(again) == 2
    assert "尋ねる" in {node.named("ja") for node in nodes(again[1]["json"])}


@dataclass(frozen=True, slots=True)
class Words:
    """What the commands, and the options of each, are called in a language."""

    commands: dict[tuple[str, ...], tuple[str, ...]]  # by their names in that language, in English
    options: dict[tuple[str, ...], dict[str, str]]  # of each by its English names, likewise

    @classmethod
    def of(cls, found: list[Node], language: str) -> "Words":
        named = {node.path: node.named(language) for node in found}
        there = [node.path for node in found if not node.is_option]
        return cls(
            {tuple(named[path[: at + 1]] for at in range(len(path))): path for path in there},
            {
                path: {node.named(language): node.raw["name"] for node in found if node.path[:-1] == path}
                for path in there
            },
        )

    def mentioned(self, sentence: str) -> set[str]:
        """Return the commands with their options, and options alone, that a sentence names, in English."""
        found: set[str] = set()
        for written in re.findall(r"`([^`]*)`", sentence):
            if written.startswith("/"):
                found |= self._command(written[1:])
            elif re.fullmatch(r"\w+:", written):
                options = {self.options[path].get(written[:-1]) for path in self.options} - {None}
                found.add(f"{min(options, key=str)}:" if options else f"no option: {written}")
        return found

    def _command(self, written: str) -> set[str]:
        tokens = written.split()
        at = max((n for n in range(1, len(tokens) + 1) if tuple(tokens[:n]) in self.commands), default=0)
        if not at:
            return {f"no command: {written}"}
        path = self.commands[tuple(tokens[:at])]
        said = {" ".join(path)}
        for token in tokens[at:]:
            name, colon, _ = token.partition(":")
            if colon:
                option = self.options[path].get(name)
                said.add(f"{' '.join(path)} {option}:" if option else f"no option: {written} {token}")
        return said


def texts(said: object) -> list[str]:
    """Return a message, or each of two that count."""
    return [str(one) for one in (said if isinstance(said, (tuple, list)) else (said,))]


@pytest.mark.parametrize("language", OTHERS)
async def test_a_translated_sentence_names_the_same_commands_and_options_in_its_language(
    stage: Stage, language: str
) -> None:
    found = registered(stage)
    english, other = Words.of(found, "en"), Words.of(found, language)
    with (FOLDER / f"{language}.po").open("rb") as file:
        kept = pofile.read_po(file, locale=language)
    for message in kept:
        ids, said = map(texts, (message.id, message.string))
        named = {name for text in ids for name in english.mentioned(text)}
        assert not {name for name in named if name.startswith("no ")}, ids
        for text in filter(None, said):
            assert other.mentioned(text) == named, text


def test_a_sentence_with_a_wrong_command_is_seen() -> None:
    raw = {
        "name": "ask",
        "type": 1,
        "options": [{"name": "private", "type": 5, "name_localizations": {"ja": "自分だけ"}}],
    }
    words = Words.of(list(nodes([{**raw, "name_localizations": {"ja": "質問"}}])), "ja")
    assert words.mentioned("`/質問 自分だけ:` と `自分だけ:`") == {"ask", "ask private:", "private:"}
    assert words.mentioned("`/質問 自分だけ:はい`") == {"ask", "ask private:"}
    assert words.mentioned("`/ask`") == {"no command: ask"}
    assert words.mentioned("`/質問 private:`") == {"ask", "no option: 質問 private: private:"}
    assert words.mentioned("`何か:`") == {"no option: 何か:"}
