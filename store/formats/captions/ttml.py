"""TTML, DFXP and IMSC, read by ttconv, whose model gives times in frames and ticks, nested, as exact fractions.

It keeps neither ids nor agents, so who speaks is read from the paragraphs themselves, which are as many.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element, ElementTree

from ttconv.imsc import reader
from ttconv.model import Br, ContentElement, P, Span, Text

from store.errors import FormatError
from store.formats import times
from store.formats.parsed import Fields, File, Parsed, tag
from store.formats.times import Times
from store.models import Cue
from store.sentences import sentence

_NAMESPACE = "http://www.w3.org/ns/ttml"
_RUBY = f"{{{_NAMESPACE}#styling}}ruby"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_DRAFT = re.compile(r"http://www\.w3\.org/\d{4}/\d\d/ttaf1")  # of DFXP

# https://www.w3.org/TR/ttml2/#timing-time-value-expressions
_TIME = re.compile(r"\d{2,}:\d\d:\d\d(?:\.\d+|:\d{2,}(?:\.\d+)?)?|\d+(?:\.\d+)?(?:h|m|s|ms|f|t)")
_FRAMES = re.compile(r"\d:\d\d:\d\d:\d\d")
_NO_TIME = re.compile(r"[0:.]+(?:h|m|s|ms|f|t)?")
_UNSAID = {"set", "animate", "metadata", "rt", "rtc", "rp"}
MOST_ELEMENTS = 300_000  # a hundred hours of paragraphs with spans
_UNREAD = sentence("the time of “{text}” can't be read; its words were kept with the cue before it.")
_UNREAD_FIRST = sentence("the time of “{text}” can't be read; its words were kept at 0:00.")
_KEYS = ("begin", "end", "dur")
_LONG = f"{times.MOST // 1000}s"

logging.getLogger("ttconv").setLevel(logging.CRITICAL)  # it warns of styles, which are no words


def recognised(file: File) -> bool:
    """Whether a file is one of TTML."""
    return file.tree is not None and tag(file.tree) == "tt"


def read(file: File) -> Parsed:
    """Read a file of TTML; its paragraphs are its cues.

    Raises:
        FormatError: its times can't be read, or it is far too long.
    """
    root = file.tree
    assert root is not None
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:  # ttconv would take its time for each
        raise FormatError("This TTML has more parts than a transcript; split it and send the parts.")
    _renewed(root)
    _spanned(root)
    lengthless = _timed(root)
    _without_ruby(root)
    written = [element for element in root.iter() if tag(element) == "p"]
    try:
        body = reader.to_model(ElementTree(root)).get_body()
    except (ValueError, TypeError, AttributeError, KeyError, ZeroDivisionError) as error:
        raise FormatError("The times of this TTML can't be read; export it again, or as SRT or VTT.") from error
    paragraphs = list(_paragraphs(body, body.get_begin() or Fraction(0))) if body is not None else []
    if len(paragraphs) != len(written):  # what ttconv leaves out can't be told
        raise FormatError("A part of this TTML can't be read; export it again, or as SRT or VTT.")
    speakers = _speakers(root)
    seen = Times(file.oddities)
    cues: list[Cue] = []
    for (begin, end, paragraph), element in zip(paragraphs, written, strict=True):
        text = " ".join("".join(_words(paragraph)).split())
        if not text:
            continue
        if all(_is_time(one.get(key)) for one in element.iter() for key in _KEYS):
            start, stop = seen.of(round(begin * 1000), round(end * 1000) if end is not None else None)
            cues.append(Cue(start, text, stop, speakers.get(element)))
            if element in lengthless:
                file.oddities.note(times.LENGTHLESS)
        else:
            file.oddities.note(_UNREAD if cues else _UNREAD_FIRST, text=text[:30])
            times.keep(cues, text, speakers.get(element))
    fields: Fields = {}
    if language := root.get(f"{_XML}lang", "").strip():
        fields["language"] = language
    for element in root.iter():
        if tag(element) == "title" and (element.text or "").strip():
            fields["title"] = str(element.text)
            break
    return Parsed(cues, fields)


def _spanned(root: Element) -> None:
    """Make spans of the elements in paragraphs that aren't TTML's, such as `<b>`: ttconv leaves out their words.

    Notes on the words are none, whoever's, and how characters are read isn't said twice.
    """
    for paragraph in list(root.iter()):
        for element in paragraph if tag(paragraph) in {"p", "span"} else ():
            if tag(element) not in _UNSAID and "metadata}" not in str(element.tag).lower():
                element.tag = f"{{{_NAMESPACE}}}{'br' if tag(element) == 'br' else 'span'}"


def _without_ruby(root: Element) -> None:
    """Take away how characters are read, which isn't said twice; what they are stays, as words like others."""
    styles = (element for element in root.iter() if tag(element) == "style")
    kinds = {style.get(f"{_XML}id", ""): style.attrib.pop(_RUBY, "") for style in styles}
    for element in list(root.iter()):
        _leave_out(element, [child for child in element if _is_reading(child, kinds)])


def _is_reading(element: Element, kinds: Mapping[str, str]) -> bool:
    """Whether an element says how characters are read: by itself, by its style, or in HTML's words."""
    named = (kinds.get(style, "") for style in element.get("style", "").split())
    return bool({"text", "textContainer", "delimiter"} & {element.attrib.pop(_RUBY, ""), *named})


def _leave_out(parent: Element, children: Sequence[Element]) -> None:
    """Take children from an element, all at once, for each by itself takes as long; the texts behind them stay."""
    if not children:
        return
    gone = set(children)
    kept: list[Element] = []
    texts = [[parent.text or ""]]
    for child in parent:
        if child not in gone:
            kept.append(child)
            texts.append([])
        texts[-1].append(child.tail or "")
    parent[:] = kept
    parent.text, *tails = map("".join, texts)
    for child, tail in zip(kept, tails, strict=True):
        child.tail = tail


def _timed(root: Element) -> set[Element]:
    """Write times that the standard has otherwise, or not at all, so that ttconv reads them.

    It leaves out what lasts no time, and takes a part of the body that begins later and doesn't say until when for one.
    Return what lasted no time.
    """
    bare = False
    for element in root.iter():
        for key in _KEYS:
            if (time := element.get(key)) is not None and not _is_time(time):
                bare |= ":" not in time
                element.set(key, _renewed_time(time.strip()))
    lengthless = _lasting(root)
    nested = list(_nested(root))
    if _from_the_start(nested, bare=bare):
        for outer, inner in nested:
            for key in _KEYS:
                (outer if tag(outer) in {"body", "div"} else inner).attrib.pop(key, None)
    for element in root.iter():
        if tag(element) in {"body", "div"} and element.get("begin") and not {"end", "dur"} & set(element.keys()):
            element.set("dur", _LONG)
    return lengthless


def _lasting(root: Element) -> set[Element]:
    """Take away paragraphs without words, and lengths that are none from what has words; return that.

    What stands in a row, one after the other's end, needs its lengths, and stays as it is.
    """
    found: set[Element] = set()
    for parent in root.iter():
        children = list(parent) if parent.get("timeContainer") != "seq" else []
        empty = [child for child in children if tag(child) == "p" and not _says(child)]
        _leave_out(parent, empty)
        for child in parent if children else ():
            if tag(child) in {"body", "div", "p", "span"} and _lasts_no_time(child):
                found.add(child)
                for key in {"end", "dur"} & set(child.keys()):
                    del child.attrib[key]
            if tag(child) == "p" and child.get("begin") and not {"end", "dur"} & set(child.keys()):
                child.text = child.text or ""  # without a text ttconv ends it with its spans, which may be at once
    return found


def _says(element: Element) -> bool:
    """Whether there are words in a paragraph or a part of it."""
    return bool((element.text or "").strip()) or any(
        (tag(child) == "span" and _says(child)) or (child.tail or "").strip() for child in element
    )


def _lasts_no_time(element: Element) -> bool:
    """Whether an element ends where it begins."""
    begin, end, dur = (element.get(key) for key in _KEYS)
    if dur is not None and _is_time(dur) and _NO_TIME.fullmatch(dur.strip()):
        return True
    if end is None or not _is_time(end):
        return False
    return end == begin or (_ms(end) is not None and _ms(end) == _ms(begin or "0s"))


def _nested(root: Element) -> Iterator[tuple[Element, Element]]:
    """Yield each element with a time and the next one around it that has a beginning."""
    left: list[tuple[Element, Element | None]] = [(root, None)]
    while left:
        element, outer = left.pop()
        timed = element.get("begin") is not None
        if timed and outer is not None:
            yield outer, element
        left += [(child, element if timed else outer) for child in element]


def _from_the_start(nested: Sequence[tuple[Element, Element]], *, bare: bool) -> bool:
    """Whether nested times count from the file's start, as Apple writes them, and not from what they stand in.

    So each lies within what is around it, and would mostly lie behind that if it counted from there.
    """
    beyond = 0
    for outer, inner in nested:
        start, end, begin = (
            _ms(element.get(key)) for element, key in ((outer, "begin"), (outer, "end"), (inner, "begin"))
        )
        if start is None or begin is None or begin < start or (end is not None and begin > end):
            return False
        beyond += end is not None and begin > end - start
    return beyond > 0 or (bare and bool(nested))


def _renewed_time(time: str) -> str:
    """Write `4.860`, `1:02.5`, `0:00:01,000` and `0:00:01:12` as the standard does; what is none of them stays."""
    found = times.clock(time) if ":" in time else times.seconds(time)
    if _FRAMES.fullmatch(time):
        return f"0{time}"
    return time if found is None or found < 0 else f"{found / 1000:.3f}s"


def _ms(time: str | None) -> int | None:
    """Return a time in milliseconds if it needs no rate to be read."""
    if time is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(h|m|s|ms)", time.strip())
    if found is None:
        return times.clock(time) if time.count(":") == 2 else None
    return round(float(found[1]) * {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}[found[2]])


def _is_time(text: str | None) -> bool:
    return text is None or _TIME.fullmatch(text.strip()) is not None


def _renewed(root: Element) -> None:
    """Set today's namespaces, the only ones that ttconv reads, in place of the drafts', and of none."""
    for element in root.iter():
        name = _DRAFT.sub(_NAMESPACE, str(element.tag))
        element.tag = name if "}" in name else f"{{{_NAMESPACE}}}{name}"
        for key in [key for key in element.attrib if _DRAFT.search(key)]:
            element.set(_DRAFT.sub(_NAMESPACE, key), element.attrib.pop(key))


def _agents(root: Element) -> dict[str, str]:
    """Return the names of agents by their ids."""
    return {
        agent.get(f"{_XML}id", ""): name
        for agent in root.iter()
        if tag(agent) == "agent"
        for one in agent.iter()
        if tag(one) == "name" and (name := " ".join("".join(one.itertext()).split()))
    }


def _speakers(root: Element) -> dict[Element, str]:
    """Return who speaks in which paragraph: its agent, that of a span in it, or of what it stands in."""
    agents = _agents(root)
    found: dict[Element, str] = {}
    left = [(root, "")]
    while left:
        element, above = left.pop()
        agent = _agent(element) or above
        if tag(element) != "p":
            left += [(child, agent) for child in element]
        elif name := agents.get(next(filter(None, map(_agent, element.iter())), agent)):
            found[element] = name
    return found


def _agent(element: Element) -> str:
    """Return the id of an element's first agent."""
    values = [value.split() for key, value in element.items() if key.endswith("}agent")]
    return next((ids[0] for ids in values if ids), "")


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
    """Yield the words of an element."""
    for child in element:
        if isinstance(child, Text):
            yield child.get_text().replace("\n", " ")
        elif isinstance(child, Br):
            yield "\n"
        elif isinstance(child, Span):
            yield from _words(child)
