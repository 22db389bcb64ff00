"""`Config` from a TOML file and the environment; whatever is wrong with it is one sentence that names the key."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from bot.errors import ConfigError
from store.meaning.encoder import ENCODERS, EXTRA, Encoder, installed
from store.models import Limits

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("text", "json")
ADDRESS = re.compile(r"(\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<host>[0-9A-Za-z.-]+)):(?P<port>[0-9]{1,5})")
DEFAULT_PATH = Path("config.toml")
KEYS = (
    "database",
    "token_file",
    "log_level",
    "log_format",
    "limits.file_megabytes",
    "limits.cues",
    "limits.feeds",
    "limits.feed_megabytes",
    "limits.archive_megabytes",
    "limits.archive_files",
    "limits.question_characters",
    "limits.quotes",
    "limits.questions",
    "limits.question_seconds",
    "limits.subscriptions",
    "limits.alerts",
    "limits.posts_per_hour",
    "limits.index_megabytes",
    "search.workers",
    "search.meaning",
    "insights.enabled",
    "notifications.check_seconds",
    "notifications.pause_seconds",
    "privacy.erase_after_days",
    "commands.guilds",
    "backup.every",
    "backup.keep",
    "backup.folder",
    "metrics.listen",
)
UNITS = {"m": 60, "h": 3600, "d": 86_400}  # seconds
BACKUP_LOW, BACKUP_HIGH = 600, 90 * 86_400  # seconds between two backups
SECTIONS = {key.partition(".")[0] for key in KEYS if "." in key}


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the operator may set; times in seconds."""

    database: Path = Path("verbatim.db")
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    log_level: str = "INFO"
    log_format: str = "text"
    limits: Limits = field(default_factory=Limits)
    workers: int = 0
    meaning: str = ""
    insights: bool = True
    check_seconds: float = 1.0
    pause_seconds: float = 1.0
    erase_after_days: int = 30
    guilds: tuple[int, ...] = ()
    backup_every: float = 0.0  # 0: never
    backup_keep: int = 7
    backup_folder: Path | None = None
    listen: tuple[str, int] | None = None  # where metrics and health are served

    @property
    def backups(self) -> Path:
        """The folder of the backups: the one that is set, or else `backups` beside the database."""
        return self.backup_folder or self.database.parent / "backups"

    @property
    def encoder(self) -> Encoder | None:
        """What makes sentence vectors, where that is on; nothing of it is loaded yet."""
        return ENCODERS[self.meaning]() if self.meaning else None

    def required_token(self) -> str:
        """Return the bot's token, from the environment or else from the token file.

        Raises:
            ConfigError: there is none, or its file can't be read.
        """
        if self.token:
            return self.token
        if self.token_file is None:
            raise ConfigError(
                "There is no bot token: set DISCORD_TOKEN, or name a file with it as token_file; `init` does so."
            )
        try:
            token = self.token_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"The token file {self.token_file} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"The token file {self.token_file} isn't UTF-8 text.") from error
        if not token:
            raise ConfigError(f"The token file {self.token_file} is empty: copy the bot's token into it.")
        return token


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read the configuration; without `path`, `config.toml` where it exists, else the defaults.

    Paths inside the file are relative to the file's folder.

    Raises:
        ConfigError: the file can't be read, or a key is unknown, of the wrong type or out of range.
    """
    given = path if path is not None else DEFAULT_PATH if DEFAULT_PATH.exists() else None
    values: dict[str, object] = {}
    if given is not None:
        try:
            with given.open("rb") as file:
                values = _flat(tomllib.load(file))
        except OSError as error:
            raise ConfigError(f"The config file {given} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"The config file {given} isn't UTF-8 text.") from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"The config file {given} isn't valid TOML: {error}.") from error
    return _config(values, given, environ)


def interval(text: str) -> int | None:
    """Return the seconds of a text such as `24h`; None where it is none."""
    found = re.fullmatch(r"([0-9]{1,6})\s?([mhd])", text.strip())
    return int(found[1]) * UNITS[found[2]] if found else None


def _config(values: Mapping[str, object], path: Path | None, environ: Mapping[str, str]) -> Config:
    for key in values:
        if key == "token":
            raise ConfigError("The token doesn't belong in the config file: set DISCORD_TOKEN or name a token_file.")
        if key in SECTIONS:
            raise ConfigError(f"{key} is a section with keys of its own: write [{key}].")
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0)
            raise ConfigError(f"Unknown key {key} in {path}; the nearest known one is {near[0]}.")
    given = _Given(values, path.parent if path else Path())
    default = Config()
    return Config(
        database=given.path("database", default.database),
        token=environ.get("DISCORD_TOKEN", "").strip() or None,
        token_file=_token_file(environ) or given.path("token_file", None),
        log_level=given.one_of("log_level", default.log_level, LOG_LEVELS),
        log_format=given.one_of("log_format", default.log_format, LOG_FORMATS),
        limits=Limits(
            file_bytes=int(given.number("limits.file_megabytes", 25, low=0.01, high=25) * 2**20),
            cues=given.whole("limits.cues", 100_000, low=100, high=1_000_000),
            archive_bytes=given.whole("limits.archive_megabytes", 200, low=1, high=2000) * 2**20,
            archive_files=given.whole("limits.archive_files", 2000, low=1, high=20_000),
            question_characters=given.whole("limits.question_characters", 400, low=10, high=400),
            quotes=given.whole("limits.quotes", 5, low=1, high=5),
            questions=given.whole("limits.questions", 5, low=1, high=1000),
            question_seconds=given.number("limits.question_seconds", 10, low=1, high=3600),
            subscriptions=given.whole("limits.subscriptions", 25, low=1, high=500),
            alerts=given.whole("limits.alerts", 1000, low=0, high=100_000),
            posts_per_hour=given.whole("limits.posts_per_hour", 10, low=1, high=100),
            feeds=given.whole("limits.feeds", 25, low=0, high=500),
            feed_bytes=given.whole("limits.feed_megabytes", 20, low=1, high=200) * 2**20,
            index_bytes=given.whole("limits.index_megabytes", 64, low=1, high=65_536) * 2**20,
        ),
        workers=given.whole("search.workers", default.workers, low=0, high=16),
        meaning=given.meaning(default.meaning),
        insights=given.truth("insights.enabled", default.insights),
        check_seconds=given.number("notifications.check_seconds", default.check_seconds, low=0.5, high=60),
        pause_seconds=given.number("notifications.pause_seconds", default.pause_seconds, low=0, high=60),
        erase_after_days=given.whole("privacy.erase_after_days", default.erase_after_days, low=0, high=3650),
        guilds=given.guilds(),
        backup_every=given.every("backup.every", default.backup_every, low=BACKUP_LOW, high=BACKUP_HIGH),
        backup_keep=given.whole("backup.keep", default.backup_keep, low=1, high=1000),
        backup_folder=given.path("backup.folder", None),
        listen=given.address("metrics.listen"),
    )


def _token_file(environ: Mapping[str, str]) -> Path | None:
    """Return where whoever runs a service puts the token: a container's secret, a credential of systemd."""
    name = environ.get("DISCORD_TOKEN_FILE", "").strip()
    return Path(name) if name else None


class _Given:
    """The file's values by dotted key, each checked as it is taken."""

    def __init__(self, values: Mapping[str, object], folder: Path) -> None:
        self._values = values
        self._folder = folder

    @overload
    def path(self, key: str, default: Path) -> Path: ...
    @overload
    def path(self, key: str, default: None) -> Path | None: ...
    def path(self, key: str, default: Path | None) -> Path | None:
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"{key} must be a path in quotes.")
        try:
            path = self._folder / Path(value).expanduser()
            path.exists()
        except (OSError, RuntimeError, ValueError) as error:
            raise ConfigError(f"{key} isn't a path that can be used: {error}.") from error
        return path

    def one_of(self, key: str, default: str, known: Sequence[str]) -> str:
        value = self._values.get(key, default)
        for one in known:
            if isinstance(value, str) and value.casefold() == one.casefold():
                return one
        raise ConfigError(f"{key} must be one of {', '.join(known)}.")

    def meaning(self, default: str) -> str:
        value = self._values.get("search.meaning", default)
        if not isinstance(value, str) or value not in {"", *ENCODERS}:
            known = " or ".join(f'"{name}"' for name in ("", *ENCODERS))
            raise ConfigError(f"search.meaning must be {known}.")
        if value and not installed(value):
            raise ConfigError(
                f"search.meaning is \"{value}\", but that isn't installed: run `pip install 'verbatim-bot[{EXTRA}]'`."
            )
        return value

    def guilds(self) -> tuple[int, ...]:
        value = self._values.get("commands.guilds", [])
        if not isinstance(value, list) or not all(type(item) is int and 0 < item < 2**63 for item in value):
            raise ConfigError("commands.guilds must be a list of server ids, such as [123456789012345678].")
        return tuple(dict.fromkeys(value))

    def every(self, key: str, default: float, *, low: float, high: float) -> float:
        """Return seconds, of a text such as "24h"; 0 for an empty one, which means never."""
        if (value := self._values.get(key)) is None:
            return default
        seconds = interval(value) if isinstance(value, str) else None
        if value != "" and (seconds is None or not low <= seconds <= high):
            raise ConfigError(
                f'{key} must be "" for never, or a time such as "30m", "24h" or "7d", from {low / 60:g} minutes to '
                f"{high / 86_400:g} days."
            )
        return seconds or 0

    def address(self, key: str) -> tuple[str, int] | None:
        value = self._values.get(key, "")
        if value == "":
            return None
        found = ADDRESS.fullmatch(value) if isinstance(value, str) else None
        if found is None or not 1 <= int(found["port"]) <= 65535:
            raise ConfigError(f'{key} must be an address with a port, such as "127.0.0.1:9464", or "" for none.')
        return found["ipv6"] or found["host"], int(found["port"])

    def number(self, key: str, default: float, *, low: float, high: float) -> float:
        value = self._values.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise ConfigError(f"{key} must be a number from {low:g} to {high:g}.")
        return value

    def truth(self, key: str, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise ConfigError(f"{key} must be true or false.")
        return value

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        value = self._values.get(key, default)
        if type(value) is not int or not low <= value <= high:
            raise ConfigError(f"{key} must be a whole number from {low} to {high}.")
        return value


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
