"""Looking for words in files: each is found wherever it stands, also where it is read in two pieces."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.holdings import traces
from store.holdings.traces import LEAST, Traces


@given(
    texts=st.lists(st.binary(min_size=LEAST, max_size=20), max_size=20, unique=True),
    parts=st.lists(st.binary(max_size=30), max_size=8),
    data=st.data(),
)
def test_what_is_found_is_what_a_search_byte_by_byte_finds(
    texts: list[bytes], parts: list[bytes], data: st.DataObject
) -> None:
    hidden = data.draw(st.lists(st.sampled_from(texts), max_size=5)) if texts else []
    pieces = data.draw(st.permutations([*parts, *hidden]))
    whole = b"".join(pieces)
    assert Traces(texts).in_bytes(whole) == {at for at, text in enumerate(texts) if text in whole}


def test_a_word_on_the_border_of_two_pieces_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "CHUNK", 64)
    texts = [b"zebrafish", b"a line that is longer than the others", b"never said"]
    for at in range(40, 70):
        path = tmp_path / "file"
        path.write_bytes(b"." * at + texts[0] + b"-" * at + texts[1] + b"." * 99)
        found, size = Traces(texts).within([path])
        assert (found, size) == ({0, 1}, path.stat().st_size)


def test_thousands_of_words_are_looked_for_at_once() -> None:
    rng = random.Random(5)
    texts = sorted({rng.randbytes(9) for _ in range(20_000)})
    data = rng.randbytes(200_000) + texts[7] + rng.randbytes(200_000) + texts[11_000]
    assert Traces(texts).in_bytes(data) == {7, 11_000}
