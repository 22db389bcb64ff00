"""YouTube's XML: srv3 (`<p t= d=><s>`), and its older forms srv2 (`<text t= d=>`) and srv1 (`<text start= dur=>`)."""

import html

from store.formats import markup, times
from store.formats.captions.json3 import until_the_next
from store.formats.parsed import File, Parsed, tag
from store.formats.times import Times
from store.models import Cue


def recognised(file: File) -> bool:
    """Whether a file is YouTube's XML."""
    root = file.tree
    return root is not None and (
        tag(root) == "timedtext" or (tag(root) == "transcript" and root.find("text") is not None)
    )


def read(file: File) -> Parsed:
    """Read a file of srv1, srv2 or srv3; in srv1 the texts are HTML inside XML."""
    assert file.tree is not None
    seen = Times(file.oddities)
    cues: list[Cue] = []
    for element in file.tree.iter():
        if tag(element) not in {"p", "text"}:
            continue
        text = "".join(element.itertext())
        if tag(file.tree) == "transcript":
            start, length = times.seconds(element.get("start")), times.seconds(element.get("dur"))
            text = html.unescape(text)
        else:
            start, length = times.milliseconds(element.get("t")), times.milliseconds(element.get("d"))
        text = markup.joined(text.split("\n"))
        if start is None:
            file.oddities.note("a line has no time that can be read; it was left out.")
        elif text:
            start, _ = seen.of(start, None)
            cues.append(Cue(start, text, start + length if length and length > 0 else None))
    return Parsed(until_the_next(cues))
