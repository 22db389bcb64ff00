"""/transcript language: a moderator corrects which language a transcript is in."""

from typing import Any

import pytest
import simcord

from store.correcting import Changed
from store.errors import DatabaseError
from store.library import Library
from tests.cogs.stage import BREAD, Server, Stage, shown, staged, transcript
from tests.store.talks import SAID, cut


class Full(Library):
    """A library on a full disk."""

    async def speak(self, *_: object, **__: object) -> Changed:
        raise DatabaseError("The disk is full: nothing was changed; free some space and try again.")


async def language(server: Server, **options: Any) -> str:
    return shown(await server.moderator.slash(server.channel, "transcript language", **options))


async def filled(stage: Stage) -> None:
    await stage.library.ingest(stage.here.guild.id, BREAD, "bread.md")
    lines = [f"[0:{3 * at:02}] {cue}" for at, cue in enumerate(cut(SAID["fr"], 3))]
    await stage.library.ingest(stage.here.guild.id, transcript(*lines, title="Le pain", url=None), "pain.md")


async def test_a_language_is_set_told_again_and_shown(stage: Stage) -> None:
    await filled(stage)
    said = await language(stage.here, transcript="Le pain", language="German")
    assert said == "**Le pain** is searched as German now, as a moderator says; before, it was French."
    listed = shown(await stage.here.member.slash(stage.here.channel, "library"))
    assert "-# 45 s · German" in listed
    said = await language(stage.here, transcript="Le pain", language="de")
    assert said == "**Le pain** is searched as German, as a moderator says; nothing was changed."
    assert await language(stage.here, transcript="Le pain") == said
    report = await stage.here.moderator.slash(
        stage.here.channel, "transcript language", transcript="Le pain", language="auto"
    )
    assert shown(report) == "**Le pain** is searched as French now, as its words tell; before, it was German."
    assert report.response is not None
    undone = await stage.here.moderator.click(report.response, label="Undo")
    assert shown(undone) == "**Le pain** is as it was before it was set to another language."
    assert await language(stage.here, transcript="Le pain") == said
    assert not stage.env.errors


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"transcript": "Le pain", "language": "Elvish"}, "There is no language “Elvish”; name it in English"),
        ({"transcript": "Le vin", "language": "fr"}, "This library has no transcript “Le vin”; it has “"),
    ],
)
async def test_what_is_wrong_is_one_sentence_for_the_moderator(
    stage: Stage, options: dict[str, str], sentence: str
) -> None:
    await filled(stage)
    assert sentence in await language(stage.here, **options)


async def test_a_full_disk_is_said_and_changes_nothing(tmp_path: Any) -> None:
    async with staged(tmp_path / "v.db", kind=Full) as stage:
        await filled(stage)
        assert "The disk is full: nothing was changed" in await language(
            stage.here, transcript="Le pain", language="de"
        )


async def test_members_cannot_set_a_language(stage: Stage) -> None:
    await filled(stage)
    with pytest.raises(simcord.SetupError, match="permission"):
        await stage.here.member.slash(stage.here.channel, "transcript language", transcript="Le pain", language="de")


async def test_titles_and_languages_are_suggested(stage: Stage) -> None:
    await filled(stage)
    moderator, channel = stage.here.moderator, stage.here.channel
    titles = await moderator.autocomplete(channel, "transcript language", "transcript", "le")
    assert [choice["name"] for choice in titles] == ["Le pain"]
    names = await moderator.autocomplete(channel, "transcript language", "language", "ger")
    assert [choice["value"] for choice in names] == ["German"]
    assert len(await moderator.autocomplete(channel, "transcript language", "language", "")) == 25


async def test_languages_are_suggested_set_and_told_as_japanese_calls_them(stage: Stage) -> None:
    await filled(stage)
    stage.speak(stage.here.moderator, "ja")
    names = await stage.here.moderator.autocomplete(stage.here.channel, "transcript language", "language", "ドイ")
    assert [choice["name"] for choice in names] == ["ドイツ語"]
    said = await language(stage.here, transcript="Le pain", language="ドイツ語")
    assert said == "**Le pain**は今後、ドイツ語として検索されます（モデレーターの指定）。以前はフランス語でした。"
    said = await language(stage.here, transcript="Le pain", language="German")
    assert said == "**Le pain**はドイツ語として検索されます（モデレーターの指定）。何も変更していません。"
