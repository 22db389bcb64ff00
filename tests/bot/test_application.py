"""The bot's application: what a token says of it, and the link that invites it."""

import base64
from pathlib import Path

import pytest

from bot.application import PERMISSIONS, application_id, invitation

ID = 123456789012345678
REST = f".GaBcDe.{'x' * 38}"


def first(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("id_", [1234567890123456, ID, 99999999999999999999])
def test_a_tokens_first_part_is_its_applications_id(id_: int) -> None:
    assert application_id(first(str(id_)) + REST) == id_


@pytest.mark.parametrize(
    "token",
    [
        "",
        "....",
        "ü.ü.ü",
        first(str(ID)),
        f"{first(str(ID))}.a.b",
        f" {first(str(ID))}{REST}",
        f"{first('123')}{REST}",
        f"{first('0' * 18)}{REST}",
        f"not-an-id-not-an-id-not-{REST}",
        f"x{first(str(ID))}{REST}",
    ],
)
def test_what_is_no_token_is_of_no_application(token: str) -> None:
    assert application_id(token) is None


def test_the_link_asks_for_the_permissions_that_the_readme_names() -> None:
    link = invitation(ID).replace(str(ID), "YOUR_ID")
    assert link in (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert str(PERMISSIONS) in link
