"""/ask: what is answered, who sees it, and what a transcript can't do to the people who read it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from simcord.results import InteractionResult

from store.library import Library
from store.models import Answer, Filters
from tests.cogs.stage import (
    BREAD,
    TIDES,
    Server,
    Stage,
    buttons,
    components,
    links,
    moments,
    shown,
    staged,
    text,
    transcript,
)


async def ask(server: Server, question: str, **options: Any) -> InteractionResult:
    return await server.member.slash(server.channel, "ask", question=question, **options)


async def test_an_answer_shows_the_words_that_were_said_with_the_matches_bold(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "what does yeast do with sugar?")
    assert "the **yeast** eats the **sugar** and breathes out gas" in text(result.response)
    assert not stage.env.errors


async def test_an_answer_begins_with_the_question_and_names_title_speaker_and_date(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "what does yeast do?")
    assert text(result.response).startswith("### what does yeast do?\n**[How bread rises](")
    assert ")** · Ada Miller · 2025-03-01\n> [▶ 0:00](" in text(result.response)


async def test_each_quote_has_a_link_that_opens_the_video_at_its_second(stage: Stage) -> None:
    lines = [f"[{minute}:07] filler number {minute} about nothing at all " + "words " * 60 for minute in range(70)]
    late = "[70:09] then the quokka appears"
    await stage.library.ingest(stage.here.guild.id, transcript(*lines, late, *(["[70:30] bye"])), "long.md")
    result = await ask(stage.here, "when does the quokka appear?")
    assert moments(result.response)["▶ 1:10:09"] == "https://www.youtube.com/watch?v=bread-rises&t=4209s"
    assert [button["label"] for button in buttons(result.response)] == ["Around"]


async def test_everyone_in_the_channel_sees_an_answer(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "yeast")
    assert not result.ephemeral
    assert [text(message) for message in stage.here.channel.history(viewer=stage.here.moderator)] == [
        text(result.response)
    ]


async def test_a_private_answer_is_shown_to_the_asker_alone(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "yeast", private=True)
    assert result.response is not None
    assert result.response.ephemeral
    assert "**yeast**" in text(result.response)
    assert stage.here.channel.history(viewer=stage.here.moderator) == []
    assert len(stage.here.channel.history(viewer=stage.here.member)) == 1


async def test_an_answer_is_the_response_itself_so_that_nothing_flickers(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    before = len(stage.env.http_requests)
    await ask(stage.here, "yeast")
    (request,) = stage.env.http_requests[before:]
    assert request.path.endswith("/callback")
    assert request.json is not None
    assert request.json["type"] == 4


class Slow(Library):
    """A library that takes its time."""

    async def ask(
        self,
        guild_id: int,
        question: str,
        *,
        limit: int | None = None,
        filters: Filters | None = None,
        page: int = 0,
    ) -> Answer:
        await asyncio.sleep(0.1)
        return await super().ask(guild_id, question, limit=limit, filters=filters, page=page)


@pytest.fixture
async def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr("cogs.searching.PATIENCE", 0.01)
    async with staged(tmp_path / "verbatim.db", kind=Slow) as stage:
        await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
        yield stage


async def test_a_slow_search_is_acknowledged_in_time_and_answered_to_everyone(slow: Stage) -> None:
    before = len(slow.env.http_requests)
    await ask(slow.here, "yeast")
    assert slow.env.http_requests[before].json == {"type": 5, "data": {"flags": 64}}
    (public,) = slow.here.channel.history(viewer=slow.here.moderator)
    assert "**yeast**" in text(public)
    assert not slow.env.errors


async def test_a_slow_private_answer_is_still_shown_to_the_asker_alone(slow: Stage) -> None:
    result = await ask(slow.here, "yeast", private=True)
    assert "**yeast**" in text(result.response)
    assert slow.here.channel.history(viewer=slow.here.moderator) == []
    assert len(slow.here.channel.history(viewer=slow.here.member)) == 1


async def test_a_slow_search_that_fails_is_said_to_the_asker_alone(slow: Stage) -> None:
    result = await ask(slow.here, "???")
    assert text(result.response).startswith("There is no word to search for")
    assert slow.here.channel.history(viewer=slow.here.moderator) == []


async def test_an_empty_library_says_how_to_fill_it(stage: Stage) -> None:
    result = await ask(stage.here, "yeast")
    assert "library is still empty" in text(result.response)
    assert "`/ingest`" in text(result.response)


async def test_where_nothing_is_found_the_answer_names_the_words(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "zeppelins over Xanadu")
    assert "No transcript here contains “zeppelins” or “Xanadu”." in text(result.response)
    assert not buttons(result.response)


async def test_words_that_occur_nowhere_are_named_below_what_was_found(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "yeast in a zeppelin")
    assert "**yeast**" in text(result.response)
    assert "Nobody said “zeppelin”; these are the closest passages." in text(result.response)


async def test_a_misheard_name_is_found_and_said_to_be_heard_so(stage: Stage) -> None:
    data = transcript("[0:01] we rent our machines from cor weave", "[0:09] and from nobody else")
    await stage.library.ingest(stage.here.guild.id, data, "x.md")
    result = await ask(stage.here, "who rents machines from CoreWeave?")
    assert text(result.response).startswith(
        "### who rents machines from CoreWeave?\n-# *CoreWeave ≈ “cor weave”*\n**[How bread rises]("
    )
    assert ") we **rent** our **machines** from **cor weave**" in text(result.response)


async def test_what_several_transcripts_say_is_quoted_once_and_counted(stage: Stage) -> None:
    for number in range(3):
        data = BREAD.replace(b"bread-rises", b"bread-rise%d" % number)
        await stage.library.ingest(stage.here.guild.id, data, "bread.md")
    result = await ask(stage.here, "yeast")
    assert text(result.response).count("**yeast**") == 1
    assert "&t=0s) · also in 2 others welcome back" in text(result.response)


async def test_a_phrase_that_nobody_said_in_these_words_is_named(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, '"sugar eats the yeast"')
    assert "Nobody said exactly “sugar eats the yeast”; these are the closest passages." in text(result.response)
    assert "the yeast eats the sugar" in text(result.response).replace("**", "")


async def test_what_shares_a_word_with_the_question_is_shown_below_what_nobody_said(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    result = await ask(stage.here, "does the yeast eat zucchini, kale and *@everyone*?")
    quote = (
        "welcome back to the bakery the **yeast eats** the sugar and breathes out gas "
        "so the dough doubles in about an hour"
    )
    video = "https://www.youtube.com/watch?v=bread-rises&t=0s"
    assert text(result.response).splitlines() == [
        "### does the yeast eat zucchini, kale and \\*\\@everyone\\*?",
        "Nobody said “zucchini”, “kale” or “everyone”; these are the closest passages.",
        f"**[How bread rises]({video})** · Ada Miller · 2025-03-01",
        f"> [▶ 0:00]({video}) {quote}",
        "-# 1 of 1 matching passages, from one transcript",
    ]
    assert not stage.env.errors


async def test_words_that_run_right_to_left_reorder_nothing_around_them(stage: Stage) -> None:
    data = transcript("[0:01] הלחם תפח \u202e בלילה", title="שלום 2", extra='speaker: "Ada Miller"')
    await stage.library.ingest(stage.here.guild.id, data, "x.md")
    result = await ask(stage.here, "הלחם")
    assert text(result.response).startswith("### \u2068הלחם\u2069\n**[\u2068שלום 2\u2069](")
    assert ") \u2068**הלחם** תפח \u202e בלילה\u2069\n" in text(result.response)


async def test_a_transcript_can_neither_format_nor_link_nor_ping(stage: Stage) -> None:
    said = "yeast is @everyone's _friend_ <@123> <#5> **wow** ||no|| [click](https://evil.example) `code` ~~x~~ # y"
    await stage.library.ingest(stage.here.guild.id, transcript(f"[0:01] {said}", title="*Star* <@&9>"), "x.md")
    result = await ask(stage.here, "yeast")
    shown = text(result.response)
    assert (
        r") **yeast** is \@everyone's \_friend\_ \<\@123\> \<#5\> \*\*wow\*\* \|\|no\|\| "
        r"\[click\](https\://evil.example) \`code\` \~\~x\~\~ # y" in shown
    )
    assert r"\*Star\* \<\@&9\>" in shown


async def test_a_question_can_neither_format_nor_ping(stage: Stage) -> None:
    said = "[0:01] yeast for everyone, in 1 example of x: http and y"
    await stage.library.ingest(stage.here.guild.id, transcript(said), "x.md")
    result = await ask(stage.here, "**yeast** @everyone <@1> [x](http://y.example)")
    assert text(result.response).startswith(
        "### \\*\\*yeast\\*\\* \\@everyone \\<\\@1\\> \\[x\\](http\\://y.example)\n"
    )


async def test_every_message_is_sent_with_all_mentions_off(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    await ask(stage.here, "yeast")
    await ask(stage.here, "?!")
    await stage.here.moderator.slash(stage.here.channel, "subscribe")
    await stage.here.moderator.slash(stage.here.channel, "ingest", file=("tides.md", TIDES))
    posted = [entry.json for entry in stage.env.http_requests if entry.method == "POST" and entry.json]
    bodies = [found for body in posted if "components" in (found := body.get("data", body))]
    assert len(bodies) >= 5
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)


async def test_a_transcript_without_a_link_shows_the_time_as_text(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, transcript("[12:34] the yeast wakes up", url=None), "x.md")
    result = await ask(stage.here, "yeast")
    assert "\n**How bread rises**\n> **12:34** the **yeast**" in text(result.response)
    assert not links(result.response)
    assert not moments(result.response)


async def test_a_host_that_opens_at_no_second_gets_the_time_as_text_and_a_plain_link(stage: Stage) -> None:
    url = "https://talks.example.org/bread"
    await stage.library.ingest(stage.here.guild.id, transcript("[12:34] the yeast wakes up", url=url), "x.md")
    result = await ask(stage.here, "yeast")
    assert "> **12:34** the **yeast**" in text(result.response)
    assert moments(result.response) == {"How bread rises": url}


async def test_a_server_never_sees_what_another_server_keeps(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    empty = await ask(stage.there, "yeast and sugar")
    assert "library is still empty" in text(empty.response)

    await stage.library.ingest(stage.there.guild.id, TIDES, "tides.md")
    theirs = await ask(stage.there, "yeast and the moon")
    assert "**moon**" in text(theirs.response)
    assert "Nobody said “yeast”" in text(theirs.response)
    assert "Ada Miller" not in text(theirs.response)
    nothing = await ask(stage.there, "yeast and sugar")
    assert "No transcript here contains “yeast” or “sugar”." in text(nothing.response)

    ours = await ask(stage.here, "yeast and the moon")
    assert "1 of 1 matching passages" in text(ours.response)
    assert "tides" not in text(ours.response)


async def test_a_long_answer_stays_within_discords_limits(stage: Stage) -> None:
    animals = ("quokka", "wombat", "numbat", "bilby", "dingo", "dunnart")
    for number, animal in enumerate(animals):
        said = " ".join(f"*yeast*_{animal}{word}_ <@{number}{word}>" for word in range(90))
        name = transcript(
            f"[0:01] {animal} {said}",
            title="`" * 290 + str(number),
            url=f"https://www.youtube.com/watch?v=bread-rise{number}",
            extra=f'speaker: "{"_" * 250}"\nchannel: "{"|" * 250}"',
        )
        await stage.library.ingest(stage.here.guild.id, name, f"{number}.md")
    result = await ask(stage.here, f"yeast {' '.join(animals)} {'[zeppelin] ' * 30}")
    assert len(buttons(result.response)) == 5 + 1
    assert len(text(result.response)) <= 4000
    assert len(components(result.response)) <= 40
    assert not stage.env.errors


async def test_a_member_who_uses_discord_in_japanese_is_answered_and_quoted_in_what_was_said(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    stage.speak(stage.here.member, "ja")
    result = await ask(stage.here, "sugar quokka")
    assert "「quokka」という発言はありません。最も近い箇所を示します。" in shown(result)
    assert "the yeast eats the **sugar**" in shown(result)
    assert [button["label"] for button in buttons(result.response)] == ["前後を見る"]
    stage.speak(stage.here.member, "en-GB")
    assert "Nobody said “quokka”" in shown(await ask(stage.here, "sugar quokka"))
