"""The contract of FeedStore."""

from dataclasses import replace
from datetime import timedelta

from tests.store.values import LEASE, NOW, Stores, a_feed
from worker.models.news import FeedId, FeedState, Validators

HOUR = timedelta(hours=1)


def polled(stores: Stores, feed_id: str, minutes_ago: int) -> None:
    state = stores.feeds.get(FeedId(feed_id))
    assert state is not None
    stores.feeds.put(replace(state, polled_at=NOW - timedelta(minutes=minutes_ago), due_at=NOW))


def test_sync_makes_new_feeds_due_at_once(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)

    assert stores.feeds.get(FeedId("dnes")) == FeedState(feed_id=FeedId("dnes"), added_at=NOW, due_at=NOW)
    assert stores.feeds.claim_due(NOW, LEASE, 10) == ("dnes",)


def test_get_gives_back_what_put_stored(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    state = FeedState(
        feed_id=FeedId("dnes"),
        added_at=NOW,
        due_at=NOW + HOUR,
        validators=Validators(etag='W/"\u00e9\u20ac"', last_modified="Tue, 24 Nov 2026 09:00:00 GMT"),
        body_hash="00ff",
        failures=3,
        outcome="timeout",
        polled_at=NOW + timedelta(microseconds=1),
        new_entry_at=NOW - HOUR,
    )

    stores.feeds.put(state)

    assert stores.feeds.get(FeedId("dnes")) == state


def test_sync_keeps_the_state_of_known_feeds(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    polled(stores, "dnes", minutes_ago=5)
    before = stores.feeds.get(FeedId("dnes"))

    stores.feeds.sync([a_feed(outlet="Днес и утре")], NOW + HOUR)

    assert stores.feeds.get(FeedId("dnes")) == before


def test_sync_forgets_validators_of_another_address_and_polls_it_at_once(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    state = stores.feeds.get(FeedId("dnes"))
    assert state is not None
    stores.feeds.put(
        replace(state, validators=Validators(etag='"1"'), body_hash="00", failures=2, due_at=NOW + 9 * HOUR)
    )

    stores.feeds.sync([a_feed(url="https://dnes.example/new")], NOW + HOUR)

    assert stores.feeds.get(FeedId("dnes")) == FeedState(feed_id=FeedId("dnes"), added_at=NOW, due_at=NOW + HOUR)


def test_sync_retires_and_revives(stores: Stores) -> None:
    stores.feeds.sync([a_feed(), a_feed("utre")], NOW)

    stores.feeds.sync([a_feed("utre")], NOW)
    retired = stores.feeds.get(FeedId("dnes"))
    due_without = stores.feeds.claim_due(NOW, LEASE, 10)
    stores.feeds.sync([a_feed(), a_feed("utre")], NOW + HOUR)
    revived = stores.feeds.get(FeedId("dnes"))

    assert retired is None
    assert due_without == ("utre",)
    assert revived == FeedState(feed_id=FeedId("dnes"), added_at=NOW, due_at=NOW + HOUR)


def test_claimed_feed_is_out_of_reach_until_the_lease_ends(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)

    first = stores.feeds.claim_due(NOW, LEASE, 10)
    before_end = stores.feeds.claim_due(NOW + LEASE - timedelta(microseconds=1), LEASE, 10)
    at_end = stores.feeds.claim_due(NOW + LEASE, LEASE, 10)

    assert (first, before_end, at_end) == (("dnes",), (), ("dnes",))


def test_feed_is_not_claimed_before_it_is_due(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)

    assert stores.feeds.claim_due(NOW - timedelta(microseconds=1), LEASE, 10) == ()


def test_least_recently_polled_feeds_are_claimed_first(stores: Stores) -> None:
    stores.feeds.sync([a_feed(name) for name in ("recent", "old", "never", "middle")], NOW)
    for name, minutes_ago in (("recent", 10), ("old", 30), ("middle", 20)):
        polled(stores, name, minutes_ago)

    first = stores.feeds.claim_due(NOW, LEASE, 2)
    second = stores.feeds.claim_due(NOW, LEASE, 2)

    assert (first, second) == (("never", "old"), ("middle", "recent"))


def test_feed_that_never_ends_a_poll_is_claimed_once_an_hour(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    claimed_after = []
    now = NOW

    while now < NOW + 3 * HOUR:
        if stores.feeds.claim_due(now, LEASE, 10):
            claimed_after.append(int((now - NOW).total_seconds() / 60))
        now += LEASE

    # Three attempts as their leases of five minutes end, then one an hour.
    assert claimed_after == [0, 5, 10, 70, 130]


def test_put_gives_the_claim_and_its_attempts_back(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    for _ in range(5):
        assert stores.feeds.claim_due(NOW, LEASE, 10) == ("dnes",)
        polled(stores, "dnes", minutes_ago=0)

    assert stores.feeds.claim_due(NOW, LEASE, 10) == ("dnes",)


def test_put_of_a_feed_that_is_gone_changes_nothing(stores: Stores) -> None:
    stores.feeds.put(FeedState(feed_id=FeedId("gone"), added_at=NOW, due_at=NOW))

    assert stores.feeds.get(FeedId("gone")) is None
