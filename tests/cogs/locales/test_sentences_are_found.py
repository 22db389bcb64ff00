"""What people read stands in the code as a catalogue can find it: whole, and as a literal."""

import ast
from collections.abc import Iterator

import pytest

from tests.cogs.locales.messages import REPOSITORY, errors

SAYING = {"gettext": 1, "ngettext": 2, "sentence": 1, "counted": 2}


def calls(package: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Yield every call in a package by its place, with the name that is called."""
    for path in sorted((REPOSITORY / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield f"{path.relative_to(REPOSITORY)}:{node.lineno}", node.func.id, node


def is_made(node: ast.expr) -> bool:
    """Whether a text is put together where it is said, so that no catalogue can hold it."""
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}
    )


@pytest.mark.parametrize("package", ["store"])
def test_no_sentence_is_put_together_where_it_is_said(package: str) -> None:
    wrong = []
    for place, name, node in calls(package):
        if name in {one.__name__ for one in errors()} and node.args and is_made(node.args[0]):
            wrong.append(place)
        if name in SAYING and any(map(is_made, node.args[: SAYING[name]])):
            wrong.append(place)
    assert wrong == []
