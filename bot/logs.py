"""What the running bot logs, on stderr: lines of text, or of JSON; each says which interaction it is about.

Rotation is left to whatever takes stderr: systemd's journal, Docker, logrotate.
"""

import copy
import logging

import discord
from pythonjsonlogger.json import JsonFormatter

from cogs.interactions import passing


def begin(level: str, form: str) -> None:
    """Log what is of a level, such as INFO, in text or json."""
    handler = logging.StreamHandler()
    discord.utils.setup_logging(handler=handler, level=logging.getLevelNamesMapping()[level])
    if form == "json":
        handler.setFormatter(Lines())
    else:
        assert handler.formatter is not None
        handler.setFormatter(Referring(handler.formatter))
    logging.captureWarnings(capture=True)


class Referring(logging.Formatter):
    """Writes records as discord.py does, in colours on a terminal, with the reference of their interaction."""

    def __init__(self, plain: logging.Formatter) -> None:
        super().__init__()
        self._plain = plain

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        if (one := passing()) is not None:
            record = copy.copy(record)
            record.name = f"{record.name} [{one.reference}]"
        return self._plain.format(record)


class Lines(JsonFormatter):
    """Writes each record as one line of JSON: `time` (UTC), `level`, `logger`, `message` and, of errors, `exception`.

    What is about an interaction has its reference as `interaction`, and its server as `guild`.
    """

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        """Add the interaction."""
        if (one := passing()) is not None:
            log_data["interaction"] = one.reference
            if one.guild_id is not None:
                log_data["guild"] = str(one.guild_id)  # more digits than a number of JSON's keeps
        return super().process_log_record(log_data)
