"""A forum's post: its title and the tags of the forum that fit."""

from dataclasses import replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.rendering.announcements import forum_tags, post_title, post_title_together
from store.models import Details, Told
from tests.cogs.rendering.test_announcements import BREAD, DETAILS, GONE, TOLD


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("How bread rises", "How bread rises"),
        ("  two\n lines ", "two lines"),
        ("*bold* <@1>", "*bold* <@1>"),
        ("x" * 5000, f"{'x' * 99}…"),
        ("", "New transcript"),
        ("\u200b\u2069 ", "New transcript"),
    ],
)
def test_a_forums_post_is_titled_as_its_transcript(title: str, named: str) -> None:
    assert post_title(Told("before it was edited", replace(BREAD, details=Details(title)))) == named


def test_the_title_of_a_forums_post_says_that_its_transcript_was_removed() -> None:
    assert post_title(Told("How bread rises", None)) == "[removed] How bread rises"
    assert post_title(Told("x" * 200, None)) == f"[removed] {'x' * 89}…"


@given(st.text(max_size=300), st.lists(st.builds(Told, st.text(max_size=300), st.none() | st.just(BREAD)), max_size=4))
def test_every_title_of_a_post_is_one_that_discord_takes(title: str, some: list[Told]) -> None:
    for written in (post_title(Told(title, None)), post_title_together(some, heading=title)):
        assert 1 <= len(written) <= 100
        assert written.strip()


def test_a_forums_post_of_many_is_titled_by_its_heading_and_what_is_in_it() -> None:
    assert post_title_together([TOLD, GONE, TOLD], heading="3 new") == "3 new: How bread rises, How bread rises"
    assert post_title_together([GONE], heading="1 new") == "1 new"


def tag(name: str, *, moderated: bool = False) -> discord.ForumTag:
    return discord.ForumTag(name=name, moderated=moderated)


def test_a_forums_tags_are_those_that_name_what_a_transcript_has() -> None:
    available = [tag(name) for name in ("German", "BAKING", "news", "ada  miller", "the bakery", "baking")]
    assert [found.name for found in forum_tags(TOLD, available)] == ["BAKING", "ada  miller", "the bakery", "German"]
    assert forum_tags(TOLD, []) == []
    assert forum_tags(GONE, available) == []


def test_a_post_has_five_tags_at_most_and_each_once() -> None:
    names = [f"t{at}" for at in range(20)]
    entry = replace(BREAD, details=replace(DETAILS, tags=("t9", "T9", *names)))
    found = forum_tags(Told("t", entry), [tag(name) for name in names])
    assert [one_of.name for one_of in found] == ["t9", "t0", "t1", "t2", "t3"]


def test_a_moderated_tag_is_set_only_by_who_may() -> None:
    available = [tag("baking", moderated=True), tag("Ada Miller")]
    assert [found.name for found in forum_tags(TOLD, available)] == ["Ada Miller"]
    assert [found.name for found in forum_tags(TOLD, available, moderated=True)] == ["baking", "Ada Miller"]
