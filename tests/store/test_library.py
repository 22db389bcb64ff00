"""What an ingest and a removal do to a guild's library, and what they never do to another's."""

import pytest

from store.errors import DatabaseError, FormatError, NotFoundError
from store.library import Library
from store.models import Limits, Outcome
from tests.store.builders import GUILD, OTHER_GUILD, cue_lines, native, video_file

YOUTUBE = "https://www.youtube.com/watch?v=q1w2e3r4t5y"


async def found(library: Library, question: str, *, guild: int = GUILD) -> list[str]:
    return [quote.text for quote in (await library.ask(guild, question)).quotes]


async def titles(library: Library, *, guild: int = GUILD) -> list[str]:
    return [entry.details.title for entry in (await library.page(guild)).entries]


async def test_a_new_transcript_is_listed_with_its_sizes(library: Library) -> None:
    lines = [*cue_lines(["the baker counted loaves", "水車小屋の話"]), "[1:00]"]
    data = native(lines, title="Mill", duration="00:02:00")
    done = await library.ingest(GUILD, data, "mill.md")
    assert done.outcome is Outcome.NEW
    assert (done.entry.cues, done.entry.words, done.entry.passages, done.entry.duration_ms) == (3, 6, 1, 120_000)
    page = await library.page(GUILD)
    assert (page.entries, page.total, page.offset) == ((done.entry,), 1, 0)


async def test_an_ingest_reports_what_was_odd_in_the_file(library: Library) -> None:
    done = await library.ingest(GUILD, b"- [0:09] nine\n- [0:01] one\n", "a.md")
    assert [oddity.line for oddity in done.oddities] == [2]
    again = await library.ingest(GUILD, b"- [0:09] nine\n- [0:01] one\n", "a.md")
    assert (again.outcome, again.oddities) == (Outcome.UNCHANGED, done.oddities)


async def test_the_same_file_again_changes_nothing(library: Library) -> None:
    first = await library.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")
    again = await library.ingest(GUILD, video_file("mill", "the baker slept"), "other name.md")
    assert (again.outcome, again.entry, again.changes) == (Outcome.UNCHANGED, first.entry, ())
    assert (await library.page(GUILD)).entries == (first.entry,)


async def test_the_same_video_again_replaces_it_under_its_id(library: Library) -> None:
    first = await library.ingest(GUILD, video_file("mill", "the baker slept", "farmers argued"), "a.md")
    later = video_file("mill", "the baker slept", "pretzels were sold", "twice", speaker="Ada", date="2024-03-01")
    done = await library.ingest(GUILD, later, "b.md")
    assert (done.outcome, done.entry.id, done.owed) == (Outcome.REPLACED, first.entry.id, 0)
    assert tuple(map(str, done.changes)) == (
        "speaker: none → Ada",
        "date: none → 2024-03-01",
        "cues: 1 added, 1 changed",
    )
    assert (await library.page(GUILD)).entries == (done.entry,)


async def test_no_stale_words_are_found_after_a_replace(library: Library) -> None:
    await library.ingest(GUILD, video_file("other", "the river rose"), "o.md")
    await library.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")
    assert await found(library, "baker") == ["the baker slept"]
    await library.ingest(GUILD, video_file("mill", "pretzels were sold"), "a.md")
    assert await found(library, "baker slept") == []
    assert (await library.ask(GUILD, "baker")).not_found == ("baker",)
    assert await found(library, "pretzels") == ["pretzels were sold"]
    assert await found(library, "river") == ["the river rose"]


async def test_a_change_of_details_alone_is_named(library: Library) -> None:
    await library.ingest(GUILD, video_file("mill", "the baker slept", category="x"), "a.md")
    tagged = await library.ingest(GUILD, video_file("mill", "the baker slept", tags="river"), "a.md")
    assert (tagged.outcome, str(*tagged.changes)) == (Outcome.REPLACED, "tags: 0 → 1")
    assert tagged.entry.details.tags == ("river",)


async def test_every_form_of_a_videos_link_is_the_same_video(library: Library) -> None:
    ids = set()
    for number, url in enumerate([YOUTUBE, "https://youtu.be/q1w2e3r4t5y?t=9", f"{YOUTUBE}&list=PL1"]):
        data = native([f"- [0:01] words number {number}"], title=f"Title {number}", video_url=url)
        ids.add((await library.ingest(GUILD, data, f"{number}.md")).entry.id)
    assert len(ids) == 1
    assert await titles(library) == ["Title 2"]


async def test_weekly_calls_of_one_title_do_not_replace_each_other(library: Library) -> None:
    for day in ("2024-03-01", "2024-03-08"):
        data = native([f"- [0:01] the call of {day}"], title="Weekly call", date=day)
        assert (await library.ingest(GUILD, data, "call.md")).outcome is Outcome.NEW
    for name in ("call 1.md", "call 2.md"):
        data = native([f"- [0:01] {name}"], title="Weekly call")
        assert (await library.ingest(GUILD, data, name)).outcome is Outcome.NEW
    assert (await library.page(GUILD)).total == 4


async def test_a_file_without_a_link_is_known_by_its_video_id(library: Library) -> None:
    first = await library.ingest(GUILD, native(["- [0:01] one"], video_id="call-7", title="One"), "a.md")
    again = await library.ingest(GUILD, native(["- [0:01] two"], video_id="call-7", title="Two"), "b.md")
    assert (again.outcome, again.entry.id) == (Outcome.REPLACED, first.entry.id)


async def test_one_page_with_many_videos_keeps_them_apart_by_their_ids(library: Library) -> None:
    for id_ in ("one", "two"):
        data = native([f"- [0:01] {id_}"], video_id=id_, video_url="https://example.org/all-talks")
        assert (await library.ingest(GUILD, data, "a.md")).outcome is Outcome.NEW


async def test_a_failed_ingest_leaves_the_old_transcript_searchable(library: Library) -> None:
    before = await library.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")
    for data in (b"", b"1 2 3", video_file("mill"), b"\x89PNG\0", video_file("mill", "café") + b"\xc3"):
        with pytest.raises(FormatError):
            await library.ingest(GUILD, data, "a.md")
    assert (await library.page(GUILD)).entries == (before.entry,)
    assert await found(library, "baker") == ["the baker slept"]


async def test_a_file_over_the_librarys_limit_is_refused(library: Library) -> None:
    library.limits = Limits(file_bytes=100)
    with pytest.raises(FormatError, match="larger"):
        await library.ingest(GUILD, video_file("mill", "the baker slept" * 10), "a.md")


@pytest.mark.parametrize(
    "name", ["mill.md", "水車.md", "caf\udce9.md", "", "a" * 3000 + ".md", "new\nline\t.md", "a/b\\c.md"]
)
async def test_a_file_of_any_name_can_be_ingested(library: Library, name: str) -> None:
    done = await library.ingest(GUILD, b"- [0:01] the baker slept\n", name)
    assert done.outcome is Outcome.NEW
    assert (await library.ingest(GUILD, b"- [0:01] the baker slept\n", name)).outcome is Outcome.UNCHANGED
    assert await found(library, "baker") == ["the baker slept"]


async def test_a_transcript_without_a_searchable_word_can_be_kept_and_removed(library: Library) -> None:
    done = await library.ingest(GUILD, native(["- [0:01]", "- [0:02] [...]"], title="Silence"), "a.md")
    assert (await library.ask(GUILD, "baker")).library_size == 1
    await library.ingest(GUILD, video_file("mill", "the baker slept"), "b.md")
    assert await found(library, "baker") == ["the baker slept"]
    assert (await library.remove(GUILD, str(done.entry.id))).before == done.entry


@pytest.mark.parametrize("url", [YOUTUBE, "https://media.example.org/mill.mp4", "https://example.org/talks/mill", ""])
async def test_a_transcript_is_removed_by_its_id_its_videos_id_or_its_link(library: Library, url: str) -> None:
    await library.ingest(GUILD, video_file("other", "the baker sang"), "o.md")
    for by in ("id", "video id", "link") if url else ("id", "video id"):
        data = native(["- [0:01] the baker slept"], video_id="mill-7", video_url=url)
        entry = (await library.ingest(GUILD, data, "mill.md")).entry
        name = {"id": str(entry.id), "video id": " mill-7 ", "link": url}[by]
        assert (await library.remove(GUILD, name)).before == entry, by
        assert await found(library, "slept") == []
        assert await found(library, "baker") == ["the baker sang"]


async def test_any_form_of_a_link_removes_the_video(library: Library) -> None:
    for link in ("https://youtu.be/q1w2e3r4t5y", f"{YOUTUBE}&t=90s", "youtube.com/watch?v=q1w2e3r4t5y"):
        entry = (await library.ingest(GUILD, native(["- [0:01] one"], video_url=YOUTUBE), "a.md")).entry
        assert (await library.remove(GUILD, link)).before == entry


async def test_a_link_that_several_transcripts_share_removes_none_of_them(library: Library) -> None:
    page = "https://example.org/all-talks"
    for id_ in ("one", "two"):
        await library.ingest(GUILD, native([f"- [0:01] {id_}"], video_id=id_, video_url=page), "a.md")
    with pytest.raises(NotFoundError):
        await library.remove(GUILD, page)
    assert (await library.remove(GUILD, "two")).before.details.video_id == "two"
    assert (await library.remove(GUILD, page)).before.details.video_id == "one"


async def test_an_id_is_never_given_twice(library: Library) -> None:
    ids = []
    for number in range(4):
        entry = (await library.ingest(GUILD, video_file(f"mill{number}", "one"), "a.md")).entry
        ids.append(entry.id)
        await library.remove(GUILD, str(entry.id))
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    "name", ["", "0", "-1", "999", "9" * 18, "9" * 40, "nothing", "https://example.org/", "%", "http://["]
)
async def test_removing_what_is_not_there_is_a_sentence(library: Library, name: str) -> None:
    await library.ingest(GUILD, b"- [0:01] the baker slept\n", "a.md")
    with pytest.raises(NotFoundError, match="There is no transcript"):
        await library.remove(GUILD, name)
    assert await found(library, "baker") == ["the baker slept"]


async def test_a_guild_cannot_remove_or_list_what_is_anothers(library: Library) -> None:
    data = native(["- [0:01] the baker slept"], video_id="mill-7", video_url=YOUTUBE)
    entry = (await library.ingest(OTHER_GUILD, data, "a.md")).entry
    await library.ingest(GUILD, video_file("own", "the river rose"), "b.md")
    for name in (str(entry.id), "mill-7", YOUTUBE):
        with pytest.raises(NotFoundError):
            await library.remove(GUILD, name)
    assert await titles(library) == ["own"]
    assert (await library.page(GUILD)).total == 1
    assert await found(library, "baker") == []
    assert await found(library, "baker", guild=OTHER_GUILD) == ["the baker slept"]


async def test_the_same_video_in_two_guilds_is_two_transcripts(library: Library) -> None:
    one = await library.ingest(GUILD, video_file("mill", "the baker slept"), "a.md")
    other = await library.ingest(OTHER_GUILD, video_file("mill", "the baker slept"), "a.md")
    assert (other.outcome, other.entry.id == one.entry.id) == (Outcome.NEW, False)
    await library.ingest(OTHER_GUILD, video_file("mill", "pretzels were sold"), "a.md")
    assert await found(library, "baker") == ["the baker slept"]
    await library.remove(OTHER_GUILD, str(other.entry.id))
    assert await found(library, "baker") == ["the baker slept"]
    assert await found(library, "baker pretzels", guild=OTHER_GUILD) == []


async def test_pages_stand_newest_first_and_count_all(library: Library) -> None:
    for number in range(7):
        await library.ingest(GUILD, video_file(f"talk{number}", "one"), "a.md")
    pages = [await library.page(GUILD, offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [[e.details.title[-1] for e in page.entries] for page in pages] == [list("654"), list("321"), ["0"], []]
    assert {page.total for page in pages} == {7}


async def test_what_was_synced_is_remembered_by_application_and_scope(library: Library) -> None:
    await library.commands_synced(1, 0, "a")
    await library.commands_synced(1, GUILD, "b")
    await library.commands_synced(2, 0, "c")
    await library.commands_synced(1, 0, "d")
    assert await library.synced_commands(1) == {0: "d", GUILD: "b"}
    assert await library.synced_commands(3) == {}


async def test_a_file_with_only_the_videos_id_and_one_with_its_link_are_the_same_video(library: Library) -> None:
    cue = b"- [00:01] the mill stood by the river\n"
    await library.ingest(1, b"---\ntitle: Mill\nvideo_id: AbCdEfGhIjK\n---\n" + cue, "a.md")
    linked = b"---\ntitle: Mill\nvideo_id: AbCdEfGhIjK\nvideo_url: https://youtu.be/AbCdEfGhIjK\n---\n" + cue
    assert (await library.ingest(1, linked, "b.md")).outcome is Outcome.REPLACED
    assert (await library.ingest(1, linked, "c.md")).outcome is Outcome.UNCHANGED
    assert (await library.page(1)).total == 1


async def test_a_transcript_whose_index_is_damaged_can_be_replaced(library: Library) -> None:
    await library.ingest(1, b"- [00:01] the mill stood by the river\n", "mill.md")
    async with library._database.transaction() as connection:
        await connection.execute("UPDATE segment_blobs SET blob = x'00'")
        await connection.execute("UPDATE guilds SET layout = layout + 1")
    with pytest.raises(DatabaseError, match="damaged"):
        await library.ask(1, "mill")
    await library.ingest(1, b"- [00:01] the mill stood by the lake\n", "mill.md")
    assert (await library.ask(1, "lake")).quotes
