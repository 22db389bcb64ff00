"""What `/subscribe` says beside what it did: what all must be said, what is not here yet, what would come twice."""

import pytest

from tests.cogs.stage import BREAD, Stage
from tests.cogs.test_subscriptions import moderate, said, subscribed


async def test_of_several_words_it_is_said_that_all_must_be_said(stage: Stage) -> None:
    for words, said_of_them in {
        "steel zeppelins mercury": "“steel”, “zeppelins” and “mercury” are all said",
        'steel "zeppelin field" -bread': "“steel” and “zeppelin field” are both said, but not “bread”",
        "the glass": "`the glass` is said",
    }.items():
        answer = await said(stage.here, "subscribe", matching=words)
        assert answer.startswith(f"New transcripts in which {said_of_them} will be announced in")


@pytest.mark.parametrize("words", ["steel OR glass", "Stahl oder Glas"])
async def test_or_is_refused_with_a_way_out(stage: Stage, words: str) -> None:
    answer = await said(stage.here, "subscribe", matching=words)
    assert answer == (
        f"All the words must be said, so “{words.split()[1]}” can't stand between them: use another subscription, or "
        "another alert, for *or*; if it is said so, put it all in quotation marks."
    )
    assert await subscribed(stage, stage.here) == ()


async def test_what_the_library_does_not_have_yet_is_remarked(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    answer = await said(stage.here, "subscribe", speaker="Bo*", tag="Baking", from_channel="The Sea")
    assert answer.splitlines()[2:] == [
        "-# No transcript here is by “Bo\\*” yet.",
        "-# No transcript here is from “The Sea” yet.",
    ]


async def test_what_would_come_twice_is_said(stage: Stage) -> None:
    await moderate(stage.here, "subscribe", name="news")
    narrower = await said(stage.here, "subscribe", tag="rye")
    assert narrower.splitlines()[-1] == (
        "⚠️ **news** already tells this channel of every new transcript; these will come twice."
    )
    wider = await said(stage.here, "subscribe", digest="daily", name="all")
    assert [line for line in wider.splitlines() if line.startswith("⚠️")] == [
        "⚠️ **news** already tells this channel of every new transcript; these will come twice.",
        "⚠️ **tagged-rye** already tells this channel of new transcripts tagged rye; these will come twice.",
    ]
    other = stage.here.guild.create_text_channel("announcements")
    assert "⚠️" not in await said(stage.here, "subscribe", channel=other, tag="rye")
    assert "⚠️" not in await said(stage.here, "subscribe", channel=other, tag="oats")


async def test_a_name_that_is_taken_is_said_and_one_of_signs_alone_is_none(stage: Stage) -> None:
    await moderate(stage.here, "subscribe", name="Talks", tag="rye")
    answer = await said(stage.here, "subscribe", name="talks", tag="oats")
    assert "That name was taken, so it is called **talks-2**." in answer
    assert "It is called **tagged-wheat**." in await said(stage.here, "subscribe", name="!!!", tag="wheat")
    assert "It is called **talks-here**." in await said(stage.here, "subscribe")


async def test_the_same_in_other_words_is_no_other_subscription(stage: Stage) -> None:
    await moderate(stage.here, "subscribe", matching="GLASS steel", speaker="Ada Miller")
    again = await said(stage.here, "subscribe", matching="steel glass", speaker="ada miller")
    assert "are already announced" in again
    assert len(await subscribed(stage, stage.here)) == 1
