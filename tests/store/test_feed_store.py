"""The contract of FeedStore."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.store.values import LEASE, NOW, Stores, a_feed
from worker.models.feed import Feed, FeedMemory, FeedState, Move, Validators
from worker.models.health import Condition, Health
from worker.models.news import FeedId
from worker.polling.rhythm import from_dates

DNES = FeedId("dnes")
HOUR = timedelta(hours=1)


def alone(name: str) -> Feed:
    """A feed on a site of its own."""
    return a_feed(name, f"https://{name}.example/rss")


def a_memory() -> FeedMemory:
    """With nothing left as it is for a new feed."""
    return FeedMemory(
        rhythm=from_dates([NOW - timedelta(hours=hours) for hours in range(9)], NOW),
        wait_s=900.5,
        asked_s=300.0,
        ttl_s=60.0,
        skip_hours=(0, 1),
        skip_days=(6,),
        empty_polls=2,
        missed=1.25,
        entry_ids=("a", "б"),
        newest_at=NOW - HOUR,
        read_at=NOW - 2 * HOUR,
        lied_at=NOW - 3 * HOUR,
        regressed_since=NOW - 4 * HOUR,
        gap_at=NOW - 5 * HOUR,
        unread_from=NOW - 10 * HOUR,
        unread_until=NOW - 9 * HOUR,
        gone_at=NOW - 6 * HOUR,
        address="https://new.example/rss",
        move=Move(to="https://newer.example/rss", since=NOW - 7 * HOUR, answers=2, is_same=True),
        garbled=3,
        charset="windows-1251 (guess)",
        charset_was="utf-8 (bytes)",
        charset_at=NOW - 11 * HOUR,
        repairs=("its compression broke off",),
        requests=40,
        probes=1,
        failing_since=NOW - 8 * HOUR,
        health=Health(condition=Condition.GONE, since=NOW, evidence="закрита"),
    )


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
        validators=Validators(
            etag='W/"\u00e9\u20ac"', last_modified="Tue, 24 Nov 2026 09:00:00 GMT", url="https://x.example/й"
        ),
        body_hash="00ff",
        failures=3,
        outcome="timeout",
        polled_at=NOW + timedelta(microseconds=1),
        new_entry_at=NOW - HOUR,
        memory=a_memory(),
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
    stores.feeds.sync([alone(name) for name in ("recent", "old", "never", "middle")], NOW)
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


def waited(stores: Stores, feed_id: str, *, due_at: datetime, wait_s: float = 600.0) -> None:
    """The feed was polled, and is due again then."""
    state = stores.feeds.get(FeedId(feed_id))
    assert state is not None
    memory = replace(state.memory, wait_s=wait_s)
    stores.feeds.put(replace(state, polled_at=due_at - timedelta(seconds=wait_s), due_at=due_at, memory=memory))


def test_feeds_of_one_site_are_listed_one_at_a_time(stores: Stores) -> None:
    names = ("a", "b", "c")
    stores.feeds.sync([*(a_feed(name, f"https://{name}.big.example/rss") for name in names), alone("small")], NOW)

    first = stores.feeds.due(NOW, 10)
    second = stores.feeds.due(NOW + timedelta(seconds=5), 10)

    assert first == ("a", "small")
    assert second == ()


def test_site_that_is_being_polled_is_left_alone_until_that_ends(stores: Stores) -> None:
    stores.feeds.sync([a_feed("a", "https://a.big.example/rss"), a_feed("b", "https://b.big.example/rss")], NOW)
    state = stores.feeds.begin(FeedId("a"), NOW, LEASE)
    assert state is not None

    during = stores.feeds.due(NOW + timedelta(seconds=30), 10)
    stores.feeds.put(replace(state, polled_at=NOW, due_at=NOW + HOUR))
    after = stores.feeds.due(NOW + timedelta(seconds=31), 10)

    assert (during, after) == ((), ("b",))


def test_a_site_with_many_feeds_takes_no_turn_from_others(stores: Stores) -> None:
    many = [a_feed(f"many-{number}", f"https://m{number}.big.example/rss") for number in range(60)]
    stores.feeds.sync([*many, alone("small")], NOW)
    for feed in many:
        waited(stores, feed.id, due_at=NOW - HOUR)
    waited(stores, "small", due_at=NOW)

    assert "small" in stores.feeds.due(NOW, 2)


def test_feed_that_is_gone_is_polled_no_more_until_its_address_changes(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    state = stores.feeds.begin(DNES, NOW, LEASE)
    assert state is not None
    stores.feeds.put(replace(state, polled_at=NOW, memory=replace(state.memory, gone_at=NOW)))

    while_gone = (stores.feeds.due(NOW + 48 * HOUR, 10), stores.feeds.begin(DNES, NOW + 48 * HOUR, LEASE))
    stores.feeds.sync([a_feed(url="https://dnes.example/new")], NOW + 49 * HOUR)
    after = stores.feeds.due(NOW + 49 * HOUR, 10)

    assert while_gone == ((), None)
    assert after == ("dnes",)


def test_sync_keeps_the_rhythm_of_a_feed_that_moved_and_forgets_what_its_old_address_said(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    state = stores.feeds.get(DNES)
    assert state is not None
    stores.feeds.put(replace(state, memory=replace(a_memory(), gone_at=None)))

    stores.feeds.sync([a_feed(url="https://dnes.example/new")], NOW)
    moved = stores.feeds.get(DNES)

    assert moved is not None
    assert moved.memory == FeedMemory(rhythm=a_memory().rhythm)


def test_backlog_of_an_outage_is_spread_over_one_interval(stores: Stores) -> None:
    names = [f"f{number}" for number in range(40)]
    stores.feeds.sync([alone(name) for name in names], NOW)
    stores.feeds.due(NOW, 0)
    for name in names:
        waited(stores, name, due_at=NOW + timedelta(minutes=5))
    back = NOW + 3 * HOUR

    listed = []
    for minute in range(11):
        found = stores.feeds.due(back + timedelta(minutes=minute), 100)
        for name in found:
            waited(stores, name, due_at=back + 2 * HOUR)
        listed.append(len(found))

    assert sum(listed) == 40
    assert listed[0] == 0
    assert max(listed) <= 12


def test_nothing_is_asked_early_after_a_restart(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    stores.feeds.due(NOW, 0)
    waited(stores, "dnes", due_at=NOW + timedelta(minutes=44))

    stores.feeds.sync([a_feed()], NOW + timedelta(minutes=30))

    assert stores.feeds.due(NOW + timedelta(minutes=43), 10) == ()
    assert stores.feeds.due(NOW + timedelta(minutes=44), 10) == ("dnes",)


def test_short_pause_of_the_service_moves_nothing(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    stores.feeds.due(NOW, 0)
    waited(stores, "dnes", due_at=NOW + timedelta(seconds=30))

    assert stores.feeds.due(NOW + timedelta(seconds=100), 10) == ("dnes",)


def test_feeds_are_polled_again_when_a_clock_that_was_a_year_ahead_is_set_back(stores: Stores) -> None:
    ahead = NOW + timedelta(days=365)
    stores.feeds.sync([alone("waits"), alone("begun")], ahead)
    stores.feeds.due(ahead, 10)
    assert stores.feeds.begin(FeedId("begun"), ahead, LEASE)
    state = stores.feeds.get(FeedId("waits"))
    assert state is not None
    stores.feeds.put(replace(state, polled_at=ahead, due_at=ahead + HOUR))

    listed = stores.feeds.due(NOW, 10)

    assert set(listed) == {"waits", "begun"}
    assert all(stores.feeds.begin(feed_id, NOW, LEASE) for feed_id in listed)


def test_wait_that_can_be_meant_outlasts_a_clock_that_is_set_back(stores: Stores) -> None:
    stores.feeds.sync([alone("waits")], NOW)
    state = stores.feeds.get(FeedId("waits"))
    assert state is not None
    stores.feeds.put(replace(state, polled_at=NOW, due_at=NOW + 48 * HOUR))

    assert stores.feeds.due(NOW - HOUR, 10) == ()
