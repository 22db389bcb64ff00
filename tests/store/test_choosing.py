"""Page by page: every quote of an answer is on one page, and no page repeats another."""

import random

from store.library import Library
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


async def test_what_was_left_out_as_weak_is_on_the_next_page(library: Library) -> None:
    strong = "the quokka and the wombat met the echidna"
    await library.ingest(GUILD, video_file("strong", strong), "strong.md")
    for number in range(6):
        texts = ("an echidna once carried grain past the mills", *chatter(random.Random(number), 30))
        await library.ingest(GUILD, video_file(f"weak {number}", *texts), f"{number}.md")
    first = await library.ask(GUILD, "quokka wombat echidna")
    assert [quote.details.title for quote in first.quotes] == ["strong"]
    assert first.more
    second = await library.ask(GUILD, "quokka wombat echidna", page=1)
    assert {quote.details.title for quote in second.quotes} <= {f"weak {number}" for number in range(6)}
    assert len(second.quotes) == 5


async def test_a_quote_says_where_its_cues_stand_and_in_which_version(library: Library) -> None:
    texts = ["one", "the quokka", "smiles"]
    done = await library.ingest(GUILD, video_file("talk", *texts), "talk.md")
    (quote,) = (await library.ask(GUILD, "quokka")).quotes
    assert " ".join(texts[quote.first : quote.end]) == quote.text
    assert quote.content == done.entry.content != ""
    replaced = await library.ingest(GUILD, video_file("talk", *texts, "again"), "talk.md")
    assert replaced.entry.content != quote.content
