"""`init`: four questions, and the configuration and the token's file that answer them.

Nothing is written before the last answer; then each file is written whole under another name, which only the owner may
read, and moved to its place. The token is only looked at: Discord isn't asked.
"""

import getpass
import json
import os
import re
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from bot.application import TOKEN, application_id, invitation
from bot.config import BACKUP_HIGH, BACKUP_LOW, DEFAULT_PATH, interval, load
from bot.errors import ConfigError, RunError
from bot.options import program

TOKEN_FILE = "token.txt"
SERVER = re.compile(r"[1-9][0-9]{4,18}")

BEGIN = """\
Four questions, and {config} is written. Enter takes what stands in brackets; Ctrl-C writes nothing.
"""
ASK_TOKEN = """
1. The bot's token: https://discord.com/developers/applications → your application → Bot → Reset Token.
   It isn't shown while you paste it, and goes into {file}, which only you may read.
   Token [none: it will be in DISCORD_TOKEN]: """
ASK_DATABASE = """
2. The file that will hold everything: transcripts, their index, what is still to be announced.
   Database [{default}]: """
ASK_SERVERS = """
3. Discord shows the commands in every server that invites the bot, or only in those with these ids (to try it out).
   Servers, with spaces between them [every]: """
ASK_BACKUP = """
4. How often the running bot backs the database up, into the folder "backups" beside it, such as 12h or 7d; or never.
   Backups every [24h]: """

T = TypeVar("T")


class NotSoError(Exception):
    """An answer that can't be taken; the text says why."""


def init(path: Path | None) -> int:
    """Ask, write the configuration to `path` and the token beside it, and say what is next.

    Raises:
        ConfigError: without a terminal, an answer can't be taken.
        RunError: the files may not be replaced or can't be written, or the answers end before the last one.
    """
    config = path if path is not None else DEFAULT_PATH
    token_file = config.with_name(TOKEN_FILE)
    if not config.parent.is_dir():
        raise RunError(f"The folder {config.parent} isn't there; make it first.")
    try:
        for file in (config, token_file):
            if file.exists() and not _asked(f"{file} is there already. Write it anew? [no]: ", _is_yes):
                raise RunError(f"{file} stays as it is; nothing was written.")
        _say(BEGIN.format(config=config))
        token = _asked(ASK_TOKEN.format(file=token_file), _token, hidden=True)
        database = _asked(ASK_DATABASE.format(default="verbatim.db"), lambda typed: _database(typed, config.parent))
        servers = _asked(ASK_SERVERS, _servers)
        every = _asked(ASK_BACKUP, _every)
    except EOFError:
        raise RunError("The answers ended before the last one; nothing was written.") from None
    except KeyboardInterrupt:
        _say("\nNothing was written.")
        raise
    files = {config: _config(token=bool(token), database=database, servers=servers, every=every)}
    if token:
        files[token_file] = f"{token}\n"
    _write(files)
    _say(_next(config, token_file if token else None, token))
    return 0


def _token(typed: str) -> str:
    token = typed.strip("\"'").removeprefix("Bot ").strip()
    if not token:
        return ""
    if TOKEN.fullmatch(token) is None:
        what = "three parts with dots between them"
        if re.fullmatch(r"[0-9]{16,20}", token):
            what += "; this is an id"
        elif re.fullmatch(r"[0-9a-f]{64}", token):
            what += "; this is the application's public key"
        elif "." not in token:
            what += "; the client secret is another thing"
        raise NotSoError(f"That is no bot's token, which has {what}.")
    if application_id(token) is None:
        raise NotSoError("That is no bot's token: its first part isn't an application's id; copy it anew, all of it.")
    return token


def _database(typed: str, folder: Path) -> str:
    name = typed or "verbatim.db"
    if not name.isprintable():
        raise NotSoError("That can't be a file's name.")
    try:
        path = folder / Path(name).expanduser()
        if path.is_dir() or name.endswith(("/", os.sep)):
            raise NotSoError(f"{name} is a folder; name a file in it, such as {Path(name) / 'verbatim.db'}.")
        if not path.parent.is_dir():
            raise NotSoError(f"The folder {path.parent} isn't there; make it first, or choose another one.")
    except (OSError, RuntimeError, ValueError) as error:
        raise NotSoError(f"That path can't be used: {error}.") from error
    return name


def _servers(typed: str) -> list[int]:
    ids = [] if typed.casefold() in {"every", "all"} else re.split(r"[\s,;]+", typed) if typed else []
    if wrong := [id_ for id_ in ids if SERVER.fullmatch(id_) is None or int(id_) >= 2**63]:
        raise NotSoError(
            f"{wrong[0]} is no server's id, a number such as 123456789012345678 (Settings → Advanced → Developer Mode, "
            "then right-click the server)."
        )
    return [int(id_) for id_ in dict.fromkeys(ids)]


def _every(typed: str) -> str:
    answer = (typed or "24h").casefold()
    if answer in {"never", "no", "0", "off"}:
        return ""
    if (seconds := interval(answer)) is None:
        raise NotSoError("Say how many minutes, hours or days, such as 30m, 24h or 7d, or never.")
    if not BACKUP_LOW <= seconds <= BACKUP_HIGH:
        raise NotSoError("Say a time from 10 minutes to 90 days, or never.")
    return answer.replace(" ", "")


def _is_yes(typed: str) -> bool:
    return typed.casefold() in {"y", "yes"}


def _asked(question: str, taken: Callable[[str], T], *, hidden: bool = False) -> T:
    """Ask until there is an answer that can be taken; where nobody can be asked again, once.

    Raises:
        ConfigError: it can't be taken.
        EOFError: there is none.
    """
    while True:
        try:
            return taken(_answer(question, hidden=hidden))
        except NotSoError as error:
            if not sys.stdin.isatty():
                raise ConfigError(f"{error} Nothing was written.") from error
            _say(f"   {error}")


def _answer(question: str, *, hidden: bool) -> str:
    if sys.stdin.isatty():
        return (getpass.getpass(question) if hidden else input(question)).strip()
    sys.stdout.write(question)
    line = sys.stdin.readline()
    _say("")
    if not line:
        raise EOFError
    return line.strip()


def _config(*, token: bool, database: str, servers: list[int], every: str) -> str:
    """Return the configuration's text: what was answered, and where everything else is said."""
    lines = [
        "# Verbatim's configuration. What else may stand here, with its defaults, stands in config.example.toml.",
        "# Paths are relative to this file.",
        "",
        "# The one file that holds every transcript, its index and what is still to be announced.",
        f"database = {_quoted(database)}",
        "",
        "# The file that holds the bot's token and nothing else; DISCORD_TOKEN, where set, wins.",
        f"{'' if token else '# '}token_file = {_quoted(TOKEN_FILE)}",
        "",
        "[commands]",
        "# The servers in which the commands are registered; without this line, everywhere.",
        f"guilds = {servers}" if servers else "# guilds = [123456789012345678]",
        "",
        "[backup]",
        '# How often the running bot backs the database up by itself, such as "24h"; "" never.',
        f"every = {_quoted(every)}",
    ]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # of printable characters, TOML's string is JSON's


def _write(files: dict[Path, str]) -> None:
    """Write files, each whole or not at all, and no one of them where another one can't be written.

    Raises:
        RunError: they can't be written.
        ConfigError: what would be written is no configuration.
    """
    written: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # with O_EXCL and mode 600
            written[path] = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if path.name != TOKEN_FILE:
                load(written[path], {})
                written[path].chmod(0o644)  # it holds no secret, and the service may run as another user
        for path, whole in written.items():
            whole.replace(path)
    except OSError as error:
        raise RunError(f"The files can't be written: {error.strerror}; nothing was written.") from error
    finally:
        for whole in written.values():
            with suppress(OSError):
                whole.unlink()


def _next(config: Path, token_file: Path | None, token: str) -> str:
    lines = ["", f"Written: {config}" + (f", and {token_file} (mode 600)." if token_file else ".")]
    if (every_key := example()) is not None:
        lines.append(f"What else may stand in it: {every_key}")
    if (id_ := application_id(token)) is not None:
        lines.append(f"Invite the bot, if it isn't in your server yet: {invitation(id_)}")
    given = "" if config == DEFAULT_PATH else f" --config {config}"
    before = "" if token_file else "DISCORD_TOKEN=… "
    lines.append(f"Then start it: {before}{program()}{given} run")
    return "\n".join([*lines, "In Discord, `/ingest` a transcript, and `/ask`."])


def example() -> Path | None:
    """Return where the configuration with every key is: in the checkout, or where it was installed."""
    places = (Path(__file__).parents[1], Path(sysconfig.get_path("data")) / "share" / "verbatim-bot")
    return next((file for place in places if (file := place / "config.example.toml").exists()), None)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
