"""The metadata block between two `---` lines → strings and lists of strings.

Every value stays a string (YAML's base loader): a title `1984` is not a number and `no` is not a bool. Values pasted
between double quotes without escaping make the YAML invalid; then the block is read line by line and what could not
be read is said. A file is never refused for its front matter.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import yaml

from store.formats.oddities import Oddities

MAX_YAML = 64 * 1024  # deeply nested or huge YAML is slow; such a block is read line by line
LONGEST_KEY = 200  # characters with which a line's key is over
Fields = dict[str, str | list[str]]

_KEY = re.compile(r"([A-Za-z_][\w -]{0,63}):(?:[ \t]+(.*))?")
_LIKE_KEY = re.compile(r"([\"']?)([^\W\d][\w .-]{0,63})\1[ \t]*:(?:[ \t]|$)")
_OURS = {"title", "video_id", "video_url", "url", "speaker", "channel", "date", "tags", "language", "chapters"}
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")


def split(lines: list[str]) -> tuple[int, int] | None:
    """Return the first and the end line number (from 0) of the block's content, or None where there is no block."""
    start = next((i for i, line in enumerate(lines) if line.strip()), None)
    if start is None or lines[start].rstrip() != "---":
        return None
    for i in range(start + 1, len(lines)):
        if lines[i].rstrip() in {"---", "..."}:
            return (start + 1, i) if _has_keys(lines[start + 1 : i]) else None
    return None


def _has_keys(lines: Sequence[str]) -> bool:
    """Whether lines between two `---` are blank or comments, have a key of ours, or are keys and what belongs to them.

    That is, half of them, or all as YAML has it. A name with a capital that comes again is a speaker's, and what
    follows it words.
    """
    keys: Counter[str] = Counter()
    read = total = 0
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        total += 1
        if match := _LIKE_KEY.match(line[:LONGEST_KEY]):
            keys[match[2].rstrip()] += 1
        read += match is not None or (bool(keys) and (line[0] in " \t" or _ITEM.fullmatch(line) is not None))
    if not total or not _OURS.isdisjoint(keys):
        return True
    if any(count > 1 and key[0].isupper() for key, count in keys.items()):
        return False
    return (bool(keys) and 2 * read >= total) or _is_mapping("\n".join(lines))


@lru_cache(maxsize=4)
def _is_mapping(text: str) -> bool:
    """Whether a text is a mapping in YAML, with a key that is no time."""
    if len(text) > MAX_YAML:
        return False
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):
        return False
    return isinstance(loaded, dict) and any(any(map(str.isalpha, str(key))) for key in loaded)


def read(lines: list[str], *, first_line: int, oddities: Oddities) -> Fields:
    """Read the block's lines; `first_line` is the number of its first line in the file, from 1."""
    text = "\n".join(lines)
    if len(text) > MAX_YAML:
        oddities.note("the front matter is very long; it was read line by line.", first_line)
        return _by_line(lines, first_line, oddities)
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + min(mark.line, max(len(lines) - 1, 0)) if mark else first_line
        oddities.note(
            "the front matter isn't valid YAML (often a quote inside quotes); it was read line by line.", line
        )
        return _by_line(lines, first_line, oddities)
    except (RecursionError, ValueError, OverflowError):  # the last two: an escape that is no character
        oddities.note("the front matter isn't valid YAML; it was read line by line.", first_line)
        return _by_line(lines, first_line, oddities)
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, dict):
        oddities.note("the front matter has no `key: value` lines; it was left out.", first_line)
        return {}
    return {str(key): _plain(value) for key, value in loaded.items()}


def _plain(value: object) -> str | list[str]:
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return value if isinstance(value, str) else ""


def _by_line(lines: list[str], first_line: int, oddities: Oddities) -> Fields:
    fields: Fields = {}
    key: str | None = None
    block = False  # inside `key: |`, whose lines belong to the value
    for number, line in enumerate(lines, start=first_line):
        indented = line[:1] in {" ", "\t"}
        item = _ITEM.fullmatch(line)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if block and indented and key is not None:
            fields[key] = f"{fields[key]}\n{line.strip()}".strip()
        elif item and key is not None and not fields[key]:
            fields[key] = [_unquoted(item[1])]
        elif item and key is not None and isinstance(values := fields[key], list):
            values.append(_unquoted(item[1]))
        elif not indented and (match := _KEY.fullmatch(line)):
            key, value = match[1].strip(), (match[2] or "").strip()
            block = value in {"|", ">", "|-", ">-", "|+", ">+"}
            fields[key] = "" if block else _inline(value)
        else:
            oddities.note("this line of the front matter could not be read.", number)
    return fields


def _inline(value: str) -> str | list[str]:
    if value.startswith("[") and value.endswith("]"):
        return [part for part in (_unquoted(part) for part in value[1:-1].split(",")) if part]
    return _unquoted(value)


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace('\\"', '"') if value[0] == '"' else value[1:-1].replace("''", "'")
    return value
