"""TTML, DFXP and IMSC, read by ttconv, whose model gives times in frames and ticks, nested, as exact fractions.

It keeps neither ids nor agents, so who speaks is read from the paragraphs themselves, which are as many.
"""

import logging
import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element, ElementTree

from ttconv.imsc import reader
from ttconv.model import Br, ContentElement, P, Ruby, Span, Text

from store.errors import FormatError
from store.formats.parsed import Fields, File, Parsed, tag
from store.formats.times import Times
from store.models import Cue

_NAMESPACE = "http://www.w3.org/ns/ttml"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_DRAFTS = ("http://www.w3.org/2006/04/ttaf1", "http://www.w3.org/2006/10/ttaf1")  # of DFXP

# https://www.w3.org/TR/ttml2/#timing-time-value-expressions
_TIME = re.compile(r"\d{2,}:\d\d:\d\d(?:\.\d+|:\d{2,}(?:\.\d+)?)?|\d+(?:\.\d+)?(?:h|m|s|ms|f|t)")

logging.getLogger("ttconv").setLevel(logging.CRITICAL)  # it warns of styles, which are no words


def recognised(file: File) -> bool:
    """Whether a file is one of TTML."""
    return file.tree is not None and tag(file.tree) == "tt"


def read(file: File) -> Parsed:
    """Read a file of TTML; its paragraphs are its cues.

    Raises:
        FormatError: its times can't be read.
    """
    root = file.tree
    assert root is not None
    _renewed(root)
    written = [element for element in root.iter() if tag(element) == "p"]
    try:
        body = reader.to_model(ElementTree(root)).get_body()
    except (ValueError, TypeError, AttributeError, KeyError, ZeroDivisionError) as error:
        raise FormatError("The times of this TTML can't be read; export it again, or as SRT or VTT.") from error
    paragraphs = list(_paragraphs(body, Fraction(0))) if body is not None else []
    if len(paragraphs) != len(written):  # what ttconv leaves out can't be told
        raise FormatError("A part of this TTML can't be read; export it again, or as SRT or VTT.")
    agents = _agents(root)
    seen = Times(file.oddities)
    cues: list[Cue] = []
    for (begin, end, paragraph), element in zip(paragraphs, written, strict=True):
        text = " ".join("".join(_words(paragraph)).split())
        if text and not all(_is_time(one.get(key)) for one in element.iter() for key in ("begin", "end", "dur")):
            file.oddities.note(f"the time of “{text[:30]}” can't be read; its words were kept with the cue before it.")
            cues[-1:] = [cues[-1]._replace(text=f"{cues[-1].text} {text}")] if cues else []
        elif text:
            start, stop = seen.of(round(begin * 1000), round(end * 1000) if end is not None else None)
            cues.append(Cue(start, text, stop, agents.get(_agent(element))))
    fields: Fields = {}
    if language := root.get(f"{_XML}lang", "").strip():
        fields["language"] = language
    for element in root.iter():
        if tag(element) == "title" and (element.text or "").strip():
            fields["title"] = str(element.text)
            break
    return Parsed(cues, fields)


def _is_time(text: str | None) -> bool:
    return text is None or _TIME.fullmatch(text.strip()) is not None


def _renewed(root: Element) -> None:
    """Set today's namespaces, the only ones that ttconv reads, in place of the drafts'."""
    for element in root.iter():
        for draft in _DRAFTS:
            element.tag = str(element.tag).replace(draft, _NAMESPACE)
            for key in [key for key in element.attrib if draft in key]:
                element.set(key.replace(draft, _NAMESPACE), element.attrib.pop(key))


def _agents(root: Element) -> dict[str, str]:
    """Return the names of agents by their ids."""
    return {
        agent.get(f"{_XML}id", ""): name
        for agent in root.iter()
        if tag(agent) == "agent"
        for one in agent.iter()
        if tag(one) == "name" and (name := " ".join("".join(one.itertext()).split()))
    }


def _agent(element: Element) -> str:
    for one in element.iter():
        for key, value in one.items():
            if key.endswith("}agent") and value.strip():
                return value.split()[0]
    return ""


def _paragraphs(element: ContentElement, begin: Fraction) -> Iterator[tuple[Fraction, Fraction | None, P]]:
    """Yield the paragraphs in an element that begins at `begin`, with their times; times count from the parent's."""
    for child in element:
        start = begin + (child.get_begin() or 0)
        if isinstance(child, P):
            starts = [inner for inner in _begins(child, start) if inner is not None]
            end = child.get_end()
            yield min(starts, default=start), begin + end if end is not None else None, child
        else:
            yield from _paragraphs(child, start)


def _begins(element: ContentElement, begin: Fraction) -> Iterator[Fraction]:
    """Yield when the words in an element begin to be shown."""
    for child in element:
        start = begin + (child.get_begin() or 0)
        if isinstance(child, Text):
            if child.get_text().strip():
                yield begin
        elif isinstance(child, Span):
            yield from _begins(child, start)


def _words(element: ContentElement) -> Iterator[str]:
    for child in element:
        if isinstance(child, Text):
            yield child.get_text().replace("\n", " ")
        elif isinstance(child, Br):
            yield "\n"
        elif isinstance(child, Span | Ruby):
            yield from _words(child)
