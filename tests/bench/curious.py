"""Five hundred made-up questions about the demo's transcripts, asked by many members, and what /insights makes of them.

They are asked as people ask: a few subjects again and again in other words and order, some in Japanese, some of what
nobody speaks of, some of names that are spelled or were captioned otherwise. Some answers are voted on. The same for
the same seed.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import simcord
from simcord.results import ResponseMessage

from bot.config import Config
from cogs.insights import page
from cogs.rendering.insights import Show
from store.models import Limits
from tests.cogs.stage import buttons, staged, text, votes

SEED = 15
MEMBERS = 25
OPENINGS = ("what about {}", "tell me about {}", "{}", "{}?", "what did they say about {}", "is there anything on {}")
# Subjects that were spoken of, in other words each, and how often they are asked about.
SPOKEN = {
    ("why did the keepers use mercury", "mercury and the keepers", "did a keeper use mercury?", "keepers mercury"): 42,
    ("how was the Fresnel lens different", "Fresnel lenses", "what is a Fresnel lens"): 30,
    ("how old is the starter", "the starter's age", "how old are starters"): 26,
    ("what happened at the Eddystone", "Eddystone tower", "the towers of Eddystone"): 22,
    ("when is the translation weekend", "translation weekends", "weekend for translations"): 20,
    ("how hot is the oven", "oven temperature", "ovens: how hot?"): 16,
    ("who looks after Portuguese", "Portuguese translation"): 14,
    ("what does the hosting cost", "hosting costs", "cost of hosting"): 14,
    ("how much salt", "salt in the bread", "bread and salt"): 12,
    ("Whisper on a Raspberry Pi", "Raspberry Pi whisper"): 12,
    ("町家の土壁はどうやって直しますか", "土壁を直した町家", "町家 土壁"): 24,
    ("補助金はいつ申請しますか", "補助金の申請"): 14,
    ("瓦の費用", "瓦はいくらですか"): 8,
    ("灯台守はなぜ水銀を使ったのですか", "灯台守と水銀"): 10,
    ("fog signals", "the fog signal"): 8,
    ("paraffin vapor burner", "how do vapor burners work"): 6,
    ("release candidate", "when is the next release"): 12,
    ("planting calendar bug", "bugs in the planting calendar"): 8,
}
# Subjects of which nobody speaks, or by a name that stands otherwise in the captions.
UNSPOKEN = {
    ("gluten free bread", "bread without gluten", "gluten-free breads"): 14,
    ("what is autolyse", "autolyse", "autolysing"): 11,
    ("kubernetes", "running it on kubernetes"): 9,
    ("who was Augustin Windstanly", "Windstanly"): 13,
    ("Grace Darling", "who is Grace Darling", "the rescue by Grace Darling"): 12,
    ("the Lighthouse of Alexandria", "Alexandria's lighthouse", "lighthouse in Alexandria"): 8,
    ("kombucha", "how to brew kombucha"): 6,
    ("dark mode", "is dark mode coming", "dark mode for the app"): 13,
    ("iOS app", "an iOS app"): 9,
    ("single sign-on",): 5,
    ("GDPR export",): 4,
    ("耐震補強の費用", "耐震補強"): 9,
    ("断熱材は何を使いましたか", "断熱材"): 7,
    ("Airbnb license in Kyoto", "Airbnb in Kyoto"): 5,
    ("Llama on a phone",): 4,
    ("CoreML", "CoreML models"): 4,
    ("typhoon damage",): 3,
    ("rye starter",): 6,
    ("Bellrock", "the Bellrock lighthouse"): 6,
    ("Flannan Isles", "what happened on the Flannan Isles"): 8,
    ("=SUM(A1:A9)",): 1,
    ("**@everyone** _look_ at <#5>",): 2,
}
NOTES_ON_SPOKEN = ("it quotes the interviewer, not the guest", "a newer talk says otherwise", "")
NOTES_ON_UNSPOKEN = ("there must be a talk on this", "none of the quotes is about it", "")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and whether some member votes its answer up or down, with what note."""

    question: str
    up: bool | None = None
    note: str = ""


def questions(count: int = 500, seed: int = SEED) -> Iterator[Asking]:
    """Yield made-up questions in the order in which they are asked."""
    chance = random.Random(seed)
    every = SPOKEN | UNSPOKEN
    for subject in chance.choices(list(every), weights=list(every.values()), k=count):
        wording = chance.choice(subject)
        opening = chance.choice(OPENINGS) if wording.isascii() and len(wording.split()) <= 2 else "{}"
        luck = chance.random()
        liked = luck < 0.1 if subject in SPOKEN else luck < 0.02
        disliked = luck > (0.97 if subject in SPOKEN else 0.9)
        vote = True if liked else False if disliked else None
        notes = NOTES_ON_SPOKEN if subject in SPOKEN else NOTES_ON_UNSPOKEN
        yield Asking(opening.format(wording), vote, chance.choice(notes) if disliked else "")


async def ask(channel: simcord.ChannelHandle, members: Sequence[simcord.MemberActor], count: int = 500) -> None:
    """Ask so many questions, by several members, and vote on some of the answers."""
    chance = random.Random(SEED)
    for asking in questions(count):
        answer = (await chance.choice(members).slash(channel, "ask", question=asking.question)).response
        if answer is not None and asking.up is not None and (signs := votes(answer)):
            await vote(chance.choice(members), answer, signs["👍" if asking.up else "👎"], asking.note)


async def vote(member: simcord.MemberActor, answer: ResponseMessage, sign: str, note: str) -> None:
    """Press a button, and fill in the form if one opens."""
    pressed = await member.click(answer, custom_id=sign)
    if pressed.modal is not None:
        await member.submit_modal(pressed, {"note": note})


async def shown(path: Path, count: int = 500) -> list[str]:
    """Return what /insights shows after so many questions, page by page, and how long its first page took."""
    config = Config(pause_seconds=0, check_seconds=3600, limits=Limits(questions=1000))
    pages = []
    async with staged(path, config=config) as stage:
        guild = stage.here.guild
        for sample in sorted((resources.files("bot") / "samples").iterdir(), key=lambda one: one.name):
            await stage.library.ingest(guild.id, sample.read_bytes(), sample.name, announce=False)
        members = [guild.add_member(stage.env.create_user(f"member-{number}")) for number in range(MEMBERS)]
        await ask(stage.here.channel, members, count)
        began = time.perf_counter()
        await page(stage.library, stage.here.guild.id, Show.MISSED, 0)
        took = 1000 * (time.perf_counter() - began)
        for show in Show:
            found = (await stage.here.moderator.slash(stage.here.channel, "insights", show=show.value)).response
            assert found is not None
            pages.append(text(found))
            while more := _more(found):
                await stage.here.moderator.click(found, custom_id=more)
                pages.append(text(found))
    return [*pages, f"{took:.0f} ms for the first page"]


def _more(found: ResponseMessage) -> str | None:
    """Return the custom id of the button that opens the next page, if there is one."""
    usable = [str(one["custom_id"]) for one in buttons(found) if not one["disabled"]]
    return next((one for one in usable if one.startswith("insights:more:")), None)
