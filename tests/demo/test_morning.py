"""The recorded morning: what it holds, and that its expected alerts do not hang on the order of arrival."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.demo.documents import item_of_url, published_at
from worker.demo.morning import DemoItem, Morning, load_morning
from worker.examining import Examined, examine
from worker.grouping.decide import plan_alerts
from worker.grouping.stories import StoryWindow, assign_story
from worker.models.alert import Grouped, History, Told
from worker.models.news import Article, ArticleId, FeedId, StoryId
from worker.models.rules import AlertRules
from worker.models.watch import WatchId, Watchlist
from worker.settings.load import catalogue_of, read_watchlist
from worker.wiring import language_for

BEGAN = datetime(2026, 11, 24, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def morning() -> Morning:
    return load_morning()


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return read_watchlist(Path("config/watches"))


def an_article(item: DemoItem, *, edited: bool) -> Article:
    text = item.edited if edited and item.edited else item.first
    return Article(
        id=ArticleId(item.id),
        feed_id=FeedId(item.outlet),
        outlet=item.outlet,
        url=f"https://example.test/{item.outlet}/news/{item.id}",
        title=text.title,
        summary=text.summary,
        body=text.body,
        published_at=published_at(item, BEGAN),
        seen_at=BEGAN + timedelta(seconds=max(0.0, item.at_s)),
        revision=2 if edited else 1,
        baseline=item.old,
    )


@pytest.fixture(scope="module")
def examined(morning, watchlist) -> tuple[Examined, ...]:
    """Every item, and every edit after them, in order of release."""
    items = sorted(morning.items, key=lambda item: item.at_s)
    articles = [an_article(item, edited=False) for item in items]
    articles += [an_article(item, edited=True) for item in items if item.edited]
    return examine(articles, language_for(watchlist, catalogue_of(Path("config"), {}), None))


def alerts_of(examined: list[Examined], morning: Morning, watchlist: Watchlist) -> Counter[tuple[str, str]]:
    """How often each (watch, event) is alerted when the articles come in this order."""
    events = {item.id: item.event for item in morning.items}
    window = StoryWindow(())
    told: dict[tuple[WatchId, StoryId], Told] = {}
    stories: dict[ArticleId, StoryId] = {}
    found: Counter[tuple[str, str]] = Counter()
    for one in examined:
        story = assign_story(one.fingerprint, window, stories.get(one.article.id))
        stories[one.article.id] = story.id
        window.add(Grouped(fingerprint=one.fingerprint, story_id=story.id))
        history = History(version=0, told=told)
        plan = plan_alerts(one.article, one.matches, story, history, watchlist, BEGAN, AlertRules())
        for alert in plan.alerts:
            known = told.get((alert.watch_id, alert.story_id))
            loud = known.loud if known else 0
            told[alert.watch_id, alert.story_id] = Told(
                revision=alert.revision,
                first=known.first if known else alert.notice,
                last=alert.notice,
                loud=loud + (not alert.is_amendment),
                loud_at=BEGAN,
            )
            found[alert.watch_id, events[item_of_url(alert.notice.url)]] += not alert.is_amendment
    return found


def test_morning_is_as_large_and_varied_as_promised(morning, watchlist):
    assert len(morning.outlets) >= 8
    assert len(morning.items) >= 120
    assert {outlet.format for outlet in morning.outlets} == {"rss2", "atom", "rdf"}
    assert {watch for watch, _ in morning.expected()} == {watch.id for watch in watchlist.watches}


@pytest.mark.model
def test_each_item_fires_what_its_label_says(examined, morning):
    items = {item.id: item for item in morning.items}

    wrong = []
    for one in examined:
        item = items[one.article.id]
        text = item.edited if one.article.revision > 1 and item.edited else item.first
        fired = {match.watch_id for match in one.matches}
        if fired != set(text.watches):
            wrong.append((item.id, "fired", sorted(fired), "label", sorted(text.watches)))

    assert wrong == []


@pytest.mark.model
@pytest.mark.parametrize("seed", range(40))
def test_expected_alerts_come_in_whatever_order_articles_arrive(examined, morning, watchlist, seed):
    """A process that was killed reads up to half a minute late; what was in the feeds before the start comes first."""
    chance = random.Random(seed)
    late_s = {one.article.id: 0.0 if one.article.baseline else chance.uniform(0, 30) for one in examined}
    first = [one for one in examined if one.article.revision == 1]
    edits = [one for one in examined if one.article.revision > 1]
    first.sort(key=lambda one: (one.article.seen_at.timestamp() + late_s[one.article.id], one.article.id))

    found = alerts_of(first + edits, morning, watchlist)

    expected = Counter(dict.fromkeys(morning.expected(), 1))
    assert found - expected == Counter()
    assert expected - found == Counter()
