"""Names with signs and numbers, found in whatever way they are written or said: golden pairs, question and caption."""

import pytest

from store.index.analysed import analyse
from store.library import Library
from store.models import Answer, Cue
from tests.store.builders import GUILD, cue_lines, native

OTHERS = ["the bakers opened early in the morning", "we walked along the river until it got dark"]

PAIRS = [
    # names with signs: as written, and as captions write what they hear
    ("C++", "i wrote all of it in C++ back then", "C++"),
    ("C++", "i wrote all of it in c plus plus back then", "c plus plus"),
    ("C plus plus", "i wrote all of it in C++ back then", "C++"),
    ("cpp", "i wrote all of it in C++ back then", "C++"),
    ("C#", "then the team moved to C# and stayed", "C#"),
    ("C#", "then the team moved to c sharp and stayed", "c sharp"),
    ("C sharp", "then the team moved to C# and stayed", "C#"),
    ("F#", "and there is f sharp as well", "f sharp"),
    (".NET", "it runs on .NET in the end", ".NET"),
    (".NET", "it runs on dot net in the end", "dot net"),
    ("dotnet", "it runs on .Net in the end", ".Net"),
    ("AT&T", "he worked at AT&T for years", "AT&T"),
    ("AT&T", "he worked for at and t back then", "at and t"),
    ("AT and T", "he worked for AT&T for years", "AT&T"),
    ("R&D", "they spend a lot on r and d", "r and d"),
    ("R and D", "they spend a lot on R&D", "R&D"),
    ("Node.js", "the server is a node js program", "node js"),
    ("Node.js", "the server is a node dot js program", "node dot js"),
    ("NodeJS", "the server is a Node.js program", "Node.js"),
    ("node js", "the server is a Node.js program", "Node.js"),
    # letters and digits
    ("GPT-4o", "and then GPT-4o came out", "GPT-4o"),
    ("GPT-4o", "and then gpt 4 o came out", "gpt 4 o"),
    ("GPT-4o", "and then GPT4o came out", "GPT4o"),
    ("GPT-4o", "and then gpt four o came out", "gpt four o"),
    ("gpt 4 o", "and then GPT-4o came out", "GPT-4o"),
    ("4K", "we filmed all of it in four k this time", "four k"),
    ("4K", "we filmed all of it in 4 k this time", "4 k"),
    ("H100", "they bought a lot of h 100 cards", "h 100"),
    ("H100", "they bought a lot of H100s", "H100s"),
    ("H100", "they bought a lot of h 100s", "h 100s"),
    ("H 100", "they bought a lot of H100 cards", "H100"),
    ("Python 3.11", "we moved to python 3.11 last year", "python 3.11"),
    ("version 3.5", "that was in version 3.5 already", "version 3.5"),
    ("3.5", "that was about three point five of them", "three point five"),
    # acronyms
    ("the US economy", "growth in the U.S. was slow", "U.S."),
    ("the U.S. economy", "growth in the US was slow", "US"),
    ("the US economy", "growth in the united states was slow", "united states"),
    ("united states", "growth in the US was slow", "US"),
    ("A.I. research", "everyone talks of AI now", "AI"),
    ("AI safety", "everyone talks of A.I. now", "A.I."),
    ("AI safety", "everyone talks of artificial intelligence now", "artificial intelligence"),
    ("what did the WHO say", "the world health organization warned us", "world health organization"),
    ("GPU's", "the GPU ran hot", "GPU"),
    ("LLM", "the LLMs were slow", "LLMs"),
    # numbers
    ("7 %", "only seven percent of them came", "seven percent"),
    ("7%", "only 7 per cent of them came", "7 per cent"),
    ("seven percent", "only 7% of them came", "7%"),
    ("$25", "it cost twenty five dollars", "twenty five dollars"),
    ("twenty-five dollars", "it cost $25 there", "$25"),
    ("100k", "a hundred thousand people came", "hundred thousand"),
    ("100,000", "one hundred thousand people came", "one hundred thousand"),
    ("a hundred thousand", "100,000 people came", "100,000"),
    ("a hundred thousand", "some 100k people came", "100k"),
    ("1.5B", "it took 1.5 billion of them", "1.5 billion"),
    ("1.5 billion", "it took one point five billion of them", "one point five billion"),
    ("one point five billion", "it took 1,500,000,000 of them", "1,500,000,000"),
    ("20th century", "the twentieth brought many changes", "twentieth"),
    ("twentieth", "the 20th brought many changes", "20th"),
    ("2024", "in twenty twenty four it ended", "twenty twenty four"),
    ("nineteen ninety nine", "in 1999 it ended", "1999"),
    ("250", "there were two hundred and fifty of them", "two hundred and fifty"),
    ("250", "there were two hundred fifty of them", "two hundred fifty"),
    # Japanese
    ("三割", "売上の30%が落ちました", "30%"),
    ("30%", "売上の三割が落ちました", "三割"),
    ("10万", "来場者は100000を超えた", "100000"),
    ("100000人", "来場者は10万人を超えた", "10万人"),
    ("2024年", "二〇二四年に始まりました", "二〇二四年"),
    ("二〇二四年", "2024年に始まりました", "2024年"),
]


async def asked(library: Library, question: str, caption: str, language: str = "en") -> Answer:
    for at, line in enumerate([*OTHERS, caption]):
        await library.ingest(GUILD, native(cue_lines([line]), title=f"talk {at}", language=language), f"{at}.md")
    return await library.ask(GUILD, question)


@pytest.mark.parametrize(("question", "caption", "marked"), PAIRS)
async def test_a_name_or_number_is_found_and_marked_as_it_was_said(
    library: Library, question: str, caption: str, marked: str
) -> None:
    answer = await asked(library, question, caption)
    assert [quote.text for quote in answer.quotes[:1]] == [caption]
    start = caption.index(marked)
    spans = [span for span in answer.quotes[0].highlights if start <= span[0] and span[1] <= start + len(marked)]
    covered = set().union(*(range(*span) for span in spans))
    letters = {at for at in range(start, start + len(marked)) if caption[at].isalnum()}
    assert letters <= covered


@pytest.mark.parametrize(
    ("language", "question", "caption"),
    [
        ("de", "25 Prozent", "es waren fünfundzwanzig Prozent davon"),
        ("de", "fünfundzwanzig Prozent", "es waren 25 % davon"),
        ("de", "2,5 Millionen", "es waren zwei Komma fünf Millionen davon"),
        ("de", "zwei Komma fünf Millionen", "es waren 2,5 Millionen davon"),
        ("fr", "25 %", "il y en avait vingt-cinq pour cent"),
        ("es", "100000", "vinieron cien mil personas"),
    ],
)
async def test_other_languages_say_numbers_too(library: Library, language: str, question: str, caption: str) -> None:
    assert (await asked(library, question, caption, language)).quotes[0].text == caption


async def test_what_was_matched_is_shown(library: Library) -> None:
    answer = await asked(library, "what about 7 %", "only seven percent of them came")
    assert [(one.typed, one.said) for one in answer.approximations] == [("7 %", ("seven percent",))]
    assert answer.not_found == ()
    longest = await asked(library, "GPT-4o", "and then gpt 4 o came out")
    assert [(one.typed, one.said) for one in longest.approximations] == [("GPT-4o", ("gpt 4 o",))]
    same = await asked(library, "Millionen", "es waren millionen davon", "de")
    assert same.approximations == ()


async def test_small_words_in_capitals_are_names_and_in_small_letters_small_words(library: Library) -> None:
    lines = ["the US was late", "tell us about it", "the WHO warned them", "IT is a trade"]
    for at, line in enumerate(lines):
        await library.ingest(GUILD, native(cue_lines([line]), title=str(at), language="en"), f"{at}.md")
    for question, found in (("US", 0), ("the U.S.", 0), ("WHO warnings", 2), ("the IT trade", 3)):
        assert (await library.ask(GUILD, question)).quotes[0].text == lines[found]
    assert [quote.text for quote in (await library.ask(GUILD, '"us about"')).quotes] == ["tell us about it"]
    assert [quote.text for quote in (await library.ask(GUILD, '"the us was"')).quotes] == ["the US was late"]


async def test_captions_in_capitals_have_no_names_for_that(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["WHO TOLD US THAT IT WAS LATE", "BREAD FOR US"])), "a.md")
    assert not (await library.ask(GUILD, "the US economy")).quotes
    assert (await library.ask(GUILD, "WHO BAKED THE BREAD")).quotes[0].text.endswith("BREAD FOR US")
    assert (await library.ask(GUILD, '"BREAD FOR US" BAKED')).quotes
    assert (await library.ask(GUILD, 'TELL ME "WHO BAKED US"')).unsaid == ("WHO BAKED US",)


async def test_numbers_that_are_others_are_not_found(library: Library) -> None:
    answer = await asked(library, "25 dollars", "it cost twenty six euros")
    assert not any("euros" in quote.text for quote in answer.quotes)


STOPPED = ["so the who played that night in leeds", "what is this and what is that", "we were there in the morning"]


@pytest.mark.parametrize(
    ("question", "found", "marked"),
    [
        ("The Who", 0, ["the who"]),
        ("what is this?", 1, ["what is this"]),
        ('"what is"', 1, ["what is", "what is"]),
        ("who", 0, ["who"]),
        ("who is there", None, []),
    ],
)
async def test_a_question_of_small_words_alone_is_searched_for_in_a_row(
    library: Library, question: str, found: int | None, marked: list[str]
) -> None:
    for at, line in enumerate(STOPPED):
        await library.ingest(GUILD, native(cue_lines([line]), title=str(at), language="en"), f"{at}.md")
    answer = await library.ask(GUILD, question)
    assert [quote.text for quote in answer.quotes] == ([] if found is None else [STOPPED[found]])
    assert [quote.text[slice(*span)] for quote in answer.quotes for span in quote.highlights] == marked
    assert bool(answer.unsaid) == (found is None)


async def test_small_words_alone_are_counted_where_they_stand(library: Library) -> None:
    lines = [f"word{at} it was there and then it was gone" if at % 3 == 0 else f"word{at} went by" for at in range(300)]
    await library.ingest(GUILD, native(cue_lines(lines), language="en"), "a.md")
    answer = await library.ask(GUILD, "it was", limit=50)
    assert answer.passages == len(analyse([Cue(0, line) for line in lines]).passages)
    assert all("it was" in quote.text for quote in answer.quotes)
    await library.ingest(GUILD, native(cue_lines(["it was", "there"]), title="only small words"), "b.md")
    assert (await library.ask(GUILD, "it was there")).quotes


@pytest.mark.parametrize(
    ("question", "caption", "said"),
    [
        ("Huang", "and mister hwang left the company", "hwang"),
        ("Hwang", "and mister huang left the company", "huang"),
        ("Huawei", "phones by wawei were sold there", "wawei"),
        ("Satya", "then sacha came and led it", "sacha"),
        ("Sacha", "then satya came and led it", "satya"),
        ("Qing dynasty", "the ching ruled for long", "ching"),
    ],
)
async def test_names_that_sound_alike_are_found_as_they_were_heard(
    library: Library, question: str, caption: str, said: str
) -> None:
    answer = await asked(library, question, caption)
    assert answer.quotes[0].text == caption
    assert said in {each for one in answer.approximations for each in one.said}
