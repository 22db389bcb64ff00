"""The demo ingests a file of each kind, as its moderator drops them in."""

from pathlib import Path

import pytest

from bot.config import Config
from bot.demo import staged
from cogs.correcting import HELD_SECONDS
from tests.cogs.stage import shown
from tests.store.formats.test_samples import NAMES, SAMPLES


@pytest.mark.timeout(180)
async def test_the_demos_moderator_can_ingest_one_of_each(tmp_path: Path) -> None:
    async with staged(Config(check_seconds=3600), tmp_path / "demo.db") as stage:
        for number, name in enumerate(NAMES):
            data = (SAMPLES / name).read_bytes()
            said = shown(await stage.moderator.slash(stage.channel, "ingest", file=(name, data)))
            assert said.startswith(("### New transcript", "### Transcript replaced", "### Unchanged")), name
            assert "-# Read as" in said, name
            if number % 10 == 9:
                await stage.env.advance_time(HELD_SECONDS + 1)  # forms that stay open slow each command down
        assert not stage.env.errors
        answer = await stage.member.slash(stage.channel, "ask", question="where is the key", speaker="AMY")
        assert "*AMY:* Where is the **key**?" in shown(answer)
