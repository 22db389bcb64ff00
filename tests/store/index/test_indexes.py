"""Several guilds' indexes under one budget; a guild that changes while it is asked."""

import asyncio

from store.index.indexes import Indexes
from store.library import Library
from store.models import Answer
from tests.store.builders import GUILD, OTHER_GUILD, video_file


async def asked_last(library: Library) -> list[int]:
    return list(library._search._indexes._held)


async def test_the_guilds_asked_last_stay_in_memory(library: Library) -> None:
    for guild in range(1, 5):
        await library.ingest(guild, video_file("talk", "the baker counted loaves"), "a.md")
    await library.ask(1, "baker")
    one = library._search._indexes.nbytes
    assert one > 0
    library._search._indexes = Indexes(2 * one)
    for guild in (1, 2, 1, 3, 4, 1):
        await library.ask(guild, "baker")
    assert await asked_last(library) == [4, 1]
    assert library._search._indexes.nbytes <= 2 * one


async def test_after_an_ingest_only_the_new_segment_is_read(library: Library) -> None:
    for number in range(3):
        await library.ingest(GUILD, video_file(f"talk{number}", "the baker counted loaves"), "a.md")
    await library.ask(GUILD, "baker")
    before = dict(library._search._indexes._held[GUILD].parts)
    await library.ingest(GUILD, video_file("talk3", "the baker sold pretzels"), "a.md")
    assert len((await library.ask(GUILD, "pretzels")).quotes) == 1
    after = dict(library._search._indexes._held[GUILD].parts)
    assert len(after) == 4
    assert all(after[id_] is part for id_, part in before.items())


async def test_a_guild_that_is_replaced_while_it_is_asked_answers_from_one_moment(library: Library) -> None:
    async def replace() -> None:
        for round_ in range(8):
            for number in range(9):
                texts = (f"the baker counted loaves round{round_}", "the mill stood by the river")
                await library.ingest(GUILD, video_file(f"talk{number}", *texts), "a.md")

    async def ask() -> list[Answer]:
        answers = []
        while not replacing.done():
            answers.append(await library.ask(GUILD, "baker loaves"))
            await library.ask(OTHER_GUILD, "baker loaves")
        return answers

    replacing = asyncio.create_task(replace())
    while (await library.page(GUILD)).total < 9:
        await asyncio.sleep(0.01)
    answers = [answer for found in await asyncio.gather(*(ask() for _ in range(6))) for answer in found]
    await replacing
    assert len(answers) > 6
    for answer in answers:
        assert answer.library_size == 9
        assert answer.passages == 9
        assert all("baker counted loaves" in quote.text for quote in answer.quotes)
    final = await library.ask(GUILD, "round7")
    assert final.passages == 9


async def test_what_is_held_of_all_guilds_but_some_can_be_dropped(library: Library) -> None:
    for guild in range(1, 4):
        await library.ingest(guild, video_file("talk", "the baker counted loaves"), "a.md")
        await library.ask(guild, "baker")
    library._search.keep({1, 3, 4})
    assert await asked_last(library) == [1, 3]
    assert len((await library.ask(2, "baker")).quotes) == 1
