"""Names and numbers of any question have ways, and none of them is an error or without end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import QuestionError
from store.search import writing
from store.search.question import understand

PIECES = st.sampled_from(
    """
    0 1 2.5 2,5 7 20th 100k 1.5B 2024 99999999999999999999 1e9 % $ € # ++ & .net node.js US U.S. WHO A.I. at&t C C++
    GPT-4o H100 x86_64 4K twenty five hundred thousand million trillion point percent dollars nineteenth dot net js
    plus sharp and united states mille cent quatre-vingt komma dreiundzwanzig mil ciento 三割 10万 二〇二四年 兆兆
    億 一 the who
    """.split()
)
QUESTIONS = st.lists(st.tuples(PIECES, st.sampled_from([" ", "", "-", "  ", '"'])), max_size=12).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)


@settings(max_examples=300, deadline=None)
@given(QUESTIONS, st.sampled_from([("",), ("", "de"), ("fr",), ("es", "sv", "")]))
def test_every_way_is_words_and_stands_for_a_token_of_the_question(text: str, languages: tuple[str, ...]) -> None:
    try:
        question = understand(text, max_characters=400, languages=languages)
    except QuestionError:
        return
    found = list(writing.written(question, languages))
    assert len(found) <= 4000
    for token, typed, phrase in found:
        assert token in question.tokens
        assert typed in question.text
        assert phrase.words
        assert all(phrase.words)
