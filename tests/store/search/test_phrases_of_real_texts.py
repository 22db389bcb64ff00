"""Words in a row from real captions in many languages: the stream of words has them where the texts have them."""

import asyncio
import json
import random
from pathlib import Path

import pytest

from store.library import Library
from store.models import Cue
from store.text.analysis import units
from store.text.phrases import Phrase
from store.text.wording import clock
from tests.store.builders import GUILD, SHARED, native
from tests.store.search.plain_windows import heard

SETS = ("asr", "japanese", "meetings", "languages/ar", "languages/hi", "languages/ru", "languages/th", "languages/zh")
PHRASES = 150  # of each set: 1,200 in all
TRANSCRIPTS = 3  # of each

pytestmark = pytest.mark.skipif(not (SHARED / "evaluation").exists(), reason="the sets are not beside the repository")


@pytest.mark.parametrize("name", SETS)
def test_a_phrase_is_mentioned_wherever_the_texts_have_it(name: str, tmp_path: Path) -> None:
    lines = (SHARED / "evaluation" / name / "corpus.jsonl").read_text("utf-8").splitlines()[:TRANSCRIPTS]
    talks = [[(start, " ".join(text.split())) for start, text in json.loads(line)["cues"]] for line in lines]
    said = [heard([Cue(int(1000 * start), text) for start, text in talk]) for talk in talks]
    texts = [" ".join(cue.text for cue in talk) for talk in said]
    chance = random.Random(name)
    wanted = []
    for _ in range(PHRASES):
        text = chance.choice(texts)
        places = list(units(text))
        first = chance.randrange(len(places))
        last = min(len(places) - 1, first + chance.choice([0, 1, 1, 2, 3, 5]))
        wanted.append(text[places[first].start : places[last].end].replace('"', " "))

    async def scenario() -> None:
        async with Library.opened(tmp_path / "verbatim.db") as library:
            for number, talk in enumerate(talks):
                said = [f"- [{clock(int(1000 * start))}] {text}" for start, text in talk]
                await library.ingest(GUILD, native(said, video_id=str(number)), f"{number}.md")
            for phrase in wanted:
                found = await library.every_mention(GUILD, f'"{phrase}"')
                plain = [
                    (transcript, text[start:end])
                    for transcript, text in enumerate(texts, start=1)
                    for start, end in Phrase.of(phrase).spans(text)
                ]
                assert [(one.transcript, one.said) for one in found] == plain, phrase

    asyncio.run(scenario())
