"""Words on their way to Discord: escaped, marked, shortened."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.locales import speaking
from cogs.rendering.words import (
    FSI,
    MAX_TEXT,
    PDI,
    bold,
    code,
    contained,
    duration,
    escaped,
    fitted,
    isolated,
    marked,
    plain,
    shortened,
)
from tests.cogs.rendering.made import CHARACTERS, TURNING, assert_within_limits, texts, values


def unescaped(text: str) -> str:
    """Read a text as Discord does, for what `escaped` and `marked` write: no mark but bold, no escape left."""
    return re.sub(r"\\(.)|\*\*", lambda match: match[1] or "", text, flags=re.DOTALL)


def freed(text: str) -> set[str]:
    """Return what a text may be without the isolation that was set around it: several that are isolated alike."""
    found = {text}
    last = len(text.rstrip(PDI))  # inside end here or later
    for start in range(1, len(text) - len(text.lstrip(FSI)) + 1):
        unopened = unclosed = 0
        for end in range(start, len(text)):
            if end >= last and (start, len(text) - end) == (1 + unopened, 1 + unclosed):
                found.add(text[start:end])
            if text[end] in "\u2066\u2067\u2068":
                unclosed += 1
            elif text[end] == PDI:
                unopened, unclosed = (unopened, unclosed - 1) if unclosed else (unopened + 1, 0)
    return {inside for inside in found if inside == text or isolated(inside) == text}


def depths(text: str) -> list[int]:
    """Return in how many isolates each character stands, and at the end of the text; -1 where direction is overridden.

    After Unicode Standard Annex 9, X1 to X7: what opens an isolate or an embedding and what closes it, but no levels.
    """
    stack: list[str] = []
    found = []
    for character in f"{text} ":
        if character == PDI and any(opened in "\u2066\u2067\u2068" for opened in stack):
            while stack.pop() not in "\u2066\u2067\u2068":
                pass
        elif character == "\u202c" and stack and stack[-1] not in "\u2066\u2067\u2068":
            stack.pop()
        isolates = sum(opened in "\u2066\u2067\u2068" for opened in stack)
        found.append(isolates if isolates or not stack else -1)
        if character in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            stack.append(character)
    return found


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words, as they are.", "plain words, as they are."),
        ("*bold* _italic_ ~~gone~~ ||hidden||", r"\*bold\* \_italic\_ \~\~gone\~\~ \|\|hidden\|\|"),
        ("`code` and ```blocks```", r"\`code\` and \`\`\`blocks\`\`\`"),
        ("<@1> <@&2> <#3> @everyone", r"\<\@1\> \<\@&2\> \<#3\> \@everyone"),
        ("[words](https://example.org)", r"\[words\](https\://example.org)"),
        ("a \\ stays one", r"a \\ stays one"),
        ("> a quote", r"\> a quote"),
        ("# heading\n## second", "\\# heading\n\\## second"),
        ("- item\n+ item\n  - inner", "\\- item\n\\+ item\n  \\- inner"),
        ("-# small", r"\-# small"),
        ("1. first\n2) second", "1\\. first\n2\\) second"),
        ("1984 was a year, - not a list", "1984 was a year, - not a list"),
    ],
)
def test_what_discord_would_read_as_a_mark_is_shown_as_it_was_said(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text())
def test_escaping_changes_nothing_that_is_read(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(st.text())
def test_no_mention_link_or_mark_survives_escaping(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`~|<>\[\]@:]", escaped(text))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain *words*", "`plain *words*`"),
        ("a `quoted` word", "``a `quoted` word``"),
        ("`at the ends`", "`` `at the ends` ``"),
        ("three ``` together", "````three ``` together````"),
    ],
)
def test_code_stands_between_more_backticks_than_it_holds(text: str, written: str) -> None:
    assert code(text) == written


def test_marked_words_are_bold() -> None:
    assert marked("the yeast eats sugar", [(4, 9), (15, 20)]) == "the **yeast** eats **sugar**"


def test_marks_with_only_a_space_between_them_become_one() -> None:
    assert marked("spring tides come", [(0, 6), (7, 12)]) == "**spring tides** come"


def test_marks_that_touch_become_one() -> None:
    assert marked("土壁の家", [(0, 2), (2, 3)]) == "**土壁の**家"


def test_marks_with_a_sign_between_them_stay_apart() -> None:
    assert marked("salt, water", [(0, 4), (6, 11)]) == "**salt**, **water**"


def test_text_inside_and_outside_of_marks_is_escaped() -> None:
    assert marked("*a* _b_", [(4, 7)]) == r"\*a\* **\_b\_**"


def test_only_the_first_piece_of_a_line_can_begin_a_list() -> None:
    assert marked("- yeast - sugar", [(2, 7)]) == r"\- **yeast** - sugar"
    assert marked("1. yeast 2. sugar", [(3, 8)]) == r"1\. **yeast** 2. sugar"


@given(st.data(), values(200))
def test_marking_changes_nothing_that_is_read(data: st.DataObject, text: str) -> None:
    borders = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=10)))
    spans = list(zip(borders[::2], borders[1::2], strict=False))
    assert unescaped(marked(text, spans)) == text


@given(st.text(), st.integers(1, 50))
def test_shortening_keeps_the_beginning_and_says_that_something_is_missing(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shortened("exactly", 7) == "exactly"
    assert shortened("exactly so", 8) == "exactly…"


@pytest.mark.parametrize("text", ["plain words", "naïve café", "町家の土壁", "안녕", "😀", "a\u200bb"])
def test_text_that_runs_from_left_to_right_is_left_as_it_is(text: str) -> None:
    assert isolated(text) == text


@pytest.mark.parametrize("text", ["שלום", "the word مرحبا", "٣ loaves", "a\u202eb", "a\u200fb", "\u2069"])
def test_text_that_can_reorder_what_stands_beside_it_is_isolated(text: str) -> None:
    assert text in freed(isolated(text))
    assert isolated(text).startswith(FSI)
    assert isolated(text).endswith(PDI)


def test_what_a_text_leaves_open_or_closes_without_having_opened_is_matched_outside_of_it() -> None:
    assert isolated("a\u202eb") == f"{FSI}a\u202eb{PDI}"  # the end of the isolate ends the override
    assert isolated("a\u2067b\u2066c") == f"{FSI}a\u2067b\u2066c{PDI}{PDI}{PDI}"
    assert isolated(f"a{PDI}b\u202ec") == f"{FSI}{FSI}a{PDI}b\u202ec{PDI}"
    assert isolated(f"{PDI}\u2068") == f"{FSI}{FSI}{PDI}\u2068{PDI}{PDI}"


@given(st.text(st.sampled_from(TURNING) | CHARACTERS, max_size=60))
def test_no_text_ends_its_isolation_or_reaches_past_it(text: str) -> None:
    written = isolated(text)
    inside = depths(f"title: {written} · 2025")
    assert inside[:7] == [0] * 7
    assert inside[7 + len(written) :] == [0] * 8
    if written != text:
        assert min(inside[8 : 6 + len(written)], default=1) > 0  # between its first character and its last


@given(values(), st.integers(30, 300))
def test_a_fitted_text_takes_no_more_room_than_it_has(text: str, limit: int) -> None:
    written = fitted(text, limit)
    assert 0 < len(written) <= limit
    assert depths(written)[-1] == 0
    shown = list(map(unescaped, freed(written)))
    assert text in shown or any(text.startswith(one[:-1]) for one in shown if one.endswith("…"))


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (0, "0 s"),
        (42_900, "42 s"),
        (59_999, "59 s"),
        (60_000, "1 min"),
        (23 * 60_000 + 20_000, "23 min"),
        (59 * 60_000 + 40_000, "1 h 0 min"),
        (84 * 60_000, "1 h 24 min"),
        (30 * 3_600_000, "30 h 0 min"),
    ],
)
def test_a_duration_is_written_as_people_say_it(ms: int, written: str) -> None:
    assert duration(ms) == written


def test_names_in_bold_stand_in_a_row_as_the_language_writes_them() -> None:
    assert bold(["View", "Send", "Embed"]) == "**View**, **Send** and **Embed**"
    with speaking("ja"):
        assert bold(["View", "Send", "Embed"]) == "**View**、**Send**、**Embed**"


@pytest.mark.parametrize(
    ("ms", "written"), [(42_999, "42秒"), (1_380_000, "23分"), (5_040_000, "1時間24分"), (3_600_000, "1時間0分")]
)
def test_a_duration_has_its_counters_in_japanese(ms: int, written: str) -> None:
    with speaking("ja"):
        assert duration(ms) == written


def test_a_sentence_longer_than_a_message_is_cut() -> None:
    assert_within_limits(plain("x" * 5000))
    assert len(texts(plain("x" * 5000))[0]) == MAX_TEXT


def test_a_container_holds_nothing_that_ends_with_time() -> None:
    assert contained().timeout is None
    assert plain("a sentence").timeout is None
