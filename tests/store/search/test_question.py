"""What a question says: loose words, exact phrases, what is left out, and which of its words were never said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import QuestionError
from store.search.question import ASKED, Question, looked_for, understand
from store.text.analysis import terms
from store.text.phrases import Phrase
from tests.store.builders import ENGLISH
from tests.store.questions import MOST, TEXTS

QUOTES = ('""', "“”", "„“", "«»", "＂＂", "”“")
PLAIN = sorted({word for word in ENGLISH if terms(word)})


def read(text: str) -> Question:
    return understand(text, max_characters=MOST)


def loose(question: Question) -> list[str]:
    return [token.term for token in question.loose]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_a_question_or_is_refused_as_one(text: str) -> None:
    try:
        question = read(text)
    except QuestionError:
        return
    assert question.text == text.strip()
    assert question.tokens or question.phrases
    assert all(0 <= token.start < token.end <= len(question.text) for token in question.tokens)
    assert set(question.loose) <= set(question.tokens)
    assert all(phrase.words for phrase in (*question.phrases, *question.excluded))
    assert [Phrase.of(question.typed(phrase)) for phrase in question.phrases] == list(question.phrases)
    assert all(word in question.text for word in question.missing(()))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_is_written_into_a_question_is_read_from_it(data: st.DataObject) -> None:
    word, words = st.sampled_from(PLAIN), st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=4).map(" ".join)
    single, phrases = data.draw(st.lists(word, min_size=1, max_size=4)), data.draw(st.lists(words, max_size=2))
    without, excluded = data.draw(st.lists(word, max_size=2)), data.draw(st.lists(words, max_size=2))
    marks, minus = data.draw(st.sampled_from(QUOTES)), data.draw(st.sampled_from("-－−"))
    parts = [
        *single,
        *(f"{marks[0]}{phrase}{marks[1]}" for phrase in phrases),
        *(minus + one for one in without),
        *(f"{minus}{marks[0]}{phrase}{marks[1]}" for phrase in excluded),
    ]
    question = read(" ".join(data.draw(st.permutations(parts)))[:MOST])
    assert sorted(loose(question)) == sorted(terms(" ".join(single)))
    assert set(question.phrases) == {Phrase.of(phrase) for phrase in phrases}
    assert set(question.excluded) == {Phrase.of(one, exact=False) for one in without} | set(map(Phrase.of, excluded))


@pytest.mark.parametrize("marks", QUOTES)
def test_quotation_marks_of_every_keyboard_make_a_phrase(marks: str) -> None:
    question = read(f"who counted {marks[0]}The Baker’s loaves{marks[1]} at dawn?")
    assert question.phrases == (Phrase(("the", "bakers", "loaves")),)
    assert question.typed(question.phrases[0]) == "The Baker’s loaves"
    assert question.terms == ("count", "baker", "loav", "dawn")
    assert loose(question) == ["count", "dawn"]


@pytest.mark.parametrize("minus", ["-", "－", "−"])
@pytest.mark.parametrize("marks", QUOTES)
def test_a_minus_of_every_keyboard_leaves_out_a_word_or_words_in_a_row(minus: str, marks: str) -> None:
    question = read(f"baker {minus}Loaves {minus}{marks[0]}candle lights{marks[1]}")
    assert question.terms == ("baker",)
    assert question.phrases == ()
    assert question.excluded == (Phrase(("loav",), exact=False), Phrase(("candle", "lights")))


@pytest.mark.parametrize(
    "text", ['baker "candle light', 'baker candle light"', "“baker candle light", 'baker -"candle light']
)
def test_a_quotation_mark_without_its_twin_is_nothing(text: str) -> None:
    question = read(text)
    assert (question.terms, question.phrases, question.excluded) == (("baker", "candl", "light"), (), ())


def test_the_third_quotation_mark_is_nothing() -> None:
    question = read('"the baker" counted "loaves')
    assert question.phrases == (Phrase(("the", "baker")),)
    assert loose(question) == ["count", "loav"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("baker - loaves", ("baker", "loav")),
        ("baker -", ("baker",)),
        ("- baker", ("baker",)),
        ("candle-light", ("candl", "light")),
        ("candle–light — baker", ("candl", "light", "baker")),
        ("below -5 degrees", ("5", "degre")),
        ("below −1,000", ("1000",)),
        ("baker--loaves", ("baker", "loav")),
        ("baker --loaves", ("baker", "loav")),
    ],
)
def test_a_hyphen_that_does_not_begin_a_word_leaves_nothing_out(text: str, found: tuple[str, ...]) -> None:
    question = read(text)
    assert (question.terms, question.excluded) == (found, ())


def test_an_excluded_word_with_a_hyphen_is_words_in_a_row() -> None:
    assert read("baker -candle-lights, loaves").excluded == (Phrase(("candl", "light"), exact=False),)
    assert read("水車 -電力").excluded == (Phrase(("電", "力"), exact=False),)


def test_marks_inside_a_phrase_are_words_of_it() -> None:
    question = read('"baker -loaves counted" dawn')
    assert question.phrases == (Phrase(("baker", "loaves", "counted")),)
    assert question.excluded == ()


def test_the_same_phrase_counts_once_and_an_empty_one_not_at_all() -> None:
    question = read('"Baker’s Loaves" "" “ ” "bakers loaves" -"" dawn')
    assert question.phrases == (Phrase(("bakers", "loaves")),)
    assert question.typed(question.phrases[0]) == "Baker’s Loaves"
    assert question.excluded == ()


def test_full_width_forms_and_emoji_are_read_like_plain_ones() -> None:
    assert read("ＢＡＫＥＲ　１２ 👍🏽 ﾃﾞｰﾀ").terms == read("baker 12 データ").terms


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no word to search for"),
        ("?! 👍🏽 —", "no word to search for"),
        ('""', "no word to search for"),
        ("-baker", "only says what to leave out"),
        ('-"the baker" what about －loaves', "only says what to leave out"),
    ],
)
def test_a_question_with_nothing_to_look_for_says_why(text: str, sentence: str) -> None:
    with pytest.raises(QuestionError, match=sentence):
        read(text)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("what is it that they're doing?", ["what is it that they're doing"]),
        ("The Who", ["The Who"]),
        ('"to be or not to be"', ["to be or not to be"]),
        ('what is "this" -baker', ["this"]),
    ],
)
def test_small_words_alone_are_meant_in_a_row(text: str, phrases: list[str]) -> None:
    question = read(text)
    assert (question.terms, [question.typed(phrase) for phrase in question.phrases]) == ((), phrases)


def test_a_word_has_a_stem_in_each_language_of_the_library_and_in_no_other() -> None:
    question = understand("Möglichkeiten der Häuser", max_characters=MOST, languages=("", "de"))
    assert question.terms == ("moglich", "haus")
    assert [question.stems_of(term) for term in question.terms] == [("moglich", "möglichkeiten"), ("haus", "häuser")]
    assert read("Möglichkeiten der Häuser").stems == {}
    assert understand("Möglichkeiten der Häuser", max_characters=MOST, languages=("de",)).stems == {}


def test_a_question_may_be_as_long_as_is_allowed_and_no_longer() -> None:
    assert read(f"  {'a' * MOST}  ").terms == ("a" * MOST,)
    with pytest.raises(QuestionError, match="401 characters"):
        read("b" * (MOST + 1))


def test_a_word_by_which_one_asks_counts_less_unless_there_is_no_other() -> None:
    question = read("explain what was mentioned about loaves")
    assert [question.weight(term) for term in question.terms] == [ASKED, ASKED, 1.0]
    alone = read("what did they discuss and explain?")
    assert [alone.weight(term) for term in alone.terms] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("text", "found", "missing"),
    [
        ("Who sells PRETZELS, bagels or pretzels?", {"bagel"}, ("sells", "PRETZELS")),
        ("1,871 loaves", {"loav"}, ("1,871",)),
        ('the "candle lights"', {"candl"}, ("lights",)),
        ("baker -pretzels", {"baker"}, ()),
        ("issue化", {"issu"}, ("化",)),
        ("issue化", {"化"}, ("issue",)),
        ("issue化", set(), ("issue", "化")),
    ],
)
def test_words_that_were_never_said_are_named_as_typed(text: str, found: set[str], missing: tuple[str, ...]) -> None:
    assert read(text).missing(found) == missing


@pytest.mark.parametrize(
    ("text", "pairs", "missing"),
    [
        ("データセンターの話", (), ("データセンター",)),
        ("水車小屋の話", (), ("水車小屋",)),
        ("水車小屋の話", ("水車", "小屋"), ()),  # 車小 is the end of one word and the beginning of another
        ("東京大学病院", ("東京", "大学", "病院"), ()),  # 京大 and 学病 likewise
        ("歴史の話", (), ("歴史",)),
        ("水車の歴史", ("水車",), ("歴史",)),
        ("방앗간 이야기", (), ("방앗간", "이야기")),
        ("これはなに", (), ()),  # grammar
    ],
)
def test_of_japanese_a_stretch_of_one_script_is_named_whole(
    text: str, pairs: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert read(text).missing({*text, *pairs}) == missing


def test_characters_that_occur_nowhere_are_named_with_their_neighbours() -> None:
    assert read("水車の話").missing(()) == ("水車の話",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"the quench" glass -zeppelin', ("the quench", "glass")),
        ("C++ and light-house, -oil", ("C++", "light-house")),
        ("東京 「音声認識」 -雨", ("東京", "音声認識")),
        ("the who", ("the who",)),
        ("water “water”", ("water",)),
        ("-oil", ()),
        ("", ()),
    ],
)
def test_what_is_looked_for_is_listed_as_typed_without_what_is_left_out(text: str, found: tuple[str, ...]) -> None:
    assert looked_for(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("who is CoreWeave renting machines from?", "a machine that CoreWeave rents"),
        ("tell me about mercury, please", "is there anything on Mercury?"),
        ("水銀を使った灯台守", "灯台守は水銀を使うのですか"),
        ("the oven -bread", "-bread ovens"),
        ('"data center"', "data centers"),
    ],
)
def test_the_same_question_in_other_words_has_the_same_gist(one: str, other: str) -> None:
    assert read(one).gist == read(other).gist


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the oven", "the oven -bread"),
        ("C", "C++"),
        ("水銀", "水車"),
        ("The Who", "The What"),
        ("ขนมปัง", "แป้ง"),
        ("anything", "mercury"),
        ("what happened", "who said so"),
    ],
)
def test_another_question_has_another_gist(one: str, other: str) -> None:
    assert read(one).gist != read(other).gist


@given(TEXTS)
def test_a_gist_is_never_empty(text: str) -> None:
    try:
        question = read(text)
    except QuestionError:
        return
    assert question.gist
