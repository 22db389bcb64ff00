"""The steps of the search that can be left out, to see what each gives."""

from collections.abc import Collection
from types import ModuleType

from store.index import stream
from store.search import (
    borders,
    bridging,
    expansion,
    looking,
    pairs,
    question,
    quoting,
    similar,
    subjects,
    transcribed,
    writing,
)
from store.text import languages

Change = tuple[ModuleType | type, str, object]

STEPS: dict[str, tuple[Change, ...]] = {
    "approximations": ((expansion, "MOST_WORDS", 0),),
    "pairs": ((pairs, "WEIGHT", 0.0),),
    "subjects": ((subjects, "WEIGHT", 0.0),),
    "first-mentions": ((looking, "NEAR", float("inf")),),
    "asking-words": ((question, "ASKED", 1.0),),
    "borders": ((borders, "NEAR", 0), (borders, "LEAD", 0)),
    "languages": ((languages, "_VARIED", {}),),
    "small-words-of-the-question": ((question, "_STOPPED", {}),),
    "compounds": ((expansion, "MOST_COMPOUNDS", 0),),
    "names-nobody-says": ((expansion._Rare, "is_name", False),),
    "middle-of-the-matches": ((quoting, "CENTRAL", 0.0),),
    "names-and-numbers": ((writing, "MOST", 0),),
    "glosses": ((bridging, "MOST_ENTRIES", 0),),
    "katakana-names": ((transcribed, "MOST_ALIKE", 0),),
    "japanese-forms": ((bridging, "JAPANESE", "none"),),
    "weight-by-what-is-missing": ((similar, "MOST", 0.0),),  # with --meaning
    "less-for-characters": (  # with --meaning
        (similar, "LEAST_CJK", similar.LEAST),
        (similar, "ENOUGH_CJK", similar.ENOUGH),
    ),
    "long-cjk-quotes": ((quoting, "CJK_QUOTED", 1 / 3), (stream, "CHARACTER", stream.WORD // 3)),
}


def leave_out(names: Collection[str]) -> None:
    """Leave steps out for the rest of this process."""
    for name in names:
        for module, constant, value in STEPS[name]:
            assert hasattr(module, constant), f"{module.__name__} has no {constant} any more"
            setattr(module, constant, value)
