"""The contract of FeedStore."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.values import LEASE, NOW, Stores, a_feed
from worker.models.news import FeedId, FeedState, Validators

DNES = FeedId("dnes")
HOUR = timedelta(hours=1)


def polled(stores: Stores, feed_id: str, minutes_ago: int) -> None:
    state = stores.feeds.get(FeedId(feed_id))
    assert state is not None
    stores.feeds.put(replace(state, polled_at=NOW - timedelta(minutes=minutes_ago), due_at=NOW))


def test_sync_makes_new_feeds_due_at_once(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)

    assert stores.feeds.get(FeedId("dnes")) == FeedState(feed_id=FeedId("dnes"), added_at=NOW, due_at=NOW)
    assert stores.feeds.due(NOW, 10) == ("dnes",)


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
    due_without = stores.feeds.due(NOW, 10)
    stores.feeds.sync([a_feed(), a_feed("utre")], NOW + HOUR)
    revived = stores.feeds.get(FeedId("dnes"))

    assert retired is None
    assert due_without == ("utre",)
    assert revived == FeedState(feed_id=FeedId("dnes"), added_at=NOW, due_at=NOW + HOUR)


def test_feed_is_listed_once_in_ten_seconds_while_nobody_begins_it(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)

    listed = [stores.feeds.due(NOW + timedelta(seconds=after), 10) for after in (0, 1, 9, 10)]

    assert listed == [("dnes",), (), (), ("dnes",)]


def test_listing_is_no_attempt(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    for hours in range(9):
        assert stores.feeds.due(NOW + hours * HOUR, 10) == ("dnes",)

    begun = [stores.feeds.begin(DNES, NOW + 9 * HOUR + attempt * LEASE, LEASE) for attempt in range(3)]

    assert all(begun)


def test_begin_gives_the_state(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    stores.feeds.due(NOW, 10)

    assert stores.feeds.begin(DNES, NOW, LEASE) == FeedState(feed_id=DNES, added_at=NOW, due_at=NOW)


def test_begun_feed_is_out_of_reach_until_the_lease_ends(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    stores.feeds.begin(DNES, NOW, LEASE)
    just_before = NOW + LEASE - timedelta(microseconds=1)

    before_end = (stores.feeds.begin(DNES, just_before, LEASE), stores.feeds.due(just_before, 10))
    listed = stores.feeds.due(NOW + LEASE, 10)
    at_end = stores.feeds.begin(DNES, NOW + LEASE, LEASE)

    assert before_end == (None, ())
    assert listed == ("dnes",)
    assert at_end is not None


def test_feed_is_not_due_before_its_time(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    early = NOW - timedelta(microseconds=1)

    assert stores.feeds.due(early, 10) == ()
    assert stores.feeds.begin(DNES, early, LEASE) is None


def test_second_message_of_one_listing_finds_the_feed_polled(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    state = stores.feeds.begin(DNES, NOW, LEASE)
    assert state is not None
    stores.feeds.put(replace(state, polled_at=NOW, due_at=NOW + HOUR))

    assert stores.feeds.begin(DNES, NOW + timedelta(seconds=1), LEASE) is None


@pytest.mark.parametrize("feed_id", ["retired", "unknown"])
def test_feed_that_is_not_configured_is_not_begun(stores: Stores, feed_id: str) -> None:
    stores.feeds.sync([a_feed("retired")], NOW)
    stores.feeds.sync([a_feed()], NOW)

    assert stores.feeds.begin(FeedId(feed_id), NOW, LEASE) is None


def test_least_recently_polled_feeds_are_listed_first(stores: Stores) -> None:
    stores.feeds.sync([a_feed(name) for name in ("recent", "old", "never", "middle")], NOW)
    for name, minutes_ago in (("recent", 10), ("old", 30), ("middle", 20)):
        polled(stores, name, minutes_ago)

    first = stores.feeds.due(NOW, 2)
    second = stores.feeds.due(NOW, 2)

    assert (first, second) == (("never", "old"), ("middle", "recent"))


def test_feed_that_never_ends_a_poll_is_begun_once_an_hour(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    begun_after = []
    now = NOW

    while now < NOW + 3 * HOUR:
        if stores.feeds.due(now, 10) and stores.feeds.begin(DNES, now, LEASE):
            begun_after.append(int((now - NOW).total_seconds() / 60))
        now += LEASE

    # Three attempts as their leases of five minutes end, then one an hour.
    assert begun_after == [0, 5, 10, 70, 130]


def test_put_gives_the_claim_and_its_attempts_back(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    for _ in range(5):
        assert stores.feeds.due(NOW, 10) == ("dnes",)
        assert stores.feeds.begin(DNES, NOW, LEASE) is not None
        polled(stores, "dnes", minutes_ago=0)

    assert stores.feeds.due(NOW, 10) == ("dnes",)
    assert stores.feeds.begin(DNES, NOW, LEASE) is not None
    assert stores.feeds.begin(DNES, NOW + LEASE, LEASE) is not None


def test_put_of_a_feed_that_is_gone_changes_nothing(stores: Stores) -> None:
    stores.feeds.put(FeedState(feed_id=FeedId("gone"), added_at=NOW, due_at=NOW))

    assert stores.feeds.get(FeedId("gone")) is None
