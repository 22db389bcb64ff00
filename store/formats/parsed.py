"""A file on its way from bytes to a transcript: what its parser is given, and what it gives back."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from store.errors import FormatError
from store.formats.oddities import Oddities
from store.models import Chapter, Cue

T = TypeVar("T")
Fields = dict[str, str | list[str]]  # by the keys of the front matter

TEXTS = (".txt", ".md", ".markdown", ".text", "")  # whose words need no times
HEAD = 4096  # characters by which a format is told

_COMMENTS = re.compile(r"(?:<!--.*?-->\s*)+", re.DOTALL)
_MARKUP = re.compile(  # what captions begin with, and pages that say what went wrong
    r"<(?:\?xml|!doctype|(?:\w+:)?(?:tt|timedtext|transcript|rss|feed|error|svg)\b"
    r"|(?:head|body|title|meta|center|h\d|div|p|pre|script|br|hr)[\s>/])",
    re.IGNORECASE,
)


@dataclass
class File:
    """A file that was decoded: its name, its text with every line ended by a line feed, and what is odd in it.

    `exact` says that Verbatim wrote it: nothing in it rolls, and who speaks stands in one form alone.
    """

    name: str
    text: str
    oddities: Oddities = field(default_factory=Oddities)
    exact: bool = False
    _looked: dict[object, object] = field(default_factory=dict, repr=False)

    def once(self, look: Callable[["File"], T]) -> T:
        """Return what a look at the file finds: its format is told and read by the same one."""
        if look not in self._looked:
            self._looked[look] = look(self)
        found: T = self._looked[look]  # type: ignore[assignment]  # what the look found
        return found

    @cached_property
    def lines(self) -> list[str]:
        """Its lines. Only line feeds end them: U+2028 and friends occur inside captions."""
        return self.text.split("\n")

    @cached_property
    def head(self) -> str:
        """Its beginning, without space before it."""
        return self.text[: 2 * HEAD].lstrip()[:HEAD]

    @cached_property
    def document(self) -> object:
        """What it says as JSON; None where it doesn't begin like JSON.

        Raises:
            FormatError: it begins like JSON, and isn't.
        """
        start = "".join(self.head[:40].split())
        if not start.startswith(('{"', "{}", '[{"', "[]", *(["{"] if self.name.lower().endswith(".json") else []))):
            return None  # `{laughs}` is something that was heard
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            cut = error.pos >= len(self.text.rstrip()) or error.msg.startswith("Unterminated")
            if cut:
                raise FormatError(
                    "this isn't valid JSON: it ends too early, like an unfinished download.", line=error.lineno
                ) from error
            raise FormatError("this isn't valid JSON: {why}.", why=error.msg, line=error.lineno) from error
        except (RecursionError, ValueError) as error:  # the latter: a number of thousands of digits
            raise FormatError("This isn't JSON of a transcript; choose another file.") from error

    @cached_property
    def tree(self) -> Element | None:
        """What it says as XML; None where it doesn't begin like XML, or is a web page.

        Raises:
            FormatError: it begins like XML, and isn't, or defines entities of its own.
        """
        begun = _COMMENTS.sub("", self.head)
        if not begun.startswith("<") or self.is_page:
            return None
        try:
            root = fromstring(self.text.lstrip())
        except ParseError as error:
            if not _MARKUP.match(begun):
                return None  # `<laughs>` is something that was heard
            line = error.position[0] + self.text[: len(self.text) - len(self.text.lstrip())].count("\n")
            raise FormatError("this isn't valid XML; it may be an unfinished download.", line=line) from error
        except DefusedXmlException as error:
            raise FormatError(
                "This XML defines entities of its own, which no captions need; it wasn't read."
            ) from error
        except ValueError as error:  # an encoding that is none
            raise FormatError("This isn't XML of a transcript; choose another file.") from error
        assert isinstance(root, Element)
        return root

    @property
    def is_text(self) -> bool:
        """Whether its name is that of a text, and not of captions."""
        return PurePath(self.name).suffix.lower() in TEXTS

    @property
    def is_page(self) -> bool:
        """Whether it is a web page."""
        head = self.head[:600].lower()
        return head.startswith("<!doctype html") or (head.startswith("<") and "<html" in head)


@dataclass
class Parsed:
    """What a parser read: cues in the file's order, what the file says of its video, whether its cues have times."""

    cues: list[Cue]
    fields: Fields = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    timed: bool = True


def tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()
