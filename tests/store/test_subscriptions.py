"""What we and the hubs agreed, and what first polls showed, in both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.values import NOW
from worker.models.feed import FeedText
from worker.models.news import FeedId
from worker.models.subscription import Subscription, SubscriptionState
from worker.probing import Probe
from worker.store.probes import forget_probes, note_probe, probe_of_feed, probes
from worker.store.subscriptions import SqlSubscriptionStore

ONE = Subscription(
    feed_id=FeedId("one"),
    hub="https://hub.example/",
    topic="https://one.example/rss",
    callback="https://desk.example/websub/t1",
    token="t1",
    secret="s1",
    state=SubscriptionState.WANTED,
    next_at=NOW,
)
PROBE = Probe(
    feed_id=FeedId("one"),
    outlet="Едно",
    url="https://one.example/",
    at=NOW,
    outcome="ok",
    newest_at=NOW,
    text=FeedText.LEDE,
)


@pytest.fixture
def store(engine) -> SqlSubscriptionStore:
    return SqlSubscriptionStore(engine)


def test_what_is_put_is_found_by_feed_and_by_token(store):
    full = replace(ONE, expires_at=NOW, pushed_at=NOW, reason="защото", attempts=3)
    store.put(ONE)
    store.put(full)

    assert store.all() == (full,)
    assert store.get(FeedId("one")) == full
    assert store.by_token("t1") == full
    assert store.by_token("t2") is None


def test_what_is_due_is_given_once_and_its_attempt_is_counted_first(store):
    store.put(ONE)
    store.put(replace(ONE, feed_id=FeedId("later"), token="t2", next_at=NOW + timedelta(seconds=1)))

    (begun,) = store.begin_due(NOW, 5)

    assert (begun.state, begun.attempts) == (SubscriptionState.ASKED, 1)
    assert store.get(FeedId("one")) == begun
    assert store.begin_due(NOW, 5) == ()


def test_change_of_a_subscription_that_began_anew_meanwhile_is_lost(store):
    store.put(replace(ONE, token="t2", secret="s2"))

    assert not store.change(ONE, replace(ONE, state=SubscriptionState.ACTIVE))
    store.fail(ONE, "too late")
    store.forget(ONE)

    assert store.all() == (replace(ONE, token="t2", secret="s2"),)


def test_push_and_failure_are_noted_and_a_subscription_can_be_forgotten(store):
    store.put(ONE)

    store.note_push(ONE, NOW)
    store.fail(ONE, "timeout: …")

    assert store.all() == (replace(ONE, pushed_at=NOW, reason="timeout: …"),)
    store.forget(ONE)
    assert store.all() == ()


def test_first_polls_are_kept_by_feed(engine):
    note_probe(engine, replace(PROBE, outcome="dns"))
    note_probe(engine, PROBE)
    note_probe(engine, replace(PROBE, feed_id=FeedId("two")))

    assert probes(engine) == (PROBE, replace(PROBE, feed_id=FeedId("two")))
    assert probe_of_feed(engine, FeedId("one")) == PROBE
    forget_probes(engine, [FeedId("one")])
    assert probe_of_feed(engine, FeedId("one")) is None
