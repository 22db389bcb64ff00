"""Libraries in several languages: questions, exact phrases, counts and marks, and a language that is corrected."""

from collections.abc import Sequence

import pytest

from store.errors import LanguageError, NotFoundError
from store.library import Library
from store.models import Outcome, Spoken, SpokenBy
from store.upkeep import checking
from tests.store.builders import GUILD, OTHER_GUILD, cue_lines, native, video_file
from tests.store.talks import SAID, cut


async def filled(library: Library, codes: Sequence[str]) -> dict[str, int]:
    """Ingest the talks of some languages; return their ids."""
    return {
        code: (await library.ingest(GUILD, video_file(code, *cut(SAID[code], 7)), f"{code}.md")).entry.id
        for code in codes
    }


async def first(library: Library, question: str) -> tuple[int, list[str]]:
    """Return the transcript of the best quote, and what is marked in it."""
    quote = (await library.ask(GUILD, question)).quotes[0]
    return quote.transcript_id, [quote.text[slice(*span)] for span in quote.highlights]


QUESTIONS = [
    ("ar", "كيف كانت تعجن الدقيق حتى يرتفع العجين", "العجين"),
    ("ca", "què feia l'àvia amb les farines", "farina"),
    ("cs", "co babička dělala s moukou v pecích", "peci"),
    ("da", "hvad gjorde hun med deje", "dejen"),
    ("de", "was haben die Großmütter in den Dörfern gebacken", "gebacken"),
    ("el", "τι έκανε η γιαγιά με τα αλεύρια", "αλεύρι"),
    ("en", "what did the grandmothers bake in the villages", "bake"),
    ("es", "qué hacían las abuelas con las harinas", "harina"),
    ("fi", "milloin isoäiti heräsi kylässä", "heräsi"),
    ("fr", "que faisaient les grand-mères avec de la farine", "farine"),
    ("he", "מה סבתא אפתה בכפר", "אפתה"),
    ("hi", "दादी रोटियों को कब बनाती थीं", "रोटी"),
    ("hu", "mit sütött a nagymama a falvakban", "sütött"),
    ("id", "apa yang dibuat nenek dengan tepung", "tepung"),
    ("it", "che cosa facevano le nonne con le farine", "farina"),
    ("ko", "할머니는 반죽으로 무엇을 했나요", "반죽"),
    ("nl", "wat deden grootmoeders met het deeg", "deeg"),
    ("no", "hva gjorde bestemødre i bygda", "bygda"),
    ("pl", "co babcie robiły z mąką", "mąkę"),
    ("pt", "o que faziam as avós com as farinhas", "farinha"),
    ("ro", "ce făcea bunica cu făină", "făina"),
    ("ru", "что бабушки делали с мукой", "муку"),
    ("sv", "vad gjorde mormor med degar", "degen"),
    ("th", "คุณยายทำอะไรกับแป้ง", "แป้ง"),
    ("tr", "babaanneler hamurları ne yapardı", "hamurun"),
    ("vi", "bà trộn bột với gì", "bột"),
    ("zh", "奶奶用面粉做什么", "面粉"),
    ("ja", "祖母は小麦粉をどうしましたか", "小麦粉"),
]


async def test_a_question_in_each_language_finds_its_talk_and_marks_whole_words(library: Library) -> None:
    ids = await filled(library, [code for code, _, _ in QUESTIONS])
    for code, question, marked in QUESTIONS:
        found, marks = await first(library, question)
        assert found == ids[code], (code, question)
        assert any(marked == mark or marked in mark.split() for mark in marks), (code, marks)


async def test_a_word_counts_once_however_many_languages_know_it(library: Library) -> None:
    await filled(library, ["de"])
    alone = await library.ask(GUILD, "Mehl")
    await filled(library, ["fr", "sv", "nl"])
    among = await library.ask(GUILD, "Mehl")
    assert [quote.text for quote in among.quotes] == [quote.text for quote in alone.quotes]


async def test_what_is_a_small_word_in_another_language_is_still_a_word(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["the war was long and many would die in it"]), language="en"), "a.md")
    await library.ingest(GUILD, native(cue_lines(["die Sonne war hell und das Wasser kalt"]), language="de"), "b.md")
    english = await library.ask(GUILD, "how long was the war")
    assert [quote.text for quote in english.quotes] == ["the war was long and many would die in it"]
    assert (await library.ask(GUILD, "war die Sonne hell")).quotes[0].text.startswith("die Sonne")


async def test_a_question_in_a_language_of_no_talk_leaves_out_its_small_words(library: Library) -> None:
    await library.ingest(GUILD, video_file("a", "they die in the war", "bananas and mangos"), "a.md")
    answer = await library.ask(GUILD, "was sagt er über die Bananas in der Küche")
    assert answer.not_found == ("sagt", "Küche")
    assert [quote.text for quote in answer.quotes] == ["bananas and mangos"]
    assert [answer.quotes[0].text[slice(*span)] for span in answer.quotes[0].highlights] == ["bananas"]


@pytest.mark.parametrize(
    ("phrase", "count"),
    [('"das Brot"', 1), ('"le vieux four"', 1), ('"the old oven"', 1), ('"l\'eau"', 1), ('"old bread"', 0)],
)
async def test_exact_phrases_are_found_in_each_language(library: Library, phrase: str, count: int) -> None:
    await filled(library, ["de", "fr", "en", "tr"])
    assert (await library.mentions(GUILD, phrase)).count == count
    answer = await library.ask(GUILD, phrase)
    assert bool(answer.unsaid) == (not count)


async def test_mentions_count_each_languages_forms_once(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["das Haus und die Häuser"]), language="de", title="a"), "a.md")
    await library.ingest(GUILD, native(cue_lines(["my haus is your haus"]), language="en", title="b"), "b.md")
    found = await library.mentions(GUILD, "haus")
    assert (found.count, [(form.said, form.count) for form in found.forms]) == (4, [("haus", 4)])


async def test_a_word_is_left_out_in_the_forms_of_each_language(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["die Häuser in der Stadt"]), language="de", title="a"), "a.md")
    await library.ingest(GUILD, native(cue_lines(["die Brücken in der Stadt"]), language="de", title="b"), "b.md")
    await library.ingest(GUILD, native(cue_lines(["the houses in the city"]), language="en", title="c"), "c.md")
    assert [q.text for q in (await library.ask(GUILD, "Stadt -Haus")).quotes] == ["die Brücken in der Stadt"]
    assert not (await library.ask(GUILD, "city -house")).quotes


async def test_mixed_languages_and_unknown_ones_are_searched_all_the_same(library: Library) -> None:
    mixed = "so this is the Weltanschauung et la joie de vivre и правда 東京の話"
    await library.ingest(GUILD, native(cue_lines([mixed]), language="tlh"), "a.md")
    await library.ingest(GUILD, native(cue_lines(["qapla batlh je nuqneh"]), language="klingon"), "b.md")
    for question in ("Weltanschauung", "joie", "правды", "東京", "truths and Weltanschauung"):
        assert [quote.text for quote in (await library.ask(GUILD, question)).quotes] == [mixed]
    assert (await library.ask(GUILD, "qapla")).quotes[0].text.startswith("qapla")


async def test_a_wrong_language_in_the_front_matter_is_reported_and_finds_all_the_same(library: Library) -> None:
    data = native(cue_lines(cut(SAID["fr"], 7)), language="German", title="Le pain")
    done = await library.ingest(GUILD, data, "pain.md")
    assert done.entry.spoken == Spoken("de", SpokenBy.FILE)
    assert any("its words read as French" in str(odd) for odd in done.oddities)
    assert (await library.ask(GUILD, "le four de la grand-mère")).quotes


async def test_a_moderator_corrects_a_language_and_it_stays_corrected(library: Library) -> None:
    data = native(cue_lines(cut(SAID["fr"], 7)), language="de", title="Le pain", video_url="https://a.example/x.mp4")
    await library.ingest(GUILD, data, "pain.md")
    id_ = str((await library.page(GUILD)).entries[0].id)
    assert not (await library.ask(GUILD, "levée")).quotes
    done = await library.speak(GUILD, id_, "French")
    before, after = done.before, done.after
    assert (before.spoken, after.spoken) == (Spoken("de", SpokenBy.FILE), Spoken("fr", SpokenBy.MODERATOR))
    assert (await library.page(GUILD)).entries == (after,)
    assert (await library.ask(GUILD, "levée")).quotes
    assert await checking.check(library._database) == []
    again = await library.ingest(GUILD, data.replace(b"Bonsoir", b"Salut"), "pain.md")
    assert (again.outcome, again.entry.spoken) == (Outcome.REPLACED, Spoken("fr", SpokenBy.MODERATOR))
    assert (await library.ask(GUILD, "levée")).quotes
    for same in ("fr", None):
        unchanged = await library.speak(GUILD, id_, same)
        assert (unchanged.before, unchanged.undo) == (unchanged.after, None)
    told = await library.speak(GUILD, id_, "auto", by=7)
    assert told.after.spoken == Spoken("de", SpokenBy.FILE)
    assert await checking.check(library._database) == []
    assert told.undo is not None
    bygone, entry = await library.restore(GUILD, told.undo)
    assert (bygone.by, bygone.change, entry) == (7, "set to another language", told.before)
    assert (await library.ask(GUILD, "levée")).quotes
    assert await checking.check(library._database) == []


async def test_a_language_that_is_not_known_or_a_transcript_that_is_not_there_changes_nothing(library: Library) -> None:
    ids = await filled(library, ["fr"])
    with pytest.raises(LanguageError, match="There is no language “Elvish”"):
        await library.speak(GUILD, str(ids["fr"]), "Elvish")
    with pytest.raises(NotFoundError, match="There is no transcript “77”"):
        await library.speak(GUILD, "77", "fr")
    with pytest.raises(NotFoundError):
        await library.speak(OTHER_GUILD, str(ids["fr"]), "de")
    assert (await library.page(GUILD)).entries[0].spoken == Spoken("fr", SpokenBy.TEXT)


COMPOUNDS = [
    (
        "de",
        "Geschwindigkeit",
        "hier gilt eine Geschwindigkeitsbegrenzung auf der Strecke",
        "Geschwindigkeitsbegrenzung",
    ),
    ("de", "Begrenzung", "hier gilt eine Geschwindigkeitsbegrenzung auf der Strecke", "Geschwindigkeitsbegrenzung"),
    ("de", "Häuser", "die Hausverwaltung war nicht da", "Hausverwaltung"),
    ("nl", "fietsen", "er ligt een nieuw fietspad langs de rivier", "fietspad"),
    ("sv", "språk", "de talar om språkutveckling hos barn", "språkutveckling"),
    ("no", "barn", "vi bygger en ny barnehage i bygda", "barnehage"),
    ("da", "vind", "der står en vindmølle på bakken", "vindmølle"),
]


@pytest.mark.parametrize(("language", "part", "cue", "whole"), COMPOUNDS)
async def test_a_part_finds_its_compound_and_marks_all_of_it(
    library: Library, language: str, part: str, cue: str, whole: str
) -> None:
    await library.ingest(GUILD, native(cue_lines(["etwas anderes", cue]), language=language), "a.md")
    answer = await library.ask(GUILD, part)
    (quote,) = answer.quotes
    assert [quote.text[slice(*span)] for span in quote.highlights] == [whole]
    assert (answer.not_found, answer.approximations) == ((), ())


async def test_the_word_itself_comes_before_its_compounds(library: Library) -> None:
    lines = ["die Hausverwaltung kam gestern vorbei", "wir haben das Haus im Sommer gestrichen"]
    for at, line in enumerate(lines):
        await library.ingest(GUILD, native(cue_lines([line]), language="de", title=str(at)), f"{at}.md")
    assert [quote.text for quote in (await library.ask(GUILD, "Häuser")).quotes] == lines[::-1]


async def test_other_languages_have_no_compounds(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["etwas anderes"]), language="de"), "a.md")
    await library.ingest(GUILD, native(cue_lines(["a motherboard for the classroom"]), language="en"), "b.md")
    for part in ("board", "class"):
        assert not (await library.ask(GUILD, part)).quotes


async def test_a_check_misses_compounds_that_are_gone(library: Library) -> None:
    await library.ingest(GUILD, native(cue_lines(["die Hausverwaltung"]), language="de"), "a.md")
    assert await checking.check(library._database) == []
    async with library._database.transaction() as connection:
        await connection.execute("DELETE FROM sounds WHERE code LIKE '<%'")
    (problem,) = await checking.check(library._database)
    assert problem.what == "Of the sounds of its terms 1 are missing and 0 are of no term."


async def test_compounds_are_neither_counted_nor_suggested_as_the_word(library: Library) -> None:
    lines = ["die Hausverwaltung kam gestern vorbei", "wir haben das Haus im Sommer gestrichen"]
    await library.ingest(GUILD, native(cue_lines(lines), language="de"), "a.md")
    assert (await library.mentions(GUILD, "Haus")).count == 1
    assert await library.suggest_spellings(GUILD, term="Haus") == ()
