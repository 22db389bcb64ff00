"""Every sentence in the code comes into the catalogues: those that Babel's reader doesn't see would stay English."""

import ast
from collections.abc import Iterator

from tests.cogs.locales.messages import REPOSITORY, written

SAYING = {"gettext": 1, "ngettext": 2, "sentence": 1, "counted": 2}  # with how many first arguments that are messages


def said() -> Iterator[tuple[str, ast.expr]]:
    """Yield each message that the code says, with where that is."""
    for package in ("cogs", "store"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                    for argument in node.args[: SAYING[node.func.id]]:
                        yield f"{path.relative_to(REPOSITORY)}:{node.lineno}", argument


def test_every_message_is_seen() -> None:
    seen = {text for message in written() for text in (message.text, message.many)}
    messages = [(place, argument.value) for place, argument in said() if isinstance(argument, ast.Constant)]
    assert messages
    assert [(place, text) for place, text in messages if text not in seen] == []


def test_no_message_is_made_of_pieces() -> None:
    joined = [place for place, argument in said() if isinstance(argument, (ast.JoinedStr, ast.BinOp))]
    assert joined == []
