"""The contract of FeedNoticeStore, and the way of its messages through the outbox."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import add

import pytest

from tests.store.values import ANALYSIS_ATTEMPTS, DELIVERY_ATTEMPTS, LEASE, NOW, Stores, a_feed
from worker.models.alert import Notice
from worker.models.delivery import Receipt
from worker.models.health import Condition, FeedNotice, Health, TellReason
from worker.models.news import FeedId
from worker.models.watch import ChannelId
from worker.store.feed_notices import SqlFeedNoticeStore
from worker.store.hosts import SqlHostStore
from worker.telling import message_of, tell_operators

OPERATORS = (ChannelId("desk"), ChannelId("mail"))
DNES = FeedId("dnes")


def fares(stores: Stores, condition: Condition, evidence: str = "", feed_id: str = "dnes", outcome: str = "ok") -> None:
    state = stores.feeds.get(FeedId(feed_id))
    assert state is not None
    health = Health(condition=condition, since=NOW, evidence=evidence)
    failures = 0 if outcome == "ok" else 3
    failing_since = NOW - timedelta(hours=2) if failures else None
    memory = replace(state.memory, health=health, failing_since=failing_since)
    stores.feeds.put(replace(state, outcome=outcome, polled_at=NOW, failures=failures, memory=memory))


def tell(stores: Stores, minutes: int = 0, channels: tuple[ChannelId, ...] = OPERATORS):
    return tell_operators(store=stores.feed_notices, channels=channels, clock=lambda: NOW + timedelta(minutes=minutes))


def test_one_notice_of_a_fault_and_one_of_its_end(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    fares(stores, Condition.BLOCKED, "сървърът отказва да ни я даде (веднъж: blocked, status 403)", outcome="blocked")

    first, again = tell(stores, 0), tell(stores, 1)
    fares(stores, Condition.OK)
    soon, end, after = tell(stores, 2), tell(stores, 60), tell(stores, 61)

    assert [[one.condition for one in told.notices] for told in (first, again, soon, end, after)] == [
        [Condition.BLOCKED],
        [],
        [],
        [Condition.OK],
        [],
    ]
    assert [len(told.deliveries) for told in (first, end)] == [2, 2]


def test_notice_goes_through_the_outbox_like_any_message(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    fares(stores, Condition.GONE, "каза „410 Gone“", outcome="gone")
    (delivery_id, _) = tell(stores).deliveries

    due = stores.alerts.sweep(NOW, ANALYSIS_ATTEMPTS, DELIVERY_ATTEMPTS, 10).due
    claimed = stores.alerts.claim(delivery_id, NOW, LEASE)

    assert delivery_id in due
    assert claimed is not None
    assert isinstance(claimed.content, Notice)
    assert claimed.content.title == "Днес: емисията е закрита"
    assert claimed.content.match_reason == "каза „410 Gone“"
    assert stores.alerts.mark_sent(claimed, Receipt(), NOW)


def test_notice_that_is_cut_off_is_sent_again(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    fares(stores, Condition.GONE, outcome="gone")
    (delivery_id, _) = tell(stores).deliveries
    stores.alerts.claim(delivery_id, NOW, LEASE)

    swept = stores.alerts.sweep(NOW + LEASE, ANALYSIS_ATTEMPTS, DELIVERY_ATTEMPTS, 10)
    again = stores.alerts.claim(delivery_id, NOW + LEASE, LEASE)

    assert delivery_id in swept.due
    assert again is not None
    assert again.maybe_repeated


def test_without_channels_it_is_told_on_the_page_alone(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    fares(stores, Condition.MOVED, outcome="ok")

    told, again = tell(stores, channels=()), tell(stores, channels=())

    assert (len(told.notices), told.deliveries, again.notices) == (1, (), ())
    assert stores.feed_notices.standings()[0].told is Condition.MOVED


def test_two_processes_that_tell_at_once_tell_once(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    fares(stores, Condition.EMPTY, outcome="empty")
    told = tell(stores)

    late = stores.feed_notices.tell(
        [
            (one, claimed.content)
            for one in told.notices
            if (claimed := stores.alerts.claim(told.deliveries[0], NOW, LEASE)) and isinstance(claimed.content, Notice)
        ],
        OPERATORS,
        NOW + timedelta(seconds=1),
    )

    assert late == ()


def test_our_own_network_is_told_once_and_not_for_each_feed(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    lost = FeedNotice(
        feed_id=None,
        outlet="Вестител",
        url="",
        condition=Condition.FAILING,
        evidence="никой не се достига",
        reason=TellReason.NETWORK_DOWN,
        told=None,
    )
    found = replace(lost, condition=Condition.OK, reason=TellReason.NETWORK_BACK, told=Condition.FAILING)

    def told(one: FeedNotice, minutes: int) -> tuple[int, bool]:
        at = NOW + timedelta(minutes=minutes)
        new = stores.feed_notices.tell([(one, message_of(one, at))], OPERATORS, at)
        return len(new), stores.feed_notices.network().is_told

    assert [told(lost, 0), told(lost, 1), told(found, 2), told(found, 3)] == [
        (2, True),
        (0, True),
        (2, False),
        (0, False),
    ]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_network_that_hosts_show_to_be_away_is_told_after_five_minutes(
    kind: str, request: pytest.FixtureRequest
) -> None:
    engine = request.getfixturevalue(f"{kind}_engine")
    hosts, store = SqlHostStore(engine), SqlFeedNoticeStore(engine)
    for number in range(3):
        at = NOW + timedelta(seconds=number)
        hosts.take(f"h{number}.example", "one", at, lease=LEASE, spacing=timedelta(seconds=5), most=6)
        hosts.give_back(f"h{number}.example", "one", at, reached=False)

    told = [
        [one.reason for one in tell_operators(store=store, channels=(), clock=partial(add, NOW, n * LEASE)).notices]
        for n in (0.5, 1.1, 2)
    ]
    hosts.take("h0.example", "one", NOW + 3 * LEASE, lease=LEASE, spacing=timedelta(seconds=5), most=6)
    hosts.give_back("h0.example", "one", NOW + 3 * LEASE, reached=True)
    back = tell_operators(store=store, channels=(), clock=lambda: NOW + 4 * LEASE).notices

    assert told == [[], [TellReason.NETWORK_DOWN], []]
    assert [one.reason for one in back] == [TellReason.NETWORK_BACK]


def test_feed_whose_pollers_never_end_is_stuck(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    for attempt in range(3):
        assert stores.feeds.begin(DNES, NOW + attempt * LEASE, LEASE)

    (standing,) = stores.feed_notices.standings()

    assert standing.health.condition is Condition.STUCK
    assert "3 опита" in standing.health.evidence
