"""Page by page: every quote of an answer is on one page, and no page repeats another."""

import random
from collections import Counter

from store.library import Library
from store.models import Filters
from tests.store.builders import GUILD, chatter, video_file


async def test_pages_go_on_where_the_one_before_ended_and_never_repeat_a_quote(library: Library) -> None:
    rng = random.Random(4)
    for number in range(6):
        await library.ingest(GUILD, video_file(f"talk {number}", *chatter(rng, 120)), f"{number}.md")
    pages = [await library.ask(GUILD, "river boats and the old mill", limit=4, page=page) for page in range(4)]
    assert [answer.page for answer in pages] == [0, 1, 2, 3]
    assert all(answer.more for answer in pages[:3])
    spans = [(q.transcript_id, at) for answer in pages for q in answer.quotes for at in range(q.first, q.end)]
    assert len(spans) == len(set(spans))
    assert all(len(answer.quotes) == 4 for answer in pages[1:])


async def test_pages_end_and_what_comes_after_the_last_is_empty(library: Library) -> None:
    await library.ingest(GUILD, video_file("short", "the quokka smiles", "and sleeps"), "short.md")
    answer = await library.ask(GUILD, "quokka")
    assert len(answer.quotes) == 1
    assert not answer.more
    after = await library.ask(GUILD, "quokka", page=1)
    assert (after.quotes, after.more) == ((), False)


async def test_a_quote_says_where_its_cues_stand_and_in_which_version(library: Library) -> None:
    texts = ["one", "the quokka", "smiles"]
    done = await library.ingest(GUILD, video_file("talk", *texts), "talk.md")
    (quote,) = (await library.ask(GUILD, "quokka")).quotes
    assert " ".join(texts[quote.first : quote.end]) == quote.text
    assert quote.content == done.entry.content != ""
    replaced = await library.ingest(GUILD, video_file("talk", *texts, "again"), "talk.md")
    assert replaced.entry.content != quote.content


SAID = ["the quokka of the island smiled at the miller", "and then the quokka slept by the river until dawn"]
OTHERWISE = ["a quokka carried bread over the bridge in march", "while the bakers argued about candles and taxes"]


async def test_what_several_transcripts_say_is_quoted_once_and_counted(library: Library) -> None:
    talk = [*chatter(random.Random(2), 30), *SAID, *chatter(random.Random(3), 30)]
    for number in range(4):
        intro = [f"welcome to show {at} of channel {number}" for at in range(2 * number)]
        await library.ingest(GUILD, video_file(f"copy {number}", *intro, *talk), f"{number}.md")
    await library.ingest(GUILD, video_file("other", *chatter(random.Random(9), 30), *OTHERWISE), "9.md")
    answer = await library.ask(GUILD, "quokka")
    assert {quote.details.title == "other": quote.also_in for quote in answer.quotes} == {False: 3, True: 0}
    assert len(answer.quotes) == 2


async def test_a_reupload_with_other_marks_cases_and_cues_is_the_same(library: Library) -> None:
    await library.ingest(GUILD, video_file("one", *SAID), "1.md")
    again = " ".join(SAID).upper().replace(" AND", ". AND").split(" ")
    cut = [" ".join(again[at : at + 4]) for at in range(0, len(again), 4)]
    await library.ingest(GUILD, video_file("two", *cut), "2.md")
    (quote,) = (await library.ask(GUILD, "quokka")).quotes
    assert quote.also_in == 1


async def test_the_same_words_in_another_order_are_another_quote(library: Library) -> None:
    await library.ingest(GUILD, video_file("one", *SAID), "1.md")
    words = " ".join(SAID).split()
    random.Random(1).shuffle(words)
    await library.ingest(GUILD, video_file("two", " ".join(words)), "2.md")
    quotes = (await library.ask(GUILD, "quokka miller island river")).quotes
    assert [quote.also_in for quote in quotes] == [0, 0]


async def test_a_transcript_that_says_it_twice_is_quoted_twice(library: Library) -> None:
    around = [f"farmers argued about water taxes and winter floods again {at}" for at in range(20)]
    await library.ingest(GUILD, video_file("twice", *SAID, *around, *SAID, *around), "1.md")
    quotes = (await library.ask(GUILD, "quokka")).quotes
    assert [quote.also_in for quote in quotes] == [0, 0]
    assert len({quote.first for quote in quotes}) == 2


async def test_a_broad_question_shows_several_transcripts_and_a_narrow_one_several_moments(library: Library) -> None:
    ids = []
    for number in range(4):
        rng = random.Random(number)
        moments = [cue for _ in range(6) for cue in (*chatter(rng, 25), f"a quokka of {rng.random()} smiled")]
        ids.append((await library.ingest(GUILD, video_file(f"talk {number}", *moments), f"{number}.md")).entry.id)
    broad = (await library.ask(GUILD, "quokka")).quotes
    assert len(broad) == 5
    assert len({quote.transcript_id for quote in broad}) >= 2
    assert max(Counter(quote.transcript_id for quote in broad).values()) <= 3
    narrow = (await library.ask(GUILD, "quokka", filters=Filters(transcript=ids[2]))).quotes
    assert {quote.transcript_id for quote in narrow} == {ids[2]}
    assert len(narrow) == 5
