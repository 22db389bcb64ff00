"""What people read stands in the code as a catalogue can hold it: whole, and as a literal."""

import ast

from tests.cogs.locales.messages import calls, written


def is_made(node: ast.expr) -> bool:
    """Whether a text is put together where it is said, so that no catalogue can hold it."""
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}
    )


def test_no_sentence_is_put_together_where_it_is_said() -> None:
    wrong = [f"{place}:{node.lineno}" for place, node, count in calls() if any(map(is_made, node.args[:count]))]
    assert wrong == []


def test_sentences_are_found_wherever_they_stand() -> None:
    found = {one.text for one in written()}
    assert "That transcript is no longer in this library." in found  # a constant
    assert "-# asked by {member}" in found  # in a condition
    assert "the cue ends before it starts; it was kept at its start." in found
