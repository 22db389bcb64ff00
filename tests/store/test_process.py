"""What is set for the whole process, by opening a library."""

import gc
import sys
from pathlib import Path

from store.library import Library
from store.process import COLLECTED, SWITCH


async def test_an_opened_library_has_set_it(tmp_path: Path) -> None:
    sys.setswitchinterval(0.005)
    gc.set_threshold(700, 10, 10)
    async with Library.opened(tmp_path / "verbatim.db"):
        assert round(sys.getswitchinterval(), 6) == SWITCH
        assert gc.get_threshold() == COLLECTED
