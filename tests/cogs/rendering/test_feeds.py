"""Podcasts' feeds as messages."""

from dataclasses import replace

import pytest

from cogs.locales import speaking
from cogs.locales.catalogues import LANGUAGES
from cogs.rendering import feeds
from store.errors import FeedError
from store.feeds.bringing import Looked
from store.models import Followed, Ingested, Outcome
from store.sentences import sentence
from tests.cogs.locales.leftovers import english
from tests.cogs.rendering.made import assert_within_limits, texts
from tests.cogs.rendering.test_listings import BREAD

RIVER = Followed(
    id=1,
    guild_id=1,
    url="https://river.example/feed",
    title="川",
    channel_id=None,
    by=None,
    include_recent=0,
    checked_at=1_700_000_000.0,
    next_at=1_700_003_600.0,
    failures=0,
    last_error=None,
    told=False,
    episodes=2,
    removed=0,
    unread=0,
    error=None,
)
LONG = replace(RIVER, title="*" * 300, removed=10**6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_feeds_and_what_they_brought_are_within_discords_limits(language: str) -> None:
    entry = replace(BREAD, details=replace(BREAD.details, title="_" * 300))
    episodes = [("~" * 300, sentence("|" * 300))] * 20
    looked = Looked(LONG, [Ingested(Outcome.NEW, entry)] * 20, episodes, episodes, episodes)
    failing = replace(LONG, failures=3, last_error=sentence("|" * 300))
    with speaking(language):
        for view in (
            feeds.listed((failing, replace(LONG, unread=9, error=sentence("|" * 300))) * 30),
            feeds.followed(looked),
            feeds.looked(looked),
            feeds.unfollowed(LONG),
            feeds.failing(LONG, FeedError("|" * 600)),
        ):
            assert_within_limits(view)


def test_feeds_are_told_of_in_japanese() -> None:
    failing = replace(RIVER, failures=3, last_error=sentence("壊れています。"), removed=1)
    unread = replace(RIVER, checked_at=None, unread=1, error=sentence("空です。"))
    with speaking("ja"):
        assert texts(feeds.listed((failing, unread)))[1].splitlines() == [
            "- **川** · 2件のエピソードを取り込み済み · その後1件を削除 · <t:1700000000:R>に確認",
            "  -# 失敗中：壊れています。<t:1700003600:R>に再試行します",
            "- **川** · 2件のエピソードを取り込み済み · 未確認",
            "  -# 1件のエピソードを読み取れません：空です。<t:1700003600:R>に再試行します",
        ]
        brought = [Ingested(outcome, BREAD) for outcome in Outcome]
        looked = Looked(
            RIVER, brought * 3, [("岸", sentence("空"))] * 9, [("岸", sentence("空"))], [("岸", sentence("空"))]
        )
        views = [
            feeds.followed(looked),
            feeds.looked(looked),
            feeds.looked(Looked(RIVER)),
            feeds.unfollowed(RIVER),
            feeds.failing(RIVER, FeedError("空")),
            feeds.listed(()),
            feeds.listed((RIVER,) * 100),
        ]
    assert [found for view in views for found in english("\n".join(texts(view)), ["How bread rises"])] == []
