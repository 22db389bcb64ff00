"""The real encoder: what is alike in meaning is near, whatever is in a text."""

import threading
import time

import numpy as np
import pytest

from store.index.vectors import packed
from store.meaning import encoder
from store.meaning.encoder import LONGEST, Use, embedded, installed


@pytest.fixture(scope="module")
def use() -> Use:
    return Use()


def test_what_is_alike_in_meaning_is_nearer_also_in_another_language(use: Use) -> None:
    asked, alike, other, german = embedded(
        use,
        [
            "How do I get my money back?",
            "We give refunds within thirty days of the purchase.",
            "The lighthouse keepers cleaned the lens every morning.",
            "Wie bekomme ich mein Geld zurück?",
        ],
    )
    assert asked @ alike > asked @ other + 0.1
    assert asked @ german > 0.7


def test_its_vectors_have_length_one_and_its_name_a_version(use: Use) -> None:
    (vector,) = embedded(use, ["the baker counted loaves"])
    assert vector.shape == (use.size,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert use.name == "universal-sentence-encoder-multilingual-3 0.2.1"
    assert installed("use")


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "half a character \ud800", "🙂" * 50, "ｶﾞｲﾄﾞ", "a" * 1000, "word " * 100_000]
)
def test_any_text_has_a_vector(use: Use, text: str) -> None:
    started = time.perf_counter()
    assert np.isfinite(embedded(use, [text])).all()
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("the baker", True),
        ("пекарь 2024", True),
        ("面包师 パン 빵 ขนม خباز", True),
        ("1,000 %", True),
        ("मार्टिन लूथर का जन्म कब हुआ था", False),
        ("Πότε γεννήθηκε", False),
        ("מי אפה the לחם", False),
        ("", True),
    ],
)
def test_a_text_in_letters_that_it_doesnt_know_has_a_vector_of_zeros(use: Use, text: str, reads: bool) -> None:
    assert use.reads(text) is reads
    read, here = embedded(use, ["the baker", text])
    assert read.any()
    assert here.any() == reads


def test_of_a_text_as_long_as_a_file_the_beginning_counts(use: Use) -> None:
    long = "the baker counted loaves " * 1000
    assert np.allclose(*embedded(use, [long, long[:LONGEST]]))


def test_no_text_is_no_vector(use: Use) -> None:
    assert embedded(use, []).shape == (0, use.size)


def test_several_threads_may_ask_and_it_is_loaded_once(use: Use) -> None:
    encoder._use.cache_clear()
    expected = embedded(use, ["the baker"])
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(embedded(Use(), ["the baker"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert encoder._use.cache_info().misses == 1
    assert all(np.array_equal(one, expected) for one in found)
    assert len(found) == 4


def test_a_byte_a_number_is_as_good_as_four(use: Use) -> None:
    texts = [
        f"{who} {what} {where}"
        for who in ("the baker", "a miller", "nobody")
        for what in ("sold", "ate", "hid")
        for where in ("bread", "at noon", "in the mill", "three hundred tons of grain", "the mercury")
    ]
    vectors = embedded(use, texts)
    rows = packed(vectors).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert np.abs(rows @ vectors.T - vectors @ vectors.T).max() < 0.002


def test_vectors_are_packed_by_their_direction_alone() -> None:
    vectors = np.array([[1, -2, 0.5], [100, -200, 50], [0, 0, 0], [-1e-30, 0, 0]], np.float32)
    assert packed(vectors).tolist() == [[64, -127, 32], [64, -127, 32], [0, 0, 0], [-127, 0, 0]]
    assert packed(np.empty((0, 3), np.float32)).shape == (0, 3)
