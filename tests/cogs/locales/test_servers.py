"""Which language a server is told in, and what says so."""

import pytest

from cogs.locales import speaking
from cogs.locales.servers import ServerLanguage, Source, language_of
from tests.cogs.stage import Stage


@pytest.mark.parametrize(
    ("locale", "chosen", "expected"),
    [
        (None, None, ServerLanguage("en", Source.DEFAULT)),
        (None, "ja", ServerLanguage("ja", Source.CHOSEN)),
        (None, "en", ServerLanguage("en", Source.CHOSEN)),
        ("ja", None, ServerLanguage("ja", Source.PRIMARY)),
        ("ja", "en", ServerLanguage("en", Source.CHOSEN)),
        ("en-US", None, ServerLanguage("en", Source.PRIMARY)),
        ("en-GB", None, ServerLanguage("en", Source.PRIMARY)),
        ("fr", None, ServerLanguage("en", Source.UNSPOKEN)),
        ("ja", "tlh", ServerLanguage("ja", Source.PRIMARY)),  # of an import, or of a catalogue that is gone
        (None, "../ja", ServerLanguage("en", Source.DEFAULT)),
    ],
)
async def test_a_choice_goes_before_what_discord_has_where_that_is_one(
    stage: Stage, locale: str | None, chosen: str | None, expected: ServerLanguage
) -> None:
    if locale is not None:
        stage.speak_in(stage.here, locale)
    assert language_of(stage.bot.get_guild(stage.here.guild.id), chosen) == expected


def test_a_server_that_is_not_there_is_told_in_what_it_chose() -> None:
    assert language_of(None, "ja") == ServerLanguage("ja", Source.CHOSEN)
    assert language_of(None, None) == ServerLanguage("en", Source.DEFAULT)


def test_a_language_is_to_be_chosen_where_nobody_could_and_another_one_is_spoken() -> None:
    for locale, wanted in (("ja", True), ("en-US", False), ("fr", False)):
        with speaking(locale):
            assert ServerLanguage().to_be_chosen is wanted
            assert not any(ServerLanguage("en", one).to_be_chosen for one in Source if one is not Source.DEFAULT)
