"""Several workers at once: nothing is done twice, nothing is left out."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from tests.store.conftest import sql_stores
from tests.store.values import (
    LEASE,
    NOW,
    Stores,
    a_feed,
    a_record,
    alert_one,
    an_alert,
    an_article,
    analyse,
    history_of,
)
from worker.models.news import Article
from worker.models.watch import ChannelId
from worker.ports import Applied
from worker.store.engine import connect

WORKERS = 4
# More than there is work for, so that the last rounds find nothing.
ROUNDS = 40

T = TypeVar("T")


@pytest.fixture
def crowd(engine: Engine, tmp_path: Path):
    """The stores of several processes over one database."""
    url = engine.url.render_as_string(hide_password=False)
    engines = [connect(url, tmp_path) for _ in range(WORKERS)]
    yield [sql_stores(each) for each in engines]
    for each in engines:
        each.dispose()


def at_once(crowd: Sequence[Stores], work: Callable[[Stores], list[T]]) -> list[T]:
    """What all of them did together, started at the same moment."""
    gate = threading.Barrier(len(crowd))

    def run(one: Stores) -> list[T]:
        gate.wait()
        return work(one)

    with ThreadPoolExecutor(len(crowd)) as pool:
        return [result for results in pool.map(run, crowd) for result in results]


def test_articles_are_claimed_by_one_worker_each(crowd: Sequence[Stores]) -> None:
    seen = [NOW + number * timedelta(seconds=1) for number in range(90)]
    crowd[0].articles.add([an_article(f"a{number}", seen_at=at) for number, at in enumerate(seen)], NOW)

    claimed = at_once(
        crowd, lambda one: [a.id for _ in range(ROUNDS) for a in one.articles.claim_pending(NOW, LEASE, 3)]
    )

    assert sorted(claimed) == sorted(f"a{number}" for number in range(90))


def test_feeds_are_listed_by_one_scheduler_each(crowd: Sequence[Stores]) -> None:
    crowd[0].feeds.sync([a_feed(f"f{number}", f"https://f{number}.example/rss") for number in range(90)], NOW)

    listed = at_once(crowd, lambda one: [f for _ in range(ROUNDS) for f in one.feeds.due(NOW, 3)])

    assert sorted(listed) == sorted(f"f{number}" for number in range(90))


def test_feeds_are_polled_by_one_worker_each(crowd: Sequence[Stores]) -> None:
    feeds = [a_feed(f"f{number}", f"https://f{number}.example/rss") for number in range(30)]
    crowd[0].feeds.sync(feeds, NOW)

    begun = at_once(crowd, lambda one: [feed.id for feed in feeds if one.feeds.begin(feed.id, NOW, LEASE)])

    assert sorted(begun) == sorted(feed.id for feed in feeds)


def test_deliveries_are_claimed_by_one_worker_each(crowd: Sequence[Stores]) -> None:
    deliveries = alert_one(crowd[0], channels=tuple(f"c{number}" for number in range(40)))

    claimed = at_once(
        crowd, lambda one: [found.id for id_ in deliveries if (found := one.alerts.claim(id_, NOW, LEASE))]
    )

    assert sorted(claimed) == sorted(deliveries)


def test_articles_that_several_polls_bring_are_stored_once(crowd: Sequence[Stores]) -> None:
    poll = [an_article(f"a{number}", keys=(f"u{number}", f"g{number}")) for number in range(30)]

    new = at_once(crowd, lambda one: [id_ for _ in range(3) for id_ in one.articles.add(poll, NOW).new])

    assert sorted(new) == sorted(article.id for article in poll)


def test_feeds_are_configured_by_several_starters_at_once(crowd: Sequence[Stores]) -> None:
    configured = [a_feed(f"f{number}", f"https://f{number}.example/rss") for number in range(20)]

    def start(one: Stores) -> list[str]:
        one.feeds.sync(configured, NOW)
        return [str(feed_id) for feed_id in one.feeds.due(NOW, 100)]

    claimed = at_once(crowd, start)

    assert sorted(claimed) == sorted(feed.id for feed in configured)


def test_sweeps_at_once_give_each_claim_back_once(crowd: Sequence[Stores]) -> None:
    crowd[0].articles.add([an_article(f"a{number}") for number in range(20)], NOW)
    crowd[0].articles.claim_pending(NOW, LEASE, 20)

    released = at_once(crowd, lambda one: [one.alerts.sweep(NOW + LEASE, 3, 3, 10).released])

    assert sum(released) == 20


def test_workers_that_plan_about_one_story_alert_once(crowd: Sequence[Stores]) -> None:
    crowd[0].articles.add([an_article(f"a{number}") for number in range(24)], NOW)

    def analyse_all(one: Stores) -> list[str]:
        made: list[str] = []
        while claimed := one.articles.claim_pending(NOW, LEASE, 2):
            for article in claimed:
                made += conclude(one, article)
        return made

    def conclude(one: Stores, article: Article) -> tuple[str, ...]:
        while True:
            history = history_of(one, "s1")
            alerts = () if history.told else (an_alert(article, story="s1", alert_id=f"by {article.id}"),)
            applied = one.alerts.apply(a_record(article, history.version, alerts=alerts), NOW)
            if isinstance(applied, Applied):
                return applied.deliveries

    deliveries = at_once(crowd, analyse_all)

    assert len(deliveries) == 1
    assert crowd[0].alerts.version() == 24
    assert len(crowd[0].articles.grouped_since(NOW - LEASE)) == 24


def test_held_alerts_are_put_together_once(crowd: Sequence[Stores]) -> None:
    for number in range(6):
        article = an_article(f"a{number}")
        alert = an_alert(article, story=f"s{number}", held_until=NOW + LEASE)
        analyse(crowd[0], article, story=f"s{number}", alerts=(alert,))

    due = at_once(crowd, lambda one: list(one.alerts.flush(ChannelId("desk"), NOW + LEASE, 12).due))

    assert len(due) == 1
    assert crowd[0].alerts.sweep(NOW + LEASE, 3, 3, 10).due == tuple(due)
