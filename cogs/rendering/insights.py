"""What moderators are shown of what is asked: three lists, without names, in which the same question is one line."""

import enum
from collections.abc import Mapping, Sequence

import discord

from cogs.locales import gettext, ngettext
from cogs.locales.speaking import listing, number
from cogs.locales.speaking import quoted as marked
from cogs.rendering.words import (
    MAX_LABEL,
    Item,
    Row,
    byline,
    contained,
    fitted,
    plain,
    title_link,
)
from store.models import Look, Quoted, Spelling, Tally, Topic

PAGE_SIZE = 8
MAX_QUESTION = 120
MAX_WORD = 40
MAX_MISSING = 3
MAX_HEARD = 3
MAX_NOTE = 120
MAX_SHOWN_NOTES = 2


class Show(enum.StrEnum):
    """What of the insights is shown."""

    MISSED = "missed"
    ASKED = "asked"
    QUOTED = "quoted"


def labels() -> dict[Show, str]:
    """Return what the lists are called."""
    return {
        Show.MISSED: gettext("Not found"),
        Show.ASKED: gettext("Asked most"),
        Show.QUOTED: gettext("Quoted most"),
    }


def missed(
    tally: Tally,
    looked: Sequence[tuple[Topic, Look]],
    rows: Sequence[Row] = (),
    *,
    offset: int = 0,
    buttons: Mapping[Spelling, Item] | None = None,
) -> discord.ui.LayoutView:
    """Return what was asked in vain or voted down, how it would be answered now, and what its words may have been.

    A spelling that can be kept has a button of `buttons`, which stands beside the first question that has it.
    """
    if not tally.questions:
        return _empty()
    items: list[discord.ui.Item[discord.ui.LayoutView]] = [discord.ui.TextDisplay(_heading(tally))]
    left = dict(buttons or {})
    for place, (topic, look) in enumerate(looked, start=offset + 1):
        text = "\n".join([_subject(place, topic), *_failed(topic, look)])
        display = discord.ui.TextDisplay[discord.ui.LayoutView](text)
        button = next((left.pop(one) for one in look.perhaps if one in left), None)
        if button is None:
            items.append(display)
        else:
            items.append(discord.ui.Section(display, accessory=button))  # type: ignore[arg-type]  # dynamic: of any view
    if not looked:
        none = gettext("Every question found what it asked for, and no answer was voted down.")
        items.append(discord.ui.TextDisplay(none))
    return contained(*items, *rows)


def asked(tally: Tally, topics: Sequence[Topic], rows: Sequence[Row] = (), *, offset: int = 0) -> discord.ui.LayoutView:
    """Return what was asked most often."""
    if not tally.questions:
        return _empty()
    lines = [_line(place, topic) for place, topic in enumerate(topics, start=offset + 1)]
    return _page(tally, lines, rows)


def quoted(
    tally: Tally, found: Sequence[Quoted], rows: Sequence[Row] = (), *, offset: int = 0
) -> discord.ui.LayoutView:
    """Return the transcripts that were quoted most often."""
    if not tally.questions:
        return _empty()
    lines = []
    for place, one in enumerate(found, start=offset + 1):
        said = [ngettext("in {n} answer", "in {n} answers", one.times), *byline(one.entry.details)]
        lines.append(f"**{place}.** {title_link(one.entry.details)}\n-# {' · '.join(said)}")
    return _page(tally, lines, rows)


def columns() -> list[str]:
    """Return what stands above the columns of a table of questions."""
    found = [gettext("question"), gettext("times"), gettext("nothing found"), gettext("words nobody said")]
    return [*found, "👍", "👎", gettext("notes")]


def find_label(spelling: str) -> str:
    """Return what stands on the button that lets a word also find a spelling."""
    room = MAX_LABEL - len(gettext("Also find “{spelling}”", spelling=""))
    return gettext("Also find “{spelling}”", spelling=fitted(spelling, room, literal=True))


def turned_on() -> discord.ui.LayoutView:
    """Say that questions are recorded from now on."""
    return plain(
        gettext(
            "From now on I record what is asked in public here, without who asked, for 30 days; below each answer "
            "members can vote. `/insights` shows what comes of it."
        )
    )


def turned_off() -> discord.ui.LayoutView:
    """Say that nothing is recorded from now on, and that nothing is left."""
    return plain(
        gettext(
            "I record no question here any more, and have deleted those that were recorded, with their votes. "
            "`/insights record:` turns it on again."
        )
    )


def off(*, everywhere: bool) -> discord.ui.LayoutView:
    """Say that there are no insights here, and who can change that."""
    if everywhere:
        return plain(gettext("Whoever runs this bot has turned insights off: no question is recorded, and no vote."))
    return plain(gettext("No question is recorded in this server. `/insights record:` turns that on."))


def _empty() -> discord.ui.LayoutView:
    return plain(
        gettext(
            "Nobody has asked anything in public in the last 30 days. As soon as members use `/ask`, you see here what "
            "they look for and don't find, which answers they vote down, and which transcripts are quoted; never who "
            "asked."
        )
    )


def _page(tally: Tally, lines: Sequence[str], rows: Sequence[Row]) -> discord.ui.LayoutView:
    items = [discord.ui.TextDisplay[discord.ui.LayoutView](_heading(tally))]
    items.append(discord.ui.TextDisplay("\n".join(lines) or gettext("Nothing was quoted yet.")))
    return contained(*items, *rows)


def _heading(tally: Tally) -> str:
    said = [
        ngettext("{n} question in the last 30 days", "{n} questions in the last 30 days", tally.questions),
        *([ngettext("{n} found nothing", "{n} found nothing", tally.nothing)] if tally.nothing else []),
        *([ngettext("{n} with words nobody said", "{n} with words nobody said", tally.partly)] if tally.partly else []),
        *_signs(tally.up, tally.down),
        gettext("{quoted} of {every} transcripts quoted", quoted=number(tally.quoted), every=number(tally.transcripts)),
    ]
    return "\n".join([gettext("### Insights"), f"-# {' · '.join(said)}"])


def _subject(place: int, topic: Topic) -> str:
    """Name what failed: the words that nobody said, or else the question."""
    words = _quoted(topic.missing[:MAX_MISSING]) or fitted(topic.question, MAX_QUESTION)
    return f"**{place}. {words}** · {_times(topic)}"  # no list: each text would begin a new one


def _times(topic: Topic) -> str:
    return ngettext("asked once", "asked {n} times", topic.times)


def _signs(up: int, down: int) -> list[str]:
    """Write how an answer is liked, where somebody voted."""
    counted = " ".join(f"{sign}\u00a0{number(count)}" for sign, count in (("👍", up), ("👎", down)) if count)
    return [counted] if counted else []


def _line(place: int, topic: Topic) -> str:
    return " · ".join(
        [f"**{place}. {fitted(topic.question, MAX_QUESTION)}**", _times(topic), *_signs(topic.up, topic.down)]
    )


def _failed(topic: Topic, look: Look) -> list[str]:
    """Say how a question failed, what its words may have been, and what members wrote of its answer."""
    said = [_state(topic, look)] if topic.nothing or topic.partly else []
    if topic.missing:
        said.append(gettext("last as “{question}”", question=fitted(topic.question, MAX_QUESTION)))
    lines = [f"-# {' · '.join([*said, *(_signs(topic.up, topic.down) if topic.down else [])])}"]
    for one in look.heard[:MAX_MISSING]:
        word, others = _quoted([one.typed]), _quoted(one.said[:MAX_HEARD])
        lines.append("-# " + gettext("{word} was taken for {others}", word=word, others=others))
    for near in look.perhaps[:MAX_MISSING]:
        word, others = _quoted([near.term]), _quoted(near.heard_as[:MAX_HEARD])
        lines.append("-# " + gettext("{word} may be {others} here", word=word, others=others))
    return [*lines, *(f"> {fitted(note, MAX_NOTE)}" for note in topic.notes[:MAX_SHOWN_NOTES])]


def _state(topic: Topic, look: Look) -> str:
    """Say that nobody said what was asked for, or that it is found when it is asked again."""
    if look.found:
        return gettext("found elsewhere") if topic.narrowed else gettext("by now it is found")
    return gettext("nothing was found") if topic.nothing == topic.times else gettext("nobody said that")


def _quoted(words: Sequence[str]) -> str:
    return listing([marked(fitted(word, MAX_WORD)) for word in words])
